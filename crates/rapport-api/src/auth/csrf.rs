//! The value that a page of ours shows with every change: derived from the session, unknown to other sites.

use axum::http::HeaderMap;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;

use super::Proof;

const HEADER: &str = "x-rapport-csrf";

/// Keyed digest of `parts` under the server's secret, apart by `purpose`.
pub(crate) fn keyed(secret: &[u8; 32], purpose: &str, parts: &[&[u8]]) -> [u8; 32] {
    // As HMAC itself does: a key shorter than a block is filled up with zeros.
    let mut key = [0_u8; 64];
    key[..32].copy_from_slice(secret);
    let mut mac = Hmac::<Sha256>::new(&key.into());
    mac.update(purpose.as_bytes());
    for part in parts {
        mac.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_le_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

pub(crate) fn csrf_of(server_secret: &[u8; 32], session: &Proof) -> String {
    URL_SAFE_NO_PAD.encode(keyed(server_secret, "csrf", &[&session.hash]))
}

pub(crate) fn has_csrf(server_secret: &[u8; 32], session: &Proof, headers: &HeaderMap) -> bool {
    let shown = headers.get(HEADER).map(|it| it.as_bytes()).unwrap_or_default();
    csrf_of(server_secret, session).as_bytes().ct_eq(shown).into()
}
