//! Command line of the simulator: one seed with its trace, many seeds, or stories.

use std::{
    io::{self, Write},
    ops::Range,
    path::PathBuf,
    process::ExitCode,
    time::Instant,
};

use clap::{Parser, Subcommand};
use rapport_sim::{Plan, run, seeds, story};

#[derive(Parser)]
#[command(about = "Runs the engine in a seeded world of customers, agents and faults, or plays stories in it.")]
struct Arguments {
    /// Run one seed.
    #[arg(long)]
    seed: Option<u64>,
    /// Run many: `10000` for the first ten thousand, `500..700` for those.
    #[arg(long, default_value = "200", value_parser = range)]
    seeds: Range<u64>,
    /// With one seed or with stories: print what happened, line by line.
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
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let mut out = io::stdout().lock();
    let held = match (&arguments.command, arguments.seed) {
        (Some(Command::Story { files }), _) => stories(&mut out, files, arguments.trace),
        (None, Some(seed)) => one(&mut out, seed, arguments.trace),
        (None, None) => many(&mut out, arguments.seeds),
    };
    // An error of writing: nobody reads any more (`| head`).
    if held.unwrap_or(false) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn range(text: &str) -> Result<Range<u64>, String> {
    let number = |it: &str| it.parse::<u64>().map_err(|error| format!("`{it}`: {error}"));
    match text.split_once("..") {
        Some((from, to)) => Ok(number(from)?..number(to)?),
        None => Ok(0..number(text)?),
    }
}

fn one(out: &mut impl Write, seed: u64, trace: bool) -> io::Result<bool> {
    let report = run(Plan { seed, sabotage: None, trace });
    for line in &report.trace {
        writeln!(out, "{line}")?;
    }
    let counts: Vec<String> = report.counts.iter().map(|(what, count)| format!("{count} {}", what.replace('_', " "))).collect();
    writeln!(out, "seed {seed}: {}", counts.join(", "))?;
    for violation in &report.violations {
        writeln!(out, "BROKEN {violation}")?;
    }
    Ok(report.violations.is_empty())
}

fn many(out: &mut impl Write, range: Range<u64>) -> io::Result<bool> {
    let started = Instant::now();
    let outcome = seeds::run_all(range, None);
    write!(out, "{}", outcome.complaints())?;
    writeln!(out, "{} seeds, {} failed, {:.1} s: {}", outcome.seeds, outcome.failed.len(), started.elapsed().as_secs_f64(), outcome.tally())?;
    Ok(outcome.failed.is_empty())
}

fn stories(out: &mut impl Write, files: &[PathBuf], trace: bool) -> io::Result<bool> {
    let mut all_held = true;
    for file in files {
        let source = std::fs::read_to_string(file)?;
        let played = story::simulate(&source, story::Network::Good, trace);
        for line in &played.trace {
            writeln!(out, "{line}")?;
        }
        let said = played.outcome.as_ref().err().map_or_else(|| played.figure(), |failure| format!("FAILED {failure}"));
        writeln!(out, "{}: {said}", file.display())?;
        all_held &= played.outcome.is_ok();
    }
    Ok(all_held)
}
