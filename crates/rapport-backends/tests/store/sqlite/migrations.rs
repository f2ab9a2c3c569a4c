//! Databases of every earlier schema are brought to this one with all they hold.

use std::{path::Path, sync::Arc};

use rapport_backends::open_sqlite;

use crate::fixtures;

fn version(path: &Path) -> u32 {
    rusqlite::Connection::open(path).expect("opens").query_row("select version from schema_version", [], |row| row.get(0)).expect("version")
}

#[tokio::test]
async fn old_databases_are_brought_up_with_all_they_hold() {
    let folder = tempfile::tempdir().expect("folder");
    let fresh = folder.path().join("fresh.db");
    drop(open_sqlite(&fresh, Arc::new(|_, _, _| {})).expect("opens"));
    let newest = version(&fresh);
    for old in 1..newest {
        let path = folder.path().join(format!("schema-{old}.db"));
        rusqlite::Connection::open(&path).expect("opens").execute_batch(&fixtures::text("sqlite", old)).expect("fixture");
        assert_eq!(version(&path), old);
        let store = open_sqlite(&path, Arc::new(|_, _, _| {})).expect("opens");
        fixtures::is_whole(store).await;
        assert_eq!(version(&path), newest);
    }
}

#[test]
fn a_database_of_a_newer_program_is_left_alone() {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("rapport.db");
    drop(open_sqlite(&path, Arc::new(|_, _, _| {})).expect("opens"));
    rusqlite::Connection::open(&path).expect("opens").execute_batch("update schema_version set version = 999").expect("newer");
    let error = open_sqlite(&path, Arc::new(|_, _, _| {})).err().expect("refused").to_string();
    assert!(error.contains("schema 999") && error.contains("newer version"), "{error}");
    assert_eq!(version(&path), 999);
}
