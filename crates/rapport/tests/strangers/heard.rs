//! Live events: a talk in which everything happens, heard by its customer, its desk, a neighbour, and the other tenant.

use std::collections::BTreeSet;

use rapport_model::Role;
use serde_json::{Value, json};

use super::{
    Findings,
    support::{
        Client,
        http::{Caller, Sent},
    },
    table::Thing,
    world::{World, tag, visit},
};

/// What customers may hear of (docs/live-protocol.md).
const FOR_CUSTOMERS: &[&str] = &[
    "conversation_opened",
    "message_received",
    "message_sent",
    "read_marked",
    "left_queue",
    "assigned",
    "unassigned",
    "resolved",
    "reopened",
    "returned_to_bot",
    "ticket_created",
    "ticket_changed",
    "rating_requested",
    "rated",
    "consent_given",
    "consent_withdrawn",
    "compensation_settled",
    "decision_objected",
];
/// A day has to pass for the one, and a fault of ours for the other; the third is what is left of others once a consent is withdrawn; on the web nothing is
/// delivered by others.
const NOT_SCRIPTED: &[&str] = &["rating_reminded", "quarantined", "care_erased", "delivery_changed"];
const INTERNAL: &str = "internal words about the customer";

/// A socket that remembers what it heard.
struct Ear {
    client: Client,
    heard: Vec<Value>,
}

impl Ear {
    async fn open(world: &World, side: &str, token: &str, resume: Option<u64>) -> Self {
        Self { client: Client::connect(&world.server, side, token, resume).await, heard: Vec::new() }
    }

    async fn until(&mut self, fits: impl Fn(&Value) -> bool) -> Value {
        loop {
            let frame = self.client.next().await;
            self.heard.push(frame.clone());
            if fits(&frame) {
                return frame;
            }
        }
    }

    async fn event(&mut self, kind: &str) {
        self.until(|it| it["event"]["kind"] == kind).await;
    }

    /// Asks for something by the socket; it has to be acknowledged.
    async fn ask(&mut self, mut frame: Value) -> Value {
        let id = tag();
        frame["id"] = json!(id);
        self.client.say(&frame).await;
        let answer = self.until(|it| it["id"] == id.as_str()).await;
        assert_eq!(answer["t"], "ack", "{frame}: {answer}");
        answer
    }

    async fn say(&mut self, text: &str) -> Value {
        self.ask(json!({"t": "send", "content": {"type": "text", "text": text}})).await
    }

    async fn act(&mut self, action: Value) -> Value {
        self.ask(json!({"t": "act", "action": action})).await
    }

    fn kinds(&self) -> BTreeSet<&str> {
        self.heard.iter().filter_map(|it| it["event"]["kind"].as_str()).collect()
    }

    fn seqs(&self) -> Vec<u64> {
        self.heard.iter().filter(|it| it["t"] == "event").filter_map(|it| it["seq"].as_u64()).collect()
    }
}

pub(crate) async fn check(world: &World, found: &mut Findings) {
    let token = visit(&world.anonymous, "demo-shop").await;
    let mut desk = Ear::open(world, "member", world.role(Role::Agent).header("authorization").trim_start_matches("Bearer "), None).await;
    let mut customer = Ear::open(world, "visitor", &token, None).await;
    let mut neighbour = Ear::open(world, "visitor", &world.neighbour_token, None).await;
    let mut strange_desk = Ear::open(world, "member", &world.stranger_token, None).await;
    let mut passer_by = Ear::open(world, "visitor", &world.passer_by_token, None).await;

    let conversation = talk(world, &mut desk, &mut customer).await;
    everything_happened(world, &desk, found).await;

    // What each says last is the last thing they hear: what came before it was all there was.
    neighbour.say("fence of the neighbour").await;
    neighbour.event("message_received").await;
    passer_by.say("fence of the passer-by").await;
    passer_by.event("message_received").await;
    strange_desk.event("message_received").await;
    let marks = marks(world, &conversation).await;
    for (who, ear) in [("a neighbour", &neighbour), ("a passer-by", &passer_by), ("another tenant's desk", &strange_desk)] {
        hears_nothing_of(who, ear, &marks, found);
    }
    for (who, ear) in [("the customer", &customer), ("a neighbour", &neighbour), ("a passer-by", &passer_by)] {
        hears_as_a_customer(who, ear, found);
    }
    resumed(world, &token, &customer, &marks, found).await;
    read(world, &token, &conversation, found).await;
    listeners_do_not_act(world, &conversation, found).await;
}

/// Every kind of event once at least.
async fn talk(world: &World, desk: &mut Ear, customer: &mut Ear) -> String {
    let agent = world.role(Role::Agent).clone();
    // The demo shop's intents are learned: what it does not know is asked back.
    world.owner().post("/intents/train?wait=true", Value::Null).await.good();
    let conversation = customer.say("I have an idea for your boss about a shop together").await["conversation"].as_str().expect("id").to_owned();
    let intents = agent.get("/intents?brief=true").await.good().json();
    customer.act(json!({"action": "choose", "choice": {"intent": intents["intents"][0]["id"]}})).await;
    customer.say("我买的鞋码数不合适，可以换吗？").await;
    customer.act(json!({"action": "choose", "choice": "helped"})).await;
    customer.act(json!({"action": "update_contact", "fields": {"name": "Wang Fang", "email": "fang@example.org"}})).await;
    let act = async |action: Value| acting(&agent, &conversation, action).await;

    // Declined; then void because another team is asked; then accepted. Each time the customer asks anew.
    let elsewhere = world.make(Thing::Team).await.id;
    for (action, follows) in [
        (json!({"action": "decline_offer"}), "offer_declined"),
        (json!({"action": "set_team", "team": elsewhere}), "offer_expired"),
        (json!({"action": "accept_offer"}), "assigned"),
    ] {
        customer.act(json!({"action": "request_person"})).await;
        desk.event("offered").await;
        act(action).await;
        desk.event(follows).await;
        if follows != "assigned" {
            act(json!({"action": "set_team", "team": null})).await;
            customer.act(json!({"action": "leave_queue"})).await;
            desk.event("left_queue").await;
        }
    }

    desk.client.say(&json!({"t": "typing", "conversation": conversation, "on": true})).await;
    customer.until(|it| it["t"] == "typing").await;
    customer.client.say(&json!({"t": "typing", "conversation": conversation, "on": true})).await;
    desk.until(|it| it["t"] == "typing" && it["actor"]["type"] == "customer").await;
    let sent = json!({"id": tag(), "content": {"type": "text", "text": "words of the agent"}});
    agent.post(&format!("/conversations/{conversation}/messages"), sent).await.good();
    act(json!({"action": "note", "text": INTERNAL})).await;
    act(json!({"action": "mark_read", "up_to": 1_000_000})).await;
    customer.act(json!({"action": "mark_read", "up_to": 1_000_000})).await;
    act(json!({"action": "set_priority", "priority": "urgent"})).await;
    act(json!({"action": "set_labels", "labels": [INTERNAL]})).await;
    act(json!({"action": "snooze", "until": 4_000_000_000_000_i64})).await;
    act(json!({"action": "wake"})).await;
    let ticket = agent.post(&format!("/conversations/{conversation}/tickets"), json!({"id": tag(), "title": "glue"})).await.good().json();
    let ticket = format!("/tickets/{}", ticket["id"].as_str().expect("id"));
    agent.patch(&ticket, json!({"note": INTERNAL})).await.good();
    agent.patch(&ticket, json!({"stage": "in_progress", "public": true})).await.good();

    act(json!({"action": "assign", "to": null})).await;
    act(json!({"action": "take"})).await;
    act(json!({"action": "return_to_bot"})).await;
    act(json!({"action": "take"})).await;
    act(json!({"action": "resolve"})).await;
    customer.ask(json!({"t": "act", "conversation": conversation, "action": {"action": "rate", "score": 4, "comment": "fine"}})).await;
    customer.ask(json!({"t": "send", "conversation": conversation, "content": {"type": "text", "text": "One more question: where is my parcel?"}})).await;
    act(json!({"action": "note", "text": INTERNAL})).await;
    desk.event("reopened").await;
    desk.event("note_added").await;
    cared_for(world, desk, customer, &conversation).await;
    conversation
}

/// With consent, a rule does all that a rule can do, and ends; then the consent does.
async fn cared_for(world: &World, desk: &mut Ear, customer: &mut Ear, conversation: &str) {
    let owner = world.owner();
    owner.ask("PUT", "/ethics", Sent::Json(json!({"switches": {"feelings": true, "proactive_contact": false}, "retention_days": 30}))).await.good();
    let actions = json!([
        {"act": "soothe", "opening": {"zh": "抱歉", "en": "Sorry."}}, {"act": "alert_supervisor"}, {"act": "offer_callback"}, {"act": "compensate", "amount_minor": 100}
    ]);
    let when = json!({"states": ["calm", "concerned", "upset", "angry"]});
    let rule = json!({"name": {"zh": "全部", "en": "all"}, "enabled": true, "order": 1, "when": when, "actions": actions});
    let rule = owner.post("/care/rules", rule).await.good().json()["id"].as_str().expect("id").to_owned();
    let mut act = async |action: Value| customer.ask(json!({"t": "act", "conversation": conversation, "action": action})).await;
    let consent = |given: bool| json!({"action": "consent", "purpose": "emotion:care", "given": given, "text_version": 1});
    act(consent(true)).await;
    customer.ask(json!({"t": "send", "conversation": conversation, "content": {"type": "text", "text": "and now?"}})).await;
    let taken = desk.until(|it| it["event"]["kind"] == "care_taken").await["seq"].clone();
    let offered = desk.until(|it| it["event"]["kind"] == "compensation_offered").await["event"]["spending"].clone();
    let mut act = async |action: Value| customer.ask(json!({"t": "act", "conversation": conversation, "action": action})).await;
    act(json!({"action": "choose", "choice": {"accept_compensation": {"spending": offered}}})).await;
    act(json!({"action": "object", "about": taken, "text": "why?"})).await;
    owner.ask("DELETE", &format!("/care/rules/{rule}"), Sent::Nothing).await.good();
    customer.ask(json!({"t": "send", "conversation": conversation, "content": {"type": "text", "text": "well"}})).await;
    desk.event("care_ended").await;
    customer.ask(json!({"t": "act", "conversation": conversation, "action": consent(false)})).await;
    desk.event("consent_withdrawn").await;
}

async fn acting(agent: &Caller, conversation: &str, action: Value) {
    agent.post(&format!("/conversations/{conversation}/actions"), json!({"id": tag(), "action": action})).await.good();
}

/// The server's own description names the kinds; a new one has to come up in the talk.
async fn everything_happened(world: &World, desk: &Ear, found: &mut Findings) {
    let document = world.anonymous.ask_whole("GET", "/api/openapi.json", Sent::Nothing).await.good().json();
    let kinds = document["components"]["schemas"]["Event"]["oneOf"].as_array().expect("kinds").iter();
    let kinds: BTreeSet<&str> = kinds.filter_map(|it| it["properties"]["kind"]["enum"][0].as_str()).collect();
    let heard = desk.kinds();
    found.check(kinds.len() >= 30, || format!("only {kinds:?} are described"));
    for kind in kinds.iter().filter(|it| !NOT_SCRIPTED.contains(it)) {
        found.check(heard.contains(kind), || format!("{kind} did not happen in the talk"));
    }
    for kind in FOR_CUSTOMERS {
        found.check(kinds.contains(kind), || format!("{kind} is no kind"));
    }
}

/// Ids and words of the talk.
async fn marks(world: &World, conversation: &str) -> Vec<String> {
    let row = world.owner().get(&format!("/conversations/{conversation}")).await.good().json();
    let me = world.role(Role::Agent).get("/me").await.good().json();
    let ids = [&row["id"], &row["contact"]["id"], &me["member"]["id"], &me["tenant"]["id"]];
    let mut marks: Vec<String> = ids.iter().map(|it| it.as_str().expect("id").to_owned()).collect();
    marks.extend(["quantum", "Wang Fang", "words of the agent", "glue", INTERNAL].map(str::to_owned));
    marks
}

fn hears_nothing_of(who: &str, ear: &Ear, marks: &[String], found: &mut Findings) {
    for frame in &ear.heard {
        let text = frame.to_string();
        found.check(!marks.iter().any(|it| text.contains(it.as_str())), || format!("{who} hears {text}"));
    }
}

fn hears_as_a_customer(who: &str, ear: &Ear, found: &mut Findings) {
    for frame in &ear.heard {
        let kind = frame["event"]["kind"].as_str();
        let own = kind.is_none_or(|it| FOR_CUSTOMERS.contains(&it)) && frame.get("reasons").is_none();
        let signal = ["event", "ack", "typing", "queue", "caught_up"].iter().any(|it| frame["t"] == *it);
        found.check(own && signal && !frame.to_string().contains(INTERNAL), || format!("{who} hears {frame}"));
    }
}

/// Whoever comes back is told what they missed, and no more.
async fn resumed(world: &World, token: &str, customer: &Ear, marks: &[String], found: &mut Findings) {
    let mut again = Ear::open(world, "visitor", token, Some(0)).await;
    again.until(|it| it["t"] == "caught_up").await;
    hears_as_a_customer("the customer who came back", &again, found);
    let whole = customer.seqs().iter().all(|it| again.seqs().contains(it));
    found.check(whole, || format!("{:?} came back as {:?}", customer.seqs(), again.seqs()));
    for (who, side, token) in
        [("a neighbour", "visitor", &world.neighbour_token), ("a passer-by", "visitor", &world.passer_by_token), ("another tenant's desk", "member", &world.stranger_token)]
    {
        let mut ear = Ear::open(world, side, token, Some(0)).await;
        ear.until(|it| it["t"] == "caught_up").await;
        hears_nothing_of(who, &ear, marks, found);
        found.check(!ear.seqs().is_empty(), || format!("{who} was told nothing at all"));
    }
}

/// The same by HTTP.
async fn read(world: &World, token: &str, conversation: &str, found: &mut Findings) {
    let visitor = world.anonymous.bearer(token);
    for limit in [1, 3, 200] {
        let page = visitor.get(&format!("/widget/conversations/{conversation}/entries?limit={limit}")).await.good();
        let items = page.json()["items"].as_array().expect("items").clone();
        found.check(!items.is_empty() && items.len() <= limit, || format!("{} entries of {limit}", items.len()));
        for entry in items {
            let kind = entry["event"]["kind"].as_str().unwrap_or_default();
            let own = FOR_CUSTOMERS.contains(&kind) && entry.get("reasons").is_none();
            found.check(own, || format!("the customer reads {entry}"));
        }
        found.check(!page.text().contains(INTERNAL), || "the customer reads internal words".to_owned());
    }
    let listed = visitor.get("/widget/conversations").await.good();
    found.check(!listed.text().contains(INTERNAL), || format!("the customer is listed {}", listed.text()));
}

/// A token that acts for no person listens and does nothing.
async fn listeners_do_not_act(world: &World, conversation: &str, found: &mut Findings) {
    let made = world.owner().post("/tokens", json!({"label": tag(), "role": "owner"})).await.good().json();
    let mut listener = Ear::open(world, "member", made["token"].as_str().expect("token"), None).await;
    for frame in [
        json!({"t": "act", "id": "x", "conversation": conversation, "action": {"action": "resolve"}}),
        json!({"t": "send", "id": "x", "conversation": conversation, "content": {"type": "text", "text": "x"}}),
        json!({"t": "typing", "conversation": conversation, "on": true}),
        json!({"t": "presence", "presence": "online"}),
    ] {
        listener.client.say(&frame).await;
        let answer = listener.until(|it| it["t"] == "error" || it["t"] == "ack").await;
        found.check(answer["code"] == "auth.forbidden", || format!("a listener: {frame}: {answer}"));
    }
}
