//! PostgreSQL by the same synchronous path: few round trips, each connection held to one tenant's rows at a time.

use std::{collections::HashMap, error::Error, time::Duration};

use postgres::{
    Client, Config, NoTls, Statement,
    error::SqlState,
    types::{IsNull, ToSql, Type, private::BytesMut, to_sql_checked},
};
use rapport_model::TenantId;

use super::{Each, Insert, Kind, Row, Scope, Sql, SqlError, Value};

/// A server that does not answer for this long is gone.
const GONE_AFTER: Duration = Duration::from_secs(10);
/// How long a connection that failed has to say that it still works.
const ANSWERS_WITHIN: Duration = Duration::from_secs(5);

pub(crate) struct Postgres {
    client: Client,
    prepared: HashMap<String, Statement>,
    /// What the session is held to; `None` when a rollback may have taken it back.
    scope: Option<Scope>,
}

impl Postgres {
    pub(crate) fn connect(url: &str) -> Result<Self, SqlError> {
        let mut config: Config = url.parse()?;
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(GONE_AFTER);
        }
        if config.get_tcp_user_timeout().is_none() {
            config.tcp_user_timeout(GONE_AFTER);
        }
        config.keepalives_idle(GONE_AFTER);
        if config.get_application_name().is_none() {
            config.application_name("rapport");
        }
        let mut client = config.connect(NoTls)?;
        // On the server's disk when a commit returns, whatever the role's default is.
        client.batch_execute("set synchronous_commit = on; set lock_timeout = '10s'; set idle_in_transaction_session_timeout = '60s'")?;
        Ok(Self { client, prepared: HashMap::new(), scope: None })
    }

    fn statement(&mut self, text: &str) -> Result<Statement, SqlError> {
        if let Some(statement) = self.prepared.get(text) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare(text)?;
        self.prepared.insert(text.to_owned(), statement.clone());
        Ok(statement)
    }

    fn query(&mut self, text: &str, values: &[&(dyn ToSql + Sync)]) -> Result<Vec<Row>, SqlError> {
        let statement = self.statement(text)?;
        self.client.query(&statement, values)?.iter().map(read).collect()
    }
}

impl ToSql for Value<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Int(value) => value.to_sql(ty, out),
            Self::Text(value) => value.as_ref().to_sql(ty, out),
            Self::Bytes(value) => value.as_ref().to_sql(ty, out),
        }
    }
    fn accepts(_ty: &Type) -> bool {
        true
    }
    to_sql_checked!();
}

/// One column of many rows, sent as an array.
#[derive(Debug)]
struct Column<'a>(Kind, Vec<&'a Value<'a>>);

impl ToSql for Column<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        let Self(kind, values) = self;
        match kind {
            Kind::Int => values.iter().map(|it| if let Value::Int(value) = it { Some(*value) } else { None }).collect::<Vec<_>>().to_sql(ty, out),
            Kind::Text => values.iter().map(|it| if let Value::Text(value) = it { Some(value.as_ref()) } else { None }).collect::<Vec<_>>().to_sql(ty, out),
            Kind::Bytes => values.iter().map(|it| if let Value::Bytes(value) = it { Some(value.as_ref()) } else { None }).collect::<Vec<_>>().to_sql(ty, out),
        }
    }
    fn accepts(_ty: &Type) -> bool {
        true
    }
    to_sql_checked!();
}

/// The columns of rows.
fn columns<'a, R: AsRef<[Value<'a>]>>(kinds: impl Iterator<Item = Kind>, rows: &'a [R]) -> Vec<Column<'a>> {
    let column = |(at, kind)| Column(kind, rows.iter().filter_map(|it| it.as_ref().get(at)).collect());
    kinds.enumerate().map(column).collect()
}

impl From<postgres::Error> for SqlError {
    fn from(error: postgres::Error) -> Self {
        let Some(db) = error.as_db_error() else { return Self::Storage(error.to_string()) };
        let told = db.message().to_owned();
        // Classes of SQLSTATE: 53 resources, 57 operator, 58 system, 40 rolled back (a deadlock between nodes), 55 a lock not had.
        let storage = ["53", "57", "58", "40", "55"].iter().any(|it| db.code().code().starts_with(it));
        if *db.code() == SqlState::UNIQUE_VIOLATION {
            Self::Unique(told)
        } else if *db.code() == SqlState::INSUFFICIENT_PRIVILEGE {
            // The second wall: a row of another tenant. For the caller it is as if it were not there.
            tracing::warn!(told, "row-level security refused a statement");
            Self::Refused(rapport_model::Fault::new(rapport_model::codes::NOT_FOUND))
        } else if storage {
            Self::Storage(told)
        } else {
            Self::Other(told)
        }
    }
}

impl Sql for Postgres {
    fn run(&mut self, text: &str, values: &[Value<'_>]) -> Result<u64, SqlError> {
        let statement = self.statement(text)?;
        let values: Vec<&(dyn ToSql + Sync)> = values.iter().map(|it| it as _).collect();
        Ok(self.client.execute(&statement, &values)?)
    }

    fn rows(&mut self, text: &str, values: &[Value<'_>]) -> Result<Vec<Row>, SqlError> {
        let values: Vec<&(dyn ToSql + Sync)> = values.iter().map(|it| it as _).collect();
        self.query(text, &values)
    }

    fn script(&mut self, text: &str) -> Result<(), SqlError> {
        Ok(self.client.batch_execute(text)?)
    }

    fn insert(&mut self, into: &Insert, rows: &[&[Value<'_>]]) -> Result<(), SqlError> {
        if rows.is_empty() {
            return Ok(());
        }
        let columns = columns(into.kinds(), rows);
        let values: Vec<&(dyn ToSql + Sync)> = columns.iter().map(|it| it as _).collect();
        let statement = self.statement(&into.texts().postgres)?;
        self.client.execute(&statement, &values)?;
        Ok(())
    }

    fn each(&mut self, what: &Each, tenant: TenantId, keys: &[&[Value<'_>]]) -> Result<Vec<Row>, SqlError> {
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        let tenant = Value::from(tenant.as_bytes());
        let columns = columns(what.kinds.iter().copied(), keys);
        let mut values: Vec<&(dyn ToSql + Sync)> = vec![&tenant];
        values.extend(columns.iter().map(|it| it as &(dyn ToSql + Sync)));
        self.query(what.all, &values)
    }

    fn scope(&mut self, scope: Scope) -> Result<(), SqlError> {
        if self.scope == Some(scope) {
            return Ok(());
        }
        self.scope = None;
        let (tenant, installation) = match scope {
            Scope::Tenant(tenant) => (tenant.0.simple().to_string(), "off"),
            Scope::Installation => (String::new(), "on"),
        };
        self.rows("select set_config('rapport.tenant', $1, false), set_config('rapport.installation', $2, false)", &[tenant.into(), installation.into()])?;
        self.scope = Some(scope);
        Ok(())
    }

    fn begin(&mut self) -> Result<(), SqlError> {
        self.script("begin")
    }

    fn undo(&mut self, text: &'static str) -> Result<(), SqlError> {
        // `set_config` is undone with the rest.
        self.scope = None;
        self.script(text)
    }

    fn is_postgres(&self) -> bool {
        true
    }

    fn is_broken(&mut self) -> bool {
        // Asked after a failure only. The server may have said farewell before the socket is known to be closed: the connection itself is asked.
        self.client.is_closed() || self.client.is_valid(ANSWERS_WITHIN).is_err()
    }
}

fn read(row: &postgres::Row) -> Result<Row, SqlError> {
    let cells = row.columns().iter().enumerate().map(|(at, column)| {
        Ok(match *column.type_() {
            Type::INT8 => row.try_get::<_, Option<i64>>(at)?.into(),
            Type::BYTEA => row.try_get::<_, Option<Vec<u8>>>(at)?.into(),
            Type::TEXT | Type::VARCHAR | Type::NAME => row.try_get::<_, Option<String>>(at)?.into(),
            ref other => return Err(SqlError::Other(format!("column {at} has type {other}"))),
        })
    });
    cells.collect::<Result<_, _>>().map(Row)
}
