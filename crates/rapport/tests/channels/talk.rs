//! What is the same in talks over all channels: somebody takes over, says something, and what became of it.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use crate::{ADA, Client, Firm, PATIENCE, text};

/// A file that is no picture.
pub(crate) const PDF: &[u8] = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n";

pub(crate) fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970");
    u64::try_from(since.as_millis()).expect("a time")
}

/// Waits for the inbox's first talk.
pub(crate) async fn first(firm: &Firm) -> String {
    let found = tokio::time::timeout(PATIENCE, async {
        loop {
            if let Some(it) = firm.conversations().await.first() {
                return text(&it["id"]);
            }
            tokio::task::yield_now().await;
        }
    });
    found.await.expect("a conversation")
}

/// Waits until the customer's text stands on the timeline.
pub(crate) async fn until_said(firm: &Firm, conversation: &str, said: &str) {
    let is_it = |it: &Value| it["event"]["kind"] == "message_received" && it["event"]["message"]["content"]["text"] == said;
    firm.until(conversation, said, is_it).await;
}

/// Waits until a message has come to that state.
pub(crate) async fn until_delivery(firm: &Firm, conversation: &str, state: &str) -> Value {
    let is_it = |it: &Value| it["event"]["kind"] == "delivery_changed" && it["event"]["state"] == state;
    firm.until(conversation, state, is_it).await
}

/// Waits until the message itself, not just any, has come to that state.
pub(crate) async fn until_delivered(firm: &Firm, conversation: &str, message: &Value, state: &str) -> Value {
    let is_it = |it: &Value| it["event"]["kind"] == "delivery_changed" && it["event"]["state"] == state && it["event"]["message"] == *message;
    firm.until(conversation, state, is_it).await
}

/// An agent who has taken the talk from the bot.
pub(crate) async fn taken(firm: &Firm, conversation: &str) -> Client {
    let mut desk = Client::connect(&firm.server, "member", &firm.server.token(ADA), None).await;
    let taken = desk.act("take", Some(conversation), json!({"action": "take"})).await;
    assert_eq!(taken["t"], "ack", "{taken}");
    desk
}

pub(crate) async fn say(desk: &mut Client, conversation: &str, id: &str, content: Value) {
    desk.say(&json!({"t": "send", "id": id, "conversation": conversation, "content": content})).await;
    let receipt = desk.answer(id).await;
    assert_eq!(receipt["t"], "ack", "{receipt}");
}

/// A file that the agent put up before.
pub(crate) async fn say_file(firm: &Firm, desk: &mut Client, conversation: &str, (name, content): (&str, &[u8])) {
    let file = firm.anonymous.bearer(&firm.server.token(ADA)).upload("/uploads", name, content).await.good().json();
    let kind = if text(&file["media_type"]).starts_with("image/") { "image" } else { "file" };
    say(desk, conversation, &format!("f{}", name.len()), json!({"type": kind, "file": file})).await;
}

/// The steps of the check, with how they went.
pub(crate) async fn checked(firm: &Firm) -> Vec<(String, Value)> {
    let steps = firm.owner.post(&format!("/inboxes/{}/channel/check", firm.inbox), json!({})).await.good().json();
    steps["items"].as_array().expect("items").iter().map(|it| (text(&it["name"]), it["passed"].clone())).collect()
}

/// Those that are expected.
pub(crate) fn steps(expected: &[(&str, Option<bool>)]) -> Vec<(String, Value)> {
    expected.iter().map(|(name, passed)| ((*name).to_owned(), json!(passed))).collect()
}

pub(crate) async fn reconfigured(firm: &Firm, fields: Value) {
    firm.owner.ask("PUT", &format!("/inboxes/{}/channel", firm.inbox), crate::Sent::Json(json!({"fields": fields}))).await.good();
}
