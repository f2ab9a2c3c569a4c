//! The store over SQLite, files in a folder, and the in-process bus.

pub(crate) mod contract;
mod durability;
mod migrations;
