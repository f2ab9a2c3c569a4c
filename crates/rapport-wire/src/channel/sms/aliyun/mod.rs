//! Alibaba Cloud's short messages: receipts and answers that it pushes, and signed calls. Source: help.aliyun.com/document_detail/101414.html.
//!
//! Pushes carry no signature: their address is the secret. They are answered with [`RECEIVED`] once they are stored.

mod send;
mod time;

pub use send::{Config, Template, answer, call, send, signature};

use serde_json::Value;

use super::{Word, word};
use crate::channel::{Fact, Inbound, Progress, Remote, WireFault, bounded_id, reading};

/// What a push is answered with, as `application/json`.
pub const RECEIVED: &[u8] = r#"{"code":0,"msg":"接收成功"}"#.as_bytes();

/// Facts of a push: receipts (`SmsReport`) and messages (`SmsUp`), told apart by their fields. Numbers are told in E.164; times are those of China. A message that is
/// nothing but a word to stop or start tells that beside its text. Shape: a JSON array. Errors: `Malformed`.
pub fn decode(body: &[u8]) -> Result<Vec<Inbound>, WireFault> {
    let root = reading::parse(body)?;
    if !root.is_array() {
        return Err(WireFault::malformed("no array"));
    }
    let mut facts = Vec::new();
    for item in reading::list(&root, "")? {
        if reading::at(item, "/biz_id").is_some() {
            facts.push(receipt(item)?);
        } else if reading::at(item, "/content").is_some() || reading::at(item, "/sequence_id").is_some() {
            facts.extend(message(item)?);
        }
    }
    Ok(facts)
}

fn receipt(item: &Value) -> Result<Inbound, WireFault> {
    let (message, number) = (reading::needed(item, "/biz_id")?, number(item)?);
    let success = reading::at(item, "/success").ok_or_else(|| WireFault::malformed("/success is missing"))?;
    let state = if success.as_bool() == Some(true) || success.as_str() == Some("true") {
        Progress::Delivered
    } else {
        Progress::Failed(reading::name(item, "/err_code").unwrap_or_default())
    };
    let at = reading::id(item, "/report_time").and_then(|it| time::local(&it));
    let id = bounded_id(&format!("report:{message}:{number}"));
    Ok(Inbound { id, from: Remote { id: number, ..Remote::default() }, at, fact: Fact::Receipt { message: bounded_id(&message), state } })
}

fn message(item: &Value) -> Result<Vec<Inbound>, WireFault> {
    let (sequence, number) = (reading::needed(item, "/sequence_id")?, number(item)?);
    let text = reading::text(item, "/content").ok_or_else(|| WireFault::malformed("/content is missing"))?;
    let at = reading::id(item, "/send_time").and_then(|it| time::local(&it));
    let from = Remote { id: number, ..Remote::default() };
    let inbound = |id: String, fact: Fact| Inbound { id: bounded_id(&id), from: from.clone(), at, fact };
    let asked = match word(&text) {
        Some(Word::Stop) => Some(inbound(format!("stop:{sequence}"), Fact::Left)),
        Some(Word::Start) => Some(inbound(format!("start:{sequence}"), Fact::Began { scene: None })),
        Some(Word::Help) | None => None,
    };
    let said = inbound(format!("up:{sequence}"), Fact::Message { parts: vec![reading::said(text, "empty")], quoted: None });
    Ok(std::iter::once(said).chain(asked).collect())
}

fn number(item: &Value) -> Result<String, WireFault> {
    let number = reading::needed(item, "/phone_number")?;
    Ok(international(&number).unwrap_or_else(|| bounded_id(&number)))
}

/// E.164 of a number as Alibaba Cloud writes it: eleven digits from 1 on are of mainland China.
fn international(number: &str) -> Option<String> {
    let is_mainland = number.len() == 11 && number.starts_with('1');
    let whole = if is_mainland { format!("86{number}") } else { number.trim_start_matches("00").to_owned() };
    reading::e164(&whole)
}

#[cfg(test)]
mod tests {
    use rapport_model::Timestamp;
    use serde_json::json;

    use super::*;
    use crate::channel::Part;

    fn facts(body: &Value) -> Vec<Inbound> {
        decode(body.to_string().as_bytes()).expect("read")
    }

    fn report(success: Value, code: &str) -> Value {
        json!({"phone_number": "13800138000", "send_time": "2025-11-25 00:00:00", "report_time": "2025-11-25 00:00:05", "success": success, "err_code": code, "err_msg": "x", "sms_size": "1", "biz_id": "932702304080415357^0", "out_id": "k1"})
    }

    #[test]
    fn receipts_are_known_by_message_and_number() {
        let told = facts(&json!([report(json!(true), "DELIVERED"), report(json!("false"), "MOBILE_NOT_ON_SERVICE"), {"some": "new event"}]));
        let of = |state| Fact::Receipt { message: "932702304080415357^0".to_owned(), state };
        assert_eq!((told.len(), told[0].id.as_str(), told[0].from.id.as_str()), (2, "report:932702304080415357^0:+8613800138000", "+8613800138000"));
        assert_eq!((told[0].at, &told[0].fact), (Some(Timestamp(1_764_000_005_000)), &of(Progress::Delivered)));
        assert_eq!(told[1].fact, of(Progress::Failed("MOBILE_NOT_ON_SERVICE".to_owned())));
    }

    #[test]
    fn messages_are_told_at_china_s_time_in_both_forms() {
        let up = |at: &str, text: &str, sequence: Value| json!({"phone_number": "13800138000", "send_time": at, "content": text, "sign_name": "阿里云", "dest_code": "1234", "sequence_id": sequence});
        let text = "订单到哪了😀𠮷";
        for at in ["2025-11-25 00:00:00", "20251125000000"] {
            let told = facts(&json!([up(at, text, json!(1_234_567_890))]));
            let from = Remote { id: "+8613800138000".to_owned(), ..Remote::default() };
            let fact = Fact::Message { parts: vec![Part::Text(text.to_owned())], quoted: None };
            assert_eq!(told, [Inbound { id: "up:1234567890".to_owned(), from, at: Some(Timestamp(1_764_000_000_000)), fact }]);
        }
        for stop in ["退订", "TD", "T", "td"] {
            let told = facts(&json!([up("", stop, json!("9"))]));
            assert_eq!((told.len(), told[1].id.as_str(), &told[1].fact), (2, "stop:9", &Fact::Left), "{stop}");
        }
    }

    #[test]
    fn numbers_are_told_in_one_form() {
        let check = |number: &str, expected: Option<&str>| assert_eq!(international(number).as_deref(), expected, "{number}");
        check("13800138000", Some("+8613800138000"));
        check("8613800138000", Some("+8613800138000"));
        check("+8613800138000", Some("+8613800138000"));
        check("0085298765432", Some("+85298765432"));
        check("15551234567", Some("+8615551234567"));
        check("10086", None);
    }

    #[test]
    fn what_is_missing_is_named() {
        let check = |body: Value, names: &str| match decode(body.to_string().as_bytes()) {
            Err(WireFault::Malformed(text)) => assert!(text.contains(names), "{text}"),
            outcome => panic!("{outcome:?}"),
        };
        check(json!({}), "array");
        check(json!([{"biz_id": "1"}]), "phone_number");
        check(json!([{"biz_id": "1", "phone_number": "13800138000"}]), "success");
        check(json!([{"content": "x", "phone_number": "13800138000"}]), "sequence_id");
        check(json!([{"sequence_id": 1, "phone_number": "13800138000"}]), "content");
    }

    #[test]
    fn a_body_cut_anywhere_is_refused() {
        let body = json!([report(json!(true), "DELIVERED")]).to_string();
        for end in 0..body.len() {
            assert!(matches!(decode(&body.as_bytes()[..end]), Err(WireFault::Malformed(_))), "{end}");
        }
    }
}
