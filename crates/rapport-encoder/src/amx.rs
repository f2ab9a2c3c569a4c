//! Products of whole tiles by AMX: 16 tokens, 16 outputs and 64 inputs in one instruction. Source: Intel 64 and IA-32 manual, volume 1, chapter 18.
//!
//! The compiler has no name for these instructions yet, so they stand here as assembly. All sums are exact, as in every other kernel.
#![expect(unsafe_code, reason = "instructions of a processor and a system that were asked for them; loads and stores of whole arrays")]

use std::{
    arch::{asm, x86_64::__cpuid_count},
    cell::Cell,
    sync::OnceLock,
};

use super::{Job, OUTPUTS, Step, Tiles, x86::Vnni};

/// Exists only where the processor has AMX for bytes and AVX-512, and the system lets this process use the tiles: `detect` alone makes it.
#[derive(Clone, Copy)]
pub(super) struct Amx(());

/// Words a token and step, and steps a tile.
const STEPS: usize = 16;

impl Amx {
    /// Asked once a process.
    pub(super) fn detect() -> Option<Self> {
        static FOUND: OnceLock<bool> = OnceLock::new();
        FOUND.get_or_init(|| Vnni::detect().is_some() && has_tiles() && may_use_tiles()).then_some(Self(()))
    }

    pub(super) fn run<J: Job>(self, job: J) -> J::Output {
        #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vnni")]
        fn inside<J: Job>(job: J, tiles: Amx) -> J::Output {
            job.run(tiles)
        }
        // SAFETY: `self` exists, so the processor has the features of `inside`.
        let output = unsafe { inside(job, self) };
        // SAFETY: as above; leaves the tiles empty, so that the system need not keep them when it puts this thread aside.
        unsafe { asm!("tilerelease", options(nomem, nostack, preserves_flags)) };
        SHAPED_FOR.set(0);
        output
    }
}

/// By leaf 7: tiles, and their products of bytes.
fn has_tiles() -> bool {
    const TILE_AND_BYTES: u32 = 1 << 24 | 1 << 25;
    __cpuid_count(0, 0).eax >= 7 && __cpuid_count(7, 0).edx & TILE_AND_BYTES == TILE_AND_BYTES
}

/// Linux keeps the 8 KiB of tiles only for processes that ask (kernel documentation, `arch/x86/xstate.rst`).
#[cfg(target_os = "linux")]
fn may_use_tiles() -> bool {
    const ARCH_REQ_XCOMP_PERM: libc::c_long = 0x1023;
    const XFEATURE_XTILEDATA: libc::c_long = 18;
    // SAFETY: reads and writes no memory of this process.
    unsafe { libc::syscall(libc::SYS_arch_prctl, ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA) == 0 }
}

#[cfg(not(target_os = "linux"))]
fn may_use_tiles() -> bool {
    false
}

/// What `ldtilecfg` reads.
#[repr(C, align(64))]
struct Shapes {
    palette: u8,
    start_row: u8,
    reserved: [u8; 14],
    /// Bytes a row.
    columns: [u16; 16],
    rows: [u8; 16],
}

/// Rows of a tile.
const ROWS: usize = 16;

impl Shapes {
    /// Tiles 0 and 1: sums of the first tokens, 2: their activations; 3 and 4: weights; 5 and 6: sums of the tokens beyond 16, 7: their activations.
    #[expect(clippy::cast_possible_truncation, reason = "at most 16")]
    fn of(tokens: usize) -> Self {
        let (first, second) = (tokens.min(ROWS) as u8, tokens.saturating_sub(ROWS).clamp(1, ROWS) as u8);
        let mut it = Self { palette: 1, start_row: 0, reserved: [0; 14], columns: [0; 16], rows: [0; 16] };
        for ((columns, rows), count) in it.columns.iter_mut().zip(&mut it.rows).zip([first, first, first, ROWS as u8, ROWS as u8, second, second, second]) {
            (*columns, *rows) = (64, count);
        }
        it
    }
}

thread_local! {
    /// Tokens that this thread's tiles are shaped for; none where they are released.
    static SHAPED_FOR: Cell<usize> = const { Cell::new(0) };
}

/// Shapes the tiles, which takes as long as some products: only where they are not yet.
#[inline(always)]
fn shape_for(tokens: usize) {
    if SHAPED_FOR.replace(tokens) != tokens {
        let shapes = Shapes::of(tokens);
        // SAFETY: 64 bytes are read; only an `Amx` calls it, so there are the instruction and the leave to use it.
        unsafe { asm!("ldtilecfg [{shapes}]", shapes = in(reg) &raw const shapes, options(nostack, preserves_flags, readonly)) };
    }
}

/// What to do before the loop over tiles of inputs, in it and behind it: with at most 16 tokens, or with more.
macro_rules! part {
    (few first) => { "tilezero tmm0; tilezero tmm1" };
    (few each) => {
        "tileloadd tmm2, [{tokens} + {token_bytes}]; tileloadd tmm3, [{weights} + {step_bytes}]; tdpbsud tmm0, tmm2, tmm3; \
         tileloadd tmm4, [{weights} + {step_bytes} + 64]; tdpbsud tmm1, tmm2, tmm4"
    };
    (few last) => { "tilestored [{out} + {step_bytes}], tmm0; tilestored [{out} + {step_bytes} + 64], tmm1" };
    (many first) => { "tilezero tmm0; tilezero tmm1; tilezero tmm5; tilezero tmm6" };
    (many each) => {
        "tileloadd tmm2, [{tokens} + {token_bytes}]; tileloadd tmm3, [{weights} + {step_bytes}]; tdpbsud tmm0, tmm2, tmm3; \
         tileloadd tmm7, [{beyond} + {token_bytes}]; tileloadd tmm4, [{weights} + {step_bytes} + 64]; tdpbsud tmm5, tmm7, tmm3; \
         tdpbsud tmm1, tmm2, tmm4; tdpbsud tmm6, tmm7, tmm4"
    };
    (many last) => {
        "tilestored [{out} + {step_bytes}], tmm0; tilestored [{out} + {step_bytes} + 64], tmm1; add {out}, 2048; \
         tilestored [{out} + {step_bytes}], tmm5; tilestored [{out} + {step_bytes} + 64], tmm6"
    };
    // Weights that nothing has read yet come from far away: asked for 8 KiB ahead.
    (ahead) => {
        ".irp line, 0, 128, 256, 384, 512, 640, 768, 896, 1024, 1152, 1280, 1408, 1536, 1664, 1792, 1920\n\
         prefetcht0 [{weights} + 8192 + \\line]\n\
         prefetcht0 [{weights} + 8256 + \\line]\n\
         .endr"
    };
    (near) => { "" };
}

macro_rules! products {
    ($tokens:ident $weights:ident: $steps:ident, $words:ident, $out:ident, $whole:ident) => {{
        // Bytes from one token to the next.
        let token_bytes = $steps.len() * 4;
        asm!(
            part!($tokens first),
            "2:",
            part!($tokens each),
            part!($weights),
            "add {tokens}, 64",
            "add {beyond}, 64",
            "add {weights}, 2048",
            "dec {left}",
            "jnz 2b",
            part!($tokens last),
            tokens = inout(reg) $words.as_ptr() => _,
            beyond = inout(reg) $words.as_ptr().wrapping_byte_add(ROWS * token_bytes) => _,
            weights = inout(reg) $steps.as_ptr() => _,
            left = inout(reg) $whole => _,
            out = inout(reg) $out.as_mut_ptr() => _,
            token_bytes = in(reg) token_bytes,
            step_bytes = in(reg) size_of::<Step>(),
            out("tmm0") _, out("tmm1") _, out("tmm2") _, out("tmm3") _, out("tmm4") _, out("tmm5") _, out("tmm6") _, out("tmm7") _,
            options(nostack),
        )
    }};
}

impl Tiles for Amx {
    const TOKENS_MAX: usize = 2 * ROWS;
    const BY_TOKEN: bool = true;

    #[inline(always)]
    fn tile(self, steps: &[Step], words: &[i32], fresh: bool, out: &mut [[i32; OUTPUTS]]) {
        let (tokens, whole) = (out.len(), steps.len() / STEPS);
        if tokens == 0 || tokens > Self::TOKENS_MAX || words.len() != tokens * steps.len() {
            return;
        }
        if whole == 0 {
            out.fill([0; OUTPUTS]);
        } else {
            shape_for(tokens);
            // SAFETY: `self` exists, so there are the instructions and the leave to use them. What is read: of each token, which `words` has as was just
            // looked at, `whole` × 64 bytes, four bytes a step apart; `whole` × 16 steps. What is written: a row of 128 bytes for each token, all of `out`;
            // rows beyond the first 16 are read and written only where there are more tokens. The tiles are not the compiler's.
            unsafe {
                match (tokens > ROWS, fresh) {
                    (false, false) => products!(few near: steps, words, out, whole),
                    (false, true) => products!(few ahead: steps, words, out, whole),
                    (true, false) => products!(many near: steps, words, out, whole),
                    (true, true) => products!(many ahead: steps, words, out, whole),
                }
            }
        }
        rest(steps, words, whole * STEPS, out);
    }
}

/// The steps that fill no tile.
#[inline(always)]
fn rest(steps: &[Step], words: &[i32], from: usize, out: &mut [[i32; OUTPUTS]]) {
    if from >= steps.len() {
        return;
    }
    for (sums, row) in out.iter_mut().zip(words.chunks_exact(steps.len())) {
        for (step, word) in steps.iter().zip(row).skip(from) {
            for (sum, weights) in sums.iter_mut().zip(step.iter().flat_map(|lane| lane.0.as_chunks::<4>().0)) {
                for (weight, value) in weights.iter().zip(word.to_le_bytes()) {
                    *sum = sum.wrapping_add(i32::from(*weight) * i32::from(value.cast_signed()));
                }
            }
        }
    }
}
