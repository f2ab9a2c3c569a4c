//! Callbacks of WhatsApp of every kind as facts, and what is refused.

use rapport_model::Timestamp;
use serde_json::json;

use super::*;

const AT: i64 = 1_764_000_000;

fn body(value: &Value) -> Vec<u8> {
    json!({"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [{"field": "messages", "value": value}]}]}).to_string().into_bytes()
}

fn facts(value: &Value) -> Vec<Inbound> {
    decode(&body(value), &Config::new("11")).expect("read")
}

fn message(kind: &str, content: &Value) -> Value {
    json!({"from": "8613800138000", "id": "wamid.X", "timestamp": AT.to_string(), "type": kind, kind: content})
}

fn fact(message: Value) -> Fact {
    let mut found = facts(&json!({"metadata": {"phone_number_id": "11"}, "messages": [message]}));
    assert_eq!(found.len(), 1);
    found.remove(0).fact
}

fn said(kind: &str, content: &Value) -> Part {
    let fact = fact(message(kind, content));
    let Fact::Message { mut parts, .. } = fact else { panic!("{fact:?}") };
    assert_eq!(parts.len(), 1, "{kind}");
    parts.remove(0)
}

#[test]
fn a_signed_text_is_told_with_who_wrote_it() {
    let told = decode(crate::channel::meta::tests::BODY.as_bytes(), &Config::new("11")).expect("read");
    let from = Remote { id: "8613800138000".to_owned(), vouched: vec![(Vouched::Phone, "+8613800138000".to_owned())], ..Remote::default() };
    let fact = Fact::Message { parts: vec![Part::Text("你好 😀".to_owned())], quoted: None };
    assert_eq!(told, [Inbound { id: "wamid.X".to_owned(), from, at: Some(Timestamp(AT * 1_000)), fact }]);
    let text = "👨‍👩‍👧‍👦 𠮷野家";
    let named = json!({"contacts": [{"profile": {"name": "张三\u{202e}"}, "wa_id": "8613800138000"}], "messages": [message("text", &json!({"body": text}))]});
    let told = facts(&named);
    assert_eq!((told[0].from.name.as_deref(), &told[0].fact), (Some("张三"), &Fact::Message { parts: vec![Part::Text(text.to_owned())], quoted: None }));
}

#[test]
fn every_kind_of_file_is_told() {
    let check = |kind: &str, content: Value, expected: (MediaKind, &str, &str)| {
        let part = said(kind, &content);
        let Part::Media(it) = part else { panic!("{part:?}") };
        assert_eq!((it.kind, it.name.as_str(), it.caption.as_str()), expected, "{content}");
        assert_eq!((it.source, it.media_type.as_deref()), (MediaSource::Id("99".to_owned()), Some("a/b")));
    };
    let file = |more: Value| {
        let mut file = json!({"id": "99", "mime_type": "a/b", "sha256": "x"});
        more.as_object().expect("object").iter().for_each(|(name, value)| file[name] = value.clone());
        file
    };
    check("image", file(json!({"caption": "坏了 😀"})), (MediaKind::Image, "", "坏了 😀"));
    check("video", file(json!({})), (MediaKind::Video, "", ""));
    check("audio", file(json!({"voice": true})), (MediaKind::Voice, "", ""));
    check("audio", file(json!({"voice": false})), (MediaKind::File, "", ""));
    check("document", file(json!({"filename": "../单.pdf", "caption": "见附件"})), (MediaKind::File, "单.pdf", "见附件"));
    check("sticker", file(json!({"animated": false})), (MediaKind::Sticker, "", ""));
}

#[test]
fn other_kinds_are_told_as_text_place_or_unknown() {
    let place = json!({"latitude": 31.23, "longitude": 121.47, "name": "外滩", "address": "上海"});
    assert_eq!(said("location", &place), Part::Location { latitude: 31.23, longitude: 121.47, label: "外滩, 上海".to_owned() });
    let card = json!([{"name": {"formatted_name": "李四"}, "phones": [{"phone": "+86 138", "wa_id": "86138"}]}]);
    assert_eq!(said("contacts", &card), Part::Text("李四 +86 138".to_owned()));
    let order = json!({"catalog_id": "1", "text": "尽快", "product_items": [{"product_retailer_id": "SKU1", "quantity": 2, "item_price": 9.5, "currency": "CNY"}]});
    assert_eq!(said("order", &order), Part::Text("尽快\nSKU1 × 2 (9.5 CNY)".to_owned()));
    assert_eq!(said("hologram", &json!({})), Part::Unknown("hologram".to_owned()));
    let unsupported = json!({"from": "86138", "id": "wamid.U", "timestamp": "1", "type": "unsupported", "errors": [{"code": 131_051, "title": "Unsupported message type"}]});
    assert_eq!(fact(unsupported), Fact::Message { parts: vec![Part::Unknown("unsupported (131051)".to_owned())], quoted: None });
    let mut advertised = message("text", &json!({"body": "多少钱"}));
    advertised["referral"] = json!({"source_url": "https://fb.me/1", "headline": "冬装", "body": "八折"});
    let link = Part::Link { title: "冬装".to_owned(), description: "八折".to_owned(), url: "https://fb.me/1".to_owned() };
    assert_eq!(fact(advertised), Fact::Message { parts: vec![Part::Text("多少钱".to_owned()), link], quoted: None });
}

#[test]
fn presses_reactions_and_what_a_person_does_to_messages() {
    let pressed = |payload: &str, label: &str| Fact::Pressed { payload: payload.to_owned(), label: label.to_owned() };
    assert_eq!(fact(message("interactive", &json!({"type": "button_reply", "button_reply": {"id": "y", "title": "是"}}))), pressed("y", "是"));
    assert_eq!(fact(message("interactive", &json!({"type": "list_reply", "list_reply": {"id": "r1", "title": "退货", "description": "七天"}}))), pressed("r1", "退货"));
    assert_eq!(fact(message("interactive", &json!({"type": "nfm_reply", "nfm_reply": {"response_json": "{\"a\":1}", "body": "Sent"}}))), pressed("{\"a\":1}", "Sent"));
    assert_eq!(fact(message("button", &json!({"payload": "stop", "text": "不要"}))), pressed("stop", "不要"));
    let reaction = fact(message("reaction", &json!({"message_id": "wamid.Q", "emoji": "👍🏽"})));
    assert_eq!(reaction, Fact::Message { parts: vec![Part::Text("👍🏽".to_owned())], quoted: Some("wamid.Q".to_owned()) });
    assert_eq!(facts(&json!({"messages": [message("reaction", &json!({"message_id": "wamid.Q"}))]})), []);
    let mut quoting = message("text", &json!({"body": "这个"}));
    quoting["context"] = json!({"from": "1555", "id": "wamid.Q"});
    assert_eq!(fact(quoting), Fact::Message { parts: vec![Part::Text("这个".to_owned())], quoted: Some("wamid.Q".to_owned()) });
    assert_eq!(fact(message("request_welcome", &json!({}))), Fact::Began { scene: None });
    assert_eq!(fact(message("system", &json!({"type": "user_changed_number", "wa_id": "8613900139000", "body": "x"}))), Fact::Moved { to: "8613900139000".to_owned() });
    assert_eq!(facts(&json!({"messages": [message("system", &json!({"type": "customer_identity_changed"}))]})), []);
    assert_eq!(fact(message("revoke", &json!({"original_message_id": "wamid.O"}))), Fact::Deleted { message: "wamid.O".to_owned() });
    let edit = json!({"original_message_id": "wamid.O", "message": {"type": "text", "text": {"body": "改"}}});
    assert_eq!(fact(message("edit", &edit)), Fact::Edited { message: "wamid.O".to_owned(), parts: vec![Part::Text("改".to_owned())] });
}

#[test]
fn receipts_and_errors_of_the_account() {
    let status = |word: &str, more: Value| json!({"id": "wamid.A", "status": word, "timestamp": "1764000001", "recipient_id": "8613800138000", "errors": more});
    let value = json!({"statuses": [status("sent", json!([])), status("delivered", json!([])), status("read", json!([])), status("failed", json!([{"code": 131_047, "title": "x"}])), status("new_state", json!([]))],
        "errors": [{"code": 130_429, "title": "Rate limit hit", "error_data": {"details": "slow down"}}]});
    let told = facts(&value);
    let states: Vec<(&str, &Fact)> = told.iter().map(|it| (it.id.as_str(), &it.fact)).collect();
    let receipt = |state| Fact::Receipt { message: "wamid.A".to_owned(), state };
    let expected = [receipt(Progress::Sent), receipt(Progress::Delivered), receipt(Progress::Read), receipt(Progress::Failed("131047".to_owned()))];
    let ids = ["status:sent:wamid.A", "status:delivered:wamid.A", "status:read:wamid.A", "status:failed:wamid.A"];
    assert_eq!(states, ids.into_iter().zip(&expected).collect::<Vec<_>>());
    assert_eq!(account_errors(&body(&value), &Config::new("11")), Ok(vec![("130429".to_owned(), "slow down".to_owned())]));
    let echo = json!({"object": "whatsapp_business_account", "entry": [{"changes": [{"field": "smb_message_echoes", "value": {"message_echoes": [
        {"from": "1555", "to": "8613800138000", "id": "wamid.E", "timestamp": "1", "type": "text", "text": {"body": "在手机上答的"}}]}}]}]});
    let told = decode(echo.to_string().as_bytes(), &Config::new("11")).expect("read");
    assert_eq!((told[0].from.id.as_str(), &told[0].fact), ("8613800138000", &Fact::Answered { parts: vec![Part::Text("在手机上答的".to_owned())] }));
}

#[test]
fn all_levels_are_read_and_other_numbers_left() {
    let text = |id: &str, number: &str| json!({"field": "messages", "value": {"metadata": {"phone_number_id": number}, "messages": [{"from": "86138", "id": id, "timestamp": "1", "type": "text", "text": {"body": "x"}}]}});
    let body = json!({"object": "whatsapp_business_account", "entry": [{"changes": [text("a", "11"), text("b", "12")]}, {"changes": [text("c", "11"), {"field": "account_update", "value": {}}]}]}).to_string();
    let ids = |number: &str| decode(body.as_bytes(), &Config::new(number)).map(|it| it.into_iter().map(|it| it.id).collect::<Vec<_>>());
    assert_eq!(ids("11"), Ok(vec!["a".to_owned(), "c".to_owned()]));
    assert_eq!(ids("12"), Ok(vec!["b".to_owned()]));
    let foreign = json!({"object": "whatsapp_business_account", "entry": [{"changes": [text("a", "12")]}]}).to_string();
    assert_eq!(decode(foreign.as_bytes(), &Config::new("11")), Err(WireFault::NotOurs));
    assert_eq!(decode(br#"{"object":"page","entry":[]}"#, &Config::new("11")), Err(WireFault::NotOurs));
}

#[test]
fn what_is_missing_is_named() {
    let check = |value: Value, names: &str| match decode(&body(&value), &Config::new("11")) {
        Err(WireFault::Malformed(text)) => assert!(text.contains(names), "{text}"),
        outcome => panic!("{outcome:?}"),
    };
    check(json!({"messages": [{}]}), "/id");
    check(json!({"messages": [{"id": "a"}]}), "/from");
    check(json!({"messages": [{"id": "a", "from": "1"}]}), "/type");
    check(json!({"messages": [{"id": "a", "from": "1", "type": "text"}]}), "/text/body");
    check(json!({"messages": [{"id": "a", "from": "1", "type": "image"}]}), "/id");
    check(json!({"messages": {}}), "no list");
    check(json!({"statuses": [{"id": "a"}]}), "/status");
    assert!(matches!(decode(br#"{"object":"whatsapp_business_account"}"#, &Config::new("11")), Err(WireFault::Malformed(_))));
}

#[test]
fn a_body_cut_anywhere_is_refused() {
    let body = crate::channel::meta::tests::BODY.as_bytes();
    for end in 0..body.len() {
        assert!(matches!(decode(&body[..end], &Config::new("11")), Err(WireFault::Malformed(_))), "{end}");
    }
}
