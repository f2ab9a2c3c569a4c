//! How many tests passed and failed, read from what each runner prints.

/// How a runner says its totals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// `test result: ok. 12 passed; 0 failed; …`, once a test binary.
    Cargo,
    /// `Tests  1 failed | 11 passed (12)`, once a package.
    Vitest,
    /// A line `12 passed, 1 failed` of our own runners, more about it in parentheses.
    Ours,
    /// A line `ok what` or `BAD what` for each thing that was done.
    Lines,
    /// A checker: it passes or it does not.
    Whole,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
}

impl Tally {
    pub(crate) fn add(&mut self, other: Self) {
        self.passed = self.passed.saturating_add(other.passed);
        self.failed = self.failed.saturating_add(other.failed);
    }

    /// The totals of a finished runner. One that broke without a failed test, or ran none, counts as one failure.
    pub(crate) fn settled(self, dialect: Dialect, succeeded: bool) -> Self {
        match (dialect, succeeded) {
            (Dialect::Whole, true) => Self { passed: 1, failed: 0 },
            (Dialect::Whole, false) => Self { passed: 0, failed: 1 },
            (_, true) if self.passed > 0 => self,
            (_, _) => Self { failed: self.failed.max(1), ..self },
        }
    }
}

/// What a line adds, where it is one of totals.
pub(crate) fn read(dialect: Dialect, line: &str) -> Option<Tally> {
    match dialect {
        Dialect::Cargo => counts(line.strip_prefix("test result: ")?, ';'),
        Dialect::Vitest => counts(line.trim_start().strip_prefix("Tests ")?, '|'),
        Dialect::Ours => {
            let (passed, failed) = line.split_once(" passed, ")?;
            let (failed, after) = failed.split_once(" failed")?;
            if !after.is_empty() && !after.starts_with(" (") {
                return None;
            }
            Some(Tally { passed: passed.parse().ok()?, failed: failed.parse().ok()? })
        }
        Dialect::Lines if line.starts_with("ok ") => Some(Tally { passed: 1, failed: 0 }),
        Dialect::Lines if line.starts_with("BAD ") => Some(Tally { passed: 0, failed: 1 }),
        Dialect::Lines | Dialect::Whole => None,
    }
}

fn counts(text: &str, between: char) -> Option<Tally> {
    let count = |what: &str| {
        let part = text.split([between, '.', '(']).map(str::trim).find_map(|it| it.strip_suffix(what))?;
        part.trim().parse().ok()
    };
    let (passed, failed) = (count(" passed"), count(" failed"));
    (passed.is_some() || failed.is_some()).then(|| Tally { passed: passed.unwrap_or(0), failed: failed.unwrap_or(0) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(passed: u64, failed: u64) -> Tally {
        Tally { passed, failed }
    }

    #[test]
    fn totals_are_read_from_each_runner() {
        for (dialect, line, expected) in [
            (Dialect::Cargo, "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s", Some(of(12, 0))),
            (Dialect::Cargo, "test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s", Some(of(3, 2))),
            (Dialect::Cargo, "test a::b ... ok", None),
            (Dialect::Vitest, "      Tests  12 passed (12)", Some(of(12, 0))),
            (Dialect::Vitest, "      Tests  1 failed | 11 passed | 2 skipped (14)", Some(of(11, 1))),
            (Dialect::Vitest, " Test Files  1 passed (1)", None),
            (Dialect::Ours, "7 passed, 1 failed", Some(of(7, 1))),
            (Dialect::Ours, "7 passed, 1 failed (12 s)", Some(of(7, 1))),
            (Dialect::Ours, "7 passed, 1 failed of it", None),
            (Dialect::Ours, "step 7 passed, 1 failed of it", None),
            (Dialect::Lines, "ok  signs in", Some(of(1, 0))),
            (Dialect::Lines, "BAD signs in", Some(of(0, 1))),
            (Dialect::Lines, "okay", None),
            (Dialect::Whole, "7 passed, 1 failed", None),
        ] {
            assert_eq!(read(dialect, line), expected, "{line}");
        }
    }

    #[test]
    fn a_runner_that_broke_or_ran_nothing_has_failed() {
        assert_eq!(of(5, 0).settled(Dialect::Cargo, true), of(5, 0));
        assert_eq!(of(5, 0).settled(Dialect::Cargo, false), of(5, 1));
        assert_eq!(of(5, 2).settled(Dialect::Cargo, false), of(5, 2));
        assert_eq!(of(0, 0).settled(Dialect::Vitest, true), of(0, 1));
        assert_eq!(of(0, 0).settled(Dialect::Whole, true), of(1, 0));
        assert_eq!(of(0, 0).settled(Dialect::Whole, false), of(0, 1));
    }
}
