//! A group's own robot: it speaks under an address with a token, and hears nothing.

use super::{DIALECT, send::content};
use crate::channel::{Piece, Request, Response, SendFault, Sending, request::percent};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use rapport_model::Timestamp;
use serde_json::{Value, json};
use sha2::Sha256;

/// Base64 of HMAC-SHA256 over nothing, keyed by the time in seconds and the secret. Assumed: no second source was found for its vector.
pub fn sign(secret: &str, now: Timestamp) -> String {
    let key = format!("{}\n{secret}", now.0.div_euclid(1_000));
    // Keys of any length are taken; the other branch is for the type alone.
    Hmac::<Sha256>::new_from_slice(key.as_bytes()).map(|it| STANDARD.encode(it.finalize().into_bytes())).unwrap_or_default()
}

/// `secret` where the robot is protected by a sign. Errors: as of [`super::send()`].
pub fn send(hook: &str, secret: Option<&str>, piece: &Piece, now: Timestamp) -> Result<Request, SendFault> {
    let ((kind, content), _) = content(piece)?;
    // Cards stand under a name of their own, rich text one deeper.
    let mut body = match kind {
        "interactive" => json!({"msg_type": kind, "card": content}),
        "post" => json!({"msg_type": kind, "content": {"post": content}}),
        _ => json!({"msg_type": kind, "content": content}),
    };
    if let (Some(secret), Some(fields)) = (secret, body.as_object_mut()) {
        fields.insert("timestamp".to_owned(), Value::String(now.0.div_euclid(1_000).to_string()));
        fields.insert("sign".to_owned(), Value::String(sign(secret, now)));
    }
    Ok(Request::json(format!("/open-apis/bot/v2/hook/{}", percent(hook)), &body))
}

pub fn answer(response: &Response) -> Sending {
    DIALECT.body(response, true).map(|_| None)
}
