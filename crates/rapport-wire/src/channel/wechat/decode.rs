//! What people and WeChat say to an account: messages and events, XML or JSON.

use super::Account;
use crate::channel::{
    Fact, Inbound, Media, MediaKind, MediaSource, Part, Progress, Remote, Vouched, WireFault, bounded_id,
    fields::{Fields as _, point, tree},
};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// The facts of one callback: one message, one event, or nothing for events that mean nothing to a desk.
///
/// Dedupes by `MsgId`; events have none and go by sender, time, kind and key, since two kinds may share a second.
/// Errors: `Malformed`; `NotOurs` where the account's `gh_…` is another.
pub fn decode(account: &Account, plain: &[u8]) -> Result<Vec<Inbound>, WireFault> {
    let message = tree(plain)?;
    let to = message.need("ToUserName")?;
    if account.original_id.as_ref().is_some_and(|it| *it != to) {
        return Err(WireFault::NotOurs);
    }
    let from = message.need("FromUserName")?;
    let kind = message.need("MsgType")?;
    let at = Some(message.seconds("CreateTime").ok_or_else(|| WireFault::malformed("CreateTime is missing"))?);
    let (id, fact) = if kind == "event" {
        let event = message.need("Event")?;
        let Some(fact) = event_fact(&event, &message) else { return Ok(Vec::new()) };
        (event_id(&from, &event, &message), fact)
    } else {
        (message_id(&from, &kind, &message, plain), message_fact(&message)?)
    };
    let union_id = message.maybe("UnionId").or_else(|| message.maybe("unionid"));
    let vouched = union_id.into_iter().map(|it| (Vouched::UnionId, bounded_id(&it))).collect();
    let from = Remote { id: bounded_id(&from), vouched, ..Remote::default() };
    Ok(vec![Inbound { id: bounded_id(&id), from, at, fact }])
}

/// `MsgId`; without it what the message says, which stays the same when it is told again.
fn message_id(from: &str, kind: &str, message: &Value, plain: &[u8]) -> String {
    message.maybe("MsgId").filter(|it| it != "0").unwrap_or_else(|| {
        let hash: String = Sha256::digest(plain).iter().take(8).map(|it| format!("{it:02x}")).collect();
        format!("{from}:{}:{kind}:{hash}", message.text("CreateTime"))
    })
}

fn event_id(from: &str, event: &str, message: &Value) -> String {
    let key = message.maybe("EventKey").or_else(|| message.maybe("SessionFrom")).or_else(|| message.maybe("MsgID")).unwrap_or_default();
    format!("{from}:{}:{event}:{key}", message.text("CreateTime"))
}

fn message_fact(message: &Value) -> Result<Fact, WireFault> {
    // The choice from a menu of ours comes as a text with the option's id beside it.
    if let Some(payload) = message.maybe("bizmsgmenuid") {
        return Ok(Fact::Pressed { payload, label: message.text("Content") });
    }
    Ok(Fact::Message { parts: parts(message)?, quoted: None })
}

/// The content of a message, as WeChat and applications of WeCom write it. Errors: `Malformed` where a known kind lacks what makes it.
pub(crate) fn parts(message: &Value) -> Result<Vec<Part>, WireFault> {
    let kind = message.need("MsgType")?;
    let media = |kind: MediaKind, media_type: Option<&str>| -> Result<Part, WireFault> {
        let source = match (message.maybe("MediaId"), message.maybe("PicUrl")) {
            (Some(_), _) => MediaSource::Id(message.need("MediaId")?),
            (None, Some(_)) => MediaSource::Url(message.need("PicUrl")?),
            (None, None) => return Err(WireFault::malformed("MediaId is missing")),
        };
        let (media_type, transcript) = (media_type.map(str::to_owned), message.maybe("Recognition"));
        Ok(Part::Media(Media { kind, source, name: String::new(), media_type, bytes: None, caption: String::new(), transcript }))
    };
    let part = match kind.as_str() {
        "text" => Part::Text(message.text("Content")),
        "image" => media(MediaKind::Image, None)?,
        "voice" => media(MediaKind::Voice, Some(if message.text("Format") == "speex" { "audio/speex" } else { "audio/amr" }))?,
        "video" | "shortvideo" => media(MediaKind::Video, Some("video/mp4"))?,
        "location" => {
            let found = point(message.number("Location_X"), message.number("Location_Y"));
            let (latitude, longitude) = found.ok_or_else(|| WireFault::malformed("Location_X or Location_Y is none"))?;
            Part::Location { latitude, longitude, label: message.title("Label") }
        }
        "link" => Part::Link { title: message.title("Title"), description: message.title("Description"), url: message.need("Url")? },
        // A page within the program has no address of its own on the web.
        "miniprogrampage" => Part::Link { title: message.title("Title"), description: message.title("AppId"), url: message.text("PagePath") },
        other => Part::Unknown(bounded_id(other)),
    };
    Ok(vec![part])
}

fn event_fact(event: &str, message: &Value) -> Option<Fact> {
    let key = message.maybe("EventKey");
    // WeChat writes some in capitals and some not, and not always the same.
    match event.to_ascii_lowercase().as_str() {
        "subscribe" => Some(Fact::Began { scene: key.map(|it| bounded_id(it.strip_prefix("qrscene_").unwrap_or(&it))) }),
        "scan" => Some(Fact::Began { scene: key.map(|it| bounded_id(&it)) }),
        "user_enter_tempsession" => Some(Fact::Began { scene: message.maybe("SessionFrom").map(|it| bounded_id(&it)) }),
        "unsubscribe" => Some(Fact::Left),
        "click" => key.map(|payload| Fact::Pressed { label: String::new(), payload }),
        "scancode_push" | "scancode_waitmsg" => key.map(|payload| Fact::Pressed { label: message.title("ScanCodeInfo/ScanResult"), payload }),
        "templatesendjobfinish" => {
            let state = match message.text("Status").as_str() {
                "success" => Progress::Delivered,
                other => Progress::Failed(bounded_id(other)),
            };
            message.maybe("MsgID").map(|it| Fact::Receipt { message: bounded_id(&it), state })
        }
        _ => None,
    }
}
