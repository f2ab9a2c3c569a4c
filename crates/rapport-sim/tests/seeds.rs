//! Hundreds of seeded worlds: every invariant holds in each, whatever befalls it.

use rapport_sim::seeds::run_all;

/// More by `cargo run --release -p rapport-sim -- --seeds 10000`.
const SEEDS: u64 = 200;

#[test]
fn every_invariant_holds_in_every_world() {
    let outcome = run_all(0..SEEDS, None);
    let failed = outcome.failed.len();
    println!("{}", outcome.tally());
    let figure = format!("{} seeds, {failed} failed", outcome.seeds);
    println!("BAR {}", serde_json::json!({"name": "sim-seeds", "figure": figure, "target": "≥ 200, none fails", "holds": failed == 0}));
    assert!(failed == 0, "{}", outcome.complaints());
    // A world in which nothing happens proves nothing.
    for what in ["commits", "conflicts", "crashes", "doubts", "duplicates_seen", "clock_jumps", "slow_readers", "quarantines"] {
        assert!(outcome.counts.get(what).is_some_and(|it| *it > 0), "no {what} in {SEEDS} seeds");
    }
}

#[test]
fn a_seed_is_the_same_world_every_time() {
    let run = || rapport_sim::run(rapport_sim::Plan { seed: 7, sabotage: None, trace: true }).trace;
    let (one, other) = (run(), run());
    assert!(one.len() > 100);
    assert_eq!(one, other);
}
