//! Bad input over HTTP: ten thousand malformed bodies, as many uploads and a thousand files of examples and terms against the real binary. Each gets a code of the catalogue,
//! the server stays healthy and small, and no message is lost.

#![expect(clippy::indexing_slicing, clippy::print_stdout, reason = "what is not as expected ends the test; bars are printed")]

mod bodies;
mod imports;
#[path = "../support/mod.rs"]
mod support;
#[path = "../support/table.rs"]
mod table;
mod uploads;
#[path = "../support/world.rs"]
mod world;

use futures::{StreamExt as _, stream};
use serde_json::json;

use self::{
    support::{
        Client,
        http::{Answer, Caller, Sent},
    },
    world::{World, tag, visit},
};

/// How many have to be refused.
const WANTED: usize = 10_000;
const IMPORTS_WANTED: usize = 1_000;
/// Asked at the same time.
const AT_ONCE: usize = 6;
const GROWTH_KIB_MAX: u64 = 64 * 1024;

/// One malformed request.
pub(crate) struct Bad {
    pub(crate) method: &'static str,
    pub(crate) path: String,
    pub(crate) caller: Caller,
    pub(crate) sent: Sent,
    /// Whether nothing in it can be taken for good.
    pub(crate) hopeless: bool,
    /// What was done to it.
    pub(crate) how: &'static str,
}

#[tokio::test]
async fn ten_thousand_malformed_bodies_are_refused_with_a_code() {
    let world = World::new(&[]).await;
    let mut bodies = bodies::Bodies::new(&world).await;
    check("malformed-bodies", WANTED, &world, || bodies.next()).await;
}

#[tokio::test]
async fn ten_thousand_malformed_uploads_are_refused_with_a_code() {
    let world = World::new(&["--upload-bytes-max", "1000000"]).await;
    let mut uploads = uploads::Uploads::new(&world);
    check("malformed-uploads", WANTED, &world, || uploads.next()).await;
}

#[tokio::test]
async fn a_thousand_malformed_imports_are_refused_with_a_code() {
    let world = World::new(&[]).await;
    let mut imports = imports::Imports::new(&world);
    check("malformed-teachings", IMPORTS_WANTED, &world, || imports.next()).await;
}

/// A connection that the server closed on a sender would lose the answer, and the sender would be told nothing.
#[tokio::test]
async fn whoever_sends_too_much_is_told_so() {
    let world = World::new(&["--upload-bytes-max", "1000000"]).await;
    let large = vec![b'a'; 16 * 1024 * 1024];
    for _ in 0..20 {
        for (caller, code) in [(world.owner(), "input.too_large"), (&world.anonymous, "auth.required")] {
            assert_eq!(caller.upload("/uploads", "a.txt", &large).await.code(), code);
        }
    }
}

async fn check(name: &str, wanted: usize, world: &World, mut next: impl FnMut() -> Bad) {
    let token = visit(&world.anonymous, "demo-shop").await;
    let conversation = world.conversation_about(&token, "said before").await;
    let (mut refused, mut asked, mut wrong) = (0, 0, Vec::new());
    let mut settled_kib = 0;
    while refused < wanted {
        let round: Vec<Bad> = (0..500).map(|_| next()).collect();
        asked += round.len();
        let answers: Vec<(Bad, Answer)> = stream::iter(round.into_iter().map(ask)).buffer_unordered(AT_ONCE).collect().await;
        for (bad, answer) in &answers {
            let is_refusal = answer.is_spoken_refusal();
            refused += usize::from(is_refusal);
            let taken = !bad.hopeless && (200..300).contains(&answer.status);
            if !is_refusal && !taken {
                wrong.push(format!("{} {} ({}): {} {}", bad.method, bad.path, bad.how, answer.status, answer.text()));
            }
        }
        // What the first rounds need stays needed: buffers, caches, connections.
        if settled_kib == 0 && refused >= wanted / 5 {
            settled_kib = world.server.resident_kib();
        }
        assert!(wrong.len() < 50 && asked < wanted * 3, "{refused} of {asked} refused\n{}", wrong.join("\n"));
    }
    let grown_kib = world.server.resident_kib().saturating_sub(settled_kib);
    nothing_is_lost(world, &token, &conversation).await;
    let holds = wrong.is_empty() && grown_kib < GROWTH_KIB_MAX;
    let figure = format!("{refused} refused of {asked}, {} wrong, {} MiB more", wrong.len(), grown_kib / 1024);
    println!("BAR {}", json!({"name": name, "figure": figure, "target": format!("{wanted} refused with a code, < 64 MiB more"), "holds": holds}));
    assert!(holds, "{figure}\n{}", wrong.join("\n"));
}

async fn ask(bad: Bad) -> (Bad, Answer) {
    let answer = bad.caller.ask(bad.method, &bad.path, bad.sent.clone()).await;
    (bad, answer)
}

/// The server still takes and gives messages, and those from before are there once.
async fn nothing_is_lost(world: &World, token: &str, conversation: &str) {
    let ready = world.anonymous.ask_whole("GET", "/readyz", Sent::Nothing).await;
    assert_eq!(ready.status, 200, "{}", ready.text());
    let mut widget = Client::connect(&world.server, "visitor", token, None).await;
    assert_eq!(widget.send_text(&tag(), None, "said after").await["t"], "ack");
    let entries = world.owner().get(&format!("/conversations/{conversation}/entries?limit=200")).await.good().json();
    let texts = entries["items"].as_array().expect("items").iter().filter_map(|it| it["event"]["message"]["content"]["text"].as_str());
    let said: Vec<&str> = texts.filter(|it| it.starts_with("said ")).collect();
    assert_eq!(said, ["said before", "said after"]);
}
