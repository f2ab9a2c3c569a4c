//! DingTalk: a robot's messages by HTTP or by stream, its answers, a group's own robot, and encrypted event callbacks.
//!
//! DingTalk has two hosts, and what goes to which is told by [`Host`]. The address that a message brings for its answers is reduced to its path: no event decides
//! which host is spoken to.

pub mod custom;
pub mod event;
mod media;
mod robot;
mod send;
pub mod stream;

pub use media::{fetch, fetched_at, upload, uploaded};
pub use robot::{Session, decode};
pub use send::{answer, send, token, token_answer};

use super::{
    Request, WireFault,
    answer::{Dialect, Meaning},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use rapport_model::Timestamp;
use sha2::Sha256;
use subtle::ConstantTimeEq as _;

/// How far a time stamp may be off. Units: ms.
pub const TOLERANCE_MS: i64 = 3_600_000;

/// Which base address a request belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Host {
    /// By default `https://api.dingtalk.com`.
    Api,
    /// The older one, by default `https://oapi.dingtalk.com`: answers within a session, groups' own robots, uploads.
    Oapi,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addressed {
    pub host: Host,
    pub request: Request,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The application's `robotCode`, which is its client id as a rule.
    pub robot_code: String,
}

/// Numbers of errors of the older host. 310000 is told by the documents, the others are assumed.
pub(super) const DIALECT: Dialect = Dialect {
    code: "errcode",
    text: "errmsg",
    codes: &[
        (-1, Meaning::Trouble),
        (88, Meaning::Token),
        (40_014, Meaning::Token),
        (42_001, Meaning::Token),
        (90_018, Meaning::Rate),
        (130_101, Meaning::Rate),
        (302_033, Meaning::Rate),
        (40_007, Meaning::Media),
        // The words hold none of the key words, the sign is wrong, or the address is not on the list.
        (310_000, Meaning::Refused),
    ],
};

/// Base64 of HMAC-SHA256 over the time stamp and the secret, keyed by the secret: of incoming messages by the application's, of a group's robot by its own.
pub fn sign(secret: &str, timestamp_ms: &str) -> String {
    // Keys of any length are taken; the other branch is for the type alone.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { return String::new() };
    mac.update(format!("{timestamp_ms}\n{secret}").as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

/// The headers `timestamp` and `sign` of a robot's message. They do not cover the body: nothing but TLS and the message's id keep it from being another or again.
///
/// Errors: `BadSignature`, `Stale`.
pub fn verify(app_secrets: &[&str], timestamp: &str, signature: &str, now: Timestamp, tolerance_ms: i64) -> Result<(), WireFault> {
    let signed = |secret: &str| bool::from(sign(secret, timestamp).as_bytes().ct_eq(signature.as_bytes()));
    if !app_secrets.iter().filter(|it| !it.is_empty()).fold(false, |any, it| any | signed(it)) {
        return Err(WireFault::BadSignature);
    }
    let at: i64 = timestamp.parse().map_err(|_error| WireFault::Stale)?;
    if now.since_ms(Timestamp(at)).saturating_abs() <= tolerance_ms { Ok(()) } else { Err(WireFault::Stale) }
}

#[cfg(test)]
mod tests;
