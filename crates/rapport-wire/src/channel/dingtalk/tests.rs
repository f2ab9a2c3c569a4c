//! DingTalk's signatures against its SDK's, its messages, frames and answers.

use super::*;
use crate::channel::{
    Button, Fact, Inbound, Media, MediaKind, MediaSource, Outgoing, Part, Piece, Remote, Response, SendFault, Token, Vouched,
    envelope::{
        Callback, open, seal, signature,
        tests::{secret, vectors},
    },
    fields::Fields as _,
};
use serde_json::{Value, json};

const NOW: Timestamp = Timestamp(1_764_000_000_000);
const SECRET: &str = "SEComni0123456789";
const SIGN: &str = "Ki4DeXFFMRP/c6T9eRPDxRPqfA0r8m4XPI8jSJ+hG7o=";

fn account() -> Account {
    Account { robot_code: "ding1".to_owned() }
}

fn told(status: u16, body: &Value) -> Response {
    Response { status, headers: Vec::new(), body: body.to_string().into_bytes() }
}

fn body(request: &Request) -> Value {
    serde_json::from_slice(&request.body).expect("json")
}

fn message(fields: Value) -> Value {
    let mut message = json!({
        "conversationId": "cid1==", "conversationType": "1", "msgId": "msg1", "senderNick": "张三", "senderStaffId": "s1", "senderId": "$:LWCP_v1:$x",
        "sessionWebhook": "https://oapi.dingtalk.com/robot/sendBySession?session=abc", "sessionWebhookExpiredTime": 1_764_005_400_000_i64,
        "createAt": 1_764_000_000_000_i64, "robotCode": "ding1", "chatbotUserId": "$:LWCP_v1:$bot"
    });
    message.as_object_mut().expect("object").extend(fields.as_object().expect("object").clone());
    message
}

fn read(fields: Value) -> Result<Vec<Inbound>, WireFault> {
    decode(&account(), message(fields).to_string().as_bytes())
}

#[test]
fn signs_are_the_sdk_s() {
    assert_eq!(sign(SECRET, "1764000000000"), SIGN);
    assert_eq!(format!("http://127.0.0.1:1/robot/send?access_token=x&{}", custom::signed_query(SECRET, NOW)), vectors().text("ding_url"));
    assert_eq!(verify(&["other", SECRET], "1764000000000", SIGN, NOW, TOLERANCE_MS), Ok(()));
    let check = |secrets: &[&str], timestamp: &str, told: &str, now: Timestamp, expected: WireFault| {
        assert_eq!(verify(secrets, timestamp, told, now, TOLERANCE_MS), Err(expected), "{timestamp} {told}");
    };
    check(&["other"], "1764000000000", SIGN, NOW, WireFault::BadSignature);
    check(&[SECRET], "1764000000001", SIGN, NOW, WireFault::BadSignature);
    check(&[], "1764000000000", SIGN, NOW, WireFault::BadSignature);
    check(&[""], "1764000000000", &sign("", "1764000000000"), NOW, WireFault::BadSignature);
    check(&[SECRET], "1764000000000", SIGN, NOW.plus_ms(TOLERANCE_MS + 1), WireFault::Stale);
    check(&[SECRET], "1764000000000", SIGN, NOW.plus_ms(-TOLERANCE_MS - 1), WireFault::Stale);
    check(&[SECRET], "soon", &sign(SECRET, "soon"), NOW, WireFault::Stale);
    for at in 0..SIGN.len() {
        let mut bent = SIGN.as_bytes().to_vec();
        bent[at] ^= 1;
        check(&[SECRET], "1764000000000", &String::from_utf8_lossy(&bent), NOW, WireFault::BadSignature);
    }
}

#[test]
fn messages_of_every_kind_are_read() {
    let media = |kind: MediaKind, name: &str, media_type: Option<&str>, bytes: Option<u64>, transcript: Option<&str>| {
        let (media_type, transcript) = (media_type.map(str::to_owned), transcript.map(str::to_owned));
        Part::Media(Media { kind, source: MediaSource::Id("D1".to_owned()), name: name.to_owned(), media_type, bytes, caption: String::new(), transcript })
    };
    let check = |fields: Value, expected: &[Part]| {
        let facts = read(fields.clone()).expect("read");
        assert_eq!(facts[0].fact, Fact::Message { parts: expected.to_vec(), quoted: None }, "{fields}");
        assert_eq!((facts[0].id.as_str(), facts[0].at), ("msg1", Some(NOW)));
    };
    let text = |it: &str| Part::Text(it.to_owned());
    check(json!({"msgtype": "text", "text": {"content": " 在吗👨‍👩‍👧‍👦𠮷 "}}), &[text("在吗👨‍👩‍👧‍👦𠮷")]);
    check(json!({"msgtype": "picture", "content": {"downloadCode": "D1", "pictureDownloadCode": "P"}}), &[media(MediaKind::Image, "", None, None, None)]);
    check(
        json!({"msgtype": "audio", "content": {"downloadCode": "D1", "duration": 3000, "recognition": "订单"}}),
        &[media(MediaKind::Voice, "", None, None, Some("订单"))],
    );
    check(
        json!({"msgtype": "video", "content": {"downloadCode": "D1", "videoType": "mp4", "duration": 9}}),
        &[media(MediaKind::Video, "", Some("video/mp4"), None, None)],
    );
    check(
        json!({"msgtype": "file", "content": {"downloadCode": "D1", "fileName": "../合同.pdf", "fileSize": 12}}),
        &[media(MediaKind::File, "合同.pdf", None, Some(12), None)],
    );
    let rich = json!([{"text": " 看 "}, {"text": "这个"}, {"type": "picture", "downloadCode": "D1"}, {"text": "\n"}, {"text": "对吗"}]);
    check(json!({"msgtype": "richText", "content": {"richText": rich}}), &[text("看 这个"), media(MediaKind::Image, "", None, None, None), text("\n对吗")]);
    check(json!({"msgtype": "chatRecord", "content": {}}), &[Part::Unknown("chatRecord".to_owned())]);
    let quoting = read(json!({"msgtype": "text", "text": {"content": "这个", "isReplyMsg": true, "repliedMsg": {"msgId": "msg0"}}})).expect("read");
    assert_eq!(quoting[0].fact, Fact::Message { parts: vec![text("这个")], quoted: Some("msg0".to_owned()) });
}

#[test]
fn who_wrote_and_where_is_kept() {
    let text = |fields: Value| {
        let mut all = json!({"msgtype": "text", "text": {"content": "x"}});
        all.as_object_mut().expect("object").extend(fields.as_object().expect("object").clone());
        read(all).expect("read").remove(0).from
    };
    let direct = text(json!({}));
    let session = Session { path: Some("/robot/sendBySession?session=abc".to_owned()), until: Timestamp(1_764_005_400_000), group: None };
    let staff = vec![(Vouched::StaffId, "s1".to_owned())];
    assert_eq!(direct, Remote { id: "s1".to_owned(), reply_to: Some(session.text()), name: Some("张三".to_owned()), vouched: staff, language: None });
    assert_eq!(Session::parse(&session.text()), session);
    let group = text(json!({"conversationType": "2", "senderStaffId": null}));
    assert_eq!((group.id.as_str(), group.vouched.len()), ("$:LWCP_v1:$x", 0));
    assert_eq!(Session::parse(group.reply_to.as_deref().expect("session")).group.as_deref(), Some("cid1=="));
    // An address of elsewhere is no address.
    for bad in [
        "https://evil.example/x",
        "http://169.254.169.254/",
        "/robot/send",
        "https://oapi.dingtalk.com/robot/send/../../x",
        "https://oapi.dingtalk.com/robot/sendBySession?a b",
        "file:///robot/send",
    ] {
        let from = text(json!({"sessionWebhook": bad}));
        let path = Session::parse(from.reply_to.as_deref().expect("session")).path;
        assert!(path.is_none() || bad.starts_with("file"), "{bad} {path:?}");
    }
}

#[test]
fn what_is_missing_or_for_others_is_refused() {
    let refused = |fields: Value| assert!(matches!(read(fields.clone()), Err(WireFault::Malformed(_))), "{fields}");
    refused(json!({"msgtype": "text"}));
    refused(json!({"msgtype": null}));
    refused(json!({"msgtype": "picture", "content": {}}));
    refused(json!({"msgtype": "richText", "content": {"richText": []}}));
    refused(json!({"msgtype": "text", "text": {"content": "x"}, "msgId": ""}));
    refused(json!({"msgtype": "text", "text": {"content": "x"}, "conversationType": "2", "conversationId": ""}));
    assert_eq!(read(json!({"msgtype": "text", "text": {"content": "x"}, "robotCode": "ding2"})), Err(WireFault::NotOurs));
    assert!(read(json!({"msgtype": "text", "text": {"content": "x"}, "robotCode": "normal"})).is_ok());
    assert_eq!(read(json!({"msgtype": "text", "text": {"content": "x"}, "senderId": "$:LWCP_v1:$bot"})), Ok(Vec::new()));
    let whole = message(json!({"msgtype": "text", "text": {"content": "x"}})).to_string();
    for length in 0..whole.len() {
        assert!(decode(&account(), &whole.as_bytes()[..length]).is_err(), "{length}");
    }
}

fn piece(piece: Piece, session: Option<&Session>) -> Outgoing {
    Outgoing { to: "s1".to_owned(), reply_to: session.map(Session::text), quoted: None, piece, key: "k".to_owned(), by_person: true }
}

#[test]
fn answers_go_to_the_session_while_it_lasts() {
    let session = Session { path: Some("/robot/sendBySession?session=abc".to_owned()), until: NOW, group: None };
    let text = Piece::Text("好👨‍👩‍👧‍👦𠮷".to_owned());
    let sent = |session: Option<&Session>, given: &Piece, now: Timestamp| {
        let requests = send(&account(), "T", &piece(given.clone(), session), now).expect("sendable");
        requests.into_iter().map(|it| (it.host, it.request.path.clone(), body(&it.request))).collect::<Vec<_>>()
    };
    let open = (Host::Oapi, "/robot/sendBySession?session=abc".to_owned(), json!({"msgtype": "text", "text": {"content": "好👨‍👩‍👧‍👦𠮷"}}));
    assert_eq!(sent(Some(&session), &text, NOW.plus_ms(-1)), [open]);
    let parameters = json!({"content": "好👨‍👩‍👧‍👦𠮷"}).to_string();
    let over = (
        Host::Api,
        "/v1.0/robot/oToMessages/batchSend".to_owned(),
        json!({"robotCode": "ding1", "msgKey": "sampleText", "msgParam": parameters, "userIds": ["s1"]}),
    );
    assert_eq!(sent(Some(&session), &text, NOW), std::slice::from_ref(&over));
    assert_eq!(sent(None, &text, NOW), [over]);
    let group = Session { group: Some("cid".to_owned()), ..session.clone() };
    let file = Piece::Media { kind: MediaKind::File, id: "@m".to_owned(), name: "合同.pdf".to_owned(), caption: "看".to_owned() };
    let first = json!({"robotCode": "ding1", "msgKey": "sampleFile", "msgParam": json!({"mediaId": "@m", "fileName": "合同.pdf", "fileType": "pdf"}).to_string(), "openConversationId": "cid"});
    let second = json!({"robotCode": "ding1", "msgKey": "sampleText", "msgParam": json!({"content": "看"}).to_string(), "openConversationId": "cid"});
    let path = "/v1.0/robot/groupMessages/send".to_owned();
    assert_eq!(sent(Some(&group), &file, NOW.plus_ms(-1)), [(Host::Api, path.clone(), first), (Host::Api, path, second)]);
    let option = |it: &str| Button { payload: it.to_owned(), label: it.to_owned() };
    let buttons = Piece::Buttons { text: "选\n一个".to_owned(), options: vec![option("好"), option("差")] };
    let card = &sent(Some(&session), &buttons, NOW.plus_ms(-1))[0].2;
    assert_eq!(
        (card["actionCard"]["title"].as_str(), card["actionCard"]["btns"][1]["actionURL"].as_str()),
        (Some("选"), Some("dtmd://dingtalkclient/sendMessage?content=%E5%B7%AE"))
    );
    assert_eq!(sent(None, &buttons, NOW)[0].2["msgKey"], "sampleActionCard2");
    let single = Piece::Buttons { text: "选".to_owned(), options: vec![option("好")] };
    assert_eq!(sent(Some(&session), &single, NOW.plus_ms(-1))[0].2["actionCard"]["singleTitle"], "好");
    assert_eq!(sent(None, &single, NOW)[0].2["msgKey"], "sampleActionCard");
    let many = Piece::Buttons { text: "选".to_owned(), options: (1..8).map(|it| option(&it.to_string())).collect() };
    assert_eq!(sent(None, &many, NOW)[0].2["msgKey"], "sampleText");
    let template = Piece::Template { name: "t".to_owned(), language: "zh".to_owned(), parameters: Vec::new() };
    assert!(matches!(send(&account(), "T", &piece(template, None), NOW), Err(SendFault::Refused { .. })));
}

#[test]
fn answers_of_both_hosts_are_understood() {
    let check = |status: u16, body: Value, expected: fn(&Result<Option<String>, SendFault>) -> bool| {
        let found = answer(&told(status, &body));
        assert!(expected(&found), "{status} {body}: {found:?}");
    };
    check(200, json!({"errcode": 0, "errmsg": "ok"}), |it| *it == Ok(None));
    check(200, json!({"errcode": 310000, "errmsg": "sign not match"}), |it| matches!(it, Err(SendFault::Refused { code, .. }) if code == "310000"));
    check(200, json!({"errcode": 130101, "errmsg": "send too fast"}), |it| matches!(it, Err(SendFault::RateLimited { .. })));
    check(200, json!({"processQueryKey": "Q1"}), |it| *it == Ok(Some("Q1".to_owned())));
    check(200, json!({"processQueryKey": "Q1", "invalidStaffIdList": ["s1"], "flowControlledStaffIdList": []}), |it| {
        matches!(it, Err(SendFault::UserBlocked { .. }))
    });
    check(200, json!({"processQueryKey": "Q1", "flowControlledStaffIdList": ["s1"]}), |it| matches!(it, Err(SendFault::RateLimited { .. })));
    check(401, json!({"code": "InvalidAuthentication", "message": "m"}), |it| matches!(it, Err(SendFault::TokenInvalid { .. })));
    check(403, json!({"code": "Forbidden.AccessDenied.QpsLimitForApi", "message": "m"}), |it| matches!(it, Err(SendFault::RateLimited { .. })));
    check(400, json!({"code": "staffId.notExisted", "message": "m"}), |it| matches!(it, Err(SendFault::UserBlocked { .. })));
    check(400, json!({"code": "invalidParameter", "message": "m"}), |it| matches!(it, Err(SendFault::Refused { .. })));
    check(500, json!({"code": "unknownError"}), |it| matches!(it, Err(SendFault::Unknown { .. })));
    check(200, json!({}), |it| matches!(it, Err(SendFault::Unknown { .. })));
    check(429, json!([]), |it| matches!(it, Err(SendFault::RateLimited { .. })));
    assert_eq!(
        custom::answer(&told(200, &json!({"errcode": 130101}))),
        Err(SendFault::RateLimited { retry_after_ms: Some(600_000), code: "130101".to_owned() })
    );
}

#[test]
fn a_group_s_own_robot_signs_its_address() {
    let request = custom::send("x", Some(SECRET), &Piece::Text("好".to_owned()), NOW).expect("sendable");
    assert_eq!(request.path, "/robot/send?access_token=x&timestamp=1764000000000&sign=Ki4DeXFFMRP%2Fc6T9eRPDxRPqfA0r8m4XPI8jSJ%2BhG7o%3D");
    let picture = Piece::MediaUrl { kind: MediaKind::Image, url: "https://a.example/1.png".to_owned(), name: "图]".to_owned(), caption: "看".to_owned() };
    assert_eq!(
        body(&custom::send("x", None, &picture, NOW).expect("sendable")),
        json!({"msgtype": "markdown", "markdown": {"title": "图]", "text": "看\n\n![图 ](https://a.example/1.png)"}})
    );
    let uploaded = Piece::Media { kind: MediaKind::Image, id: "m".to_owned(), name: String::new(), caption: String::new() };
    assert!(custom::send("x", None, &uploaded, NOW).is_err());
}

#[test]
fn tokens_and_files_are_asked_for() {
    assert_eq!(token_answer(&told(200, &json!({"accessToken": "A", "expireIn": 7200}))), Ok(Token { value: "A".to_owned(), lives_s: 7_200 }));
    assert!(token_answer(&told(400, &json!({"code": "invalidClientIdOrSecret", "message": "m"}))).is_err());
    assert_eq!(body(&token("c", "s").request), json!({"appKey": "c", "appSecret": "s"}));
    assert_eq!(body(&fetch(&account(), "T", "D1").request), json!({"downloadCode": "D1", "robotCode": "ding1"}));
    assert_eq!(fetched_at(&told(200, &json!({"downloadUrl": "https://f.example/1"}))), Ok("https://f.example/1".to_owned()));
    assert_eq!(uploaded(&told(200, &json!({"errcode": 0, "media_id": "@m"}))), Ok("@m".to_owned()));
    assert_eq!(upload("T", MediaKind::Video, "b", "a.mp4", "video/mp4", b"x").host, Host::Oapi);
}

fn framed(kind: &str, topic: &str, data: &str) -> stream::Frame {
    let headers = json!({"messageId": "m1", "topic": topic, "contentType": "application/json", "time": "1764000000000", "eventType": "user_leave_org", "eventId": "e1", "eventBornTime": "1764000000000"});
    stream::frame(json!({"specVersion": "1.0", "type": kind, "headers": headers, "data": data}).to_string().as_bytes()).expect("frame")
}

#[test]
fn a_connection_is_asked_for_with_its_ticket() {
    let request = stream::open("c", "s", "rapport/1", "127.0.0.1");
    let topics = json!([{"type": "CALLBACK", "topic": "/v1.0/im/bot/messages/get"}, {"type": "EVENT", "topic": "*"}]);
    assert_eq!(
        (request.path.as_str(), body(&request)),
        ("/v1.0/gateway/connections/open", json!({"clientId": "c", "clientSecret": "s", "subscriptions": topics, "ua": "rapport/1", "localIp": "127.0.0.1"}))
    );
    assert_eq!(
        stream::opened(&told(200, &json!({"endpoint": "ws://127.0.0.1:1/ws", "ticket": "tick+1"}))),
        Ok("ws://127.0.0.1:1/ws?ticket=tick%2B1".to_owned())
    );
    for bad in [json!({"endpoint": "http://x", "ticket": "t"}), json!({"endpoint": "wss://x"}), json!({"ticket": "t"})] {
        assert!(stream::opened(&told(200, &bad)).is_err(), "{bad}");
    }
}

#[test]
fn frames_are_read_and_answered() {
    let check = |frame: &stream::Frame, expected: Result<stream::Heard, WireFault>, kept: Option<Value>, not_kept: Option<Value>| {
        assert_eq!(frame.heard(&account()), expected, "{frame:?}");
        let read = |it: Option<String>| it.map(|it| serde_json::from_str::<Value>(&it).expect("json"));
        assert_eq!((read(frame.answer(true)), read(frame.answer(false))), (kept, not_kept), "{frame:?}");
    };
    let answered = |data: &str| Some(json!({"code": 200, "headers": {"messageId": "m1", "contentType": "application/json"}, "message": "OK", "data": data}));
    let opaque = r#"{"opaque":"0d75-4f1e"}"#;
    check(&framed("SYSTEM", "ping", opaque), Ok(stream::Heard::Ping), answered(opaque), answered(opaque));
    check(&framed("SYSTEM", "disconnect", "{}"), Ok(stream::Heard::Disconnect), None, None);
    let said = message(json!({"msgtype": "text", "text": {"content": "在吗"}})).to_string();
    let facts = decode(&account(), said.as_bytes()).expect("read");
    check(&framed("CALLBACK", stream::ROBOT_TOPIC, &said), Ok(stream::Heard::Facts(facts)), answered(r#"{"response":null}"#), None);
    check(&framed("CALLBACK", "/v1.0/card/instances/callback", "{}"), Ok(stream::Heard::Facts(Vec::new())), answered(r#"{"response":null}"#), None);
    let left = framed("EVENT", "*", r#"{"userId":["s1","s2"]}"#);
    let stream::Heard::Facts(facts) = left.heard(&account()).expect("event") else { panic!("{left:?}") };
    assert_eq!(
        facts.iter().map(|it| (it.id.as_str(), &it.fact, it.at)).collect::<Vec<_>>(),
        [("user_leave_org:e1:s1", &Fact::Left, Some(NOW)), ("user_leave_org:e1:s2", &Fact::Left, Some(NOW))]
    );
    let status = |it: &str| answered(&json!({"status": it, "message": ""}).to_string());
    check(&left, Ok(stream::Heard::Facts(facts)), status("SUCCESS"), status("LATER"));
    assert!(matches!(framed("CALLBACK", stream::ROBOT_TOPIC, "{").heard(&account()), Err(WireFault::Malformed(_))));
    let whole = json!({"type": "SYSTEM", "headers": {"messageId": "1", "topic": "ping"}, "data": "{}"}).to_string();
    for length in 0..whole.len() {
        assert!(stream::frame(&whole.as_bytes()[..length]).is_err(), "{length}");
    }
    for bad in ["", "{}", r#"{"type":"SYSTEM","headers":{"topic":"ping"}}"#, r#"{"type":"OTHER","headers":{"topic":"ping","messageId":"1"}}"#] {
        assert!(stream::frame(bad.as_bytes()).is_err(), "{bad}");
    }
}

#[test]
fn event_callbacks_are_sealed_both_ways() {
    let plain = br#"{"EventType":"user_leave_org","TimeStamp":"1764000000000","UserId":["s1"],"CorpId":"ding_corp"}"#;
    let sealed = seal(&secret(), "ding_corp", plain, "1764000000000", "n1", [9; 16]).expect("sealed");
    let body = json!({"encrypt": sealed.encrypted}).to_string();
    for name in ["msg_signature", "signature"] {
        let query = format!("{name}={}&timestamp=1764000000000&nonce=n1", sealed.signature);
        let opened = event::verify(&[secret()], &["app_key", "ding_corp"], query.as_bytes(), body.as_bytes(), NOW, Some(TOLERANCE_MS));
        assert_eq!(opened.as_deref(), Ok(&plain[..]));
        assert_eq!(event::verify(&[secret()], &["app_key"], query.as_bytes(), body.as_bytes(), NOW, None), Err(WireFault::NotOurs));
        assert_eq!(
            event::verify(&[secret()], &["ding_corp"], query.as_bytes(), body.as_bytes(), NOW.plus_ms(TOLERANCE_MS + 1), Some(TOLERANCE_MS)),
            Err(WireFault::Stale)
        );
        let bent = query.replace("nonce=n1", "nonce=n2");
        assert_eq!(event::verify(&[secret()], &["ding_corp"], bent.as_bytes(), body.as_bytes(), NOW, None), Err(WireFault::BadSignature));
    }
    assert_eq!(event::decode(plain).expect("read").iter().map(|it| it.fact.clone()).collect::<Vec<_>>(), [Fact::Left]);
    assert_eq!(event::decode(br#"{"EventType":"check_url"}"#), Ok(Vec::new()));
    assert!(event::decode(b"{}").is_err());
    let answer: Value = serde_json::from_slice(&event::success(&secret(), "app_key", NOW, "n3", [4; 16]).expect("sealed")).expect("json");
    assert_eq!(answer.text("msg_signature"), signature(&[&secret().token, "1764000000000", "n3", &answer.text("encrypt")]));
    let told =
        Callback { msg_signature: answer.text("msg_signature"), timestamp: answer.text("timeStamp"), nonce: answer.text("nonce"), ..Callback::default() };
    assert_eq!(open(&[secret()], &["app_key"], &told, &answer.text("encrypt")).as_deref(), Ok(&b"success"[..]));
}
