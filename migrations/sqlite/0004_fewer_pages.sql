-- Rapport, schema 4. A message touches as few pages as can be. Lists of what is open are found by category and then sorted, since what is open is
-- little; only what is done, which grows for ever, is kept in order.

-- Rows by number, so that a state of some kilobytes stays in its page; before, all above 488 bytes had pages of their own.
create table conversation_4 (
  tenant blob not null, id blob not null, number bigint not null, inbox blob not null, contact blob not null,
  status text not null, category text not null, assignee blob, holder blob, assigned_at bigint, resolved_at bigint,
  updated_at bigint not null, version bigint not null, last_seq bigint not null, state text not null
);
insert into conversation_4
select tenant, id, number, inbox, contact, status, category, assignee, holder, assigned_at, resolved_at, updated_at, version, last_seq, state
from conversation order by tenant, id;
drop table conversation;
alter table conversation_4 rename to conversation;
create unique index conversation_id on conversation (tenant, id);
create index conversation_category on conversation (tenant, category) where category <> 'done';
create index conversation_done on conversation (tenant, updated_at, id) where category = 'done';
create index conversation_assignee on conversation (tenant, assignee) where assignee is not null and category <> 'done';
create index conversation_assignee_done on conversation (tenant, assignee, updated_at, id) where assignee is not null and category = 'done';
create index conversation_holder on conversation (tenant, holder) where holder is not null;
create index conversation_contact on conversation (tenant, contact, inbox, number);
create index conversation_number on conversation (tenant, number);
create index conversation_resolved on conversation (tenant, resolved_at) where resolved_at is not null and assigned_at is not null;

-- The entries of a conversation are linked, newest to oldest: the newest is in the conversation's row, and no index of them has to be kept.
alter table journal add column previous bigint;
update journal set previous = (
  select max(earlier.seq) from journal earlier
  where earlier.tenant = journal.tenant and earlier.conversation = journal.conversation and earlier.seq < journal.seq
);
drop index journal_conversation;
