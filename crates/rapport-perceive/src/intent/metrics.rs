//! Figures of a classifier: accuracy, F1, calibration, ranking of out-of-scope texts.

use crate::linear::count;

/// Mean of F1 over classes, and F1 over all decisions. Shape: one label a text; `None` is no answer.
pub fn f1(truth: &[usize], said: &[Option<usize>], classes: usize) -> (f32, f32) {
    let mut hits = vec![0_usize; classes];
    let (mut wanted, mut given) = (vec![0_usize; classes], vec![0_usize; classes]);
    let bump = |counts: &mut Vec<usize>, at: usize| {
        if let Some(it) = counts.get_mut(at) {
            *it += 1;
        }
    };
    for (truth, said) in truth.iter().zip(said) {
        bump(&mut wanted, *truth);
        if let Some(said) = said {
            bump(&mut given, *said);
            if said == truth {
                bump(&mut hits, *said);
            }
        }
    }
    let score = |hits: usize, wanted: usize, given: usize| if wanted + given == 0 { None } else { Some(2.0 * count(hits) / count(wanted + given)) };
    let scores: Vec<f32> = hits.iter().zip(wanted.iter().zip(&given)).filter_map(|(hits, (wanted, given))| score(*hits, *wanted, *given)).collect();
    let macro_f1 = scores.iter().sum::<f32>() / count(scores.len()).max(1.0);
    let micro_f1 = score(hits.iter().sum(), wanted.iter().sum(), given.iter().sum()).unwrap_or(0.0);
    (macro_f1, micro_f1)
}

/// Expected calibration error over 15 equal bins. Source: Guo et al., "On Calibration of Modern Neural Networks" (ICML 2017), equation 3.
pub fn calibration_error(said: &[(f32, bool)]) -> f32 {
    const BINS: usize = 15;
    let mut bins = [(0_usize, 0.0_f32, 0_usize); BINS];
    for (p, right) in said {
        let mut bin = 0;
        while bin + 1 < BINS && *p > count(bin + 1) / count(BINS) {
            bin += 1;
        }
        if let Some(it) = bins.get_mut(bin) {
            *it = (it.0 + 1, it.1 + p, it.2 + usize::from(*right));
        }
    }
    let total = count(said.len()).max(1.0);
    bins.iter().map(|(seen, sum, right)| (sum - count(*right)).abs() * f32::from(u8::from(*seen > 0)) / total).sum()
}

/// Chance that one of `high` ranks above one of `low`; ties count half. Source: Mann-Whitney U over the sizes.
pub fn auroc(high: &[f32], low: &[f32]) -> f32 {
    let mut all: Vec<(f32, bool)> = high.iter().map(|it| (*it, true)).chain(low.iter().map(|it| (*it, false))).collect();
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut below, mut sum) = (0_usize, 0.0_f64);
    for tie in all.chunk_by(|a, b| a.0.total_cmp(&b.0).is_eq()) {
        let highs = tie.iter().filter(|it| it.1).count();
        let lows = tie.len() - highs;
        sum += f64::from(count(highs)) * (f64::from(count(below)) + 0.5 * f64::from(count(lows)));
        below += lows;
    }
    let pairs = f64::from(count(high.len())) * f64::from(count(low.len()));
    if pairs > 0.0 { crate::linear::lbfgs::narrowed(sum / pairs) } else { 0.0 }
}

/// The value below which `share` of them lie.
pub fn quantile(values: &[f32], share: f32) -> f32 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f32::total_cmp);
    let wanted = share * count(sorted.len().saturating_sub(1));
    let mut at = 0;
    while count(at + 1) <= wanted {
        at += 1;
    }
    sorted.get(at).copied().unwrap_or(f32::NEG_INFINITY)
}

/// Share of `low` under the threshold that keeps `kept` of `high`.
pub fn recall_at(high: &[f32], low: &[f32], kept: f32) -> f32 {
    let threshold = quantile(high, 1.0 - kept);
    count(low.iter().filter(|it| **it < threshold).count()) / count(low.len()).max(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: f32, b: f32) {
        assert!((a - b).abs() < 1e-4, "{a} is not {b}");
    }

    #[test]
    fn known_values() {
        let (macro_f1, micro_f1) = f1(&[0, 0, 1, 2], &[Some(0), Some(1), Some(1), None], 3);
        near(macro_f1, (2.0 / 3.0 + 2.0 / 3.0) / 3.0);
        near(micro_f1, 4.0 / 7.0);
        near(auroc(&[3.0, 2.0], &[1.0, 2.0]), 0.875);
        near(calibration_error(&[(0.9, true), (0.9, false)]), 0.4);
        near(recall_at(&[1.0, 2.0, 3.0, 4.0], &[0.0, 0.5, 5.0], 1.0), 2.0 / 3.0);
        near(quantile(&[4.0, 1.0, 3.0, 2.0, 5.0], 0.5), 3.0);
    }
}
