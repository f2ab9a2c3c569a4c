//! An application of a company: its members write to it, it writes to them.

use super::{DIALECT, media::name_of};
use crate::channel::{
    Fact, Inbound, Outgoing, Piece, Remote, Request, Response, SendFault, Sending, Vouched, WireFault,
    answer::{Meaning, unsupported},
    bounded_id,
    fields::{Fields as _, xml},
    request::percent,
    wechat::parts,
};
use serde_json::{Map, Value, json};

/// The facts of one callback's plain XML, doorbells of customer service among them: those hold no message, but where to fetch it ([`super::kf::sync`]).
///
/// Errors: `Malformed`.
pub fn decode(plain: &[u8]) -> Result<Vec<Inbound>, WireFault> {
    let message = xml(plain)?;
    // What WeCom tells a third party about its application is of another form, and nobody's words.
    if message.maybe("InfoType").is_some() {
        return Ok(Vec::new());
    }
    let kind = message.need("MsgType")?;
    let at = Some(message.seconds("CreateTime").ok_or_else(|| WireFault::malformed("CreateTime is missing"))?);
    let created = message.text("CreateTime");
    if kind == "event" && message.text("Event") == "kf_msg_or_event" {
        let (account, token) = (bounded_id(&message.need("OpenKfId")?), message.need("Token")?);
        let id = bounded_id(&format!("bell:{account}:{created}:{token}"));
        return Ok(vec![Inbound { id, from: Remote { id: account.clone(), ..Remote::default() }, at, fact: Fact::Doorbell { account, token } }]);
    }
    let Some(member) = message.maybe("FromUserName") else {
        // Events of the directory and the like come from nobody.
        return if kind == "event" { Ok(Vec::new()) } else { Err(WireFault::malformed("FromUserName is missing")) };
    };
    let (id, fact) = if kind == "event" {
        let event = message.need("Event")?;
        let Some(fact) = event_fact(&event, &message) else { return Ok(Vec::new()) };
        (format!("{member}:{created}:{event}:{}{}", message.text("EventKey"), message.text("TaskId")), fact)
    } else {
        (message.need("MsgId")?, Fact::Message { parts: parts(&message)?, quoted: None })
    };
    let member = bounded_id(&member);
    let from = Remote { id: member.clone(), vouched: vec![(Vouched::StaffId, member)], ..Remote::default() };
    Ok(vec![Inbound { id: bounded_id(&id), from, at, fact }])
}

fn event_fact(event: &str, message: &Value) -> Option<Fact> {
    match event.to_ascii_lowercase().as_str() {
        "subscribe" | "enter_agent" => Some(Fact::Began { scene: None }),
        "unsubscribe" => Some(Fact::Left),
        "click" | "template_card_event" => message.maybe("EventKey").map(|payload| Fact::Pressed { payload, label: String::new() }),
        _ => None,
    }
}

/// One request, or two where a file has words with it. Errors: `Refused` (`piece_not_supported`).
pub fn send(agent_id: u64, token: &str, outgoing: &Outgoing) -> Result<Vec<Request>, SendFault> {
    let path = format!("/cgi-bin/message/send?access_token={}", percent(token));
    let of = |kind: &str, content: Value| {
        let mut body = Map::new();
        body.insert("touser".to_owned(), Value::String(outgoing.to.clone()));
        body.insert("agentid".to_owned(), json!(agent_id));
        body.insert("msgtype".to_owned(), Value::String(kind.to_owned()));
        body.insert(kind.to_owned(), content);
        Request::json(path.clone(), &Value::Object(body))
    };
    let text = |text: &str| of("text", json!({"content": text}));
    match &outgoing.piece {
        Piece::Text(content) => Ok(vec![text(content)]),
        Piece::Media { kind, id, caption, .. } => {
            let file = of(name_of(*kind), json!({"media_id": id}));
            Ok(if caption.is_empty() { vec![file] } else { vec![file, text(caption)] })
        }
        Piece::MediaUrl { url, name, caption, .. } => Ok(vec![of("news", json!({"articles": [{"title": name, "description": caption, "url": url}]}))]),
        Piece::Buttons { text: title, options } => {
            let buttons: Vec<Value> = options.iter().map(|it| json!({"text": it.label, "style": 1, "key": it.payload})).collect();
            let card = json!({"card_type": "button_interaction", "main_title": {"title": title}, "button_list": buttons, "task_id": outgoing.key});
            Ok(vec![of("template_card", card)])
        }
        Piece::Template { .. } => Err(unsupported("applications of WeCom need no templates")),
    }
}

/// The message's id. Errors: `UserBlocked` where it was taken, but not for the member.
pub fn answer(response: &Response) -> Sending {
    let body = DIALECT.body(response, true)?;
    if body.maybe("invaliduser").or_else(|| body.maybe("unlicenseduser")).is_some() {
        return Err(Meaning::Blocked.fault("invaliduser", "", None));
    }
    Ok(body.maybe("msgid").map(|it| bounded_id(&it)))
}

/// The application as the console shows it.
pub fn agent(agent_id: u64, token: &str) -> Request {
    Request::get(format!("/cgi-bin/agent/get?access_token={}&agentid={agent_id}", percent(token)))
}

/// Its name. Errors: `Refused` where the secret is another application's.
pub fn agent_answer(response: &Response) -> Result<String, SendFault> {
    DIALECT.body(response, true).map(|it| it.title("name"))
}
