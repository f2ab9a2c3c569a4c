//! Feishu and Lark: challenges, events of both versions, their envelope, messages and files.
//!
//! A challenge has to be answered within 1 s, an event within 3 s; unanswered events come again over about seven hours.

pub mod custom;
mod decode;
mod media;
mod send;

pub use decode::decode;
pub use media::{fetch, fetched, upload, uploaded};
pub use send::{answer, robot, robot_answer, send, token, token_answer, user, user_answer};

use super::{
    WireFault,
    answer::{Dialect, Meaning},
    envelope::decrypt_cbc,
    fields::{Fields as _, json},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use rapport_model::Timestamp;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use std::fmt;
use subtle::ConstantTimeEq as _;

/// The body that says an event was kept.
pub const KEPT: &[u8] = b"{}";
const BLOCK: usize = 16;

/// What an application's console shows. Several are valid while one is exchanged for another.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret {
    pub verification_token: String,
    /// Where it is set, everything is encrypted, and events are signed.
    pub encrypt_key: Option<String>,
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// `cli_…`: events for another are refused.
    pub app_id: String,
    /// Our robot's own `open_id`, where it is known: naming it in a group is left out of the text.
    pub robot: Option<String>,
    /// How far a signed time stamp may be off. Events come again for seven hours, under which stamp is not told: `None` by default.
    pub tolerance_ms: Option<i64>,
}

/// The headers `X-Lark-Request-Timestamp`, `X-Lark-Request-Nonce` and `X-Lark-Signature`; empty where they are not there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Signed<'a> {
    pub timestamp: &'a str,
    pub nonce: &'a str,
    pub signature: &'a str,
}

/// What came, after it was verified.
#[derive(Clone, Debug, PartialEq)]
pub enum Received {
    /// The check of an address: to be answered by this body.
    Challenge(Vec<u8>),
    /// The plain event, for [`decode()`].
    Event(Value),
}

/// Numbers of errors. 230013 and 230002 are told by its users, 99991663-8 and 99991400 by its SDKs; the others are assumed.
pub(super) const DIALECT: Dialect = Dialect {
    code: "code",
    text: "msg",
    codes: &[
        (99_991_661, Meaning::Token),
        (99_991_663, Meaning::Token),
        (99_991_664, Meaning::Token),
        (99_991_668, Meaning::Token),
        (99_991_671, Meaning::Token),
        (99_991_677, Meaning::Token),
        (99_991_400, Meaning::Rate),
        (11_232, Meaning::Rate),
        (230_020, Meaning::Rate),
        // Our robot is not in the group; cannot be seen by the person; the person has left; may not be written to; has stopped it; the group is gone.
        (230_002, Meaning::Blocked),
        (230_013, Meaning::Blocked),
        (230_029, Meaning::Blocked),
        (230_035, Meaning::Blocked),
        (230_053, Meaning::Blocked),
        (232_009, Meaning::Blocked),
        // The same key is just being sent.
        (230_049, Meaning::Unknown),
        (230_110, Meaning::Media),
        (234_003, Meaning::Media),
        (99_991_000, Meaning::Trouble),
    ],
};

/// Lower-case hex of SHA-256 over time stamp, nonce, key and the body as it came; no HMAC.
pub fn signature(encrypt_key: &str, timestamp: &str, nonce: &str, body: &[u8]) -> String {
    let digest = Sha256::new().chain_update(timestamp).chain_update(nonce).chain_update(encrypt_key).chain_update(body).finalize();
    digest.iter().map(|it| format!("{it:02x}")).collect()
}

/// Verifies and opens a body.
///
/// With an encrypt key, events must be sealed and signed, and a challenge, which comes unsigned, sealed; without one the verification token within is all there is.
/// Errors: `BadSignature`, `Stale`, `NotOurs`, `Malformed`.
pub fn verify(account: &Account, secrets: &[Secret], signed: Signed<'_>, body: &[u8], now: Timestamp) -> Result<Received, WireFault> {
    let outer = json(body)?;
    let (event, signed_by_key, needs_signature) = match outer.maybe("encrypt") {
        Some(encrypted) => {
            let keys = || secrets.iter().filter_map(|it| it.encrypt_key.as_deref()).filter(|it| !it.is_empty());
            let told = signed.signature.as_bytes();
            let rightly = keys().fold(false, |any, it| any | bool::from(signature(it, signed.timestamp, signed.nonce, body).as_bytes().ct_eq(told)));
            // What claims to be signed has to be, before anything of it is opened.
            if !rightly && !signed.signature.is_empty() {
                return Err(WireFault::BadSignature);
            }
            let opened = keys().find_map(|it| opened(it, &encrypted).ok()).ok_or(WireFault::BadSignature)?;
            (opened, rightly, true)
        }
        None if secrets.iter().any(|it| it.encrypt_key.is_none()) => (outer, false, false),
        None => return Err(WireFault::BadSignature),
    };
    let told = event.maybe("header/token").unwrap_or_else(|| event.text("token"));
    let known = secrets.iter().filter(|it| !it.verification_token.is_empty());
    let token_rightly = known.fold(false, |any, it| any | bool::from(it.verification_token.as_bytes().ct_eq(told.as_bytes())));
    // A signature under the encrypt key says as much as the token, which some events leave out then.
    let left_out = told.is_empty() && signed_by_key;
    if !token_rightly && !left_out {
        return Err(WireFault::BadSignature);
    }
    if event.text("type") == "url_verification" {
        let answer = serde_json::json!({"challenge": event.need("challenge")?});
        return Ok(Received::Challenge(answer.to_string().into_bytes()));
    }
    if needs_signature && !signed_by_key {
        return Err(WireFault::BadSignature);
    }
    fresh(account, signed, now)?;
    let app_id = event.maybe("header/app_id").or_else(|| event.maybe("event/app_id"));
    if app_id.is_some_and(|it| it != account.app_id) { Err(WireFault::NotOurs) } else { Ok(Received::Event(event)) }
}

fn fresh(account: &Account, signed: Signed<'_>, now: Timestamp) -> Result<(), WireFault> {
    let Some(tolerance_ms) = account.tolerance_ms.filter(|_| !signed.signature.is_empty()) else { return Ok(()) };
    let at: i64 = signed.timestamp.parse().map_err(|_error| WireFault::Stale)?;
    if now.since_ms(Timestamp(at.saturating_mul(1_000))).saturating_abs() <= tolerance_ms { Ok(()) } else { Err(WireFault::Stale) }
}

/// Base64 of an initial vector and AES-256-CBC under the key's SHA-256, padded to 16.
fn opened(encrypt_key: &str, encrypted: &str) -> Result<Value, WireFault> {
    let torn = || WireFault::malformed("the envelope does not open");
    let bytes = STANDARD.decode(encrypted.trim()).map_err(|_error| torn())?;
    let (iv, sealed) = bytes.split_at_checked(BLOCK).ok_or_else(torn)?;
    let mut plain = sealed.to_vec();
    decrypt_cbc(&Sha256::digest(encrypt_key), iv, &mut plain)?;
    let padding = usize::from(*plain.last().ok_or_else(torn)?);
    let kept = plain.len().checked_sub(padding).filter(|_| (1..=BLOCK).contains(&padding)).ok_or_else(torn)?;
    if plain.drain(kept..).any(|it| usize::from(it) != padding) {
        return Err(torn());
    }
    json(&plain)
}

#[cfg(test)]
mod tests;
