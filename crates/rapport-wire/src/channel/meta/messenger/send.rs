//! Pieces for Messenger and Instagram, and what became of them.

use serde_json::{Value, json};

use super::Config;
use crate::channel::meta::{Product, fault};
use crate::channel::request::percent;
use crate::channel::split::{Unit, split};
use crate::channel::{MediaKind, Outgoing, Piece, Request, Response, SendFault, Sending, bounded_id, outcome, reading};

const QUICK_REPLIES_MAX: usize = 13;
const LABEL_CHARS_MAX: usize = 20;
const PAYLOAD_CHARS_MAX: usize = 1_000;

/// One piece as a call. `late`: 24 h have passed since the customer's last message; until 7 days after it only a person may still answer, which the call then says
/// by the tag `HUMAN_AGENT`.
///
/// Shape: `{recipient: {id}, messaging_type, tag?, message}` to `/<version>/me/messages`. Choices become quick replies. Errors: `WindowClosed` where it is late and
/// nobody's own words; `Refused` where there is no form for the piece. Source: developers.facebook.com/docs/messenger-platform/reference/send-api.
pub fn send(config: &Config, token: &str, out: &Outgoing, late: bool) -> Result<Request, SendFault> {
    if late && !out.by_person {
        return Err(SendFault::WindowClosed { code: "late".to_owned() });
    }
    let mut body = json!({"recipient": {"id": out.reply_to.as_deref().unwrap_or(&out.to)}, "message": message(&out.piece)?});
    if let Some(fields) = body.as_object_mut() {
        fields.insert("messaging_type".to_owned(), if late { "MESSAGE_TAG" } else { "RESPONSE" }.into());
        if late {
            fields.insert("tag".to_owned(), "HUMAN_AGENT".into());
        }
        if let Some(quoted) = &out.quoted {
            fields.insert("reply_to".to_owned(), json!({"mid": quoted}));
        }
    }
    Ok(Request::json(format!("/{}/me/messages", config.version), &body).bearer(token))
}

/// Marks what the person wrote as read, or with `typing` shows that an answer is being written.
pub fn mark_read(config: &Config, token: &str, person: &str, typing: bool) -> Request {
    let body = json!({"recipient": {"id": person}, "sender_action": if typing { "typing_on" } else { "mark_seen" }});
    Request::json(format!("/{}/me/messages", config.version), &body).bearer(token)
}

/// What became of a piece: its id as a `mid`.
pub fn answer(response: &Response) -> Sending {
    let body = response.json();
    let is_sent = response.status < 300 && reading::id(&body, "/recipient_id").or_else(|| reading::id(&body, "/message_id")).is_some();
    if is_sent { Ok(reading::id(&body, "/message_id").map(|it| bounded_id(&it))) } else { Err(fault(response)) }
}

/// Asks how a person calls themselves: events do not tell.
pub fn profile(config: &Config, token: &str, person: &str) -> Request {
    let fields = if config.product == Product::Instagram { "name,username" } else { "first_name,last_name" };
    Request::get(format!("/{}/{}?fields={}", config.version, percent(person), percent(fields))).bearer(token)
}

/// The answer to [`profile`].
pub fn profile_name(response: &Response) -> Result<Option<String>, SendFault> {
    let body = response.json();
    if response.status >= 300 || reading::at(&body, "/error").is_some() {
        return Err(fault(response));
    }
    let parts = [reading::name(&body, "/first_name"), reading::name(&body, "/last_name")];
    let whole = Some(parts.into_iter().flatten().collect::<Vec<_>>().join(" ")).filter(|it| !it.is_empty());
    Ok(reading::name(&body, "/name").or(whole).or_else(|| reading::name(&body, "/username")))
}

/// Stickers go as pictures.
pub fn attachment_type(kind: MediaKind) -> &'static str {
    match kind {
        MediaKind::Image | MediaKind::Sticker => "image",
        MediaKind::Voice => "audio",
        MediaKind::Video => "video",
        MediaKind::File => "file",
    }
}

fn message(piece: &Piece) -> Result<Value, SendFault> {
    match piece {
        Piece::Text(text) => Ok(json!({"text": text})),
        // A file has no caption; a message has either a file or a text.
        Piece::Media { kind, id, .. } => Ok(json!({"attachment": {"type": attachment_type(*kind), "payload": {"attachment_id": id}}})),
        Piece::MediaUrl { kind, url, .. } => Ok(json!({"attachment": {"type": attachment_type(*kind), "payload": {"url": url}}})),
        Piece::Buttons { text, options } => {
            if options.is_empty() || options.len() > QUICK_REPLIES_MAX || options.iter().any(|it| it.payload.is_empty() || it.payload.chars().count() > PAYLOAD_CHARS_MAX) {
                return Err(outcome::unsupported("1 to 13 choices with a payload of at most 1000 characters"));
            }
            let label = |it: &str| split(it, Unit::Characters, LABEL_CHARS_MAX).into_iter().next().unwrap_or_default();
            let replies: Vec<Value> = options.iter().map(|it| json!({"content_type": "text", "title": label(&it.label), "payload": it.payload})).collect();
            Ok(json!({"text": text, "quick_replies": replies}))
        }
        Piece::Template { .. } => Err(outcome::unsupported("template")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channel::Button;

    fn out(piece: Piece, by_person: bool) -> Outgoing {
        Outgoing { to: "P1".to_owned(), reply_to: None, quoted: None, piece, key: "k1".to_owned(), by_person }
    }

    fn body(out: &Outgoing, late: bool) -> Value {
        let request = send(&Config::new(Product::Messenger, "77"), "t", out, late).expect("sent");
        assert_eq!(request.path, "/v24.0/me/messages");
        serde_json::from_slice(&request.body).expect("JSON")
    }

    #[test]
    fn pieces_become_calls() {
        let text = "您好 👨‍👩‍👧 𠮷";
        let check = |piece: Piece, expected: Value| assert_eq!(body(&out(piece, false), false), json!({"recipient": {"id": "P1"}, "messaging_type": "RESPONSE", "message": expected}));
        check(Piece::Text(text.to_owned()), json!({"text": text}));
        let media = |kind| Piece::Media { kind, id: "99".to_owned(), name: "a".to_owned(), caption: "b".to_owned() };
        check(media(MediaKind::Image), json!({"attachment": {"type": "image", "payload": {"attachment_id": "99"}}}));
        check(media(MediaKind::Sticker), json!({"attachment": {"type": "image", "payload": {"attachment_id": "99"}}}));
        check(media(MediaKind::Voice), json!({"attachment": {"type": "audio", "payload": {"attachment_id": "99"}}}));
        check(media(MediaKind::File), json!({"attachment": {"type": "file", "payload": {"attachment_id": "99"}}}));
        let link = Piece::MediaUrl { kind: MediaKind::Video, url: "https://a.example/1.mp4".to_owned(), name: String::new(), caption: String::new() };
        check(link, json!({"attachment": {"type": "video", "payload": {"url": "https://a.example/1.mp4"}}}));
        let options = vec![Button { payload: "y".to_owned(), label: "是".to_owned() }];
        check(Piece::Buttons { text: "好吗？".to_owned(), options }, json!({"text": "好吗？", "quick_replies": [{"content_type": "text", "title": "是", "payload": "y"}]}));
    }

    #[test]
    fn after_a_day_only_a_person_may_answer() {
        let text = || Piece::Text("好".to_owned());
        let late = body(&out(text(), true), true);
        assert_eq!((&late["messaging_type"], &late["tag"]), (&Value::from("MESSAGE_TAG"), &Value::from("HUMAN_AGENT")));
        assert!(body(&out(text(), true), false).get("tag").is_none());
        let bot = send(&Config::new(Product::Instagram, "77"), "t", &out(text(), false), true);
        assert_eq!(bot, Err(SendFault::WindowClosed { code: "late".to_owned() }));
    }

    #[test]
    fn answers_are_read() {
        let response = |status: u16, body: &str| Response { status, headers: Vec::new(), body: body.as_bytes().to_vec() };
        assert_eq!(answer(&response(200, r#"{"recipient_id":"P1","message_id":"m_A"}"#)), Ok(Some("m_A".to_owned())));
        let closed = r#"{"error":{"message":"(#10) This message is sent outside of allowed window.","code":10,"error_subcode":2018278}}"#;
        assert_eq!(answer(&response(400, closed)), Err(SendFault::WindowClosed { code: "10/2018278".to_owned() }));
        assert_eq!(answer(&response(200, closed)), Err(SendFault::WindowClosed { code: "10/2018278".to_owned() }));
        assert_eq!(answer(&response(504, "")), Err(SendFault::Unknown { code: "504".to_owned() }));
        let config = Config::new(Product::Messenger, "77");
        let marked: Value = serde_json::from_slice(&mark_read(&config, "t", "P1", true).body).expect("JSON");
        assert_eq!(marked, json!({"recipient": {"id": "P1"}, "sender_action": "typing_on"}));
        assert_eq!(profile(&config, "t", "P1").path, "/v24.0/P1?fields=first_name%2Clast_name");
        assert_eq!(profile_name(&response(200, r#"{"first_name":"三","last_name":"张","id":"P1"}"#)), Ok(Some("三 张".to_owned())));
        assert_eq!(profile_name(&response(200, r#"{"username":"zs","id":"P1"}"#)), Ok(Some("zs".to_owned())));
        assert!(profile_name(&response(400, r#"{"error":{"code":100}}"#)).is_err());
    }
}
