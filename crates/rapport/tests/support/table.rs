//! Every route of the HTTP API: who may ask, what it needs, and what a good request sends. A route without a row fails the test.

use rapport_model::Role;
use serde_json::{Value, json};

/// The least that a caller has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Least {
    Public,
    Visitor,
    /// A member in the browser; a token is not enough.
    SignedIn,
    Role(Role),
}

/// Whose id stands in the path. A fresh one is made for each row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Thing {
    Nothing,
    Member,
    Team,
    Inbox,
    /// One on a channel of a provider.
    ChannelInbox,
    /// Something in the outbox that did not go out.
    Stuck,
    Calendar,
    CannedReply,
    CareRule,
    /// A compensation that waits for approval.
    Spending,
    Article,
    Intent,
    /// An example of an intent.
    Example,
    Term,
    /// A sentence with the feeling that it shows.
    FeelingExample,
    /// One that is not live.
    Model,
    Conversation,
    /// A customer's text in a conversation.
    Said,
    /// The text of a customer who agreed that feelings are noticed.
    SaidWithConsent,
    Contact,
    Ticket,
    File,
    Token,
    /// A ticket with the secret of its link.
    SharedTicket,
    /// The visitor's own.
    OwnConversation,
    OwnFile,
    /// An automated decision about the visitor; its secret is its number.
    OwnDecision,
}

/// What a good request sends. `tag` makes names unique.
#[derive(Clone, Copy)]
pub(crate) enum Good {
    Nothing,
    Json(fn(tag: &str) -> Value),
    /// A multipart body with a file of this name.
    File(&'static str),
    /// A body that is a file.
    Text(fn(tag: &str) -> String),
}

pub(crate) struct Row {
    pub(crate) method: &'static str,
    /// As in the OpenAPI document, without the base.
    pub(crate) path: &'static str,
    pub(crate) least: Least,
    pub(crate) thing: Thing,
    pub(crate) good: Good,
}

const AGENT: Least = Least::Role(Role::Agent);
const SUPERVISOR: Least = Least::Role(Role::Supervisor);
const ADMINISTRATOR: Least = Least::Role(Role::Administrator);

const fn row(method: &'static str, path: &'static str, least: Least, thing: Thing, good: Good) -> Row {
    Row { method, path, least, thing, good }
}

pub(crate) const ROWS: &[Row] = &[
    row("POST", "/auth/sign-in", Least::Public, Thing::Nothing, Good::Json(|_| json!({"email": crate::world::OWNER, "password": crate::world::PASSWORD}))),
    row("POST", "/auth/link", Least::Public, Thing::Nothing, Good::Json(|_| json!({"token": "rpl_none"}))),
    row("POST", "/auth/sign-out", Least::SignedIn, Thing::Nothing, Good::Nothing),
    row("POST", "/auth/password", Least::SignedIn, Thing::Nothing, Good::Json(|_| json!({"current": crate::world::PASSWORD, "new": crate::world::PASSWORD}))),
    row("GET", "/me", AGENT, Thing::Nothing, Good::Nothing),
    row("PATCH", "/me", AGENT, Thing::Nothing, Good::Json(|_| json!({"locale": "zh-CN"}))),
    row("GET", "/start", Least::Public, Thing::Nothing, Good::Nothing),
    row("GET", "/members", AGENT, Thing::Nothing, Good::Nothing),
    row("POST", "/members", ADMINISTRATOR, Thing::Nothing, Good::Json(member)),
    row("PUT", "/members/{id}", ADMINISTRATOR, Thing::Member, Good::Json(member)),
    row("DELETE", "/members/{id}", ADMINISTRATOR, Thing::Member, Good::Nothing),
    row("POST", "/members/{id}/sign-in-link", ADMINISTRATOR, Thing::Member, Good::Nothing),
    row("GET", "/teams", AGENT, Thing::Nothing, Good::Nothing),
    row("POST", "/teams", ADMINISTRATOR, Thing::Nothing, Good::Json(team)),
    row("PUT", "/teams/{id}", ADMINISTRATOR, Thing::Team, Good::Json(team)),
    row("DELETE", "/teams/{id}", ADMINISTRATOR, Thing::Team, Good::Nothing),
    row("GET", "/inboxes", AGENT, Thing::Nothing, Good::Nothing),
    row("POST", "/inboxes", ADMINISTRATOR, Thing::Nothing, Good::Json(inbox)),
    row("PUT", "/inboxes/{id}", ADMINISTRATOR, Thing::Inbox, Good::Json(inbox)),
    row("DELETE", "/inboxes/{id}", ADMINISTRATOR, Thing::Inbox, Good::Nothing),
    row("GET", "/inboxes/{id}/snippet", ADMINISTRATOR, Thing::Inbox, Good::Nothing),
    row("POST", "/inboxes/{id}/identity-secret", ADMINISTRATOR, Thing::Inbox, Good::Nothing),
    row("GET", "/inboxes/{id}/channel", ADMINISTRATOR, Thing::ChannelInbox, Good::Nothing),
    row("PUT", "/inboxes/{id}/channel", ADMINISTRATOR, Thing::ChannelInbox, Good::Json(channel_fields)),
    row("POST", "/inboxes/{id}/channel/check", ADMINISTRATOR, Thing::ChannelInbox, Good::Nothing),
    row("GET", "/deliveries/stuck", SUPERVISOR, Thing::Nothing, Good::Nothing),
    row("POST", "/deliveries/{id}/retry", SUPERVISOR, Thing::Stuck, Good::Nothing),
    row("GET", "/calendars", AGENT, Thing::Nothing, Good::Nothing),
    row("POST", "/calendars", ADMINISTRATOR, Thing::Nothing, Good::Json(calendar)),
    row("PUT", "/calendars/{id}", ADMINISTRATOR, Thing::Calendar, Good::Json(calendar)),
    row("DELETE", "/calendars/{id}", ADMINISTRATOR, Thing::Calendar, Good::Nothing),
    row("GET", "/calendars/{id}/preview", AGENT, Thing::Calendar, Good::Nothing),
    row("GET", "/canned-replies", AGENT, Thing::Nothing, Good::Nothing),
    row("POST", "/canned-replies", SUPERVISOR, Thing::Nothing, Good::Json(canned_reply)),
    row("PUT", "/canned-replies/{id}", SUPERVISOR, Thing::CannedReply, Good::Json(canned_reply)),
    row("DELETE", "/canned-replies/{id}", SUPERVISOR, Thing::CannedReply, Good::Nothing),
    row("GET", "/articles", AGENT, Thing::Nothing, Good::Nothing),
    row("POST", "/articles", ADMINISTRATOR, Thing::Nothing, Good::Json(article)),
    row("GET", "/articles/{id}", AGENT, Thing::Article, Good::Nothing),
    row("PUT", "/articles/{id}", ADMINISTRATOR, Thing::Article, Good::Json(article)),
    row("DELETE", "/articles/{id}", ADMINISTRATOR, Thing::Article, Good::Nothing),
    row("GET", "/articles/{id}/versions", AGENT, Thing::Article, Good::Nothing),
    row("POST", "/knowledge/import", ADMINISTRATOR, Thing::Nothing, Good::File("faq.md")),
    row("POST", "/knowledge/ask", AGENT, Thing::Nothing, Good::Json(|_| json!({"question": "hello", "locale": "en"}))),
    row("POST", "/knowledge/render", AGENT, Thing::Nothing, Good::Json(|_| json!({"markdown": "**hello**"}))),
    row("GET", "/intents", AGENT, Thing::Nothing, Good::Nothing),
    row("POST", "/intents", SUPERVISOR, Thing::Nothing, Good::Json(intent)),
    row("GET", "/intents/{id}", AGENT, Thing::Intent, Good::Nothing),
    row("PUT", "/intents/{id}", SUPERVISOR, Thing::Intent, Good::Json(intent)),
    row("DELETE", "/intents/{id}", SUPERVISOR, Thing::Intent, Good::Nothing),
    row("POST", "/intents/{id}/examples", SUPERVISOR, Thing::Intent, Good::Json(|tag| json!({"texts": [tag]}))),
    row("DELETE", "/intents/{id}/examples/{n}", SUPERVISOR, Thing::Example, Good::Nothing),
    row("POST", "/intents/try", AGENT, Thing::Nothing, Good::Json(|_| json!({"text": "hello"}))),
    row("POST", "/intents/import", SUPERVISOR, Thing::Nothing, Good::Text(|tag| format!("text,label\n{tag},{tag}\n"))),
    row("GET", "/intents/export.csv", AGENT, Thing::Nothing, Good::Nothing),
    row("GET", "/intents/report", AGENT, Thing::Nothing, Good::Nothing),
    row("POST", "/intents/train", SUPERVISOR, Thing::Nothing, Good::Nothing),
    row("GET", "/feelings", SUPERVISOR, Thing::Nothing, Good::Nothing),
    row("GET", "/feelings/examples", SUPERVISOR, Thing::Nothing, Good::Nothing),
    row("POST", "/feelings/examples", SUPERVISOR, Thing::Nothing, Good::Json(|tag| json!({"texts": [tag], "state": "upset"}))),
    row("DELETE", "/feelings/examples/{id}", SUPERVISOR, Thing::FeelingExample, Good::Nothing),
    row("POST", "/feelings/import", SUPERVISOR, Thing::Nothing, Good::Text(feelings)),
    // After the import: there is enough to train on.
    row("POST", "/feelings/train", SUPERVISOR, Thing::Nothing, Good::Nothing),
    row("PUT", "/feelings/use", SUPERVISOR, Thing::Nothing, Good::Json(|_| json!({"own": true}))),
    row("GET", "/models", AGENT, Thing::Nothing, Good::Nothing),
    row("POST", "/models/{id}/state", SUPERVISOR, Thing::Model, Good::Json(|_| json!({"state": "shadow"}))),
    row("GET", "/lexicon", AGENT, Thing::Nothing, Good::Nothing),
    row("POST", "/lexicon", SUPERVISOR, Thing::Nothing, Good::Json(term)),
    row("PUT", "/lexicon/{id}", SUPERVISOR, Thing::Term, Good::Json(term)),
    row("DELETE", "/lexicon/{id}", SUPERVISOR, Thing::Term, Good::Nothing),
    row("GET", "/lexicon/starter", AGENT, Thing::Nothing, Good::Nothing),
    row("PUT", "/lexicon/groups", SUPERVISOR, Thing::Nothing, Good::Json(|_| json!({"on": ["cantonese", "internet"]}))),
    row("POST", "/lexicon/import", SUPERVISOR, Thing::Nothing, Good::Text(|tag| format!("canonical,variants,group,note\n{tag},other {tag},own,\n"))),
    row("GET", "/conversations", AGENT, Thing::Nothing, Good::Nothing),
    row("GET", "/conversations/counts", AGENT, Thing::Nothing, Good::Nothing),
    row("GET", "/conversations/{id}", AGENT, Thing::Conversation, Good::Nothing),
    row("GET", "/conversations/{id}/entries", AGENT, Thing::Conversation, Good::Nothing),
    row("GET", "/conversations/{id}/reach", AGENT, Thing::Conversation, Good::Nothing),
    row("POST", "/conversations/{id}/actions", AGENT, Thing::Conversation, Good::Json(|tag| json!({"id": tag, "action": {"action": "take"}}))),
    row("POST", "/conversations/{id}/messages", AGENT, Thing::Conversation, Good::Json(|tag| json!({"id": tag, "content": {"type": "text", "text": "hello"}}))),
    row("POST", "/conversations/{id}/tickets", AGENT, Thing::Conversation, Good::Json(|tag| json!({"id": tag, "title": "sole is loose"}))),
    row("GET", "/conversations/{id}/decisions", AGENT, Thing::Conversation, Good::Nothing),
    row("GET", "/conversations/{id}/understanding", AGENT, Thing::Conversation, Good::Nothing),
    row("POST", "/conversations/{id}/entries/{seq}/intent", AGENT, Thing::Said, Good::Json(|_| json!({"intent": null}))),
    row("POST", "/conversations/{id}/entries/{seq}/feeling", AGENT, Thing::SaidWithConsent, Good::Json(|_| json!({"state": "upset"}))),
    row("GET", "/conversations/{id}/mood", AGENT, Thing::Conversation, Good::Nothing),
    row("GET", "/conversations/{id}/suggestion", AGENT, Thing::Conversation, Good::Nothing),
    row("GET", "/ethics", ADMINISTRATOR, Thing::Nothing, Good::Nothing),
    row("PUT", "/ethics", ADMINISTRATOR, Thing::Nothing, Good::Json(|_| json!({"switches": {"feelings": true, "proactive_contact": false}, "retention_days": 30}))),
    row("GET", "/care/rules", SUPERVISOR, Thing::Nothing, Good::Nothing),
    row("POST", "/care/rules", ADMINISTRATOR, Thing::Nothing, Good::Json(care_rule)),
    row("PUT", "/care/rules/{id}", ADMINISTRATOR, Thing::CareRule, Good::Json(care_rule)),
    row("DELETE", "/care/rules/{id}", ADMINISTRATOR, Thing::CareRule, Good::Nothing),
    row("POST", "/care/rules/reset", ADMINISTRATOR, Thing::Nothing, Good::Nothing),
    row("GET", "/care/budget", SUPERVISOR, Thing::Nothing, Good::Nothing),
    row("PUT", "/care/budget", ADMINISTRATOR, Thing::Nothing, Good::Json(|_| json!({"currency": "CNY", "per_customer_minor": 5000, "per_day_minor": 50000, "approval_above_minor": 0}))),
    row("GET", "/care/spending", SUPERVISOR, Thing::Nothing, Good::Nothing),
    row("POST", "/care/spending/{id}", SUPERVISOR, Thing::Spending, Good::Json(|_| json!({"approve": false}))),
    row("GET", "/care/alerts", SUPERVISOR, Thing::Nothing, Good::Nothing),
    row("POST", "/care/alerts/{id}/seen", SUPERVISOR, Thing::Conversation, Good::Nothing),
    row("POST", "/care/replay", SUPERVISOR, Thing::Conversation, Good::Json(|_| json!({"conversation": "{id}"}))),
    row("GET", "/contacts/{id}/consents", AGENT, Thing::Contact, Good::Nothing),
    row("GET", "/contacts/{id}/export", ADMINISTRATOR, Thing::Contact, Good::Nothing),
    row("DELETE", "/contacts/{id}", ADMINISTRATOR, Thing::Contact, Good::Nothing),
    row("GET", "/contacts", AGENT, Thing::Nothing, Good::Nothing),
    row("GET", "/contacts/{id}", AGENT, Thing::Contact, Good::Nothing),
    row("PATCH", "/contacts/{id}", AGENT, Thing::Contact, Good::Json(|_| json!({"notes": "likes blue"}))),
    row("GET", "/tickets", AGENT, Thing::Nothing, Good::Nothing),
    row("GET", "/tickets/{id}", AGENT, Thing::Ticket, Good::Nothing),
    row("PATCH", "/tickets/{id}", AGENT, Thing::Ticket, Good::Json(|_| json!({"stage": "in_progress", "note": "glue ordered", "public": true}))),
    row("POST", "/tickets/{id}/new-link", AGENT, Thing::Ticket, Good::Nothing),
    row("POST", "/uploads", AGENT, Thing::Nothing, Good::File("note.txt")),
    row("GET", "/files/{id}", AGENT, Thing::File, Good::Nothing),
    row("GET", "/tokens", ADMINISTRATOR, Thing::Nothing, Good::Nothing),
    row("POST", "/tokens", ADMINISTRATOR, Thing::Nothing, Good::Json(|tag| json!({"label": tag, "role": "agent"}))),
    row("DELETE", "/tokens/{id}", ADMINISTRATOR, Thing::Token, Good::Nothing),
    row("GET", "/audit", ADMINISTRATOR, Thing::Nothing, Good::Nothing),
    row("GET", "/settings", AGENT, Thing::Nothing, Good::Nothing),
    row("PUT", "/settings", ADMINISTRATOR, Thing::Nothing, Good::Json(|_| json!({"name": "Cloudstep", "locale": "zh-CN"}))),
    row("GET", "/routing", SUPERVISOR, Thing::Nothing, Good::Nothing),
    row("GET", "/widget/config", Least::Public, Thing::Nothing, Good::Nothing),
    row("POST", "/widget/session", Least::Public, Thing::Nothing, Good::Json(|_| json!({"key": "demo-shop", "locale": "en"}))),
    row("GET", "/widget/conversations", Least::Visitor, Thing::Nothing, Good::Nothing),
    row("GET", "/widget/conversations/{id}/entries", Least::Visitor, Thing::OwnConversation, Good::Nothing),
    row("GET", "/widget/consents", Least::Visitor, Thing::Nothing, Good::Nothing),
    row("GET", "/widget/decisions", Least::Visitor, Thing::Nothing, Good::Nothing),
    row("POST", "/widget/objection", Least::Visitor, Thing::OwnDecision, Good::Json(|_| json!({"seq": "{secret}", "text": "why?"}))),
    row("GET", "/widget/export", Least::Visitor, Thing::Nothing, Good::Nothing),
    row("POST", "/widget/erase", Least::Visitor, Thing::Nothing, Good::Json(|_| json!({"confirm": false}))),
    row("POST", "/widget/uploads", Least::Visitor, Thing::Nothing, Good::File("note.txt")),
    row("GET", "/widget/files/{id}", Least::Visitor, Thing::OwnFile, Good::Nothing),
    row("GET", "/public/tickets/{id}/{secret}", Least::Public, Thing::SharedTicket, Good::Nothing),
    row("GET", "/public/articles/{id}", Least::Public, Thing::Article, Good::Nothing),
];

/// What is served outside the API, with an address to try. Nobody is told more there than anybody else.
pub(crate) const PAGES: &[(&str, &str)] = &[
    ("/", "/"),
    ("/demo", "/demo"),
    ("/ticket/{id}/{secret}", "/ticket/x/y"),
    ("/kb/{tenant}/{id}", "/kb/demo/x"),
    ("/my-data", "/my-data"),
    ("/sign-in", "/sign-in"),
    ("/desk", "/desk"),
    ("/desk/", "/desk/"),
    ("/admin", "/admin"),
    ("/admin/", "/admin/"),
    ("/widget/loader.js", "/widget/loader.js"),
    ("/widget/frame", "/widget/frame?key=demo-shop"),
    ("/portal/assets/{*file}", "/portal/assets/..%2f..%2fCargo.toml"),
    ("/widget/assets/{*file}", "/widget/assets/../../secret"),
    ("/desk/assets/{*file}", "/desk/assets/none.js"),
    ("/admin/assets/{*file}", "/admin/assets/none.js"),
    ("/favicon.ico", "/favicon.ico"),
    ("/robots.txt", "/robots.txt"),
    ("/healthz", "/healthz"),
    ("/readyz", "/readyz"),
    ("/metrics", "/metrics"),
    ("/api/openapi.json", "/api/openapi.json"),
    ("/live", "/live"),
    ("/channels/{key}", "/channels/none"),
    ("/channels/{key}/{*tail}", "/channels/none/of/these"),
];

pub(crate) fn member(tag: &str) -> Value {
    json!({"email": format!("{tag}@cloudstep.example"), "name": tag, "role": "agent", "capacity": 3, "locale": "zh-CN"})
}

pub(crate) fn team(tag: &str) -> Value {
    json!({"name": tag, "description": "made by a test"})
}

pub(crate) fn inbox(tag: &str) -> Value {
    json!({"name": tag, "locale": "en", "welcome": {"zh": "您好", "en": "Hello"}, "color": "#2456d6"})
}

pub(crate) fn channel_inbox(tag: &str) -> Value {
    json!({"name": tag, "channel": "telegram", "locale": "en", "welcome": {"zh": "您好", "en": "Hello"}, "color": "#2456d6"})
}

/// Without a token: nobody outside is called by a check.
fn channel_fields(tag: &str) -> Value {
    json!({"fields": {"webhook_secret": tag}})
}

pub(crate) fn calendar(tag: &str) -> Value {
    let day = json!([{"start": 540, "end": 1080}]);
    json!({"name": tag, "zone": "Asia/Shanghai", "week": [day, day, day, day, day, [], []]})
}

pub(crate) fn canned_reply(tag: &str) -> Value {
    json!({"shortcut": tag, "text": "One moment, please."})
}

pub(crate) fn intent(tag: &str) -> Value {
    json!({"name": tag, "description": "made by a test"})
}

/// A file of twenty sentences of two states.
fn feelings(tag: &str) -> String {
    let lines = (0..20).map(|n| format!("{tag} {n},{}\n", if n % 2 == 0 { "upset" } else { "calm" }));
    format!("text,label\n{}", lines.collect::<String>())
}

pub(crate) fn term(tag: &str) -> Value {
    json!({"canonical": tag, "variants": [format!("other {tag}")]})
}

pub(crate) fn care_rule(tag: &str) -> Value {
    let when = json!({"states": ["calm", "concerned", "upset", "angry"]});
    json!({"name": {"zh": tag, "en": tag}, "enabled": true, "order": 1, "when": when, "actions": [{"act": "compensate", "amount_minor": 100}]})
}

pub(crate) fn article(tag: &str) -> Value {
    json!({"title": tag, "body": "Shoes are glued again free of charge.", "questions": ["Is my sole covered?"], "locale": "en", "published": true})
}

/// Each test uses its own part of this; none of it is left over.
const _: fn(Good) -> usize = |it| match it {
    Good::File(name) => name.len(),
    Good::Text(text) => text("").len(),
    Good::Nothing | Good::Json(_) => PAGES.len(),
};
