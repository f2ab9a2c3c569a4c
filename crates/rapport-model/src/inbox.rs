//! A configured channel of a tenant; the web chat widget is the first kind.

use serde::{Deserialize, Serialize};

use crate::{Bilingual, CalendarId, ChannelKind, InboxId, Locale, TeamId};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Inbox {
    pub id: InboxId,
    pub name: String,
    /// Public key in the embed snippet, unique on the installation.
    pub key: String,
    pub channel: ChannelKind,
    pub locale: Locale,
    pub welcome: Bilingual,
    /// Colour of launcher and header, `#rrggbb`.
    pub color: String,
    /// Asked before the first message.
    #[serde(default)]
    pub prechat: Vec<PrechatField>,
    /// Origins that may embed the widget; empty means any.
    #[serde(default)]
    pub allowed_origins: Vec<String>,
    /// When set, a signed user token is required (`identity_secret` is kept apart, sealed).
    pub require_identity: bool,
    pub bot: bool,
    /// The team whose members are offered its conversations; none means every member.
    pub team: Option<TeamId>,
    /// Skills every conversation of this inbox needs.
    #[serde(default)]
    pub skills: Vec<String>,
    pub calendar: Option<CalendarId>,
    pub routing: RoutingPolicy,
    pub csat: bool,
    pub active: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct RoutingPolicy {
    pub mode: RoutingMode,
    /// How long an agent has to accept before the next is asked.
    pub offer_timeout_s: u32,
    /// Prefer the agent who last had this contact.
    pub sticky: bool,
}

impl Default for RoutingPolicy {
    fn default() -> Self {
        Self { mode: RoutingMode::Offer, offer_timeout_s: 30, sticky: true }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RoutingMode {
    /// The agent is asked and accepts.
    Offer,
    /// The conversation is given to the agent at once.
    Assign,
    /// Agents take conversations from the unassigned list themselves.
    Manual,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PrechatField {
    /// `name`, `email`, `phone`, or a field of the tenant's own: `[a-z0-9_]{1,40}`.
    pub key: String,
    pub label: Bilingual,
    pub required: bool,
}
