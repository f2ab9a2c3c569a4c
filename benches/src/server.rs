//! Servers as processes: the product's binary and the bare path, each on a free port with its own folder.

use std::{
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use anyhow::{Context as _, bail};

/// The member of the demo that answers.
pub(crate) const AGENT: &str = "ada@cloudstep.example";

/// The one who teaches there.
pub(crate) const OWNER: &str = "owner@cloudstep.example";

pub(crate) struct Server {
    child: Child,
    pub(crate) address: String,
}

impl Server {
    /// The product with its demo tenant; limits on load are off.
    pub(crate) fn product(data: &Path) -> anyhow::Result<Self> {
        let mut command = unlimited(&product_binary()?);
        command.args(["serve", "--demo", "--listen", "127.0.0.1:0", "--live-frames-per-second", "0", "--requests-per-second", "0", "--log", "warn", "--data"]);
        Self::start(command.arg(data))
    }

    /// `key`: `sender-and-id` or `none`.
    pub(crate) fn bare(folder: &Path, key: &str) -> anyhow::Result<Self> {
        Self::start(unlimited(&std::env::current_exe()?).arg("bare").arg(folder).arg(key))
    }

    fn start(command: &mut Command) -> anyhow::Result<Self> {
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().with_context(|| format!("{command:?}"))?;
        let mut lines = BufReader::new(child.stdout.take().context("stdout")?).lines();
        let line = lines.by_ref().map_while(Result::ok).find(|it| it.starts_with("listening on http://"));
        // The rest is read and thrown away, so that the server never waits for a full pipe.
        std::thread::spawn(move || lines.for_each(drop));
        let Some(line) = line else { bail!("the server ended before it listened: {command:?}") };
        let address = line.trim_start_matches("listening on http://").split(' ').next().unwrap_or_default().to_owned();
        Ok(Self { child, address })
    }

    /// Units: KiB.
    pub(crate) fn resident_kib(&self) -> anyhow::Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).context("resident memory is read from /proc")?;
        let line = status.lines().find(|it| it.starts_with("VmRSS:")).context("VmRSS")?;
        line.split_whitespace().nth(1).and_then(|it| it.parse().ok()).context("VmRSS")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _killed = self.child.kill();
        let _waited = self.child.wait();
    }
}

/// Built beside this program.
fn product_binary() -> anyhow::Result<PathBuf> {
    let path = std::env::current_exe()?.with_file_name("rapport");
    if path.exists() { Ok(path) } else { bail!("{} is missing: `make bench` builds it", path.display()) }
}

/// A program that may open as many files as this machine allows.
pub(crate) fn unlimited(program: &Path) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", "ulimit -n \"$(ulimit -Hn)\"; exec \"$0\" \"$@\""]).arg(program);
    command
}

/// How many files a process may open here.
pub(crate) fn files_max() -> usize {
    let out = Command::new("sh").args(["-c", "ulimit -Hn"]).output();
    let text = out.map(|it| String::from_utf8_lossy(&it.stdout).trim().to_owned()).unwrap_or_default();
    if text == "unlimited" { usize::MAX } else { text.parse().unwrap_or(1_024) }
}

/// Runs another command of the product on a data folder, and gives what it printed.
pub(crate) fn rapport(arguments: &[&str], data: &Path) -> anyhow::Result<String> {
    let out = Command::new(product_binary()?).args(arguments).arg("--data").arg(data).output()?;
    if !out.status.success() {
        bail!("rapport {arguments:?}: {}", String::from_utf8_lossy(&out.stderr));
    }
    Ok(String::from_utf8(out.stdout)?)
}
