//! Personal data on its way out to members who do not see it: the one place through which every answer of the API and every live frame for them goes.

mod walk;

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use axum::{
    body::{Body, HttpBody as _},
    extract::Request,
    http::{Extensions, HeaderValue, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use bytes::Bytes;
use rapport_model::{Fault, codes};
use rapport_perceive::personal;

pub(crate) use walk::{shown, text};

use crate::{
    BASE, attachments,
    failure::{self, Failure, Outcome},
};

/// First parts of the paths whose texts are the firm's own: an agent sends its telephone number out of a canned reply as it is. All others are masked.
const OF_THE_FIRM: &[&str] = &["articles", "auth", "calendars", "canned-replies", "inboxes", "knowledge", "me", "members", "settings", "teams"];

/// Whether the answer is for somebody who does not see personal data: noted when it is found out who asks, read when the answer leaves.
#[derive(Clone, Default)]
pub(crate) struct Sight(Arc<AtomicBool>);

impl Sight {
    /// Errors: `internal` where nothing would mask the answer, so that no route can be without.
    pub(crate) fn mask(extensions: &Extensions) -> Outcome<()> {
        let unguarded = || Fault::with(codes::INTERNAL, "an answer that nothing masks");
        extensions.get::<Self>().ok_or_else(unguarded)?.0.store(true, Ordering::Relaxed);
        Ok(())
    }
}

/// A file under its name, which is masked as texts are; what is in it is not looked at.
#[derive(Clone)]
pub(crate) struct Named(pub(crate) String);

/// Around all routes of the API. Costs nothing for those who see personal data.
pub(crate) async fn outgoing(mut request: Request, next: Next) -> Response {
    let sight = Sight::default();
    request.extensions_mut().insert(sight.clone());
    let is_of_the_firm = is_of_the_firm(request.uri().path());
    let response = next.run(request).await;
    if is_of_the_firm || !sight.0.load(Ordering::Relaxed) {
        return response;
    }
    masked(response).await.unwrap_or_else(Failure::into_response)
}

fn is_of_the_firm(path: &str) -> bool {
    let first = path.strip_prefix(BASE).unwrap_or(path).split('/').nth(1);
    first.is_some_and(|it| OF_THE_FIRM.contains(&it))
}

/// Errors: `auth.forbidden` for a kind of answer that cannot be masked.
async fn masked(mut response: Response) -> Outcome<Response> {
    failure::mask_detail(&mut response, text);
    if let Some(Named(name)) = response.extensions_mut().remove::<Named>() {
        let value = HeaderValue::from_str(&attachments::disposition(&text(&name))).map_err(|_bad| broken())?;
        response.headers_mut().insert(header::CONTENT_DISPOSITION, value);
        return Ok(response);
    }
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|it| it.to_str().ok()).unwrap_or_default();
    let mask: fn(&[u8]) -> Option<Vec<u8>> = match kind.split(';').next().unwrap_or_default() {
        "application/json" => walk::json,
        it if it.starts_with("text/") => walk::plain,
        "" if response.body().is_end_stream() => return Ok(response),
        _ => return Err(Fault::with(codes::FORBIDDEN, "personal data in it cannot be hidden").into()),
    };
    let (mut parts, body) = response.into_parts();
    let bytes = axum::body::to_bytes(body, usize::MAX).await.map_err(|_broke_off| broken())?;
    let bytes = mask(&bytes).ok_or_else(broken)?;
    parts.headers.remove(header::CONTENT_LENGTH);
    Ok(Response::from_parts(parts, Body::from(bytes)))
}

fn broken() -> Failure {
    Fault::with(codes::INTERNAL, "an answer that cannot be masked").into()
}

/// A live frame. One that cannot be read, which is none of ours, becomes one that says nothing.
pub(crate) fn frame(frame: &[u8]) -> Bytes {
    walk::json(frame).map_or_else(|| Bytes::from_static(b"{}"), Bytes::from)
}

/// What a member who was shown `shown` for `stored` means by `given`: hidden parts that they left alone stay as they are.
///
/// Errors: `personal_data.hidden` where stars would take the place of something.
pub(crate) fn kept(given: String, stored: &str, shown: &str) -> Result<String, Fault> {
    if given == shown {
        return Ok(stored.to_owned());
    }
    if shown == stored {
        return Ok(given);
    }
    let meant = personal::unmasked(&given, stored).filter(|it| !it.contains("**") || stored.contains("**"));
    meant.ok_or_else(|| Fault::new(codes::HIDDEN))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_firms_own_texts_go_out_as_they_are() {
        for path in ["/articles", "/canned-replies/x", "/members", "/auth/sign-in", "/knowledge/ask"] {
            assert!(is_of_the_firm(&format!("{BASE}{path}")) && is_of_the_firm(path), "{path}");
        }
        for path in ["", "/", "/conversations", "/conversations/me", "/contacts/members", "/tickets", "/files/x", "/intents", "/articles-of-a-customer", "/something/new"] {
            assert!(!is_of_the_firm(&format!("{BASE}{path}")), "{path}");
        }
    }

    #[test]
    fn hidden_parts_stay_as_they_are() {
        let check = |given: &str, stored: &str, expected: Option<&str>| {
            assert_eq!(kept(given.to_owned(), stored, &text(stored)).ok().as_deref(), expected, "{given}");
        };
        check("电话138****5678", "电话13812345678", Some("电话13812345678"));
        check("电话138****5678，晚上打", "电话13812345678", Some("电话13812345678，晚上打"));
        check("电话13911112222", "电话13812345678", Some("电话13911112222"));
        check("电话138****5679", "电话13812345678", None);
        check("**重要**", "没有什么", Some("**重要**"));
    }
}
