//! Telegram: updates by webhook, messages by the Bot API.

use serde_json::{Value, json};

use crate::{
    ADA, Client, Firm,
    provider::{Call, Provider, Said, json as answered},
    text,
};

const TOKEN: &str = "123456:TEST";
const SECRET: &str = "word_of-our-own";
/// One pixel.
pub(crate) const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\nIDATx\x9cc\0\x01\0\0\x05\0\x01\r\n-\xb4\0\0\0\0IEND\xaeB`\x82";

/// As the Bot API answers where all is well.
fn well(call: &Call, number: usize) -> Said {
    let method = call.path.rsplit('/').next().unwrap_or_default();
    if call.path.starts_with(&format!("/file/bot{TOKEN}/")) {
        return (200, vec![("content-type", "image/png".to_owned())], PNG.to_vec());
    }
    if !call.path.starts_with(&format!("/bot{TOKEN}/")) {
        return (401, Vec::new(), json!({"ok": false, "error_code": 401, "description": "Unauthorized"}).to_string().into_bytes());
    }
    let result = match method {
        "getMe" => json!({"id": 123_456, "is_bot": true, "first_name": "Shop", "username": "shop_bot"}),
        "getWebhookInfo" => json!({"url": "https://x.example", "has_custom_certificate": false, "pending_update_count": 0}),
        "getFile" => json!({"file_id": "F1", "file_unique_id": "u", "file_size": PNG.len(), "file_path": "photos/file_1.png"}),
        "setWebhook" | "deleteWebhook" | "answerCallbackQuery" => json!(true),
        _ => json!({"message_id": 1_000 + number, "date": 1_764_000_000, "chat": {"id": 77, "type": "private"}}),
    };
    answered(&json!({"ok": true, "result": result}))
}

async fn firm(provider: &Provider) -> Firm {
    Firm::with("telegram", json!({"token": TOKEN, "webhook_secret": SECRET, "base_url": provider.base})).await
}

fn update(number: u64, message: Value) -> Value {
    let mut whole = json!({
        "message_id": number,
        "from": {"id": 77, "is_bot": false, "first_name": "芳", "last_name": "王", "language_code": "zh-hans"},
        "chat": {"id": 77, "type": "private", "first_name": "芳", "last_name": "王"},
        "date": 1_764_000_000,
    });
    whole.as_object_mut().expect("object").extend(message.as_object().expect("object").clone());
    json!({"update_id": 900_000 + number, "message": whole})
}

async fn tell(firm: &Firm, update: &Value, secret: &str) -> (u16, String) {
    let client = reqwest::Client::new();
    let request = client.post(firm.callback()).header("x-telegram-bot-api-secret-token", secret).header("content-type", "application/json");
    let answer = request.body(update.to_string()).send().await.expect("answer");
    (answer.status().as_u16(), answer.text().await.expect("text"))
}

#[tokio::test]
async fn a_customer_writes_the_bot_answers_and_an_agent_takes_over() {
    let provider = Provider::start(well).await;
    let firm = firm(&provider).await;
    let question = update(1, json!({"text": "你们的退货政策是什么？😀𠮷"}));
    // Told five times at once, as providers do that did not hear the answer in time.
    let told = futures::future::join_all((0..5).map(|_| tell(&firm, &question, SECRET))).await;
    assert!(told.iter().all(|it| it.0 == 200), "{told:?}");
    let conversations = firm.conversations().await;
    assert_eq!(conversations.len(), 1, "{conversations:?}");
    let conversation = text(&conversations[0]["id"]);
    assert_eq!(firm.said(&conversation).await, [json!({"type": "text", "text": "你们的退货政策是什么？😀𠮷"})]);
    assert_eq!(conversations[0]["contact"]["name"], "芳 王");
    let is_send = |it: &Call| it.path.ends_with("/sendMessage");
    let first = provider.until(1, "the bot's answer", is_send).await;
    assert_eq!(first[0].json()["chat_id"].to_string().trim_matches('"'), "77", "{:?}", first[0].json());

    let mut desk = Client::connect(&firm.server, "member", &firm.server.token(ADA), None).await;
    desk.act("t1", Some(&conversation), json!({"action": "take"})).await;
    let before = provider.calls(is_send).len();
    let long = format!("{}👨‍👩‍👧‍👦。", "您好，退货请在七天内申请。".repeat(400));
    let sent = json!({"t": "send", "id": "m1", "conversation": conversation, "content": {"type": "text", "text": long}});
    desk.say(&sent).await;
    let receipt = desk.answer("m1").await;
    assert_eq!(receipt["t"], "ack", "{receipt}");
    let pieces = provider.until(before + 2, "a long text in two", is_send).await;
    let texts: Vec<String> = pieces[before..].iter().map(|it| text(&it.json()["text"])).collect();
    assert!(texts.iter().all(|it| it.encode_utf16().count() <= 4_096), "{:?}", texts.iter().map(|it| it.encode_utf16().count()).collect::<Vec<_>>());
    assert_eq!(texts.concat(), long);
    let delivered = firm.until(&conversation, "the delivery", |it| it["event"]["kind"] == "delivery_changed" && it["event"]["state"] == "sent").await;
    assert!(delivered["event"]["message"].is_string());
}

#[tokio::test]
async fn strangers_are_refused_and_the_malformed_is_named() {
    let provider = Provider::start(well).await;
    let firm = firm(&provider).await;
    let question = update(1, json!({"text": "hello"}));
    for secret in ["", "word", "word_of-our-owm"] {
        let (status, body) = tell(&firm, &question, secret).await;
        assert!(status == 401 && body.contains("channel.bad_signature"), "{secret}: {status} {body}");
    }
    let (status, body) = tell(&firm, &json!({"message": {}}), SECRET).await;
    assert!(status == 400 && body.contains("channel.malformed"), "{status} {body}");
    assert!(firm.conversations().await.is_empty());
    let web = reqwest::Client::new().post(format!("http://{}/channels/demo-shop", firm.server.address)).send().await.expect("answer");
    assert_eq!(web.status().as_u16(), 404, "the web chat has no provider");
    let widget = firm.anonymous.post("/widget/session", json!({"key": firm.key, "locale": "zh-CN"})).await;
    assert_eq!(widget.code(), "not_found", "an inbox of a provider has no widget");
}

#[tokio::test]
async fn pictures_are_fetched_and_what_follows_them_waits() {
    let provider = Provider::start(well).await;
    let firm = firm(&provider).await;
    let photo = update(1, json!({"photo": [{"file_id": "F0", "file_unique_id": "a", "width": 90, "height": 90}, {"file_id": "F1", "file_unique_id": "b", "width": 1, "height": 1}], "caption": "就是这双鞋"}));
    assert_eq!(tell(&firm, &photo, SECRET).await.0, 200);
    assert_eq!(tell(&firm, &update(2, json!({"text": "可以换吗"})), SECRET).await.0, 200);
    provider.until(1, "the file", |it| it.path.starts_with("/file/")).await;
    let conversation = loop {
        if let Some(it) = firm.conversations().await.first() {
            break text(&it["id"]);
        }
        tokio::task::yield_now().await;
    };
    firm.until(&conversation, "the text after the picture", |it| it["event"]["message"]["content"]["text"] == "可以换吗").await;
    let said = firm.said(&conversation).await;
    let kinds: Vec<&str> = said.iter().filter_map(|it| it["type"].as_str()).collect();
    assert_eq!((kinds, &said[1]["text"]), (vec!["image", "text", "text"], &json!("就是这双鞋")), "{said:?}");
    assert_eq!((&said[0]["file"]["media_type"], &said[0]["file"]["bytes"]), (&json!("image/png"), &json!(PNG.len())));
    assert_eq!(tell(&firm, &photo, SECRET).await.0, 200);
    assert_eq!(firm.said(&conversation).await.len(), 3, "told again it is known");
}

#[tokio::test]
async fn a_provider_that_is_busy_is_asked_again_and_one_that_refuses_is_told_of() {
    let busy = Provider::start(|call, number| {
        if call.path.ends_with("/sendMessage") && number < 2 {
            let body = json!({"ok": false, "error_code": 429, "description": "Too Many Requests: retry after 1", "parameters": {"retry_after": 1}});
            return (429, vec![("content-type", "application/json".to_owned())], body.to_string().into_bytes());
        }
        well(call, number)
    });
    let busy = busy.await;
    let firm = firm(&busy).await;
    tell(&firm, &update(1, json!({"text": "退货政策"})), SECRET).await;
    let conversation = text(&firm.conversations().await[0]["id"]);
    firm.until(&conversation, "sent at last", |it| it["event"]["kind"] == "delivery_changed" && it["event"]["state"] == "sent").await;
    let sends = busy.calls(|it| it.path.ends_with("/sendMessage"));
    assert!(sends.len() >= 3 && sends[0].json()["text"] == sends[2].json()["text"], "{}", sends.len());

    let blocked = Provider::start(|call, number| {
        if call.path.ends_with("/sendMessage") {
            let body = json!({"ok": false, "error_code": 403, "description": "Forbidden: bot was blocked by the user"});
            return (403, vec![("content-type", "application/json".to_owned())], body.to_string().into_bytes());
        }
        well(call, number)
    });
    let blocked = blocked.await;
    let firm = self::firm(&blocked).await;
    tell(&firm, &update(1, json!({"text": "退货政策"})), SECRET).await;
    let conversation = text(&firm.conversations().await[0]["id"]);
    let failed = firm.until(&conversation, "the failure", |it| it["event"]["kind"] == "delivery_changed" && it["event"]["state"] == "failed").await;
    assert!(text(&failed["event"]["code"]).starts_with("unreachable"), "{failed}");
    let stuck = firm.owner.get("/deliveries/stuck").await.good().json();
    assert_eq!((stuck["items"][0]["kind"].clone(), stuck["items"][0]["outcome"].clone()), (json!("message"), json!("rejected")), "{stuck}");
    let id = text(&stuck["items"][0]["id"]);
    firm.owner.post(&format!("/deliveries/{id}/retry"), json!({})).await.good();
    blocked.until(2, "tried again", |it| it.path.ends_with("/sendMessage")).await;
}

#[tokio::test]
async fn each_step_of_the_check_says_what_it_found() {
    let provider = Provider::start(well).await;
    let firm = firm(&provider).await;
    let steps = firm.owner.post(&format!("/inboxes/{}/channel/check", firm.inbox), json!({})).await.good().json();
    let passed: Vec<(String, bool)> = steps["items"].as_array().expect("items").iter().map(|it| (text(&it["name"]), it["passed"] == true)).collect();
    assert_eq!(passed, [("configured".to_owned(), true), ("token".to_owned(), true), ("callback".to_owned(), true), ("delivery".to_owned(), true)], "{steps}");
    let hook = provider.calls(|it| it.path.ends_with("/setWebhook"));
    assert_eq!((hook[0].json()["url"].clone(), hook[0].json()["secret_token"].clone()), (json!(firm.callback()), json!(SECRET)));
    let wrong = firm.owner.ask("PUT", &format!("/inboxes/{}/channel", firm.inbox), crate::Sent::Json(json!({"fields": {"token": "123456:WRONG"}}))).await.good().json();
    assert_eq!(wrong["missing"], json!([]));
    let steps = firm.owner.post(&format!("/inboxes/{}/channel/check", firm.inbox), json!({})).await.good().json();
    let last = steps["items"].as_array().expect("items").last().expect("a step").clone();
    assert_eq!((&last["name"], &last["passed"]), (&json!("token"), &json!(false)), "{steps}");
}
