//! Customers that write without a pause and, like the real client, keep what has no acknowledgement and send it again after they reconnect.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use futures::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::{
    net::TcpStream,
    sync::{Notify, watch},
    task::JoinHandle,
    time::timeout,
};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async, tungstenite::Message};

/// Longest wait for anything that should come; reaching it is a failure.
const PATIENCE: Duration = Duration::from_secs(60);

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// What senders are told.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Word {
    /// The server is up, for the n-th time.
    Up(u64),
    /// Nothing new is written; what was written is waited for.
    Finish,
}

/// Where the test stands when an acknowledgement arrives; see `Record`.
pub(crate) type Mark = Arc<dyn Fn() -> u64 + Send + Sync>;

/// What one sender did and heard.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    pub(crate) token: String,
    /// When the session was granted.
    pub(crate) session_mark: u64,
    /// In the order in which they were written.
    pub(crate) sent: Vec<String>,
    /// Number and mark of each acknowledged message.
    pub(crate) acknowledged: BTreeMap<String, (u64, u64)>,
    /// Numbers of the sender's own messages as they came back over the socket.
    pub(crate) heard: Vec<(String, u64)>,
    /// Answers that said no; each message was sent again.
    pub(crate) refused: u64,
}

/// How many messages of one sender may wait for their acknowledgement.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Window {
    /// Each waits for the one before it, as the real client does: their order is kept even when the store refuses one of them.
    One,
    /// More at once than the real client sends: more is in flight when the server is killed.
    Four,
}

/// A number of senders and the means to steer them.
pub(crate) struct Senders {
    word: watch::Sender<Word>,
    shared: Arc<Shared>,
    tasks: Vec<JoinHandle<Told>>,
    /// One of the customers.
    token: String,
}

struct Shared {
    address: String,
    mark: Mark,
    acknowledged: AtomicU64,
    refused: AtomicU64,
    moved: Notify,
}

impl Senders {
    /// They begin to write at once.
    pub(crate) async fn start(count: usize, window: Window, address: &str, mark: Mark) -> Self {
        let shared = Shared { address: address.to_owned(), mark, acknowledged: AtomicU64::new(0), refused: AtomicU64::new(0), moved: Notify::new() };
        let (shared, (word, _)) = (Arc::new(shared), watch::channel(Word::Up(1)));
        let mut tasks = Vec::with_capacity(count);
        let mut any = String::new();
        for number in 0..count {
            let token = session(address).await;
            any.clone_from(&token);
            let told = Told { token, session_mark: (shared.mark)(), sent: Vec::new(), acknowledged: BTreeMap::new(), heard: Vec::new(), refused: 0 };
            let sender = Sender { number, window, told, outbox: VecDeque::new(), last_seq: 0, word: word.subscribe(), shared: Arc::clone(&shared) };
            tasks.push(tokio::spawn(sender.run()));
        }
        Self { word, shared, tasks, token: any }
    }

    pub(crate) fn token(&self) -> &str {
        &self.token
    }

    pub(crate) fn acknowledged(&self) -> u64 {
        self.shared.acknowledged.load(Ordering::Relaxed)
    }

    /// Waits for so many more acknowledgements.
    pub(crate) async fn more(&self, count: u64) {
        let goal = self.acknowledged() + count;
        self.until("acknowledgements", || self.acknowledged() >= goal).await;
    }

    /// Waits for so many more refusals.
    pub(crate) async fn more_refused(&self, count: u64) {
        let goal = self.shared.refused.load(Ordering::Relaxed) + count;
        self.until("refusals", || self.shared.refused.load(Ordering::Relaxed) >= goal).await;
    }

    async fn until(&self, what: &str, there: impl Fn() -> bool) {
        loop {
            let moved = self.shared.moved.notified();
            if there() {
                return;
            }
            timeout(PATIENCE, moved).await.unwrap_or_else(|_| panic!("no {what} in time"));
        }
    }

    /// The server is there again.
    pub(crate) fn up(&self) {
        self.word.send_modify(|it| {
            if let Word::Up(n) = it {
                *n += 1;
            }
        });
    }

    /// Waits until everything written is acknowledged.
    pub(crate) async fn finish(self) -> Vec<Told> {
        self.word.send_replace(Word::Finish);
        let mut told = Vec::with_capacity(self.tasks.len());
        for task in self.tasks {
            told.push(task.await.expect("a sender"));
        }
        told
    }
}

/// Connects, sends one text, and answers its `ack` or `error` (or the error that met `hello`).
pub(crate) async fn once(address: &str, token: &str, id: &str) -> Value {
    say(address, token, id, &json!({"type": "text", "text": format!("message {id}")})).await
}

/// The same with any content.
pub(crate) async fn say(address: &str, token: &str, id: &str, content: &Value) -> Value {
    let (mut socket, _) = connect_async(format!("ws://{address}/live")).await.expect("connect");
    let frames = [
        json!({"t": "hello", "v": 1, "as": "visitor", "token": token}),
        json!({"t": "send", "id": id, "content": content}),
    ];
    for frame in frames {
        // A server that refuses the first closes before the second.
        let _sent = socket.send(Message::text(frame.to_string())).await;
    }
    loop {
        let frame = next(&mut socket).await.expect("an answer");
        if frame["t"] == "error" || (frame["t"] == "ack" && frame["id"] == id) {
            return frame;
        }
    }
}

/// A new customer's token.
pub(crate) async fn session(address: &str) -> String {
    let request = reqwest::Client::new().post(format!("http://{address}/api/rapport/v1/widget/session")).json(&json!({"key": "demo-shop", "locale": "en"}));
    let answer = request.send().await.expect("session");
    assert!(answer.status().is_success(), "{}", answer.text().await.expect("text"));
    answer.json::<Value>().await.expect("json")["token"].as_str().expect("token").to_owned()
}

struct Sender {
    number: usize,
    window: Window,
    told: Told,
    /// Written and not acknowledged, oldest first.
    outbox: VecDeque<String>,
    last_seq: u64,
    word: watch::Receiver<Word>,
    shared: Arc<Shared>,
}

impl Sender {
    async fn run(mut self) -> Told {
        loop {
            let word = self.word.borrow_and_update().clone();
            if word == Word::Finish && self.has_all() {
                return self.told;
            }
            if let Some(socket) = self.connect().await {
                self.write_and_read(socket).await;
            } else if word != Word::Finish {
                // The server is down. It may have come up again since `word` was read.
                timeout(PATIENCE, self.word.changed()).await.expect("the server comes back").expect("the test goes on");
            }
        }
    }

    /// Everything written is acknowledged, and came back.
    fn has_all(&self) -> bool {
        self.outbox.is_empty() && self.told.heard.len() >= self.told.sent.len()
    }

    /// `None` when the server goes down meanwhile.
    async fn connect(&mut self) -> Option<Socket> {
        let (mut socket, _) = connect_async(format!("ws://{}/live", self.shared.address)).await.ok()?;
        let hello = json!({"t": "hello", "v": 1, "as": "visitor", "token": self.told.token, "resume": self.last_seq});
        socket.send(Message::text(hello.to_string())).await.ok()?;
        let welcome = next(&mut socket).await?;
        assert_eq!(welcome["t"], "welcome", "{welcome}");
        let again: Vec<String> = self.outbox.iter().cloned().collect();
        for id in again {
            self.send(&mut socket, &id).await?;
        }
        Some(socket)
    }

    /// Every second customer asks for a person first, so that both the bot's path and the plain one are taken.
    async fn send(&self, socket: &mut Socket, id: &str) -> Option<()> {
        let first = id.ends_with("-0") && self.number % 2 == 1;
        let text = if first { "I want to talk to a person".to_owned() } else { format!("message {id}") };
        let frame = json!({"t": "send", "id": id, "content": {"type": "text", "text": text}});
        socket.send(Message::text(frame.to_string())).await.ok()
    }

    async fn write_and_read(&mut self, mut socket: Socket) {
        loop {
            let finishing = *self.word.borrow() == Word::Finish;
            while !finishing && self.outbox.len() < if matches!(self.window, Window::One) { 1 } else { 4 } {
                let id = format!("{}-{}", self.number, self.told.sent.len());
                self.told.sent.push(id.clone());
                self.outbox.push_back(id.clone());
                if self.send(&mut socket, &id).await.is_none() {
                    return;
                }
            }
            if finishing && self.has_all() {
                return;
            }
            let Some(frame) = next(&mut socket).await else { return };
            if !self.read(&frame) {
                return;
            }
        }
    }

    /// `false` when the outbox has to be sent again, over a new socket.
    fn read(&mut self, frame: &Value) -> bool {
        match frame["t"].as_str().expect("t") {
            "ack" => self.acknowledged(frame),
            "event" => self.event(frame),
            "error" => {
                // Nothing is wrong with the message: the store could not take it now.
                assert_eq!(frame["code"], "store.unavailable", "{frame}");
                self.told.refused += 1;
                self.shared.refused.fetch_add(1, Ordering::Relaxed);
                self.shared.moved.notify_waiters();
                return false;
            }
            "welcome" | "caught_up" | "queue" | "visitor" | "typing" | "pong" | "reset" => {}
            other => panic!("frame {other}: {frame}"),
        }
        true
    }

    fn acknowledged(&mut self, frame: &Value) {
        let (id, seq) = (frame["id"].as_str().expect("id"), frame["seq"].as_u64().expect("seq"));
        let mark = (self.shared.mark)();
        let Some(place) = self.outbox.iter().position(|it| it == id) else { panic!("{id} is acknowledged and was not waited for") };
        assert_eq!(place, 0, "{id} is acknowledged before what was written earlier: {:?}", self.outbox);
        self.outbox.pop_front();
        let twice = self.told.acknowledged.insert(id.to_owned(), (seq, mark));
        assert!(twice.is_none(), "{id} is acknowledged twice: {twice:?} and {seq}");
        self.shared.acknowledged.fetch_add(1, Ordering::Relaxed);
        self.shared.moved.notify_waiters();
    }

    fn event(&mut self, frame: &Value) {
        let seq = frame["seq"].as_u64().expect("seq");
        assert!(seq > self.last_seq, "numbers rise: {seq} after {}", self.last_seq);
        self.last_seq = seq;
        if let Some(id) = frame["event"]["message"]["client_id"].as_str() {
            self.told.heard.push((id.to_owned(), seq));
        }
    }
}

/// The next frame; `None` when the server is gone.
async fn next(socket: &mut Socket) -> Option<Value> {
    loop {
        match timeout(PATIENCE, socket.next()).await.expect("no frame in time") {
            Some(Ok(Message::Text(text))) => return Some(serde_json::from_str(&text).expect("json")),
            Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Binary(_) | Message::Frame(_))) => {}
            Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
        }
    }
}
