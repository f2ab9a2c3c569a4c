//! A capability is for one decision: it is not copied for later.
//! Refused: E0507
use rapport_ethics::{Capability, Care, Profile, Purpose, Sealed};
use rapport_model::{ConsentPurpose, ContactId, Reading};

pub fn keep(leave: &Capability<Care>) -> Capability<Care> {
    *leave
}
