//! The tenant and its settings.

use serde::{Deserialize, Serialize};

use crate::{Locale, TenantId, Timestamp};

/// A company on this installation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Tenant {
    pub id: TenantId,
    /// Short name in addresses: `[a-z0-9-]{1,40}`, unique on the installation.
    pub slug: String,
    pub name: String,
    pub locale: Locale,
    pub created_at: Timestamp,
}

/// A public counter of a tenant: people see these short numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Counter {
    Conversation,
    Ticket,
}

impl Counter {
    pub fn name(self) -> &'static str {
        match self {
            Self::Conversation => "conversation",
            Self::Ticket => "ticket",
        }
    }
}
