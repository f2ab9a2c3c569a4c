//! Mixes the views' scores into calibrated probabilities, with weights learned on examples held aside.

use crate::linear::{
    count,
    dense::log_softmax,
    lbfgs::{Stop, minimise},
};

/// One example's scores by every view. Shape: views × classes.
pub(super) type Scores = Vec<Vec<f32>>;

/// Weight of each view; the size of the weights is the temperature.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mix {
    pub weights: Vec<f32>,
}

/// Without anything held aside: a margin of 1 against the rest is right nine times in ten.
const UNTOLD: [f32; 3] = [4.0, 0.6, 0.3];

/// Examples that the usual weights count as.
const PULL: f32 = 3.0;

impl Mix {
    pub fn untold(views: usize) -> Self {
        Self { weights: (0..views).map(|at| UNTOLD.get(at).copied().unwrap_or(0.3)).collect() }
    }

    /// Least mean log loss on examples that the views did not learn from. Weights are never negative.
    pub fn fit(scores: &[Scores], labels: &[usize], views: usize) -> Self {
        if scores.len() < 8 || views == 0 {
            return Self::untold(views);
        }
        // As squares, so that no view counts against itself.
        let start: Vec<f32> = Self::untold(views).weights.into_iter().map(f32::sqrt).collect();
        // What a few examples say is drawn towards what is usual.
        let (usual, pull) = (start.clone(), PULL / count(scores.len()));
        let stop = Stop { steps_max: 60, gradient: 1e-5, progress: 1e-7 };
        let roots = minimise(start, stop, |roots, gradient| {
            let mix = Self { weights: roots.iter().map(|it| it * it).collect() };
            let (loss, slopes) = mix.loss(scores, labels);
            gradient.iter_mut().zip(slopes.iter().zip(roots).zip(&usual)).for_each(|(it, ((slope, root), usual))| *it = 2.0 * root * slope + 2.0 * pull * (root - usual));
            loss + f64::from(pull * roots.iter().zip(&usual).map(|(root, usual)| (root - usual) * (root - usual)).sum::<f32>())
        });
        Self { weights: roots.into_iter().map(|it| it * it).collect() }
    }

    /// Log probabilities. Shape: one a class.
    pub fn mixed(&self, scores: &[Vec<f32>]) -> Vec<f32> {
        let mut logits = self.logits(scores);
        log_softmax(&mut logits);
        logits
    }

    /// Before they are made to sum to one: their greatest says how much the text is like anything known.
    pub fn logits(&self, scores: &[Vec<f32>]) -> Vec<f32> {
        let classes = scores.first().map_or(0, Vec::len);
        let mut sums = vec![0.0; classes];
        for (view, weight) in scores.iter().zip(&self.weights) {
            sums.iter_mut().zip(view).for_each(|(sum, score)| *sum += weight * score);
        }
        sums
    }

    /// Mean log loss and its slope by each weight.
    fn loss(&self, scores: &[Scores], labels: &[usize]) -> (f64, Vec<f32>) {
        let mut slopes = vec![0.0_f32; self.weights.len()];
        let mut loss = 0.0_f64;
        let total = count(scores.len()).max(1.0);
        for (scores, label) in scores.iter().zip(labels) {
            let log_p = self.mixed(scores);
            loss -= f64::from(log_p.get(*label).copied().unwrap_or(-20.0).max(-20.0));
            for (slope, view) in slopes.iter_mut().zip(scores) {
                let expected: f32 = view.iter().zip(&log_p).map(|(score, log_p)| score * log_p.exp()).sum();
                *slope += (expected - view.get(*label).copied().unwrap_or(0.0)) / total;
            }
        }
        // A trace of a penalty keeps a perfect separation from running away.
        let penalty: f32 = self.weights.iter().map(|it| it * it).sum::<f32>() * 1e-4;
        slopes.iter_mut().zip(&self.weights).for_each(|(slope, weight)| *slope += 2e-4 * weight);
        (loss / f64::from(total) + f64::from(penalty), slopes)
    }

    /// Mean log loss alone.
    pub fn log_loss(&self, scores: &[Scores], labels: &[usize]) -> f64 {
        self.loss(scores, labels).0
    }
}

/// The class of the greatest value; the first of equals.
pub fn greatest(values: &[f32]) -> Option<usize> {
    let mut best: Option<(usize, f32)> = None;
    for (at, value) in values.iter().enumerate() {
        if best.is_none_or(|(_, so_far)| *value > so_far) {
            best = Some((at, *value));
        }
    }
    best.map(|it| it.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_of_noise_counts_for_little_and_overconfidence_is_cooled() {
        let mut order = crate::linear::Order::seeded(5);
        let mut noise = |size: f32| (count(order.below(1000)) / 500.0 - 1.0) * size;
        let (mut scores, mut labels) = (Vec::new(), Vec::new());
        for at in 0..400_usize {
            let label = at % 2;
            // Right in four of five, and far too sure.
            let sure = if at % 5 == 0 { -8.0 } else { 8.0 };
            let told = if label == 0 { vec![sure, 0.0] } else { vec![0.0, sure] };
            scores.push(vec![told, vec![noise(5.0), noise(5.0)]]);
            labels.push(label);
        }
        let mix = Mix::fit(&scores, &labels, 2);
        let p = mix.mixed(&scores[1]).iter().map(|it| it.exp()).fold(0.0, f32::max);
        assert!((p - 0.8).abs() < 0.06, "{p} {mix:?}");
        assert!(mix.weights[1] < 0.1, "{mix:?}");
    }
}
