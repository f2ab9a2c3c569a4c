//! What the engine answers: facts to append, effects to carry out, timers to set, and why.

use serde::{Deserialize, Serialize};

use crate::{Actor, Alert, AuditRecord, CareBudget, Consent, ContactId, ConversationId, EffectId, Event, InboxId, MemberId, Message, Reason, Spending, SpendingId, SpendingState, TenantId, TimerId, Timestamp};

/// The outcome of one `decide`. Empty means: nothing to do (the reasons say why).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    pub events: Vec<(Actor, Event)>,
    pub effects: Vec<Effect>,
    pub timers: Vec<TimerChange>,
    pub reasons: Vec<Reason>,
    /// Evidence of what was decided about the person.
    #[serde(default)]
    pub audit: Vec<AuditRecord>,
    /// What is kept beside the journal.
    #[serde(default)]
    pub care: CareOutcome,
}

/// What a decision changes of what is kept about a customer's consent and care.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CareOutcome {
    /// Given, or withdrawn.
    pub consent: Option<Consent>,
    /// New ones.
    pub spendings: Vec<Spending>,
    /// Those whose state changed, and the member who changed it.
    pub settled: Vec<(SpendingId, SpendingState, Option<MemberId>)>,
    /// New ones must fit into it.
    pub budget: Option<CareBudget>,
    pub alert: Option<Alert>,
}

impl CareOutcome {
    pub fn is_empty(&self) -> bool {
        self.consent.is_none() && self.spendings.is_empty() && self.settled.is_empty() && self.alert.is_none()
    }
}

/// Something to be done outside the decision, kept in the outbox until its outcome is known.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "effect", rename_all = "snake_case")]
pub enum Effect {
    /// Capacity or queue changed: go through the waiting conversations of the tenant.
    RouteQueue,
    /// Write the ticket that the conversation's `TicketCreated` promised.
    StoreTicket { ticket: crate::Ticket },
    /// Send a message to a customer who is on a remote channel. `by_person`: some providers allow people more than bots.
    Deliver { inbox: InboxId, contact: ContactId, message: Message, by_person: bool },
    /// Take in what a provider told whose files have to be fetched first. `fact`: JSON in the form of the channels' crate.
    Take { inbox: InboxId, fact: String },
}

/// An effect as claimed from the outbox. `id` is its idempotency key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OutboxItem {
    pub tenant: TenantId,
    pub id: EffectId,
    pub conversation: Option<ConversationId>,
    pub effect: Effect,
    /// From 0.
    pub attempt: u32,
    pub created_at: Timestamp,
}

/// How an effect ended. `Unknown` may have arrived: it is not repeated blindly.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    Done,
    Retry { not_before: Timestamp, code: String },
    Rejected { code: String },
    Unknown { code: String },
}

/// At most one timer of each kind a conversation: setting it again moves it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "timer", rename_all = "snake_case")]
pub enum TimerKind {
    OfferExpires { to: MemberId },
    SnoozeEnds,
    /// Looks at a waiting conversation again (agent came back, hours opened) so that none is forgotten.
    QueueCheck,
    RatingReminder,
    /// The customer went silent with the bot.
    BotIdle,
}

impl TimerKind {
    /// The slot: one row a conversation and slot.
    pub fn slot(&self) -> &'static str {
        match self {
            Self::OfferExpires { .. } => "offer_expires",
            Self::SnoozeEnds => "snooze_ends",
            Self::QueueCheck => "queue_check",
            Self::RatingReminder => "rating_reminder",
            Self::BotIdle => "bot_idle",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TimerChange {
    Set { kind: TimerKind, at: Timestamp },
    /// By slot; cancelling one that is not set is fine.
    Cancel { slot: std::borrow::Cow<'static, str> },
}

impl TimerChange {
    pub fn cancel(slot: &'static str) -> Self {
        Self::Cancel { slot: std::borrow::Cow::Borrowed(slot) }
    }
}

/// A timer as stored and due. `id` changes whenever the timer is set anew: a firing with an old id is void.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timer {
    pub id: TimerId,
    pub conversation: ConversationId,
    pub kind: TimerKind,
    pub due_at: Timestamp,
}
