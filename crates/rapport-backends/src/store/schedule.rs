//! What has to be done later: effects of the outbox, and timers.

use rapport_model::{EffectId, Outcome, OutboxItem, TenantId, Timer, TimerId, ConversationId, Timestamp};

use super::journal::{id, json, parse, read_id};
use crate::sql::{Row, Sql, SqlError};

pub(crate) fn effects_due(sql: &mut dyn Sql, now: Timestamp) -> Result<bool, SqlError> {
    Ok(sql.row("select attempt from outbox where state = 'waiting' and next_at <= $1 limit 1", &[now.0.into()])?.is_some())
}

/// Leased by moving `next_at`: should this node die, the effect falls due again by itself.
pub(crate) fn claim_effects(sql: &mut dyn Sql, now: Timestamp, lease_ms: i64, limit: u32) -> Result<Vec<OutboxItem>, SqlError> {
    let text = "select id, tenant, conversation, effect, attempt, created_at from outbox where state = 'waiting' and next_at <= $1 order by next_at limit $2";
    let locking = if sql.is_postgres() { format!("{text} for update skip locked") } else { text.to_owned() };
    let rows = sql.rows(&locking, &[now.0.into(), limit.into()])?;
    let mut items = Vec::with_capacity(rows.len());
    for row in rows {
        let item = OutboxItem {
            id: read_id(row.bytes(0)?)?,
            tenant: read_id(row.bytes(1)?)?,
            conversation: row.maybe_bytes(2).map(read_id).transpose()?,
            effect: parse(row.text(3)?)?,
            attempt: u32::try_from(row.count(4)?).unwrap_or(u32::MAX),
            created_at: Timestamp(row.int(5)?),
        };
        sql.run(
            "update outbox set attempt = attempt + 1, next_at = $2 where id = $1",
            &[id(item.id.as_bytes()), now.plus_ms(lease_ms).0.into()],
        )?;
        items.push(item);
    }
    Ok(items)
}

/// Done ones go; the others stay with their outcome, to be looked at or tried again.
pub(crate) fn settle_effect(sql: &mut dyn Sql, effect: EffectId, outcome: &Outcome, _now: Timestamp) -> Result<(), SqlError> {
    let key = id(effect.as_bytes());
    match outcome {
        Outcome::Done => sql.run("delete from outbox where id = $1", &[key]),
        Outcome::Retry { not_before, .. } => {
            sql.run("update outbox set next_at = $2, outcome = $3 where id = $1", &[key, not_before.0.into(), json(outcome)?.into()])
        }
        Outcome::Rejected { .. } => sql.run("update outbox set state = 'rejected', outcome = $2 where id = $1", &[key, json(outcome)?.into()]),
        Outcome::Unknown { .. } => sql.run("update outbox set state = 'unknown', outcome = $2 where id = $1", &[key, json(outcome)?.into()]),
    }
    .map(drop)
}

const TIMER: &str = "select tenant, id, conversation, kind, due_at from timer";

fn timer(row: &Row) -> Result<(TenantId, Timer), SqlError> {
    let timer = Timer { id: read_id(row.bytes(1)?)?, conversation: read_id(row.bytes(2)?)?, kind: parse(row.text(3)?)?, due_at: Timestamp(row.int(4)?) };
    Ok((read_id(row.bytes(0)?)?, timer))
}

pub(crate) fn due_timers(sql: &mut dyn Sql, now: Timestamp, limit: u32) -> Result<Vec<(TenantId, Timer)>, SqlError> {
    let text = format!("{TIMER} where due_at <= $1 order by due_at limit $2");
    sql.rows(&text, &[now.0.into(), limit.into()])?.iter().map(timer).collect()
}

pub(crate) fn timers(sql: &mut dyn Sql, tenant: TenantId, conversation: ConversationId) -> Result<Vec<Timer>, SqlError> {
    let text = format!("{TIMER} where tenant = $1 and conversation = $2 order by due_at");
    sql.rows(&text, &[id(tenant.as_bytes()), id(conversation.as_bytes())])?.iter().map(|it| timer(it).map(|(_, timer)| timer)).collect()
}

pub(crate) fn clear_timer(sql: &mut dyn Sql, tenant: TenantId, timer: TimerId) -> Result<(), SqlError> {
    sql.run("delete from timer where id = $1 and tenant = $2", &[id(timer.as_bytes()), id(tenant.as_bytes())]).map(drop)
}

pub(crate) fn next_due(sql: &mut dyn Sql) -> Result<Option<Timestamp>, SqlError> {
    let timer = sql.row("select due_at from timer order by due_at limit 1", &[])?.and_then(|it| it.maybe_int(0));
    let effect = sql.row("select next_at from outbox where state = 'waiting' order by next_at limit 1", &[])?.and_then(|it| it.maybe_int(0));
    Ok(timer.into_iter().chain(effect).min().map(Timestamp))
}
