//! PostgreSQL keeps the contract of the store, connected as a role that row-level security holds.

use std::sync::Arc;

use rapport_backends::open_postgres;
use rapport_ports::contract::{Published, Subject};

use crate::cluster::Database;

fn store() -> (Subject, Database) {
    let published = Published::default();
    let hears = published.clone();
    let database = Database::new();
    let store = open_postgres(&database.url(), Arc::new(move |tenant, entries, _at| hears.hear(tenant, entries))).expect("opens");
    (Subject { store, published }, database)
}

rapport_ports::store_contract!(store);
