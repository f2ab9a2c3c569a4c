//! Nothing of it reaches a reply or a file.
//! Refused: E0277
use rapport_ethics::{Capability, Care, Profile, Purpose, Sealed};
use rapport_model::{ConsentPurpose, ContactId, Reading};

fn written_out<T: serde::Serialize>(_value: &T) {}

pub fn reply(reading: &Sealed<Reading, Care>) {
    written_out(reading);
}
