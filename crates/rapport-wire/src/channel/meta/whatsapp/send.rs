//! Pieces for WhatsApp, and what became of them.

use serde_json::{Map, Value, json};

use super::Config;
use crate::channel::meta::fault;
use crate::channel::request::percent;
use crate::channel::split::{Unit, split};
use crate::channel::{Button, MediaKind, Outgoing, Piece, Request, Response, SendFault, Sending, bounded_id, outcome, reading};

const BUTTONS_MAX: usize = 3;
const BUTTON_CHARS_MAX: usize = 20;
const ROWS_MAX: usize = 10;
const ROW_CHARS_MAX: usize = 24; // assumed
const ROW_NOTE_CHARS_MAX: usize = 72; // assumed

/// One piece as a call. Free text is delivered within 24 h of the customer's last message; a template always.
///
/// Shape: `{messaging_product, recipient_type, to, type, <type>: {…}, context?}` to `/<version>/<number>/messages`. Up to three choices become buttons, up to ten a
/// list. Errors: `Refused` where there is no form for the piece. Source: developers.facebook.com/docs/whatsapp/cloud-api/reference/messages.
pub fn send(config: &Config, token: &str, out: &Outgoing) -> Result<Request, SendFault> {
    let (kind, content) = match &out.piece {
        Piece::Text(text) => ("text", json!({"preview_url": false, "body": text})),
        Piece::Media { kind, id, name, caption } => media(*kind, "id", id, name, caption),
        Piece::MediaUrl { kind, url, name, caption } => media(*kind, "link", url, name, caption),
        Piece::Buttons { text, options } => ("interactive", choices(config, text, options)?),
        Piece::Template { name, language, parameters } => ("template", template(name, language, parameters)),
    };
    let mut body = Map::new();
    let group = out.reply_to.as_deref();
    body.insert("messaging_product".to_owned(), "whatsapp".into());
    body.insert("recipient_type".to_owned(), if group.is_some() { "group" } else { "individual" }.into());
    body.insert("to".to_owned(), group.unwrap_or(&out.to).into());
    body.insert("type".to_owned(), kind.into());
    body.insert(kind.to_owned(), content);
    if let Some(quoted) = &out.quoted {
        body.insert("context".to_owned(), json!({"message_id": quoted}));
    }
    Ok(Request::json(path(config), &Value::Object(body)).bearer(token))
}

/// Marks a message and those before it as read; with `typing`, shows for up to 25 s that an answer is being written.
pub fn mark_read(config: &Config, token: &str, message: &str, typing: bool) -> Request {
    let mut body = json!({"messaging_product": "whatsapp", "status": "read", "message_id": message});
    if let Some(fields) = body.as_object_mut().filter(|_| typing) {
        fields.insert("typing_indicator".to_owned(), json!({"type": "text"}));
    }
    Request::json(path(config), &body).bearer(token)
}

/// What became of a piece: its id as a `wamid`.
pub fn answer(response: &Response) -> Sending {
    let body = response.json();
    match reading::id(&body, "/messages/0/id") {
        Some(id) if response.status < 300 => Ok(Some(bounded_id(&id))),
        _ => Err(fault(response)),
    }
}

fn path(config: &Config) -> String {
    format!("/{}/{}/messages", config.version, percent(&config.phone_number_id))
}

/// Voice and stickers have no caption.
fn media(kind: MediaKind, by: &str, file: &str, name: &str, caption: &str) -> (&'static str, Value) {
    let word = match kind {
        MediaKind::Image => "image",
        MediaKind::Voice => "audio",
        MediaKind::Video => "video",
        MediaKind::File => "document",
        MediaKind::Sticker => "sticker",
    };
    let mut content = Map::new();
    content.insert(by.to_owned(), file.into());
    if !caption.is_empty() && !matches!(kind, MediaKind::Voice | MediaKind::Sticker) {
        content.insert("caption".to_owned(), caption.into());
    }
    if kind == MediaKind::File && !name.is_empty() {
        content.insert("filename".to_owned(), name.into());
    }
    (word, Value::Object(content))
}

fn choices(config: &Config, text: &str, options: &[Button]) -> Result<Value, SendFault> {
    if options.is_empty() || options.len() > ROWS_MAX {
        return Err(outcome::unsupported("1 to 10 choices"));
    }
    if options.iter().any(|it| it.payload.is_empty() || it.payload.len() > 200 || it.label.trim().is_empty()) {
        return Err(outcome::unsupported("a choice has a label and a payload of 1 to 200 bytes"));
    }
    if options.len() <= BUTTONS_MAX {
        let buttons: Vec<Value> = options.iter().map(|it| json!({"type": "reply", "reply": {"id": it.payload, "title": shortened(&it.label, BUTTON_CHARS_MAX)}})).collect();
        return Ok(json!({"type": "button", "body": {"text": text}, "action": {"buttons": buttons}}));
    }
    let row = |it: &Button| {
        let title = shortened(&it.label, ROW_CHARS_MAX);
        if title == it.label { json!({"id": it.payload, "title": title}) } else { json!({"id": it.payload, "title": title, "description": shortened(&it.label, ROW_NOTE_CHARS_MAX)}) }
    };
    let rows: Vec<Value> = options.iter().map(row).collect();
    Ok(json!({"type": "list", "body": {"text": text}, "action": {"button": shortened(&config.list_label, BUTTON_CHARS_MAX), "sections": [{"rows": rows}]}}))
}

/// At most `chars`, with `…` where something is left out.
fn shortened(label: &str, chars: usize) -> String {
    if Unit::Characters.length(label) <= chars {
        return label.to_owned();
    }
    let head = split(label, Unit::Characters, chars.saturating_sub(1)).into_iter().next().unwrap_or_default();
    format!("{head}…")
}

fn template(name: &str, language: &str, parameters: &[String]) -> Value {
    let mut template = json!({"name": name, "language": {"code": language}});
    let parameters: Vec<Value> = parameters.iter().map(|it| json!({"type": "text", "text": it})).collect();
    if let Some(fields) = template.as_object_mut().filter(|_| !parameters.is_empty()) {
        fields.insert("components".to_owned(), json!([{"type": "body", "parameters": parameters}]));
    }
    template
}

#[cfg(test)]
mod tests {
    use super::*;

    fn out(piece: Piece) -> Outgoing {
        Outgoing { to: "8613800138000".to_owned(), reply_to: None, quoted: None, piece, key: "k1".to_owned(), by_person: false }
    }

    fn check(out: &Outgoing, kind: &str, content: Value) {
        let request = send(&Config::new("11"), "t", out).expect("sent");
        let body: Value = serde_json::from_slice(&request.body).expect("JSON");
        assert_eq!((request.path.as_str(), &body["type"], &body[kind]), ("/v24.0/11/messages", &Value::from(kind), &content));
        assert_eq!((&body["messaging_product"], &body["recipient_type"], &body["to"]), (&Value::from("whatsapp"), &Value::from("individual"), &Value::from("8613800138000")));
        assert!(request.headers.contains(&("authorization".to_owned(), "Bearer t".to_owned())));
    }

    #[test]
    fn pieces_become_calls() {
        let text = "您好 👨‍👩‍👧 𠮷";
        check(&out(Piece::Text(text.to_owned())), "text", json!({"preview_url": false, "body": text}));
        let media = |kind| out(Piece::Media { kind, id: "99".to_owned(), name: "单.pdf".to_owned(), caption: "见图".to_owned() });
        check(&media(MediaKind::Image), "image", json!({"id": "99", "caption": "见图"}));
        check(&media(MediaKind::Video), "video", json!({"id": "99", "caption": "见图"}));
        check(&media(MediaKind::File), "document", json!({"id": "99", "caption": "见图", "filename": "单.pdf"}));
        check(&media(MediaKind::Voice), "audio", json!({"id": "99"}));
        check(&media(MediaKind::Sticker), "sticker", json!({"id": "99"}));
        let link = Piece::MediaUrl { kind: MediaKind::Image, url: "https://a.example/1.png".to_owned(), name: String::new(), caption: String::new() };
        check(&out(link), "image", json!({"link": "https://a.example/1.png"}));
        let template = |parameters: &[&str]| Piece::Template { name: "order_late".to_owned(), language: "zh_CN".to_owned(), parameters: parameters.iter().map(|it| (*it).to_owned()).collect() };
        let components = json!([{"type": "body", "parameters": [{"type": "text", "text": "SF1"}, {"type": "text", "text": "明天"}]}]);
        check(&out(template(&["SF1", "明天"])), "template", json!({"name": "order_late", "language": {"code": "zh_CN"}, "components": components}));
        check(&out(template(&[])), "template", json!({"name": "order_late", "language": {"code": "zh_CN"}}));
    }

    #[test]
    fn three_choices_are_buttons_ten_a_list_and_more_are_refused() {
        let options = |count: usize, label: &str| (0..count).map(|it| Button { payload: format!("p{it}"), label: label.to_owned() }).collect::<Vec<_>>();
        let choices = |options| out(Piece::Buttons { text: "选哪个？".to_owned(), options });
        let buttons: Vec<Value> = (0..3).map(|it| json!({"type": "reply", "reply": {"id": format!("p{it}"), "title": "退货"}})).collect();
        check(&choices(options(3, "退货")), "interactive", json!({"type": "button", "body": {"text": "选哪个？"}, "action": {"buttons": buttons}}));
        let rows: Vec<Value> = (0..4).map(|it| json!({"id": format!("p{it}"), "title": "退货"})).collect();
        check(&choices(options(4, "退货")), "interactive", json!({"type": "list", "body": {"text": "选哪个？"}, "action": {"button": "选择 / Choose", "sections": [{"rows": rows}]}}));
        for refused in [options(0, "x"), options(11, "x"), options(1, " ")] {
            assert!(matches!(send(&Config::new("11"), "t", &choices(refused)), Err(SendFault::Refused { .. })));
        }
        let long = "一二三四五六七八九十一二三四五六七八👨‍👩‍👧‍👦二三四五六";
        let short = shortened(long, BUTTON_CHARS_MAX);
        assert!(short.ends_with("八…") && short.chars().count() <= BUTTON_CHARS_MAX, "{short}");
        let row = &serde_json::from_slice::<Value>(&send(&Config::new("11"), "t", &choices(options(4, long))).expect("sent").body).expect("JSON")["interactive"]["action"]["sections"][0]["rows"][0];
        assert!(row["title"].as_str().expect("title").chars().count() <= ROW_CHARS_MAX && row["description"] == long, "{row}");
    }

    #[test]
    fn quotes_groups_and_reading() {
        let mut out = out(Piece::Text("好".to_owned()));
        out.quoted = Some("wamid.Q".to_owned());
        out.reply_to = Some("G1".to_owned());
        let body: Value = serde_json::from_slice(&send(&Config::new("11"), "t", &out).expect("sent").body).expect("JSON");
        assert_eq!((&body["context"]["message_id"], &body["recipient_type"], &body["to"]), (&Value::from("wamid.Q"), &Value::from("group"), &Value::from("G1")));
        let body: Value = serde_json::from_slice(&mark_read(&Config::new("11"), "t", "wamid.Q", true).body).expect("JSON");
        assert_eq!(body, json!({"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.Q", "typing_indicator": {"type": "text"}}));
    }

    #[test]
    fn a_sent_message_is_known_by_its_wamid() {
        let response = |status: u16, body: &str| Response { status, headers: Vec::new(), body: body.as_bytes().to_vec() };
        let sent = r#"{"messaging_product":"whatsapp","contacts":[{"input":"8613800138000","wa_id":"8613800138000"}],"messages":[{"id":"wamid.A"}]}"#;
        assert_eq!(answer(&response(200, sent)), Ok(Some("wamid.A".to_owned())));
        let closed = r#"{"error":{"message":"(#131047) Re-engagement message","type":"OAuthException","code":131047}}"#;
        assert_eq!(answer(&response(400, closed)), Err(SendFault::WindowClosed { code: "131047".to_owned() }));
        assert_eq!(answer(&response(200, "")), Err(SendFault::Unknown { code: "200".to_owned() }));
    }
}
