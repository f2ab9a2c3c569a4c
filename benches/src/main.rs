//! The product against a bare path written for comparison, in one run on one machine: throughput, latency, memory, start, growth.
//!
//! The product is the real binary over real sockets; `make bench` builds both the way the product is shipped.

#![expect(clippy::print_stdout, reason = "the figures are what this program is for")]

mod bare;
mod growth;
mod hold;
mod learning;
mod load;
mod memory;
mod paths;
mod people;
mod report;
mod server;
mod start;

use std::{path::PathBuf, time::Duration};

use clap::{Parser, Subcommand, ValueEnum};

use crate::report::Report;

#[derive(Parser)]
#[command(about = "The product against a bare path, on this machine")]
struct Arguments {
    /// Short windows and small numbers: shows that everything runs; the figures mean little.
    #[arg(long)]
    smoke: bool,
    /// Measure these alone.
    #[arg(long, value_delimiter = ',')]
    only: Vec<Measure>,
    /// Numbers of senders on the paths.
    #[arg(long, value_delimiter = ',', default_values_t = [1, 64, 256])]
    senders: Vec<usize>,
    #[command(subcommand)]
    role: Option<Role>,
}

/// What this program is when it starts itself as another process.
#[derive(Subcommand)]
enum Role {
    /// The bare path's server.
    #[command(hide = true)]
    Bare { folder: PathBuf, key: bare::Key },
    /// Opens idle visitors' sockets and keeps them until standard input ends.
    #[command(hide = true)]
    Hold { address: String, sockets: usize },
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Measure {
    /// Start to ready, and the idle server's memory.
    Start,
    /// Memory of idle visitors.
    Memory,
    /// Product and bare path at 1, 64 and 256 senders.
    Paths,
    /// The product with more and more messages stored.
    Growth,
    /// Messages while a large model of intents is trained.
    Learning,
}

/// How long and how much.
struct Scale {
    window: Duration,
    warm_up: Duration,
    rounds: usize,
    sockets: usize,
    stored: &'static [u64],
    /// Examples of each of the intents that are learned while messages flow.
    taught_each: usize,
}

impl Scale {
    fn of(smoke: bool) -> Self {
        if smoke {
            return Self { window: Duration::from_secs(1), warm_up: Duration::from_millis(300), rounds: 1, sockets: 200, stored: &[1_000, 10_000], taught_each: 10 };
        }
        Self { window: Duration::from_secs(5), warm_up: Duration::from_secs(2), rounds: 5, sockets: 10_000, stored: &[1_000, 100_000, 1_000_000], taught_each: 100 }
    }
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        match &arguments.role {
            Some(Role::Bare { folder, key }) => bare::serve(folder, *key).await,
            Some(Role::Hold { address, sockets }) => hold::hold(address, *sockets).await,
            None => measure(&arguments).await,
        }
    })
}

async fn measure(arguments: &Arguments) -> anyhow::Result<()> {
    let scale = Scale::of(arguments.smoke);
    let is_wanted = |it: Measure| arguments.only.is_empty() || arguments.only.contains(&it);
    let mut report = Report::new(arguments.smoke);
    if is_wanted(Measure::Start) {
        start::measure(&scale, &mut report).await?;
    }
    if is_wanted(Measure::Memory) {
        memory::measure(&scale, &mut report).await?;
    }
    if is_wanted(Measure::Paths) {
        paths::measure(&scale, &arguments.senders, &mut report).await?;
    }
    if is_wanted(Measure::Growth) {
        growth::measure(&scale, &mut report).await?;
    }
    if is_wanted(Measure::Learning) {
        learning::measure(&scale, &mut report).await?;
    }
    report.finish()
}
