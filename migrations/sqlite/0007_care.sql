-- Rapport, schema 7. Consent, and what may be kept only while it is in force: what was noticed of feelings, the mood of a conversation, which entries of the
-- journal rest on them (to be emptied when the consent goes), alerts. Beside it what was spent on making good, and a secret for each person by which the
-- audit log knows them: once it is gone, nobody can tell whose lines those were.
create table consent (
  tenant blob not null, contact blob not null, purpose text not null, text_version bigint not null, channel text not null, given_at bigint not null, withdrawn_at bigint,
  primary key (tenant, contact, purpose)
) without rowid;
create table emotion_sample (
  tenant blob not null, conversation blob not null, seq bigint not null, contact blob not null, body text not null, at bigint not null, expires_at bigint not null,
  primary key (tenant, conversation, seq)
) without rowid;
create index emotion_sample_contact on emotion_sample (tenant, contact);
create index emotion_sample_expires on emotion_sample (tenant, expires_at);
create table mood (
  tenant blob not null, conversation blob not null, contact blob not null, body text not null, at bigint not null,
  primary key (tenant, conversation)
) without rowid;
create index mood_contact on mood (tenant, contact);
create table spending (
  tenant blob not null, id blob not null, contact blob not null, conversation blob not null, amount_minor bigint not null, day bigint not null, state text not null,
  at bigint not null, body text not null, primary key (tenant, id)
) without rowid;
create index spending_contact on spending (tenant, contact);
create index spending_day on spending (tenant, day);
create index spending_at on spending (tenant, at, id);
create table care_alert (
  tenant blob not null, conversation blob not null, contact blob not null, at bigint not null, body text not null,
  primary key (tenant, conversation)
) without rowid;
create index care_alert_contact on care_alert (tenant, contact);
create table care_entry (tenant blob not null, contact blob not null, seq bigint not null, conversation blob not null, primary key (tenant, contact, seq)) without rowid;
create table person_key (tenant blob not null, contact blob not null, secret blob not null, primary key (tenant, contact)) without rowid;
create index identity_contact on identity (tenant, contact);
create index attachment_conversation on attachment (tenant, conversation) where conversation is not null;
