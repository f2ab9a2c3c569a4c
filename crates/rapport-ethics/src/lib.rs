//! What may be done with what is known of a person: consent, sealed data, policies, and the evidence of what was decided. Pure.
//!
//! Three layers stand behind each other. Types: feelings are `Sealed`, and only a `Capability` opens them (`sealed`). Policies: only the `Gate` makes capabilities,
//! after Cedar policies agreed (`gate`, `policies`). Evidence: every decision is a record in the chained audit log (`record`, `chain`).

pub mod chain;
pub mod dark_patterns;
pub mod explain;
pub mod gate;
pub mod policies;
pub mod record;
pub mod request;
pub mod sealed;

pub use chain::{Checkpoint, Fault};
pub use dark_patterns::{DarkPattern, Finding, lint_template};
pub use explain::{Explanation, explain};
pub use gate::{Gate, Lock, Refusal};
pub use rapport_model::CareAct;
pub use policies::{Policies, PolicyFault, Verdict};
pub use record::{EthicsRecord, PseudonymKey};
pub use request::{
    Action, Commerce, Compensation, HeavyMoment, HeavyState, Office, PersonRole, PlainRequest, Request, Source, Sources, Subject, Suitability,
};
pub use sealed::{Capability, Care, Profile, Purpose, Sealed};

/// Lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        // Writing to a string cannot fail.
        let _infallible = write!(out, "{byte:02x}");
        out
    })
}
