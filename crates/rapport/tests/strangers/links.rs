//! What is opened by a link: tickets by their secret, articles while they are published, sign-in links once, widgets while they are on.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::{
    Findings,
    support::http::{Answer, Sent},
    table::{self, Thing},
    world::{Made, World, tag},
};

pub(crate) async fn check(world: &World, found: &mut Findings) {
    tickets(world, found).await;
    articles(world, found).await;
    sign_in_links(world, found).await;
    widgets(world, found).await;
}

async fn tickets(world: &World, found: &mut Findings) {
    let (one, other) = (world.make(Thing::SharedTicket).await, world.make(Thing::SharedTicket).await);
    let open = async |id: &str, secret: &str| world.elsewhere().get(&format!("/public/tickets/{id}/{secret}")).await;
    let missing = open(&Made::missing().id, &one.secret).await;
    found.check(missing.status == 404 && missing.is_spoken_refusal(), || format!("a ticket that is not there: {}", missing.text()));
    let strange_tenant = world.stranger.get("/me").await.good().json()["tenant"]["id"].as_str().expect("id").to_owned();
    let tries = [
        ("another ticket's secret", other.secret.clone()),
        ("the secret cut short", one.secret[..one.secret.len() - 1].to_owned()),
        ("the secret with more", format!("{}A", one.secret)),
        ("the tenant alone", tenant_part(&one.secret)),
        ("the other tenant's name on it", renamed(&one.secret, &strange_tenant)),
        ("no secret of ours", "none".to_owned()),
        ("signs", "..%2f..%2f".to_owned()),
    ];
    for (what, secret) in tries {
        let answer = open(&one.id, &secret).await;
        found.check(answer.lasting() == missing.lasting(), || format!("ticket page with {what}: {} {}", answer.status, answer.text()));
    }
    let shown = open(&one.id, &one.secret).await.good();
    found.check(!shown.text().contains("left shoe"), || "the description is on the public page".to_owned());
    let renewed = world.owner().post(&one.path("/tickets/{id}/new-link"), Value::Null).await.good().json();
    let old = open(&one.id, &one.secret).await;
    found.check(old.lasting() == missing.lasting(), || format!("a replaced link: {}", old.text()));
    let path = renewed["path"].as_str().expect("path");
    let new = open(&one.id, path.rsplit('/').next().expect("secret")).await;
    found.check(new.status == 200, || format!("the new link: {}", new.text()));
}

fn tenant_part(secret: &str) -> String {
    URL_SAFE_NO_PAD.encode(&URL_SAFE_NO_PAD.decode(secret).expect("base64")[..16])
}

fn renamed(secret: &str, tenant: &str) -> String {
    let mut bytes = URL_SAFE_NO_PAD.decode(secret).expect("base64");
    bytes[..16].copy_from_slice(uuid::Uuid::parse_str(tenant).expect("uuid").as_bytes());
    URL_SAFE_NO_PAD.encode(bytes)
}

async fn articles(world: &World, found: &mut Findings) {
    let made = world.make(Thing::Article).await;
    let read = async || world.anonymous.get(&made.path("/public/articles/{id}")).await;
    found.check(read().await.status == 200, || "a published article cannot be read".to_owned());
    let mut hidden = table::article(&tag());
    hidden["published"] = json!(false);
    world.owner().ask("PUT", &made.path("/articles/{id}"), Sent::Json(hidden)).await.good();
    let missing = world.anonymous.get(&Made::missing().path("/public/articles/{id}")).await;
    let answer = read().await;
    found.check(answer.status == 404 && answer.lasting() == missing.lasting(), || format!("an unpublished article: {}", answer.text()));
}

async fn sign_in_links(world: &World, found: &mut Findings) {
    let invited = world.owner().post("/members", table::member(&tag())).await.good().json();
    let member = invited["id"].as_str().expect("id").to_owned();
    let use_link = async |link: &Value| {
        let token = link.as_str().and_then(|it| it.split("link=").nth(1)).expect("link").to_owned();
        world.elsewhere().post("/auth/link", json!({"token": token})).await
    };
    let renew = async || world.owner().post(&format!("/members/{member}/sign-in-link"), Value::Null).await.good().json()["link"].clone();
    let newer = renew().await;
    let mut gone = |what: &str, answer: &Answer| found.check(answer.code() == "auth.link_used", || format!("{what}: {}", answer.text()));
    gone("a link that was replaced", &use_link(&invited["sign_in_link"]).await);
    use_link(&newer).await.good();
    gone("a link that was used", &use_link(&newer).await);
    let unused = renew().await;
    world.owner().ask("DELETE", &format!("/members/{member}"), Sent::Nothing).await.good();
    gone("the link of somebody who left", &use_link(&unused).await);
}

/// A widget that is switched off, and sites that may not have it.
async fn widgets(world: &World, found: &mut Findings) {
    let made = world.make(Thing::Inbox).await;
    let mut body = table::inbox(&tag());
    body["allowed_origins"] = json!(["https://shop.example"]);
    let inbox = world.owner().ask("PUT", &made.path("/inboxes/{id}"), Sent::Json(body)).await.good().json();
    let session = json!({"key": inbox["key"], "locale": "en"});
    for (origin, status) in [("https://shop.example", 200), ("https://evil.example", 403), ("https://shop.example.evil.example", 403), ("null", 403)] {
        let answer = world.anonymous.with("origin", origin).post("/widget/session", session.clone()).await;
        found.check(answer.status == status, || format!("a session from {origin}: {} {}", answer.status, answer.text()));
    }
    for identity in ["", "x.y.z", "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIiwiZXhwIjo5OTk5OTk5OTk5fQ."] {
        let answer = world.anonymous.post("/widget/session", json!({"key": inbox["key"], "locale": "en", "identity": identity})).await;
        found.check(answer.code() == "widget.identity_invalid", || format!("identity `{identity}`: {}", answer.text()));
    }
    world.owner().ask("DELETE", &made.path("/inboxes/{id}"), Sent::Nothing).await.good();
    for answer in [world.anonymous.post("/widget/session", session).await, world.anonymous.get(&format!("/widget/config?key={}", inbox["key"].as_str().expect("key"))).await] {
        found.check(answer.status == 404, || format!("a widget that is off: {} {}", answer.status, answer.text()));
    }
}
