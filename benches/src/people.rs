//! The people of the product's load: visitors with a conversation that an agent has taken, and that agent's desk.

use std::path::Path;

use anyhow::{Context as _, bail};
use futures::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async, tungstenite::Message};

use crate::server::{AGENT, rapport};

pub(crate) type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Public key of the demo shop's widget.
const WIDGET_KEY: &str = "demo-shop";

pub(crate) async fn connect(url: &str) -> anyhow::Result<Socket> {
    let (socket, _) = connect_async(url).await.with_context(|| url.to_owned())?;
    if let MaybeTlsStream::Plain(stream) = socket.get_ref() {
        stream.set_nodelay(true)?;
    }
    Ok(socket)
}

/// The next text frame.
pub(crate) async fn next_text(socket: &mut Socket) -> anyhow::Result<String> {
    loop {
        match socket.next().await.context("the server closed the socket")?? {
            Message::Text(text) => return Ok(text.to_string()),
            Message::Close(close) => bail!("the server closed the socket: {close:?}"),
            Message::Ping(_) | Message::Pong(_) | Message::Binary(_) | Message::Frame(_) => {}
        }
    }
}

pub(crate) async fn say(socket: &mut Socket, frame: &Value) -> anyhow::Result<()> {
    Ok(socket.send(Message::text(frame.to_string())).await?)
}

/// The answer to a frame with this id; what comes before it is passed over.
async fn answer(socket: &mut Socket, id: &str) -> anyhow::Result<Value> {
    loop {
        let frame: Value = serde_json::from_str(&next_text(socket).await?)?;
        if frame.get("id").and_then(Value::as_str) == Some(id) {
            return match frame.get("t").and_then(Value::as_str) {
                Some("ack") => Ok(frame),
                _ => bail!("refused: {frame}"),
            };
        }
    }
}

/// A token of a new visitor.
pub(crate) async fn visitor_token(client: &reqwest::Client, address: &str) -> anyhow::Result<String> {
    let request = client.post(format!("http://{address}/api/rapport/v1/widget/session")).json(&json!({"key": WIDGET_KEY, "locale": "zh-CN"}));
    let answer: Value = request.send().await?.error_for_status()?.json().await?;
    Ok(answer.get("token").and_then(Value::as_str).context("no token")?.to_owned())
}

/// A greeted socket.
pub(crate) async fn greet(address: &str, side: &str, token: &str) -> anyhow::Result<Socket> {
    let mut socket = connect(&format!("ws://{address}/live")).await?;
    say(&mut socket, &json!({"t": "hello", "v": 1, "as": side, "token": token})).await?;
    let welcome = next_text(&mut socket).await?;
    if welcome.contains("\"welcome\"") { Ok(socket) } else { bail!("not welcome: {welcome}") }
}

/// The agent's desk, and `count` visitors each with a conversation that the agent has taken.
pub(crate) async fn assemble(address: &str, data: &Path, count: usize) -> anyhow::Result<(Socket, Vec<Socket>)> {
    let token = rapport(&["token", "create", "--tenant", "demo", "--role", "agent", "--member", AGENT], data)?;
    let mut agent = greet(address, "member", token.trim()).await?;
    let client = reqwest::Client::new();
    let mut visitors = Vec::with_capacity(count);
    for n in 0..count {
        let mut visitor = greet(address, "visitor", &visitor_token(&client, address).await?).await?;
        let asked = format!("ask-{n}");
        say(&mut visitor, &json!({"t": "act", "id": asked, "action": {"action": "request_person"}})).await?;
        let conversation = answer(&mut visitor, &asked).await?.get("conversation").cloned().context("no conversation")?;
        let taken = format!("take-{n}");
        say(&mut agent, &json!({"t": "act", "id": taken, "conversation": conversation, "action": {"action": "take"}})).await?;
        answer(&mut agent, &taken).await?;
        visitors.push(visitor);
    }
    Ok((agent, visitors))
}
