//! Twilio, and whoever speaks as it does: messages and status callbacks as forms, answers as TwiML. Source: twilio.com/docs/messaging.

mod send;
mod signature;

pub use send::{answer, authorization, send};
pub use signature::{Callback, SETTINGS_HEADER, SIGNATURE_HEADER, sign, verify};

use super::{Word, word};
use crate::channel::request::form_pairs;
use crate::channel::{Fact, Inbound, Media, MediaKind, MediaSource, Part, Progress, Remote, WireFault, bounded_id, reading};

/// Most messages in the answer to one (error 14109 beyond).
pub const ANSWERS_MAX: usize = 10;
/// Largest form that is read. Units: bytes.
const FORM_BYTES_MAX: usize = 256 * 1024;
/// Most fields of a form that are read.
const FIELDS_MAX: usize = 200;
/// Most files of one message.
const FILES_MAX: i64 = 10;

/// One account at Twilio.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    pub account_sid: String,
    pub sender: Sender,
    /// Where receipts are sent to: a public address of ours.
    pub status_callback: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sender {
    /// E.164, a short code or a name.
    Number(String),
    /// A messaging service (`MG…`) that chooses among its numbers.
    Service(String),
}

/// Facts of a callback, as a form in a body or in a query. A message that is nothing but a word to stop or start tells both: what was written, and that the
/// person left or is back. Errors: `Malformed`; `NotOurs` for another account.
pub fn decode(form: &[u8], config: &Config) -> Result<Vec<Inbound>, WireFault> {
    if form.len() > FORM_BYTES_MAX {
        return Err(WireFault::malformed("too large"));
    }
    let pairs: Vec<(String, String)> = form_pairs(form).into_iter().take(FIELDS_MAX).collect();
    let of = |name: &str| pairs.iter().find(|it| it.0 == name).map(|it| it.1.as_str()).filter(|it| !it.is_empty());
    let sid = ["MessageSid", "SmsMessageSid", "SmsSid"].into_iter().find_map(of).ok_or_else(|| WireFault::malformed("MessageSid is missing"))?;
    let account = of("AccountSid").ok_or_else(|| WireFault::malformed("AccountSid is missing"))?;
    if account != config.account_sid {
        return Err(WireFault::NotOurs);
    }
    let status = of("MessageStatus").or_else(|| of("SmsStatus").filter(|_| of("From").is_none())).filter(|it| !matches!(*it, "received" | "receiving"));
    if let Some(status) = status {
        return Ok(receipt(sid, status, &of).into_iter().collect());
    }
    let number = of("From").ok_or_else(|| WireFault::malformed("From is missing"))?;
    let name = of("ProfileName").map(reading::line).filter(|it| !it.is_empty());
    let from = Remote { id: bounded_id(number), name, ..Remote::default() };
    let id = bounded_id(sid);
    let inbound = |id: String, fact: Fact| Inbound { id, from: from.clone(), at: None, fact };
    if let Some(payload) = of("ButtonPayload") {
        let fact = Fact::Pressed { payload: reading::clean(payload, reading::TEXT_BYTES_MAX), label: of("ButtonText").map(reading::line).unwrap_or_default() };
        return Ok(vec![inbound(id, fact)]);
    }
    let text = of("Body").unwrap_or_default();
    let quoted = of("OriginalRepliedMessageSid").map(bounded_id);
    let mut facts = vec![inbound(id.clone(), Fact::Message { parts: parts(text, &of)?, quoted })];
    // Where the provider minds the words itself, it says which it took the text for.
    let asked = match of("OptOutType") {
        Some("STOP") => Some(Word::Stop),
        Some("START") => Some(Word::Start),
        _ => word(text),
    };
    match asked {
        Some(Word::Stop) => facts.push(inbound(format!("stop:{id}"), Fact::Left)),
        Some(Word::Start) => facts.push(inbound(format!("start:{id}"), Fact::Began { scene: None })),
        Some(Word::Help) | None => {}
    }
    Ok(facts)
}

fn parts<'a>(text: &str, of: &impl Fn(&str) -> Option<&'a str>) -> Result<Vec<Part>, WireFault> {
    let text = reading::clean(text, reading::TEXT_BYTES_MAX);
    let mut parts: Vec<Part> = (!text.trim().is_empty()).then_some(Part::Text(text)).into_iter().collect();
    let files = of("NumMedia").map_or(Ok(0), |it| it.trim().parse::<i64>().map_err(|error| WireFault::malformed(format!("NumMedia: {error}"))))?;
    for at in 0..files.clamp(0, FILES_MAX) {
        let url = of(&format!("MediaUrl{at}")).ok_or_else(|| WireFault::malformed(format!("MediaUrl{at} is missing")))?;
        let media_type = of(&format!("MediaContentType{at}")).map(reading::line);
        parts.push(Part::Media(Media {
            kind: kind(media_type.as_deref().unwrap_or_default()),
            source: MediaSource::Url(reading::clean(url, reading::REFERENCE_BYTES_MAX)),
            name: String::new(),
            media_type,
            bytes: None,
            caption: String::new(),
            transcript: None,
        }));
    }
    let degrees = |name: &str, bound: f64| of(name)?.trim().parse::<f64>().ok().filter(|it| it.is_finite() && it.abs() <= bound);
    if let (Some(latitude), Some(longitude)) = (degrees("Latitude", 90.0), degrees("Longitude", 180.0)) {
        parts.push(Part::Location { latitude, longitude, label: of("Label").or_else(|| of("Address")).map(reading::line).unwrap_or_default() });
    }
    if parts.is_empty() {
        parts.push(Part::Unknown("empty".to_owned()));
    }
    Ok(parts)
}

fn kind(media_type: &str) -> MediaKind {
    match media_type.split('/').next() {
        Some("image") => MediaKind::Image,
        Some("audio") => MediaKind::Voice,
        Some("video") => MediaKind::Video,
        _ => MediaKind::File,
    }
}

fn receipt<'a>(sid: &str, status: &str, of: &impl Fn(&str) -> Option<&'a str>) -> Option<Inbound> {
    let state = match status {
        "sent" => Progress::Sent,
        "delivered" => Progress::Delivered,
        "read" => Progress::Read,
        "failed" | "undelivered" | "canceled" => Progress::Failed(of("ErrorCode").map_or_else(|| status.to_owned(), reading::line)),
        _ => return None,
    };
    let from = Remote { id: of("To").map(bounded_id).unwrap_or_default(), ..Remote::default() };
    let fact = Fact::Receipt { message: bounded_id(sid), state };
    Some(Inbound { id: bounded_id(&format!("status:{status}:{sid}")), from, at: None, fact })
}

/// Answers a message at once with up to [`ANSWERS_MAX`] texts, or with none. To be sent as `text/xml`.
pub fn twiml(texts: &[&str]) -> Vec<u8> {
    if texts.is_empty() {
        return b"<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response/>".to_vec();
    }
    let messages: String = texts.iter().take(ANSWERS_MAX).map(|it| format!("<Message>{}</Message>", escaped(it))).collect();
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response>{messages}</Response>").into_bytes()
}

/// Text within XML; characters that XML cannot hold are left out.
fn escaped(text: &str) -> String {
    let held = text.chars().filter(|it| matches!(it, '\t' | '\n' | '\r') || (*it >= ' ' && !matches!(it, '\u{FFFE}' | '\u{FFFF}')));
    held.fold(String::with_capacity(text.len()), |mut out, it| {
        match it {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            _ => out.push(it),
        }
        out
    })
}

#[cfg(test)]
mod tests;
