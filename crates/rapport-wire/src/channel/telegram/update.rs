//! Updates of Telegram as facts.

use serde_json::Value;

use super::result;
use crate::channel::{Fact, Inbound, Media, MediaKind, MediaSource, Part, Remote, Response, SendFault, WireFault, bounded_id, reading};

/// Begins the id of a press; what follows answers it.
pub(super) const PRESS: &str = "press:";

/// A fact, and the album it is a part of. Pictures that were sent as one come as messages of their own, within about a second.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    pub inbound: Inbound,
    pub album: Option<String>,
}

/// One answer to the request for updates.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    pub told: Vec<Told>,
    /// To be asked from next, once all of these are stored.
    pub next_offset: Option<i64>,
    /// Updates that were not understood: passed over, since they would come again for ever.
    pub refused: Vec<(i64, WireFault)>,
}

/// Facts of one update, as a webhook brings it. Shape: an `Update` of the Bot API. Errors: `Malformed`.
pub fn decode(body: &[u8]) -> Result<Vec<Inbound>, WireFault> {
    Ok(told(body)?.into_iter().map(|it| it.inbound).collect())
}

/// As [`decode`], with the album of each.
pub fn told(body: &[u8]) -> Result<Vec<Told>, WireFault> {
    of_update(&reading::parse(body)?)
}

/// The answer to the request for updates. Errors: code 409 where a webhook is set or somebody else asks with the same token.
pub fn page(response: &Response) -> Result<Page, SendFault> {
    let result = result(response)?;
    let updates = result.as_array().ok_or_else(|| SendFault::Unknown { code: "no list".to_owned() })?;
    let mut page = Page::default();
    for update in updates.iter().take(reading::ITEMS_MAX) {
        let Some(number) = reading::whole(update, "/update_id") else { continue };
        match of_update(update) {
            Ok(told) => page.told.extend(told),
            Err(fault) => page.refused.push((number, fault)),
        }
        page.next_offset = page.next_offset.max(Some(number.saturating_add(1)));
    }
    Ok(page)
}

/// Messages of one album as one, in the order of their numbers, under the id of the first; all else as it was.
pub fn joined(told: Vec<Told>) -> Vec<Inbound> {
    let mut albums: Vec<(Option<String>, Vec<Inbound>)> = Vec::new();
    for Told { inbound, album } in told {
        let is_same = |it: &&mut (Option<String>, Vec<Inbound>)| album.is_some() && it.0 == album && it.1.first().is_some_and(|it| it.from.id == inbound.from.id);
        match albums.iter_mut().find(is_same) {
            Some(found) => found.1.push(inbound),
            None => albums.push((album, vec![inbound])),
        }
    }
    albums.into_iter().filter_map(|it| joined_album(it.1)).collect()
}

fn joined_album(mut messages: Vec<Inbound>) -> Option<Inbound> {
    messages.sort_by_key(|it| it.id.rsplit(':').next().and_then(|it| it.parse::<i64>().ok()));
    messages.into_iter().reduce(|mut first, next| {
        if let (Fact::Message { parts, .. }, Fact::Message { parts: more, .. }) = (&mut first.fact, next.fact) {
            parts.extend(more);
        }
        first
    })
}

fn of_update(update: &Value) -> Result<Vec<Told>, WireFault> {
    let number = reading::whole(update, "/update_id").ok_or_else(|| WireFault::malformed("update_id is missing"))?;
    if let Some(message) = reading::at(update, "/message") {
        return of_message(message, None);
    }
    if let Some(message) = reading::at(update, "/edited_message") {
        return of_message(message, Some(number));
    }
    if let Some(query) = reading::at(update, "/callback_query") {
        return Ok(pressed(query)?.into_iter().map(alone).collect());
    }
    if let Some(change) = reading::at(update, "/my_chat_member") {
        return Ok(membership(change, number)?.into_iter().map(alone).collect());
    }
    Ok(Vec::new())
}

fn alone(inbound: Inbound) -> Told {
    Told { inbound, album: None }
}

/// `edit`: the number of the update, where it tells how an earlier message reads now.
fn of_message(message: &Value, edit: Option<i64>) -> Result<Vec<Told>, WireFault> {
    let (chat, number) = (reading::needed(message, "/chat/id")?, reading::needed(message, "/message_id")?);
    // Posts of channels come from nobody; bots are not talked with, so that two never answer each other.
    let is_person = reading::at(message, "/from").is_some() && reading::at(message, "/from/is_bot").and_then(Value::as_bool) != Some(true);
    if !is_person {
        return Ok(Vec::new());
    }
    let from = remote(message, "/from", &chat)?;
    let id = bounded_id(&format!("{chat}:{number}"));
    // Everything in a topic answers the message that opened it, which nobody chose.
    let answered = reading::id(message, "/reply_to_message/message_id").filter(|it| Some(it) != reading::id(message, "/message_thread_id").as_ref());
    let quoted = answered.map(|it| bounded_id(&format!("{chat}:{it}")));
    let fact = match edit {
        Some(_) => Some(Fact::Edited { message: id.clone(), parts: parts(message)? }).filter(|it| !matches!(it, Fact::Edited { parts, .. } if parts.is_empty())),
        None => fact(message, quoted)?,
    };
    let Some(fact) = fact else { return Ok(Vec::new()) };
    let (id, at) = match edit {
        Some(update) => (format!("edit:{update}"), reading::seconds(message, "/edit_date")),
        None => (id, reading::seconds(message, "/date")),
    };
    let album = reading::id(message, "/media_group_id").filter(|_| edit.is_none());
    Ok(vec![Told { inbound: Inbound { id, from, at, fact }, album }])
}

fn fact(message: &Value, quoted: Option<String>) -> Result<Option<Fact>, WireFault> {
    if let Some(to) = reading::id(message, "/migrate_to_chat_id") {
        return Ok(Some(Fact::Moved { to }));
    }
    let is_private = reading::at(message, "/chat/type").and_then(Value::as_str) == Some("private");
    let start = reading::text(message, "/text").filter(|_| is_private);
    if let Some(rest) = start.as_deref().and_then(|it| it.strip_prefix("/start")).filter(|it| it.is_empty() || it.starts_with(' ')) {
        return Ok(Some(Fact::Began { scene: Some(reading::line(rest)).filter(|it| !it.is_empty()) }));
    }
    let parts = parts(message)?;
    Ok((!parts.is_empty()).then_some(Fact::Message { parts, quoted }))
}

/// A person in a chat. In a group the answer goes to the group, and within its topic: `chat` or `chat/topic`.
fn remote(value: &Value, path: &str, chat: &str) -> Result<Remote, WireFault> {
    let id = reading::needed(value, &format!("{path}/id"))?;
    let topic = reading::at(value, "/is_topic_message").and_then(Value::as_bool).filter(|it| *it).and_then(|_| reading::id(value, "/message_thread_id"));
    let reply_to = match topic {
        Some(topic) => Some(format!("{chat}/{topic}")),
        None => (chat != id).then(|| chat.to_owned()),
    };
    let names = [reading::name(value, &format!("{path}/first_name")), reading::name(value, &format!("{path}/last_name"))];
    let name = Some(names.into_iter().flatten().collect::<Vec<_>>().join(" ")).filter(|it| !it.is_empty());
    let name = name.or_else(|| reading::name(value, &format!("{path}/username")));
    Ok(Remote { id: bounded_id(&id), reply_to, name, vouched: Vec::new(), language: reading::name(value, &format!("{path}/language_code")) })
}

/// Kinds that carry a file. An animation comes as a document too: the first that is found counts.
const FILES: [(&str, MediaKind); 8] = [
    ("photo", MediaKind::Image),
    ("animation", MediaKind::Video),
    ("video", MediaKind::Video),
    ("video_note", MediaKind::Video),
    ("voice", MediaKind::Voice),
    ("audio", MediaKind::File),
    ("sticker", MediaKind::Sticker),
    ("document", MediaKind::File),
];

/// What stands about a message, or happened in its chat, and is nothing that somebody said.
const NOT_SAID: &[&str] = &[
    "message_id", "message_thread_id", "direct_messages_topic", "from", "sender_chat", "sender_boost_count", "sender_business_bot", "sender_tag", "date",
    "business_connection_id", "chat", "forward_origin", "forward_from", "forward_from_chat", "forward_from_message_id", "forward_signature", "forward_sender_name",
    "forward_date", "is_topic_message", "is_automatic_forward", "reply_to_message", "external_reply", "quote", "reply_to_story", "reply_to_checklist_task_id", "via_bot",
    "edit_date", "has_protected_content", "is_from_offline", "is_paid_post", "media_group_id", "author_signature", "paid_star_count", "entities",
    "link_preview_options", "suggested_post_info", "effect_id", "caption", "caption_entities", "show_caption_above_media", "has_media_spoiler", "reply_markup",
    "new_chat_members", "new_chat_member", "new_chat_participant", "left_chat_member", "left_chat_participant", "new_chat_title", "new_chat_photo",
    "delete_chat_photo", "group_chat_created", "supergroup_chat_created", "channel_chat_created", "message_auto_delete_timer_changed", "migrate_to_chat_id",
    "migrate_from_chat_id", "pinned_message", "connected_website", "write_access_allowed", "proximity_alert_triggered", "boost_added", "chat_background_set",
    "forum_topic_created", "forum_topic_edited", "forum_topic_closed", "forum_topic_reopened", "general_forum_topic_hidden", "general_forum_topic_unhidden",
    "giveaway_created", "giveaway_completed", "video_chat_scheduled", "video_chat_started", "video_chat_ended", "video_chat_participants_invited",
];

fn parts(message: &Value) -> Result<Vec<Part>, WireFault> {
    if let Some(text) = reading::text(message, "/text") {
        return Ok(if text.trim().is_empty() { Vec::new() } else { vec![Part::Text(text)] });
    }
    if let Some((name, kind)) = FILES.iter().find(|it| reading::at(message, &format!("/{}", it.0)).is_some()) {
        return Ok(vec![Part::Media(media(message, name, *kind)?)]);
    }
    if let Some(venue) = reading::at(message, "/venue") {
        let label = [reading::name(venue, "/title"), reading::name(venue, "/address")].into_iter().flatten().collect::<Vec<_>>().join(", ");
        return Ok(vec![location(venue, "/location", label)?]);
    }
    if reading::at(message, "/location").is_some() {
        return Ok(vec![location(message, "/location", String::new())?]);
    }
    if let Some(contact) = reading::at(message, "/contact") {
        let words = ["/first_name", "/last_name", "/phone_number"].iter().filter_map(|it| reading::name(contact, it)).collect::<Vec<_>>();
        return Ok(vec![reading::said(words.join(" "), "contact")]);
    }
    if let Some(emoji) = reading::name(message, "/dice/emoji") {
        return Ok(vec![Part::Text(emoji)]);
    }
    let unknown = message.as_object().and_then(|it| it.keys().find(|it| !NOT_SAID.contains(&it.as_str())));
    Ok(unknown.map(|it| Part::Unknown(reading::line(it))).into_iter().collect())
}

fn location(value: &Value, path: &str, label: String) -> Result<Part, WireFault> {
    let degrees = |name: &str, bound: f64| reading::degrees(value, &format!("{path}/{name}"), bound).ok_or_else(|| WireFault::malformed(format!("{name} is no angle")));
    Ok(Part::Location { latitude: degrees("latitude", 90.0)?, longitude: degrees("longitude", 180.0)?, label })
}

fn media(message: &Value, name: &str, kind: MediaKind) -> Result<Media, WireFault> {
    let found = reading::at(message, &format!("/{name}")).unwrap_or(&Value::Null);
    // A photo comes in several sizes, each with its own id.
    let file = match found.as_array() {
        Some(sizes) => sizes.iter().max_by_key(|it| reading::whole(it, "/width").unwrap_or_default()).unwrap_or(&Value::Null),
        None => found,
    };
    let is = |flag: &str| reading::at(file, flag).and_then(Value::as_bool) == Some(true);
    let usual = match name {
        "photo" => Some("image/jpeg"),
        "video_note" => Some("video/mp4"),
        "sticker" if is("/is_animated") => Some("application/x-tgsticker"),
        "sticker" if is("/is_video") => Some("video/webm"),
        "sticker" => Some("image/webp"),
        _ => None,
    };
    let caption = reading::text(message, "/caption").or_else(|| reading::name(file, "/emoji")).unwrap_or_default();
    Ok(Media {
        kind,
        source: MediaSource::Id(reading::needed(file, "/file_id")?),
        name: reading::name(file, "/file_name").map(|it| reading::file_name(&it)).unwrap_or_default(),
        media_type: reading::name(file, "/mime_type").or_else(|| usual.map(str::to_owned)),
        bytes: reading::size(file, "/file_size"),
        caption,
        transcript: None,
    })
}

/// A press of a button under one of our messages. Those of games and of messages sent through other bots say nothing to us.
fn pressed(query: &Value) -> Result<Option<Inbound>, WireFault> {
    let id = reading::needed(query, "/id")?;
    let person = reading::needed(query, "/from/id")?;
    let Some(payload) = reading::text(query, "/data") else { return Ok(None) };
    let message = reading::at(query, "/message").unwrap_or(&Value::Null);
    let chat = reading::id(message, "/chat/id").unwrap_or(person);
    let mut from = remote(query, "/from", &chat)?;
    if let Some(topic) = reading::at(message, "/is_topic_message").and_then(Value::as_bool).filter(|it| *it).and_then(|_| reading::id(message, "/message_thread_id")) {
        from.reply_to = Some(format!("{chat}/{topic}"));
    }
    let rows = reading::list(message, "/reply_markup/inline_keyboard")?;
    let button = rows.iter().filter_map(Value::as_array).flatten().find(|it| reading::text(it, "/callback_data").as_ref() == Some(&payload));
    let label = button.and_then(|it| reading::name(it, "/text")).unwrap_or_default();
    Ok(Some(Inbound { id: bounded_id(&format!("{PRESS}{id}")), from, at: None, fact: Fact::Pressed { payload, label } }))
}

/// Whether the bot may write. In groups it says nothing about the person who put it in or out.
fn membership(change: &Value, update: i64) -> Result<Option<Inbound>, WireFault> {
    let chat = reading::needed(change, "/chat/id")?;
    let from = remote(change, "/from", &chat)?;
    let status = |path: &str| reading::name(change, path).ok_or_else(|| WireFault::malformed(format!("{path} is missing")));
    let (old, new) = (status("/old_chat_member/status")?, status("/new_chat_member/status")?);
    if reading::at(change, "/chat/type").and_then(Value::as_str) != Some("private") {
        return Ok(None);
    }
    let gone = |it: &str| it == "kicked" || it == "left";
    let fact = match (gone(&old), gone(&new)) {
        (false, true) => Fact::Left,
        (true, false) => Fact::Began { scene: None },
        _ => return Ok(None),
    };
    Ok(Some(Inbound { id: format!("member:{update}"), from, at: reading::seconds(change, "/date"), fact }))
}

#[cfg(test)]
mod tests;
