//! Trains on some examples, predicts others, and gives the figures.

use super::{
    metrics::{auroc, calibration_error, f1, recall_at},
    train::{Example, OUT_OF_SCOPE, Settings, TrainError, train},
};
use crate::{dataset::Labelled, linear::count};

/// Figures of a run, named as `rapport eval` prints them. `None`: there was nothing to measure it with.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Figures {
    /// Of all texts. Where the set has texts out of scope, abstaining on them is right and on others wrong.
    pub accuracy: f32,
    /// Of texts within scope, whatever the threshold says.
    pub in_scope_accuracy: f32,
    pub macro_f1: f32,
    pub micro_f1: f32,
    pub oos_auroc: Option<f32>,
    pub oos_recall_at_95: Option<f32>,
    pub ece: f32,
    pub train_s: f64,
    pub predict_p50_us: f64,
    pub predict_p99_us: f64,
    pub model_bytes: usize,
    /// One a text within scope: whether it was right. For intervals.
    pub right: Vec<bool>,
}

/// The labels count as the first of each text; the label `oos` is out of scope.
pub fn evaluate(learn: &[Labelled], test: &[Labelled], settings: &Settings<'_>, seconds: &mut dyn FnMut() -> f64) -> Result<Figures, TrainError> {
    let first = |it: &Labelled| Example { text: it.text.clone(), label: it.labels.first().cloned().unwrap_or_default() };
    let learn: Vec<Example> = learn.iter().map(first).collect();
    let test: Vec<Example> = test.iter().map(first).collect();
    let begun = seconds();
    let model = train(&learn, settings)?.model;
    let train_s = seconds() - begun;
    let has_strangers = learn.iter().chain(&test).any(|it| it.label == OUT_OF_SCOPE);
    let mut took = Vec::with_capacity(test.len());
    let (mut truth, mut said) = (Vec::new(), Vec::new());
    let (mut within, mut beyond) = (Vec::new(), Vec::new());
    let (mut sure, mut right) = (Vec::new(), Vec::new());
    let mut all_right = 0_usize;
    let strange = model.labels().len();
    for it in &test {
        let begun = seconds();
        let (guess, p, scope, abstained) = model.guess(&it.text, settings.encoder);
        took.push((seconds() - begun) * 1e6);
        let label = model.labels().iter().position(|label| *label == it.label);
        if it.label == OUT_OF_SCOPE {
            beyond.push(scope);
            all_right += usize::from(abstained);
            continue;
        }
        within.push(scope);
        let is_right = label == Some(guess);
        sure.push((p, is_right));
        right.push(is_right);
        all_right += usize::from(is_right && !(has_strangers && abstained));
        truth.push(label.unwrap_or(strange));
        said.push(Some(guess));
    }
    let (macro_f1, micro_f1) = f1(&truth, &said, strange + 1);
    took.sort_by(f64::total_cmp);
    let at = |share: usize| took.get(took.len().saturating_sub(1) * share / 100).copied().unwrap_or(0.0);
    let ranked = !beyond.is_empty() && !within.is_empty();
    Ok(Figures {
        accuracy: count(all_right) / count(test.len()).max(1.0),
        in_scope_accuracy: count(right.iter().filter(|it| **it).count()) / count(right.len()).max(1.0),
        macro_f1,
        micro_f1,
        oos_auroc: ranked.then(|| auroc(&within, &beyond)),
        oos_recall_at_95: ranked.then(|| recall_at(&within, &beyond, 0.95)),
        ece: calibration_error(&sure),
        train_s,
        predict_p50_us: at(50),
        predict_p99_us: at(99),
        model_bytes: model.to_bytes().len(),
        right,
    })
}
