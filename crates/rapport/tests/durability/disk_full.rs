//! A disk that is full or fails: nobody is told that something was written that was not, reading goes on, and room is enough to recover.

use std::{path::Path, sync::Arc};

use crate::{
    disk::{self, Cut, Disk, Mode},
    process::{Process, Start},
    senders::{Mark, Senders, Window},
    verdict::{self, Verdict},
};

const SENDERS: usize = 8;

struct Ground {
    disk: Disk,
    start: Start,
    _folder: tempfile::TempDir,
}

impl Ground {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("folder");
        let disk = Disk::new(folder.path());
        let start = Start { environment: disk.environment(), ..Start::at(&disk.root.join("data")) };
        Self { disk, start, _folder: folder }
    }

    fn mark(&self) -> Mark {
        let record = self.disk.record.clone();
        Arc::new(move || std::fs::metadata(&record).expect("record").len())
    }
}

/// The process lives, and reading goes on.
async fn still_reads(server: &mut Process, token: &str) {
    assert!(server.is_running());
    let asked = reqwest::Client::new().get(format!("http://{}/api/rapport/v1/widget/conversations", server.address)).bearer_auth(token);
    let answer = asked.send().await.expect("an answer");
    assert!(answer.status().is_success(), "reading: {}", answer.status());
    assert!(answer.text().await.expect("text").contains("message"), "what was written is shown");
}

async fn whole(data: &Path, told: &[crate::senders::Told], mark: u64) {
    let kept = verdict::kept(data).await.expect("a whole journal");
    assert_eq!(verdict::judge(told, &kept, mark), Verdict::default());
    assert_eq!(verdict::damage(data), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_refuses_and_room_is_enough_to_recover() {
    let ground = Ground::new();
    let mut server = ground.start.run();
    server.ready().await;
    let senders = Senders::start(SENDERS, Window::One, &server.address, ground.mark()).await;
    for _ in 0..3 {
        senders.more(150).await;
        ground.disk.set(Mode::Full);
        senders.more_refused(40).await;
        // A small write may still find room in the log that is there already; so nothing is said of `/readyz`.
        still_reads(&mut server, senders.token()).await;
        ground.disk.set(Mode::Good);
        senders.more(150).await;
        server.ready().await;
    }
    let told = senders.finish().await;
    assert!(server.is_running(), "the same process all the time");
    server.kill();
    assert!(told.iter().all(|it| it.acknowledged.len() == it.sent.len()), "all that was refused was taken in the end");
    whole(&ground.start.data, &told, u64::MAX).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failed_sync_acknowledges_nothing() {
    let ground = Ground::new();
    let mark = ground.mark();
    let mut server = ground.start.run();
    server.ready().await;
    let senders = Senders::start(SENDERS, Window::One, &server.address, Arc::clone(&mark)).await;
    senders.more(150).await;
    ground.disk.set(Mode::SyncFails);
    // Whatever was synced before is told by now: from here on there is nothing to acknowledge.
    senders.more_refused(40).await;
    let (before, failing) = (senders.acknowledged(), mark());
    senders.more_refused(80).await;
    assert_eq!(senders.acknowledged(), before, "acknowledged without a sync");
    still_reads(&mut server, senders.token()).await;
    assert_eq!(server.readiness().await, 503, "a load balancer is told to look elsewhere");
    let still_failing = mark();
    ground.disk.set(Mode::Good);
    senders.more(150).await;
    server.ready().await;
    let told = senders.finish().await;
    server.kill();
    whole(&ground.start.data, &told, u64::MAX).await;
    // And should the power go while syncs fail.
    let records = disk::read(&ground.disk.record);
    for moment in [failing, still_failing] {
        let until = records.iter().take_while(|(at, _)| *at <= moment).map(|(_, record)| record);
        let folder = tempfile::tempdir().expect("folder");
        disk::image(until, Cut::Nothing, &ground.disk.root, folder.path());
        whole(&folder.path().join("data"), &told, moment).await;
    }
}
