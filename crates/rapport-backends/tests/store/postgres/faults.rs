//! Connections that are lost: nothing acknowledged is lost with them, and the store comes back by itself.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU32, Ordering},
};

use rapport_backends::open_postgres;
use rapport_model::{Actor, Seq};
use rapport_ports::{
    Commit, CommitError, JournalScope, TenantStore,
    contract::{
        Published, Subject,
        world::{NOW, World, named},
    },
};

use super::cluster::Database;

const SENDERS: u64 = 6;
const MESSAGES: u64 = 30;
const CUTS: u32 = 5;

/// Ends every connection to the database but one's own; how many there were.
async fn cut(database: &Arc<Database>) -> i64 {
    let database = Arc::clone(database);
    tokio::task::spawn_blocking(move || database.end_connections()).await.expect("task")
}

async fn world(database: &Database) -> World {
    let published = Published::default();
    let hears = published.clone();
    let store = open_postgres(&database.url(), Arc::new(move |tenant, entries, _at| hears.hear(tenant, entries))).expect("opens");
    World::new(Subject { store, published }).await
}

#[tokio::test]
async fn idle_connections_that_were_lost_are_noticed_by_nobody() {
    let database = Arc::new(Database::new());
    let mut world = world(&database).await;
    let mut talk = world.open().await;
    for last in 1..4 {
        assert!(cut(&database).await >= 2, "the writer's and a reader's connection were there");
        assert_eq!(world.tenant.last_seq().await.expect("a read is asked again"), Seq(last));
        world.say(&mut talk, "a write begins again").await;
    }
}

/// Commits until it is acknowledged, as a client does that resends what had no answer.
async fn insist(tenant: &Arc<dyn TenantStore>, commit: Commit, refused: &AtomicU32) {
    loop {
        match tenant.commit(commit.clone()).await {
            // A duplicate: it was written although nobody was told.
            Ok(_) | Err(CommitError::Duplicate { .. }) => return,
            Err(CommitError::Unavailable(_)) => drop(refused.fetch_add(1, Ordering::Relaxed)),
            Err(CommitError::Conflict) => unreachable!("nobody else writes this conversation"),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_cut_under_load_lose_and_double_nothing() {
    let database = Arc::new(Database::new());
    let mut world = world(&database).await;
    let (refused, done) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicBool::new(false)));
    let mut senders = Vec::new();
    for sender in 0..SENDERS {
        let mut talk = world.open().await;
        let said: Vec<_> = (0..MESSAGES).map(|n| (format!("{sender}-{n}"), world.text(&format!("{sender}-{n}")))).collect();
        let (tenant, refused) = (Arc::clone(&world.tenant), Arc::clone(&refused));
        senders.push(tokio::spawn(async move {
            for (external_id, event) in said {
                let commit = named(talk.next(Actor::Bot, event, NOW), &external_id);
                talk.state = commit.state.clone();
                talk.version += 1;
                insist(&tenant, commit, &refused).await;
            }
        }));
    }
    let cutter = tokio::spawn({
        let (database, done, tenant) = (Arc::clone(&database), Arc::clone(&done), Arc::clone(&world.tenant));
        async move {
            let mut cuts = 0;
            while cuts < CUTS && !done.load(Ordering::Relaxed) {
                // Between cuts some of them get through.
                let before = tenant.last_seq().await.unwrap_or_default().0;
                while tenant.last_seq().await.is_ok_and(|it| it.0 < before + 5) && !done.load(Ordering::Relaxed) {}
                cut(&database).await;
                cuts += 1;
            }
            cuts
        }
    });
    for sender in senders {
        sender.await.expect("sender");
    }
    done.store(true, Ordering::Relaxed);
    assert!(cutter.await.expect("cutter") > 0, "nothing was cut");

    let all = world.tenant.entries_after(JournalScope::Tenant, Seq(0), 10_000).await.expect("journal");
    assert_eq!(all.iter().map(|it| it.seq.0).collect::<Vec<_>>(), (1..=SENDERS * (MESSAGES + 1)).collect::<Vec<_>>(), "no gap, none twice");
    for sender in 0..SENDERS {
        let own = all.iter().filter_map(|it| it.event.message()).map(|it| it.content.plain_text()).filter(|it| it.starts_with(&format!("{sender}-")));
        assert_eq!(own.collect::<Vec<_>>(), (0..MESSAGES).map(|n| format!("{sender}-{n}")).collect::<Vec<_>>(), "in the order sent");
    }
    // One more, so that a gap at the very end is told too; then everything was told, once and in order.
    let mut talk = world.open().await;
    world.say(&mut talk, "last").await;
    let last = world.tenant.last_seq().await.expect("last").0;
    assert_eq!(world.published.of(world.id), (1..=last).collect::<Vec<_>>());
}
