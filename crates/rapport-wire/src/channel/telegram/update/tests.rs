//! Updates of every kind as facts, and what is refused.

use rapport_model::Timestamp;
use serde_json::json;

use super::*;

const AT: i64 = 1_764_000_000;

fn message(more: &Value) -> Value {
    let mut message = json!({"message_id": 5, "date": AT, "chat": {"id": 42, "type": "private", "first_name": "三"}, "from": {"id": 42, "is_bot": false, "first_name": "三", "last_name": "张", "language_code": "zh-hans"}});
    for (name, value) in more.as_object().expect("object") {
        message[name] = value.clone();
    }
    message
}

fn update(kind: &str, value: &Value) -> Vec<u8> {
    json!({"update_id": 1000, kind: value}).to_string().into_bytes()
}

fn facts(kind: &str, value: &Value) -> Vec<Inbound> {
    decode(&update(kind, value)).expect("read")
}

fn one(more: &Value) -> Inbound {
    let mut found = facts("message", &message(more));
    assert_eq!(found.len(), 1, "{more}");
    found.remove(0)
}

fn said(more: &Value) -> Vec<Part> {
    let fact = one(more).fact;
    let Fact::Message { parts, .. } = fact else { panic!("{fact:?}") };
    parts
}

#[test]
fn a_text_is_told_with_who_wrote_it_and_when() {
    let text = "订单到哪了？👨‍👩‍👧‍👦 𠮷 😀";
    let told = one(&json!({"text": text, "reply_to_message": {"message_id": 4, "chat": {"id": 42}}}));
    let from = Remote { id: "42".to_owned(), name: Some("三 张".to_owned()), language: Some("zh-hans".to_owned()), ..Remote::default() };
    let fact = Fact::Message { parts: vec![Part::Text(text.to_owned())], quoted: Some("42:4".to_owned()) };
    assert_eq!(told, Inbound { id: "42:5".to_owned(), from, at: Some(Timestamp(AT * 1_000)), fact });
}

#[test]
fn every_kind_of_file_is_told() {
    let file = |extra: Value| {
        let mut file = json!({"file_id": "F1", "file_unique_id": "u", "file_size": 7});
        extra.as_object().expect("object").iter().for_each(|(name, value)| file[name] = value.clone());
        file
    };
    let check = |more: Value, kind: MediaKind, media_type: Option<&str>, name: &str, caption: &str| match said(&more).as_slice() {
        [Part::Media(it)] => {
            let expected = (kind, media_type, name, caption, Some(7), &MediaSource::Id("F1".to_owned()));
            assert_eq!((it.kind, it.media_type.as_deref(), it.name.as_str(), it.caption.as_str(), it.bytes, &it.source), expected, "{more}");
        }
        parts => panic!("{parts:?}"),
    };
    let sizes = json!([{"file_id": "small", "width": 90, "height": 90}, file(json!({"width": 1280, "height": 960})), {"file_id": "middle", "width": 320, "height": 240}]);
    check(json!({"photo": sizes, "caption": "坏了 😀"}), MediaKind::Image, Some("image/jpeg"), "", "坏了 😀");
    let gif = file(json!({"mime_type": "video/mp4", "file_name": "a.mp4"}));
    check(json!({"animation": gif, "document": gif}), MediaKind::Video, Some("video/mp4"), "a.mp4", "");
    check(json!({"video": file(json!({"mime_type": "video/mp4"}))}), MediaKind::Video, Some("video/mp4"), "", "");
    check(json!({"video_note": file(json!({"length": 240}))}), MediaKind::Video, Some("video/mp4"), "", "");
    check(json!({"voice": file(json!({"mime_type": "audio/ogg", "duration": 3}))}), MediaKind::Voice, Some("audio/ogg"), "", "");
    check(json!({"audio": file(json!({"mime_type": "audio/mpeg", "file_name": "歌.mp3"}))}), MediaKind::File, Some("audio/mpeg"), "歌.mp3", "");
    check(json!({"document": file(json!({"mime_type": "application/pdf", "file_name": "../../账单.pdf"}))}), MediaKind::File, Some("application/pdf"), "账单.pdf", "");
    check(json!({"sticker": file(json!({"emoji": "👍", "is_animated": false, "is_video": false}))}), MediaKind::Sticker, Some("image/webp"), "", "👍");
    check(json!({"sticker": file(json!({"emoji": "👍", "is_video": true}))}), MediaKind::Sticker, Some("video/webm"), "", "👍");
    check(json!({"sticker": file(json!({"is_animated": true}))}), MediaKind::Sticker, Some("application/x-tgsticker"), "", "");
}

#[test]
fn other_kinds_are_told_as_text_place_or_unknown() {
    let check = |more: Value, expected: Part| assert_eq!(said(&more), [expected], "{more}");
    let place = json!({"latitude": 31.23, "longitude": 121.47});
    check(json!({"location": place}), Part::Location { latitude: 31.23, longitude: 121.47, label: String::new() });
    let venue = json!({"location": place, "title": "外滩", "address": "上海"});
    check(json!({"location": place, "venue": venue}), Part::Location { latitude: 31.23, longitude: 121.47, label: "外滩, 上海".to_owned() });
    check(json!({"contact": {"phone_number": "+8613800138000", "first_name": "李", "user_id": 42}}), Part::Text("李 +8613800138000".to_owned()));
    check(json!({"dice": {"emoji": "🎲", "value": 4}}), Part::Text("🎲".to_owned()));
    check(json!({"poll": {"id": "1"}}), Part::Unknown("poll".to_owned()));
    check(json!({"hologram": {}}), Part::Unknown("hologram".to_owned()));
    for nothing in [json!({"pinned_message": {}}), json!({"new_chat_members": []}), json!({"text": " \n"}), json!({"migrate_from_chat_id": -5})] {
        assert_eq!(facts("message", &message(&nothing)), [], "{nothing}");
    }
}

#[test]
fn in_a_group_the_answer_goes_to_the_group() {
    let group = json!({"id": -1001, "type": "supergroup"});
    let told = one(&json!({"text": "在吗", "chat": group}));
    assert_eq!((told.id.as_str(), told.from.id.as_str(), told.from.reply_to.as_deref()), ("-1001:5", "42", Some("-1001")));
    let told = one(&json!({"text": "在吗", "chat": group, "is_topic_message": true, "message_thread_id": 7, "reply_to_message": {"message_id": 7}}));
    assert_eq!(told.from.reply_to.as_deref(), Some("-1001/7"));
    assert!(matches!(told.fact, Fact::Message { quoted: None, .. }));
    let told = one(&json!({"chat": {"id": -5, "type": "group"}, "migrate_to_chat_id": -1_001_234_567_890_i64}));
    assert_eq!((told.from.reply_to.as_deref(), told.fact), (Some("-5"), Fact::Moved { to: "-1001234567890".to_owned() }));
}

#[test]
fn edits_name_the_message_they_are_of() {
    let edited = message(&json!({"text": "不是红色，是蓝色", "edit_date": AT + 9}));
    let told = facts("edited_message", &edited);
    let fact = Fact::Edited { message: "42:5".to_owned(), parts: vec![Part::Text("不是红色，是蓝色".to_owned())] };
    assert_eq!((told[0].id.as_str(), told[0].at, &told[0].fact), ("edit:1000", Some(Timestamp((AT + 9) * 1_000)), &fact));
    assert_eq!(one(&json!({"text": "x"})).id, "42:5");
}

#[test]
fn beginnings_presses_and_endings() {
    assert_eq!(one(&json!({"text": "/start"})).fact, Fact::Began { scene: None });
    assert_eq!(one(&json!({"text": "/start order_77"})).fact, Fact::Began { scene: Some("order_77".to_owned()) });
    assert_eq!(said(&json!({"text": "/started"})), [Part::Text("/started".to_owned())]);
    let change = |old: &str, new: &str, chat: Value| {
        let change = json!({"chat": chat, "from": {"id": 42, "first_name": "三"}, "date": AT, "old_chat_member": {"status": old}, "new_chat_member": {"status": new}});
        facts("my_chat_member", &change).into_iter().map(|it| it.fact).collect::<Vec<_>>()
    };
    let private = || json!({"id": 42, "type": "private"});
    assert_eq!(change("member", "kicked", private()), [Fact::Left]);
    assert_eq!(change("kicked", "member", private()), [Fact::Began { scene: None }]);
    assert_eq!(change("member", "administrator", private()), []);
    assert_eq!(change("member", "kicked", json!({"id": -5, "type": "group"})), []);
    let keyboard = json!({"inline_keyboard": [[{"text": "否", "callback_data": "n"}, {"text": "网页", "url": "https://example.com"}], [{"text": "是", "callback_data": "y"}]]});
    let query = json!({"id": "99", "from": {"id": 42, "first_name": "三"}, "data": "y", "message": {"message_id": 8, "chat": {"id": 42, "type": "private"}, "reply_markup": keyboard}});
    let told = facts("callback_query", &query);
    assert_eq!((told[0].id.as_str(), &told[0].fact), ("press:99", &Fact::Pressed { payload: "y".to_owned(), label: "是".to_owned() }));
    assert_eq!(facts("callback_query", &json!({"id": "99", "from": {"id": 42}, "game_short_name": "x"})), []);
}

#[test]
fn what_nobody_said_is_no_fact() {
    assert_eq!(facts("channel_post", &message(&json!({"text": "x"}))), []);
    assert_eq!(facts("some_new_event", &json!({"a": 1})), []);
    assert_eq!(facts("message", &message(&json!({"text": "x", "from": {"id": 7, "is_bot": true}}))), []);
    assert_eq!(facts("message", &message(&json!({"text": "x", "from": null}))), []);
}

#[test]
fn what_is_missing_is_named() {
    let check = |body: &str, names: &str| match decode(body.as_bytes()) {
        Err(WireFault::Malformed(text)) => assert!(text.contains(names), "{text}"),
        outcome => panic!("{outcome:?}"),
    };
    check(r#"{"message":{}}"#, "update_id");
    check(r#"{"update_id":1,"message":{"chat":{"id":1}}}"#, "message_id");
    check(r#"{"update_id":1,"message":{"message_id":1}}"#, "chat/id");
    check(r#"{"update_id":1,"message":{"message_id":1,"chat":{"id":1},"from":{}}}"#, "from/id");
    check(r#"{"update_id":1,"message":{"message_id":1,"chat":{"id":1},"from":{"id":1},"voice":{}}}"#, "file_id");
    check(r#"{"update_id":1,"message":{"message_id":1,"chat":{"id":1},"from":{"id":1},"photo":[]}}"#, "file_id");
    check(r#"{"update_id":1,"message":{"message_id":1,"chat":{"id":1},"from":{"id":1},"location":{"latitude":91,"longitude":0}}}"#, "latitude");
    check("[]", "update_id");
    check("", "JSON");
}

#[test]
fn albums_are_joined_in_the_order_of_their_numbers() {
    let photo = |number: i64, album: Option<&str>, caption: &str| {
        let mut it = message(&json!({"message_id": number, "photo": [{"file_id": format!("F{number}"), "width": 1}], "caption": caption}));
        it["media_group_id"] = album.map_or(Value::Null, Value::from);
        told(&update("message", &it)).expect("read").remove(0)
    };
    let joined = joined(vec![photo(11, Some("g"), ""), photo(10, Some("g"), "两张"), photo(12, None, ""), photo(13, Some("h"), "")]);
    let shape: Vec<(&str, usize)> = joined.iter().map(|it| (it.id.as_str(), if let Fact::Message { parts, .. } = &it.fact { parts.len() } else { 0 })).collect();
    assert_eq!(shape, [("42:10", 2), ("42:12", 1), ("42:13", 1)]);
}

#[test]
fn pages_go_on_past_what_is_not_understood() {
    let response = |body: Value| Response { status: 200, headers: Vec::new(), body: body.to_string().into_bytes() };
    let good = |number: i64| json!({"update_id": number, "message": message(&json!({"text": "x", "message_id": number}))});
    let found = page(&response(json!({"ok": true, "result": [good(7), {"update_id": 8, "message": {}}, {"update_id": 9, "poll": {}}, good(10)]}))).expect("read");
    assert_eq!((found.told.len(), found.next_offset, found.refused.iter().map(|it| it.0).collect::<Vec<_>>()), (2, Some(11), vec![8]));
    assert_eq!(page(&response(json!({"ok": true, "result": []}))).expect("read").next_offset, None);
    let conflict = Response { status: 409, ..response(json!({"ok": false, "error_code": 409, "description": "Conflict: terminated by other getUpdates request"})) };
    assert!(matches!(page(&conflict), Err(SendFault::Refused { code, .. }) if code == "409"));
}

#[test]
fn a_body_cut_anywhere_is_refused() {
    let body = update("message", &message(&json!({"text": "订单😀", "reply_to_message": {"message_id": 4}})));
    for end in 0..body.len() {
        assert!(matches!(decode(&body[..end]), Err(WireFault::Malformed(_))), "{end}");
    }
    assert!(decode(&body).is_ok());
}
