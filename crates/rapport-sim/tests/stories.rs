//! Every story holds in the simulator, on a good network and on bad ones, and a wrong story does not.

use std::{fs, path::PathBuf};

use rapport_sim::story::{Network, Step, StoryError, Time, parse, simulate};

fn stories() -> Vec<(String, String)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../stories");
    let files = fs::read_dir(folder).expect("stories").map(|it| it.expect("entry").path()).filter(|it| it.extension().is_some_and(|it| it == "story"));
    let mut found: Vec<_> = files.map(|it| (it.file_name().expect("name").to_string_lossy().into_owned(), fs::read_to_string(&it).expect("text"))).collect();
    found.sort();
    found
}

#[test]
fn every_story_holds() {
    let all = stories();
    let mut failed = Vec::new();
    for (name, source) in &all {
        let played = simulate(source, Network::Good, false);
        println!("{name}: {}", played.figure());
        if let Err(error) = played.outcome {
            failed.push(format!("{name}: {error}"));
        }
    }
    let figure = format!("{} of {}", all.len() - failed.len(), all.len());
    println!("BAR {}", serde_json::json!({"name": "stories-simulator", "figure": figure, "target": "all", "holds": failed.is_empty()}));
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    assert!(all.len() >= 18, "only {} stories were found", all.len());
}

#[test]
fn every_story_holds_on_a_bad_network() {
    // A story of seconds cannot wait for packets that are sent again.
    let is_of_seconds = |step: &Step| matches!(step, Step::Time(Time::After { ms }) if *ms < 5 * rapport_model::MINUTE_MS);
    let patient = |source: &str| parse(source).is_ok_and(|it| !it.steps.iter().any(|(_, step)| is_of_seconds(step)));
    let all: Vec<_> = stories().into_iter().filter(|(_, source)| patient(source)).collect();
    assert!(all.len() >= 18);
    for (name, source) in all {
        for seed in 0..8 {
            let played = simulate(&source, Network::Bad { seed }, false);
            assert_eq!(played.outcome, Ok(()), "{name} with seed {seed}");
        }
    }
}

#[test]
fn thirty_days_take_less_than_a_second() {
    let (_, source) = stories().into_iter().find(|(name, _)| name.starts_with("A3-thirty-days")).unwrap();
    let played = simulate(&source, Network::Good, false);
    assert_eq!(played.outcome, Ok(()));
    assert!(played.simulated_ms >= 30 * rapport_model::DAY_MS, "{}", played.figure());
    let bar = serde_json::json!({"name": "story-30-days", "figure": played.figure(), "target": "< 1 s", "holds": played.took.as_millis() < 1000});
    println!("BAR {bar}");
}

#[test]
fn stories_come_in_both_languages_and_name_their_rows() {
    let all = stories();
    for (name, source) in &all {
        let story = parse(source).unwrap_or_else(|error| panic!("{name}: {error}"));
        let row = name.split('-').next().unwrap();
        assert!(story.rows.iter().any(|it| it == row), "{name} does not tell row {row}");
        let is_chinese = story.title.chars().any(rapport_model::is_han);
        assert_eq!(is_chinese, name.ends_with(".zh.story"), "{name}: the title is in the other language");
        // What only moves the clock is told once.
        let twin = if is_chinese { name.replace(".zh.", ".en.") } else { name.replace(".en.", ".zh.") };
        assert!(story.moves_time() || all.iter().any(|(it, _)| *it == twin), "{name} has no twin {twin}");
    }
}

#[test]
fn a_story_that_is_not_so_fails_at_its_line() {
    let check = |steps: &str, line: usize, why: &str| {
        let source = format!("story \"t\" rows A3\nagent 林夏 works here\ncustomer 小林 opens shop in zh-CN\n{steps}");
        match simulate(&source, Network::Good, false).outcome {
            Err(StoryError::Failed(failure)) => {
                assert_eq!(failure.line.number, line, "{failure}");
                assert!(failure.why.contains(why), "{failure}");
            }
            other => panic!("{other:?}"),
        }
    };
    check("customer 小林 says \"发票怎么开\"\nbot answers 小林 citing \"换货\"", 5, "did not hear an answer from “换货”");
    check("customer 小林 says \"转人工\"\n小林 is offered to 林夏", 5, "it is queued");
    check("agent 林夏 comes online\ncustomer 小林 says \"转人工\"\n小林 waits at position 2", 6, "waits at Standing { position: 1");
    check("customer 小林 says \"你好\"\n小林 has \"你好\" 2 times", 5, "it is there 1 times");
    check("customer 小林 rates 5", 4, "not_found");
    check("at 2025-01-01 09:00 Asia/Shanghai", 4, "that moment is past");
}
