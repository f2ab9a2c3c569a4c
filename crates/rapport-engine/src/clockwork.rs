//! What happens without anybody acting: timers, routing of the queue, an agent who went away.

use rapport_model::{Actor, Conversation, DAY_MS, Event, HOUR_MS, MemberId, QueueEntry, RoutingMode, Status, TimerKind, Timestamp};

use crate::{
    customer::wake,
    draft::Draft,
    handover::{hours, requeue},
    rating,
    reasons::{self, because},
    routing,
    timers::BOT_IDLE_MS,
};

const _: () = assert!(BOT_IDLE_MS == DAY_MS, "the reason for resolving says how long the silence was");

pub(crate) fn timer(draft: &mut Draft<'_, '_>, timer: TimerKind) {
    match (timer, draft.state.status) {
        // A firing may be older than what it finds: the agent asked again, put aside anew, the customer back. Each checks that it is due.
        (TimerKind::OfferExpires { to }, Status::Offered { to: asked, expires_at }) if to == asked && expires_at <= draft.ctx.now => {
            draft.because(because(reasons::OFFER_EXPIRED));
            draft.push(Actor::System, Event::OfferExpired { by: to });
            routing::route(draft);
        }
        (TimerKind::SnoozeEnds, Status::Snoozed { until, .. }) if until <= draft.ctx.now => {
            draft.because(because(reasons::WOKEN_TIME));
            wake(draft, Actor::System);
        }
        (TimerKind::QueueCheck, Status::Queued) => check_queue(draft),
        (TimerKind::RatingReminder, _) => rating::remind(draft),
        (TimerKind::BotIdle, Status::Bot) if idle_since(&draft.state).plus_ms(BOT_IDLE_MS) <= draft.ctx.now => {
            draft.because(because(reasons::RESOLVED_IDLE).with("hours", BOT_IDLE_MS / HOUR_MS));
            draft.push(Actor::System, Event::Resolved);
        }
        (TimerKind::OfferExpires { .. } | TimerKind::SnoozeEnds | TimerKind::QueueCheck | TimerKind::BotIdle, _) => not_concerned(draft),
    }
}

/// The last word of a talk, or its beginning: what `settle` sets the idle timer by.
fn idle_since(state: &Conversation) -> Timestamp {
    state.last_message.as_ref().map_or(state.opened_at, |it| it.at)
}

/// Looks again at who waits. The place is written anew with the reasons of this moment, so that the journal tells why nobody came.
fn check_queue(draft: &mut Draft<'_, '_>) {
    let Some(entry) = draft.state.queue.clone() else { return not_concerned(draft) };
    let waited_s = draft.ctx.now.since_ms(entry.since) / 1000;
    let again = routing::all_passed(draft.ctx.roster, &entry) && draft.ctx.inbox.routing.mode != RoutingMode::Manual;
    let mut why = vec![because(reasons::QUEUE_CHECKED).with("waited_s", waited_s)];
    why.extend(hours(draft));
    if again {
        why.push(because(reasons::ROUTING_AGAIN));
    }
    for reason in &why {
        draft.because(reason.clone());
    }
    let passed = if again { Vec::new() } else { entry.passed.clone() };
    draft.push(Actor::System, Event::Queued { entry: QueueEntry { passed, reasons: why, ..entry } });
    routing::route(draft);
}

/// Capacity or queue changed: is there an agent for this one?
pub(crate) fn route(draft: &mut Draft<'_, '_>) {
    if draft.state.status == Status::Queued {
        routing::route(draft);
    } else {
        not_concerned(draft);
    }
}

/// Takes back an offer to someone who went away. They did not pass: when they come back they may be asked. What they have stays theirs,
/// unless they left the company.
pub(crate) fn member_left(draft: &mut Draft<'_, '_>, member: MemberId) {
    if !matches!(draft.state.status, Status::Offered { to, .. } if to == member) {
        let is_theirs = draft.state.status.assignee() == Some(member) && matches!(draft.state.status, Status::Assigned { .. });
        if is_theirs && !draft.ctx.roster.iter().any(|it| it.id == member) {
            let since = draft.state.waiting_since.unwrap_or(draft.ctx.now);
            requeue(draft, Actor::System, because(reasons::HANDOVER_AGENT_GONE), since, Vec::new());
        } else {
            not_concerned(draft);
        }
        return;
    }
    draft.because(because(reasons::OFFER_WITHDRAWN));
    draft.push(Actor::System, Event::OfferExpired { by: member });
    if let Some(entry) = draft.state.queue.clone() {
        let passed = entry.passed.iter().copied().filter(|it| *it != member).collect();
        draft.push(Actor::System, Event::Queued { entry: QueueEntry { passed, ..entry } });
    }
    routing::route(draft);
}

fn not_concerned(draft: &mut Draft<'_, '_>) {
    draft.because(because(reasons::NOT_CONCERNED).with("status", draft.state.status.name()));
}
