-- Rapport, schema 6. A conversation's state stands apart from the row that every message touches: it is written now and then, and the entries after it
-- (a few messages at most) are applied to it when it is read. `seq` is the newest entry that it holds.
create table conversation_state (tenant blob not null, id blob not null, seq bigint not null, state text not null);
insert into conversation_state select tenant, id, last_seq, state from conversation order by rowid;
create unique index conversation_state_id on conversation_state (tenant, id);
alter table conversation drop column state;
