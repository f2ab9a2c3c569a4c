//! A capability is for one decision: it is not copied for later.

use rapport_ethics::{Capability, Care};

fn keep(leave: &Capability<Care>) -> Capability<Care> {
    leave.clone()
}

fn main() {}
