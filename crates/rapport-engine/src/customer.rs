//! What a customer does: writes, asks for a person, leaves the queue, rates, reads, ends.

use std::collections::BTreeMap;

use rapport_model::{
    Actor, ChoiceId, Content, CustomerAction, Event, Fault, HOUR_MS, Locale, MemberId, Message, Presence, Reason, Seq, Status, TEXT_CHARS_MAX,
    codes,
};

use crate::{
    bot, care, consent,
    draft::{Draft, reply_locale},
    handover::{hand_over, requeue},
    intent::{self, SmallTalk},
    numbers, phrases,
    rating,
    reasons::{self, because},
    routing::told,
    wishes,
};

const FIELDS_MAX: usize = 40;
const FIELD_CHARS_MAX: usize = 1_000;

/// Opens without a message: the customer is greeted.
pub(crate) fn start(draft: &mut Draft<'_, '_>) {
    if draft.status_before().is_some() {
        draft.because(because(reasons::UNCHANGED));
        return;
    }
    let locale = draft.state.locale;
    let tenant = draft.ctx.tenant_name;
    let text = phrases::own_or(&draft.ctx.inbox.welcome, &phrases::WELCOME, locale, &[("tenant", tenant)]);
    let actor = draft.house();
    draft.send(actor, Content::Text { text });
}

pub(crate) fn write(draft: &mut Draft<'_, '_>, message: &Message) -> Result<(), Fault> {
    check_content(&message.content)?;
    let content = &message.content;
    let received = Event::MessageReceived { message: message.clone() };
    let customer = draft.customer();
    if let Some(action) = numbers::picked(Some(&draft.state), content) {
        draft.push(customer, received);
        return act(draft, &action);
    }
    match draft.state.status {
        Status::Bot => {
            draft.push(customer, received);
            care::steer(draft);
            bot::take_turn(draft, content);
        }
        Status::Queued | Status::Offered { .. } => {
            draft.push(customer, received);
            draft.because(because(reasons::WHILE_WAITING));
            care::steer(draft);
        }
        Status::Assigned { .. } => {
            draft.push(customer, received);
            draft.because(because(reasons::TO_AGENT));
            care::steer(draft);
        }
        Status::Snoozed { .. } => {
            draft.push(customer, received);
            care::steer(draft);
            if is_only_thanks(content) {
                draft.because(because(reasons::SNOOZE_KEPT));
            } else {
                draft.because(because(reasons::WOKEN_CUSTOMER));
                wake(draft, customer);
            }
        }
        Status::Resolved { .. } => write_after(draft, received, content),
    }
    Ok(())
}

/// Asks for nothing: nobody has to come back for it.
fn is_only_thanks(content: &Content) -> bool {
    let Content::Text { text } = content else { return false };
    matches!(intent::small_talk(text), Some(SmallTalk::Thanks | SmallTalk::Goodbye | SmallTalk::Acknowledgement))
}

/// Only text, pictures and files come from people; the rest is made here.
pub(crate) fn check_content(content: &Content) -> Result<(), Fault> {
    match content {
        Content::Text { text } if text.trim().is_empty() => Err(Fault::new(codes::EMPTY_MESSAGE)),
        Content::Text { text } if text.chars().nth(TEXT_CHARS_MAX).is_some() => Err(Fault::new(codes::TEXT_TOO_LONG)),
        Content::Text { .. } | Content::Image { .. } | Content::File { .. } => Ok(()),
        Content::Answer { .. } | Content::Choices { .. } | Content::Ticket { .. } | Content::RatingRequest { .. } | Content::Compensation { .. } | Content::Erased => {
            Err(Fault::with(codes::BAD_FIELD, "content: text, image or file"))
        }
    }
}

/// A message to a resolved conversation: thanks, a farewell and "ok" stay what they are, anything else reopens it.
fn write_after(draft: &mut Draft<'_, '_>, received: Event, content: &Content) {
    let customer = draft.customer();
    if let Content::Text { text } = content
        && let Some(phrase) = match intent::small_talk(text) {
            Some(SmallTalk::Thanks) => Some(&phrases::THANKS),
            Some(SmallTalk::Goodbye) => Some(&phrases::GOODBYE),
            Some(SmallTalk::Acknowledgement) => Some(&phrases::ACKNOWLEDGED),
            Some(SmallTalk::Greeting | SmallTalk::WhoAreYou) | None => None,
        }
    {
        let locale = reply_locale(text, draft.state.locale);
        let actor = draft.house();
        draft.push(customer, received);
        draft.because(because(reasons::THANKED_AFTER));
        draft.says(actor, phrase, locale, &[]);
        return;
    }
    reopen(draft);
    draft.push(customer, received);
    care::steer(draft);
    let locale = match content {
        Content::Text { text } => reply_locale(text, draft.state.locale),
        Content::Image { .. }
        | Content::File { .. }
        | Content::Answer { .. }
        | Content::Choices { .. }
        | Content::Ticket { .. }
        | Content::RatingRequest { .. }
        | Content::Compensation { .. }
        | Content::Erased => draft.state.locale,
    };
    if !back_to_people(draft, locale) {
        bot::take_turn(draft, content);
    }
}

fn reopen(draft: &mut Draft<'_, '_>) {
    let hours = match draft.state.status {
        Status::Resolved { at, .. } => draft.ctx.now.since_ms(at) / HOUR_MS,
        Status::Bot | Status::Queued | Status::Offered { .. } | Status::Assigned { .. } | Status::Snoozed { .. } => 0,
    };
    draft.because(because(reasons::REOPENED).with("hours", hours));
    draft.push(draft.customer(), Event::Reopened);
}

/// A conversation that people had goes back to them: to the last agent if free, else to the queue.
fn back_to_people(draft: &mut Draft<'_, '_>, locale: Locale) -> bool {
    let Some(last) = draft.state.last_agent else { return false };
    if let Some(reason) = free_agent(draft, last) {
        draft.because(reason);
        draft.push(Actor::System, Event::Assigned { to: last });
    } else {
        hand_over(draft, locale, because(reasons::HANDOVER_RETURNING));
    }
    true
}

fn free_agent(draft: &Draft<'_, '_>, member: MemberId) -> Option<Reason> {
    let agent = draft.ctx.roster.iter().find(|it| it.id == member)?;
    let is_free = agent.presence == Presence::Online && agent.load < agent.capacity;
    is_free.then(|| told(reasons::ASSIGNED_LAST_AGENT, agent))
}

/// Ends a snooze. Whoever put it aside has it again; one whose agent has left the company is queued.
pub(crate) fn wake(draft: &mut Draft<'_, '_>, actor: Actor) {
    draft.push(actor, Event::Woken);
    match draft.state.status {
        Status::Assigned { to, .. } => {
            if draft.loaded.roster && !draft.ctx.roster.iter().any(|it| it.id == to) {
                requeue(draft, Actor::System, because(reasons::HANDOVER_AGENT_GONE), draft.ctx.now, Vec::new());
            }
        }
        Status::Bot => hand_over(draft, draft.state.locale, because(reasons::HANDOVER_RETURNING)),
        Status::Queued | Status::Offered { .. } | Status::Snoozed { .. } | Status::Resolved { .. } => {}
    }
}

pub(crate) fn act(draft: &mut Draft<'_, '_>, action: &CustomerAction) -> Result<(), Fault> {
    match action {
        CustomerAction::RequestPerson => request_person(draft),
        CustomerAction::LeaveQueue => leave_queue(draft),
        CustomerAction::Choose { choice } => choose(draft, *choice),
        CustomerAction::Rate { score, comment } => rating::rate(draft, *score, comment)?,
        CustomerAction::MarkRead { up_to } => read(draft, *up_to),
        CustomerAction::UpdateContact { fields } => tell(draft, fields)?,
        CustomerAction::Consent { purpose, given, text_version, channel } => consent::answer(draft, *purpose, *given, *text_version, *channel)?,
        CustomerAction::Object { about, text } => {
            consent::object(draft, *about, text)?;
            request_person(draft);
        }
        CustomerAction::End => end(draft),
    }
    Ok(())
}

fn choose(draft: &mut Draft<'_, '_>, choice: ChoiceId) {
    let locale = draft.state.locale;
    match choice {
        ChoiceId::RequestPerson => request_person(draft),
        ChoiceId::LeaveQueue => leave_queue(draft),
        ChoiceId::Intent(intent) => wishes::chosen(draft, intent, locale),
        ChoiceId::AcceptCompensation { spending } => consent::accept(draft, spending),
        ChoiceId::Helped => {
            draft.because(because(reasons::BOT_HELPED));
            draft.push(draft.customer(), Event::AnswerJudged { helped: true });
            if draft.state.status == Status::Bot {
                draft.says(Actor::Bot, &phrases::HELPED, locale, &[]);
            }
        }
        ChoiceId::NotHelped => {
            draft.because(because(reasons::BOT_NOT_HELPED));
            draft.push(draft.customer(), Event::AnswerJudged { helped: false });
            if draft.state.status == Status::Bot {
                draft.offers_person(&phrases::NOT_HELPED, locale);
            }
        }
    }
}

fn request_person(draft: &mut Draft<'_, '_>) {
    let locale = draft.state.locale;
    match draft.state.status {
        Status::Bot => hand_over(draft, locale, because(reasons::HANDOVER_PRESSED)),
        Status::Queued | Status::Offered { .. } => draft.because(because(reasons::QUEUE_ALREADY)),
        Status::Assigned { .. } => draft.because(because(reasons::UNCHANGED)),
        Status::Snoozed { .. } => {
            draft.because(because(reasons::WOKEN_CUSTOMER));
            wake(draft, draft.customer());
        }
        Status::Resolved { .. } => {
            reopen(draft);
            if !back_to_people(draft, locale) {
                hand_over(draft, locale, because(reasons::HANDOVER_PRESSED));
            }
        }
    }
}

fn leave_queue(draft: &mut Draft<'_, '_>) {
    match draft.state.status {
        Status::Queued | Status::Offered { .. } => {
            draft.because(because(reasons::QUEUE_LEFT));
            draft.push(draft.customer(), Event::LeftQueue);
            let phrase = if draft.ctx.inbox.bot { &phrases::LEFT_QUEUE } else { &phrases::LEFT_QUEUE_NO_BOT };
            let actor = draft.house();
            draft.says(actor, phrase, draft.state.locale, &[]);
        }
        Status::Bot | Status::Assigned { .. } | Status::Snoozed { .. } | Status::Resolved { .. } => {
            draft.because(because(reasons::NOT_CONCERNED).with("status", draft.state.status.name()));
        }
    }
}

fn read(draft: &mut Draft<'_, '_>, up_to: Seq) {
    let up_to = up_to.min(draft.ctx.last_seq);
    if up_to <= draft.state.read_by_customer && draft.state.unread_by_customer == 0 {
        draft.because(because(reasons::UNCHANGED));
        return;
    }
    draft.because(because(reasons::READ).with("up_to", up_to));
    draft.push(draft.customer(), Event::ReadMarked { up_to });
}

fn tell(draft: &mut Draft<'_, '_>, fields: &BTreeMap<String, String>) -> Result<(), Fault> {
    let is_key = |key: &String| !key.is_empty() && key.len() <= 40 && key.chars().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '_');
    if fields.len() > FIELDS_MAX || !fields.keys().all(is_key) {
        return Err(Fault::with(codes::BAD_FIELD, "fields: at most 40, named [a-z0-9_]{1,40}"));
    }
    if fields.values().any(|it| it.chars().nth(FIELD_CHARS_MAX).is_some()) {
        return Err(Fault::with(codes::BAD_FIELD, "fields: values of at most 1000 characters"));
    }
    let told: BTreeMap<String, String> = fields.iter().filter(|it| draft.ctx.contact.may_tell(it.0)).map(|it| (it.0.clone(), it.1.clone())).collect();
    if told.is_empty() {
        draft.because(because(reasons::UNCHANGED));
        return Ok(());
    }
    let names: Vec<&str> = told.keys().map(String::as_str).collect();
    draft.because(because(reasons::CONTACT_TOLD).with("fields", names.join(", ")));
    draft.push(draft.customer(), Event::ContactUpdated { fields: told });
    Ok(())
}

fn end(draft: &mut Draft<'_, '_>) {
    if matches!(draft.state.status, Status::Resolved { .. }) {
        draft.because(because(reasons::UNCHANGED));
        return;
    }
    draft.because(because(reasons::RESOLVED_BY_CUSTOMER));
    draft.push(draft.customer(), Event::Resolved);
    rating::ask(draft);
}
