//! People who work at a tenant: members, roles, teams, presence, canned replies.

use serde::{Deserialize, Serialize};

use crate::{CannedReplyId, Locale, MemberId, TeamId, Timestamp};

/// What a member may do; each role includes those before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    #[default]
    Agent,
    Supervisor,
    Administrator,
    Owner,
}

impl Role {
    pub fn name(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Supervisor => "supervisor",
            Self::Administrator => "administrator",
            Self::Owner => "owner",
        }
    }
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Agent, Self::Supervisor, Self::Administrator, Self::Owner].into_iter().find(|it| it.name() == text)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Member {
    pub id: MemberId,
    pub email: String,
    pub name: String,
    pub role: Role,
    #[serde(default)]
    pub teams: Vec<TeamId>,
    /// Free words that queue entries may require, e.g. `returns`, `lang:en`.
    #[serde(default)]
    pub skills: Vec<String>,
    /// How many assigned conversations at once.
    pub capacity: u32,
    pub locale: Locale,
    /// A member who left: cannot sign in, is never assigned, stays in history.
    pub active: bool,
    /// Whether an agent sees customers' personal data as it is; the roles above always do (`may_see_personal_data`).
    #[serde(default = "sees")]
    #[schema(required)]
    pub sees_personal_data: bool,
    pub created_at: Timestamp,
}

/// Members who were stored before there was this right keep what they had.
fn sees() -> bool {
    true
}

impl Member {
    pub fn may_see_personal_data(&self) -> bool {
        self.role >= Role::Supervisor || self.sees_personal_data
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Team {
    pub id: TeamId,
    pub name: String,
    #[serde(default)]
    pub description: String,
}

/// Whether a member takes conversations. `Offline` when no desk is connected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    Online,
    Away,
    #[default]
    Offline,
}

/// A prepared answer that an agent inserts by typing `/shortcut`. `{name}` is replaced by the contact's name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CannedReply {
    pub id: CannedReplyId,
    pub shortcut: String,
    pub text: String,
}
