//! A test that cannot fail is no bar: each deliberate bug is noticed, by the invariant that stands against it.

use rapport_sim::{Plan, Sabotage, run};

/// A bug may need luck to show: so many worlds are tried for it.
const SEEDS: u64 = 150;

#[test]
fn each_bug_is_noticed_by_its_invariant() {
    let mut missed = Vec::new();
    for sabotage in Sabotage::ALL {
        let noticed = (0..SEEDS).find(|seed| {
            let violations = run(Plan { seed: *seed, sabotage: Some(sabotage), trace: false }).violations;
            violations.iter().any(|it| it.contains(sabotage.noticed_as()))
        });
        match noticed {
            Some(seed) => println!("{sabotage:?}: noticed in seed {seed} as “{}”", sabotage.noticed_as()),
            None => missed.push(sabotage),
        }
    }
    let (all, seen) = (Sabotage::ALL.len(), Sabotage::ALL.len() - missed.len());
    let bar = serde_json::json!({"name": "sim-sabotage", "figure": format!("{seen} of {all}"), "target": "all", "holds": missed.is_empty()});
    println!("BAR {bar}");
    assert!(missed.is_empty(), "not noticed in {SEEDS} worlds: {missed:?}");
}
