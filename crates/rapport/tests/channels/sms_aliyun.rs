//! Short messages by Alibaba Cloud: pushes to a secret address, signed calls with one approved form, receipts, and errors by name.

use rapport_wire::channel::{Method, request::form_pairs, sms::aliyun::signature};
use serde_json::{Value, json};

use crate::{
    Firm,
    desk::{Desk, checked, configure, failed, first},
    provider::{Call, Provider, Said, json as answered, json_with},
};

const KEY: &str = "LTAI_test";
const SECRET: &str = "secret_test";
const WORD: &str = "a-word_of-our-own-0123";

fn is_send(call: &Call) -> bool {
    call.field("Action") == "SendSms"
}

/// What stands in the form's one variable.
fn words(call: &Call) -> String {
    let told: Value = serde_json::from_str(&call.field("TemplateParam")).unwrap_or_default();
    told["text"].as_str().unwrap_or_default().to_owned()
}

/// As the API answers where all is well.
fn well(call: &Call, number: usize) -> Said {
    let pairs = form_pairs(&call.body);
    let unsigned: Vec<(&str, &str)> = pairs.iter().filter(|it| it.0 != "Signature").map(|it| (it.0.as_str(), it.1.as_str())).collect();
    if call.field("Signature") != signature(Method::Post, SECRET, &unsigned) {
        return json_with(400, &json!({"Code": "SignatureDoesNotMatch", "Message": "words", "RequestId": "r"}));
    }
    match call.field("Action").as_str() {
        "SendSms" => answered(&json!({"Code": "OK", "Message": "OK", "BizId": format!("{number}^0"), "RequestId": "r"})),
        "QuerySmsSign" => answered(&json!({"Code": "OK", "SignName": "阿里云", "SignStatus": 1, "RequestId": "r"})),
        "QuerySmsTemplate" => answered(&json!({"Code": "OK", "TemplateStatus": 1, "TemplateContent": "客服回复：${text}", "RequestId": "r"})),
        _ => json_with(404, &json!({"Code": "InvalidAction.NotFound", "Message": "words"})),
    }
}

async fn firm(provider: &Provider) -> Firm {
    let fields = json!({"access_key_id": KEY, "access_key_secret": SECRET, "sign_name": "阿里云", "text_template": "SMS_1", "text_variable": "text", "push_secret": WORD, "base_url": provider.base});
    Firm::with("sms_aliyun", fields).await
}

async fn push(firm: &Firm, word: &str, body: &Value) -> (u16, String) {
    let request = reqwest::Client::new().post(format!("{}{word}", firm.callback())).header("content-type", "application/json");
    let answer = request.body(body.to_string()).send().await.expect("answer");
    (answer.status().as_u16(), answer.text().await.expect("text"))
}

fn up(sequence: u64, content: &str) -> Value {
    json!([{"phone_number": "13800138000", "send_time": "2025-11-25 00:00:00", "content": content, "sign_name": "阿里云", "dest_code": "1234", "sequence_id": sequence}])
}

async fn tell(firm: &Firm, body: &Value) -> (u16, String) {
    push(firm, &format!("/{WORD}"), body).await
}

#[tokio::test]
async fn a_customer_writes_and_what_is_answered_is_followed_until_it_is_there() {
    let provider = Provider::start(well).await;
    let firm = firm(&provider).await;
    let question = up(1, "订单到哪了😀𠮷");
    let told = futures::future::join_all((0..5).map(|_| tell(&firm, &question))).await;
    assert!(told.iter().all(|it| it.0 == 200 && it.1.contains(r#""code":0"#)), "{told:?}");
    let mut desk = Desk::take(&firm).await;
    assert_eq!(firm.said(&desk.conversation).await, [json!({"type": "text", "text": "订单到哪了😀𠮷"})]);
    let long = format!("{}👨‍👩‍👧‍👦𠮷。", "您好，退货请在七天内申请。".repeat(50));
    desk.says(&long).await;
    desk.until(&long, "sent").await;
    let pieces: Vec<String> = provider.calls(is_send).iter().map(words).filter(|it| it.starts_with("您好，退货") || it.ends_with("𠮷。")).collect();
    assert!(pieces.len() > 1 && pieces.iter().all(|it| it.encode_utf16().count() <= 500), "{:?}", pieces.iter().map(|it| it.encode_utf16().count()).collect::<Vec<_>>());
    assert_eq!(pieces.concat(), long);

    desk.says("请稍等").await;
    desk.until("请稍等", "sent").await;
    let calls = provider.calls(|_| true);
    let at = calls.iter().position(|it| words(it) == "请稍等").expect("sent");
    assert_eq!((calls[at].field("PhoneNumbers"), calls[at].field("SignName"), calls[at].field("TemplateCode")), ("13800138000".to_owned(), "阿里云".to_owned(), "SMS_1".to_owned()));
    let report = json!([{"phone_number": "13800138000", "report_time": "2025-11-25 00:00:05", "success": true, "err_code": "DELIVERED", "biz_id": format!("{at}^0")}]);
    assert_eq!(tell(&firm, &report).await.0, 200);
    desk.until("请稍等", "delivered").await;
    let nonces: std::collections::BTreeSet<String> = calls.iter().map(|it| it.field("SignatureNonce")).collect();
    assert_eq!(nonces.len(), calls.len(), "new for each call");
}

#[tokio::test]
async fn who_does_not_know_the_address_is_refused() {
    let provider = Provider::start(well).await;
    let firm = firm(&provider).await;
    for word in ["", "/a-word_of-our-own-0124", "/a-word_of-our-own-0123/x"] {
        let (status, said) = push(&firm, word, &up(1, "hello")).await;
        assert!(status == 401 && said.contains("channel.bad_signature"), "{word}: {status} {said}");
    }
    let (status, said) = tell(&firm, &json!({})).await;
    assert!(status == 400 && said.contains("channel.malformed"), "{status} {said}");
    assert!(firm.conversations().await.is_empty());
}

#[tokio::test]
async fn a_word_that_stops_is_obeyed_and_files_are_told_not_to_go() {
    let provider = Provider::start(well).await;
    let firm = firm(&provider).await;
    tell(&firm, &up(1, "退货政策")).await;
    let mut desk = Desk::take(&firm).await;
    desk.sends_picture().await;
    let failed = firm.until(&desk.conversation, "the picture", |it| it["event"]["kind"] == "delivery_changed" && it["event"]["state"] == "failed").await;
    assert_eq!(failed["event"]["code"], "refused:unsupported");
    assert_eq!(tell(&firm, &up(2, "TD")).await.0, 200);
    desk.says("您还在吗").await;
    assert_eq!(desk.until("您还在吗", "failed").await, "unreachable");
    assert!(provider.calls(is_send).iter().all(|it| words(it) != "您还在吗"));
}

#[tokio::test]
async fn what_does_not_go_out_is_tried_again_or_told() {
    let busy = Provider::start(|call, number| match number {
        0 => json_with(200, &json!({"Code": "isv.BUSINESS_LIMIT_CONTROL", "Message": "words"})),
        1 => json_with(400, &json!({"Code": "InvalidAccessKeyId.Inactive", "Message": "words"})),
        _ => well(call, number),
    });
    let busy = busy.await;
    let firm = firm(&busy).await;
    tell(&firm, &up(1, "退货政策")).await;
    let conversation = first(&firm).await;
    firm.until(&conversation, "sent at last", |it| it["event"]["kind"] == "delivery_changed" && it["event"]["state"] == "sent").await;
    let sends = busy.calls(is_send);
    assert!(sends.len() >= 3 && words(&sends[0]) == words(&sends[2]) && sends[0].field("OutId") == sends[2].field("OutId"), "{}", sends.len());

    for (code, expected) in [("isv.MOBILE_IN_BLACK", "unreachable:isv.MOBILE_IN_BLACK"), ("isv.AMOUNT_NOT_ENOUGH", "refused:isv.AMOUNT_NOT_ENOUGH")] {
        let provider = Provider::start(move |_call, _number| json_with(200, &json!({"Code": code, "Message": "words"}))).await;
        let firm = self::firm(&provider).await;
        tell(&firm, &up(1, "退货政策")).await;
        assert_eq!(failed(&firm).await, expected);
    }
}

#[tokio::test]
async fn each_step_of_the_check_says_what_it_found() {
    let provider = Provider::start(well).await;
    let firm = firm(&provider).await;
    let (steps, whole) = checked(&firm).await;
    let named: Vec<(&str, Value)> = steps.iter().map(|it| (it.0.as_str(), it.1.clone())).collect();
    assert_eq!(named, [("configured", json!(true)), ("token", json!(true)), ("signature", json!(true)), ("template", json!(true)), ("callback", Value::Null)], "{whole}");
    assert!(whole.to_string().contains(&firm.callback()) && !whole.to_string().contains(WORD), "{whole}");
    configure(&firm, json!({"text_variable": "content"})).await;
    let (steps, whole) = checked(&firm).await;
    assert!(steps.contains(&("template".to_owned(), json!(false))), "{whole}");
    configure(&firm, json!({"access_key_secret": "wrong"})).await;
    assert_eq!(checked(&firm).await.0.last(), Some(&("token".to_owned(), json!(false))));
    configure(&firm, json!({"push_secret": "short"})).await;
    assert_eq!(checked(&firm).await.0.last(), Some(&("secret".to_owned(), json!(false))));
}
