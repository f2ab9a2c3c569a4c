//! The list of purposes is closed.
//! Refused: E0277
use rapport_ethics::{Capability, Care, Profile, Purpose, Sealed};
use rapport_model::{ConsentPurpose, ContactId, Reading};

pub enum Selling {}

impl Purpose for Selling {
    const CONSENT: ConsentPurpose = ConsentPurpose::Profile;
}
