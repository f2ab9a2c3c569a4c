//! Nor is it there for a pattern.
//! Refused: E0451
use rapport_ethics::{Capability, Care, Profile, Purpose, Sealed};
use rapport_model::{ConsentPurpose, ContactId, Reading};

pub fn inside(reading: Sealed<Reading, Care>) -> Reading {
    let Sealed { value, .. } = reading;
    value
}
