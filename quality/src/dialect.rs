//! What dialect and misheard characters cost: intents of Chinese sentences, clean and perturbed, cross-validated.

use std::{fs, path::Path};

use anyhow::Context as _;
use rapport_perceive::{
    dataset,
    intent::{Example, Model, Settings, train},
    lexicon::{
        Lexicon,
        noise::{Dialect, Half, half, misheard},
        starter,
    },
    linear::Order,
};

use crate::report::{Report, sha256};

const FOLDS: usize = 5;
const SEED: u64 = 11;
/// Of the characters.
const MISHEARD: f64 = 0.1;

/// Sentences that went from right to wrong (1), from wrong to right (-1), or neither (0).
#[derive(Default)]
struct Loss {
    clean: Vec<f64>,
    perturbed: Vec<f64>,
}

impl Loss {
    fn add(&mut self, clean: bool, perturbed: bool) {
        self.clean.push(f64::from(u8::from(clean)));
        self.perturbed.push(f64::from(u8::from(perturbed)));
    }

    /// The bar, with figures and the interval of the loss, sentence by sentence.
    fn told(&self, report: &mut Report, name: &str, target: f64) {
        report.mean(format!("{name}: accuracy on the same sentences, clean"), &self.clean);
        report.mean(format!("{name}: accuracy, perturbed"), &self.perturbed);
        let losses: Vec<f64> = self.clean.iter().zip(&self.perturbed).map(|(clean, perturbed)| clean - perturbed).collect();
        let loss = report.mean(format!("{name}: loss"), &losses);
        report.bar_at_most(name, loss, target);
    }
}

/// The lexicon is parted into halves by its items; the model is given the first.
pub(crate) fn measure(data: &Path, folds: usize, errors: bool) -> anyhow::Result<Report> {
    let mut report = Report::new("dialect", "smp2020_nlu, shipped lexicon in halves");
    let Ok(bytes) = fs::read(data.join("smp2020_nlu/train.tsv")) else {
        report.skipped = true;
        return Ok(report);
    };
    let more = fs::read(data.join("smp2020_nlu/dev.tsv")).context("dev.tsv")?;
    report.sha256 = sha256(&[&bytes, &more]);
    let mut rows = dataset::read(&bytes)?;
    rows.extend(dataset::read(&more)?);
    Order::seeded(20).shuffle(&mut rows);
    rows.sort_by(|a, b| a.labels.cmp(&b.labels));
    let examples: Vec<Example> = rows.into_iter().filter_map(|it| Some(Example { label: it.labels.first()?.clone(), text: it.text })).collect();
    let bench = Bench::new();
    let mut all = Losses::default();
    for fold in 0..folds.min(FOLDS) {
        let is_test = |at: usize| at % FOLDS == fold;
        let part = |test: bool| examples.iter().enumerate().filter(move |it| is_test(it.0) == test).map(|it| it.1.clone());
        // The model reads what the lexicon makes of a text, in learning as in answering.
        let learned: Vec<Example> = part(false).map(|it| Example { text: bench.lexicon.rewrite(&it.text).text, label: it.label }).collect();
        let model = train(&learned, &Settings::default())?.model;
        for it in part(true) {
            bench.ask(&model, &it, &mut all, errors);
        }
    }
    report.mean("accuracy on all sentences, clean", &all.clean);
    all.seen.told(&mut report, "dialect-seen-drop", 0.02);
    all.unseen.told(&mut report, "dialect-unseen-drop", 0.08);
    all.misheard.told(&mut report, "homophone-drop", 0.05);
    all.nothing_given.told(&mut report, "dialect-seen-drop-without-lexicon", 1.0);
    report.bars.retain(|it| it.name != "dialect-seen-drop-without-lexicon");
    report.notes.append(&mut all.wrong);
    Ok(report)
}

#[derive(Default)]
struct Losses {
    clean: Vec<f64>,
    seen: Loss,
    unseen: Loss,
    misheard: Loss,
    /// The seen items, answered as if no lexicon were there: what it is worth.
    nothing_given: Loss,
    /// If asked for: what was perturbed, the sentence, as perturbed, as read, its label and the one found.
    wrong: Vec<String>,
}

struct Bench {
    lexicon: Lexicon,
    seen: Dialect,
    unseen: Dialect,
}

impl Bench {
    fn new() -> Self {
        let all = starter::entries();
        let (first, second) = (half(&all, Half::First), half(&all, Half::Second));
        Self { seen: Dialect::new(&first), unseen: Dialect::new(&second), lexicon: Lexicon::new(first) }
    }

    fn ask(&self, model: &Model, example: &Example, losses: &mut Losses, errors: bool) {
        let mut wrong = Vec::new();
        let guess = |text: &str| model.assess(text, None).best().map(|it| it.label.clone()).unwrap_or_default();
        let mut is_right = |text: &str, what: &str| {
            let read = self.lexicon.rewrite(text).text;
            let found = guess(&read);
            if errors && found != example.label && what != "clean" {
                wrong.push(format!("{what}\t{}\t{text}\t{read}\t{}\t{found}", example.text, example.label));
            }
            found == example.label
        };
        let clean = is_right(&example.text, "clean");
        losses.clean.push(f64::from(u8::from(clean)));
        if let Some(spoken) = self.seen.spoken(&example.text, SEED) {
            losses.seen.add(clean, is_right(&spoken, "seen"));
            losses.nothing_given.add(clean, guess(&spoken) == example.label);
        }
        if let Some(spoken) = self.unseen.spoken(&example.text, SEED) {
            losses.unseen.add(clean, is_right(&spoken, "unseen"));
        }
        let heard = misheard(&example.text, MISHEARD, SEED);
        losses.misheard.add(clean, is_right(&heard, "misheard"));
        losses.wrong.append(&mut wrong);
    }
}
