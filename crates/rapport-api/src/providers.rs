//! The addresses that providers of channels call. What they say is verified by the channel; nothing here is signed in.

use std::sync::Arc;

use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, Path, RawQuery, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse as _, Response},
    routing::any,
};
use rapport_model::codes;
use rapport_ports::ProviderCall;

use crate::{
    ApiState,
    failure::{Failure, Outcome},
    pages::find_any_inbox,
};

/// Largest call of a provider. Units: bytes. Files come by address and are fetched.
const BODY_BYTES_MAX: usize = 2 * 1024 * 1024;

pub(crate) fn router() -> Router<Arc<ApiState>> {
    Router::new()
        .route("/channels/{key}", any(|state, Path(key): Path<String>, method, query, headers, body| call(state, key, String::new(), (method, query, headers, body))))
        .route(
            "/channels/{key}/{*tail}",
            any(|state, Path((key, tail)): Path<(String, String)>, method, query, headers, body| call(state, key, tail, (method, query, headers, body))),
        )
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
}

async fn call(
    State(state): State<Arc<ApiState>>,
    key: String,
    tail: String,
    (method, RawQuery(query), headers, body): (Method, RawQuery, HeaderMap, Bytes),
) -> Outcome<Response> {
    if method != Method::GET && method != Method::POST {
        return Err(Failure::new(codes::METHOD));
    }
    let (tenant, inbox) = find_any_inbox(&state, &key).await?;
    if !inbox.channel.is_remote() {
        return Err(Failure::new(codes::NOT_FOUND));
    }
    let headers = headers.iter().filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))).collect();
    let call = ProviderCall { method: method.as_str().to_owned(), tail, query: query.unwrap_or_default(), headers, body };
    let answer = state.channels.receive(tenant, &inbox, call).await?;
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, answer.body).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(answer.content_type));
    response.headers_mut().insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    Ok(response)
}
