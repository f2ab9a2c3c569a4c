//! A capability has no parts that others can put together.
//! Refused: E0451
use rapport_ethics::{Capability, Care, Profile, Purpose, Sealed};
use rapport_model::{ConsentPurpose, ContactId, Reading};

pub fn forge(contact: ContactId) -> Capability<Care> {
    Capability { contact, policy_version: String::new(), policies: Vec::new(), purpose: std::marker::PhantomData }
}
