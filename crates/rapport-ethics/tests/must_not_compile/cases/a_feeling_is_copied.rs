//! A sealed value is not copied.
//! Refused: E0507
use rapport_ethics::{Capability, Care, Profile, Purpose, Sealed};
use rapport_model::{ConsentPurpose, ContactId, Reading};

pub fn copy(reading: &Sealed<Reading, Care>) -> Sealed<Reading, Care> {
    *reading
}
