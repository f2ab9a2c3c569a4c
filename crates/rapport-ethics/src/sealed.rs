//! Data that only a stated purpose opens: the type keeps it out of every other use.

use std::marker::PhantomData;

/// What a person allows or not, each by itself.
pub trait Purpose {
    /// Stable name, as in consents and policies.
    const NAME: &'static str;
}

/// Serving this person better: tone, priority, who answers, making good.
#[derive(Debug)]
pub enum Care {}

impl Purpose for Care {
    const NAME: &'static str = "emotion:care";
}

/// Proof that a purpose was allowed for a person just now. Nothing but the gate makes one.
pub struct Capability<P: Purpose> {
    purpose: PhantomData<P>,
}

impl<P: Purpose> Capability<P> {
    /// For the gate of this crate, after consent and policy agreed.
    pub(crate) fn granted() -> Self {
        Self { purpose: PhantomData }
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
    /// Changes what is inside without showing it.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Sealed<U, P> {
        Sealed::new(change(self.value))
    }
}
