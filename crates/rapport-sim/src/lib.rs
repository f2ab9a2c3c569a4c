//! The real engine in a small seeded world: customers, agents, faults, a reference store, invariants; and stories played in it.

pub mod care;
pub mod client;
pub mod node;
pub mod sabotage;
pub mod seeds;
pub mod store;
pub mod story;
pub mod taught;
pub mod world;

mod invariants;

pub use sabotage::Sabotage;
pub use world::{Plan, Report, run};
