//! Opening needs a capability.
//! Refused: E0061
use rapport_ethics::{Capability, Care, Profile, Purpose, Sealed};
use rapport_model::{ConsentPurpose, ContactId, Reading};

pub fn open(reading: &Sealed<Reading, Care>) -> &Reading {
    reading.open()
}
