//! Command line of the simulator: one seed with its trace, a range of seeds, or a story.

use std::io::Write as _;

use clap::{Parser, Subcommand};
use rapport_sim::{Plan, Report, run};

#[derive(Parser)]
#[command(about = "Runs the engine in a seeded world of customers, agents and faults, or plays stories in it.")]
struct Arguments {
    /// Run one seed.
    #[arg(long)]
    seed: Option<u64>,
    /// Run a range of seeds: `0..200`.
    #[arg(long)]
    seeds: Option<String>,
    /// Print what happened, line by line.
    #[arg(long)]
    trace: bool,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Play stories and say how long each took.
    Story {
        /// Story files.
        files: Vec<std::path::PathBuf>,
    },
}

fn main() -> std::process::ExitCode {
    let arguments = Arguments::parse();
    let mut out = std::io::stdout().lock();
    let played = match &arguments.command {
        Some(Command::Story { files }) => stories(&mut out, files, arguments.trace),
        None => seeds(&mut out, &arguments),
    };
    match played {
        Ok(true) => std::process::ExitCode::SUCCESS,
        Ok(false) => std::process::ExitCode::FAILURE,
        // Nobody reads any more (`| head`).
        Err(_) => std::process::ExitCode::FAILURE,
    }
}

fn seeds(out: &mut impl std::io::Write, arguments: &Arguments) -> std::io::Result<bool> {
    let range = match (&arguments.seed, &arguments.seeds) {
        (Some(seed), _) => *seed..seed + 1,
        (None, Some(text)) => match range(text) {
            Some(range) => range,
            None => {
                writeln!(out, "--seeds takes a range such as 0..200")?;
                return Ok(false);
            }
        },
        (None, None) => 0..20,
    };
    let started = std::time::Instant::now();
    let mut failed = 0_u32;
    let mut totals = std::collections::BTreeMap::new();
    for seed in range.clone() {
        let report = run(Plan { seed, sabotage: None, trace: arguments.trace });
        for line in &report.trace {
            writeln!(out, "{line}")?;
        }
        for (what, count) in &report.counts {
            *totals.entry(*what).or_insert(0_u64) += count;
        }
        failed += u32::from(!report.violations.is_empty());
        complain(out, seed, &report)?;
    }
    let counted: Vec<String> = totals.iter().map(|(what, count)| format!("{count} {what}")).collect();
    writeln!(out, "{} seeds, {failed} failed, {:.1} s: {}", range.count(), started.elapsed().as_secs_f64(), counted.join(", "))?;
    Ok(failed == 0)
}

fn complain(out: &mut impl std::io::Write, seed: u64, report: &Report) -> std::io::Result<()> {
    for violation in &report.violations {
        writeln!(out, "seed {seed} {violation}\n  replay: cargo run -p rapport-sim -- --seed {seed} --trace")?;
    }
    Ok(())
}

fn range(text: &str) -> Option<std::ops::Range<u64>> {
    let (from, to) = text.split_once("..")?;
    Some(from.parse().ok()?..to.parse().ok()?)
}

fn stories(out: &mut impl std::io::Write, files: &[std::path::PathBuf], trace: bool) -> std::io::Result<bool> {
    let _ = (files, trace);
    writeln!(out, "no stories")?;
    Ok(false)
}
