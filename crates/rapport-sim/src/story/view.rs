//! What a stage shows of a customer and of a desk, and whether it is what a story expects. The same for every stage.

use std::collections::{BTreeMap, BTreeSet};

use rapport_model::{Actor, ChoiceId, Content, Conversation, Event, MemberId, Message, Status, TicketStage};

use super::step::{AtDesk, Expect};

/// What can be seen of one customer at a moment.
#[derive(Clone, Debug, Default)]
pub struct View {
    /// What their widget was told, oldest first.
    pub feed: Vec<(Actor, Event)>,
    /// Their newest conversation as desks see it.
    pub conversation: Option<Conversation>,
    /// How many questions of it the bot noted as not answered.
    pub missed: usize,
    /// Place and estimate as last told to them.
    pub standing: Option<Standing>,
    /// The public page of their newest ticket.
    pub page: Option<TicketPage>,
    pub members: BTreeMap<MemberId, String>,
    /// Who was seen typing since their last message.
    pub typing: BTreeSet<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    pub position: u32,
    pub estimate_s: Option<u32>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TicketPage {
    pub title: String,
    pub stage: TicketStage,
    pub notes: Vec<String>,
}

impl View {
    /// Messages of others from place `from` on, with their places in the feed.
    fn told(&self, from: usize) -> impl Iterator<Item = (usize, &Message)> {
        let events = self.feed.iter().map(|(_, event)| event).enumerate().skip(from);
        events.filter_map(|(place, event)| if let Event::MessageSent { message } = event { Some((place, message)) } else { None })
    }

    fn name(&self, member: MemberId) -> &str {
        self.members.get(&member).map_or("somebody unknown", String::as_str)
    }

    fn status(&self) -> Result<Status, String> {
        self.conversation.as_ref().map(|it| it.status).ok_or_else(|| "there is no conversation".to_owned())
    }
}

/// Whether it holds now. `heard` is the place in the feed up to which the customer has listened; it moves on.
pub fn check(what: &Expect, view: &View, heard: &mut usize) -> Result<(), String> {
    match what {
        Expect::AnsweredFrom { source } => {
            hear(view, heard, &format!("an answer from “{source}”"), |it| is_answer_from(it, source))
        }
        Expect::NotKnown => hear(view, heard, "that it is not known, with a person offered", offers_person).and_then(|()| missed(view)),
        Expect::Hears { text } => hear(view, heard, &format!("“{text}”"), |it| it.plain_text().contains(text)),
        Expect::GetsPicture { name } => hear(view, heard, &format!("the picture {name}"), |it| matches!(it, Content::Image { file } if file.name == *name)),
        Expect::GetsFile { name } => hear(view, heard, &format!("the file {name}"), |it| matches!(it, Content::File { file } if file.name == *name)),
        Expect::NeverHeard { text } => {
            let found = view.told(0).find(|(_, it)| it.content.plain_text().contains(text));
            found.map_or(Ok(()), |(_, it)| Err(format!("heard “{}”", it.content.plain_text())))
        }
        Expect::SeesTyping { agent } => holds(view.typing.contains(agent), || format!("sees typing: {:?}", view.typing)),
        Expect::WaitsAt { position, with_estimate } => waits(view, *position, *with_estimate),
        Expect::OfferedTo { agent, summary } => offered(view, agent, summary.as_deref()),
        Expect::AssignedTo { agent } => {
            let status = view.status()?;
            holds(matches!(status, Status::Assigned { to, .. } if view.name(to) == agent), || format!("it is {}", told_status(view, status)))
        }
        Expect::WithBot => is_status(view, "bot"),
        Expect::Queued => is_status(view, "queued"),
        Expect::Resolved => is_status(view, "resolved"),
        Expect::Snoozed => is_status(view, "snoozed"),
        Expect::AskedToRate { times } => {
            let asked = view.told(0).filter(|(_, it)| matches!(it.content, Content::RatingRequest { .. })).count();
            holds(asked == *times, || format!("was asked {asked} times"))
        }
        Expect::CaredFor { act } => {
            let active: Vec<_> = view.conversation.iter().flat_map(|it| it.care.active.iter().map(|it| it.act)).collect();
            holds(active.contains(act), || format!("in force: {active:?}"))
        }
        Expect::NotCaredFor => {
            let care = view.conversation.as_ref().map(|it| it.care.clone()).unwrap_or_default();
            holds(care == rapport_model::CareState::default(), || format!("in force: {care:?}"))
        }
        Expect::HasPriority { priority } => {
            let has = view.conversation.as_ref().map(|it| it.priority);
            holds(has == Some(*priority), || format!("has {has:?}"))
        }
        Expect::CompensationIs { state } => {
            let states: Vec<_> = view.conversation.iter().flat_map(|it| it.compensations.iter().map(|it| it.state)).collect();
            holds(states.contains(state), || format!("compensations: {states:?}"))
        }
        Expect::Rated { score } => {
            let given = view.conversation.as_ref().and_then(|it| it.csat.score);
            holds(given == Some(*score), || format!("rated {given:?}"))
        }
        Expect::GetsTicket { title } => {
            hear(view, heard, &format!("the ticket “{title}”"), |it| matches!(it, Content::Ticket { title: found, .. } if found == title))
        }
        Expect::TicketPage { stage, note } => ticket_page(view, *stage, note.as_deref()),
        Expect::Has { times, text } => {
            let messages = view.feed.iter().filter_map(|(_, it)| it.message());
            let found = messages.filter(|it| it.content.plain_text().contains(text)).count();
            holds(found == *times, || format!("it is there {found} times"))
        }
        Expect::ReadEverything => {
            let unread = view.conversation.as_ref().map_or(0, |it| it.unread_by_customer);
            holds(unread == 0, || format!("{unread} not read"))
        }
        Expect::ReadByAgents => {
            let read = view.feed.iter().any(|(actor, event)| matches!((actor, event), (Actor::Member(_), Event::ReadMarked { .. })));
            let unread = view.conversation.as_ref().map_or(0, |it| it.unread_by_members);
            holds(read && unread == 0, || format!("{unread} not read by agents"))
        }
    }
}

/// Whether a desk shows it; `feed` holds what desks were told of the customer's conversations.
pub fn check_at_desk(what: &AtDesk, feed: &[(Actor, Event)], sees_typing: bool) -> Result<(), String> {
    let received = |fits: &dyn Fn(&Content) -> bool| {
        let mut contents = feed.iter().filter_map(|(_, event)| if let Event::MessageReceived { message } = event { Some(&message.content) } else { None });
        contents.any(fits)
    };
    let found = match what {
        AtDesk::Hears { text } => received(&|it| it.plain_text().contains(text)),
        AtDesk::GetsPicture { name } => received(&|it| matches!(it, Content::Image { file } if file.name == *name)),
        AtDesk::GetsFile { name } => received(&|it| matches!(it, Content::File { file } if file.name == *name)),
        AtDesk::SeesTyping => sees_typing,
    };
    holds(found, || "the desk shows nothing of it".to_owned())
}

fn hear(view: &View, heard: &mut usize, what: &str, fits: impl Fn(&Content) -> bool) -> Result<(), String> {
    match view.told(*heard).find(|(_, it)| fits(&it.content)) {
        Some((place, _)) => {
            *heard = place + 1;
            Ok(())
        }
        None => {
            let said: Vec<String> = view.told(*heard).map(|(_, it)| format!("“{}” ({})", rapport_model::shorten(it.content.plain_text(), 90), it.content.kind())).collect();
            Err(format!("did not hear {what}; heard: {}", if said.is_empty() { "nothing more".to_owned() } else { said.join(", ") }))
        }
    }
}

fn is_answer_from(content: &Content, source: &str) -> bool {
    let Content::Answer { text, sources, .. } = content else { return false };
    !text.is_empty() && sources.iter().any(|it| it.title.contains(source) && !it.quote.is_empty())
}

fn offers_person(content: &Content) -> bool {
    matches!(content, Content::Choices { options, .. } if options.iter().any(|it| it.id == ChoiceId::RequestPerson))
}

fn missed(view: &View) -> Result<(), String> {
    holds(view.missed > 0, || "it was not noted as not answered".to_owned())
}

fn waits(view: &View, position: u32, with_estimate: Option<bool>) -> Result<(), String> {
    let Some(standing) = view.standing else { return Err("was told no place in the queue".to_owned()) };
    let fits = standing.position == position && with_estimate.is_none_or(|it| it == standing.estimate_s.is_some());
    holds(fits, || format!("waits at {standing:?}"))
}

fn offered(view: &View, agent: &str, summary: Option<&str>) -> Result<(), String> {
    let status = view.status()?;
    if !matches!(status, Status::Offered { to, .. } if view.name(to) == agent) {
        return Err(format!("it is {}", told_status(view, status)));
    }
    let Some(wanted) = summary else { return Ok(()) };
    let Some(found) = view.conversation.as_ref().and_then(|it| it.summary.as_ref()) else { return Err("there is no summary".to_owned()) };
    let holds_it = found.wish.contains(wanted) || found.points.iter().any(|it| it.text.contains(wanted));
    holds(holds_it, || format!("the summary is “{}” with {:?}", found.wish, found.points))
}

fn ticket_page(view: &View, stage: TicketStage, note: Option<&str>) -> Result<(), String> {
    let Some(page) = &view.page else { return Err("there is no page".to_owned()) };
    let fits = page.stage == stage && note.is_none_or(|note| page.notes.iter().any(|it| it.contains(note)));
    holds(fits, || format!("the page shows {page:?}"))
}

fn is_status(view: &View, name: &str) -> Result<(), String> {
    let status = view.status()?;
    holds(status.name() == name, || format!("it is {}", told_status(view, status)))
}

fn told_status(view: &View, status: Status) -> String {
    match status {
        Status::Offered { to, .. } | Status::Assigned { to, .. } => format!("{} to {}", status.name(), view.name(to)),
        Status::Bot | Status::Queued | Status::Snoozed { .. } | Status::Resolved { .. } => status.name().to_owned(),
    }
}

fn holds(it: bool, why: impl FnOnce() -> String) -> Result<(), String> {
    if it { Ok(()) } else { Err(why()) }
}
