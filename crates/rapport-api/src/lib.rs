//! HTTP and WebSocket for desk, widget, portal and administration: who asks, what they may, and the one way to the intake and the store.

pub mod auth;
pub mod state;

mod attachments;
mod caller;
mod configuration;
mod drain;
mod extract;
mod failure;
mod limits;
mod live;
mod masking;
mod operations;
mod origin;
mod pages;
mod person;
mod providers;
mod routes;
mod ticket_link;
mod timeline;

use std::sync::Arc;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::{HeaderMap, header},
    middleware,
};
use rapport_model::Locale;
use tower_http::{catch_panic::CatchPanicLayer, compression::CompressionLayer};
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

pub use attachments::keep_file;
pub use limits::Limits;
pub use state::{ApiSettings, ApiState};

/// Where the HTTP API is; live socket, pages and operations are outside it.
pub const BASE: &str = "/api/rapport/v1";
/// Largest JSON body. Units: bytes.
const BODY_BYTES_MAX: usize = 1024 * 1024;

#[derive(OpenApi)]
#[openapi(info(title = "Rapport", description = "Omnichannel customer service. Errors are `{code, message, hint, detail?, trace}` with stable codes; times are milliseconds of UTC."))]
struct Document;

/// The whole server.
pub fn router(state: Arc<ApiState>) -> Router {
    let (api, document) = OpenApiRouter::with_openapi(Document::openapi()).nest(BASE, routes::all(state.settings.upload_bytes_max)).split_for_parts();
    let json = Arc::new(serde_json::to_vec_pretty(&document).unwrap_or_default());
    let described = Router::new()
        .merge(api)
        .layer(middleware::from_fn(masking::outgoing))
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(middleware::from_fn_with_state(Arc::clone(&state), limits::by_address))
        .layer(middleware::from_fn(drain::rest_of_body))
        .merge(providers::router().layer(middleware::from_fn(drain::rest_of_body)))
        .merge(operations::router(json))
        .merge(pages::router())
        .layer(CompressionLayer::new());
    // The socket stays outside compression: its answer is an upgrade.
    described
        .merge(live::router())
        .layer(middleware::from_fn_with_state(Arc::clone(&state), failure::speak))
        .layer(CatchPanicLayer::custom(failure::panicked))
        .with_state(state)
}

/// The language an answer is in: the first that the reader prefers of the two, Chinese where they say nothing.
pub(crate) fn locale_of(headers: &HeaderMap) -> Locale {
    let wanted = headers.get(header::ACCEPT_LANGUAGE).and_then(|it| it.to_str().ok()).unwrap_or_default().trim();
    if wanted.is_empty() || wanted.starts_with('*') { Locale::Zh } else { Locale::from_tag(wanted) }
}
