//! One widget or desk: a live socket that comes back by itself, resumes from its last number and sends again what has no acknowledgement.

use std::{
    collections::{BTreeSet, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use futures::{SinkExt as _, StreamExt as _};
use rapport_model::{Actor, ContactId, ConversationId, Event};
use rapport_sim::story::Standing;
use serde_json::{Value, json};
use tokio::{
    net::TcpStream,
    runtime::Handle,
    sync::{Notify, mpsc},
};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async, tungstenite::Message};

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// An event as it came over the socket.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    pub(crate) contact: ContactId,
    pub(crate) actor: Actor,
    pub(crate) event: Event,
}

/// What a peer knows.
#[derive(Default)]
pub(crate) struct Seen {
    pub(crate) feed: Vec<Told>,
    pub(crate) last_seq: u64,
    /// The newest conversation that it was told of.
    pub(crate) conversation: Option<ConversationId>,
    pub(crate) standing: Option<Standing>,
    pub(crate) typing: BTreeSet<(ConversationId, Actor)>,
    /// Frames without an acknowledgement, oldest first.
    pub(crate) outbox: VecDeque<Value>,
    pub(crate) refused: Vec<String>,
    pub(crate) online: bool,
    /// Said at each greeting.
    presence: Option<Value>,
}

enum Word {
    Frame(Value),
    Sleep,
    Wake,
}

pub(crate) struct Peer {
    seen: Arc<Mutex<Seen>>,
    words: mpsc::UnboundedSender<Word>,
}

impl Peer {
    /// `moved` is rung at everything that is heard. It is away until `wake`.
    pub(crate) fn start(runtime: &Handle, address: &str, side: &'static str, token: &str, moved: Arc<Notify>) -> Self {
        let seen = Arc::new(Mutex::new(Seen::default()));
        let (words, heard) = mpsc::unbounded_channel();
        let life = Life { seen: Arc::clone(&seen), url: format!("ws://{address}/live"), side, token: token.to_owned(), moved, awake: false };
        runtime.spawn(life.run(heard));
        Self { seen, words }
    }

    pub(crate) fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A frame with an `id`: kept until it is acknowledged.
    pub(crate) fn send(&self, frame: Value) {
        self.seen().outbox.push_back(frame.clone());
        self.say(frame);
    }

    /// A frame that is not kept.
    pub(crate) fn say(&self, frame: Value) {
        let _ended = self.words.send(Word::Frame(frame));
    }

    pub(crate) fn set_presence(&self, presence: &str) {
        let frame = json!({"t": "presence", "presence": presence});
        self.seen().presence = Some(frame.clone());
        self.say(frame);
    }

    pub(crate) fn sleep(&self) {
        let _ended = self.words.send(Word::Sleep);
    }

    pub(crate) fn wake(&self) {
        let _ended = self.words.send(Word::Wake);
    }
}

struct Life {
    seen: Arc<Mutex<Seen>>,
    url: String,
    side: &'static str,
    token: String,
    moved: Arc<Notify>,
    awake: bool,
}

impl Life {
    async fn run(mut self, mut words: mpsc::UnboundedReceiver<Word>) {
        loop {
            let socket = if self.awake { self.greet().await } else { None };
            match socket {
                Some(socket) => {
                    self.set_online(true);
                    if self.talk(socket, &mut words).await.is_none() {
                        return;
                    }
                    self.set_online(false);
                }
                // Away, or the server is down: until somebody says that it is worth another try.
                None => match words.recv().await {
                    Some(Word::Wake) => self.awake = true,
                    Some(Word::Sleep) => self.awake = false,
                    Some(Word::Frame(_)) => {}
                    None => return,
                },
            }
        }
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set_online(&self, online: bool) {
        self.seen().online = online;
        self.moved.notify_waiters();
    }

    async fn greet(&self) -> Option<Socket> {
        let (mut socket, _) = connect_async(&self.url).await.ok()?;
        let (resume, again) = {
            let seen = self.seen();
            (seen.last_seq, seen.presence.iter().chain(&seen.outbox).cloned().collect::<Vec<_>>())
        };
        let hello = json!({"t": "hello", "v": 1, "as": self.side, "token": self.token, "resume": resume});
        for frame in std::iter::once(hello).chain(again) {
            socket.send(Message::text(frame.to_string())).await.ok()?;
        }
        Some(socket)
    }

    /// Until the socket ends; `None` when the story is over.
    async fn talk(&mut self, mut socket: Socket, words: &mut mpsc::UnboundedReceiver<Word>) -> Option<()> {
        loop {
            tokio::select! {
                word = words.recv() => match word? {
                    Word::Frame(frame) => {
                        if socket.send(Message::text(frame.to_string())).await.is_err() {
                            return Some(());
                        }
                    }
                    Word::Sleep => {
                        self.awake = false;
                        return Some(());
                    }
                    Word::Wake => {}
                },
                message = socket.next() => match message {
                    Some(Ok(Message::Text(text))) => self.hear(&serde_json::from_str(&text).expect("json")),
                    Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Binary(_) | Message::Frame(_))) => {}
                    Some(Ok(Message::Close(_)) | Err(_)) | None => return Some(()),
                },
            }
        }
    }

    fn hear(&self, frame: &Value) {
        let mut seen = self.seen();
        match frame["t"].as_str().unwrap_or_default() {
            "event" => hear_event(&mut seen, frame),
            "ack" => {
                seen.outbox.retain(|it| it["id"] != frame["id"]);
                seen.conversation = serde_json::from_value(frame["conversation"].clone()).ok().or(seen.conversation);
            }
            "error" => {
                seen.outbox.retain(|it| it["id"] != frame["id"]);
                seen.refused.push(frame["code"].to_string());
            }
            "queue" => {
                let position = frame["position"].as_u64().and_then(|it| u32::try_from(it).ok()).unwrap_or_default();
                let estimate_s = frame["estimate_s"].as_u64().and_then(|it| u32::try_from(it).ok());
                // Desks hear everybody's; only a widget's own is its standing.
                seen.standing = Some(Standing { position, estimate_s });
            }
            "typing" => {
                let of = |it: &Value| Some((serde_json::from_value(it["conversation"].clone()).ok()?, serde_json::from_value(it["actor"].clone()).ok()?));
                if let (Some(who), Some(true)) = (of(frame), frame["on"].as_bool()) {
                    seen.typing.insert(who);
                }
            }
            _ => {}
        }
        drop(seen);
        self.moved.notify_waiters();
    }
}

fn hear_event(seen: &mut Seen, frame: &Value) {
    let seq = frame["seq"].as_u64().expect("seq");
    assert!(seq > seen.last_seq, "numbers rise: {seq} after {}", seen.last_seq);
    seen.last_seq = seq;
    let read = |field: &str| frame[field].clone();
    let conversation: ConversationId = serde_json::from_value(read("conversation")).expect("conversation");
    let told = Told {
        contact: serde_json::from_value(read("contact")).expect("contact"),
        actor: serde_json::from_value(read("actor")).expect("actor"),
        event: serde_json::from_value(read("event")).expect("event"),
    };
    if matches!(told.event, Event::ConversationOpened { .. }) {
        seen.conversation = Some(conversation);
    }
    if told.event.message().is_some() {
        seen.typing.remove(&(conversation, told.actor));
    }
    seen.feed.push(told);
}
