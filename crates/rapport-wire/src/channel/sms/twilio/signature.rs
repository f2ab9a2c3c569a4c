//! Twilio's signature over a request. Source: twilio.com/docs/usage/security.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use sha2::{Digest as _, Sha256};

use super::FORM_BYTES_MAX;
use crate::channel::request::form_pairs;
use crate::channel::{WireFault, mac};

/// Header with the signature, in lower case.
pub const SIGNATURE_HEADER: &str = "x-twilio-signature";
/// Header that names another algorithm than HMAC-SHA-1: `key=…,algorithm=HMAC_SHA256`.
pub const SETTINGS_HEADER: &str = "x-twilio-webhooks-signature-settings";

/// A request as it came.
#[derive(Clone, Copy, Debug)]
pub struct Callback<'a> {
    /// The whole public address with its query, made of the configured base: what the request itself says of its host is the sender's choice.
    pub url: &'a str,
    pub signature: Option<&'a str>,
    pub settings: Option<&'a str>,
    pub content_type: &'a str,
    pub body: &'a [u8],
}

/// Checks a request. A form is covered field by field; another body by its hash in the address, and one that neither covers is refused. The port of the address
/// may be left out of what was signed, or be put in. `secrets`: those in force. Errors: `BadSignature`.
pub fn verify(callback: &Callback<'_>, secrets: &[&str]) -> Result<(), WireFault> {
    let told = callback.signature.and_then(|it| STANDARD.decode(it.trim()).ok()).ok_or(WireFault::BadSignature)?;
    let is_form = callback.content_type.trim_start().to_ascii_lowercase().starts_with("application/x-www-form-urlencoded");
    if is_form && callback.body.len() > FORM_BYTES_MAX {
        return Err(WireFault::BadSignature);
    }
    let fields = if is_form { form_pairs(callback.body) } else { Vec::new() };
    if !is_form && !callback.body.is_empty() && !has_hash(callback.url, callback.body) {
        return Err(WireFault::BadSignature);
    }
    let data = signed_fields(&fields);
    let hash = algorithm(callback.settings).ok_or(WireFault::BadSignature)?;
    let urls = [Some(callback.url.to_owned()), without_port(callback.url), with_port(callback.url)];
    let mut matches = false;
    for secret in secrets.iter().filter(|it| !it.is_empty()) {
        for url in urls.iter().flatten() {
            matches |= mac::same(&told, &hash(secret.as_bytes(), &[url.as_bytes(), data.as_bytes()]));
        }
    }
    if matches { Ok(()) } else { Err(WireFault::BadSignature) }
}

/// The signature of a request with these fields, by HMAC-SHA-1. Shape: base64.
pub fn sign(secret: &str, url: &str, fields: &[(String, String)]) -> String {
    STANDARD.encode(mac::sha1(secret.as_bytes(), &[url.as_bytes(), signed_fields(fields).as_bytes()]))
}

/// Names and values in the order of the names; of a name that comes again its different values, in order.
fn signed_fields(fields: &[(String, String)]) -> String {
    let mut fields: Vec<&(String, String)> = fields.iter().collect();
    fields.sort();
    fields.dedup();
    fields.into_iter().flat_map(|it| [it.0.as_str(), it.1.as_str()]).collect()
}

/// `None` for an algorithm that is not known.
fn algorithm(settings: Option<&str>) -> Option<fn(&[u8], &[&[u8]]) -> Vec<u8>> {
    let named = settings.into_iter().flat_map(|it| it.split(',')).find_map(|it| it.trim().strip_prefix("algorithm="));
    match named {
        None | Some("HMAC_SHA1") => Some(mac::sha1),
        Some("HMAC_SHA256") => Some(mac::sha256),
        Some(_) => None,
    }
}

/// Whether the address, which is signed, holds the hash of this body.
fn has_hash(url: &str, body: &[u8]) -> bool {
    let query = url.split_once('?').map(|it| it.1.split('#').next().unwrap_or_default()).unwrap_or_default();
    let told = form_pairs(query.as_bytes()).into_iter().find(|it| it.0 == "bodySHA256").map(|it| it.1.to_ascii_lowercase());
    told.is_some_and(|it| mac::same(it.as_bytes(), mac::hex(&Sha256::digest(body)).as_bytes()))
}

/// Scheme with its strokes, host, port, and the rest from the path on.
fn divided(url: &str) -> Option<(&str, &str, Option<&str>, &str)> {
    let scheme_end = url.find("://")? + 3;
    let (scheme, rest) = url.split_at(scheme_end);
    let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let colon = authority.rfind(':').filter(|at| authority.get(at + 1..).is_some_and(|it| it.bytes().all(|it| it.is_ascii_digit())));
    Some(match colon {
        Some(at) => {
            let (host, port) = authority.split_at(at);
            (scheme, host, port.get(1..), path)
        }
        None => (scheme, authority, None, path),
    })
}

fn without_port(url: &str) -> Option<String> {
    let (scheme, host, port, path) = divided(url)?;
    port.map(|_| format!("{scheme}{host}{path}"))
}

fn with_port(url: &str) -> Option<String> {
    let (scheme, host, port, path) = divided(url)?;
    let usual = if scheme.eq_ignore_ascii_case("https://") { 443 } else { 80 };
    port.is_none().then(|| format!("{scheme}{host}:{usual}{path}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channel::request::query;

    const SECRET: &str = "12345678901234567890123456789012";
    const URL: &str = "https://cs.example.com/channels/sms/twilio?tenant=t1";
    const FORM: &str = "application/x-www-form-urlencoded; charset=UTF-8";
    const SIGNED: &str = "RPUVqoL4HxdXex3yaMaUnephn98=";
    const SIGNED_WITH_PORT: &str = "9RqaghPf/g9fV25vXx/vtq9p6fc=";
    const SIGNED_SHA256: &str = "ZvkxZkthRiZNFl1kGxJYGb2bG0GjGMB22v+kbzrlIQo=";

    fn form() -> String {
        let text = "你好 😀 a+b=c&d";
        query(&[
            ("MessageSid", "SM00000000000000000000000000000001"),
            ("AccountSid", "AC00000000000000000000000000000001"),
            ("From", "+8613800138000"),
            ("To", "+15551234567"),
            ("Body", text),
            ("NumMedia", "0"),
        ])
    }

    fn is_signed(url: &str, signature: &str, settings: Option<&str>, content_type: &str, body: &[u8]) -> bool {
        verify(&Callback { url, signature: Some(signature), settings, content_type, body }, &["former", SECRET]).is_ok()
    }

    /// Made by twilio 9.13.0 (Python) and, the first and the doubled fields, by twilio 6.2.0 (JavaScript).
    #[test]
    fn signatures_of_the_provider_s_own_library_are_taken() {
        let form = form();
        assert!(is_signed(URL, SIGNED, None, FORM, form.as_bytes()));
        assert!(is_signed(URL, SIGNED_WITH_PORT, None, FORM, form.as_bytes()), "signed with the port that is not shown");
        let with_port = URL.replace(".com/", ".com:443/");
        assert!(is_signed(&with_port, SIGNED, None, FORM, form.as_bytes()) && is_signed(&with_port, SIGNED_WITH_PORT, None, FORM, form.as_bytes()));
        assert!(is_signed("https://cs.example.com/x", "3LIdnI6Tne/JrXkrtego0gEVT84=", None, FORM, b"a=2&a=1&a=2&B=x"));
        let json = r#"{"hello":"世界"}"#;
        let url = "https://cs.example.com/x?bodySHA256=24466f368343e7f19ff9812f46cd548b45100e1dd244815a5549c2c853b331dd";
        assert!(is_signed(url, "8y4f3Ma4PzfizbpyX/XOW9fGkqM=", None, "application/json", json.as_bytes()));
        assert!(is_signed(URL, SIGNED_SHA256, Some("key=k1,algorithm=HMAC_SHA256"), FORM, form.as_bytes()));
        let fields = form_pairs(form.as_bytes());
        assert_eq!(sign(SECRET, URL, &fields), SIGNED);
        assert!(is_signed(&format!("{URL}&From=%2B86"), &sign(SECRET, &format!("{URL}&From=%2B86"), &[]), None, "", b""), "a request without a body");
    }

    #[test]
    fn one_bit_anywhere_is_refused() {
        let form = form();
        for at in 0..form.len() {
            let mut body = form.clone().into_bytes();
            body[at] ^= 1;
            // Of an escape, another case of a digit reads as the same: that is no other form.
            let is_same = form_pairs(&body) == form_pairs(form.as_bytes());
            assert_eq!(is_signed(URL, SIGNED, None, FORM, &body), is_same, "{at}");
        }
        for (signature, settings) in [(SIGNED, None), (SIGNED_SHA256, Some("algorithm=HMAC_SHA256"))] {
            let bytes = STANDARD.decode(signature).expect("base64");
            for at in 0..bytes.len() {
                let mut bytes = bytes.clone();
                bytes[at] ^= 1;
                assert!(!is_signed(URL, &STANDARD.encode(&bytes), settings, FORM, form.as_bytes()), "{at}");
            }
        }
        let hashed = "https://cs.example.com/x?bodySHA256=24466f368343e7f19ff9812f46cd548b45100e1dd244815a5549c2c853b331dd";
        let json = r#"{"hello":"世界"}"#.as_bytes();
        for at in 0..json.len() {
            let mut body = json.to_vec();
            body[at] ^= 1;
            assert!(!is_signed(hashed, "8y4f3Ma4PzfizbpyX/XOW9fGkqM=", None, "application/json", &body), "{at}");
        }
    }

    #[test]
    fn what_nothing_covers_is_refused() {
        let form = form();
        let json = "https://cs.example.com/x";
        assert!(!is_signed(json, &sign(SECRET, json, &[]), None, "application/json", b"{}"), "a body that nothing covers");
        assert!(!is_signed(&URL.replace("t1", "t2"), SIGNED, None, FORM, form.as_bytes()), "another receiver");
        assert!(!is_signed(URL, SIGNED, Some("algorithm=NONE"), FORM, form.as_bytes()));
        assert!(!is_signed(URL, SIGNED, Some("algorithm=HMAC_SHA256"), FORM, form.as_bytes()));
        assert!(!is_signed(URL, "", None, FORM, form.as_bytes()) && !is_signed(URL, "%%%", None, FORM, form.as_bytes()));
        let callback = Callback { url: URL, signature: Some(SIGNED), settings: None, content_type: FORM, body: form.as_bytes() };
        assert!(verify(&callback, &[]).is_err() && verify(&callback, &[""]).is_err() && verify(&callback, &["12345678901234567890123456789013"]).is_err());
        assert!(verify(&Callback { signature: None, ..callback }, &[SECRET]).is_err());
        let unkeyed = STANDARD.encode(mac::sha1(b"", &[URL.as_bytes(), signed_fields(&form_pairs(form.as_bytes())).as_bytes()]));
        assert!(verify(&Callback { signature: Some(&unkeyed), ..callback }, &[""]).is_err(), "a secret that is not set signs nothing");
    }

    #[test]
    fn ports_are_put_in_and_left_out() {
        let check = |url: &str, without: Option<&str>, with: Option<&str>| assert_eq!((without_port(url).as_deref(), with_port(url).as_deref()), (without, with), "{url}");
        check("https://a.b/x?y=http://c:1", None, Some("https://a.b:443/x?y=http://c:1"));
        check("http://a.b", None, Some("http://a.b:80"));
        check("https://a.b:8443/x", Some("https://a.b/x"), None);
        check("https://[::1]/x", None, Some("https://[::1]:443/x"));
        check("a.b/x", None, None);
    }
}
