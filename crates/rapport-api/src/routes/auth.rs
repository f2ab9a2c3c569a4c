//! Signing in by password or one-time link, signing out, setting a password.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use rapport_model::{Actor, AuditRecord, CredentialId, DAY_MS, HOUR_MS, Member, MemberId, Tenant, TenantId, codes};
use rapport_ports::{Credential, CredentialKind, Records as _};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::Router;
use crate::{
    ApiState,
    auth::{self, Proof, secret, secret::{Secret, SecretKind}},
    caller::{SignedIn, find_tenant},
    extract::Body,
    failure::{Failure, Outcome},
    origin::Address,
};

/// How long a session lasts. Units: milliseconds.
const SESSION_MS: i64 = 30 * DAY_MS;
/// `detail` of a session that began by a link: within the hour its member may set a password without the old one.
const BY_LINK: &str = "link";
const BY_PASSWORD: &str = "password";

pub(super) fn router() -> Router {
    Router::new().routes(routes!(sign_in)).routes(routes!(link)).routes(routes!(sign_out)).routes(routes!(password))
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct SignIn {
    email: String,
    password: String,
    /// Short name of the tenant, where the address is known to several.
    #[serde(default)]
    tenant: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Session {
    member: Member,
    tenant: Tenant,
    /// To be sent as `x-rapport-csrf` with every change.
    csrf: String,
}

#[utoipa::path(post, path = "/auth/sign-in", tag = "auth", request_body = SignIn, responses((status = 200, body = Session)))]
pub(crate) async fn sign_in(State(state): State<Arc<ApiState>>, address: Address, Body(body): Body<SignIn>) -> Outcome<Response> {
    state.limits.sign_in(address, &body.email)?;
    let mut candidates = state.store.resolve_email(body.email.trim()).await?;
    if let Some(slug) = &body.tenant {
        let wanted: Vec<TenantId> = state.store.tenants().await?.into_iter().filter(|it| it.slug == *slug).map(|it| it.id).collect();
        candidates.retain(|(tenant, _)| wanted.contains(tenant));
    }
    // At least one check, so that an unknown address takes as long as a known one.
    let mut stored = Vec::new();
    for (tenant, member) in candidates {
        if let Some(it) = state.store.credential(auth::password_key(tenant, member)).await? {
            stored.push((tenant, member, it.detail));
        }
    }
    if stored.is_empty() {
        auth::check_password(&body.password, None).await?;
    }
    for (tenant, member, hash) in stored {
        if auth::check_password(&body.password, Some(hash)).await? {
            return begin(&state, tenant, member, BY_PASSWORD).await;
        }
        audit(&state, tenant, Actor::System, "sign_in.failed", member).await?;
    }
    metrics::counter!("rapport_sign_in_failed_total").increment(1);
    Err(Failure::new(codes::AUTH_WRONG))
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct Link {
    token: String,
}

/// The page that the link opens posts it: a mail scanner that merely follows links does not use it up.
#[utoipa::path(post, path = "/auth/link", tag = "auth", request_body = Link, responses((status = 200, body = Session)))]
pub(crate) async fn link(State(state): State<Arc<ApiState>>, address: Address, Body(body): Body<Link>) -> Outcome<Response> {
    let taken = state.store.take_credential(secret::hash_of(&body.token), state.clock.now()).await?;
    match taken.and_then(|it| it.member.map(|member| (it.tenant, member))) {
        Some((tenant, member)) => begin(&state, tenant, member, BY_LINK).await,
        None => {
            state.limits.wrong_secret(address)?;
            Err(Failure::new(codes::AUTH_LINK_USED))
        }
    }
}

#[utoipa::path(post, path = "/auth/sign-out", tag = "auth", responses((status = 204)))]
pub(crate) async fn sign_out(SignedIn(caller): SignedIn) -> Outcome<Response> {
    caller.store.delete_credential(caller.proof.id).await?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, auth::clear_cookie())]).into_response())
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct NewPassword {
    /// Not needed within an hour of signing in by a link, nor when there is none yet.
    #[serde(default)]
    current: Option<String>,
    new: String,
}

/// Ends all other sessions; this one goes on under a new secret.
#[utoipa::path(post, path = "/auth/password", tag = "auth", request_body = NewPassword, responses((status = 204)))]
pub(crate) async fn password(SignedIn(caller): SignedIn, address: Address, Body(body): Body<NewPassword>) -> Outcome<Response> {
    let state = &caller.state;
    let member = caller.member()?;
    let person: Member = caller.store.get(*member.as_bytes()).await?.ok_or_else(|| Failure::new(codes::AUTH_REQUIRED))?;
    let key = auth::password_key(caller.tenant, member);
    let old = state.store.credential(key).await?;
    if let Some(old) = &old
        && !signed_in_by_fresh_link(state, &caller.proof).await?
    {
        state.limits.sign_in(address, &person.email)?;
        if !auth::check_password(body.current.as_deref().unwrap_or_default(), Some(old.detail.clone())).await? {
            return Err(Failure::new(codes::AUTH_WRONG));
        }
    }
    if !auth::is_strong_enough(&body.new, &person.email) {
        return Err(Failure::new(codes::WEAK_PASSWORD));
    }
    let detail = auth::hash_password(state, &body.new).await?;
    let id = old.map_or_else(|| state.entropy.ids(state.clock.now()).next(), |it| it.id);
    let credential = Credential { label: String::new(), ..credential(state, id, caller.tenant, member, CredentialKind::Password, key, detail, None) };
    caller.store.put_credential(&credential).await?;
    caller.store.revoke_member(member, &[CredentialKind::Session, CredentialKind::SignInLink]).await?;
    caller.audit("password.changed", member, "").await?;
    let (secret, _) = new_session(state, caller.tenant, member, BY_PASSWORD).await?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie(state, &secret)?)]).into_response())
}

async fn signed_in_by_fresh_link(state: &ApiState, proof: &Proof) -> Outcome<bool> {
    let session = state.store.credential(proof.hash).await?;
    Ok(session.is_some_and(|it| it.detail == BY_LINK && state.clock.now().since_ms(it.created_at) < HOUR_MS))
}

/// A session for a member who proved who they are.
async fn begin(state: &ApiState, tenant: TenantId, id: MemberId, how: &str) -> Outcome<Response> {
    let member: Option<Member> = state.store.tenant(tenant).get(*id.as_bytes()).await?;
    let member = member.filter(|it| it.active).ok_or_else(|| Failure::new(codes::AUTH_LINK_USED))?;
    let (secret, proof) = new_session(state, tenant, id, how).await?;
    audit(state, tenant, Actor::Member(id), "sign_in.done", id).await?;
    let session = Session { member, tenant: find_tenant(state, tenant).await?, csrf: auth::csrf_of(&state.settings.server_secret, &proof) };
    Ok(([(header::SET_COOKIE, cookie(state, &secret)?)], Json(session)).into_response())
}

async fn new_session(state: &ApiState, tenant: TenantId, member: MemberId, how: &str) -> Outcome<(Secret, Proof)> {
    let secret = Secret::new(SecretKind::Session, &*state.entropy);
    let id = state.entropy.ids(state.clock.now()).next();
    let made = credential(state, id, tenant, member, CredentialKind::Session, secret.hash(), how.to_owned(), Some(SESSION_MS));
    state.store.tenant(tenant).put_credential(&made).await?;
    Ok((secret, Proof { id, hash: made.hash, kind: CredentialKind::Session }))
}

/// A credential of a member that begins now.
pub(super) fn credential(
    state: &ApiState,
    id: CredentialId,
    tenant: TenantId,
    member: MemberId,
    kind: CredentialKind,
    hash: [u8; 32],
    detail: String,
    lasts_ms: Option<i64>,
) -> Credential {
    let now = state.clock.now();
    let expires_at = lasts_ms.map(|it| now.plus_ms(it));
    Credential { id, tenant, kind, hash, member: Some(member), role: None, label: String::new(), detail, created_at: now, expires_at, last_used_at: None }
}

/// A link that signs a member in once, within a day: the link and when it ends.
pub(super) async fn sign_in_link(state: &ApiState, tenant: TenantId, member: MemberId) -> Outcome<(String, rapport_model::Timestamp)> {
    let secret = Secret::new(SecretKind::SignInLink, &*state.entropy);
    let id = state.entropy.ids(state.clock.now()).next();
    let made = credential(state, id, tenant, member, CredentialKind::SignInLink, secret.hash(), String::new(), Some(DAY_MS));
    state.store.tenant(tenant).put_credential(&made).await?;
    Ok((format!("{}/sign-in?link={}", state.settings.public_url, secret.reveal()), made.expires_at.unwrap_or(made.created_at)))
}

fn cookie(state: &ApiState, secret: &Secret) -> Outcome<axum::http::HeaderValue> {
    auth::set_cookie(secret.reveal(), SESSION_MS / 1000, state.settings.is_https()).ok_or_else(|| Failure::new(codes::INTERNAL))
}

async fn audit(state: &ApiState, tenant: TenantId, actor: Actor, action: &str, member: MemberId) -> Outcome<()> {
    let record = AuditRecord { at: state.clock.now(), actor, action: action.to_owned(), target: member.to_string(), detail: String::new() };
    Ok(state.store.tenant(tenant).audit(vec![record]).await?)
}
