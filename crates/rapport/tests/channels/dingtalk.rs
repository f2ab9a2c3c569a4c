//! DingTalk: signed messages of a robot, answers within their session and by the robot's interface when it is over.

use std::sync::atomic::{AtomicUsize, Ordering};

use rapport_wire::channel::dingtalk::sign;
use serde_json::{Value, json};

use crate::{
    Firm,
    provider::{Call, Provider, Said, json as answered},
    support::http::PNG,
    talk::{PDF, checked, first, now_ms, reconfigured, say, say_file, steps, taken, until_delivery, until_said},
    text,
};

const SECRET: &str = "SEComni0123456789";
const HOUR_MS: u64 = 3_600_000;

fn refused(status: u16, code: &str) -> Said {
    (status, vec![("content-type", "application/json".to_owned())], json!({"code": code, "message": "no", "requestid": "r"}).to_string().into_bytes())
}

/// As both of DingTalk's hosts answer where all is well.
fn well(call: &Call, number: usize) -> Said {
    let path = call.path.split('?').next().unwrap_or_default();
    let is_named = call.header("x-acs-dingtalk-access-token").starts_with('T');
    answered(&match path {
        "/v1.0/oauth2/accessToken" if call.json()["appSecret"] == "wrong" => return refused(400, "invalidClientIdOrSecret"),
        "/v1.0/oauth2/accessToken" => json!({"accessToken": format!("T{number}"), "expireIn": 7_200}),
        "/robot/sendBySession" => json!({"errcode": 0, "errmsg": "ok"}),
        "/media/upload" if call.path.contains("access_token=T") => json!({"errcode": 0, "errmsg": "ok", "media_id": "@m1", "type": "file"}),
        "/file/1" => return (200, vec![("content-type", "image/png".to_owned())], PNG.to_vec()),
        "/v1.0/robot/messageFiles/download" if is_named => json!({"downloadUrl": format!("http://{}/file/1", call.header("host"))}),
        "/v1.0/robot/oToMessages/batchSend" if is_named => json!({"processQueryKey": format!("q{number}"), "invalidStaffIdList": [], "flowControlledStaffIdList": []}),
        _ => return refused(404, "NotFound"),
    })
}

fn within_session(it: &Call) -> bool {
    it.path.starts_with("/robot/sendBySession")
}

fn by_interface(it: &Call) -> bool {
    it.path == "/v1.0/robot/oToMessages/batchSend"
}

async fn firm(provider: &Provider) -> Firm {
    Firm::with("dingtalk", json!({"client_id": "ding1", "client_secret": SECRET, "base_url": provider.base, "oapi_url": provider.base})).await
}

/// `lives_ms`: how long answers may go to its session; none is over at once.
fn message(id: &str, lives_ms: u64, fields: Value) -> Value {
    let now = now_ms();
    let mut message = json!({
        "conversationId": "cid1==", "conversationType": "1", "msgId": id, "senderNick": "张三", "senderStaffId": "s1", "senderId": "$:LWCP_v1:$x",
        "sessionWebhook": "https://oapi.dingtalk.com/robot/sendBySession?session=abc", "sessionWebhookExpiredTime": now + lives_ms,
        "createAt": now, "robotCode": "ding1", "chatbotUserId": "$:LWCP_v1:$bot"
    });
    message.as_object_mut().expect("object").extend(fields.as_object().expect("object").clone());
    message
}

fn words(id: &str, lives_ms: u64, text: &str) -> Value {
    message(id, lives_ms, json!({"msgtype": "text", "text": {"content": text}}))
}

async fn tell_signed(firm: &Firm, message: &Value, at: &str, signature: &str) -> (u16, String) {
    let request = reqwest::Client::new().post(firm.callback()).header("content-type", "application/json").header("timestamp", at).header("sign", signature);
    let answer = request.body(message.to_string()).send().await.expect("answer");
    (answer.status().as_u16(), answer.text().await.expect("text"))
}

async fn tell(firm: &Firm, message: &Value) -> (u16, String) {
    let at = now_ms().to_string();
    tell_signed(firm, message, &at, &sign(SECRET, &at)).await
}

#[tokio::test]
async fn a_signed_message_told_five_times_is_one_and_forged_or_old_ones_are_refused() {
    let provider = Provider::start(well).await;
    let firm = firm(&provider).await;
    let question = words("msg1", HOUR_MS, " 你们的退货政策是什么？😀𠮷");
    let (now, old) = (now_ms().to_string(), (now_ms() - 61 * 60_000).to_string());
    for (at, signature) in [(&now, sign("other", &now)), (&now, String::new()), (&old, sign(SECRET, &now))] {
        let (status, why) = tell_signed(&firm, &question, at, &signature).await;
        assert!(status == 401 && why.contains("channel.bad_signature"), "{status} {why}");
    }
    let (status, why) = tell_signed(&firm, &question, &old, &sign(SECRET, &old)).await;
    assert!(status == 401 && why.contains("channel.stale"), "{status} {why}");
    let other = message("msg1", HOUR_MS, json!({"robotCode": "ding_other", "msgtype": "text", "text": {"content": "x"}}));
    assert_eq!(tell(&firm, &other).await.0, 400, "for another robot");
    assert!(firm.conversations().await.is_empty());

    let told = futures::future::join_all((0..5).map(|_| tell(&firm, &question))).await;
    assert!(told.iter().all(|it| *it == (200, "{}".to_owned())), "{told:?}");
    let conversations = firm.conversations().await;
    assert_eq!((conversations.len(), &conversations[0]["contact"]["name"]), (1, &json!("张三")), "{conversations:?}");
    let conversation = first(&firm).await;
    assert_eq!(firm.said(&conversation).await, [json!({"type": "text", "text": "你们的退货政策是什么？😀𠮷"})]);
}

#[tokio::test]
async fn answers_go_to_the_session_and_long_ones_in_pieces() {
    let provider = Provider::start(well).await;
    let firm = firm(&provider).await;
    assert_eq!(tell(&firm, &words("msg1", HOUR_MS, "退货政策")).await.0, 200);
    let conversation = first(&firm).await;
    provider.until(1, "the bot's answer", within_session).await;
    until_delivery(&firm, &conversation, "sent").await;
    let mut desk = taken(&firm, &conversation).await;
    let long = format!("{}👨‍👩‍👧‍👦𠮷。", "您好，退货请在七天内申请。".repeat(200));
    let words = |it: &Call| it.json()["text"]["content"].as_str().unwrap_or_default().to_owned();
    say(&mut desk, &conversation, "m1", json!({"type": "text", "text": long})).await;
    say(&mut desk, &conversation, "m2", json!({"type": "text", "text": "完"})).await;
    provider.until(1, "what follows", |it| within_session(it) && words(it) == "完").await;
    let pieces = provider.calls(|it| within_session(it) && words(it).contains("退货请在七天内申请。您好，"));
    let texts: Vec<String> = pieces.iter().map(words).collect();
    assert!(texts.len() == 2 && texts.iter().all(|it| it.len() <= 5_000), "{:?}", texts.iter().map(String::len).collect::<Vec<_>>());
    assert_eq!(texts.concat(), long);
    assert!(pieces.iter().all(|it| it.path.ends_with("?session=abc") && it.header("x-acs-dingtalk-access-token").is_empty()), "a session needs no token");
    assert!(provider.calls(by_interface).is_empty());
}

#[tokio::test]
async fn when_the_session_is_over_the_robot_s_interface_is_used_with_a_fresh_token() {
    let provider = Provider::start(|call, number| {
        // The first token ends at once; and a session that is said to last does not.
        if by_interface(call) && call.header("x-acs-dingtalk-access-token") == "T0" {
            return refused(400, "InvalidAuthentication");
        }
        if within_session(call) { answered(&json!({"errcode": 300_001, "errmsg": "session is over"})) } else { well(call, number) }
    });
    let provider = provider.await;
    let firm = firm(&provider).await;
    assert_eq!(tell(&firm, &words("msg1", 0, "退货政策")).await.0, 200);
    let conversation = first(&firm).await;
    let sends = provider.until(2, "the bot's answer", by_interface).await;
    let token = |it: &Call| it.header("x-acs-dingtalk-access-token").to_owned();
    assert_eq!((token(&sends[0]).as_str(), token(&sends[1]).as_str(), sends[0].json() == sends[1].json()), ("T0", "T2", true));
    assert_eq!((sends[1].json()["robotCode"].clone(), sends[1].json()["userIds"].clone()), (json!("ding1"), json!(["s1"])));
    until_delivery(&firm, &conversation, "sent").await;
    assert!(provider.calls(within_session).is_empty());

    let mut desk = taken(&firm, &conversation).await;
    assert_eq!(tell(&firm, &words("msg2", HOUR_MS, "在吗")).await.0, 200);
    say(&mut desk, &conversation, "m1", json!({"type": "text", "text": "在的"})).await;
    let is_it = |it: &Call| by_interface(it) && text(&it.json()["msgParam"]).contains("在的");
    provider.until(1, "by the interface after the session refused", is_it).await;
    assert_eq!(provider.calls(within_session).len(), 1);
}

#[tokio::test]
async fn pictures_are_fetched_without_a_token_and_files_are_sent() {
    let provider = Provider::start(well).await;
    let firm = firm(&provider).await;
    assert_eq!(tell(&firm, &message("msg1", HOUR_MS, json!({"msgtype": "picture", "content": {"downloadCode": "D1"}}))).await.0, 200);
    assert_eq!(tell(&firm, &words("msg2", HOUR_MS, "可以换吗")).await.0, 200);
    let conversation = first(&firm).await;
    until_said(&firm, &conversation, "可以换吗").await;
    let said = firm.said(&conversation).await;
    assert_eq!((said.len(), &said[0]["type"], &said[0]["file"]["bytes"]), (2, &json!("image"), &json!(PNG.len())), "{said:?}");
    let asked = provider.calls(|it| it.path == "/v1.0/robot/messageFiles/download");
    assert_eq!(asked[0].json(), json!({"downloadCode": "D1", "robotCode": "ding1"}));
    let fetched = provider.calls(|it| it.path == "/file/1");
    assert!(fetched[0].header("x-acs-dingtalk-access-token").is_empty() && fetched[0].header("authorization").is_empty(), "whoever serves the file is told nothing");

    let mut desk = taken(&firm, &conversation).await;
    say_file(&firm, &mut desk, &conversation, ("说明.pdf", PDF)).await;
    let sends = provider.until(1, "the file", by_interface).await;
    let parameters: Value = serde_json::from_str(&text(&sends[0].json()["msgParam"])).expect("json");
    assert_eq!((sends[0].json()["msgKey"].clone(), parameters), (json!("sampleFile"), json!({"mediaId": "@m1", "fileName": "说明.pdf", "fileType": "pdf"})));
    let uploads = provider.calls(|it| it.path.starts_with("/media/upload"));
    assert!(String::from_utf8_lossy(&uploads[0].body).contains("%PDF"));
}

#[tokio::test]
async fn a_busy_provider_is_asked_again_and_a_member_who_is_gone_is_told_of() {
    let sends = AtomicUsize::new(0);
    let busy = Provider::start(move |call, number| match within_session(call).then(|| sends.fetch_add(1, Ordering::SeqCst)) {
        Some(0) => (429, vec![("retry-after", "1".to_owned())], Vec::new()),
        _ => well(call, number),
    });
    let busy = busy.await;
    let firm = firm(&busy).await;
    tell(&firm, &words("msg1", HOUR_MS, "退货政策")).await;
    let conversation = first(&firm).await;
    until_delivery(&firm, &conversation, "sent").await;
    let sends = busy.calls(within_session);
    assert_eq!(sends[0].json(), sends[1].json());

    let gone = Provider::start(|call, number| {
        if by_interface(call) { answered(&json!({"processQueryKey": "q", "invalidStaffIdList": ["s1"], "flowControlledStaffIdList": []})) } else { well(call, number) }
    });
    let gone = gone.await;
    let firm = self::firm(&gone).await;
    tell(&firm, &words("msg1", 0, "退货政策")).await;
    let conversation = first(&firm).await;
    let failed = until_delivery(&firm, &conversation, "failed").await;
    assert_eq!(failed["event"]["code"], "unreachable:invalidStaffIdList", "{failed}");
}

#[tokio::test]
async fn each_step_of_the_check_says_what_it_found() {
    let provider = Provider::start(well).await;
    let firm = firm(&provider).await;
    assert_eq!(checked(&firm).await, steps(&[("configured", Some(true)), ("token", Some(true)), ("callback", None)]));
    reconfigured(&firm, json!({"client_secret": "wrong"})).await;
    assert_eq!(checked(&firm).await, steps(&[("configured", Some(true)), ("token", Some(false))]));
    let private = firm.owner.ask("PUT", &format!("/inboxes/{}/channel", firm.inbox), crate::Sent::Json(json!({"fields": {"oapi_url": "http://10.0.0.1/"}}))).await;
    assert_eq!(private.code(), "channel.url_refused");
}
