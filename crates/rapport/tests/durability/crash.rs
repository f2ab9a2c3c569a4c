//! `kill -9` under load, again and again: what was acknowledged is there once and in order, and the server is back quickly.
//! `RAPPORT_CRASH_CYCLES` sets how often.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use rand::{Rng, SeedableRng, rngs::SmallRng};
use serde_json::json;

use crate::{
    bar,
    process::Start,
    senders::{Senders, Told, Window},
    verdict::{self, Verdict},
};

const SENDERS: usize = 32;
const CYCLES: u32 = 100;
const READY_WITHIN: Duration = Duration::from_secs(2);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_under_load_it_loses_and_doubles_nothing() {
    let cycles = std::env::var("RAPPORT_CRASH_CYCLES").ok().and_then(|it| it.parse().ok()).unwrap_or(CYCLES);
    let folder = tempfile::tempdir().expect("folder");
    let data = folder.path().join("data");
    let mut server = Start::at(&data).run();
    server.ready().await;
    let again = Start { listen: server.address.clone(), ..Start::at(&data) };
    let senders = Senders::start(SENDERS, Window::Four, &server.address, Arc::new(|| 0)).await;
    let mut random = SmallRng::seed_from_u64(9);
    let mut ready = Vec::new();
    let started = Instant::now();
    let mut damaged = Vec::new();
    for cycle in 0..cycles {
        // Any moment: somewhere in the middle of a batch, a sync, a move of the log.
        senders.more(random.random_range(1..300)).await;
        server.kill();
        if cycle % 10 == 0 {
            damaged.extend(verdict::damage(&data));
        }
        server = again.run();
        ready.push(server.ready().await);
        senders.up();
    }
    senders.more(100).await;
    let told = senders.finish().await;
    server.kill();

    damaged.extend(verdict::damage(&data));
    let kept = verdict::kept(&data).await.expect("a whole journal");
    let mut verdict = verdict::judge(&told, &kept, u64::MAX);
    verdict.damaged = damaged;
    let unheard = unheard(&told);
    let acknowledged: usize = told.iter().map(|it| it.acknowledged.len()).sum();
    ready.sort_unstable();
    let (median, worst) = (ready[ready.len() / 2], ready[ready.len() - 1]);
    let faults = verdict.faults() + unheard.len();
    let bar = json!({
        "name": "crash-cycles", "figure": faults, "target": format!("0 in {CYCLES} cycles"), "holds": faults == 0 && cycles >= CYCLES,
        "cycles": cycles, "senders": SENDERS, "acknowledged": acknowledged, "seconds": started.elapsed().as_secs(),
    });
    bar::print(&bar);
    let bar = json!({
        "name": "crash-restart", "figure": format!("{} ms", worst.as_millis()), "target": "< 2 s", "holds": worst < READY_WITHIN, "median_ms": median.as_millis(),
    });
    bar::print(&bar);
    assert_eq!(verdict, Verdict::default());
    assert_eq!(unheard, Vec::<String>::new());
    assert_eq!(acknowledged, kept.len(), "all that was written is acknowledged in the end, and nothing else is there");
    assert!(acknowledged >= usize::try_from(cycles).expect("fits"), "load: {acknowledged}");
}

/// Each message that its sender did not hear back exactly once, over however many sockets.
fn unheard(told: &[Told]) -> Vec<String> {
    let mut faults = Vec::new();
    for sender in told {
        let mut heard = sender.heard.iter();
        for id in &sender.sent {
            match heard.next() {
                Some((found, seq)) if found == id && sender.acknowledged.get(id).is_some_and(|it| it.0 == *seq) => {}
                other => {
                    faults.push(format!("{id} is heard as {other:?}"));
                    break;
                }
            }
        }
        faults.extend(heard.next().map(|it| format!("{it:?} is heard once too often")));
    }
    faults
}
