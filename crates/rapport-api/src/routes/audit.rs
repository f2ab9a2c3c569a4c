//! The audit log, newest first.

use axum::Json;
use rapport_model::AuditLine;
use serde::Deserialize;
use utoipa_axum::routes;

use super::Router;
use crate::{
    caller::Administrator,
    configuration::Page,
    extract::Params,
    failure::Outcome,
};

const LIMIT: u32 = 50;

pub(super) fn router() -> Router {
    Router::new().routes(routes!(list))
}

#[derive(Deserialize, utoipa::IntoParams)]
pub(crate) struct Before {
    /// `next` of the page before.
    #[serde(default)]
    before: Option<u64>,
}

#[utoipa::path(get, path = "/audit", tag = "audit", params(Before), responses((status = 200, body = Page<AuditLine>)))]
pub(crate) async fn list(Administrator(caller): Administrator, Params(query): Params<Before>) -> Outcome<Json<Page<AuditLine>>> {
    let items = caller.store.audit_lines(query.before, LIMIT).await?;
    let full = u32::try_from(items.len()).unwrap_or(u32::MAX) >= LIMIT;
    let next = items.last().filter(|it| full && it.n > 1).map(|it| it.n.to_string());
    Ok(Json(Page { items, next }))
}
