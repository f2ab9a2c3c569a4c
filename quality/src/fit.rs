//! Logistic regression with ridge penalty by plain gradient descent, for the weights that ship as constants.

use rapport_knowledge::Features;

pub(crate) type Weights = ([f64; Features::COUNT], f64);

/// A question: its features and whether the best article answers it.
#[derive(Clone, Copy)]
pub(crate) struct Sample {
    pub features: [f64; Features::COUNT],
    pub right: bool,
}

const STEPS: usize = 6_000;
const RATE: f64 = 0.5;
/// Strength of the penalty on the weights, a sample.
const RIDGE: f64 = 0.004;

pub(crate) fn probability(weights: &Weights, features: &[f64; Features::COUNT]) -> f64 {
    let sum: f64 = weights.0.iter().zip(features).map(|(weight, value)| weight * value).sum();
    1.0 / (1.0 + (-(sum + weights.1)).exp())
}

pub(crate) fn fit(samples: &[Sample]) -> Weights {
    let mut weights: Weights = ([0.0; Features::COUNT], 0.0);
    let count = f64::from(u32::try_from(samples.len()).unwrap_or(u32::MAX)).max(1.0);
    for _ in 0..STEPS {
        let mut slope: Weights = ([0.0; Features::COUNT], 0.0);
        for sample in samples {
            let error = probability(&weights, &sample.features) - f64::from(u8::from(sample.right));
            for (slope, value) in slope.0.iter_mut().zip(&sample.features) {
                *slope += error * value;
            }
            slope.1 += error;
        }
        for (weight, slope) in weights.0.iter_mut().zip(&slope.0) {
            *weight -= RATE * (slope / count + RIDGE * *weight);
        }
        weights.1 -= RATE * slope.1 / count;
    }
    weights
}
