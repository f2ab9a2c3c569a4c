//! How many frames a socket may send: a token bucket of ten seconds.

use rapport_model::Timestamp;

/// Seconds of the allowed rate that may come at once.
const BURST_S: i64 = 10;

/// Units: thousandths of a frame, so that whole numbers suffice.
pub(super) struct Budget {
    per_second: i64,
    left: i64,
    at: Timestamp,
}

impl Budget {
    /// `per_second` 0 means no limit.
    pub(super) fn new(per_second: u32, now: Timestamp) -> Self {
        let per_second = i64::from(per_second);
        Self { per_second, left: per_second.saturating_mul(BURST_S * 1000), at: now }
    }

    /// Takes one frame; `false` when there is none left.
    pub(super) fn take(&mut self, now: Timestamp) -> bool {
        if self.per_second == 0 {
            return true;
        }
        let earned = now.since_ms(self.at).max(0).saturating_mul(self.per_second);
        self.left = self.left.saturating_add(earned).min(self.per_second.saturating_mul(BURST_S * 1000));
        self.at = now;
        self.left = self.left.saturating_sub(1000);
        self.left >= 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_allowed_a_flood_is_not_and_time_heals() {
        let mut budget = Budget::new(30, Timestamp(0));
        let taken = (0..1000).take_while(|_| budget.take(Timestamp(0))).count();
        assert_eq!(taken, 300);
        assert!(!budget.take(Timestamp(10)));
        assert!(budget.take(Timestamp(1_000)));
        assert!((0..100_000).all(|_| Budget::new(0, Timestamp(0)).take(Timestamp(0))));
    }
}
