//! Work orders: how one is made in a conversation, how it may move on, and what the customer hears of it.

use rapport_model::{
    Actor, Content, Effect, Event, Fault, Locale, MemberId, TEXT_CHARS_MAX, Ticket, TicketId, TicketStage, TicketStep, Timestamp, codes,
};

use crate::{
    draft::Draft,
    phrases::{self, say},
    reasons::{self, because},
};

/// Longest title. Units: characters.
const TITLE_CHARS_MAX: usize = 200;

/// The stages that a ticket may move to. What is over can be taken up again.
pub fn next_stages(stage: TicketStage) -> &'static [TicketStage] {
    use TicketStage::{Cancelled, Done, InProgress, Received, WaitingForCustomer};
    match stage {
        Received => &[InProgress, WaitingForCustomer, Done, Cancelled],
        InProgress => &[WaitingForCustomer, Done, Cancelled],
        WaitingForCustomer => &[InProgress, Done, Cancelled],
        Done | Cancelled => &[InProgress],
    }
}

/// The ticket after one more step. The same stage again is a note; a stage that cannot follow is refused.
///
/// Errors: `input.bad_field` naming `stage` or `note`.
pub fn progress(mut ticket: Ticket, stage: TicketStage, note: &str, public: bool, by: Option<MemberId>, now: Timestamp) -> Result<Ticket, Fault> {
    if stage != ticket.stage && !next_stages(ticket.stage).contains(&stage) {
        return Err(Fault::with(codes::BAD_FIELD, format!("stage: {} cannot follow {}", stage.name(), ticket.stage.name())));
    }
    if note.chars().nth(TEXT_CHARS_MAX).is_some() {
        return Err(Fault::with(codes::BAD_FIELD, "note: at most 8000 characters"));
    }
    if stage == ticket.stage && note.trim().is_empty() {
        return Err(Fault::with(codes::BAD_FIELD, "note: nothing changes without a note or another stage"));
    }
    ticket.stage = stage;
    ticket.updated_at = now;
    ticket.log.push(TicketStep { at: now, by, stage, note: note.to_owned(), public });
    Ok(ticket)
}

/// A stage as customers read it.
pub fn say_stage(stage: TicketStage, locale: Locale) -> String {
    let phrase = match stage {
        TicketStage::Received => &phrases::STAGE_RECEIVED,
        TicketStage::InProgress => &phrases::STAGE_IN_PROGRESS,
        TicketStage::WaitingForCustomer => &phrases::STAGE_WAITING,
        TicketStage::Done => &phrases::STAGE_DONE,
        TicketStage::Cancelled => &phrases::STAGE_CANCELLED,
    };
    say(phrase, locale, &[])
}

/// A member makes a ticket out of the conversation: the customer gets its public link, the outbox writes it.
pub(crate) fn create(
    draft: &mut Draft<'_, '_>,
    by: MemberId,
    id: TicketId,
    number: u64,
    title: &str,
    description: &str,
    path: &str,
) -> Result<(), Fault> {
    let title = title.trim();
    if title.is_empty() || title.chars().nth(TITLE_CHARS_MAX).is_some() {
        return Err(Fault::with(codes::BAD_FIELD, "title: 1 to 200 characters"));
    }
    if description.chars().nth(TEXT_CHARS_MAX).is_some() {
        return Err(Fault::with(codes::BAD_FIELD, "description: at most 8000 characters"));
    }
    if draft.state.tickets.contains(&id) {
        draft.because(because(reasons::UNCHANGED));
        return Ok(());
    }
    let now = draft.ctx.now;
    draft.because(because(reasons::TICKET_CREATED).with("number", number));
    draft.push(Actor::Member(by), Event::TicketCreated { ticket: id, number, title: title.to_owned() });
    draft.send(Actor::Member(by), Content::Ticket { ticket: id, number, title: title.to_owned(), path: path.to_owned() });
    let ticket = Ticket {
        id,
        number,
        title: title.to_owned(),
        description: description.to_owned(),
        contact: draft.state.contact,
        conversation: Some(draft.state.id),
        stage: TicketStage::Received,
        assignee: Some(by),
        log: vec![TicketStep { at: now, by: Some(by), stage: TicketStage::Received, note: String::new(), public: true }],
        link_version: 1,
        created_at: now,
        updated_at: now,
    };
    draft.effect(Effect::StoreTicket { ticket });
    Ok(())
}

/// Tells the customer in the conversation that their ticket moved on.
pub(crate) fn moved(draft: &mut Draft<'_, '_>, ticket: TicketId, number: u64, title: &str, stage: TicketStage, note: &str) {
    let locale = draft.state.locale;
    draft.because(because(reasons::TICKET_MOVED).with("number", number).with("stage", stage.name()));
    draft.push(Actor::System, Event::TicketChanged { ticket, number, stage });
    let shown = say_stage(stage, locale);
    let mut text = say(&phrases::TICKET_MOVED, locale, &[("number", &number.to_string()), ("title", title), ("stage", &shown)]);
    if !note.trim().is_empty() {
        text.push('\n');
        text.push_str(&say(&phrases::TICKET_NOTE, locale, &[("note", note)]));
    }
    draft.send(Actor::System, Content::Text { text });
}

#[cfg(test)]
mod tests {
    use rapport_model::{ContactId, TicketId};

    use super::*;

    fn at_stage(stage: TicketStage) -> Ticket {
        let nil = uuid::Uuid::nil();
        let (id, contact, zero) = (TicketId(nil), ContactId(nil), Timestamp(0));
        let (title, description) = ("t".to_owned(), String::new());
        Ticket { id, number: 1, title, description, contact, conversation: None, stage, assignee: None, log: Vec::new(), link_version: 1, created_at: zero, updated_at: zero }
    }

    fn check(from: TicketStage, to: TicketStage, note: &str, allowed: bool) {
        let outcome = progress(at_stage(from), to, note, true, None, Timestamp(5));
        assert_eq!(outcome.is_ok(), allowed, "{from:?} -> {to:?}");
        if let Ok(ticket) = outcome {
            assert_eq!((ticket.stage, ticket.log.len(), ticket.updated_at), (to, 1, Timestamp(5)));
        }
    }

    #[test]
    fn stages_follow_each_other() {
        use TicketStage::{Cancelled, Done, InProgress, Received, WaitingForCustomer};
        check(Received, InProgress, "", true);
        check(InProgress, Received, "", false);
        check(InProgress, WaitingForCustomer, "", true);
        check(WaitingForCustomer, Done, "", true);
        check(Done, Cancelled, "", false);
        check(Done, InProgress, "", true);
        check(Cancelled, Done, "", false);
        check(InProgress, InProgress, "parts ordered", true);
        check(InProgress, InProgress, " ", false);
    }
}
