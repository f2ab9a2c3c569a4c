//! The open channel: whatever a firm has of its own (an app, a hotline, another desk) speaks with us in this JSON, signed by Standard Webhooks both ways.
//!
//! **In**: `POST` of one event, or of several as `{"events": [event, …]}`. Each has `type`, `id` (the same when it is told again) and, if it concerns a person, `from`:
//!
//! ```json
//! {"type": "message", "id": "m-1", "at": 1764000000000, "quoted": "m-0",
//!  "from": {"id": "u-7", "name": "张三", "language": "zh-CN", "reply_to": "room-2", "phone": "+8613800138000", "staff_id": "e-9", "union_id": "w-3"},
//!  "parts": [{"type": "text", "text": "订单到哪了？"},
//!            {"type": "image", "url": "https://…", "name": "a.png", "media_type": "image/png", "bytes": 120, "caption": "坏了"},
//!            {"type": "voice", "data": "<base64>", "media_type": "audio/amr", "transcript": "喂"},
//!            {"type": "location", "latitude": 31.23, "longitude": 121.47, "label": "外滩"},
//!            {"type": "link", "title": "鞋", "description": "红", "url": "https://…"}]}
//! {"type": "edited",   "id": "e-1", "from": {…}, "message": "m-1", "parts": […]}
//! {"type": "deleted",  "id": "e-2", "from": {…}, "message": "m-1"}
//! {"type": "pressed",  "id": "e-3", "from": {…}, "payload": "yes", "label": "是"}
//! {"type": "receipt",  "id": "e-4", "from": {…}, "message": "<id that the send was answered with>", "state": "sent" | "delivered" | "read" | "failed", "code": "…"}
//! {"type": "began",    "id": "e-5", "from": {…}, "scene": "qr-7"}
//! {"type": "left",     "id": "e-6", "from": {…}}
//! {"type": "moved",    "id": "e-7", "from": {…}, "to": "u-8"}
//! {"type": "answered", "id": "e-8", "from": {…}, "parts": […]}
//! ```
//! `phone`, `staff_id` and `union_id` are taken as proved: whoever holds the secret vouches for them. Files: `image`, `voice`, `video`, `file`, `sticker`.
//!
//! **Out**: `POST` of [`send`]'s JSON to the address of the inbox, answered with 2xx and, if there is one, `{"id": "…"}`; or with `{"error": {"code": "…", "message": "…"}}`,
//! where the code is one of `window_closed`, `quota_exceeded`, `rate_limited`, `user_blocked`, `media_expired`, `token_invalid`, `refused`, `trouble`.

mod send;

pub use send::{answer, send};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::Value;

use super::{Fact, Inbound, Media, MediaKind, MediaSource, Part, Progress, Remote, Vouched, WireFault, bounded_id, reading};

/// Most parts of one message.
const PARTS_MAX: usize = 64;

/// Facts of a body whose signature was checked. Events of a kind that is not known are passed over, parts told as `Unknown`. Errors: `Malformed`.
pub fn decode(body: &[u8]) -> Result<Vec<Inbound>, WireFault> {
    let root = reading::parse(body)?;
    if reading::at(&root, "/events").is_none() {
        return Ok(told(&root)?.into_iter().collect());
    }
    let mut facts = Vec::new();
    for event in reading::list(&root, "/events")? {
        facts.extend(told(event)?);
    }
    Ok(facts)
}

fn told(event: &Value) -> Result<Option<Inbound>, WireFault> {
    let kind = reading::name(event, "/type").ok_or_else(|| WireFault::malformed("/type is missing"))?;
    let id = bounded_id(&reading::needed(event, "/id")?);
    let message = || reading::needed(event, "/message").map(|it| bounded_id(&it));
    let fact = match kind.as_str() {
        "message" => Fact::Message { parts: parts(event)?, quoted: reading::id(event, "/quoted").map(|it| bounded_id(&it)) },
        "edited" => Fact::Edited { message: message()?, parts: parts(event)? },
        "deleted" => Fact::Deleted { message: message()? },
        "pressed" => {
            let payload = reading::text(event, "/payload").ok_or_else(|| WireFault::malformed("/payload is missing"))?;
            Fact::Pressed { payload, label: reading::name(event, "/label").unwrap_or_default() }
        }
        "receipt" => match progress(event)? {
            Some(state) => Fact::Receipt { message: message()?, state },
            None => return Ok(None),
        },
        "began" => Fact::Began { scene: reading::name(event, "/scene") },
        "left" => Fact::Left,
        "moved" => Fact::Moved { to: bounded_id(&reading::needed(event, "/to")?) },
        "answered" => Fact::Answered { parts: parts(event)? },
        _ => return Ok(None),
    };
    Ok(Some(Inbound { id, from: remote(event)?, at: reading::milliseconds(event, "/at"), fact }))
}

fn remote(event: &Value) -> Result<Remote, WireFault> {
    let id = bounded_id(&reading::needed(event, "/from/id")?);
    let phone = match reading::id(event, "/from/phone") {
        Some(number) => Some(reading::e164(&number).ok_or_else(|| WireFault::malformed("/from/phone is not E.164"))?),
        None => None,
    };
    let bounded = |path: &str| reading::id(event, path).map(|it| bounded_id(&it));
    let vouched = [(Vouched::UnionId, bounded("/from/union_id")), (Vouched::StaffId, bounded("/from/staff_id")), (Vouched::Phone, phone)];
    Ok(Remote {
        id,
        reply_to: bounded("/from/reply_to"),
        name: reading::name(event, "/from/name"),
        vouched: vouched.into_iter().filter_map(|(kind, it)| Some((kind, it?))).collect(),
        language: reading::name(event, "/from/language"),
    })
}

fn progress(event: &Value) -> Result<Option<Progress>, WireFault> {
    let state = reading::name(event, "/state").ok_or_else(|| WireFault::malformed("/state is missing"))?;
    Ok(match state.as_str() {
        "sent" => Some(Progress::Sent),
        "delivered" => Some(Progress::Delivered),
        "read" => Some(Progress::Read),
        "failed" => Some(Progress::Failed(reading::name(event, "/code").unwrap_or_default())),
        _ => None,
    })
}

fn parts(event: &Value) -> Result<Vec<Part>, WireFault> {
    let parts = reading::list(event, "/parts")?;
    if parts.is_empty() || parts.len() > PARTS_MAX {
        return Err(WireFault::malformed("/parts has 1 to 64 entries"));
    }
    parts.iter().map(part).collect()
}

fn part(part: &Value) -> Result<Part, WireFault> {
    let kind = reading::name(part, "/type").ok_or_else(|| WireFault::malformed("/parts/type is missing"))?;
    let word = |path: &str| reading::name(part, path).unwrap_or_default();
    Ok(match kind.as_str() {
        "text" => reading::said(reading::text(part, "/text").ok_or_else(|| WireFault::malformed("/parts/text is missing"))?, "empty"),
        "image" => media(part, MediaKind::Image)?,
        "voice" => media(part, MediaKind::Voice)?,
        "video" => media(part, MediaKind::Video)?,
        "file" => media(part, MediaKind::File)?,
        "sticker" => media(part, MediaKind::Sticker)?,
        "location" => {
            let degrees = |path: &str, bound: f64| reading::degrees(part, path, bound).ok_or_else(|| WireFault::malformed(format!("/parts{path} is no angle")));
            Part::Location { latitude: degrees("/latitude", 90.0)?, longitude: degrees("/longitude", 180.0)?, label: word("/label") }
        }
        "link" => Part::Link { title: word("/title"), description: word("/description"), url: reading::needed(part, "/url")? },
        _ => Part::Unknown(kind),
    })
}

fn media(part: &Value, kind: MediaKind) -> Result<Part, WireFault> {
    let source = match (reading::at(part, "/data").and_then(Value::as_str), reading::id(part, "/url")) {
        (Some(data), _) => MediaSource::Inline(STANDARD.decode(data).map_err(|error| WireFault::malformed(format!("/parts/data: {error}")))?),
        (None, Some(url)) => MediaSource::Url(url),
        (None, None) => return Err(WireFault::malformed("/parts/url is missing")),
    };
    Ok(Part::Media(Media {
        kind,
        source,
        name: reading::name(part, "/name").map(|it| reading::file_name(&it)).unwrap_or_default(),
        media_type: reading::name(part, "/media_type"),
        bytes: reading::size(part, "/bytes"),
        caption: reading::text(part, "/caption").unwrap_or_default(),
        transcript: reading::text(part, "/transcript"),
    }))
}

#[cfg(test)]
mod tests {
    use rapport_model::Timestamp;
    use serde_json::json;

    use super::*;

    fn event(kind: &str, more: Value) -> Value {
        let mut event = json!({"type": kind, "id": "e-1", "at": 1_764_000_000_000_i64, "from": {"id": "u-7"}});
        more.as_object().expect("object").iter().for_each(|(name, value)| event[name] = value.clone());
        event
    }

    fn fact(kind: &str, more: Value) -> Option<Fact> {
        decode(event(kind, more).to_string().as_bytes()).expect("read").pop().map(|it| it.fact)
    }

    #[test]
    fn a_message_is_told_with_whom_the_firm_vouches_for() {
        let from = json!({"id": "u-7", "name": "张三", "language": "zh-CN", "reply_to": "room-2", "phone": "+8613800138000", "staff_id": "e-9", "union_id": "w-3"});
        let text = "订单到哪了？👨‍👩‍👧‍👦 𠮷";
        let parts = json!([{"type": "text", "text": text}, {"type": "image", "url": "https://a.example/1", "name": "../a.png", "media_type": "image/png", "bytes": 120, "caption": "坏了"},
            {"type": "voice", "data": "QU1S", "transcript": "喂"}, {"type": "location", "latitude": 31.23, "longitude": 121.47, "label": "外滩"},
            {"type": "link", "title": "鞋", "description": "红", "url": "https://a.example"}, {"type": "hologram"}]);
        let told = decode(event("message", json!({"from": from, "parts": parts, "quoted": "m-0"})).to_string().as_bytes()).expect("read").remove(0);
        let vouched = vec![(Vouched::UnionId, "w-3".to_owned()), (Vouched::StaffId, "e-9".to_owned()), (Vouched::Phone, "+8613800138000".to_owned())];
        let remote = Remote { id: "u-7".to_owned(), reply_to: Some("room-2".to_owned()), name: Some("张三".to_owned()), vouched, language: Some("zh-CN".to_owned()) };
        assert_eq!((told.from, told.at), (remote, Some(Timestamp(1_764_000_000_000))));
        let media = |kind, source, name: &str, media_type: Option<&str>, bytes, caption: &str, transcript: Option<&str>| {
            Part::Media(Media { kind, source, name: name.to_owned(), media_type: media_type.map(str::to_owned), bytes, caption: caption.to_owned(), transcript: transcript.map(str::to_owned) })
        };
        let expected = vec![
            Part::Text(text.to_owned()),
            media(MediaKind::Image, MediaSource::Url("https://a.example/1".to_owned()), "a.png", Some("image/png"), Some(120), "坏了", None),
            media(MediaKind::Voice, MediaSource::Inline(b"AMR".to_vec()), "", None, None, "", Some("喂")),
            Part::Location { latitude: 31.23, longitude: 121.47, label: "外滩".to_owned() },
            Part::Link { title: "鞋".to_owned(), description: "红".to_owned(), url: "https://a.example".to_owned() },
            Part::Unknown("hologram".to_owned()),
        ];
        assert_eq!(told.fact, Fact::Message { parts: expected, quoted: Some("m-0".to_owned()) });
    }

    #[test]
    fn every_kind_of_event_is_told() {
        let text = json!([{"type": "text", "text": "改"}]);
        let parts = vec![Part::Text("改".to_owned())];
        let m1 = || "m-1".to_owned();
        assert_eq!(fact("edited", json!({"message": "m-1", "parts": text})), Some(Fact::Edited { message: m1(), parts: parts.clone() }));
        assert_eq!(fact("deleted", json!({"message": "m-1"})), Some(Fact::Deleted { message: m1() }));
        assert_eq!(fact("pressed", json!({"payload": "y", "label": "是"})), Some(Fact::Pressed { payload: "y".to_owned(), label: "是".to_owned() }));
        assert_eq!(fact("receipt", json!({"message": "m-1", "state": "read"})), Some(Fact::Receipt { message: m1(), state: Progress::Read }));
        assert_eq!(fact("receipt", json!({"message": "m-1", "state": "failed", "code": "7"})), Some(Fact::Receipt { message: m1(), state: Progress::Failed("7".to_owned()) }));
        assert_eq!(fact("receipt", json!({"message": "m-1", "state": "new"})), None);
        assert_eq!(fact("began", json!({"scene": "qr-7"})), Some(Fact::Began { scene: Some("qr-7".to_owned()) }));
        assert_eq!(fact("left", json!({})), Some(Fact::Left));
        assert_eq!(fact("moved", json!({"to": "u-8"})), Some(Fact::Moved { to: "u-8".to_owned() }));
        assert_eq!(fact("answered", json!({"parts": text})), Some(Fact::Answered { parts }));
        assert_eq!(fact("some_new_event", json!({})), None);
        let several = json!({"events": [event("left", json!({})), event("new", json!({})), event("began", json!({}))]});
        assert_eq!(decode(several.to_string().as_bytes()).expect("read").len(), 2);
    }

    #[test]
    fn what_is_missing_is_named() {
        let check = |body: Value, names: &str| match decode(body.to_string().as_bytes()) {
            Err(WireFault::Malformed(text)) => assert!(text.contains(names), "{text}"),
            outcome => panic!("{outcome:?}"),
        };
        check(json!({}), "/type");
        check(json!({"type": "left"}), "/id");
        check(json!({"type": "left", "id": "1"}), "/from/id");
        check(event("message", json!({})), "/parts");
        check(event("message", json!({"parts": vec![json!({"type": "hologram"}); 65]})), "/parts");
        check(event("message", json!({"parts": [{"type": "text"}]})), "/parts/text");
        check(event("message", json!({"parts": [{"type": "image"}]})), "/parts/url");
        check(event("message", json!({"parts": [{"type": "image", "data": "%"}]})), "/parts/data");
        check(event("message", json!({"parts": [{"type": "location", "latitude": "x", "longitude": 0}]})), "/latitude");
        check(event("edited", json!({"parts": []})), "/message");
        check(event("receipt", json!({"message": "m"})), "/state");
        check(event("left", json!({"from": {"id": "u", "phone": "123"}})), "/from/phone");
        check(json!({"events": {}}), "no list");
    }

    #[test]
    fn a_body_cut_anywhere_is_refused() {
        let body = event("message", json!({"parts": [{"type": "text", "text": "订单😀"}]})).to_string();
        for end in 0..body.len() {
            assert!(matches!(decode(&body.as_bytes()[..end]), Err(WireFault::Malformed(_))), "{end}");
        }
    }
}
