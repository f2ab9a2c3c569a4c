//! Weights of seven bits, activations of eight, and their product: `y = x Wᵀ + b`.
//!
//! Quantisation is symmetric: one scale an output for weights, one scale a token for activations (Jacob et al. 2018, dynamic as in Zafrir et al. 2019).

use crate::{
    kernel::{Lane, OUTPUTS, Step, TOKENS_MOST, Tiles},
    numeric::{peak, round_to_byte},
};

/// Largest weight in quantised form; what is stored is 64 more, so that it has no sign.
const WEIGHT_MAX: f32 = 63.0;
const WEIGHT_ZERO: i32 = 64;
/// Largest activation in quantised form.
const ACTIVATION_MAX: f32 = 127.0;

/// A matrix of `outputs` rows and `inputs` columns, laid out for [`Tiles::tile`], with its bias.
pub(crate) struct Matrix {
    /// For each 32 outputs, `inputs / 4` steps.
    steps: Vec<Step>,
    /// What one step of quantisation is worth, for each output.
    scales: Vec<f32>,
    bias: Vec<f32>,
    inputs: usize,
}

impl Matrix {
    /// Quantises rows as `next` writes them (row number, row to fill). Shape: `inputs` a multiple of 4, as many rows as `bias` is long, a multiple of 32.
    pub(crate) fn pack(inputs: usize, bias: Vec<f32>, mut next: impl FnMut(usize, &mut [f32])) -> Self {
        let per_panel = inputs / 4;
        let mut steps = vec![[Lane([0; 64]); 2]; bias.len() / OUTPUTS * per_panel];
        let mut scales = Vec::with_capacity(bias.len());
        let mut row = vec![0.0; inputs];
        for (panel_at, panel) in steps.chunks_exact_mut(per_panel.max(1)).enumerate() {
            for output in 0..OUTPUTS {
                next(panel_at * OUTPUTS + output, &mut row);
                let scale = peak_of(&row) / WEIGHT_MAX;
                let inverse = if scale > 0.0 { 1.0 / scale } else { 0.0 };
                scales.push(scale);
                for (step, weights) in panel.iter_mut().zip(row.as_chunks::<4>().0) {
                    let lane = step.get_mut(output / 16).and_then(|it| it.0.as_chunks_mut::<4>().0.get_mut(output % 16));
                    if let Some(bytes) = lane {
                        *bytes = weights.map(|it| round_to_byte(it * inverse + WEIGHT_ZERO as f32));
                    }
                }
            }
        }
        Self { steps, scales, bias, inputs }
    }

    pub(crate) fn outputs(&self) -> usize {
        self.bias.len()
    }

    pub(crate) fn bytes(&self) -> usize {
        size_of_val(self.steps.as_slice()) + size_of_val(self.scales.as_slice()) + size_of_val(self.bias.as_slice())
    }

    /// Shape: `x` tokens × inputs, `out` tokens × outputs, both by rows.
    #[inline(always)]
    pub(crate) fn multiply<T: Tiles>(&self, tiles: T, x: &Activations, out: &mut [f32]) {
        let mut products = [[0_i32; OUTPUTS]; TOKENS_MOST];
        for at in 0..self.outputs() / OUTPUTS {
            let panel = self.panel(at);
            let mut rows = &mut *out;
            for (tile_at, tile) in x.tiles().enumerate() {
                let (these, rest) = rows.split_at_mut((tile.scales.len() * self.outputs()).min(rows.len()));
                rows = rest;
                tile.multiply(tiles, &panel, tile_at == 0, &mut products, these, self.outputs());
            }
        }
    }

    #[inline(always)]
    fn panel(&self, at: usize) -> Panel<'_> {
        let of = |all| part::<f32>(all, at, OUTPUTS).first_chunk::<OUTPUTS>().unwrap_or(&[0.0; OUTPUTS]);
        Panel { at, steps: part(&self.steps, at, self.inputs / 4), scales: of(&self.scales), bias: of(&self.bias) }
    }
}

/// The `at`-th part of `length`; empty where there is none.
#[inline(always)]
fn part<T>(all: &[T], at: usize, length: usize) -> &[T] {
    all.get(at * length..(at + 1) * length).unwrap_or_default()
}

/// As [`peak`], for any length.
fn peak_of(row: &[f32]) -> f32 {
    row.iter().fold(0.0, |peak: f32, it| peak.max(it.abs()))
}

/// 32 outputs of a matrix.
struct Panel<'a> {
    at: usize,
    steps: &'a [Step],
    scales: &'a [f32; OUTPUTS],
    bias: &'a [f32; OUTPUTS],
}

/// Quantised rows in tiles, ready for any number of products. Buffers are kept from one use to the next.
#[derive(Default)]
pub(crate) struct Activations {
    /// For each tile `inputs / 4` groups of one word a token, or the other way round ([`Tiles::BY_TOKEN`]): four signed bytes, first input lowest.
    words: Vec<i32>,
    scales: Vec<f32>,
    /// Sum of each token's quantised inputs, which [`WEIGHT_ZERO`] was multiplied with.
    sums: Vec<i32>,
    bytes: Vec<u8>,
    inputs: usize,
    tile_tokens: Vec<usize>,
}

impl Activations {
    /// Shape: `x` tokens × `inputs`, by rows; `inputs` a multiple of 16.
    #[inline(always)]
    pub(crate) fn quantise<T: Tiles>(&mut self, _: T, x: &[f32], inputs: usize) {
        let tokens = x.len() / inputs.max(1);
        self.inputs = inputs;
        self.words.resize(tokens * inputs / 4, 0);
        self.bytes.resize(inputs, 0);
        self.scales.clear();
        self.sums.clear();
        self.tile_tokens.clear();
        // Tiles of nearly the same size: 15 tokens are 8 and 7, not 14 and 1.
        let tiles = tokens.div_ceil(T::TOKENS_MAX).max(1);
        self.tile_tokens.extend((0..tiles).map(|it| tokens * (it + 1) / tiles - tokens * it / tiles).filter(|it| *it > 0));
        let mut words = self.words.as_mut_slice();
        let mut rows = x.chunks_exact(inputs.max(1));
        for count in &self.tile_tokens {
            let (tile, rest) = words.split_at_mut((count * inputs / 4).min(words.len()));
            words = rest;
            for (at, row) in rows.by_ref().take(*count).enumerate() {
                let scale = peak(row) / ACTIVATION_MAX;
                let inverse = if scale > 0.0 { 1.0 / scale } else { 0.0 };
                for (byte, value) in self.bytes.iter_mut().zip(row) {
                    *byte = round_to_byte(value * inverse);
                }
                // Far from overflow; the checks of a debug build would keep it from vector instructions.
                let sum = self.bytes.iter().fold(0_i32, |sum, it| sum.wrapping_add(i32::from(it.cast_signed())));
                let bytes = self.bytes.as_chunks::<4>().0;
                if T::BY_TOKEN {
                    tile.iter_mut().skip(at * bytes.len()).zip(bytes).for_each(|(word, bytes)| *word = i32::from_le_bytes(*bytes));
                } else {
                    tile.iter_mut().skip(at).step_by(*count).zip(bytes).for_each(|(word, bytes)| *word = i32::from_le_bytes(*bytes));
                }
                self.scales.push(scale);
                self.sums.push(sum);
            }
        }
    }

    #[inline(always)]
    fn tiles(&self) -> impl Iterator<Item = Tile<'_>> {
        self.tile_tokens.iter().scan((self.words.as_slice(), self.scales.as_slice(), self.sums.as_slice()), |(words, scales, sums), count| {
            Some(Tile { words: words.split_off(..count * self.inputs / 4)?, scales: scales.split_off(..*count)?, sums: sums.split_off(..*count)? })
        })
    }
}

/// Up to [`Tiles::TOKENS_MAX`] tokens.
struct Tile<'a> {
    words: &'a [i32],
    scales: &'a [f32],
    sums: &'a [i32],
}

impl Tile<'_> {
    #[inline(always)]
    fn multiply<T: Tiles>(&self, tiles: T, panel: &Panel<'_>, fresh: bool, products: &mut [[i32; OUTPUTS]], out: &mut [f32], outputs: usize) {
        let Some(products) = products.get_mut(..self.scales.len()) else { return };
        tiles.tile(panel.steps, self.words, fresh, products);
        for (((row, products), scale), sum) in out.chunks_exact_mut(outputs).zip(&*products).zip(self.scales).zip(self.sums) {
            let Some(row) = row.as_chunks_mut::<OUTPUTS>().0.get_mut(panel.at) else { continue };
            let zero = WEIGHT_ZERO.wrapping_mul(*sum);
            for (((y, product), weight_scale), bias) in row.iter_mut().zip(products).zip(panel.scales).zip(panel.bias) {
                *y = product.wrapping_sub(zero) as f32 * (scale * weight_scale) + bias;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use rand::{Rng as _, SeedableRng as _, rngs::SmallRng};

    use super::*;
    use crate::{Kernel, kernel::Job};

    /// Two tiles of AMX and a rest.
    const INPUTS: usize = 144;
    const OUTPUTS_ALL: usize = 96;

    struct Multiply<'a>(&'a Matrix, &'a [f32]);

    impl Job for Multiply<'_> {
        type Output = Vec<f32>;

        fn run<T: Tiles>(self, tiles: T) -> Vec<f32> {
            let mut x = Activations::default();
            // What an earlier, larger use leaves behind does no harm.
            x.quantise(tiles, &[9.0; 40 * INPUTS], INPUTS);
            x.quantise(tiles, self.1, INPUTS);
            let mut out = vec![f32::NAN; self.1.len() / INPUTS * OUTPUTS_ALL];
            self.0.multiply(tiles, &x, &mut out);
            out
        }
    }

    #[test]
    fn every_kernel_and_number_of_tokens_gives_the_product() {
        let mut random = SmallRng::seed_from_u64(7);
        let weights: Vec<f32> = (0..INPUTS * OUTPUTS_ALL).map(|_| random.random_range(-0.5..0.5)).collect();
        let bias: Vec<f32> = (0..OUTPUTS_ALL).map(|_| random.random_range(-1.0..1.0)).collect();
        let matrix = Matrix::pack(INPUTS, bias.clone(), |at, row| row.copy_from_slice(&weights[at * INPUTS..][..INPUTS]));
        for tokens in 0..40 {
            let x: Vec<f32> = (0..tokens * INPUTS).map(|_| random.random_range(-3.0..3.0)).collect();
            let portable = Kernel::Portable.run(Multiply(&matrix, &x));
            for kernel in Kernel::available() {
                assert_eq!(kernel.run(Multiply(&matrix, &x)), portable, "{kernel:?}, {tokens} tokens");
            }
            for (at, y) in portable.iter().enumerate() {
                let (token, output) = (at / OUTPUTS_ALL, at % OUTPUTS_ALL);
                let exact: f32 = (0..INPUTS).map(|k| x[token * INPUTS + k] * weights[output * INPUTS + k]).sum::<f32>() + bias[output];
                // Half a step of both quantisations in each of 144 products, as a random walk: 4 deviations.
                assert!((y - exact).abs() < 4.0 * 12.0 * (0.5 / 126.0 + 3.0 / 254.0 * 0.5) * 1.2, "{tokens} tokens, {at}: {y} {exact}");
            }
        }
    }

    #[test]
    fn the_largest_values_do_not_saturate() {
        let matrix = Matrix::pack(INPUTS, vec![0.0; OUTPUTS_ALL], |_, row| row.fill(1.0));
        for kernel in Kernel::available() {
            for (x, expected) in [(1.0, 144.0_f32), (-1.0, -144.0)] {
                let out = kernel.run(Multiply(&matrix, &[x; 6 * INPUTS]));
                assert!(out.iter().all(|it| (it - expected).abs() < 1e-3), "{kernel:?}: {out:?}");
            }
        }
    }

    #[test]
    fn zeros_stay_zeros() {
        let matrix = Matrix::pack(INPUTS, vec![0.0; OUTPUTS_ALL], |_, row| row.fill(0.0));
        assert!(Kernel::best().run(Multiply(&matrix, &[0.0; 3 * INPUTS])).iter().all(|it| *it == 0.0));
    }
}
