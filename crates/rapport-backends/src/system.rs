//! The system's clock and randomness.

use std::{
    cell::RefCell,
    time::{SystemTime, UNIX_EPOCH},
};

use rapport_model::{Ids, Timestamp};
use rapport_ports::{Clock, Entropy};

pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}

pub struct OsEntropy;

/// Seeds of ids fetched at once: ids have to differ, not to be secret, and a message takes three.
const SEEDS: usize = 64;

thread_local! {
    static SEEDS_LEFT: RefCell<Vec<u128>> = const { RefCell::new(Vec::new()) };
}

impl Entropy for OsEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        // Without randomness no token would be safe: better no server than a guessable one.
        if getrandom::fill(bytes).is_err() {
            std::process::abort();
        }
    }

    fn ids(&self, now: Timestamp) -> Ids {
        let seed = SEEDS_LEFT.with_borrow_mut(|left| {
            if left.is_empty() {
                let mut bytes = [[0_u8; 16]; SEEDS];
                self.fill(bytes.as_flattened_mut());
                left.extend(bytes.map(u128::from_le_bytes));
            }
            left.pop().unwrap_or_default()
        });
        Ids::new(now, seed)
    }
}
