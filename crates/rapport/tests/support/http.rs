//! HTTP as members, visitors and strangers speak it: who asks, what they send, and what came back.

use rapport_model::CATALOGUE;
use reqwest::{Client, Method, header, redirect::Policy};
use serde_json::{Value, json};

use super::Server;

/// Where the HTTP API is.
pub(crate) const API: &str = "/api/rapport/v1";

/// Somebody who asks.
#[derive(Clone)]
pub(crate) struct Caller {
    client: Client,
    root: String,
    headers: Vec<(&'static str, String)>,
}

/// What is sent with a request.
#[derive(Clone)]
pub(crate) enum Sent {
    Nothing,
    Json(Value),
    Raw { media_type: String, bytes: Vec<u8> },
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: header::HeaderMap,
    pub(crate) bytes: Vec<u8>,
}

impl Caller {
    /// Nobody in particular.
    pub(crate) fn anonymous(server: &Server) -> Self {
        let client = Client::builder().redirect(Policy::none()).build().expect("client");
        Self { client, root: format!("http://{}", server.address), headers: Vec::new() }
    }

    /// With one more header, in place of an earlier one of that name.
    pub(crate) fn with(&self, name: &'static str, value: impl Into<String>) -> Self {
        let mut other = self.without(name);
        other.headers.push((name, value.into()));
        other
    }

    pub(crate) fn without(&self, name: &str) -> Self {
        let mut other = self.clone();
        other.headers.retain(|it| it.0 != name);
        other
    }

    /// With an API token or a visitor's.
    pub(crate) fn bearer(&self, token: &str) -> Self {
        self.with("authorization", format!("Bearer {token}"))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|it| it.0 == name).map_or("", |it| &it.1)
    }

    /// A browser that signs in by a one-time link: with its cookie and the value that changes need.
    pub(crate) async fn signed_in(&self, link: &str) -> Self {
        let token = link.trim().split("link=").nth(1).expect("a sign-in link");
        self.session(&self.post("/auth/link", json!({"token": token})).await.good())
    }

    /// The browser after an answer that set a session.
    pub(crate) fn session(&self, answer: &Answer) -> Self {
        let csrf = answer.json()["csrf"].as_str().expect("csrf").to_owned();
        self.with("cookie", answer.cookie()).with("x-rapport-csrf", csrf)
    }

    /// Asks for a path of the API.
    pub(crate) async fn ask(&self, method: &str, path: &str, sent: Sent) -> Answer {
        self.ask_whole(method, &format!("{API}{path}"), sent).await
    }

    /// Asks for a path of the server.
    pub(crate) async fn ask_whole(&self, method: &str, path: &str, sent: Sent) -> Answer {
        let method = Method::from_bytes(method.as_bytes()).expect("method");
        let mut request = self.client.request(method, format!("{}{path}", self.root));
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        request = match sent {
            Sent::Nothing => request,
            Sent::Json(body) => request.json(&body),
            Sent::Raw { media_type, bytes } => request.header(header::CONTENT_TYPE, media_type).body(bytes),
        };
        let response = request.send().await.expect("an answer");
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Answer { status, headers, bytes: response.bytes().await.expect("a whole answer").to_vec() }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, Sent::Nothing).await
    }
    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.ask("POST", path, Sent::Json(body)).await
    }
    pub(crate) async fn patch(&self, path: &str, body: Value) -> Answer {
        self.ask("PATCH", path, Sent::Json(body)).await
    }
    pub(crate) async fn upload(&self, path: &str, name: &str, content: &[u8]) -> Answer {
        self.ask("POST", path, file(name, content)).await
    }
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// `null` where the body is no JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_default()
    }

    /// The error's code; empty where it is none.
    pub(crate) fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|it| it.to_str().ok()).unwrap_or_default()
    }

    /// The session cookie as a browser sends it back.
    pub(crate) fn cookie(&self) -> String {
        self.header("set-cookie").split(';').next().unwrap_or_default().to_owned()
    }

    /// The answer, which has to be a good one.
    pub(crate) fn good(self) -> Self {
        assert!((200..300).contains(&self.status), "{}: {}", self.status, self.text());
        self
    }

    /// Everything but what differs from request to request.
    pub(crate) fn lasting(&self) -> (u16, Value) {
        let mut body = self.json();
        if let Value::Object(fields) = &mut body {
            fields.remove("trace");
            fields.remove("seq");
        }
        (self.status, body)
    }

    /// Whether it refuses as the API promises: 4xx, with a code of the catalogue that has this status, words and a trace.
    pub(crate) fn is_spoken_refusal(&self) -> bool {
        let body = self.json();
        let words = ["message", "hint", "trace"].iter().all(|it| body[*it].as_str().is_some_and(|it| !it.is_empty()));
        let known = CATALOGUE.iter().any(|it| it.code == body["code"] && it.status == self.status);
        (400..500).contains(&self.status) && words && known
    }
}

/// A multipart body with one file.
pub(crate) fn file(name: &str, content: &[u8]) -> Sent {
    const BOUNDARY: &str = "rapport-test-boundary";
    let mut bytes = format!("--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n").into_bytes();
    bytes.extend_from_slice(content);
    bytes.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
    Sent::Raw { media_type: format!("multipart/form-data; boundary={BOUNDARY}"), bytes }
}

/// The smallest picture.
pub(crate) const PNG: &[u8] = &[
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 1, 0, 0, 0, 1, 8, 6, 0, 0, 0, 0x1f, 0x15, 0xc4, 0x89,
    0, 0, 0, 0x0d, 0x49, 0x44, 0x41, 0x54, 0x78, 0x9c, 0x63, 0, 1, 0, 0, 5, 0, 1, 0x0d, 0x0a, 0x2d, 0xb4, 0, 0, 0, 0, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
];

/// Each test uses its own part of this; none of it is left over.
const _: () = {
    let _used = (Caller::without, Caller::header, Caller::signed_in, Caller::get, Caller::post, Caller::patch, Answer::good, Answer::lasting);
    let _used = (Answer::is_spoken_refusal, Answer::code, Caller::anonymous, Caller::bearer, Caller::upload, file, PNG);
};
