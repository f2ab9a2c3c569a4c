//! PostgreSQL keeps the contract of the store, connected as a role that row-level security holds.

use std::sync::Arc;

use rapport_backends::open_postgres;
use rapport_ports::contract::{Published, Subject};

use super::cluster::Database;
use crate::bar::Promise;

fn store() -> (Subject, (Database, Promise)) {
    let published = Published::default();
    let hears = published.clone();
    let database = Database::new();
    let store = open_postgres(&database.url(), Arc::new(move |tenant, entries, _at| hears.hear(tenant, entries))).expect("opens");
    (Subject { store, published }, (database, Promise))
}

rapport_ports::store_contract!(store);
