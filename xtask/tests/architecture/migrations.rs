//! Migrations are numbered without gaps, the same for both databases, and each one is applied.

use std::{collections::BTreeSet, fs};

use crate::{assert_none, tree};

fn violations(sqlite: &BTreeSet<String>, postgres: &BTreeSet<String>, program: &str) -> Vec<String> {
    let mut found: Vec<_> = sqlite.symmetric_difference(postgres).map(|it| format!("{it}: exists for one database only")).collect();
    for (kind, names) in [("sqlite", sqlite), ("postgres", postgres)] {
        for (at, name) in names.iter().enumerate() {
            let number = format!("{:04}_", at + 1);
            if !name.starts_with(&number) || !name.ends_with(".sql") {
                found.push(format!("migrations/{kind}/{name}: expected {number}<what>.sql"));
            }
            if !program.contains(&format!("migrations/{kind}/{name}")) {
                found.push(format!("migrations/{kind}/{name}: no program applies it"));
            }
        }
    }
    found
}

#[test]
fn migrations_are_numbered_paired_and_applied() {
    let names = |kind: &str| {
        let entries = fs::read_dir(tree::root().join("migrations").join(kind)).unwrap();
        entries.map(|it| it.unwrap().file_name().into_string().unwrap()).collect::<BTreeSet<_>>()
    };
    let program: String = tree::texts("crates/rapport-backends/src", &["rs"]).into_iter().map(|(_, text)| text).collect();
    let (sqlite, postgres) = (names("sqlite"), names("postgres"));
    assert!(!sqlite.is_empty());
    assert_none(violations(&sqlite, &postgres, &program));
}

#[test]
fn a_gap_a_missing_twin_and_a_forgotten_file_are_found() {
    let of = |names: &[&str]| names.iter().map(|it| (*it).to_owned()).collect::<BTreeSet<_>>();
    let program = "migrations/sqlite/0001_a.sql migrations/postgres/0001_a.sql migrations/sqlite/0003_b.sql migrations/postgres/0003_b.sql";
    assert_eq!(violations(&of(&["0001_a.sql"]), &of(&["0001_a.sql"]), program), Vec::<String>::new());
    assert_eq!(violations(&of(&["0001_a.sql", "0003_b.sql"]), &of(&["0001_a.sql", "0003_b.sql"]), program).len(), 2);
    assert_eq!(violations(&of(&["0001_a.sql"]), &of(&[]), program).len(), 1);
    assert_eq!(violations(&of(&["0001_a.sql"]), &of(&["0001_a.sql"]), "").len(), 2);
}
