//! The evidence of one decision about a person, in a form that the chained audit log keeps and that an erasure leaves whole and mute.

use hmac::{Hmac, KeyInit as _, Mac as _};
use rapport_model::{Actor, AuditRecord, ContactId, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::{Request, Verdict, hex};

/// The secret of one contact, kept apart from the log. Once it is shredded, nobody can tell whose lines these were; the chain stays whole.
pub struct PseudonymKey([u8; 32]);

impl PseudonymKey {
    /// `random`: 32 bytes of the shell's entropy, new for each contact.
    pub fn new(random: [u8; 32]) -> Self {
        Self(random)
    }
    /// What the store keeps until the person is erased.
    pub fn to_bytes(&self) -> [u8; 32] {
        self.0
    }
    /// Stands for the contact in the log. Shape: 64 hex digits. Source: HMAC-SHA-256 (RFC 2104).
    pub fn pseudonym(&self, contact: ContactId) -> String {
        self.mac("subject", contact.as_bytes())
    }
    /// Binds a decision to what it rested on without keeping it: whoever has the input and the key can show that it was this.
    /// Shape: 64 hex digits. Source: HMAC-SHA-256 (RFC 2104); keyed, since short inputs could be guessed from a bare hash.
    pub fn commitment(&self, input: &[u8]) -> String {
        self.mac("input", input)
    }

    fn mac(&self, what: &str, bytes: &[u8]) -> String {
        // HMAC fills a short key up with zeros to the block of 64 bytes; done here, no length can be wrong.
        let mut block = [0_u8; 64];
        for (to, from) in block.iter_mut().zip(self.0) {
            *to = from;
        }
        let mac = Hmac::<Sha256>::new(&block.into()).chain_update(what.as_bytes()).chain_update([0]).chain_update(bytes);
        hex(&mac.finalize().into_bytes())
    }
}

/// One decision as the audit keeps it. Fields are in the order of their names, lists sorted: the same decision is the same text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EthicsRecord {
    /// As in the schema of the policies: `infer_emotion`, `soothe`, `marketing_push`.
    pub action: String,
    /// Whether it was allowed.
    pub allowed: bool,
    pub determining_policies: Vec<String>,
    /// `PseudonymKey::commitment` of what it rested on; empty where there was nothing.
    pub input_commitment: String,
    /// First 16 hex digits each, as in `Evidence::model`.
    pub model_ids: Vec<String>,
    pub policy_version: String,
    pub purpose: String,
    /// `PseudonymKey::pseudonym`.
    pub subject: String,
}

impl EthicsRecord {
    /// `input`: what the decision rested on, as bytes; only its commitment is kept.
    pub fn new(request: &Request<'_>, verdict: &Verdict, models: &[&str], input: &[u8], key: &PseudonymKey) -> Self {
        let mut model_ids: Vec<_> = models.iter().map(|it| (*it).to_owned()).collect();
        model_ids.sort();
        model_ids.dedup();
        Self {
            action: request.action.name().to_owned(),
            allowed: verdict.allowed,
            determining_policies: verdict.determining.clone(),
            input_commitment: if input.is_empty() { String::new() } else { key.commitment(input) },
            model_ids,
            policy_version: verdict.version.clone(),
            purpose: request.action.purpose().to_owned(),
            subject: key.pseudonym(request.subject.contact),
        }
    }

    /// As one line for the audit log. Errors: none that can occur, since all fields are texts.
    pub fn line(&self, at: Timestamp, actor: Actor) -> Result<AuditRecord, serde_json::Error> {
        let detail = serde_json::to_string(self)?;
        Ok(AuditRecord { at, actor, action: format!("ethics.{}", self.action), target: self.subject.clone(), detail })
    }

    /// From a line of the log; `None` when it is another kind of line or not in canonical form.
    pub fn from_line(line: &AuditRecord) -> Option<Self> {
        let record: Self = serde_json::from_str(&line.detail).ok()?;
        let is_same = record.line(line.at, line.actor).is_ok_and(|it| it == *line);
        is_same.then_some(record)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Action, Office, PersonRole, Subject};

    fn record(key: &PseudonymKey, input: &[u8], models: &[&str]) -> EthicsRecord {
        let subject = Subject { contact: ContactId(uuid::Uuid::from_u128(7)), role: PersonRole::Customer, consents: &[] };
        let request = Request { office: Office::Care, subject, action: Action::InferEmotion { tenant_switch: true } };
        let verdict = Verdict { allowed: false, determining: vec!["emotion.no_consent".into()], version: "v".into(), errors: Vec::new() };
        EthicsRecord::new(&request, &verdict, models, input, key)
    }

    #[test]
    fn a_record_is_canonical_and_comes_back() {
        let key = PseudonymKey::new([1; 32]);
        let record = record(&key, b"words", &["b", "a", "b"]);
        let line = record.line(Timestamp(5), Actor::System).unwrap();
        assert_eq!(line.action, "ethics.infer_emotion");
        assert_eq!(EthicsRecord::from_line(&line).as_ref(), Some(&record));
        let fields: Vec<_> = serde_json::from_str::<serde_json::Value>(&line.detail).unwrap().as_object().unwrap().keys().cloned().collect();
        let written: Vec<_> = line.detail.split('"').filter(|it| fields.contains(&(*it).to_owned())).map(str::to_owned).collect();
        assert_eq!(written, fields, "keys stand in their order");
        assert_eq!(record.model_ids, ["a", "b"]);
        assert!(!line.detail.contains("words"));
        let spaced = AuditRecord { detail: line.detail.replace(':', ": "), ..line };
        assert_eq!(EthicsRecord::from_line(&spaced), None);
    }

    #[test]
    fn without_the_key_nobody_can_tell_whose_it_was() {
        let (one, other) = (record(&PseudonymKey::new([1; 32]), b"x", &[]), record(&PseudonymKey::new([2; 32]), b"x", &[]));
        assert_ne!(one.subject, other.subject);
        assert_ne!(one.input_commitment, other.input_commitment);
        // RFC 4231, test case 2, by way of the same construction: the prefix and its zero are part of the message.
        let mut key = [0_u8; 32];
        key[..4].copy_from_slice(b"Jefe");
        let expected = Hmac::<Sha256>::new_from_slice(b"Jefe").unwrap().chain_update(b"input\0what do ya want for nothing?").finalize();
        assert_eq!(PseudonymKey::new(key).commitment(b"what do ya want for nothing?"), hex(&expected.into_bytes()));
    }
}
