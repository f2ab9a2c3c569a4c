//! Multinomial logistic regression over dense vectors.

use ndarray::{Array1, Array2, ArrayView2, Axis};

use super::lbfgs::{Stop, minimise, narrowed};

/// Standardises and scores: `logits = ((x - mean) / spread) · weights + bias`.
#[derive(Clone, Debug, PartialEq)]
pub struct Head {
    /// One value a dimension.
    pub mean: Vec<f32>,
    /// One for all dimensions: they keep their proportions.
    pub spread: f32,
    /// Shape: dimensions × classes.
    pub weights: Array2<f32>,
    pub bias: Vec<f32>,
}

impl Head {
    /// Least of `cost · Σ loss + ½ |W|²`. Shape: `inputs` examples × dimensions; `labels` below `classes`, one an example.
    pub fn fit(inputs: &ArrayView2<'_, f32>, labels: &[usize], classes: usize, cost: f32) -> Self {
        let (examples, dimensions) = inputs.dim();
        let mean = inputs.mean_axis(Axis(0)).unwrap_or_else(|| Array1::zeros(dimensions));
        let mut centred = inputs.to_owned() - &mean;
        let size = super::count(centred.len()).max(1.0);
        let spread = (centred.iter().map(|it| it * it).sum::<f32>() / size).sqrt().max(1e-6);
        centred /= spread;
        let cut = dimensions * classes;
        let stop = Stop { steps_max: 80, gradient: 1e-3 * f64::from(cost) * f64::from(super::count(examples)).sqrt(), progress: 1e-4 };
        let found = minimise(vec![0.0; cut + classes], stop, |at, gradient| loss(&centred, labels, classes, cost, at, gradient));
        let (weights, bias) = found.split_at_checked(cut).unwrap_or((&[], &[]));
        let weights = Array2::from_shape_vec((dimensions, classes), weights.to_vec()).unwrap_or_else(|_| Array2::zeros((dimensions, classes)));
        Self { mean: mean.to_vec(), spread, weights, bias: bias.to_vec() }
    }

    /// Shape: one logit a class.
    pub fn logits(&self, input: &[f32]) -> Vec<f32> {
        let centred: Array1<f32> = input.iter().zip(&self.mean).map(|(value, mean)| (value - mean) / self.spread).collect();
        if centred.len() != self.weights.nrows() {
            return vec![0.0; self.bias.len()];
        }
        centred.dot(&self.weights).iter().zip(&self.bias).map(|(it, bias)| it + bias).collect()
    }

    /// Of many at once. Shape: examples × classes.
    pub fn logits_of(&self, inputs: &ArrayView2<'_, f32>) -> Array2<f32> {
        let mean = Array1::from_vec(self.mean.clone());
        let centred = (inputs.to_owned() - &mean) / self.spread;
        centred.dot(&self.weights) + &Array1::from_vec(self.bias.clone())
    }
}

fn loss(inputs: &Array2<f32>, labels: &[usize], classes: usize, cost: f32, at: &[f32], gradient: &mut [f32]) -> f64 {
    let dimensions = inputs.ncols();
    let (flat, bias) = at.split_at_checked(dimensions * classes).unwrap_or((&[], &[]));
    let Ok(weights) = ArrayView2::from_shape((dimensions, classes), flat) else { return 0.0 };
    let mut errors = inputs.dot(&weights);
    let mut total = 0.0;
    for (mut row, label) in errors.axis_iter_mut(Axis(0)).zip(labels) {
        row.iter_mut().zip(bias).for_each(|(it, bias)| *it += bias);
        let greatest = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let right = row.get(*label).copied().unwrap_or(0.0);
        row.mapv_inplace(|it| (it - greatest).exp());
        let sum = row.sum();
        total += f64::from(sum.ln() + greatest - right);
        row.mapv_inplace(|it| it / sum * cost);
        if let Some(it) = row.get_mut(*label) {
            *it -= cost;
        }
    }
    let of_weights = inputs.t().dot(&errors);
    let of_bias = errors.sum_axis(Axis(0));
    let (to_weights, to_bias) = gradient.split_at_mut_checked(dimensions * classes).unwrap_or((&mut [], &mut []));
    to_weights.iter_mut().zip(of_weights.iter().zip(flat)).for_each(|(it, (slope, weight))| *it = slope + weight);
    to_bias.iter_mut().zip(of_bias.iter()).for_each(|(it, slope)| *it = *slope);
    let penalty: f64 = flat.chunks(256).map(|it| f64::from(it.iter().map(|w| w * w).sum::<f32>())).sum();
    f64::from(cost) * total + 0.5 * penalty
}

/// Log of softmax, in place.
pub fn log_softmax(logits: &mut [f32]) {
    let greatest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let sum: f64 = logits.iter().map(|it| f64::from(it - greatest).exp()).sum();
    let whole = greatest + narrowed(sum.ln());
    logits.iter_mut().for_each(|it| *it -= whole);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_groups_are_told_apart() {
        let mut values = Vec::new();
        let mut labels = Vec::new();
        for at in 0..60_u8 {
            let group = usize::from(at % 3);
            let shift = f32::from(at % 7) * 0.05;
            values.extend(match group {
                0 => [1.0 + shift, 0.0, 0.1],
                1 => [0.0, 1.0 - shift, 0.1],
                _ => [0.0, shift, 1.0],
            });
            labels.push(group);
        }
        let inputs = Array2::from_shape_vec((60, 3), values).unwrap();
        let head = Head::fit(&inputs.view(), &labels, 3, 1.0);
        for (row, label) in inputs.axis_iter(Axis(0)).zip(&labels) {
            let logits = head.logits(&row.to_vec());
            let best = (0..3).max_by(|a, b| logits[*a].total_cmp(&logits[*b])).unwrap();
            assert_eq!(best, *label);
        }
    }
}
