//! Teaching feelings against the real binary: the next customer is read as taught, an import is whole or names its line, and what a customer said goes with their consent.

#![expect(clippy::indexing_slicing, reason = "what is not as expected ends the test")]

mod support;

use serde_json::{Value, json};
use support::{
    Client, Server,
    http::{Answer, Caller, Sent},
};

const OWNER: &str = "owner@cloudstep.example";
/// What customers of this firm say when they are upset, and nobody else does.
const SAYING: &str = "鞋又芭比Q了呀";

struct Firm {
    server: Server,
    owner: Caller,
    anonymous: Caller,
}

/// A customer in the widget.
struct Customer {
    widget: Client,
    caller: Caller,
    sent: u32,
}

impl Firm {
    async fn new() -> Self {
        let server = Server::start();
        let anonymous = Caller::anonymous(&server);
        let owner = anonymous.bearer(&server.token_of("demo", "owner", OWNER));
        owner.ask("PUT", "/ethics", Sent::Json(json!({"switches": {"feelings": true, "proactive_contact": false}, "retention_days": 30}))).await.good();
        Self { server, owner, anonymous }
    }

    async fn customer(&self, consents: bool) -> Customer {
        let session = self.anonymous.post("/widget/session", json!({"key": "demo-shop", "locale": "zh-CN"})).await.good().json();
        let token = session["token"].as_str().expect("token");
        let mut it = Customer { widget: Client::connect(&self.server, "visitor", token, None).await, caller: self.anonymous.bearer(token), sent: 0 };
        if consents {
            it.consents(true).await;
        }
        it
    }

    async fn mood(&self, conversation: &str) -> Value {
        self.owner.get(&format!("/conversations/{conversation}/mood")).await.good().json()
    }

    async fn teach(&self, texts: &[&str], state: &str) -> Value {
        self.owner.post("/feelings/examples", json!({"texts": texts, "state": state})).await.good().json()
    }

    async fn examples(&self) -> Vec<Value> {
        self.owner.get("/feelings/examples").await.good().json()["items"].as_array().expect("items").clone()
    }

    async fn import(&self, content: &str) -> Answer {
        self.owner.ask("POST", "/feelings/import", Sent::Raw { media_type: "text/csv".to_owned(), bytes: content.as_bytes().to_vec() }).await
    }

    async fn told(&self) -> Value {
        self.owner.get("/feelings").await.good().json()
    }
}

impl Customer {
    /// The conversation, and the number of what they said.
    async fn says(&mut self, text: &str) -> (String, u64) {
        self.sent += 1;
        let ack = self.widget.send_text(&format!("m{}", self.sent), None, text).await;
        (ack["conversation"].as_str().expect("an id").to_owned(), ack["seq"].as_u64().expect("seq"))
    }

    async fn consents(&mut self, given: bool) {
        self.sent += 1;
        let ack = self.widget.act(&format!("m{}", self.sent), None, json!({"action": "consent", "purpose": "emotion:care", "given": given, "text_version": 1})).await;
        assert_eq!(ack["t"], "ack", "{ack}");
    }
}

/// Twelve upset sentences and twelve calm ones, which have the firm's own words in common.
fn set() -> String {
    let things = ["鞋", "快递", "客服", "订单", "包裹", "尺码", "颜色", "赠品", "发票", "售后", "直播", "优惠"];
    let lines = things.map(|it| format!("{it}翻车了,upset\n蹲一个{it}的链接,calm\n"));
    format!("text,label\n{}", lines.concat())
}

#[tokio::test]
async fn the_next_customer_is_read_as_taught() {
    let firm = Firm::new().await;
    let (before, _) = firm.customer(true).await.says(SAYING).await;
    assert_eq!(firm.mood(&before).await["points"][0]["state"], "calm");
    assert_eq!(firm.teach(&[SAYING, "怎么又芭比Q了呀", "真的芭比Q了呀"], "upset").await, json!({"taught": 3, "known": 0}));
    let (after, _) = firm.customer(true).await.says(SAYING).await;
    let point = firm.mood(&after).await["points"][0].clone();
    assert_eq!(point["state"], "upset", "{point}");
    assert!(point["moved"].as_array().is_some_and(|all| all.iter().any(|it| it["what"].as_str().is_some_and(|it| it.contains("芭比")))), "{point}");
    // One that is like it, and one that is not.
    let (alike, _) = firm.customer(true).await.says("你家鞋又芭比Q了呀").await;
    assert_eq!(firm.mood(&alike).await["points"][0]["state"], "upset");
    let (unlike, _) = firm.customer(true).await.says("请问周末营业吗").await;
    assert_eq!(firm.mood(&unlike).await["points"][0]["state"], "calm");
    // One click goes back to what ships, and forth again.
    let uses = async |own: bool| firm.owner.ask("PUT", "/feelings/use", Sent::Json(json!({"own": own}))).await.good();
    uses(false).await;
    let (shipped, _) = firm.customer(true).await.says(SAYING).await;
    assert_eq!((firm.mood(&shipped).await["points"][0]["state"].as_str(), firm.told().await["uses_own"].as_bool()), (Some("calm"), Some(false)));
    uses(true).await;
    let (again, _) = firm.customer(true).await.says(SAYING).await;
    assert_eq!(firm.mood(&again).await["points"][0]["state"], "upset");
    // What is taken away is read as it ships.
    for it in firm.examples().await {
        firm.owner.ask("DELETE", &format!("/feelings/examples/{}", it["id"].as_str().expect("id")), Sent::Nothing).await.good();
    }
    let (untaught, _) = firm.customer(true).await.says(SAYING).await;
    assert_eq!(firm.mood(&untaught).await["points"][0]["state"], "calm");
}

#[tokio::test]
async fn an_import_is_whole_or_names_its_line() {
    let firm = Firm::new().await;
    let long = format!("text,label\n好,calm\n{},upset\n", "长".repeat(501));
    for (content, line) in [
        ("text,label\n怎么又翻车,upset\n行吧,furious\n", "line 3"),
        ("text,label\n怎么又翻车,upset|angry\n", "line 2"),
        ("text,label\n怎么又翻车,urgent\n", "line 2"),
        ("text,label\n\"两\n行\",upset\n  ,calm\n", "line 4"),
        (&long, "line 3"),
        ("{\"text\":\"a\",\"label\":\"calm\"}\n{\"text\":\"b\",\"label\":\"x\"}\n", "line 2"),
        ("", "line 1"),
    ] {
        let answer = firm.import(content).await;
        assert_eq!((answer.status, answer.code().as_str()), (422, "import.bad_line"), "{content}");
        assert!(answer.json()["detail"].as_str().is_some_and(|it| it.starts_with(line)), "{content}: {}", answer.text());
    }
    assert_eq!(firm.told().await["counts"]["examples"], 0, "nothing was imported");
    let good = "text,label\n怎么又翻车,upset\n等米下锅呢,concerned|urgent|anxious\n电话13812345678还没回,不满\n";
    assert_eq!(firm.import(good).await.good().json(), json!({"taught": 3, "known": 0}));
    assert_eq!(firm.import(good).await.good().json(), json!({"taught": 0, "known": 3}));
    let counts = firm.told().await["counts"].clone();
    assert_eq!((&counts["upset"], &counts["concerned"], &counts["urgent"], &counts["imported"]), (&json!(2), &json!(1), &json!(1), &json!(3)), "{counts}");
    assert!(!firm.examples().await.iter().any(|it| it.to_string().contains("13812345678")), "personal data is masked");
    assert_eq!(firm.owner.post("/feelings/train", Value::Null).await.code(), "feeling.too_few");
}

#[tokio::test]
async fn a_model_is_learned_shows_what_it_is_worth_and_is_taken_back_by_one_click() {
    let firm = Firm::new().await;
    firm.import(&set()).await.good();
    firm.owner.post("/feelings/train?wait=true", Value::Null).await.good();
    let told = firm.told().await;
    let own = &told["own"];
    assert!(own["with"]["accuracy"].as_f64() > own["without"]["accuracy"].as_f64() && own["strength"].as_f64() > Some(0.0), "{told}");
    assert_eq!((told["stale"].as_bool(), told["shipped"]["measured"].as_array().map(Vec::len)), (Some(false), Some(2)), "{told}");
    let feelings = async || -> Vec<Value> {
        let all = firm.owner.get("/models").await.good().json();
        all.as_array().expect("models").iter().filter(|it| it["kind"] == "feeling").cloned().collect()
    };
    let first = feelings().await[0]["id"].as_str().expect("id").to_owned();
    // Words that nobody taught together: only the model knows them.
    let (talk, _) = firm.customer(true).await.says("我买的那双靴子第二天就翻车了，你们看看").await;
    assert_eq!(firm.mood(&talk).await["points"][0]["state"], "upset");
    firm.teach(&["帽子翻车了"], "upset").await;
    firm.owner.post("/feelings/train?wait=true", Value::Null).await.good();
    let live = |all: &[Value]| all.iter().filter(|it| it["state"] == "live").map(|it| it["id"].as_str().expect("id").to_owned()).collect::<Vec<_>>();
    assert!(live(&feelings().await).len() == 1 && live(&feelings().await)[0] != first);
    firm.owner.post(&format!("/models/{first}/state"), json!({"state": "live"})).await.good();
    assert_eq!(live(&feelings().await), std::slice::from_ref(&first));
    let newest = feelings().await[0]["id"].as_str().expect("id").to_owned();
    assert_eq!(firm.owner.post(&format!("/models/{newest}/state"), json!({"state": "shadow"})).await.code(), "input.bad_field");
    assert_eq!(firm.told().await["own"]["model"]["id"], first.as_str());
}

#[tokio::test]
async fn what_a_customer_said_is_learned_with_consent_and_goes_with_it() {
    let firm = Firm::new().await;
    let silent = firm.customer(false).await.says(SAYING).await;
    let path = |it: &(String, u64)| format!("/conversations/{}/entries/{}/feeling", it.0, it.1);
    assert_eq!(firm.owner.post(&path(&silent), json!({"state": "upset"})).await.code(), "feeling.no_consent");

    let mut customer = firm.customer(true).await;
    let numbered = customer.says("电话13812345678，一直没人回").await;
    let example = firm.owner.post(&path(&numbered), json!({"state": "upset"})).await.good().json();
    let taken = example["text"].as_str().expect("text").to_owned();
    assert!(taken.contains("没人回") && !taken.contains("13812345678") && example["said"]["seq"] == numbered.1, "{example}");
    firm.owner.ask("DELETE", &format!("/feelings/examples/{}", example["id"].as_str().expect("id")), Sent::Nothing).await.good();
    let said = customer.says(SAYING).await;
    firm.owner.post(&path(&said), json!({"state": "upset"})).await.good();
    // Corrected once more it is the same example.
    firm.owner.post(&path(&said), json!({"state": "angry"})).await.good();
    assert_eq!(firm.examples().await.iter().map(|it| it["state"].clone()).collect::<Vec<_>>(), ["angry"]);
    firm.owner.post(&path(&said), json!({"state": "upset"})).await.good();
    let (other, _) = firm.customer(true).await.says(SAYING).await;
    assert_eq!(firm.mood(&other).await["points"][0]["state"], "upset");
    // What the bot says is nobody's feeling.
    let entries = firm.owner.get(&format!("/conversations/{}/entries", said.0)).await.good().json();
    let bot = entries["items"].as_array().and_then(|all| all.iter().find(|it| it["event"]["kind"] == "message_sent")).expect("an answer").clone();
    assert_eq!(firm.owner.post(&path(&(said.0.clone(), bot["seq"].as_u64().expect("seq"))), json!({"state": "calm"})).await.code(), "intent.not_a_text");
    // They may take along what was learned from them.
    let contact = firm.owner.get(&format!("/conversations/{}", said.0)).await.good().json()["contact"]["id"].as_str().expect("id").to_owned();
    assert!(firm.owner.get(&format!("/contacts/{contact}/export")).await.good().text().contains("feelings_taught"));

    // A model learned from it, too; both go with the consent, at once.
    firm.import(&set()).await.good();
    firm.owner.post("/feelings/train?wait=true", Value::Null).await.good();
    let learned = firm.told().await["own"]["model"]["id"].clone();
    assert!(learned.is_string());
    customer.consents(false).await;
    assert!(!firm.examples().await.iter().any(|it| it["source"] == "corrected"));
    assert_ne!(firm.told().await["own"]["model"]["id"], learned);
    assert!(!firm.owner.get("/models").await.good().text().contains(learned.as_str().expect("id")));
    let (after, _) = firm.customer(true).await.says(SAYING).await;
    assert_eq!(firm.mood(&after).await["points"][0]["state"], "calm");
}

#[tokio::test]
async fn an_erased_customers_words_are_not_learned_from_any_more() {
    let firm = Firm::new().await;
    let mut customer = firm.customer(true).await;
    let said = customer.says(SAYING).await;
    firm.owner.post(&format!("/conversations/{}/entries/{}/feeling", said.0, said.1), json!({"state": "upset"})).await.good();
    assert_eq!(firm.examples().await.len(), 1);
    let erased = customer.caller.post("/widget/erase", json!({"confirm": true})).await.good().json();
    assert_eq!((&erased["rescan_hits"], &erased["erased"]["record"]), (&json!(0), &json!(1)), "{erased}");
    assert_eq!(firm.examples().await, Vec::<Value>::new());
    let (after, _) = firm.customer(true).await.says(SAYING).await;
    assert_eq!(firm.mood(&after).await["points"][0]["state"], "calm");
}
