-- Rapport, schema 6. A conversation's state stands apart from the row that every message touches: it is written now and then, and the entries after it
-- (a few messages at most) are applied to it when it is read. `seq` is the newest entry that it holds.
create table conversation_state (tenant blob not null, id blob not null, seq bigint not null, state text not null);
insert into conversation_state select tenant, id, last_seq, state from conversation order by rowid;
create unique index conversation_state_id on conversation_state (tenant, id);
alter table conversation drop column state;

-- The journal's rows stand where their number says, each tenant's in a range of its own: an entry is appended without an index of numbers beside it.
alter table tenant_seq add column base bigint not null default 0;
update tenant_seq set base = rowid * 1099511627776;
create table journal_6 (
  place integer primary key, tenant blob not null, seq bigint not null, conversation blob not null, contact blob not null, inbox blob not null,
  at bigint not null, kind text not null, format bigint not null, actor text not null, payload text not null, reasons text, external_id text,
  previous bigint
);
insert into journal_6
select t.base + j.seq, j.tenant, j.seq, j.conversation, j.contact, j.inbox, j.at, j.kind, j.format, j.actor, j.payload, j.reasons, j.external_id, j.previous
from tenant_seq t cross join journal j on j.tenant = t.tenant order by t.base, j.seq;
drop table journal;
alter table journal_6 rename to journal;
create unique index journal_external on journal (tenant, inbox, external_id) where external_id is not null;
