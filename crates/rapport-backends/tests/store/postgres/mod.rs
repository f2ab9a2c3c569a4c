//! The store over PostgreSQL.

mod cluster;
pub(crate) mod contract;
mod faults;
mod migrations;
mod walls;
