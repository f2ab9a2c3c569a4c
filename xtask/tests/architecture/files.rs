//! Every file says in its first line what it is for, stays short, and is named for what it holds.

use crate::{assert_none, tree};

const LINES_MAX: usize = 800;
/// Names that say nothing; what is put there has a better one.
const NO_NAMES: &[&str] = &["util", "utils", "helper", "helpers", "common", "misc", "manager"];

fn violations(path: &str, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let is_rust = path.ends_with(".rs");
    if is_rust && !text.starts_with("//! ") {
        found.push(format!("{path}: the first line must be a `//!` summary"));
    }
    let lines = text.lines().count();
    if lines > LINES_MAX {
        found.push(format!("{path}: {lines} lines, at most {LINES_MAX}"));
    }
    let parts = path.split(['/', '.']).filter(|it| NO_NAMES.contains(it));
    found.extend(parts.map(|it| format!("{path}: `{it}` says nothing about what it holds")));
    found
}

#[test]
fn every_file_says_what_it_is_for_stays_short_and_is_named_for_its_noun() {
    let files = tree::texts("", &["rs", "ts", "tsx", "mjs", "css"]);
    assert!(files.len() > 100, "only {} files were found", files.len());
    assert_none(files.iter().flat_map(|(path, text)| violations(path, text)).collect());
}

#[test]
fn a_stub_a_giant_and_an_empty_name_are_found() {
    assert_eq!(violations("a/b.rs", "//! What b is.\n"), Vec::<String>::new());
    assert_eq!(violations("a/b.rs", "use x;\n").len(), 1);
    assert_eq!(violations("a/b.ts", &"x\n".repeat(LINES_MAX + 1)).len(), 1);
    assert_eq!(violations("a/utils/b.ts", "").len(), 1);
    assert_eq!(violations("a/helpers.rs", "//! Help.\n").len(), 1);
}
