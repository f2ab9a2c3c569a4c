//! What all channels of providers share: a fact as it comes in, a piece as it goes out, a request that a shell sends, and what its answer meant.
//!
//! One module a provider turns its bytes into these and back. None of them opens a socket, reads a clock or keeps state: time and secrets come in as arguments.

pub mod answer;
pub mod api;
pub mod capabilities;
pub mod dingtalk;
pub mod envelope;
pub mod feishu;
mod fields;
pub mod mac;
pub mod meta;
pub mod outcome;
pub mod reading;
pub mod request;
pub mod sms;
pub mod split;
pub mod telegram;
pub mod webhook;
pub mod wechat;
pub mod wecom;

pub use request::{Method, Request, Response};

use rapport_model::Timestamp;
use serde::{Deserialize, Serialize};

/// Longest id of a fact that is kept. Units: bytes. Longer ones are hashed by [`bounded_id`].
pub const ID_BYTES_MAX: usize = 160;

/// One fact that a provider told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Inbound {
    /// The provider's id of this fact, unique within the inbox: told again it is the same. At most [`ID_BYTES_MAX`] bytes.
    pub id: String,
    pub from: Remote,
    /// By the provider's clock, where it tells.
    pub at: Option<Timestamp>,
    pub fact: Fact,
}

/// A person as their provider knows them, and where an answer goes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remote {
    /// Within the inbox: an openid, a chat, a phone number, an address.
    pub id: String,
    /// Where the answer goes, if not to `id`: a group, a session's address, a thread.
    pub reply_to: Option<String>,
    /// As the person calls themselves there; shown, never believed.
    pub name: Option<String>,
    /// Ids that hold beyond this inbox and that the provider vouches for: `(union_id, …)`, `(phone, +86…)`.
    pub vouched: Vec<(Vouched, String)>,
    /// BCP 47, where told.
    pub language: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Vouched {
    /// One person over the apps of one owner (WeChat, Feishu, DingTalk).
    UnionId,
    /// A member of the provider's own directory (WeCom, DingTalk, Feishu).
    StaffId,
    /// E.164 with its plus sign.
    Phone,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Fact {
    /// `quoted`: the provider's id of the message that it answers.
    Message { parts: Vec<Part>, quoted: Option<String> },
    /// An earlier message reads otherwise now. `message` is the [`Inbound::id`] it had.
    Edited { message: String, parts: Vec<Part> },
    Deleted { message: String },
    /// A button was pressed; `payload` is what the button was sent with.
    Pressed { payload: String, label: String },
    /// What became of something we sent, by the provider's id of it.
    Receipt { message: String, state: Progress },
    /// So far has come everything that was sent until then; for providers that tell no ids here.
    ReceiptUntil { until: Timestamp, state: Progress },
    /// The person began: subscribed, opened the chat, pressed start. `scene`: from where, as the provider says.
    Began { scene: Option<String> },
    /// The person cannot be reached any more: unsubscribed, blocked.
    Left,
    /// Who or what was reached at [`Remote::reply_to`], or else at [`Remote::id`], is reached at `to` from here on: a group that grew, a new phone number.
    Moved { to: String },
    /// Something waits to be fetched with `token` for `account`; a body of its own holds nothing.
    Doorbell { account: String, token: String },
    /// Somebody of ours answered outside of this product.
    Answered { parts: Vec<Part> },
}

/// How far something that was sent has come. Later ones never go back, but that a failure is told last.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Progress {
    Sent,
    Delivered,
    Read,
    /// With the provider's code.
    Failed(String),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Part {
    Text(String),
    Media(Media),
    Location { latitude: f64, longitude: f64, label: String },
    Link { title: String, description: String, url: String },
    /// A kind that is not understood, by the provider's name for it: shown as such, so that nobody waits in vain.
    Unknown(String),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Media {
    pub kind: MediaKind,
    pub source: MediaSource,
    /// As the sender named it; empty where not told. Never a path.
    pub name: String,
    pub media_type: Option<String>,
    pub bytes: Option<u64>,
    pub caption: String,
    /// What the provider heard in a voice message.
    pub transcript: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MediaKind {
    Image,
    Voice,
    Video,
    File,
    Sticker,
}

/// Where the bytes are; all of these expire, so they are fetched at once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MediaSource {
    /// Given out by the provider for an id.
    Id(String),
    /// Chosen by whoever wrote the event: not to be followed to private addresses.
    Url(String),
    /// In the message itself.
    Inline(Vec<u8>),
}

/// One piece to send; longer texts were split before.
#[derive(Clone, Debug, PartialEq)]
pub struct Outgoing {
    /// The person's id within the inbox.
    pub to: String,
    /// [`Remote::reply_to`] of what is answered.
    pub reply_to: Option<String>,
    /// The provider's id of the message that is answered, where it was asked to be.
    pub quoted: Option<String>,
    pub piece: Piece,
    /// Ours, stable over retries: `[0-9A-Za-z_-]`, at most 32 bytes.
    pub key: String,
    /// Whether a person wrote it: some providers allow people more than bots.
    pub by_person: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    Text(String),
    /// Uploaded before, under the provider's id.
    Media { kind: MediaKind, id: String, name: String, caption: String },
    /// At a public address of ours.
    MediaUrl { kind: MediaKind, url: String, name: String, caption: String },
    Buttons { text: String, options: Vec<Button> },
    /// A form that the provider approved before, for times when free text is not allowed.
    Template { name: String, language: String, parameters: Vec<String> },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Button {
    pub payload: String,
    pub label: String,
}

/// What a provider answered to a piece: its id for it, where it gives one.
pub type Sending = Result<Option<String>, SendFault>;

/// Why a piece did not go out, in terms that are the same for all providers.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendFault {
    #[error("the time in which an answer is allowed is over ({code})")]
    WindowClosed { code: String },
    #[error("no more answers are allowed until the customer writes again ({code})")]
    QuotaExceeded { code: String },
    #[error("too fast ({code})")]
    RateLimited { retry_after_ms: Option<u64>, code: String },
    #[error("the customer cannot be reached ({code})")]
    UserBlocked { code: String },
    #[error("the file is gone at the provider ({code})")]
    MediaExpired { code: String },
    /// To be renewed once and tried once more.
    #[error("the access token is not valid ({code})")]
    TokenInvalid { code: String },
    /// Will fail the same way again.
    #[error("refused ({code}): {text}")]
    Refused { code: String, text: String },
    /// May work later; nothing was sent.
    #[error("the provider is in trouble ({code})")]
    Trouble { code: String },
    /// It may have been sent: not to be repeated blindly, but where the provider knows our key.
    #[error("the provider's answer is not understood ({code})")]
    Unknown { code: String },
}

/// A token as a provider gives it out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    pub value: String,
    pub lives_s: u64,
}

/// Why bytes from outside were not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WireFault {
    #[error("the signature does not match")]
    BadSignature,
    /// Too old or from the future.
    #[error("the time stamp is out of bounds")]
    Stale,
    /// Right in itself, but for another account.
    #[error("for another account")]
    NotOurs,
    #[error("not understood: {0}")]
    Malformed(String),
}

impl WireFault {
    pub fn malformed(what: impl Into<String>) -> Self {
        Self::Malformed(what.into())
    }
}

/// `id` itself, or where it is too long its beginning and its hash.
pub fn bounded_id(id: &str) -> String {
    use sha2::{Digest as _, Sha256};
    if id.len() <= ID_BYTES_MAX && !id.contains('\0') {
        return id.to_owned();
    }
    let hash: String = Sha256::digest(id).iter().map(|it| format!("{it:02x}")).collect();
    let kept: String = id.chars().filter(|it| *it != '\0').scan(0, |length, it| {
        *length += it.len_utf8();
        (*length <= ID_BYTES_MAX - 65).then_some(it)
    }).collect();
    format!("{kept}#{hash}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_ids_stay_distinct_and_bounded() {
        let long = |end: &str| format!("{}{end}", "号".repeat(200));
        let (a, b) = (bounded_id(&long("a")), bounded_id(&long("b")));
        assert!(a != b && a.len() <= ID_BYTES_MAX && b.len() <= ID_BYTES_MAX, "{} {}", a.len(), b.len());
        assert_eq!(bounded_id("om_1"), "om_1");
        assert!(!bounded_id("a\0b").contains('\0'));
    }
}
