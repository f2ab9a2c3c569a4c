//! Memory of idle visitors: many sockets held by another process, and how much the server grew by them.

use std::{
    io::{BufRead as _, BufReader},
    process::Stdio,
    time::Duration,
};

use anyhow::{Context as _, bail};
use serde_json::json;

use crate::{
    Scale,
    report::Report,
    server::{Server, files_max, unlimited},
};

/// Files a server keeps open besides its sockets.
const OTHER_FILES: usize = 256;
/// How long sockets are left alone before memory is read.
const SETTLED: Duration = Duration::from_secs(3);
/// How long the server is left alone before: what it learns of the demo must not count, nor be let go meanwhile.
const RESTED: Duration = Duration::from_secs(100);

pub(crate) async fn measure(scale: &Scale, report: &mut Report) -> anyhow::Result<()> {
    let sockets = scale.sockets.min(files_max().saturating_sub(OTHER_FILES));
    let folder = tempfile::tempdir()?;
    let server = Server::product(folder.path())?;
    tokio::time::sleep(RESTED).await;
    let before = server.resident_kib()?;
    let mut command = unlimited(&std::env::current_exe()?);
    command.args(["hold", &server.address, &sockets.to_string()]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut holder = command.spawn()?;
    let mut lines = BufReader::new(holder.stdout.take().context("stdout")?).lines();
    let held = lines.find(|line| line.as_ref().is_ok_and(|it| it.starts_with("holding ")));
    if held.is_none() {
        bail!("the sockets could not be opened: {:?}", holder.wait()?);
    }
    tokio::time::sleep(SETTLED).await;
    let after = server.resident_kib()?;
    drop(holder.stdin.take());
    holder.wait()?;
    let each = f64::from(u32::try_from(after.saturating_sub(before))?) / f64::from(u32::try_from(sockets)?);
    report.heading("Idle visitors");
    let short = if sockets < scale.sockets { format!(" (this machine lets a process open {} files)", files_max()) } else { String::new() };
    report.line(&format!("{sockets} sockets{short}: {} MiB before, {} MiB with them, {each:.1} KiB each", before / 1_024, after / 1_024));
    report.keep("idle_visitors", &json!({"sockets": sockets, "before_kib": before, "after_kib": after, "each_kib": each}));
    report.bar_text("idle-visitor", &format!("{each:.1} KiB at {sockets} sockets"), "≤ 16 KiB", each <= 16.0 && sockets == scale.sockets);
    Ok(())
}
