//! One command of a suite: started, shown, its totals counted and its bars kept.

use std::{
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::Context as _;

use crate::{
    bars::record::Record,
    tally::{self, Dialect, Tally},
    watch,
};

/// How long a step may take; the longest takes a third of it on two cores.
const LIMIT: Duration = Duration::from_secs(45 * 60);

pub(crate) struct Step {
    pub(crate) name: &'static str,
    command: Vec<String>,
    /// From the root of the repository.
    folder: &'static str,
    environment: Vec<(&'static str, String)>,
    dialect: Dialect,
    limit: Duration,
}

pub(crate) struct Done {
    pub(crate) name: &'static str,
    pub(crate) tally: Tally,
    pub(crate) took: Duration,
    pub(crate) succeeded: bool,
    pub(crate) records: Vec<Record>,
    /// The last line that it printed: why it did nothing, when it did nothing.
    pub(crate) last_line: String,
}

impl Step {
    /// `command` is split at blanks.
    pub(crate) fn new(name: &'static str, dialect: Dialect, command: &str) -> Self {
        let command = command.split_whitespace().map(str::to_owned).collect();
        Self { name, command, folder: "", environment: Vec::new(), dialect, limit: LIMIT }
    }

    pub(crate) fn within(mut self, folder: &'static str) -> Self {
        self.folder = folder;
        self
    }

    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.environment.push((name, value.into()));
        self
    }

    pub(crate) fn run(&self) -> anyhow::Result<Done> {
        println!("\n== {}: {}", self.name, self.command.join(" "));
        let started = Instant::now();
        let (program, arguments) = self.command.split_first().context("a step without a command")?;
        let mut command = Command::new(program);
        command.args(arguments).current_dir(root().join(self.folder)).stdin(Stdio::null()).stdout(Stdio::piped());
        // A make within this one has its own arguments.
        for name in ["MAKEFLAGS", "MAKEOVERRIDES", "ARGS"] {
            command.env_remove(name);
        }
        command.env("NO_COLOR", "1").env("CARGO_TERM_COLOR", "never").envs(self.environment.iter().map(|(name, value)| (*name, value.as_str())));
        let mut child = command.spawn().with_context(|| format!("cannot start `{program}`"))?;
        let watch = watch::over(child.id(), self.limit, self.name);
        let mut shown = Shown::default();
        let (mut tally, mut records, mut last_line) = (Tally::default(), Vec::new(), String::new());
        for line in BufReader::new(child.stdout.take().context("stdout")?).lines() {
            // A test may print what is no UTF-8; that line is not worth the run.
            let Ok(line) = line else { continue };
            if let Some(record) = Record::read(&line) {
                records.push(record);
            }
            tally.add(tally::read(self.dialect, &line).unwrap_or_default());
            if self.dialect != Dialect::Cargo || shown.shows(&line) {
                println!("{line}");
            }
            if !line.trim().is_empty() {
                last_line = line;
            }
        }
        let succeeded = child.wait()?.success();
        drop(watch);
        let tally = tally.settled(self.dialect, succeeded);
        Ok(Done { name: self.name, tally, took: started.elapsed(), succeeded: succeeded && tally.failed == 0, records, last_line })
    }
}

/// Leaves out what passing tests printed: `cargo test` is run with `--show-output` only so that bars can be kept.
#[derive(Default)]
struct Shown {
    skipping: bool,
}

impl Shown {
    fn shows(&mut self, line: &str) -> bool {
        match line {
            "successes:" => self.skipping = true,
            "failures:" => self.skipping = false,
            _ if line.starts_with("test result: ") => self.skipping = false,
            _ => {}
        }
        !self.skipping
    }
}

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new(".")).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn output_of_passing_tests_is_left_out_and_failures_are_shown() {
        let mut shown = Shown::default();
        let lines = ["test a ... ok", "successes:", "---- a stdout ----", "noise", "failures:", "---- b stdout ----", "test result: FAILED. 1 passed; 1 failed"];
        let kept: Vec<_> = lines.into_iter().filter(|it| shown.shows(it)).collect();
        assert_eq!(kept, ["test a ... ok", "failures:", "---- b stdout ----", "test result: FAILED. 1 passed; 1 failed"]);
    }

    #[test]
    fn totals_bars_and_a_broken_command_are_seen() {
        let said = Step::new("says", Dialect::Ours, "printf 3\\x20passed,\\x200\\x20failed\\nBAR\\x20{\"name\":\"n\",\"figure\":1,\"target\":\"2\",\"holds\":true}\\n");
        let done = said.run().unwrap();
        assert_eq!((done.tally, done.succeeded, done.records.len()), (Tally { passed: 3, failed: 0 }, true, 1));
        let broken = Step::new("breaks", Dialect::Ours, "false").run().unwrap();
        assert_eq!((broken.tally, broken.succeeded), (Tally { passed: 0, failed: 1 }, false));
        let mut endless = Step::new("hangs", Dialect::Whole, "sh");
        endless.command = ["sh", "-c", "sleep 600 & wait"].map(str::to_owned).to_vec();
        endless.limit = Duration::from_millis(200);
        assert!(!endless.run().unwrap().succeeded);
        assert!(Step::new("missing", Dialect::Whole, "no-such-program-here").run().is_err());
    }
}
