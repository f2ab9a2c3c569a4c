//! One-against-rest linear classifiers with squared hinge loss, by dual coordinate descent with shrinking.
//!
//! Source: Hsieh, Chang, Lin, Keerthi, Sundararajan, "A Dual Coordinate Descent Method for Large-scale Linear SVM" (ICML 2008), algorithm 3, L2-loss.

use super::{Order, sparse::Rows};

#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Cost of an example that is on the wrong side; the greater, the closer the fit.
    pub cost: f32,
    /// Stops when the projected gradients lie within this of each other.
    pub tolerance: f32,
    pub epochs_max: usize,
    pub seed: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self { cost: 1.0, tolerance: 0.1, epochs_max: 30, seed: 17 }
    }
}

/// Weights of one class and its bias.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plane {
    pub weights: Vec<f32>,
    pub bias: f32,
}

/// So many rows are visited in the order in which they lie, so that the next is on its way from memory while one is worked on. Callers mix the classes.
const RUN: usize = 16;

/// Separates the rows for which `positive` holds from the rest.
///
/// Shape: `positive` and `costs` have one value a row (`costs` multiply `Settings::cost`; empty means 1); weights have `columns` values.
pub fn separate(rows: &Rows, columns: usize, positive: &[bool], costs: &[f32], settings: &Settings) -> Plane {
    separate_from(rows, columns, positive, costs, &mut Vec::new(), settings)
}

/// As [`separate`], beginning from the duals of an earlier solution on some of the rows: where few rows are new, little is left to do. `duals` has one value
/// a row, 0 for new ones (empty: all are new), and holds those of this solution afterwards.
pub fn separate_from(rows: &Rows, columns: usize, positive: &[bool], costs: &[f32], duals: &mut Vec<f32>, settings: &Settings) -> Plane {
    let mut descent = Descent::begin(rows, columns, positive, costs, settings);
    descent.resume(duals);
    let mut order = Order::seeded(settings.seed);
    let mut active: Vec<usize> = (0..rows.len().min(positive.len())).collect();
    let all = active.len();
    let mut bounds = (f32::INFINITY, f32::NEG_INFINITY);
    for _ in 0..settings.epochs_max {
        order.shuffle_runs(&mut active, RUN);
        let seen = descent.epoch(&mut active, bounds);
        if seen.0 - seen.1 <= settings.tolerance {
            if active.len() == all {
                break;
            }
            // Shrinking may have been too bold: look at all of them again.
            active = (0..all).collect();
            bounds = (f32::INFINITY, f32::NEG_INFINITY);
        } else {
            bounds = (if seen.0 <= 0.0 { f32::INFINITY } else { seen.0 }, if seen.1 >= 0.0 { f32::NEG_INFINITY } else { seen.1 });
        }
    }
    *duals = descent.duals.iter().map(|it| it.alpha).collect();
    descent.plane
}

/// What is known of one row.
#[derive(Clone, Copy)]
struct Dual {
    sign: f32,
    alpha: f32,
    /// `1 / (2 C)` of this row.
    diagonal: f32,
    /// Its squared length, bias and diagonal included.
    curvature: f32,
}

struct Descent<'a> {
    rows: &'a Rows,
    plane: Plane,
    duals: Vec<Dual>,
}

impl<'a> Descent<'a> {
    fn begin(rows: &'a Rows, columns: usize, positive: &[bool], costs: &[f32], settings: &Settings) -> Self {
        let duals = positive.iter().enumerate().map(|(at, positive)| {
            let diagonal = 0.5 / (settings.cost * costs.get(at).copied().unwrap_or(1.0)).max(1e-6);
            let length: f32 = rows.row(at).1.iter().map(|it| it * it).sum();
            Dual { sign: if *positive { 1.0 } else { -1.0 }, alpha: 0.0, diagonal, curvature: length + 1.0 + diagonal }
        });
        Self { rows, plane: Plane { weights: vec![0.0; columns], bias: 0.0 }, duals: duals.collect() }
    }

    /// The plane that the duals stand for.
    fn resume(&mut self, duals: &[f32]) {
        for (at, (dual, alpha)) in self.duals.iter_mut().zip(duals).enumerate().filter(|it| *it.1.1 > 0.0) {
            dual.alpha = *alpha;
            let (columns, values) = self.rows.row(at);
            self.plane.add(columns, values, alpha * dual.sign);
        }
    }

    /// Goes through the active rows once; gives the greatest and least projected gradient that was met.
    fn epoch(&mut self, active: &mut Vec<usize>, (upper, lower): (f32, f32)) -> (f32, f32) {
        let (mut greatest, mut least) = (f32::NEG_INFINITY, f32::INFINITY);
        let plane = &mut self.plane;
        let (rows, duals) = (self.rows, &mut self.duals);
        active.retain(|at| {
            let Some(dual) = duals.get_mut(*at) else { return false };
            let (columns, values) = rows.row(*at);
            let gradient = dual.sign * plane.score(columns, values) - 1.0 + dual.alpha * dual.diagonal;
            let projected = if dual.alpha > 0.0 { gradient } else { gradient.min(0.0) };
            if dual.alpha <= 0.0 && gradient > upper {
                return false;
            }
            greatest = greatest.max(projected);
            least = least.min(projected);
            if projected.abs() > 1e-9 {
                let alpha = (dual.alpha - gradient / dual.curvature).max(0.0);
                let step = (alpha - dual.alpha) * dual.sign;
                dual.alpha = alpha;
                plane.add(columns, values, step);
            }
            true
        });
        let _ = lower;
        (greatest.max(least), least.min(greatest))
    }
}

const LANES: usize = 8;

impl Plane {
    fn score(&self, columns: &[u32], values: &[f32]) -> f32 {
        // In lanes: one sum after the other would wait for each addition.
        let term = |column: &u32, value: &f32| self.weights.get(*column as usize).map_or(0.0, |it| it * value);
        let (column_lanes, columns) = columns.as_chunks::<LANES>();
        let (value_lanes, values) = values.as_chunks::<LANES>();
        let mut sums = [0.0_f32; LANES];
        for (columns, values) in column_lanes.iter().zip(value_lanes) {
            for ((sum, column), value) in sums.iter_mut().zip(columns).zip(values) {
                *sum += term(column, value);
            }
        }
        let rest: f32 = columns.iter().zip(values).map(|(column, value)| term(column, value)).sum();
        sums.iter().sum::<f32>() + rest + self.bias
    }

    fn add(&mut self, columns: &[u32], values: &[f32], step: f32) {
        for (column, value) in columns.iter().zip(values) {
            if let Some(weight) = self.weights.get_mut(*column as usize) {
                *weight += step * value;
            }
        }
        self.bias += step;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::linear::sparse::Sparse;

    #[test]
    fn a_line_between_two_groups_is_found() {
        let row = |x: f32, y: f32| Sparse { columns: vec![0, 1], values: vec![x, y] };
        let points = [row(1.0, 0.2), row(0.9, 0.1), row(1.2, 0.0), row(0.1, 1.0), row(0.0, 0.8), row(0.2, 1.1)];
        let positive = [true, true, true, false, false, false];
        let rows = Rows::of(&points);
        let plane = separate(&rows, 2, &positive, &[], &Settings { tolerance: 0.001, epochs_max: 500, ..Settings::default() });
        for (at, positive) in positive.iter().enumerate() {
            let (columns, values) = rows.row(at);
            assert_eq!(plane.score(columns, values) > 0.0, *positive, "{plane:?}");
        }
        assert!((plane.weights[0] + plane.weights[1]).abs() < 0.2, "{plane:?}");
    }

    #[test]
    fn the_same_line_is_found_from_an_earlier_one() {
        let row = |n: f32| Sparse { columns: vec![0, 1], values: vec![n.sin() + if n > 20.0 { 0.8 } else { -0.8 }, n.cos()] };
        let points: Vec<Sparse> = (0_u8..40).map(|it| row(f32::from(it))).collect();
        let positive: Vec<bool> = (0..40).map(|it| it > 20).collect();
        let settings = Settings { tolerance: 0.0005, epochs_max: 5_000, ..Settings::default() };
        let rows = Rows::of(&points);
        let anew = separate(&rows, 2, &positive, &[], &settings);
        // Learned without every fifth row, and then with all.
        let some: Vec<usize> = (0..40).filter(|it| it % 5 != 0).collect();
        let pick = |all: &[bool]| some.iter().map(|at| all[*at]).collect::<Vec<_>>();
        let mut duals = Vec::new();
        separate_from(&Rows::of(some.iter().map(|at| &points[*at])), 2, &pick(&positive), &[], &mut duals, &settings);
        let mut start = vec![0.0; 40];
        some.iter().zip(&duals).for_each(|(at, dual)| start[*at] = *dual);
        let resumed = separate_from(&rows, 2, &positive, &[], &mut start, &settings);
        for (a, b) in anew.weights.iter().chain([&anew.bias]).zip(resumed.weights.iter().chain([&resumed.bias])) {
            assert!((a - b).abs() < 0.01, "{anew:?} {resumed:?}");
        }
        assert!(start.iter().any(|it| *it > 0.0), "they are left for the next");
    }
}
