//! What may be done with what is known of a person: purposes, consent, sealed data, policies. Pure.

pub mod sealed;

pub use sealed::{Capability, Care, Purpose, Sealed};
