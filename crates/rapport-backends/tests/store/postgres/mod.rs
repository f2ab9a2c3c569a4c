//! The store over PostgreSQL.

pub(crate) mod cluster;
pub(crate) mod contract;
mod faults;
mod migrations;
mod walls;

/// As the store's role.
pub(crate) fn client(database: &cluster::Database) -> postgres::Client {
    postgres::Client::connect(&database.url(), postgres::NoTls).expect("client")
}
