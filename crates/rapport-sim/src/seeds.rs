//! Many seeds side by side: each world in its own thread of work, the outcome in the order of the seeds.

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicU64, Ordering},
    thread,
};

use crate::{Plan, Report, Sabotage, run};

/// What came of a range of seeds.
#[derive(Debug, Default)]
pub struct Outcome {
    pub seeds: u64,
    /// By seed, those that broke something.
    pub failed: BTreeMap<u64, Vec<String>>,
    pub counts: BTreeMap<&'static str, u64>,
}

/// Runs all seeds of a range on as many threads as the machine has processors.
pub fn run_all(seeds: std::ops::Range<u64>, sabotage: Option<Sabotage>) -> Outcome {
    let next = AtomicU64::new(seeds.start);
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let work = || {
        let mut done = Outcome::default();
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= seeds.end {
                return done;
            }
            done.add(seed, run(Plan { seed, sabotage, trace: false }));
        }
    };
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let mut whole = Outcome::default();
        for worker in workers {
            match worker.join() {
                Ok(done) => whole.merge(done),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        whole
    })
}

/// The one command that runs a seed again and tells what happened in it.
pub fn replay(seed: u64) -> String {
    format!("cargo run -p rapport-sim -- --seed {seed} --trace")
}

impl Outcome {
    fn add(&mut self, seed: u64, report: Report) {
        self.seeds += 1;
        for (what, count) in report.counts {
            *self.counts.entry(what).or_default() += count;
        }
        if !report.violations.is_empty() {
            self.failed.insert(seed, report.violations);
        }
    }

    fn merge(&mut self, other: Self) {
        self.seeds += other.seeds;
        self.failed.extend(other.failed);
        for (what, count) in other.counts {
            *self.counts.entry(what).or_default() += count;
        }
    }

    /// Each broken invariant with the command that shows it; empty when all held.
    pub fn complaints(&self) -> String {
        let told = self.failed.iter().map(|(seed, violations)| format!("seed {seed}: {}\n  replay: {}\n", violations.join("\n  "), replay(*seed)));
        told.collect()
    }

    /// `87432 commits, 3120 crashes, …`.
    pub fn tally(&self) -> String {
        self.counts.iter().map(|(what, count)| format!("{count} {}", what.replace('_', " "))).collect::<Vec<_>>().join(", ")
    }
}
