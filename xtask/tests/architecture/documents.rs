//! Documents name things that exist: files, and the tests that hold each invariant.

use std::fs;

use crate::{assert_none, tree};

const DOCUMENTS: &[&str] = &[
    "README.md",
    "README.zh-CN.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "docs/glossary.md",
    "docs/operations.md",
    "docs/review-checklist.md",
    "docs/live-protocol.md",
];
/// The first part of a path in the repository; other words with a slash are no paths of ours.
const FOLDERS: &[&str] = &["crates", "web", "docs", "packs", "stories", "tests", "quality", "benches", "migrations", "xtask", "fuzz", ".ci"];

/// Paths in backquotes or in links, as written.
fn paths(text: &str) -> Vec<String> {
    let quoted = text.split('`').skip(1).step_by(2);
    let linked = text.split("](").skip(1).filter_map(|it| it.split(')').next());
    let mut found: Vec<_> = quoted.chain(linked).map(|it| it.trim_end_matches('/')).filter(|it| is_path(it)).map(str::to_owned).collect();
    found.sort();
    found.dedup();
    found
}

fn is_path(text: &str) -> bool {
    let plain = text.chars().all(|it| it.is_ascii_alphanumeric() || "./-_".contains(it));
    let first = text.split('/').next().unwrap_or_default();
    plain && text.contains('/') && FOLDERS.contains(&first) && !text.contains("NNNN")
}

/// Rows of the table under `## Invariants`: the last cell names tests as `function` in `path`, and each must be there.
fn invariants(architecture: &str) -> Vec<(String, Vec<String>)> {
    let section = architecture.split("\n## Invariants").nth(1).and_then(|it| it.split("\n## ").next()).unwrap_or_default();
    let rows = section.lines().filter(|it| it.starts_with("| ") && !it.starts_with("| ---"));
    let parsed = rows.skip(1).map(|row| {
        let cells: Vec<_> = row.trim_matches('|').split(" | ").collect();
        let named = cells.last().copied().unwrap_or_default().split('`').skip(1).step_by(2).map(str::to_owned).collect();
        (cells[0].trim().to_owned(), named)
    });
    parsed.collect()
}

/// `tests` is all text in which a test may stand.
fn unproven(architecture: &str, tests: &str) -> Vec<String> {
    let mut found = Vec::new();
    let rows = invariants(architecture);
    if rows.is_empty() {
        found.push("ARCHITECTURE.md has no table of invariants".to_owned());
    }
    for (invariant, named) in rows {
        let functions: Vec<_> = named.iter().filter(|it| !it.contains('/')).collect();
        if functions.is_empty() {
            found.push(format!("`{invariant}` names no test"));
        }
        let missing = functions.into_iter().filter(|it| !tests.contains(&format!("fn {it}(")) && !tests.contains(&format!("\"{it}\"")));
        found.extend(missing.map(|it| format!("`{invariant}`: there is no test `{it}`")));
    }
    found
}

#[test]
fn every_path_that_a_document_names_exists() {
    let mut found = Vec::new();
    for document in DOCUMENTS {
        let text = fs::read_to_string(tree::root().join(document)).unwrap_or_else(|error| panic!("{document}: {error}"));
        let missing = paths(&text).into_iter().filter(|it| !tree::root().join(it).exists());
        found.extend(missing.map(|it| format!("{document}: {it} does not exist")));
    }
    assert_none(found);
}

#[test]
fn every_invariant_names_a_test_that_exists() {
    let tests: String = tree::texts("", &["rs", "ts", "tsx", "mjs"]).into_iter().map(|(_, text)| text).collect();
    assert_none(unproven(&fs::read_to_string(tree::root().join("ARCHITECTURE.md")).unwrap(), &tests));
}

#[test]
fn decision_records_are_numbered_and_have_their_four_parts() {
    let mut numbers = Vec::new();
    let mut found = Vec::new();
    for (path, text) in tree::texts("docs/adr", &["md"]) {
        let name = path.rsplit('/').next().unwrap_or_default();
        numbers.push(name.split('-').next().unwrap_or_default().to_owned());
        let parts = ["Context", "Decision", "Consequences", "What would change our mind"].into_iter().filter(|it| !text.contains(it));
        found.extend(parts.map(|it| format!("{path}: has no part `{it}`")));
    }
    assert_none(found);
    assert!(numbers.iter().all(|it| it.len() == 4 && it.parse::<u32>().is_ok()), "decision records begin with four digits: {numbers:?}");
    assert!(numbers.windows(2).all(|pair| pair[0] != pair[1]), "two decision records have one number: {numbers:?}");
}

#[test]
fn a_missing_path_an_unproven_invariant_and_a_stale_test_are_found() {
    assert_eq!(paths("see `crates/x/src/a.rs`, [b](docs/b.md), `and/or`, `cargo run`, `web/`"), ["crates/x/src/a.rs", "docs/b.md"]);
    let table = |cell: &str| format!("# A\n\n## Invariants\n\n| invariant | test |\n| --- | --- |\n| Nothing is lost | {cell} |\n\n## Next\n");
    assert_eq!(unproven(&table("`kept` in `a/b.rs`"), "fn kept() {}"), Vec::<String>::new());
    assert_eq!(unproven(&table("`kept` in `a/b.rs`"), "fn other() {}").len(), 1);
    assert_eq!(unproven(&table("none"), "fn kept() {}").len(), 1);
    assert_eq!(unproven("# A\n", "").len(), 1);
}
