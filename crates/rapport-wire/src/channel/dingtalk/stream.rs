//! Stream mode: DingTalk's messages over a WebSocket that we open, so that no address of ours need be public. Frames are JSON texts.
//!
//! A ticket opens one connection. Several connections share the load. What is not answered comes again, so a frame is answered once its facts are kept.

use super::{Account, event::facts, robot, send::interface_body};
use crate::channel::{
    Inbound, Request, Response, SendFault, WireFault,
    answer::unreadable,
    fields::{Fields as _, json},
    request::percent,
};
use rapport_model::Timestamp;
use serde_json::{Value, json};

/// Messages to the robot.
pub const ROBOT_TOPIC: &str = "/v1.0/im/bot/messages/get";

/// Asks for a connection, under [`super::Host::Api`]. `agent` names us and our version.
pub fn open(client_id: &str, client_secret: &str, agent: &str, local_ip: &str) -> Request {
    let topics = json!([{"type": "CALLBACK", "topic": ROBOT_TOPIC}, {"type": "EVENT", "topic": "*"}]);
    let body = json!({"clientId": client_id, "clientSecret": client_secret, "subscriptions": topics, "ua": agent, "localIp": local_ip});
    Request::json("/v1.0/gateway/connections/open", &body).with("accept", "application/json")
}

/// The address to connect to, its ticket in it: a secret of short life.
pub fn opened(response: &Response) -> Result<String, SendFault> {
    let body = interface_body(response)?;
    let (Some(endpoint), Some(ticket)) = (body.maybe("endpoint"), body.maybe("ticket")) else { return Err(unreadable()) };
    if !endpoint.starts_with("wss://") && !endpoint.starts_with("ws://") {
        return Err(unreadable());
    }
    let joint = if endpoint.contains('?') { '&' } else { '?' };
    Ok(format!("{endpoint}{joint}ticket={}", percent(&ticket)))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    System,
    Event,
    Callback,
}

/// One frame.
#[derive(Clone, Debug, PartialEq)]
pub struct Frame {
    kind: Kind,
    topic: String,
    message_id: String,
    headers: Value,
    data: String,
}

/// What a frame means.
#[derive(Clone, Debug, PartialEq)]
pub enum Heard {
    /// To be answered at once.
    Ping,
    /// This connection ends: open another before it does.
    Disconnect,
    /// To be kept, then answered. Empty for what a desk does not understand.
    Facts(Vec<Inbound>),
}

/// Errors: `Malformed`.
pub fn frame(text: &[u8]) -> Result<Frame, WireFault> {
    let frame = json(text)?;
    let kind = match frame.need("type")?.as_str() {
        "SYSTEM" => Kind::System,
        "EVENT" => Kind::Event,
        "CALLBACK" => Kind::Callback,
        other => return Err(WireFault::malformed(format!("no type of frame: {}", crate::channel::bounded_id(other)))),
    };
    let message_id = frame.need("headers/messageId")?;
    Ok(Frame { kind, topic: frame.need("headers/topic")?, message_id, headers: frame.at("headers").clone(), data: frame.text("data") })
}

impl Frame {
    /// Errors: `Malformed`, `NotOurs`: of a message that will be no better when it comes again, so it is answered all the same.
    pub fn heard(&self, account: &Account) -> Result<Heard, WireFault> {
        match (self.kind, self.topic.as_str()) {
            (Kind::System, "ping") => Ok(Heard::Ping),
            (Kind::System, "disconnect") => Ok(Heard::Disconnect),
            (Kind::Callback, ROBOT_TOPIC) => robot::decode(account, self.data.as_bytes()).map(Heard::Facts),
            (Kind::Event, _) => {
                let (kind, id) = (self.headers.text("eventType"), self.headers.text("eventId"));
                let at: Option<Timestamp> = self.headers.millis("eventBornTime");
                let data = if self.data.is_empty() { Value::Null } else { json(self.data.as_bytes())? };
                let members = [data.list("userId"), data.list("UserId")].concat();
                Ok(Heard::Facts(facts(&kind, &id, at, &members)))
            }
            (Kind::System | Kind::Callback, _) => Ok(Heard::Facts(Vec::new())),
        }
    }

    /// The frame that answers this one; `None` where none is due. With `kept` false it comes again later.
    pub fn answer(&self, kept: bool) -> Option<String> {
        let data = match self.kind {
            Kind::System if self.topic == "disconnect" => return None,
            Kind::System => self.data.clone(),
            Kind::Event => json!({"status": if kept { "SUCCESS" } else { "LATER" }, "message": ""}).to_string(),
            Kind::Callback if kept => json!({"response": null}).to_string(),
            Kind::Callback => return None,
        };
        let headers = json!({"messageId": self.message_id, "contentType": "application/json"});
        Some(json!({"code": 200, "headers": headers, "message": "OK", "data": data}).to_string())
    }
}
