//! Only the gate makes capabilities: not by hand, and not by its own way in.

use rapport_ethics::{Capability, Care};
use rapport_model::ContactId;

fn main() {
    let contact = ContactId(uuid::Uuid::nil());
    let _granted = Capability::<Care>::granted(contact, String::new(), Vec::new());
    let _made = Capability::<Care> { contact, policy_version: String::new(), policies: Vec::new(), purpose: std::marker::PhantomData };
}
