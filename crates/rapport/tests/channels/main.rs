//! Remote channels against the real binary: a provider that stands for Telegram, WeChat, WeCom, DingTalk or Feishu on loopback, called and calling as theirs do.

#![expect(clippy::indexing_slicing, reason = "what is not as expected ends the test")]

#[path = "../support/mod.rs"]
mod support;

mod api;
mod desk;
mod dingtalk;
mod feishu;
mod messenger;
mod provider;
mod sms_aliyun;
mod sms_twilio;
mod talk;
mod telegram;
mod wechat;
mod wecom;
mod wecom_kf;
mod whatsapp;

use serde_json::{Value, json};
use support::{
    Client, PATIENCE, Server,
    http::{Caller, Sent},
};

const OWNER: &str = "owner@cloudstep.example";
const ADA: &str = "ada@cloudstep.example";

/// A demo firm with one inbox on a remote channel.
struct Firm {
    server: Server,
    anonymous: Caller,
    owner: Caller,
    inbox: String,
    key: String,
}

impl Firm {
    async fn with(channel: &str, fields: Value) -> Self {
        let server = Server::start_with(&["--channels-on-loopback"]);
        let anonymous = Caller::anonymous(&server);
        let owner = anonymous.bearer(&server.token_of("demo", "owner", OWNER));
        let body = json!({"name": channel, "channel": channel, "locale": "zh-CN", "welcome": {"zh": "您好", "en": "Hello"}, "color": "#2563eb"});
        let made = owner.post("/inboxes", body).await.good().json();
        let (inbox, key) = (text(&made["id"]), text(&made["key"]));
        let saved = owner.ask("PUT", &format!("/inboxes/{inbox}/channel"), Sent::Json(json!({"fields": fields}))).await.good().json();
        assert_eq!(saved["missing"], json!([]), "{saved}");
        Self { server, anonymous, owner, inbox, key }
    }

    fn callback(&self) -> String {
        format!("http://{}/channels/{}", self.server.address, self.key)
    }

    async fn conversations(&self) -> Vec<Value> {
        let list = self.owner.get(&format!("/conversations?inbox={}", self.inbox)).await.good().json();
        list["items"].as_array().expect("items").clone()
    }

    async fn entries(&self, conversation: &str) -> Vec<Value> {
        let page = self.owner.get(&format!("/conversations/{conversation}/entries?limit=200")).await.good().json();
        page["items"].as_array().expect("items").clone()
    }

    /// What the customer said, as the timeline has it.
    async fn said(&self, conversation: &str) -> Vec<Value> {
        let entries = self.entries(conversation).await;
        entries.iter().filter(|it| it["event"]["kind"] == "message_received").map(|it| it["event"]["message"]["content"].clone()).collect()
    }

    /// Waits for something on the timeline.
    async fn until(&self, conversation: &str, what: &str, fits: impl Fn(&Value) -> bool + Send + Sync) -> Value {
        let mut desk = Client::connect(&self.server, "member", &self.server.token(ADA), Some(0)).await;
        let found = tokio::time::timeout(PATIENCE, async {
            loop {
                let entry = desk.until(|it| it["t"] == "event").await;
                if entry["conversation"] == conversation && fits(&entry) {
                    return entry;
                }
            }
        });
        found.await.unwrap_or_else(|_late| unreachable!("{what} did not come"))
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| unreachable!("no text: {value}")).to_owned()
}

#[tokio::test]
async fn secrets_are_sealed_and_never_shown_again() {
    let firm = Firm::with("telegram", json!({"token": "123:SECRET-TOKEN", "webhook_secret": "s3cret-word", "base_url": "http://127.0.0.1:1"})).await;
    let path = format!("/inboxes/{}/channel", firm.inbox);
    let shown = firm.owner.get(&path).await.good();
    assert!(!shown.text().contains("SECRET-TOKEN") && !shown.text().contains("s3cret-word"), "{}", shown.text());
    let fields = shown.json()["fields"].as_array().expect("fields").clone();
    let token = fields.iter().find(|it| it["name"] == "token").expect("token");
    assert_eq!((&token["is_set"], &token["value"], &token["secret"]), (&json!(true), &json!(""), &json!(true)));
    assert_eq!(shown.json()["callback_url"], json!(firm.callback()));
    let agent = firm.anonymous.bearer(&firm.server.token(ADA));
    assert_eq!(agent.get(&path).await.code(), "auth.forbidden");
    let private = firm.owner.ask("PUT", &path, Sent::Json(json!({"fields": {"base_url": "http://10.0.0.1/"}}))).await;
    assert_eq!(private.code(), "channel.url_refused");
    let unknown = firm.owner.ask("PUT", &path, Sent::Json(json!({"fields": {"colour": "red"}}))).await;
    assert_eq!(unknown.code(), "input.bad_field");
    // On disk neither.
    let stored = firm.server.command(&["doctor"]);
    assert!(!stored.contains("SECRET-TOKEN"));
}
