//! What a member does with a conversation.

use rapport_model::{
    Actor, Content, Event, Fault, MemberAction, MemberId, Message, Seq, Status, TEXT_CHARS_MAX, TeamId, Timestamp, codes,
};

use crate::{
    customer::{check_content, wake},
    draft::Draft,
    handover::{requeue, summarise},
    phrases, rating,
    reasons::{self, because},
    routing, ticket,
};

const LABELS_MAX: usize = 20;
const LABEL_CHARS_MAX: usize = 40;

pub(crate) fn act(draft: &mut Draft<'_, '_>, by: MemberId, action: &MemberAction) -> Result<(), Fault> {
    match action {
        MemberAction::Send { content } => send(draft, by, content)?,
        MemberAction::Note { text, mentions } => note(draft, by, text, mentions)?,
        MemberAction::AcceptOffer => accept(draft, by)?,
        MemberAction::DeclineOffer => decline(draft, by),
        MemberAction::Take => take(draft, by, reasons::ASSIGNED_TAKEN),
        MemberAction::Assign { to: Some(to) } => give(draft, by, *to)?,
        MemberAction::Assign { to: None } => put_back(draft, by)?,
        MemberAction::SetTeam { team } => set_team(draft, by, *team),
        MemberAction::Snooze { until } => snooze(draft, by, *until)?,
        MemberAction::Wake => wake_up(draft, by),
        MemberAction::Resolve => resolve(draft, by),
        MemberAction::Reopen => reopen(draft, by),
        MemberAction::ReturnToBot => return_to_bot(draft, by)?,
        MemberAction::SetPriority { priority } => {
            let event = Event::PriorityChanged { priority: *priority };
            set_field(draft, by, "priority", draft.state.priority == *priority, event);
        }
        MemberAction::SetLabels { labels } => set_labels(draft, by, labels)?,
        MemberAction::MarkRead { up_to } => read(draft, by, *up_to),
        MemberAction::CreateTicket { ticket, number, title, description, path } => {
            ticket::create(draft, by, *ticket, *number, title, description, path)?;
        }
    }
    Ok(())
}

/// A member answers. Whoever answers an unassigned conversation has it; in a colleague's one has to take it first.
fn send(draft: &mut Draft<'_, '_>, by: MemberId, content: &Content) -> Result<(), Fault> {
    check_content(content)?;
    match draft.state.status {
        Status::Resolved { .. } => return Err(Fault::new(codes::CONVERSATION_CLOSED)),
        Status::Assigned { to, .. } | Status::Snoozed { to: Some(to), .. } if to != by => return Err(Fault::new(codes::NOT_ASSIGNED)),
        Status::Assigned { .. } | Status::Snoozed { .. } => {}
        Status::Bot | Status::Queued | Status::Offered { .. } => take(draft, by, reasons::ASSIGNED_BY_ACTING),
    }
    draft.because(because(reasons::FROM_MEMBER));
    draft.send(Actor::Member(by), content.clone());
    Ok(())
}

fn note(draft: &mut Draft<'_, '_>, by: MemberId, text: &str, mentions: &[MemberId]) -> Result<(), Fault> {
    if text.trim().is_empty() {
        return Err(Fault::new(codes::EMPTY_MESSAGE));
    }
    if text.chars().nth(TEXT_CHARS_MAX).is_some() {
        return Err(Fault::new(codes::TEXT_TOO_LONG));
    }
    draft.because(because(reasons::NOTE));
    let message = Message { id: draft.ids.next(), client_id: None, content: Content::Text { text: text.to_owned() } };
    draft.push(Actor::Member(by), Event::NoteAdded { message, mentions: mentions.to_vec() });
    Ok(())
}

fn accept(draft: &mut Draft<'_, '_>, by: MemberId) -> Result<(), Fault> {
    match draft.state.status {
        Status::Offered { to, .. } if to == by => {
            draft.because(because(reasons::OFFER_ACCEPTED));
            draft.push(Actor::Member(by), Event::Assigned { to: by });
            Ok(())
        }
        Status::Assigned { to, .. } if to == by => {
            draft.because(because(reasons::UNCHANGED));
            Ok(())
        }
        Status::Offered { .. } | Status::Assigned { .. } | Status::Bot | Status::Queued | Status::Snoozed { .. } | Status::Resolved { .. } => {
            Err(Fault::new(codes::OFFER_GONE))
        }
    }
}

fn decline(draft: &mut Draft<'_, '_>, by: MemberId) {
    match draft.state.status {
        Status::Offered { to, .. } if to == by => {
            draft.because(because(reasons::OFFER_DECLINED));
            draft.push(Actor::Member(by), Event::OfferDeclined { by });
            routing::route(draft);
        }
        Status::Offered { .. } | Status::Assigned { .. } | Status::Bot | Status::Queued | Status::Snoozed { .. } | Status::Resolved { .. } => {
            draft.because(because(reasons::UNCHANGED));
        }
    }
}

/// Makes `by` the one who has it, from whatever status.
fn take(draft: &mut Draft<'_, '_>, by: MemberId, why: &'static reasons::Template) {
    if matches!(draft.state.status, Status::Assigned { to, .. } if to == by) {
        draft.because(because(reasons::UNCHANGED));
        return;
    }
    draft.because(because(why));
    assign(draft, by, by);
}

fn assign(draft: &mut Draft<'_, '_>, by: MemberId, to: MemberId) {
    let actor = Actor::Member(by);
    // Out of the bot's or a colleague's hands: whoever gets it reads what was said. Who waits in the queue has a summary already.
    let hands_change = match draft.state.status {
        Status::Bot => true,
        Status::Assigned { to: has, .. } | Status::Snoozed { to: Some(has), .. } => has != to,
        Status::Queued | Status::Offered { .. } | Status::Snoozed { to: None, .. } | Status::Resolved { .. } => false,
    };
    if hands_change && !draft.state.bot.points.is_empty() {
        let summary = summarise(&draft.state, draft.state.locale);
        draft.push(actor, Event::HandoverRequested { summary });
    }
    match draft.state.status {
        Status::Resolved { .. } => draft.push(actor, Event::Reopened),
        Status::Snoozed { .. } => draft.push(actor, Event::Woken),
        Status::Bot | Status::Queued | Status::Offered { .. } | Status::Assigned { .. } => {}
    }
    if !matches!(draft.state.status, Status::Assigned { to: has, .. } if has == to) {
        draft.push(actor, Event::Assigned { to });
    }
}

fn give(draft: &mut Draft<'_, '_>, by: MemberId, to: MemberId) -> Result<(), Fault> {
    let Some(agent) = draft.ctx.roster.iter().find(|it| it.id == to) else {
        return Err(Fault::with(codes::BAD_FIELD, "to: no such active member"));
    };
    if matches!(draft.state.status, Status::Assigned { to: has, .. } if has == to) {
        draft.because(because(reasons::UNCHANGED));
        return Ok(());
    }
    draft.because(because(reasons::ASSIGNED_GIVEN).with("agent", &agent.name));
    assign(draft, by, to);
    Ok(())
}

/// Back into the queue, where the one who gave it away is not asked first. The customer keeps the place of how long they wait.
fn put_back(draft: &mut Draft<'_, '_>, by: MemberId) -> Result<(), Fault> {
    let actor = Actor::Member(by);
    let passed = match draft.state.status {
        Status::Queued | Status::Offered { .. } => {
            draft.because(because(reasons::QUEUE_ALREADY));
            return Ok(());
        }
        Status::Resolved { .. } => return Err(Fault::new(codes::CONVERSATION_CLOSED)),
        Status::Assigned { to, .. } => vec![to],
        Status::Snoozed { to, .. } => {
            draft.push(actor, Event::Woken);
            to.into_iter().collect()
        }
        Status::Bot => Vec::new(),
    };
    let since = draft.state.waiting_since.unwrap_or(draft.ctx.now);
    requeue(draft, actor, because(reasons::HANDOVER_MEMBER), since, passed);
    Ok(())
}

fn set_team(draft: &mut Draft<'_, '_>, by: MemberId, team: Option<TeamId>) {
    let unchanged = draft.state.team == team;
    set_field(draft, by, "team", unchanged, Event::TeamChanged { team });
    if unchanged {
        return;
    }
    if let Status::Offered { to, .. } = draft.state.status
        && let Some(team) = team
        && !draft.ctx.roster.iter().any(|it| it.id == to && it.teams.contains(&team))
    {
        draft.because(because(reasons::OFFER_WRONG_TEAM));
        draft.push(Actor::System, Event::OfferExpired { by: to });
    }
    if draft.state.status == Status::Queued {
        routing::route(draft);
    }
}

fn snooze(draft: &mut Draft<'_, '_>, by: MemberId, until: Timestamp) -> Result<(), Fault> {
    if until <= draft.ctx.now {
        return Err(Fault::with(codes::BAD_FIELD, "until: must lie ahead"));
    }
    match draft.state.status {
        Status::Resolved { .. } => return Err(Fault::new(codes::CONVERSATION_CLOSED)),
        Status::Snoozed { until: set, .. } if set == until => {
            draft.because(because(reasons::UNCHANGED));
            return Ok(());
        }
        Status::Bot | Status::Queued | Status::Offered { .. } => take(draft, by, reasons::ASSIGNED_BY_ACTING),
        Status::Assigned { .. } | Status::Snoozed { .. } => {}
    }
    draft.because(because(reasons::SNOOZED).with("until", until.0));
    draft.push(Actor::Member(by), Event::Snoozed { until });
    Ok(())
}

fn wake_up(draft: &mut Draft<'_, '_>, by: MemberId) {
    if matches!(draft.state.status, Status::Snoozed { .. }) {
        draft.because(because(reasons::WOKEN_MEMBER));
        wake(draft, Actor::Member(by));
    } else {
        draft.because(because(reasons::UNCHANGED));
    }
}

fn resolve(draft: &mut Draft<'_, '_>, by: MemberId) {
    if matches!(draft.state.status, Status::Resolved { .. }) {
        draft.because(because(reasons::UNCHANGED));
        return;
    }
    draft.because(because(reasons::RESOLVED_BY_MEMBER));
    draft.push(Actor::Member(by), Event::Resolved);
    rating::ask(draft);
}

fn reopen(draft: &mut Draft<'_, '_>, by: MemberId) {
    if matches!(draft.state.status, Status::Resolved { .. }) {
        draft.because(because(reasons::REOPENED_BY_MEMBER));
        assign(draft, by, by);
    } else {
        draft.because(because(reasons::UNCHANGED));
    }
}

fn return_to_bot(draft: &mut Draft<'_, '_>, by: MemberId) -> Result<(), Fault> {
    if !draft.ctx.inbox.bot {
        return Err(Fault::with(codes::BAD_FIELD, "the inbox has no bot"));
    }
    match draft.state.status {
        Status::Resolved { .. } => return Err(Fault::new(codes::CONVERSATION_CLOSED)),
        Status::Bot => {
            draft.because(because(reasons::UNCHANGED));
            return Ok(());
        }
        Status::Queued | Status::Offered { .. } | Status::Assigned { .. } | Status::Snoozed { .. } => {}
    }
    draft.because(because(reasons::BOT_RETURNED));
    draft.push(Actor::Member(by), Event::ReturnedToBot);
    draft.says(Actor::Bot, &phrases::BACK_TO_BOT, draft.state.locale, &[]);
    Ok(())
}

fn set_labels(draft: &mut Draft<'_, '_>, by: MemberId, labels: &[String]) -> Result<(), Fault> {
    let mut clean: Vec<String> = Vec::new();
    for label in labels.iter().map(|it| it.trim()).filter(|it| !it.is_empty()) {
        if label.chars().nth(LABEL_CHARS_MAX).is_some() {
            return Err(Fault::with(codes::BAD_FIELD, "labels: at most 40 characters each"));
        }
        if !clean.iter().any(|it| it == label) {
            clean.push(label.to_owned());
        }
    }
    if clean.len() > LABELS_MAX {
        return Err(Fault::with(codes::BAD_FIELD, "labels: at most 20"));
    }
    let unchanged = draft.state.labels == clean;
    set_field(draft, by, "labels", unchanged, Event::LabelsChanged { labels: clean });
    Ok(())
}

fn set_field(draft: &mut Draft<'_, '_>, by: MemberId, field: &str, unchanged: bool, event: Event) {
    if unchanged {
        draft.because(because(reasons::UNCHANGED));
    } else {
        draft.because(because(reasons::FIELD_SET).with("field", field));
        draft.push(Actor::Member(by), event);
    }
}

fn read(draft: &mut Draft<'_, '_>, by: MemberId, up_to: Seq) {
    let up_to = up_to.min(draft.ctx.last_seq);
    if up_to <= draft.state.read_by_members && draft.state.unread_by_members == 0 {
        draft.because(because(reasons::UNCHANGED));
        return;
    }
    draft.because(because(reasons::READ).with("up_to", up_to));
    draft.push(Actor::Member(by), Event::ReadMarked { up_to });
}
