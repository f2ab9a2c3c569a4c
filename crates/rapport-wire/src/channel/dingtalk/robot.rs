//! What a robot hears: the same JSON by HTTP and by stream.

use super::Account;
use crate::channel::{
    Fact, Inbound, Media, MediaKind, MediaSource, Part, Remote, Vouched, WireFault, bounded_id,
    fields::{Fields as _, file_name, json},
};
use rapport_model::Timestamp;
use serde_json::Value;

/// Most pieces of one rich text.
const PIECES_MAX: usize = 200;
/// Longest path of a session. Units: bytes.
const PATH_BYTES_MAX: usize = 2_048;
/// Of a robot that belongs to no application.
const NORMAL_ROBOT: &str = "normal";

/// Where the answers to a message go: [`Remote::reply_to`] as text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Session {
    /// Under the older host; over after `until`.
    pub path: Option<String>,
    pub until: Timestamp,
    /// The group that was written in, where it was no talk between two.
    pub group: Option<String>,
}

impl Session {
    /// The path of `address`, if it is one that answers go to: only then may something be posted there, and only under a host that is ours to name.
    fn of(address: &str, until: Option<Timestamp>, group: Option<String>) -> Self {
        let path = address.split_once("://").and_then(|(_, it)| it.find('/').and_then(|at| it.get(at..)));
        Self { path: path.filter(|it| takes_answers(it)).map(str::to_owned), until: until.unwrap_or_default(), group }
    }

    /// Errors: none: what is not understood is no session.
    pub fn parse(text: &str) -> Self {
        let mut parts = text.splitn(3, '|');
        let (until, group, path) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let some = |it: &str| Some(it.to_owned()).filter(|it| !it.is_empty());
        Self { path: some(path).filter(|it| takes_answers(it)), until: Timestamp(until.parse().unwrap_or_default()), group: some(group) }
    }

    pub fn text(&self) -> String {
        format!("{}|{}|{}", self.until.0, self.group.as_deref().unwrap_or_default(), self.path.as_deref().unwrap_or_default())
    }

    /// The path while it lasts.
    pub fn open_path(&self, now: Timestamp) -> Option<&str> {
        self.path.as_deref().filter(|_| now < self.until)
    }
}

fn takes_answers(path: &str) -> bool {
    path.starts_with("/robot/send")
        && path.len() <= PATH_BYTES_MAX
        && path.bytes().all(|it| it.is_ascii_graphic())
        && !path.contains("..")
        && !path.contains('#')
}

/// One message. Its id is `msgId`; who wrote is the member's id where DingTalk knows them as one. Errors: `Malformed`; `NotOurs` where it is another robot's.
pub fn decode(account: &Account, body: &[u8]) -> Result<Vec<Inbound>, WireFault> {
    let message = json(body)?;
    if message.maybe("robotCode").is_some_and(|it| it != account.robot_code && it != NORMAL_ROBOT) {
        return Err(WireFault::NotOurs);
    }
    let id = bounded_id(&message.need("msgId")?);
    // A robot's own words are not to be answered.
    if message.maybe("chatbotUserId").is_some_and(|it| it == message.text("senderId")) {
        return Ok(Vec::new());
    }
    let staff = message.maybe("senderStaffId").map(|it| bounded_id(&it));
    let person = staff.clone().map_or_else(|| message.need("senderId").map(|it| bounded_id(&it)), Ok)?;
    let group = match message.need("conversationType")?.as_str() {
        // The separator of a session's text cannot be within.
        "2" => Some(bounded_id(&message.need("conversationId")?).replace('|', "")),
        _ => None,
    };
    let session = Session::of(&message.text("sessionWebhook"), message.millis("sessionWebhookExpiredTime"), group);
    let from = Remote {
        id: person,
        reply_to: Some(session.text()),
        name: Some(message.title("senderNick")).filter(|it| !it.is_empty()),
        vouched: staff.into_iter().map(|it| (Vouched::StaffId, it)).collect(),
        language: None,
    };
    let quoted = message.maybe("text/repliedMsg/msgId").or_else(|| message.maybe("originalMsgId")).map(|it| bounded_id(&it));
    let fact = Fact::Message { parts: parts(&message)?, quoted };
    Ok(vec![Inbound { id, from, at: message.millis("createAt"), fact }])
}

fn parts(message: &Value) -> Result<Vec<Part>, WireFault> {
    let part = match message.need("msgtype")?.as_str() {
        "text" if message.at("text").is_object() => {
            // In a group the robot's name was cut from the front and left a blank.
            Part::Text(message.text("text/content").trim().to_owned())
        }
        "text" => return Err(WireFault::malformed("text is missing")),
        "picture" => media(MediaKind::Image, message.at("content"))?,
        "audio" => media(MediaKind::Voice, message.at("content"))?,
        "video" => media(MediaKind::Video, message.at("content"))?,
        "file" => media(MediaKind::File, message.at("content"))?,
        "richText" => return rich(message.list("content/richText")),
        other => Part::Unknown(bounded_id(other)),
    };
    Ok(vec![part])
}

fn media(kind: MediaKind, content: &Value) -> Result<Part, WireFault> {
    let source = MediaSource::Id(content.need("downloadCode")?);
    let bytes = content.integer("fileSize").and_then(|it| u64::try_from(it).ok());
    let media_type = content.maybe("videoType").filter(|it| it == "mp4").map(|_| "video/mp4".to_owned());
    let transcript = content.maybe("recognition");
    Ok(Part::Media(Media { kind, source, name: file_name(&content.text("fileName")), media_type, bytes, caption: String::new(), transcript }))
}

/// Words and pictures in their order; words side by side are one part.
fn rich(pieces: &[Value]) -> Result<Vec<Part>, WireFault> {
    let mut parts = Vec::new();
    for piece in pieces.iter().take(PIECES_MAX) {
        let part = if piece.maybe("downloadCode").is_some() { media(MediaKind::Image, piece)? } else { Part::Text(piece.text("text")) };
        match (parts.last_mut(), part) {
            (_, Part::Text(text)) if text.is_empty() => {}
            (Some(Part::Text(before)), Part::Text(text)) => before.push_str(&text),
            (_, part) => parts.push(part),
        }
    }
    if let Some(Part::Text(text)) = parts.first_mut() {
        *text = text.trim_start().to_owned();
    }
    parts.retain(|it| !matches!(it, Part::Text(text) if text.trim().is_empty()));
    if parts.is_empty() { Err(WireFault::malformed("richText is empty")) } else { Ok(parts) }
}
