//! Reads what is left of a request's body before its answer goes out. A connection that is closed on a client which is still sending is reset, and the
//! answer (that the file is too large, that nobody is signed in) is lost with it.

use std::{
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::{
    body::{Body, Bytes, HttpBody},
    extract::Request,
    http::{HeaderValue, header},
    middleware::Next,
    response::Response,
};
use futures::StreamExt as _;

/// Most bytes of a refused body that are read and thrown away; who sends more is cut.
const BYTES_MAX: usize = 64 * 1024 * 1024;
const TIME_MAX: Duration = Duration::from_secs(10);

/// A body whose rest can be taken back.
struct Shared(Arc<Mutex<Option<Body>>>);

impl HttpBody for Shared {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<http_body::Frame<Bytes>, axum::Error>>> {
        let mut body = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(inner) = body.as_mut() else { return Poll::Ready(None) };
        let frame = ready!(Pin::new(inner).poll_frame(context));
        // Ended or broken: there is no rest.
        if !matches!(frame, Some(Ok(_))) {
            *body = None;
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).as_ref().is_none_or(HttpBody::is_end_stream)
    }

    fn size_hint(&self) -> http_body::SizeHint {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).as_ref().map_or_else(|| http_body::SizeHint::with_exact(0), HttpBody::size_hint)
    }
}

pub(crate) async fn rest_of_body(request: Request, next: Next) -> Response {
    // Whoever asks first whether to send, is told by the answer itself.
    if request.body().is_end_stream() || request.headers().contains_key(header::EXPECT) {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let shared = Arc::new(Mutex::new(Some(body)));
    let mut response = next.run(Request::from_parts(parts, Body::new(Shared(Arc::clone(&shared))))).await;
    let rest = shared.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some(rest) = rest
        && !tokio::time::timeout(TIME_MAX, is_read(rest)).await.unwrap_or(false)
    {
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

/// Whether all of it came.
async fn is_read(rest: Body) -> bool {
    let mut left = BYTES_MAX;
    let mut rest = rest.into_data_stream();
    while let Some(bytes) = rest.next().await {
        let Some(fewer) = bytes.ok().and_then(|it| left.checked_sub(it.len())) else { return false };
        left = fewer;
    }
    true
}
