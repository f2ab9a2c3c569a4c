//! WeChat customer service (微信客服): a callback is a doorbell alone; what was said is fetched page by page, account by account.
//!
//! One fetcher an account at a time, and its cursor is kept in the transaction that keeps its messages: without a cursor all of about three days comes again.

mod decode;
mod session;

pub use decode::{Page, SessionChange, Welcome, page};
pub use session::{CUSTOMERS_MAX, Desk, ServiceState, customers, customers_answer, desks, desks_answer, state, state_answer, transfer, transfer_answer};

use super::{DIALECT, media::name_of};
use crate::channel::{
    Button, MediaKind, Outgoing, Piece, Request, Response, SendFault, Sending, answer::unsupported, bounded_id, fields::Fields as _, request::percent,
};
use rapport_model::Timestamp;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

/// Most messages of one page.
pub const PAGE_MAX: u16 = 1_000;
/// A doorbell's token lives that long; fetching goes on without it, but slowly. Units: ms.
pub const DOORBELL_MS: i64 = 600_000;
/// The number that says so. Assumed.
pub const DOORBELL_OVER: &str = "95007";
/// From the customer's entering until a welcome must be out. Units: ms.
pub const WELCOME_MS: i64 = 20_000;
/// Longest of what the documents bound. Units: bytes.
const CURSOR_BYTES_MAX: usize = 64;
const TOKEN_BYTES_MAX: usize = 128;

/// The next page of an account's messages. `cursor` is empty the first time; `doorbell` is the token of a [`crate::channel::Fact::Doorbell`] that is younger than
/// [`DOORBELL_MS`]. Voice comes as AMR.
pub fn sync(token: &str, account: &str, cursor: &str, doorbell: Option<&str>) -> Request {
    let mut body = json!({"open_kfid": account, "limit": PAGE_MAX, "voice_format": 0});
    if let Some(fields) = body.as_object_mut() {
        if !cursor.is_empty() && cursor.len() <= CURSOR_BYTES_MAX {
            fields.insert("cursor".to_owned(), json!(cursor));
        }
        if let Some(doorbell) = doorbell.filter(|it| it.len() <= TOKEN_BYTES_MAX) {
            fields.insert("token".to_owned(), json!(doorbell));
        }
    }
    Request::json(format!("/cgi-bin/kf/sync_msg?access_token={}", percent(token)), &body)
}

/// One request, or two where a file has words with it. `outgoing.reply_to` is the account (`open_kfid`); our key is its `msgid`, so that a piece whose outcome is
/// unknown may be sent again. Errors: `Refused` (`piece_not_supported`, `account_missing`).
pub fn send(token: &str, outgoing: &Outgoing) -> Result<Vec<Request>, SendFault> {
    let Some(account) = &outgoing.reply_to else {
        return Err(SendFault::Refused { code: "account_missing".to_owned(), text: "which account of customer service answers is not told".to_owned() });
    };
    let path = format!("/cgi-bin/kf/send_msg?access_token={}", percent(token));
    let of = |key: &str, (kind, content): (&str, Value)| {
        let mut body = Map::new();
        for (name, value) in [("touser", &outgoing.to), ("open_kfid", account), ("msgid", &key.to_owned()), ("msgtype", &kind.to_owned())] {
            body.insert(name.to_owned(), Value::String(value.clone()));
        }
        body.insert(kind.to_owned(), content);
        Request::json(path.clone(), &Value::Object(body))
    };
    let key = &outgoing.key;
    match &outgoing.piece {
        Piece::Text(text) => Ok(vec![of(key, words(text))]),
        Piece::Buttons { text, options } => Ok(vec![of(key, menu(text, options))]),
        Piece::Media { kind, id, caption, .. } => {
            let file = of(key, (name_of(*kind), json!({"media_id": id})));
            Ok(if caption.is_empty() { vec![file] } else { vec![file, of(&second(key), words(caption))] })
        }
        Piece::MediaUrl { kind: MediaKind::File, url, name, caption } => {
            let link = if caption.is_empty() { format!("{name}\n{url}") } else { format!("{name}\n{caption}\n{url}") };
            Ok(vec![of(key, words(&link))])
        }
        Piece::MediaUrl { .. } => Err(unsupported("customer service takes pictures, voice and video that were uploaded before")),
        Piece::Template { .. } => Err(unsupported("customer service has no templates")),
    }
}

/// The only message that may go to somebody who did not write: once, within [`WELCOME_MS`] of their entering, where the account has no welcome of its own.
/// Errors: `WindowClosed` where it is too late; `Refused` for pieces that are neither text nor buttons.
pub fn welcome(token: &str, welcome: &Welcome, piece: &Piece, key: &str, now: Timestamp) -> Result<Request, SendFault> {
    if welcome.at.is_some_and(|it| now.since_ms(it) > WELCOME_MS) {
        return Err(SendFault::WindowClosed { code: "welcome_over".to_owned() });
    }
    on_event(token, &welcome.code, piece, key)
}

/// A last word at the end of a session, by the code that its end gave out ([`SessionChange::code`], [`transfer_answer`]).
pub fn farewell(token: &str, code: &str, piece: &Piece, key: &str) -> Result<Request, SendFault> {
    on_event(token, code, piece, key)
}

fn on_event(token: &str, code: &str, piece: &Piece, key: &str) -> Result<Request, SendFault> {
    let (kind, content) = match piece {
        Piece::Text(text) => words(text),
        Piece::Buttons { text, options } => menu(text, options),
        Piece::Media { .. } | Piece::MediaUrl { .. } | Piece::Template { .. } => return Err(unsupported("on an event only text and menus go out")),
    };
    let mut body = json!({"code": code, "msgid": key, "msgtype": kind});
    if let Some(fields) = body.as_object_mut() {
        fields.insert(kind.to_owned(), content);
    }
    Ok(Request::json(format!("/cgi-bin/kf/send_msg_on_event?access_token={}", percent(token)), &body))
}

fn words(text: &str) -> (&'static str, Value) {
    ("text", json!({"content": text}))
}

fn menu(text: &str, options: &[Button]) -> (&'static str, Value) {
    let list: Vec<Value> = options.iter().map(|it| json!({"type": "click", "click": {"id": it.payload, "content": it.label}})).collect();
    ("msgmenu", json!({"head_content": text, "list": list}))
}

/// A key for the words beside a file: stable as well, of 32 bytes.
fn second(key: &str) -> String {
    Sha256::digest(format!("{key}_2")).iter().take(16).map(|it| format!("{it:02x}")).collect()
}

/// Our key, as WeCom gives it back. Errors: `QuotaExceeded` after five, `WindowClosed` after 48 hours.
pub fn answer(response: &Response) -> Sending {
    DIALECT.body(response, true).map(|it| it.maybe("msgid").map(|it| bounded_id(&it)))
}
