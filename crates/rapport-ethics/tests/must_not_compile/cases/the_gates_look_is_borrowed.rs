//! What the gate looks in by is the gate's alone.
//! Refused: E0624
use rapport_ethics::{Capability, Care, Profile, Purpose, Sealed};
use rapport_model::{ConsentPurpose, ContactId, Reading};

pub fn inside(reading: &Sealed<Reading, Care>) -> &Reading {
    reading.peek()
}
