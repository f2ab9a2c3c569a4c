//! The store over SQLite, files in a folder, and the in-process bus.

mod contract;
mod durability;
mod migrations;
