//! A firm's own channel: signed JSON both ways, files in the event, by address and at a sealed address.

use std::time::{SystemTime, UNIX_EPOCH};

use rapport_model::Timestamp;
use rapport_wire::channel::webhook::{self, Secret, Signed};
use serde_json::{Value, json};

use crate::{
    Firm,
    desk::{Desk, checked, configure, failed, first},
    provider::{Call, Provider, Said, json as answered, json_with},
    telegram::PNG,
    text,
};

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const OTHER: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSx";

fn secret(text: &str) -> Secret {
    Secret::parse(text).expect("secret")
}

fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970");
    Timestamp(i64::try_from(since.as_millis()).expect("a date"))
}

fn is_signed(call: &Call) -> bool {
    let signed = Signed { id: call.header("webhook-id"), timestamp: call.header("webhook-timestamp"), signature: call.header("webhook-signature") };
    webhook::verify(&signed, &call.body, &[secret(SECRET)], now()).is_ok()
}

/// A receiver that takes what is signed.
fn well(call: &Call, number: usize) -> Said {
    match (call.path.as_str(), is_signed(call)) {
        ("/picture", _) => (200, vec![("content-type", "image/png".to_owned())], PNG.to_vec()),
        ("/in/", true) => answered(&json!({"id": format!("x-{number}")})),
        (_, true) => json_with(404, &json!({})),
        (_, false) => json_with(401, &json!({})),
    }
}

async fn firm(provider: &Provider) -> Firm {
    Firm::with("api", json!({"base_url": format!("{}/in/", provider.base), "secret": SECRET})).await
}

fn event(kind: &str, id: &str, more: &Value) -> String {
    let mut event = json!({"type": kind, "id": id, "from": {"id": "u-7", "name": "张三"}});
    event.as_object_mut().expect("object").extend(more.as_object().expect("object").clone());
    event.to_string()
}

fn written(id: &str, words: &str) -> String {
    event("message", id, &json!({"parts": [{"type": "text", "text": words}]}))
}

async fn tell_at(firm: &Firm, body: &str, held: &str, at: Timestamp) -> (u16, String) {
    let mut request = reqwest::Client::new().post(firm.callback()).header("content-type", "application/json");
    for (name, value) in webhook::headers(&[secret(held)], "msg-1", at, body.as_bytes()) {
        request = request.header(name, value);
    }
    let answer = request.body(body.to_owned()).send().await.expect("answer");
    (answer.status().as_u16(), answer.text().await.expect("text"))
}

async fn tell(firm: &Firm, body: &str) -> (u16, String) {
    tell_at(firm, body, SECRET, now()).await
}

fn is_piece(call: &Call) -> bool {
    call.json()["type"] == "message"
}

#[tokio::test]
async fn a_customer_writes_and_what_is_answered_is_followed_until_it_is_read() {
    let provider = Provider::start(well).await;
    let firm = firm(&provider).await;
    let question = written("m-1", "你们的退货政策是什么？😀𠮷");
    let told = futures::future::join_all((0..5).map(|_| tell(&firm, &question))).await;
    assert!(told.iter().all(|it| it.0 == 200 && it.1 == r#"{"ok":true}"#), "{told:?}");
    let mut desk = Desk::take(&firm).await;
    assert_eq!(firm.said(&desk.conversation).await, [json!({"type": "text", "text": "你们的退货政策是什么？😀𠮷"})]);
    let words = "您好 👨‍👩‍👧‍👦 𠮷";
    desk.says(words).await;
    desk.until(words, "sent").await;
    let calls = provider.calls(|_| true);
    let at = calls.iter().position(|it| is_piece(it) && it.json()["content"]["text"] == words).expect("sent");
    let piece = calls[at].json();
    assert!(is_signed(&calls[at]) && calls[at].path == "/in/", "the address is called as it was given: {}", calls[at].path);
    assert_eq!((piece["to"].clone(), piece["by"].clone(), piece["id"].clone()), (json!("u-7"), json!("person"), json!(calls[at].header("webhook-id"))), "{piece}");
    let read = event("receipt", "e-1", &json!({"message": format!("x-{at}"), "state": "read"}));
    assert_eq!(tell(&firm, &read).await.0, 200);
    desk.until(words, "read").await;
}

#[tokio::test]
async fn what_is_not_signed_or_not_in_time_is_refused() {
    let provider = Provider::start(well).await;
    let firm = firm(&provider).await;
    let question = written("m-1", "hello");
    let (status, said) = tell_at(&firm, &question, OTHER, now()).await;
    assert!(status == 401 && said.contains("channel.bad_signature"), "{status} {said}");
    for seconds in [-400, 400] {
        let (status, said) = tell_at(&firm, &question, SECRET, now().plus_seconds(seconds)).await;
        assert!((400..500).contains(&status) && said.contains("channel.stale"), "{status} {said}");
    }
    let unsigned = reqwest::Client::new().post(firm.callback()).body(question.clone()).send().await.expect("answer");
    assert_eq!(unsigned.status().as_u16(), 401);
    let (status, said) = tell(&firm, r#"{"type":"message"}"#).await;
    assert!(status == 400 && said.contains("channel.malformed"), "{status} {said}");
    assert!(firm.conversations().await.is_empty());
    // While the secret is changed both hold.
    configure(&firm, json!({"secret": OTHER, "former_secret": SECRET})).await;
    assert_eq!(tell_at(&firm, &question, OTHER, now()).await.0, 200);
    assert_eq!(tell_at(&firm, &written("m-2", "again"), SECRET, now()).await.0, 200);
}

#[tokio::test]
async fn files_come_in_the_event_or_by_address_and_go_at_a_sealed_one() {
    let provider = Provider::start(well).await;
    let firm = firm(&provider).await;
    let inline = json!({"type": "image", "data": base64_of(PNG), "name": "鞋.png"});
    let parts = json!({"parts": [inline, {"type": "image", "url": format!("{}/picture", provider.base)}, {"type": "image", "url": "http://10.0.0.1/secret"}, {"type": "text", "text": "就这些"}]});
    assert_eq!(tell(&firm, &event("message", "m-1", &parts)).await.0, 200);
    let mut desk = Desk::take(&firm).await;
    firm.until(&desk.conversation, "the last part", |it| it["event"]["message"]["content"]["text"] == "就这些").await;
    let said = firm.said(&desk.conversation).await;
    let kinds: Vec<&str> = said.iter().filter_map(|it| it["type"].as_str()).collect();
    assert_eq!(kinds, ["image", "image", "text", "text"], "{said:?}");
    assert!(text(&said[2]["text"]).starts_with("[image:"), "private addresses are not called: {said:?}");

    desk.sends_picture().await;
    let sent = provider.until(1, "the picture", |it| it.json()["content"]["type"] == "image").await;
    let url = text(&sent[0].json()["content"]["url"]);
    assert!(url.starts_with(&format!("{}/files/", firm.callback())), "{url}");
    let fetched = reqwest::get(&url).await.expect("answer");
    assert_eq!((fetched.status().as_u16(), fetched.headers()["content-type"].to_str().expect("text"), fetched.headers()["x-content-type-options"].to_str().expect("text")), (200, "image/png", "nosniff"));
    assert_eq!(fetched.bytes().await.expect("bytes").as_ref(), PNG);
    let (head, sealed) = url.rsplit_once('/').expect("sealed");
    let changed: String = sealed.chars().enumerate().map(|(at, it)| if at == 20 { if it == 'A' { 'B' } else { 'A' } } else { it }).collect();
    for wrong in [format!("{head}/{changed}"), format!("{head}/"), format!("{head}/x")] {
        assert_eq!(reqwest::get(&wrong).await.expect("answer").status().as_u16(), 404, "{wrong}");
    }
}

fn base64_of(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

#[tokio::test]
async fn what_does_not_go_out_is_tried_again_or_told() {
    let busy = Provider::start(|call, number| match number {
        0 => (429, vec![("content-type", "application/json".to_owned()), ("retry-after", "1".to_owned())], b"{}".to_vec()),
        1 => json_with(200, &json!({"error": {"code": "token_invalid", "message": "x"}})),
        _ => well(call, number),
    });
    let busy = busy.await;
    let firm = firm(&busy).await;
    tell(&firm, &written("m-1", "退货政策")).await;
    let conversation = first(&firm).await;
    firm.until(&conversation, "sent at last", |it| it["event"]["kind"] == "delivery_changed" && it["event"]["state"] == "sent").await;
    let sends = busy.calls(is_piece);
    assert!(sends.len() >= 3 && sends[0].header("webhook-id") == sends[2].header("webhook-id"), "the same id in every attempt, so that a repetition is known");

    for (answer, expected) in [("user_blocked", "unreachable:user_blocked"), ("window_closed", "window_closed:window_closed"), ("colour", "refused:colour")] {
        let provider = Provider::start(move |_call, _number| json_with(200, &json!({"error": {"code": answer, "message": "x"}}))).await;
        let firm = self::firm(&provider).await;
        tell(&firm, &written("m-1", "退货政策")).await;
        assert_eq!(failed(&firm).await, expected);
    }
}

#[tokio::test]
async fn who_left_is_back_by_what_they_say_and_not_by_what_is_told_again() {
    let provider = Provider::start(well).await;
    let firm = firm(&provider).await;
    let (question, left) = (written("m-1", "退货政策"), event("left", "e-left", &json!({})));
    tell(&firm, &question).await;
    let mut desk = Desk::take(&firm).await;
    for (told, words) in [(&left, "您走了吗"), (&question, "旧消息不算")] {
        assert_eq!(tell(&firm, told).await.0, 200);
        desk.says(words).await;
        assert_eq!(desk.until(words, "failed").await, "unreachable");
    }
    for (told, words) in [(&written("m-2", "我回来了"), "欢迎回来"), (&left, "旧的离开也不算")] {
        assert_eq!(tell(&firm, told).await.0, 200);
        desk.says(words).await;
        desk.until(words, "sent").await;
    }
    assert_eq!(provider.calls(|it| it.json()["content"]["text"] == "您走了吗").len(), 0);
}

#[tokio::test]
async fn each_step_of_the_check_says_what_it_found() {
    let provider = Provider::start(well).await;
    let firm = firm(&provider).await;
    let named = |steps: &[(&str, Value)]| steps.iter().map(|it| (it.0.to_owned(), it.1.clone())).collect::<Vec<_>>();
    let (steps, whole) = checked(&firm).await;
    assert_eq!(steps, named(&[("configured", json!(true)), ("secret", json!(true)), ("reachable", json!(true)), ("callback", Value::Null)]), "{whole}");
    assert_eq!(provider.calls(|it| it.json()["type"] == "ping" && is_signed(it)).len(), 1);
    configure(&firm, json!({"secret": OTHER})).await;
    let (steps, whole) = checked(&firm).await;
    assert!(steps.last() == Some(&("reachable".to_owned(), json!(false))) && whole.to_string().contains("401"), "{whole}");
    configure(&firm, json!({"secret": "short"})).await;
    assert_eq!(checked(&firm).await.0.last(), Some(&("secret".to_owned(), json!(false))));
}
