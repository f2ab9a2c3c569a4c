//! The audit log: a chain in which every line holds the hash of the one before it.

use rapport_model::{AuditLine, AuditRecord, TenantId};
use rapport_ports::audit_link;

use super::{
    counters::{self, Counters},
    text::{json, number, parse},
};
use crate::sql::{Insert, Kind, Sql, SqlError, Value};

pub(crate) static LINES: Insert = Insert::new(
    "audit",
    &[("tenant", Kind::Bytes), ("n", Kind::Int), ("record", Kind::Text), ("previous", Kind::Text), ("hash", Kind::Text)],
    "",
);

/// The next line: `hash = sha256(previous hash, JSON of the record)`.
pub(crate) fn row<'a>(tenant: &'a TenantId, counters: &mut Counters, record: &'a str) -> [Value<'a>; 5] {
    let hash = audit_link(&counters.audit_hash, record);
    counters.last_audit = counters.last_audit.saturating_add(1);
    let previous = std::mem::replace(&mut counters.audit_hash, hash.clone());
    [tenant.as_bytes().into(), number(counters.last_audit), record.into(), previous.into(), hash.into()]
}

pub(crate) fn append(sql: &mut dyn Sql, tenant: TenantId, records: &[AuditRecord]) -> Result<(), SqlError> {
    let mut counters = counters::read(sql, tenant)?.ok_or_else(|| SqlError::Refused(rapport_model::codes::NOT_FOUND.into()))?;
    let texts = records.iter().map(json).collect::<Result<Vec<_>, _>>()?;
    let rows: Vec<_> = texts.iter().map(|it| row(&tenant, &mut counters, it)).collect();
    sql.insert(&LINES, &rows.iter().map(<[_; 5]>::as_slice).collect::<Vec<_>>())?;
    counters::save(sql, tenant, &counters)
}

/// Newest first.
pub(crate) fn lines(sql: &mut dyn Sql, tenant: TenantId, before: Option<u64>, limit: u32) -> Result<Vec<AuditLine>, SqlError> {
    let text = "select n, record, previous, hash from audit where tenant = $1 and n < $2 order by n desc limit $3";
    let rows = sql.rows(text, &[tenant.as_bytes().into(), number(before.unwrap_or(u64::MAX)), limit.into()])?;
    rows.iter().map(|it| Ok(AuditLine { n: it.count(0)?, record: parse(it.text(1)?)?, previous: it.text(2)?.to_owned(), hash: it.text(3)?.to_owned() })).collect()
}
