//! Scripted dialogues with planted escalations: is each flagged, is none flagged that does not escalate, and how many turns ahead.

use std::{fs, path::Path};

use anyhow::Context as _;
use rapport_model::{Modality, Seq, Timestamp};
use rapport_perceive::emotion::{Mood, Reader, Rules, behaviour};

use crate::report::{Report, mean, sha256};

const RECALL_MIN: f64 = 0.9;
const FALSE_MAX: f64 = 0.05;
const AHEAD_MIN: f64 = 1.0;
/// Between two turns of a chat.
const TURN_MS: i64 = 35_000;

#[derive(Debug, Default)]
pub(crate) struct Dialogue {
    pub industry: String,
    pub turns: Vec<Turn>,
}

#[derive(Debug)]
pub(crate) struct Turn {
    pub customer: bool,
    pub text: String,
    /// Here a person would say that it has tipped, or that it has recovered.
    pub tips: bool,
    pub recovers: bool,
}

/// What became of a dialogue. Turns are the customer's, counted from 0.
struct Played {
    tips: Option<usize>,
    flagged: Option<usize>,
    /// Still raised at the end.
    raised: bool,
}

pub(crate) fn measure(root: &Path, errors: bool) -> anyhow::Result<Report> {
    let folder = root.join("quality/dialogues");
    let mut report = Report::new("escalation", "quality/dialogues");
    let reader = Reader::shipped()?;
    let mut contents = Vec::new();
    for (half, bars) in [("second", false), ("first", true)] {
        let mut played = Vec::new();
        for language in ["zh", "en"] {
            let path = folder.join(format!("{half}.{language}.txt"));
            let content = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
            let own: Vec<Played> = dialogues(&content).iter().map(|it| play(&reader, it, &mut report, errors && !bars)).collect();
            figures(&mut report, &format!("{half} half, {language}"), &own);
            played.extend(own);
            contents.push(content);
        }
        let (recall, false_share, ahead) = figures(&mut report, &format!("{half} half"), &played);
        if bars {
            // The half that nothing was tuned to.
            report.bar("escalation-recall", recall, RECALL_MIN);
            report.bar_at_most("escalation-false", false_share, FALSE_MAX);
            report.bar("escalation-turns-ahead", ahead, AHEAD_MIN);
        }
    }
    report.sha256 = sha256(&contents.iter().map(String::as_bytes).collect::<Vec<_>>());
    Ok(report)
}

pub(crate) fn dialogues(content: &str) -> Vec<Dialogue> {
    let mut dialogues: Vec<Dialogue> = Vec::new();
    for line in content.lines() {
        if let Some(industry) = line.strip_prefix("== ") {
            dialogues.push(Dialogue { industry: industry.to_owned(), turns: Vec::new() });
            continue;
        }
        let Some((mark, text)) = line.split_once(": ").filter(|it| matches!(it.0, "C" | "A" | "C!" | "C~")) else { continue };
        if let Some(dialogue) = dialogues.last_mut() {
            dialogue.turns.push(Turn { customer: mark != "A", text: text.to_owned(), tips: mark == "C!", recovers: mark == "C~" });
        }
    }
    dialogues
}

fn play(reader: &Reader, dialogue: &Dialogue, report: &mut Report, errors: bool) -> Played {
    let (mut mood, rules) = (Mood::default(), Rules::default());
    let mut played = Played { tips: None, flagged: None, raised: false };
    let mut course = Vec::new();
    let mut earlier: Vec<String> = Vec::new();
    let own = dialogue.turns.iter().filter(|it| it.customer);
    for ((turn, number), at) in own.zip(0_u64..).zip(0_usize..) {
        let when = Timestamp(0).plus_ms(TURN_MS * i64::try_from(number).unwrap_or_default());
        let reading = reader.read(&turn.text);
        mood.observe(&rules, Seq(number), when, Modality::Text, &reading);
        if let Some(manner) = behaviour::read(&turn.text, &earlier, None) {
            mood.observe(&rules, Seq(number), when, Modality::Behaviour, &manner);
        }
        earlier.push(turn.text.clone());
        if turn.tips {
            played.tips = Some(at);
        }
        if mood.is_raised() && played.flagged.is_none() {
            played.flagged = Some(at);
        }
        let mark = if turn.tips { "!" } else if turn.recovers { "~" } else { " " };
        course.push(format!("    {mark} {:.2} {:.2?} {} {} | {:?}", mood.tense(), reading.states, if mood.is_raised() { "R" } else { "-" }, turn.text, reading.features.iter().take(4).map(|it| format!("{} {:.1}", it.what, it.weight)).collect::<Vec<_>>()));
    }
    played.raised = mood.is_raised();
    let wrong = match (played.tips, played.flagged) {
        (Some(tips), Some(flagged)) => flagged + 1 > tips,
        (Some(_), None) | (None, Some(_)) => true,
        (None, None) => false,
    };
    if errors && wrong {
        report.notes.push(format!("{} tips {:?} flagged {:?}\n{}", dialogue.industry, played.tips, played.flagged, course.join("\n")));
    }
    played
}

/// Recall, share of false flags, and the median lead of flagged escalations.
fn figures(report: &mut Report, name: &str, played: &[Played]) -> (f64, f64, f64) {
    let flag = |it: bool| f64::from(u8::from(it));
    // A flag at the tipping turn or before finds the escalation; a later one comes too late.
    let found: Vec<f64> = played.iter().filter_map(|it| it.tips.map(|tips| flag(it.flagged.is_some_and(|flagged| flagged <= tips)))).collect();
    let calm: Vec<f64> = played.iter().filter(|it| it.tips.is_none()).map(|it| flag(it.flagged.is_some())).collect();
    let mut ahead: Vec<f64> = played.iter().filter_map(|it| Some(lead(it.tips?, it.flagged?))).collect();
    ahead.sort_by(f64::total_cmp);
    let recall = report.mean(format!("{name}: escalations found by the tipping turn"), &found);
    let false_share = report.mean(format!("{name}: dialogues flagged that do not escalate"), &calm);
    let median = ahead.get(ahead.len() / 2).copied().unwrap_or_default();
    report.figure(format!("{name}: turns ahead, median"), median);
    report.mean(format!("{name}: found at least a turn ahead"), &ahead.iter().map(|it| flag(*it >= 1.0)).collect::<Vec<_>>());
    report.figure(format!("{name}: turns ahead, mean"), mean(&ahead));
    (recall, false_share, median)
}

#[expect(clippy::cast_precision_loss, reason = "turns of a dialogue")]
fn lead(tips: usize, flagged: usize) -> f64 {
    tips as f64 - flagged as f64
}

#[cfg(test)]
mod tests {
    use super::dialogues;

    #[test]
    fn the_scripts_are_as_described() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("dialogues");
        let (mut escalating, mut total) = (0, 0);
        for file in ["first.zh.txt", "first.en.txt", "second.zh.txt", "second.en.txt"] {
            let all = dialogues(&std::fs::read_to_string(folder.join(file)).unwrap());
            assert!((49..=51).contains(&all.len()), "{file}: {}", all.len());
            total += all.len();
            for it in &all {
                assert!((4..=12).contains(&it.turns.len()), "{file} {}: {} turns", it.industry, it.turns.len());
                assert!(it.turns.iter().filter(|it| it.tips).count() <= 1);
                escalating += it.turns.iter().filter(|it| it.tips).count();
                let (tips, recovers) = (it.turns.iter().position(|it| it.tips), it.turns.iter().position(|it| it.recovers));
                assert!(recovers.is_none() || tips < recovers, "{file} {}", it.industry);
            }
        }
        assert_eq!(total, 200);
        assert!((90..=110).contains(&escalating), "{escalating}");
    }
}
