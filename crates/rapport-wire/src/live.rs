//! The live protocol's frames (docs/live-protocol.md): JSON text ↔ closed enums, bounded, with stable error codes.

use rapport_model::{
    Attachment, Content, ConversationId, CustomerAction, Entry, Fault, FaultBody, MemberAction, Presence, Seq, TEXT_CHARS_MAX, codes,
};
use serde::{Deserialize, Serialize};

/// Protocol version.
pub const VERSION: u32 = 1;
/// Largest frame a client may send. Units: bytes.
pub const FRAME_BYTES_MAX: usize = 64 * 1024;
/// Room for a frame of usual length, so that it is made in one piece. Units: bytes.
const FRAME_BYTES: usize = 640;
/// Longest `id` of a frame. Units: bytes of ASCII.
pub const ID_BYTES_MAX: usize = 64;

/// What a client may say. Closed: anything else is `live.bad_frame`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(tag = "t", rename_all = "snake_case")]
pub enum ClientFrame {
    Hello {
        v: u32,
        #[serde(rename = "as")]
        side: Side,
        #[serde(default)]
        token: Option<String>,
        #[serde(default)]
        resume: Option<Seq>,
    },
    Send {
        id: String,
        #[serde(default)]
        conversation: Option<ConversationId>,
        content: SentContent,
    },
    Act {
        id: String,
        #[serde(default)]
        conversation: Option<ConversationId>,
        /// Read as a `CustomerAction` or a `MemberAction` by who speaks.
        action: serde_json::Value,
    },
    Typing {
        conversation: ConversationId,
        on: bool,
    },
    Presence {
        presence: Presence,
    },
    Ping,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    Visitor,
    Member,
}

/// What people send themselves; answers, choices, tickets and rating requests are made by the server alone.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum SentContent {
    Text { text: String },
    Image { file: Attachment },
    File { file: Attachment },
}

impl SentContent {
    /// The content as stored. Errors: `message.empty`, `message.too_long`.
    pub fn checked(self) -> Result<Content, Fault> {
        match self {
            Self::Text { text } => {
                if text.trim().is_empty() {
                    return Err(Fault::new(codes::EMPTY_MESSAGE));
                }
                if text.chars().nth(TEXT_CHARS_MAX).is_some() {
                    return Err(Fault::new(codes::TEXT_TOO_LONG));
                }
                Ok(Content::Text { text: text.replace('\0', "") })
            }
            Self::Image { file } => Ok(Content::Image { file }),
            Self::File { file } => Ok(Content::File { file }),
        }
    }
}

/// Reads one frame. Errors: `input.too_large`, `live.bad_frame` (with where), `input.bad_field` for an `id` out of form.
pub fn decode(text: &str) -> Result<ClientFrame, Fault> {
    if text.len() > FRAME_BYTES_MAX {
        return Err(Fault::with(codes::TOO_LARGE, format!("frame of {} bytes, at most {FRAME_BYTES_MAX}", text.len())));
    }
    let frame: ClientFrame =
        serde_json::from_str(text).map_err(|error| Fault::with(codes::BAD_FRAME, format!("line {} column {}", error.line(), error.column())))?;
    if let ClientFrame::Send { id, .. } | ClientFrame::Act { id, .. } = &frame {
        check_id(id)?;
    }
    Ok(frame)
}

/// Whether a sender's own id is of the form. Errors: `input.bad_field`.
pub fn check_id(id: &str) -> Result<(), Fault> {
    let fits = !id.is_empty() && id.len() <= ID_BYTES_MAX && id.bytes().all(|it| it.is_ascii_alphanumeric() || b"_.:-".contains(&it));
    if fits { Ok(()) } else { Err(Fault::with(codes::BAD_FIELD, "id: 1 to 64 of A-Z a-z 0-9 _ . : -")) }
}

/// The id of a frame that could not be read as a whole, so that the error can name it.
pub fn frame_id(text: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct OnlyId {
        id: Option<String>,
    }
    let id = serde_json::from_str::<OnlyId>(text).ok()?.id?;
    check_id(&id).is_ok().then_some(id)
}

/// Reads the action of a visitor. Errors: `live.bad_frame`.
pub fn customer_action(value: serde_json::Value) -> Result<CustomerAction, Fault> {
    serde_json::from_value(value).map_err(|_error| Fault::with(codes::BAD_FRAME, "action is not one of a customer's"))
}

/// Reads the action of a member. Contents that only the server makes and tickets are refused. Errors: `live.bad_frame`, `message.*`.
pub fn member_action(value: serde_json::Value) -> Result<MemberAction, Fault> {
    let action: MemberAction =
        serde_json::from_value(value).map_err(|_error| Fault::with(codes::BAD_FRAME, "action is not one of a member's"))?;
    match &action {
        MemberAction::CreateTicket { .. } => Err(Fault::with(codes::BAD_FIELD, "tickets are made by POST /conversations/{id}/tickets")),
        MemberAction::Send { content } => match content {
            Content::Text { text } => SentContent::Text { text: text.clone() }.checked().map(|content| MemberAction::Send { content }),
            Content::Image { .. } | Content::File { .. } => Ok(action),
            Content::Answer { .. } | Content::Choices { .. } | Content::Ticket { .. } | Content::RatingRequest { .. } | Content::Compensation { .. } | Content::Erased => {
                Err(Fault::with(codes::BAD_FIELD, "content: text, image or file"))
            }
        },
        MemberAction::Note { text, .. } => {
            SentContent::Text { text: text.clone() }.checked()?;
            Ok(action)
        }
        MemberAction::AcceptOffer
        | MemberAction::DeclineOffer
        | MemberAction::Take
        | MemberAction::Assign { .. }
        | MemberAction::SetTeam { .. }
        | MemberAction::Snooze { .. }
        | MemberAction::Wake
        | MemberAction::Resolve
        | MemberAction::Reopen
        | MemberAction::ReturnToBot
        | MemberAction::SetPriority { .. }
        | MemberAction::SetLabels { .. }
        | MemberAction::MarkRead { .. } => Ok(action),
    }
}

/// What the server says beyond entries and signals.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "t", rename_all = "snake_case")]
pub enum ServerFrame {
    Welcome { v: u32, seq: Seq, heartbeat_s: u32, session: String },
    CaughtUp { seq: Seq },
    Reset { seq: Seq },
    Ack { id: String, seq: Seq, conversation: ConversationId, duplicate: bool },
    Error {
        #[serde(skip_serializing_if = "Option::is_none")]
        id: Option<String>,
        #[serde(flatten)]
        fault: FaultBody,
    },
    Pong,
}

/// The JSON of a server frame.
pub fn encode(frame: &impl Serialize) -> Vec<u8> {
    let mut out = Vec::with_capacity(FRAME_BYTES);
    // Frames are made of texts and numbers, which can always be written.
    let _infallible = serde_json::to_writer(&mut out, frame);
    out
}

#[derive(Serialize)]
struct EventFrame<'a> {
    t: &'static str,
    seq: Seq,
    at: rapport_model::Timestamp,
    conversation: ConversationId,
    contact: rapport_model::ContactId,
    inbox: rapport_model::InboxId,
    actor: rapport_model::Actor,
    event: &'a rapport_model::Event,
}

/// The event frame of an entry for members, and for its customer where it is for them (never with reasons).
/// Where both would be equal the same bytes are made once; else the customer's is the member's up to the reasons, which come last.
pub fn encode_entry(entry: &Entry) -> EntryFrames {
    let bare = encode(&EventFrame {
        t: "event",
        seq: entry.seq,
        at: entry.at,
        conversation: entry.conversation,
        contact: entry.contact,
        inbox: entry.inbox,
        actor: entry.actor,
        event: &entry.event,
    });
    if entry.reasons.is_empty() {
        let visitor = if entry.event.for_customer() { VisitorFrame::SameAsMember } else { VisitorFrame::None };
        return EntryFrames { member: bare, visitor };
    }
    let reasons = encode(&entry.reasons);
    let mut member = Vec::with_capacity(bare.len().saturating_add(reasons.len()).saturating_add(16));
    member.extend_from_slice(bare.strip_suffix(b"}").unwrap_or(&bare));
    member.extend_from_slice(b",\"reasons\":");
    member.extend_from_slice(&reasons);
    member.push(b'}');
    EntryFrames { member, visitor: if entry.event.for_customer() { VisitorFrame::Own(bare) } else { VisitorFrame::None } }
}

/// Frames of one entry.
pub struct EntryFrames {
    pub member: Vec<u8>,
    pub visitor: VisitorFrame,
}

pub enum VisitorFrame {
    None,
    SameAsMember,
    Own(Vec<u8>),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, code: Option<&str>) {
        let outcome = decode(text).map(|_| ()).map_err(|it| it.kind.code);
        assert_eq!(outcome.err(), code, "{text}");
    }

    #[test]
    fn frames_are_read_or_refused_with_a_code() {
        check(r#"{"t":"hello","v":1,"as":"visitor","token":"x","resume":7}"#, None);
        check(r#"{"t":"ping"}"#, None);
        check(r#"{"t":"send","id":"a-1","content":{"type":"text","text":"hi"}}"#, None);
        check(r#"{"t":"send","id":"","content":{"type":"text","text":"hi"}}"#, Some("input.bad_field"));
        check(r#"{"t":"send","id":"a b","content":{"type":"text","text":"hi"}}"#, Some("input.bad_field"));
        check(r#"{"t":"send","id":"a","content":{"type":"answer","text":"hi","sources":[],"confidence":1}}"#, Some("live.bad_frame"));
        check(r#"{"t":"base"}"#, Some("live.bad_frame"));
        check("", Some("live.bad_frame"));
        check("[]", Some("live.bad_frame"));
        check(&format!(r#"{{"t":"ping","x":"{}"}}"#, "x".repeat(FRAME_BYTES_MAX)), Some("input.too_large"));
    }

    #[test]
    fn members_cannot_send_what_only_the_server_makes() {
        let refused = |json: &str| member_action(serde_json::from_str(json).expect("json")).expect_err("refused").kind.code;
        assert_eq!(refused(r#"{"action":"send","content":{"type":"rating_request","text":"?"}}"#), "input.bad_field");
        assert_eq!(refused(r#"{"action":"send","content":{"type":"text","text":"  "}}"#), "message.empty");
        assert_eq!(refused(r#"{"action":"drop_tables"}"#), "live.bad_frame");
    }
}
