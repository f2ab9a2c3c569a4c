//! Pieces for Telegram, and what became of them.

use serde_json::{Map, Value, json};

use super::{path, result};
use crate::channel::request::FilePart;
use crate::channel::{Button, MediaKind, Outgoing, Piece, Request, Response, SendFault, Sending, bounded_id, outcome, reading};

/// Longest payload of a button. Units: bytes.
const PAYLOAD_BYTES_MAX: usize = 64;

/// One piece as a call. Telegram knows no key of ours: what ended in `Unknown` may stand there twice if it is sent again.
///
/// Shape: JSON to `sendMessage`, `sendPhoto` and so on. Errors: `Refused` where Telegram has no form for the piece. Source: core.telegram.org/bots/api#sendmessage.
pub fn send(token: &str, out: &Outgoing) -> Result<Request, SendFault> {
    let mut fields = addressed(out);
    let method = match &out.piece {
        Piece::Text(text) => {
            fields.insert("text".to_owned(), text.as_str().into());
            "sendMessage"
        }
        Piece::Buttons { text, options } => {
            fields.insert("text".to_owned(), text.as_str().into());
            fields.insert("reply_markup".to_owned(), keyboard(options)?);
            "sendMessage"
        }
        Piece::Media { kind, id: file, caption, .. } | Piece::MediaUrl { kind, url: file, caption, .. } => {
            let (method, field) = form(*kind);
            fields.insert(field.to_owned(), file.as_str().into());
            if !caption.is_empty() && *kind != MediaKind::Sticker {
                fields.insert("caption".to_owned(), caption.as_str().into());
            }
            method
        }
        Piece::Template { .. } => return Err(outcome::unsupported("template")),
    };
    Ok(Request::json(path(token, method), &Value::Object(fields)))
}

/// A file that is sent with its bytes; Telegram has no upload apart from sending.
#[derive(Clone, Copy, Debug)]
pub struct Upload<'a> {
    pub kind: MediaKind,
    pub name: &'a str,
    pub media_type: &'a str,
    pub bytes: &'a [u8],
    pub caption: &'a str,
}

/// Sends `file` to whom `out` is for; the piece of `out` is not looked at. `boundary`: a random id.
pub fn upload(token: &str, out: &Outgoing, file: &Upload<'_>, boundary: &str) -> Request {
    let (method, field) = form(file.kind);
    let texts: Vec<(String, String)> = addressed(out).into_iter().map(|(name, value)| (name, value.as_str().map_or_else(|| value.to_string(), str::to_owned))).collect();
    let mut fields: Vec<(&str, &str)> = texts.iter().map(|it| (it.0.as_str(), it.1.as_str())).collect();
    if !file.caption.is_empty() && file.kind != MediaKind::Sticker {
        fields.push(("caption", file.caption));
    }
    let part = FilePart { field, name: file.name, media_type: file.media_type, bytes: file.bytes };
    Request::multipart(path(token, method), boundary, &fields, &part)
}

/// Changes a text that we sent; `None` where `message` is no `chat:number`.
pub fn edit(token: &str, message: &str, text: &str) -> Option<Request> {
    let (chat, number) = sent(message)?;
    Some(Request::json(path(token, "editMessageText"), &json!({"chat_id": chat, "message_id": number, "text": text})))
}

/// Takes back a message that we sent, for 48 h after it; `None` where `message` is no `chat:number`.
pub fn delete(token: &str, message: &str) -> Option<Request> {
    let (chat, number) = sent(message)?;
    Some(Request::json(path(token, "deleteMessage"), &json!({"chat_id": chat, "message_id": number})))
}

/// Shows for 5 s that an answer is being written.
pub fn typing(token: &str, out: &Outgoing) -> Request {
    let mut fields = addressed(out);
    fields.remove("reply_parameters");
    fields.insert("action".to_owned(), "typing".into());
    Request::json(path(token, "sendChatAction"), &Value::Object(fields))
}

fn sent(message: &str) -> Option<(i64, i64)> {
    let (chat, number) = message.rsplit_once(':')?;
    Some((chat.parse().ok()?, number.parse().ok()?))
}

/// What became of a piece: its id as `chat:number`.
pub fn answer(response: &Response) -> Sending {
    let result = result(response)?;
    let ids = (reading::id(&result, "/chat/id"), reading::id(&result, "/message_id"));
    Ok(if let (Some(chat), Some(number)) = ids { Some(bounded_id(&format!("{chat}:{number}"))) } else { None })
}

fn addressed(out: &Outgoing) -> Map<String, Value> {
    let target = out.reply_to.as_deref().unwrap_or(&out.to);
    let (chat, topic) = target.split_once('/').map_or((target, None), |(chat, topic)| (chat, Some(topic)));
    let number = |it: &str| it.parse::<i64>().map_or_else(|_error| Value::from(it), Value::from);
    let mut fields = Map::new();
    fields.insert("chat_id".to_owned(), number(chat));
    if let Some(topic) = topic {
        fields.insert("message_thread_id".to_owned(), number(topic));
    }
    // The quoted message may be gone, or of a chat that has moved: the answer matters more.
    if let Some(quoted) = out.quoted.as_deref().and_then(|it| it.rsplit(':').next()?.parse::<i64>().ok()) {
        fields.insert("reply_parameters".to_owned(), json!({"message_id": quoted, "allow_sending_without_reply": true}));
    }
    fields
}

/// Method and field of a kind. A voice message needs Ogg with Opus; Telegram takes MP3 and M4A too.
fn form(kind: MediaKind) -> (&'static str, &'static str) {
    match kind {
        MediaKind::Image => ("sendPhoto", "photo"),
        MediaKind::Voice => ("sendVoice", "voice"),
        MediaKind::Video => ("sendVideo", "video"),
        MediaKind::File => ("sendDocument", "document"),
        MediaKind::Sticker => ("sendSticker", "sticker"),
    }
}

/// One button a row, so that labels are not cut.
fn keyboard(options: &[Button]) -> Result<Value, SendFault> {
    if options.iter().any(|it| it.payload.is_empty() || it.payload.len() > PAYLOAD_BYTES_MAX) {
        return Err(outcome::unsupported("a button's payload has 1 to 64 bytes"));
    }
    let rows: Vec<Value> = options.iter().map(|it| json!([{"text": it.label, "callback_data": it.payload}])).collect();
    Ok(json!({"inline_keyboard": rows}))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn out(piece: Piece) -> Outgoing {
        Outgoing { to: "42".to_owned(), reply_to: None, quoted: None, piece, key: "k1".to_owned(), by_person: true }
    }

    fn check(out: &Outgoing, path: &str, expected: Value) {
        let request = send("1:a", out).expect("sent");
        assert_eq!((request.path.as_str(), serde_json::from_slice::<Value>(&request.body).expect("JSON")), (path, expected));
    }

    #[test]
    fn pieces_become_calls() {
        let text = "您好 👨‍👩‍👧 𠮷";
        check(&out(Piece::Text(text.to_owned())), "/bot1:a/sendMessage", json!({"chat_id": 42, "text": text}));
        let media = |kind| Piece::Media { kind, id: "AgAC".to_owned(), name: "a.jpg".to_owned(), caption: "图".to_owned() };
        check(&out(media(MediaKind::Image)), "/bot1:a/sendPhoto", json!({"chat_id": 42, "photo": "AgAC", "caption": "图"}));
        check(&out(media(MediaKind::Voice)), "/bot1:a/sendVoice", json!({"chat_id": 42, "voice": "AgAC", "caption": "图"}));
        check(&out(media(MediaKind::Video)), "/bot1:a/sendVideo", json!({"chat_id": 42, "video": "AgAC", "caption": "图"}));
        check(&out(media(MediaKind::File)), "/bot1:a/sendDocument", json!({"chat_id": 42, "document": "AgAC", "caption": "图"}));
        check(&out(media(MediaKind::Sticker)), "/bot1:a/sendSticker", json!({"chat_id": 42, "sticker": "AgAC"}));
        let options = vec![Button { payload: "y".to_owned(), label: "是".to_owned() }, Button { payload: "n".to_owned(), label: "否".to_owned() }];
        let keyboard = json!({"inline_keyboard": [[{"text": "是", "callback_data": "y"}], [{"text": "否", "callback_data": "n"}]]});
        check(&out(Piece::Buttons { text: "好吗？".to_owned(), options }), "/bot1:a/sendMessage", json!({"chat_id": 42, "text": "好吗？", "reply_markup": keyboard}));
        let long = Piece::Buttons { text: "?".to_owned(), options: vec![Button { payload: "x".repeat(65), label: "x".to_owned() }] };
        assert!(matches!(send("1:a", &out(long)), Err(SendFault::Refused { .. })));
        let template = Piece::Template { name: "a".to_owned(), language: "zh".to_owned(), parameters: Vec::new() };
        assert!(matches!(send("1:a", &out(template)), Err(SendFault::Refused { .. })));
    }

    #[test]
    fn answers_go_to_the_group_and_its_topic() {
        let mut out = out(Piece::Text("好".to_owned()));
        out.reply_to = Some("-1001/7".to_owned());
        out.quoted = Some("-1001:55".to_owned());
        let quoted = json!({"message_id": 55, "allow_sending_without_reply": true});
        check(&out, "/bot1:a/sendMessage", json!({"chat_id": -1001, "message_thread_id": 7, "text": "好", "reply_parameters": quoted}));
        let file = Upload { kind: MediaKind::Image, name: "图.png", media_type: "image/png", bytes: b"PNG", caption: "😀" };
        let request = upload("1:a", &out, &file, "b0");
        let text = String::from_utf8(request.body).expect("text");
        assert_eq!(request.path, "/bot1:a/sendPhoto");
        assert!(text.contains("name=\"chat_id\"\r\n\r\n-1001\r\n") && text.contains("name=\"caption\"\r\n\r\n😀\r\n") && text.contains("filename=\"图.png\""), "{text}");
        assert!(text.contains(r#""allow_sending_without_reply":true"#) && text.contains(r#""message_id":55"#), "{text}");
    }

    #[test]
    fn what_was_sent_is_changed_and_taken_back() {
        let body = |it: Request| (it.path, serde_json::from_slice::<Value>(&it.body).expect("JSON"));
        let edited = edit("1:a", "-1001:9", "改😀").map(body);
        assert_eq!(edited, Some(("/bot1:a/editMessageText".to_owned(), json!({"chat_id": -1001, "message_id": 9, "text": "改😀"}))));
        assert_eq!(delete("1:a", "42:9").map(body), Some(("/bot1:a/deleteMessage".to_owned(), json!({"chat_id": 42, "message_id": 9}))));
        assert_eq!((edit("1:a", "9", "x"), delete("1:a", "a:b")), (None, None));
        let group = Outgoing { reply_to: Some("-1001/7".to_owned()), quoted: Some("-1001:3".to_owned()), ..out(Piece::Text(String::new())) };
        assert_eq!(body(typing("1:a", &group)), ("/bot1:a/sendChatAction".to_owned(), json!({"chat_id": -1001, "message_thread_id": 7, "action": "typing"})));
    }

    #[test]
    fn a_sent_message_is_known_by_chat_and_number() {
        let response = |body: &str| Response { status: 200, headers: Vec::new(), body: body.as_bytes().to_vec() };
        assert_eq!(answer(&response(r#"{"ok":true,"result":{"message_id":9,"chat":{"id":-1001}}}"#)), Ok(Some("-1001:9".to_owned())));
        assert_eq!(answer(&response(r#"{"ok":true,"result":true}"#)), Ok(None));
        assert_eq!(answer(&response(r#"{"ok":false,"error_code":403,"description":"Forbidden: user is deactivated"}"#)), Err(SendFault::UserBlocked { code: "403".to_owned() }));
    }
}
