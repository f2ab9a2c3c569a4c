//! Minimises a smooth function by limited-memory BFGS with backtracking.
//!
//! Source: Nocedal and Wright, "Numerical Optimization", algorithm 7.4 (two loops) and 3.1 (Armijo).

/// How many steps are remembered.
const MEMORY: usize = 10;
const ARMIJO: f64 = 1e-4;

#[derive(Clone, Copy, Debug)]
pub struct Stop {
    pub steps_max: usize,
    /// Stops when the gradient's greatest component is at most this.
    pub gradient: f64,
    /// Stops when a step improves the value by less than this share of it.
    pub progress: f64,
}

/// From `start`; `function` writes the gradient and gives the value.
pub fn minimise(start: Vec<f32>, stop: Stop, mut function: impl FnMut(&[f32], &mut [f32]) -> f64) -> Vec<f32> {
    let size = start.len();
    let mut at = start;
    let mut gradient = vec![0.0; size];
    let mut value = function(&at, &mut gradient);
    let mut memory: Vec<(Vec<f32>, Vec<f32>, f64)> = Vec::new();
    for _ in 0..stop.steps_max {
        if greatest(&gradient) <= stop.gradient {
            break;
        }
        let mut direction = descend(&gradient, &memory);
        let mut slope = dot(&direction, &gradient);
        if slope >= 0.0 {
            memory.clear();
            direction = gradient.iter().map(|it| -it).collect();
            slope = dot(&direction, &gradient);
        }
        let first = if memory.is_empty() { 1.0 / (1.0 + (-slope).sqrt()) } else { 1.0 };
        let Some((next, next_gradient, next_value)) = search(&at, &direction, (value, slope, first), &mut function) else { break };
        let step: Vec<f32> = next.iter().zip(&at).map(|(a, b)| a - b).collect();
        let change: Vec<f32> = next_gradient.iter().zip(&gradient).map(|(a, b)| a - b).collect();
        let curvature = dot(&step, &change);
        if curvature > 1e-12 {
            if memory.len() == MEMORY {
                memory.remove(0);
            }
            memory.push((step, change, curvature));
        }
        let progress = value - next_value;
        (at, gradient, value) = (next, next_gradient, next_value);
        if progress <= stop.progress * value.abs().max(1e-12) {
            break;
        }
    }
    at
}

/// Value, slope along the direction, and the first length that is tried.
type Along = (f64, f64, f64);

fn search(at: &[f32], direction: &[f32], (value, slope, first): Along, function: &mut impl FnMut(&[f32], &mut [f32]) -> f64) -> Option<(Vec<f32>, Vec<f32>, f64)> {
    let mut length = first;
    let mut gradient = vec![0.0; at.len()];
    for _ in 0..30 {
        let next: Vec<f32> = at.iter().zip(direction).map(|(a, d)| narrowed(f64::from(*a) + length * f64::from(*d))).collect();
        let there = function(&next, &mut gradient);
        if there <= value + ARMIJO * length * slope {
            return Some((next, gradient, there));
        }
        length *= 0.5;
    }
    None
}

/// The direction of descent that the remembered steps suggest.
fn descend(gradient: &[f32], memory: &[(Vec<f32>, Vec<f32>, f64)]) -> Vec<f32> {
    let mut q: Vec<f32> = gradient.iter().map(|it| -it).collect();
    let mut alphas = Vec::with_capacity(memory.len());
    for (step, change, curvature) in memory.iter().rev() {
        let alpha = dot(step, &q) / curvature;
        add(&mut q, change, -alpha);
        alphas.push(alpha);
    }
    if let Some((_, change, curvature)) = memory.last() {
        let scale = narrowed(curvature / dot(change, change).max(1e-30));
        q.iter_mut().for_each(|it| *it *= scale);
    }
    for ((step, change, curvature), alpha) in memory.iter().zip(alphas.into_iter().rev()) {
        let beta = dot(change, &q) / curvature;
        add(&mut q, step, alpha - beta);
    }
    q
}

fn add(to: &mut [f32], what: &[f32], times: f64) {
    let times = narrowed(times);
    to.iter_mut().zip(what).for_each(|(a, b)| *a += times * b);
}

/// Summed in blocks, so that single precision inside of one loses nothing that matters.
fn dot(a: &[f32], b: &[f32]) -> f64 {
    a.chunks(256).zip(b.chunks(256)).map(|(a, b)| f64::from(a.iter().zip(b).map(|(x, y)| x * y).sum::<f32>())).sum()
}

fn greatest(values: &[f32]) -> f64 {
    f64::from(values.iter().fold(0.0_f32, |so_far, it| so_far.max(it.abs())))
}

#[expect(clippy::cast_possible_truncation, reason = "single precision is what is stored")]
pub(crate) fn narrowed(value: f64) -> f32 {
    value as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bottom_of_a_narrow_valley_is_found() {
        // Rosenbrock's function, least at (1, 1).
        let bottom = minimise(vec![-1.2, 1.0], Stop { steps_max: 500, gradient: 1e-5, progress: 0.0 }, |at, gradient| {
            let (x, y) = (f64::from(at[0]), f64::from(at[1]));
            gradient[0] = narrowed(-400.0 * x * (y - x * x) - 2.0 * (1.0 - x));
            gradient[1] = narrowed(200.0 * (y - x * x));
            100.0 * (y - x * x).powi(2) + (1.0 - x).powi(2)
        });
        assert!((bottom[0] - 1.0).abs() < 0.02 && (bottom[1] - 1.0).abs() < 0.04, "{bottom:?}");
    }
}
