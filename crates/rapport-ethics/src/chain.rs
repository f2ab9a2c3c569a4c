//! Whether an audit log is what was written: every line follows from the one before it, and it reaches at least to a signed head.
//!
//! It recomputes the chain by itself, without the code that wrote it: a fault of the writer is not shared by who checks.

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use rapport_model::{AuditLine, TenantId, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::hex;

/// Where a log is not what was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The line at this place (from 1) does not follow from the one before it, or cannot be read as it was written.
    #[error("line {0} was changed, dropped or put elsewhere")]
    Line(u64),
    /// The log ends before the head that was signed.
    #[error("lines {from} to {to} are missing at the end")]
    Truncated { from: u64, to: u64 },
    /// The line at the signed head is another one: the log was written anew.
    #[error("line {0} is not the one that was signed")]
    Rewritten(u64),
    /// The head is not signed by this key, or it is another tenant's.
    #[error("the head at line {0} has no good signature")]
    Signature(u64),
}

impl Fault {
    /// The place, from 1.
    pub fn line(self) -> u64 {
        match self {
            Self::Line(n) | Self::Truncated { from: n, .. } | Self::Rewritten(n) | Self::Signature(n) => n,
        }
    }
}

/// Signs heads. The shell keeps its seed outside the database.
pub struct AuditKey(SigningKey);

impl AuditKey {
    /// `seed`: 32 random bytes.
    pub fn new(seed: [u8; 32]) -> Self {
        Self(SigningKey::from_bytes(&seed))
    }
    /// What an auditor needs to check heads. Shape: 64 hex digits.
    pub fn public(&self) -> String {
        hex(self.0.verifying_key().as_bytes())
    }
}

/// A head of the log, signed and kept elsewhere: whoever has it notices when lines after the last but before it are gone.
/// Source: Ed25519 (RFC 8032) over the tenant, the number, the hash and the time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Checkpoint {
    pub tenant: TenantId,
    /// Number of the newest line; 0 for an empty log.
    pub n: u64,
    /// Its hash; empty for an empty log.
    pub hash: String,
    pub at: Timestamp,
    /// 128 hex digits.
    pub signature: String,
}

impl Checkpoint {
    /// `newest`: the last line of a log that was verified; none for an empty one.
    pub fn sign(tenant: TenantId, newest: Option<&AuditLine>, at: Timestamp, key: &AuditKey) -> Self {
        let (n, hash) = newest.map_or((0, String::new()), |it| (it.n, it.hash.clone()));
        let signature = hex(&key.0.sign(message(tenant, n, &hash, at).as_bytes()).to_bytes());
        Self { tenant, n, hash, at, signature }
    }

    /// `public`: 64 hex digits.
    pub fn is_signed_by(&self, public: &str) -> bool {
        let (Some(key), Some(signature)) = (bytes::<32>(public), bytes::<64>(&self.signature)) else { return false };
        let text = message(self.tenant, self.n, &self.hash, self.at);
        VerifyingKey::from_bytes(&key).is_ok_and(|it| it.verify_strict(text.as_bytes(), &Signature::from_bytes(&signature)).is_ok())
    }
}

fn message(tenant: TenantId, n: u64, hash: &str, at: Timestamp) -> String {
    format!("rapport audit head 1\n{tenant}\n{n}\n{hash}\n{}", at.0)
}

/// Lower-case hex of exactly that many bytes: one spelling for each value.
fn bytes<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digit = |it: u8| match it {
        b'0'..=b'9' => Some(it - b'0'),
        b'a'..=b'f' => Some(it - b'a' + 10),
        _ => None,
    };
    let mut out = [0_u8; N];
    if text.len() != N * 2 {
        return None;
    }
    for (to, pair) in out.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        let &[high, low] = pair else { return None };
        *to = digit(high)? << 4 | digit(low)?;
    }
    Some(out)
}

/// Checks every line, from line 1, each against the one before it. `oldest_first` is the whole log; its end is only held by a head (`verify_to`).
pub fn verify(oldest_first: &[AuditLine]) -> Result<(), Fault> {
    let mut previous = "";
    for (n, line) in (1..).zip(oldest_first) {
        let record = serde_json::to_string(&line.record).map_err(|_unwritable| Fault::Line(n))?;
        let hash = hex(&Sha256::new().chain_update(previous.as_bytes()).chain_update(record.as_bytes()).finalize());
        if line.n != n || line.previous != previous || line.hash != hash {
            return Err(Fault::Line(n));
        }
        previous = &line.hash;
    }
    Ok(())
}

/// The same, and that the log holds the signed head: nothing was cut off at the end before it, and the log was not written anew as a whole.
/// `public`: the key's 64 hex digits, known from elsewhere.
pub fn verify_to(oldest_first: &[AuditLine], head: &Checkpoint, tenant: TenantId, public: &str) -> Result<(), Fault> {
    if head.tenant != tenant || !head.is_signed_by(public) {
        return Err(Fault::Signature(head.n));
    }
    verify(oldest_first)?;
    let reached = oldest_first.last().map_or(0, |it| it.n);
    if reached < head.n {
        return Err(Fault::Truncated { from: reached + 1, to: head.n });
    }
    let signed = oldest_first.iter().find(|it| it.n == head.n);
    if signed.is_some_and(|it| it.hash != head.hash) {
        return Err(Fault::Rewritten(head.n));
    }
    Ok(())
}

/// An exported log as text, one line of JSON each. Errors: the first that is not exactly as it was written, to the byte.
pub fn read(export: &str) -> Result<Vec<AuditLine>, Fault> {
    if export.is_empty() {
        return Ok(Vec::new());
    }
    let mut lines = Vec::new();
    // Each line ends with a line feed, the last one too.
    let parts = export.split('\n').count();
    for (n, text) in (1..).zip(export.split('\n').take(parts - 1)) {
        let line: AuditLine = serde_json::from_str(text).map_err(|_unread| Fault::Line(n))?;
        // Names of fields, blanks and ways to write a sign are not covered by a hash of the content.
        if serde_json::to_string(&line).is_ok_and(|it| it != text) {
            return Err(Fault::Line(n));
        }
        lines.push(line);
    }
    if export.ends_with('\n') { Ok(lines) } else { Err(Fault::Line(u64::try_from(parts).unwrap_or(u64::MAX))) }
}

/// A log as `read` takes it. Errors: none that can occur, since a line has a JSON form.
pub fn write(oldest_first: &[AuditLine]) -> Result<String, serde_json::Error> {
    let mut out = String::new();
    for line in oldest_first {
        out.push_str(&serde_json::to_string(line)?);
        out.push('\n');
    }
    Ok(out)
}
