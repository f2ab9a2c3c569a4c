//! API tokens: made with a role and an end, shown once, revoked at once.

use axum::{Json, http::StatusCode};
use rapport_model::{CredentialId, Role, Timestamp, codes};
use rapport_ports::{Credential, CredentialKind};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::Router;
use crate::{
    auth::secret::{Secret, SecretKind},
    caller::Administrator,
    configuration::{Items, needed},
    extract::{Body, Id},
    failure::{Failure, Outcome},
};

pub(super) fn router() -> Router {
    Router::new().routes(routes!(list, create)).routes(routes!(revoke))
}

#[derive(Serialize, ToSchema)]
pub(crate) struct TokenRow {
    id: CredentialId,
    label: String,
    role: Option<Role>,
    /// The member it acts for, if it acts for one.
    member: Option<String>,
    created_at: Timestamp,
    expires_at: Option<Timestamp>,
    /// To the hour.
    last_used_at: Option<Timestamp>,
}

#[utoipa::path(get, path = "/tokens", tag = "tokens", responses((status = 200, body = Items<TokenRow>)))]
pub(crate) async fn list(Administrator(caller): Administrator) -> Outcome<Json<Items<TokenRow>>> {
    let tokens = caller.store.credentials(CredentialKind::ApiToken).await?.into_iter();
    let rows = tokens.map(|it| TokenRow {
        id: it.id,
        label: it.label,
        role: it.role,
        member: it.member.map(|it| it.to_string()),
        created_at: it.created_at,
        expires_at: it.expires_at,
        last_used_at: it.last_used_at,
    });
    Ok(Json(Items { items: rows.collect() }))
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct NewToken {
    label: String,
    role: Role,
    #[serde(default)]
    expires_at: Option<Timestamp>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Shown {
    id: CredentialId,
    /// Shown this once.
    token: String,
}

#[utoipa::path(post, path = "/tokens", tag = "tokens", request_body = NewToken, responses((status = 200, body = Shown)))]
pub(crate) async fn create(Administrator(caller): Administrator, Body(body): Body<NewToken>) -> Outcome<Json<Shown>> {
    if body.role > caller.role {
        return Err(Failure::new(codes::FORBIDDEN));
    }
    let now = caller.state.clock.now();
    if body.expires_at.is_some_and(|at| at <= now) {
        return Err(Failure::field("expires_at: in the future"));
    }
    let secret = Secret::new(SecretKind::ApiToken, &*caller.state.entropy);
    let credential = Credential {
        id: caller.state.entropy.ids(now).next(),
        tenant: caller.tenant,
        kind: CredentialKind::ApiToken,
        hash: secret.hash(),
        member: None,
        role: Some(body.role),
        label: needed("label", &body.label, 60)?,
        detail: String::new(),
        created_at: now,
        expires_at: body.expires_at,
        last_used_at: None,
    };
    caller.store.put_credential(&credential).await?;
    caller.audit("token.created", credential.id, body.role.name()).await?;
    Ok(Json(Shown { id: credential.id, token: secret.reveal().to_owned() }))
}

#[utoipa::path(delete, path = "/tokens/{id}", tag = "tokens", params(("id" = CredentialId, Path)), responses((status = 204)))]
pub(crate) async fn revoke(Administrator(caller): Administrator, Id(id): Id<CredentialId>) -> Outcome<StatusCode> {
    // Only tokens: sessions and passwords are credentials too.
    let tokens = caller.store.credentials(CredentialKind::ApiToken).await?;
    if !tokens.iter().any(|it| it.id == id) || !caller.store.delete_credential(id).await? {
        return Err(Failure::new(codes::NOT_FOUND));
    }
    caller.audit("token.revoked", id, "").await?;
    Ok(StatusCode::NO_CONTENT)
}
