//! What an answer over HTTP means where the provider itself says nothing that is understood.

use super::{Response, SendFault};

/// By the status alone. Only where it is certain that nothing was done may a piece be sent again: 502 and 504 come from something between, 500 from the
/// middle of the work, and a success that cannot be read has happened.
pub fn by_status(response: &Response) -> SendFault {
    let code = response.status.to_string();
    match response.status {
        401 => SendFault::TokenInvalid { code },
        429 => SendFault::RateLimited { retry_after_ms: response.retry_after_ms(), code },
        503 => SendFault::Trouble { code },
        300..=399 => SendFault::Refused { code, text: "redirected".to_owned() },
        400..=499 if response.status != 408 => SendFault::Refused { code, text: String::new() },
        _ => SendFault::Unknown { code },
    }
}

/// A piece that the provider has no form for. Nothing is sent.
pub fn unsupported(what: &str) -> SendFault {
    SendFault::Refused { code: "unsupported".to_owned(), text: what.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_certainly_did_nothing_may_be_sent_again() {
        let of = |status: u16| by_status(&Response { status, headers: vec![("retry-after".to_owned(), "7".to_owned())], body: Vec::new() });
        assert_eq!(of(429), SendFault::RateLimited { retry_after_ms: Some(7_000), code: "429".to_owned() });
        assert!(matches!(of(503), SendFault::Trouble { .. }) && matches!(of(401), SendFault::TokenInvalid { .. }));
        assert!([301, 400, 403, 404, 499].iter().all(|it| matches!(of(*it), SendFault::Refused { .. })));
        assert!([200, 408, 500, 502, 504, 520].iter().all(|it| matches!(of(*it), SendFault::Unknown { .. })));
    }
}
