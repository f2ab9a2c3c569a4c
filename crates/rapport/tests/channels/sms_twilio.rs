//! Short messages by Twilio: signed forms, words that stop and start, pictures behind a redirect, and errors by number.

use rapport_wire::channel::{request::query, sms::twilio::sign, split::Unit};
use serde_json::{Value, json};

use crate::{
    Firm,
    desk::{Desk, checked, configure, failed, first},
    provider::{Call, Provider, Said, json as answered, json_with},
    telegram::PNG,
    text,
};

const ACCOUNT: &str = "AC00000000000000000000000000000001";
const TOKEN: &str = "12345678901234567890123456789012";
const NUMBER: &str = "+15551234567";
const CUSTOMER: &str = "+8613800138000";

fn is_send(call: &Call) -> bool {
    call.path.ends_with("/Messages.json")
}

fn basic() -> String {
    use base64::Engine as _;
    format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(format!("{ACCOUNT}:{TOKEN}")))
}

/// As the API answers where all is well.
fn well(call: &Call, number: usize) -> Said {
    let path = call.path.split('?').next().unwrap_or_default();
    if path == "/store/1" {
        let leaked = !call.header("authorization").is_empty();
        return if leaked { (400, Vec::new(), Vec::new()) } else { (200, vec![("content-type", "image/png".to_owned())], PNG.to_vec()) };
    }
    if call.header("authorization") != basic() {
        return json_with(401, &json!({"code": 20_003, "message": "Authenticate", "status": 401}));
    }
    let sid = format!("SM{number}");
    match path.trim_start_matches("/2010-04-01/Accounts/").trim_start_matches(ACCOUNT) {
        "/Messages.json" => json_with(201, &json!({"sid": sid, "status": "queued", "error_code": null})),
        ".json" => answered(&json!({"sid": ACCOUNT, "friendly_name": "鞋店", "status": "active"})),
        "/IncomingPhoneNumbers.json" => answered(&json!({"incoming_phone_numbers": [{"sid": "PN1", "phone_number": NUMBER, "sms_url": "https://elsewhere.example/", "capabilities": {"sms": true}}]})),
        "/Messages/MM1/Media/ME1" => (307, vec![("location", format!("http://{}/store/1", call.header("host")))], Vec::new()),
        "/v1/Services/MG1" => answered(&json!({"sid": "MG1", "friendly_name": "s", "inbound_request_url": null, "use_inbound_webhook_on_number": false})),
        _ => json_with(404, &json!({"code": 20_404, "message": "not found", "status": 404})),
    }
}

async fn firm(provider: &Provider) -> Firm {
    Firm::with("sms_twilio", json!({"account_sid": ACCOUNT, "auth_token": TOKEN, "sender": NUMBER, "base_url": provider.base, "messaging_base_url": provider.base})).await
}

/// Tells a form, signed with `held`, at the callback and what follows it.
async fn tell_at(firm: &Firm, more: &str, fields: &[(&str, &str)], held: &str) -> (u16, String) {
    let fields: Vec<(&str, &str)> = [("AccountSid", ACCOUNT)].into_iter().chain(fields.iter().copied()).collect();
    let pairs: Vec<(String, String)> = fields.iter().map(|it| (it.0.to_owned(), it.1.to_owned())).collect();
    let url = format!("{}{more}", firm.callback());
    let request = reqwest::Client::new().post(&url).header("content-type", "application/x-www-form-urlencoded").header("x-twilio-signature", sign(held, &url, &pairs));
    let answer = request.body(query(&fields)).send().await.expect("answer");
    (answer.status().as_u16(), answer.text().await.expect("text"))
}

async fn tell(firm: &Firm, sid: &str, words: &str) -> u16 {
    tell_at(firm, "", &[("MessageSid", sid), ("From", CUSTOMER), ("To", NUMBER), ("Body", words), ("NumMedia", "0")], TOKEN).await.0
}

#[tokio::test]
async fn a_customer_writes_and_what_is_answered_is_followed_until_it_is_there() {
    let provider = Provider::start(well).await;
    let firm = firm(&provider).await;
    let fields = [("MessageSid", "SM1"), ("From", CUSTOMER), ("To", NUMBER), ("Body", "你好 😀 a+b=c&d 𠮷"), ("NumMedia", "0")];
    let told = futures::future::join_all((0..5).map(|_| tell_at(&firm, "?tenant=t1", &fields, TOKEN))).await;
    assert!(told.iter().all(|it| it.0 == 200 && it.1.ends_with("<Response/>")), "{told:?}");
    let mut desk = Desk::take(&firm).await;
    assert_eq!(firm.said(&desk.conversation).await, [json!({"type": "text", "text": "你好 😀 a+b=c&d 𠮷"})]);
    let long = format!("{}👨‍👩‍👧‍👦𠮷。", "您好，退货请在七天内申请。".repeat(100));
    desk.says(&long).await;
    desk.until(&long, "sent").await;
    let pieces: Vec<String> = provider.calls(is_send).iter().map(|it| it.field("Body")).filter(|it| it.starts_with("您好，退货") || it.ends_with("𠮷。")).collect();
    assert!(pieces.len() > 1 && pieces.iter().all(|it| Unit::Sms.length(it) <= 1_600), "{:?}", pieces.iter().map(|it| Unit::Sms.length(it)).collect::<Vec<_>>());
    assert_eq!(pieces.concat(), long);

    desk.says("请稍等").await;
    desk.until("请稍等", "sent").await;
    let calls = provider.calls(|_| true);
    let at = calls.iter().position(|it| is_send(it) && it.field("Body") == "请稍等").expect("sent");
    assert_eq!((calls[at].field("From"), calls[at].field("To"), calls[at].field("StatusCallback")), (NUMBER.to_owned(), CUSTOMER.to_owned(), firm.callback()));
    let sid = format!("SM{at}");
    let status = [("MessageSid", sid.as_str()), ("MessageStatus", "delivered"), ("From", NUMBER), ("To", CUSTOMER)];
    assert_eq!(tell_at(&firm, "", &status, TOKEN).await.0, 200);
    desk.until("请稍等", "delivered").await;
}

#[tokio::test]
async fn strangers_are_refused() {
    let provider = Provider::start(well).await;
    let firm = firm(&provider).await;
    let fields = [("MessageSid", "SM1"), ("From", CUSTOMER), ("Body", "hello")];
    let (status, said) = tell_at(&firm, "", &fields, "12345678901234567890123456789013").await;
    assert!(status == 401 && said.contains("channel.bad_signature"), "{status} {said}");
    let unsigned = reqwest::Client::new().post(firm.callback()).header("content-type", "application/x-www-form-urlencoded").body(query(&fields));
    assert_eq!(unsigned.send().await.expect("answer").status().as_u16(), 401);
    // Signed for another address: what is signed holds only where it was signed for.
    let pairs: Vec<(String, String)> = fields.iter().map(|it| (it.0.to_owned(), it.1.to_owned())).collect();
    let elsewhere = sign(TOKEN, "https://cs.example.com/channels/sms", &pairs);
    let moved = reqwest::Client::new().post(firm.callback()).header("content-type", "application/x-www-form-urlencoded").header("x-twilio-signature", elsewhere).body(query(&fields));
    assert_eq!(moved.send().await.expect("answer").status().as_u16(), 401);
    let (status, said) = tell_at(&firm, "", &[("MessageSid", "SM1")], TOKEN).await;
    assert!(status == 400 && said.contains("channel.malformed"), "{status} {said}");
    assert!(firm.conversations().await.is_empty());
    configure(&firm, json!({"second_token": "12345678901234567890123456789013"})).await;
    assert_eq!(tell_at(&firm, "", &fields, "12345678901234567890123456789013").await.0, 200, "while the token is changed both hold");
}

#[tokio::test]
async fn a_word_that_stops_is_obeyed_until_one_that_starts() {
    let provider = Provider::start(well).await;
    let firm = firm(&provider).await;
    tell(&firm, "SM1", "退货政策").await;
    let mut desk = Desk::take(&firm).await;
    assert_eq!(tell(&firm, "SM2", "退订").await, 200);
    desk.says("您还在吗").await;
    assert_eq!(desk.until("您还在吗", "failed").await, "unreachable");
    // The earlier one told again brings nobody back.
    assert_eq!(tell(&firm, "SM1", "退货政策").await, 200);
    desk.says("旧消息不算").await;
    desk.until("旧消息不算", "failed").await;
    assert_eq!(tell(&firm, "SM3", "START").await, 200);
    desk.says("欢迎回来").await;
    desk.until("欢迎回来", "sent").await;
    assert_eq!(tell(&firm, "SM2", "退订").await, 200);
    desk.says("旧的退订也不算").await;
    desk.until("旧的退订也不算", "sent").await;
    let bodies: Vec<String> = provider.calls(is_send).iter().map(|it| it.field("Body")).collect();
    assert!(!bodies.contains(&"您还在吗".to_owned()) && !bodies.contains(&"旧消息不算".to_owned()), "{bodies:?}");
}

#[tokio::test]
async fn pictures_come_from_behind_a_redirect_and_go_at_a_sealed_address() {
    let provider = Provider::start(well).await;
    let firm = firm(&provider).await;
    let url = format!("{}/2010-04-01/Accounts/{ACCOUNT}/Messages/MM1/Media/ME1", provider.base);
    let fields = [("MessageSid", "MM1"), ("From", CUSTOMER), ("Body", "就是这双"), ("NumMedia", "1"), ("MediaUrl0", url.as_str()), ("MediaContentType0", "image/png")];
    assert_eq!(tell_at(&firm, "", &fields, TOKEN).await.0, 200);
    let mut desk = Desk::take(&firm).await;
    firm.until(&desk.conversation, "the picture", |it| it["event"]["message"]["content"]["type"] == "image").await;
    assert_eq!(firm.said(&desk.conversation).await.len(), 2);
    desk.sends_picture().await;
    let sent = provider.until(1, "the picture", |it| is_send(it) && !it.field("MediaUrl").is_empty()).await;
    let fetched = reqwest::get(sent[0].field("MediaUrl")).await.expect("answer");
    assert_eq!((fetched.status().as_u16(), fetched.bytes().await.expect("bytes").as_ref()), (200, PNG));
}

#[tokio::test]
async fn what_does_not_go_out_is_tried_again_or_told() {
    let busy = Provider::start(|call, number| match number {
        0 => (429, vec![("content-type", "application/json".to_owned()), ("retry-after", "1".to_owned())], json!({"code": 20_429, "message": "x", "status": 429}).to_string().into_bytes()),
        1 => json_with(401, &json!({"code": 20_003, "message": "Authenticate", "status": 401})),
        _ => well(call, number),
    });
    let busy = busy.await;
    let firm = firm(&busy).await;
    tell(&firm, "SM1", "退货政策").await;
    let conversation = first(&firm).await;
    firm.until(&conversation, "sent at last", |it| it["event"]["kind"] == "delivery_changed" && it["event"]["state"] == "sent").await;
    let sends = busy.calls(is_send);
    assert!(sends.len() >= 3 && sends[0].body == sends[2].body, "{}", sends.len());

    for (code, expected) in [(21_610, "unreachable:21610"), (21_211, "refused:21211")] {
        let provider = Provider::start(move |_call, _number| json_with(400, &json!({"code": code, "message": "x", "status": 400}))).await;
        let firm = self::firm(&provider).await;
        tell(&firm, "SM1", "退货政策").await;
        assert_eq!(failed(&firm).await, expected);
    }
}

#[tokio::test]
async fn each_step_of_the_check_says_what_it_found() {
    let provider = Provider::start(well).await;
    let firm = firm(&provider).await;
    let (steps, whole) = checked(&firm).await;
    let named: Vec<(&str, Value)> = steps.iter().map(|it| (it.0.as_str(), it.1.clone())).collect();
    assert_eq!(named, [("configured", json!(true)), ("token", json!(true)), ("callback", json!(false))], "{whole}");
    assert!(whole.to_string().contains("https://elsewhere.example/") && whole.to_string().contains(&firm.callback()), "{whole}");
    configure(&firm, json!({"sender": "MG1"})).await;
    let (steps, whole) = checked(&firm).await;
    assert_eq!((steps.last(), text(&whole["items"][2]["name"])), (Some(&("callback".to_owned(), json!(false))), "callback".to_owned()), "{whole}");
    configure(&firm, json!({"auth_token": "wrong"})).await;
    assert_eq!(checked(&firm).await.0.last(), Some(&("token".to_owned(), json!(false))));
}
