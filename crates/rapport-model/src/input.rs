//! What can be asked of a conversation: by its customer, by a member, by a timer, by routing.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    ChoiceId, ConsentChannel, ConsentPurpose, Content, DeliveryState, MemberId, Message, MessageId, Priority, Seq, Spending, TeamId, TicketId, TicketStage, TimerKind, Timestamp,
};

/// One input of the engine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "input", rename_all = "snake_case")]
pub enum Input {
    /// Begins a conversation without a message (pre-chat form sent, person asked for at once).
    Start,
    CustomerMessage { message: Message },
    Customer { action: CustomerAction },
    Member { by: MemberId, action: MemberAction },
    TimerFired { timer: TimerKind },
    /// Consider this waiting conversation for an agent.
    Route,
    /// A member's last desk went away or they set themselves offline: offers to them are taken back.
    MemberLeft { member: MemberId },
    /// A ticket of this conversation moved on.
    TicketMoved { ticket: TicketId, number: u64, title: String, stage: TicketStage, note: String, path: String },
    /// A supervisor allowed a compensation that waited for it, or refused it.
    SpendingJudged { by: MemberId, spending: Spending, approve: bool },
    /// What became of a message on its remote channel.
    Delivery { message: MessageId, state: DeliveryState, #[serde(default)] code: Option<String> },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "action", rename_all = "snake_case")]
pub enum CustomerAction {
    RequestPerson,
    LeaveQueue,
    Choose { choice: ChoiceId },
    /// 1 to 5.
    Rate { score: u8, #[serde(default)] comment: String },
    MarkRead { up_to: Seq },
    /// Name, e-mail and pre-chat fields.
    UpdateContact { fields: BTreeMap<String, String> },
    /// Agrees to a purpose, or takes it back; `text_version` is that of the question as it was shown.
    Consent { purpose: ConsentPurpose, given: bool, #[serde(default)] text_version: u32, #[serde(default = "widget")] channel: ConsentChannel },
    /// Objects to an automated decision: a person looks at it. `about` is the decision's entry.
    Object { about: Seq, text: String },
    /// The customer is done.
    End,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "action", rename_all = "snake_case")]
pub enum MemberAction {
    Send { content: Content },
    Note { text: String, #[serde(default)] mentions: Vec<MemberId> },
    AcceptOffer,
    DeclineOffer,
    /// Take it oneself, whoever has it.
    Take,
    /// Give it to a colleague, or (`None`) back to the queue.
    Assign { to: Option<MemberId> },
    SetTeam { team: Option<TeamId> },
    Snooze { until: Timestamp },
    Wake,
    Resolve,
    Reopen,
    ReturnToBot,
    SetPriority { priority: Priority },
    SetLabels { labels: Vec<String> },
    MarkRead { up_to: Seq },
    /// The shell stored the ticket's id, number and secret path before; the rest is the agent's.
    CreateTicket { ticket: TicketId, number: u64, title: String, description: String, path: String },
}

fn widget() -> ConsentChannel {
    ConsentChannel::Widget
}
