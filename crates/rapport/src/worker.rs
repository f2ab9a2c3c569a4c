//! Carries out what was decided: claims effects from the outbox, fires timers. Survives any crash because both are rows.

use std::{sync::Arc, time::Duration};

use rapport_model::{Effect, Fault, Input, Outcome, OutboxItem, TenantId, Timer, Timestamp, codes};
use rapport_ports::{Address, Command, Intake};
use tokio::sync::Semaphore;

use crate::{
    channels::{Channels, Errand, LaneId, lane_of},
    pipeline::Pipeline,
};

/// How many are taken at once.
const BATCH: u32 = 64;
/// For how long a claimed effect is this node's.
const LEASE_MS: i64 = 30_000;
/// How often an effect is tried before it stays as rejected.
const ATTEMPTS_MAX: u32 = 8;
/// Looks at least this often, should a ring have been missed.
const LOOK_EVERY: Duration = Duration::from_secs(5);
const EXPIRE_EVERY: Duration = Duration::from_secs(600);
/// Lanes that are worked through at once.
static LANES_AT_ONCE: Semaphore = Semaphore::const_new(64);

/// Runs until the server stops.
pub(crate) async fn run(pipeline: Arc<Pipeline>, channels: Arc<Channels>) {
    loop {
        let busy = match round(&pipeline, &channels).await {
            Ok(busy) => busy,
            Err(fault) => {
                tracing::error!(%fault, "outbox and timers");
                false
            }
        };
        if busy {
            continue;
        }
        let wait = until_next(&pipeline).await;
        tokio::select! {
            () = pipeline.work.notified() => {}
            () = tokio::time::sleep(wait) => {}
        }
    }
}

/// Deletes what was noticed of feelings and has expired. Runs until the server stops.
pub(crate) async fn expire(pipeline: Arc<Pipeline>) {
    loop {
        if let Err(fault) = expire_all(&pipeline).await {
            tracing::error!(%fault, "what has expired stays for now");
        }
        tokio::time::sleep(EXPIRE_EVERY).await;
    }
}

async fn expire_all(pipeline: &Pipeline) -> Result<(), Fault> {
    for tenant in pipeline.store.tenants().await? {
        let gone = pipeline.store.tenant(tenant.id).expire_samples(pipeline.clock.now()).await?;
        if gone > 0 {
            tracing::info!(tenant = %tenant.id, gone, "expired");
        }
    }
    Ok(())
}

async fn until_next(pipeline: &Pipeline) -> Duration {
    let due = pipeline.store.next_due().await.ok().flatten();
    let wait = due.map_or(LOOK_EVERY, |at| Duration::from_millis(u64::try_from(at.since_ms(pipeline.clock.now())).unwrap_or(0)));
    // A due row that could not be dealt with must not become a busy loop.
    wait.clamp(Duration::from_millis(50), LOOK_EVERY)
}

/// One round; `true` when there may be more at once.
async fn round(pipeline: &Pipeline, channels: &Arc<Channels>) -> Result<bool, Fault> {
    let now = pipeline.clock.now();
    let effects = pipeline.store.claim_effects(now, LEASE_MS, BATCH).await?;
    let timers = pipeline.store.due_timers(now, BATCH).await?;
    let busy = !effects.is_empty() || !timers.is_empty();
    for item in effects {
        // What waits for others outside goes on beside: a slow provider holds up nobody but its own customers.
        if let Some(lane) = lane_of(&item) {
            if pipeline.lanes.join(lane, item, now) {
                tokio::spawn(work_through(Arc::clone(channels), lane));
            }
            continue;
        }
        let outcome = carry_out(pipeline, &item).await;
        pipeline.store.settle_effect(item.id, &outcome, pipeline.clock.now()).await?;
    }
    for (tenant, timer) in timers {
        fire(pipeline, tenant, timer).await?;
    }
    Ok(busy)
}

/// All that waits in a lane, in order.
async fn work_through(channels: Arc<Channels>, lane: LaneId) {
    let pipeline = &channels.pipeline;
    let Ok(_permit) = LANES_AT_ONCE.acquire().await else { return };
    while let Some((item, claimed_at)) = pipeline.lanes.next(lane, pipeline.clock.now()) {
        if let Err(fault) = renew(pipeline, &item, claimed_at).await {
            tracing::error!(%fault, "a lease cannot be renewed");
            continue;
        }
        let outcome = in_order(&channels, lane, &item).await;
        if let Err(fault) = pipeline.store.settle_effect(item.id, &outcome, pipeline.clock.now()).await {
            // Its lease ends, and it is tried again.
            tracing::error!(%fault, "an outcome cannot be written");
        }
    }
}

/// What waited long in its lane is leased anew, so that no other node takes it meanwhile.
async fn renew(pipeline: &Pipeline, item: &OutboxItem, claimed_at: Timestamp) -> Result<(), Fault> {
    let now = pipeline.clock.now();
    if now.since_ms(claimed_at) < LEASE_MS / 3 {
        return Ok(());
    }
    let leased = Outcome::Retry { not_before: now.plus_ms(LEASE_MS), code: "leased".to_owned() };
    pipeline.store.settle_effect(item.id, &leased, now).await
}

/// A first try waits while what came before is to be tried again.
async fn in_order(channels: &Channels, lane: LaneId, item: &OutboxItem) -> Outcome {
    let pipeline = &channels.pipeline;
    if item.attempt == 0
        && let Some(until) = pipeline.lanes.held(lane, pipeline.clock.now())
    {
        return Outcome::Retry { not_before: until.plus_ms(1), code: "behind_another".to_owned() };
    }
    let outcome = match (&item.effect, item.conversation) {
        (Effect::Deliver { inbox, contact, message, by_person }, Some(conversation)) => {
            let (inbox, contact, by_person) = (*inbox, *contact, *by_person);
            channels.deliver(&Errand { tenant: item.tenant, effect: item.id, conversation, inbox, contact, message, by_person, attempt: item.attempt }).await
        }
        (Effect::Take { inbox, fact }, _) => outcome_of(pipeline, item, channels.take_kept(item.tenant, *inbox, fact, item.attempt).await),
        (Effect::Deliver { .. } | Effect::RouteQueue | Effect::StoreTicket { .. }, _) => Outcome::Rejected { code: "internal".to_owned() },
    };
    match &outcome {
        Outcome::Retry { not_before, .. } => pipeline.lanes.hold(lane, *not_before),
        Outcome::Done | Outcome::Rejected { .. } | Outcome::Unknown { .. } => pipeline.lanes.release(lane),
    }
    outcome
}

async fn carry_out(pipeline: &Pipeline, item: &OutboxItem) -> Outcome {
    let tenant = pipeline.tenant(item.tenant);
    let done = match &item.effect {
        Effect::RouteQueue => pipeline.route_queue(&tenant).await,
        Effect::StoreTicket { ticket } => tenant.store.put_ticket(ticket).await,
        // They have lanes.
        Effect::Deliver { .. } | Effect::Take { .. } => Ok(()),
    };
    outcome_of(pipeline, item, done)
}

fn outcome_of(pipeline: &Pipeline, item: &OutboxItem, done: Result<(), Fault>) -> Outcome {
    match done {
        Ok(()) => Outcome::Done,
        Err(fault) if item.attempt >= ATTEMPTS_MAX => Outcome::Rejected { code: fault.kind.code.to_owned() },
        Err(fault) => {
            let wait_ms = 1_000_i64.saturating_mul(1_i64 << item.attempt.min(9));
            Outcome::Retry { not_before: pipeline.clock.now().plus_ms(wait_ms), code: fault.kind.code.to_owned() }
        }
    }
}

/// Fires a timer and clears it. A timer that was set anew meanwhile has another id and stays.
async fn fire(pipeline: &Pipeline, tenant: TenantId, timer: Timer) -> Result<(), Fault> {
    let command = Command {
        tenant,
        address: Address::Conversation(timer.conversation),
        input: Input::TimerFired { timer: timer.kind },
        external_id: None,
        client_id: None,
        on_behalf_of: None,
    };
    match pipeline.submit(command).await {
        Ok(_) => {}
        Err(fault) if fault.kind.status >= 500 || fault.kind.code == codes::CONFLICT.code => return Err(fault),
        Err(fault) => tracing::info!(%fault, timer = timer.kind.slot(), "a timer had nothing left to do"),
    }
    pipeline.tenant(tenant).store.clear_timer(timer.id).await
}
