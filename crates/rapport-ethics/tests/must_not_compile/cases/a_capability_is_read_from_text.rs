//! Nor does one come out of a file.
//! Refused: E0277
use rapport_ethics::{Capability, Care, Profile, Purpose, Sealed};
use rapport_model::{ConsentPurpose, ContactId, Reading};

fn read<T: serde::de::DeserializeOwned>() -> Option<T> {
    None
}

pub fn forge() -> Option<Capability<Care>> {
    read()
}
