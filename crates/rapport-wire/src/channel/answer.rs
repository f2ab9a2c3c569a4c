//! What providers answer to requests: their numbers in our terms, and the files that they hand out.

use super::{
    Response, SendFault,
    fields::{Fields as _, file_name, one_line},
};
use serde_json::Value;

/// A file as a provider handed it out. `media_type` and `name` are what it said: to be checked against the bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetched {
    pub bytes: Vec<u8>,
    pub media_type: Option<String>,
    /// Never a path; empty where not told.
    pub name: String,
}

/// The answer to a request for a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fetching {
    Here(Fetched),
    /// To be fetched from there, but not from private addresses.
    At(String),
}

/// What a provider's number means for a piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    Window,
    Quota,
    Rate,
    Blocked,
    Media,
    Token,
    Refused,
    Trouble,
    Unknown,
}

impl Meaning {
    pub(crate) fn fault(self, code: impl Into<String>, text: &str, retry_after_ms: Option<u64>) -> SendFault {
        let code = code.into();
        match self {
            Self::Window => SendFault::WindowClosed { code },
            Self::Quota => SendFault::QuotaExceeded { code },
            Self::Rate => SendFault::RateLimited { retry_after_ms, code },
            Self::Blocked => SendFault::UserBlocked { code },
            Self::Media => SendFault::MediaExpired { code },
            Self::Token => SendFault::TokenInvalid { code },
            Self::Refused => SendFault::Refused { code, text: one_line(text) },
            Self::Trouble => SendFault::Trouble { code },
            Self::Unknown => SendFault::Unknown { code },
        }
    }
}

/// How a provider writes its answers: the names of its number and of its words, and what the numbers mean. Numbers that are not listed refuse.
pub(crate) struct Dialect {
    pub(crate) code: &'static str,
    pub(crate) text: &'static str,
    pub(crate) codes: &'static [(i64, Meaning)],
}

impl Dialect {
    /// The body of an answer that holds no fault. With `strict` its number must be there: it is what says that a piece was taken.
    pub(crate) fn body(&self, response: &Response, strict: bool) -> Result<Value, SendFault> {
        let body = response.json();
        match body.integer(self.code) {
            Some(0) if is_success(response) => Ok(body),
            Some(code) if code != 0 => {
                let meaning = self.codes.iter().find(|it| it.0 == code).map_or(Meaning::Refused, |it| it.1);
                Err(meaning.fault(code.to_string(), &body.text(self.text), response.retry_after_ms()))
            }
            Some(_) | None => match by_status(response) {
                Some(fault) => Err(fault),
                None if body.is_object() && !strict => Ok(body),
                None => Err(unreadable()),
            },
        }
    }

    /// As [`Self::body`] where a token or the like is asked for: that an access token is invalid can only mean that the secret is.
    pub(crate) fn body_of_token(&self, response: &Response) -> Result<Value, SendFault> {
        self.body(response, false).map_err(|fault| {
            if let SendFault::TokenInvalid { code } = fault {
                return SendFault::Refused { code, text: response.json().title(self.text) };
            }
            fault
        })
    }
}

/// What the status alone says; `None` for success. A gateway's 5xx leaves open whether the provider had taken the piece before.
pub(crate) fn by_status(response: &Response) -> Option<SendFault> {
    let (status, code) = (response.status, response.status.to_string());
    let meaning = match status {
        200..=299 => return None,
        429 => Meaning::Rate,
        503 => Meaning::Trouble,
        408 | 500.. => Meaning::Unknown,
        401 => Meaning::Token,
        _ => Meaning::Refused,
    };
    Some(meaning.fault(code, "", response.retry_after_ms()))
}

pub(crate) fn is_success(response: &Response) -> bool {
    (200..300).contains(&response.status)
}

/// It answered something that says neither yes nor no.
pub(crate) fn unreadable() -> SendFault {
    SendFault::Unknown { code: "unreadable".to_owned() }
}

/// The channel has no form for such a piece.
pub(crate) fn unsupported(what: &str) -> SendFault {
    SendFault::Refused { code: "piece_not_supported".to_owned(), text: what.to_owned() }
}

/// A file in the body of an answer.
pub(crate) fn file(response: Response) -> Fetched {
    let name = response.header("content-disposition").map(disposition_name).unwrap_or_default();
    let media_type = response.header("content-type").map(|it| one_line(it.split(';').next().unwrap_or_default())).filter(|it| !it.is_empty());
    Fetched { bytes: response.body, media_type, name }
}

/// `filename*` (RFC 6266) before `filename`.
fn disposition_name(header: &str) -> String {
    let value = |name: &str| {
        header.split(';').find_map(|it| {
            let (key, value) = it.split_once('=')?;
            key.trim().eq_ignore_ascii_case(name).then(|| value.trim().trim_matches('"').to_owned())
        })
    };
    let extended = value("filename*").and_then(|it| {
        let encoded = it.splitn(3, '\'').nth(2)?.replace('+', "%2B");
        super::request::form_pairs(format!("n={encoded}").as_bytes()).into_iter().next().map(|it| it.1)
    });
    file_name(&extended.or_else(|| value("filename")).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIALECT: Dialect = Dialect { code: "errcode", text: "errmsg", codes: &[(42_001, Meaning::Token), (45_015, Meaning::Window), (-1, Meaning::Trouble)] };

    fn response(status: u16, body: &str) -> Response {
        Response { status, headers: vec![("retry-after".to_owned(), "7".to_owned())], body: body.as_bytes().to_vec() }
    }

    #[test]
    fn a_fault_within_a_success_is_a_fault() {
        let check = |status: u16, body: &str, expected: Result<(), SendFault>| {
            assert_eq!(DIALECT.body(&response(status, body), true).map(drop), expected, "{status} {body}");
        };
        check(200, r#"{"errcode":0,"errmsg":"ok"}"#, Ok(()));
        check(200, r#"{"errcode":"0"}"#, Ok(()));
        check(200, r#"{"errcode":45015,"errmsg":"x"}"#, Err(SendFault::WindowClosed { code: "45015".to_owned() }));
        check(200, r#"{"errcode":99,"errmsg":"why\nso"}"#, Err(SendFault::Refused { code: "99".to_owned(), text: "why so".to_owned() }));
        check(200, r#"{"errcode":-1}"#, Err(SendFault::Trouble { code: "-1".to_owned() }));
        check(200, "{}", Err(unreadable()));
        check(200, "<html>", Err(unreadable()));
        check(429, "", Err(SendFault::RateLimited { retry_after_ms: Some(7_000), code: "429".to_owned() }));
        check(502, "", Err(SendFault::Unknown { code: "502".to_owned() }));
        check(500, r#"{"errcode":0}"#, Err(SendFault::Unknown { code: "500".to_owned() }));
        check(503, "", Err(SendFault::Trouble { code: "503".to_owned() }));
        check(404, "", Err(SendFault::Refused { code: "404".to_owned(), text: String::new() }));
        assert!(matches!(DIALECT.body_of_token(&response(200, r#"{"errcode":42001}"#)), Err(SendFault::Refused { .. })));
    }

    #[test]
    fn names_of_files_are_read_and_are_no_paths() {
        let check = |header: &str, expected: &str| assert_eq!(disposition_name(header), expected, "{header}");
        check("attachment; filename=\"a.amr\"", "a.amr");
        check("attachment; filename=../../x.png", "x.png");
        check("attachment; filename=\"b\"; filename*=UTF-8''%E8%AF%B4%E6%98%8E+1.pdf", "说明+1.pdf");
        check("inline", "");
    }
}
