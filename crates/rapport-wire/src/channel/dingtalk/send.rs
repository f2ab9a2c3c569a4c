//! What a robot says: within a session while it lasts, by the robot's own interface afterwards and for files.

use super::{Account, Addressed, DIALECT, Host, Session};
use crate::channel::{
    Button, MediaKind, Outgoing, Piece, Request, Response, SendFault, Sending, Token,
    answer::{Meaning, by_status, is_success, unreadable, unsupported},
    bounded_id,
    fields::Fields as _,
    request::percent,
};
use rapport_model::Timestamp;
use serde_json::{Map, Value, json};

/// How long a voice message is said to be, since the length is not told. Units: ms. Assumed.
const VOICE_MS: &str = "1000";

pub fn token(client_id: &str, client_secret: &str) -> Addressed {
    Addressed { host: Host::Api, request: Request::json("/v1.0/oauth2/accessToken", &json!({"appKey": client_id, "appSecret": client_secret})) }
}

pub fn token_answer(response: &Response) -> Result<Token, SendFault> {
    let body = interface_body(response)?;
    let lives_s = body.integer("expireIn").and_then(|it| u64::try_from(it).ok());
    match (body.maybe("accessToken"), lives_s) {
        (Some(value), Some(lives_s)) => Ok(Token { value, lives_s }),
        _ => Err(unreadable()),
    }
}

/// One request, or two where a file has words with it. Buttons come back as a text with their label. Errors: `Refused` (`piece_not_supported`).
pub fn send(account: &Account, token: &str, outgoing: &Outgoing, now: Timestamp) -> Result<Vec<Addressed>, SendFault> {
    let session = outgoing.reply_to.as_deref().map(Session::parse).unwrap_or_default();
    if let (Some(path), Some(body)) = (session.open_path(now), within_session(&outgoing.piece)) {
        return Ok(vec![Addressed { host: Host::Oapi, request: Request::json(path, &body) }]);
    }
    let of = |(key, parameters): (&str, Value)| {
        let mut body = json!({"robotCode": account.robot_code, "msgKey": key, "msgParam": parameters.to_string()});
        let path = if session.group.is_some() { "/v1.0/robot/groupMessages/send" } else { "/v1.0/robot/oToMessages/batchSend" };
        if let Some(fields) = body.as_object_mut() {
            match &session.group {
                Some(group) => fields.insert("openConversationId".to_owned(), json!(group)),
                None => fields.insert("userIds".to_owned(), json!([outgoing.to])),
            };
        }
        Addressed { host: Host::Api, request: Request::json(path, &body).with("x-acs-dingtalk-access-token", token) }
    };
    let (first, caption) = by_interface(&outgoing.piece)?;
    let words = Some(caption).filter(|it| !it.is_empty()).map(|it| of(("sampleText", json!({"content": it}))));
    Ok(std::iter::once(of(first)).chain(words).collect())
}

/// The body for a session's address, which takes words, cards and pictures that have an address.
pub(super) fn within_session(piece: &Piece) -> Option<Value> {
    match piece {
        Piece::Text(text) => Some(json!({"msgtype": "text", "text": {"content": text}})),
        Piece::Buttons { text, options } => {
            // One button alone has a form of its own.
            let card = if let [only] = options.as_slice() {
                single_card(text, only)
            } else {
                let buttons: Vec<Value> = options.iter().map(|it| json!({"title": it.label, "actionURL": says(it)})).collect();
                json!({"title": title(text), "text": text, "btnOrientation": "0", "btns": buttons})
            };
            Some(json!({"msgtype": "actionCard", "actionCard": card}))
        }
        Piece::MediaUrl { kind: MediaKind::Image | MediaKind::Sticker, url, name, caption } => {
            let text = if caption.is_empty() { format!("![{}]({url})", plain(name)) } else { format!("{caption}\n\n![{}]({url})", plain(name)) };
            Some(json!({"msgtype": "markdown", "markdown": {"title": title(if name.is_empty() { caption } else { name }), "text": text}}))
        }
        Piece::MediaUrl { url, name, caption, .. } => Some(
            json!({"msgtype": "link", "link": {"title": title(name), "text": if caption.is_empty() { name } else { caption }, "messageUrl": url, "picUrl": ""}}),
        ),
        Piece::Media { .. } | Piece::Template { .. } => None,
    }
}

/// The template of the robot's interface with its parameters, and the words that go after it.
fn by_interface(piece: &Piece) -> Result<((&'static str, Value), &str), SendFault> {
    const CARDS: [&str; 4] = ["sampleActionCard2", "sampleActionCard3", "sampleActionCard4", "sampleActionCard5"];
    Ok(match piece {
        Piece::Text(text) => (("sampleText", json!({"content": text})), ""),
        Piece::Buttons { text, options } => match (options.as_slice(), options.len().checked_sub(2).and_then(|it| CARDS.get(it))) {
            ([only], _) => (("sampleActionCard", single_card(text, only)), ""),
            (_, Some(card)) => ((card, card_of(text, options)), ""),
            (_, None) => (("sampleText", json!({"content": listed(text, options)})), ""),
        },
        Piece::Media { kind: MediaKind::Image | MediaKind::Sticker, id, caption, .. } => (("sampleImageMsg", json!({"photoURL": id})), caption),
        Piece::Media { kind: MediaKind::Voice, id, caption, .. } => (("sampleAudio", json!({"mediaId": id, "duration": VOICE_MS})), caption),
        Piece::Media { kind: MediaKind::Video | MediaKind::File, id, name, caption } => {
            let kind = name.rsplit_once('.').map_or("file", |it| it.1);
            (("sampleFile", json!({"mediaId": id, "fileName": name, "fileType": kind})), caption)
        }
        Piece::MediaUrl { kind: MediaKind::Image | MediaKind::Sticker, url, caption, .. } => (("sampleImageMsg", json!({"photoURL": url})), caption),
        Piece::MediaUrl { url, name, caption, .. } => {
            (("sampleLink", json!({"title": title(name), "text": if caption.is_empty() { name } else { caption }, "messageUrl": url, "picUrl": ""})), "")
        }
        Piece::Template { .. } => return Err(unsupported("robots of DingTalk need no templates")),
    })
}

fn single_card(text: &str, option: &Button) -> Value {
    json!({"title": title(text), "text": text, "singleTitle": option.label, "singleURL": says(option)})
}

fn card_of(text: &str, options: &[Button]) -> Value {
    let mut card = Map::new();
    card.insert("title".to_owned(), json!(title(text)));
    card.insert("text".to_owned(), json!(text));
    for (at, option) in options.iter().enumerate() {
        card.insert(format!("actionTitle{}", at + 1), json!(option.label));
        card.insert(format!("actionURL{}", at + 1), json!(says(option)));
    }
    Value::Object(card)
}

fn listed(text: &str, options: &[Button]) -> String {
    let lines: Vec<String> = options.iter().enumerate().map(|(at, it)| format!("\n{}. {}", at + 1, it.label)).collect();
    format!("{text}{}", lines.concat())
}

/// An address that makes the client say the label. Assumed.
fn says(option: &Button) -> String {
    format!("dtmd://dingtalkclient/sendMessage?content={}", percent(&option.label))
}

/// What a notification shows.
fn title(text: &str) -> String {
    let line: String = text.lines().next().unwrap_or_default().chars().take(20).collect();
    if line.is_empty() { "…".to_owned() } else { line }
}

fn plain(name: &str) -> String {
    name.replace(['[', ']', '(', ')', '\n'], " ")
}

/// Answers of both hosts. DingTalk knows no key of ours: after `Unknown` the piece must not be sent again by itself.
pub fn answer(response: &Response) -> Sending {
    if response.json().at("errcode").is_number() {
        return DIALECT.body(response, true).map(|it| it.maybe("messageId").map(|it| bounded_id(&it)));
    }
    let body = interface_body(response)?;
    if !body.list("flowControlledStaffIdList").is_empty() {
        return Err(Meaning::Rate.fault("flowControlledStaffIdList", "", None));
    }
    if !body.list("invalidStaffIdList").is_empty() {
        return Err(Meaning::Blocked.fault("invalidStaffIdList", "", None));
    }
    body.maybe("processQueryKey").map(|it| Some(bounded_id(&it))).ok_or_else(unreadable)
}

/// The newer host says by status that something is wrong, and by a word what. The words are assumed.
pub(super) fn interface_body(response: &Response) -> Result<Value, SendFault> {
    let body = response.json();
    if is_success(response) && body.is_object() {
        return Ok(body);
    }
    let code = body.text("code");
    let meaning = match code.as_str() {
        "" => return Err(by_status(response).unwrap_or_else(unreadable)),
        it if it.contains("Throttling") || it.contains("QpsLimit") || it.contains("FlowControl") => Meaning::Rate,
        "InvalidAuthentication" => Meaning::Token,
        "ServiceUnavailable" => Meaning::Trouble,
        it if it.contains("staffId") || it.contains("userId") => Meaning::Blocked,
        _ if response.status == 429 => Meaning::Rate,
        _ if response.status == 401 => Meaning::Token,
        _ if response.status >= 500 => Meaning::Unknown,
        _ => Meaning::Refused,
    };
    Err(meaning.fault(bounded_id(&code), &body.text("message"), response.retry_after_ms()))
}
