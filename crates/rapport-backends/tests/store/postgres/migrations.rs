//! Databases of every earlier schema are brought to this one with all they hold.

use std::sync::Arc;

use rapport_backends::open_postgres;

use super::{client, cluster::Database};
use crate::fixtures;

fn version(database: &Database) -> i64 {
    client(database).query_one("select version from schema_version", &[]).expect("version").get(0)
}

#[test]
fn old_databases_are_brought_up_with_all_they_hold() {
    let fresh = Database::new();
    drop(open_postgres(&fresh.url(), Arc::new(|_, _, _| {})).expect("opens"));
    let newest = version(&fresh);
    for old in 1..u32::try_from(newest).expect("small") {
        let database = Database::new();
        client(&database).batch_execute(&fixtures::text("postgres", old)).expect("fixture");
        assert_eq!(version(&database), i64::from(old));
        let store = open_postgres(&database.url(), Arc::new(|_, _, _| {})).expect("opens");
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("runtime").block_on(fixtures::is_whole(store));
        assert_eq!(version(&database), newest);
    }
}

#[test]
fn programs_that_start_at_once_wait_for_each_other() {
    let database = Database::new();
    std::thread::scope(|scope| {
        let starts: Vec<_> = (0..4).map(|_| scope.spawn(|| open_postgres(&database.url(), Arc::new(|_, _, _| {})).map(drop))).collect();
        for start in starts {
            start.join().expect("thread").expect("opens");
        }
    });
}

#[test]
fn a_database_of_a_newer_program_is_left_alone() {
    let database = Database::new();
    drop(open_postgres(&database.url(), Arc::new(|_, _, _| {})).expect("opens"));
    client(&database).batch_execute("update schema_version set version = 999").expect("newer");
    let error = open_postgres(&database.url(), Arc::new(|_, _, _| {})).err().expect("refused").to_string();
    assert!(error.contains("schema 999") && error.contains("newer version"), "{error}");
    assert_eq!(version(&database), 999);
}
