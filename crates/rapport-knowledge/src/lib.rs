//! Knowledge of a tenant: articles read from files, indexed by characters and words, and answered from with citations. Pure.

mod answer;
mod confidence;
mod facts;
mod index;
mod passage;
mod sentence;
mod synonym;
mod text;

pub mod import;
pub mod markdown;

pub use answer::Answer;
pub use confidence::{FOUND_MIN, Features, UNSURE_MIN, WEIGHTS, WORLDLY};
pub use import::{ImportReport, ImportedArticle, SkippedPart, import};
pub use index::{Hit, Index};
