-- Rapport, schema 2. A wall behind the program's own checks: the audit log is never rewritten.
create trigger audit_is_not_changed before update on audit begin select raise(abort, 'the audit log is append-only'); end;
create trigger audit_is_not_removed before delete on audit begin select raise(abort, 'the audit log is append-only'); end;
