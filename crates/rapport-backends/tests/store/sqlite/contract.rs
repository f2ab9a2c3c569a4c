//! SQLite keeps the contract of the store; the folder keeps that of files, the in-process bus that of the bus.

use std::sync::Arc;

use rapport_backends::{FolderBlobs, InProcessBus, open_sqlite};
use rapport_ports::{
    Blobs, Bus,
    contract::{Published, Subject},
};
use tempfile::TempDir;

use crate::bar::Promise;

fn store() -> (Subject, (TempDir, Promise)) {
    let folder = tempfile::tempdir().expect("folder");
    let published = Published::default();
    let hears = published.clone();
    let store = open_sqlite(&folder.path().join("rapport.db"), Arc::new(move |tenant, entries, _at| hears.hear(tenant, entries))).expect("opens");
    (Subject { store, published }, (folder, Promise))
}

rapport_ports::store_contract!(store);

fn blobs() -> (Arc<dyn Blobs>, TempDir) {
    let folder = tempfile::tempdir().expect("folder");
    (Arc::new(FolderBlobs::open(&folder.path().join("files")).expect("opens")), folder)
}

rapport_ports::blobs_contract!(blobs);

fn bus(encode: rapport_ports::Encode) -> Arc<dyn Bus> {
    Arc::new(InProcessBus::new(encode))
}

rapport_ports::bus_contract!(bus);
