//! Pieces for the open channel, and what became of them.

use rapport_model::Timestamp;
use serde_json::{Map, Value, json};

use crate::channel::webhook::{self, Secret};
use crate::channel::{MediaKind, Outgoing, Piece, Request, Response, SendFault, Sending, bounded_id, outcome, reading};

/// One piece as a signed request to `path` of the firm's address. `webhook-id` is our key, the same in every attempt.
///
/// Shape: `{type: "message", id, to, reply_to?, quoted?, by: "person" | "bot", content}` with a content of `{type: "text", text}`,
/// `{type: "image" | "voice" | "video" | "file" | "sticker", id | url, name, caption}`, `{type: "buttons", text, options: [{payload, label}]}` or
/// `{type: "template", name, language, parameters}`.
pub fn send(path: &str, secrets: &[Secret], out: &Outgoing, at: Timestamp) -> Request {
    let mut body = Map::new();
    body.insert("type".to_owned(), "message".into());
    body.insert("id".to_owned(), out.key.as_str().into());
    body.insert("to".to_owned(), out.to.as_str().into());
    for (name, value) in [("reply_to", &out.reply_to), ("quoted", &out.quoted)] {
        if let Some(value) = value {
            body.insert(name.to_owned(), value.as_str().into());
        }
    }
    body.insert("by".to_owned(), if out.by_person { "person" } else { "bot" }.into());
    body.insert("content".to_owned(), content(&out.piece));
    let mut request = Request::json(path, &Value::Object(body));
    let signed = webhook::headers(secrets, &out.key, at, &request.body);
    request.headers.extend(signed);
    request
}

/// What became of a piece: the receiver's id of it where it gave one. Any 2xx without an error in it has taken the piece.
pub fn answer(response: &Response) -> Sending {
    let body = response.json();
    let error = reading::at(&body, "/error").filter(|it| it.is_object());
    match error {
        Some(error) => Err(fault(response, error)),
        None if (200..300).contains(&response.status) => Ok(reading::id(&body, "/id").map(|it| bounded_id(&it))),
        None if response.status == 410 => Err(SendFault::UserBlocked { code: "410".to_owned() }),
        None => Err(outcome::by_status(response)),
    }
}

fn fault(response: &Response, error: &Value) -> SendFault {
    let code = reading::name(error, "/code").unwrap_or_default();
    match code.as_str() {
        "window_closed" => SendFault::WindowClosed { code },
        "quota_exceeded" => SendFault::QuotaExceeded { code },
        "rate_limited" => SendFault::RateLimited { retry_after_ms: response.retry_after_ms(), code },
        "user_blocked" => SendFault::UserBlocked { code },
        "media_expired" => SendFault::MediaExpired { code },
        "token_invalid" => SendFault::TokenInvalid { code },
        "trouble" => SendFault::Trouble { code },
        _ => SendFault::Refused { code, text: reading::name(error, "/message").unwrap_or_default() },
    }
}

fn content(piece: &Piece) -> Value {
    match piece {
        Piece::Text(text) => json!({"type": "text", "text": text}),
        Piece::Media { kind, id, name, caption } => json!({"type": word(*kind), "id": id, "name": name, "caption": caption}),
        Piece::MediaUrl { kind, url, name, caption } => json!({"type": word(*kind), "url": url, "name": name, "caption": caption}),
        Piece::Buttons { text, options } => {
            let options: Vec<Value> = options.iter().map(|it| json!({"payload": it.payload, "label": it.label})).collect();
            json!({"type": "buttons", "text": text, "options": options})
        }
        Piece::Template { name, language, parameters } => json!({"type": "template", "name": name, "language": language, "parameters": parameters}),
    }
}

fn word(kind: MediaKind) -> &'static str {
    match kind {
        MediaKind::Image => "image",
        MediaKind::Voice => "voice",
        MediaKind::Video => "video",
        MediaKind::File => "file",
        MediaKind::Sticker => "sticker",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channel::Button;
    use crate::channel::webhook::{Signed, verify};

    const AT: Timestamp = Timestamp(1_764_000_000_000);

    fn sent(piece: Piece) -> (Request, Secret) {
        let secret = Secret::new(&[7; 24]).expect("secret");
        let out = Outgoing { to: "u-7".to_owned(), reply_to: Some("room-2".to_owned()), quoted: None, piece, key: "k1".to_owned(), by_person: true };
        (send("/in", std::slice::from_ref(&secret), &out, AT), secret)
    }

    #[test]
    fn pieces_are_signed_json() {
        let check = |piece: Piece, content: Value| {
            let (request, secret) = sent(piece);
            let of = |name: &str| request.headers.iter().find(|it| it.0 == name).map(|it| it.1.as_str()).unwrap_or_default();
            let signed = Signed { id: of("webhook-id"), timestamp: of("webhook-timestamp"), signature: of("webhook-signature") };
            assert_eq!((signed.id, verify(&signed, &request.body, &[secret], AT)), ("k1", Ok(())));
            let body: Value = serde_json::from_slice(&request.body).expect("JSON");
            assert_eq!(body, json!({"type": "message", "id": "k1", "to": "u-7", "reply_to": "room-2", "by": "person", "content": content}));
        };
        check(Piece::Text("您好 👨‍👩‍👧 𠮷".to_owned()), json!({"type": "text", "text": "您好 👨‍👩‍👧 𠮷"}));
        let media = Piece::Media { kind: MediaKind::Voice, id: "9".to_owned(), name: "a".to_owned(), caption: String::new() };
        check(media, json!({"type": "voice", "id": "9", "name": "a", "caption": ""}));
        let url = Piece::MediaUrl { kind: MediaKind::Image, url: "https://a.example".to_owned(), name: String::new(), caption: "图".to_owned() };
        check(url, json!({"type": "image", "url": "https://a.example", "name": "", "caption": "图"}));
        let buttons = Piece::Buttons { text: "好吗？".to_owned(), options: vec![Button { payload: "y".to_owned(), label: "是".to_owned() }] };
        check(buttons, json!({"type": "buttons", "text": "好吗？", "options": [{"payload": "y", "label": "是"}]}));
        let template = Piece::Template { name: "late".to_owned(), language: "zh".to_owned(), parameters: vec!["1".to_owned()] };
        check(template, json!({"type": "template", "name": "late", "language": "zh", "parameters": ["1"]}));
    }

    #[test]
    fn answers_are_read() {
        let of = |status: u16, body: &str| answer(&Response { status, headers: vec![("retry-after".to_owned(), "3".to_owned())], body: body.as_bytes().to_vec() });
        assert_eq!(of(200, r#"{"id":"x-1"}"#), Ok(Some("x-1".to_owned())));
        assert_eq!((of(204, ""), of(202, "ok")), (Ok(None), Ok(None)));
        let check = |code: &str, expected: fn(String) -> SendFault| {
            for status in [200, 400] {
                assert_eq!(of(status, &json!({"error": {"code": code, "message": "words"}}).to_string()), Err(expected(code.to_owned())), "{code}");
            }
        };
        check("window_closed", |code| SendFault::WindowClosed { code });
        check("quota_exceeded", |code| SendFault::QuotaExceeded { code });
        check("rate_limited", |code| SendFault::RateLimited { retry_after_ms: Some(3_000), code });
        check("user_blocked", |code| SendFault::UserBlocked { code });
        check("media_expired", |code| SendFault::MediaExpired { code });
        check("token_invalid", |code| SendFault::TokenInvalid { code });
        check("trouble", |code| SendFault::Trouble { code });
        check("anything", |code| SendFault::Refused { code, text: "words".to_owned() });
        assert_eq!(of(410, ""), Err(SendFault::UserBlocked { code: "410".to_owned() }));
        assert_eq!(of(429, ""), Err(SendFault::RateLimited { retry_after_ms: Some(3_000), code: "429".to_owned() }));
        assert_eq!(of(504, ""), Err(SendFault::Unknown { code: "504".to_owned() }));
    }
}
