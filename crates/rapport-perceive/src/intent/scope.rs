//! Whether a text is about anything that the model knows.

use super::metrics::quantile;
use crate::linear::count;

/// Share of the texts within scope that the threshold lets through.
pub(super) const KEPT: f32 = 0.95;

/// Signs of being known, each put on one scale by texts within scope that were held aside.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Scope {
    pub(crate) means: Vec<f32>,
    pub(crate) spreads: Vec<f32>,
    /// Below this sum a text is out of scope.
    pub(crate) threshold: f32,
}

impl Scope {
    /// `within`: signs of texts within scope; `beyond`: of texts that are known to be out of it, which move the threshold and nothing else.
    pub(super) fn fit(within: &[Vec<f32>], beyond: &[Vec<f32>]) -> Self {
        let size = within.first().map_or(0, Vec::len);
        let total = count(within.len()).max(1.0);
        let column = |at: usize| within.iter().map(move |it| it.get(at).copied().unwrap_or(0.0));
        let means: Vec<f32> = (0..size).map(|at| column(at).sum::<f32>() / total).collect();
        let spreads = means.iter().enumerate().map(|(at, mean)| (column(at).map(|it| (it - mean) * (it - mean)).sum::<f32>() / total).sqrt().max(1e-4)).collect();
        let mut it = Self { means, spreads, threshold: f32::NEG_INFINITY };
        if within.len() >= 20 {
            let kept: Vec<f32> = within.iter().map(|signs| it.score(signs)).collect();
            let strange: Vec<f32> = beyond.iter().map(|signs| it.score(signs)).collect();
            it.threshold = threshold(&kept, &strange);
        }
        it
    }

    /// The greater, the more known.
    pub(super) fn score(&self, signs: &[f32]) -> f32 {
        signs.iter().zip(self.means.iter().zip(&self.spreads)).map(|(it, (mean, spread))| (it - mean) / spread).sum()
    }
}

/// The share kept moves by a few hundredths where known strangers say that it pays.
fn threshold(within: &[f32], beyond: &[f32]) -> f32 {
    if beyond.len() < 10 {
        return quantile(within, 1.0 - KEPT);
    }
    let caught = |at: f32| count(beyond.iter().filter(|it| **it < at).count()) / count(beyond.len());
    let candidates = [0.03, 0.04, 0.05, 0.06, 0.07];
    let worth = |lost: &f32| caught(quantile(within, *lost)) - lost;
    let best = candidates.iter().copied().max_by(|a, b| worth(a).total_cmp(&worth(b))).unwrap_or(1.0 - KEPT);
    quantile(within, best)
}
