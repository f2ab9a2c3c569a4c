//! The ports over real things: SQLite and PostgreSQL, files in a folder, the in-process bus, clock and randomness of the system.

mod blob;
mod bus;
mod folder;
mod migrate;
mod open;
mod readers;
mod sql;
mod store;
mod system;
mod writer;

pub use blob::FolderBlobs;
pub use bus::InProcessBus;
pub use folder::{make_folder, sync_folder};
pub use open::{OpenError, open_postgres, open_sqlite};
pub use system::{OsEntropy, SystemClock};
pub use writer::OnCommit;
