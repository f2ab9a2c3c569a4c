//! Pure crates decide and never touch the world: nothing below them does input or output, and clippy bans the ambient ones.

use std::fs;

use crate::{assert_none, tree};

const PURE: &[&str] = &[
    "rapport-model", "rapport-wire", "rapport-knowledge", "rapport-ethics", "rapport-offers", "rapport-encoder", "rapport-perceive", "rapport-engine",
];
const NOT_IN_PURE: &[&str] = &[
    "tokio", "hyper", "axum", "reqwest", "mio", "socket2", "rustls", "tungstenite", "rusqlite", "libsqlite3-sys", "postgres", "sqlx", "async-nats",
    "getrandom", "tempfile", "tracing-subscriber",
];
/// What a pure crate's `clippy.toml` must ban at least.
const BANNED: &[&str] = &["SystemTime::now", "Instant::now", "thread::spawn", "env::var", "fs::read", "HashMap::iter", "HashSet::iter", "sync::Mutex"];

/// `tree` is the answer of `cargo tree --prefix none`.
fn reached(krate: &str, tree: &str) -> Vec<String> {
    let names = tree.lines().filter_map(|line| line.split(' ').next());
    let mut found: Vec<_> = names.filter(|it| NOT_IN_PURE.contains(it)).map(|it| format!("{krate} is pure but reaches {it}")).collect();
    found.sort();
    found.dedup();
    found
}

fn unbanned(krate: &str, clippy: &str) -> Vec<String> {
    BANNED.iter().filter(|it| !clippy.contains(*it)).map(|it| format!("crates/{krate}/clippy.toml does not ban {it}")).collect()
}

#[test]
fn pure_crates_have_no_io_below_them() {
    let found = PURE.iter().flat_map(|krate| reached(krate, &tree::cargo(&["tree", "--locked", "-p", krate, "-e", "normal", "--prefix", "none"])));
    assert_none(found.collect());
}

#[test]
fn pure_crates_ban_clock_randomness_files_and_unordered_iteration() {
    let clippy = |krate: &str| fs::read_to_string(tree::root().join("crates").join(krate).join("clippy.toml")).unwrap_or_default();
    assert_none(PURE.iter().flat_map(|krate| unbanned(krate, &clippy(krate))).collect());
}

#[test]
fn a_runtime_below_and_a_missing_ban_are_found() {
    assert_eq!(reached("x", "x v0.1.0\nserde v1.0.0\ntokio v1.54.0\ntokio v1.54.0 (*)\n"), ["x is pure but reaches tokio"]);
    assert_eq!(unbanned("x", &BANNED.join("\n")), Vec::<String>::new());
    assert_eq!(unbanned("x", "").len(), BANNED.len());
}
