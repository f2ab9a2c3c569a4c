//! WeChat customer service: doorbells, pages behind them, and a cursor that neither loses nor repeats.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use serde_json::{Value, json};

use crate::{
    Firm,
    provider::{Call, Provider, Said, json as answered},
    support::http::PNG,
    talk::{PDF, checked, first, now_ms, reconfigured, say, say_file, steps, taken, until_delivered, until_delivery, until_said},
    text,
    wecom::{CORP, KEY, TOKEN, echoed, tell, tell_at},
};

const ACCOUNT: &str = "wk1";

/// What customers said, page by page: the cursor `c<n>` stands behind the n-th.
type Page = Vec<Value>;

/// As WeCom answers where all is well.
fn well(pages: &[Page], call: &Call, number: usize) -> Said {
    let path = call.path.split('?').next().unwrap_or_default();
    let asked = call.json();
    answered(&match path {
        "/cgi-bin/gettoken" if call.path.contains("corpsecret=wrong") => json!({"errcode": 40_001, "errmsg": "invalid credential"}),
        "/cgi-bin/gettoken" => json!({"errcode": 0, "errmsg": "ok", "access_token": format!("T{number}"), "expires_in": 7_200}),
        "/cgi-bin/kf/sync_msg" => page(pages, asked["cursor"].as_str().unwrap_or_default()),
        "/cgi-bin/kf/customer/batchget" => json!({"errcode": 0, "errmsg": "ok", "customer_list": [{"external_userid": "wm1", "nickname": "王芳", "unionid": "on_kf"}]}),
        "/cgi-bin/kf/account/list" => json!({"errcode": 0, "errmsg": "ok", "account_list": [{"open_kfid": ACCOUNT, "name": "售前", "manage_privilege": true}]}),
        "/cgi-bin/kf/send_msg" | "/cgi-bin/kf/send_msg_on_event" => json!({"errcode": 0, "errmsg": "ok", "msgid": asked["msgid"]}),
        "/cgi-bin/media/upload" => json!({"errcode": 0, "errmsg": "ok", "media_id": format!("m{number}")}),
        "/cgi-bin/media/get" => return (200, vec![("content-type", "image/png".to_owned())], PNG.to_vec()),
        _ => json!({"errcode": 404, "errmsg": path}),
    })
}

fn page(pages: &[Page], cursor: &str) -> Value {
    let at = cursor.strip_prefix('c').map_or(0, |it| it.parse::<usize>().expect("a cursor of ours"));
    let items = pages.get(at).cloned().unwrap_or_default();
    let next = (at + 1).min(pages.len());
    json!({"errcode": 0, "errmsg": "ok", "next_cursor": format!("c{next}"), "has_more": u8::from(next < pages.len()), "msg_list": items})
}

async fn provider(pages: Vec<Page>) -> Provider {
    Provider::start(move |call, number| well(&pages, call, number)).await
}

async fn firm(provider: &Provider) -> Firm {
    Firm::with("wecom_kf", json!({"corp_id": CORP, "secret": "s", "token": TOKEN, "aes_key": KEY, "base_url": provider.base})).await
}

fn is_pull(it: &Call) -> bool {
    it.path.starts_with("/cgi-bin/kf/sync_msg")
}

fn is_send(it: &Call) -> bool {
    it.path.starts_with("/cgi-bin/kf/send_msg?")
}

fn cursors(provider: &Provider) -> Vec<Value> {
    provider.calls(is_pull).iter().map(|it| it.json()["cursor"].clone()).collect()
}

fn item(id: &str, kind: &str, content: Value) -> Value {
    let mut item = json!({"msgid": id, "open_kfid": ACCOUNT, "external_userid": "wm1", "send_time": now_ms() / 1_000, "origin": 3, "msgtype": kind});
    item.as_object_mut().expect("object").insert(kind.to_owned(), content);
    item
}

fn words(id: &str, text: &str) -> Value {
    item(id, "text", json!({"content": text}))
}

fn happened(id: &str, event: Value) -> Value {
    let mut whole = json!({"open_kfid": ACCOUNT, "external_userid": "wm1"});
    whole.as_object_mut().expect("object").extend(event.as_object().expect("object").clone());
    json!({"msgid": id, "send_time": now_ms() / 1_000, "origin": 4, "msgtype": "event", "event": whole})
}

fn bell(account: &str, token: &str) -> String {
    let at = now_ms() / 1_000;
    format!("<xml><ToUserName>{CORP}</ToUserName><CreateTime>{at}</CreateTime><MsgType>event</MsgType><Event>kf_msg_or_event</Event><Token>{token}</Token><OpenKfId>{account}</OpenKfId></xml>")
}

async fn ring(firm: &Firm, token: &str) {
    assert_eq!(tell(firm, &bell(ACCOUNT, token)).await, (200, "success".to_owned()));
}

#[tokio::test]
async fn many_rings_are_one_message_and_forged_or_old_ones_pull_nothing() {
    let provider = provider(vec![Vec::new(), vec![words("k1", "你们的退货政策是什么？😀𠮷")]]).await;
    let firm = firm(&provider).await;
    assert_eq!(echoed(&firm, CORP).await, (200, "1616140317555161061".to_owned()));
    let once = bell(ACCOUNT, "E1");
    assert_eq!(tell_at(&firm, "ww_other", &once, now_ms() / 1_000).await.0, 400, "for another company");
    let (status, why) = tell_at(&firm, CORP, &once, now_ms() / 1_000 - 3_700).await;
    assert!(status == 401 && why.contains("channel.stale"), "{status} {why}");
    let unsealed = crate::wecom::post(&firm, "", once.clone().into_bytes()).await;
    assert!(unsealed.0 == 401 && unsealed.1.contains("channel.bad_signature"), "{unsealed:?}");
    assert!(provider.calls(|_| true).is_empty(), "nothing was asked for");

    let told = futures::future::join_all((0..5).map(|_| tell(&firm, &once))).await;
    assert!(told.iter().all(|it| *it == (200, "success".to_owned())), "{told:?}");
    ring(&firm, "E2").await;
    let conversation = first(&firm).await;
    until_said(&firm, &conversation, "你们的退货政策是什么？😀𠮷").await;
    // Whoever rings later is answered from where the earlier pull ended.
    provider.until(1, "a pull from the end", |it| is_pull(it) && it.json()["cursor"] == "c2").await;
    assert_eq!(firm.said(&conversation).await.len(), 1);
    let conversations = firm.conversations().await;
    assert_eq!((conversations.len(), &conversations[0]["contact"]["name"]), (1, &json!("王芳")), "{conversations:?}");
    let asked = cursors(&provider);
    assert_eq!((asked.first(), asked.get(1)), (Some(&Value::Null), Some(&json!("c1"))), "an empty page is no end: {asked:?}");
    assert_eq!(provider.calls(is_pull)[0].json()["token"], "E1");
    let sends = provider.until(1, "the bot's answer", is_send).await;
    assert_eq!((sends[0].json()["touser"].clone(), sends[0].json()["open_kfid"].clone()), (json!("wm1"), json!(ACCOUNT)), "{}", sends[0].json());
}

#[tokio::test]
async fn a_pull_that_breaks_off_goes_on_where_it_was_also_after_a_crash() {
    let pages = [vec![words("k1", "第一句")], vec![words("k2", "第二句")], vec![words("k3", "第三句")]];
    // The second page is refused once; the third belongs to who rings after the crash.
    let (open, refusals) = (Arc::new(AtomicUsize::new(2)), AtomicUsize::new(0));
    let opened = Arc::clone(&open);
    let provider = Provider::start(move |call, number| {
        if is_pull(call) && call.json()["cursor"] == "c1" && refusals.fetch_add(1, Ordering::SeqCst) == 0 {
            return answered(&json!({"errcode": -1, "errmsg": "system error"}));
        }
        let pages: Vec<Page> = pages.iter().take(opened.load(Ordering::SeqCst)).cloned().collect();
        well(&pages, call, number)
    });
    let provider = provider.await;
    let mut firm = firm(&provider).await;
    ring(&firm, "E1").await;
    let conversation = first(&firm).await;
    until_said(&firm, &conversation, "第二句").await;
    let texts = |said: Vec<Value>| said.iter().map(|it| text(&it["text"])).collect::<Vec<_>>();
    assert_eq!(texts(firm.said(&conversation).await), ["第一句", "第二句"]);
    assert_eq!(cursors(&provider), [Value::Null, json!("c1"), json!("c1")], "the first page is not asked for again");
    // The pull has ended once another ring is answered from its cursor.
    ring(&firm, "E2").await;
    provider.until(1, "a pull from the cursor", |it| is_pull(it) && it.json()["cursor"] == "c2").await;

    firm.server.kill_and_restart();
    open.store(3, Ordering::SeqCst);
    ring(&firm, "E3").await;
    until_said(&firm, &conversation, "第三句").await;
    assert_eq!(texts(firm.said(&conversation).await), ["第一句", "第二句", "第三句"]);
    let asked = cursors(&provider);
    assert_eq!(asked.iter().filter(|it| it.is_null()).count(), 1, "from the beginning only once: {asked:?}");
}

#[tokio::test]
async fn a_bell_that_is_too_old_is_answered_without_its_token_and_of_another_account_not_at_all() {
    let provider = Provider::start(|call, number| {
        let is_old = is_pull(call) && call.json()["token"] == "OLD";
        if is_old { answered(&json!({"errcode": 95_007, "errmsg": "invalid msg token"})) } else { well(&[vec![words("k1", "在吗")]], call, number) }
    });
    let provider = provider.await;
    let firm = firm(&provider).await;
    reconfigured(&firm, json!({"open_kf_id": ACCOUNT})).await;
    assert_eq!(tell(&firm, &bell("wk_other", "E1")).await, (200, "success".to_owned()));
    ring(&firm, "OLD").await;
    let conversation = first(&firm).await;
    until_said(&firm, &conversation, "在吗").await;
    let pulls = provider.calls(is_pull);
    assert!(pulls.iter().all(|it| it.json()["open_kfid"] == ACCOUNT) && pulls[1].json()["token"].is_null(), "{}", pulls[1].json());
}

#[tokio::test]
async fn pictures_are_fetched_in_their_order_and_files_are_sent() {
    let provider = provider(vec![vec![item("k1", "image", json!({"media_id": "in1"})), words("k2", "可以换吗")]]).await;
    let firm = firm(&provider).await;
    ring(&firm, "E1").await;
    let conversation = first(&firm).await;
    until_said(&firm, &conversation, "可以换吗").await;
    let said = firm.said(&conversation).await;
    assert_eq!((said.len(), &said[0]["type"], &said[0]["file"]["bytes"]), (2, &json!("image"), &json!(PNG.len())), "{said:?}");
    assert!(provider.calls(|it| it.path.starts_with("/cgi-bin/media/get"))[0].path.ends_with("media_id=in1"));

    let mut desk = taken(&firm, &conversation).await;
    say_file(&firm, &mut desk, &conversation, ("说明.pdf", PDF)).await;
    let sends = provider.until(1, "the file", |it| is_send(it) && it.json()["msgtype"] == "file").await;
    assert!(text(&sends[0].json()["file"]["media_id"]).starts_with('m'), "{}", sends[0].json());
}

#[tokio::test]
async fn long_texts_go_in_pieces_under_our_keys_with_a_fresh_token_and_a_failure_told_later_is_known() {
    // What the customer's side is told of a message comes with the next ring.
    let failed: Arc<std::sync::Mutex<Vec<Value>>> = Arc::default();
    let told = Arc::clone(&failed);
    let provider = Provider::start(move |call, number| {
        if is_send(call) && call.path.ends_with("access_token=T0") {
            return answered(&json!({"errcode": 42_001, "errmsg": "access_token expired"}));
        }
        let pages: Vec<Page> = [vec![words("k1", "退货政策")]].into_iter().chain(told.lock().expect("told").iter().map(|it| vec![it.clone()])).collect();
        well(&pages, call, number)
    });
    let provider = provider.await;
    let firm = firm(&provider).await;
    ring(&firm, "E1").await;
    let conversation = first(&firm).await;
    until_delivery(&firm, &conversation, "sent").await;
    let sends = provider.calls(is_send);
    assert!(sends[0].path.ends_with("access_token=T0") && !sends[1].path.ends_with("access_token=T0") && sends[0].json() == sends[1].json(), "the same again");

    let mut desk = taken(&firm, &conversation).await;
    let long = format!("{}👨‍👩‍👧‍👦𠮷。", "您好，退货请在七天内申请。".repeat(100));
    say(&mut desk, &conversation, "m1", json!({"type": "text", "text": long})).await;
    let sent = firm.until(&conversation, "the long text", |it| it["event"]["message"]["content"]["text"] == json!(long)).await;
    let message = sent["event"]["message"]["id"].clone();
    until_delivered(&firm, &conversation, &message, "sent").await;
    let is_piece = |it: &Call| is_send(it) && it.json()["text"]["content"].as_str().is_some_and(|it| it.contains("退货请在七天内申请。您好，"));
    let pieces = provider.calls(is_piece);
    let texts: Vec<String> = pieces.iter().map(|it| text(&it.json()["text"]["content"])).collect();
    assert!(texts.len() == 2 && texts.iter().all(|it| it.len() <= 2_048) && texts.concat() == long, "{:?}", texts.iter().map(String::len).collect::<Vec<_>>());
    let keys: Vec<String> = pieces.iter().map(|it| text(&it.json()["msgid"])).collect();
    let is_key = |it: &String| it.len() <= 32 && it.bytes().all(|it| it.is_ascii_alphanumeric() || b"_-".contains(&it));
    assert!(keys.iter().all(is_key) && keys[0] != keys[1], "{keys:?}");

    failed.lock().expect("told").push(happened("k2", json!({"event_type": "msg_send_fail", "fail_msgid": keys[1], "fail_type": 4})));
    ring(&firm, "E2").await;
    let failure = until_delivered(&firm, &conversation, &message, "failed").await;
    assert_eq!(failure["event"]["code"], "4", "{failure}");
}

#[tokio::test]
async fn who_enters_is_welcomed_by_the_code_that_came_with_it() {
    let provider = provider(vec![vec![
        happened("k0", json!({"event_type": "enter_session", "scene": "shop", "external_userid": "wm2"})),
        happened("k1", json!({"event_type": "enter_session", "scene": "shop", "welcome_code": "W1"})),
    ]]);
    let provider = provider.await;
    let firm = firm(&provider).await;
    ring(&firm, "E1").await;
    let welcomes = provider.until(1, "the welcome", |it| it.path.starts_with("/cgi-bin/kf/send_msg_on_event")).await;
    assert_eq!((welcomes[0].json()["code"].clone(), welcomes[0].json()["text"]["content"].clone()), (json!("W1"), json!("您好")), "{}", welcomes[0].json());
    assert_eq!(firm.conversations().await.len(), 1, "with whom nothing can be said no talk begins");
    let conversation = first(&firm).await;
    until_delivery(&firm, &conversation, "sent").await;
    assert!(provider.calls(is_send).is_empty(), "nothing else may be said before they write");
}

#[tokio::test]
async fn a_busy_provider_is_asked_again_and_what_is_not_allowed_is_told() {
    let pages = [vec![words("k1", "退货政策")]];
    let sends = AtomicUsize::new(0);
    let busy = Provider::start(move |call, number| match is_send(call).then(|| sends.fetch_add(1, Ordering::SeqCst)) {
        Some(0) => (429, vec![("retry-after", "1".to_owned())], Vec::new()),
        _ => well(&pages, call, number),
    });
    let busy = busy.await;
    let firm = firm(&busy).await;
    ring(&firm, "E1").await;
    let conversation = first(&firm).await;
    until_delivery(&firm, &conversation, "sent").await;
    let sends = busy.calls(is_send);
    assert_eq!(sends[0].json(), sends[1].json(), "the same again, under the same key");

    let over = Provider::start(|call, number| {
        let is_over = is_send(call);
        if is_over { answered(&json!({"errcode": 95_001, "errmsg": "send msg count limit"})) } else { well(&[vec![words("k1", "退货政策")]], call, number) }
    });
    let over = over.await;
    let firm = self::firm(&over).await;
    ring(&firm, "E1").await;
    let conversation = first(&firm).await;
    let failed = until_delivery(&firm, &conversation, "failed").await;
    assert_eq!(failed["event"]["code"], "quota_exceeded:95001", "{failed}");
}

#[tokio::test]
async fn each_step_of_the_check_says_what_it_found() {
    let provider = provider(Vec::new()).await;
    let firm = firm(&provider).await;
    assert_eq!(checked(&firm).await, steps(&[("configured", Some(true)), ("token", Some(true)), ("accounts", Some(true)), ("callback", None)]));
    reconfigured(&firm, json!({"open_kf_id": "wk_other"})).await;
    assert_eq!(checked(&firm).await, steps(&[("configured", Some(true)), ("token", Some(true)), ("accounts", Some(false))]));
    reconfigured(&firm, json!({"secret": "wrong"})).await;
    assert_eq!(checked(&firm).await, steps(&[("configured", Some(true)), ("token", Some(false))]));
}
