//! Configuration documents of a tenant (member, team, inbox, article, …): one typed way to read and write them.

use serde::{Serialize, de::DeserializeOwned};
use rapport_model::{
    Article, Calendar, CannedReply, CareBudget, CareRule, ChannelConfig, ChannelCursor, Dispatch, EthicsSettings, Fault, FeelingLessons, FeelingsSaid, Inbox, Intent, LexiconTerm, Member, RemoteAddress, RemoteMessage, Team, TrainedModel, codes,
};
use uuid_bytes::IdBytes;

/// A document kind: where it is stored, how it is found, what has to be unique.
pub trait Record: Serialize + DeserializeOwned + Send + Sync {
    /// Stable name of the kind in the store.
    const KIND: &'static str;
    fn id(&self) -> [u8; 16];
    /// Unique within the tenant and kind, where there is such a thing (`email`, `shortcut`).
    fn key(&self) -> Option<String> {
        None
    }
    /// Unique on the whole installation: how a tenant is found from outside (an inbox's public key).
    fn global_key(&self) -> Option<String> {
        None
    }
}

macro_rules! records {
    ($($ty:ty, $kind:literal, $key:expr, $global:expr;)+) => {$(
        impl Record for $ty {
            const KIND: &'static str = $kind;
            fn id(&self) -> [u8; 16] {
                self.id.bytes()
            }
            fn key(&self) -> Option<String> {
                let key: fn(&Self) -> Option<String> = $key;
                key(self)
            }
            fn global_key(&self) -> Option<String> {
                let key: fn(&Self) -> Option<String> = $global;
                key(self)
            }
        }
    )+};
}

records! {
    Member, "member", |it| Some(it.email.to_lowercase()), |_| None;
    Team, "team", |it| Some(it.name.clone()), |_| None;
    Inbox, "inbox", |_| None, |it| Some(it.key.clone());
    Calendar, "calendar", |it| Some(it.name.clone()), |_| None;
    CannedReply, "canned_reply", |it| Some(it.shortcut.clone()), |_| None;
    Article, "article", |_| None, |_| None;
    Intent, "intent", |it| Some(it.name.clone()), |_| None;
    LexiconTerm, "lexicon_term", |it| Some(it.canonical.to_lowercase()), |_| None;
    TrainedModel, "trained_model", |_| None, |_| None;
    CareRule, "care_rule", |_| None, |_| None;
    ChannelConfig, "channel_config", |_| None, |_| None;
    RemoteAddress, "remote_address", |_| None, |_| None;
    RemoteMessage, "remote_message", |_| None, |_| None;
    Dispatch, "dispatch", |_| None, |_| None;
    ChannelCursor, "channel_cursor", |_| None, |_| None;
}

/// Kinds of which a tenant has exactly one: its id is all zeros.
macro_rules! single_records {
    ($($ty:ty, $kind:literal;)+) => {$(
        impl Record for $ty {
            const KIND: &'static str = $kind;
            fn id(&self) -> [u8; 16] {
                SINGLE
            }
        }
    )+};
}

/// The id of a record of which a tenant has exactly one.
pub const SINGLE: [u8; 16] = [0; 16];

single_records! {
    EthicsSettings, "ethics";
    CareBudget, "care_budget";
    FeelingLessons, "feeling_lessons";
}

/// The store keeps it only with a consent to `emotion:care` in force in the same transaction, and deletes it in the transaction that ends the consent.
impl Record for FeelingsSaid {
    const KIND: &'static str = "feelings_said";
    fn id(&self) -> [u8; 16] {
        *self.contact.as_bytes()
    }
}

/// A document as stored: `body` is its JSON, `version` counts its saves from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredRecord {
    pub id: [u8; 16],
    pub version: u64,
    pub body: String,
}

/// What a save expects to find.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expect {
    /// Nothing there yet.
    New,
    /// Exactly this version.
    Version(u64),
    /// Whatever is there.
    Any,
}

/// Reads a stored document as its type. A body that does not parse is our fault, not the caller's.
pub fn parse_record<T: Record>(stored: &StoredRecord) -> Result<T, Fault> {
    serde_json::from_str(&stored.body).map_err(|error| Fault::with(codes::INTERNAL, format!("stored {} is unreadable: {error}", T::KIND)))
}

mod uuid_bytes {
    //! The bytes of any typed id.
    pub(super) trait IdBytes {
        fn bytes(&self) -> [u8; 16];
    }
    macro_rules! ids {
        ($($name:ident),+) => {$(impl IdBytes for rapport_model::$name { fn bytes(&self) -> [u8; 16] { *self.as_bytes() } })+};
    }
    impl IdBytes for [u8; 16] {
        fn bytes(&self) -> [u8; 16] {
            *self
        }
    }
    ids!(MemberId, TeamId, InboxId, CalendarId, CannedReplyId, ArticleId, IntentId, LexiconTermId, ModelId, CareRuleId, MessageId);
}

