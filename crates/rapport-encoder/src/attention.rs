//! Scaled dot-product attention within each text of a batch (Vaswani et al. 2017).

use crate::numeric::{LANES, exp};

/// Length of a head's vectors.
pub(crate) const HEAD: usize = 32;

/// Buffers, kept from one layer to the next. Tokens that ask stand side by side in lanes, so that nothing is summed across them.
#[derive(Default)]
pub(crate) struct Attention {
    /// Queries of one head and text: for each block of 16 tokens, for each of the 32 numbers, that of the 16 tokens.
    queries: Vec<[[f32; LANES]; HEAD]>,
    /// Scores of one block's tokens for each token of the text.
    scores: Vec<[f32; LANES]>,
}

impl Attention {
    /// Shape: `qkv` tokens × (3 * width), queries (already scaled), keys, values; `out` tokens × width. `lengths`: tokens of each text, in order.
    #[inline(always)]
    pub(crate) fn attend(&mut self, qkv: &[f32], lengths: &[usize], out: &mut [f32], width: usize) {
        let (mut qkv, mut out) = (qkv, out);
        for length in lengths {
            let (text, rest) = qkv.split_at((length * 3 * width).min(qkv.len()));
            let (text_out, rest_out) = out.split_at_mut((length * width).min(out.len()));
            (qkv, out) = (rest, rest_out);
            for head in 0..width / HEAD {
                self.attend_head(text, head, text_out, width);
            }
        }
    }

    #[inline(always)]
    fn attend_head(&mut self, text: &[f32], head: usize, out: &mut [f32], width: usize) {
        let per_part = width / HEAD;
        let vectors = |part: usize| text.chunks_exact(3 * width).filter_map(move |token| token.as_chunks::<HEAD>().0.get(part * per_part + head));
        let length = text.len() / (3 * width).max(1);
        self.queries.clear();
        self.queries.resize(length.div_ceil(LANES), [[0.0; LANES]; HEAD]);
        for (at, query) in vectors(0).enumerate() {
            let Some(block) = self.queries.get_mut(at / LANES) else { continue };
            for (row, value) in block.iter_mut().zip(query) {
                if let Some(place) = row.get_mut(at % LANES) {
                    *place = *value;
                }
            }
        }
        let mut rows = out.chunks_exact_mut(width);
        for block in &self.queries {
            let totals = score(&mut self.scores, block, vectors(1));
            for (lane, total) in totals.iter().enumerate() {
                let Some(out) = rows.next().and_then(|it| it.as_chunks_mut::<HEAD>().0.get_mut(head)) else { return };
                let mut sums = [0.0; HEAD];
                for (weights, value) in self.scores.iter().zip(vectors(2)) {
                    let weight = weights.get(lane).copied().unwrap_or_default();
                    for (sum, value) in sums.iter_mut().zip(value) {
                        *sum += weight * value;
                    }
                }
                for (out, sum) in out.iter_mut().zip(&sums) {
                    *out = sum / total;
                }
            }
        }
    }
}

/// Leaves e^(score - largest) of each token's key in `scores` and gives their sums, one for each token of the block.
#[inline(always)]
fn score<'a>(scores: &mut Vec<[f32; LANES]>, queries: &[[f32; LANES]; HEAD], keys: impl Iterator<Item = &'a [f32; HEAD]>) -> [f32; LANES] {
    scores.clear();
    let mut largest = [f32::NEG_INFINITY; LANES];
    for key in keys {
        let mut sums = [0.0; LANES];
        for (queries, k) in queries.iter().zip(key) {
            for (sum, q) in sums.iter_mut().zip(queries) {
                *sum += q * k;
            }
        }
        for (largest, sum) in largest.iter_mut().zip(&sums) {
            *largest = if *sum > *largest { *sum } else { *largest };
        }
        scores.push(sums);
    }
    let mut totals = [0.0; LANES];
    for row in scores {
        for ((score, largest), total) in row.iter_mut().zip(&largest).zip(&mut totals) {
            *score = exp(*score - largest);
            *total += *score;
        }
    }
    totals
}
