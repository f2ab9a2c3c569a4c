//! What is written stays written: reopening, copying while serving, two programs on one folder, files.

use std::{path::Path, sync::Arc};

use rapport_backends::open_sqlite;
use rapport_model::{Actor, Seq};
use rapport_ports::{
    CommitError, JournalScope, Store, TenantStore,
    contract::{
        Published, Subject,
        world::{NOW, World, named},
    },
};

fn open(path: &Path) -> (Arc<dyn Store>, Published) {
    let published = Published::default();
    let hears = published.clone();
    let store = open_sqlite(path, Arc::new(move |tenant, entries, _at| hears.hear(tenant, entries))).expect("opens");
    (store, published)
}

async fn world(path: &Path) -> World {
    let (store, published) = open(path);
    World::new(Subject { store, published }).await
}

async fn numbers(tenant: &Arc<dyn TenantStore>) -> Vec<u64> {
    let all = tenant.entries_after(JournalScope::Tenant, Seq(0), 100_000).await.expect("journal");
    all.iter().map(|it| it.seq.0).collect()
}

fn asked(path: &Path, pragma: &str) -> String {
    let connection = rusqlite::Connection::open(path).expect("opens");
    connection.query_row(&format!("pragma {pragma}"), [], |row| row.get::<_, rusqlite::types::Value>(0)).map(|it| format!("{it:?}")).expect(pragma)
}

#[tokio::test]
async fn everything_is_there_after_reopening() {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("rapport.db");
    let mut first = world(&path).await;
    let mut talk = first.open().await;
    first.say(&mut talk, "还在吗").await;
    let (id, kept) = (first.id, first.tenant.conversation(talk.state.id).await.expect("read"));
    drop(first);
    let (store, published) = open(&path);
    let tenant = store.tenant(id);
    assert_eq!(tenant.conversation(talk.state.id).await.expect("read"), kept);
    assert_eq!(published.of(id), Vec::<u64>::new(), "what is old is not told again");
    let (state, version) = (talk.state.clone(), talk.version);
    let commit = rapport_ports::contract::world::Talk { state, version }.next(Actor::Bot, rapport_model::Event::Resolved, NOW);
    assert_eq!(tenant.commit(commit).await.expect("commit").entries.first().expect("entry").seq, Seq(3));
    assert_eq!((asked(&path, "journal_mode"), asked(&path, "integrity_check")), (r#"Text("wal")"#.into(), r#"Text("ok")"#.into()));
    assert!(store.cautions().await.expect("cautions").is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_is_one_moment_of_a_busy_store() {
    let folder = tempfile::tempdir().expect("folder");
    let mut world = world(&folder.path().join("rapport.db")).await;
    let mut writers = Vec::new();
    for _ in 0..4 {
        let mut talk = world.open().await;
        let said: Vec<_> = (0..150).map(|n| world.text(&format!("message {n}"))).collect();
        let tenant = Arc::clone(&world.tenant);
        writers.push(tokio::spawn(async move {
            for event in said {
                let commit = talk.next(Actor::Bot, event, NOW);
                talk.state = commit.state.clone();
                talk.done(tenant.commit(commit).await);
            }
        }));
    }
    let mut copies = Vec::new();
    for n in 0..3 {
        let copy = folder.path().join(format!("copy-{n}.db"));
        let acknowledged = world.tenant.last_seq().await.expect("last").0;
        world.store.backup(&copy).await.expect("copy");
        copies.push((copy, acknowledged));
    }
    for writer in writers {
        writer.await.expect("writer");
    }
    for (copy, acknowledged) in copies {
        assert_eq!(asked(&copy, "integrity_check"), r#"Text("ok")"#);
        let (store, _) = open(&copy);
        let tenant = store.tenant(world.id);
        let held = numbers(&tenant).await;
        let last = tenant.last_seq().await.expect("last").0;
        assert_eq!(held, (1..=last).collect::<Vec<_>>(), "no gap");
        assert!(last >= acknowledged, "what was acknowledged before the copy began is in it");
    }
    let there = folder.path().join("copy-0.db");
    world.store.backup(&there).await.expect_err("an existing file is never overwritten");
}

/// The server and a command of the same program (`rapport token create`), or a server that was started twice by mistake.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_programs_on_one_folder_do_no_harm() {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("rapport.db");
    let mut world = world(&path).await;
    let (second, second_published) = open(&path);
    let mut tasks = Vec::new();
    for n in 0..6 {
        let mut talk = world.open().await;
        let said: Vec<_> = (0..20).map(|n| world.text(&format!("message {n}"))).collect();
        let tenant = if n % 2 == 0 { Arc::clone(&world.tenant) } else { second.tenant(world.id) };
        tasks.push(tokio::spawn(async move {
            for event in said {
                let commit = talk.next(Actor::Bot, event, NOW);
                talk.state = commit.state.clone();
                talk.done(tenant.commit(commit).await);
            }
        }));
    }
    for task in tasks {
        task.await.expect("task");
    }
    let mut last = world.open().await;
    world.say(&mut last, "the last word").await;
    let all = numbers(&world.tenant).await;
    assert_eq!(all, (1..=6 * 21 + 2).collect::<Vec<_>>());
    assert_eq!(world.published.of(world.id), all, "each tells its listeners what the other wrote, in order");
    let second_told = second_published.of(world.id);
    assert!(second_told.iter().zip(second_told.iter().skip(1)).all(|(one, next)| *next == one + 1), "from where it began, without a gap: {second_told:?}");
}

/// What one program knows of a conversation does not hold once the other wrote, nor does what it takes for new.
#[tokio::test]
async fn two_programs_take_turns_in_one_conversation() {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("rapport.db");
    let mut world = world(&path).await;
    let (second, _) = open(&path);
    let tenants = [Arc::clone(&world.tenant), second.tenant(world.id)];
    let mut talk = world.open().await;
    for n in 0..6_usize {
        let [mine, other] = if n % 2 == 0 { [&tenants[0], &tenants[1]] } else { [&tenants[1], &tenants[0]] };
        let said = world.text(&format!("message {n}"));
        let commit = named(talk.next(Actor::Bot, said, NOW), &format!("key-{n}"));
        let (again, stale) = (commit.clone(), talk.next(Actor::Bot, world.text("too late"), NOW));
        talk.state = commit.state.clone();
        let committed = talk.done(mine.commit(commit).await);
        let seq = committed.entries.first().expect("entry").seq;
        assert!(matches!(other.commit(stale).await, Err(CommitError::Conflict)));
        for tenant in [other, mine] {
            let outcome = tenant.commit(again.clone()).await;
            assert!(matches!(&outcome, Err(CommitError::Duplicate { seq: first, .. }) if *first == seq), "{outcome:?}");
        }
    }
    assert_eq!(numbers(&world.tenant).await, (1..=7).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_is_refused_with_a_reason() {
    let folder = tempfile::tempdir().expect("folder");
    let missing = folder.path().join("no such folder").join("rapport.db");
    let error = open_sqlite(&missing, Arc::new(|_, _, _| {})).err().expect("refused").to_string();
    assert!(error.contains("unable to open"), "{error}");
    let text = folder.path().join("text.db");
    std::fs::write(&text, "this is a shopping list, not a database; it is long enough to be looked at ".repeat(20)).expect("write");
    let error = open_sqlite(&text, Arc::new(|_, _, _| {})).err().expect("refused").to_string();
    assert!(error.contains("not a database"), "{error}");
    assert!(std::fs::read_to_string(&text).expect("read").starts_with("this is a shopping list"), "and is left alone");
}
