//! The customer as the tenant knows them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{ContactId, InboxId, Locale, Timestamp};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Contact {
    pub id: ContactId,
    /// Empty until the customer told it; the desk then shows "visitor" and the short id.
    #[serde(default)]
    pub name: String,
    #[serde(default)]
    pub email: Option<String>,
    #[serde(default)]
    pub phone: Option<String>,
    pub locale: Locale,
    /// Pre-chat fields and attributes set by agents or the host page.
    #[serde(default)]
    pub fields: BTreeMap<String, String>,
    /// Set when a signed token of the tenant's own site vouched for the identity.
    #[serde(default)]
    pub verified_at: Option<Timestamp>,
    #[serde(default)]
    pub notes: String,
    pub created_at: Timestamp,
    pub last_seen_at: Timestamp,
}

/// One way in which a contact is known: unique within the tenant by (kind, inbox, value).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    pub contact: ContactId,
    pub kind: IdentityKind,
    pub inbox: Option<InboxId>,
    pub value: String,
    pub verified_at: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdentityKind {
    /// The user id of the tenant's own site, vouched for by a signed token.
    ExternalUser,
    Email,
    Phone,
}

impl IdentityKind {
    pub fn name(self) -> &'static str {
        match self {
            Self::ExternalUser => "external_user",
            Self::Email => "email",
            Self::Phone => "phone",
        }
    }
}
