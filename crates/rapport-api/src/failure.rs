//! Every error leaves as `{code, message, hint, detail?, trace}` in the reader's language; causes stay in the log.

use std::{any::Any, sync::Arc};

use axum::{
    Json,
    body::Body,
    extract::{Request, State},
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use rapport_model::{Fault, codes};

use crate::{ApiState, locale_of};

const TRACE: HeaderName = HeaderName::from_static("x-rapport-trace");

/// What handlers return.
pub(crate) type Outcome<T> = Result<T, Failure>;

/// A fault on its way out. `speak` puts it into words, since only there the reader's language is known.
#[derive(Debug)]
pub(crate) struct Failure {
    fault: Fault,
    retry_after_s: Option<u64>,
}

impl Failure {
    pub(crate) fn new(kind: &'static rapport_model::ErrorKind) -> Self {
        Fault::new(kind).into()
    }
    pub(crate) fn field(detail: impl Into<String>) -> Self {
        Fault::with(codes::BAD_FIELD, detail).into()
    }
    pub(crate) fn too_many(retry_after_s: u64) -> Self {
        Self { fault: Fault::new(codes::RATE_LIMITED), retry_after_s: Some(retry_after_s) }
    }
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self { fault, retry_after_s: None }
    }
}

/// Carried from the handler to `speak`.
#[derive(Clone)]
struct Unspoken(Fault);

/// A detail may quote what was asked or found.
pub(crate) fn mask_detail(response: &mut Response, mask: fn(&str) -> String) {
    if let Some(Unspoken(fault)) = response.extensions_mut().get_mut::<Unspoken>() {
        fault.detail = fault.detail.as_deref().map(mask);
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.fault.kind.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = status.into_response();
        if let Some(seconds) = self.retry_after_s {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds.max(1)));
        }
        response.extensions_mut().insert(Unspoken(self.fault));
        response
    }
}

/// A handler panicked: a bug of ours, told as such, and the server goes on.
pub(crate) fn panicked(_cause: Box<dyn Any + Send + 'static>) -> Response {
    metrics::counter!("rapport_http_panics_total").increment(1);
    Json(Fault::new(codes::INTERNAL).body(rapport_model::Locale::Zh, None)).into_response_with(StatusCode::INTERNAL_SERVER_ERROR)
}

trait WithStatus {
    fn into_response_with(self, status: StatusCode) -> Response;
}
impl<T: IntoResponse> WithStatus for T {
    fn into_response_with(self, status: StatusCode) -> Response {
        (status, self).into_response()
    }
}

/// Outermost: gives each request a trace, and each error its words. Errors of the framework itself (no such route or method,
/// a body that is too large) become rows of the catalogue too.
pub(crate) async fn speak(State(state): State<Arc<ApiState>>, request: Request, next: Next) -> Response {
    let locale = locale_of(request.headers());
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let response = next.run(request).await;
    if response.status().is_success() || response.status().is_redirection() || response.status().is_informational() {
        return response;
    }
    let fault = match response.extensions().get::<Unspoken>() {
        Some(Unspoken(fault)) => fault.clone(),
        None if is_own(&response) => return response,
        None => framework(response.status()),
    };
    let mut random = [0_u8; 8];
    state.entropy.fill(&mut random);
    let trace = format!("{:016x}", u64::from_le_bytes(random));
    if fault.kind.status >= 500 {
        tracing::error!(%method, %path, code = fault.kind.code, detail = fault.detail, trace, "request failed");
    }
    let status = response.status();
    let retry_after = response.headers().get(header::RETRY_AFTER).cloned();
    // What went wrong inside is for the log, not for whoever asked.
    let shown = if fault.kind.code == codes::INTERNAL.code || fault.kind.code == codes::STORE_UNAVAILABLE.code { Fault::new(fault.kind) } else { fault };
    let mut spoken = Json(shown.body(locale, Some(trace.clone()))).into_response_with(status);
    if let Ok(value) = HeaderValue::from_str(&trace) {
        spoken.headers_mut().insert(TRACE, value);
    }
    if let Some(value) = retry_after {
        spoken.headers_mut().insert(header::RETRY_AFTER, value);
    }
    spoken
}

/// Whether the answer was written by a handler of ours: pages and already spoken errors have a type, axum's refusals are bare or plain text.
fn is_own(response: &Response<Body>) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|it| it.to_str().ok()).unwrap_or_default();
    kind.starts_with("text/html") || kind.starts_with("application/json")
}

fn framework(status: StatusCode) -> Fault {
    Fault::new(match status {
        StatusCode::NOT_FOUND => codes::NOT_FOUND,
        StatusCode::METHOD_NOT_ALLOWED => codes::METHOD,
        StatusCode::PAYLOAD_TOO_LARGE => codes::TOO_LARGE,
        it if it.is_client_error() => codes::BAD_JSON,
        _ => codes::INTERNAL,
    })
}
