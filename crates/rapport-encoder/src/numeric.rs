//! Elementary functions and sums over slices, written so that compilers turn them into vector instructions without changing a bit of the result.

/// Sums run in this many lanes on every processor, so that they are the same on every processor.
pub(crate) const LANES: usize = 16;

/// 1.5 * 2^23: a number added to it is rounded to the nearest integer, which then stands in its low bits.
const ROUND: f32 = 12_582_912.0;

/// e^x. Units: none; `x` outside ±87 is taken as ±87. Error: 2 units in the last place. Source: Cephes `expf` (Moshier).
#[inline(always)]
pub(crate) fn exp(x: f32) -> f32 {
    let x = if x < -87.0 { -87.0 } else { x };
    let x = if x > 87.0 { 87.0 } else { x };
    let shifted = x * std::f32::consts::LOG2_E + ROUND;
    let n = shifted - ROUND;
    let r = x - n * 0.693_359_4 - n * -2.121_944_4e-4;
    let p = ((((1.987_569_1e-4 * r + 1.398_2e-3) * r + 8.333_452e-3) * r + 4.166_579_6e-2) * r + 1.666_666_5e-1) * r + 0.5;
    let power = f32::from_bits(shifted.to_bits().wrapping_add(127) << 23);
    (p * (r * r) + r + 1.0) * power
}

/// Gaussian error linear unit, x Φ(x). Error: below 1.5e-4, a small part of the step in which its results are quantised. Source: Hendrycks & Gimpel 2016;
/// erf(x / √2) on ±4 as an odd polynomial of least greatest error (fitted for this, weighted by x), ±1 beyond.
#[inline(always)]
pub(crate) fn gelu(x: f32) -> f32 {
    let bounded = if x < -4.0 { -4.0 } else { x };
    let bounded = if bounded > 4.0 { 4.0 } else { bounded };
    let q = bounded * bounded;
    let p = (((-2.602_596_8e-9 * q + 2.083_925_8e-7) * q - 7.314_278e-6) * q + 1.497_102_5e-4) * q - 2.012_982e-3;
    let p = ((p * q + 1.901_08e-2) * q - 1.317_757e-1) * q + 7.973_468e-1;
    let erf = if x.abs() < 4.0 { p * bounded } else { 1.0_f32.copysign(x) };
    0.5 * x * (1.0 + erf)
}

/// Nearest integer of `x`, |x| ≤ 127, as the byte of a signed integer.
#[inline(always)]
pub(crate) fn round_to_byte(x: f32) -> u8 {
    let [low, ..] = (x + ROUND).to_bits().to_le_bytes();
    low
}

/// Folds `LANES` running values over a slice whose length is a multiple of them.
#[inline(always)]
pub(crate) fn fold_lanes(x: &[f32], start: f32, step: impl Fn(f32, f32) -> f32) -> [f32; LANES] {
    let mut lanes = [start; LANES];
    for chunk in x.as_chunks::<LANES>().0 {
        for (lane, value) in lanes.iter_mut().zip(chunk) {
            *lane = step(*lane, *value);
        }
    }
    lanes
}

/// One value of the lanes, by halves: what a long chain of additions would wait for.
#[inline(always)]
pub(crate) fn halve(mut lanes: [f32; LANES], join: impl Fn(f32, f32) -> f32) -> f32 {
    for half in [8, 4, 2, 1] {
        let (low, high) = lanes.split_at_mut(half);
        low.iter_mut().zip(high).for_each(|(a, b)| *a = join(*a, *b));
    }
    let [first, ..] = lanes;
    first
}

#[inline(always)]
pub(crate) fn sum(x: &[f32]) -> f32 {
    halve(fold_lanes(x, 0.0, |sum, it| sum + it), |a, b| a + b)
}

/// Largest absolute value.
#[inline(always)]
pub(crate) fn peak(x: &[f32]) -> f32 {
    let larger = |peak: f32, it: f32| if it.abs() > peak { it.abs() } else { peak };
    halve(fold_lanes(x, 0.0, larger), larger)
}

/// Layer normalisation of one row in place: `(x - mean) / sqrt(variance + epsilon) * gain + bias`. Source: Ba et al. 2016.
#[inline(always)]
pub(crate) fn normalise(x: &mut [f32], gain: &[f32], bias: &[f32], epsilon: f32) {
    let count = x.len() as f32;
    let mean = sum(x) / count;
    let variance = halve(fold_lanes(x, 0.0, |sum, it| sum + (it - mean) * (it - mean)), |a, b| a + b) / count;
    let scale = 1.0 / (variance + epsilon).sqrt();
    for ((x, gain), bias) in x.iter_mut().zip(gain).zip(bias) {
        *x = (*x - mean) * scale * gain + bias;
    }
}

/// Length one by the Euclidean norm; all zeros where there is no such vector (zero, or not finite).
pub(crate) fn to_unit_length(x: &mut [f32]) {
    let norm = x.iter().map(|it| it * it).sum::<f32>().sqrt();
    let scale = if norm.is_finite() && norm > 0.0 { 1.0 / norm } else { 0.0 };
    for value in x {
        *value = if scale > 0.0 { *value * scale } else { 0.0 };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exp_and_gelu_follow_the_exact_functions() {
        // erf by its Taylor series in double precision: enough terms for |x| <= 4.
        let erf = |x: f64| {
            let mut term = x;
            let mut total = x;
            for n in 1..120_i32 {
                term *= -x * x / f64::from(n);
                total += term / f64::from(2 * n + 1);
            }
            total * std::f64::consts::FRAC_2_SQRT_PI
        };
        for step in -500..=500_i16 {
            let x = f32::from(step) / 100.0;
            let exact = f64::from(x).exp();
            assert!((f64::from(exp(x)) / exact - 1.0).abs() < 3e-7, "exp({x})");
            let exact = 0.5 * f64::from(x) * (1.0 + erf(f64::from(x) * std::f64::consts::FRAC_1_SQRT_2));
            assert!((f64::from(gelu(x)) - exact).abs() < 1.5e-4, "gelu({x}): {} {exact}", gelu(x));
        }
        assert!(exp(-200.0) > 0.0 && exp(200.0).is_finite() && gelu(-30.0).abs() < 1e-6 && (gelu(30.0) - 30.0).abs() < 1e-6);
    }

    #[test]
    fn rounding_goes_to_the_nearest_even() {
        for (x, expected) in [(0.5, 0_i8), (1.5, 2), (-1.5, -2), (-126.7, -127), (127.0, 127), (-0.2, 0)] {
            assert_eq!(round_to_byte(x).cast_signed(), expected, "{x}");
        }
    }

    #[test]
    fn a_normalised_row_has_the_bias_as_mean() {
        let mut x: Vec<f32> = (0..32_u8).map(f32::from).collect();
        normalise(&mut x, &[2.0; 32], &[3.0; 32], 0.0);
        assert!((sum(&x) / 32.0 - 3.0).abs() < 1e-5);
        let spread = x.iter().map(|it| (it - 3.0) * (it - 3.0)).sum::<f32>() / 32.0;
        assert!((spread - 4.0).abs() < 1e-4, "{spread}");
    }

    #[test]
    fn what_has_no_length_becomes_zeros() {
        for odd in [vec![0.0; 4], vec![f32::NAN, 1.0], vec![f32::INFINITY, 1.0]] {
            let mut x = odd.clone();
            to_unit_length(&mut x);
            assert!(x.iter().all(|it| it.to_bits() == 0), "{odd:?}");
        }
    }
}
