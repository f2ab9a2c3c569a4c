//! Training of the linear heads: one label against the rest by dual coordinate descent, and several states against each other by softmax.

use super::grams::Row;

/// What a fit may cost and how it is held back.
#[derive(Clone, Copy, Debug)]
pub struct Fit {
    /// Cost of an error of a positive and of a negative example.
    pub cost: (f32, f32),
    pub epochs: usize,
}

/// Weights of one label against the rest, the bias last: L2-regularised squared hinge.
///
/// Shape: `size` weights and a bias. Deterministic: the order of examples is shuffled from a fixed seed.
/// Source: Hsieh et al., "A dual coordinate descent method for large-scale linear SVM" (2008), algorithm 1.
pub fn against_rest(rows: &[Row], positive: &[bool], size: usize, fit: Fit) -> Vec<f32> {
    let mut weights = vec![0.0_f32; size + 1];
    let mut alpha = vec![0.0_f32; rows.len()];
    let squares: Vec<f32> = rows.iter().map(|row| 1.0 + row.iter().map(|it| it.1 * it.1).sum::<f32>()).collect();
    let mut order: Vec<usize> = (0..rows.len()).collect();
    let mut random = Random(0x5eed);
    for _ in 0..fit.epochs {
        random.shuffle(&mut order);
        let mut worst = 0.0_f32;
        for at in &order {
            let (Some(row), Some(alpha), Some(square), Some(positive)) = (rows.get(*at), alpha.get_mut(*at), squares.get(*at), positive.get(*at)) else { continue };
            let (sign, cost) = if *positive { (1.0, fit.cost.0) } else { (-1.0, fit.cost.1) };
            let diagonal = 0.5 / cost;
            let gradient = sign * score(&weights, row) - 1.0 + diagonal * *alpha;
            let projected = if *alpha <= 0.0 { gradient.min(0.0) } else { gradient };
            worst = worst.max(projected.abs());
            if projected.abs() < 1e-6 {
                continue;
            }
            let next = (*alpha - gradient / (square + diagonal)).max(0.0);
            let step = (next - *alpha) * sign;
            *alpha = next;
            add(&mut weights, row, step);
        }
        if worst < 0.05 {
            break;
        }
    }
    weights
}

/// `w·x + b`, the bias being the last weight.
pub fn score(weights: &[f32], row: &Row) -> f32 {
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

/// Multinomial logistic regression with a ridge, by Nesterov's accelerated gradient.
///
/// Shape: a vector of `size` weights and a bias for each of `classes`; `penalty` is of the weights, per example; the bias goes free.
/// `weights` of the examples count them more or less. Source: Nesterov (1983) as in Beck and Teboulle, "FISTA" (2009).
pub fn softmax(rows: &[Row], class: &[usize], counts: &[f32], classes: usize, size: usize, penalty: f32) -> Vec<Vec<f32>> {
    let mut now = vec![vec![0.0_f32; size + 1]; classes];
    let mut ahead = now.clone();
    let total: f32 = counts.iter().sum::<f32>().max(1.0);
    let longest = rows.iter().map(|row| 1.0 + row.iter().map(|it| it.1 * it.1).sum::<f32>()).fold(1.0_f32, f32::max);
    let rate = 1.0 / (0.5 * longest + penalty);
    let mut momentum = 1.0_f32;
    for _ in 0..STEPS {
        let mut gradient = vec![vec![0.0_f32; size + 1]; classes];
        for ((row, class), count) in rows.iter().zip(class).zip(counts) {
            let p = probabilities(&ahead.iter().map(|it| score(it, row)).collect::<Vec<_>>());
            for (label, (gradient, p)) in gradient.iter_mut().zip(p).enumerate() {
                let error = p - f32::from(u8::from(label == *class));
                add(gradient, row, error * count / total);
            }
        }
        let next_momentum = f32::midpoint(1.0, (1.0 + 4.0 * momentum * momentum).sqrt());
        let pull = (momentum - 1.0) / next_momentum;
        momentum = next_momentum;
        for ((now, ahead), gradient) in now.iter_mut().zip(&mut ahead).zip(&gradient) {
            for (at, ((now, ahead), gradient)) in now.iter_mut().zip(ahead.iter_mut()).zip(gradient).enumerate() {
                let ridge = if at == size { 0.0 } else { penalty * *ahead };
                let next = *ahead - rate * (gradient + ridge);
                *ahead = next + pull * (next - *now);
                *now = next;
            }
        }
    }
    now
}

const STEPS: usize = 250;

pub fn probabilities(scores: &[f32]) -> Vec<f32> {
    let most = scores.iter().copied().fold(f32::MIN, f32::max);
    let raised: Vec<f32> = scores.iter().map(|it| (it - most).exp()).collect();
    let sum: f32 = raised.iter().sum();
    raised.into_iter().map(|it| it / sum).collect()
}

/// Slope and offset that make probabilities of scores: `1 / (1 + exp(-(a s + b)))`.
/// Source: Platt (1999), with the targets of Lin, Lin and Weng (2007), by Newton's method.
pub fn platt(scores: &[f32], positive: &[bool]) -> (f32, f32) {
    let yes = f64::from(u32::try_from(positive.iter().filter(|it| **it).count()).unwrap_or(u32::MAX));
    let no = f64::from(u32::try_from(positive.len()).unwrap_or(u32::MAX)) - yes;
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

/// SplitMix64. Source: Steele, Lea and Flood (2014).
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut it = self.0;
        it = (it ^ (it >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        it = (it ^ (it >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        it ^ (it >> 31)
    }

    pub fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(limit.max(1)).unwrap_or(1)).unwrap_or_default()
    }

    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            items.swap(at, self.below(at + 1));
        }
    }
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
