//! How well manipulation in templates is found, on a labelled list in both languages.

use rapport_ethics::dark_patterns::lint_template;

/// Label (`-` for none) and text.
const TEMPLATES: &str = include_str!("templates.tsv");

fn labelled(list: &'static str) -> Vec<(Option<&'static str>, &'static str)> {
    let name = |label: &str| match label {
        "scarcity" => Some("false_scarcity"),
        "shaming" => Some("confirm_shaming"),
        "countdown" => Some("complaint_countdown"),
        "optout" => Some("hidden_opt_out"),
        "-" => None,
        _ => panic!("{label} is no label"),
    };
    list.lines().map(|line| line.split_once('\t').expect("label, tab, text")).map(|(label, text)| (name(label), text)).collect()
}

/// True, false and missed findings; each kind counts by itself.
fn score(list: &'static str) -> (f64, f64, Vec<String>) {
    let (mut right, mut wrong, mut missed, mut told) = (0.0, 0.0, 0.0, Vec::new());
    for (label, text) in labelled(list) {
        let found: Vec<_> = lint_template(text).into_iter().map(|it| it.pattern.name()).collect();
        let hit = label.is_some_and(|it| found.contains(&it));
        right += f64::from(u8::from(hit));
        wrong += f64::from(u32::try_from(found.iter().filter(|it| Some(**it) != label).count()).expect("few"));
        missed += f64::from(u8::from(label.is_some() && !hit));
        if label.map_or(Vec::new(), |it| vec![it]) != found {
            told.push(format!("{label:?} {found:?} {text}"));
        }
    }
    (right / (right + wrong), right / (right + missed), told)
}

#[test]
fn manipulation_is_found_and_plain_words_are_left_alone() {
    assert!(labelled(TEMPLATES).len() >= 200);
    let (precision, recall, told) = score(TEMPLATES);
    let holds = precision >= 0.9 && recall >= 0.9;
    println!("BAR {}", serde_json::json!({"name": "dark-patterns", "figure": format!("precision {precision:.3}, recall {recall:.3}"), "target": "≥ 0.9 each", "holds": holds}));
    println!("{}", told.join("\n"));
    assert!(holds, "precision {precision}, recall {recall}: {}", told.join("\n"));
}
