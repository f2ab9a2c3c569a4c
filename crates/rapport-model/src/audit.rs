//! What is written to the hash-chained audit log.

use serde::{Deserialize, Serialize};

use crate::{Actor, Timestamp};

/// One line to be chained. `detail` holds no personal data beyond ids.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct AuditRecord {
    pub at: Timestamp,
    pub actor: Actor,
    /// Dotted verb: `member.created`, `conversation.assigned`, `sign_in.failed`.
    pub action: String,
    /// What it was done to, as text of its id.
    pub target: String,
    #[serde(default)]
    pub detail: String,
}

/// A stored line with its place in the chain: `hash = sha256(previous hash, canonical JSON of the record)`, in hex.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct AuditLine {
    pub n: u64,
    pub record: AuditRecord,
    pub previous: String,
    pub hash: String,
}
