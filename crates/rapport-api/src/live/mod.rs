//! The live socket of widget and desk (docs/live-protocol.md).

mod act;
mod budget;
mod session;

use std::sync::Arc;

use axum::{
    Router,
    extract::{State, WebSocketUpgrade},
    http::HeaderMap,
    response::Response,
    routing::get,
};
use rapport_wire::live::FRAME_BYTES_MAX;

pub(crate) use act::submit_member_action;

use crate::{ApiState, auth};

pub(crate) fn router() -> Router<Arc<ApiState>> {
    Router::new().route("/live", get(upgrade))
}

/// A desk in the browser is known by its cookie, and only from a page of our own; everybody else shows a token in `hello`.
async fn upgrade(State(state): State<Arc<ApiState>>, headers: HeaderMap, socket: WebSocketUpgrade) -> Response {
    let by_cookie = if auth::same_origin(&state, &headers) { auth::authenticate_session(&state, &headers).await.ok() } else { None };
    let locale = crate::locale_of(&headers);
    socket
        // The defaults keep 137 KB for an idle socket, these 6 KB.
        .read_buffer_size(4096)
        // Filled only while frames wait for one write.
        .write_buffer_size(16 * 1024)
        // Somewhat above the protocol's bound, so that a frame a little too large gets an error instead of a cut.
        .max_message_size(FRAME_BYTES_MAX.saturating_mul(2))
        .max_frame_size(FRAME_BYTES_MAX.saturating_mul(2))
        .on_upgrade(move |socket| session::run(state, by_cookie, locale, socket))
}
