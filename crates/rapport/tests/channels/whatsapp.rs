//! WhatsApp Cloud: signed callbacks, receipts that come before the answer, files by id, and errors by number.

use std::sync::{Arc, OnceLock};

use rapport_wire::channel::mac;
use serde_json::{Value, json};

use crate::{
    Firm,
    desk::{Desk, checked, configure, failed},
    provider::{Call, Provider, Said, json as answered, json_with, post_now},
    telegram::PNG,
    text,
};

const NUMBER: &str = "1155";
const TOKEN: &str = "EAAG-TEST";
const SECRET: &str = "meta_app_secret";
const MESSAGES: &str = "/v24.0/1155/messages";

pub(crate) fn error(status: u16, code: i64) -> Said {
    json_with(status, &json!({"error": {"message": "words", "type": "OAuthException", "code": code}}))
}

pub(crate) fn signed(body: &str, secret: &str) -> String {
    format!("sha256={}", mac::hex(&mac::sha256(secret.as_bytes(), &[body.as_bytes()])))
}

/// As the Graph API answers where all is well.
fn well(call: &Call, number: usize) -> Said {
    let path = call.path.split('?').next().unwrap_or_default();
    let app = format!("Bearer 555|{SECRET}");
    if call.header("authorization") != format!("Bearer {TOKEN}") && !(path == "/v24.0/555/subscriptions" && call.header("authorization") == app) {
        return error(401, 190);
    }
    let proof = format!("appsecret_proof={}", mac::hex(&mac::sha256(SECRET.as_bytes(), &[TOKEN.as_bytes()])));
    match path {
        "/files/1" => (200, vec![("content-type", "image/png".to_owned())], PNG.to_vec()),
        "/v24.0/M1" => answered(&json!({"url": format!("http://{}/files/1", call.header("host")), "mime_type": "image/png", "file_size": PNG.len(), "id": "M1"})),
        "/v24.0/M2" => answered(&json!({"url": "http://127.0.0.1:9/stolen", "mime_type": "image/png", "id": "M2"})),
        "/v24.0/1155/media" => answered(&json!({"id": "UP1"})),
        MESSAGES => answered(&json!({"messaging_product": "whatsapp", "messages": [{"id": format!("wamid.{number}")}]})),
        "/v24.0/1155" if call.path.contains("appsecret_proof") && !call.path.contains(&proof) => error(400, 100),
        "/v24.0/1155" => answered(&json!({"id": NUMBER, "verified_name": "鞋店", "display_phone_number": "+1 555 123 4567", "quality_rating": "GREEN"})),
        "/v24.0/77/subscribed_apps" => answered(&json!({"success": true})),
        "/v24.0/555/subscriptions" if call.method == "POST" => answered(&json!({"success": true})),
        "/v24.0/555/subscriptions" => answered(&json!({"data": []})),
        _ => error(400, 100),
    }
}

async fn firm(provider: &Provider) -> Firm {
    let fields = json!({"phone_number_id": NUMBER, "access_token": TOKEN, "app_secret": SECRET, "verify_token": "v-1", "base_url": provider.base, "media_base_url": provider.base});
    Firm::with("whatsapp", fields).await
}

fn body(number: &str, value: &Value) -> String {
    let mut whole = json!({"messaging_product": "whatsapp", "metadata": {"display_phone_number": "15551234567", "phone_number_id": number}});
    whole.as_object_mut().expect("object").extend(value.as_object().expect("object").clone());
    json!({"object": "whatsapp_business_account", "entry": [{"id": "77", "changes": [{"field": "messages", "value": whole}]}]}).to_string()
}

fn message(id: &str, more: &Value) -> String {
    let mut message = json!({"from": "8613800138000", "id": id, "timestamp": "1764000000"});
    message.as_object_mut().expect("object").extend(more.as_object().expect("object").clone());
    body(NUMBER, &json!({"contacts": [{"profile": {"name": "张三"}, "wa_id": "8613800138000"}], "messages": [message]}))
}

fn written(id: &str, words: &str) -> String {
    message(id, &json!({"type": "text", "text": {"body": words}}))
}

fn status(id: &str, word: &str) -> String {
    body(NUMBER, &json!({"statuses": [{"id": id, "status": word, "timestamp": "1764000001", "recipient_id": "8613800138000"}]}))
}

async fn tell(firm: &Firm, body: &str, secret: &str) -> (u16, String) {
    let request = reqwest::Client::new().post(firm.callback()).header("x-hub-signature-256", signed(body, secret)).header("content-type", "application/json");
    let answer = request.body(body.to_owned()).send().await.expect("answer");
    (answer.status().as_u16(), answer.text().await.expect("text"))
}

fn is_text(call: &Call) -> bool {
    call.path == MESSAGES && call.json()["type"] == "text"
}

#[tokio::test]
async fn a_customer_writes_and_what_is_answered_is_followed_until_it_is_read() {
    let provider = Provider::start(well).await;
    let firm = firm(&provider).await;
    let question = written("wamid.in.1", "你们的退货政策是什么？😀𠮷");
    let told = futures::future::join_all((0..5).map(|_| tell(&firm, &question, SECRET))).await;
    assert!(told.iter().all(|it| it.0 == 200), "{told:?}");
    let mut desk = Desk::take(&firm).await;
    assert_eq!(firm.said(&desk.conversation).await, [json!({"type": "text", "text": "你们的退货政策是什么？😀𠮷"})]);
    assert_eq!(firm.conversations().await[0]["contact"]["name"], "张三");

    let before = provider.calls(is_text).len();
    let long = format!("{}👨‍👩‍👧‍👦𠮷。", "您好，退货请在七天内申请。".repeat(400));
    desk.says(&long).await;
    let pieces = provider.until(before + 2, "a long text in two", is_text).await;
    let pieces: Vec<String> = pieces.iter().map(|it| text(&it.json()["text"]["body"])).filter(|it| it.starts_with("您好，退货") || it.ends_with("𠮷。")).collect();
    assert!(pieces.len() == 2 && pieces.iter().all(|it| it.chars().count() <= 4_096), "{:?}", pieces.iter().map(|it| it.chars().count()).collect::<Vec<_>>());
    assert_eq!(pieces.concat(), long);
    desk.says("还有别的问题吗？").await;
    desk.until("还有别的问题吗？", "sent").await;
    let last = provider.calls(|_| true).iter().position(|it| is_text(it) && it.json()["text"]["body"] == "还有别的问题吗？").expect("sent");
    for (word, state) in [("delivered", "delivered"), ("read", "read")] {
        assert_eq!(tell(&firm, &status(&format!("wamid.{last}"), word), SECRET).await.0, 200);
        desk.until("还有别的问题吗？", state).await;
    }
}

#[tokio::test]
async fn strangers_are_refused_and_other_numbers_passed_over() {
    let provider = Provider::start(well).await;
    let firm = firm(&provider).await;
    let client = reqwest::Client::new();
    let verify = |token: &str| client.get(format!("{}?hub.mode=subscribe&hub.verify_token={token}&hub.challenge=1158201444", firm.callback())).send();
    let right = verify("v-1").await.expect("answer");
    assert_eq!((right.status().as_u16(), right.text().await.expect("text").as_str()), (200, "1158201444"));
    assert_eq!(verify("v-2").await.expect("answer").status().as_u16(), 401);
    let question = written("wamid.in.1", "hello");
    let (status, said) = tell(&firm, &question, "meta_app_secreu").await;
    assert!(status == 401 && said.contains("channel.bad_signature"), "{status} {said}");
    let unsigned = client.post(firm.callback()).body(question).send().await.expect("answer");
    assert_eq!(unsigned.status().as_u16(), 401);
    let (status, said) = tell(&firm, "{}", SECRET).await;
    assert!(status == 400 && said.contains("channel.malformed"), "{status} {said}");
    let foreign = body("9999", &json!({"messages": [{"from": "8613800138000", "id": "wamid.f", "timestamp": "1764000000", "type": "text", "text": {"body": "x"}}]}));
    assert_eq!(tell(&firm, &foreign, SECRET).await.0, 200, "refused, it would be told for days");
    assert!(firm.conversations().await.is_empty());
}

#[tokio::test]
async fn files_come_with_the_token_from_its_own_host_only_and_go_by_upload() {
    let provider = Provider::start(well).await;
    let firm = firm(&provider).await;
    let picture = |id: &str, media: &str| message(id, &json!({"type": "image", "image": {"id": media, "mime_type": "image/png", "caption": "就是这双"}}));
    assert_eq!(tell(&firm, &picture("wamid.in.1", "M1"), SECRET).await.0, 200);
    assert_eq!(tell(&firm, &picture("wamid.in.2", "M2"), SECRET).await.0, 200);
    assert_eq!(tell(&firm, &written("wamid.in.3", "可以换吗"), SECRET).await.0, 200);
    let mut desk = Desk::take(&firm).await;
    firm.until(&desk.conversation, "what follows the pictures", |it| it["event"]["message"]["content"]["text"] == "可以换吗").await;
    let said = firm.said(&desk.conversation).await;
    let kinds: Vec<&str> = said.iter().filter_map(|it| it["type"].as_str()).collect();
    assert_eq!(kinds, ["image", "text", "text", "text", "text"], "{said:?}");
    assert_eq!(said[0]["file"]["bytes"], json!(PNG.len()));
    assert!(text(&said[2]["text"]).starts_with("[image:"), "a foreign address gets no token and is not called: {said:?}");

    desk.sends_picture().await;
    let sent = provider.until(1, "the picture", |it| it.path == MESSAGES && it.json()["type"] == "image").await;
    assert_eq!((sent[0].json()["image"]["id"].clone(), sent[0].json()["to"].clone()), (json!("UP1"), json!("8613800138000")));
    let upload = provider.calls(|it| it.path == "/v24.0/1155/media");
    let body = String::from_utf8_lossy(&upload[0].body).into_owned();
    assert!(upload[0].content_type.starts_with("multipart/form-data") && body.contains("image/png") && body.contains("像素.png"), "{body}");
}

#[tokio::test]
async fn a_receipt_that_overtakes_the_answer_is_not_lost() {
    let callback = Arc::new(OnceLock::<String>::new());
    let known = Arc::clone(&callback);
    let provider = Provider::start(move |call, number| {
        if is_text(call) && call.json()["text"]["body"] == "马上为您查" {
            let told = status(&format!("wamid.{number}"), "delivered");
            let answer = post_now(known.get().expect("a callback"), &[("content-type", "application/json".to_owned()), ("x-hub-signature-256", signed(&told, SECRET))], &told);
            assert!(answer.contains("200"), "{answer}");
        }
        well(call, number)
    });
    let provider = provider.await;
    let firm = firm(&provider).await;
    callback.set(firm.callback()).expect("once");
    tell(&firm, &written("wamid.in.1", "订单到哪了"), SECRET).await;
    let mut desk = Desk::take(&firm).await;
    desk.says("马上为您查").await;
    desk.until("马上为您查", "sent").await;
    desk.until("马上为您查", "delivered").await;
    // Of a message that somebody else's software sent: taken, and forgotten in time.
    assert_eq!(tell(&firm, &status("wamid.of-others", "read"), SECRET).await.0, 200);
}

#[tokio::test]
async fn what_does_not_go_out_is_tried_again_or_told() {
    let busy = Provider::start(|call, number| {
        let sends = call.path == MESSAGES;
        match number {
            0 if sends => (429, vec![("content-type", "application/json".to_owned()), ("retry-after", "1".to_owned())], json!({"error": {"code": 130_429, "message": "x"}}).to_string().into_bytes()),
            1 if sends => error(401, 190),
            _ => well(call, number),
        }
    });
    let busy = busy.await;
    let firm = firm(&busy).await;
    tell(&firm, &written("wamid.in.1", "退货政策"), SECRET).await;
    let conversation = crate::desk::first(&firm).await;
    firm.until(&conversation, "sent at last", |it| it["event"]["kind"] == "delivery_changed" && it["event"]["state"] == "sent").await;
    let sends = busy.calls(|it| it.path == MESSAGES);
    assert!(sends.len() >= 3 && sends[0].json() == sends[2].json(), "{}", sends.len());

    for (code, expected) in [(131_026, "unreachable:131026"), (131_047, "window_closed:131047"), (100, "refused:100")] {
        let provider = Provider::start(move |call, number| if call.path == MESSAGES { error(400, code) } else { well(call, number) }).await;
        let firm = self::firm(&provider).await;
        tell(&firm, &written("wamid.in.1", "退货政策"), SECRET).await;
        assert_eq!(failed(&firm).await, expected);
    }
}

#[tokio::test]
async fn each_step_of_the_check_says_what_it_found() {
    let provider = Provider::start(well).await;
    let firm = firm(&provider).await;
    let named = |steps: &[(&str, Value)]| steps.iter().map(|it| (it.0.to_owned(), it.1.clone())).collect::<Vec<_>>();
    let (steps, whole) = checked(&firm).await;
    assert_eq!(steps, named(&[("configured", json!(true)), ("token", json!(true)), ("secret", json!(true)), ("subscription", Value::Null), ("callback", Value::Null)]), "{whole}");
    configure(&firm, json!({"business_account_id": "77", "app_id": "555"})).await;
    let (steps, whole) = checked(&firm).await;
    assert!(steps.iter().all(|it| it.1 == true) && steps.len() == 5, "{whole}");
    let registered = provider.calls(|it| it.path == "/v24.0/555/subscriptions" && it.method == "POST");
    assert_eq!((registered[0].field("callback_url"), registered[0].field("verify_token")), (firm.callback(), "v-1".to_owned()));
    configure(&firm, json!({"app_secret": "wrong"})).await;
    assert_eq!(checked(&firm).await.0.last(), Some(&("secret".to_owned(), json!(false))));
    configure(&firm, json!({"access_token": "wrong"})).await;
    assert_eq!(checked(&firm).await.0.last(), Some(&("token".to_owned(), json!(false))));
}
