//! How many durable commits a second the store carries, each one message with its conversation's state.
//! `cargo run --release -p rapport-backends --example write_rate -- [waiting submitters] [seconds] [postgres url]`

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use rapport_backends::{OsEntropy, SystemClock, open_postgres, open_sqlite};
use rapport_model::{Actor, Content, Conversation, ConversationId, Event, Locale, Message, NewEntry, Tenant};
use rapport_ports::{Clock as _, Commit, Entropy as _, QueueChange, TenantStore};

#[tokio::main]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let waiting: u64 = arguments.next().map_or(64, |it| it.parse().expect("a number"));
    let seconds: u64 = arguments.next().map_or(4, |it| it.parse().expect("a number"));
    let folder = tempfile::tempdir().expect("folder");
    let quiet = Arc::new(|_, _: &Arc<[_]>, _| {});
    let store = match arguments.next() {
        Some(url) => open_postgres(&url, quiet).expect("postgres"),
        None => open_sqlite(&folder.path().join("rate.db"), quiet).expect("sqlite"),
    };
    let now = SystemClock.now();
    let mut ids = OsEntropy.ids(now);
    let id = ids.next();
    store.create_tenant(&Tenant { id, slug: format!("rate-{}", now.0), name: "rate".into(), locale: Locale::En, created_at: now }).await.expect("tenant");
    let handle = store.tenant(id);
    let done = Arc::new(AtomicU64::new(0));
    let until = Instant::now() + Duration::from_secs(seconds);
    let tasks: Vec<_> = (0..waiting).map(|n| tokio::spawn(submit(Arc::clone(&handle), n, until, Arc::clone(&done)))).collect();
    let mut worst = Vec::new();
    for task in tasks {
        worst.extend(task.await.expect("task"));
    }
    worst.sort_unstable();
    let at = |share: usize| worst.get(worst.len() * share / 100).copied().unwrap_or_default();
    let count = done.load(Ordering::Relaxed);
    #[expect(clippy::print_stdout, reason = "the figure is what this program is for")]
    {
        println!("{waiting} waiting: {} commits/s, p50 {:?}, p99 {:?}", count / seconds, at(50), at(99));
    }
}

async fn submit(handle: Arc<dyn TenantStore>, number: u64, until: Instant, done: Arc<AtomicU64>) -> Vec<Duration> {
    let now = SystemClock.now();
    let mut ids = OsEntropy.ids(now);
    let conversation: ConversationId = ids.next();
    let opened =
        Event::ConversationOpened { conversation, number, inbox: ids.next(), contact: ids.next(), locale: Locale::En, bot: false, page: None };
    let mut state = Conversation::open(&opened, now).expect("opens");
    let actor = Actor::Customer(state.contact);
    let mut next = vec![NewEntry { at: now, actor, event: opened, reasons: Vec::new(), external_id: None }];
    let mut version = 0;
    let mut times = Vec::new();
    while Instant::now() < until {
        let started = Instant::now();
        let commit = Commit {
            expected_version: version,
            state: state.clone(),
            entries: std::mem::take(&mut next),
            queue: QueueChange::Keep,
            effects: Vec::new(),
            timers: Vec::new(),
            audit: Vec::new(),
            routing_version: None,
        care: None,
            at: now,
        };
        version = handle.commit(commit).await.expect("commit").version;
        done.fetch_add(1, Ordering::Relaxed);
        times.push(started.elapsed());
        let id = ids.next();
        let event = Event::MessageReceived { message: Message { id, client_id: None, content: Content::Text { text: "订单什么时候到？ where is it".into() } } };
        state.apply(actor, now, &event);
        next.push(NewEntry { at: now, actor, event, reasons: Vec::new(), external_id: Some(id.to_string()) });
    }
    times
}
