//! WeCom (企业微信): applications for a company's own people, and WeChat customer service (微信客服) for everybody on WeChat.
//!
//! Both share callbacks, which are always encrypted, and tokens. A callback has to be answered within 5 s (the check of an address within 1 s).

pub mod app;
pub mod kf;
mod media;

pub use media::{fetch, fetched, upload, uploaded};

use super::{
    Request, Response, SendFault, Token, WireFault,
    answer::{Dialect, Meaning, unreadable},
    envelope::{self, Callback, Secret},
    fields::Fields as _,
    request::query,
};
use rapport_model::Timestamp;

/// Says that a callback was kept.
pub const SUCCESS: &[u8] = b"success";
/// Longest text of one message. Units: bytes of UTF-8. Assumed.
pub const TEXT_BYTES_MAX: usize = 2_048;

/// What a callback is checked against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// `ww…`; of a third party's application its suite id.
    pub corp_id: String,
    /// Some callbacks of third parties name no receiver: take those as well. Assumed.
    pub without_receiver: bool,
    /// How far a callback's time may be off; WeCom names no limit.
    pub tolerance_ms: Option<i64>,
}

impl Account {
    fn receivers(&self) -> Vec<&str> {
        if self.without_receiver { vec![&self.corp_id, ""] } else { vec![&self.corp_id] }
    }
}

/// Numbers of errors of both halves. 95001 is told by the documents, the others are assumed.
pub(super) const DIALECT: Dialect = Dialect {
    code: "errcode",
    text: "errmsg",
    codes: &[
        (-1, Meaning::Trouble),
        (40_014, Meaning::Token),
        (41_001, Meaning::Token),
        (42_001, Meaning::Token),
        // Calls of the day; too many at once.
        (45_009, Meaning::Rate),
        (45_033, Meaning::Rate),
        (40_007, Meaning::Media),
        // No such member; none of the receivers may see the application.
        (60_111, Meaning::Blocked),
        (81_013, Meaning::Blocked),
        // Five messages a customer's message; 48 hours from it; the welcome code is used up or over.
        (95_001, Meaning::Quota),
        (95_002, Meaning::Window),
        (41_050, Meaning::Window),
        (41_051, Meaning::Window),
    ],
};

/// The answer to the check of an address (GET): `echostr` decrypted, as it is. Errors: `BadSignature`, `NotOurs`, `Stale`, `Malformed`.
pub fn verify_address(account: &Account, secrets: &[Secret], query: &[u8], now: Timestamp) -> Result<Vec<u8>, WireFault> {
    let callback = Callback::read(query);
    // A blank in base64 was a plus sign that a proxy had decoded before us.
    let encrypted = callback.echostr.replace(' ', "+");
    let plain = envelope::open(secrets, &account.receivers(), &callback, &encrypted)?;
    callback.fresh(now, account.tolerance_ms)?;
    Ok(plain)
}

/// The plain XML of a callback, after its signature. Errors: `BadSignature` (also for what is not encrypted), `NotOurs`, `Stale`, `Malformed`.
pub fn verify(account: &Account, secrets: &[Secret], query: &[u8], body: &[u8], now: Timestamp) -> Result<Vec<u8>, WireFault> {
    let callback = Callback::read(query);
    let encrypted = envelope::encrypted_of(body)?.ok_or(WireFault::BadSignature)?;
    let plain = envelope::open(secrets, &account.receivers(), &callback, &encrypted)?;
    callback.fresh(now, account.tolerance_ms)?;
    Ok(plain)
}

/// One token a secret: applications and customer service have one each.
pub fn token(corp_id: &str, secret: &str) -> Request {
    Request::get(format!("/cgi-bin/gettoken?{}", query(&[("corpid", corp_id), ("corpsecret", secret)])))
}

/// Errors: `Refused` for a wrong secret (40001) or an address that is not on the list (60020).
pub fn token_answer(response: &Response) -> Result<Token, SendFault> {
    let body = DIALECT.body_of_token(response)?;
    let lives_s = body.integer("expires_in").and_then(|it| u64::try_from(it).ok());
    match (body.maybe("access_token"), lives_s) {
        (Some(value), Some(lives_s)) => Ok(Token { value, lives_s }),
        _ => Err(unreadable()),
    }
}

#[cfg(test)]
mod tests;
