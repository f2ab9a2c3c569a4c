//! Ten thousand malformed frames: each is read or refused with a stable code, none panics.

#![expect(clippy::indexing_slicing, reason = "places are drawn within bounds")]

use rapport_model::CATALOGUE;
use rapport_wire::live;

/// A small generator of our own keeps this crate's tests free of dependencies (splitmix64).
struct Draw(u64);

impl Draw {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % (bound.max(1) as u64)).expect("small")
    }
}

const SEEDS: &[&str] = &[
    r#"{"t":"hello","v":1,"as":"visitor","token":"abc","resume":12}"#,
    r#"{"t":"send","id":"m-1","conversation":"0190a5c8-7c1e-7bb5-8f2a-3b6f3e0d9a11","content":{"type":"text","text":"鞋码不合适 👟"}}"#,
    r#"{"t":"send","id":"m-2","content":{"type":"image","file":{"blob":"0190a5c8-7c1e-7bb5-8f2a-3b6f3e0d9a11","name":"a.png","media_type":"image/png","bytes":12}}}"#,
    r#"{"t":"act","id":"a-1","action":{"action":"rate","score":5,"comment":"好"}}"#,
    r#"{"t":"act","id":"a-2","conversation":"0190a5c8-7c1e-7bb5-8f2a-3b6f3e0d9a11","action":{"action":"snooze","until":1790000000000}}"#,
    r#"{"t":"typing","conversation":"0190a5c8-7c1e-7bb5-8f2a-3b6f3e0d9a11","on":true}"#,
    r#"{"t":"presence","presence":"away"}"#,
    r#"{"t":"ping"}"#,
];

const NASTY: &[&str] = &["\u{0}", "\u{202e}", "{", "}", "[[[[[[", "\"", "\\u0000", "\\ud800", "1e999", "-1", "null", "18446744073709551616", "\u{feff}", "true"];

fn malform(draw: &mut Draw) -> String {
    let mut text: Vec<char> = SEEDS[draw.below(SEEDS.len())].chars().collect();
    for _ in 0..=draw.below(4) {
        let at = draw.below(text.len());
        match draw.below(6) {
            0 => text.truncate(at),
            1 if !text.is_empty() => {
                text.remove(at);
            }
            2 => text.splice(at..at, NASTY[draw.below(NASTY.len())].chars()).for_each(drop),
            3 => text.extend(SEEDS[draw.below(SEEDS.len())].chars()),
            4 => {
                let deep = "[".repeat(draw.below(5_000));
                text.splice(at..at, deep.chars()).for_each(drop);
            }
            _ => text.splice(at..at, "x".repeat(draw.below(70_000)).chars()).for_each(drop),
        }
    }
    text.into_iter().collect()
}

#[test]
fn ten_thousand_malformed_frames_are_refused_with_a_code() {
    let mut draw = Draw(2026);
    let (mut refused, mut made) = (0_u32, 0_u32);
    while refused < 10_000 {
        made += 1;
        let text = malform(&mut draw);
        if let Err(fault) = live::decode(&text) {
            refused += 1;
            assert!(CATALOGUE.contains(&fault.kind), "{} is not in the catalogue", fault.kind.code);
        }
        let _named = live::frame_id(&text);
        if let Ok(value) = serde_json::from_str::<serde_json::Value>(&text) {
            for outcome in [live::customer_action(value.clone()).err(), live::member_action(value).err()].into_iter().flatten() {
                assert!(CATALOGUE.contains(&outcome.kind));
            }
        }
    }
    assert!(refused > made / 2, "only {refused} of {made} were malformed: the generator is too tame");
    let figure = format!("{refused} refused with a code, no panic");
    println!("BAR {}", serde_json::json!({"name": "malformed-frames", "figure": figure, "target": "10,000", "holds": true}));
}
