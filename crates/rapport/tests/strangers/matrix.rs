//! Each route, asked for by everybody who may not have it, and at last by somebody who may.

use serde_json::{Value, json};

use super::{
    Findings,
    support::http::{Answer, Caller, Sent, file},
    table::{Good, Least, ROWS, Row, Thing},
    world::{Made, World, tag},
};

/// A row with what was made for it.
struct Case {
    row: &'static Row,
    made: Made,
    tag: String,
}

impl Case {
    fn sent(&self) -> Sent {
        match self.row.good {
            Good::Nothing => Sent::Nothing,
            Good::Json(body) => {
                let body = body(&self.tag).to_string().replace("\"{secret}\"", &self.made.secret);
                Sent::Json(serde_json::from_str(&self.made.path(&body)).expect("json"))
            }
            Good::Text(text) => Sent::Raw { media_type: "text/csv".to_owned(), bytes: text(&self.tag).into_bytes() },
            Good::File(name) => file(name, b"# Soles\n\nGlued again free of charge.\n"),
        }
    }

    fn path(&self, made: &Made) -> String {
        let query = if self.row.path == "/widget/config" { "?key=demo-shop" } else { "" };
        format!("{}{query}", made.path(self.row.path))
    }

    async fn ask(&self, caller: &Caller) -> Answer {
        caller.ask(self.row.method, &self.path(&self.made), self.sent()).await
    }

    fn changes(&self) -> bool {
        self.row.method != "GET"
    }

    fn is_members(&self) -> bool {
        matches!(self.row.least, Least::SignedIn | Least::Role(_))
    }
}

pub(crate) async fn check(world: &World, found: &mut Findings) {
    let mut cases = Vec::new();
    for row in ROWS {
        cases.push(Case { row, made: world.make(row.thing).await, tag: tag() });
    }
    let gone = those_who_left(world).await;
    let before = everything(world).await;
    nobody(world, &cases, found).await;
    wrong_roles(world, &cases, found).await;
    other_tenant(world, &cases, found).await;
    other_sites(world, &cases, found).await;
    for case in cases.iter().filter(|it| it.is_members()) {
        for (who, caller) in &gone {
            refused(case, who, &case.ask(caller).await, &[401], found);
        }
    }
    let after = everything(world).await;
    for (path, (was, is)) in before.iter().zip(&after).map(|(was, is)| (was.0, (&was.1, &is.1))) {
        found.check(was == is, || format!("{path}: changed by those who were refused\n  {was}\n  {is}"));
    }
    rightful(world, &cases, found).await;
}

/// Without a token, with nonsense, and with what proves something else.
async fn nobody(world: &World, cases: &[Case], found: &mut Findings) {
    let secret = world.browser.header("cookie").split_once('=').expect("a cookie").1.to_owned();
    let token = world.owner().header("authorization").trim_start_matches("Bearer ").to_owned();
    let callers = [
        ("anonymous", world.anonymous.clone()),
        ("with nonsense", world.anonymous.bearer("rpt_nonsense")),
        ("with a forged visitor token", world.anonymous.bearer("rpv_AAAA")),
        ("with a session as token", world.anonymous.bearer(&secret)),
        ("with a token as session", world.anonymous.with("cookie", format!("rapport_session={token}"))),
    ];
    for case in cases.iter().filter(|it| it.row.least != Least::Public) {
        for (who, caller) in &callers {
            refused(case, who, &case.ask(caller).await, &[401], found);
        }
    }
}

/// Visitors at members' routes, members at visitors', and each role below the least.
async fn wrong_roles(world: &World, cases: &[Case], found: &mut Findings) {
    for case in cases {
        match case.row.least {
            Least::Public => {}
            Least::Visitor => {
                for (role, caller) in &world.roles {
                    refused(case, role.name(), &case.ask(caller).await, &[403], found);
                }
                refused(case, "the owner's browser", &case.ask(&world.browser).await, &[401], found);
            }
            Least::SignedIn => {
                refused(case, "a visitor", &case.ask(&world.visitor).await, &[403], found);
                refused(case, "the owner's token", &case.ask(world.owner()).await, &[403], found);
            }
            Least::Role(least) => {
                refused(case, "a visitor", &case.ask(&world.visitor).await, &[403], found);
                for (role, caller) in world.roles.iter().filter(|it| it.0 < least) {
                    refused(case, role.name(), &case.ask(caller).await, &[403], found);
                }
            }
        }
    }
}

/// What is another tenant's is as if it were not there; lists hold nothing of it.
async fn other_tenant(world: &World, cases: &[Case], found: &mut Findings) {
    let marks = marks(world, cases).await;
    for case in cases {
        let (who, caller) = match case.row.least {
            Least::Public | Least::SignedIn => continue,
            Least::Visitor => ("a visitor of the other tenant", &world.passer_by),
            Least::Role(_) => ("the owner of the other tenant", &world.stranger),
        };
        let answer = case.ask(caller).await;
        let text = answer.text();
        found.check(!marks.iter().any(|it| text.contains(it.as_str())), || format!("{} {}: {who} is shown {text}", case.row.method, case.row.path));
        if case.row.thing == Thing::Nothing {
            continue;
        }
        refused(case, who, &answer, &[404], found);
        let missing = caller.ask(case.row.method, &case.path(&Made::missing()), case.sent()).await;
        let told = || format!("{} {}: {who} can tell theirs from missing ones:\n  {text}\n  {}", case.row.method, case.row.path, missing.text());
        found.check(missing.lasting() == answer.lasting(), told);
        if case.row.least == Least::Visitor {
            refused(case, "another visitor", &case.ask(&world.neighbour).await, &[404], found);
        }
    }
}

/// Ids and names that belong to the first tenant alone.
async fn marks(world: &World, cases: &[Case]) -> Vec<String> {
    let mut marks: Vec<String> = cases.iter().filter(|it| it.row.thing != Thing::Nothing).map(|it| it.made.id.clone()).collect();
    let me = world.owner().get("/me").await.good().json();
    for id in [&me["tenant"]["id"], &me["member"]["id"], &me["member"]["name"], &me["tenant"]["name"]] {
        marks.push(id.as_str().expect("text").to_owned());
    }
    marks.push("words of the first tenant".to_owned());
    marks
}

/// A page of another site can make a browser send the cookie, and nothing more.
async fn other_sites(world: &World, cases: &[Case], found: &mut Findings) {
    let callers = [
        ("a form without the value", world.browser.without("x-rapport-csrf")),
        ("a form with a wrong value", world.browser.with("x-rapport-csrf", "AAAA")),
        ("a foreign page", world.browser.with("origin", "https://evil.example")),
        ("a sandboxed page", world.browser.with("origin", "null")),
    ];
    for case in cases.iter().filter(|it| it.changes() && it.is_members()) {
        for (who, caller) in &callers {
            let answer = case.ask(caller).await;
            refused(case, who, &answer, &[403], found);
            found.check(answer.code() == "auth.csrf", || format!("{} {}: {who}: {}", case.row.method, case.row.path, answer.code()));
        }
    }
}

/// Those who were let in once: deactivated, with an old session, with a revoked token.
async fn those_who_left(world: &World) -> Vec<(&'static str, Caller)> {
    let (id, browser, token) = world.newcomer().await;
    for caller in [&browser, &token] {
        caller.get("/me").await.good();
    }
    let kept = world.owner().post("/tokens", json!({"label": tag(), "role": "owner"})).await.good().json();
    let revoked = world.anonymous.bearer(kept["token"].as_str().expect("token"));
    revoked.get("/settings").await.good();
    world.owner().ask("DELETE", &format!("/tokens/{}", kept["id"].as_str().expect("id")), Sent::Nothing).await.good();

    let (other_id, old_browser, _) = world.newcomer().await;
    let link = world.owner().post(&format!("/members/{other_id}/sign-in-link"), Value::Null).await.good().json();
    let new_browser = world.anonymous.signed_in(link["link"].as_str().expect("link")).await;
    old_browser.get("/me").await.good();
    new_browser.post("/auth/password", json!({"new": "another long password"})).await.good();
    let signed_out = signed_out(world, &other_id).await;
    world.owner().ask("DELETE", &format!("/members/{id}"), Sent::Nothing).await.good();

    vec![
        ("the browser of somebody who left", browser),
        ("the token of somebody who left", token),
        ("a session from before the password changed", old_browser),
        ("the session under which the password was changed", new_browser),
        ("a session that signed out", signed_out),
        ("a revoked token", revoked),
    ]
}

async fn signed_out(world: &World, member: &str) -> Caller {
    let link = world.owner().post(&format!("/members/{member}/sign-in-link"), Value::Null).await.good().json();
    let browser = world.anonymous.signed_in(link["link"].as_str().expect("link")).await;
    browser.post("/auth/sign-out", Value::Null).await.good();
    browser
}

/// Whoever may is let in: what was refused before was refused for who asked, not for what was asked.
async fn rightful(world: &World, cases: &[Case], found: &mut Findings) {
    for case in cases {
        let caller = match case.row.least {
            Least::Public => world.elsewhere(),
            Least::Visitor => world.visitor.clone(),
            Least::SignedIn => world.newcomer().await.1,
            Least::Role(role) => world.role(role).clone(),
        };
        let answer = case.ask(&caller).await;
        // The one link in the table is none; a good one signed everybody in here.
        // Nor is the visitor erased, who is still needed: an erasure that is not confirmed is refused.
        let unconfirmed = case.row.path == "/widget/erase" && answer.code() == "input.bad_field";
        let good = (200..300).contains(&answer.status) || answer.code() == "auth.link_used" || unconfirmed;
        found.check(good, || format!("{} {} by {:?}: {} {}", case.row.method, case.row.path, case.row.least, answer.status, answer.text()));
    }
    let browser = &world.browser;
    let own = browser.with("origin", format!("http://{}", world.server.address));
    let changed = own.patch("/me", json!({"locale": "zh-CN"})).await;
    found.check(changed.status == 200, || format!("a change from our own page: {}", changed.text()));
}

fn refused(case: &Case, who: &str, answer: &Answer, statuses: &[u16], found: &mut Findings) {
    let holds = statuses.contains(&answer.status) && answer.is_spoken_refusal();
    found.check(holds, || format!("{} {}: {who}: {} {}", case.row.method, case.row.path, answer.status, answer.text()));
}

/// What the first tenant holds, as its owner reads it.
async fn everything(world: &World) -> Vec<(&'static str, Value)> {
    let mut all = Vec::new();
    for path in ["/members", "/teams", "/inboxes", "/calendars", "/canned-replies", "/articles", "/lexicon", "/feelings/examples", "/conversations", "/contacts", "/tickets", "/settings", "/me"] {
        let (_, mut body) = world.owner().get(path).await.lasting();
        // A conversation's bot may still have been speaking.
        if path == "/conversations" {
            body = json!(body["items"].as_array().map(Vec::len));
        }
        all.push((path, body));
    }
    all
}
