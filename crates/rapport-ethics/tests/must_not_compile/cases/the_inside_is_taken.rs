//! The field itself is not there for others.
//! Refused: E0616
use rapport_ethics::{Capability, Care, Profile, Purpose, Sealed};
use rapport_model::{ConsentPurpose, ContactId, Reading};

pub fn inside(reading: &Sealed<Reading, Care>) -> f32 {
    reading.value.valence
}
