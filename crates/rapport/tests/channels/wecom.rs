//! WeCom's applications: sealed callbacks, messages to members with a token that ends in between.

use std::sync::atomic::{AtomicUsize, Ordering};

use rapport_wire::channel::{
    envelope::{Key, Secret, seal},
    request::query,
};
use serde_json::{Value, json};

use crate::{
    Firm,
    provider::{Call, Provider, Said, json as answered},
    support::http::PNG,
    talk::{PDF, checked, first, now_ms, reconfigured, say, say_file, steps, taken, until_delivery, until_said},
    text,
};

pub(crate) const CORP: &str = "ww0123456789abcdef";
pub(crate) const TOKEN: &str = "omni_token_2026";
pub(crate) const KEY: &str = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";

/// As WeCom answers where all is well; faults come with status 200.
fn well(call: &Call, number: usize) -> Said {
    let path = call.path.split('?').next().unwrap_or_default();
    if path != "/cgi-bin/gettoken" && !call.path.contains("access_token=T") {
        return answered(&json!({"errcode": 41_001, "errmsg": "access_token missing"}));
    }
    answered(&match path {
        "/cgi-bin/gettoken" if call.path.contains("corpsecret=wrong") => json!({"errcode": 40_001, "errmsg": "invalid credential"}),
        "/cgi-bin/gettoken" => json!({"errcode": 0, "errmsg": "ok", "access_token": format!("T{number}"), "expires_in": 7_200}),
        "/cgi-bin/agent/get" if call.path.ends_with("agentid=7") => json!({"errcode": 0, "errmsg": "ok", "agentid": 7, "name": "客服"}),
        "/cgi-bin/agent/get" => json!({"errcode": 301_002, "errmsg": "not allow operate another agent with this accesstoken"}),
        "/cgi-bin/media/upload" => json!({"errcode": 0, "errmsg": "ok", "type": "file", "media_id": format!("m{number}"), "created_at": "1764000000"}),
        "/cgi-bin/message/send" => json!({"errcode": 0, "errmsg": "ok", "msgid": format!("out{number}")}),
        "/cgi-bin/media/get" => return (200, vec![("content-type", "image/png".to_owned())], PNG.to_vec()),
        _ => json!({"errcode": 404, "errmsg": path}),
    })
}

fn is_send(it: &Call) -> bool {
    it.path.starts_with("/cgi-bin/message/send")
}

async fn firm(provider: &Provider) -> Firm {
    Firm::with("wecom", json!({"corp_id": CORP, "agent_id": "7", "secret": "s", "token": TOKEN, "aes_key": KEY, "base_url": provider.base})).await
}

/// A query with what it signs: the body of a callback, or the echo of a check.
pub(crate) fn sealed(corp: &str, plain: &str, at_s: u64) -> (String, rapport_wire::channel::envelope::Sealed) {
    let secret = Secret { token: TOKEN.to_owned(), key: Some(Key::parse(KEY).expect("a key")) };
    let sealed = seal(&secret, corp, plain.as_bytes(), &at_s.to_string(), "987654321", [5; 16]).expect("sealed");
    (query(&[("msg_signature", &sealed.signature), ("timestamp", &sealed.timestamp), ("nonce", &sealed.nonce)]), sealed)
}

pub(crate) async fn tell_at(firm: &Firm, corp: &str, plain: &str, at_s: u64) -> (u16, String) {
    let (query, sealed) = sealed(corp, plain, at_s);
    post(firm, &query, sealed.xml()).await
}

pub(crate) async fn tell(firm: &Firm, plain: &str) -> (u16, String) {
    tell_at(firm, CORP, plain, now_ms() / 1_000).await
}

pub(crate) async fn post(firm: &Firm, query: &str, body: Vec<u8>) -> (u16, String) {
    let answer = reqwest::Client::new().post(format!("{}?{query}", firm.callback())).header("content-type", "text/xml").body(body).send().await.expect("answer");
    (answer.status().as_u16(), answer.text().await.expect("text"))
}

/// The check of an address.
pub(crate) async fn echoed(firm: &Firm, corp: &str) -> (u16, String) {
    let (signed, sealed) = sealed(corp, "1616140317555161061", now_ms() / 1_000);
    let url = format!("{}?{signed}&{}", firm.callback(), query(&[("echostr", &sealed.encrypted)]));
    let answer = reqwest::get(url).await.expect("answer");
    (answer.status().as_u16(), answer.text().await.expect("text"))
}

fn said(id: u32, fields: &str) -> String {
    let at = now_ms() / 1_000;
    format!("<xml><ToUserName>{CORP}</ToUserName><FromUserName>zhangsan</FromUserName><CreateTime>{at}</CreateTime>{fields}<MsgId>{id}</MsgId><AgentID>7</AgentID></xml>")
}

fn words(id: u32, text: &str) -> String {
    said(id, &format!("<MsgType>text</MsgType><Content><![CDATA[{text}]]></Content>"))
}

#[tokio::test]
async fn a_sealed_call_told_five_times_is_one_message_and_forged_or_old_ones_are_refused() {
    let provider = Provider::start(well).await;
    let firm = firm(&provider).await;
    assert_eq!(echoed(&firm, CORP).await, (200, "1616140317555161061".to_owned()), "as it was sealed, without anything around it");
    assert_eq!(echoed(&firm, "ww_other").await.0, 400, "for another company");
    let question = words(1, "你们的退货政策是什么？😀𠮷");
    let (query, sealed) = sealed(CORP, &question, now_ms() / 1_000);
    for bent in [query.replace("nonce=9", "nonce=8"), String::new()] {
        let (status, why) = post(&firm, &bent, sealed.xml()).await;
        assert!(status == 401 && why.contains("channel.bad_signature"), "{status} {why}");
    }
    let (status, why) = post(&firm, &query, question.clone().into_bytes()).await;
    assert!(status == 401 && why.contains("channel.bad_signature"), "what is not sealed: {status} {why}");
    let (status, why) = tell_at(&firm, CORP, &question, now_ms() / 1_000 - 3_700).await;
    assert!(status == 401 && why.contains("channel.stale"), "{status} {why}");
    assert!(firm.conversations().await.is_empty());

    let told = futures::future::join_all((0..5).map(|_| tell(&firm, &question))).await;
    assert!(told.iter().all(|it| *it == (200, "success".to_owned())), "{told:?}");
    assert_eq!(firm.conversations().await.len(), 1);
    let conversation = first(&firm).await;
    assert_eq!(firm.said(&conversation).await, [json!({"type": "text", "text": "你们的退货政策是什么？😀𠮷"})]);
}

#[tokio::test]
async fn texts_go_out_with_a_fresh_token_and_long_ones_in_pieces() {
    let provider = Provider::start(|call, number| {
        // The first token ends at once, which WeCom says with status 200.
        let is_over = is_send(call) && call.path.ends_with("access_token=T0");
        if is_over { answered(&json!({"errcode": 42_001, "errmsg": "access_token expired"})) } else { well(call, number) }
    });
    let provider = provider.await;
    let firm = firm(&provider).await;
    assert_eq!(tell(&firm, &words(1, "退货政策")).await.0, 200);
    let conversation = first(&firm).await;
    let sends = provider.until(2, "the bot's answer", is_send).await;
    assert!(sends[0].path.ends_with("access_token=T0") && sends[1].path.ends_with("access_token=T2"), "{} {}", sends[0].path, sends[1].path);
    assert_eq!((sends[1].json()["touser"].clone(), sends[1].json()["agentid"].clone()), (json!("zhangsan"), json!(7)), "{}", sends[1].json());
    until_delivery(&firm, &conversation, "sent").await;

    let mut desk = taken(&firm, &conversation).await;
    let long = format!("{}👨‍👩‍👧‍👦𠮷。", "您好，退货请在七天内申请。".repeat(100));
    // All of the long text's pieces hold words that the bot does not say.
    let is_piece = |it: &Call| is_send(it) && it.json()["text"]["content"].as_str().is_some_and(|it| it.contains("退货请在七天内申请。您好，"));
    say(&mut desk, &conversation, "m1", json!({"type": "text", "text": long})).await;
    say(&mut desk, &conversation, "m2", json!({"type": "text", "text": "完"})).await;
    provider.until(1, "what follows", |it| is_send(it) && it.json()["text"]["content"] == "完").await;
    let pieces: Vec<String> = provider.calls(is_piece).iter().map(|it| text(&it.json()["text"]["content"])).collect();
    assert!(pieces.len() == 2 && pieces.iter().all(|it| it.len() <= 2_048), "{:?}", pieces.iter().map(String::len).collect::<Vec<_>>());
    assert_eq!(pieces.concat(), long);
}

#[tokio::test]
async fn pictures_are_fetched_and_files_are_sent() {
    let provider = Provider::start(well).await;
    let firm = firm(&provider).await;
    assert_eq!(tell(&firm, &said(1, "<MsgType>image</MsgType><PicUrl>https://wework.example/x</PicUrl><MediaId>in1</MediaId>")).await.0, 200);
    assert_eq!(tell(&firm, &words(2, "可以换吗")).await.0, 200);
    let conversation = first(&firm).await;
    until_said(&firm, &conversation, "可以换吗").await;
    let heard = firm.said(&conversation).await;
    assert_eq!((&heard[0]["type"], &heard[0]["file"]["media_type"], &heard[0]["file"]["bytes"]), (&json!("image"), &json!("image/png"), &json!(PNG.len())), "{heard:?}");
    assert!(provider.calls(|it| it.path.starts_with("/cgi-bin/media/get"))[0].path.ends_with("media_id=in1"));

    let mut desk = taken(&firm, &conversation).await;
    say_file(&firm, &mut desk, &conversation, ("鞋.png", PNG)).await;
    say_file(&firm, &mut desk, &conversation, ("说明.pdf", PDF)).await;
    let kind = |it: &Call| it.json()["msgtype"].clone();
    let sends = provider.until(2, "a picture and a file", |it| is_send(it) && (kind(it) == "image" || kind(it) == "file")).await;
    let uploads = provider.calls(|it| it.path.starts_with("/cgi-bin/media/upload"));
    let body = String::from_utf8_lossy(&uploads[1].body).into_owned();
    assert!(uploads[0].path.ends_with("type=image") && uploads[1].path.ends_with("type=file") && body.contains("%PDF"), "{} {body}", uploads[1].path);
    let ids: Vec<Value> = sends.iter().map(|it| it.json()[text(&kind(it))]["media_id"].clone()).collect();
    assert!(ids.iter().all(|it| it.as_str().is_some_and(|it| it.starts_with('m'))) && ids[0] != ids[1], "{ids:?}");
}

#[tokio::test]
async fn a_busy_provider_is_asked_again_and_a_member_who_is_gone_is_told_of() {
    let sends = AtomicUsize::new(0);
    let busy = Provider::start(move |call, number| match is_send(call).then(|| sends.fetch_add(1, Ordering::SeqCst)) {
        Some(0) => (429, vec![("retry-after", "1".to_owned())], Vec::new()),
        Some(1) => answered(&json!({"errcode": 45_033, "errmsg": "api concurrent out of limit"})),
        _ => well(call, number),
    });
    let busy = busy.await;
    let firm = firm(&busy).await;
    tell(&firm, &words(1, "退货政策")).await;
    let conversation = first(&firm).await;
    until_delivery(&firm, &conversation, "sent").await;
    let texts: Vec<Value> = busy.calls(is_send).iter().take(3).map(|it| it.json()["text"].clone()).collect();
    assert!(texts.len() == 3 && texts.iter().all(|it| *it == texts[0]), "{texts:?}");

    let gone = Provider::start(|call, number| {
        if is_send(call) { answered(&json!({"errcode": 0, "errmsg": "ok", "invaliduser": "zhangsan", "msgid": "x"})) } else { well(call, number) }
    });
    let gone = gone.await;
    let firm = self::firm(&gone).await;
    tell(&firm, &words(1, "退货政策")).await;
    let conversation = first(&firm).await;
    let failed = until_delivery(&firm, &conversation, "failed").await;
    assert_eq!(failed["event"]["code"], "unreachable:invaliduser", "{failed}");
}

#[tokio::test]
async fn each_step_of_the_check_says_what_it_found() {
    let provider = Provider::start(well).await;
    let firm = firm(&provider).await;
    assert_eq!(checked(&firm).await, steps(&[("configured", Some(true)), ("token", Some(true)), ("application", Some(true)), ("callback", None)]));
    reconfigured(&firm, json!({"agent_id": "8"})).await;
    assert_eq!(checked(&firm).await, steps(&[("configured", Some(true)), ("token", Some(true)), ("application", Some(false))]));
    reconfigured(&firm, json!({"secret": "wrong"})).await;
    assert_eq!(checked(&firm).await, steps(&[("configured", Some(true)), ("token", Some(false))]));
    reconfigured(&firm, json!({"aes_key": "short"})).await;
    assert_eq!(checked(&firm).await, steps(&[("configured", Some(true)), ("key", Some(false))]));
}
