-- Rapport, schema 1. Ids are 16 bytes, times are milliseconds of UTC, documents are JSON text.
create table tenant (id bytea primary key, slug text not null unique, name text not null, locale text not null, created_at bigint not null);
create table tenant_seq (tenant bytea primary key, last_seq bigint not null, routing_version bigint not null, last_audit bigint not null, audit_hash text not null);
create table counter (tenant bytea not null, name text not null, value bigint not null, primary key (tenant, name));
create table journal (
  tenant bytea not null, seq bigint not null, conversation bytea not null, contact bytea not null, inbox bytea not null,
  at bigint not null, kind text not null, format bigint not null, actor text not null, payload text not null, reasons text, external_id text,
  primary key (tenant, seq)
);
create unique index journal_external on journal (tenant, inbox, external_id) where external_id is not null;
create index journal_conversation on journal (tenant, conversation, seq);
create table conversation (
  tenant bytea not null, id bytea not null, number bigint not null, inbox bytea not null, contact bytea not null,
  status text not null, category text not null, assignee bytea, holder bytea, assigned_at bigint, resolved_at bigint,
  updated_at bigint not null, version bigint not null, last_seq bigint not null, state text not null,
  primary key (tenant, id)
);
create index conversation_updated on conversation (tenant, updated_at, id);
create index conversation_category on conversation (tenant, category, updated_at, id);
create index conversation_assignee on conversation (tenant, assignee, updated_at) where assignee is not null;
create index conversation_holder on conversation (tenant, holder) where holder is not null;
create index conversation_contact on conversation (tenant, contact, inbox, updated_at);
create index conversation_number on conversation (tenant, number);
create index conversation_resolved on conversation (tenant, resolved_at) where resolved_at is not null;
create table queue_entry (tenant bytea not null, conversation bytea not null, since bigint not null, body text not null, primary key (tenant, conversation));
create table outbox (
  id bytea primary key, tenant bytea not null, conversation bytea, effect text not null, attempt bigint not null,
  state text not null, next_at bigint not null, created_at bigint not null, outcome text
);
create index outbox_due on outbox (state, next_at);
create table timer (tenant bytea not null, conversation bytea not null, slot text not null, id bytea not null unique, kind text not null, due_at bigint not null, primary key (tenant, conversation, slot));
create index timer_due on timer (due_at);
create table contact (
  tenant bytea not null, id bytea not null, name text not null, email text, phone text, search text not null, body text not null, last_seen_at bigint not null,
  primary key (tenant, id)
);
create table identity (tenant bytea not null, kind text not null, inbox bytea not null, value text not null, contact bytea not null, verified_at bigint, primary key (tenant, kind, inbox, value));
create table ticket (tenant bytea not null, id bytea not null, number bigint not null, stage text not null, body text not null, primary key (tenant, id));
create unique index ticket_number on ticket (tenant, number);
create table attachment (tenant bytea not null, id bytea not null, owner text not null, conversation bytea, body text not null, at bigint not null, primary key (tenant, id));
create table record (
  tenant bytea not null, kind text not null, id bytea not null, unique_key text, global_key text, version bigint not null, body text not null,
  primary key (tenant, kind, id)
);
create unique index record_unique on record (tenant, kind, unique_key) where unique_key is not null;
create unique index record_global on record (kind, global_key) where global_key is not null;
create index record_by_key on record (kind, unique_key);
create table article_version (tenant bytea not null, id bytea not null, version bigint not null, body text not null, primary key (tenant, id, version));
create table setting (tenant bytea not null, name text not null, value text not null, primary key (tenant, name));
create table credential (
  id bytea primary key, tenant bytea not null, kind text not null, hash bytea not null unique, member bytea, role text, label text not null, detail text not null,
  created_at bigint not null, expires_at bigint, last_used_at bigint
);
create index credential_tenant on credential (tenant, kind);
create table audit (tenant bytea not null, n bigint not null, record text not null, previous text not null, hash text not null, primary key (tenant, n));
