//! A provider on loopback: keeps what it was asked, and answers as it was told to.

use std::sync::{Arc, Mutex};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, Method, StatusCode, Uri},
    response::{IntoResponse as _, Response},
};
use rapport_wire::channel::request::form_pairs;
use serde_json::Value;
use tokio::sync::Notify;

/// A call as it came.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) method: String,
    /// With its query.
    pub(crate) path: String,
    pub(crate) content_type: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Call {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// Empty where it is not there.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|it| it.to_str().ok()).unwrap_or_default()
    }

    /// A field of a form; empty where it is not there.
    pub(crate) fn field(&self, name: &str) -> String {
        form_pairs(&self.body).into_iter().find(|it| it.0 == name).map(|it| it.1).unwrap_or_default()
    }
}

/// An answer: status, headers, body.
pub(crate) type Said = (u16, Vec<(&'static str, String)>, Vec<u8>);
type Answering = Box<dyn Fn(&Call, usize) -> Said + Send + Sync>;

pub(crate) struct Provider {
    pub(crate) base: String,
    shared: Arc<Shared>,
}

struct Shared {
    calls: Mutex<Vec<Call>>,
    answering: Answering,
    called: Notify,
}

pub(crate) fn json(value: &Value) -> Said {
    json_with(200, value)
}

pub(crate) fn json_with(status: u16, value: &Value) -> Said {
    (status, vec![("content-type", "application/json".to_owned())], value.to_string().into_bytes())
}

/// Posts and waits for the status: for a provider that calls before it answers.
pub(crate) fn post_now(url: &str, headers: &[(&str, String)], body: &str) -> String {
    use std::io::{Read as _, Write as _};
    let (address, path) = url.strip_prefix("http://").and_then(|it| it.split_once('/')).expect("an address");
    let mut stream = std::net::TcpStream::connect(address).expect("connected");
    stream.set_read_timeout(Some(crate::PATIENCE)).expect("a timeout");
    let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let request = format!("POST /{path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\ncontent-length: {}\r\n{headers}\r\n{body}", body.len());
    stream.write_all(request.as_bytes()).expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer.lines().next().unwrap_or_default().to_owned()
}

impl Provider {
    /// `answering` gets each call with its number, from 0.
    pub(crate) async fn start(answering: impl Fn(&Call, usize) -> Said + Send + Sync + 'static) -> Self {
        let shared = Arc::new(Shared { calls: Mutex::default(), answering: Box::new(answering), called: Notify::new() });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let router = Router::new().fallback(answer).with_state(Arc::clone(&shared));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { base, shared }
    }

    pub(crate) fn calls(&self, fits: impl Fn(&Call) -> bool) -> Vec<Call> {
        self.shared.calls.lock().expect("calls").iter().filter(|it| fits(it)).cloned().collect()
    }

    /// Waits until so many calls of a kind came.
    pub(crate) async fn until(&self, count: usize, what: &str, fits: impl Fn(&Call) -> bool + Send + Sync) -> Vec<Call> {
        let waited = tokio::time::timeout(crate::PATIENCE, async {
            loop {
                let called = self.shared.called.notified();
                let calls = self.calls(&fits);
                if calls.len() >= count {
                    return calls;
                }
                called.await;
            }
        });
        match waited.await {
            Ok(calls) => calls,
            Err(_late) => unreachable!("{what}: {:?}", self.calls(|_| true)),
        }
    }
}

async fn answer(State(shared): State<Arc<Shared>>, method: Method, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let content_type = headers.get("content-type").and_then(|it| it.to_str().ok()).unwrap_or_default().to_owned();
    let call = Call { method: method.to_string(), path: uri.to_string(), content_type, headers, body };
    let number = {
        let mut calls = shared.calls.lock().expect("calls");
        calls.push(call.clone());
        calls.len() - 1
    };
    let (status, headers, body) = (shared.answering)(&call, number);
    shared.called.notify_waiters();
    let mut response = (StatusCode::from_u16(status).expect("status"), body).into_response();
    for (name, value) in headers {
        response.headers_mut().insert(name, value.parse().expect("a header"));
    }
    response
}
