//! Nothing of it reaches a reply or a file.

use rapport_ethics::{Care, Sealed};
use rapport_model::Reading;

fn write_out<T: serde::Serialize>(_value: &T) {}

fn main() {
    let sealed: Sealed<Reading, Care> = Sealed::new(Reading::default());
    write_out(&sealed);
}
