//! The power is cut at fifty moments: of what was not synced there is nothing, a beginning, or any sectors; what was acknowledged is there.

use std::{path::Path, sync::Arc};

use rand::{Rng, SeedableRng, rngs::SmallRng};
use serde_json::json;

use crate::{
    bar,
    disk::{self, Cut, Disk, Mode, Record},
    process::Start,
    senders::{self, Mark, Senders, Told, Window},
    verdict::{self, Verdict},
};

const SENDERS: usize = 16;
const POINTS: usize = 50;
/// Of them, before the first customer: while the folder and the database are being made.
const EARLY: usize = 8;
const ACKNOWLEDGED: u64 = 1_500;

/// A server's life on a disk that writes everything down.
struct Life {
    told: Vec<Told>,
    records: Vec<(u64, Record)>,
    disk: Disk,
    /// Where the first customer came.
    settled: u64,
    _folder: tempfile::TempDir,
}

async fn live(mode: Mode) -> Life {
    let folder = tempfile::tempdir().expect("folder");
    let disk = Disk::new(folder.path());
    disk.set(mode);
    let start = Start { environment: disk.environment(), ..Start::at(&disk.root.join("data")) };
    let mut server = start.run();
    server.ready().await;
    let record = disk.record.clone();
    let mark: Mark = Arc::new(move || std::fs::metadata(&record).expect("record").len());
    let settled = mark();
    let senders = Senders::start(SENDERS, Window::Four, &server.address, mark).await;
    // Killed once in between, so that recovery after a crash is part of the record.
    senders.more(ACKNOWLEDGED / 2).await;
    let again = Start { listen: server.address.clone(), ..start };
    server.kill();
    server = again.run();
    senders.up();
    senders.more(ACKNOWLEDGED / 2).await;
    let told = senders.finish().await;
    server.kill();
    let records = disk::read(&disk.record);
    Life { told, records, disk, settled, _folder: folder }
}

/// Moments between records: a few early ones, the others over the whole of the load.
fn points(life: &Life, seed: u64) -> Vec<usize> {
    let mut random = SmallRng::seed_from_u64(seed);
    let settled = life.records.iter().position(|(mark, _)| *mark > life.settled).expect("load");
    let early = (0..EARLY).map(|_| random.random_range(0..settled)).collect::<Vec<_>>();
    let late = (EARLY..POINTS).map(|_| random.random_range(settled..life.records.len()));
    early.into_iter().chain(late).collect()
}

/// The folder as the cut after `point` records leaves it.
fn folder_after(life: &Life, point: usize, cut: Cut, to: &Path) -> (std::path::PathBuf, u64) {
    let records = life.records.get(..=point).expect("a point");
    disk::image(records.iter().map(|(_, record)| record), cut, &life.disk.root, to);
    (to.join("data"), records.last().map_or(0, |it| it.0))
}

fn cuts(point: usize) -> [Cut; 3] {
    let seed = u64::try_from(point).expect("fits");
    [Cut::Nothing, Cut::Beginning { seed }, Cut::AnySectors { seed }]
}

/// What is lost at a point, whatever of the unsynced reached the disk.
async fn lost_at(life: &Life, point: usize, cut: Cut) -> Verdict {
    let folder = tempfile::tempdir().expect("folder");
    let (data, mark) = folder_after(life, point, cut, folder.path());
    match verdict::kept(&data).await {
        Ok(kept) => {
            let damaged = if data.join("rapport.db").exists() { verdict::damage(&data) } else { Vec::new() };
            Verdict { damaged, ..verdict::judge(&life.told, &kept, mark) }
        }
        Err(error) => Verdict { damaged: vec![error], ..Verdict::default() },
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_when_the_power_goes() {
    let life = live(Mode::Good).await;
    let acknowledged: usize = life.told.iter().map(|it| it.acknowledged.len()).sum();
    let mut faults = Vec::new();
    for (n, point) in points(&life, 50).into_iter().enumerate() {
        for cut in cuts(point) {
            let verdict = lost_at(&life, point, cut).await;
            if verdict.faults() > 0 {
                faults.push(format!("point {point}, {cut:?}: {verdict:?}"));
            }
        }
        // The real server on what the cut left; each kind of cut in turn.
        let cut = cuts(point)[n % 3];
        let folder = tempfile::tempdir().expect("folder");
        let (data, mark) = folder_after(&life, point, cut, folder.path());
        faults.extend(serves(&life.told, &data, mark).await.into_iter().map(|it| format!("point {point}, {cut:?}: {it}")));
    }
    let bar = json!({
        "name": "power-loss", "figure": faults.len(), "target": format!("0 at {POINTS} points"), "holds": faults.is_empty(),
        "points": POINTS, "cuts_each": 3, "acknowledged": acknowledged, "records": life.records.len(),
    });
    bar::print(&bar);
    assert!(faults.is_empty(), "{} faults, the first: {:#?}", faults.len(), faults.iter().take(5).collect::<Vec<_>>());
}

/// Starts the server on the folder; customers who had a session still have it, and what they resend is known.
async fn serves(told: &[Told], data: &Path, mark: u64) -> Vec<String> {
    let server = Start::at(data).run();
    server.ready().await;
    let mut faults = Vec::new();
    for sender in told.iter().filter(|it| it.session_mark <= mark).take(3) {
        let last = sender.acknowledged.iter().filter(|(_, (_, at))| *at <= mark).max_by_key(|(_, (seq, _))| *seq);
        let answer = senders::once(&server.address, &sender.token, last.map_or("fresh-1", |(id, _)| id)).await;
        let expected = last.map_or(json!("ack"), |(_, (seq, _))| json!(["ack", seq, true]));
        let found = if last.is_some() { json!([answer["t"], answer["seq"], answer["duplicate"]]) } else { answer["t"].clone() };
        if found != expected {
            faults.push(format!("expected {expected}, got {answer}"));
        }
    }
    faults
}

/// The same check finds what goes wrong where syncs are not made: so it can fail.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_does_not_sync_is_found_out() {
    for mode in [Mode::LogSyncLies, Mode::FolderSyncLies] {
        let life = live(mode).await;
        let mut lost = 0;
        for point in points(&life, 51) {
            for cut in cuts(point) {
                lost += lost_at(&life, point, cut).await.lost.len();
            }
        }
        assert!(lost > 0, "{mode:?} loses nothing: the check sees nothing");
    }
}
