//! Forms of Twilio as facts, and answers as TwiML.

use super::*;
use crate::channel::request::query;

fn config() -> Config {
    Config { account_sid: "AC1".to_owned(), sender: Sender::Number("+15551234567".to_owned()), status_callback: None }
}

fn form(more: &[(&str, &str)]) -> Vec<u8> {
    let mut pairs = vec![("MessageSid", "SM1"), ("AccountSid", "AC1"), ("From", "+8613800138000"), ("To", "+15551234567")];
    pairs.extend(more);
    query(&pairs).into_bytes()
}

fn facts(more: &[(&str, &str)]) -> Vec<(String, Fact)> {
    decode(&form(more), &config()).expect("read").into_iter().map(|it| (it.id, it.fact)).collect()
}

fn text(text: &str) -> Fact {
    Fact::Message { parts: vec![Part::Text(text.to_owned())], quoted: None }
}

#[test]
fn a_text_is_told_with_who_wrote_it_and_nobody_vouches() {
    let words = "你好 😀 a+b=c&d 👨‍👩‍👧 𠮷";
    let told = decode(&form(&[("Body", words), ("NumMedia", "0")]), &config()).expect("read");
    let from = Remote { id: "+8613800138000".to_owned(), ..Remote::default() };
    assert_eq!(told, [Inbound { id: "SM1".to_owned(), from, at: None, fact: text(words) }]);
}

#[test]
fn files_places_and_presses_are_told() {
    let told = facts(&[("Body", ""), ("NumMedia", "2"), ("MediaUrl0", "https://api.twilio.com/m/0"), ("MediaContentType0", "image/jpeg"), ("MediaUrl1", "https://api.twilio.com/m/1"), ("MediaContentType1", "text/vcard")]);
    let Fact::Message { parts, .. } = &told[0].1 else { panic!("{told:?}") };
    let shape: Vec<_> = parts.iter().map(|it| if let Part::Media(it) = it { Some((it.kind, it.media_type.as_deref())) } else { None }).collect();
    assert_eq!(shape, [Some((MediaKind::Image, Some("image/jpeg"))), Some((MediaKind::File, Some("text/vcard")))]);
    let place = facts(&[("Latitude", "31.23"), ("Longitude", "121.47"), ("Label", "外滩")]);
    assert_eq!(place[0].1, Fact::Message { parts: vec![Part::Location { latitude: 31.23, longitude: 121.47, label: "外滩".to_owned() }], quoted: None });
    assert_eq!(facts(&[("ButtonPayload", "y"), ("ButtonText", "是"), ("Body", "是")])[0].1, Fact::Pressed { payload: "y".to_owned(), label: "是".to_owned() });
    assert_eq!(facts(&[("Body", "")])[0].1, Fact::Message { parts: vec![Part::Unknown("empty".to_owned())], quoted: None });
}

#[test]
fn words_that_stop_and_start_are_told_beside_the_text() {
    assert_eq!(facts(&[("Body", "STOP")]), [("SM1".to_owned(), text("STOP")), ("stop:SM1".to_owned(), Fact::Left)]);
    assert_eq!(facts(&[("Body", "退订")]), [("SM1".to_owned(), text("退订")), ("stop:SM1".to_owned(), Fact::Left)]);
    assert_eq!(facts(&[("Body", "Start")])[1], ("start:SM1".to_owned(), Fact::Began { scene: None }));
    assert_eq!(facts(&[("Body", "basta"), ("OptOutType", "STOP")])[1], ("stop:SM1".to_owned(), Fact::Left));
    assert_eq!(facts(&[("Body", "HELP")]).len(), 1);
    assert_eq!(facts(&[("Body", "please stop")]).len(), 1);
}

#[test]
fn receipts_come_out_of_order_and_each_has_its_id() {
    let check = |more: &[(&str, &str)], expected: Option<(&str, Progress)>| {
        let expected: Vec<_> = expected.into_iter().map(|(id, state)| (id.to_owned(), Fact::Receipt { message: "SM1".to_owned(), state })).collect();
        assert_eq!(facts(more), expected, "{more:?}");
    };
    check(&[("MessageStatus", "queued")], None);
    check(&[("MessageStatus", "sent")], Some(("status:sent:SM1", Progress::Sent)));
    check(&[("MessageStatus", "delivered")], Some(("status:delivered:SM1", Progress::Delivered)));
    check(&[("MessageStatus", "read")], Some(("status:read:SM1", Progress::Read)));
    check(&[("MessageStatus", "undelivered"), ("ErrorCode", "30003")], Some(("status:undelivered:SM1", Progress::Failed("30003".to_owned()))));
    check(&[("MessageStatus", "failed")], Some(("status:failed:SM1", Progress::Failed("failed".to_owned()))));
    assert_eq!(facts(&[("SmsStatus", "received"), ("Body", "在吗")]), [("SM1".to_owned(), text("在吗"))]);
}

#[test]
fn what_is_missing_is_named_and_another_account_refused() {
    let check = |form: &[u8], names: &str| match decode(form, &config()) {
        Err(WireFault::Malformed(text)) => assert!(text.contains(names), "{text}"),
        outcome => panic!("{outcome:?}"),
    };
    check(b"", "MessageSid");
    check(b"MessageSid=SM1", "AccountSid");
    check(b"MessageSid=SM1&AccountSid=AC1", "From");
    check(&form(&[("NumMedia", "x")]), "NumMedia");
    check(&form(&[("NumMedia", "1")]), "MediaUrl0");
    assert_eq!(decode(b"MessageSid=SM1&AccountSid=AC2&From=%2B1", &config()), Err(WireFault::NotOurs));
}

#[test]
fn a_form_cut_anywhere_is_read_or_refused() {
    let whole = form(&[("Body", "你好😀"), ("NumMedia", "1"), ("MediaUrl0", "https://a.example/1")]);
    for end in 0..whole.len() {
        let outcome = decode(&whole[..end], &config());
        assert!(matches!(outcome, Ok(_) | Err(WireFault::Malformed(_) | WireFault::NotOurs)), "{end}");
    }
    let before_from = whole.windows(5).position(|it| it == b"From=").expect("found");
    assert!((0..before_from).all(|end| decode(&whole[..end], &config()).is_err()));
}

#[test]
fn answers_are_xml_that_holds_any_text() {
    let xml = |texts: &[&str]| String::from_utf8(twiml(texts)).expect("text");
    assert!(xml(&[]).ends_with("<Response/>"));
    assert!(xml(&["a<b>&\"'\u{0}\u{b}😀", "二"]).ends_with("<Response><Message>a&lt;b&gt;&amp;\"'😀</Message><Message>二</Message></Response>"));
    assert_eq!(xml(&["x"; 12]).matches("<Message>").count(), ANSWERS_MAX);
}
