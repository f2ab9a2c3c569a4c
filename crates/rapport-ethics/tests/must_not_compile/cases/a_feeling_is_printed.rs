//! Nothing of it reaches a log.
//! Refused: E0277
use rapport_ethics::{Capability, Care, Profile, Purpose, Sealed};
use rapport_model::{ConsentPurpose, ContactId, Reading};

pub fn log(reading: &Sealed<Reading, Care>) {
    println!("{reading:?}");
}
