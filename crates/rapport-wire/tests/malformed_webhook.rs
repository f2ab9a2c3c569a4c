//! Ten thousand malformed events of the open channel, and as many headers of Standard Webhooks: each is read or refused, none panics.

mod malformer;

use rapport_model::Timestamp;
use rapport_wire::channel::webhook::{Secret, Signed, verify};
use rapport_wire::channel::{Response, api};

const EVENTS: &[&str] = &[
    r#"{"type":"message","id":"m-1","at":1764000000000,"quoted":"m-0","from":{"id":"u-7","name":"张三","language":"zh-CN","reply_to":"room-2","phone":"+8613800138000","staff_id":"e-9"},"parts":[{"type":"text","text":"订单到哪了？👨‍👩‍👧‍👦"},{"type":"image","url":"https://a.example/1","name":"a.png","bytes":120},{"type":"voice","data":"QU1S","transcript":"喂"},{"type":"location","latitude":31.23,"longitude":121.47},{"type":"link","title":"鞋","url":"https://a.example"}]}"#,
    r#"{"events":[{"type":"edited","id":"e-1","from":{"id":"u"},"message":"m-1","parts":[{"type":"text","text":"改"}]},{"type":"deleted","id":"e-2","from":{"id":"u"},"message":"m-1"},{"type":"pressed","id":"e-3","from":{"id":"u"},"payload":"y","label":"是"},{"type":"receipt","id":"e-4","from":{"id":"u"},"message":"m-1","state":"failed","code":"7"},{"type":"began","id":"e-5","from":{"id":"u"},"scene":"qr"},{"type":"moved","id":"e-6","from":{"id":"u"},"to":"v"}]}"#,
];
const SIGNATURES: &[&str] = &["v1,z4HT3csp006fqCCd8pNZYGtx1tIyPLiffNeZnXkS6LQ=", "v1,AAAA v1a,BBBB v1,z4HT3csp006fqCCd8pNZYGtx1tIyPLiffNeZnXkS6LQ=", "1764000000"];

#[test]
fn ten_thousand_malformed_events_are_refused_or_read() {
    let told = malformer::ten_thousand(EVENTS, |input| {
        let _sent = api::answer(&Response { status: 200, headers: Vec::new(), body: input.to_vec() });
        api::decode(input).is_ok_and(|it| it.iter().all(|it| !it.id.is_empty()))
    });
    assert!(told.0 > 2_000 && told.1 > 500, "{told:?}: the generator is too tame or too wild");
    println!("{}", malformer::bar("api", told));
}

#[test]
fn ten_thousand_malformed_signatures_are_refused() {
    let secret = Secret::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").expect("secret");
    let now = Timestamp(1_764_000_000_000);
    let told = malformer::ten_thousand(SIGNATURES, |input| {
        let text = String::from_utf8_lossy(input);
        let _parsed = Secret::parse(&text);
        let _timed = verify(&Signed { id: "m", timestamp: &text, signature: &text }, input, std::slice::from_ref(&secret), now);
        verify(&Signed { id: "another", timestamp: "1764000000", signature: &text }, input, std::slice::from_ref(&secret), now).is_ok()
    });
    assert_eq!(told, (10_000, 0));
    println!("{}", malformer::bar("webhook", told));
}
