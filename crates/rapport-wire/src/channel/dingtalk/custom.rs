//! A group's own robot: it speaks under an address with a token, and hears nothing.

use super::{DIALECT, send::within_session, sign};
use crate::channel::{Piece, Request, Response, SendFault, Sending, answer::unsupported, request::query};
use rapport_model::Timestamp;

/// More than 20 messages a minute silence it for so long. Units: ms.
pub const SILENCE_MS: u64 = 600_000;

/// Under [`super::Host::Oapi`]. `secret` where the robot is protected by a sign (加签). Errors: `Refused` for uploaded files.
pub fn send(access_token: &str, secret: Option<&str>, piece: &Piece, now: Timestamp) -> Result<Request, SendFault> {
    let body = within_session(piece).ok_or_else(|| unsupported("a group's own robot sends words, links and pictures that have an address"))?;
    let mut path = format!("/robot/send?{}", query(&[("access_token", access_token)]));
    if let Some(secret) = secret {
        path.push('&');
        path.push_str(&signed_query(secret, now));
    }
    Ok(Request::json(path, &body))
}

/// `timestamp=…&sign=…`, the time in milliseconds.
pub fn signed_query(secret: &str, now: Timestamp) -> String {
    let time = now.0.to_string();
    query(&[("timestamp", &time), ("sign", &sign(secret, &time))])
}

pub fn answer(response: &Response) -> Sending {
    DIALECT.body(response, true).map(|_| None).map_err(|fault| {
        if let SendFault::RateLimited { retry_after_ms: None, code } = fault {
            return SendFault::RateLimited { retry_after_ms: Some(SILENCE_MS), code };
        }
        fault
    })
}
