//! WeChat Official Accounts and the customer service of mini-programs: callbacks in three modes, customer-service messages, media, users.
//!
//! A callback has to be answered within 5 s; silence brings the same message again, three times in all, and then shows the user that the account is broken.
//! So it is answered by [`SUCCESS`] once it is kept, and the words go out by [`send()`], or by [`passive()`] where they are ready in time.

mod decode;
mod passive;
mod send;

pub use decode::decode;
pub use passive::{official_id, passive};
pub use send::{answer, fetch, fetched, send, stable_token, token, token_answer, typing, upload, uploaded, user, user_answer};

pub(crate) use decode::parts;
pub(crate) use send::{fetched_of_family, uploaded_of_family};

use super::{
    WireFault,
    envelope::{self, Callback, Secret},
};
use rapport_model::Timestamp;

/// Says that a callback was kept.
pub const SUCCESS: &[u8] = b"success";
/// Longest text of one message. Units: bytes of UTF-8. Assumed: WeChat names it in an error (45002) alone.
pub const TEXT_BYTES_MAX: usize = 2_048;

/// What the console calls an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    pub app_id: String,
    /// `gh_…`; where it is known, callbacks for another are refused.
    pub original_id: Option<String>,
    pub kind: Kind,
    pub mode: Mode,
    /// How far a callback's time may be off. WeChat names no limit, and a message sent again carries its first time within: `None` by default.
    pub tolerance_ms: Option<i64>,
    /// `name@gh_…`: messages appear under this name of the account's own desk.
    pub sender: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Official,
    /// Has text, image, link and page alone, and takes no passive answer.
    MiniProgram,
}

/// As chosen in the console under "message encryption".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// The signature does not cover the body: nothing but the address keeps strangers out, so this is for trying alone. An encrypted body is still opened.
    Plain,
    /// Both forms in one body: the plain one is not looked at.
    Compatible,
    Safe,
}

/// The answer to the check of an address (GET): `echostr` as it is. Errors: `BadSignature`, `Stale`.
pub fn verify_address(account: &Account, secrets: &[Secret], query: &[u8], now: Timestamp) -> Result<Vec<u8>, WireFault> {
    let callback = Callback::read(query);
    envelope::verify_query(secrets, &callback)?;
    callback.fresh(now, account.tolerance_ms)?;
    Ok(callback.echostr.into_bytes())
}

/// The plain body of a callback, after its signature: what [`decode()`] reads.
///
/// Errors: `BadSignature` (also where an account that encrypts is told something plain), `Stale`, `NotOurs`, `Malformed`.
pub fn verify(account: &Account, secrets: &[Secret], query: &[u8], body: &[u8], now: Timestamp) -> Result<Vec<u8>, WireFault> {
    let callback = Callback::read(query);
    let plain = match (envelope::encrypted_of(body), account.mode) {
        (Ok(Some(encrypted)), _) => envelope::open(secrets, &[&account.app_id], &callback, &encrypted)?,
        (_, Mode::Compatible | Mode::Safe) => return Err(WireFault::BadSignature),
        (found, Mode::Plain) => {
            envelope::verify_query(secrets, &callback)?;
            found?;
            body.to_vec()
        }
    };
    callback.fresh(now, account.tolerance_ms)?;
    Ok(plain)
}

#[cfg(test)]
mod tests;
