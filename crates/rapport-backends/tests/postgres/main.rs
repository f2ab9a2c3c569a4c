//! The store over PostgreSQL.

mod cluster;
mod contract;
mod faults;
mod migrations;
mod walls;
