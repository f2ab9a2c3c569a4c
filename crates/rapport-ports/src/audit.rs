//! The chain of the audit log, the same over every store: each line's hash covers the one before it.

use rapport_model::AuditLine;
use sha2::{Digest as _, Sha256};

/// The hash of the first line's predecessor.
pub const AUDIT_START: &str = "";

/// Shape: 64 hex digits. Source: SHA-256 (FIPS 180-4) over the previous hash and the record's JSON.
pub fn audit_link(previous: &str, record: &str) -> String {
    use std::fmt::Write as _;
    let digest = Sha256::new().chain_update(previous.as_bytes()).chain_update(record.as_bytes()).finalize();
    digest.iter().fold(String::with_capacity(64), |mut out, byte| {
        // Writing to a string cannot fail.
        let _infallible = write!(out, "{byte:02x}");
        out
    })
}

/// The number of the first line that does not follow from the one before it; `None` when the chain is whole.
/// `oldest_first` begins with line 1.
pub fn broken_audit_line(oldest_first: &[AuditLine]) -> Option<u64> {
    let mut previous = AUDIT_START;
    for (n, line) in (1..).zip(oldest_first) {
        let text = serde_json::to_string(&line.record).unwrap_or_default();
        if line.n != n || line.previous != previous || line.hash != audit_link(previous, &text) {
            return Some(n);
        }
        previous = &line.hash;
    }
    None
}
