//! The stories of `stories/` against the real binary: widgets and desks over real sockets and HTTP. Those that move the clock are the simulator's.

#![expect(clippy::indexing_slicing, reason = "what is not as expected ends the test")]

mod acts;
mod peer;
mod stage;
#[expect(dead_code, reason = "stories have clients of their own")]
#[path = "../support/mod.rs"]
mod support;

use std::{fs, path::Path};

use rapport_sim::story::{parse, play};
use serde_json::json;

#[test]
fn every_story_holds_on_the_real_binary() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../stories");
    let mut paths: Vec<_> = fs::read_dir(folder).expect("stories").map(|it| it.expect("entry").path()).collect();
    paths.retain(|it| it.extension().is_some_and(|it| it == "story"));
    paths.sort();
    let (mut failed, mut played) = (Vec::new(), 0_usize);
    for path in paths {
        let name = path.file_name().expect("name").to_string_lossy().into_owned();
        let story = parse(&fs::read_to_string(&path).expect("text")).unwrap_or_else(|error| panic!("{name}: {error}"));
        if story.moves_time() {
            println!("{name}: moves the clock, for the simulator alone");
            continue;
        }
        played += 1;
        match play(&story, &mut stage::RealStage::new()) {
            Ok(()) => println!("{name}: holds"),
            Err(failure) => {
                println!("{name}: {failure}");
                failed.push(format!("{name}: {failure}"));
            }
        }
    }
    let figure = format!("{} of {played}", played - failed.len());
    println!("BAR {}", json!({"name": "stories-binary", "figure": figure, "target": "all", "holds": failed.is_empty()}));
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    assert!(played >= 14, "only {played} stories were found");
}
