//! What people say to a robot of Feishu: events of version 2, and of version 1 for applications that still have them.

use super::Account;
use crate::channel::{
    Fact, Inbound, Media, MediaKind, MediaSource, Part, Progress, Remote, Vouched, WireFault, bounded_id,
    fields::{Fields as _, file_name, json, point},
};
use rapport_model::Timestamp;
use serde_json::Value;

/// Most receipts, or lines of one event.
const ITEMS_MAX: usize = 500;
/// Most people named in one message.
const MENTIONS_MAX: usize = 50;

/// The facts of an opened event. Messages are known by `message_id`, which stays when one is told under two events; all else by the event's id.
///
/// Files are named `message/key/type` for [`super::fetch`]. Errors: `Malformed`.
pub fn decode(account: &Account, event: &Value) -> Result<Vec<Inbound>, WireFault> {
    if event.text("schema") != "2.0" {
        return version_1(event);
    }
    let id = bounded_id(&event.need("header/event_id")?);
    let at = event.millis("header/create_time");
    let body = event.at("event");
    let one = |from: Remote, fact: Fact| Ok(vec![Inbound { id: id.clone(), from, at, fact }]);
    match event.need("header/event_type")?.as_str() {
        "im.message.receive_v1" => message(account, body, at),
        "im.message.recalled_v1" => {
            // Who took it back is not told, only where.
            let chat = bounded_id(&body.need("chat_id")?);
            one(Remote { id: chat.clone(), reply_to: Some(chat), ..Remote::default() }, Fact::Deleted { message: bounded_id(&body.need("message_id")?) })
        }
        "im.message.message_read_v1" => {
            let from = person(body.at("reader/reader_id"))?;
            let read_at = body.millis("reader/read_time").or(at);
            let messages = body.list("message_id_list").iter().take(ITEMS_MAX).filter_map(Value::as_str).map(bounded_id);
            let of = |message: String| Inbound {
                id: bounded_id(&format!("{id}:{message}")),
                from: from.clone(),
                at: read_at,
                fact: Fact::Receipt { message, state: Progress::Read },
            };
            Ok(messages.map(of).collect())
        }
        "im.chat.access_event.bot_p2p_chat_entered_v1" => one(person(body.at("operator_id"))?, Fact::Began { scene: None }),
        "card.action.trigger" => {
            let from = Remote { reply_to: body.maybe("context/open_chat_id").map(|it| bounded_id(&it)), ..person(body.at("operator"))? };
            let value = body.at("action/value");
            let payload = value.maybe("payload").or_else(|| body.maybe("action/option")).or_else(|| body.maybe("action/name"));
            match payload {
                Some(payload) => one(from, Fact::Pressed { payload, label: value.text("label") }),
                None => Ok(Vec::new()),
            }
        }
        _ => Ok(Vec::new()),
    }
}

/// `open_id` holds within one application, `union_id` over those of one owner, `user_id` is the company's.
fn person(ids: &Value) -> Result<Remote, WireFault> {
    let of = |name: &str, kind: Vouched| ids.maybe(name).map(|it| (kind, bounded_id(&it)));
    let vouched = [of("union_id", Vouched::UnionId), of("user_id", Vouched::StaffId)].into_iter().flatten().collect();
    Ok(Remote { id: bounded_id(&ids.need("open_id")?), vouched, ..Remote::default() })
}

fn message(account: &Account, body: &Value, at: Option<Timestamp>) -> Result<Vec<Inbound>, WireFault> {
    // Robots, ours among them, are not to be talked with.
    if body.maybe("sender/sender_type").is_some_and(|it| it != "user") {
        return Ok(Vec::new());
    }
    let id = body.need("message/message_id")?;
    let group = (body.text("message/chat_type") != "p2p").then(|| body.need("message/chat_id")).transpose()?;
    let from = Remote { reply_to: group.map(|it| bounded_id(&it)), ..person(body.at("sender/sender_id"))? };
    let content = body.at("message/content").as_str().ok_or_else(|| WireFault::malformed("content is missing"))?;
    let content = json(content.as_bytes())?;
    let parts = parts(&id, &body.need("message/message_type")?, &content, &mentions(account, body.list("message/mentions")))?;
    let quoted = body.maybe("message/parent_id").map(|it| bounded_id(&it));
    Ok(vec![Inbound { id: bounded_id(&id), from, at: body.millis("message/create_time").or(at), fact: Fact::Message { parts, quoted } }])
}

/// Keys in the text (`@_user_1`), longest first, with what stands for them: nothing for our own robot.
fn mentions(account: &Account, list: &[Value]) -> Vec<(String, String)> {
    let is_ours = |it: &Value| match &account.robot {
        Some(robot) => it.maybe("id/open_id").or_else(|| it.maybe("id")).as_ref() == Some(robot),
        None => it.text("mentioned_type") == "bot",
    };
    let of = |it: &Value| it.maybe("key").map(|key| (key, if is_ours(it) { String::new() } else { format!("@{}", it.title("name")) }));
    let mut mentions: Vec<(String, String)> = list.iter().take(MENTIONS_MAX).filter_map(of).filter(|it| it.0.starts_with("@_")).collect();
    mentions.sort_by_key(|it| std::cmp::Reverse(it.0.len()));
    mentions
}

/// In one pass, so that nobody's name is taken for another's key.
fn named(text: &str, mentions: &[(String, String)]) -> String {
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while let Some((before, after)) = rest.find('@').and_then(|at| rest.split_at_checked(at)) {
        out.push_str(before);
        let known = if after.starts_with("@_") { mentions } else { &[] };
        let found = known.iter().find_map(|(key, name)| after.strip_prefix(key.as_str()).map(|it| (name, it)));
        rest = match found {
            Some((name, after)) => {
                out.push_str(name);
                after
            }
            None => {
                out.push('@');
                after.strip_prefix('@').unwrap_or_default()
            }
        };
    }
    out.push_str(rest);
    out.trim().to_owned()
}

fn parts(message: &str, kind: &str, content: &Value, mentions: &[(String, String)]) -> Result<Vec<Part>, WireFault> {
    let part = match kind {
        "text" if content.at("text").is_string() => Part::Text(named(&content.text("text"), mentions)),
        "text" => return Err(WireFault::malformed("text is missing")),
        "post" => return post(message, content, mentions),
        "image" => media(message, MediaKind::Image, &content.need("image_key")?, "image", String::new()),
        "audio" => media(message, MediaKind::Voice, &content.need("file_key")?, "file", String::new()),
        "media" => media(message, MediaKind::Video, &content.need("file_key")?, "file", content.text("file_name")),
        "file" => media(message, MediaKind::File, &content.need("file_key")?, "file", content.text("file_name")),
        "location" => {
            let found = point(content.number("latitude"), content.number("longitude"));
            let (latitude, longitude) = found.ok_or_else(|| WireFault::malformed("location is none"))?;
            Part::Location { latitude, longitude, label: content.title("name") }
        }
        // Stickers among them: they cannot be fetched.
        other => Part::Unknown(bounded_id(other)),
    };
    Ok(vec![part])
}

fn media(message: &str, kind: MediaKind, key: &str, resource: &str, name: String) -> Part {
    let media_type = (kind == MediaKind::Voice).then(|| "audio/ogg".to_owned());
    let source = MediaSource::Id(format!("{message}/{key}/{resource}"));
    Part::Media(Media { kind, source, name: file_name(&name), media_type, bytes: None, caption: String::new(), transcript: None })
}

/// Rich text: lines of pieces, under a language or by themselves. Pictures stand between the words around them.
fn post(message: &str, content: &Value, mentions: &[(String, String)]) -> Result<Vec<Part>, WireFault> {
    let in_language = || content.as_object().and_then(|it| it.values().find(|it| it.at("content").is_array()));
    let post = if content.at("content").is_array() { content } else { in_language().ok_or_else(|| WireFault::malformed("post is empty"))? };
    let (mut parts, mut text) = (Vec::new(), post.text("title"));
    for line in post.list("content").iter().take(ITEMS_MAX) {
        if !text.is_empty() {
            text.push('\n');
        }
        for piece in line.as_array().map(Vec::as_slice).unwrap_or_default().iter().take(ITEMS_MAX) {
            let file = match piece.text("tag").as_str() {
                "img" => media(message, MediaKind::Image, &piece.need("image_key")?, "image", String::new()),
                "media" => media(message, MediaKind::Video, &piece.need("file_key")?, "file", String::new()),
                _ => {
                    text.push_str(&words(piece, mentions));
                    continue;
                }
            };
            push_text(&mut parts, &std::mem::take(&mut text));
            parts.push(file);
        }
    }
    push_text(&mut parts, &text);
    if parts.is_empty() { Err(WireFault::malformed("post is empty")) } else { Ok(parts) }
}

/// A piece of rich text that is no file.
fn words(piece: &Value, mentions: &[(String, String)]) -> String {
    let text = piece.text("text");
    match piece.text("tag").as_str() {
        "at" => {
            let key = piece.text("user_id");
            let known = mentions.iter().find(|it| it.0 == key).map(|it| it.1.clone());
            known.unwrap_or_else(|| format!("@{}", piece.title("user_name")))
        }
        "a" => match piece.text("href") {
            address if text == address || text.is_empty() => address,
            address => format!("{text} {address}"),
        },
        "emotion" => format!("[{}]", piece.title("emoji_type")),
        _ => text,
    }
}

fn push_text(parts: &mut Vec<Part>, text: &str) {
    if !text.trim().is_empty() {
        parts.push(Part::Text(text.trim().to_owned()));
    }
}

/// Messages and the opening of a talk, as the older events tell them.
fn version_1(event: &Value) -> Result<Vec<Inbound>, WireFault> {
    if event.need("type")? != "event_callback" {
        return Ok(Vec::new());
    }
    let (id, body) = (bounded_id(&event.need("uuid")?), event.at("event"));
    // Seconds with a fraction.
    let at =
        event.text("ts").split('.').next().and_then(|it| it.parse::<i64>().ok()).filter(|it| (1..100_000_000_000).contains(it)).map(|it| Timestamp(it * 1_000));
    match body.need("type")?.as_str() {
        "message" => {
            let message = bounded_id(&body.need("open_message_id")?);
            let vouched =
                [body.maybe("union_id").map(|it| (Vouched::UnionId, bounded_id(&it))), body.maybe("employee_id").map(|it| (Vouched::StaffId, bounded_id(&it)))];
            let group = (body.text("chat_type") == "group").then(|| body.need("open_chat_id")).transpose()?;
            let from = Remote {
                id: bounded_id(&body.need("open_id")?),
                reply_to: group.map(|it| bounded_id(&it)),
                vouched: vouched.into_iter().flatten().collect(),
                ..Remote::default()
            };
            let text = || body.maybe("text_without_at_bot").unwrap_or_else(|| body.text("text")).trim().to_owned();
            let part = match body.need("msg_type")?.as_str() {
                "text" => Part::Text(text()),
                "image" => media(&message, MediaKind::Image, &body.need("image_key")?, "image", String::new()),
                "file" => media(&message, MediaKind::File, &body.need("file_key")?, "file", String::new()),
                other => Part::Unknown(bounded_id(other)),
            };
            let quoted = body.maybe("parent_id").map(|it| bounded_id(&it));
            Ok(vec![Inbound { id: message, from, at, fact: Fact::Message { parts: vec![part], quoted } }])
        }
        "p2p_chat_create" => {
            let from = Remote { id: bounded_id(&body.need("user/open_id")?), ..Remote::default() };
            Ok(vec![Inbound { id, from, at, fact: Fact::Began { scene: None } }])
        }
        _ => Ok(Vec::new()),
    }
}
