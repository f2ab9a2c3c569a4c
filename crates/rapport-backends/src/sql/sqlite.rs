//! SQLite in this process: a statement costs microseconds, so texts are prepared once and values are bound without copies.

use std::borrow::Cow;

use rapport_model::TenantId;
use rusqlite::{ErrorCode, types::{ToSqlOutput, ValueRef}};

use super::{Each, Insert, Row, Scope, Sql, SqlError, Value, many::CHUNKS};

pub(crate) struct Sqlite(pub(crate) rusqlite::Connection);

impl rusqlite::ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(value) => ValueRef::Integer(*value),
            Self::Text(value) => ValueRef::Text(value.as_bytes()),
            Self::Bytes(value) => ValueRef::Blob(value),
        }))
    }
}

impl From<rusqlite::Error> for SqlError {
    fn from(error: rusqlite::Error) -> Self {
        let told = error.to_string();
        match error.sqlite_error_code() {
            Some(ErrorCode::ConstraintViolation) => Self::Unique(told),
            Some(
                ErrorCode::DiskFull
                | ErrorCode::SystemIoFailure
                | ErrorCode::CannotOpen
                | ErrorCode::DatabaseBusy
                | ErrorCode::DatabaseLocked
                | ErrorCode::DatabaseCorrupt
                | ErrorCode::NotADatabase
                | ErrorCode::ReadOnly
                | ErrorCode::OutOfMemory
                | ErrorCode::PermissionDenied
                | ErrorCode::FileLockingProtocolFailed,
            ) => Self::Storage(told),
            Some(_) | None => Self::Other(told),
        }
    }
}

/// SQLite counts `$1` as a name, not a number: `?1` is the number.
fn numbered(text: &str) -> Cow<'_, str> {
    if text.contains('$') { text.replace('$', "?").into() } else { text.into() }
}

fn read(row: &rusqlite::Row<'_>, columns: usize) -> rusqlite::Result<Row> {
    let cells = (0..columns).map(|column| {
        Ok(match row.get_ref(column)? {
            ValueRef::Null => Value::Null,
            ValueRef::Integer(value) => Value::Int(value),
            ValueRef::Real(value) => Value::Text(value.to_string().into()),
            ValueRef::Text(value) => Value::Text(String::from_utf8_lossy(value).into_owned().into()),
            ValueRef::Blob(value) => Value::Bytes(value.to_vec().into()),
        })
    });
    cells.collect::<rusqlite::Result<_>>().map(Row)
}

impl Sql for Sqlite {
    fn run(&mut self, text: &str, values: &[Value<'_>]) -> Result<u64, SqlError> {
        let mut statement = self.0.prepare_cached(&numbered(text))?;
        let changed = statement.execute(rusqlite::params_from_iter(values))?;
        Ok(u64::try_from(changed).unwrap_or(u64::MAX))
    }

    fn rows(&mut self, text: &str, values: &[Value<'_>]) -> Result<Vec<Row>, SqlError> {
        let mut statement = self.0.prepare_cached(&numbered(text))?;
        let columns = statement.column_count();
        let mut found = statement.query(rusqlite::params_from_iter(values))?;
        let mut rows = Vec::new();
        while let Some(row) = found.next()? {
            rows.push(read(row, columns)?);
        }
        Ok(rows)
    }

    fn script(&mut self, text: &str) -> Result<(), SqlError> {
        Ok(self.0.execute_batch(text)?)
    }

    fn insert(&mut self, into: &Insert, rows: &[&[Value<'_>]]) -> Result<(), SqlError> {
        let mut left = rows;
        for (size, text) in CHUNKS.into_iter().zip(&into.texts().sqlite) {
            while let Some((chunk, rest)) = left.split_at_checked(size) {
                let values = chunk.iter().flat_map(|it| it.iter());
                self.0.prepare_cached(text)?.execute(rusqlite::params_from_iter(values))?;
                left = rest;
            }
        }
        Ok(())
    }

    fn each(&mut self, what: &Each, tenant: TenantId, keys: &[&[Value<'_>]]) -> Result<Vec<Row>, SqlError> {
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        let mut statement = self.0.prepare_cached(&numbered(what.one))?;
        let columns = statement.column_count();
        let tenant = Value::from(tenant.as_bytes());
        let mut rows = Vec::new();
        for key in keys {
            let mut found = statement.query(rusqlite::params_from_iter(std::iter::once(&tenant).chain(key.iter())))?;
            while let Some(row) = found.next()? {
                rows.push(read(row, columns)?);
            }
        }
        Ok(rows)
    }

    fn scope(&mut self, _scope: Scope) -> Result<(), SqlError> {
        Ok(())
    }

    fn begin(&mut self) -> Result<(), SqlError> {
        // The lock at once: a transaction that began by reading could not be made to write later.
        self.run("begin immediate", &[]).map(drop)
    }

    fn commit(&mut self) -> Result<(), SqlError> {
        self.run("commit", &[]).map(drop)
    }

    fn undo(&mut self, text: &'static str) -> Result<(), SqlError> {
        self.script(text)
    }

    fn is_postgres(&self) -> bool {
        false
    }

    fn is_broken(&mut self) -> bool {
        false
    }

    fn edition(&mut self) -> Result<Option<i64>, SqlError> {
        // Source: sqlite.org/pragma.html#pragma_data_version.
        Ok(Some(self.0.prepare_cached("pragma data_version")?.query_row([], |row| row.get(0))?))
    }
}
