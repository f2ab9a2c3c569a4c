//! The organisation's name and language.

use axum::Json;
use rapport_model::{Locale, Tenant};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::Router;
use crate::{
    caller::{Administrator, Agent},
    configuration::needed,
    extract::Body,
    failure::Outcome,
};

pub(super) fn router() -> Router {
    Router::new().routes(routes!(get, save))
}

#[utoipa::path(get, path = "/settings", tag = "settings", responses((status = 200, body = Tenant)))]
pub(crate) async fn get(Agent(caller): Agent) -> Outcome<Json<Tenant>> {
    Ok(Json(caller.tenant_record().await?))
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct SettingsBody {
    name: String,
    locale: Locale,
}

#[utoipa::path(put, path = "/settings", tag = "settings", request_body = SettingsBody, responses((status = 200, body = Tenant)))]
pub(crate) async fn save(Administrator(caller): Administrator, Body(body): Body<SettingsBody>) -> Outcome<Json<Tenant>> {
    let tenant = Tenant { name: needed("name", &body.name, 60)?, locale: body.locale, ..caller.tenant_record().await? };
    caller.store.put_tenant(&tenant).await?;
    caller.audit("settings.changed", tenant.id, "").await?;
    caller.state.intake.configuration_changed(caller.tenant).await?;
    Ok(Json(tenant))
}
