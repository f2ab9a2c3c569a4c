//! Bytes ↔ typed messages, one module per channel or token format, with signatures and limits. Pure.

pub mod channel;
pub mod live;
pub mod mail;
