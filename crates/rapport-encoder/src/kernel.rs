//! Integer products of small tiles, by what the processor can do: AMX, AVX-512 VNNI, AVX2, or any processor. With `amx.rs` the only unsafe code of the
//! crate.
//!
//! A tile is 32 outputs for `M` tokens. Weights are unsigned bytes of at most 127, activations signed bytes of at most ±127, so that a pair of products
//! fits the 16 bits in which AVX2 adds them (2 * 127 * 127 = 32,258 < 32,767) and every kernel gives the same exact sums.
//!
//! `rten-gemm` does the same in general form, but starts a pool of threads at its first product and saturates on AVX2 with weights of eight bits.

#[cfg(target_arch = "x86_64")]
#[path = "amx.rs"]
mod amx;

/// Which instructions do the products. All give the same numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kernel {
    /// Any processor.
    Portable,
    /// x86-64 of 2013 and later.
    Avx2,
    /// x86-64 with AVX-512 and its products of bytes (2019 and later).
    Vnni,
    /// The same with products of whole tiles (servers of 2023 and later), where the system lets a process have them.
    Amx,
}

impl Kernel {
    /// What this processor can do, slowest first.
    pub fn available() -> Vec<Self> {
        let mut found = vec![Self::Portable];
        #[cfg(target_arch = "x86_64")]
        {
            found.extend(x86::Avx2::detect().map(|_| Self::Avx2));
            found.extend(x86::Vnni::detect().map(|_| Self::Vnni));
            found.extend(amx::Amx::detect().map(|_| Self::Amx));
        }
        found
    }

    /// The fastest here.
    pub fn best() -> Self {
        Self::available().into_iter().max().unwrap_or(Self::Portable)
    }

    /// Does `job` with the instructions of this kernel, or with portable ones where the processor lacks them.
    pub(crate) fn run<J: Job>(self, job: J) -> J::Output {
        #[cfg(target_arch = "x86_64")]
        match self {
            Self::Amx => {
                if let Some(found) = amx::Amx::detect() {
                    return found.run(job);
                }
            }
            Self::Vnni => {
                if let Some(found) = x86::Vnni::detect() {
                    return found.run(job);
                }
            }
            Self::Avx2 => {
                if let Some(found) = x86::Avx2::detect() {
                    return found.run(job);
                }
            }
            Self::Portable => {}
        }
        job.run(Portable)
    }
}

/// Outputs a tile.
pub(crate) const OUTPUTS: usize = 32;

/// Weights of 16 outputs for four inputs: byte `4 * output + input`.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
pub(crate) struct Lane(pub(crate) [u8; 64]);

/// Weights of 32 outputs for four inputs.
pub(crate) type Step = [Lane; 2];

/// Work that is compiled once for each kernel. Whatever it calls must be `#[inline(always)]` to be compiled with it.
pub(crate) trait Job {
    type Output;
    fn run<T: Tiles>(self, tiles: T) -> Self::Output;
}

/// Products of one tile.
pub(crate) trait Tiles: Copy {
    /// Most tokens a tile that fit the registers; at most [`TOKENS_MOST`].
    const TOKENS_MAX: usize;
    /// Activations of a tile lie token by token, all inputs of one together; otherwise input by input, all tokens of one together.
    const BY_TOKEN: bool = false;

    /// `out[m][n] = Σ weight[n][k] * activation[m][k]`, for as many tokens m as `out` is long. Shape: `steps` has one entry for four inputs k, `words` as
    /// many for each token; a word is four signed bytes, first input lowest. Units: products of steps of both quantisations. `fresh`: no tile before read
    /// these weights.
    fn tile(self, steps: &[Step], words: &[i32], fresh: bool, out: &mut [[i32; OUTPUTS]]);
}

/// Most tokens a tile of any kernel.
pub(crate) const TOKENS_MOST: usize = 32;

/// Picks the code for the number of tokens: each is compiled for itself, with its sums in registers.
macro_rules! by_count {
    ($tiles:ident, $steps:ident, $words:ident, $out:ident, $($count:literal)*) => {
        match $out.len() {
            $($count => {
                if let Some(out) = $out.first_chunk_mut::<$count>() {
                    *out = $tiles.fixed::<$count>($steps, $words.as_chunks::<$count>().0);
                }
            })*
            _ => {}
        }
    };
}

#[derive(Clone, Copy)]
pub(crate) struct Portable;

impl Tiles for Portable {
    const TOKENS_MAX: usize = 8;

    #[inline(always)]
    fn tile(self, steps: &[Step], words: &[i32], _: bool, out: &mut [[i32; OUTPUTS]]) {
        by_count!(self, steps, words, out, 1 2 3 4 5 6 7 8);
    }
}

impl Portable {
    /// In 16 bits, as AVX2 does, for the vectors of 128 bits that a compiler may take for granted.
    #[inline(always)]
    fn fixed<const M: usize>(self, steps: &[Step], activations: &[[i32; M]]) -> [[i32; OUTPUTS]; M] {
        let mut out = [[0_i32; OUTPUTS]; M];
        for (step, activations) in steps.iter().zip(activations) {
            for (at, lane) in step.iter().enumerate() {
                let (mut first, mut second, mut third, mut fourth) = ([0_i16; 16], [0_i16; 16], [0_i16; 16], [0_i16; 16]);
                for ((((a, b), c), d), bytes) in first.iter_mut().zip(&mut second).zip(&mut third).zip(&mut fourth).zip(lane.0.as_chunks::<4>().0) {
                    let word = u32::from_le_bytes(*bytes);
                    (*a, *b, *c, *d) = ((word & 255) as i16, (word >> 8 & 255) as i16, (word >> 16 & 255) as i16, (word >> 24 & 255) as i16);
                }
                for (out, word) in out.iter_mut().zip(activations) {
                    let Some(sums) = out.as_chunks_mut::<16>().0.get_mut(at) else { continue };
                    let [a, b, c, d] = word.to_le_bytes().map(|it| i16::from(it.cast_signed()));
                    for ((((sum, e), f), g), h) in sums.iter_mut().zip(&first).zip(&second).zip(&third).zip(&fourth) {
                        let (low, high) = (a.wrapping_mul(*e).wrapping_add(b.wrapping_mul(*f)), c.wrapping_mul(*g).wrapping_add(d.wrapping_mul(*h)));
                        *sum = sum.wrapping_add(i32::from(low)).wrapping_add(i32::from(high));
                    }
                }
            }
        }
        out
    }
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    #![expect(unsafe_code, reason = "vector instructions of a processor that was asked for them; loads and stores of whole arrays")]

    use std::arch::x86_64::{
        __m256i, __m512i, _mm256_add_epi32, _mm256_load_si256, _mm256_madd_epi16, _mm256_maddubs_epi16, _mm256_set1_epi16, _mm256_set1_epi32, _mm256_setzero_si256,
        _mm256_storeu_si256, _mm512_dpbusd_epi32, _mm512_load_si512, _mm512_set1_epi32, _mm512_setzero_si512, _mm512_storeu_si512,
    };

    use super::{Job, Lane, OUTPUTS, Step, Tiles};

    /// Exists only where the processor has AVX2 and FMA: `detect` alone makes it.
    #[derive(Clone, Copy)]
    pub(super) struct Avx2(());

    /// Exists only where the processor has AVX-512 F, BW, DQ, VL and VNNI: `detect` alone makes it.
    #[derive(Clone, Copy)]
    pub(crate) struct Vnni(());

    impl Avx2 {
        pub(super) fn detect() -> Option<Self> {
            std::arch::is_x86_feature_detected!("avx2").then_some(Self(()))
        }

        pub(super) fn run<J: Job>(self, job: J) -> J::Output {
            #[target_feature(enable = "avx2")]
            fn inside<J: Job>(job: J, tiles: Avx2) -> J::Output {
                job.run(tiles)
            }
            // SAFETY: `self` exists, so the processor has the features of `inside`.
            unsafe { inside(job, self) }
        }
    }

    impl Vnni {
        pub(crate) fn detect() -> Option<Self> {
            let has_all = std::arch::is_x86_feature_detected!("avx512f")
                && std::arch::is_x86_feature_detected!("avx512bw")
                && std::arch::is_x86_feature_detected!("avx512dq")
                && std::arch::is_x86_feature_detected!("avx512vl")
                && std::arch::is_x86_feature_detected!("avx512vnni");
            has_all.then_some(Self(()))
        }

        pub(super) fn run<J: Job>(self, job: J) -> J::Output {
            #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vnni")]
            fn inside<J: Job>(job: J, tiles: Vnni) -> J::Output {
                job.run(tiles)
            }
            // SAFETY: `self` exists, so the processor has the features of `inside`.
            unsafe { inside(job, self) }
        }
    }

    impl Tiles for Vnni {
        /// 2 * 14 sums, two registers of weights, of 32 registers.
        const TOKENS_MAX: usize = 14;

        #[inline(always)]
        fn tile(self, steps: &[Step], words: &[i32], _: bool, out: &mut [[i32; OUTPUTS]]) {
            by_count!(self, steps, words, out, 1 2 3 4 5 6 7 8 9 10 11 12 13 14);
        }
    }

    impl Vnni {
        #[inline(always)]
        fn fixed<const M: usize>(self, steps: &[Step], activations: &[[i32; M]]) -> [[i32; OUTPUTS]; M] {
            // SAFETY: `self` exists, so the processor has the features of `vnni_tile`.
            unsafe { vnni_tile(steps, activations) }
        }
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vnni")]
    fn vnni_tile<const M: usize>(steps: &[Step], activations: &[[i32; M]]) -> [[i32; OUTPUTS]; M] {
        let mut sums: [[__m512i; 2]; M] = [[_mm512_setzero_si512(); 2]; M];
        for ([first, second], activations) in steps.iter().zip(activations) {
            // SAFETY: a lane is 64 bytes, aligned to 64.
            let (first, second) = unsafe { (_mm512_load_si512(first.0.as_ptr().cast()), _mm512_load_si512(second.0.as_ptr().cast())) };
            for ([a, b], word) in sums.iter_mut().zip(activations) {
                let word = _mm512_set1_epi32(*word);
                *a = _mm512_dpbusd_epi32(*a, first, word);
                *b = _mm512_dpbusd_epi32(*b, second, word);
            }
        }
        let mut out = [[0; OUTPUTS]; M];
        for (out, sums) in out.iter_mut().zip(&sums) {
            for (half, sum) in out.as_chunks_mut::<16>().0.iter_mut().zip(sums) {
                // SAFETY: `half` is 16 integers of four bytes, the 64 that are written; the store needs no alignment.
                unsafe { _mm512_storeu_si512(half.as_mut_ptr().cast(), *sum) };
            }
        }
        out
    }

    impl Tiles for Avx2 {
        /// 2 * 5 sums, two registers of weights, one of ones and one of a product, of 16 registers.
        const TOKENS_MAX: usize = 5;

        #[inline(always)]
        fn tile(self, steps: &[Step], words: &[i32], _: bool, out: &mut [[i32; OUTPUTS]]) {
            by_count!(self, steps, words, out, 1 2 3 4 5);
        }
    }

    impl Avx2 {
        #[inline(always)]
        fn fixed<const M: usize>(self, steps: &[Step], activations: &[[i32; M]]) -> [[i32; OUTPUTS]; M] {
            let mut out = [[0; OUTPUTS]; M];
            // SAFETY: `self` exists, so the processor has the features of `avx2_half`.
            let halves = unsafe { [avx2_half::<M, 0>(steps, activations), avx2_half::<M, 1>(steps, activations)] };
            for (at, half) in halves.iter().enumerate() {
                for (out, sums) in out.iter_mut().zip(half) {
                    if let Some(out) = out.as_chunks_mut::<16>().0.get_mut(at) {
                        *out = *sums;
                    }
                }
            }
            out
        }
    }

    /// 16 of the 32 outputs.
    #[inline]
    #[target_feature(enable = "avx2")]
    fn avx2_half<const M: usize, const HALF: usize>(steps: &[Step], activations: &[[i32; M]]) -> [[i32; 16]; M] {
        let ones = _mm256_set1_epi16(1);
        let mut sums: [[__m256i; 2]; M] = [[_mm256_setzero_si256(); 2]; M];
        for ([even, odd], activations) in steps.iter().zip(activations) {
            let Lane(bytes) = if HALF == 0 { even } else { odd };
            let (low, high) = bytes.split_at(32);
            // SAFETY: a lane is 64 bytes aligned to 64, so each half is 32 bytes aligned to 32.
            let (low, high) = unsafe { (_mm256_load_si256(low.as_ptr().cast()), _mm256_load_si256(high.as_ptr().cast())) };
            for ([a, b], word) in sums.iter_mut().zip(activations) {
                let word = _mm256_set1_epi32(*word);
                *a = _mm256_add_epi32(*a, _mm256_madd_epi16(_mm256_maddubs_epi16(low, word), ones));
                *b = _mm256_add_epi32(*b, _mm256_madd_epi16(_mm256_maddubs_epi16(high, word), ones));
            }
        }
        let mut out = [[0; 16]; M];
        for (out, sums) in out.iter_mut().zip(&sums) {
            for (part, sum) in out.as_chunks_mut::<8>().0.iter_mut().zip(sums) {
                // SAFETY: `part` is eight integers of four bytes, the 32 that are written; the store needs no alignment.
                unsafe { _mm256_storeu_si256(part.as_mut_ptr().cast(), *sum) };
            }
        }
        out
    }
}
