//! One synchronous way to speak to SQLite and PostgreSQL: the same text with `$n` places, values of four kinds.

mod many;
mod postgres;
mod sqlite;

use std::borrow::Cow;

use rapport_model::TenantId;

pub(crate) use self::{
    many::{Each, Insert, Kind},
    postgres::Postgres,
    sqlite::Sqlite,
};

/// A value sent or read. What is sent may be borrowed: a commit's texts are made once and never copied.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value<'a> {
    Null,
    Int(i64),
    Text(Cow<'a, str>),
    Bytes(Cow<'a, [u8]>),
}

impl Value<'_> {
    /// The same without a copy of its text.
    pub(crate) fn borrowed(&self) -> Value<'_> {
        match self {
            Self::Null => Value::Null,
            Self::Int(value) => Value::Int(*value),
            Self::Text(value) => Value::Text(Cow::Borrowed(value)),
            Self::Bytes(value) => Value::Bytes(Cow::Borrowed(value)),
        }
    }
}

impl From<i64> for Value<'_> {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}
impl From<u32> for Value<'_> {
    fn from(value: u32) -> Self {
        Self::Int(i64::from(value))
    }
}
impl<'a> From<&'a str> for Value<'a> {
    fn from(value: &'a str) -> Self {
        Self::Text(value.into())
    }
}
impl From<String> for Value<'_> {
    fn from(value: String) -> Self {
        Self::Text(value.into())
    }
}
impl<'a> From<&'a [u8; 16]> for Value<'a> {
    fn from(value: &'a [u8; 16]) -> Self {
        Self::Bytes(value.as_slice().into())
    }
}
impl<'a> From<&'a [u8; 32]> for Value<'a> {
    fn from(value: &'a [u8; 32]) -> Self {
        Self::Bytes(value.as_slice().into())
    }
}
impl From<Vec<u8>> for Value<'_> {
    fn from(value: Vec<u8>) -> Self {
        Self::Bytes(value.into())
    }
}
impl<T: Into<Self>> From<Option<T>> for Value<'_> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// What went wrong.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SqlError {
    #[error("unique: {0}")]
    Unique(String),
    /// Nothing wrong with the database: what was asked cannot be (an expected version, say).
    #[error("{0}")]
    Refused(rapport_model::Fault),
    /// Disk, memory, lock or connection: the statement was good and would fail for everybody else as well.
    #[error("storage: {0}")]
    Storage(String),
    /// The statement or what is stored is wrong.
    #[error("database: {0}")]
    Other(String),
}

/// One row, read by position.
#[derive(Debug)]
pub(crate) struct Row(pub(crate) Vec<Value<'static>>);

impl Row {
    /// The value itself; nothing is left in its place.
    pub(crate) fn take(&mut self, at: usize) -> Value<'static> {
        self.0.get_mut(at).map_or(Value::Null, |it| std::mem::replace(it, Value::Null))
    }
    pub(crate) fn int(&self, at: usize) -> Result<i64, SqlError> {
        match self.0.get(at) {
            Some(Value::Int(value)) => Ok(*value),
            other => Err(wrong(at, "a number", other)),
        }
    }
    pub(crate) fn maybe_int(&self, at: usize) -> Option<i64> {
        if let Some(Value::Int(value)) = self.0.get(at) { Some(*value) } else { None }
    }
    pub(crate) fn count(&self, at: usize) -> Result<u64, SqlError> {
        let value = self.int(at)?;
        u64::try_from(value).map_err(|_negative| SqlError::Other(format!("column {at}: {value} is negative")))
    }
    pub(crate) fn text(&self, at: usize) -> Result<&str, SqlError> {
        match self.0.get(at) {
            Some(Value::Text(value)) => Ok(value),
            other => Err(wrong(at, "text", other)),
        }
    }
    pub(crate) fn maybe_text(&self, at: usize) -> Option<&str> {
        if let Some(Value::Text(value)) = self.0.get(at) { Some(value) } else { None }
    }
    pub(crate) fn bytes(&self, at: usize) -> Result<&[u8], SqlError> {
        match self.0.get(at) {
            Some(Value::Bytes(value)) => Ok(value),
            other => Err(wrong(at, "bytes", other)),
        }
    }
    pub(crate) fn maybe_bytes(&self, at: usize) -> Option<&[u8]> {
        if let Some(Value::Bytes(value)) = self.0.get(at) { Some(value) } else { None }
    }
}

fn wrong(at: usize, wanted: &str, found: Option<&Value<'_>>) -> SqlError {
    SqlError::Other(format!("column {at}: {wanted} wanted, found {found:?}"))
}

/// Whose rows the next statements may touch. PostgreSQL's row-level security holds a connection to it (migrations/postgres/0002_walls.sql).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    Tenant(TenantId),
    /// What has no tenant yet: finding one by key, address or secret; the outbox and timers of all.
    Installation,
}

/// A connection. Statements are prepared once by their text.
pub(crate) trait Sql: Send {
    fn run(&mut self, text: &str, values: &[Value<'_>]) -> Result<u64, SqlError>;
    fn rows(&mut self, text: &str, values: &[Value<'_>]) -> Result<Vec<Row>, SqlError>;
    /// Several statements without values.
    fn script(&mut self, text: &str) -> Result<(), SqlError>;
    /// All rows in as few statements as the database likes.
    fn insert(&mut self, into: &Insert, rows: &[&[Value<'_>]]) -> Result<(), SqlError>;
    /// The same statement for each set of keys within one tenant; answers the rows of all.
    fn each(&mut self, what: &Each, tenant: TenantId, keys: &[&[Value<'_>]]) -> Result<Vec<Row>, SqlError>;
    /// Holds the connection to a tenant's rows, where the database can.
    fn scope(&mut self, scope: Scope) -> Result<(), SqlError>;
    /// Begins a transaction that writes.
    fn begin(&mut self) -> Result<(), SqlError>;
    /// Ends the transaction; it is durable when this returns.
    fn commit(&mut self) -> Result<(), SqlError> {
        self.script("commit")
    }
    /// Undoes to the last `savepoint job`, or all.
    fn undo(&mut self, text: &'static str) -> Result<(), SqlError>;
    /// Whether this is PostgreSQL.
    fn is_postgres(&self) -> bool;
    /// Whether the connection is lost for good.
    fn is_broken(&mut self) -> bool;
    /// A number that stays the same while nobody but this connection changes the database; `None` where the database cannot tell.
    fn edition(&mut self) -> Result<Option<i64>, SqlError> {
        Ok(None)
    }

    fn row(&mut self, text: &str, values: &[Value<'_>]) -> Result<Option<Row>, SqlError> {
        Ok(self.rows(text, values)?.into_iter().next())
    }
}
