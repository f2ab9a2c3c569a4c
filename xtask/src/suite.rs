//! What `make test`, `make quick`, `make check` and `make bench` run, in order, and the totals at the end.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::{
    bars::record::{self, Record},
    prepare,
    step::{Done, Step},
    tally::{Dialect, Tally},
};

const LINTS: &str = "cargo clippy --workspace --all-targets --locked -- --deny warnings";

/// Everything that is checked. The browser's side is built first: the binary carries it.
pub(crate) fn test() -> anyhow::Result<bool> {
    prepare::everything()?;
    let mut steps = vec![
        Step::new("web types", Dialect::Whole, "npm run --silent check").within("web"),
        Step::new("web tests", Dialect::Vitest, "npm test --silent").within("web"),
        Step::new("web build and sizes", Dialect::Whole, "npm run --silent build").within("web"),
        Step::new("tests", Dialect::Cargo, "cargo test --workspace --locked --no-fail-fast -- --show-output"),
        Step::new("lints", Dialect::Whole, LINTS),
        Step::new("answers on demo questions", Dialect::Whole, "cargo run --quiet --locked --package rapport-quality --bin rapport-quality -- answers --dry"),
        Step::new("end to end in Chromium", Dialect::Ours, "node tests/e2e/run.mjs"),
        Step::new("desk in Chromium", Dialect::Lines, "node desk/test/browser.mjs").within("web"),
        Step::new("admin in Chromium", Dialect::Lines, "node admin/test/deeds.mjs").within("web"),
        Step::new("admin's pages in Chromium", Dialect::Whole, "node admin/test/look.mjs --quick").within("web"),
        Step::new("widget in Chromium", Dialect::Lines, "node widget/test/preview.mjs ../target/widget").within("web"),
    ];
    if let Some(chromium) = prepare::chromium() {
        let chromium = chromium.display().to_string();
        steps = steps.into_iter().map(|it| it.with("RAPPORT_CHROMIUM", &chromium).with("CHROMIUM", &chromium)).collect();
    }
    all(&steps)
}

/// The fast part: unit tests of the crates and of the browser's side, types, architecture.
pub(crate) fn quick() -> anyhow::Result<bool> {
    let started = Instant::now();
    prepare::web()?;
    let good = all(&[
        Step::new("unit tests", Dialect::Cargo, "cargo test --workspace --locked --no-fail-fast --lib --bins"),
        Step::new("architecture", Dialect::Cargo, "cargo test --locked --package xtask --test architecture"),
        Step::new("web types", Dialect::Whole, "npm run --silent check").within("web"),
        Step::new("web tests", Dialect::Vitest, "npm test --silent").within("web"),
    ])?;
    let took = started.elapsed();
    let figure = format!("{} s", took.as_secs());
    println!("BAR {}", json!({"name": "quick", "figure": figure, "target": "≤ 120 s", "holds": good && took <= Duration::from_secs(120)}));
    Ok(good)
}

/// Everything that needs no test run.
pub(crate) fn check() -> anyhow::Result<bool> {
    prepare::web()?;
    let mut steps = vec![
        Step::new("architecture", Dialect::Cargo, "cargo test --locked --package xtask"),
        Step::new("lints", Dialect::Whole, LINTS),
        Step::new("documentation", Dialect::Whole, "cargo doc --workspace --no-deps --document-private-items --locked --quiet").with("RUSTDOCFLAGS", "--deny warnings"),
        Step::new("web types", Dialect::Whole, "npm run --silent check").within("web"),
    ];
    if std::process::Command::new("cargo-deny").arg("--version").output().is_ok() {
        steps.push(Step::new("licences, sources, bans", Dialect::Whole, "cargo deny --offline check licenses sources bans"));
    } else {
        println!("cargo-deny is not installed (cargo install --locked cargo-deny): licences are checked by the architecture tests, faults of dependencies are not");
    }
    all(&steps)
}

/// Product and bare path, built the way the product is shipped.
pub(crate) fn bench(arguments: &[String]) -> anyhow::Result<bool> {
    prepare::web()?;
    let build = Step::new("build", Dialect::Whole, "cargo build --release --locked --package rapport --package rapport-benches").run()?;
    if !build.succeeded {
        return Ok(false);
    }
    let command = format!("target/release/rapport-benches {}", arguments.join(" "));
    let done = Step::new("bench", Dialect::Whole, &command).run()?;
    record::keep(&done.records)?;
    Ok(done.succeeded)
}

/// Runs all, also after a failure, and ends with the totals.
fn all(steps: &[Step]) -> anyhow::Result<bool> {
    let started = Instant::now();
    let mut done: Vec<Done> = Vec::new();
    for step in steps {
        match step.run() {
            Ok(it) => done.push(it),
            Err(error) => {
                println!("{error:#}");
                done.push(Done { name: step.name, tally: Tally { passed: 0, failed: 1 }, took: Duration::ZERO, succeeded: false, records: Vec::new(), last_line: String::new() });
            }
        }
    }
    let records: Vec<Record> = done.iter().flat_map(|it| it.records.iter().cloned()).collect();
    record::keep(&records)?;
    println!();
    let mut total = Tally::default();
    for it in &done {
        let mark = if it.succeeded { "ok    " } else { "FAILED" };
        println!("{mark} {:<26} {:>5} passed {:>4} failed {:>6} s", it.name, it.tally.passed, it.tally.failed, it.took.as_secs());
        total.add(it.tally);
    }
    println!("in {} s", started.elapsed().as_secs());
    println!("{} passed, {} failed", total.passed, total.failed);
    Ok(total.failed == 0)
}
