//! The store over both databases: the contract, and what is each one's own.

mod bar;
mod fixtures;
mod postgres;
mod sqlite;
