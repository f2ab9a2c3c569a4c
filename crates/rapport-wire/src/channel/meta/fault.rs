//! Errors of the Graph API in our terms.

use serde_json::Value;

use crate::channel::{Response, SendFault, outcome, reading};

/// Why a call failed. The code is the number, with the sub-code after a stroke where there is one.
///
/// Shape: `{error: {message, type, code, error_subcode?, is_transient?, error_data?: {details}}}`, whatever the status.
/// Source: developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes, /docs/messenger-platform/error-codes.
pub fn fault(response: &Response) -> SendFault {
    let body = response.json();
    let Some(error) = reading::at(&body, "/error").filter(|it| it.is_object()) else { return outcome::by_status(response) };
    let number = reading::whole(error, "/code").unwrap_or_default();
    let part = reading::whole(error, "/error_subcode").unwrap_or_default();
    let code = if part == 0 { number.to_string() } else { format!("{number}/{part}") };
    match (number, part) {
        (131_047 | 470, _) | (_, 2_018_278 | 2_018_065 | 2_534_022) => SendFault::WindowClosed { code },
        // Too much of marketing for this person: an answer of theirs opens it again.
        (131_049, _) => SendFault::QuotaExceeded { code },
        // Not on WhatsApp or too old an app; opted out; gone or not available.
        (131_026 | 131_050 | 551, _) | (_, 2_018_001 | 1_545_041) => SendFault::UserBlocked { code },
        // A pair of numbers, the number, the account, the app.
        (131_056 | 130_429 | 131_048 | 133_016 | 80_006 | 80_007 | 80_008 | 4 | 17 | 32 | 613, _) => SendFault::RateLimited { retry_after_ms: response.retry_after_ms(), code },
        (190 | 102, _) => SendFault::TokenInvalid { code },
        (0, _) if response.status == 401 => SendFault::TokenInvalid { code },
        (131_052, _) | (100, 33 | 2_018_074) => SendFault::MediaExpired { code },
        (1 | 2 | 1_200 | 131_000 | 131_016 | 131_057 | 133_004, _) => SendFault::Trouble { code },
        _ if reading::at(error, "/is_transient").and_then(Value::as_bool) == Some(true) || (500..600).contains(&response.status) => SendFault::Trouble { code },
        _ => SendFault::Refused { code, text: text(error) },
    }
}

fn text(error: &Value) -> String {
    let details = reading::name(error, "/error_data/details").or_else(|| reading::name(error, "/error_user_msg"));
    details.or_else(|| reading::name(error, "/message")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_are_mapped_whatever_the_status() {
        let check = |code: i64, part: i64, expected: fn(String) -> SendFault| {
            let text = if part == 0 { code.to_string() } else { format!("{code}/{part}") };
            for status in [200, 400] {
                let body = json!({"error": {"message": "(#1) words", "type": "OAuthException", "code": code, "error_subcode": part, "error_data": {"details": "why"}}});
                let response = Response { status, headers: Vec::new(), body: body.to_string().into_bytes() };
                assert_eq!(fault(&response), expected(text.clone()), "{code}/{part}");
            }
        };
        let closed = |code| SendFault::WindowClosed { code };
        let blocked = |code| SendFault::UserBlocked { code };
        let limited = |code| SendFault::RateLimited { retry_after_ms: None, code };
        let trouble = |code| SendFault::Trouble { code };
        let refused = |code| SendFault::Refused { code, text: "why".to_owned() };
        for (code, part) in [(131_047, 0), (10, 2_018_278), (10, 2_534_022)] {
            check(code, part, closed);
        }
        for (code, part) in [(131_026, 0), (131_050, 0), (551, 0), (551, 1_545_041), (100, 2_018_001)] {
            check(code, part, blocked);
        }
        for code in [131_056, 130_429, 131_048, 80_007, 4, 613] {
            check(code, 0, limited);
        }
        for code in [1, 2, 1_200, 131_000, 131_016] {
            check(code, 0, trouble);
        }
        for (code, part) in [(10, 0), (200, 0), (100, 0), (368, 0), (131_008, 0), (131_031, 0), (131_053, 0), (132_000, 0), (132_001, 0)] {
            check(code, part, refused);
        }
        check(190, 463, |code| SendFault::TokenInvalid { code });
        check(131_049, 0, |code| SendFault::QuotaExceeded { code });
        check(131_052, 0, |code| SendFault::MediaExpired { code });
    }

    #[test]
    fn without_an_error_of_its_own_the_status_decides() {
        let of = |status: u16, body: &str| fault(&Response { status, headers: Vec::new(), body: body.as_bytes().to_vec() });
        assert_eq!(of(502, "<html>"), SendFault::Unknown { code: "502".to_owned() });
        assert_eq!(of(200, "{}"), SendFault::Unknown { code: "200".to_owned() });
        assert_eq!(of(401, r#"{"error":{"code":0,"type":"AuthException"}}"#), SendFault::TokenInvalid { code: "0".to_owned() });
        assert_eq!(of(500, r#"{"error":{"code":99}}"#), SendFault::Trouble { code: "99".to_owned() });
        assert_eq!(of(400, r#"{"error":{"code":99,"is_transient":true}}"#), SendFault::Trouble { code: "99".to_owned() });
        assert_eq!(of(400, r#"{"error":"text"}"#), SendFault::Refused { code: "400".to_owned(), text: String::new() });
    }
}
