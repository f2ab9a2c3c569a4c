//! Opening a database: settings, migrations, threads.

use std::{
    path::Path,
    sync::{Arc, Weak},
    time::Duration,
};

use rapport_ports::Store;

use crate::{
    migrate::{self, MigrateError, migrate},
    readers::Readers,
    sql::{Postgres, Sql, SqlError, Sqlite},
    store::SqlStore,
    writer::{OnCommit, Writer},
};

/// Reading connections of one node.
const READERS: usize = 3;

/// How often the log is looked at, and how soon again while much is written to it.
const LOG_MOVED_EVERY: Duration = Duration::from_secs(2);
const LOG_MOVED_AGAIN: Duration = Duration::from_millis(20);
/// So many pages of the log at once are much.
const LOG_PAGES_MANY: u64 = 512;

/// The store could not be opened.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct OpenError(String);

impl From<SqlError> for OpenError {
    fn from(error: SqlError) -> Self {
        Self(error.to_string())
    }
}

impl From<MigrateError> for OpenError {
    fn from(error: MigrateError) -> Self {
        Self(error.to_string())
    }
}

/// Opens or makes the embedded database. `on_commit` hears every durable entry, in order.
pub fn open_sqlite(path: &Path, on_commit: OnCommit) -> Result<Arc<dyn Store>, OpenError> {
    let path = path.to_owned();
    migrate(&mut *connect_sqlite(&path, Use::Write)?, migrate::SQLITE)?;
    let for_writer = path.clone();
    let writer = Writer::start(move || connect_sqlite(&for_writer, Use::Write), on_commit)?;
    keep_log_short(connect_sqlite(&path, Use::MoveLog)?, writer.alive())?;
    let source = path.clone();
    let readers = Readers::start(READERS, move || connect_sqlite(&path, Use::Read))?;
    let copy = move |to: &Path| -> Result<(), SqlError> {
        let from = rusqlite::Connection::open_with_flags(&source, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        // Refuses an existing file by itself; one statement sees one state of the database.
        from.execute("vacuum into ?1", [to.to_string_lossy().as_ref()])?;
        Ok(())
    };
    Ok(Arc::new(SqlStore { readers, writer, copy: Some(Arc::new(copy)) }))
}

/// Opens a PostgreSQL database by URL.
pub fn open_postgres(url: &str, on_commit: OnCommit) -> Result<Arc<dyn Store>, OpenError> {
    // The driver runs its own small runtime, which must not be started inside another.
    std::thread::scope(|scope| scope.spawn(|| open_postgres_here(url, on_commit)).join()).map_err(|_panic| OpenError("PostgreSQL driver".to_owned()))?
}

fn open_postgres_here(url: &str, on_commit: OnCommit) -> Result<Arc<dyn Store>, OpenError> {
    let url = url.to_owned();
    migrate(&mut Postgres::connect(&url)?, migrate::POSTGRES)?;
    let connect = move || Postgres::connect(&url).map(|it| Box::new(it) as Box<dyn Sql>);
    let writer = Writer::start(connect.clone(), on_commit)?;
    let readers = Readers::start(READERS, connect)?;
    Ok(Arc::new(SqlStore { readers, writer, copy: None }))
}

/// What a connection is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    Write,
    Read,
    MoveLog,
}

fn connect_sqlite(path: &Path, used_to: Use) -> Result<Box<dyn Sql>, SqlError> {
    let connection = rusqlite::Connection::open(path)?;
    connection.busy_timeout(Duration::from_secs(10))?;
    connection.set_prepared_statement_cache_capacity(256);
    // 2 KiB pages: a commit touches one small row in each of many pages, and the log takes whole pages (30 % more commits a second than 4 KiB).
    // 4 MiB of cache a connection.
    connection.execute_batch("pragma page_size = 2048; pragma foreign_keys = on; pragma cache_size = -4096; pragma temp_store = memory;")?;
    // FULL: a commit is on the disk when it returns. Without a log (a file system without shared memory) that would not be what was measured and tested.
    let mode: String = connection.query_row("pragma journal_mode = wal", [], |row| row.get(0))?;
    connection.execute_batch("pragma synchronous = full")?;
    let synchronous: i64 = connection.query_row("pragma synchronous", [], |row| row.get(0))?;
    if mode != "wal" || synchronous < 2 {
        return Err(SqlError::Storage(format!("journal mode {mode}, synchronous {synchronous}: the data folder must be on a local file system")));
    }
    match used_to {
        Use::Read => connection.execute_batch("pragma query_only = on")?,
        // Its own thread moves the log; where that falls behind by 32 MiB, the writer does the rest and the log begins anew. It is never cut shorter
        // than that: to write over what is there costs less than to make the file longer.
        Use::Write => connection.execute_batch("pragma wal_autocheckpoint = 16384; pragma journal_size_limit = 67108864")?,
        Use::MoveLog => connection.execute_batch("pragma wal_autocheckpoint = 0")?,
    }
    Ok(Box::new(Sqlite(connection)))
}

/// Moves the log into the database beside the writer, so that no commit waits for it. Ends with the writer.
fn keep_log_short(mut sql: Box<dyn Sql>, alive: Weak<()>) -> Result<(), SqlError> {
    let work = move || {
        let (mut failing, mut pause, mut before) = (false, LOG_MOVED_EVERY, 0);
        while alive.strong_count() > 0 {
            std::thread::sleep(pause);
            let moved = sql.row("pragma wal_checkpoint(passive)", &[]);
            // Columns: whether it was kept from it, pages in the log, pages of them that are moved.
            let pages = moved.as_ref().map_or(before, |it| it.as_ref().and_then(|it| it.count(1).ok()).unwrap_or(before));
            pause = if pages.abs_diff(before) > LOG_PAGES_MANY { LOG_MOVED_AGAIN } else { LOG_MOVED_EVERY };
            before = pages;
            // Once for each time it begins to fail, not twice a second while a disk is full.
            if let (Err(error), false) = (&moved, failing) {
                tracing::warn!(%error, "the log was not moved into the database; it grows until this works again");
            }
            failing = moved.is_err();
        }
    };
    let spawned = std::thread::Builder::new().name("store-log".to_owned()).spawn(work);
    spawned.map(drop).map_err(|error| SqlError::Other(error.to_string()))
}
