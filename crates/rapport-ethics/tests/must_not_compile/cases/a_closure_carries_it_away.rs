//! Changing what is inside would show it to the closure: it needs leave.
//! Refused: E0308
use rapport_ethics::{Capability, Care, Profile, Purpose, Sealed};
use rapport_model::{ConsentPurpose, ContactId, Reading};

pub fn inside(reading: Sealed<Reading, Care>, leave: &Capability<Profile>) -> Vec<Reading> {
    let mut away = Vec::new();
    reading.map(leave, |it| away.push(it));
    away
}
