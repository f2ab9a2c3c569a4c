//! Carries out what was decided: claims effects from the outbox, fires timers. Survives any crash because both are rows.

use std::{sync::Arc, time::Duration};

use rapport_model::{Effect, Fault, Input, Outcome, OutboxItem, TenantId, Timer, codes};
use rapport_ports::{Address, Command, Intake};

use crate::pipeline::Pipeline;

/// How many are taken at once.
const BATCH: u32 = 64;
/// For how long a claimed effect is this node's.
const LEASE_MS: i64 = 30_000;
/// How often an effect is tried before it stays as rejected.
const ATTEMPTS_MAX: u32 = 8;
/// Looks at least this often, should a ring have been missed.
const LOOK_EVERY: Duration = Duration::from_secs(5);
const EXPIRE_EVERY: Duration = Duration::from_secs(600);

/// Runs until the server stops.
pub(crate) async fn run(pipeline: Arc<Pipeline>) {
    loop {
        let busy = match round(&pipeline).await {
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
async fn round(pipeline: &Pipeline) -> Result<bool, Fault> {
    let now = pipeline.clock.now();
    let effects = pipeline.store.claim_effects(now, LEASE_MS, BATCH).await?;
    let timers = pipeline.store.due_timers(now, BATCH).await?;
    let busy = !effects.is_empty() || !timers.is_empty();
    for item in effects {
        let outcome = carry_out(pipeline, &item).await;
        pipeline.store.settle_effect(item.id, &outcome, pipeline.clock.now()).await?;
    }
    for (tenant, timer) in timers {
        fire(pipeline, tenant, timer).await?;
    }
    Ok(busy)
}

async fn carry_out(pipeline: &Pipeline, item: &OutboxItem) -> Outcome {
    let tenant = pipeline.tenant(item.tenant);
    let done = match &item.effect {
        Effect::RouteQueue => pipeline.route_queue(&tenant).await,
        Effect::StoreTicket { ticket } => tenant.store.put_ticket(ticket).await,
    };
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
