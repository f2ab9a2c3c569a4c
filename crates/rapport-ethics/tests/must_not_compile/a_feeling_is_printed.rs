//! Nothing of it reaches a log.

use rapport_ethics::{Care, Sealed};
use rapport_model::Reading;

fn main() {
    let sealed: Sealed<Reading, Care> = Sealed::new(Reading::default());
    println!("{sealed:?}");
}
