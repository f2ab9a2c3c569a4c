//! Trains a labeller on some texts, or takes what ships, predicts others, and gives the figures.

use super::{
    label::{Labeller, Shipped},
    model::Damaged,
    text::{Reader, SHIPPED},
};
use crate::{
    dataset::Labelled,
    intent::{Encode, Figures, metrics::calibration_error},
    linear::count,
};

/// Accuracy is the share of texts whose labels were given exactly; the label `oos` means nothing here. `seconds` is the caller's clock.
pub fn evaluate(learn: &[Labelled], test: &[Labelled], only_shipped: bool, encoder: Option<&dyn Encode>, seconds: &mut dyn FnMut() -> f64) -> Result<Figures, Damaged> {
    let begun = seconds();
    let reader = Reader::shipped()?;
    let examples: Vec<(String, Vec<String>)> = learn.iter().map(|it| (it.text.clone(), it.labels.clone())).collect();
    if only_shipped {
        let mut labels: Vec<String> = learn.iter().chain(test).flat_map(|it| it.labels.iter().cloned()).collect();
        labels.sort();
        labels.dedup();
        let shipped = Shipped::new(&reader, &labels);
        let train_s = seconds() - begun;
        return Ok(figures(&labels, test, train_s, SHIPPED.len(), seconds, |text| vec![shipped.predict(text)]));
    }
    let labeller = Labeller::train_with(&examples, encoder);
    let train_s = seconds() - begun;
    let bytes = labeller.write()?.len() + labeller.meaning_bytes();
    Ok(figures(labeller.labels(), test, train_s, bytes, seconds, |text| labeller.predict_with(text, encoder)))
}

fn figures(labels: &[String], test: &[Labelled], train_s: f64, model_bytes: usize, seconds: &mut dyn FnMut() -> f64, predict: impl Fn(&str) -> Vec<rapport_model::Evidence>) -> Figures {
    let mut names: Vec<&str> = labels.iter().map(String::as_str).chain(test.iter().flat_map(|it| it.labels.iter().map(String::as_str))).collect();
    names.sort_unstable();
    names.dedup();
    let mut counts = vec![(0_usize, 0_usize, 0_usize); names.len()];
    let (mut took, mut sure, mut right) = (Vec::new(), Vec::new(), Vec::new());
    for it in test {
        let begun = seconds();
        let said = predict(&it.text);
        took.push((seconds() - begun) * 1e6);
        if let Some(first) = said.first() {
            sure.push((first.p, it.labels.contains(&first.label)));
        }
        let mut given: Vec<&str> = said.iter().map(|it| it.label.as_str()).collect();
        let mut wanted: Vec<&str> = it.labels.iter().map(String::as_str).collect();
        given.sort_unstable();
        wanted.sort_unstable();
        right.push(given == wanted);
        for (name, tally) in names.iter().zip(&mut counts) {
            let (given, wanted) = (given.contains(name), wanted.contains(name));
            *tally = (tally.0 + usize::from(given && wanted), tally.1 + usize::from(given), tally.2 + usize::from(wanted));
        }
    }
    let f1 = |(hits, given, wanted): (usize, usize, usize)| if given + wanted == 0 { None } else { Some(2.0 * count(hits) / count(given + wanted)) };
    let each: Vec<f32> = counts.iter().filter_map(|it| f1(*it)).collect();
    let sum = counts.iter().fold((0, 0, 0), |a, b| (a.0 + b.0, a.1 + b.1, a.2 + b.2));
    took.sort_by(f64::total_cmp);
    let at = |share: usize| took.get(took.len().saturating_sub(1) * share / 100).copied().unwrap_or(0.0);
    let accuracy = count(right.iter().filter(|it| **it).count()) / count(right.len()).max(1.0);
    Figures {
        accuracy,
        in_scope_accuracy: accuracy,
        macro_f1: each.iter().sum::<f32>() / count(each.len()).max(1.0),
        micro_f1: f1(sum).unwrap_or(0.0),
        oos_auroc: None,
        oos_recall_at_95: None,
        ece: calibration_error(&sure),
        train_s,
        predict_p50_us: at(50),
        predict_p99_us: at(99),
        model_bytes,
        right,
    }
}
