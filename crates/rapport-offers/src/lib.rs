//! What is offered to whom and at what price: from segments, purchases, prices, campaigns and time. Pure, and blind to feelings.
//!
//! This crate cannot name how somebody feels: it does not know the crate that holds it sealed. All it hears is `Suppression`, which can only make it say less;
//! prices do not hear even that. What is sealed has no name here:
//!
//! ```compile_fail,E0432
//! use rapport_ethics::Sealed;
//! ```
//! while the lock has:
//! ```
//! use rapport_model::Suppression;
//! ```

pub mod marketing;
pub mod price;
pub mod recommend;

pub use marketing::{Campaign, OfferContext, Push, PushRules, SentPush, marketing};
pub use price::{Discount, Price, PriceContext, PriceStep, Tier, price};
pub use recommend::{CoPurchases, Item, Purchase, RecommendContext, Recommendation, recommend};
