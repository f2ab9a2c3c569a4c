//! Who a handler serves: a member or token of at least a role, or a visitor; with the tenant's handle, the only way to its data.

use std::sync::Arc;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, Method, header, request::Parts},
};
use rapport_model::{Actor, AuditRecord, ContactId, InboxId, Locale, MemberId, Role, Tenant, TenantId, codes};
use rapport_ports::{CredentialKind, TenantStore};

use crate::{
    ApiState,
    auth::{self, Principal, Proof},
    failure::{Failure, Outcome},
    locale_of,
    masking::Sight,
};

/// A member, or a token of the tenant.
pub(crate) struct Caller {
    pub(crate) state: Arc<ApiState>,
    pub(crate) tenant: TenantId,
    pub(crate) store: Arc<dyn TenantStore>,
    pub(crate) role: Role,
    pub(crate) proof: Proof,
    pub(crate) locale: Locale,
    /// Where not, `masking` hides it on the way out; what is decided by hidden data has to look itself.
    pub(crate) sees_personal_data: bool,
    member: Option<MemberId>,
}

impl Caller {
    /// The person. Errors: `auth.forbidden` for a token without one.
    pub(crate) fn member(&self) -> Outcome<MemberId> {
        self.member.ok_or_else(|| rapport_model::Fault::with(codes::FORBIDDEN, "a token without a member cannot do this").into())
    }

    pub(crate) fn maybe_member(&self) -> Option<MemberId> {
        self.member
    }

    pub(crate) fn actor(&self) -> Actor {
        self.member.map_or(Actor::System, Actor::Member)
    }

    /// Writes a line of the audit log.
    pub(crate) async fn audit(&self, action: &str, target: impl ToString, detail: impl Into<String>) -> Outcome<()> {
        let record =
            AuditRecord { at: self.state.clock.now(), actor: self.actor(), action: action.to_owned(), target: target.to_string(), detail: detail.into() };
        Ok(self.store.audit(vec![record]).await?)
    }

    pub(crate) async fn tenant_record(&self) -> Outcome<Tenant> {
        find_tenant(&self.state, self.tenant).await
    }
}

pub(crate) async fn find_tenant(state: &ApiState, id: TenantId) -> Outcome<Tenant> {
    let tenants = state.store.tenants().await?;
    tenants.into_iter().find(|it| it.id == id).ok_or_else(|| Failure::new(codes::NOT_FOUND))
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

async fn authenticate(parts: &Parts, state: &ApiState) -> Outcome<Principal> {
    if let Some(token) = bearer(&parts.headers) {
        return Ok(auth::authenticate_token(state, token).await?);
    }
    let principal = auth::authenticate_session(state, &parts.headers).await?;
    let changes = ![Method::GET, Method::HEAD].contains(&parts.method);
    if changes && !may_change(parts, state, &principal) {
        return Err(Failure::new(codes::AUTH_CSRF));
    }
    Ok(principal)
}

/// A change by cookie needs the session's own value, and must not come from another site's page.
fn may_change(parts: &Parts, state: &ApiState, principal: &Principal) -> bool {
    let (Principal::Member { by, .. } | Principal::Token { by, .. }) = principal else { return false };
    let foreign = parts.headers.contains_key(header::ORIGIN) && !auth::same_origin(state, &parts.headers);
    !foreign && auth::has_csrf(&state.settings.server_secret, by, &parts.headers)
}

async fn caller(parts: &Parts, state: &Arc<ApiState>, at_least: Role) -> Outcome<Caller> {
    let principal = authenticate(parts, state).await?;
    let sees_personal_data = principal.sees_personal_data();
    let (tenant, member, role, proof) = match principal {
        Principal::Member { tenant, member, role, by, sees_personal_data: _ } => (tenant, Some(member), role, by),
        Principal::Token { tenant, role, by } => (tenant, None, role, by),
        Principal::Visitor { .. } => return Err(Failure::new(codes::FORBIDDEN)),
    };
    if role < at_least {
        return Err(Failure::new(codes::FORBIDDEN));
    }
    if !sees_personal_data {
        Sight::mask(&parts.extensions)?;
    }
    let locale = locale_of(&parts.headers);
    Ok(Caller { state: Arc::clone(state), tenant, store: state.store.tenant(tenant), role, proof, locale, sees_personal_data, member })
}

macro_rules! at_least {
    ($($(#[$doc:meta])* $name:ident = $role:expr;)+) => {$(
        $(#[$doc])*
        pub(crate) struct $name(pub(crate) Caller);

        impl FromRequestParts<Arc<ApiState>> for $name {
            type Rejection = Failure;
            async fn from_request_parts(parts: &mut Parts, state: &Arc<ApiState>) -> Result<Self, Failure> {
                caller(parts, state, $role).await.map(Self)
            }
        }
    )+};
}

at_least! {
    /// Any member.
    Agent = Role::Agent;
    Supervisor = Role::Supervisor;
    Administrator = Role::Administrator;
}

/// A member in the browser: signed in, with a session of their own.
pub(crate) struct SignedIn(pub(crate) Caller);

impl FromRequestParts<Arc<ApiState>> for SignedIn {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, state: &Arc<ApiState>) -> Result<Self, Failure> {
        let caller = caller(parts, state, Role::Agent).await?;
        if caller.proof.kind == CredentialKind::Session { Ok(Self(caller)) } else { Err(Failure::new(codes::FORBIDDEN)) }
    }
}

/// A widget.
pub(crate) struct Visitor {
    pub(crate) state: Arc<ApiState>,
    pub(crate) tenant: TenantId,
    pub(crate) store: Arc<dyn TenantStore>,
    pub(crate) contact: ContactId,
    pub(crate) inbox: InboxId,
}

impl FromRequestParts<Arc<ApiState>> for Visitor {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, state: &Arc<ApiState>) -> Result<Self, Failure> {
        let token = bearer(&parts.headers).ok_or_else(|| Failure::new(codes::AUTH_REQUIRED))?;
        match auth::authenticate_token(state, token).await? {
            Principal::Visitor { tenant, contact, inbox } => {
                Ok(Self { state: Arc::clone(state), tenant, store: state.store.tenant(tenant), contact, inbox })
            }
            Principal::Member { .. } | Principal::Token { .. } => Err(Failure::new(codes::FORBIDDEN)),
        }
    }
}
