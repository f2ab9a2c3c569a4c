//! Messages while a model of intents is trained: a firm teaches, its customers talk on.
//!
//! The visitors write at a steady rate, as people do, instead of as fast as they are answered: the training then takes the time that is left.

use std::{fmt::Write as _, time::Duration};

use anyhow::{Context as _, bail};
use serde_json::{Value, json};

use crate::{
    Scale,
    load::{Sample, drive_with},
    people,
    report::Report,
    server::{OWNER, Server, rapport},
};

const VISITORS: usize = 64;
/// Between two messages of a visitor: some 600 messages a second in all.
const BETWEEN: Duration = Duration::from_millis(100);
const TARGET: f64 = 2.0;

const DEEDS: [&str; 15] =
    ["cancel", "change", "track", "return", "renew", "upgrade", "share", "print", "lock", "repair", "insure", "translate", "schedule", "compare", "gift"];
const THINGS: [&str; 10] = ["order", "invoice", "parcel", "password", "membership", "warranty", "booking", "voucher", "account", "contract"];
const OPENINGS: [&str; 10] = [
    "please", "could you help me", "i would like to", "how do i", "is it possible to", "my wife wants to", "the app will not let me", "what happens if i",
    "before friday i must", "somebody told me to",
];
const CLOSINGS: [&str; 10] = [
    "today", "from my phone", "without paying again", "that i made last week", "for our office", "and keep the discount", "since it was a mistake",
    "when i am abroad", "for my mother", "as soon as you can",
];

pub(crate) async fn measure(scale: &Scale, report: &mut Report) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let server = Server::product(folder.path())?;
    let firm = Firm::new(&server.address, folder.path())?;
    let (mut agent, mut visitors) = people::assemble(&server.address, folder.path(), VISITORS).await?;
    firm.teach(scale.taught_each).await?;
    firm.learn().await?;
    let alone = firm.trained().await?;
    let mut before = Vec::new();
    for _ in 0..scale.rounds {
        before.push(drive_with(scale, &mut agent, &mut visitors, VISITORS, BETWEEN).await?);
    }
    let learning = firm.clone();
    let training = tokio::spawn(async move { learning.learn().await });
    let mut during = Vec::new();
    loop {
        let sample = drive_with(scale, &mut agent, &mut visitors, VISITORS, BETWEEN).await?;
        // What ends with the training is not a window of it.
        if training.is_finished() && !during.is_empty() {
            break;
        }
        during.push(sample);
    }
    training.await??;
    let busy = firm.trained().await?;
    let (before, during) = (Sample::median(&before), Sample::median(&during));
    let ratio = during.p99_ms / before.p99_ms;
    report.heading(&format!("{} examples of {} intents learned while {VISITORS} visitors talk", busy.examples, busy.labels));
    report.line(&format!("training alone {:.1} s, while they talk {:.1} s", alone.seconds, busy.seconds));
    report.line(&format!("before: {:.0} messages/s, p50 {:.2} ms, p99 {:.2} ms", before.per_second, before.p50_ms, before.p99_ms));
    report.line(&format!("while learning: {:.0} messages/s, p50 {:.2} ms, p99 {:.2} ms", during.per_second, during.p50_ms, during.p99_ms));
    let kept = json!({"before": before, "during": during, "p99_ratio": ratio, "train_alone_s": alone.seconds, "train_busy_s": busy.seconds, "examples": busy.examples});
    report.keep("learning", &kept);
    report.bar("learning-p99", ratio, "≤ 2", ratio <= TARGET);
    Ok(())
}

struct Model {
    examples: u64,
    labels: usize,
    seconds: f64,
}

/// Who teaches.
#[derive(Clone)]
struct Firm {
    client: reqwest::Client,
    base: String,
    token: String,
}

impl Firm {
    fn new(address: &str, data: &std::path::Path) -> anyhow::Result<Self> {
        let token = rapport(&["token", "create", "--tenant", "demo", "--role", "supervisor", "--member", OWNER], data)?;
        Ok(Self { client: reqwest::Client::new(), base: format!("http://{address}/api/rapport/v1/intents"), token: token.trim().to_owned() })
    }

    async fn teach(&self, each: usize) -> anyhow::Result<()> {
        let request = self.client.post(format!("{}/import", self.base)).bearer_auth(&self.token).body(examples(each)?);
        answered(request.send().await?).await.map(drop)
    }

    /// Returns when it is learned.
    async fn learn(&self) -> anyhow::Result<()> {
        answered(self.client.post(format!("{}/train?wait=true", self.base)).bearer_auth(&self.token).send().await?).await.map(drop)
    }

    async fn trained(&self) -> anyhow::Result<Model> {
        let text = answered(self.client.get(format!("{}/report", self.base)).bearer_auth(&self.token).send().await?).await?;
        let report: Value = serde_json::from_str(&text)?;
        let examples = report.get("examples").and_then(Value::as_u64).context("examples")?;
        let labels = report.get("labels").and_then(Value::as_array).context("labels")?.len();
        let seconds = report.get("train_s").and_then(Value::as_f64).context("train_s")?;
        Ok(Model { examples, labels, seconds })
    }
}

async fn answered(response: reqwest::Response) -> anyhow::Result<String> {
    let (status, text) = (response.status(), response.text().await?);
    if status.is_success() { Ok(text) } else { bail!("{status}: {text}") }
}

/// Sentences of every deed with every thing, as a file that the product reads.
fn examples(each: usize) -> anyhow::Result<String> {
    let mut out = String::from("text,label\n");
    for deed in DEEDS {
        for thing in THINGS {
            let pairs = OPENINGS.iter().flat_map(|opening| CLOSINGS.iter().map(move |closing| (opening, closing)));
            for (opening, closing) in pairs.take(each) {
                writeln!(out, "{opening} {deed} the {thing} {closing},{deed} {thing}")?;
            }
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_hundred_and_fifty_intents_are_taught_with_a_hundred_examples_each() {
        let file = super::examples(100).expect("a file");
        let labels: std::collections::BTreeSet<&str> = file.lines().skip(1).filter_map(|it| it.rsplit(',').next()).collect();
        assert_eq!((file.lines().count(), labels.len()), (15_001, 150));
    }
}
