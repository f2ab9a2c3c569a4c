//! Work orders: what has to be done beyond the talk, with progress that the customer can follow.

use serde::{Deserialize, Serialize};

use crate::{ContactId, ConversationId, MemberId, TicketId, Timestamp};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Ticket {
    pub id: TicketId,
    pub number: u64,
    pub title: String,
    pub description: String,
    pub contact: ContactId,
    pub conversation: Option<ConversationId>,
    pub stage: TicketStage,
    pub assignee: Option<MemberId>,
    /// Oldest first.
    pub log: Vec<TicketStep>,
    /// Counted up to make the old public link invalid.
    pub link_version: u32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TicketStage {
    Received,
    InProgress,
    WaitingForCustomer,
    Done,
    Cancelled,
}

impl TicketStage {
    pub fn name(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::InProgress => "in_progress",
            Self::WaitingForCustomer => "waiting_for_customer",
            Self::Done => "done",
            Self::Cancelled => "cancelled",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct TicketStep {
    pub at: Timestamp,
    pub by: Option<MemberId>,
    pub stage: TicketStage,
    /// Said to the customer when `public`.
    pub note: String,
    pub public: bool,
}
