//! A campaign for those who are sad: the reading is in its hands and does not open.

use rapport_ethics::{Care, Sealed};
use rapport_model::Reading;

fn marketing(reading: &Sealed<Reading, Care>) -> &'static str {
    if reading.valence < 0.0 { "treat yourself" } else { "stay happy" }
}

fn around(reading: &Sealed<Reading, Care>) -> f32 {
    reading.value.valence
}

fn main() {
    let sealed = Sealed::new(Reading::default());
    println!("{} {}", marketing(&sealed), around(&sealed));
}
