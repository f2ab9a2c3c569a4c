-- Rapport, schema 7. Consent, and what may be kept only while it is in force: what was noticed of feelings, the mood of a conversation, which entries of the
-- journal rest on them (to be emptied when the consent goes), alerts. Beside it what was spent on making good, and a secret for each person by which the
-- audit log knows them: once it is gone, nobody can tell whose lines those were.
create table consent (
  tenant bytea not null, contact bytea not null, purpose text not null, text_version bigint not null, channel text not null, given_at bigint not null, withdrawn_at bigint,
  primary key (tenant, contact, purpose)
);
create table emotion_sample (
  tenant bytea not null, conversation bytea not null, seq bigint not null, contact bytea not null, body text not null, at bigint not null, expires_at bigint not null,
  primary key (tenant, conversation, seq)
);
create index emotion_sample_contact on emotion_sample (tenant, contact);
create index emotion_sample_expires on emotion_sample (tenant, expires_at);
create table mood (
  tenant bytea not null, conversation bytea not null, contact bytea not null, body text not null, at bigint not null,
  primary key (tenant, conversation)
);
create index mood_contact on mood (tenant, contact);
create table spending (
  tenant bytea not null, id bytea not null, contact bytea not null, conversation bytea not null, amount_minor bigint not null, day bigint not null, state text not null,
  at bigint not null, body text not null, primary key (tenant, id)
);
create index spending_contact on spending (tenant, contact);
create index spending_day on spending (tenant, day);
create index spending_at on spending (tenant, at, id);
create table care_alert (
  tenant bytea not null, conversation bytea not null, contact bytea not null, at bigint not null, body text not null,
  primary key (tenant, conversation)
);
create index care_alert_contact on care_alert (tenant, contact);
create table care_entry (tenant bytea not null, contact bytea not null, seq bigint not null, conversation bytea not null, primary key (tenant, contact, seq));
create table person_key (tenant bytea not null, contact bytea not null, secret bytea not null, primary key (tenant, contact));
create index identity_contact on identity (tenant, contact);
create index attachment_conversation on attachment (tenant, conversation) where conversation is not null;

do $$
declare
  scoped text;
begin
  foreach scoped in array array['consent', 'emotion_sample', 'mood', 'spending', 'care_alert', 'care_entry', 'person_key'] loop
    execute format('alter table %I enable row level security', scoped);
    execute format('alter table %I force row level security', scoped);
    execute format('create policy own_tenant on %I using (tenant = (select rapport_tenant())) with check (tenant = (select rapport_tenant()))', scoped);
  end loop;
end
$$;
