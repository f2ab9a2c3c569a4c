-- Rapport, schema 5. The journal's rows by number: as a table without one, its inner pages held whole entries, four a page, and each commit wrote as
-- many of them again as it wrote leaves. Its key is an index of a few bytes an entry.
create table journal_5 (
  tenant blob not null, seq bigint not null, conversation blob not null, contact blob not null, inbox blob not null,
  at bigint not null, kind text not null, format bigint not null, actor text not null, payload text not null, reasons text, external_id text,
  previous bigint
);
insert into journal_5
select tenant, seq, conversation, contact, inbox, at, kind, format, actor, payload, reasons, external_id, previous from journal order by tenant, seq;
drop table journal;
alter table journal_5 rename to journal;
create unique index journal_seq on journal (tenant, seq);
create unique index journal_external on journal (tenant, inbox, external_id) where external_id is not null;
