//! Scaled dot-product attention within each text of a batch (Vaswani et al. 2017).

use crate::numeric::{LANES, exp, halve};

/// Length of a head's vectors.
pub(crate) const HEAD: usize = 32;

/// Buffers, kept from one layer to the next.
#[derive(Default)]
pub(crate) struct Attention {
    /// Keys of one head and text: for each block of 16 tokens, for each of the 32 numbers, that of the 16 tokens.
    keys: Vec<[[f32; LANES]; HEAD]>,
    /// Scores of one token, in blocks of 16 tokens.
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
        self.keys.clear();
        self.keys.resize(length.div_ceil(LANES), [[0.0; LANES]; HEAD]);
        for (at, key) in vectors(1).enumerate() {
            let Some(block) = self.keys.get_mut(at / LANES) else { continue };
            for (row, value) in block.iter_mut().zip(key) {
                if let Some(place) = row.get_mut(at % LANES) {
                    *place = *value;
                }
            }
        }
        for (query, out) in vectors(0).zip(out.chunks_exact_mut(width)) {
            let Some(out) = out.as_chunks_mut::<HEAD>().0.get_mut(head) else { continue };
            let total = self.score(query, length);
            let mut sums = [0.0; HEAD];
            for (weight, value) in self.scores.as_flattened().iter().zip(vectors(2)) {
                for (sum, value) in sums.iter_mut().zip(value) {
                    *sum += weight * value;
                }
            }
            for (out, sum) in out.iter_mut().zip(&sums) {
                *out = sum / total;
            }
        }
    }

    /// Leaves e^(score - largest) in `scores` and gives their sum.
    #[inline(always)]
    fn score(&mut self, query: &[f32; HEAD], length: usize) -> f32 {
        self.scores.clear();
        for block in &self.keys {
            let mut sums = [0.0; LANES];
            for (q, keys) in query.iter().zip(block) {
                for (sum, key) in sums.iter_mut().zip(keys) {
                    *sum += q * key;
                }
            }
            self.scores.push(sums);
        }
        let scores = self.scores.as_flattened_mut();
        // What fills the last block takes no part.
        for filler in scores.iter_mut().skip(length) {
            *filler = f32::NEG_INFINITY;
        }
        let mut largest = [f32::NEG_INFINITY; LANES];
        for block in &self.scores {
            for (largest, score) in largest.iter_mut().zip(block) {
                *largest = if *score > *largest { *score } else { *largest };
            }
        }
        let largest = halve(largest, |a, b| if b > a { b } else { a });
        for block in &mut self.scores {
            for score in block {
                *score = exp(*score - largest);
            }
        }
        let mut total = [0.0; LANES];
        for filler in self.scores.as_flattened_mut().iter_mut().skip(length) {
            *filler = 0.0;
        }
        for block in &self.scores {
            for (total, score) in total.iter_mut().zip(block) {
                *total += score;
            }
        }
        halve(total, |a, b| a + b)
    }
}
