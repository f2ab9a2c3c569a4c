//! Feishu's envelope against what its SDKs accept, its events, messages and answers.

use super::*;
use crate::channel::{
    Button, Fact, Inbound, Media, MediaKind, MediaSource, Outgoing, Part, Piece, Progress, Remote, Request, Response, SendFault, Token, Vouched,
    envelope::tests::vectors,
};
use aes::cipher::{BlockModeEncrypt as _, KeyIvInit as _, block_padding::Pkcs7};
use serde_json::json;

const NOW: Timestamp = Timestamp(1_764_000_000_000);

fn account() -> Account {
    Account { app_id: "cli_a1b2c3d4e5f60001".to_owned(), robot: Some("ou_bot".to_owned()), tolerance_ms: None }
}

fn secret() -> Secret {
    let vectors = vectors();
    Secret { verification_token: vectors.text("feishu/verification_token"), encrypt_key: Some(vectors.text("feishu/encrypt_key")) }
}

fn other() -> Secret {
    Secret { verification_token: "another".to_owned(), encrypt_key: Some("another".to_owned()) }
}

fn sealed(plain: &str) -> String {
    let key = Sha256::digest(secret().encrypt_key.expect("key"));
    let cipher = cbc::Encryptor::<aes::Aes256>::new_from_slices(&key, &[5; 16]).expect("cipher");
    let mut bytes = plain.as_bytes().to_vec();
    bytes.resize(plain.len() + BLOCK, 0);
    let sealed = cipher.encrypt_padded::<Pkcs7>(&mut bytes, plain.len()).expect("room");
    json!({"encrypt": STANDARD.encode([&[5; 16], sealed].concat())}).to_string()
}

fn told(status: u16, body: &Value) -> Response {
    Response { status, headers: vec![("content-type".to_owned(), "application/json".to_owned())], body: body.to_string().into_bytes() }
}

fn body(request: &Request) -> Value {
    serde_json::from_slice(&request.body).expect("json")
}

#[test]
fn a_sealed_event_is_verified_opened_and_read() {
    let vectors = vectors();
    let (raw, signature_told) = (vectors.text("feishu/body"), vectors.text("feishu/signature"));
    let signed = Signed { timestamp: "1764000000", nonce: "987654321", signature: &signature_told };
    assert_eq!(signature("omni_encrypt_key_2026", "1764000000", "987654321", raw.as_bytes()), signature_told);
    let Ok(Received::Event(event)) = verify(&account(), &[other(), secret()], signed, raw.as_bytes(), NOW) else { panic!("not read") };
    assert_eq!(event, serde_json::from_str::<Value>(&vectors.text("feishu/plain")).expect("json"));
    let facts = decode(&account(), &event).expect("read");
    let from = Remote {
        id: "ou_84aad35d084aa403a838cf73ee18467".to_owned(),
        vouched: vec![(Vouched::UnionId, "on_1".to_owned()), (Vouched::StaffId, "u1".to_owned())],
        ..Remote::default()
    };
    let fact = Fact::Message { parts: vec![Part::Text("你好😀".to_owned())], quoted: None };
    assert_eq!(facts, [Inbound { id: "om_5ce6d572455d361153b7cb51da133945".to_owned(), from, at: Some(NOW), fact }]);
    let refused = |account: &Account, signed: Signed<'_>, raw: &str, now: Timestamp, expected: WireFault| {
        assert_eq!(verify(account, &[secret()], signed, raw.as_bytes(), now), Err(expected), "{signed:?}");
    };
    for at in 0..signature_told.len() {
        let mut bent = signature_told.clone().into_bytes();
        bent[at] ^= 1;
        refused(&account(), Signed { signature: &String::from_utf8_lossy(&bent), ..signed }, &raw, NOW, WireFault::BadSignature);
    }
    refused(&account(), Signed { timestamp: "1764000001", ..signed }, &raw, NOW, WireFault::BadSignature);
    refused(&account(), Signed { nonce: "987654322", ..signed }, &raw, NOW, WireFault::BadSignature);
    refused(&account(), signed, &raw.replace("AAEC", "AAED"), NOW, WireFault::BadSignature);
    refused(&account(), signed, &format!("{raw} "), NOW, WireFault::BadSignature);
    refused(&account(), Signed::default(), &raw, NOW, WireFault::BadSignature);
    refused(&Account { app_id: "cli_other".to_owned(), ..account() }, signed, &raw, NOW, WireFault::NotOurs);
    let strict = Account { tolerance_ms: Some(600_000), ..account() };
    refused(&strict, signed, &raw, NOW.plus_seconds(601), WireFault::Stale);
    assert!(verify(&strict, &[secret()], signed, raw.as_bytes(), NOW.plus_seconds(600)).is_ok());
    assert_eq!(verify(&account(), &[other()], signed, raw.as_bytes(), NOW), Err(WireFault::BadSignature));
}

#[test]
fn each_bit_of_a_sealed_body_counts() {
    let vectors = vectors();
    let (raw, told) = (vectors.text("feishu/body").into_bytes(), vectors.text("feishu/signature"));
    let signed = Signed { timestamp: "1764000000", nonce: "987654321", signature: &told };
    for at in 0..raw.len() {
        let mut bent = raw.clone();
        bent[at] ^= 1;
        assert!(verify(&account(), &[secret()], signed, &bent, NOW).is_err(), "{at}");
        assert!(verify(&account(), &[secret()], signed, &raw[..at], NOW).is_err(), "{at}");
    }
}

#[test]
fn a_challenge_comes_unsigned_and_is_answered() {
    let vectors = vectors();
    let raw = vectors.text("feishu_challenge/body");
    let expected = Received::Challenge(vectors.text("feishu_challenge/sdk_reply").into_bytes());
    assert_eq!(verify(&account(), &[secret()], Signed::default(), raw.as_bytes(), NOW), Ok(expected.clone()));
    assert_eq!(verify(&account(), &[other()], Signed::default(), raw.as_bytes(), NOW), Err(WireFault::BadSignature));
    let plain = r#"{"challenge":"ajls384kdjx98XX","token":"omni_verification_token","type":"url_verification"}"#;
    let open = Secret { encrypt_key: None, ..secret() };
    assert_eq!(verify(&account(), std::slice::from_ref(&open), Signed::default(), plain.as_bytes(), NOW), Ok(expected));
    // Something plain at an application that encrypts; a wrong token; none.
    assert_eq!(verify(&account(), &[secret()], Signed::default(), plain.as_bytes(), NOW), Err(WireFault::BadSignature));
    for bad in [plain.replace("verification_token", "verification_token2"), plain.replace("omni_verification_token", "")] {
        assert_eq!(verify(&account(), std::slice::from_ref(&open), Signed::default(), bad.as_bytes(), NOW), Err(WireFault::BadSignature));
    }
    let nobody = Secret { verification_token: String::new(), encrypt_key: None };
    assert!(verify(&account(), &[nobody], Signed::default(), plain.replace("omni_verification_token", "").as_bytes(), NOW).is_err());
    // Signed by the key, an event may leave the token out; a wrong one is refused all the same.
    for (token, ok) in [("", true), ("omni_other", false)] {
        let raw = sealed(&vectors.text("feishu/plain").replace("omni_verification_token", token));
        let told = signature("omni_encrypt_key_2026", "1", "2", raw.as_bytes());
        let signed = Signed { timestamp: "1", nonce: "2", signature: &told };
        assert_eq!(verify(&account(), &[secret()], signed, raw.as_bytes(), NOW).is_ok(), ok, "{token}");
    }
    // Claims to be a challenge, is an event: what is within decides, and unsigned it is nothing.
    let event = sealed(&vectors.text("feishu/plain"));
    assert_eq!(verify(&account(), &[secret()], Signed::default(), event.as_bytes(), NOW), Err(WireFault::BadSignature));
}

#[test]
fn without_a_key_the_token_is_what_counts() {
    let open = [Secret { encrypt_key: None, ..secret() }];
    let plain = vectors().text("feishu/plain");
    assert!(matches!(verify(&account(), &open, Signed::default(), plain.as_bytes(), NOW), Ok(Received::Event(_))));
    assert_eq!(verify(&account(), &open, Signed::default(), plain.replace("omni_verification_token", "omni").as_bytes(), NOW), Err(WireFault::BadSignature));
    for length in 0..plain.len() {
        assert!(verify(&account(), &open, Signed::default(), &plain.as_bytes()[..length], NOW).is_err(), "{length}");
    }
}

fn event(kind: &str, event: Value) -> Value {
    json!({"schema": "2.0", "header": {"event_id": "e1", "event_type": kind, "create_time": "1764000000000", "app_id": "cli_1"}, "event": event})
}

fn message(kind: &str, content: &Value, more: Value) -> Value {
    let mut message = json!({"message_id": "om_1", "create_time": "1764000000000", "chat_id": "oc_1", "chat_type": "p2p", "message_type": kind, "content": content.to_string()});
    message.as_object_mut().expect("object").extend(more.as_object().expect("object").clone());
    event("im.message.receive_v1", json!({"sender": {"sender_id": {"open_id": "ou_1"}, "sender_type": "user"}, "message": message}))
}

#[test]
fn messages_of_every_kind_are_read() {
    let file = |kind: MediaKind, key: &str, name: &str, media_type: Option<&str>| {
        let source = MediaSource::Id(format!("om_1/{key}"));
        Part::Media(Media {
            kind,
            source,
            name: name.to_owned(),
            media_type: media_type.map(str::to_owned),
            bytes: None,
            caption: String::new(),
            transcript: None,
        })
    };
    let text = |it: &str| Part::Text(it.to_owned());
    let check = |kind: &str, content: Value, more: Value, expected: &[Part]| {
        let facts = decode(&account(), &message(kind, &content, more)).expect(kind);
        assert_eq!(facts.iter().map(|it| &it.fact).collect::<Vec<_>>(), [&Fact::Message { parts: expected.to_vec(), quoted: None }], "{content}");
        assert_eq!((facts[0].id.as_str(), facts[0].from.id.as_str(), &facts[0].from.reply_to), ("om_1", "ou_1", &None));
    };
    check("text", json!({"text": "👨‍👩‍👧‍👦𠮷\n好"}), json!({}), &[text("👨‍👩‍👧‍👦𠮷\n好")]);
    check("image", json!({"image_key": "img_1"}), json!({}), &[file(MediaKind::Image, "img_1/image", "", None)]);
    check("audio", json!({"file_key": "f_1", "duration": 2000}), json!({}), &[file(MediaKind::Voice, "f_1/file", "", Some("audio/ogg"))]);
    check("media", json!({"file_key": "f_1", "image_key": "i", "file_name": "a.mp4"}), json!({}), &[file(MediaKind::Video, "f_1/file", "a.mp4", None)]);
    check("file", json!({"file_key": "f_1", "file_name": "a/合同.pdf"}), json!({}), &[file(MediaKind::File, "f_1/file", "合同.pdf", None)]);
    check(
        "location",
        json!({"name": "塔", "longitude": "113.2", "latitude": "23.1"}),
        json!({}),
        &[Part::Location { latitude: 23.1, longitude: 113.2, label: "塔".to_owned() }],
    );
    check("sticker", json!({"file_key": "s"}), json!({}), &[Part::Unknown("sticker".to_owned())]);
    check("hologram", json!({}), json!({}), &[Part::Unknown("hologram".to_owned())]);
    let lines = json!([[{"tag": "text", "text": "看 "}, {"tag": "a", "text": "这里", "href": "https://a.example"}, {"tag": "at", "user_id": "@_user_1", "user_name": "李四"}], [{"tag": "img", "image_key": "img_1"}], [{"tag": "text", "text": "完"}, {"tag": "emotion", "emoji_type": "SMILE"}]]);
    let expected = [text("标题\n看 这里 https://a.example@李四"), file(MediaKind::Image, "img_1/image", "", None), text("完[SMILE]")];
    check("post", json!({"title": "标题", "content": lines}), json!({}), &expected);
    check("post", json!({"zh_cn": {"title": "标题", "content": lines}}), json!({}), &expected);
}

#[test]
fn people_are_named_and_our_robot_is_not() {
    let mention = |key: &str, id: &str, name: &str| json!({"key": key, "id": {"open_id": id}, "name": name});
    let mentions: Vec<Value> =
        [mention("@_user_1", "ou_bot", "小助手"), mention("@_user_2", "ou_2", "@_user_1"), mention("@_user_10", "ou_10", "王五")].to_vec();
    let more = json!({"chat_type": "group", "parent_id": "om_0", "mentions": mentions});
    let facts = decode(&account(), &message("text", &json!({"text": "@_user_1 问 @_user_10 和 @_user_2，邮箱 a@b.c @all"}), more)).expect("read");
    assert_eq!(facts[0].fact, Fact::Message { parts: vec![Part::Text("问 @王五 和 @@_user_1，邮箱 a@b.c @all".to_owned())], quoted: Some("om_0".to_owned()) });
    assert_eq!(facts[0].from.reply_to.as_deref(), Some("oc_1"));
}

#[test]
fn events_are_facts_where_they_mean_something() {
    let check = |given: Value, expected: &[(&str, Fact)]| {
        let facts = decode(&account(), &given).expect("read");
        assert_eq!(facts.iter().map(|it| (it.id.as_str(), it.fact.clone())).collect::<Vec<_>>(), expected, "{given}");
    };
    check(event("im.message.recalled_v1", json!({"message_id": "om_1", "chat_id": "oc_1"})), &[("e1", Fact::Deleted { message: "om_1".to_owned() })]);
    let read = |it: &str| Fact::Receipt { message: it.to_owned(), state: Progress::Read };
    let reader = json!({"reader": {"reader_id": {"open_id": "ou_1"}, "read_time": "1764000000000"}, "message_id_list": ["om_1", "om_2"]});
    check(event("im.message.message_read_v1", reader), &[("e1:om_1", read("om_1")), ("e1:om_2", read("om_2"))]);
    check(event("im.chat.access_event.bot_p2p_chat_entered_v1", json!({"operator_id": {"open_id": "ou_1"}})), &[("e1", Fact::Began { scene: None })]);
    let pressed =
        json!({"operator": {"open_id": "ou_1"}, "action": {"tag": "button", "value": {"payload": "p1", "label": "好"}}, "context": {"open_chat_id": "oc_1"}});
    check(event("card.action.trigger", pressed), &[("e1", Fact::Pressed { payload: "p1".to_owned(), label: "好".to_owned() })]);
    check(event("contact.user.created_v3", json!({})), &[]);
    // Robots are not talked with.
    let robot =
        event("im.message.receive_v1", json!({"sender": {"sender_id": {"open_id": "ou_bot"}, "sender_type": "app"}, "message": {"message_id": "om_9"}}));
    check(robot, &[]);
    let old = |event: Value| json!({"uuid": "u1", "token": "t", "ts": "1764000000.5", "type": "event_callback", "event": event});
    let said = json!({"type": "message", "open_id": "ou_1", "open_message_id": "om_1", "open_chat_id": "oc_1", "chat_type": "group", "msg_type": "text", "text": "<at>x</at> 好", "text_without_at_bot": " 好", "union_id": "on_1"});
    check(old(said.clone()), &[("om_1", Fact::Message { parts: vec![Part::Text("好".to_owned())], quoted: None })]);
    assert_eq!(decode(&account(), &old(said)).expect("read")[0].at, Some(NOW));
    check(old(json!({"type": "p2p_chat_create", "user": {"open_id": "ou_1"}})), &[("u1", Fact::Began { scene: None })]);
    check(old(json!({"type": "remedy"})), &[]);
}

#[test]
fn what_is_missing_is_refused() {
    let refused = |given: Value| assert!(matches!(decode(&account(), &given), Err(WireFault::Malformed(_))), "{given}");
    refused(json!({}));
    refused(json!({"schema": "2.0"}));
    refused(event("im.message.receive_v1", json!({})));
    refused(message("text", &json!({}), json!({})));
    refused(message("image", &json!({}), json!({})));
    refused(message("post", &json!({"content": []}), json!({})));
    refused(message("text", &json!({"text": "x"}), json!({"content": "{"})));
    refused(message("text", &json!({"text": "x"}), json!({"message_id": ""})));
    refused(message("text", &json!({"text": "x"}), json!({"chat_type": "group", "chat_id": ""})));
    refused(message("location", &json!({"latitude": "x", "longitude": "1"}), json!({})));
}

fn piece(to: &str, reply_to: Option<&str>, quoted: Option<&str>, piece: Piece) -> Outgoing {
    Outgoing { to: to.to_owned(), reply_to: reply_to.map(str::to_owned), quoted: quoted.map(str::to_owned), piece, key: "k1".to_owned(), by_person: true }
}

#[test]
fn pieces_go_out_under_our_key() {
    let text = Piece::Text("好👨‍👩‍👧‍👦𠮷".to_owned());
    let sent = |outgoing: Outgoing| send("T", &outgoing).expect("sendable");
    let request = sent(piece("ou_1", None, None, text.clone())).remove(0);
    assert_eq!(request.path, "/open-apis/im/v1/messages?receive_id_type=open_id");
    assert_eq!(body(&request), json!({"receive_id": "ou_1", "msg_type": "text", "content": r#"{"text":"好👨‍👩‍👧‍👦𠮷"}"#, "uuid": "k1"}));
    assert!(request.headers.contains(&("authorization".to_owned(), "Bearer T".to_owned())));
    let check = |to: &str, expected: &str| assert_eq!(sent(piece(to, None, None, text.clone()))[0].path.rsplit('=').next(), Some(expected), "{to}");
    check("oc_1", "chat_id");
    check("on_1", "union_id");
    check("a_b@c.example", "email");
    check("4d7a3c6g", "user_id");
    assert!(sent(piece("ou_1", Some("oc_1"), None, text.clone()))[0].path.ends_with("chat_id"));
    let reply = sent(piece("ou_1", Some("oc_1"), Some("om_1"), text)).remove(0);
    assert_eq!((reply.path.as_str(), body(&reply)["receive_id"].is_null()), ("/open-apis/im/v1/messages/om_1/reply", true));
    let picture = Piece::Media { kind: MediaKind::Image, id: "img".to_owned(), name: String::new(), caption: "看".to_owned() };
    let both: Vec<Value> = sent(piece("ou_1", None, None, picture)).iter().map(body).collect();
    assert_eq!(
        (both[0]["content"].as_str(), both[1]["content"].as_str(), both[1]["uuid"].as_str()),
        (Some(r#"{"image_key":"img"}"#), Some(r#"{"text":"看"}"#), Some("k1-2"))
    );
    let buttons = Piece::Buttons { text: "选".to_owned(), options: vec![Button { payload: "p".to_owned(), label: "好".to_owned() }] };
    let card: Value = serde_json::from_str(&body(&sent(piece("ou_1", None, None, buttons))[0]).text("content")).expect("card");
    assert_eq!(card["elements"][1]["actions"][0]["value"], json!({"payload": "p", "label": "好"}));
    let template = Piece::Template { name: "AA".to_owned(), language: "zh".to_owned(), parameters: vec!["a=1".to_owned()] };
    let card: Value = serde_json::from_str(&body(&sent(piece("ou_1", None, None, template))[0]).text("content")).expect("card");
    assert_eq!(card, json!({"type": "template", "data": {"template_id": "AA", "template_variable": {"a": "1"}}}));
}

#[test]
fn numbers_of_errors_have_their_meaning() {
    let check = |status: u16, code: i64, expected: fn(&SendFault) -> bool| {
        let fault = answer(&told(status, &json!({"code": code, "msg": "m"}))).expect_err("fault");
        assert!(expected(&fault) && format!("{fault:?}").contains(&code.to_string()), "{code} {fault:?}");
    };
    for code in [99_991_663, 99_991_671, 99_991_668] {
        check(400, code, |it| matches!(it, SendFault::TokenInvalid { .. }));
    }
    check(429, 99_991_400, |it| matches!(it, SendFault::RateLimited { .. }));
    for code in [230_002, 230_013, 230_053] {
        check(400, code, |it| matches!(it, SendFault::UserBlocked { .. }));
    }
    check(400, 230_001, |it| matches!(it, SendFault::Refused { .. }));
    assert_eq!(answer(&told(200, &json!({"code": 0, "msg": "success", "data": {"message_id": "om_9"}}))), Ok(Some("om_9".to_owned())));
    assert!(
        matches!(answer(&told(200, &json!({}))), Err(SendFault::Unknown { .. })) && matches!(answer(&told(502, &json!([]))), Err(SendFault::Unknown { .. }))
    );
    assert_eq!(
        token_answer(&told(200, &json!({"code": 0, "tenant_access_token": "t-1", "expire": 7140}))),
        Ok(Token { value: "t-1".to_owned(), lives_s: 7_140 })
    );
    assert!(matches!(token_answer(&told(200, &json!({"code": 10014, "msg": "app secret invalid"}))), Err(SendFault::Refused { .. })));
    assert_eq!(body(&token(&account(), "s")), json!({"app_id": "cli_a1b2c3d4e5f60001", "app_secret": "s"}));
}

#[test]
fn files_and_people_are_asked_for() {
    assert_eq!(fetch("T", "om_1/img_1/image").expect("id").path, "/open-apis/im/v1/messages/om_1/resources/img_1?type=image");
    assert!(fetch("T", "om_1/img_1").is_none() && fetch("T", "a/b/image/c").is_none() && fetch("T", "a/b/other").is_none());
    let gone = fetched(told(400, &json!({"code": 234003, "msg": "File not in msg."})));
    assert_eq!(gone, Err(SendFault::MediaExpired { code: "234003".to_owned() }));
    let file = fetched(Response { status: 200, headers: vec![("content-type".to_owned(), "image/png".to_owned())], body: b"PNG".to_vec() }).expect("file");
    assert_eq!(file.bytes, b"PNG");
    assert_eq!(uploaded(&told(200, &json!({"code": 0, "data": {"image_key": "img_2"}}))), Ok("img_2".to_owned()));
    let up = upload("T", MediaKind::File, "b", "合同.PDF", "application/pdf", b"%PDF");
    assert!(up.path.ends_with("/files") && String::from_utf8_lossy(&up.body).contains("name=\"file_type\"\r\n\r\npdf\r\n"));
    let known = user_answer(&told(200, &json!({"code": 0, "data": {"user": {"open_id": "ou_1", "union_id": "on_1", "name": "张三"}}}))).expect("user");
    assert_eq!((known.id.as_str(), known.name.as_deref(), known.vouched), ("ou_1", Some("张三"), vec![(Vouched::UnionId, "on_1".to_owned())]));
    assert_eq!(user("T", "ou_1").path, "/open-apis/contact/v3/users/ou_1?user_id_type=open_id");
    let robot_told = robot_answer(&told(200, &json!({"code": 0, "msg": "ok", "bot": {"app_name": "小助手", "open_id": "ou_bot", "activate_status": 2}})));
    assert_eq!(robot_told, Ok(Remote { id: "ou_bot".to_owned(), name: Some("小助手".to_owned()), ..Remote::default() }));
    assert!(matches!(robot_answer(&told(400, &json!({"code": 11205, "msg": "app do not have bot"}))), Err(SendFault::Refused { .. })));
}

#[test]
fn a_group_s_own_robot_signs_its_words() {
    assert_eq!(custom::sign("omni_bot_secret", NOW), vectors().text("feishu_bot_sign"));
    let request = custom::send("hook/1", Some("omni_bot_secret"), &Piece::Text("好".to_owned()), NOW.plus_ms(999)).expect("sendable");
    assert_eq!(request.path, "/open-apis/bot/v2/hook/hook%2F1");
    assert_eq!(
        body(&request),
        json!({"msg_type": "text", "content": {"text": "好"}, "timestamp": "1764000000", "sign": "Ob5HlJ65h+8piR9F396+L7UwCQ2cWTjTqdX0ds92bHU="})
    );
    assert_eq!(custom::answer(&told(200, &json!({"code": 0}))), Ok(None));
    assert!(matches!(custom::answer(&told(200, &json!({"code": 19021, "msg": "sign match fail"}))), Err(SendFault::Refused { .. })));
}
