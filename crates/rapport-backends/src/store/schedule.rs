//! What has to be done later: effects of the outbox, and timers.

use rapport_model::{ConversationId, Effect, EffectId, Outcome, OutboxItem, TenantId, Timer, TimerId, Timestamp};

use super::text::{json, parse, read_id};
use crate::sql::{Row, Sql, SqlError};

pub(crate) fn effects_due(sql: &mut dyn Sql, now: Timestamp) -> Result<bool, SqlError> {
    Ok(sql.row("select attempt from outbox where state = 'waiting' and next_at <= $1 limit 1", &[now.0.into()])?.is_some())
}

/// Leased by moving `next_at`: should this node die, the effect falls due again by itself.
pub(crate) fn claim_effects(sql: &mut dyn Sql, now: Timestamp, lease_ms: i64, limit: u32) -> Result<Vec<OutboxItem>, SqlError> {
    // Nodes that claim at once each take others' leavings.
    let locking = if sql.is_postgres() { "for update skip locked" } else { "" };
    let text = format!(
        "update outbox set attempt = attempt + 1, next_at = $2 where id in (select id from outbox where state = 'waiting' and next_at <= $1 \
         order by next_at, id limit $3 {locking}) returning id, tenant, conversation, effect, attempt - 1, created_at"
    );
    let rows = sql.rows(&text, &[now.0.into(), now.plus_ms(lease_ms).0.into(), limit.into()])?;
    let mut items = rows.iter().map(item).collect::<Result<Vec<_>, SqlError>>()?;
    items.sort_by_key(|it| (it.created_at, it.id));
    Ok(items)
}

fn item(row: &Row) -> Result<OutboxItem, SqlError> {
    Ok(OutboxItem {
        id: read_id(row.bytes(0)?)?,
        tenant: read_id(row.bytes(1)?)?,
        conversation: row.maybe_bytes(2).map(read_id).transpose()?,
        effect: parse(row.text(3)?)?,
        attempt: u32::try_from(row.count(4)?).unwrap_or(u32::MAX),
        created_at: Timestamp(row.int(5)?),
    })
}

pub(crate) fn enqueue(sql: &mut dyn Sql, tenant: TenantId, effects: &[(EffectId, Effect)], at: Timestamp) -> Result<(), SqlError> {
    for (id, effect) in effects {
        let text = "insert into outbox (id, tenant, conversation, effect, attempt, state, next_at, created_at) values ($1, $2, null, $3, 0, 'waiting', $4, $4) \
                    on conflict (id) do nothing";
        sql.run(text, &[id.as_bytes().into(), tenant.as_bytes().into(), json(effect)?.into(), at.0.into()])?;
    }
    Ok(())
}

pub(crate) fn stuck_effects(sql: &mut dyn Sql, tenant: TenantId, limit: u32) -> Result<Vec<(OutboxItem, Outcome)>, SqlError> {
    let text = "select id, tenant, conversation, effect, attempt, created_at, outcome from outbox where tenant = $1 and state in ('rejected', 'unknown') \
                order by created_at desc, id desc limit $2";
    let rows = sql.rows(text, &[tenant.as_bytes().into(), limit.into()])?;
    rows.iter().map(|it| Ok((item(it)?, parse(it.text(6)?)?))).collect()
}

pub(crate) fn retry_effect(sql: &mut dyn Sql, tenant: TenantId, effect: EffectId, at: Timestamp) -> Result<bool, SqlError> {
    let text = "update outbox set state = 'waiting', attempt = 0, next_at = $3, outcome = null where tenant = $1 and id = $2 and state in ('rejected', 'unknown')";
    Ok(sql.run(text, &[tenant.as_bytes().into(), effect.as_bytes().into(), at.0.into()])? > 0)
}

/// Done ones go; the others stay with their outcome, to be looked at or tried again.
pub(crate) fn settle_effect(sql: &mut dyn Sql, effect: EffectId, outcome: &Outcome, _now: Timestamp) -> Result<(), SqlError> {
    let key = effect.as_bytes().into();
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
    sql.rows(&text, &[tenant.as_bytes().into(), conversation.as_bytes().into()])?.iter().map(|it| timer(it).map(|(_, timer)| timer)).collect()
}

pub(crate) fn clear_timer(sql: &mut dyn Sql, tenant: TenantId, timer: TimerId) -> Result<(), SqlError> {
    sql.run("delete from timer where id = $1 and tenant = $2", &[timer.as_bytes().into(), tenant.as_bytes().into()]).map(drop)
}

pub(crate) fn next_due(sql: &mut dyn Sql) -> Result<Option<Timestamp>, SqlError> {
    let timer = sql.row("select due_at from timer order by due_at limit 1", &[])?.and_then(|it| it.maybe_int(0));
    let effect = sql.row("select next_at from outbox where state = 'waiting' order by next_at limit 1", &[])?.and_then(|it| it.maybe_int(0));
    Ok(timer.into_iter().chain(effect).min().map(Timestamp))
}
