//! What a customer wants and feels: intent, language, feeling, jargon, personal data. Pure: models come in as bytes.

mod bytes;
pub mod dataset;
pub mod emotion;
pub mod intent;
pub mod lexicon;
pub mod linear;
pub mod personal;
