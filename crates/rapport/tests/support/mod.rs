//! The real binary on a free port with the demo tenant, and clients that speak to it as widgets and desks do.

pub(crate) mod http;

use std::{
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use futures::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async, tungstenite::Message};

/// Longest wait for anything that should come; reaching it is a failure.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) struct Server {
    child: Child,
    pub(crate) address: String,
    pub(crate) data: PathBuf,
    extra: Vec<String>,
    /// Kept so that the folder lives as long as the server.
    _folder: Option<tempfile::TempDir>,
}

impl Server {
    /// A fresh demo on a free port.
    pub(crate) fn start() -> Self {
        Self::start_with(&[])
    }

    /// The same with more arguments to `serve`.
    pub(crate) fn start_with(extra: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("temporary folder");
        let data = folder.path().join("data");
        let extra: Vec<String> = extra.iter().map(|it| (*it).to_owned()).collect();
        let (child, address) = spawn(&data, "127.0.0.1:0", &extra);
        Self { child, address, data, extra, _folder: Some(folder) }
    }

    /// Kills it as a power cut of the process would, and starts it again on the same data and address.
    pub(crate) fn kill_and_restart(&mut self) {
        self.child.kill().expect("kill");
        self.child.wait().expect("wait");
        let (child, address) = spawn(&self.data, &self.address, &self.extra);
        self.child = child;
        assert_eq!(address, self.address);
    }

    pub(crate) fn base(&self) -> String {
        format!("http://{}/api/rapport/v1", self.address)
    }

    /// An API token that acts for a member of the demo.
    pub(crate) fn token(&self, member: &str) -> String {
        self.token_of("demo", "agent", member)
    }

    /// An API token of any tenant; its role is bounded by the member's.
    pub(crate) fn token_of(&self, tenant: &str, role: &str, member: &str) -> String {
        let out = rapport(&["token", "create", "--tenant", tenant, "--role", role, "--member", member, "--data"], &self.data);
        out.lines().last().expect("a token").to_owned()
    }

    /// Runs another command of the binary on the same data.
    pub(crate) fn command(&self, arguments: &[&str]) -> String {
        let mut arguments = arguments.to_vec();
        arguments.push("--data");
        rapport(&arguments, &self.data)
    }

    /// Resident memory. Units: KiB.
    pub(crate) fn resident_kib(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("proc");
        let line = status.lines().find(|it| it.starts_with("VmRSS:")).expect("VmRSS");
        line.split_whitespace().nth(1).and_then(|it| it.parse().ok()).expect("a number")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _killed = self.child.kill();
        let _waited = self.child.wait();
    }
}

fn rapport(arguments: &[&str], data: &Path) -> String {
    let out = Command::new(env!("CARGO_BIN_EXE_rapport")).args(arguments).arg(data).output().expect("rapport");
    assert!(out.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).expect("text")
}

fn spawn(data: &Path, listen: &str, extra: &[String]) -> (Child, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_rapport"))
        // What is understood does not depend on whether a model was fetched, and is what the simulator understands.
        .env("RAPPORT_MODELS", data)
        .args(["serve", "--demo", "--listen", listen, "--live-frames-per-second", "0", "--requests-per-second", "0", "--log", "warn", "--data"])
        .arg(data)
        .args(extra)
        .stdout(Stdio::piped())
        .spawn()
        .expect("rapport serve");
    let mut lines = BufReader::new(child.stdout.take().expect("stdout")).lines();
    let line = lines.by_ref().map_while(Result::ok).find(|it| it.starts_with("listening on http://")).expect("the listening line");
    // The rest is read and thrown away, so that the server never blocks on a full pipe.
    std::thread::spawn(move || lines.for_each(drop));
    let address = line.trim_start_matches("listening on http://").split(' ').next().expect("an address").to_owned();
    (child, address)
}

/// Each test uses its own part of this; none of it is left over.
const _: () = {
    let _used = (Server::start, Server::start_with, Server::token, Server::token_of, Server::resident_kib, Server::kill_and_restart, Server::base);
    let _used = (Server::command, visitor_session, Client::say_raw, Client::act, Client::event, Client::send_text, PATIENCE);
};

/// A visitor's session with the demo's widget.
pub(crate) async fn visitor_session(server: &Server, locale: &str) -> Value {
    let answer = reqwest::Client::new()
        .post(format!("{}/widget/session", server.base()))
        .json(&json!({"key": "demo-shop", "locale": locale}))
        .send()
        .await
        .expect("session");
    assert!(answer.status().is_success(), "{}", answer.text().await.expect("text"));
    answer.json().await.expect("json")
}

/// One live socket.
pub(crate) struct Client {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    pub(crate) last_seq: u64,
}

impl Client {
    /// Connects and says hello; the frames that follow `welcome` are left to be read.
    pub(crate) async fn connect(server: &Server, side: &str, token: &str, resume: Option<u64>) -> Self {
        let mut client = Self::connect_silently(server).await;
        client.say(&json!({"t": "hello", "v": 1, "as": side, "token": token, "resume": resume})).await;
        let welcome = client.next().await;
        assert_eq!(welcome["t"], "welcome", "{welcome}");
        client
    }

    pub(crate) async fn connect_silently(server: &Server) -> Self {
        let (socket, _) = connect_async(format!("ws://{}/live", server.address)).await.expect("connect");
        Self { socket, last_seq: 0 }
    }

    pub(crate) async fn say(&mut self, frame: &Value) {
        self.socket.send(Message::text(frame.to_string())).await.expect("send");
    }

    pub(crate) async fn say_raw(&mut self, text: &str) {
        self.socket.send(Message::text(text.to_owned())).await.expect("send");
    }

    /// The next frame, whatever it is.
    pub(crate) async fn next(&mut self) -> Value {
        self.next_or_close().await.expect("a frame, not a close")
    }

    /// The next frame, or the close code.
    pub(crate) async fn next_or_close(&mut self) -> Result<Value, u16> {
        loop {
            match timeout(PATIENCE, self.socket.next()).await.expect("no frame in time") {
                Some(Ok(Message::Text(text))) => {
                    let frame: Value = serde_json::from_str(&text).expect("json");
                    if frame["t"] == "event" {
                        let seq = frame["seq"].as_u64().expect("seq");
                        assert!(seq > self.last_seq, "numbers rise: {seq} after {}", self.last_seq);
                        self.last_seq = seq;
                    }
                    return Ok(frame);
                }
                Some(Ok(Message::Close(close))) => return Err(close.map_or(0, |it| it.code.into())),
                Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Binary(_) | Message::Frame(_))) => {}
                Some(Err(_)) | None => return Err(0),
            }
        }
    }

    /// The next frame that fits; what comes before it is passed over.
    pub(crate) async fn until(&mut self, fits: impl Fn(&Value) -> bool) -> Value {
        loop {
            let frame = self.next().await;
            if fits(&frame) {
                return frame;
            }
        }
    }

    /// The next event of this kind.
    pub(crate) async fn event(&mut self, kind: &str) -> Value {
        self.until(|it| it["t"] == "event" && it["event"]["kind"] == kind).await
    }

    /// Sends a text and waits for its acknowledgement; events that come before it are passed over.
    pub(crate) async fn send_text(&mut self, id: &str, conversation: Option<&str>, text: &str) -> Value {
        self.say(&json!({"t": "send", "id": id, "conversation": conversation, "content": {"type": "text", "text": text}})).await;
        self.answer(id).await
    }

    pub(crate) async fn act(&mut self, id: &str, conversation: Option<&str>, action: Value) -> Value {
        self.say(&json!({"t": "act", "id": id, "conversation": conversation, "action": action})).await;
        self.answer(id).await
    }

    /// The `ack` or `error` of a frame.
    pub(crate) async fn answer(&mut self, id: &str) -> Value {
        self.until(|it| (it["t"] == "ack" || it["t"] == "error") && it["id"] == id).await
    }
}
