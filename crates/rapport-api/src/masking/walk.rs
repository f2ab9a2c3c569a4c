//! Hides personal data in any JSON: every text but those whose form or name says that they are none, so that a field that is new is hidden before anybody thinks of it.

use rapport_model::{Fault, codes};
use rapport_perceive::personal::{self, Kind, Style};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use uuid::Uuid;

/// `None` for what is not JSON.
pub(super) fn json(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut value: Value = serde_json::from_slice(bytes).ok()?;
    hide("", &mut value);
    serde_json::to_vec(&value).ok()
}

/// `None` for what is not UTF-8.
pub(super) fn plain(bytes: &[u8]) -> Option<Vec<u8>> {
    std::str::from_utf8(bytes).ok().map(|it| text(it).into_bytes())
}

/// A value as it is shown. Errors: `internal`, where it does not fit its type any more.
pub(crate) fn shown<T: Serialize + DeserializeOwned>(value: &T) -> Result<T, Fault> {
    let broken = |error: serde_json::Error| Fault::with(codes::INTERNAL, error.to_string());
    let mut json = serde_json::to_value(value).map_err(broken)?;
    hide("", &mut json);
    serde_json::from_value(json).map_err(broken)
}

fn hide(name: &str, value: &mut Value) {
    match value {
        Value::String(written) => {
            if let Some(hidden) = hidden(name, written) {
                *written = hidden;
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|it| hide(name, it)),
        Value::Object(members) => {
            let is_file = members.contains_key("media_type");
            for (name, value) in members {
                match (name.as_str(), value) {
                    // Colleagues' names, by their ids.
                    ("names", Value::Object(names)) if names.keys().all(|it| is_id(it)) => {}
                    ("fields", Value::Object(fields)) => fields.iter_mut().for_each(|(label, it)| hide_field(label, it)),
                    ("name", Value::String(name)) if is_file => *name = text(name),
                    (name, value) => hide(name, value),
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// `None`: it stays.
fn hidden(name: &str, written: &str) -> Option<String> {
    match name {
        "email" => Some(personal::mask_as(Kind::Email, written)),
        "phone" => Some(personal::mask_as(Kind::Phone, written)),
        // With the link of a ticket the page for its customer opens, where everything stands in the clear.
        "path" => Some(String::new()),
        // Of an article.
        "url" => None,
        _ if is_code(written) || is_id(written) || is_cursor(written) => None,
        // A person must be able to greet.
        "name" => Some(cut(&personal::mask_some(written, |it| it != Kind::Name))),
        "page" => Some(page(written)),
        _ => Some(text(written)),
    }
}

/// A word that no person wrote: a kind, a code, a media type. No personal data has neither digit, sign nor capital.
fn is_code(written: &str) -> bool {
    written.bytes().all(|it| it.is_ascii_lowercase() || matches!(it, b'_' | b'.' | b'/'))
}

fn is_id(written: &str) -> bool {
    written.len() == 36 && Uuid::try_parse(written).is_ok()
}

/// Where a page of conversations ends: a time and an id.
fn is_cursor(written: &str) -> bool {
    written.split_once('.').is_some_and(|(at, id)| at.bytes().all(|it| it.is_ascii_digit()) && is_id(id))
}

pub(crate) fn text(written: &str) -> String {
    let masked = personal::mask(written, Style::Partial);
    let mut out = String::with_capacity(masked.len());
    let mut done = 0;
    for found in personal::find(&loosened(&masked)) {
        out.push_str(masked.get(done..found.range.start).unwrap_or_default());
        out.push_str(&personal::mask_as(found.kind, masked.get(found.range.clone()).unwrap_or_default()));
        done = found.range.end;
    }
    out.push_str(masked.get(done..).unwrap_or_default());
    cut(&out)
}

/// What was shortened may end in the middle of a number or an address, which nothing can tell any more: such an end goes.
fn cut(written: &str) -> String {
    let mut parts = written.split('…').peekable();
    let mut out = String::with_capacity(written.len());
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            out.push_str(part);
            break;
        }
        let is_part = |c: char| c.is_alphanumeric() && !rapport_model::is_han(c) || "@＠._%+-() ".contains(c);
        let kept = part.trim_end_matches(is_part);
        let end = part.get(kept.len()..).unwrap_or_default();
        let is_odd = end.chars().filter(|it| it.is_numeric()).count() >= 3 || end.contains(['@', '＠']);
        out.push_str(if is_odd { kept } else { part });
        out.push_str(if is_odd { "****…" } else { "…" });
    }
    out
}

/// Numbers that signs join to what is beside them, as in names of files and addresses of pages. Each sign is one byte, and so is the blank that is seen instead.
fn loosened(written: &str) -> String {
    let mut before = ' ';
    let mut rest = written.chars().peekable();
    let mut out = String::with_capacity(written.len());
    while let Some(c) = rest.next() {
        let ends_number = c == '.' && (before.is_ascii_digit() || matches!(before, 'x' | 'X')) && rest.peek().is_some_and(char::is_ascii_alphabetic);
        out.push(if matches!(c, '_' | '/') || ends_number { ' ' } else { c });
        before = c;
    }
    out
}

/// An address on a site, without what comes after `?` and `#`: shops put what people typed there.
fn page(written: &str) -> String {
    text(&written.split(['?', '#']).next().unwrap_or_default().replace("%40", "@"))
}

/// A field of a customer's own: its label says what it holds.
fn hide_field(label: &str, value: &mut Value) {
    let Value::String(written) = value else { return hide(label, value) };
    if let Some(kind) = kind_of(label)
        && !is_id(written)
    {
        *written = personal::mask_as(kind, written);
        return;
    }
    let hidden = match label {
        "name" => hidden(label, written),
        "page" | "url" => Some(page(written)),
        _ => hidden("", written),
    };
    if let Some(hidden) = hidden {
        // With its label more is found than alone.
        let label = format!("{label}：");
        let told = text(&format!("{label}{written}"));
        *written = if hidden == *written { told.strip_prefix(&label).map_or(hidden, str::to_owned) } else { hidden };
    }
}

/// What forms call it.
const LABELS: &[(Kind, &[&str])] = &[
    (Kind::Phone, &["phone", "mobile", "mobilephone", "cellphone", "cell", "telephone", "tel", "电话", "手机", "联系电话", "手机号", "电话号", "联系方式"]),
    (Kind::Email, &["email", "mail", "邮箱", "电子邮箱", "邮件"]),
    (Kind::IdCard, &["idcard", "id", "identity", "身份证", "证件", "身份证件"]),
    (Kind::BankCard, &["bankcard", "card", "bankaccount", "iban", "银行卡", "卡", "银行账户", "账户", "银行账"]),
    (Kind::Passport, &["passport", "护照"]),
    (Kind::LicencePlate, &["plate", "licenceplate", "licenseplate", "车牌"]),
    (Kind::Account, &["wechat", "weixin", "qq", "微信"]),
    (Kind::Address, &["address", "addr", "shippingaddress", "homeaddress", "地址", "住址", "收货地址", "收件地址", "家庭住址"]),
    (Kind::Name, &["realname", "fullname", "legalname", "真实姓名", "收件人", "收货人"]),
];

fn kind_of(label: &str) -> Option<Kind> {
    let plain: String = label.chars().filter(|it| it.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let plain = ["number", "no", "号码", "号"].into_iter().find_map(|it| plain.strip_suffix(it)).filter(|it| !it.is_empty()).unwrap_or(&plain).to_owned();
    LABELS.iter().find(|it| it.1.contains(&plain.as_str()) || it.1.contains(&format!("{plain}号").as_str())).map(|it| it.0)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(value: Value, expected: Value) {
        let mut got = value;
        hide("", &mut got);
        assert_eq!(got, expected);
    }

    fn stays(value: Value) {
        check(value.clone(), value);
    }

    #[test]
    fn ids_times_codes_and_addresses_of_articles_stay() {
        // Digits of an id may be those of a card.
        for id in ["62220212-3456-7890-1280-000000000000", "0190b8a0-7c1e-7000-8000-000000000001", "13812345-6789-4138-8123-456789012345"] {
            stays(json!({"id": id, "contact": id, "actor": {"type": "customer", "id": id}, "next": format!("1700000000123.{id}"), "client_id": id, "mentions": [id]}));
        }
        stays(json!({"at": 1_700_000_000_123_i64, "seq": 13_812_345_678_i64, "confidence": 0.25, "kind": "message_received", "code": "routing.least_loaded", "media_type": "image/png", "name": "a.png"}));
        stays(json!({"locale": "zh-CN", "currency": "CNY", "color": "#2456d6", "flag": true, "none": null, "timezone": "Asia/Shanghai", "order": "订单号20260101123456"}));
        stays(json!({"sources": [{"url": "https://firm.example/help/13812345678", "title": "尺码表"}]}));
    }

    #[test]
    fn whatever_text_there_is_is_hidden() {
        check(
            json!({"items": [{"event": {"kind": "message_received", "message": {"content": {"type": "text", "text": "打13812345678"}}}, "reasons": [{"code": "bot.asked", "facts": {"question": "卡号6222021234567890128"}}]}]}),
            json!({"items": [{"event": {"kind": "message_received", "message": {"content": {"type": "text", "text": "打138****5678"}}}, "reasons": [{"code": "bot.asked", "facts": {"question": "卡号***********0128"}}]}]}),
        );
        check(json!({"a_field_of_tomorrow": ["a@b.example"]}), json!({"a_field_of_tomorrow": ["a***@b.example"]}));
        check(json!("13812345678"), json!("138****5678"));
    }

    #[test]
    fn a_customer_can_be_greeted_and_not_called() {
        check(
            json!({"contact": {"name": "王先生", "email": "wang@例子.中国", "phone": "6289 1234", "notes": "电话 021-62891234"}}),
            json!({"contact": {"name": "王先生", "email": "w***@例子.中国", "phone": "6********", "notes": "电话 021*****1234"}}),
        );
        check(json!({"name": "13812345678"}), json!({"name": "138****5678"}));
        check(
            json!({"fields": {"护照": "E12345678", "Phone no.": "12345", "真实姓名": "李雷", "size": "42", "order": "62220212", "id_card": "11010519491231002X", "备用": "13812345678", "page": "https://shop.example/a?tel=13812345678"}}),
            json!({"fields": {"护照": "E******78", "Phone no.": "1****", "真实姓名": "李*", "size": "42", "order": "62220212", "id_card": "110***********002X", "备用": "138****5678", "page": "https://shop.example/a"}}),
        );
        check(json!({"names": {"0190b8a0-7c1e-7000-8000-000000000001": "张老师"}}), json!({"names": {"0190b8a0-7c1e-7000-8000-000000000001": "张老师"}}));
    }

    #[test]
    fn files_pages_links_and_cut_ends_tell_nothing() {
        check(json!({"name": "身份证_11010519491231002X.jpg", "media_type": "image/jpeg"}), json!({"name": "身份证_110***********002X.jpg", "media_type": "image/jpeg"}));
        check(json!({"name": "IMG_20260101.jpg", "media_type": "image/jpeg"}), json!({"name": "IMG_20260101.jpg", "media_type": "image/jpeg"}));
        check(json!({"name": "tel_13812345678.jpg", "media_type": "image/jpeg"}), json!({"name": "tel_138****5678.jpg", "media_type": "image/jpeg"}));
        check(json!({"page": "https://shop.example/13812345678/cart?email=a%40b.example#x", "path": "/ticket/x/y"}), json!({"page": "https://shop.example/138****5678/cart", "path": ""}));
        check(json!({"kind": "sent", "text": "见 IMG_13812345678.jpg 这张"}), json!({"kind": "sent", "text": "见 IMG_138****5678.jpg 这张"}));
        for (text, expected) in [
            ("我的电话是 138123456…", "我的电话是****…"),
            ("写到 zhang.wei@exam…", "写到****…"),
            ("想问：“卡号62220212345…”", "想问：“卡号****…”"),
            ("等等…还有尺码 42", "等等…还有尺码 42"),
            ("…", "…"),
        ] {
            check(json!({"text": text}), json!({"text": expected}));
        }
    }

    #[test]
    fn what_is_no_json_is_not_let_through() {
        assert_eq!(json(b"{\"text\": \"13812345678\""), None);
        assert_eq!(plain(b"\xff"), None);
        assert_eq!(json("{\"n\":1,\"t\":\"好\"}".as_bytes()).as_deref(), Some("{\"n\":1,\"t\":\"好\"}".as_bytes()));
    }
}
