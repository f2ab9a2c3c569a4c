//! Callbacks of Messenger and Instagram of every kind as facts, and what is refused.

use rapport_model::Timestamp;
use serde_json::json;

use super::*;

const AT: i64 = 1_764_000_000_123;

fn config() -> Config {
    Config { app_id: Some("555".to_owned()), ..Config::new(Product::Messenger, "77") }
}

fn body(event: &Value) -> Vec<u8> {
    json!({"object": "page", "entry": [{"id": "77", "time": AT, "messaging": [event]}]}).to_string().into_bytes()
}

fn event(more: Value) -> Value {
    let mut event = json!({"sender": {"id": "P1"}, "recipient": {"id": "77"}, "timestamp": AT});
    more.as_object().expect("object").iter().for_each(|(name, value)| event[name] = value.clone());
    event
}

fn facts(more: Value) -> Vec<(String, Fact)> {
    decode(&body(&event(more)), &config()).expect("read").into_iter().map(|it| (it.id, it.fact)).collect()
}

fn parts_of(message: Value) -> Vec<Part> {
    let fact = facts(json!({"message": message})).remove(0).1;
    let Fact::Message { parts, .. } = fact else { panic!("{fact:?}") };
    parts
}

#[test]
fn a_text_is_told_with_who_wrote_it_and_when() {
    let text = "订单到哪了？👨‍👩‍👧‍👦 𠮷 😀";
    let told = decode(&body(&event(json!({"message": {"mid": "m_A", "text": text, "reply_to": {"mid": "m_Q"}}}))), &config()).expect("read");
    let fact = Fact::Message { parts: vec![Part::Text(text.to_owned())], quoted: Some("m_Q".to_owned()) };
    assert_eq!(told, [Inbound { id: "m_A".to_owned(), from: Remote { id: "P1".to_owned(), ..Remote::default() }, at: Some(Timestamp(AT)), fact }]);
}

#[test]
fn attachments_of_every_kind_are_told() {
    let url = "https://scontent.example/a?oh=1";
    let check = |kind: &str, payload: Value, expected: MediaKind| match parts_of(json!({"mid": "m", "attachments": [{"type": kind, "payload": payload}]})).as_slice() {
        [Part::Media(it)] => assert_eq!((it.kind, &it.source), (expected, &MediaSource::Url(url.to_owned())), "{kind}"),
        parts => panic!("{parts:?}"),
    };
    check("image", json!({"url": url}), MediaKind::Image);
    check("image", json!({"url": url, "sticker_id": 369_239_263_222_822_u64}), MediaKind::Sticker);
    check("video", json!({"url": url}), MediaKind::Video);
    check("audio", json!({"url": url}), MediaKind::Voice);
    check("file", json!({"url": url}), MediaKind::File);
    check("ig_reel", json!({"url": url, "title": "x"}), MediaKind::Video);
    let other = |kind: &str, more: Value| {
        let mut attachment = more;
        attachment["type"] = kind.into();
        parts_of(json!({"mid": "m", "attachments": [attachment]})).remove(0)
    };
    let link = |title: &str| Part::Link { title: title.to_owned(), description: String::new(), url: url.to_owned() };
    assert_eq!(other("fallback", json!({"title": "新闻", "payload": {"url": url}})), link("新闻"));
    assert_eq!(other("story_mention", json!({"payload": {"url": url}})), link("story_mention"));
    assert_eq!(other("location", json!({"title": "外滩", "payload": {"coordinates": {"lat": 31.23, "long": 121.47}}})), Part::Location { latitude: 31.23, longitude: 121.47, label: "外滩".to_owned() });
    assert_eq!(other("template", json!({"payload": {}})), Part::Unknown("template".to_owned()));
    assert_eq!(other("share", json!({})), Part::Unknown("share".to_owned()));
    assert_eq!(parts_of(json!({"mid": "m", "is_unsupported": true})), [Part::Unknown("unsupported".to_owned())]);
    let story = parts_of(json!({"mid": "m", "text": "好看", "reply_to": {"story": {"url": url, "id": "1"}}}));
    assert_eq!(story, [Part::Text("好看".to_owned()), link("story")]);
}

#[test]
fn presses_beginnings_and_what_a_person_does_to_messages() {
    let pressed = |payload: &str, label: &str| Fact::Pressed { payload: payload.to_owned(), label: label.to_owned() };
    assert_eq!(facts(json!({"message": {"mid": "m_A", "text": "是", "quick_reply": {"payload": "y"}}})), [("m_A".to_owned(), pressed("y", "是"))]);
    assert_eq!(facts(json!({"postback": {"mid": "m_P", "title": "开始", "payload": "start"}})), [("m_P".to_owned(), pressed("start", "开始"))]);
    let began = |scene: &str| Fact::Began { scene: Some(scene.to_owned()) };
    let told = facts(json!({"postback": {"title": "开始", "payload": "start", "referral": {"ref": "qr1", "source": "SHORTLINK"}}}));
    assert_eq!(told, [(format!("referral:postback:P1:{AT}:start"), began("qr1")), (format!("postback:P1:{AT}:start"), pressed("start", "开始"))]);
    assert_eq!(facts(json!({"referral": {"ref": "qr1", "type": "OPEN_THREAD"}})), [(format!("referral:P1:{AT}"), began("qr1"))]);
    let reaction = Fact::Message { parts: vec![Part::Text("❤️".to_owned())], quoted: Some("m_Q".to_owned()) };
    assert_eq!(facts(json!({"reaction": {"mid": "m_Q", "action": "react", "reaction": "love", "emoji": "❤️"}})), [(format!("reaction:P1:{AT}:m_Q"), reaction)]);
    assert_eq!(facts(json!({"reaction": {"mid": "m_Q", "action": "unreact", "reaction": "love"}})), []);
    assert_eq!(facts(json!({"message": {"mid": "m_A", "is_deleted": true}})), [("deleted:m_A".to_owned(), Fact::Deleted { message: "m_A".to_owned() })]);
    let edited = Fact::Edited { message: "m_A".to_owned(), parts: vec![Part::Text("改".to_owned())] };
    assert_eq!(facts(json!({"message_edit": {"mid": "m_A", "text": "改", "num_edit": 1}})), [("edit:m_A:1".to_owned(), edited)]);
    assert_eq!(facts(json!({"some_new_event": {}})), []);
}

#[test]
fn receipts_name_a_message_or_a_moment() {
    let until = |state| Fact::ReceiptUntil { until: Timestamp(1_764_000_000_000), state };
    assert_eq!(facts(json!({"read": {"watermark": 1_764_000_000_000_i64}})), [("read:1764000000000:P1".to_owned(), until(Progress::Read))]);
    assert_eq!(facts(json!({"delivery": {"watermark": 1_764_000_000_000_i64}})), [("delivered:1764000000000:P1".to_owned(), until(Progress::Delivered))]);
    let receipt = |message: &str, state| Fact::Receipt { message: message.to_owned(), state };
    let delivered = facts(json!({"delivery": {"mids": ["m_1", "m_2"], "watermark": 1_764_000_000_000_i64}}));
    let expected = ["m_1", "m_2"].map(|it| (format!("delivered:{it}:P1"), receipt(it, Progress::Delivered)));
    assert_eq!(delivered, expected);
    assert_eq!(facts(json!({"read": {"mid": "m_1"}})), [("read:m_1:P1".to_owned(), receipt("m_1", Progress::Read))]);
}

#[test]
fn echoes_of_others_are_answers_and_our_own_are_nothing() {
    let echo = |app: Value| {
        let event = json!({"sender": {"id": "77"}, "recipient": {"id": "P1"}, "timestamp": AT, "message": {"mid": "m_E", "is_echo": true, "app_id": app, "text": "在别处答的"}});
        decode(&body(&event), &config()).expect("read")
    };
    assert_eq!(echo(json!(555)), []);
    assert_eq!(echo(json!("555")), []);
    for other in [json!(666), Value::Null] {
        let told = echo(other);
        let answered = Fact::Answered { parts: vec![Part::Text("在别处答的".to_owned())] };
        assert_eq!((told[0].id.as_str(), told[0].from.id.as_str(), &told[0].fact), ("m_E", "P1", &answered));
    }
}

#[test]
fn standby_is_read_where_it_is_wanted() {
    let event = event(json!({"message": {"mid": "m_S", "text": "x"}}));
    let body = json!({"object": "page", "entry": [{"id": "77", "standby": [event]}]}).to_string();
    let count = |with_standby| decode(body.as_bytes(), &Config { with_standby, ..config() }).expect("read").len();
    assert_eq!((count(true), count(false)), (1, 0));
}

#[test]
fn instagram_tells_the_same_by_entries_or_changes() {
    let event = json!({"sender": {"id": "I1"}, "recipient": {"id": "88"}, "timestamp": AT.to_string(), "message": {"mid": "aWdf", "text": "尺码😀"}});
    let config = Config::new(Product::Instagram, "88");
    for entry in [json!({"id": "88", "messaging": [event]}), json!({"id": "88", "changes": [{"field": "messages", "value": event}, {"field": "comments", "value": {}}]})] {
        let told = decode(json!({"object": "instagram", "entry": [entry]}).to_string().as_bytes(), &config).expect("read");
        assert_eq!((told.len(), told[0].id.as_str(), told[0].at), (1, "aWdf", Some(Timestamp(AT))));
    }
    let foreign = json!({"object": "instagram", "entry": [{"id": "89", "messaging": [event]}]}).to_string();
    assert_eq!(decode(foreign.as_bytes(), &config), Err(WireFault::NotOurs));
    let page = json!({"object": "page", "entry": [{"id": "88", "messaging": [event]}]}).to_string();
    assert_eq!(decode(page.as_bytes(), &config), Err(WireFault::NotOurs));
}

#[test]
fn what_is_missing_is_named() {
    let check = |more: Value, names: &str| match decode(&body(&event(more)), &config()) {
        Err(WireFault::Malformed(text)) => assert!(text.contains(names), "{text}"),
        outcome => panic!("{outcome:?}"),
    };
    check(json!({"message": {"text": "x"}}), "/mid");
    check(json!({"message": {"mid": "m", "attachments": [{}]}}), "/type");
    check(json!({"message": {"mid": "m", "attachments": [{"type": "image"}]}}), "/url");
    check(json!({"message": {"mid": "m", "attachments": {}}}), "no list");
    check(json!({"postback": {}}), "/payload");
    check(json!({"reaction": {}}), "/mid");
    assert!(matches!(decode(br#"{"object":"page"}"#, &config()), Err(WireFault::Malformed(_))));
    assert!(matches!(decode(br#"{"object":"page","entry":[{}]}"#, &config()), Err(WireFault::Malformed(_))));
}

#[test]
fn a_body_cut_anywhere_is_refused() {
    let body = body(&event(json!({"message": {"mid": "m_A", "text": "订单😀"}})));
    for end in 0..body.len() {
        assert!(matches!(decode(&body[..end], &config()), Err(WireFault::Malformed(_))), "{end}");
    }
}
