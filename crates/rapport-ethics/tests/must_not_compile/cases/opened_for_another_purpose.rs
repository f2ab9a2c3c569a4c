//! Leave for a profile is no leave for feelings.
//! Refused: E0308
use rapport_ethics::{Capability, Care, Profile, Purpose, Sealed};
use rapport_model::{ConsentPurpose, ContactId, Reading};

pub fn open<'a>(reading: &'a Sealed<Reading, Care>, leave: &Capability<Profile>) -> &'a Reading {
    reading.open(leave)
}
