-- Rapport, schema 3. Indexes for what is asked with every message, so that it costs the same with a million conversations stored.

-- A visitor's newest conversation.
drop index conversation_contact;
create index conversation_contact on conversation (tenant, contact, inbox, number);
-- How long agents take: conversations that nobody was assigned to are not looked at.
drop index conversation_resolved;
create index conversation_resolved on conversation (tenant, resolved_at) where resolved_at is not null and assigned_at is not null;
