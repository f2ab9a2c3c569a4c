//! What rustc and clippy cannot check: who may depend on whom, purity, sizes, names, migrations, languages, licences, documents.
//!
//! Each module has the rule as a function over plain values, a test that holds the rule against this repository, and a test
//! that shows the rule failing on a broken sample.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test program: what should not be ends it"
)]

mod documents;
mod files;
mod functions;
mod graph;
mod languages;
mod licences;
mod migrations;
mod purity;
mod tree;

/// Fails with everything that was found, not only the first.
#[track_caller]
fn assert_none(found: Vec<String>) {
    assert!(found.is_empty(), "\n  {}\n", found.join("\n  "));
}
