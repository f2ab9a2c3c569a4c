//! Messenger and Instagram: one form of events and of calls. Source: developers.facebook.com/docs/messenger-platform, /docs/instagram-platform.

mod send;

pub use send::{answer, attachment_type, mark_read, profile, profile_name, send};

use serde_json::Value;

use super::{Product, product};
use crate::channel::{Fact, Inbound, Media, MediaKind, MediaSource, Part, Progress, Remote, WireFault, bounded_id, reading};

/// One page or one Instagram account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Of the Graph API, `v24.0`.
    pub version: String,
    /// `Messenger` or `Instagram`.
    pub product: Product,
    pub account: String,
    /// Ours: echoes of what it sent are left out, those of others tell that somebody answered elsewhere.
    pub app_id: Option<String>,
    /// Whether to read what another app is answering at this time.
    pub with_standby: bool,
}

impl Config {
    pub fn new(product: Product, account: &str) -> Self {
        Self { version: super::VERSION.to_owned(), product, account: account.to_owned(), app_id: None, with_standby: true }
    }
}

/// Facts of a callback that concern the account of `config`. Shape: `{object, entry: [{id, messaging: […], standby: […]}]}`; Instagram may tell them as
/// `changes` of the field `messages` instead. Errors: `Malformed`; `NotOurs` where it speaks only of other accounts.
pub fn decode(body: &[u8], config: &Config) -> Result<Vec<Inbound>, WireFault> {
    let root = reading::parse(body)?;
    if product(&root)? != config.product {
        return Err(WireFault::NotOurs);
    }
    if reading::at(&root, "/entry").is_none() {
        return Err(WireFault::malformed("entry is missing"));
    }
    let (mut facts, mut ours, mut foreign) = (Vec::new(), false, false);
    for entry in reading::list(&root, "/entry")? {
        if reading::needed(entry, "/id")? != config.account {
            foreign = true;
            continue;
        }
        ours = true;
        let standby = if config.with_standby { reading::list(entry, "/standby")? } else { &[] };
        for event in reading::list(entry, "/messaging")?.iter().chain(standby) {
            facts.extend(told(event, config)?);
        }
        for change in reading::list(entry, "/changes")? {
            let event = reading::at(change, "/value").filter(|_| reading::name(change, "/field").as_deref() == Some("messages"));
            if let Some(event) = event {
                facts.extend(told(event, config)?);
            }
        }
    }
    if foreign && !ours { Err(WireFault::NotOurs) } else { Ok(facts) }
}

fn told(event: &Value, config: &Config) -> Result<Vec<Inbound>, WireFault> {
    let at = reading::milliseconds(event, "/timestamp");
    // A person who opened the chat by a plugin has no id of this page yet; only what they do next can be answered.
    let Some(sender) = reading::id(event, "/sender/id") else { return Ok(Vec::new()) };
    let moment = at.map_or(0, |it| it.0);
    let inbound = |id: String, person: &str, fact: Fact| Inbound { id: bounded_id(&id), from: Remote { id: bounded_id(person), ..Remote::default() }, at, fact };
    if let Some(message) = reading::at(event, "/message") {
        return Ok(message_fact(event, message, &sender, config)?.map(|(id, person, fact)| inbound(id, &person, fact)).into_iter().collect());
    }
    if let Some(postback) = reading::at(event, "/postback") {
        let payload = reading::text(postback, "/payload").or_else(|| reading::text(postback, "/title"));
        let payload = payload.ok_or_else(|| WireFault::malformed("/postback/payload is missing"))?;
        let id = reading::id(postback, "/mid").unwrap_or_else(|| format!("postback:{sender}:{moment}:{payload}"));
        let label = reading::name(postback, "/title").unwrap_or_default();
        let mut facts = vec![inbound(id.clone(), &sender, Fact::Pressed { payload, label })];
        if let Some(scene) = reading::name(postback, "/referral/ref") {
            facts.insert(0, inbound(format!("referral:{id}"), &sender, Fact::Began { scene: Some(scene) }));
        }
        return Ok(facts);
    }
    if let Some(edit) = reading::at(event, "/message_edit") {
        let mid = reading::needed(edit, "/mid")?;
        let text = reading::text(edit, "/text").ok_or_else(|| WireFault::malformed("/message_edit/text is missing"))?;
        let id = format!("edit:{mid}:{}", reading::whole(edit, "/num_edit").unwrap_or(moment));
        return Ok(vec![inbound(id, &sender, Fact::Edited { message: bounded_id(&mid), parts: vec![Part::Text(text)] })]);
    }
    if let Some(reaction) = reading::at(event, "/reaction") {
        let mid = reading::needed(reaction, "/mid")?;
        let emoji = reading::name(reaction, "/emoji").or_else(|| reading::name(reaction, "/reaction"));
        let emoji = emoji.filter(|_| reading::name(reaction, "/action").as_deref() != Some("unreact"));
        let fact = emoji.map(|it| Fact::Message { parts: vec![Part::Text(it)], quoted: Some(bounded_id(&mid)) });
        return Ok(fact.map(|it| inbound(format!("reaction:{sender}:{moment}:{mid}"), &sender, it)).into_iter().collect());
    }
    if let Some(referral) = reading::at(event, "/referral") {
        let scene = reading::name(referral, "/ref").or_else(|| reading::name(referral, "/ad_id")).or_else(|| reading::name(referral, "/source"));
        return Ok(vec![inbound(format!("referral:{sender}:{moment}"), &sender, Fact::Began { scene })]);
    }
    Ok(receipts(event)?.into_iter().map(|(id, fact)| inbound(format!("{id}:{sender}"), &sender, fact)).collect())
}

/// How far what we sent has come: Instagram names the message that was read, Messenger a moment.
fn receipts(event: &Value) -> Result<Vec<(String, Fact)>, WireFault> {
    let until = |path: &str, state: Progress, word: &str| {
        let watermark = reading::milliseconds(event, path);
        watermark.map(|until| (format!("{word}:{}", until.0), Fact::ReceiptUntil { until, state })).into_iter().collect::<Vec<_>>()
    };
    if reading::at(event, "/read").is_some() {
        return Ok(match reading::id(event, "/read/mid") {
            Some(mid) => vec![(format!("read:{mid}"), Fact::Receipt { message: bounded_id(&mid), state: Progress::Read })],
            None => until("/read/watermark", Progress::Read, "read"),
        });
    }
    let mids: Vec<&str> = reading::list(event, "/delivery/mids")?.iter().filter_map(Value::as_str).filter(|it| !it.is_empty()).collect();
    if mids.is_empty() {
        return Ok(until("/delivery/watermark", Progress::Delivered, "delivered"));
    }
    Ok(mids.into_iter().map(|mid| (format!("delivered:{mid}"), Fact::Receipt { message: bounded_id(mid), state: Progress::Delivered })).collect())
}

/// Id, person and fact of a message; of an echo the person is who it was written to.
fn message_fact(event: &Value, message: &Value, sender: &str, config: &Config) -> Result<Option<(String, String, Fact)>, WireFault> {
    let mid = reading::needed(message, "/mid")?;
    let is = |flag: &str| reading::at(message, flag).and_then(Value::as_bool) == Some(true);
    if is("/is_deleted") {
        return Ok(Some((format!("deleted:{mid}"), sender.to_owned(), Fact::Deleted { message: bounded_id(&mid) })));
    }
    if is("/is_echo") {
        let app = reading::id(message, "/app_id");
        if app.is_some() && app == config.app_id {
            return Ok(None);
        }
        let to = reading::needed(event, "/recipient/id")?;
        let parts = parts(message)?;
        return Ok((!parts.is_empty()).then_some((mid, to, Fact::Answered { parts })));
    }
    if let Some(payload) = reading::text(message, "/quick_reply/payload") {
        let label = reading::name(message, "/text").unwrap_or_default();
        return Ok(Some((mid, sender.to_owned(), Fact::Pressed { payload, label })));
    }
    let mut parts = parts(message)?;
    // An answer to a story shows which.
    if let Some(url) = reading::id(message, "/reply_to/story/url") {
        parts.push(Part::Link { title: "story".to_owned(), description: String::new(), url });
    }
    if parts.is_empty() {
        parts.push(Part::Unknown(if is("/is_unsupported") { "unsupported" } else { "message" }.to_owned()));
    }
    let quoted = reading::id(message, "/reply_to/mid").map(|it| bounded_id(&it));
    Ok(Some((mid, sender.to_owned(), Fact::Message { parts, quoted })))
}

fn parts(message: &Value) -> Result<Vec<Part>, WireFault> {
    let mut parts: Vec<Part> = reading::text(message, "/text").filter(|it| !it.trim().is_empty()).map(Part::Text).into_iter().collect();
    for attachment in reading::list(message, "/attachments")? {
        parts.push(part(attachment)?);
    }
    Ok(parts)
}

fn part(attachment: &Value) -> Result<Part, WireFault> {
    let kind = reading::name(attachment, "/type").ok_or_else(|| WireFault::malformed("/attachments/type is missing"))?;
    let url = reading::id(attachment, "/payload/url").or_else(|| reading::id(attachment, "/url"));
    let media_kind = match kind.as_str() {
        "image" if reading::at(attachment, "/payload/sticker_id").is_some() => Some(MediaKind::Sticker),
        "image" => Some(MediaKind::Image),
        "video" | "ig_reel" | "reel" => Some(MediaKind::Video),
        "audio" => Some(MediaKind::Voice),
        "file" => Some(MediaKind::File),
        _ => None,
    };
    if let Some(kind) = media_kind {
        let url = url.ok_or_else(|| WireFault::malformed("/attachments/payload/url is missing"))?;
        let caption = reading::name(attachment, "/payload/title").unwrap_or_default();
        return Ok(Part::Media(Media { kind, source: MediaSource::Url(url), name: String::new(), media_type: None, bytes: None, caption, transcript: None }));
    }
    if kind == "location" {
        let degrees = |path: &str, bound: f64| reading::degrees(attachment, path, bound).ok_or_else(|| WireFault::malformed(format!("{path} is no angle")));
        let (latitude, longitude) = (degrees("/payload/coordinates/lat", 90.0)?, degrees("/payload/coordinates/long", 180.0)?);
        return Ok(Part::Location { latitude, longitude, label: reading::name(attachment, "/title").unwrap_or_default() });
    }
    let title = reading::name(attachment, "/title").or_else(|| reading::name(attachment, "/payload/title"));
    let is_link = matches!(kind.as_str(), "fallback" | "share" | "story_mention" | "post" | "ig_post");
    Ok(match url.filter(|_| is_link) {
        Some(url) => Part::Link { title: title.unwrap_or(kind), description: String::new(), url },
        None => Part::Unknown(kind),
    })
}

#[cfg(test)]
mod tests;
