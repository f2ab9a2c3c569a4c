//! Consent and care against the real binary: nothing without consent, everything gone with it, reasons for the customer, and erasure that is looked for afterwards.

#![expect(clippy::indexing_slicing, reason = "what is not as expected ends the test")]

mod support;

use serde_json::{Value, json};
use support::{
    Client, Server,
    http::{Caller, Sent},
};

const OWNER: &str = "owner@cloudstep.example";
/// Words that nobody else says.
const COMPLAINT: &str = "zanzibar parcel never came, I will file a complaint with the ombudsman!!";

struct Shop {
    server: Server,
    owner: Caller,
    visitor: Caller,
    widget: Client,
    contact: String,
    sent: u32,
}

impl Shop {
    async fn new() -> Self {
        let server = Server::start();
        let anonymous = Caller::anonymous(&server);
        let owner = anonymous.bearer(&server.token_of("demo", "owner", OWNER));
        owner.ask("PUT", "/ethics", Sent::Json(json!({"switches": {"feelings": true, "proactive_contact": false}, "retention_days": 30}))).await.good();
        let fields = json!({"name": "Quentin Zanzibar", "email": "quentin@zanzibar.example"});
        let session = anonymous.post("/widget/session", json!({"key": "demo-shop", "locale": "en", "fields": fields})).await.good().json();
        let token = session["token"].as_str().expect("token").to_owned();
        let widget = Client::connect(&server, "visitor", &token, None).await;
        let contact = session["contact"]["id"].as_str().expect("id").to_owned();
        Self { visitor: anonymous.bearer(&token), server, owner, widget, contact, sent: 0 }
    }

    async fn says(&mut self, text: &str) -> String {
        self.sent += 1;
        let ack = self.widget.send_text(&format!("m{}", self.sent), None, text).await;
        ack["conversation"].as_str().expect("an id").to_owned()
    }

    async fn consents(&mut self, given: bool) {
        self.sent += 1;
        let action = json!({"action": "consent", "purpose": "emotion:care", "given": given, "text_version": 1});
        let ack = self.widget.act(&format!("m{}", self.sent), None, action).await;
        assert_eq!(ack["t"], "ack", "{ack}");
    }

    async fn mood(&self, conversation: &str) -> Value {
        self.owner.get(&format!("/conversations/{conversation}/mood")).await.good().json()
    }
}

#[tokio::test]
async fn care_follows_consent_and_goes_with_it() {
    let mut shop = Shop::new().await;
    let asked = shop.visitor.get("/widget/consents").await.good().json();
    assert_eq!((asked["items"][0]["purpose"].as_str(), asked["items"][0]["given"].as_bool()), (Some("emotion:care"), Some(false)));
    let conversation = shop.says(COMPLAINT).await;
    assert_eq!(shop.mood(&conversation).await["consented"], false);

    shop.consents(true).await;
    shop.says(COMPLAINT).await;
    let mood = shop.mood(&conversation).await;
    assert_eq!((mood["consented"].as_bool(), mood["level"].as_str(), mood["points"].as_array().map(Vec::len)), (Some(true), Some("raised"), Some(1)), "{mood}");
    let acts: Vec<&str> = mood["care"].as_array().expect("care").iter().filter_map(|it| it["act"].as_str()).collect();
    assert!(acts.contains(&"prioritise") && acts.contains(&"alert_supervisor"), "{mood}");
    let alerts = shop.owner.get("/care/alerts").await.good().json();
    assert_eq!(alerts["items"][0]["conversation"], conversation.as_str());
    let row = shop.owner.get(&format!("/conversations/{conversation}")).await.good().json();
    assert_eq!(row["priority"], "urgent");
    let replayed = shop.owner.post("/care/replay", json!({"conversation": conversation})).await.good().json();
    assert!(replayed["turns"][0]["take"].as_array().is_some_and(|it| !it.is_empty()), "{replayed}");

    let decided = shop.visitor.get("/widget/decisions").await.good().json();
    let decision = &decided["items"][0];
    assert!(decision["why"][0]["en"].as_str().is_some_and(|it| it.starts_with("You wrote")), "{decision}");
    shop.visitor.post("/widget/objection", json!({"seq": decision["seq"], "text": "not so"})).await.good();
    let decided = shop.visitor.get("/widget/decisions").await.good().json();
    assert_eq!(decided["items"][0]["objected"], true);
    let row = shop.owner.get(&format!("/conversations/{conversation}")).await.good().json();
    assert_eq!(row["status"]["type"], "queued", "a person looks at it");

    shop.consents(false).await;
    assert_eq!(shop.mood(&conversation).await["consented"], false);
    assert_eq!(shop.owner.get("/care/alerts").await.good().json()["items"], json!([]));
    assert_eq!(shop.visitor.get("/widget/decisions").await.good().json()["items"], json!([]));
    let row = shop.owner.get(&format!("/conversations/{conversation}")).await.good().json();
    assert_eq!((row["priority"].as_str(), row["care"]["active"].as_array().map(Vec::len)), (Some("normal"), Some(0)));
    let replay = shop.server.command(&["replay", &conversation]);
    assert!(replay.contains("follows from them") && replay.contains("care_erased") && !replay.contains("[care."), "{replay}");
    let audit = shop.server.command(&["audit", "verify"]);
    assert!(audit.contains("decisions about persons, whole"), "{audit}");
}

#[tokio::test]
async fn an_erased_customer_is_found_nowhere() {
    let mut shop = Shop::new().await;
    shop.consents(true).await;
    let conversation = shop.says(COMPLAINT).await;
    let export = shop.owner.get(&format!("/contacts/{}/export", shop.contact)).await.good().text();
    assert!(export.contains(COMPLAINT) && export.contains("quentin@zanzibar.example") && export.contains("\"noticed\""), "{export}");
    let page = shop.visitor.get("/widget/export?format=html").await.good().text();
    assert!(page.contains("quentin@zanzibar.example") && page.starts_with("<!doctype html>"));

    let erased = shop.visitor.post("/widget/erase", json!({"confirm": true})).await.good().json();
    assert_eq!(erased["rescan_hits"], 0, "{erased}");
    assert_eq!(erased["erased"]["contact"], 1);
    let entries = shop.owner.get(&format!("/conversations/{conversation}/entries")).await.text();
    assert!(!entries.to_lowercase().contains("zanzibar"), "{entries}");
    assert_eq!(shop.owner.get(&format!("/contacts/{}", shop.contact)).await.status, 404);
    assert_eq!(shop.owner.get("/conversations?q=zanzibar").await.good().json()["items"], json!([]));
    shop.server.command(&["replay", &conversation]);
    assert!(shop.server.command(&["audit", "verify"]).contains("whole"));
}
