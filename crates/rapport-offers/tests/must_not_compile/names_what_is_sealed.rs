//! Commerce that would like to know how somebody feels.

use rapport_ethics::{Care, Sealed};

fn main() {
    let _none: Option<Sealed<f32, Care>> = None;
}
