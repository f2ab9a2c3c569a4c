//! What is asked of `api.weixin.qq.com`: tokens, customer-service messages, media, users; and what it answers.

use super::{Account, Kind};
use crate::channel::{
    MediaKind, Outgoing, Piece, Remote, Request, Response, SendFault, Sending, Token, Vouched,
    answer::{Dialect, Fetching, Meaning, by_status, file, unreadable, unsupported},
    bounded_id,
    fields::Fields as _,
    request::{FilePart, percent, query},
};
use serde_json::{Map, Value, json};

/// Numbers of errors. Told by the documents: 45015, 45047, 45009, 40003; the others are assumed.
const DIALECT: Dialect = Dialect {
    code: "errcode",
    text: "errmsg",
    codes: &[
        (-1, Meaning::Trouble),
        (40_001, Meaning::Token),
        (40_014, Meaning::Token),
        (41_001, Meaning::Token),
        (42_001, Meaning::Token),
        (42_007, Meaning::Token),
        // Out of the 48 hours, or unsubscribed.
        (45_015, Meaning::Window),
        (45_047, Meaning::Quota),
        // Calls of the day, of the minute.
        (45_009, Meaning::Rate),
        (45_011, Meaning::Rate),
        // Not subscribed; does not want to be written to; refused this kind of notice; left.
        (43_004, Meaning::Blocked),
        (48_002, Meaning::Blocked),
        (43_101, Meaning::Blocked),
        (50_005, Meaning::Blocked),
        (40_007, Meaning::Media),
    ],
};

/// A token that others' requests for one do not end. `renew`: the one at hand was found invalid.
pub fn stable_token(account: &Account, app_secret: &str, renew: bool) -> Request {
    Request::json("/cgi-bin/stable_token", &json!({"grant_type": "client_credential", "appid": account.app_id, "secret": app_secret, "force_refresh": renew}))
}

/// A token of the older kind: each request ends the one before it.
pub fn token(account: &Account, app_secret: &str) -> Request {
    let query = query(&[("grant_type", "client_credential"), ("appid", &account.app_id), ("secret", app_secret)]);
    Request::get(format!("/cgi-bin/token?{query}"))
}

/// Errors: `Refused` for a wrong secret or an address that is not on the account's list (40164).
pub fn token_answer(response: &Response) -> Result<Token, SendFault> {
    let body = DIALECT.body_of_token(response)?;
    let lives_s = body.integer("expires_in").and_then(|it| u64::try_from(it).ok());
    match (body.maybe("access_token"), lives_s) {
        (Some(value), Some(lives_s)) => Ok(Token { value, lives_s }),
        _ => Err(unreadable()),
    }
}

/// One request, or two where a file has words with it: each counts as a message of its own.
///
/// A template's parameters are `name=value`; without a name they are `keyword1`, `keyword2` and so on. Errors: `Refused` (`piece_not_supported`).
pub fn send(account: &Account, token: &str, outgoing: &Outgoing) -> Result<Vec<Request>, SendFault> {
    let path = format!("/cgi-bin/message/custom/send?access_token={}", percent(token));
    let of = |kind: &str, content: Value| {
        let mut body = Map::new();
        body.insert("touser".to_owned(), Value::String(outgoing.to.clone()));
        body.insert("msgtype".to_owned(), Value::String(kind.to_owned()));
        body.insert(kind.to_owned(), content);
        if let Some(sender) = &account.sender {
            body.insert("customservice".to_owned(), json!({"kf_account": sender}));
        }
        Request::json(path.clone(), &Value::Object(body))
    };
    let text = |text: &str| of("text", json!({"content": text}));
    let then = |first: Request, caption: &str| if caption.is_empty() { vec![first] } else { vec![first, text(caption)] };
    let official = account.kind == Kind::Official;
    match &outgoing.piece {
        Piece::Text(content) => Ok(vec![text(content)]),
        Piece::Media { kind: MediaKind::Image | MediaKind::Sticker, id, caption, .. } => Ok(then(of("image", json!({"media_id": id})), caption)),
        Piece::Media { kind: MediaKind::Voice, id, caption, .. } if official => Ok(then(of("voice", json!({"media_id": id})), caption)),
        Piece::Media { kind: MediaKind::Video, id, name, caption } if official => {
            Ok(vec![of("video", json!({"media_id": id, "title": name, "description": caption}))])
        }
        Piece::MediaUrl { kind: MediaKind::File, url, name, caption } if official => {
            Ok(vec![of("news", json!({"articles": [{"title": name, "description": caption, "url": url, "picurl": ""}]}))])
        }
        Piece::MediaUrl { kind: MediaKind::File, url, name, caption } => {
            Ok(vec![of("link", json!({"title": name, "description": caption, "url": url, "thumb_url": ""}))])
        }
        Piece::Buttons { text: head, options } if official => {
            let list: Vec<Value> = options.iter().map(|it| json!({"id": it.payload, "content": it.label})).collect();
            Ok(vec![of("msgmenu", json!({"head_content": head, "list": list, "tail_content": ""}))])
        }
        Piece::Buttons { text: head, options } => {
            let lines: Vec<String> = options.iter().enumerate().map(|(at, it)| format!("\n{}. {}", at + 1, it.label)).collect();
            Ok(vec![text(&format!("{head}{}", lines.concat()))])
        }
        Piece::Template { name, language: _, parameters } => Ok(vec![template(account.kind, token, &outgoing.to, name, parameters)]),
        Piece::Media { .. } | Piece::MediaUrl { .. } => Err(unsupported("WeChat takes images, voice and video that were uploaded before, and files as links")),
    }
}

fn template(kind: Kind, token: &str, to: &str, name: &str, parameters: &[String]) -> Request {
    let of = |(at, parameter): (usize, &String)| {
        let (key, value) = parameter.split_once('=').map_or_else(|| (format!("keyword{}", at + 1), parameter.as_str()), |(key, value)| (key.to_owned(), value));
        (key, json!({"value": value}))
    };
    let data: Map<String, Value> = parameters.iter().enumerate().map(of).collect();
    let kind = match kind {
        Kind::Official => "template",
        Kind::MiniProgram => "subscribe",
    };
    Request::json(format!("/cgi-bin/message/{kind}/send?access_token={}", percent(token)), &json!({"touser": to, "template_id": name, "data": data}))
}

/// WeChat knows no key of ours: after `Unknown` the piece must not be sent again by itself. Only templates have an id.
pub fn answer(response: &Response) -> Sending {
    DIALECT.body(response, true).map(|it| it.maybe("msgid").map(|it| bounded_id(&it)))
}

/// Shows or hides that somebody is typing. Assumed.
pub fn typing(token: &str, to: &str, on: bool) -> Request {
    let command = if on { "Typing" } else { "CancelTyping" };
    Request::json(format!("/cgi-bin/message/custom/typing?access_token={}", percent(token)), &json!({"touser": to, "command": command}))
}

/// A file that lives three days at WeChat. Assumed limits: image 10 MB, voice 2 MB and 60 s (AMR, MP3), video 10 MB (MP4). `None` for kinds that it takes none of.
pub fn upload(token: &str, kind: MediaKind, boundary: &str, name: &str, media_type: &str, bytes: &[u8]) -> Option<Request> {
    let kind = match kind {
        MediaKind::Image | MediaKind::Sticker => "image",
        MediaKind::Voice => "voice",
        MediaKind::Video => "video",
        MediaKind::File => return None,
    };
    let path = format!("/cgi-bin/media/upload?access_token={}&type={kind}", percent(token));
    Some(Request::multipart(path, boundary, &[], &FilePart { field: "media", name, media_type, bytes }))
}

/// The id for [`Piece::Media`].
pub fn uploaded(response: &Response) -> Result<String, SendFault> {
    uploaded_of_family(&DIALECT, response)
}

pub(crate) fn uploaded_of_family(dialect: &Dialect, response: &Response) -> Result<String, SendFault> {
    let body = dialect.body(response, false)?;
    body.maybe("media_id").or_else(|| body.maybe("thumb_media_id")).ok_or_else(unreadable)
}

/// A file that a customer sent.
pub fn fetch(token: &str, media_id: &str) -> Request {
    Request::get(format!("/cgi-bin/media/get?{}", query(&[("access_token", token), ("media_id", media_id)])))
}

/// The file, or where it is (videos). A fault comes as JSON with status 200. Errors: `MediaExpired` after three days.
pub fn fetched(response: Response) -> Result<Fetching, SendFault> {
    fetched_of_family(&DIALECT, response)
}

pub(crate) fn fetched_of_family(dialect: &Dialect, response: Response) -> Result<Fetching, SendFault> {
    let worded = response.header("content-type").is_some_and(|it| it.contains("json") || it.contains("text/plain"));
    if response.header("content-disposition").is_none() && (worded || response.body.first() == Some(&b'{')) {
        let body = dialect.body(&response, false)?;
        return body.maybe("video_url").or_else(|| body.maybe("down_url")).map(Fetching::At).ok_or_else(unreadable);
    }
    match by_status(&response) {
        Some(fault) => Err(fault),
        None => Ok(Fetching::Here(file(response))),
    }
}

/// Who somebody is over the owner's accounts. Official Accounts alone.
pub fn user(token: &str, id: &str) -> Request {
    Request::get(format!("/cgi-bin/user/info?{}", query(&[("access_token", token), ("openid", id), ("lang", "zh_CN")])))
}

pub fn user_answer(response: &Response) -> Result<Remote, SendFault> {
    let body = DIALECT.body(response, false)?;
    let id = body.maybe("openid").map(|it| bounded_id(&it)).ok_or_else(unreadable)?;
    let vouched = body.maybe("unionid").into_iter().map(|it| (Vouched::UnionId, bounded_id(&it))).collect();
    let language = body.maybe("language").map(|it| bounded_id(&it.replace('_', "-")));
    Ok(Remote { id, reply_to: None, name: Some(body.title("nickname")).filter(|it| !it.is_empty()), vouched, language })
}
