//! One synchronous way to speak to SQLite and PostgreSQL: the same text with `$n` places, values of five kinds.

use std::collections::HashMap;

/// A value sent or read.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Null,
    Int(i64),
    Text(String),
    Bytes(Vec<u8>),
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}
impl From<u32> for Value {
    fn from(value: u32) -> Self {
        Self::Int(i64::from(value))
    }
}
impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Int(i64::from(value))
    }
}
impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}
impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}
impl From<Vec<u8>> for Value {
    fn from(value: Vec<u8>) -> Self {
        Self::Bytes(value)
    }
}
impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// What went wrong in the database.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SqlError {
    #[error("unique: {0}")]
    Unique(String),
    /// Nothing wrong with the database: what was asked cannot be (an expected version, say).
    #[error("{0}")]
    Refused(rapport_model::Fault),
    #[error("database: {0}")]
    Other(String),
}

/// One row, read by position.
#[derive(Debug)]
pub(crate) struct Row(pub(crate) Vec<Value>);

impl Row {
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

fn wrong(at: usize, wanted: &str, found: Option<&Value>) -> SqlError {
    SqlError::Other(format!("column {at}: {wanted} wanted, found {found:?}"))
}

/// A connection. Statements are prepared once by their text.
pub(crate) trait Sql: Send {
    fn run(&mut self, text: &str, values: &[Value]) -> Result<u64, SqlError>;
    fn rows(&mut self, text: &str, values: &[Value]) -> Result<Vec<Row>, SqlError>;
    /// Several statements without values.
    fn script(&mut self, text: &str) -> Result<(), SqlError>;
    /// Whether this is PostgreSQL.
    fn is_postgres(&self) -> bool;

    fn row(&mut self, text: &str, values: &[Value]) -> Result<Option<Row>, SqlError> {
        Ok(self.rows(text, values)?.into_iter().next())
    }
}

/// `($1,$2),($3,$4)` for `rows` rows of `columns`.
pub(crate) fn places(rows: usize, columns: usize) -> String {
    let mut out = String::with_capacity(rows.saturating_mul(columns).saturating_mul(5));
    let mut n = 0_usize;
    for row in 0..rows {
        out.push_str(if row == 0 { "(" } else { ",(" });
        for column in 0..columns {
            n = n.saturating_add(1);
            if column > 0 {
                out.push(',');
            }
            out.push('$');
            out.push_str(&n.to_string());
        }
        out.push(')');
    }
    out
}

pub(crate) struct Sqlite(pub(crate) rusqlite::Connection);

impl rusqlite::ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        use rusqlite::types::{ToSqlOutput, ValueRef};
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
        if let rusqlite::Error::SqliteFailure(code, _) = &error
            && code.code == rusqlite::ErrorCode::ConstraintViolation
        {
            return Self::Unique(error.to_string());
        }
        Self::Other(error.to_string())
    }
}

/// SQLite counts `$1` as a name, not a number: `?1` is the number.
fn numbered(text: &str) -> std::borrow::Cow<'_, str> {
    if text.contains('$') { text.replace('$', "?").into() } else { text.into() }
}

impl Sql for Sqlite {
    fn run(&mut self, text: &str, values: &[Value]) -> Result<u64, SqlError> {
        let mut statement = self.0.prepare_cached(&numbered(text))?;
        let changed = statement.execute(rusqlite::params_from_iter(values))?;
        Ok(u64::try_from(changed).unwrap_or(u64::MAX))
    }

    fn rows(&mut self, text: &str, values: &[Value]) -> Result<Vec<Row>, SqlError> {
        let mut statement = self.0.prepare_cached(&numbered(text))?;
        let columns = statement.column_count();
        let mut found = statement.query(rusqlite::params_from_iter(values))?;
        let mut rows = Vec::new();
        while let Some(row) = found.next()? {
            let mut cells = Vec::with_capacity(columns);
            for column in 0..columns {
                cells.push(match row.get_ref(column)? {
                    rusqlite::types::ValueRef::Null => Value::Null,
                    rusqlite::types::ValueRef::Integer(value) => Value::Int(value),
                    rusqlite::types::ValueRef::Real(value) => Value::Text(value.to_string()),
                    rusqlite::types::ValueRef::Text(value) => Value::Text(String::from_utf8_lossy(value).into_owned()),
                    rusqlite::types::ValueRef::Blob(value) => Value::Bytes(value.to_vec()),
                });
            }
            rows.push(Row(cells));
        }
        Ok(rows)
    }

    fn script(&mut self, text: &str) -> Result<(), SqlError> {
        Ok(self.0.execute_batch(text)?)
    }

    fn is_postgres(&self) -> bool {
        false
    }
}

pub(crate) struct Postgres {
    pub(crate) client: postgres::Client,
    prepared: HashMap<String, postgres::Statement>,
}

impl Postgres {
    pub(crate) fn new(client: postgres::Client) -> Self {
        Self { client, prepared: HashMap::new() }
    }

    fn statement(&mut self, text: &str) -> Result<postgres::Statement, SqlError> {
        if let Some(statement) = self.prepared.get(text) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare(text)?;
        self.prepared.insert(text.to_owned(), statement.clone());
        Ok(statement)
    }
}

impl postgres::types::ToSql for Value {
    fn to_sql(
        &self,
        ty: &postgres::types::Type,
        out: &mut postgres::types::private::BytesMut,
    ) -> Result<postgres::types::IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Self::Null => Ok(postgres::types::IsNull::Yes),
            Self::Int(value) => value.to_sql(ty, out),
            Self::Text(value) => value.to_sql(ty, out),
            Self::Bytes(value) => value.to_sql(ty, out),
        }
    }
    fn accepts(_ty: &postgres::types::Type) -> bool {
        true
    }
    postgres::types::to_sql_checked!();
}

impl From<postgres::Error> for SqlError {
    fn from(error: postgres::Error) -> Self {
        let told = error.as_db_error().map_or_else(|| error.to_string(), |it| it.message().to_owned());
        if error.code() == Some(&postgres::error::SqlState::UNIQUE_VIOLATION) { Self::Unique(told) } else { Self::Other(told) }
    }
}

impl Sql for Postgres {
    fn run(&mut self, text: &str, values: &[Value]) -> Result<u64, SqlError> {
        let statement = self.statement(text)?;
        let values: Vec<&(dyn postgres::types::ToSql + Sync)> = values.iter().map(|it| it as _).collect();
        Ok(self.client.execute(&statement, &values)?)
    }

    fn rows(&mut self, text: &str, values: &[Value]) -> Result<Vec<Row>, SqlError> {
        let statement = self.statement(text)?;
        let values: Vec<&(dyn postgres::types::ToSql + Sync)> = values.iter().map(|it| it as _).collect();
        let found = self.client.query(&statement, &values)?;
        found.iter().map(read_postgres).collect()
    }

    fn script(&mut self, text: &str) -> Result<(), SqlError> {
        Ok(self.client.batch_execute(text)?)
    }

    fn is_postgres(&self) -> bool {
        true
    }
}

fn read_postgres(row: &postgres::Row) -> Result<Row, SqlError> {
    use postgres::types::Type;
    let mut cells = Vec::with_capacity(row.len());
    for (at, column) in row.columns().iter().enumerate() {
        let value = match *column.type_() {
            Type::INT8 => row.try_get::<_, Option<i64>>(at)?.into(),
            Type::BYTEA => row.try_get::<_, Option<Vec<u8>>>(at)?.into(),
            Type::TEXT | Type::VARCHAR => row.try_get::<_, Option<String>>(at)?.into(),
            ref other => return Err(SqlError::Other(format!("column {at} has type {other}"))),
        };
        cells.push(value);
    }
    Ok(Row(cells))
}
