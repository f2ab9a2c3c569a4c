-- Rapport, schema 2. Walls behind the program's own checks: a connection sees one tenant's rows, and the audit log is never rewritten.
--
-- `rapport.tenant` is the tenant's id in hex; `rapport.installation` is `on` only while something without a tenant is asked
-- (who owns this key, address or secret; which effects and timers are due). Unset means: no row at all.
-- `force` holds the owner of the tables to it too. Superusers and roles with BYPASSRLS pass through: Rapport must not connect as one.
create function rapport_tenant() returns bytea language sql stable parallel safe
  as $$ select decode(coalesce(current_setting('rapport.tenant', true), ''), 'hex') $$;
create function rapport_installation() returns boolean language sql stable parallel safe
  as $$ select coalesce(current_setting('rapport.installation', true), '') = 'on' $$;

do $$
declare
  scoped text;
begin
  foreach scoped in array array['tenant_seq', 'counter', 'journal', 'conversation', 'queue_entry', 'contact', 'identity', 'ticket', 'attachment', 'article_version', 'setting', 'audit'] loop
    execute format('alter table %I enable row level security', scoped);
    execute format('alter table %I force row level security', scoped);
    execute format('create policy own_tenant on %I using (tenant = (select rapport_tenant())) with check (tenant = (select rapport_tenant()))', scoped);
  end loop;
  foreach scoped in array array['outbox', 'timer', 'record', 'credential'] loop
    execute format('alter table %I enable row level security', scoped);
    execute format('alter table %I force row level security', scoped);
    execute format('create policy own_tenant on %I using (tenant = (select rapport_tenant()) or (select rapport_installation())) '
      'with check (tenant = (select rapport_tenant()) or (select rapport_installation()))', scoped);
  end loop;
end
$$;
alter table tenant enable row level security;
alter table tenant force row level security;
create policy own_tenant on tenant using (id = (select rapport_tenant()) or (select rapport_installation()));

create function audit_is_append_only() returns trigger language plpgsql
  as $$ begin raise exception 'the audit log is append-only'; end $$;
create trigger audit_is_append_only before update or delete on audit for each row execute function audit_is_append_only();
create trigger audit_is_never_emptied before truncate on audit for each statement execute function audit_is_append_only();
