//! Time and randomness as arguments.

use rapport_model::{Ids, Timestamp};

/// The time of day. Real in the server, set by hand in tests.
pub trait Clock: Send + Sync {
    fn now(&self) -> Timestamp;
}

/// Unpredictable bytes. From the operating system in the server, seeded in tests.
pub trait Entropy: Send + Sync {
    fn fill(&self, bytes: &mut [u8]);

    /// A fresh source of ids at `now`.
    fn ids(&self, now: Timestamp) -> Ids {
        let mut seed = [0_u8; 16];
        self.fill(&mut seed);
        Ids::new(now, u128::from_le_bytes(seed))
    }
}
