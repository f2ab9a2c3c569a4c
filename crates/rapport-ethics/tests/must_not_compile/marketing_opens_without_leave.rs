//! Opening needs the capability of this purpose: none, or another one's, does not do.

use rapport_ethics::{Capability, Care, Profile, Sealed};
use rapport_model::Reading;

fn without(reading: &Sealed<Reading, Care>) -> &Reading {
    reading.open()
}

fn with_another<'a>(reading: &'a Sealed<Reading, Care>, leave: &Capability<Profile>) -> &'a Reading {
    reading.open(leave)
}

fn main() {}
