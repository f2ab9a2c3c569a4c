//! The signed-in member's own account.

use axum::Json;
use rapport_model::{Locale, Member, Role, Tenant, codes};
use rapport_ports::{Expect, Records as _};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::Router;
use crate::{
    auth,
    caller::{Agent, Caller},
    configuration::{self, needed},
    extract::Body,
    failure::{Failure, Outcome},
};

pub(super) fn router() -> Router {
    Router::new().routes(routes!(get, patch))
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Me {
    member: Member,
    tenant: Tenant,
    /// To be sent as `x-rapport-csrf` with every change.
    csrf: String,
    has_password: bool,
    permissions: Vec<&'static str>,
}

/// What each role adds to those before it and the rights of the member, for pages that hide what cannot be done. The routes check for themselves.
fn permissions(caller: &Caller) -> Vec<&'static str> {
    let by_role = [
        (Role::Agent, ["conversations", "contacts", "tickets"].as_slice()),
        (Role::Supervisor, ["canned_replies", "routing"].as_slice()),
        (Role::Administrator, ["members", "teams", "inboxes", "calendars", "knowledge", "tokens", "audit", "settings"].as_slice()),
        (Role::Owner, ["owners"].as_slice()),
    ];
    let of_role = by_role.iter().filter(|(needed, _)| caller.role >= *needed).flat_map(|(_, names)| names.iter().copied());
    of_role.chain(caller.sees_personal_data.then_some("personal_data")).collect()
}

async fn own_record(caller: &Caller) -> Outcome<configuration::Versioned<Member>> {
    let missing = |_| Failure::new(codes::AUTH_REQUIRED);
    configuration::get(caller, *caller.member()?.as_bytes()).await.map_err(missing)
}

#[utoipa::path(get, path = "/me", tag = "me", responses((status = 200, body = Me)))]
pub(crate) async fn get(Agent(caller): Agent) -> Outcome<Json<Me>> {
    let member = own_record(&caller).await?.record;
    let state = &caller.state;
    let has_password = state.store.credential(auth::password_key(caller.tenant, member.id)).await?.is_some();
    let csrf = auth::csrf_of(&state.settings.server_secret, &caller.proof);
    Ok(Json(Me { tenant: caller.tenant_record().await?, csrf, has_password, permissions: permissions(&caller), member }))
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct Change {
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    locale: Option<Locale>,
}

#[utoipa::path(patch, path = "/me", tag = "me", request_body = Change, responses((status = 200, body = Member)))]
pub(crate) async fn patch(Agent(caller): Agent, Body(change): Body<Change>) -> Outcome<Json<Member>> {
    let mut own = own_record(&caller).await?;
    if let Some(name) = change.name {
        own.record.name = needed("name", &name, 60)?;
    }
    own.record.locale = change.locale.unwrap_or(own.record.locale);
    caller.store.put(&own.record, Expect::Version(own.version)).await?;
    caller.state.intake.configuration_changed(caller.tenant).await?;
    Ok(Json(own.record))
}
