//! Guessing by comparing does not work either.
//! Refused: E0369
use rapport_ethics::{Capability, Care, Profile, Purpose, Sealed};
use rapport_model::{ConsentPurpose, ContactId, Reading};

pub fn guess(reading: &Sealed<Reading, Care>, guess: &Sealed<Reading, Care>) -> bool {
    *reading == *guess
}
