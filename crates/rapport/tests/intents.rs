//! Teaching against the real binary: what is taught is understood at once, imports are whole or not at all, models are swapped by one click.

#![expect(clippy::indexing_slicing, reason = "what is not as expected ends the test")]

mod support;

use serde_json::{Value, json};
use support::{
    Client, Server,
    http::{Answer, Caller, Sent},
};

const OWNER: &str = "owner@other.example";

/// A company that taught nothing yet, with its owner and a visitor of its widget.
struct Firm {
    server: Server,
    owner: Caller,
    widget: Client,
    sent: u32,
}

impl Firm {
    async fn new() -> Self {
        let server = Server::start();
        server.command(&["tenant-create", "--slug", "other", "--name", "Other", "--owner-email", OWNER]);
        let anonymous = Caller::anonymous(&server);
        let owner = anonymous.bearer(&server.token_of("other", "owner", OWNER));
        let inbox = json!({"name": "site", "locale": "en", "welcome": {"zh": "您好", "en": "Hello"}, "color": "#2456d6", "bot": true});
        let key = owner.post("/inboxes", inbox).await.good().json()["key"].clone();
        let session = anonymous.post("/widget/session", json!({"key": key, "locale": "zh-CN"})).await.good().json();
        let widget = Client::connect(&server, "visitor", session["token"].as_str().expect("token"), None).await;
        Self { server, owner, widget, sent: 0 }
    }

    async fn intent(&self, name: &str, reply: &str, examples: &[&str]) -> String {
        let reply = if reply.is_empty() { Value::Null } else { json!({"zh": reply, "en": reply}) };
        let made = self.owner.post("/intents", json!({"name": name, "reply": reply})).await.good().json();
        let id = made["id"].as_str().expect("id").to_owned();
        self.teach(&id, examples).await;
        id
    }

    async fn teach(&self, id: &str, texts: &[&str]) -> Value {
        self.owner.post(&format!("/intents/{id}/examples"), json!({"texts": texts})).await.good().json()
    }

    async fn train(&self) {
        assert_eq!(self.owner.post("/intents/train?wait=true", Value::Null).await.good().status, 200);
    }

    /// What the bot says next to this, with its number.
    async fn asks(&mut self, text: &str) -> (u64, Value) {
        self.sent += 1;
        let ack = self.widget.send_text(&format!("m{}", self.sent), None, text).await;
        let said = self.widget.until(|it| it["event"]["kind"] == "message_sent").await;
        (ack["seq"].as_u64().expect("seq"), said)
    }

    async fn models(&self) -> Vec<Value> {
        self.owner.get("/models").await.good().json().as_array().expect("models").clone()
    }

    async fn file(&self, path: &str, content: &str) -> Answer {
        let sent = Sent::Raw { media_type: "text/csv".to_owned(), bytes: content.as_bytes().to_vec() };
        self.owner.ask("POST", path, sent).await
    }
}

fn text(said: &Value) -> &str {
    said["event"]["message"]["content"]["text"].as_str().unwrap_or_default()
}

const BUSINESS: &[&str] = &["我想批发你们的鞋", "怎么加盟", "想找你们合作", "可以做代理吗", "大量采购找谁"];
const JOBS: &[&str] = &["你们招人吗", "想应聘客服", "简历发到哪里", "有没有实习岗位", "兼职还要人吗"];

#[tokio::test]
async fn what_is_taught_is_understood_by_the_next_message() {
    let mut firm = Firm::new().await;
    let (_, said) = firm.asks("怎么加盟").await;
    assert_eq!(said["event"]["message"]["content"]["type"], "choices", "{said}");
    let business = firm.intent("合作", "请写信给商务", BUSINESS).await;
    assert_eq!(text(&firm.asks("怎么加盟？").await.1), "请写信给商务");
    let jobs = firm.intent("应聘", "请发简历", JOBS).await;
    firm.train().await;
    for (asked, reply) in [("我想批发你们的鞋子", "请写信给商务"), ("你们还招人吗", "请发简历")] {
        assert_eq!(text(&firm.asks(asked).await.1), reply, "{asked}");
    }
    // A fresh example needs no training, and what is taken away is not understood any more.
    firm.teach(&jobs, &["店里缺不缺裁缝师傅"]).await;
    assert_eq!(text(&firm.asks("店里缺不缺裁缝师傅").await.1), "请发简历");
    firm.owner.ask("DELETE", &format!("/intents/{business}"), Sent::Nothing).await.good();
    assert_ne!(text(&firm.asks("我想批发你们的鞋").await.1), "请写信给商务");
    let list = firm.owner.get("/intents?brief=true").await.good().json();
    assert_eq!((list["intents"].as_array().map(Vec::len), &list["intents"][0]["counts"]["examples"]), (Some(1), &json!(6)), "{list}");
}

#[tokio::test]
async fn a_correction_from_a_conversation_is_an_example_without_personal_data() {
    let mut firm = Firm::new().await;
    let business = firm.intent("合作", "请写信给商务", BUSINESS).await;
    let jobs = firm.intent("应聘", "请发简历", JOBS).await;
    let (seq, said) = firm.asks("我会修鞋，电话13812345678，用得上我吗").await;
    let entry = format!("/conversations/{}/entries/{seq}/intent", said["conversation"].as_str().expect("id"));
    let wrong = firm.owner.post(&entry, json!({"intent": business})).await.good().json();
    let taken = wrong["example"]["text"].as_str().expect("text");
    assert!(wrong["example"]["source"] == "corrected" && taken.contains("修鞋") && !taken.contains("13812345678"), "{wrong}");
    // Corrected once more it is no longer an example of the first.
    let right = firm.owner.post(&entry, json!({"intent": jobs})).await.good().json();
    assert_eq!(right["intent"], jobs.as_str());
    let count = async |id: &str| firm.owner.get(&format!("/intents/{id}")).await.good().json()["counts"]["corrected"].clone();
    assert_eq!((count(&business).await, count(&jobs).await), (json!(0), json!(1)));
    let strange = firm.owner.post(&entry, json!({"intent": null})).await.good().json();
    let out_of_scope = firm.owner.get(&format!("/intents/{}", strange["intent"].as_str().expect("id"))).await.good().json();
    assert_eq!(out_of_scope["name"], "oos");
    // What is no text of a customer's is no example.
    let bot = format!("/conversations/{}/entries/{}/intent", said["conversation"].as_str().expect("id"), said["seq"]);
    assert_eq!(firm.owner.post(&bot, json!({"intent": jobs})).await.code(), "intent.not_a_text");
    let understood = firm.owner.get(&format!("/conversations/{}/understanding?seq={seq}", said["conversation"].as_str().expect("id"))).await.good().json();
    assert_eq!((&understood["language"], understood["wishes"][0]["text"].as_str().is_some()), (&json!("zh-CN"), true), "{understood}");
}

#[tokio::test]
async fn an_erased_customer_taught_nothing() {
    let mut firm = Firm::new().await;
    let jobs = firm.intent("应聘", "请发简历", JOBS).await;
    firm.intent("合作", "请写信给商务", BUSINESS).await;
    let (seq, said) = firm.asks("我会修鞋，电话13812345678，用得上我吗").await;
    let conversation = said["conversation"].as_str().expect("id");
    firm.owner.post(&format!("/conversations/{conversation}/entries/{seq}/intent"), json!({"intent": jobs})).await.good();
    firm.train().await;
    let ids = |all: Vec<Value>| -> Vec<String> { all.iter().map(|it| it["id"].as_str().expect("id").to_owned()).collect() };
    let before = ids(firm.models().await);
    assert!(!before.is_empty());
    let contact = firm.owner.get(&format!("/conversations/{conversation}")).await.good().json()["contact"]["id"].as_str().expect("contact").to_owned();
    firm.owner.ask("DELETE", &format!("/contacts/{contact}"), Sent::Nothing).await.good();
    let left = firm.owner.get(&format!("/intents/{jobs}")).await.good().json();
    assert!(left["counts"]["corrected"] == 0 && !left.to_string().contains("修鞋"), "{left}");
    firm.train().await;
    let after = ids(firm.models().await);
    assert!(!after.is_empty() && after.iter().all(|it| !before.contains(it)), "what learned from it is gone: {before:?} {after:?}");
}

#[tokio::test]
async fn no_model_is_kept_of_an_erased_customer_where_too_little_is_left() {
    let mut firm = Firm::new().await;
    let jobs = firm.intent("应聘", "请发简历", &JOBS[..1]).await;
    firm.intent("合作", "请写信给商务", BUSINESS).await;
    let (seq, said) = firm.asks("我会修鞋，电话13812345678，用得上我吗").await;
    let conversation = said["conversation"].as_str().expect("id");
    firm.owner.post(&format!("/conversations/{conversation}/entries/{seq}/intent"), json!({"intent": jobs})).await.good();
    firm.train().await;
    assert!(!firm.models().await.is_empty());
    let contact = firm.owner.get(&format!("/conversations/{conversation}")).await.good().json()["contact"]["id"].as_str().expect("contact").to_owned();
    firm.owner.ask("DELETE", &format!("/contacts/{contact}"), Sent::Nothing).await.good();
    let mut asked = 0;
    while !firm.models().await.is_empty() {
        asked += 1;
        assert!(asked < 2_000, "{:?}", firm.models().await);
    }
}

#[tokio::test]
async fn an_import_is_whole_or_names_its_line() {
    let firm = Firm::new().await;
    for (content, line) in [
        ("text,label\n怎么加盟,合作\n\"open,合作\n", "line 3"),
        ("text,label\n怎么加盟,合作\nonly\n", "line 3"),
        ("{\"text\":\"a\",\"label\":\"b\"}\n{\"text\":1}\n", "line 2"),
        ("no,names\nx,y\n", "line 1"),
        ("", "line 1"),
    ] {
        let answer = firm.file("/intents/import", content).await;
        assert_eq!((answer.status, answer.code().as_str()), (422, "import.bad_line"), "{content}");
        assert!(answer.json()["detail"].as_str().is_some_and(|it| it.starts_with(line)), "{content}: {}", answer.text());
    }
    assert_eq!(firm.owner.get("/intents").await.good().json()["intents"], json!([]));
    let good = "text,label\n怎么加盟,合作\n怎么加盟,合作\n想应聘,应聘\n\"简历, 发哪里\",应聘|合作\n今天天气,oos\n";
    let outcome = firm.file("/intents/import", good).await.good().json();
    assert_eq!(outcome, json!({"intents_new": 3, "examples_new": 5, "examples_known": 1, "out_of_scope": 1}));
    let again = firm.file("/intents/import", good).await.good().json();
    assert_eq!(again, json!({"intents_new": 0, "examples_new": 0, "examples_known": 6, "out_of_scope": 0}));
    // What is exported is what an import reads.
    let exported = firm.owner.get("/intents/export.csv").await.good();
    assert!(exported.text().contains("\"简历, 发哪里\",合作\r\n"), "{}", exported.text());
    let other = Firm::new().await;
    let outcome = other.file("/intents/import", &exported.text()).await.good().json();
    assert_eq!((&outcome["intents_new"], &outcome["examples_new"]), (&json!(3), &json!(5)));
}

#[tokio::test]
async fn exactly_one_model_is_live_and_an_older_one_is_a_click_away() {
    let mut firm = Firm::new().await;
    let nothing = firm.owner.post("/intents/train", Value::Null).await;
    assert_eq!(nothing.code(), "intent.nothing_taught");
    firm.intent("合作", "请写信给商务", BUSINESS).await;
    let jobs = firm.intent("应聘", "请发简历", JOBS).await;
    firm.train().await;
    let first = firm.models().await[0]["id"].clone();
    firm.teach(&jobs, &["你们店要不要会修鞋的老师傅"]).await;
    firm.train().await;
    let is_live = |models: &[Value]| models.iter().filter(|it| it["state"] == "live").map(|it| it["id"].clone()).collect::<Vec<_>>();
    let models = firm.models().await;
    let newest = models[0]["id"].clone();
    assert_eq!(is_live(&models), std::slice::from_ref(&newest));
    assert_ne!(first, newest);
    let set = async |firm: &Firm, id: &Value, body: Value| firm.owner.post(&format!("/models/{}/state", id.as_str().expect("id")), body).await;

    // Nothing but another one takes its place.
    assert_eq!(set(&firm, &newest, json!({"state": "retired"})).await.code(), "model.live");
    assert_eq!(set(&firm, &first, json!({"state": "canary"})).await.code(), "input.bad_field");
    set(&firm, &first, json!({"state": "shadow"})).await.good();
    firm.asks("怎么加盟").await;
    firm.asks("简历发到哪里").await;
    let shadow = firm.models().await.into_iter().find(|it| it["id"] == first).expect("kept");
    assert_eq!((&shadow["state"], &shadow["agreement"]["seen"]), (&json!("shadow"), &json!(2)), "{shadow}");

    set(&firm, &first, json!({"state": "live"})).await.good();
    assert_eq!(is_live(&firm.models().await), std::slice::from_ref(&first));
    // Whoever went back stays there, whatever is trained.
    firm.teach(&jobs, &["缺人手吗"]).await;
    firm.train().await;
    let models = firm.models().await;
    assert_eq!((is_live(&models), &models[0]["state"]), (vec![first.clone()], &json!("candidate")));
    let list = firm.owner.get("/intents?brief=true").await.good().json();
    assert_eq!((&list["model"]["id"], &list["stale"]), (&first, &json!(true)));

    // It is the same after a restart; and the newest takes over again.
    firm.server.kill_and_restart();
    firm.owner = Caller::anonymous(&firm.server).bearer(&firm.server.token_of("other", "owner", OWNER));
    assert_eq!(is_live(&firm.models().await), [first]);
    set(&firm, &models[0]["id"], json!({"state": "live"})).await.good();
    let list = firm.owner.get("/intents?brief=true").await.good().json();
    assert_eq!((&list["model"]["id"], &list["stale"]), (&models[0]["id"], &json!(false)));
}

#[tokio::test]
async fn what_is_confused_is_shown_by_name_with_its_examples() {
    let firm = Firm::new().await;
    // Of one kind half of the texts stand under the other name.
    let row = |n: usize| format!("第{n}双鞋想退掉,{}\n第{n}个包裹到哪里了,物流\n", if n.is_multiple_of(2) { "退货" } else { "退款" });
    let rows = format!("text,label\n{}", (0..12).map(row).collect::<Vec<_>>().concat());
    firm.file("/intents/import", &rows).await.good();
    firm.train().await;
    let report = firm.owner.get("/intents/report").await.good().json();
    let mut labels: Vec<&str> = report["labels"].as_array().expect("labels").iter().filter_map(Value::as_str).collect();
    labels.sort_unstable();
    assert_eq!(labels, ["物流", "退款", "退货"]);
    let confusion = report["confusion"].as_array().expect("cells");
    assert!(!confusion.is_empty() && confusion.iter().all(|it| it["truth"] != "物流" && it["said"] != "物流"), "{report}");
    assert!(confusion[0]["examples"][0]["text"].as_str().is_some_and(|it| it.ends_with("想退掉")), "{report}");
    let figures = report["per_intent"].as_array().expect("figures");
    let parcels = figures.iter().find(|it| it["name"] == "物流").expect("its figures");
    assert!(parcels["recall"].as_f64().is_some_and(|it| it > 0.99), "{parcels}");
    assert!(report["low"].as_f64() <= report["accuracy"].as_f64() && report["accuracy"].as_f64() <= report["high"].as_f64());
}

#[tokio::test]
async fn jargon_is_read_as_what_it_means() {
    let mut firm = Firm::new().await;
    firm.intent("合作", "请写信给商务", BUSINESS).await;
    firm.intent("应聘", "请发简历", JOBS).await;
    let term = json!({"canonical": "代理", "variants": ["二东家"], "note": "our own word"});
    let made = firm.owner.post("/lexicon", term.clone()).await.good().json();
    assert_eq!(firm.owner.post("/lexicon", term).await.code(), "store.duplicate");
    let tried = firm.owner.post("/intents/try", json!({"text": "可以做二东家吗"})).await.good().json();
    assert_eq!(tried["replaced"], json!([{"surface": "二东家", "canonical": "代理", "by": "exact"}]), "{tried}");
    assert_eq!(text(&firm.asks("可以做二东家吗").await.1), "请写信给商务");
    firm.owner.ask("DELETE", &format!("/lexicon/{}", made["id"].as_str().expect("id")), Sent::Nothing).await.good();
    let broken = firm.file("/lexicon/import", "canonical,variants,group,note\n代理,入伙,own,\n代理,,own,\n").await;
    assert_eq!(broken.code(), "import.bad_line");
    assert!(broken.json()["detail"].as_str().is_some_and(|it| it.starts_with("line 3")), "{}", broken.text());
    let outcome = firm.file("/lexicon/import", "canonical,variants,group,note\n代理,入伙|二东家,own,\n").await.good().json();
    assert_eq!(outcome, json!({"terms_new": 1, "terms_changed": 0, "terms_known": 0}));
    // A starter group that is switched off is not read.
    let starter = firm.owner.get("/lexicon/starter?group=cantonese").await.good().json();
    let (canonical, variant) = (&starter[0]["canonical"], starter[0]["variants"][0].as_str().expect("a variant"));
    let read = async || firm.owner.post("/intents/try", json!({"text": variant})).await.good().json()["replaced"].clone();
    assert_eq!(read().await[0]["canonical"], *canonical);
    let groups = firm.owner.ask("PUT", "/lexicon/groups", Sent::Json(json!({"on": ["internet"]}))).await.good().json();
    assert!(groups.as_array().expect("groups").iter().all(|it| it["on"] == json!(it["group"] == "internet")), "{groups}");
    assert_ne!(read().await[0]["canonical"], *canonical);
}
