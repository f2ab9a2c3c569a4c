//! The customer as the tenant knows them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{ContactId, InboxId, Locale, Timestamp};

/// How many fields of their own contacts have at most; what customers tell beyond is let go.
pub const CONTACT_FIELDS_MAX: usize = 40;

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

impl Contact {
    /// Whether the customer's own word counts for this field: what their site vouched for is not overwritten by what somebody types.
    pub fn may_tell(&self, field: &str) -> bool {
        let vouched = match field {
            "name" => !self.name.is_empty(),
            "email" => self.email.is_some(),
            "phone" => self.phone.is_some(),
            _ => false,
        };
        self.verified_at.is_none() || !vouched
    }

    /// Takes what the customer tells about themselves. An empty text takes name, e-mail or phone away.
    pub fn take(&mut self, fields: &BTreeMap<String, String>) {
        for (field, value) in fields {
            if !self.may_tell(field) {
                continue;
            }
            // PostgreSQL keeps no NUL in a text.
            let value = value.replace('\0', "").trim().to_owned();
            match field.as_str() {
                "name" => self.name = value,
                "email" => self.email = Some(value).filter(|it| !it.is_empty()),
                "phone" => self.phone = Some(value).filter(|it| !it.is_empty()),
                _ if self.fields.len() < CONTACT_FIELDS_MAX || self.fields.contains_key(field) => {
                    self.fields.insert(field.clone(), value);
                }
                _ => {}
            }
        }
    }
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
    /// The provider's id of the person, on one inbox.
    Remote,
    /// One person over the apps of one owner, vouched for by the provider (WeChat, Feishu, DingTalk).
    UnionId,
}

impl IdentityKind {
    pub fn name(self) -> &'static str {
        match self {
            Self::ExternalUser => "external_user",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Remote => "remote",
            Self::UnionId => "union_id",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_vouched_for_stays() {
        let check = |verified: bool, email: Option<&str>, told: &[(&str, &str)], expected: (&str, Option<&str>, Option<&str>)| {
            let mut contact = Contact {
                id: ContactId(uuid::Uuid::nil()),
                name: "王芳".to_owned(),
                email: email.map(str::to_owned),
                phone: None,
                locale: Locale::Zh,
                fields: BTreeMap::new(),
                verified_at: verified.then_some(Timestamp(1)),
                notes: String::new(),
                created_at: Timestamp(0),
                last_seen_at: Timestamp(0),
            };
            contact.take(&told.iter().map(|it| (it.0.to_owned(), it.1.to_owned())).collect());
            let size = contact.fields.get("size").map(String::as_str);
            assert_eq!((contact.name.as_str(), contact.email.as_deref(), size), expected, "{verified} {told:?}");
        };
        check(false, Some("a@b"), &[("name", " 李\0雷 "), ("email", ""), ("size", "42")], ("李雷", None, Some("42")));
        check(true, Some("a@b"), &[("name", "李雷"), ("email", "x@y"), ("size", "42")], ("王芳", Some("a@b"), Some("42")));
        check(true, None, &[("email", "x@y")], ("王芳", Some("x@y"), None));
    }
}
