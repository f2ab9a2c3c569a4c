//! What was sealed for care does not become something else.
//! Refused: E0308
use rapport_ethics::{Capability, Care, Profile, Purpose, Sealed};
use rapport_model::{ConsentPurpose, ContactId, Reading};

pub fn relabel(reading: Sealed<Reading, Care>) -> Sealed<Reading, Profile> {
    reading
}
