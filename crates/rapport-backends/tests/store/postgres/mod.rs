//! The store over PostgreSQL.

mod cluster;
pub(crate) mod contract;
mod faults;
mod migrations;
mod walls;

/// As the store's role.
fn client(database: &cluster::Database) -> postgres::Client {
    postgres::Client::connect(&database.url(), postgres::NoTls).expect("client")
}
