//! From start to ready, on a new folder and on one that is there already; and what an idle server keeps in memory.

use std::time::{Duration, Instant};

use anyhow::Context as _;
use serde_json::json;

use crate::{Scale, report::Report, server::Server};

/// Starts on a folder that is there.
const STARTS: usize = 5;
/// How long a server is left alone before its memory is read: what it learns of the demo is learned by then, and the encoder it needed for that is let go.
const SETTLED: Duration = Duration::from_secs(100);

pub(crate) async fn measure(_scale: &Scale, report: &mut Report) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let client = reqwest::Client::new();
    let (first, server) = to_ready(&client, folder.path()).await?;
    drop(server);
    let (mut worst, mut idle) = (Duration::ZERO, 0);
    for n in 1..=STARTS {
        let (took, server) = to_ready(&client, folder.path()).await?;
        worst = worst.max(took);
        if n == STARTS {
            tokio::time::sleep(SETTLED).await;
            idle = server.resident_kib()?;
        }
    }
    let (first_ms, worst_ms) = (first.as_millis(), worst.as_millis());
    report.heading("Start and rest");
    report.line(&format!("new folder with the demo set up: ready after {first_ms} ms; worst of {STARTS} starts on it: {worst_ms} ms"));
    report.line(&format!("idle server: {} MiB resident", idle / 1_024));
    report.keep("start", &json!({"new_folder_ms": first_ms, "worst_ms": worst_ms, "idle_kib": idle}));
    report.bar_text("start-to-ready", &format!("{} ms", worst_ms.max(first_ms)), "≤ 1 s", worst.max(first) <= Duration::from_secs(1));
    report.bar_text("idle-server", &format!("{} MiB", idle / 1_024), "≤ 80 MiB", idle <= 80 * 1_024);
    Ok(())
}

/// Until `/readyz` answers that database and server are ready.
async fn to_ready(client: &reqwest::Client, data: &std::path::Path) -> anyhow::Result<(Duration, Server)> {
    let started = Instant::now();
    let server = Server::product(data)?;
    let url = format!("http://{}/readyz", server.address);
    client.get(&url).send().await?.error_for_status().context("ready")?;
    Ok((started.elapsed(), server))
}
