//! Messenger and Instagram: signed callbacks, answers after a day, files by upload or by address, and errors by number.

use rapport_wire::channel::mac;
use serde_json::{Value, json};

use crate::{
    Firm,
    desk::{Desk, checked, configure, failed, first},
    provider::{Call, Provider, Said, json as answered, json_with},
    telegram::PNG,
    text,
    whatsapp::{error, signed},
};

const TOKEN: &str = "EAAG-PAGE";
const SECRET: &str = "meta_app_secret";
const MESSAGES: &str = "/v24.0/me/messages";
const AT: i64 = 1_764_000_000_123;

/// As the Graph API answers where all is well.
fn well(call: &Call, number: usize) -> Said {
    let path = call.path.split('?').next().unwrap_or_default();
    if path == "/picture" {
        let leaked = !call.header("authorization").is_empty();
        return if leaked { (400, Vec::new(), Vec::new()) } else { (200, vec![("content-type", "image/png".to_owned())], PNG.to_vec()) };
    }
    if call.header("authorization") != format!("Bearer {TOKEN}") {
        return error(401, 190);
    }
    let proof = format!("appsecret_proof={}", mac::hex(&mac::sha256(SECRET.as_bytes(), &[TOKEN.as_bytes()])));
    match path {
        MESSAGES => answered(&json!({"recipient_id": "P1", "message_id": format!("m_{number}")})),
        "/v24.0/me/message_attachments" => answered(&json!({"attachment_id": "UP1"})),
        "/v24.0/me/subscribed_apps" => answered(&json!({"success": true})),
        _ if call.path.contains("appsecret_proof") && !call.path.contains(&proof) => error(400, 100),
        "/v24.0/me" => answered(&json!({"id": "77", "name": "鞋店"})),
        "/v24.0/1784" => answered(&json!({"id": "1784", "username": "shoes"})),
        _ => error(400, 100),
    }
}

fn fields(provider: &Provider, account: &str) -> Value {
    json!({"account_id": account, "access_token": TOKEN, "app_secret": SECRET, "verify_token": "v-1", "app_id": "", "base_url": provider.base})
}

async fn page(provider: &Provider) -> Firm {
    Firm::with("messenger", fields(provider, "77")).await
}

async fn instagram(provider: &Provider) -> Firm {
    Firm::with("instagram", fields(provider, "1784")).await
}

fn event(object: &str, account: &str, more: &Value) -> String {
    let mut event = json!({"sender": {"id": "P1"}, "recipient": {"id": account}, "timestamp": AT});
    event.as_object_mut().expect("object").extend(more.as_object().expect("object").clone());
    json!({"object": object, "entry": [{"id": account, "time": AT, "messaging": [event]}]}).to_string()
}

fn on_page(more: &Value) -> String {
    event("page", "77", more)
}

fn written(id: &str, words: &str) -> String {
    on_page(&json!({"message": {"mid": id, "text": words}}))
}

async fn tell(firm: &Firm, body: &str, secret: &str) -> (u16, String) {
    let request = reqwest::Client::new().post(firm.callback()).header("x-hub-signature-256", signed(body, secret)).header("content-type", "application/json");
    let answer = request.body(body.to_owned()).send().await.expect("answer");
    (answer.status().as_u16(), answer.text().await.expect("text"))
}

fn is_text(call: &Call) -> bool {
    call.path == MESSAGES && call.json()["message"]["text"].is_string()
}

/// The provider's id of what was sent in these words.
fn sent_as(provider: &Provider, words: &str) -> String {
    let at = provider.calls(|_| true).iter().position(|it| is_text(it) && it.json()["message"]["text"] == words);
    format!("m_{}", at.expect("sent"))
}

#[tokio::test]
async fn a_customer_writes_to_the_page_and_an_agent_answers() {
    let provider = Provider::start(well).await;
    let firm = page(&provider).await;
    let question = written("m_in_1", "你们的退货政策是什么？😀𠮷");
    let told = futures::future::join_all((0..5).map(|_| tell(&firm, &question, SECRET))).await;
    assert!(told.iter().all(|it| it.0 == 200), "{told:?}");
    let mut desk = Desk::take(&firm).await;
    assert_eq!(firm.said(&desk.conversation).await, [json!({"type": "text", "text": "你们的退货政策是什么？😀𠮷"})]);

    let long = format!("{}👨‍👩‍👧‍👦𠮷。", "您好，退货请在七天内申请。".repeat(200));
    let before = provider.calls(is_text).len();
    desk.says(&long).await;
    let pieces = provider.until(before + 2, "a long text in two", is_text).await;
    let pieces: Vec<String> = pieces.iter().map(|it| text(&it.json()["message"]["text"])).filter(|it| it.starts_with("您好，退货") || it.ends_with("𠮷。")).collect();
    assert!(pieces.len() == 2 && pieces.iter().all(|it| it.chars().count() <= 2_000), "{:?}", pieces.iter().map(|it| it.chars().count()).collect::<Vec<_>>());
    assert_eq!(pieces.concat(), long);
    desk.says("请稍等").await;
    desk.until("请稍等", "sent").await;
    let delivered = on_page(&json!({"delivery": {"mids": [sent_as(&provider, "请稍等")], "watermark": AT}}));
    assert_eq!(tell(&firm, &delivered, SECRET).await.0, 200);
    desk.until("请稍等", "delivered").await;
}

#[tokio::test]
async fn strangers_are_refused_and_other_pages_passed_over() {
    let provider = Provider::start(well).await;
    let firm = page(&provider).await;
    let client = reqwest::Client::new();
    let verify = |token: &str| client.get(format!("{}?hub.mode=subscribe&hub.verify_token={token}&hub.challenge=77", firm.callback())).send();
    assert_eq!(verify("v-1").await.expect("answer").text().await.expect("text"), "77");
    assert_eq!(verify("").await.expect("answer").status().as_u16(), 401);
    let (status, said) = tell(&firm, &written("m_in_1", "hello"), "meta_app_secreu").await;
    assert!(status == 401 && said.contains("channel.bad_signature"), "{status} {said}");
    let (status, said) = tell(&firm, &on_page(&json!({"message": {"text": "x"}})), SECRET).await;
    assert!(status == 400 && said.contains("channel.malformed"), "{status} {said}");
    assert_eq!(tell(&firm, &event("page", "78", &json!({"message": {"mid": "m_f", "text": "x"}})), SECRET).await.0, 200);
    assert!(firm.conversations().await.is_empty());
}

#[tokio::test]
async fn pictures_come_by_address_without_the_token_and_go_by_upload() {
    let provider = Provider::start(well).await;
    let firm = page(&provider).await;
    let url = format!("{}/picture?signed=1", provider.base);
    let picture = on_page(&json!({"message": {"mid": "m_in_1", "attachments": [{"type": "image", "payload": {"url": url}}]}}));
    assert_eq!(tell(&firm, &picture, SECRET).await.0, 200);
    let mut desk = Desk::take(&firm).await;
    firm.until(&desk.conversation, "the picture", |it| it["event"]["message"]["content"]["type"] == "image").await;
    desk.sends_picture().await;
    let sent = provider.until(1, "the picture", |it| it.path == MESSAGES && it.json()["message"]["attachment"]["type"] == "image").await;
    assert_eq!(sent[0].json()["message"]["attachment"]["payload"]["attachment_id"], "UP1");
    let upload = provider.calls(|it| it.path == "/v24.0/me/message_attachments");
    assert!(upload[0].content_type.starts_with("multipart/form-data"), "{}", upload[0].content_type);
}

#[tokio::test]
async fn after_a_day_a_person_still_answers_and_the_bot_does_not() {
    let provider = Provider::start(|call, number| {
        if is_text(call) && call.json()["messaging_type"] == "RESPONSE" {
            return json_with(400, &json!({"error": {"message": "(#10) This message is sent outside of allowed window.", "code": 10, "error_subcode": 2_018_278}}));
        }
        well(call, number)
    });
    let provider = provider.await;
    let firm = page(&provider).await;
    tell(&firm, &written("m_in_1", "退货政策"), SECRET).await;
    assert_eq!(failed(&firm).await, "window_closed:10/2018278");
    let mut desk = Desk::take(&firm).await;
    desk.says("抱歉回复晚了").await;
    desk.until("抱歉回复晚了", "sent").await;
    let late = provider.calls(|it| it.json()["tag"] == "HUMAN_AGENT");
    assert_eq!((late.len(), late[0].json()["messaging_type"].clone(), late[0].json()["message"]["text"].clone()), (1, json!("MESSAGE_TAG"), json!("抱歉回复晚了")));
}

#[tokio::test]
async fn what_does_not_go_out_is_tried_again_or_told() {
    let busy = Provider::start(|call, number| match number {
        0 if call.path == MESSAGES => error(400, 613),
        1 if call.path == MESSAGES => error(401, 190),
        _ => well(call, number),
    });
    let busy = busy.await;
    let firm = page(&busy).await;
    tell(&firm, &written("m_in_1", "退货政策"), SECRET).await;
    let conversation = first(&firm).await;
    firm.until(&conversation, "sent at last", |it| it["event"]["kind"] == "delivery_changed" && it["event"]["state"] == "sent").await;
    let sends = busy.calls(|it| it.path == MESSAGES);
    assert!(sends.len() >= 3 && sends[0].json() == sends[2].json(), "{}", sends.len());

    let gone = Provider::start(|call, number| if call.path == MESSAGES { error(400, 551) } else { well(call, number) }).await;
    let firm = page(&gone).await;
    tell(&firm, &written("m_in_1", "退货政策"), SECRET).await;
    assert_eq!(failed(&firm).await, "unreachable:551");
}

#[tokio::test]
async fn instagram_counts_bytes_fetches_files_itself_and_tells_what_was_read() {
    let provider = Provider::start(well).await;
    let firm = instagram(&provider).await;
    let told = |more: &Value| event("instagram", "1784", more);
    let question = told(&json!({"message": {"mid": "aWdf1", "text": "尺码😀"}}));
    let answers = futures::future::join_all((0..5).map(|_| tell(&firm, &question, SECRET))).await;
    assert!(answers.iter().all(|it| it.0 == 200), "{answers:?}");
    assert_eq!(tell(&firm, &question, "wrong").await.0, 401);
    let mut desk = Desk::take(&firm).await;
    assert_eq!(firm.said(&desk.conversation).await, [json!({"type": "text", "text": "尺码😀"})]);
    let before = provider.calls(is_text).len();
    let long = format!("{}𠮷。", "您好，退货请在七天内申请。".repeat(40));
    desk.says(&long).await;
    let pieces = provider.until(before + 2, "a long text in two", is_text).await;
    let pieces: Vec<String> = pieces.iter().map(|it| text(&it.json()["message"]["text"])).filter(|it| it.starts_with("您好，退货") || it.ends_with("𠮷。")).collect();
    assert!(pieces.iter().all(|it| it.len() <= 1_000), "{:?}", pieces.iter().map(String::len).collect::<Vec<_>>());
    assert_eq!(pieces.concat(), long);
    desk.sends_picture().await;
    let sent = provider.until(1, "the picture", |it| it.path == MESSAGES && it.json()["message"]["attachment"]["type"] == "image").await;
    let url = text(&sent[0].json()["message"]["attachment"]["payload"]["url"]);
    let fetched = reqwest::get(&url).await.expect("answer");
    assert_eq!((fetched.status().as_u16(), fetched.bytes().await.expect("bytes").as_ref()), (200, PNG), "{url}");
    desk.says("请看").await;
    desk.until("请看", "sent").await;
    assert_eq!(tell(&firm, &told(&json!({"read": {"mid": sent_as(&provider, "请看")}})), SECRET).await.0, 200);
    desk.until("请看", "read").await;
}

#[tokio::test]
async fn each_step_of_the_check_says_what_it_found() {
    let provider = Provider::start(well).await;
    for (firm, object) in [(page(&provider).await, "page"), (instagram(&provider).await, "instagram")] {
        let (steps, whole) = checked(&firm).await;
        let named: Vec<(&str, Value)> = steps.iter().map(|it| (it.0.as_str(), it.1.clone())).collect();
        assert_eq!(named, [("configured", json!(true)), ("token", json!(true)), ("secret", json!(true)), ("subscription", json!(true)), ("callback", Value::Null)], "{whole}");
        assert!(whole.to_string().contains(object) && whole.to_string().contains(&firm.callback()), "{whole}");
        configure(&firm, json!({"app_secret": "wrong"})).await;
        assert_eq!(checked(&firm).await.0.last(), Some(&("secret".to_owned(), json!(false))));
        configure(&firm, json!({"access_token": "wrong"})).await;
        assert_eq!(checked(&firm).await.0.last(), Some(&("token".to_owned(), json!(false))));
    }
    let other = Firm::with("messenger", fields(&provider, "78")).await;
    let (steps, whole) = checked(&other).await;
    assert!(steps.last() == Some(&("token".to_owned(), json!(false))) && whole.to_string().contains("77"), "{whole}");
}
