//! Strangers: every route, page, live event and file, asked for by everybody who should not have it, against the real binary.

#![expect(clippy::indexing_slicing, clippy::string_slice, reason = "what is not as expected ends the test")]

mod files;
mod heard;
mod ids;
mod links;
mod matrix;
#[path = "../support/mod.rs"]
mod support;
#[path = "../support/table.rs"]
mod table;
#[path = "../support/world.rs"]
mod world;

use std::{collections::BTreeSet, path::Path};

use serde_json::json;

use self::{support::http::Sent, table::PAGES, table::ROWS, world::World};

/// What went wrong and how much was tried.
#[derive(Default)]
pub(crate) struct Findings {
    pub(crate) tried: usize,
    pub(crate) wrong: Vec<String>,
}

impl Findings {
    pub(crate) fn check(&mut self, holds: bool, what: impl FnOnce() -> String) {
        self.tried += 1;
        if !holds {
            self.wrong.push(what());
        }
    }
}

#[tokio::test]
async fn every_route_refuses_strangers() {
    let world = World::new(&[]).await;
    let mut found = Findings::default();
    routes_have_rows(&world, &mut found).await;
    pages_tell_nobody_more(&world, &mut found).await;
    heard::check(&world, &mut found).await;
    matrix::check(&world, &mut found).await;
    ids::check(&world, &mut found).await;
    links::check(&world, &mut found).await;
    files::check(&world, &mut found).await;
    let figure = format!("{} checks over {} routes and {} pages, {} wrong", found.tried, ROWS.len(), PAGES.len(), found.wrong.len());
    println!("BAR {}", json!({"name": "strangers", "figure": figure, "target": "all refused", "holds": found.wrong.is_empty()}));
    assert!(found.wrong.is_empty(), "{}", found.wrong.join("\n"));
}

/// The server's own description and the table name the same routes; so do the pages in the sources and theirs.
async fn routes_have_rows(world: &World, found: &mut Findings) {
    let document = world.anonymous.ask_whole("GET", "/api/openapi.json", Sent::Nothing).await.good().json();
    let mut served = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().expect("paths") {
        let path = path.strip_prefix(support::http::API).expect("under the base");
        served.extend(methods.as_object().expect("methods").keys().map(|it| format!("{} {path}", it.to_uppercase())));
    }
    let rows: BTreeSet<_> = ROWS.iter().map(|it| format!("{} {}", it.method, it.path)).collect();
    found.check(rows.len() == ROWS.len(), || "a route stands twice in the table".to_owned());
    for route in served.symmetric_difference(&rows) {
        found.check(false, || format!("{route}: only in the {}", if rows.contains(route) { "table" } else { "server" }));
    }
    let pages: BTreeSet<String> = PAGES.iter().map(|it| it.0.to_owned()).collect();
    for page in plain_routes().symmetric_difference(&pages) {
        found.check(false, || format!("{page}: only in the {}", if pages.contains(page) { "table" } else { "sources" }));
    }
    found.tried += served.len() + pages.len();
}

/// Routes that the sources add beside the described ones.
fn plain_routes() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../rapport-api/src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("sources").map(|it| it.expect("entry").path()) {
            if entry.is_dir() {
                folders.push(entry);
            } else {
                let text = std::fs::read_to_string(entry).expect("text");
                found.extend(text.split(".route(").skip(1).filter_map(|it| Some(it.trim_start().strip_prefix('"')?.split_once('"')?.0.to_owned())));
            }
        }
    }
    found
}

async fn pages_tell_nobody_more(world: &World, found: &mut Findings) {
    for (page, address) in PAGES {
        let ask = async |caller: &support::http::Caller| caller.ask_whole("GET", address, Sent::Nothing).await;
        let anonymous = ask(&world.anonymous).await;
        // Figures move from one reading to the next.
        if *page != "/metrics" {
            for (who, caller) in [("the owner", world.owner()), ("the owner's browser", &world.browser), ("the other tenant", &world.stranger)] {
                let answer = ask(caller).await;
                found.check(answer.lasting() == anonymous.lasting() && answer.status == anonymous.status, || format!("GET {page}: {who} is told more"));
            }
        }
        let posted = world.anonymous.ask_whole("POST", address, Sent::Nothing).await;
        found.check([404, 405].contains(&posted.status), || format!("POST {page}: {}", posted.status));
    }
    let figures = ask_from_outside(world, "/metrics").await;
    found.check(figures == 404, || format!("/metrics from outside: {figures}"));
    let embedded = ask_from_outside(world, "/widget/frame?key=nobody").await;
    found.check(embedded == 404, || format!("a frame without an inbox: {embedded}"));
}

async fn ask_from_outside(world: &World, path: &str) -> u16 {
    world.elsewhere().ask_whole("GET", path, Sent::Nothing).await.status
}
