//! An agent who takes a conversation and writes in it, and what becomes of what they write.

use serde_json::{Value, json};

use crate::{ADA, Client, Firm, telegram::PNG, text};

pub(crate) struct Desk<'a> {
    firm: &'a Firm,
    client: Client,
    pub(crate) conversation: String,
    said: usize,
}

impl<'a> Desk<'a> {
    /// Takes the firm's only conversation, waiting for it where its first message waits for a file.
    pub(crate) async fn take(firm: &'a Firm) -> Self {
        let conversation = first(firm).await;
        let mut client = Client::connect(&firm.server, "member", &firm.server.token(ADA), None).await;
        let taken = client.act("take", Some(&conversation), json!({"action": "take"})).await;
        assert_eq!(taken["t"], "ack", "{taken}");
        Self { firm, client, conversation, said: 0 }
    }

    pub(crate) async fn says(&mut self, text: &str) {
        self.sends(json!({"type": "text", "text": text})).await;
    }

    async fn sends(&mut self, content: Value) {
        self.said += 1;
        let id = format!("said-{}", self.said);
        self.client.say(&json!({"t": "send", "id": id, "conversation": self.conversation, "content": content})).await;
        let receipt = self.client.answer(&id).await;
        assert_eq!(receipt["t"], "ack", "{receipt}");
    }

    /// One pixel as `像素.png`.
    pub(crate) async fn sends_picture(&mut self) {
        let agent = self.firm.anonymous.bearer(&self.firm.server.token(ADA));
        let file = agent.upload("/uploads", "像素.png", PNG).await.good().json();
        self.sends(json!({"type": "image", "file": file})).await;
    }

    /// Waits until what was said in these words has come so far; with the code, where there is one.
    pub(crate) async fn until(&self, words: &str, state: &str) -> Value {
        let said = self.firm.until(&self.conversation, words, |it| it["event"]["kind"] == "message_sent" && it["event"]["message"]["content"]["text"] == words).await;
        let message = text(&said["event"]["message"]["id"]);
        self.firm.until(&self.conversation, state, |it| it["event"]["kind"] == "delivery_changed" && it["event"]["message"] == message.as_str() && it["event"]["state"] == state).await["event"]["code"].clone()
    }
}

/// The firm's only conversation, once it is there.
pub(crate) async fn first(firm: &Firm) -> String {
    let found = tokio::time::timeout(crate::PATIENCE, async {
        loop {
            if let Some(it) = firm.conversations().await.first() {
                return text(&it["id"]);
            }
            tokio::task::yield_now().await;
        }
    });
    found.await.expect("a conversation")
}

/// Steps of the live check: name, and whether it passed; the whole as it was told.
pub(crate) async fn checked(firm: &Firm) -> (Vec<(String, Value)>, Value) {
    let steps = firm.owner.post(&format!("/inboxes/{}/channel/check", firm.inbox), json!({})).await.good().json();
    let passed = steps["items"].as_array().expect("items").iter().map(|it| (text(&it["name"]), it["passed"].clone())).collect();
    (passed, steps)
}

/// Changes fields of the channel.
pub(crate) async fn configure(firm: &Firm, fields: Value) {
    let path = format!("/inboxes/{}/channel", firm.inbox);
    firm.owner.ask("PUT", &path, crate::Sent::Json(json!({"fields": fields}))).await.good();
}

/// Waits for a failed delivery of what the bot said, and gives its code.
pub(crate) async fn failed(firm: &Firm) -> String {
    let conversation = first(firm).await;
    let failed = firm.until(&conversation, "the failure", |it| it["event"]["kind"] == "delivery_changed" && it["event"]["state"] == "failed").await;
    text(&failed["event"]["code"])
}
