//! The numbers of a tenant: newest journal entry, version of routing, end of the audit chain.

use rapport_model::{Seq, TenantId};

use super::{journal::PLACES, text::number};
use crate::sql::{Sql, SqlError};

pub(crate) struct Counters {
    pub(crate) last_seq: u64,
    pub(crate) routing_version: u64,
    pub(crate) last_audit: u64,
    pub(crate) audit_hash: String,
    /// Before the tenant's first row in SQLite's journal (`journal::place`).
    pub(crate) base: u64,
}

pub(crate) fn begin(sql: &mut dyn Sql, tenant: TenantId) -> Result<(), SqlError> {
    let (column, base) = if sql.is_postgres() { ("", String::new()) } else { (", base", format!(", (select coalesce(max(base), 0) + {PLACES} from tenant_seq)")) };
    let text = format!(
        "insert into tenant_seq (tenant, last_seq, routing_version, last_audit, audit_hash{column}) values ($1, 0, 0, 0, ''{base}) on conflict (tenant) do nothing"
    );
    sql.run(&text, &[tenant.as_bytes().into()]).map(drop)
}

/// Reads them to be changed: nobody else changes them before this transaction ends. `None` where there is no such tenant.
pub(crate) fn read(sql: &mut dyn Sql, tenant: TenantId) -> Result<Option<Counters>, SqlError> {
    let locked = if sql.is_postgres() {
        "select last_seq, routing_version, last_audit, audit_hash, 0::bigint from tenant_seq where tenant = $1 for update"
    } else {
        "select last_seq, routing_version, last_audit, audit_hash, base from tenant_seq where tenant = $1"
    };
    let Some(row) = sql.row(locked, &[tenant.as_bytes().into()])? else { return Ok(None) };
    let (last_seq, routing_version, last_audit) = (row.count(0)?, row.count(1)?, row.count(2)?);
    let counters = Counters { last_seq, routing_version, last_audit, audit_hash: row.text(3)?.to_owned(), base: row.count(4)? };
    Ok(Some(counters))
}

pub(crate) fn save(sql: &mut dyn Sql, tenant: TenantId, counters: &Counters) -> Result<(), SqlError> {
    let text = "update tenant_seq set last_seq = $2, routing_version = $3, last_audit = $4, audit_hash = $5 where tenant = $1";
    let Counters { last_seq, routing_version, last_audit, audit_hash, base: _ } = counters;
    let values = [tenant.as_bytes().into(), number(*last_seq), number(*routing_version), number(*last_audit), audit_hash.as_str().into()];
    sql.run(text, &values).map(drop)
}

pub(crate) fn last_seq(sql: &mut dyn Sql, tenant: TenantId) -> Result<Seq, SqlError> {
    one(sql, tenant, "select last_seq from tenant_seq where tenant = $1").map(Seq)
}

pub(crate) fn routing_version(sql: &mut dyn Sql, tenant: TenantId) -> Result<u64, SqlError> {
    one(sql, tenant, "select routing_version from tenant_seq where tenant = $1")
}

fn one(sql: &mut dyn Sql, tenant: TenantId, text: &str) -> Result<u64, SqlError> {
    sql.row(text, &[tenant.as_bytes().into()])?.map_or(Ok(0), |it| it.count(0))
}
