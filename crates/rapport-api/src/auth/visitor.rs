//! Visitor tokens: who a widget speaks for, signed by the server, nothing stored.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use rapport_model::{ContactId, Fault, InboxId, TenantId, Timestamp, codes};
use subtle::ConstantTimeEq as _;

use super::{Principal, csrf::keyed};

const PREFIX: &str = "rpv_";
/// Three ids and the time of expiry.
const BODY_BYTES: usize = 16 * 3 + 8;
const TAG_BYTES: usize = 32;

pub(super) fn is_visitor_token(token: &str) -> bool {
    token.starts_with(PREFIX)
}

pub(crate) fn visitor_token(server_secret: &[u8; 32], tenant: TenantId, contact: ContactId, inbox: InboxId, expires_at: Timestamp) -> String {
    let mut bytes = Vec::with_capacity(BODY_BYTES + TAG_BYTES);
    bytes.extend_from_slice(tenant.as_bytes());
    bytes.extend_from_slice(contact.as_bytes());
    bytes.extend_from_slice(inbox.as_bytes());
    bytes.extend_from_slice(&expires_at.0.to_be_bytes());
    let tag = keyed(server_secret, "visitor", &[&bytes]);
    bytes.extend_from_slice(&tag);
    format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(bytes))
}

/// Errors: `auth.required` for what was not signed here, `auth.expired`.
pub(super) fn verify(server_secret: &[u8; 32], token: &str, now: Timestamp) -> Result<Principal, Fault> {
    let unknown = || Fault::new(codes::AUTH_REQUIRED);
    let bytes = token.strip_prefix(PREFIX).and_then(|it| URL_SAFE_NO_PAD.decode(it).ok()).ok_or_else(unknown)?;
    let (body, tag) = bytes.split_at_checked(BODY_BYTES).ok_or_else(unknown)?;
    let fits: bool = keyed(server_secret, "visitor", &[body]).ct_eq(tag).into();
    if !fits {
        return Err(unknown());
    }
    let part = |from: usize, to: usize| body.get(from..to).unwrap_or_default();
    let ids = (TenantId::from_slice(part(0, 16)), ContactId::from_slice(part(16, 32)), InboxId::from_slice(part(32, 48)));
    let (Some(tenant), Some(contact), Some(inbox)) = ids else { return Err(unknown()) };
    let expires_at = part(48, 56).try_into().map(i64::from_be_bytes).map_err(|_short| unknown())?;
    if Timestamp(expires_at) <= now { Err(Fault::new(codes::AUTH_EXPIRED)) } else { Ok(Principal::Visitor { tenant, contact, inbox }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_signed_here_is_believed() {
        let mut ids = rapport_model::Ids::new(Timestamp(0), 3);
        let (tenant, contact, inbox) = (ids.next(), ids.next(), ids.next());
        let secret = [7; 32];
        let token = visitor_token(&secret, tenant, contact, inbox, Timestamp(100));
        assert_eq!(verify(&secret, &token, Timestamp(99)), Ok(Principal::Visitor { tenant, contact, inbox }));
        let code = |secret: [u8; 32], token: &str, now| verify(&secret, token, Timestamp(now)).map_err(|it| it.kind.code);
        assert_eq!(code(secret, &token, 100), Err("auth.expired"));
        assert_eq!(code([8; 32], &token, 1), Err("auth.required"));
        for at in PREFIX.len()..token.len() {
            let mut forged = token.clone().into_bytes();
            if let Some(byte) = forged.get_mut(at) {
                *byte = if *byte == b'A' { b'B' } else { b'A' };
            }
            let forged = String::from_utf8(forged).expect("ascii");
            assert!(verify(&secret, &forged, Timestamp(1)).is_err(), "byte {at}");
        }
        for token in ["", "rpv_", "rpv_AAAA", "rpv_%%%", token.get(..token.len() - 1).expect("ascii")] {
            assert_eq!(code(secret, token, 1), Err("auth.required"), "{token}");
        }
    }
}
