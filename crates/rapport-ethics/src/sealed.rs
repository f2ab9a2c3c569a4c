//! Data that only a stated purpose opens: the type keeps it out of every other use.
//!
//! What may be done with a sealed value without leave: move it, drop it, seal another. It cannot be read, printed, compared, copied, written out or changed by
//! code of others, for any closure could carry its content away. Whoever has the capability may, and only the gate makes capabilities.

use std::marker::PhantomData;

use rapport_model::{ConsentPurpose, ContactId};
use serde::{Serialize, de::DeserializeOwned};

mod closed {
    /// Keeps the list of purposes closed: nobody else can add one.
    pub trait Closed {}
}

/// What a person allows or not, each by itself.
pub trait Purpose: closed::Closed {
    /// The consent that opens it.
    const CONSENT: ConsentPurpose;
    /// Stable name, as in consents and policies.
    const NAME: &'static str = Self::CONSENT.name();
}

/// Serving this person better: tone, priority, who answers, making good.
#[derive(Debug)]
pub enum Care {}

/// Suggesting what suits this person.
#[derive(Debug)]
pub enum Profile {}

impl closed::Closed for Care {}
impl Purpose for Care {
    const CONSENT: ConsentPurpose = ConsentPurpose::EmotionCare;
}
impl closed::Closed for Profile {}
impl Purpose for Profile {
    const CONSENT: ConsentPurpose = ConsentPurpose::Profile;
}

/// Proof that a purpose was allowed for a person just now. Nothing but the gate makes one; it is for one decision, and is neither copied nor stored.
#[must_use]
pub struct Capability<P: Purpose> {
    contact: ContactId,
    policy_version: String,
    policies: Vec<String>,
    purpose: PhantomData<P>,
}

impl<P: Purpose> Capability<P> {
    /// For the gate of this crate, after switch, consent and policy agreed.
    pub(crate) fn granted(contact: ContactId, policy_version: String, policies: Vec<String>) -> Self {
        Self { contact, policy_version, policies, purpose: PhantomData }
    }
    /// Whose data it opens.
    pub fn contact(&self) -> ContactId {
        self.contact
    }
    /// Of the policies that agreed, for the audit.
    pub fn policy_version(&self) -> &str {
        &self.policy_version
    }
    /// Ids of the policies that agreed, for the audit.
    pub fn policies(&self) -> &[String] {
        &self.policies
    }
}

/// A value that cannot be read, printed, compared, copied or written out without the capability of its purpose.
pub struct Sealed<T, P: Purpose> {
    value: T,
    purpose: PhantomData<P>,
}

impl<T, P: Purpose> Sealed<T, P> {
    pub fn new(value: T) -> Self {
        Self { value, purpose: PhantomData }
    }
    pub fn open(&self, _allowed: &Capability<P>) -> &T {
        &self.value
    }
    pub fn into_inner(self, _allowed: &Capability<P>) -> T {
        self.value
    }
    /// Changes what is inside; needs the capability, for `change` sees it.
    pub fn map<U>(self, _allowed: &Capability<P>, change: impl FnOnce(T) -> U) -> Sealed<U, P> {
        Sealed::new(change(self.value))
    }
    /// For the gate alone, which looks in to hold offers back.
    pub(crate) fn peek(&self) -> &T {
        &self.value
    }
}

impl<T: Serialize, P: Purpose> Sealed<T, P> {
    /// The form in which the store keeps it. Errors: the value has no JSON form.
    pub fn seal_json(&self, _allowed: &Capability<P>) -> Result<String, serde_json::Error> {
        serde_json::to_string(&self.value)
    }
}

impl<T: DeserializeOwned, P: Purpose> Sealed<T, P> {
    /// From the store, sealed again before anybody sees it. Errors: not the form `seal_json` gives; the error names a place and never the content.
    pub fn from_stored(json: &str) -> Result<Self, StoredFault> {
        serde_json::from_str(json).map(Self::new).map_err(|error| StoredFault { column: error.column() })
    }
}

/// A stored value that could not be read back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("sealed data cannot be read at column {column}")]
pub struct StoredFault {
    pub column: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_sealed_comes_back_and_a_fault_says_nothing_of_it() {
        let allowed = Capability::<Care>::granted(ContactId(uuid::Uuid::nil()), String::new(), Vec::new());
        let sealed = Sealed::<_, Care>::new(vec![1, 2, 3]).map(&allowed, |it| it.into_iter().rev().collect::<Vec<_>>());
        let stored = sealed.seal_json(&allowed).unwrap();
        let back = Sealed::<Vec<i32>, Care>::from_stored(&stored).unwrap();
        assert_eq!(back.open(&allowed), &[3, 2, 1]);
        let Err(fault) = Sealed::<Vec<i32>, Care>::from_stored("[\"secret\"]") else { panic!("it is no number") };
        assert!(!fault.to_string().contains("secret"));
        assert_eq!(Care::NAME, "emotion:care");
    }
}
