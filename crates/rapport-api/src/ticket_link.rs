//! The secret link of a ticket's public page: derived, never stored; counting up `link_version` makes the old one invalid.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use rapport_model::{TenantId, TicketId};
use subtle::ConstantTimeEq as _;

use crate::auth::keyed;

/// 144 bits, beyond guessing.
const BYTES: usize = 18;

fn secret_of(server_secret: &[u8; 32], tenant: TenantId, ticket: TicketId, link_version: u32) -> String {
    let digest = keyed(server_secret, "ticket", &[tenant.as_bytes(), ticket.as_bytes(), &link_version.to_le_bytes()]);
    // The tenant goes in front in clear, so that the page finds its data without asking every tenant.
    let mut bytes = tenant.as_bytes().to_vec();
    bytes.extend_from_slice(digest.get(..BYTES).unwrap_or_default());
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Path of the public page, relative to the server's public URL.
pub(crate) fn path_of(server_secret: &[u8; 32], tenant: TenantId, ticket: TicketId, link_version: u32) -> String {
    format!("/ticket/{ticket}/{}", secret_of(server_secret, tenant, ticket, link_version))
}

/// The tenant that a link's secret names; whether the secret fits is `fits`.
pub(crate) fn tenant_of(secret: &str) -> Option<TenantId> {
    let bytes = URL_SAFE_NO_PAD.decode(secret).ok()?;
    TenantId::from_slice(bytes.get(..16)?)
}

pub(crate) fn fits(server_secret: &[u8; 32], tenant: TenantId, ticket: TicketId, link_version: u32, secret: &str) -> bool {
    secret_of(server_secret, tenant, ticket, link_version).as_bytes().ct_eq(secret.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_opens_its_own_ticket_until_it_is_replaced() {
        let mut ids = rapport_model::Ids::new(rapport_model::Timestamp(0), 5);
        let (tenant, ticket, other): (TenantId, TicketId, TicketId) = (ids.next(), ids.next(), ids.next());
        let key = [1; 32];
        let path = path_of(&key, tenant, ticket, 1);
        let secret = path.rsplit('/').next().expect("secret");
        assert_eq!(tenant_of(secret), Some(tenant));
        assert!(fits(&key, tenant, ticket, 1, secret));
        assert!(!fits(&key, tenant, ticket, 2, secret));
        assert!(!fits(&key, tenant, other, 1, secret));
        assert!(!fits(&[2; 32], tenant, ticket, 1, secret));
        assert_eq!(tenant_of("short"), None);
    }
}
