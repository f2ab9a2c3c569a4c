//! The real binary over PostgreSQL: it serves, comes back after a kill and after its database was away, and loses nothing.

use std::{process::Command, sync::Arc};

use crate::{
    cluster::Database,
    process::Start,
    senders::{Senders, Window},
    verdict::{self, Verdict},
};

const SENDERS: usize = 8;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_serves_from_postgresql() {
    let database = Arc::new(Database::new());
    let folder = tempfile::tempdir().expect("folder");
    let start = Start { arguments: vec!["--database".to_owned(), database.url()], ..Start::at(&folder.path().join("data")) };
    let mut server = start.run();
    server.ready().await;
    let again = Start { listen: server.address.clone(), ..start };
    let senders = Senders::start(SENDERS, Window::One, &server.address, Arc::new(|| 0)).await;
    for _ in 0..3 {
        senders.more(100).await;
        server.kill();
        server = again.run();
        server.ready().await;
        senders.up();
        senders.more(50).await;
        // Its connections end, as when the database is started again.
        let database = Arc::clone(&database);
        let ended = tokio::task::spawn_blocking(move || database.end_connections()).await.expect("task");
        assert!(ended > 0);
    }
    senders.more(50).await;
    let told = senders.finish().await;
    server.ready().await;
    server.kill();
    let store = rapport_backends::open_postgres(&database.url(), Arc::new(|_, _, _| {})).expect("opens");
    let kept = verdict::kept_in(&*store).await.expect("a whole journal");
    assert_eq!(verdict::judge(&told, &kept, u64::MAX), Verdict::default());

    let doctor = |url: String| {
        let out = Command::new(env!("CARGO_BIN_EXE_rapport")).args(["doctor", "--data"]).arg(&again.data).args(["--database", &url]).output().expect("doctor");
        String::from_utf8_lossy(&out.stdout).into_owned()
    };
    let said = doctor(database.url());
    assert!(said.contains("ok       database: postgresql 1") && !said.contains("row-level security"), "{said}");
    let said = doctor(database.url_as("postgres"));
    assert!(said.contains("PROBLEM  tenants kept apart: the role postgres passes row-level security"), "{said}");
    assert!(said.contains("PROBLEM  durable: fsync is off"), "{said}");
}
