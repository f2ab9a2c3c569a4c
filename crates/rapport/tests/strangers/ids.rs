//! Ids of the first tenant in queries and bodies of the other: they do what ids of nothing do.

use serde_json::{Value, json};

use super::{
    Findings,
    support::http::{Answer, Caller, Sent},
    table::{self, Thing},
    world::{World, tag},
};

/// Ids in a query; lists come back empty or as they are without it.
const QUERIES: &[(&str, Thing)] = &[
    ("/conversations?inbox={id}", Thing::Inbox),
    ("/conversations?contact={id}", Thing::Contact),
    ("/conversations?q={id}", Thing::Conversation),
    ("/conversations?before=9999999999999.{id}", Thing::Conversation),
    ("/contacts?before={id}", Thing::Contact),
    ("/contacts?q={id}", Thing::Contact),
    ("/articles?q={id}", Thing::Article),
];

pub(crate) async fn check(world: &World, found: &mut Findings) {
    for (path, thing) in QUERIES {
        let theirs = world.make(*thing).await;
        compare(found, path, &world.stranger.get(&theirs.path(path)).await, &world.stranger.get(&theirs.next_door().path(path)).await);
    }
    for text in ["words of the first tenant", "4711", "Cloudstep", "鞋底开胶"] {
        for list in ["/conversations", "/contacts", "/articles"] {
            let answer = world.stranger.get(&format!("{list}?q={text}")).await;
            let items = answer.json()["items"].as_array().map(Vec::len);
            found.check(answer.status == 200 && items == Some(0), || format!("{list}?q={text}: the other tenant finds {}", answer.text()));
        }
    }
    configuration(world, found).await;
    conversations(world, found).await;
    widgets(world, found).await;
}

/// Both ids get the same answer, but for the ids in it.
fn compare(found: &mut Findings, what: &str, theirs: &Answer, missing: &Answer) {
    let told = || format!("{what}: {} {}\n  but for a missing id {} {}", theirs.status, theirs.text(), missing.status, missing.text());
    found.check(theirs.lasting() == missing.lasting(), told);
}

/// Asks with one id and then with the other in the place of `"{id}"` in the body.
async fn both(world: &World, found: &mut Findings, method: &str, path: &str, thing: Thing, body: Value) {
    let mut answers = Vec::new();
    let made = world.make(thing).await;
    for made in [made.next_door(), made] {
        let body: Value = serde_json::from_str(&made.path(&body.to_string())).expect("json");
        answers.push(world.stranger.ask(method, path, Sent::Json(body)).await);
    }
    let [missing, theirs] = answers.as_slice() else { unreachable!("two were asked") };
    found.check(theirs.status >= 400, || format!("{method} {path} with the id of a foreign {thing:?}: taken: {}", theirs.text()));
    compare(found, &format!("{method} {path} with the id of a {thing:?}"), theirs, missing);
}

async fn configuration(world: &World, found: &mut Findings) {
    let with = |mut body: Value, field: &str, value: Value| {
        body[field] = value;
        body
    };
    both(world, found, "POST", "/members", Thing::Team, with(table::member(&tag()), "teams", json!(["{id}"]))).await;
    both(world, found, "POST", "/inboxes", Thing::Team, with(table::inbox(&tag()), "team", json!("{id}"))).await;
    both(world, found, "POST", "/inboxes", Thing::Calendar, with(table::inbox(&tag()), "calendar", json!("{id}"))).await;
}

async fn conversations(world: &World, found: &mut Findings) {
    let own = own_conversation(world).await;
    let actions = format!("/conversations/{own}/actions");
    let act = |action: Value| json!({"id": tag(), "action": action});
    both(world, found, "POST", &actions, Thing::Member, act(json!({"action": "assign", "to": "{id}"}))).await;
    let file = json!({"blob": "{id}", "name": "order.txt", "media_type": "text/plain", "bytes": 10});
    both(world, found, "POST", &actions, Thing::File, act(json!({"action": "send", "content": {"type": "file", "file": file}}))).await;
    both(world, found, "POST", &format!("/conversations/{own}/messages"), Thing::File, json!({"id": tag(), "content": {"type": "file", "file": file}})).await;
    let ticket = world.stranger.post(&format!("/conversations/{own}/tickets"), json!({"id": tag(), "title": "own"})).await.good().json();
    let ticket = ticket["id"].as_str().expect("id").to_owned();
    both(world, found, "PATCH", &format!("/tickets/{ticket}"), Thing::Member, json!({"assignee": "{id}"})).await;

    // The same request id in two tenants makes two tickets.
    let (id, theirs) = (tag(), world.make(Thing::Conversation).await);
    let body = json!({"id": id, "title": "same id"});
    let first = world.owner().post(&theirs.path("/conversations/{id}/tickets"), body.clone()).await.good().json();
    let second = world.stranger.post(&format!("/conversations/{own}/tickets"), body).await.good().json();
    found.check(first["id"] != second["id"], || "two tenants share a ticket".to_owned());
}

async fn own_conversation(world: &World) -> String {
    let token = super::world::visit(&world.anonymous, &world.strange_key).await;
    world.conversation_about(&token, "words of the other tenant").await
}

/// A visitor's token is good in its own tenant and inbox alone.
async fn widgets(world: &World, found: &mut Findings) {
    let come = async |caller: &Caller, key: &str, token: &str| {
        let answer = caller.post("/widget/session", json!({"key": key, "token": token, "locale": "en"})).await.good().json();
        answer["contact"]["id"].as_str().expect("id").to_owned()
    };
    let known = come(&world.anonymous, "demo-shop", &world.visitor_token).await;
    found.check(come(&world.anonymous, "demo-shop", &world.visitor_token).await == known, || "a visitor who comes back is a stranger".to_owned());
    found.check(come(&world.anonymous, &world.strange_key, &world.visitor_token).await != known, || "a visitor is known to another tenant".to_owned());
    let token = world.owner().header("authorization").trim_start_matches("Bearer ").to_owned();
    found.check(come(&world.anonymous, "demo-shop", &token).await != known, || "a member's token makes a visitor".to_owned());
    found.check(come(&world.anonymous, "demo-shop", &flipped(&world.visitor_token)).await != known, || "a forged token makes a visitor".to_owned());
}

/// The token with one character of its tag changed.
fn flipped(token: &str) -> String {
    let (head, last) = token.split_at(token.len() - 8);
    let other = if last.starts_with('A') { "B" } else { "A" };
    format!("{head}{other}{}", &last[1..])
}
