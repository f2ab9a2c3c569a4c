//! The gate's own way in is private.
//! Refused: E0624
use rapport_ethics::{Capability, Care, Profile, Purpose, Sealed};
use rapport_model::{ConsentPurpose, ContactId, Reading};

pub fn forge(contact: ContactId) -> Capability<Care> {
    Capability::granted(contact, String::new(), Vec::new())
}
