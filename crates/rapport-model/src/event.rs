//! Facts of a conversation, in the past tense: what the journal is made of.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    Bilingual, CareAct, CareRuleId, ConsentChannel, ConsentPurpose, ConversationId, ContactId, Content, DeliveryState, FeelingState, InboxId, IntentId, Locale, MemberId, MessageId, Priority, PriorityStep, QueueEntry, Seq, SpendingId,
    SpendingState, Summary, TeamId, TicketId, TicketStage, Timestamp, Weight,
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
    /// How far a message of ours came on a remote channel; `code` is the provider's, where it failed.
    DeliveryChanged { message: MessageId, state: DeliveryState, #[serde(default, skip_serializing_if = "Option::is_none")] code: Option<String> },
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
    ConsentGiven { purpose: ConsentPurpose, text_version: u32, channel: ConsentChannel },
    /// From here on nothing rests on it, and what rested on it is gone.
    ConsentWithdrawn { purpose: ConsentPurpose },
    /// A rule served the customer better. What it rested on is in here; gone with the consent (`CareErased`).
    CareTaken {
        rule: CareRuleId,
        act: CareAct,
        feeling: FeelingState,
        /// What moved it, strongest first.
        moved: Vec<Weight>,
        /// `Reading::model`.
        model: String,
        /// Ids of the policies that agreed.
        policies: Vec<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        opening: Option<Bilingual>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        priority: Option<PriorityStep>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        skill: Option<String>,
    },
    /// The customer is well again: what the rule did is over.
    CareEnded { rule: CareRuleId },
    SupervisorAlerted { rule: CareRuleId },
    CallbackOffered,
    CompensationOffered { spending: SpendingId, amount_minor: i64, currency: String, state: SpendingState },
    CompensationSettled { spending: SpendingId, state: SpendingState },
    /// The customer objects to what was decided at that entry.
    DecisionObjected { about: Seq, text: String },
    /// An entry about care as it stands after its consent was withdrawn.
    CareErased,
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
            | Self::Rated { .. }
            | Self::ConsentGiven { .. }
            | Self::ConsentWithdrawn { .. }
            | Self::CompensationSettled { .. }
            | Self::DecisionObjected { .. } => true,
            Self::NoteAdded { .. }
            | Self::DeliveryChanged { .. }
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
            | Self::Quarantined { .. }
            | Self::CareTaken { .. }
            | Self::CareEnded { .. }
            | Self::SupervisorAlerted { .. }
            | Self::CallbackOffered
            | Self::CompensationOffered { .. }
            | Self::CareErased => false,
        }
    }

    /// Whether it is only there because a feeling was noticed, and goes with the consent.
    pub fn rests_on_feeling(&self) -> bool {
        matches!(self, Self::CareTaken { .. } | Self::CareEnded { .. } | Self::SupervisorAlerted { .. } | Self::CallbackOffered)
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
            | Self::DeliveryChanged { .. }
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
            | Self::Quarantined { .. }
            | Self::ConsentGiven { .. }
            | Self::ConsentWithdrawn { .. }
            | Self::CareTaken { .. }
            | Self::CareEnded { .. }
            | Self::SupervisorAlerted { .. }
            | Self::CallbackOffered
            | Self::CompensationOffered { .. }
            | Self::CompensationSettled { .. }
            | Self::DecisionObjected { .. }
            | Self::CareErased => false,
        }
    }

    /// What is left of it when its customer is erased: what happened, without what anybody wrote.
    #[must_use]
    pub fn erased(self) -> Self {
        let emptied = |message: Message| Message { id: message.id, client_id: None, content: Content::Erased };
        match self {
            Self::ConversationOpened { conversation, number, inbox, contact, locale, bot, page: _ } => {
                Self::ConversationOpened { conversation, number, inbox, contact, locale, bot, page: None }
            }
            Self::MessageReceived { message } => Self::MessageReceived { message: emptied(message) },
            Self::MessageSent { message } => Self::MessageSent { message: emptied(message) },
            Self::NoteAdded { message, mentions: _ } => Self::NoteAdded { message: emptied(message), mentions: Vec::new() },
            Self::HandoverRequested { summary: _ } => Self::HandoverRequested { summary: Summary::default() },
            Self::Queued { entry } => Self::Queued { entry: QueueEntry { reasons: Vec::new(), ..entry } },
            Self::LabelsChanged { labels: _ } => Self::LabelsChanged { labels: Vec::new() },
            Self::ContactUpdated { fields: _ } => Self::ContactUpdated { fields: BTreeMap::new() },
            Self::TicketCreated { ticket, number, title: _ } => Self::TicketCreated { ticket, number, title: String::new() },
            Self::Rated { score, comment: _ } => Self::Rated { score, comment: String::new() },
            Self::AnswerMissed { question: _ } => Self::AnswerMissed { question: String::new() },
            Self::IntentAsked { question: _, intents } => Self::IntentAsked { question: String::new(), intents },
            Self::IntentChosen { question: _, intent } => Self::IntentChosen { question: String::new(), intent },
            Self::DecisionObjected { about, text: _ } => Self::DecisionObjected { about, text: String::new() },
            Self::CareTaken { .. } | Self::CareEnded { .. } | Self::SupervisorAlerted { .. } | Self::CallbackOffered => Self::CareErased,
            plain @ (Self::ReadMarked { .. }
            | Self::DeliveryChanged { .. }
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
            | Self::TeamChanged { .. }
            | Self::TicketChanged { .. }
            | Self::RatingRequested
            | Self::RatingReminded
            | Self::AnswerJudged { .. }
            | Self::Quarantined { .. }
            | Self::ConsentGiven { .. }
            | Self::ConsentWithdrawn { .. }
            | Self::CompensationOffered { .. }
            | Self::CompensationSettled { .. }
            | Self::CareErased) => plain,
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
            Self::DeliveryChanged { .. } => "delivery_changed",
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
            Self::ConsentGiven { .. } => "consent_given",
            Self::ConsentWithdrawn { .. } => "consent_withdrawn",
            Self::CareTaken { .. } => "care_taken",
            Self::CareEnded { .. } => "care_ended",
            Self::SupervisorAlerted { .. } => "supervisor_alerted",
            Self::CallbackOffered => "callback_offered",
            Self::CompensationOffered { .. } => "compensation_offered",
            Self::CompensationSettled { .. } => "compensation_settled",
            Self::DecisionObjected { .. } => "decision_objected",
            Self::CareErased => "care_erased",
        }
    }
}
