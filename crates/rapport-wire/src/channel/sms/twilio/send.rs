//! Pieces for Twilio, and what became of them.

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::{Config, Sender};
use crate::channel::request::percent;
use crate::channel::{Outgoing, Piece, Request, Response, SendFault, Sending, bounded_id, outcome, reading};

/// One piece as a call. `token`: the account's auth token.
///
/// Shape: a form with `To`, `From` or `MessagingServiceSid`, `Body`, `MediaUrl` to `/2010-04-01/Accounts/<sid>/Messages.json`. Files go by a public address of ours.
/// Errors: `Refused` where there is no form for the piece. Source: twilio.com/docs/messaging/api/message-resource.
pub fn send(config: &Config, token: &str, out: &Outgoing) -> Result<Request, SendFault> {
    let mut fields = vec![("To", out.reply_to.as_deref().unwrap_or(&out.to))];
    match &config.sender {
        Sender::Number(number) => fields.push(("From", number)),
        Sender::Service(service) => fields.push(("MessagingServiceSid", service)),
    }
    match &out.piece {
        Piece::Text(text) => fields.push(("Body", text)),
        Piece::MediaUrl { url, caption, .. } => {
            fields.push(("MediaUrl", url));
            if !caption.is_empty() {
                fields.push(("Body", caption));
            }
        }
        Piece::Media { .. } => return Err(outcome::unsupported("an uploaded file")),
        Piece::Buttons { .. } => return Err(outcome::unsupported("buttons")),
        Piece::Template { .. } => return Err(outcome::unsupported("template")),
    }
    if let Some(url) = &config.status_callback {
        fields.push(("StatusCallback", url));
    }
    let request = Request::form(format!("/2010-04-01/Accounts/{}/Messages.json", percent(&config.account_sid)), &fields);
    Ok(request.with("authorization", authorization(config, token)))
}

/// The header `authorization`, which files of messages need too; only ever for Twilio's own host.
pub fn authorization(config: &Config, token: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{}:{token}", config.account_sid)))
}

/// What became of a piece: its `SM…`. Shape of an error: `{code, message, more_info, status}`.
pub fn answer(response: &Response) -> Sending {
    let body = response.json();
    if let Some(sid) = reading::id(&body, "/sid").filter(|_| response.status < 300) {
        let refused = reading::whole(&body, "/error_code").filter(|_| reading::name(&body, "/status").as_deref() == Some("failed"));
        return match refused {
            Some(number) => Err(fault(number, response, reading::name(&body, "/error_message").unwrap_or_default())),
            None => Ok(Some(bounded_id(&sid))),
        };
    }
    match reading::whole(&body, "/code") {
        Some(number) => Err(fault(number, response, reading::name(&body, "/message").unwrap_or_default())),
        None => Err(outcome::by_status(response)),
    }
}

/// Source: twilio.com/docs/api/errors.
fn fault(number: i64, response: &Response, text: String) -> SendFault {
    let code = number.to_string();
    match number {
        20_003 | 20_008 => SendFault::TokenInvalid { code },
        20_429 | 14_107 | 21_611 | 30_001 | 30_022 | 63_018 => SendFault::RateLimited { retry_after_ms: response.retry_after_ms(), code },
        // Stopped; unreachable, blocked, unknown, a landline.
        21_610 | 30_003..=30_006 | 63_024 => SendFault::UserBlocked { code },
        63_016 => SendFault::WindowClosed { code },
        12_300 | 21_620 | 63_019 => SendFault::MediaExpired { code },
        20_500 | 20_503 => SendFault::Trouble { code },
        _ if response.status == 429 => SendFault::RateLimited { retry_after_ms: response.retry_after_ms(), code },
        _ if response.status >= 500 => SendFault::Trouble { code },
        _ => SendFault::Refused { code, text },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channel::MediaKind;
    use crate::channel::request::form_pairs;

    fn config() -> Config {
        Config { account_sid: "AC1".to_owned(), sender: Sender::Number("+15551234567".to_owned()), status_callback: Some("https://cs.example.com/s".to_owned()) }
    }

    fn out(piece: Piece) -> Outgoing {
        Outgoing { to: "+8613800138000".to_owned(), reply_to: None, quoted: None, piece, key: "k1".to_owned(), by_person: false }
    }

    #[test]
    fn pieces_become_forms() {
        let text = "您好 👨‍👩‍👧 𠮷 a+b&c";
        let request = send(&config(), "secret", &out(Piece::Text(text.to_owned()))).expect("sent");
        let pairs = form_pairs(&request.body);
        let pairs: Vec<(&str, &str)> = pairs.iter().map(|it| (it.0.as_str(), it.1.as_str())).collect();
        assert_eq!(request.path, "/2010-04-01/Accounts/AC1/Messages.json");
        assert_eq!(pairs, [("To", "+8613800138000"), ("From", "+15551234567"), ("Body", text), ("StatusCallback", "https://cs.example.com/s")]);
        assert!(request.headers.contains(&("authorization".to_owned(), "Basic QUMxOnNlY3JldA==".to_owned())), "{:?}", request.headers);
        let service = Config { sender: Sender::Service("MG1".to_owned()), status_callback: None, ..config() };
        let picture = Piece::MediaUrl { kind: MediaKind::Image, url: "https://a.example/1.png?x=1&y=2".to_owned(), name: String::new(), caption: "图".to_owned() };
        let pairs = form_pairs(&send(&service, "secret", &out(picture)).expect("sent").body);
        assert_eq!(pairs[1..], [("MessagingServiceSid", "MG1"), ("MediaUrl", "https://a.example/1.png?x=1&y=2"), ("Body", "图")].map(|it| (it.0.to_owned(), it.1.to_owned())));
        let template = Piece::Template { name: "a".to_owned(), language: "zh".to_owned(), parameters: Vec::new() };
        assert!(matches!(send(&config(), "secret", &out(template)), Err(SendFault::Refused { .. })));
    }

    #[test]
    fn numbers_are_mapped() {
        let of = |status: u16, body: String| answer(&Response { status, headers: vec![("retry-after".to_owned(), "2".to_owned())], body: body.into_bytes() });
        assert_eq!(of(201, r#"{"sid":"SM1","status":"queued","error_code":null}"#.to_owned()), Ok(Some("SM1".to_owned())));
        let check = |status: u16, number: i64, expected: fn(String) -> SendFault| {
            let body = serde_json::json!({"code": number, "message": "words", "status": status});
            assert_eq!(of(status, body.to_string()), Err(expected(number.to_string())), "{number}");
        };
        check(401, 20_003, |code| SendFault::TokenInvalid { code });
        check(429, 20_429, |code| SendFault::RateLimited { retry_after_ms: Some(2_000), code });
        check(400, 21_611, |code| SendFault::RateLimited { retry_after_ms: Some(2_000), code });
        for number in [21_610, 30_003, 30_004, 30_005, 30_006] {
            check(400, number, |code| SendFault::UserBlocked { code });
        }
        check(400, 63_016, |code| SendFault::WindowClosed { code });
        for number in [21_211, 21_408, 21_614, 21_617, 30_007, 20_404] {
            check(400, number, |code| SendFault::Refused { code, text: "words".to_owned() });
        }
        check(500, 20_500, |code| SendFault::Trouble { code });
        assert_eq!(of(200, r#"{"sid":"SM1","status":"failed","error_code":30003,"error_message":"x"}"#.to_owned()), Err(SendFault::UserBlocked { code: "30003".to_owned() }));
        assert_eq!(of(502, "<html>".to_owned()), Err(SendFault::Unknown { code: "502".to_owned() }));
        assert_eq!(of(201, "{}".to_owned()), Err(SendFault::Unknown { code: "201".to_owned() }));
    }
}
