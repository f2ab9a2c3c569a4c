//! Intents by public sets: accuracy, out of scope, calibration, few examples; cross-validated.

use std::{fs, path::Path, time::Instant};

use anyhow::Context as _;
use rapport_perceive::{
    dataset::{self, Labelled},
    intent::{Encode, Figures, Settings, evaluate},
    linear::Order,
};

use crate::report::{Report, sha256};

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

pub(crate) fn measure(data: &Path, encoder: Option<&dyn Encode>, folds: usize) -> anyhow::Result<Vec<Report>> {
    let mut reports = Vec::new();
    for (name, read) in [("clinc150", clinc as fn(&Path) -> anyhow::Result<Set>), ("banking77", banking), ("smp2020", smp)] {
        let mut report = Report::new(&format!("intent-{name}"), name);
        match read(data) {
            Ok(set) => of_set(&mut report, name, &set, encoder, folds)?,
            Err(error) => {
                report.skipped = true;
                report.notes.push(error.to_string());
            }
        }
        reports.push(report);
    }
    Ok(reports)
}

fn of_set(report: &mut Report, name: &str, set: &Set, encoder: Option<&dyn Encode>, folds: usize) -> anyhow::Result<()> {
    report.sha256 = sha256(&[&set.bytes]);
    let mut rows = set.rows.clone();
    Order::seeded(20).shuffle(&mut rows);
    rows.sort_by(|a, b| a.labels.cmp(&b.labels));
    let (mut right, mut all) = (Vec::new(), Vec::<Figures>::new());
    for fold in 0..folds.min(FOLDS) {
        // Sorted by label: every fold has its share of each.
        let (test, learn): (Vec<_>, Vec<_>) = rows.iter().cloned().enumerate().partition(|(at, _)| at % FOLDS == fold);
        let mut test: Vec<Labelled> = test.into_iter().map(|it| it.1).collect();
        let learn: Vec<Labelled> = learn.into_iter().map(|it| it.1).collect();
        test.extend(set.strangers.clone());
        let figures = run(&learn, &test, encoder)?;
        report.notes.push(format!("fold {fold}: {}", told(&figures)));
        right.extend(figures.right.iter().map(|it| f64::from(u8::from(*it))));
        all.push(figures);
    }
    let accuracy = report.mean(format!("{name}: in-scope accuracy"), &right);
    report.bar(format!("intent-{name}"), accuracy, match name {
        "clinc150" => 0.935,
        "banking77" => 0.925,
        _ => 0.945,
    });
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
    let parts: std::collections::BTreeMap<String, Vec<(String, String)>> = serde_json::from_slice(&bytes)?;
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
