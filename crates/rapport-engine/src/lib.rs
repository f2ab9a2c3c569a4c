//! Decisions about conversations: life cycle, bot, queue, routing, business hours, tickets, ratings, care. Pure and synchronous.
//!
//! The shell loads what [`reads`] names into a [`Context`], calls [`decide`], and commits the state that [`advance`] makes of it.

pub mod calendar;
pub mod care;
pub mod holidays;
pub mod reasons;
pub mod ticket;

mod bot;
mod clockwork;
mod consent;
mod context;
mod customer;
mod decide;
mod draft;
mod entries;
mod fold;
mod handover;
mod intent;
mod member;
mod numbers;
mod phrases;
mod quarantine;
mod rating;
mod routing;
mod timers;
mod wishes;

pub use care::Care;
pub use context::{Context, Reads, reads};
pub use decide::decide;
pub use entries::{entries, named, receipt_entry};
pub use fold::{advance, fold};
pub use intent::asks_for_person;
pub use quarantine::quarantine;
pub use routing::{QueueStanding, queue_standing};
