//! Intents by public sets: accuracy, out of scope, calibration, few examples; cross-validated.

use std::{
    collections::BTreeMap,
    fs,
    path::Path,
    time::Instant,
};

use anyhow::Context as _;
use rapport_model::Locale;
use rapport_perceive::{
    dataset::{self, Labelled},
    emotion::Reader,
    intent::{self, Encode, Figures, Settings, evaluate},
    linear::Order,
};

use crate::{
    remembered::Remembered,
    report::{Report, sha256},
};

/// Parts that a set is dealt to.
const FOLDS: usize = 5;

/// The encoder, where its model was fetched.
pub(crate) fn encoder(root: &Path) -> Option<rapport_encoder::Encoder> {
    let folder = std::env::var_os("RAPPORT_MODELS").map_or_else(|| root.join("target/models"), Into::into);
    let bytes = fs::read(folder.join("e5-small-q4.bin")).ok()?;
    rapport_encoder::Encoder::load(bytes).ok()
}

/// A set and which of its folds are looked at.
struct Set {
    rows: Vec<Labelled>,
    strangers: Vec<Labelled>,
    bytes: Vec<u8>,
}

/// Accuracy, calibration error, and out-of-scope figures that a set is held to. `None`: it has no texts out of scope.
const SETS: [(&str, Read, f64, Option<(f64, f64)>); 3] =
    [("clinc150", clinc, 0.935, Some((0.95, 0.75))), ("banking77", banking, 0.925, None), ("smp2020", smp, 0.945, None)];
const ECE_MAX: f64 = 0.03;
const SHOTS: [(usize, f64); 2] = [(10, 0.85), (5, 0.78)];
/// Draws of the few examples.
const DRAWS: u64 = 3;
const TRAIN_S_MAX: f64 = 20.0;
const MODEL_MB_MAX: f64 = 50.0;

type Read = fn(&Path) -> anyhow::Result<Set>;

pub(crate) fn measure(data: &Path, encoder: Option<&dyn Encode>, folds: usize) -> anyhow::Result<Vec<Report>> {
    let mut reports = Vec::new();
    for (name, read, accuracy, strangers) in SETS {
        let mut report = Report::new(&format!("intent-{name}"), name);
        report.notes.push(if encoder.is_some() { "with sentence vectors".to_owned() } else { "n-grams alone: the encoder's model is not at hand (cargo xtask models)".to_owned() });
        match read(data) {
            Ok(set) => of_set(&mut report, name, &set, (accuracy, strangers), encoder, folds)?,
            Err(error) => {
                report.skipped = true;
                report.notes.push(error.to_string());
            }
        }
        reports.push(report);
    }
    let mut report = Report::new("intent-few", "clinc150");
    match clinc(data) {
        Ok(set) => few(&mut report, &set, encoder)?,
        Err(_absent) => report.skipped = true,
    }
    reports.push(report);
    let mut report = Report::new("understanding-time", "clinc150, banking77, smp2020");
    match (clinc(data), banking(data), smp(data)) {
        (Ok(clinc), Ok(banking), Ok(smp)) => answer_time(&mut report, [&clinc, &banking, &smp], encoder)?,
        _absent => report.skipped = true,
    }
    reports.push(report);
    Ok(reports)
}

const ANSWER_MS_MAX: f64 = 5.0;

/// Intent, feeling and language of a message by a model of 150 intents, on messages of three sets.
fn answer_time(report: &mut Report, sets: [&Set; 3], encoder: Option<&dyn Encode>) -> anyhow::Result<()> {
    report.sha256 = sha256(&sets.map(|it| it.bytes.as_slice()));
    let (mut learn, mut messages) = (Vec::new(), Vec::new());
    for (at, set) in sets.iter().enumerate() {
        for (row, it) in dealt(&set.rows).into_iter().enumerate() {
            if row % FOLDS == 0 {
                messages.push(it.text);
            } else if at == 0 {
                learn.push(intent::Example { text: it.text, label: it.labels.into_iter().next().unwrap_or_default() });
            }
        }
    }
    let model = intent::train(&learn, &Settings { encoder, ..Settings::default() })?.model;
    let reader = Reader::shipped()?;
    let (mut took, mut felt) = (Vec::with_capacity(messages.len()), Vec::with_capacity(messages.len()));
    for text in &messages {
        let begun = Instant::now();
        let wanted = model.assess(text, encoder);
        let before = begun.elapsed().as_secs_f64() * 1e3;
        let understood = (wanted, reader.read(text), Locale::of_text(text));
        took.push(begun.elapsed().as_secs_f64() * 1e3);
        felt.push(took.last().copied().unwrap_or(0.0) - before);
        std::hint::black_box(understood);
    }
    let at = |all: &mut Vec<f64>, share: usize| {
        all.sort_by(f64::total_cmp);
        all.get(all.len().saturating_sub(1) * share / 100).copied().unwrap_or(0.0)
    };
    report.figure("intent, feeling and language of a message, median, ms", at(&mut took, 50));
    report.figure("of that feeling and language, median, ms", at(&mut felt, 50));
    report.figure("of that feeling and language, p99, ms", at(&mut felt, 99));
    report.bar_at_most("understanding-p99", at(&mut took, 99), ANSWER_MS_MAX);
    Ok(())
}

/// A few examples an intent, drawn from one part, tested on the other.
fn few(report: &mut Report, set: &Set, encoder: Option<&dyn Encode>) -> anyhow::Result<()> {
    report.sha256 = sha256(&[&set.bytes]);
    let cached = encoder.map(Remembered::new);
    let (test, pool): (Vec<_>, Vec<_>) = dealt(&set.rows).into_iter().enumerate().partition(|(at, _)| at % FOLDS == 0);
    let test: Vec<Labelled> = test.into_iter().map(|it| it.1).collect();
    for (shots, target) in SHOTS {
        let mut right = Vec::new();
        for draw in 0..DRAWS {
            let mut drawn: Vec<Labelled> = pool.iter().map(|it| it.1.clone()).collect();
            Order::seeded(100 + draw).shuffle(&mut drawn);
            let mut met = BTreeMap::<Vec<String>, usize>::new();
            drawn.retain(|it| {
                let seen = met.entry(it.labels.clone()).or_default();
                *seen += 1;
                *seen <= shots
            });
            let figures = run(&drawn, &test, cached.as_ref().map(|it| it as &dyn Encode))?;
            report.notes.push(format!("{shots} examples, draw {draw}: {}", told(&figures)));
            right.extend(figures.right.iter().map(|it| f64::from(u8::from(*it))));
        }
        let accuracy = report.mean(format!("clinc150, {shots} examples an intent: accuracy"), &right);
        report.bar(format!("intent-{shots}-shot"), accuracy, target);
    }
    Ok(())
}

/// Sorted by label, shuffled within: every fold has its share of each.
fn dealt(rows: &[Labelled]) -> Vec<Labelled> {
    let mut rows = rows.to_vec();
    Order::seeded(20).shuffle(&mut rows);
    rows.sort_by(|a, b| a.labels.cmp(&b.labels));
    rows
}

fn of_set(report: &mut Report, name: &str, set: &Set, targets: (f64, Option<(f64, f64)>), encoder: Option<&dyn Encode>, folds: usize) -> anyhow::Result<()> {
    report.sha256 = sha256(&[&set.bytes]);
    let rows = dealt(&set.rows);
    let (mut right, mut all) = (Vec::new(), Vec::<Figures>::new());
    for fold in 0..folds.min(FOLDS) {
        let (test, learn): (Vec<_>, Vec<_>) = rows.iter().cloned().enumerate().partition(|(at, _)| at % FOLDS == fold);
        let mut test: Vec<Labelled> = test.into_iter().map(|it| it.1).collect();
        let learn: Vec<Labelled> = learn.into_iter().map(|it| it.1).collect();
        test.extend(set.strangers.clone());
        let figures = run(&learn, &test, encoder)?;
        report.notes.push(format!("fold {fold}: {}", told(&figures)));
        right.extend(figures.right.iter().map(|it| f64::from(u8::from(*it))));
        all.push(figures);
    }
    let (accuracy_min, strangers) = targets;
    let accuracy = report.mean(format!("{name}: in-scope accuracy"), &right);
    report.bar(format!("intent-{name}"), accuracy, accuracy_min);
    let mean = |of: &dyn Fn(&Figures) -> f64| crate::report::mean(&all.iter().map(of).collect::<Vec<_>>());
    let greatest = |of: &dyn Fn(&Figures) -> f64| all.iter().map(of).fold(0.0, f64::max);
    report.bar_at_most(format!("intent-{name}-ece"), mean(&|it| f64::from(it.ece)), ECE_MAX);
    if let Some((auroc_min, recall_min)) = strangers {
        report.bar("intent-oos-auroc", mean(&|it| f64::from(it.oos_auroc.unwrap_or(0.0))), auroc_min);
        report.bar("intent-oos-recall", mean(&|it| f64::from(it.oos_recall_at_95.unwrap_or(0.0))), recall_min);
        // The set of 150 intents: the most that a retrain is held to.
        report.bar_at_most("intent-train", greatest(&|it| it.train_s), TRAIN_S_MAX);
        report.bar_at_most("intent-model", greatest(&|it| f64::from(u32::try_from(it.model_bytes).unwrap_or(u32::MAX)) / 1e6), MODEL_MB_MAX);
    }
    Ok(())
}

fn told(it: &Figures) -> String {
    format!(
        "accuracy {:.4} in scope {:.4} macro F1 {:.4} AUROC {:?} recall {:?} ECE {:.4} train {:.1} s, p50 {:.0} us, p99 {:.0} us, {} bytes",
        it.accuracy, it.in_scope_accuracy, it.macro_f1, it.oos_auroc, it.oos_recall_at_95, it.ece, it.train_s, it.predict_p50_us, it.predict_p99_us, it.model_bytes
    )
}

pub(crate) fn run(learn: &[Labelled], test: &[Labelled], encoder: Option<&dyn Encode>) -> anyhow::Result<Figures> {
    let clock = Instant::now();
    let settings = Settings { encoder, ..Settings::default() };
    Ok(evaluate(learn, test, &settings, &mut || clock.elapsed().as_secs_f64())?)
}

fn labelled(text: &str, label: &str) -> Labelled {
    Labelled { text: text.to_owned(), labels: vec![label.to_owned()] }
}

fn clinc(data: &Path) -> anyhow::Result<Set> {
    let bytes = fs::read(data.join("clinc150/train_val.json"))?;
    let parts: BTreeMap<String, Vec<(String, String)>> = serde_json::from_slice(&bytes)?;
    let of = |names: &[&str]| -> Vec<Labelled> { names.iter().filter_map(|it| parts.get(*it)).flatten().map(|it| labelled(&it.0, &it.1)).collect() };
    Ok(Set { rows: of(&["train", "val"]), strangers: of(&["oos_train", "oos_val"]), bytes })
}

fn banking(data: &Path) -> anyhow::Result<Set> {
    let bytes = fs::read(data.join("banking77/train.csv"))?;
    Ok(Set { rows: dataset::read(&bytes)?, strangers: Vec::new(), bytes })
}

fn smp(data: &Path) -> anyhow::Result<Set> {
    let mut bytes = fs::read(data.join("smp2020_nlu/train.tsv"))?;
    let mut rows = dataset::read(&bytes)?;
    let more = fs::read(data.join("smp2020_nlu/dev.tsv"))?;
    rows.extend(dataset::read(&more).context("dev.tsv")?);
    bytes.extend(more);
    Ok(Set { rows, strangers: Vec::new(), bytes })
}
