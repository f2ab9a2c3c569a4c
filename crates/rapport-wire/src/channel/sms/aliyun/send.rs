//! Signed calls to Alibaba Cloud, and what became of them.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use rapport_model::Timestamp;
use serde_json::{Map, Value};

use super::time;
use crate::channel::request::{percent, query};
use crate::channel::{Method, Outgoing, Piece, Request, Response, SendFault, Sending, bounded_id, mac, outcome, reading};

/// One account with an approved signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    pub access_key_id: String,
    /// Stands as `【…】` before each text.
    pub sign_name: String,
    /// In mainland China every text is an approved form.
    pub templates: Vec<Template>,
    /// The code of the form whose first variable takes a whole text, where one was approved.
    pub text_template: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// `SMS_…`.
    pub code: String,
    /// Names of its variables, in the order in which values are given.
    pub names: Vec<String>,
}

/// One piece as a call. `nonce`: new for each call; `at`: now. Our key travels as `OutId` and comes back in receipts.
///
/// Shape: that of [`call`]. Errors: `Refused` where no form was approved for the piece. Source: help.aliyun.com/document_detail/101300.html.
pub fn send(config: &Config, secret: &str, out: &Outgoing, nonce: &str, at: Timestamp) -> Result<Request, SendFault> {
    let (code, parameters) = filled(config, &out.piece)?;
    let number = national(&out.to);
    let fields = [
        ("OutId", out.key.as_str()),
        ("PhoneNumbers", number.as_str()),
        ("SignName", config.sign_name.as_str()),
        ("TemplateCode", code),
        ("TemplateParam", parameters.as_str()),
    ];
    Ok(call(&config.access_key_id, secret, "SendSms", &fields, nonce, at))
}

/// A signed call of an action with its own fields; those that every call has are added. `nonce`: new for each call; `at`: now.
///
/// Shape: a form to `/`, in the style RPC, version 2017-05-25. Source: help.aliyun.com/document_detail/101343.html.
pub fn call(access_key_id: &str, secret: &str, action: &str, own: &[(&str, &str)], nonce: &str, at: Timestamp) -> Request {
    let at = time::utc(at);
    let mut fields = vec![
        ("AccessKeyId", access_key_id),
        ("Action", action),
        ("Format", "JSON"),
        ("SignatureMethod", "HMAC-SHA1"),
        ("SignatureNonce", nonce),
        ("SignatureVersion", "1.0"),
        ("Timestamp", at.as_str()),
        ("Version", "2017-05-25"),
    ];
    fields.extend_from_slice(own);
    fields.sort_unstable();
    let signature = signature(Method::Post, secret, &fields);
    fields.push(("Signature", &signature));
    Request::form("/", &fields)
}

/// The signature of a call with these fields. Shape: base64 of HMAC-SHA-1 with the key `<secret>&` over `METHOD&%2F&<the fields in the order of their names, encoded twice>`.
pub fn signature(method: Method, secret: &str, fields: &[(&str, &str)]) -> String {
    let mut fields = fields.to_vec();
    fields.sort_unstable();
    let method = match method {
        Method::Get => "GET",
        Method::Post => "POST",
        Method::Put => "PUT",
        Method::Delete => "DELETE",
    };
    let text = format!("{method}&%2F&{}", percent(&query(&fields)));
    STANDARD.encode(mac::sha1(format!("{secret}&").as_bytes(), &[text.as_bytes()]))
}

/// What became of a piece: its `BizId`. Shape: `{Code: "OK", Message, BizId, RequestId}`; an error may come with 200 as well as with 400.
pub fn answer(response: &Response) -> Sending {
    let body = response.json();
    let Some(code) = reading::name(&body, "/Code") else { return Err(outcome::by_status(response)) };
    if code == "OK" {
        return Ok(reading::id(&body, "/BizId").map(|it| bounded_id(&it)));
    }
    Err(fault(code, reading::name(&body, "/Message").unwrap_or_default()))
}

/// Source: help.aliyun.com/document_detail/101346.html.
fn fault(code: String, text: String) -> SendFault {
    let begins = |words: &[&str]| words.iter().any(|it| code.starts_with(it));
    if begins(&["isv.BUSINESS_LIMIT_CONTROL", "isv.DAY_LIMIT_CONTROL", "isv.MONTH_LIMIT_CONTROL", "Throttling", "isp.RATE_LIMIT"]) {
        return SendFault::RateLimited { retry_after_ms: None, code };
    }
    if begins(&["InvalidAccessKeyId", "SignatureDoesNotMatch", "Forbidden.AccessKeyDisabled"]) {
        return SendFault::TokenInvalid { code };
    }
    // Stopped by the customer, or no number that anybody holds.
    if begins(&["isv.MOBILE_IN_BLACK", "isv.BLACK_", "isv.BLACKLIST"]) && !begins(&["isv.BLACK_KEY_CONTROL_LIMIT"]) {
        return SendFault::UserBlocked { code };
    }
    if begins(&["isp.", "isv.SYSTEM_ERROR", "ServiceUnavailable", "InternalError"]) && !begins(&["isp.RAM_PERMISSION_DENY"]) {
        return SendFault::Trouble { code };
    }
    SendFault::Refused { code, text }
}

/// The code of a form, and its variables as JSON text.
fn filled<'a>(config: &'a Config, piece: &'a Piece) -> Result<(&'a str, String), SendFault> {
    let (code, values): (&str, &[String]) = match piece {
        Piece::Template { name, parameters, .. } => (name, parameters),
        Piece::Text(text) => (config.text_template.as_deref().ok_or_else(|| outcome::unsupported("free text"))?, std::slice::from_ref(text)),
        Piece::Media { .. } | Piece::MediaUrl { .. } => return Err(outcome::unsupported("a file")),
        Piece::Buttons { .. } => return Err(outcome::unsupported("buttons")),
    };
    let template = config.templates.iter().find(|it| it.code == code).ok_or_else(|| outcome::unsupported("a template that is not configured"))?;
    if template.names.len() != values.len() {
        return Err(outcome::unsupported("another number of variables than the template has"));
    }
    let parameters: Map<String, Value> = template.names.iter().cloned().zip(values.iter().map(|it| it.as_str().into())).collect();
    Ok((&template.code, Value::Object(parameters).to_string()))
}

/// A number as `SendSms` takes it: of mainland China without its prefix, others without their plus sign.
fn national(number: &str) -> String {
    let digits = number.strip_prefix('+').unwrap_or(number);
    match digits.strip_prefix("86") {
        Some(mainland) if mainland.len() == 11 => mainland.to_owned(),
        _ => digits.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channel::request::form_pairs;

    /// Without our key, as the signed call was.
    const FIELDS: [(&str, &str); 12] = [
        ("Version", "2017-05-25"),
        ("AccessKeyId", "LTAI_test"),
        ("Action", "SendSms"),
        ("Format", "JSON"),
        ("PhoneNumbers", "13800138000"),
        ("SignName", "阿里云"),
        ("SignatureMethod", "HMAC-SHA1"),
        ("SignatureNonce", "omni-nonce-0001"),
        ("SignatureVersion", "1.0"),
        ("TemplateCode", "SMS_154950909"),
        ("TemplateParam", "{\"code\":\"1234\"}"),
        ("Timestamp", "2025-11-24T16:00:00Z"),
    ];

    /// Made by @alicloud/pop-core 1.8.0.
    #[test]
    fn calls_are_signed_as_the_provider_s_own_library_does() {
        let expected = "fE+LKySzgQaY9F/ARaQG4BcOThY=";
        assert_eq!(signature(Method::Post, "secret_test", &FIELDS), expected);
        assert_ne!(signature(Method::Get, "secret_test", &FIELDS), expected);
        assert_ne!(signature(Method::Post, "secret_tesu", &FIELDS), expected);
        for at in 0..FIELDS.len() {
            let mut fields = FIELDS;
            let changed = format!("{}*", fields[at].1);
            fields[at].1 = &changed;
            assert_ne!(signature(Method::Post, "secret_test", &fields), expected, "{at}");
        }
    }

    fn config() -> Config {
        let template = |code: &str, names: &[&str]| Template { code: code.to_owned(), names: names.iter().map(|it| (*it).to_owned()).collect() };
        Config {
            access_key_id: "LTAI_test".to_owned(),
            sign_name: "阿里云".to_owned(),
            templates: vec![template("SMS_154950909", &["code"]), template("SMS_1", &["text"])],
            text_template: Some("SMS_1".to_owned()),
        }
    }

    fn sent(piece: Piece) -> Result<Vec<(String, String)>, SendFault> {
        let out = Outgoing { to: "+8613800138000".to_owned(), reply_to: None, quoted: None, piece, key: "k1".to_owned(), by_person: false };
        send(&config(), "secret_test", &out, "omni-nonce-0001", Timestamp(1_764_000_000_000)).map(|it| form_pairs(&it.body))
    }

    #[test]
    fn pieces_become_signed_forms() {
        let template = |name: &str, values: &[&str]| Piece::Template { name: name.to_owned(), language: "zh".to_owned(), parameters: values.iter().map(|it| (*it).to_owned()).collect() };
        let fields = sent(template("SMS_154950909", &["1234"])).expect("sent");
        let of = |name: &str| fields.iter().find(|it| it.0 == name).map(|it| it.1.as_str());
        for (name, value) in FIELDS {
            assert_eq!(of(name), Some(value), "{name}");
        }
        let unsigned: Vec<(&str, &str)> = fields.iter().filter(|it| it.0 != "Signature").map(|it| (it.0.as_str(), it.1.as_str())).collect();
        assert_eq!((of("OutId"), of("Signature")), (Some("k1"), Some(signature(Method::Post, "secret_test", &unsigned).as_str())));
        let text = sent(Piece::Text("您好😀𠮷".to_owned())).expect("sent");
        assert!(text.contains(&("TemplateParam".to_owned(), r#"{"text":"您好😀𠮷"}"#.to_owned())), "{text:?}");
        for refused in [template("SMS_9", &[]), template("SMS_154950909", &[]), Piece::Buttons { text: "?".to_owned(), options: Vec::new() }] {
            assert!(matches!(sent(refused), Err(SendFault::Refused { .. })));
        }
        assert_eq!((national("+85298765432"), national("13800138000"), national("8613800138000")), ("85298765432".to_owned(), "13800138000".to_owned(), "13800138000".to_owned()));
    }

    #[test]
    fn codes_are_mapped_whatever_the_status() {
        for status in [200, 400] {
            let of = |code: &str| answer(&Response { status, headers: Vec::new(), body: serde_json::json!({"Code": code, "Message": "words", "BizId": "9^0", "RequestId": "r"}).to_string().into_bytes() });
            assert_eq!(of("OK"), Ok(Some("9^0".to_owned())));
            let check = |code: &str, expected: fn(String) -> SendFault| assert_eq!(of(code), Err(expected(code.to_owned())), "{code}");
            for code in ["isv.BUSINESS_LIMIT_CONTROL", "isv.DAY_LIMIT_CONTROL", "Throttling.User"] {
                check(code, |code| SendFault::RateLimited { retry_after_ms: None, code });
            }
            for code in ["InvalidAccessKeyId.NotFound", "SignatureDoesNotMatch"] {
                check(code, |code| SendFault::TokenInvalid { code });
            }
            for code in ["isp.SYSTEM_ERROR", "isp.GATEWAY_ERROR", "ServiceUnavailable"] {
                check(code, |code| SendFault::Trouble { code });
            }
            for code in ["isv.MOBILE_NUMBER_ILLEGAL", "isv.AMOUNT_NOT_ENOUGH", "isv.SMS_TEMPLATE_ILLEGAL", "isv.BLACK_KEY_CONTROL_LIMIT", "isp.RAM_PERMISSION_DENY"] {
                check(code, |code| SendFault::Refused { code, text: "words".to_owned() });
            }
            check("isv.MOBILE_IN_BLACK", |code| SendFault::UserBlocked { code });
        }
        let nothing = Response { status: 502, headers: Vec::new(), body: Vec::new() };
        assert_eq!(answer(&nothing), Err(SendFault::Unknown { code: "502".to_owned() }));
    }
}
