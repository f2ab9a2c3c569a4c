//! What a text wants: the linear core, calibration, neighbours, out of scope.

mod evaluate;
mod features;
mod fresh;
mod fuse;
pub mod metrics;
mod model;
mod scope;
mod store;
mod train;
mod understand;
mod views;
pub mod wishes;

pub use evaluate::{Figures, evaluate};
pub use features::{normalised, features, named_features};
pub use fuse::{Mix, greatest};
pub use model::{Assessment, Model, TEXT_CHARS_MAX};
pub use store::ReadError;
pub use train::{EXAMPLES_MAX, Example, HeldAside, LABELS_MAX, OUT_OF_SCOPE, Settings, TrainError, Trained, train};
pub use understand::{Speaker, Understander, examples};
pub use views::Encode;
