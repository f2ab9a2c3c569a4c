//! The one place that chooses what happens with an input.

use rapport_model::{Actor, Conversation, Decision, Event, Fault, Ids, Input};

use crate::{Context, clockwork, consent, customer, draft::Draft, member, ticket};

/// What follows from an input: events to append, effects, timers, and why; and the conversation as it is after them, equal to what `advance` makes.
///
/// A refusal (`Fault`) changes nothing. An input that is fine and changes nothing gives a decision without events, with its reason.
pub fn decide(ctx: &Context<'_>, input: &Input, ids: &mut Ids) -> Result<(Decision, Conversation), Fault> {
    let mut draft = Draft::begin(ctx, input, ids)?;
    match input {
        Input::Start => customer::start(&mut draft),
        Input::CustomerMessage { message } => customer::write(&mut draft, message)?,
        Input::Customer { action } => customer::act(&mut draft, action)?,
        Input::Member { by, action } => member::act(&mut draft, *by, action)?,
        Input::TimerFired { timer } => clockwork::timer(&mut draft, *timer),
        Input::Route => clockwork::route(&mut draft),
        Input::MemberLeft { member } => clockwork::member_left(&mut draft, *member),
        Input::TicketMoved { ticket, number, title, stage, note, path: _ } => ticket::moved(&mut draft, *ticket, *number, title, *stage, note),
        Input::Delivery { message, state, code } => draft.push(Actor::System, Event::DeliveryChanged { message: *message, state: *state, code: code.clone() }),
        Input::SpendingJudged { by, spending, approve } => consent::judged(&mut draft, *by, spending, *approve)?,
    }
    Ok(draft.finish(input))
}
