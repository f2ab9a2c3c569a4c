//! The browser's files out of the one binary, with the headers that keep foreign code out of them.

use std::{borrow::Cow, sync::Arc};

use axum::{
    Router,
    body::Body,
    extract::{Path, Query, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Redirect, Response},
    routing::get,
};
use rapport_model::{Inbox, InboxId, codes};
use rapport_ports::{Record as _, Records as _};
use rust_embed::{EmbeddedFile, RustEmbed};
use serde::Deserialize;

use crate::{
    ApiState,
    failure::{Failure, Outcome},
};

/// Read from the folder in a development build, part of the binary in a release.
#[derive(RustEmbed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct Files;

/// Everything from this server alone; pictures also from what the page itself made.
const POLICY: &str = "default-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'";
const FOR_EVER: &str = "public, max-age=31536000, immutable";
const MINUTES: &str = "public, max-age=300";
const NEVER: &str = "no-cache";

pub(crate) fn router() -> Router<Arc<ApiState>> {
    let page = |file: &'static str| get(move |headers: HeaderMap| async move { document(file, &headers, "'none'") });
    Router::new()
        .route("/", page("portal/index.html"))
        .route("/demo", get(demo))
        .route("/ticket/{id}/{secret}", page("portal/ticket.html"))
        .route("/kb/{tenant}/{id}", page("portal/article.html"))
        .route("/my-data", page("portal/my-data.html"))
        .route("/sign-in", page("desk/sign-in.html"))
        .route("/desk", page("desk/index.html"))
        .route("/desk/", get(|| async { Redirect::permanent("/desk") }))
        .route("/admin", page("admin/index.html"))
        .route("/admin/", get(|| async { Redirect::permanent("/admin") }))
        .route("/widget/loader.js", get(|headers: HeaderMap| async move { asset("widget/loader.js", &headers, MINUTES) }))
        .route("/widget/frame", get(widget_frame))
        .route("/portal/assets/{*file}", get(|Path(file): Path<String>, headers: HeaderMap| async move { hashed("portal", &file, &headers) }))
        .route("/widget/assets/{*file}", get(|Path(file): Path<String>, headers: HeaderMap| async move { hashed("widget", &file, &headers) }))
        .route("/desk/assets/{*file}", get(|Path(file): Path<String>, headers: HeaderMap| async move { hashed("desk", &file, &headers) }))
        .route("/admin/assets/{*file}", get(|Path(file): Path<String>, headers: HeaderMap| async move { hashed("admin", &file, &headers) }))
        .route("/favicon.ico", get(|| async { StatusCode::NO_CONTENT }))
        .route("/robots.txt", get(|| async { "User-agent: *\nDisallow: /\n" }))
}

async fn demo(State(state): State<Arc<ApiState>>, headers: HeaderMap) -> Outcome<Response> {
    if state.settings.demo { Ok(document("portal/demo.html", &headers, "'none'")) } else { Err(Failure::new(codes::NOT_FOUND)) }
}

#[derive(Deserialize)]
struct FrameQuery {
    #[serde(default)]
    key: String,
}

/// The widget's frame may be embedded by the sites of its inbox only.
async fn widget_frame(State(state): State<Arc<ApiState>>, Query(query): Query<FrameQuery>, headers: HeaderMap) -> Outcome<Response> {
    let (_, inbox) = find_inbox(&state, &query.key).await?;
    let own = "'self'".to_owned();
    let ancestors = if inbox.allowed_origins.is_empty() { "*".to_owned() } else { std::iter::once(own).chain(inbox.allowed_origins).collect::<Vec<_>>().join(" ") };
    Ok(document("widget/frame.html", &headers, &ancestors))
}

/// The active inbox behind a public key. Errors: `not_found`.
pub(crate) async fn find_inbox(state: &ApiState, key: &str) -> Outcome<(rapport_model::TenantId, Inbox)> {
    let found = find_any_inbox(state, key).await?;
    // Whoever knows a provider's address has no business with the widget.
    if found.1.channel.is_remote() { Err(Failure::new(codes::NOT_FOUND)) } else { Ok(found) }
}

/// An active inbox of whatever channel.
pub(crate) async fn find_any_inbox(state: &ApiState, key: &str) -> Outcome<(rapport_model::TenantId, Inbox)> {
    let missing = || Failure::new(codes::NOT_FOUND);
    let (tenant, id) = state.store.resolve_key(Inbox::KIND, key).await?.ok_or_else(missing)?;
    let id = InboxId::from_slice(&id).ok_or_else(missing)?;
    let inbox = state.store.tenant(tenant).get::<Inbox>(*id.as_bytes()).await?.filter(|it| it.active).ok_or_else(missing)?;
    Ok((tenant, inbox))
}

fn hashed(app: &str, file: &str, headers: &HeaderMap) -> Response {
    asset(&format!("{app}/assets/{file}"), headers, FOR_EVER)
}

fn asset(path: &str, headers: &HeaderMap, cache: &'static str) -> Response {
    match Files::get(path) {
        Some(file) => answer(file, path, headers, cache),
        None => Failure::new(codes::NOT_FOUND).into_response(),
    }
}

/// An HTML page. `ancestors` says who may frame it.
fn document(path: &'static str, headers: &HeaderMap, ancestors: &str) -> Response {
    let Some(file) = Files::get(path) else { return not_built() };
    let mut response = answer(file, path, headers, NEVER);
    let policy = format!("{POLICY}; frame-ancestors {ancestors}");
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    if ancestors == "'none'" {
        response.headers_mut().insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    }
    response
}

fn answer(file: EmbeddedFile, path: &str, headers: &HeaderMap, cache: &'static str) -> Response {
    let tag = file.metadata.sha256_hash().iter().take(16).map(|it| format!("{it:02x}")).collect::<String>();
    let tag = format!("\"{tag}\"");
    let unchanged = headers.get(header::IF_NONE_MATCH).is_some_and(|it| it.as_bytes() == tag.as_bytes());
    let mut response = if unchanged {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        Response::new(match file.data {
            Cow::Borrowed(bytes) => Body::from(bytes),
            Cow::Owned(bytes) => Body::from(bytes),
        })
    };
    let into = response.headers_mut();
    let mut set = |name, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            into.insert(name, value);
        }
    };
    set(header::CONTENT_TYPE, media_type(path));
    set(header::CACHE_CONTROL, cache);
    set(header::ETAG, &tag);
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::REFERRER_POLICY, "strict-origin-when-cross-origin");
    if path == "widget/loader.js" {
        // Loaded by pages of other sites, also those that isolate themselves.
        set(header::HeaderName::from_static("cross-origin-resource-policy"), "cross-origin");
        set(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*");
    }
    response
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "woff2" => "font/woff2",
        "json" => "application/json",
        "map" => "application/json",
        _ => "application/octet-stream",
    }
}

fn not_built() -> Response {
    let text = "<!doctype html><meta charset=utf-8><title>Rapport</title><p>网页尚未构建：请在 web 目录运行 npm ci &amp;&amp; npm run build。<p>The pages are not built: run npm ci &amp;&amp; npm run build in web.";
    (StatusCode::SERVICE_UNAVAILABLE, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], text).into_response()
}
