//! Secrets that are shown once and stored as their SHA-256: sessions, API tokens, sign-in links.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use rapport_ports::Entropy;
use sha2::{Digest as _, Sha256};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretKind {
    Session,
    ApiToken,
    SignInLink,
}

/// 256 random bits with a prefix that tells scanners what leaked.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    pub fn new(kind: SecretKind, entropy: &dyn Entropy) -> Self {
        let mut random = [0_u8; 32];
        entropy.fill(&mut random);
        let prefix = match kind {
            SecretKind::Session => "rps_",
            SecretKind::ApiToken => "rpt_",
            SecretKind::SignInLink => "rpl_",
        };
        Self(format!("{prefix}{}", URL_SAFE_NO_PAD.encode(random)))
    }
    pub fn hash(&self) -> [u8; 32] {
        hash_of(&self.0)
    }
    /// The text itself, for whoever is to keep it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// What is stored of a shown secret.
pub fn hash_of(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}
