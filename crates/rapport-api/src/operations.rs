//! For whoever runs the server: alive, ready, measured, described.

use std::sync::Arc;

use axum::{
    Router,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use rapport_model::codes;

use crate::{ApiState, failure::Failure, origin::Address};

pub(crate) fn router(document: Arc<Vec<u8>>) -> Router<Arc<ApiState>> {
    let described = move || async move { ([(header::CONTENT_TYPE, "application/json")], document.as_ref().clone()) };
    Router::new()
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(measured))
        .route("/api/openapi.json", get(described))
}

/// Ready means: the store reads and writes durably, and we are not going down.
async fn ready(State(state): State<Arc<ApiState>>) -> Response {
    if *state.stopping.borrow() {
        return (StatusCode::SERVICE_UNAVAILABLE, "going down\n").into_response();
    }
    match state.store.check().await {
        Ok(()) => "ready\n".into_response(),
        Err(fault) => Failure::from(fault).into_response(),
    }
}

/// Figures name tenants' load: only this machine and the trusted proxies may read them.
async fn measured(State(state): State<Arc<ApiState>>, address: Address) -> Result<Response, Failure> {
    if !address.0.is_loopback() && !state.settings.trusted_proxies.contains(&address.0) {
        return Err(Failure::new(codes::NOT_FOUND));
    }
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], (state.metrics)()).into_response())
}
