-- Rapport, schema 6. A conversation's state stands apart from the row that every message touches: it is written now and then, and the entries after it
-- (a few messages at most) are applied to it when it is read. `seq` is the newest entry that it holds.
--
-- The owner of the tables passes the walls for this step only: it has no tenant.
alter table conversation no force row level security;
alter table journal no force row level security;

create table conversation_state (tenant bytea not null, id bytea not null, seq bigint not null, state text not null, primary key (tenant, id));
insert into conversation_state select tenant, id, last_seq, state from conversation;
alter table conversation drop column state;
alter table conversation_state enable row level security;
alter table conversation_state force row level security;
create policy own_tenant on conversation_state using (tenant = (select rapport_tenant())) with check (tenant = (select rapport_tenant()));

-- Schema 4 linked the entries of a conversation, but behind the walls it saw none: those written before it are linked now.
update journal set previous = linked.previous
from (select tenant, seq, lag(seq) over (partition by tenant, conversation order by seq) as previous from journal) as linked
where journal.tenant = linked.tenant and journal.seq = linked.seq and journal.previous is null and linked.previous is not null;

alter table conversation force row level security;
alter table journal force row level security;
