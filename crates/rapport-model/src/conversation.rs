//! A conversation's state: the fold of its journal entries.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{
    Actor, CareState, ChoiceId, CompensationOffer, ContactId, ConversationId, Event, InboxId, Locale, MemberId, Presence, Reason, Seq, TeamId, TicketId, Timestamp,
};

/// Where a conversation stands. Each status carries what belongs to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Status {
    /// The bot answers.
    Bot,
    /// Waits for a person; the queue entry says since when and why there.
    Queued,
    /// One agent is asked to take it.
    Offered { to: MemberId, expires_at: Timestamp },
    Assigned { to: MemberId, since: Timestamp },
    /// Put aside; comes back by itself at `until` or when the customer writes.
    Snoozed { until: Timestamp, to: Option<MemberId> },
    Resolved { at: Timestamp, by: Option<MemberId> },
}

/// The four groups that lists and reports count in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StatusCategory {
    Open,
    Waiting,
    Paused,
    Done,
}

impl Status {
    pub fn category(&self) -> StatusCategory {
        match self {
            Self::Bot | Self::Assigned { .. } => StatusCategory::Open,
            Self::Queued | Self::Offered { .. } => StatusCategory::Waiting,
            Self::Snoozed { .. } => StatusCategory::Paused,
            Self::Resolved { .. } => StatusCategory::Done,
        }
    }
    pub fn name(&self) -> &'static str {
        match self {
            Self::Bot => "bot",
            Self::Queued => "queued",
            Self::Offered { .. } => "offered",
            Self::Assigned { .. } => "assigned",
            Self::Snoozed { .. } => "snoozed",
            Self::Resolved { .. } => "resolved",
        }
    }
    /// The agent who has it (assigned, or snoozed by them).
    pub fn assignee(&self) -> Option<MemberId> {
        match self {
            Self::Assigned { to, .. } => Some(*to),
            Self::Snoozed { to, .. } => *to,
            Self::Bot | Self::Queued | Self::Offered { .. } | Self::Resolved { .. } => None,
        }
    }
}

impl StatusCategory {
    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Waiting => "waiting",
            Self::Paused => "paused",
            Self::Done => "done",
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    Low,
    #[default]
    Normal,
    High,
    Urgent,
}

/// A place in the queue, with the reasons for it. Its own row in the store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct QueueEntry {
    pub conversation: ConversationId,
    pub inbox: InboxId,
    pub contact: ContactId,
    pub team: Option<TeamId>,
    pub skills: Vec<String>,
    pub priority: Priority,
    pub since: Timestamp,
    /// Agents who declined or let the offer pass; asked again only when nobody else is left.
    #[serde(default)]
    pub passed: Vec<MemberId>,
    pub reasons: Vec<Reason>,
}

impl QueueEntry {
    /// Order of service: priority first, then longest wait, then id.
    pub fn rank(&self) -> (std::cmp::Reverse<Priority>, Timestamp, ConversationId) {
        (std::cmp::Reverse(self.priority), self.since, self.conversation)
    }
}

/// What an agent reads before taking over.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Summary {
    /// One sentence: what the customer wants.
    pub wish: String,
    /// Key points in order: asked, answered with which source, not answered, told.
    pub points: Vec<SummaryPoint>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct SummaryPoint {
    pub kind: SummaryKind,
    /// Shared: a conversation is copied for every decision on it, and what was said does not change.
    #[schema(value_type = String)]
    pub text: Arc<str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SummaryKind {
    Asked,
    Answered,
    NotAnswered,
    Sent,
    Told,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Preview {
    pub text: String,
    pub actor: Actor,
    pub at: Timestamp,
    /// `text`, `image`, `file`, `answer`, `choices`, `ticket`, `rating_request`.
    pub content: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Csat {
    pub requested_at: Option<Timestamp>,
    pub reminded: bool,
    pub score: Option<u8>,
    pub comment: String,
}

/// What the bot remembers of the talk.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct BotMemory {
    /// Questions in a row that it could not answer.
    pub misses: u32,
    pub turns: u32,
    /// Outline for the hand-over, oldest first, bounded.
    pub points: Vec<SummaryPoint>,
    /// The question about which it asked back with its last words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_back: Option<String>,
    /// The choices of its last words, in order: where there are no buttons a number picks one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub offered: Vec<ChoiceId>,
}

/// How many outline points are kept.
pub const SUMMARY_POINTS_MAX: usize = 8;

/// State of one conversation. Everything in it follows from its journal by `apply`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Conversation {
    pub id: ConversationId,
    pub number: u64,
    pub inbox: InboxId,
    pub contact: ContactId,
    pub locale: Locale,
    pub status: Status,
    #[serde(default)]
    #[schema(required)]
    pub priority: Priority,
    #[serde(default)]
    #[schema(required)]
    pub labels: Vec<String>,
    #[serde(default)]
    #[schema(required)]
    pub team: Option<TeamId>,
    pub opened_at: Timestamp,
    pub updated_at: Timestamp,
    /// Since when the customer has had no reply to what they wrote last.
    #[serde(default)]
    #[schema(required)]
    pub waiting_since: Option<Timestamp>,
    #[serde(default)]
    #[schema(required)]
    pub queue: Option<QueueEntry>,
    /// The last agent who had it, for sticky routing.
    #[serde(default)]
    #[schema(required)]
    pub last_agent: Option<MemberId>,
    #[serde(default)]
    #[schema(required)]
    pub summary: Option<Summary>,
    #[serde(default)]
    #[schema(required)]
    pub bot: BotMemory,
    #[serde(default)]
    #[schema(required)]
    pub last_message: Option<Preview>,
    pub messages: u32,
    #[serde(default)]
    #[schema(required)]
    pub unread_by_members: u32,
    #[serde(default)]
    #[schema(required)]
    pub unread_by_customer: u32,
    #[serde(default)]
    #[schema(required)]
    pub read_by_customer: Seq,
    #[serde(default)]
    #[schema(required)]
    pub read_by_members: Seq,
    #[serde(default)]
    #[schema(required)]
    pub csat: Csat,
    #[serde(default)]
    #[schema(required)]
    pub tickets: Vec<TicketId>,
    /// The page where the customer started.
    #[serde(default)]
    #[schema(required)]
    pub page: Option<String>,
    #[serde(default)]
    #[schema(required)]
    pub quarantined: bool,
    /// What rules have done for the customer and is still in force; empty as soon as the consent it rests on is gone.
    #[serde(default)]
    #[schema(required)]
    pub care: CareState,
    #[serde(default)]
    #[schema(required)]
    pub compensations: Vec<CompensationOffer>,
    /// When the customer wrote last, by our clock: what reply windows of remote channels count from.
    #[serde(default)]
    #[schema(required)]
    pub customer_wrote_at: Option<Timestamp>,
    /// Messages of ours since then: what quotas of remote channels count.
    #[serde(default)]
    #[schema(required)]
    pub sent_since: u32,
}

impl Conversation {
    /// The state after the first entry; `None` unless that is `ConversationOpened`.
    pub fn open(event: &Event, at: Timestamp) -> Option<Self> {
        let Event::ConversationOpened { conversation, number, inbox, contact, locale, bot: _, page } = event else { return None };
        Some(Self {
            id: *conversation,
            number: *number,
            inbox: *inbox,
            contact: *contact,
            locale: *locale,
            status: Status::Bot,
            priority: Priority::Normal,
            labels: Vec::new(),
            team: None,
            opened_at: at,
            updated_at: at,
            waiting_since: None,
            queue: None,
            last_agent: None,
            summary: None,
            bot: BotMemory::default(),
            last_message: None,
            messages: 0,
            unread_by_members: 0,
            unread_by_customer: 0,
            read_by_customer: Seq(0),
            read_by_members: Seq(0),
            csat: Csat::default(),
            tickets: Vec::new(),
            page: page.clone(),
            quarantined: false,
            care: CareState::default(),
            compensations: Vec::new(),
            customer_wrote_at: None,
            sent_since: 0,
        })
    }

    /// The state after one more entry. Total: an event that does not fit the status changes what it can and nothing else.
    pub fn apply(&mut self, actor: Actor, at: Timestamp, event: &Event) {
        self.updated_at = self.updated_at.max(at);
        match event {
            Event::ConversationOpened { .. }
            | Event::ContactUpdated { .. }
            | Event::TicketChanged { .. }
            | Event::ConsentGiven { .. }
            | Event::DecisionObjected { .. }
            | Event::DeliveryChanged { .. }
            | Event::CareErased => {}
            Event::MessageReceived { message } => self.received(actor, at, message),
            Event::MessageSent { message } => self.sent(actor, at, message),
            Event::NoteAdded { .. } => {}
            Event::ReadMarked { up_to } => self.read(actor, *up_to),
            Event::HandoverRequested { summary } => self.summary = Some(summary.clone()),
            Event::Queued { entry } => (self.status, self.queue) = (Status::Queued, Some(entry.clone())),
            Event::LeftQueue | Event::Unassigned => (self.status, self.queue) = (Status::Bot, None),
            Event::Offered { to, expires_at } => self.status = Status::Offered { to: *to, expires_at: *expires_at },
            Event::OfferDeclined { by } | Event::OfferExpired { by } => self.passed(*by),
            Event::Assigned { to } => {
                self.status = Status::Assigned { to: *to, since: at };
                self.last_agent = Some(*to);
                self.queue = None;
            }
            Event::Snoozed { until } => self.status = Status::Snoozed { until: *until, to: self.status.assignee() },
            Event::Woken => {
                if let Status::Snoozed { to, .. } = self.status {
                    self.status = to.map_or(Status::Bot, |to| Status::Assigned { to, since: at });
                }
            }
            Event::Resolved => self.resolved(actor, at),
            Event::Reopened | Event::ReturnedToBot => {
                self.status = Status::Bot;
                self.queue = None;
                self.bot = BotMemory::default();
            }
            Event::PriorityChanged { priority } => self.prioritised(actor, *priority),
            Event::LabelsChanged { labels } => self.labels.clone_from(labels),
            Event::TeamChanged { team } => self.moved_to(*team),
            Event::TicketCreated { ticket, .. } => self.tickets.push(*ticket),
            Event::RatingRequested => self.csat.requested_at = Some(at),
            Event::RatingReminded => self.csat.reminded = true,
            Event::Rated { score, comment } => {
                self.csat.score = Some(*score);
                self.csat.comment.clone_from(comment);
            }
            Event::AnswerMissed { question } => {
                self.bot.misses = self.bot.misses.saturating_add(1);
                self.outline(SummaryKind::NotAnswered, question);
            }
            Event::AnswerJudged { .. } => {}
            Event::IntentAsked { question, .. } => self.bot.asked_back = Some(question.clone()),
            Event::IntentChosen { .. } => {
                self.bot.asked_back = None;
                self.bot.misses = 0;
            }
            Event::Quarantined { .. } => self.quarantined = true,
            Event::SupervisorAlerted { .. } | Event::CallbackOffered => {}
            Event::ConsentWithdrawn { .. } | Event::CareTaken { .. } | Event::CareEnded { .. } => self.cared(at, event),
            Event::CompensationOffered { spending, amount_minor, currency, state } => {
                self.compensations.push(CompensationOffer { spending: *spending, amount_minor: *amount_minor, currency: currency.clone(), state: *state });
            }
            Event::CompensationSettled { spending, state } => self.compensations.iter_mut().filter(|it| it.spending == *spending).for_each(|it| it.state = *state),
        }
    }

    fn prioritised(&mut self, actor: Actor, priority: Priority) {
        self.priority = priority;
        // Whoever sets it by hand means it: it is not put back.
        if matches!(actor, Actor::Member(_)) {
            self.care.priority = None;
        }
        if let Some(entry) = &mut self.queue {
            entry.priority = priority;
        }
    }

    fn moved_to(&mut self, team: Option<TeamId>) {
        self.team = team;
        if let Some(entry) = &mut self.queue {
            entry.team = team;
        }
    }

    /// What rules do for the customer; nothing of it outlives the consent.
    fn cared(&mut self, at: Timestamp, event: &Event) {
        if let Event::CareTaken { rule, act, opening, priority, skill, .. } = event {
            self.care.take(*rule, *act, at, opening.as_ref(), *priority, skill.as_ref());
        } else if let Event::CareEnded { rule } = event {
            self.care.end(*rule);
        } else if matches!(event, Event::ConsentWithdrawn { purpose: crate::ConsentPurpose::EmotionCare }) {
            self.care = CareState::default();
        }
    }

    fn received(&mut self, actor: Actor, at: Timestamp, message: &crate::Message) {
        self.note_message(actor, at, message);
        self.unread_by_members = self.unread_by_members.saturating_add(1);
        (self.customer_wrote_at, self.sent_since, self.bot.offered) = (Some(at), 0, Vec::new());
        // Thanks after the end ask for nothing; a question reopens it first.
        if !matches!(self.status, Status::Resolved { .. }) {
            self.waiting_since = self.waiting_since.or(Some(at));
        }
        let kind = if matches!(message.content, crate::Content::Text { .. }) { SummaryKind::Asked } else { SummaryKind::Sent };
        self.outline(kind, message.content.plain_text());
    }

    fn sent(&mut self, actor: Actor, at: Timestamp, message: &crate::Message) {
        self.note_message(actor, at, message);
        self.unread_by_customer = self.unread_by_customer.saturating_add(1);
        self.sent_since = self.sent_since.saturating_add(1);
        self.bot.offered = message.content.choices();
        match actor {
            Actor::Member(_) => {
                self.waiting_since = None;
                self.outline(SummaryKind::Told, message.content.plain_text());
            }
            Actor::Bot => {
                self.bot.turns = self.bot.turns.saturating_add(1);
                self.bot.asked_back = None;
                if let crate::Content::Answer { text, .. } = &message.content {
                    self.bot.misses = 0;
                    self.outline(SummaryKind::Answered, text);
                }
                // A word of its own is a reply; a choice of buttons says that there was none.
                if matches!(message.content, crate::Content::Answer { .. } | crate::Content::Text { .. }) {
                    self.waiting_since = None;
                }
            }
            Actor::Customer(_) | Actor::System => {}
        }
    }

    fn read(&mut self, actor: Actor, up_to: Seq) {
        match actor {
            Actor::Customer(_) => {
                self.read_by_customer = self.read_by_customer.max(up_to);
                self.unread_by_customer = 0;
            }
            Actor::Member(_) => {
                self.read_by_members = self.read_by_members.max(up_to);
                self.unread_by_members = 0;
            }
            Actor::Bot | Actor::System => {}
        }
    }

    fn resolved(&mut self, actor: Actor, at: Timestamp) {
        let by = if let Actor::Member(id) = actor { Some(id) } else { None };
        self.status = Status::Resolved { at, by };
        self.queue = None;
        self.waiting_since = None;
    }

    /// Back in the queue; who let the offer pass is asked last.
    fn passed(&mut self, by: MemberId) {
        self.status = Status::Queued;
        if let Some(entry) = &mut self.queue
            && !entry.passed.contains(&by)
        {
            entry.passed.push(by);
        }
    }

    fn note_message(&mut self, actor: Actor, at: Timestamp, message: &crate::Message) {
        self.messages = self.messages.saturating_add(1);
        self.last_message = Some(Preview {
            text: shorten(message.content.plain_text(), 120),
            actor,
            at,
            content: message.content.kind().to_owned(),
        });
    }

    fn outline(&mut self, kind: SummaryKind, text: &str) {
        let text = shorten(text, 160);
        if text.is_empty() {
            return;
        }
        // A question that was missed replaces its "asked" line: one line a turn.
        if kind == SummaryKind::NotAnswered
            && let Some(last) = self.bot.points.last_mut()
            && *last.text == *text
        {
            last.kind = kind;
            return;
        }
        if self.bot.points.len() == SUMMARY_POINTS_MAX {
            self.bot.points.remove(0);
        }
        self.bot.points.push(SummaryPoint { kind, text: text.into() });
    }
}

/// At most `chars_max` characters, with an ellipsis where something was cut; line breaks become spaces.
pub fn shorten(text: &str, chars_max: usize) -> String {
    // Not more bytes than characters may stay: nothing to count.
    if text.len() <= chars_max && !text.chars().any(char::is_control) {
        return text.to_owned();
    }
    let mut out: String = text.chars().take(chars_max).map(|it| if it.is_control() { ' ' } else { it }).collect();
    if text.chars().nth(chars_max).is_some() {
        out.pop();
        out.push('…');
    }
    out
}

/// An agent as routing sees them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct AgentView {
    pub id: MemberId,
    pub name: String,
    pub presence: Presence,
    pub teams: Vec<TeamId>,
    pub skills: Vec<String>,
    pub capacity: u32,
    /// Assigned and offered conversations.
    pub load: u32,
    pub last_assigned_at: Option<Timestamp>,
}
