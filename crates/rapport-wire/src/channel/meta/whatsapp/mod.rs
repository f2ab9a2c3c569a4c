//! WhatsApp Cloud: messages, receipts and errors as facts; pieces as calls. Source: developers.facebook.com/docs/whatsapp/cloud-api.

mod send;

pub use send::{answer, mark_read, send};

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Product, product};
use crate::channel::{Fact, Inbound, Media, MediaKind, MediaSource, Part, Progress, Remote, Vouched, WireFault, bounded_id, reading};

/// One number of a business account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Of the Graph API, `v24.0`.
    pub version: String,
    pub phone_number_id: String,
    /// On the button that opens a list of choices; at most 20 characters.
    pub list_label: String,
}

impl Config {
    pub fn new(phone_number_id: &str) -> Self {
        Self { version: super::VERSION.to_owned(), phone_number_id: phone_number_id.to_owned(), list_label: "选择 / Choose".to_owned() }
    }
}

/// Facts of a callback that concern the number of `config`. Shape: `{object, entry: [{changes: [{field, value}]}]}`, all levels several.
/// Errors: `Malformed`; `NotOurs` where it speaks only of other numbers.
pub fn decode(body: &[u8], config: &Config) -> Result<Vec<Inbound>, WireFault> {
    let mut facts = Vec::new();
    each_value(body, config, |field, value| {
        match field {
            "messages" => {
                let names = names(value)?;
                for message in reading::list(value, "/messages")? {
                    facts.extend(heard(message, &names)?);
                }
                for status in reading::list(value, "/statuses")? {
                    facts.extend(receipt(status)?);
                }
            }
            // Somebody answered in the app on their phone.
            "smb_message_echoes" | "message_echoes" => {
                for message in reading::list(value, "/message_echoes")? {
                    facts.extend(answered(message)?);
                }
            }
            _ => {}
        }
        Ok(())
    })?;
    Ok(facts)
}

/// Errors of the account that a callback tells, as number and words: for whoever runs the inbox, of no customer.
pub fn account_errors(body: &[u8], config: &Config) -> Result<Vec<(String, String)>, WireFault> {
    let mut found = Vec::new();
    each_value(body, config, |_field, value| {
        for error in reading::list(value, "/errors")? {
            let text = reading::name(error, "/error_data/details").or_else(|| reading::name(error, "/title")).unwrap_or_default();
            found.push((reading::id(error, "/code").unwrap_or_default(), text));
        }
        Ok(())
    })?;
    Ok(found)
}

fn each_value(body: &[u8], config: &Config, mut read: impl FnMut(&str, &Value) -> Result<(), WireFault>) -> Result<(), WireFault> {
    let root = reading::parse(body)?;
    if product(&root)? != Product::WhatsApp {
        return Err(WireFault::NotOurs);
    }
    if reading::at(&root, "/entry").is_none() {
        return Err(WireFault::malformed("entry is missing"));
    }
    let (mut ours, mut foreign) = (false, false);
    for entry in reading::list(&root, "/entry")? {
        for change in reading::list(entry, "/changes")? {
            let Some(value) = reading::at(change, "/value") else { continue };
            if reading::id(value, "/metadata/phone_number_id").is_some_and(|it| it != config.phone_number_id) {
                foreign = true;
                continue;
            }
            ours = true;
            read(reading::name(change, "/field").as_deref().unwrap_or("messages"), value)?;
        }
    }
    if foreign && !ours { Err(WireFault::NotOurs) } else { Ok(()) }
}

/// How people call themselves, by either of their ids.
fn names(value: &Value) -> Result<BTreeMap<String, String>, WireFault> {
    let mut names = BTreeMap::new();
    for contact in reading::list(value, "/contacts")? {
        let Some(name) = reading::name(contact, "/profile/name") else { continue };
        for id in [reading::id(contact, "/wa_id"), reading::id(contact, "/user_id")].into_iter().flatten() {
            names.insert(id, name.clone());
        }
    }
    Ok(names)
}

fn heard(message: &Value, names: &BTreeMap<String, String>) -> Result<Option<Inbound>, WireFault> {
    let id = bounded_id(&reading::needed(message, "/id")?);
    let person = reading::id(message, "/from").or_else(|| reading::id(message, "/from_user_id"));
    let person = person.ok_or_else(|| WireFault::malformed("/from is missing"))?;
    let from = Remote { name: names.get(&person).cloned(), reply_to: reading::id(message, "/group_id"), ..remote(&person) };
    let kind = reading::name(message, "/type").ok_or_else(|| WireFault::malformed("/type is missing"))?;
    let Some(fact) = fact(message, &kind)? else { return Ok(None) };
    Ok(Some(Inbound { id, from, at: reading::seconds(message, "/timestamp"), fact }))
}

/// WhatsApp has proved that the person holds the number.
fn remote(person: &str) -> Remote {
    let phone = reading::e164(person).map(|it| (Vouched::Phone, it));
    Remote { id: bounded_id(person), vouched: phone.into_iter().collect(), ..Remote::default() }
}

fn fact(message: &Value, kind: &str) -> Result<Option<Fact>, WireFault> {
    let quoted = reading::id(message, "/context/id").map(|it| bounded_id(&it));
    let pressed = |payload: &str, label: &str| -> Result<Option<Fact>, WireFault> {
        let payload = reading::text(message, payload).ok_or_else(|| WireFault::malformed(format!("{payload} is missing")))?;
        Ok(Some(Fact::Pressed { payload, label: reading::name(message, label).unwrap_or_default() }))
    };
    match kind {
        "button" => pressed("/button/payload", "/button/text"),
        "interactive" => match reading::name(message, "/interactive/type").as_deref() {
            Some("button_reply") => pressed("/interactive/button_reply/id", "/interactive/button_reply/title"),
            Some("list_reply") => pressed("/interactive/list_reply/id", "/interactive/list_reply/title"),
            Some("nfm_reply") => pressed("/interactive/nfm_reply/response_json", "/interactive/nfm_reply/body"),
            _ => Ok(Some(Fact::Message { parts: vec![Part::Unknown("interactive".to_owned())], quoted })),
        },
        "reaction" => {
            // Without an emoji a reaction was taken back.
            let emoji = reading::name(message, "/reaction/emoji");
            let quoted = reading::id(message, "/reaction/message_id").map(|it| bounded_id(&it));
            Ok(emoji.map(|it| Fact::Message { parts: vec![Part::Text(it)], quoted }))
        }
        "request_welcome" => Ok(Some(Fact::Began { scene: None })),
        "system" => {
            let to = reading::id(message, "/system/wa_id").or_else(|| reading::id(message, "/system/new_wa_id"));
            let is_move = reading::name(message, "/system/type").is_some_and(|it| it.ends_with("changed_number"));
            Ok(to.filter(|_| is_move).map(|to| Fact::Moved { to }))
        }
        "edit" => {
            let of = bounded_id(&reading::needed(message, "/edit/original_message_id")?);
            let now = reading::at(message, "/edit/message").unwrap_or(&Value::Null);
            let kind = reading::name(now, "/type").unwrap_or_default();
            Ok(Some(Fact::Edited { message: of, parts: parts(now, &kind)? }))
        }
        "revoke" => Ok(Some(Fact::Deleted { message: bounded_id(&reading::needed(message, "/revoke/original_message_id")?) })),
        _ => {
            let mut parts = parts(message, kind)?;
            parts.extend(referral(message));
            Ok(Some(Fact::Message { parts, quoted }))
        }
    }
}

/// The advertisement that was pressed before the person wrote.
fn referral(message: &Value) -> Option<Part> {
    let url = reading::id(message, "/referral/source_url")?;
    let word = |path: &str| reading::name(message, path).unwrap_or_default();
    Some(Part::Link { title: word("/referral/headline"), description: word("/referral/body"), url })
}

fn parts(message: &Value, kind: &str) -> Result<Vec<Part>, WireFault> {
    let part = match kind {
        "text" => reading::said(reading::text(message, "/text/body").ok_or_else(|| WireFault::malformed("/text/body is missing"))?, "empty"),
        "image" => media(message, kind, MediaKind::Image)?,
        "video" => media(message, kind, MediaKind::Video)?,
        // Spoken into the app, or a file with sound.
        "audio" => {
            let is_voice = reading::at(message, "/audio/voice").and_then(Value::as_bool) == Some(true);
            media(message, kind, if is_voice { MediaKind::Voice } else { MediaKind::File })?
        }
        "document" => media(message, kind, MediaKind::File)?,
        "sticker" => media(message, kind, MediaKind::Sticker)?,
        "location" => {
            let degrees = |path: &str, bound: f64| reading::degrees(message, path, bound).ok_or_else(|| WireFault::malformed(format!("{path} is no angle")));
            let label = [reading::name(message, "/location/name"), reading::name(message, "/location/address")].into_iter().flatten().collect::<Vec<_>>().join(", ");
            Part::Location { latitude: degrees("/location/latitude", 90.0)?, longitude: degrees("/location/longitude", 180.0)?, label }
        }
        "contacts" => reading::said(reading::list(message, "/contacts")?.iter().map(card).collect::<Vec<_>>().join("\n"), kind),
        "order" => reading::said(order(message)?, kind),
        "unsupported" => {
            let code = reading::list(message, "/errors")?.first().and_then(|it| reading::id(it, "/code"));
            Part::Unknown(code.map_or_else(|| kind.to_owned(), |it| format!("{kind} ({it})")))
        }
        _ => Part::Unknown(if kind.is_empty() { "message".to_owned() } else { kind.to_owned() }),
    };
    Ok(vec![part])
}

fn media(message: &Value, kind: &str, as_kind: MediaKind) -> Result<Part, WireFault> {
    let file = reading::at(message, &format!("/{kind}")).unwrap_or(&Value::Null);
    Ok(Part::Media(Media {
        kind: as_kind,
        source: MediaSource::Id(reading::needed(file, "/id")?),
        name: reading::name(file, "/filename").map(|it| reading::file_name(&it)).unwrap_or_default(),
        media_type: reading::name(file, "/mime_type"),
        bytes: None,
        caption: reading::text(file, "/caption").unwrap_or_default(),
        transcript: None,
    }))
}

/// A contact's card: the name and the numbers on it.
fn card(contact: &Value) -> String {
    let name = reading::name(contact, "/name/formatted_name");
    let phones = reading::at(contact, "/phones").and_then(Value::as_array).into_iter().flatten().take(10);
    let numbers = phones.filter_map(|it| reading::name(it, "/phone").or_else(|| reading::id(it, "/wa_id")));
    name.into_iter().chain(numbers).collect::<Vec<_>>().join(" ")
}

/// One line a product: its number in the catalogue, how many, at which price.
fn order(message: &Value) -> Result<String, WireFault> {
    let word = |item: &Value, path: &str| reading::id(item, path).or_else(|| reading::at(item, path).map(ToString::to_string)).unwrap_or_default();
    let line = |it: &Value| format!("{} × {} ({} {})", word(it, "/product_retailer_id"), word(it, "/quantity"), word(it, "/item_price"), word(it, "/currency"));
    let lines: Vec<String> = reading::text(message, "/order/text").into_iter().chain(reading::list(message, "/order/product_items")?.iter().map(line)).collect();
    Ok(reading::clean(&lines.join("\n"), reading::TEXT_BYTES_MAX))
}

fn receipt(status: &Value) -> Result<Option<Inbound>, WireFault> {
    let message = reading::needed(status, "/id")?;
    let word = reading::name(status, "/status").ok_or_else(|| WireFault::malformed("/status is missing"))?;
    let state = match word.as_str() {
        "sent" => Progress::Sent,
        "delivered" => Progress::Delivered,
        "read" | "played" => Progress::Read,
        "failed" => Progress::Failed(reading::list(status, "/errors")?.first().and_then(|it| reading::id(it, "/code")).unwrap_or_default()),
        _ => return Ok(None),
    };
    let from = reading::id(status, "/recipient_id").map(|it| remote(&it)).unwrap_or_default();
    let fact = Fact::Receipt { message: bounded_id(&message), state };
    Ok(Some(Inbound { id: bounded_id(&format!("status:{word}:{message}")), from, at: reading::seconds(status, "/timestamp"), fact }))
}

fn answered(message: &Value) -> Result<Option<Inbound>, WireFault> {
    let (id, to) = (bounded_id(&reading::needed(message, "/id")?), reading::needed(message, "/to")?);
    let kind = reading::name(message, "/type").unwrap_or_default();
    let parts = parts(message, &kind)?;
    Ok(Some(Inbound { id, from: remote(&to), at: reading::seconds(message, "/timestamp"), fact: Fact::Answered { parts } }))
}

#[cfg(test)]
mod tests;
