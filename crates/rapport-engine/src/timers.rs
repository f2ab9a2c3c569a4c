//! Timers and effects that follow from a change of status: by construction nobody who waits is forgotten.

use rapport_model::{
    CustomerAction, DAY_MS, Effect, Event, HOUR_MS, Input, MINUTE_MS, MemberId, QueueEntry, Status, TimerKind, Timestamp,
};

use crate::{Context, calendar, draft::Draft};

/// Silence after which a talk with the bot is resolved.
pub(crate) const BOT_IDLE_MS: i64 = DAY_MS;
/// Until the one reminder to rate.
pub(crate) const RATING_REMINDER_MS: i64 = DAY_MS;
const CHECK_MIN_MS: i64 = MINUTE_MS;
const CHECK_MAX_MS: i64 = 15 * MINUTE_MS;

/// Sets what the status reached needs, cancels what the status left had, and routes the queue when an agent became free.
pub(crate) fn settle(draft: &mut Draft<'_, '_>, input: &Input) {
    let (before, after) = (draft.status_before(), draft.state.status);
    if let Some(before) = before {
        leave(draft, before, after);
    }
    let entered = before.is_none_or(|it| it.name() != after.name());
    match after {
        Status::Bot => {
            let something_said = draft.events().iter().any(|(_, it)| matches!(it, Event::MessageReceived { .. } | Event::MessageSent { .. }));
            if entered || something_said || is_customers_turn(input) {
                draft.set_timer(TimerKind::BotIdle, draft.ctx.now.plus_ms(BOT_IDLE_MS));
            }
        }
        Status::Queued => {
            let requeued = draft.events().iter().any(|(_, it)| matches!(it, Event::Queued { .. }));
            let checked = matches!(input, Input::TimerFired { timer: TimerKind::QueueCheck });
            if entered || requeued || checked {
                let at = draft.state.queue.as_ref().map_or(draft.ctx.now.plus_ms(CHECK_MIN_MS), |it| next_check(draft.ctx, it));
                draft.set_timer(TimerKind::QueueCheck, at);
            }
        }
        Status::Offered { to, expires_at } => {
            if before != Some(after) {
                draft.set_timer(TimerKind::OfferExpires { to }, expires_at);
            }
        }
        Status::Snoozed { until, .. } => {
            if before != Some(after) {
                draft.set_timer(TimerKind::SnoozeEnds, until);
            }
        }
        Status::Assigned { .. } | Status::Resolved { .. } => {}
    }
}

fn leave(draft: &mut Draft<'_, '_>, before: Status, after: Status) {
    if before.name() != after.name() {
        let slot = match before {
            Status::Bot => Some("bot_idle"),
            Status::Queued => Some("queue_check"),
            Status::Offered { .. } => Some("offer_expires"),
            Status::Snoozed { .. } => Some("snooze_ends"),
            Status::Resolved { .. } => Some("rating_reminder"),
            Status::Assigned { .. } => None,
        };
        if let Some(slot) = slot {
            draft.cancel_timer(slot);
        }
    }
    if let Some(holder) = holder_of(before)
        && holder_of(after) != Some(holder)
    {
        draft.effect(Effect::RouteQueue);
    }
}

/// Whose capacity a conversation takes.
fn holder_of(status: Status) -> Option<MemberId> {
    match status {
        Status::Offered { to, .. } | Status::Assigned { to, .. } => Some(to),
        Status::Bot | Status::Queued | Status::Snoozed { .. } | Status::Resolved { .. } => None,
    }
}

/// What shows that the customer is still there.
fn is_customers_turn(input: &Input) -> bool {
    match input {
        Input::Start | Input::CustomerMessage { .. } => true,
        Input::Customer { action } => !matches!(action, CustomerAction::MarkRead { .. }),
        Input::Member { .. } | Input::TimerFired { .. } | Input::Route | Input::MemberLeft { .. } | Input::TicketMoved { .. } | Input::SpendingJudged { .. } | Input::Delivery { .. } => false,
    }
}

/// When to look again at who waits: soon at first, then less often; outside business hours when they begin.
fn next_check(ctx: &Context<'_>, entry: &QueueEntry) -> Timestamp {
    // Where somebody is there after hours and let an offer pass, they are asked again before the hours begin.
    if let Some(calendar) = ctx.calendar
        && entry.passed.is_empty()
        && !calendar::is_open(calendar, ctx.now)
    {
        return calendar::next_open(calendar, ctx.now).unwrap_or(ctx.now.plus_ms(HOUR_MS));
    }
    let waited = ctx.now.since_ms(entry.since);
    ctx.now.plus_ms((waited / 4).clamp(CHECK_MIN_MS, CHECK_MAX_MS))
}
