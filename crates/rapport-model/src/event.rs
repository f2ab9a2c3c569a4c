//! Facts of a conversation, in the past tense: what the journal is made of.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    ConversationId, ContactId, Content, InboxId, IntentId, Locale, MemberId, MessageId, Priority, QueueEntry, Seq, Summary, TeamId, TicketId,
    TicketStage, Timestamp,
};

/// Who did something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "type", content = "id", rename_all = "snake_case")]
pub enum Actor {
    Customer(ContactId),
    Member(MemberId),
    Bot,
    System,
}

/// One message of a conversation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Message {
    pub id: MessageId,
    /// The sender's own id for it, by which it recognises its optimistic copy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    pub content: Content,
}

/// What happened. `Note*` and the members' side of routing are never shown to customers (`Event::for_customer`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Event {
    ConversationOpened { conversation: ConversationId, number: u64, inbox: InboxId, contact: ContactId, locale: Locale, bot: bool, page: Option<String> },
    /// From the customer.
    MessageReceived { message: Message },
    /// To the customer, by an agent, the bot or the system (see the entry's actor).
    MessageSent { message: Message },
    /// Among members only.
    NoteAdded { message: Message, mentions: Vec<MemberId> },
    /// The reader has seen everything up to and including `up_to`. The entry's actor says whether customer or member.
    ReadMarked { up_to: Seq },
    /// The bot gave the conversation to people (or the customer asked): with what was said so far.
    HandoverRequested { summary: Summary },
    Queued { entry: QueueEntry },
    LeftQueue,
    Offered { to: MemberId, expires_at: Timestamp },
    OfferDeclined { by: MemberId },
    OfferExpired { by: MemberId },
    Assigned { to: MemberId },
    Unassigned,
    Snoozed { until: Timestamp },
    Woken,
    Resolved,
    Reopened,
    /// Back in the bot's hands.
    ReturnedToBot,
    PriorityChanged { priority: Priority },
    LabelsChanged { labels: Vec<String> },
    TeamChanged { team: Option<TeamId> },
    /// Pre-chat fields, a name, an e-mail address became known.
    ContactUpdated { fields: BTreeMap<String, String> },
    TicketCreated { ticket: TicketId, number: u64, title: String },
    TicketChanged { ticket: TicketId, number: u64, stage: TicketStage },
    RatingRequested,
    RatingReminded,
    /// `score` is 1 to 5.
    Rated { score: u8, comment: String },
    /// The bot could not answer this message.
    AnswerMissed { question: String },
    /// The customer said whether an answer helped.
    AnswerJudged { helped: bool },
    /// The bot asked the customer which of these was meant by the question.
    IntentAsked { question: String, intents: Vec<IntentId> },
    /// The customer said what the question was about; empty where the bot had forgotten it. Whoever teaches may make an example of it.
    IntentChosen { question: String, intent: IntentId },
    /// A decision failed on this input; the conversation needs a person to look.
    Quarantined { code: String },
}

impl Event {
    /// Whether the customer's own socket may see it.
    pub fn for_customer(&self) -> bool {
        match self {
            Self::ConversationOpened { .. }
            | Self::MessageReceived { .. }
            | Self::MessageSent { .. }
            | Self::ReadMarked { .. }
            | Self::LeftQueue
            | Self::Assigned { .. }
            | Self::Unassigned
            | Self::Resolved
            | Self::Reopened
            | Self::ReturnedToBot
            | Self::TicketCreated { .. }
            | Self::TicketChanged { .. }
            | Self::RatingRequested
            | Self::Rated { .. } => true,
            Self::NoteAdded { .. }
            | Self::HandoverRequested { .. }
            | Self::Queued { .. }
            | Self::Offered { .. }
            | Self::OfferDeclined { .. }
            | Self::OfferExpired { .. }
            | Self::Snoozed { .. }
            | Self::Woken
            | Self::PriorityChanged { .. }
            | Self::LabelsChanged { .. }
            | Self::TeamChanged { .. }
            | Self::ContactUpdated { .. }
            | Self::RatingReminded
            | Self::AnswerMissed { .. }
            | Self::AnswerJudged { .. }
            | Self::IntentAsked { .. }
            | Self::IntentChosen { .. }
            | Self::Quarantined { .. } => false,
        }
    }

    /// Whether it changes who waits, in which order, or who has how much: a routing decision made before it may no longer hold.
    pub fn moves_routing(&self) -> bool {
        match self {
            Self::Queued { .. }
            | Self::LeftQueue
            | Self::Offered { .. }
            | Self::OfferDeclined { .. }
            | Self::OfferExpired { .. }
            | Self::Assigned { .. }
            | Self::Unassigned
            | Self::Snoozed { .. }
            | Self::Woken
            | Self::Resolved
            | Self::Reopened
            | Self::ReturnedToBot
            | Self::PriorityChanged { .. }
            | Self::TeamChanged { .. } => true,
            Self::ConversationOpened { .. }
            | Self::MessageReceived { .. }
            | Self::MessageSent { .. }
            | Self::NoteAdded { .. }
            | Self::ReadMarked { .. }
            | Self::HandoverRequested { .. }
            | Self::LabelsChanged { .. }
            | Self::ContactUpdated { .. }
            | Self::TicketCreated { .. }
            | Self::TicketChanged { .. }
            | Self::RatingRequested
            | Self::RatingReminded
            | Self::Rated { .. }
            | Self::AnswerMissed { .. }
            | Self::AnswerJudged { .. }
            | Self::IntentAsked { .. }
            | Self::IntentChosen { .. }
            | Self::Quarantined { .. } => false,
        }
    }

    /// The message it carries, if it carries one.
    pub fn message(&self) -> Option<&Message> {
        if let Self::MessageReceived { message } | Self::MessageSent { message } | Self::NoteAdded { message, .. } = self { Some(message) } else { None }
    }

    /// The stable name stored beside the payload, equal to serde's `kind`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::ConversationOpened { .. } => "conversation_opened",
            Self::MessageReceived { .. } => "message_received",
            Self::MessageSent { .. } => "message_sent",
            Self::NoteAdded { .. } => "note_added",
            Self::ReadMarked { .. } => "read_marked",
            Self::HandoverRequested { .. } => "handover_requested",
            Self::Queued { .. } => "queued",
            Self::LeftQueue => "left_queue",
            Self::Offered { .. } => "offered",
            Self::OfferDeclined { .. } => "offer_declined",
            Self::OfferExpired { .. } => "offer_expired",
            Self::Assigned { .. } => "assigned",
            Self::Unassigned => "unassigned",
            Self::Snoozed { .. } => "snoozed",
            Self::Woken => "woken",
            Self::Resolved => "resolved",
            Self::Reopened => "reopened",
            Self::ReturnedToBot => "returned_to_bot",
            Self::PriorityChanged { .. } => "priority_changed",
            Self::LabelsChanged { .. } => "labels_changed",
            Self::TeamChanged { .. } => "team_changed",
            Self::ContactUpdated { .. } => "contact_updated",
            Self::TicketCreated { .. } => "ticket_created",
            Self::TicketChanged { .. } => "ticket_changed",
            Self::RatingRequested => "rating_requested",
            Self::RatingReminded => "rating_reminded",
            Self::Rated { .. } => "rated",
            Self::AnswerMissed { .. } => "answer_missed",
            Self::AnswerJudged { .. } => "answer_judged",
            Self::IntentAsked { .. } => "intent_asked",
            Self::IntentChosen { .. } => "intent_chosen",
            Self::Quarantined { .. } => "quarantined",
        }
    }
}
