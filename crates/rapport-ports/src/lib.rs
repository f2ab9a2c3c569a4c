//! The traits between deciding and the world: store, bus, blobs, intake, clock, entropy; and the contract tests that every implementation passes.

pub mod audit;
pub mod blob;
pub mod bus;
pub mod care;
pub mod channels;
pub mod clock;
pub mod contract;
pub mod feelings;
pub mod intake;
pub mod intents;
pub mod knowledge;
pub mod record;
pub mod store;

pub use audit::*;
pub use blob::*;
pub use bus::*;
pub use care::*;
pub use channels::*;
pub use clock::*;
pub use feelings::*;
pub use intake::*;
pub use intents::*;
pub use knowledge::*;
pub use record::*;
pub use store::*;
