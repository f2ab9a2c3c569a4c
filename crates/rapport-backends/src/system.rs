//! The system's clock and randomness.

use std::time::{SystemTime, UNIX_EPOCH};

use rapport_model::Timestamp;
use rapport_ports::{Clock, Entropy};

pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}

pub struct OsEntropy;

impl Entropy for OsEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        // Without randomness no token would be safe: better no server than a guessable one.
        if getrandom::fill(bytes).is_err() {
            std::process::abort();
        }
    }
}
