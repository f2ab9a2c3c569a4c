//! Feishu: sealed and open events, messages under a key of ours, files by message and key.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::{
    Firm,
    provider::{Call, Provider, Said, json as answered},
    support::http::PNG,
    talk::{PDF, checked, first, now_ms, reconfigured, say, say_file, steps, taken, until_delivered, until_delivery, until_said},
    text,
};

/// The vectors that Feishu's own clients agree on.
const APP: &str = "cli_a1b2c3d4e5f60001";
const TOKEN: &str = "omni_verification_token";
const KEY: &str = "omni_encrypt_key_2026";
const SEALED: &str = "AAECAwQFBgcICQoLDA0ODwDbUZ2GBVQTHrQoaO+47H7L8Ch9a25HMfU8fAQErdZVcYnUyvgu7BmT4JE7xX/ulUFQKcq5yLExHjWcsh8IF8t4W9L+F2zbFpIGTAbGl3cVGm26fzyKDLyGU/RT519vaWY/fvyP8bZCppqMDGHjnKuJNMHXheaBmqBaFAI7u9jXkTk2llAnJYdD10tkcpxQ3N2vBweQRBEsCkEvu9sWvnstvP2G1ABw2wqkHuZIQ+G8iwEsQXTfBNr4LCeBjvEu+fNIre8/e87fy/Eo9H+9gBsJzmKtnAaTUTK9+AjJVWo+3rrUuMIhlzCBOM78G/s6296Exjx8zwLyb81tdXOsR2IOcLpR567oT6SyMPIbcE8G39ig6CF4aSPyOv6MNxgEMnabs2+0IUYATYAqudbXhvPjXL4p030dIbfyAjb4ACz38eOyIfGjv/RasHkxT6oTaSH77rL92Er/0QcmYReThDJoiKtz/V0tEVeb2AzlZ49kcOAUbJbsdoApmSiWgti43w8G2oWs4dYuWM+cHjD5YMGgITTSRwZ6zLVVTQVphmwJ8MiltRoPUF7qVMJFhNPdsgXLkp5nm2BxS6BzEkx0Z6CH96jQU807ypssaWs6wt2b1YBOc02z42FSTN5xtkPFY4FQ1m/EAKuN6wce4PKmhkWY9gNS8cIzd/YVkp6cpwLM3t5+mxpdsZW4b7YnsFue9X16/ouGcIGmZccwgjyyWbHbbUj2gJik4vYh/2NYxSZADJ2RiGsTXWO66vMKp5jnEj6+B2xuUGZtiyk2pRlAOsaBO9U4QfL/0DYn7H0AU0Y2JhEnKlB7Kx4fQxf6Puoddy0VkkbGrxe6NwdlvxiQFuQ=";
const CHALLENGE: &str = "AAECAwQFBgcICQoLDA0OD4aOe5MPNyHaQw5kxc9oaRBB3Gd8rI8paH1TjjjR+TVrb4zWln9J4W+KlD7R+auZdCiSfuVgWna0gZcb/PlupXJMmH9beVRWYT0+fSa1Qy6EC0YtvJcDKPl7iU1z/grBXQ==";

fn refused(status: u16, code: u64) -> Said {
    (status, vec![("content-type", "application/json".to_owned())], json!({"code": code, "msg": "no"}).to_string().into_bytes())
}

/// As Feishu answers where all is well; tokens are told apart by when they were given.
fn well(call: &Call, number: usize) -> Said {
    let path = call.path.split('?').next().unwrap_or_default();
    let is_named = call.header("authorization").starts_with("Bearer T");
    match path {
        "/open-apis/auth/v3/tenant_access_token/internal" if call.json()["app_secret"] == "wrong" => answered(&json!({"code": 10_014, "msg": "app secret invalid"})),
        "/open-apis/auth/v3/tenant_access_token/internal" => answered(&json!({"code": 0, "msg": "ok", "tenant_access_token": format!("T{number}"), "expire": 7_200})),
        _ if !is_named => refused(400, 99_991_661),
        "/open-apis/bot/v3/info" => answered(&json!({"code": 0, "msg": "ok", "bot": {"app_name": "小助手", "open_id": "ou_bot", "activate_status": 2}})),
        "/open-apis/im/v1/images" => answered(&json!({"code": 0, "msg": "ok", "data": {"image_key": "img_out"}})),
        "/open-apis/im/v1/files" => answered(&json!({"code": 0, "msg": "ok", "data": {"file_key": "file_out"}})),
        "/open-apis/im/v1/messages" => answered(&json!({"code": 0, "msg": "ok", "data": {"message_id": format!("om_out_{number}")}})),
        _ if path.ends_with("/resources/img_1") => (200, vec![("content-type", "image/png".to_owned())], PNG.to_vec()),
        _ if path.ends_with("/resources/file_1") => (200, vec![("content-type", "application/pdf".to_owned())], PDF.to_vec()),
        _ => refused(404, 99),
    }
}

fn is_send(it: &Call) -> bool {
    it.path.starts_with("/open-apis/im/v1/messages?")
}

/// What the message holds, which is JSON within JSON.
fn content(call: &Call) -> Value {
    serde_json::from_str(&text(&call.json()["content"])).expect("content")
}

/// Without a key to seal events with.
async fn firm(provider: &Provider) -> Firm {
    Firm::with("feishu", json!({"app_id": APP, "app_secret": "s", "verification_token": TOKEN, "base_url": provider.base})).await
}

fn event(id: &str, kind: &str, event: Value) -> Value {
    let header = json!({"event_id": format!("ev_{id}"), "event_type": kind, "create_time": now_ms().to_string(), "token": TOKEN, "app_id": APP});
    json!({"schema": "2.0", "header": header, "event": event})
}

fn message(id: &str, kind: &str, content: &Value) -> Value {
    let sender = json!({"sender_id": {"open_id": "ou_1", "union_id": "on_1", "user_id": "u1"}, "sender_type": "user"});
    let message = json!({"message_id": id, "create_time": now_ms().to_string(), "chat_id": "oc_1", "chat_type": "p2p", "message_type": kind, "content": content.to_string()});
    event(id, "im.message.receive_v1", json!({"sender": sender, "message": message}))
}

async fn tell(firm: &Firm, event: &Value) -> (u16, String) {
    let answer = reqwest::Client::new().post(firm.callback()).header("content-type", "application/json").body(event.to_string()).send().await.expect("answer");
    (answer.status().as_u16(), answer.text().await.expect("text"))
}

async fn tell_signed(firm: &Firm, body: &str, at_s: u64, bent: bool) -> (u16, String) {
    let (at, nonce) = (at_s.to_string(), "987654321");
    let mut hash = Sha256::new();
    for part in [at.as_bytes(), nonce.as_bytes(), KEY.as_bytes(), body.as_bytes()] {
        hash.update(part);
    }
    let signature: String = hash.finalize().iter().map(|it| format!("{:02x}", if bent { it ^ 1 } else { *it })).collect();
    let request = reqwest::Client::new().post(firm.callback()).header("content-type", "application/json");
    let request = request.header("X-Lark-Request-Timestamp", at).header("X-Lark-Request-Nonce", nonce).header("X-Lark-Signature", signature);
    let answer = request.body(body.to_owned()).send().await.expect("answer");
    (answer.status().as_u16(), answer.text().await.expect("text"))
}

#[tokio::test]
async fn a_sealed_event_told_five_times_is_one_message_and_forged_or_old_ones_are_refused() {
    let provider = Provider::start(well).await;
    let fields = json!({"app_id": APP, "app_secret": "s", "verification_token": TOKEN, "encrypt_key": KEY, "base_url": provider.base});
    let firm = Firm::with("feishu", fields).await;
    let (status, challenge) = tell(&firm, &json!({"encrypt": CHALLENGE})).await;
    assert_eq!((status, challenge.as_str()), (200, r#"{"challenge":"ajls384kdjx98XX"}"#));
    let (body, now) = (json!({"encrypt": SEALED}).to_string(), now_ms() / 1_000);
    let (status, why) = tell_signed(&firm, &body, now, true).await;
    assert!(status == 401 && why.contains("channel.bad_signature"), "{status} {why}");
    for at in [now - 9 * 3_600, now + 9 * 3_600] {
        let (status, why) = tell_signed(&firm, &body, at, false).await;
        assert!(status == 401 && why.contains("channel.stale"), "{status} {why}");
    }
    let (status, why) = tell(&firm, &message("om_open", "text", &json!({"text": "x"}))).await;
    assert!(status == 401 && why.contains("channel.bad_signature"), "where a key is set nothing comes open: {status} {why}");
    assert!(firm.conversations().await.is_empty());

    let told = futures::future::join_all((0..5).map(|_| tell_signed(&firm, &body, now, false))).await;
    assert!(told.iter().all(|it| it.0 == 200 && it.1 == "{}"), "{told:?}");
    assert_eq!(firm.conversations().await.len(), 1);
    let conversation = first(&firm).await;
    assert_eq!(firm.said(&conversation).await, [json!({"type": "text", "text": "你好😀"})]);
}

#[tokio::test]
async fn texts_go_out_with_a_fresh_token_under_our_key_and_are_read() {
    let provider = Provider::start(|call, number| {
        // The first token ends at once.
        if is_send(call) && call.header("authorization") == "Bearer T0" { refused(400, 99_991_663) } else { well(call, number) }
    });
    let provider = provider.await;
    let firm = firm(&provider).await;
    let (status, why) = tell(&firm, &json!({"schema": "2.0", "header": {"token": "other"}})).await;
    assert!(status == 401 && why.contains("channel.bad_signature"), "{status} {why}");
    assert_eq!(tell(&firm, &message("om_1", "text", &json!({"text": "退货政策"}))).await.0, 200);
    let conversation = first(&firm).await;
    let sends = provider.until(2, "the bot's answer", is_send).await;
    assert_eq!((sends[0].header("authorization"), sends[1].header("authorization")), ("Bearer T0", "Bearer T2"));
    assert!(sends[1].path.ends_with("receive_id_type=open_id") && sends[1].json()["receive_id"] == "ou_1", "{} {}", sends[1].path, sends[1].json());
    assert_eq!(sends[0].json()["uuid"], sends[1].json()["uuid"], "the same key");
    until_delivery(&firm, &conversation, "sent").await;

    let mut desk = taken(&firm, &conversation).await;
    let long = format!("{}👨‍👩‍👧‍👦𠮷", "您好，退货请在七天内申请。".repeat(500));
    let is_long = |it: &Call| is_send(it) && content(it)["text"].as_str().is_some_and(|it| it.len() > 10_000);
    say(&mut desk, &conversation, "m1", json!({"type": "text", "text": long})).await;
    let whole = provider.until(1, "a long text, which Feishu takes whole", is_long).await;
    assert_eq!(content(&whole[0])["text"], json!(long));

    // The provider's id of what went out, by its answer: the number of the call.
    let number = provider.calls(|_| true).iter().position(is_long).expect("the call");
    let sent = firm.until(&conversation, "the long text", |it| it["event"]["message"]["content"]["text"] == json!(long)).await;
    let message = sent["event"]["message"]["id"].clone();
    until_delivered(&firm, &conversation, &message, "sent").await;
    let read = json!({"reader": {"reader_id": {"open_id": "ou_1"}, "read_time": now_ms().to_string()}, "message_id_list": [format!("om_out_{number}")]});
    assert_eq!(tell(&firm, &event("read", "im.message.message_read_v1", read)).await.0, 200);
    until_delivered(&firm, &conversation, &message, "read").await;
}

#[tokio::test]
async fn pictures_and_files_come_and_go() {
    let provider = Provider::start(well).await;
    let firm = firm(&provider).await;
    assert_eq!(tell(&firm, &message("om_1", "image", &json!({"image_key": "img_1"}))).await.0, 200);
    assert_eq!(tell(&firm, &message("om_2", "file", &json!({"file_key": "file_1", "file_name": "发票.pdf"}))).await.0, 200);
    assert_eq!(tell(&firm, &message("om_3", "text", &json!({"text": "可以换吗"}))).await.0, 200);
    let conversation = first(&firm).await;
    until_said(&firm, &conversation, "可以换吗").await;
    let said = firm.said(&conversation).await;
    let kinds: Vec<&str> = said.iter().filter_map(|it| it["type"].as_str()).collect();
    assert_eq!(kinds, ["image", "file", "text"], "{said:?}");
    assert_eq!((&said[0]["file"]["bytes"], &said[1]["file"]["name"], &said[1]["file"]["bytes"]), (&json!(PNG.len()), &json!("发票.pdf"), &json!(PDF.len())));
    let fetches = provider.calls(|it| it.path.contains("/resources/"));
    assert!(fetches[0].path.ends_with("/messages/om_1/resources/img_1?type=image"), "{}", fetches[0].path);

    let mut desk = taken(&firm, &conversation).await;
    say_file(&firm, &mut desk, &conversation, ("鞋.png", PNG)).await;
    say_file(&firm, &mut desk, &conversation, ("说明.pdf", PDF)).await;
    let is_file = |it: &Call| is_send(it) && it.json()["msg_type"] != "text" && it.json()["msg_type"] != "interactive";
    let sends = provider.until(2, "a picture and a file", is_file).await;
    assert_eq!((sends[0].json()["msg_type"].clone(), content(&sends[0])), (json!("image"), json!({"image_key": "img_out"})));
    assert_eq!((sends[1].json()["msg_type"].clone(), content(&sends[1])), (json!("file"), json!({"file_key": "file_out"})));
    let uploads = provider.calls(|it| it.path == "/open-apis/im/v1/files");
    let body = String::from_utf8_lossy(&uploads[0].body).into_owned();
    assert!(uploads[0].content_type.starts_with("multipart/form-data") && body.contains("说明.pdf") && body.contains("%PDF"), "{body}");
}

#[tokio::test]
async fn a_busy_or_vanished_answer_is_asked_for_again_and_a_refusal_is_told() {
    let sends = AtomicUsize::new(0);
    let busy = Provider::start(move |call, number| match is_send(call).then(|| sends.fetch_add(1, Ordering::SeqCst)) {
        Some(0) => (429, vec![("retry-after", "1".to_owned()), ("content-type", "application/json".to_owned())], json!({"code": 99_991_400, "msg": "limit"}).to_string().into_bytes()),
        // Whether it was taken is not known; Feishu takes a key once.
        Some(1) => (502, Vec::new(), Vec::new()),
        _ => well(call, number),
    });
    let busy = busy.await;
    let firm = firm(&busy).await;
    tell(&firm, &message("om_1", "text", &json!({"text": "退货政策"}))).await;
    let conversation = first(&firm).await;
    until_delivery(&firm, &conversation, "sent").await;
    let keys: Vec<Value> = busy.calls(is_send).iter().take(3).map(|it| it.json()["uuid"].clone()).collect();
    assert!(keys.len() == 3 && keys.iter().all(|it| *it == keys[0] && it.is_string()), "{keys:?}");

    let blocked = Provider::start(|call, number| if is_send(call) { refused(400, 230_013) } else { well(call, number) }).await;
    let firm = self::firm(&blocked).await;
    tell(&firm, &message("om_1", "text", &json!({"text": "退货政策"}))).await;
    let conversation = first(&firm).await;
    let failed = until_delivery(&firm, &conversation, "failed").await;
    assert_eq!(failed["event"]["code"], "unreachable:230013", "{failed}");
}

#[tokio::test]
async fn each_step_of_the_check_says_what_it_found() {
    let provider = Provider::start(well).await;
    let firm = firm(&provider).await;
    assert_eq!(checked(&firm).await, steps(&[("configured", Some(true)), ("token", Some(true)), ("robot", Some(true)), ("callback", None)]));
    reconfigured(&firm, json!({"app_secret": "wrong"})).await;
    assert_eq!(checked(&firm).await, steps(&[("configured", Some(true)), ("token", Some(false))]));
}
