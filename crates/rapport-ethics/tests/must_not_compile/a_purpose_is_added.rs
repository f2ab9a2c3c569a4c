//! The list of purposes is closed.

use rapport_ethics::Purpose;
use rapport_model::ConsentPurpose;

enum Selling {}

impl Purpose for Selling {
    const CONSENT: ConsentPurpose = ConsentPurpose::Profile;
}

fn main() {}
