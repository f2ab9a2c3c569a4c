//! Bringing a database to this program's schema: numbered steps, applied in order, all of them or none.

use crate::sql::{Sql, SqlError};

/// One step's text for each database. A new one is added at the end and none is ever changed.
pub(crate) const SQLITE: &[&str] = &[
    include_str!("../../../migrations/sqlite/0001_foundation.sql"),
    include_str!("../../../migrations/sqlite/0002_walls.sql"),
    include_str!("../../../migrations/sqlite/0003_indexes.sql"),
    include_str!("../../../migrations/sqlite/0004_fewer_pages.sql"),
    include_str!("../../../migrations/sqlite/0005_journal_rows.sql"),
    include_str!("../../../migrations/sqlite/0006_fewer_pages_again.sql"),
    include_str!("../../../migrations/sqlite/0007_care.sql"),
];
pub(crate) const POSTGRES: &[&str] = &[
    include_str!("../../../migrations/postgres/0001_foundation.sql"),
    include_str!("../../../migrations/postgres/0002_walls.sql"),
    include_str!("../../../migrations/postgres/0003_indexes.sql"),
    include_str!("../../../migrations/postgres/0004_fewer_pages.sql"),
    include_str!("../../../migrations/postgres/0005_journal_rows.sql"),
    include_str!("../../../migrations/postgres/0006_fewer_pages_again.sql"),
    include_str!("../../../migrations/postgres/0007_care.sql"),
];

/// Any number that no other program on the same PostgreSQL database is likely to lock by.
const LOCK: i64 = 0x5241_5050_4f52_5431;

/// Why a database was left as it was.
#[derive(Debug, thiserror::Error)]
pub(crate) enum MigrateError {
    #[error("the database has schema {found}, this program knows up to {known}: it was used by a newer version of Rapport; start that one")]
    Newer { found: usize, known: usize },
    #[error("migration {number} failed, the database is unchanged: {error}")]
    Step { number: usize, error: SqlError },
    #[error(transparent)]
    Sql(#[from] SqlError),
}

/// Applies what is missing. Programs that start at once wait for each other here.
pub(crate) fn migrate(sql: &mut dyn Sql, steps: &[&str]) -> Result<(), MigrateError> {
    sql.begin()?;
    let outcome = in_transaction(sql, steps);
    match outcome {
        Ok(()) => Ok(sql.script("commit")?),
        Err(error) => {
            sql.undo("rollback")?;
            Err(error)
        }
    }
}

fn in_transaction(sql: &mut dyn Sql, steps: &[&str]) -> Result<(), MigrateError> {
    if sql.is_postgres() {
        sql.script(&format!("select pg_advisory_xact_lock({LOCK})"))?;
    }
    sql.script("create table if not exists schema_version (version bigint not null, checked bigint not null)")?;
    let found = match sql.row("select version from schema_version", &[])? {
        Some(row) => usize::try_from(row.count(0)?).unwrap_or(usize::MAX),
        None => {
            sql.run("insert into schema_version (version, checked) values ($1, $2)", &[0_i64.into(), 0_i64.into()])?;
            0
        }
    };
    if found > steps.len() {
        return Err(MigrateError::Newer { found, known: steps.len() });
    }
    for (number, text) in (1_usize..).zip(steps).skip(found) {
        sql.script(text).map_err(|error| MigrateError::Step { number, error })?;
        sql.run("update schema_version set version = $1", &[i64::try_from(number).unwrap_or(i64::MAX).into()])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::Sqlite;

    fn memory() -> Sqlite {
        Sqlite(rusqlite::Connection::open_in_memory().expect("memory"))
    }

    fn version(sql: &mut Sqlite) -> u64 {
        sql.row("select version from schema_version", &[]).expect("row").expect("a version").count(0).expect("a number")
    }

    #[test]
    fn steps_are_applied_once_and_in_order() {
        let mut sql = memory();
        migrate(&mut sql, &["create table a (n bigint)"]).expect("first");
        migrate(&mut sql, &["not sql: applied already", "insert into a values (1); create table b (n bigint)"]).expect("second only");
        migrate(&mut sql, &["not sql", "not sql"]).expect("nothing left to do");
        assert_eq!(version(&mut sql), 2);
        assert_eq!(sql.rows("select n from a, (select count(*) from b)", &[]).expect("both").len(), 1);
    }

    #[test]
    fn a_step_that_fails_leaves_the_database_as_it_was() {
        let mut sql = memory();
        migrate(&mut sql, &["create table a (n bigint)"]).expect("first");
        let error = migrate(&mut sql, &["", "create table b (n bigint)", "create table a (n bigint)"]).expect_err("a exists");
        assert!(matches!(error, MigrateError::Step { number: 3, .. }), "{error}");
        assert_eq!(version(&mut sql), 1);
        assert!(sql.rows("select n from b", &[]).is_err(), "step 2 was undone with step 3");
    }

    #[test]
    fn a_newer_database_is_left_alone() {
        let mut sql = memory();
        migrate(&mut sql, &["create table a (n bigint)", "create table b (n bigint)"]).expect("new");
        let error = migrate(&mut sql, &["create table a (n bigint)"]).expect_err("refused");
        assert!(error.to_string().contains("schema 2, this program knows up to 1"), "{error}");
        assert_eq!(version(&mut sql), 2);
    }

    #[test]
    fn both_databases_have_the_same_number_of_steps() {
        assert_eq!(SQLITE.len(), POSTGRES.len());
    }
}
