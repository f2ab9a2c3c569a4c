//! Meta's platforms: WhatsApp Cloud, Messenger and Instagram share the callback's verification and signature, the Graph API's errors and its media.
//! Source: developers.facebook.com/docs/graph-api/webhooks and /docs/whatsapp/cloud-api.
//!
//! A callback is always answered with 200 once it is stored, whatever is in it: anything else is repeated for days and may end the subscription.

mod fault;
pub mod messenger;
pub mod whatsapp;

pub use fault::fault;

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::request::{FilePart, percent};
use super::{MediaKind, Request, Response, SendFault, WireFault, mac, reading};

/// Header with the signature, in lower case. `x-hub-signature`, without the 256, is of SHA-1 and is not looked at.
pub const SIGNATURE_HEADER: &str = "x-hub-signature-256";
/// Version of the Graph API where none is configured.
pub const VERSION: &str = "v24.0"; // assumed: versions live for two years

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Product {
    WhatsApp,
    Messenger,
    Instagram,
}

/// What the GET that verifies a callback is answered with: the challenge as it came, as text. `query`: the decoded pairs; the dots in their names are literal.
/// Errors: `BadSignature`, to be answered with 403.
pub fn challenge(query: &[(String, String)], verify_token: &str) -> Result<Vec<u8>, WireFault> {
    let of = |name: &str| query.iter().find(|it| it.0 == name).map(|it| it.1.as_str()).unwrap_or_default();
    let is_right = mac::same(of("hub.verify_token").as_bytes(), verify_token.as_bytes());
    if of("hub.mode") != "subscribe" || !is_right {
        return Err(WireFault::BadSignature);
    }
    let challenge = of("hub.challenge");
    if challenge.is_empty() || challenge.len() > 1_024 {
        return Err(WireFault::malformed("hub.challenge is missing"));
    }
    Ok(challenge.as_bytes().to_vec())
}

/// Checks `sha256=<hex of HMAC-SHA-256(app secret, body)>` over the body as it came: Meta signs its own escapes. `secrets`: those in force. Errors: `BadSignature`.
pub fn verify(header: Option<&str>, body: &[u8], secrets: &[&str]) -> Result<(), WireFault> {
    let told = header.and_then(|it| it.strip_prefix("sha256=")).unwrap_or_default().to_ascii_lowercase();
    let is_of = |secret: &str| !secret.is_empty() && mac::same(told.as_bytes(), mac::hex(&mac::sha256(secret.as_bytes(), &[body])).as_bytes());
    let matches = secrets.iter().fold(false, |found, it| is_of(it) | found);
    if matches { Ok(()) } else { Err(WireFault::BadSignature) }
}

/// The accounts that a callback speaks of: an app has one callback for all of its phone numbers and pages, and one body may tell of several.
/// The id is WhatsApp's `phone_number_id`, else that of the page or Instagram account.
pub fn accounts(body: &[u8]) -> Result<Vec<(Product, String)>, WireFault> {
    let root = reading::parse(body)?;
    let product = product(&root)?;
    let mut found = BTreeSet::new();
    for entry in reading::list(&root, "/entry")? {
        let ids = match product {
            Product::WhatsApp => reading::list(entry, "/changes")?.iter().filter_map(|it| reading::id(it, "/value/metadata/phone_number_id")).collect(),
            Product::Messenger | Product::Instagram => reading::id(entry, "/id").into_iter().collect::<Vec<_>>(),
        };
        found.extend(ids.into_iter().map(|it| (product, it)));
    }
    Ok(found.into_iter().collect())
}

fn product(root: &Value) -> Result<Product, WireFault> {
    match reading::name(root, "/object").as_deref() {
        Some("whatsapp_business_account") => Ok(Product::WhatsApp),
        Some("page") => Ok(Product::Messenger),
        Some("instagram") => Ok(Product::Instagram),
        Some(_) => Err(WireFault::NotOurs),
        None => Err(WireFault::malformed("object is missing")),
    }
}

/// Where a file lies for a few minutes. It is fetched with the token as bearer, and only from a host that the inbox names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MediaAt {
    pub url: String,
    pub media_type: Option<String>,
    pub bytes: Option<u64>,
    /// Of the bytes, in hex.
    pub sha256: Option<String>,
}

/// Asks where a file of WhatsApp lies. Ids of callbacks live 7 days, of uploads 30.
pub fn media(version: &str, token: &str, id: &str) -> Request {
    Request::get(format!("/{version}/{}", percent(id))).bearer(token)
}

/// The answer to [`media`].
pub fn media_at(response: &Response) -> Result<MediaAt, SendFault> {
    let body = response.json();
    let url = reading::id(&body, "/url").filter(|it| it.starts_with("https://") || it.starts_with("http://"));
    match url {
        Some(url) if response.status < 300 => {
            let sha256 = reading::name(&body, "/sha256");
            Ok(MediaAt { url, media_type: reading::name(&body, "/mime_type"), bytes: reading::size(&body, "/file_size"), sha256 })
        }
        _ => Err(fault(response)),
    }
}

/// Uploads a file: for WhatsApp to the number `account`, for Messenger and Instagram to the page. `boundary`: a random id.
pub fn upload(version: &str, token: &str, product: Product, account: &str, kind: MediaKind, file: &FilePart<'_>, boundary: &str) -> Request {
    let account = percent(account);
    if product == Product::WhatsApp {
        let fields = [("messaging_product", "whatsapp"), ("type", file.media_type)];
        let part = FilePart { field: "file", ..*file };
        return Request::multipart(format!("/{version}/{account}/media"), boundary, &fields, &part).bearer(token);
    }
    let message = json!({"attachment": {"type": messenger::attachment_type(kind), "payload": {"is_reusable": true}}}).to_string();
    let part = FilePart { field: "filedata", ..*file };
    Request::multipart(format!("/{version}/{account}/message_attachments"), boundary, &[("message", &message)], &part).bearer(token)
}

/// The id of an uploaded file.
pub fn uploaded(response: &Response) -> Result<String, SendFault> {
    let body = response.json();
    let id = reading::id(&body, "/id").or_else(|| reading::id(&body, "/attachment_id"));
    id.filter(|_| response.status < 300).ok_or_else(|| fault(response))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The escapes are bytes of the body, as Meta signs them.
    pub(super) const BODY: &str = r#"{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":{"messaging_product":"whatsapp","messages":[{"from":"8613800138000","id":"wamid.X","timestamp":"1764000000","type":"text","text":{"body":"\u4f60\u597d \ud83d\ude00"}}]}}]}]}"#;
    const SIGNATURE: &str = "sha256=fd0d9999229ab48878620e7bd2c3eefc6b2fae06001918beaa4a44a35c932d3f";
    const SECRET: &str = "meta_app_secret";

    /// Accepted by an independent validator (pywa 4.5.0).
    #[test]
    fn the_signature_is_over_the_bytes_as_they_came() {
        assert_eq!(verify(Some(SIGNATURE), BODY.as_bytes(), &[SECRET]), Ok(()));
        assert_eq!(verify(Some(SIGNATURE), BODY.as_bytes(), &["former", SECRET]), Ok(()));
        let read_and_written = serde_json::from_str::<Value>(BODY).expect("JSON").to_string();
        assert!(verify(Some(SIGNATURE), read_and_written.as_bytes(), &[SECRET]).is_err());
        for header in [None, Some(""), Some("sha256="), SIGNATURE.strip_prefix("sha256="), Some("sha1=fd0d")] {
            assert_eq!(verify(header, BODY.as_bytes(), &[SECRET]), Err(WireFault::BadSignature), "{header:?}");
        }
        assert!(verify(Some(SIGNATURE), BODY.as_bytes(), &[]).is_err() && verify(Some(SIGNATURE), BODY.as_bytes(), &[""]).is_err());
        let of_nothing = format!("sha256={}", mac::hex(&mac::sha256(b"", &[BODY.as_bytes()])));
        assert!(verify(Some(&of_nothing), BODY.as_bytes(), &[""]).is_err(), "a secret that is not set signs nothing");
    }

    #[test]
    fn one_bit_anywhere_is_refused() {
        for at in 0..BODY.len() {
            let mut body = BODY.as_bytes().to_vec();
            body[at] ^= 1;
            assert!(verify(Some(SIGNATURE), &body, &[SECRET]).is_err(), "{at}");
        }
        for at in 7..SIGNATURE.len() {
            let mut header = SIGNATURE.as_bytes().to_vec();
            header[at] ^= 1;
            assert!(verify(std::str::from_utf8(&header).ok(), BODY.as_bytes(), &[SECRET]).is_err(), "{at}");
        }
    }

    #[test]
    fn the_challenge_comes_back_as_it_came() {
        let query = |mode: &str, token: &str| ["hub.mode", "hub.verify_token", "hub.challenge"].map(str::to_owned).into_iter().zip([mode, token, "1158201444"].map(str::to_owned)).collect::<Vec<_>>();
        assert_eq!(challenge(&query("subscribe", "t0"), "t0").as_deref(), Ok(&b"1158201444"[..]));
        assert_eq!(challenge(&query("subscribe", "t1"), "t0"), Err(WireFault::BadSignature));
        assert_eq!(challenge(&query("unsubscribe", "t0"), "t0"), Err(WireFault::BadSignature));
        assert_eq!(challenge(&query("subscribe", ""), ""), Err(WireFault::BadSignature));
        assert_eq!(challenge(&[], "t0"), Err(WireFault::BadSignature));
    }

    #[test]
    fn accounts_of_a_body_are_listed_once() {
        let body = json!({"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [
            {"value": {"metadata": {"phone_number_id": "11"}}}, {"value": {"metadata": {"phone_number_id": "12"}}}, {"value": {"metadata": {"phone_number_id": "11"}}}, {"value": {}}]}]});
        assert_eq!(accounts(body.to_string().as_bytes()), Ok(vec![(Product::WhatsApp, "11".to_owned()), (Product::WhatsApp, "12".to_owned())]));
        let body = json!({"object": "instagram", "entry": [{"id": "178"}, {"id": 179}]});
        assert_eq!(accounts(body.to_string().as_bytes()), Ok(vec![(Product::Instagram, "178".to_owned()), (Product::Instagram, "179".to_owned())]));
        assert_eq!(accounts(br#"{"object":"permissions"}"#), Err(WireFault::NotOurs));
        assert!(matches!(accounts(b"{}"), Err(WireFault::Malformed(_))));
    }

    #[test]
    fn files_are_uploaded_and_found() {
        let file = FilePart { field: "", name: "图.png", media_type: "image/png", bytes: b"PNG" };
        let text = |it: &Request| String::from_utf8(it.body.clone()).expect("text");
        let request = upload("v24.0", "t", Product::WhatsApp, "11", MediaKind::Image, &file, "b0");
        assert_eq!(request.path, "/v24.0/11/media");
        assert!(text(&request).contains("name=\"type\"\r\n\r\nimage/png\r\n") && text(&request).contains("name=\"file\"; filename=\"图.png\""), "{}", text(&request));
        let request = upload("v24.0", "t", Product::Messenger, "me", MediaKind::Voice, &file, "b0");
        assert_eq!(request.path, "/v24.0/me/message_attachments");
        assert!(text(&request).contains(r#""payload":{"is_reusable":true}"#) && text(&request).contains(r#""type":"audio""#), "{}", text(&request));
        let response = |status: u16, body: &str| Response { status, headers: Vec::new(), body: body.as_bytes().to_vec() };
        assert_eq!(uploaded(&response(200, r#"{"id":"99"}"#)).as_deref(), Ok("99"));
        assert_eq!(uploaded(&response(200, r#"{"attachment_id":"98"}"#)).as_deref(), Ok("98"));
        let at = media_at(&response(200, r#"{"url":"https://lookaside.fbsbx.com/x?y=1","mime_type":"image/jpeg","sha256":"ab","file_size":77,"id":"1"}"#)).expect("read");
        assert_eq!((at.url.as_str(), at.bytes), ("https://lookaside.fbsbx.com/x?y=1", Some(77)));
        let gone = r#"{"error":{"message":"Unsupported get request","type":"GraphMethodException","code":100,"error_subcode":33}}"#;
        assert_eq!(media_at(&response(400, gone)), Err(SendFault::MediaExpired { code: "100/33".to_owned() }));
        assert_eq!(media("v24.0", "t", "1/../2").path, "/v24.0/1%2F..%2F2");
    }
}
