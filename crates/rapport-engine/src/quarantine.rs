//! What is kept of an input whose decision failed, and how its conversation comes to people. Does as little as can be, so that it cannot fail too.

use rapport_model::{
    Actor, ChoiceId, Conversation, CustomerAction, Decision, Effect, Event, Fault, Input, MINUTE_MS, QueueEntry, Status, Summary, TimerChange, TimerKind, Timestamp, codes, shorten,
};

use crate::reasons::{self, because};

/// When a conversation that cannot be decided on is looked at again. Units: milliseconds.
const LOOK_AGAIN_MS: i64 = 15 * MINUTE_MS;

/// Keeps the customer's words, marks the conversation, and gives it to people unless somebody has it. Whatever timer the failed input
/// was, what waits gets another one. What somebody else asked for is refused: an acknowledgement would say that it was done.
///
/// Errors: `internal`.
pub fn quarantine(state: &Conversation, input: &Input, now: Timestamp) -> Result<Decision, Fault> {
    let keeps = match input {
        Input::CustomerMessage { .. } | Input::TimerFired { .. } | Input::Route | Input::MemberLeft { .. } => true,
        Input::Customer { action } => matches!(action, CustomerAction::RequestPerson | CustomerAction::Choose { choice: ChoiceId::RequestPerson }),
        Input::Start | Input::Member { .. } | Input::TicketMoved { .. } | Input::SpendingJudged { .. } | Input::Delivery { .. } => false,
    };
    if !keeps {
        return Err(Fault::new(codes::INTERNAL));
    }
    let mut decision = Decision { reasons: vec![because(reasons::QUARANTINED)], ..Decision::default() };
    if let Input::CustomerMessage { message } = input {
        decision.events.push((Actor::Customer(state.contact), Event::MessageReceived { message: message.clone() }));
    }
    if !state.quarantined {
        decision.events.push((Actor::System, Event::Quarantined { code: codes::INTERNAL.code.to_owned() }));
    }
    match state.status {
        Status::Bot => give_to_people(&mut decision, state, input, now),
        Status::Resolved { .. } if matches!(input, Input::CustomerMessage { .. }) => {
            decision.events.insert(0, (Actor::Customer(state.contact), Event::Reopened));
            give_to_people(&mut decision, state, input, now);
        }
        // Routing it again at once would fail again; somebody may take it by hand meanwhile.
        Status::Queued if is_timer(input) => queue(&mut decision, state, now),
        Status::Offered { to, .. } if is_timer(input) => {
            decision.events.push((Actor::System, Event::OfferExpired { by: to }));
            queue(&mut decision, state, now);
            decision.timers.push(TimerChange::cancel("offer_expires"));
        }
        Status::Snoozed { to, .. } if is_timer(input) || matches!(input, Input::CustomerMessage { .. }) => {
            let by = if is_timer(input) { Actor::System } else { Actor::Customer(state.contact) };
            decision.events.push((by, Event::Woken));
            decision.timers.push(TimerChange::cancel(TimerKind::SnoozeEnds.slot()));
            if to.is_none() {
                queue(&mut decision, state, now);
            }
        }
        Status::Queued | Status::Offered { .. } | Status::Snoozed { .. } | Status::Assigned { .. } | Status::Resolved { .. } => {}
    }
    Ok(decision)
}

fn give_to_people(decision: &mut Decision, state: &Conversation, input: &Input, now: Timestamp) {
    let words = if let Input::CustomerMessage { message } = input { message.content.plain_text() } else { "" };
    let summary = Summary { wish: shorten(words, 160), points: state.bot.points.clone() };
    decision.events.push((Actor::System, Event::HandoverRequested { summary }));
    queue(decision, state, now);
    for slot in ["bot_idle", "rating_reminder"] {
        decision.timers.push(TimerChange::cancel(slot));
    }
    decision.effects.push(Effect::RouteQueue);
}

fn queue(decision: &mut Decision, state: &Conversation, now: Timestamp) {
    let entry = state.queue.clone().unwrap_or_else(|| QueueEntry {
        conversation: state.id,
        inbox: state.inbox,
        contact: state.contact,
        team: state.team,
        skills: Vec::new(),
        priority: state.priority,
        since: now,
        passed: Vec::new(),
        reasons: vec![because(reasons::HANDOVER_QUARANTINED)],
    });
    decision.events.push((Actor::System, Event::Queued { entry }));
    decision.timers.push(TimerChange::Set { kind: TimerKind::QueueCheck, at: now.plus_ms(LOOK_AGAIN_MS) });
}

fn is_timer(input: &Input) -> bool {
    matches!(input, Input::TimerFired { .. })
}
