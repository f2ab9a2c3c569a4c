//! The session cookie: unreadable by scripts, not sent from other sites, over TLS only where there is TLS.

use axum::http::{HeaderMap, HeaderValue, header};

const NAME: &str = "rapport_session";

/// The session's secret in the request's cookies.
pub(super) fn session_of(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|it| it.to_str().ok()).flat_map(|it| it.split(';'));
    cookies.filter_map(|it| it.trim().split_once('=')).find(|(name, _)| *name == NAME).map(|(_, value)| value)
}

/// Units: seconds.
pub(crate) fn set_cookie(secret: &str, max_age_s: i64, https: bool) -> Option<HeaderValue> {
    let secure = if https { "; Secure" } else { "" };
    HeaderValue::from_str(&format!("{NAME}={secret}; Path=/; Max-Age={max_age_s}; HttpOnly; SameSite=Lax{secure}")).ok()
}

pub(crate) fn clear_cookie() -> HeaderValue {
    HeaderValue::from_static("rapport_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax")
}
