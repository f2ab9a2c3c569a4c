//! Logistic regression with a ridge penalty by Newton's method, for the weights that ship as constants.

use rapport_knowledge::Features;

const SIZE: usize = Features::COUNT + 1;

/// One weight a feature, and the bias last.
pub(crate) type Weights = [f64; SIZE];

/// An article that was looked at for a question, and whether it answers it.
#[derive(Clone, Copy)]
pub(crate) struct Sample {
    pub features: [f64; Features::COUNT],
    /// Takes from the confidence outside of the fit.
    pub worldly: bool,
    pub right: bool,
}

const STEPS: usize = 12;
/// Strength of the penalty on the weights, in samples.
const RIDGE: f64 = 3.0;

fn inputs(features: &[f64; Features::COUNT]) -> Weights {
    let mut inputs = [1.0; SIZE];
    inputs.iter_mut().zip(features).for_each(|(input, value)| *input = *value);
    inputs
}

/// As `Features::confidence` reckons it, with these weights.
pub(crate) fn probability(weights: &Weights, sample: &Sample) -> f64 {
    let guess = guess(weights, &sample.features);
    if sample.worldly { guess * f64::from(rapport_knowledge::WORLDLY) } else { guess }
}

fn guess(weights: &Weights, features: &[f64; Features::COUNT]) -> f64 {
    let sum: f64 = weights.iter().zip(inputs(features)).map(|(weight, value)| weight * value).sum();
    1.0 / (1.0 + (-sum).exp())
}

/// Source: iteratively reweighted least squares (Hastie, Tibshirani, Friedman, section 4.4.1).
pub(crate) fn fit<'a>(samples: impl Iterator<Item = &'a Sample> + Clone) -> Weights {
    let mut weights = [0.0; SIZE];
    for _ in 0..STEPS {
        let mut slope = [0.0; SIZE];
        let mut curve = [[0.0; SIZE]; SIZE];
        for sample in samples.clone() {
            let guess = guess(&weights, &sample.features);
            let error = guess - f64::from(u8::from(sample.right));
            let spread = (guess * (1.0 - guess)).max(1e-6);
            let values = inputs(&sample.features);
            for ((row, slope), value) in curve.iter_mut().zip(&mut slope).zip(&values) {
                *slope += error * value;
                row.iter_mut().zip(&values).for_each(|(cell, other)| *cell += spread * value * other);
            }
        }
        for (at, row) in curve.iter_mut().enumerate() {
            // The bias is free; a trace keeps the matrix regular.
            let ridge = if at < Features::COUNT { RIDGE } else { 1e-6 };
            if let (Some(cell), Some(slope), Some(weight)) = (row.get_mut(at), slope.get_mut(at), weights.get(at)) {
                *cell += ridge;
                *slope += ridge * weight;
            }
        }
        for (weight, step) in weights.iter_mut().zip(solved(curve, slope)) {
            *weight -= step;
        }
    }
    weights
}

/// The solution of a symmetric positive system by elimination: no pivots are needed.
fn solved(mut rows: [[f64; SIZE]; SIZE], mut right: Weights) -> Weights {
    for at in 0..SIZE {
        let (Some(row), Some(value)) = (rows.get(at).copied(), right.get(at).copied()) else { continue };
        let Some(pivot) = row.get(at) else { continue };
        for (nth, (other, other_right)) in rows.iter_mut().zip(&mut right).enumerate() {
            let factor = if nth == at { 0.0 } else { other.get(at).map_or(0.0, |it| it / pivot) };
            other.iter_mut().zip(&row).for_each(|(cell, base)| *cell -= factor * base);
            *other_right -= factor * value;
        }
    }
    for (at, value) in right.iter_mut().enumerate() {
        *value /= rows.get(at).and_then(|it| it.get(at)).copied().unwrap_or(1.0);
    }
    right
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_tells_right_from_wrong_gets_its_weight() {
        let sample = |value: f64, right: bool| {
            let mut features = [0.0; Features::COUNT];
            features[0] = value;
            Sample { features, worldly: false, right }
        };
        let samples: Vec<Sample> = (0..100).map(|it| sample(f64::from(it) / 100.0, it >= 50)).collect();
        let weights = fit(samples.iter());
        assert!(weights[0] > 2.0 && weights[1..Features::COUNT].iter().all(|it| it.abs() < 1e-9), "{weights:?}");
        let at = |value: f64| probability(&weights, &sample(value, true));
        assert!(at(0.1) < 0.3 && (at(0.5) - 0.5).abs() < 0.05 && at(0.9) > 0.7);
    }
}
