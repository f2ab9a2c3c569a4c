//! What the start page leads to.

use std::sync::Arc;

use axum::{Json, extract::State, http::HeaderMap};
use rapport_model::Inbox;
use rapport_ports::{Record as _, Records as _};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::Router;
use crate::{ApiState, auth, failure::Outcome};

/// The public key of the demo shop's widget, as the demo tenant is made with it.
const DEMO_KEY: &str = "demo-shop";

pub(super) fn router() -> Router {
    Router::new().routes(routes!(start))
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Start {
    /// Present where the server runs with a demo tenant.
    #[serde(skip_serializing_if = "Option::is_none")]
    demo_widget_key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    company: Option<String>,
    signed_in: bool,
}

#[utoipa::path(get, path = "/start", tag = "public", responses((status = 200, body = Start)))]
pub(crate) async fn start(State(state): State<Arc<ApiState>>, headers: HeaderMap) -> Outcome<Json<Start>> {
    let found = if state.settings.demo { state.store.resolve_key(Inbox::KIND, DEMO_KEY).await? } else { None };
    let (demo_widget_key, company) = match found {
        Some((tenant, id)) if state.store.tenant(tenant).get::<Inbox>(id).await?.is_some() => {
            (Some(DEMO_KEY.to_owned()), Some(crate::caller::find_tenant(&state, tenant).await?.name))
        }
        Some(_) | None => (None, None),
    };
    let signed_in = auth::authenticate_session(&state, &headers).await.is_ok();
    Ok(Json(Start { demo_widget_key, company, signed_in }))
}
