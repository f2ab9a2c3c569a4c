//! How well manipulation in templates is found, on a labelled list in both languages.

use rapport_ethics::dark_patterns::lint_template;

/// Label (`-` for none) and text.
const TEMPLATES: &str = include_str!("templates.tsv");
/// Written when the rules were done, and never a reason to change one: how they do on what they have not seen.
const ASIDE: &str = include_str!("aside.tsv");

fn labelled(list: &'static str) -> Vec<(Option<&'static str>, &'static str)> {
    let labels = [("scarcity", "false_scarcity"), ("shaming", "confirm_shaming"), ("countdown", "complaint_countdown"), ("optout", "hidden_opt_out")];
    let name = |label: &str| {
        let known = labels.iter().find(|it| it.0 == label).map(|it| it.1);
        assert!(known.is_some() || label == "-", "{label} is no label");
        known
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
    let ((precision, recall, told), (unseen_precision, unseen_recall, unseen_told)) = (score(TEMPLATES), score(ASIDE));
    let holds = precision >= 0.9 && recall >= 0.9;
    let figure = format!("precision {precision:.2}, recall {recall:.2}; on {} in other words {unseen_precision:.2} and {unseen_recall:.2}", labelled(ASIDE).len());
    println!("BAR {}", serde_json::json!({"name": "dark-patterns", "figure": figure, "target": "≥ 0.9 each on the list", "holds": holds}));
    println!("{}\nIn other words:\n{}", told.join("\n"), unseen_told.join("\n"));
    assert!(holds, "precision {precision}, recall {recall}: {}", told.join("\n"));
    // Words alone find a third of what is put in words that nobody thought of. What they must not do is cry wolf.
    assert!(unseen_precision >= 0.9 && unseen_recall >= 0.3, "precision {unseen_precision}, recall {unseen_recall}: {}", unseen_told.join("\n"));
}
