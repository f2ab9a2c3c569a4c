//! What a customer feels: from a text to a reading, from readings to a mood over the conversation, and labels that a firm teaches itself.

pub mod alarm;
pub mod behaviour;
pub mod cue;
mod evaluate;
mod fit;
pub mod grams;
pub mod label;
mod lexicon;
mod meaning;
pub mod model;
pub mod mood;
pub mod own;
mod prepared;
pub mod satisfaction;
pub mod text;
pub mod train;
pub mod turn;

pub use cue::Cue;
pub use evaluate::evaluate;
pub use mood::{Cause, Level, Mood, Point, Rules};
pub use text::Reader;
pub use turn::{Kept, Turn, assess};
