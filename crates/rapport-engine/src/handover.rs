//! From the bot to people: the summary, the place in the queue, and what the customer is told about the wait.

use rapport_model::{Actor, Contact, Conversation, Effect, Event, Locale, MemberId, Presence, QueueEntry, Reason, Status, Summary, SummaryKind, SummaryPoint, Timestamp};

use crate::{
    calendar,
    draft::Draft,
    intent,
    phrases::{self, say, say_wait},
    reasons::{self, because},
    routing::{QueueStanding, queue_standing, route_in_turn},
};

/// Gives the conversation to people: summary, queue, first try to find an agent, and a word to the customer.
pub(crate) fn hand_over(draft: &mut Draft<'_, '_>, locale: Locale, reason: Reason) {
    draft.because(reason);
    let summary = summarise(&draft.state, draft.state.locale);
    let actor = draft.house();
    draft.push(actor, Event::HandoverRequested { summary });
    join_queue(draft, draft.ctx.now, Vec::new());
    tell_wait(draft, locale);
}

/// From an agent back into the queue, with a summary of what they and the customer said meanwhile.
pub(crate) fn requeue(draft: &mut Draft<'_, '_>, actor: Actor, reason: Reason, since: Timestamp, passed: Vec<MemberId>) {
    draft.because(reason);
    let summary = summarise(&draft.state, draft.state.locale);
    draft.push(actor, Event::HandoverRequested { summary });
    if draft.state.status != Status::Bot {
        draft.push(actor, Event::Unassigned);
    }
    join_queue(draft, since, passed);
    tell_wait(draft, draft.state.locale);
}

/// Puts the conversation into the queue and tries to find an agent at once.
fn join_queue(draft: &mut Draft<'_, '_>, since: Timestamp, passed: Vec<MemberId>) {
    let inbox = draft.ctx.inbox;
    let team = draft.state.team.or(inbox.team);
    let skills = wanted_skills(draft);
    let joined = because(reasons::QUEUE_JOINED)
        .with("team", team.map_or_else(|| "-".to_owned(), |it| it.to_string()))
        .with("skills", if skills.is_empty() { "-".to_owned() } else { skills.join(", ") })
        .with("priority", format!("{:?}", draft.state.priority).to_lowercase());
    let mut why = vec![joined.clone()];
    why.extend(hours(draft));
    let entry = QueueEntry {
        conversation: draft.state.id,
        inbox: inbox.id,
        contact: draft.state.contact,
        team,
        skills,
        priority: draft.state.priority,
        since,
        passed,
        reasons: why.clone(),
    };
    for reason in why {
        draft.because(reason);
    }
    draft.push(Actor::System, Event::Queued { entry });
    if draft.loaded.roster {
        route_in_turn(draft);
    } else {
        draft.because(because(reasons::QUEUE_LATER));
        draft.effect(Effect::RouteQueue);
    }
}

/// Those of the inbox, and those that care for this customer asks for.
fn wanted_skills(draft: &Draft<'_, '_>) -> Vec<String> {
    let mut skills = draft.ctx.inbox.skills.clone();
    skills.extend(draft.state.care.skills.iter().filter(|it| !draft.ctx.inbox.skills.contains(it)).cloned());
    skills
}

/// Whether people are at work, as reasons; none for an inbox without business hours.
pub(crate) fn hours(draft: &Draft<'_, '_>) -> Vec<Reason> {
    let (Some(calendar), now) = (draft.ctx.calendar, draft.ctx.now) else { return Vec::new() };
    let mut why = Vec::new();
    if calendar::is_open(calendar, now) {
        why.push(because(reasons::HOURS_OPEN));
    } else {
        let opens = calendar::next_open(calendar, now).map_or_else(|| "-".to_owned(), |it| calendar::plain_moment(calendar, it));
        why.push(because(reasons::HOURS_CLOSED).with("opens", opens));
        let name = |locale| calendar::holiday(calendar, now, locale);
        if let (Some(zh), Some(en)) = (name(Locale::Zh), name(Locale::En)) {
            why.push(because(reasons::HOURS_HOLIDAY).with("zh", zh).with("en", en));
        }
    }
    if let Some(year) = calendar::unannounced_year(calendar, now) {
        why.push(because(reasons::HOURS_UNANNOUNCED).with("year", year));
    }
    why
}

/// Tells the customer what happens: connected, position and estimate, or when people are back.
fn tell_wait(draft: &mut Draft<'_, '_>, locale: Locale) {
    let actor = Actor::System;
    if matches!(draft.state.status, Status::Assigned { .. }) {
        draft.says(actor, &phrases::CONNECTED, locale, &[]);
        return;
    }
    let standing = standing(draft);
    for reason in standing.iter().flat_map(|it| it.reasons.clone()) {
        draft.because(reason);
    }
    let text = words_for_wait(draft, standing.as_ref(), locale);
    draft.send(actor, rapport_model::Content::Text { text });
}

fn standing(draft: &Draft<'_, '_>) -> Option<QueueStanding> {
    let own = draft.state.queue.clone().filter(|_| draft.loaded.queue)?;
    let mut queue: Vec<QueueEntry> = draft.ctx.queue.iter().filter(|it| it.conversation != own.conversation).cloned().collect();
    queue.push(own);
    queue_standing(draft.state.id, &queue, draft.ctx.roster, draft.ctx.handle_time_ms)
}

fn words_for_wait(draft: &Draft<'_, '_>, standing: Option<&QueueStanding>, locale: Locale) -> String {
    let position = standing.map_or(1, |it| it.position).to_string();
    let position = ("position", position.as_str());
    let offered = matches!(draft.state.status, Status::Offered { .. });
    let somebody_there = draft.ctx.roster.iter().any(|it| it.presence == Presence::Online) || !draft.loaded.roster;
    let closed = draft.ctx.calendar.filter(|it| !calendar::is_open(it, draft.ctx.now));
    if offered || (somebody_there && closed.is_none()) {
        return match (standing, standing.and_then(|it| it.estimate_s)) {
            (None, _) => say(&phrases::WAIT_NEXT, locale, &[]),
            (Some(_), None) => say(&phrases::WAIT_POSITION, locale, &[position]),
            (Some(_), Some(estimate)) => say(&phrases::WAIT_POSITION_ESTIMATE, locale, &[position, ("estimate", &say_wait(estimate, locale))]),
        };
    }
    let mut text = match closed {
        None => say(&phrases::WAIT_NOBODY, locale, &[position]),
        Some(calendar) => match calendar::next_open(calendar, draft.ctx.now) {
            None => say(&phrases::CLOSED, locale, &[position]),
            Some(opens) => {
                let opens = calendar::say_moment(calendar, opens, draft.ctx.now, locale);
                let places = [position, ("opens", opens.as_str())];
                match calendar::holiday(calendar, draft.ctx.now, locale) {
                    None => say(&phrases::CLOSED_UNTIL, locale, &places),
                    Some(holiday) => say(&phrases::CLOSED_HOLIDAY, locale, &[places[0], places[1], ("holiday", holiday)]),
                }
            }
        },
    };
    if !can_be_reached(draft.ctx.contact) {
        if locale == Locale::En {
            text.push(' ');
        }
        text.push_str(&say(&phrases::LEAVE_CONTACT, locale, &[]));
    }
    text
}

fn can_be_reached(contact: &Contact) -> bool {
    contact.email.is_some() || contact.phone.is_some()
}

/// What the customer wants and what was said, in their own words: nothing is made up.
pub(crate) fn summarise(state: &Conversation, locale: Locale) -> Summary {
    let worth_telling = |it: &&SummaryPoint| match it.kind {
        SummaryKind::Asked => intent::small_talk(&it.text).is_none() && !intent::is_only_a_call(&it.text),
        SummaryKind::Answered | SummaryKind::NotAnswered | SummaryKind::Sent | SummaryKind::Told => true,
    };
    let points: Vec<SummaryPoint> = state.bot.points.iter().filter(worth_telling).cloned().collect();
    let latest = |kind: SummaryKind| points.iter().rev().find(|it| it.kind == kind);
    let question = latest(SummaryKind::NotAnswered).or_else(|| latest(SummaryKind::Asked)).map(|it| &*it.text);
    let wish = match question {
        Some(question) => say(&phrases::WISH, locale, &[("question", question)]),
        None => say(&phrases::WISH_PERSON, locale, &[]),
    };
    Summary { wish, points }
}
