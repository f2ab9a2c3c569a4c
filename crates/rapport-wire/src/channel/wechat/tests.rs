//! Callbacks of WeChat against what its SDKs make, and what goes out against what its documents ask.

use super::*;
use crate::channel::{
    Button, Fact, Inbound, Media, MediaKind, MediaSource, Outgoing, Part, Piece, Progress, Remote, Response, SendFault, Vouched,
    answer::{Fetched, Fetching},
    envelope::{
        seal,
        tests::{secret, vectors},
    },
    fields::{Fields as _, tree},
};

const NOW: Timestamp = Timestamp(1_764_000_000_000);

fn account(mode: Mode) -> Account {
    Account {
        app_id: "wx1234567890abcdef".to_owned(),
        original_id: Some("gh_0123456789ab".to_owned()),
        kind: Kind::Official,
        mode,
        tolerance_ms: None,
        sender: None,
    }
}

fn xml_of(kind: &str, fields: &str) -> String {
    let head = "<ToUserName><![CDATA[gh_0123456789ab]]></ToUserName><FromUserName><![CDATA[o1]]></FromUserName><CreateTime>1764000000</CreateTime>";
    format!("<xml>{head}<MsgType><![CDATA[{kind}]]></MsgType>{fields}</xml>")
}

fn read(plain: &str) -> Result<Vec<Inbound>, WireFault> {
    decode(&account(Mode::Plain), plain.as_bytes())
}

fn media(kind: MediaKind, source: MediaSource, media_type: Option<&str>, transcript: Option<&str>) -> Part {
    let (media_type, transcript) = (media_type.map(str::to_owned), transcript.map(str::to_owned));
    Part::Media(Media { kind, source, name: String::new(), media_type, bytes: None, caption: String::new(), transcript })
}

fn response(status: u16, headers: &[(&str, &str)], body: &[u8]) -> Response {
    Response { status, headers: headers.iter().map(|it| (it.0.to_owned(), it.1.to_owned())).collect(), body: body.to_vec() }
}

fn piece(piece: Piece) -> Outgoing {
    Outgoing { to: "o1".to_owned(), reply_to: None, quoted: None, piece, key: "k1".to_owned(), by_person: false }
}

#[test]
fn an_address_is_checked_by_echo() {
    let query = format!("signature={}&timestamp=1764000000&nonce=987654321&echostr=4321%3Cb%3E", vectors().text("wx_get_signature"));
    assert_eq!(verify_address(&account(Mode::Safe), &[secret()], query.as_bytes(), NOW).as_deref(), Ok(&b"4321<b>"[..]));
    assert_eq!(verify_address(&account(Mode::Safe), &[secret()], query.replace("nonce=9", "nonce=8").as_bytes(), NOW), Err(WireFault::BadSignature));
    let strict = Account { tolerance_ms: Some(600_000), ..account(Mode::Safe) };
    assert_eq!(verify_address(&strict, &[secret()], query.as_bytes(), NOW.plus_seconds(601)), Err(WireFault::Stale));
    assert!(verify_address(&strict, &[secret()], query.as_bytes(), NOW.plus_seconds(600)).is_ok());
}

#[test]
fn a_sealed_message_is_verified_opened_and_read() {
    let vectors = vectors();
    let encrypted = format!("<xml><ToUserName><![CDATA[gh_0123456789ab]]></ToUserName><Encrypt><![CDATA[{}]]></Encrypt></xml>", vectors.text("wx_encrypt"));
    let query = format!("signature=x&timestamp=1764000000&nonce=987654321&openid=o&encrypt_type=aes&msg_signature={}", vectors.text("wx_msg_signature"));
    for mode in [Mode::Safe, Mode::Compatible, Mode::Plain] {
        let plain = verify(&account(mode), &[secret()], query.as_bytes(), encrypted.as_bytes(), NOW).expect("verified");
        assert_eq!(String::from_utf8(plain.clone()).expect("text"), vectors.text("wx_plain_xml"));
        let facts = decode(&account(mode), &plain).expect("read");
        let parts = vec![Part::Text("你好,订单到哪了?😀𠮷".to_owned())];
        let from = Remote { id: "oOPENID_test_0001".to_owned(), ..Remote::default() };
        assert_eq!(facts, [Inbound { id: "24700000000000001".to_owned(), from, at: Some(NOW), fact: Fact::Message { parts, quoted: None } }]);
    }
    // Compatible mode: what stands beside the envelope was signed by nobody.
    let both = encrypted.replace("</xml>", "<FromUserName>o_forged</FromUserName><MsgType>text</MsgType><Content>forged</Content></xml>");
    let plain = verify(&account(Mode::Compatible), &[secret()], query.as_bytes(), both.as_bytes(), NOW).expect("verified");
    assert!(!String::from_utf8_lossy(&plain).contains("forged"));
    let refused = |account: &Account, query: &str, body: &str, expected: WireFault| {
        assert_eq!(verify(account, &[secret()], query.as_bytes(), body.as_bytes(), NOW), Err(expected), "{query}");
    };
    refused(&account(Mode::Safe), &query.replace("1764000000", "1764000001"), &encrypted, WireFault::BadSignature);
    refused(&account(Mode::Safe), &query, &encrypted.replace("Q3st", "Q3ss"), WireFault::BadSignature);
    refused(&account(Mode::Safe), &query.replace("bd0e", "bd0f"), &encrypted, WireFault::BadSignature);
    refused(&Account { app_id: "wx_other".to_owned(), ..account(Mode::Safe) }, &query, &encrypted, WireFault::NotOurs);
    let strict = Account { tolerance_ms: Some(1_000), ..account(Mode::Safe) };
    assert_eq!(verify(&strict, &[secret()], query.as_bytes(), encrypted.as_bytes(), NOW.plus_seconds(2)), Err(WireFault::Stale));
}

#[test]
fn an_account_that_encrypts_takes_nothing_plain() {
    let query = format!("signature={}&timestamp=1764000000&nonce=987654321", vectors().text("wx_get_signature"));
    let body = xml_of("text", "<Content>hi</Content><MsgId>1</MsgId>");
    let check = |mode: Mode, ok: bool| assert_eq!(verify(&account(mode), &[secret()], query.as_bytes(), body.as_bytes(), NOW).is_ok(), ok, "{mode:?}");
    check(Mode::Plain, true);
    check(Mode::Compatible, false);
    check(Mode::Safe, false);
    assert_eq!(verify(&account(Mode::Plain), &[secret()], b"signature=0&timestamp=1&nonce=2", body.as_bytes(), NOW), Err(WireFault::BadSignature));
}

#[test]
fn messages_of_every_kind_are_read() {
    let check = |kind: &str, fields: &str, expected: Part| {
        let facts = read(&xml_of(kind, &format!("{fields}<MsgId>7</MsgId>"))).expect(kind);
        assert_eq!(facts.len(), 1);
        assert_eq!((facts[0].id.as_str(), &facts[0].fact), ("7", &Fact::Message { parts: vec![expected], quoted: None }), "{kind}");
    };
    check("text", "<Content><![CDATA[👨‍👩‍👧‍👦 𠮷]]]]><![CDATA[>]]></Content>", Part::Text("👨‍👩‍👧‍👦 𠮷]]>".to_owned()));
    check("image", "<PicUrl>http://x/1</PicUrl><MediaId>m1</MediaId>", media(MediaKind::Image, MediaSource::Id("m1".to_owned()), None, None));
    check("image", "<PicUrl>http://x/1</PicUrl>", media(MediaKind::Image, MediaSource::Url("http://x/1".to_owned()), None, None));
    check(
        "voice",
        "<MediaId>m2</MediaId><Format>amr</Format><Recognition>在吗</Recognition>",
        media(MediaKind::Voice, MediaSource::Id("m2".to_owned()), Some("audio/amr"), Some("在吗")),
    );
    check("voice", "<MediaId>m2</MediaId><Format>speex</Format>", media(MediaKind::Voice, MediaSource::Id("m2".to_owned()), Some("audio/speex"), None));
    check(
        "shortvideo",
        "<MediaId>m3</MediaId><ThumbMediaId>t</ThumbMediaId>",
        media(MediaKind::Video, MediaSource::Id("m3".to_owned()), Some("video/mp4"), None),
    );
    let place = Part::Location { latitude: 23.134521, longitude: 113.358803, label: "天河区".to_owned() };
    check("location", "<Location_X>23.134521</Location_X><Location_Y>113.358803</Location_Y><Scale>20</Scale><Label>天河区</Label>", place);
    let link = |url: &str, title: &str, description: &str| Part::Link { title: title.to_owned(), description: description.to_owned(), url: url.to_owned() };
    check("link", "<Title>t</Title><Description>d</Description><Url>https://a.example/?x=1&amp;y=2</Url>", link("https://a.example/?x=1&y=2", "t", "d"));
    check("miniprogrampage", "<Title>t</Title><AppId>wx9</AppId><PagePath>p/i?x=1</PagePath>", link("p/i?x=1", "t", "wx9"));
    check("finder_live", "", Part::Unknown("finder_live".to_owned()));
}

#[test]
fn events_are_facts_where_they_mean_something() {
    let check = |event: &str, fields: &str, expected: Option<(&str, Fact)>| {
        let facts = read(&xml_of("event", &format!("<Event><![CDATA[{event}]]></Event>{fields}"))).expect(event);
        assert_eq!(facts.first().map(|it| (it.id.as_str(), it.fact.clone())), expected, "{event}");
    };
    let began = |it: Option<&str>| Fact::Began { scene: it.map(str::to_owned) };
    check("subscribe", "<EventKey></EventKey>", Some(("o1:1764000000:subscribe:", began(None))));
    check("subscribe", "<EventKey>qrscene_shop7</EventKey><Ticket>T</Ticket>", Some(("o1:1764000000:subscribe:qrscene_shop7", began(Some("shop7")))));
    check("SCAN", "<EventKey>shop7</EventKey>", Some(("o1:1764000000:SCAN:shop7", began(Some("shop7")))));
    check("user_enter_tempsession", "<SessionFrom>page/1</SessionFrom>", Some(("o1:1764000000:user_enter_tempsession:page/1", began(Some("page/1")))));
    check("unsubscribe", "<EventKey/>", Some(("o1:1764000000:unsubscribe:", Fact::Left)));
    check("CLICK", "<EventKey>V1</EventKey>", Some(("o1:1764000000:CLICK:V1", Fact::Pressed { payload: "V1".to_owned(), label: String::new() })));
    let scanned = Fact::Pressed { payload: "6".to_owned(), label: "69012345".to_owned() };
    check(
        "scancode_waitmsg",
        "<EventKey>6</EventKey><ScanCodeInfo><ScanType>barcode</ScanType><ScanResult>69012345</ScanResult></ScanCodeInfo>",
        Some(("o1:1764000000:scancode_waitmsg:6", scanned)),
    );
    let receipt = |state: Progress| Fact::Receipt { message: "200163836".to_owned(), state };
    check(
        "TEMPLATESENDJOBFINISH",
        "<MsgID>200163836</MsgID><Status>success</Status>",
        Some(("o1:1764000000:TEMPLATESENDJOBFINISH:200163836", receipt(Progress::Delivered))),
    );
    let blocked = receipt(Progress::Failed("failed:user block".to_owned()));
    check(
        "TEMPLATESENDJOBFINISH",
        "<MsgID>200163836</MsgID><Status>failed:user block</Status>",
        Some(("o1:1764000000:TEMPLATESENDJOBFINISH:200163836", blocked)),
    );
    for silent in ["LOCATION", "VIEW", "MASSSENDJOBFINISH", "something_new"] {
        check(silent, "<EventKey>x</EventKey>", None);
    }
    let chosen = read(&xml_of("text", "<Content>满意</Content><MsgId>9</MsgId><bizmsgmenuid>101</bizmsgmenuid>")).expect("menu");
    assert_eq!(chosen[0].fact, Fact::Pressed { payload: "101".to_owned(), label: "满意".to_owned() });
}

#[test]
fn a_mini_program_may_speak_json() {
    let json = br#"{"ToUserName":"gh_0123456789ab","FromUserName":"o1","CreateTime":1764000000,"MsgType":"text","Content":"\u4f60\u597d \ud83d\ude00","MsgId":18446744073709551615}"#;
    let facts = decode(&account(Mode::Plain), json).expect("json");
    assert_eq!(
        (facts[0].id.as_str(), &facts[0].fact),
        ("18446744073709551615", &Fact::Message { parts: vec![Part::Text("你好 😀".to_owned())], quoted: None })
    );
    // Sealed, its envelope is JSON as well.
    let sealed = seal(&secret(), "wx1234567890abcdef", json, "1764000000", "n", [1; 16]).expect("sealed");
    let body = serde_json::json!({"ToUserName": "gh_0123456789ab", "Encrypt": sealed.encrypted}).to_string();
    let query = format!("timestamp=1764000000&nonce=n&msg_signature={}", sealed.signature);
    assert_eq!(verify(&account(Mode::Safe), &[secret()], query.as_bytes(), body.as_bytes(), NOW).as_deref(), Ok(&json[..]));
}

#[test]
fn what_is_missing_or_for_others_is_refused() {
    let refused = |plain: &str| assert!(matches!(read(plain), Err(WireFault::Malformed(_))), "{plain}");
    refused(&xml_of("", ""));
    refused(&xml_of("event", ""));
    refused(&xml_of("image", "<MsgId>1</MsgId>"));
    refused(&xml_of("location", "<Location_X>91</Location_X><Location_Y>0</Location_Y>"));
    refused(&xml_of("location", "<Location_X>NaN</Location_X><Location_Y>0</Location_Y>"));
    refused(&xml_of("text", "").replace("<CreateTime>1764000000</CreateTime>", ""));
    refused(&xml_of("text", "").replace("o1", ""));
    refused(&format!("<!DOCTYPE x>{}", xml_of("text", "")));
    assert_eq!(read(&xml_of("text", "").replace("gh_0123456789ab", "gh_other")), Err(WireFault::NotOurs));
    let whole = vectors().text("wx_plain_xml");
    for length in 0..whole.len() {
        assert!(decode(&account(Mode::Plain), &whole.as_bytes()[..length]).is_err(), "{length}");
    }
}

#[test]
fn the_same_message_has_the_same_id_and_two_have_two() {
    let id = |plain: &str| read(plain).expect("read")[0].id.clone();
    let (a, b) = (xml_of("text", "<Content>a</Content>"), xml_of("text", "<Content>b</Content>"));
    assert!(id(&a) == id(&a) && id(&a) != id(&b), "{} {}", id(&a), id(&b));
    let long = format!("<Event>SCAN</Event><EventKey>{}</EventKey>", "场".repeat(300));
    assert!(id(&xml_of("event", &long)).len() <= crate::channel::ID_BYTES_MAX);
}

#[test]
fn a_union_id_is_vouched_for() {
    let facts = read(&xml_of("event", "<Event>subscribe</Event><UnionId>u1</UnionId>")).expect("read");
    assert_eq!(facts[0].from.vouched, [(Vouched::UnionId, "u1".to_owned())]);
    let told = response(200, &[], br#"{"subscribe":1,"openid":"o1","language":"zh_CN","unionid":"u1","nickname":""}"#);
    let user = user_answer(&told).expect("user");
    assert_eq!((user.id.as_str(), user.language.as_deref(), user.name, user.vouched), ("o1", Some("zh-CN"), None, vec![(Vouched::UnionId, "u1".to_owned())]));
    assert_eq!(
        user_answer(&response(200, &[], br#"{"errcode":40003,"errmsg":"invalid openid"}"#)).expect_err("fault"),
        SendFault::Refused { code: "40003".to_owned(), text: "invalid openid".to_owned() }
    );
}

#[test]
fn pieces_go_out_as_the_documents_ask() {
    let check = |account: &Account, given: Piece, expected: &[&str]| {
        let requests = send(account, "T+1", &piece(given)).expect("sendable");
        let bodies: Vec<String> = requests.iter().map(|it| String::from_utf8(it.body.clone()).expect("text")).collect();
        let read = |it: &str| serde_json::from_str::<serde_json::Value>(it).expect("json");
        assert_eq!(bodies.iter().map(|it| read(it)).collect::<Vec<_>>(), expected.iter().map(|it| read(it)).collect::<Vec<_>>());
        assert!(requests.iter().all(|it| it.path.ends_with("/send?access_token=T%2B1") && !bodies.concat().contains("\\u")), "{requests:?}");
    };
    let (official, mini) = (account(Mode::Safe), Account { kind: Kind::MiniProgram, ..account(Mode::Safe) });
    let desk = Account { sender: Some("a@gh_1".to_owned()), ..official.clone() };
    let of = |kind: MediaKind, caption: &str| Piece::Media { kind, id: "m1".to_owned(), name: "n".to_owned(), caption: caption.to_owned() };
    check(&official, Piece::Text("好👨‍👩‍👧‍👦𠮷\n\"x\"".to_owned()), &[r#"{"touser":"o1","msgtype":"text","text":{"content":"好👨‍👩‍👧‍👦𠮷\n\"x\""}}"#]);
    check(&desk, Piece::Text("好".to_owned()), &[r#"{"touser":"o1","msgtype":"text","text":{"content":"好"},"customservice":{"kf_account":"a@gh_1"}}"#]);
    check(&official, of(MediaKind::Voice, ""), &[r#"{"touser":"o1","msgtype":"voice","voice":{"media_id":"m1"}}"#]);
    check(&official, of(MediaKind::Video, "c"), &[r#"{"touser":"o1","msgtype":"video","video":{"media_id":"m1","title":"n","description":"c"}}"#]);
    let with_words = [r#"{"touser":"o1","msgtype":"image","image":{"media_id":"m1"}}"#, r#"{"touser":"o1","msgtype":"text","text":{"content":"看"}}"#];
    check(&mini, of(MediaKind::Image, "看"), &with_words);
    let buttons = Piece::Buttons {
        text: "满意吗".to_owned(),
        options: vec![Button { payload: "1".to_owned(), label: "好".to_owned() }, Button { payload: "2".to_owned(), label: "差".to_owned() }],
    };
    let menu = r#"{"touser":"o1","msgtype":"msgmenu","msgmenu":{"head_content":"满意吗","list":[{"id":"1","content":"好"},{"id":"2","content":"差"}],"tail_content":""}}"#;
    check(&official, buttons.clone(), &[menu]);
    check(&mini, buttons, &[r#"{"touser":"o1","msgtype":"text","text":{"content":"满意吗\n1. 好\n2. 差"}}"#]);
    let template = Piece::Template { name: "tpl".to_owned(), language: "zh-CN".to_owned(), parameters: vec!["thing1=发货".to_owned(), "明天".to_owned()] };
    check(&mini, template, &[r#"{"touser":"o1","template_id":"tpl","data":{"thing1":{"value":"发货"},"keyword2":{"value":"明天"}}}"#]);
    let link = Piece::MediaUrl { kind: MediaKind::File, url: "https://a.example/f".to_owned(), name: "说明".to_owned(), caption: "c".to_owned() };
    check(
        &official,
        link,
        &[r#"{"touser":"o1","msgtype":"news","news":{"articles":[{"title":"说明","description":"c","url":"https://a.example/f","picurl":""}]}}"#],
    );
    for (account, bad) in [(&official, of(MediaKind::File, "")), (&mini, of(MediaKind::Voice, "")), (&mini, of(MediaKind::Video, ""))] {
        assert!(matches!(send(account, "T", &piece(bad)), Err(SendFault::Refused { code, .. }) if code == "piece_not_supported"));
    }
}

#[test]
fn numbers_of_errors_have_their_meaning() {
    let check = |code: i64, expected: fn(&SendFault) -> bool| {
        let fault = answer(&response(200, &[], format!("{{\"errcode\":{code},\"errmsg\":\"m\"}}").as_bytes())).expect_err("fault");
        assert!(expected(&fault) && format!("{fault:?}").contains(&code.to_string()), "{code}: {fault:?}");
    };
    for code in [40_001, 40_014, 42_001, 41_001] {
        check(code, |it| matches!(it, SendFault::TokenInvalid { .. }));
    }
    check(45_015, |it| matches!(it, SendFault::WindowClosed { .. }));
    check(45_047, |it| matches!(it, SendFault::QuotaExceeded { .. }));
    check(45_009, |it| matches!(it, SendFault::RateLimited { .. }));
    for code in [43_004, 48_002, 43_101] {
        check(code, |it| matches!(it, SendFault::UserBlocked { .. }));
    }
    check(40_007, |it| matches!(it, SendFault::MediaExpired { .. }));
    check(-1, |it| matches!(it, SendFault::Trouble { .. }));
    for code in [40_003, 48_001, 45_002, 123_456] {
        check(code, |it| matches!(it, SendFault::Refused { .. }));
    }
    assert_eq!(answer(&response(200, &[], br#"{"errcode":0,"errmsg":"ok"}"#)), Ok(None));
    assert_eq!(answer(&response(200, &[], br#"{"errcode":0,"errmsg":"ok","msgid":200228332}"#)), Ok(Some("200228332".to_owned())));
    assert!(
        matches!(answer(&response(200, &[], b"")), Err(SendFault::Unknown { .. }))
            && matches!(answer(&response(504, &[], b"")), Err(SendFault::Unknown { .. }))
    );
}

#[test]
fn tokens_are_asked_for_and_read() {
    let asked = stable_token(&account(Mode::Safe), "s&1", true);
    assert_eq!(asked.path, "/cgi-bin/stable_token");
    assert!(String::from_utf8_lossy(&asked.body).contains("\"force_refresh\":true"));
    assert_eq!(token(&account(Mode::Safe), "s&1").path, "/cgi-bin/token?grant_type=client_credential&appid=wx1234567890abcdef&secret=s%261");
    let told = token_answer(&response(200, &[], br#"{"access_token":"A","expires_in":7200}"#)).expect("token");
    assert_eq!((told.value.as_str(), told.lives_s), ("A", 7_200));
    assert!(matches!(token_answer(&response(200, &[], br#"{"errcode":40001,"errmsg":"invalid credential"}"#)), Err(SendFault::Refused { .. })));
    assert!(matches!(token_answer(&response(200, &[], br#"{"errcode":-1}"#)), Err(SendFault::Trouble { .. })));
    assert!(token_answer(&response(200, &[], b"{}")).is_err());
}

#[test]
fn media_come_as_bytes_as_an_address_or_as_a_fault() {
    let jpeg = fetched(response(200, &[("content-type", "image/jpeg"), ("content-disposition", "attachment; filename=\"m1.jpg\"")], b"{JPEG"));
    assert_eq!(jpeg, Ok(Fetching::Here(Fetched { bytes: b"{JPEG".to_vec(), media_type: Some("image/jpeg".to_owned()), name: "m1.jpg".to_owned() })));
    let video = fetched(response(200, &[("content-type", "text/plain")], br#"{"video_url":"https://v.example/1"}"#));
    assert_eq!(video, Ok(Fetching::At("https://v.example/1".to_owned())));
    let gone = fetched(response(200, &[("content-type", "application/json; charset=UTF-8")], br#"{"errcode":40007,"errmsg":"invalid media_id"}"#));
    assert_eq!(gone, Err(SendFault::MediaExpired { code: "40007".to_owned() }));
    assert_eq!(fetch("t&", "m=").path, "/cgi-bin/media/get?access_token=t%26&media_id=m%3D");
    let up = upload("t", MediaKind::Voice, "b", "a.amr", "audio/amr", b"#!AMR").expect("voice");
    assert_eq!(up.path, "/cgi-bin/media/upload?access_token=t&type=voice");
    assert!(upload("t", MediaKind::File, "b", "a.pdf", "application/pdf", b"").is_none());
    assert_eq!(uploaded(&response(200, &[], br#"{"type":"voice","media_id":"m9","created_at":1764000000}"#)), Ok("m9".to_owned()));
    let typing: serde_json::Value = serde_json::from_slice(&typing("t", "o1", true).body).expect("json");
    assert_eq!(typing, serde_json::json!({"command": "Typing", "touser": "o1"}));
}

#[test]
fn a_passive_answer_turns_the_addresses_round() {
    let body = passive("o1", "gh_1", NOW.plus_ms(999), &Piece::Text("好]]>😀".to_owned())).expect("text");
    let read = tree(&body).expect("xml");
    assert_eq!(
        (read.text("ToUserName"), read.text("FromUserName"), read.text("CreateTime"), read.text("MsgType"), read.text("Content")),
        ("o1".to_owned(), "gh_1".to_owned(), "1764000000".to_owned(), "text".to_owned(), "好]]>😀".to_owned())
    );
    let check = |given: Piece, path: Option<(&str, &str)>| {
        let body = passive("o1", "gh_1", NOW, &given);
        assert_eq!(body.map(|it| tree(&it).expect("xml").text(path.expect("a form").0)), path.map(|it| it.1.to_owned()), "{given:?}");
    };
    let of = |kind: MediaKind, caption: &str| Piece::Media { kind, id: "m1".to_owned(), name: "n".to_owned(), caption: caption.to_owned() };
    check(of(MediaKind::Image, ""), Some(("Image/MediaId", "m1")));
    check(of(MediaKind::Image, "words"), None);
    check(of(MediaKind::Voice, ""), Some(("Voice/MediaId", "m1")));
    check(of(MediaKind::Video, "c"), Some(("Video/Description", "c")));
    check(Piece::Buttons { text: String::new(), options: Vec::new() }, None);
    assert_eq!(official_id(vectors().text("wx_plain_xml").as_bytes()), Ok("gh_0123456789ab".to_owned()));
}
