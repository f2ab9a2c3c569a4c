//! How cost grows: the same path with a thousand, a hundred thousand and a million messages already stored.

use anyhow::Context as _;
use serde_json::json;

use crate::{
    Scale,
    load::{Sample, drive},
    people::{self, Socket},
    report::Report,
    server::{Server, rapport},
};

const SENDERS: usize = 64;

struct Stored {
    messages: u64,
    // Held so that the server and its folder live as long as the sockets.
    _folder: tempfile::TempDir,
    _server: Server,
    agent: Socket,
    visitors: Vec<Socket>,
    samples: Vec<Sample>,
}

pub(crate) async fn measure(scale: &Scale, report: &mut Report) -> anyhow::Result<()> {
    let mut all = Vec::new();
    for messages in scale.stored {
        all.push(stored(*messages).await?);
    }
    // In turn, so that each meets the same moods of the machine.
    for _ in 0..scale.rounds {
        for it in &mut all {
            it.samples.push(drive(scale, &mut it.agent, &mut it.visitors, SENDERS).await?);
        }
    }
    report.heading(&format!("The same path with messages already stored, {SENDERS} senders"));
    report.line(&format!("{:>10}  {:>10} {:>8} {:>8}", "stored", "/s", "p50 ms", "p99 ms"));
    for it in &all {
        let sample = Sample::median(&it.samples);
        report.line(&format!("{:>10}  {:>10.0} {:>8.2} {:>8.2}", it.messages, sample.per_second, sample.p50_ms, sample.p99_ms));
        report.keep(&format!("stored_{}", it.messages), &json!(sample));
    }
    let (first, last) = (all.first().context("nothing stored")?, all.last().context("nothing stored")?);
    let ratio = Sample::median(&last.samples).p99_ms / Sample::median(&first.samples).p99_ms;
    report.bar("growth-p99", ratio, "≤ 1.5", ratio <= 1.5);
    Ok(())
}

async fn stored(messages: u64) -> anyhow::Result<Stored> {
    let folder = tempfile::tempdir()?;
    // The first start makes the demo tenant.
    drop(Server::product(folder.path())?);
    rapport(&["preload", "--messages", &messages.to_string()], folder.path())?;
    let server = Server::product(folder.path())?;
    let (agent, visitors) = people::assemble(&server.address, folder.path(), SENDERS).await?;
    Ok(Stored { messages, _folder: folder, _server: server, agent, visitors, samples: Vec::new() })
}
