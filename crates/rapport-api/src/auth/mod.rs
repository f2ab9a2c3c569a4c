//! Who asks: the one path from a cookie or a token to a principal, for HTTP and the live socket alike.

pub mod secret;

mod cookie;
mod csrf;
mod identity;
mod password;
mod visitor;

use axum::http::HeaderMap;
use rapport_model::{ContactId, CredentialId, Fault, HOUR_MS, InboxId, Member, MemberId, Role, TenantId, Timestamp, codes};
use rapport_ports::{Credential, CredentialKind, Records as _};

pub(crate) use cookie::{clear_cookie, set_cookie};
pub(crate) use csrf::{csrf_of, has_csrf, keyed};
pub(crate) use identity::{SiteUser, verify_identity};
pub(crate) use password::{check_password, hash_password, is_strong_enough, password_key};
pub(crate) use visitor::visitor_token;

use crate::{ApiState, origin};

/// Somebody who proved who they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Principal {
    Visitor { tenant: TenantId, contact: ContactId, inbox: InboxId },
    Member { tenant: TenantId, member: MemberId, role: Role, sees_personal_data: bool, by: Proof },
    /// An API token that acts for no person.
    Token { tenant: TenantId, role: Role, by: Proof },
}

/// The credential that was shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proof {
    pub id: CredentialId,
    pub hash: [u8; 32],
    pub kind: CredentialKind,
}

impl Principal {
    pub fn tenant(&self) -> TenantId {
        match self {
            Self::Visitor { tenant, .. } | Self::Member { tenant, .. } | Self::Token { tenant, .. } => *tenant,
        }
    }

    /// Whether customers' personal data goes out to them as it is. A visitor's own does; a token that acts for nobody has what its role always has.
    pub(crate) fn sees_personal_data(&self) -> bool {
        match self {
            Self::Visitor { .. } => true,
            Self::Member { sees_personal_data, .. } => *sees_personal_data,
            Self::Token { role, .. } => *role >= Role::Supervisor,
        }
    }

    /// A name for the connection that is no secret.
    pub(crate) fn session_label(&self) -> String {
        match self {
            Self::Visitor { contact, .. } => contact.to_string(),
            Self::Member { by, .. } | Self::Token { by, .. } => by.id.to_string(),
        }
    }
}

/// A bearer token: a visitor's or an API token. A session's secret is none.
///
/// Errors: `auth.required` for what is not one, `auth.expired`.
pub(crate) async fn authenticate_token(state: &ApiState, token: &str) -> Result<Principal, Fault> {
    if visitor::is_visitor_token(token) {
        return visitor::verify(&state.settings.server_secret, token, state.clock.now());
    }
    by_credential(state, token, CredentialKind::ApiToken).await
}

/// The session cookie of a desk in the browser. Errors: `auth.required`, `auth.expired`.
pub(crate) async fn authenticate_session(state: &ApiState, headers: &HeaderMap) -> Result<Principal, Fault> {
    let secret = cookie::session_of(headers).ok_or_else(|| Fault::new(codes::AUTH_REQUIRED))?;
    by_credential(state, secret, CredentialKind::Session).await
}

async fn by_credential(state: &ApiState, secret: &str, kind: CredentialKind) -> Result<Principal, Fault> {
    let hash = secret::hash_of(secret);
    let credential = state.store.credential(hash).await?.filter(|it| it.kind == kind).ok_or_else(|| Fault::new(codes::AUTH_REQUIRED))?;
    let now = state.clock.now();
    let principal = principal_of(state, &credential, now).await?;
    if credential.last_used_at.is_none_or(|at| now.since_ms(at) > HOUR_MS) {
        let used = Credential { last_used_at: Some(now), ..credential };
        state.store.tenant(used.tenant).put_credential(&used).await?;
    }
    Ok(principal)
}

async fn principal_of(state: &ApiState, credential: &Credential, now: Timestamp) -> Result<Principal, Fault> {
    if credential.expires_at.is_some_and(|at| at <= now) {
        return Err(Fault::new(codes::AUTH_EXPIRED));
    }
    let tenant = credential.tenant;
    let by = Proof { id: credential.id, hash: credential.hash, kind: credential.kind };
    let Some(member) = credential.member else {
        let role = credential.role.ok_or_else(|| Fault::new(codes::AUTH_REQUIRED))?;
        return Ok(Principal::Token { tenant, role, by });
    };
    let stored = state.store.tenant(tenant).get::<Member>(*member.as_bytes()).await?;
    let person = stored.filter(|it| it.active).ok_or_else(|| Fault::new(codes::AUTH_EXPIRED))?;
    // A token may hold less than its member's role, never more.
    let role = credential.role.map_or(person.role, |it| it.min(person.role));
    let sees_personal_data = Member { role, ..person }.may_see_personal_data();
    Ok(Principal::Member { tenant, member, role, sees_personal_data, by })
}

/// Who a connection that was let in is now. Errors: as when it asked to come in.
pub(crate) async fn again(state: &ApiState, principal: &Principal) -> Result<Principal, Fault> {
    match principal {
        // Its token was verified when it came; a visitor is not thrown out of a talk because an hour has passed.
        Principal::Visitor { .. } => Ok(principal.clone()),
        Principal::Member { by, .. } | Principal::Token { by, .. } => {
            let credential = state.store.credential(by.hash).await?.ok_or_else(|| Fault::new(codes::AUTH_EXPIRED))?;
            principal_of(state, &credential, state.clock.now()).await
        }
    }
}

/// Whether a page of this server made the request.
pub(crate) fn same_origin(state: &ApiState, headers: &HeaderMap) -> bool {
    origin::is_own(&state.settings.public_url, headers)
}
