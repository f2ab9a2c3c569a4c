//! Linear learning: sparse one-against-rest hinge, dense multinomial logistic, and the optimiser under it.

pub mod dense;
pub mod hinge;
pub mod lbfgs;
pub mod sparse;
pub mod vocabulary;

/// A count or an index as a number.
#[expect(clippy::cast_precision_loss, reason = "counts of examples and features are far below 2^24")]
pub(crate) fn count(value: usize) -> f32 {
    value as f32
}

/// A small generator for the order of examples: the same seed gives the same model. Source: SplitMix64 (Steele, Lea, Flood 2014).
#[derive(Clone, Debug)]
pub struct Order {
    state: u64,
}

impl Order {
    pub fn seeded(seed: u64) -> Self {
        Self { state: seed }
    }

    pub fn next_u64(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Below `bound`, which is at least 1.
    pub fn below(&mut self, bound: usize) -> usize {
        let wide = u128::from(self.next_u64()) * (bound as u128);
        usize::try_from(wide >> 64).unwrap_or(0)
    }

    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            items.swap(at, self.below(at + 1));
        }
    }

    /// Shuffles runs of so many neighbours, each run in the order it had.
    pub fn shuffle_runs<T: Clone>(&mut self, items: &mut Vec<T>, run: usize) {
        let mut runs: Vec<&[T]> = items.chunks(run.max(1)).collect();
        self.shuffle(&mut runs);
        *items = runs.concat();
    }
}
