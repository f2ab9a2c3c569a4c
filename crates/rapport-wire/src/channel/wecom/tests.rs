//! WeCom's callbacks against what its SDKs make; pages of customer service by the rules that its documents tell.

use super::*;
use crate::channel::{
    Button, Fact, Inbound, Media, MediaKind, MediaSource, Outgoing, Part, Piece, Progress, Remote, Vouched,
    envelope::{
        seal,
        tests::{secret, vectors},
    },
    request::percent,
};
use serde_json::{Value, json};

const NOW: Timestamp = Timestamp(1_764_000_000_000);

fn account() -> Account {
    Account { corp_id: "ww0123456789abcdef".to_owned(), without_receiver: false, tolerance_ms: None }
}

pub(super) fn told(body: &Value) -> Response {
    Response { status: 200, headers: Vec::new(), body: body.to_string().into_bytes() }
}

fn piece(piece: Piece, reply_to: Option<&str>) -> Outgoing {
    Outgoing { to: "wm1".to_owned(), reply_to: reply_to.map(str::to_owned), quoted: None, piece, key: "k".repeat(32), by_person: true }
}

fn bodies(requests: &[Request]) -> Vec<Value> {
    requests.iter().map(|it| serde_json::from_slice(&it.body).expect("json")).collect()
}

#[test]
fn an_address_is_checked_by_what_is_sealed_in_it() {
    let vectors = vectors();
    let query = |echo: &str| format!("msg_signature={}&timestamp=1764000000&nonce=987654321&echostr={echo}", vectors.text("wecom_echo_sig"));
    let echo = vectors.text("wecom_echostr");
    // As it should come, and with its plus signs already decoded to blanks.
    for query in [query(&percent(&echo)), query(&echo)] {
        assert_eq!(verify_address(&account(), &[secret()], query.as_bytes(), NOW).as_deref(), Ok(&b"1616140317555161061"[..]), "{query}");
    }
    let refused =
        |account: &Account, query: &str, expected: WireFault| assert_eq!(verify_address(account, &[secret()], query.as_bytes(), NOW), Err(expected), "{query}");
    refused(&account(), &query(&percent(&echo)).replace("nonce=9", "nonce=8"), WireFault::BadSignature);
    refused(&account(), &query("AAAA"), WireFault::BadSignature);
    refused(&Account { corp_id: "ww_other".to_owned(), ..account() }, &query(&percent(&echo)), WireFault::NotOurs);
}

#[test]
fn a_doorbell_is_opened_and_read() {
    let vectors = vectors();
    let body =
        format!("<xml><ToUserName>ww0123456789abcdef</ToUserName><AgentID></AgentID><Encrypt><![CDATA[{}]]></Encrypt></xml>", vectors.text("wecom_encrypt"));
    let query = format!("msg_signature={}&timestamp=1764000000&nonce=987654321", vectors.text("wecom_msg_signature"));
    let plain = verify(&account(), &[secret()], query.as_bytes(), body.as_bytes(), NOW).expect("verified");
    assert_eq!(String::from_utf8_lossy(&plain), vectors.text("wecom_plain"));
    let facts = app::decode(&plain).expect("read");
    let bell = Fact::Doorbell { account: "wkxxxxxxx".to_owned(), token: "ENCApHxnGDNAVNY4AaSJKj4Tb5mwsEMzxhFmHVGcra996NR".to_owned() };
    assert_eq!(facts.iter().map(|it| &it.fact).collect::<Vec<_>>(), [&bell]);
    for (bent_query, bent_body) in [
        (query.replace("212b", "212c"), body.clone()),
        (query.clone(), body.replace("Q3st", "Q3sT")),
        (query.replace("1764000000", "1764000001"), body.clone()),
    ] {
        assert_eq!(verify(&account(), &[secret()], bent_query.as_bytes(), bent_body.as_bytes(), NOW), Err(WireFault::BadSignature));
    }
    let strict = Account { tolerance_ms: Some(1_000), ..account() };
    assert_eq!(verify(&strict, &[secret()], query.as_bytes(), body.as_bytes(), NOW.plus_seconds(60)), Err(WireFault::Stale));
    assert_eq!(verify(&account(), &[secret()], query.as_bytes(), b"<xml><MsgType>text</MsgType></xml>", NOW), Err(WireFault::BadSignature));
    for length in 0..plain.len() {
        assert!(app::decode(&plain[..length]).is_err(), "{length}");
    }
}

#[test]
fn a_callback_without_receiver_is_taken_where_that_is_told() {
    let sealed = seal(&secret(), "", b"<xml></xml>", "1764000000", "n", [5; 16]).expect("sealed");
    let (query, body) = (format!("msg_signature={}&timestamp=1764000000&nonce=n", sealed.signature), sealed.xml());
    assert_eq!(verify(&account(), &[secret()], query.as_bytes(), &body, NOW), Err(WireFault::NotOurs));
    assert!(verify(&Account { without_receiver: true, ..account() }, &[secret()], query.as_bytes(), &body, NOW).is_ok());
}

#[test]
fn members_write_to_an_application() {
    let of = |fields: &str| {
        format!("<xml><ToUserName>ww1</ToUserName><FromUserName>zhangsan</FromUserName><CreateTime>1764000000</CreateTime>{fields}<AgentID>1</AgentID></xml>")
    };
    let check = |fields: &str, expected: Option<(&str, Fact)>| {
        let facts = app::decode(of(fields).as_bytes()).expect("read");
        assert_eq!(facts.first().map(|it| (it.id.as_str(), it.fact.clone())), expected, "{fields}");
        assert!(facts.iter().all(|it| it.from.vouched == [(Vouched::StaffId, "zhangsan".to_owned())]));
    };
    let text = Fact::Message { parts: vec![Part::Text("𠮷👨‍👩‍👧‍👦".to_owned())], quoted: None };
    check("<MsgType>text</MsgType><Content>𠮷👨‍👩‍👧‍👦</Content><MsgId>12</MsgId>", Some(("12", text)));
    check("<MsgType>event</MsgType><Event>enter_agent</Event><EventKey/>", Some(("zhangsan:1764000000:enter_agent:", Fact::Began { scene: None })));
    let pressed = Fact::Pressed { payload: "yes".to_owned(), label: String::new() };
    check(
        "<MsgType>event</MsgType><Event>template_card_event</Event><EventKey>yes</EventKey><TaskId>t1</TaskId>",
        Some(("zhangsan:1764000000:template_card_event:yest1", pressed)),
    );
    check("<MsgType>event</MsgType><Event>batch_job_result</Event>", None);
    assert_eq!(
        app::decode(of("").replace("zhangsan", "").replace("<AgentID>", "<MsgType>event</MsgType><Event>change_contact</Event><AgentID>").as_bytes()),
        Ok(Vec::new())
    );
    assert_eq!(app::decode(b"<xml><SuiteId>s</SuiteId><InfoType>suite_ticket</InfoType><SuiteTicket>t</SuiteTicket></xml>"), Ok(Vec::new()));
    assert!(app::decode(of("<MsgType>text</MsgType><Content>x</Content>").as_bytes()).is_err());
}

#[test]
fn an_application_writes_to_members() {
    let check = |given: Piece, expected: &[Value]| assert_eq!(bodies(&app::send(7, "T", &piece(given, None)).expect("sendable")), expected);
    check(Piece::Text("好😀".to_owned()), &[json!({"touser": "wm1", "agentid": 7, "msgtype": "text", "text": {"content": "好😀"}})]);
    let file = Piece::Media { kind: MediaKind::File, id: "m".to_owned(), name: "n".to_owned(), caption: "看".to_owned() };
    let words = json!({"touser": "wm1", "agentid": 7, "msgtype": "text", "text": {"content": "看"}});
    check(file, &[json!({"touser": "wm1", "agentid": 7, "msgtype": "file", "file": {"media_id": "m"}}), words]);
    let buttons = Piece::Buttons { text: "好吗".to_owned(), options: vec![Button { payload: "y".to_owned(), label: "好".to_owned() }] };
    let card = json!({"card_type": "button_interaction", "main_title": {"title": "好吗"}, "button_list": [{"text": "好", "style": 1, "key": "y"}], "task_id": "k".repeat(32)});
    check(buttons, &[json!({"touser": "wm1", "agentid": 7, "msgtype": "template_card", "template_card": card})]);
    assert_eq!(app::answer(&told(&json!({"errcode": 0, "errmsg": "ok", "msgid": "xx"}))), Ok(Some("xx".to_owned())));
    assert!(matches!(app::answer(&told(&json!({"errcode": 0, "invaliduser": "wm1", "msgid": "xx"}))), Err(SendFault::UserBlocked { .. })));
    assert_eq!(app::agent(7, "T").path, "/cgi-bin/agent/get?access_token=T&agentid=7");
    assert_eq!(app::agent_answer(&told(&json!({"errcode": 0, "agentid": 7, "name": "客服\n"}))), Ok("客服".to_owned()));
    assert!(matches!(app::agent_answer(&told(&json!({"errcode": 301002, "errmsg": "not allow"}))), Err(SendFault::Refused { .. })));
}

#[test]
fn numbers_of_errors_have_their_meaning() {
    let check = |code: i64, expected: fn(&SendFault) -> bool| {
        let fault = kf::answer(&told(&json!({"errcode": code, "errmsg": "m"}))).expect_err("fault");
        assert!(expected(&fault) && format!("{fault:?}").contains(&code.to_string()), "{code} {fault:?}");
    };
    for code in [40_014, 42_001] {
        check(code, |it| matches!(it, SendFault::TokenInvalid { .. }));
    }
    check(95_001, |it| matches!(it, SendFault::QuotaExceeded { .. }));
    check(95_002, |it| matches!(it, SendFault::WindowClosed { .. }));
    check(45_009, |it| matches!(it, SendFault::RateLimited { .. }));
    check(40_007, |it| matches!(it, SendFault::MediaExpired { .. }));
    check(-1, |it| matches!(it, SendFault::Trouble { .. }));
    check(95_018, |it| matches!(it, SendFault::Refused { .. }));
    assert!(matches!(token_answer(&told(&json!({"errcode": 40001, "errmsg": "invalid secret"}))), Err(SendFault::Refused { .. })));
    assert_eq!(
        token_answer(&told(&json!({"errcode": 0, "errmsg": "ok", "access_token": "A", "expires_in": 7200}))),
        Ok(Token { value: "A".to_owned(), lives_s: 7_200 })
    );
    assert_eq!(token("ww1", "s/1").path, "/cgi-bin/gettoken?corpid=ww1&corpsecret=s%2F1");
}

fn item(id: &str, origin: i64, fields: Value) -> Value {
    let mut item = json!({"msgid": id, "open_kfid": "wk1", "external_userid": "wm1", "send_time": 1_764_000_000, "origin": origin});
    item.as_object_mut().expect("object").extend(fields.as_object().expect("object").clone());
    item
}

fn event(id: &str, fields: Value) -> Value {
    let mut event = json!({"open_kfid": "wk1", "external_userid": "wm1"});
    event.as_object_mut().expect("object").extend(fields.as_object().expect("object").clone());
    json!({"msgid": id, "send_time": 1_764_000_000, "origin": 4, "msgtype": "event", "event": event})
}

fn page(items: &[Value]) -> kf::Page {
    kf::page(&told(&json!({"errcode": 0, "errmsg": "ok", "next_cursor": "c2", "has_more": 0, "msg_list": items}))).expect("page")
}

#[test]
fn pages_go_on_though_they_are_empty() {
    let asked = |cursor: &str, doorbell: Option<&str>| bodies(&[kf::sync("T", "wk1", cursor, doorbell)]).remove(0);
    assert_eq!(asked("", Some("ENC")), json!({"open_kfid": "wk1", "limit": 1000, "voice_format": 0, "token": "ENC"}));
    assert_eq!(asked("c1", None), json!({"open_kfid": "wk1", "limit": 1000, "voice_format": 0, "cursor": "c1"}));
    let empty = kf::page(&told(&json!({"errcode": 0, "next_cursor": "c9", "has_more": 1, "msg_list": []}))).expect("page");
    assert_eq!((empty.cursor.as_str(), empty.more, empty.facts.len()), ("c9", true, 0));
    assert_eq!(
        kf::page(&told(&json!({"errcode": 95007, "errmsg": "invalid msg token"}))),
        Err(SendFault::Refused { code: kf::DOORBELL_OVER.to_owned(), text: "invalid msg token".to_owned() })
    );
    assert!(kf::page(&told(&json!({"errcode": 0, "msg_list": "none"}))).is_err() && kf::page(&told(&json!({}))).is_err());
}

#[test]
fn a_page_tells_who_said_what() {
    let media = |kind: MediaKind, media_type: Option<&str>| {
        Part::Media(Media {
            kind,
            source: MediaSource::Id("m1".to_owned()),
            name: String::new(),
            media_type: media_type.map(str::to_owned),
            bytes: None,
            caption: String::new(),
            transcript: None,
        })
    };
    let check = |given: Value, expected: Option<Fact>| {
        let page = page(std::slice::from_ref(&given));
        assert_eq!((page.facts.first().map(|it| it.fact.clone()), page.unread), (expected, 0), "{given}");
        let from = Remote { id: "wm1".to_owned(), reply_to: Some("wk1".to_owned()), ..Remote::default() };
        assert!(page.facts.iter().all(|it: &Inbound| it.from == from && it.at == Some(NOW)), "{page:?}");
    };
    let says = |part: Part| Some(Fact::Message { parts: vec![part], quoted: None });
    check(item("1", 3, json!({"msgtype": "text", "text": {"content": "在吗👨‍👩‍👧‍👦𠮷"}})), says(Part::Text("在吗👨‍👩‍👧‍👦𠮷".to_owned())));
    check(
        item("2", 3, json!({"msgtype": "text", "text": {"content": "好", "menu_id": "101"}})),
        Some(Fact::Pressed { payload: "101".to_owned(), label: "好".to_owned() }),
    );
    check(item("3", 3, json!({"msgtype": "image", "image": {"media_id": "m1"}})), says(media(MediaKind::Image, None)));
    check(item("4", 3, json!({"msgtype": "voice", "voice": {"media_id": "m1"}})), says(media(MediaKind::Voice, Some("audio/amr"))));
    check(item("5", 3, json!({"msgtype": "file", "file": {"media_id": "m1"}})), says(media(MediaKind::File, None)));
    let place = Part::Location { latitude: 23.1, longitude: 113.2, label: "塔 路1号".to_owned() };
    check(item("6", 3, json!({"msgtype": "location", "location": {"latitude": 23.1, "longitude": 113.2, "name": "塔", "address": "路1号"}})), says(place));
    check(item("7", 3, json!({"msgtype": "business_card", "business_card": {"userid": "x"}})), says(Part::Unknown("business_card".to_owned())));
    check(
        item("8", 5, json!({"servicer_userid": "li", "msgtype": "text", "text": {"content": "我来"}})),
        Some(Fact::Answered { parts: vec![Part::Text("我来".to_owned())] }),
    );
    let menu = json!({"msgtype": "msgmenu", "msgmenu": {"head_content": "选", "list": [{"type": "click", "click": {"id": "1", "content": "A"}}], "tail_content": "完"}});
    check(item("9", 5, menu), Some(Fact::Answered { parts: vec![Part::Text("选\nA\n完".to_owned())] }));
    check(item("10", 9, json!({"msgtype": "text", "text": {"content": "x"}})), None);
    check(
        event("11", json!({"event_type": "msg_send_fail", "fail_msgid": "k1", "fail_type": 4})),
        Some(Fact::Receipt { message: "k1".to_owned(), state: Progress::Failed("4".to_owned()) }),
    );
    check(event("12", json!({"event_type": "user_recall_msg", "recall_msgid": "1"})), Some(Fact::Deleted { message: "1".to_owned() }));
    check(event("13", json!({"event_type": "enter_session", "scene": "shop", "scene_param": "a=1"})), Some(Fact::Began { scene: Some("shop?a=1".to_owned()) }));
    check(event("14", json!({"event_type": "servicer_status_change", "status": 1})), None);
}

#[test]
fn one_item_that_is_torn_does_not_stop_a_page() {
    let whole = json!({"errcode": 0, "next_cursor": "c", "has_more": 0, "msg_list": [item("1", 3, json!({"msgtype": "text", "text": {"content": "c"}}))]}).to_string();
    for length in 0..whole.len() {
        assert!(kf::page(&Response { status: 200, headers: Vec::new(), body: whole.as_bytes()[..length].to_vec() }).is_err(), "{length}");
    }
    let good = item("3", 3, json!({"msgtype": "text", "text": {"content": "c"}}));
    let page = page(&[json!({}), item("1", 3, json!({"msgtype": "image"})), json!(7), item("2", 3, json!({"msgtype": "text"})), good]);
    assert_eq!((page.facts.len(), page.unread, page.cursor.as_str()), (1, 4, "c2"));
}

#[test]
fn a_welcome_has_twenty_seconds() {
    let page = page(&[event("1", json!({"event_type": "enter_session", "scene": "s", "welcome_code": "W1"}))]);
    let [welcome] = page.welcomes.as_slice() else { panic!("{page:?}") };
    let hello = Piece::Text("您好".to_owned());
    let request = kf::welcome("T", welcome, &hello, "k1", NOW.plus_seconds(20)).expect("in time");
    assert_eq!(bodies(&[request]), [json!({"code": "W1", "msgid": "k1", "msgtype": "text", "text": {"content": "您好"}})]);
    assert!(matches!(kf::welcome("T", welcome, &hello, "k1", NOW.plus_ms(20_001)), Err(SendFault::WindowClosed { .. })));
    let picture = Piece::Media { kind: MediaKind::Image, id: "m".to_owned(), name: String::new(), caption: String::new() };
    assert!(matches!(kf::welcome("T", welcome, &picture, "k1", NOW), Err(SendFault::Refused { .. })));
}

#[test]
fn customer_service_answers_under_our_key() {
    let check = |given: Piece, expected: &[Value]| assert_eq!(bodies(&kf::send("T", &piece(given, Some("wk1"))).expect("sendable")), expected);
    let key = "k".repeat(32);
    check(Piece::Text("好👨‍👩‍👧‍👦".to_owned()), &[json!({"touser": "wm1", "open_kfid": "wk1", "msgid": key, "msgtype": "text", "text": {"content": "好👨‍👩‍👧‍👦"}})]);
    let picture = Piece::Media { kind: MediaKind::Image, id: "m".to_owned(), name: String::new(), caption: "看".to_owned() };
    let second = bodies(&kf::send("T", &piece(picture.clone(), Some("wk1"))).expect("sendable"))[1]["msgid"].as_str().expect("key").to_owned();
    assert!(second.len() == 32 && second != key, "{second}");
    let words = json!({"touser": "wm1", "open_kfid": "wk1", "msgid": second, "msgtype": "text", "text": {"content": "看"}});
    check(picture, &[json!({"touser": "wm1", "open_kfid": "wk1", "msgid": key, "msgtype": "image", "image": {"media_id": "m"}}), words]);
    let buttons = Piece::Buttons { text: "选".to_owned(), options: vec![Button { payload: "1".to_owned(), label: "A".to_owned() }] };
    let menu = json!({"head_content": "选", "list": [{"type": "click", "click": {"id": "1", "content": "A"}}]});
    check(buttons, &[json!({"touser": "wm1", "open_kfid": "wk1", "msgid": key, "msgtype": "msgmenu", "msgmenu": menu})]);
    assert!(kf::send("T", &piece(Piece::Text("x".to_owned()), None)).is_err());
    assert_eq!(kf::answer(&told(&json!({"errcode": 0, "msgid": "k1"}))), Ok(Some("k1".to_owned())));
}

#[test]
fn sessions_are_told_and_changed() {
    let page = page(&[event("1", json!({"event_type": "session_status_change", "change_type": 3, "new_servicer_userid": "li", "msg_code": "M1"}))]);
    let expected = kf::SessionChange {
        account: "wk1".to_owned(),
        customer: "wm1".to_owned(),
        change: 3,
        servicer: Some("li".to_owned()),
        code: Some("M1".to_owned()),
        at: Some(NOW),
    };
    assert_eq!((page.sessions, page.facts.len()), (vec![expected], 0));
    assert_eq!(
        kf::state_answer(&told(&json!({"errcode": 0, "service_state": 3, "servicer_userid": "li"}))),
        Ok((kf::ServiceState::Person, Some("li".to_owned())))
    );
    assert!(kf::state_answer(&told(&json!({"errcode": 0, "service_state": 9}))).is_err());
    let request = kf::transfer("T", "wk1", "wm1", kf::ServiceState::Person, Some("li"));
    assert_eq!(
        bodies(&[request, kf::state("T", "wk1", "wm1")]),
        [
            json!({"open_kfid": "wk1", "external_userid": "wm1", "service_state": 3, "servicer_userid": "li"}),
            json!({"open_kfid": "wk1", "external_userid": "wm1"})
        ]
    );
    assert_eq!(kf::transfer_answer(&told(&json!({"errcode": 0, "msg_code": "M2"}))), Ok(Some("M2".to_owned())));
    assert!(kf::ServiceState::New.lets_us_answer() && !kf::ServiceState::Person.lets_us_answer());
    let known = kf::customers_answer(&told(&json!({"errcode": 0, "customer_list": [{"external_userid": "wm1", "nickname": "张三\n", "unionid": "u1"}, {}]})))
        .expect("customers");
    assert_eq!(
        known,
        [Remote { id: "wm1".to_owned(), name: Some("张三".to_owned()), vouched: vec![(Vouched::UnionId, "u1".to_owned())], ..Remote::default() }]
    );
    let list = json!([{"open_kfid": "wk1", "name": "售前", "manage_privilege": true}, {"open_kfid": "wk2", "name": "售后", "manage_privilege": false}, {"name": "x"}]);
    let desk = |account: &str, name: &str, is_ours| kf::Desk { account: account.to_owned(), name: name.to_owned(), is_ours };
    let desks = kf::desks_answer(&told(&json!({"errcode": 0, "account_list": list})));
    assert_eq!(desks, Ok(vec![desk("wk1", "售前", true), desk("wk2", "售后", false)]));
}
