-- Rapport, schema 4. A message touches as few pages as can be. Lists of what is open are found by category and then sorted, since what is open is
-- little; only what is done, which grows for ever, is kept in order.
drop index conversation_updated;
drop index conversation_category;
drop index conversation_assignee;
create index conversation_category on conversation (tenant, category) where category <> 'done';
create index conversation_done on conversation (tenant, updated_at, id) where category = 'done';
create index conversation_assignee on conversation (tenant, assignee) where assignee is not null and category <> 'done';
create index conversation_assignee_done on conversation (tenant, assignee, updated_at, id) where assignee is not null and category = 'done';

-- The entries of a conversation are linked, newest to oldest: the newest is in the conversation's row, and no index of them has to be kept.
alter table journal add column previous bigint;
update journal set previous = (
  select max(earlier.seq) from journal earlier
  where earlier.tenant = journal.tenant and earlier.conversation = journal.conversation and earlier.seq < journal.seq
);
drop index journal_conversation;
