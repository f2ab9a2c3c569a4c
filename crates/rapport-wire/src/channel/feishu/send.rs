//! What is asked of `open.feishu.cn` (or `open.larksuite.com`): tokens, messages, people; and what it answers.

use super::{Account, DIALECT};
use crate::channel::{
    Button, MediaKind, Outgoing, Piece, Remote, Request, Response, SendFault, Sending, Token, Vouched,
    answer::{unreadable, unsupported},
    bounded_id,
    fields::Fields as _,
    request::percent,
};
use serde_json::{Map, Value, json};

pub fn token(account: &Account, app_secret: &str) -> Request {
    Request::json("/open-apis/auth/v3/tenant_access_token/internal", &json!({"app_id": account.app_id, "app_secret": app_secret}))
}

/// Errors: `Refused` for a wrong secret (10014).
pub fn token_answer(response: &Response) -> Result<Token, SendFault> {
    let body = DIALECT.body_of_token(response)?;
    let lives_s = body.integer("expire").and_then(|it| u64::try_from(it).ok());
    match (body.maybe("tenant_access_token"), lives_s) {
        (Some(value), Some(lives_s)) => Ok(Token { value, lives_s }),
        _ => Err(unreadable()),
    }
}

/// One request, or two where a file has words with it. Our key is the `uuid` by which Feishu takes a message once within an hour (assumed): a piece whose outcome is
/// unknown may be sent again. A template's parameters are `name=value`. Errors: `Refused` (`piece_not_supported`).
pub fn send(token: &str, outgoing: &Outgoing) -> Result<Vec<Request>, SendFault> {
    let of = |key: String, (kind, content): (&str, Value)| {
        let mut body = json!({"msg_type": kind, "content": content.to_string(), "uuid": key});
        let path = match (&outgoing.quoted, outgoing.reply_to.as_deref().unwrap_or(&outgoing.to)) {
            (Some(quoted), _) => format!("/open-apis/im/v1/messages/{}/reply", percent(quoted)),
            (None, to) => {
                if let Some(fields) = body.as_object_mut() {
                    fields.insert("receive_id".to_owned(), json!(to));
                }
                format!("/open-apis/im/v1/messages?receive_id_type={}", kind_of(to))
            }
        };
        Request::json(path, &body).bearer(token)
    };
    let (first, caption) = content(&outgoing.piece)?;
    let words = Some(caption).filter(|it| !it.is_empty()).map(|it| of(format!("{}-2", outgoing.key), ("text", json!({"text": it}))));
    Ok(std::iter::once(of(outgoing.key.clone(), first)).chain(words).collect())
}

/// Ids say what they are.
fn kind_of(id: &str) -> &'static str {
    match id.split_once('_').map(|it| it.0) {
        Some("ou") => "open_id",
        Some("oc") => "chat_id",
        Some("on") => "union_id",
        _ if id.contains('@') => "email",
        _ => "user_id",
    }
}

/// The kind and content of a message, and the words that go after it.
pub(super) fn content(piece: &Piece) -> Result<((&'static str, Value), &str), SendFault> {
    Ok(match piece {
        Piece::Text(text) => (("text", json!({"text": escaped(text)})), ""),
        Piece::Buttons { text, options } => (("interactive", card(text, options)), ""),
        Piece::Media { kind: MediaKind::Image | MediaKind::Sticker, id, caption, .. } => (("image", json!({"image_key": id})), caption),
        Piece::Media { kind: MediaKind::Voice, id, caption, .. } => (("audio", json!({"file_key": id})), caption),
        Piece::Media { kind: MediaKind::Video, id, caption, .. } => (("media", json!({"file_key": id})), caption),
        Piece::Media { kind: MediaKind::File, id, caption, .. } => (("file", json!({"file_key": id})), caption),
        Piece::MediaUrl { kind: MediaKind::File, url, name, caption } => {
            let line = json!([[{"tag": "a", "text": name, "href": url}]]);
            (("post", json!({"zh_cn": {"title": caption, "content": line}})), "")
        }
        Piece::MediaUrl { .. } => return Err(unsupported("Feishu takes pictures, voice and video that were uploaded before")),
        Piece::Template { name, language: _, parameters } => {
            let of = |it: &String| it.split_once('=').map(|(key, value)| (key.to_owned(), json!(value)));
            let variables: Map<String, Value> = parameters.iter().filter_map(of).collect();
            (("interactive", json!({"type": "template", "data": {"template_id": name, "template_variable": variables}})), "")
        }
    })
}

/// Within a text, `<at …>` names people: no words of ours are to do so by chance.
fn escaped(text: &str) -> String {
    text.replace("<at ", "<\u{200B}at ")
}

fn card(text: &str, options: &[Button]) -> Value {
    let button = |it: &Button| json!({"tag": "button", "type": "default", "text": {"tag": "plain_text", "content": it.label}, "value": {"payload": it.payload, "label": it.label}});
    let buttons: Vec<Value> = options.iter().map(button).collect();
    json!({"config": {"wide_screen_mode": true}, "elements": [{"tag": "div", "text": {"tag": "plain_text", "content": text}}, {"tag": "action", "actions": buttons}]})
}

/// The message's id.
pub fn answer(response: &Response) -> Sending {
    DIALECT.body(response, true).map(|it| it.maybe("data/message_id").map(|it| bounded_id(&it)))
}

/// Who somebody is, by `open_id`; the application needs the right to read it.
pub fn user(token: &str, id: &str) -> Request {
    Request::get(format!("/open-apis/contact/v3/users/{}?user_id_type=open_id", percent(id))).bearer(token)
}

pub fn user_answer(response: &Response) -> Result<Remote, SendFault> {
    let body = DIALECT.body(response, true)?;
    let user = body.at("data/user");
    let id = user.maybe("open_id").map(|it| bounded_id(&it)).ok_or_else(unreadable)?;
    let of = |name: &str, kind: Vouched| user.maybe(name).map(|it| (kind, bounded_id(&it)));
    let vouched = [of("union_id", Vouched::UnionId), of("user_id", Vouched::StaffId)].into_iter().flatten().collect();
    Ok(Remote { id, reply_to: None, name: Some(user.title("name")).filter(|it| !it.is_empty()), vouched, language: None })
}

/// Our own robot; it needs no right.
pub fn robot(token: &str) -> Request {
    Request::get("/open-apis/bot/v3/info").bearer(token)
}

/// By `open_id`. Errors: `Refused` where the application has none.
pub fn robot_answer(response: &Response) -> Result<Remote, SendFault> {
    let body = DIALECT.body(response, true)?;
    let id = body.maybe("bot/open_id").map(|it| bounded_id(&it)).ok_or_else(unreadable)?;
    Ok(Remote { id, name: Some(body.title("bot/app_name")).filter(|it| !it.is_empty()), ..Remote::default() })
}
