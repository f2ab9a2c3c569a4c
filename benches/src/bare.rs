//! The bare path: WebSocket → group-committed SQLite with `synchronous=FULL`, a row a message → WebSocket. Nothing else.
//!
//! No tenants, identities, state, decisions, resume or bounds: what a message costs on this machine when it is only stored, once even if it is sent
//! again, and passed on. Without that key (`Key::None`) it is the least that can be done, and keeps one promise less than the product.

use std::{
    path::Path,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
};

use anyhow::Context as _;
use axum::{
    Router,
    extract::{
        State, WebSocketUpgrade,
        ws::{Message, Utf8Bytes, WebSocket},
    },
    response::Response,
    routing::get,
    serve::ListenerExt as _,
};
use clap::ValueEnum;
use futures::{SinkExt as _, StreamExt as _};
use serde::{Deserialize, Serialize};
use tokio::{net::TcpListener, sync::mpsc};

/// Most messages of one transaction.
const BATCH_MAX: usize = 1_024;
/// Numbers those who send.
static SENDERS: AtomicI64 = AtomicI64::new(0);

#[derive(Deserialize)]
struct Sent {
    id: String,
    content: SentContent,
}

#[derive(Deserialize)]
struct SentContent {
    text: String,
}

#[derive(Serialize)]
struct Ack<'a> {
    t: &'static str,
    id: &'a str,
    seq: i64,
}

#[derive(Serialize)]
struct Event<'a> {
    t: &'static str,
    seq: i64,
    id: &'a str,
    text: &'a str,
}

struct Job {
    sent: Sent,
    number: i64,
    sender: mpsc::UnboundedSender<Utf8Bytes>,
}

#[derive(Clone)]
struct Shared {
    jobs: mpsc::Sender<Job>,
    agents: Arc<Mutex<Vec<mpsc::UnboundedSender<Utf8Bytes>>>>,
}

/// What keeps a message that is sent again from being stored again.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Key {
    SenderAndId,
    None,
}

pub(crate) async fn serve(folder: &Path, key: Key) -> anyhow::Result<()> {
    let connection = open(folder, key)?;
    let (jobs, waiting) = mpsc::channel(4_096);
    let agents = Arc::default();
    let writer_agents = Arc::clone(&agents);
    std::thread::spawn(move || write(connection, waiting, &writer_agents));
    let router = Router::new().route("/sender", get(sender)).route("/agent", get(agent)).with_state(Shared { jobs, agents });
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("listening on http://{}", listener.local_addr()?);
    let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
    axum::serve(listener, router).await.context("server")
}

fn open(folder: &Path, key: Key) -> anyhow::Result<rusqlite::Connection> {
    let connection = rusqlite::Connection::open(folder.join("bare.db"))?;
    connection.execute_batch(
        "pragma journal_mode = wal; pragma synchronous = full;
         create table if not exists message (seq integer primary key, sender integer not null, id text not null, text text not null);",
    )?;
    // The id first, as in the product: ids begin with their time, so that the latest stand together. The other way round a page a sender is touched.
    if key == Key::SenderAndId {
        connection.execute_batch("create unique index if not exists message_id on message (id, sender)")?;
    }
    Ok(connection)
}

/// One thread: whatever waits goes into one transaction, a row a message; then everybody is told.
fn write(mut connection: rusqlite::Connection, mut waiting: mpsc::Receiver<Job>, agents: &Mutex<Vec<mpsc::UnboundedSender<Utf8Bytes>>>) {
    let mut batch = Vec::with_capacity(BATCH_MAX);
    while waiting.blocking_recv_many(&mut batch, BATCH_MAX) > 0 {
        let Ok(numbers) = transaction(&mut connection, &batch) else { return };
        for (job, seq) in batch.drain(..).zip(numbers) {
            let event = text(&Event { t: "event", seq, id: &job.sent.id, text: &job.sent.content.text });
            agents.lock().unwrap_or_else(PoisonError::into_inner).retain(|it| it.send(event.clone()).is_ok());
            drop(job.sender.send(text(&Ack { t: "ack", id: &job.sent.id, seq })));
        }
    }
}

fn transaction(connection: &mut rusqlite::Connection, batch: &[Job]) -> rusqlite::Result<Vec<i64>> {
    let transaction = connection.transaction()?;
    let mut numbers = Vec::with_capacity(batch.len());
    {
        let mut insert = transaction.prepare_cached("insert into message (sender, id, text) values (?1, ?2, ?3)")?;
        for job in batch {
            numbers.push(insert.insert((job.number, &job.sent.id, &job.sent.content.text))?);
        }
    }
    transaction.commit()?;
    Ok(numbers)
}

fn text(frame: &impl Serialize) -> Utf8Bytes {
    serde_json::to_string(frame).unwrap_or_default().into()
}

/// With the product's buffers, so that sockets cost the same.
async fn sender(State(shared): State<Shared>, socket: WebSocketUpgrade) -> Response {
    socket.read_buffer_size(4096).write_buffer_size(0).on_upgrade(|socket| carry(shared, socket))
}

async fn agent(State(shared): State<Shared>, socket: WebSocketUpgrade) -> Response {
    let (told, heard) = mpsc::unbounded_channel();
    shared.agents.lock().unwrap_or_else(PoisonError::into_inner).push(told);
    socket.read_buffer_size(4096).write_buffer_size(0).on_upgrade(|socket| tell(socket, heard))
}

async fn carry(shared: Shared, socket: WebSocket) {
    let (mut out, mut frames) = socket.split();
    let (told, mut heard) = mpsc::unbounded_channel::<Utf8Bytes>();
    let number = SENDERS.fetch_add(1, Ordering::Relaxed);
    loop {
        tokio::select! {
            frame = frames.next() => {
                let Some(Ok(Message::Text(text))) = frame else { return };
                let Ok(sent) = serde_json::from_str(&text) else { return };
                if shared.jobs.send(Job { sent, number, sender: told.clone() }).await.is_err() {
                    return;
                }
            }
            Some(frame) = heard.recv() => {
                if out.send(Message::Text(frame)).await.is_err() {
                    return;
                }
            }
        }
    }
}

async fn tell(mut socket: WebSocket, mut heard: mpsc::UnboundedReceiver<Utf8Bytes>) {
    while let Some(frame) = heard.recv().await {
        if socket.send(Message::Text(frame)).await.is_err() {
            return;
        }
    }
}
