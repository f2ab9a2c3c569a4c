//! Emotions of texts: by a set's own labels, by what ships alone, and satisfaction with a dialogue by its mood.

use std::{fs, path::Path};

use rapport_model::{Modality, Seq, Timestamp};
use rapport_perceive::{
    emotion::{
        Mood, Reader, Rules,
        label::{Labeller, Shipped},
        train::{FOLDS, folds},
    },
    intent::Encode,
};

use crate::{
    emotion_data::{self, Helpdesk, Labelled},
    report::{Report, sha256},
    scores::{macro_f1, pairs, resampled, spearman},
};

const EWECT_MIN: f64 = 0.70;
const EWECT_SHIPPED_MIN: f64 = 0.45;
const EKMAN_MIN: f64 = 0.60;
const SATISFACTION_MIN: f64 = 0.35;

pub(crate) fn measure(data: &Path, encoder: Option<&dyn Encode>, errors: bool) -> anyhow::Result<Report> {
    let (ewect, goemotions) = (data.join("ewect_usual"), data.join("goemotions"));
    let mut report = Report::new("emotion", "ewect_usual, goemotions, stc3_helpdesk");
    let files = [ewect.join("usual_train.json"), ewect.join("usual_eval_labeled.json"), goemotions.join("train.tsv"), goemotions.join("dev.tsv"), data.join("stc3_helpdesk/train_80.jsonl")];
    let bytes: Vec<Vec<u8>> = files.iter().filter_map(|it| fs::read(it).ok()).collect();
    if bytes.len() < files.len() {
        report.skipped = true;
        return Ok(report);
    }
    report.sha256 = sha256(&bytes.iter().map(Vec::as_slice).collect::<Vec<_>>());
    let reader = Reader::shipped()?;
    let train = emotion_data::ewect(&ewect, "usual_train.json")?;
    let test = emotion_data::ewect(&ewect, "usual_eval_labeled.json")?;
    by_what_ships(&mut report, &reader, &train, &test, errors);
    by_own_labels(&mut report, &train, &test, encoder);
    report.notes.push(if encoder.is_some() { "with sentence vectors".to_owned() } else { "n-grams alone: the encoder's model is not at hand (cargo xtask models)".to_owned() });
    let train = emotion_data::grouped(emotion_data::goemotions(&goemotions, "train.tsv")?);
    let test = emotion_data::grouped(emotion_data::goemotions(&goemotions, "dev.tsv")?);
    let labeller = Labeller::train_with(&train, encoder);
    let (f1, _) = scored(&mut report, "GoEmotions by groups of Ekman, dev", labeller.labels(), &test, |it| given(&labeller, it, encoder));
    report.bar("emotion-ekman", f1, EKMAN_MIN);
    satisfaction(&mut report, &reader, &emotion_data::helpdesk(&data.join("stc3_helpdesk/train_80.jsonl"))?);
    Ok(report)
}

/// Rank correlation of the estimate with the mean of the votes on satisfaction. Nothing is fitted to these dialogues.
fn satisfaction(report: &mut Report, reader: &Reader, dialogues: &[Helpdesk]) {
    let estimates: Vec<f64> = dialogues.iter().map(|it| estimate(reader, it)).collect();
    let votes: Vec<f64> = dialogues.iter().map(|it| it.satisfaction).collect();
    let value = spearman(&estimates, &votes);
    let of = |rows: &[usize]| {
        let pick = |from: &[f64]| -> Vec<f64> { rows.iter().filter_map(|it| from.get(*it)).copied().collect() };
        spearman(&pick(&estimates), &pick(&votes))
    };
    report.figure_with("STC-3 satisfaction: Spearman", value, resampled(dialogues.len(), of), dialogues.len());
    report.bar("satisfaction", value, SATISFACTION_MIN);
}

fn estimate(reader: &Reader, dialogue: &Helpdesk) -> f64 {
    let mut mood = Mood::default();
    for (turn, number) in dialogue.customer.iter().zip(0_u64..) {
        let at = Timestamp(0).plus_seconds(60 * i64::try_from(number).unwrap_or_default());
        mood.observe(&Rules::default(), Seq(number), at, Modality::Text, &reader.read(turn));
    }
    rapport_perceive::emotion::satisfaction::estimate(&mood).map_or(0.0, f64::from)
}

fn given(labeller: &Labeller, text: &str, encoder: Option<&dyn Encode>) -> Vec<String> {
    labeller.predict_with(text, encoder).into_iter().map(|it| it.label).collect()
}

/// Macro-F1 and accuracy with a figure a label.
fn scored(report: &mut Report, name: &str, labels: &[String], test: &[Labelled], predict: impl Fn(&str) -> Vec<String>) -> (f64, Vec<Vec<String>>) {
    let given: Vec<Vec<String>> = test.iter().map(|it| predict(&it.0)).collect();
    let right: Vec<Vec<String>> = test.iter().map(|it| it.1.clone()).collect();
    let (f1, interval, each) = macro_f1(&pairs(labels, &given, &right), labels.len());
    report.figure_with(format!("{name}: macro-F1"), f1, interval, test.len());
    for (label, f1) in labels.iter().zip(each) {
        report.figure(format!("{name}: F1 of {label}"), f1);
    }
    let same: Vec<f64> = given.iter().zip(&right).map(|(a, b)| f64::from(u8::from(a == b))).collect();
    report.mean(format!("{name}: exactly right"), &same);
    (f1, given)
}

fn by_what_ships(report: &mut Report, reader: &Reader, train: &[Labelled], test: &[Labelled], errors: bool) {
    let labels: Vec<String> = ["angry", "fear", "happy", "neutral", "sad", "surprise"].map(str::to_owned).to_vec();
    let shipped = Shipped::new(reader, &labels);
    let (_, given) = scored(report, "EWECT by what ships, eval", &labels, test, |it| vec![shipped.predict(it).label]);
    if errors {
        for (given, (text, right)) in given.iter().zip(test).filter(|it| *it.0 != it.1.1).take(80) {
            report.notes.push(format!("{} for {} | {text}", given.join("|"), right.join("|")));
        }
    }
    // Nothing was trained on either part: all of it is unseen.
    let (f1, _) = scored(report, "EWECT by what ships, train", &labels, train, |it| vec![shipped.predict(it).label]);
    report.bar("emotion-ewect-shipped", f1, EWECT_SHIPPED_MIN);
}

fn by_own_labels(report: &mut Report, train: &[Labelled], test: &[Labelled], encoder: Option<&dyn Encode>) {
    let fold = folds(train.len());
    let mut said: Vec<(Labelled, Vec<String>)> = Vec::new();
    let mut labels = Vec::new();
    for held in 0..FOLDS {
        let part = |own: bool| -> Vec<Labelled> { train.iter().zip(&fold).filter(|it| (*it.1 == held) == own).map(|it| it.0.clone()).collect() };
        let labeller = Labeller::train_with(&part(false), encoder);
        labels = labeller.labels().to_vec();
        said.extend(part(true).into_iter().map(|it| { let given = given(&labeller, &it.0, encoder); (it, given) }));
    }
    let given_folds: Vec<Vec<String>> = said.iter().map(|it| it.1.clone()).collect();
    let right: Vec<Vec<String>> = said.iter().map(|it| it.0.1.clone()).collect();
    let (f1, interval, _) = macro_f1(&pairs(&labels, &given_folds, &right), labels.len());
    report.figure_with(format!("EWECT trained, {FOLDS} folds: macro-F1"), f1, interval, said.len());
    report.bar("emotion-ewect", f1, EWECT_MIN);
    let labeller = Labeller::train_with(train, encoder);
    scored(report, "EWECT trained, eval", labeller.labels(), test, |it| given(&labeller, it, encoder));
    report.calibration("EWECT trained, eval", &test.iter().map(|(text, right)| labeller.predict_with(text, encoder).first().map_or((0.0, false), |it| (f64::from(it.p), right.contains(&it.label)))).collect::<Vec<_>>());
}
