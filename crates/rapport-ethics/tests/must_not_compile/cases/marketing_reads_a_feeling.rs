//! A campaign for those who are sad: the reading is in its hands and does not open.
//! Refused: E0609
use rapport_ethics::{Capability, Care, Profile, Purpose, Sealed};
use rapport_model::{ConsentPurpose, ContactId, Reading};

pub fn marketing(reading: &Sealed<Reading, Care>) -> &'static str {
    if reading.valence < 0.0 { "treat yourself" } else { "stay happy" }
}
