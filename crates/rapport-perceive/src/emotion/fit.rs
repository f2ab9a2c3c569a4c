//! Fitting of the heads: one label against the rest, several states against each other, and probabilities of scores.

use crate::linear::{
    count,
    hinge::{Settings, separate},
    lbfgs::{Stop, minimise},
    sparse::{Rows, Sparse},
};

use super::grams::Row;

/// What a fit may cost and how it is held back.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fit {
    /// Cost of an error of a positive and of a negative example.
    pub(super) cost: (f32, f32),
    pub(super) epochs: usize,
}

/// Weights of one label against the rest, the bias last. Shape: `size` weights and a bias.
pub(super) fn against_rest(rows: &[Row], positive: &[bool], size: usize, fit: Fit) -> Vec<f32> {
    let sparse: Vec<Sparse> = rows.iter().map(|row| Sparse { columns: row.iter().map(|it| it.0).collect(), values: row.iter().map(|it| it.1).collect() }).collect();
    let costs: Vec<f32> = positive.iter().map(|it| if *it { fit.cost.0 } else { fit.cost.1 }).collect();
    let settings = Settings { cost: 1.0, epochs_max: fit.epochs, ..Settings::default() };
    let plane = separate(&Rows::of(&sparse), size, positive, &costs, &settings);
    let mut weights = plane.weights;
    weights.push(plane.bias);
    weights
}

/// `w·x + b`, the bias being the last weight.
pub(super) fn score(weights: &[f32], row: &Row) -> f32 {
    row.iter().filter_map(|(at, value)| Some(weights.get(usize::try_from(*at).ok()?)? * value)).sum::<f32>() + weights.last().copied().unwrap_or_default()
}

fn add(weights: &mut [f32], row: &Row, step: f32) {
    for (at, value) in row {
        if let Some(weight) = usize::try_from(*at).ok().and_then(|it| weights.get_mut(it)) {
            *weight += step * value;
        }
    }
    if let Some(bias) = weights.last_mut() {
        *bias += step;
    }
}

/// Multinomial logistic regression with a ridge.
///
/// Shape: a vector of `size` weights and a bias for each of `classes`; `penalty` is of the weights, per example; the bias goes free.
/// `counts` of the examples weigh them.
pub(super) fn softmax(rows: &[Row], class: &[usize], counts: &[f32], classes: usize, size: usize, penalty: f32) -> Vec<Vec<f32>> {
    let total: f32 = counts.iter().sum::<f32>().max(1.0);
    let stop = Stop { steps_max: 200, gradient: 1e-5, progress: 1e-7 };
    let value = |at: &[f32], gradient: &mut [f32]| -> f64 {
        gradient.fill(0.0);
        let mut loss = 0.0_f64;
        for ((row, class), count) in rows.iter().zip(class).zip(counts) {
            let p = probabilities(&at.chunks(size + 1).map(|it| score(it, row)).collect::<Vec<_>>());
            for (label, (gradient, p)) in gradient.chunks_mut(size + 1).zip(p).enumerate() {
                let own = label == *class;
                if own {
                    loss -= f64::from(count / total) * f64::from(p.max(1e-12)).ln();
                }
                add(gradient, row, (p - f32::from(u8::from(own))) * count / total);
            }
        }
        for (at, gradient) in at.chunks(size + 1).zip(gradient.chunks_mut(size + 1)) {
            for (at, gradient) in at.iter().zip(gradient).take(size) {
                *gradient += penalty * at;
                loss += 0.5 * f64::from(penalty * at * at);
            }
        }
        loss
    };
    minimise(vec![0.0; classes * (size + 1)], stop, value).chunks(size + 1).map(<[f32]>::to_vec).collect()
}

pub(super) fn probabilities(scores: &[f32]) -> Vec<f32> {
    let most = scores.iter().copied().fold(f32::MIN, f32::max);
    let raised: Vec<f32> = scores.iter().map(|it| (it - most).exp()).collect();
    let sum: f32 = raised.iter().sum();
    raised.into_iter().map(|it| it / sum).collect()
}

/// Slope and offset that make probabilities of scores: `1 / (1 + exp(-(a s + b)))`.
/// Source: Platt (1999), with the targets of Lin, Lin and Weng (2007), by Newton's method.
pub(super) fn platt(scores: &[f32], positive: &[bool]) -> (f32, f32) {
    let yes = f64::from(count(positive.iter().filter(|it| **it).count()));
    let no = f64::from(count(positive.len())) - yes;
    let (high, low) = ((yes + 1.0) / (yes + 2.0), 1.0 / (no + 2.0));
    let target = |positive: bool| if positive { high } else { low };
    let loss = |a: f64, b: f64| -> f64 {
        let one = |(score, positive): (&f32, &bool)| {
            let it = a * f64::from(*score) + b;
            it.max(0.0) + (-it.abs()).exp().ln_1p() - target(*positive) * it
        };
        scores.iter().zip(positive).map(one).sum()
    };
    let (mut a, mut b) = (0.0_f64, ((yes + 1.0) / (no + 1.0)).ln());
    let mut now = loss(a, b);
    for _ in 0..100 {
        let (mut ga, mut gb, mut haa, mut hab, mut hbb) = (0.0, 0.0, 1e-9, 0.0, 1e-9);
        for (score, positive) in scores.iter().zip(positive) {
            let score = f64::from(*score);
            let p = 1.0 / (1.0 + (-(a * score + b)).exp());
            let error = p - target(*positive);
            let curve = (p * (1.0 - p)).max(1e-12);
            ga += error * score;
            gb += error;
            haa += curve * score * score;
            hab += curve * score;
            hbb += curve;
        }
        let determinant = (haa * hbb - hab * hab).max(1e-12);
        let (da, db) = ((hbb * ga - hab * gb) / determinant, (haa * gb - hab * ga) / determinant);
        // A full step may overshoot where positives are rare: halved until it helps.
        let step = (0..20).map(|it| 0.5_f64.powi(it)).find(|it| loss(a - it * da, b - it * db) < now - 1e-12);
        let Some(step) = step else { break };
        (a, b) = (a - step * da, b - step * db);
        now = loss(a, b);
    }
    (narrow(a), narrow(b))
}

#[expect(clippy::cast_possible_truncation, reason = "stored as f32")]
fn narrow(value: f64) -> f32 {
    value.clamp(-1e6, 1e6) as f32
}

#[cfg(test)]
mod tests {
    use super::{Fit, Row, against_rest, platt, probabilities, score, softmax};

    #[test]
    fn a_separable_set_is_learned() {
        let rows: Vec<Row> = vec![vec![(0, 1.0)], vec![(0, 0.8), (2, 0.1)], vec![(1, 1.0)], vec![(1, 0.9), (2, 0.2)]];
        let weights = against_rest(&rows, &[true, true, false, false], 3, Fit { cost: (1.0, 1.0), epochs: 50 });
        assert!(score(&weights, &rows[0]) > 0.3 && score(&weights, &rows[3]) < -0.3, "{weights:?}");
        let weights = softmax(&rows, &[0, 0, 1, 1], &[1.0; 4], 2, 3, 0.001);
        let p = probabilities(&weights.iter().map(|it| score(it, &rows[1])).collect::<Vec<_>>());
        assert!(p[0] > 0.9, "{p:?}");
    }

    #[test]
    fn probabilities_are_brought_to_frequencies() {
        // Of scores of 1, three of four are positive; of scores of -1, one of four.
        let scores = [1.0_f32, 1.0, 1.0, 1.0, -1.0, -1.0, -1.0, -1.0].repeat(100);
        let positive = [true, true, true, false, true, false, false, false].repeat(100);
        let (a, b) = platt(&scores, &positive);
        let p = |score: f32| 1.0 / (1.0 + (-(a * score + b)).exp());
        assert!((p(1.0) - 0.75).abs() < 0.01 && (p(-1.0) - 0.25).abs() < 0.01);
        // One positive in a thousand, far out.
        let scores: Vec<f32> = (0..1000).map(|it| if it == 0 { 1.0 } else { -1.0 - f32::from(u8::try_from(it % 7).unwrap()) / 10.0 }).collect();
        let (a, b) = platt(&scores, &(0..1000).map(|it| it == 0).collect::<Vec<_>>());
        assert!(a > 0.0 && 1.0 / (1.0 + (-(a + b)).exp()) > 0.4, "{a} {b}");
    }
}
