//! Product and bare path at 1, 64 and 256 senders: in turn, several rounds, so that both meet the same moods of the machine.

use anyhow::Context as _;
use serde_json::json;

use crate::{
    Scale,
    load::{Sample, drive},
    people::{self, Socket},
    report::Report,
    server::Server,
};

struct Path {
    agent: Socket,
    senders: Vec<Socket>,
    /// One list of samples a number of senders.
    samples: Vec<Vec<Sample>>,
}

impl Path {
    fn new(agent: Socket, senders: Vec<Socket>, counts: usize) -> Self {
        Self { agent, senders, samples: vec![Vec::new(); counts] }
    }

    fn median(&self, at: usize) -> anyhow::Result<Sample> {
        Ok(Sample::median(self.samples.get(at).context("no samples")?))
    }
}

pub(crate) async fn measure(scale: &Scale, counts: &[usize], report: &mut Report) -> anyhow::Result<()> {
    let most = counts.iter().copied().max().unwrap_or(1);
    let folders = [tempfile::tempdir()?, tempfile::tempdir()?, tempfile::tempdir()?];
    let [data, keyed, keyless] = &folders;
    let product_server = Server::product(data.path())?;
    let (bare_server, keyless_server) = (Server::bare(keyed.path(), "sender-and-id")?, Server::bare(keyless.path(), "none")?);
    let (agent, visitors) = people::assemble(&product_server.address, data.path(), most).await?;
    let mut product = Path::new(agent, visitors, counts.len());
    let mut bare = bare_path(&bare_server.address, most, counts.len()).await?;
    let mut keyless = bare_path(&keyless_server.address, most, counts.len()).await?;
    for _ in 0..scale.rounds {
        for (at, count) in counts.iter().copied().enumerate() {
            for path in [&mut product, &mut bare, &mut keyless] {
                let sample = drive(scale, &mut path.agent, &mut path.senders, count).await?;
                path.samples.get_mut(at).context("no samples")?.push(sample);
            }
        }
    }
    report.heading("Messages from the customer's socket to the agent's, acknowledged after commit");
    let (ours, theirs) = ("product: /s, p50, p99 ms", "bare path: /s, p50, p99 ms");
    report.line(&format!("{:>8}  {ours:>28}  {theirs:>28}  {:>18}  {:>30}", "senders", "ratio: /s, p99", "bare, resent stored twice: /s"));
    for (at, count) in counts.iter().copied().enumerate() {
        let (ours, theirs, least) = (product.median(at)?, bare.median(at)?, keyless.median(at)?);
        let (rate, p99) = (ours.per_second / theirs.per_second, ours.p99_ms / theirs.p99_ms);
        let to_least = ours.per_second / least.per_second;
        report.line(&format!(
            "{count:>8}  {:>12.0} {:>7.2} {:>7.2}  {:>12.0} {:>7.2} {:>7.2}  {rate:>10.2} {p99:>7.2}  {:>18.0} ({to_least:.2})",
            ours.per_second, ours.p50_ms, ours.p99_ms, theirs.per_second, theirs.p50_ms, theirs.p99_ms, least.per_second
        ));
        let kept = json!({"product": ours, "bare": theirs, "keyless": least, "throughput_ratio": rate, "p99_ratio": p99, "keyless_throughput_ratio": to_least});
        report.keep(&format!("senders_{count}"), &kept);
        if count == 64 {
            report.bar("throughput-64", rate, "≥ 0.7 (aim 1.5)", rate >= 0.7);
            report.bar("p99-64", p99, "≤ 2", p99 <= 2.0);
        }
    }
    Ok(())
}

async fn bare_path(address: &str, count: usize, counts: usize) -> anyhow::Result<Path> {
    let agent = people::connect(&format!("ws://{address}/agent")).await?;
    let mut senders = Vec::with_capacity(count);
    for _ in 0..count {
        senders.push(people::connect(&format!("ws://{address}/sender")).await?);
    }
    Ok(Path::new(agent, senders, counts))
}
