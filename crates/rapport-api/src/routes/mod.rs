//! The HTTP API, one module a noun (docs/api/http.md).

mod auth;
mod me;
mod start;
mod widget;

use std::sync::Arc;

use utoipa_axum::router::OpenApiRouter;

use crate::ApiState;

type Router = OpenApiRouter<Arc<ApiState>>;

pub(crate) fn all(upload_bytes_max: usize) -> Router {
    Router::new().merge(auth::router()).merge(me::router()).merge(start::router()).merge(widget::router(upload_bytes_max))
}
