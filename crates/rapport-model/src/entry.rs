//! The journal: numbered per tenant, append-only.

use serde::{Deserialize, Serialize};

use crate::{Actor, ContactId, ConversationId, Event, InboxId, Reason, Timestamp};

/// A journal number: per tenant, from 1, rising, without gaps. 0 means "before everything".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(transparent)]
#[schema(value_type = u64)]
pub struct Seq(pub u64);

impl std::fmt::Display for Seq {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// One line of the journal as stored and read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Entry {
    pub seq: Seq,
    pub conversation: ConversationId,
    pub contact: ContactId,
    pub inbox: InboxId,
    pub at: Timestamp,
    pub actor: Actor,
    pub event: Event,
    /// Why; carried by the first entry of a decision.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<Reason>,
}

/// An entry before it has a number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NewEntry {
    pub at: Timestamp,
    pub actor: Actor,
    pub event: Event,
    pub reasons: Vec<Reason>,
    /// The provider's or client's own id of the inbound fact; unique by (tenant, inbox, external id).
    pub external_id: Option<String>,
}

impl NewEntry {
    pub fn numbered(self, seq: Seq, conversation: ConversationId, contact: ContactId, inbox: InboxId) -> Entry {
        Entry { seq, conversation, contact, inbox, at: self.at, actor: self.actor, event: self.event, reasons: self.reasons }
    }
}
