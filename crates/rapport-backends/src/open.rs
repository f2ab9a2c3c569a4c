//! Opening a database: settings, migrations, threads.

use std::{
    path::Path,
    sync::{Arc, Weak},
    time::Duration,
};

use rapport_ports::Store;

use crate::{
    readers::Readers,
    sql::{Postgres, Sql, SqlError, Sqlite},
    store::SqlStore,
    writer::{OnCommit, Writer},
};

/// Reading connections of one node.
const READERS: usize = 3;

const LOG_MOVED_EVERY: Duration = Duration::from_millis(500);

/// Name and text, oldest first; a new one is added at the end and none is ever changed.
const SQLITE: &[&str] = &[include_str!("../../../migrations/sqlite/0001_foundation.sql")];
const POSTGRES: &[&str] = &[include_str!("../../../migrations/postgres/0001_foundation.sql")];

/// The store could not be opened.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct OpenError(String);

impl From<SqlError> for OpenError {
    fn from(error: SqlError) -> Self {
        Self(error.to_string())
    }
}

/// Opens or makes the embedded database. `on_commit` hears every durable entry, in order.
pub fn open_sqlite(path: &Path, on_commit: OnCommit) -> Result<Arc<dyn Store>, OpenError> {
    let path = path.to_owned();
    migrate(&mut *connect_sqlite(&path, false)?, SQLITE)?;
    let for_writer = path.clone();
    let writer = Writer::start(move || connect_sqlite(&for_writer, false), on_commit)?;
    let readers = Readers::start(READERS, || connect_sqlite(&path, true))?;
    keep_log_short(connect_sqlite(&path, false)?, writer.alive())?;
    let source = path.clone();
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
    migrate(&mut *connect_postgres(&url)?, POSTGRES)?;
    let for_writer = url.clone();
    let writer = Writer::start(move || connect_postgres(&for_writer), on_commit)?;
    let readers = Readers::start(READERS, || connect_postgres(&url))?;
    Ok(Arc::new(SqlStore { readers, writer, copy: None }))
}

fn connect_sqlite(path: &Path, reading: bool) -> Result<Box<dyn Sql>, SqlError> {
    let connection = rusqlite::Connection::open(path)?;
    connection.busy_timeout(Duration::from_secs(10))?;
    connection.set_prepared_statement_cache_capacity(256);
    // FULL: a commit is on the disk when it returns. 4 MiB of cache a connection.
    // 2 KiB pages: a commit touches one small row in each of many pages, and the log takes whole pages (30 % more commits a second than 4 KiB).
    connection.execute_batch("pragma page_size = 2048; pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on; pragma cache_size = -4096; pragma temp_store = memory;")?;
    connection.execute_batch(if reading { "pragma query_only = on;" } else { "pragma wal_autocheckpoint = 100000;" })?;
    Ok(Box::new(Sqlite(connection)))
}

/// Moves the log into the database beside the writer, so that no commit waits for it. Ends with the writer.
fn keep_log_short(mut sql: Box<dyn Sql>, alive: Weak<()>) -> Result<(), SqlError> {
    let work = move || {
        while alive.strong_count() > 0 {
            std::thread::sleep(LOG_MOVED_EVERY);
            if let Err(error) = sql.rows("pragma wal_checkpoint(passive)", &[]) {
                tracing::warn!(%error, "the log was not moved; it will be tried again");
            }
        }
    };
    let spawned = std::thread::Builder::new().name("store-log".to_owned()).spawn(work);
    spawned.map(drop).map_err(|error| SqlError::Other(error.to_string()))
}

fn connect_postgres(url: &str) -> Result<Box<dyn Sql>, SqlError> {
    let mut client = postgres::Client::connect(url, postgres::NoTls)?;
    client.batch_execute("set synchronous_commit = on")?;
    Ok(Box::new(Postgres::new(client)))
}

/// Applies what is missing, each in its own transaction. A database of a newer program is left alone.
fn migrate(sql: &mut dyn Sql, migrations: &[&str]) -> Result<(), OpenError> {
    sql.script("create table if not exists schema_version (version bigint not null, checked bigint not null)")?;
    let found = sql.row("select version from schema_version", &[])?;
    if found.is_none() {
        sql.run("insert into schema_version (version, checked) values ($1, $2)", &[0_i64.into(), 0_i64.into()])?;
    }
    let version = usize::try_from(found.map_or(Ok(0), |it| it.count(0))?).unwrap_or(usize::MAX);
    if version > migrations.len() {
        return Err(OpenError(format!("the database has schema {version}, this program knows {}: use the newer program", migrations.len())));
    }
    for (n, text) in migrations.iter().enumerate().skip(version) {
        let number = i64::try_from(n.saturating_add(1)).unwrap_or(i64::MAX);
        sql.script(&format!("begin;\n{text}\nupdate schema_version set version = {number};\ncommit;"))?;
    }
    Ok(())
}
