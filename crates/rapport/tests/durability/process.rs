//! The real binary as a process that can be killed, started again on the same folder and address, and asked whether it is ready.

use std::{
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    time::{Duration, Instant},
};

/// Longest wait for anything that should come; reaching it is a failure.
const PATIENCE: Duration = Duration::from_secs(60);

/// How a server is started.
#[derive(Clone, Debug)]
pub(crate) struct Start {
    pub(crate) data: PathBuf,
    /// Port 0 takes a free one.
    pub(crate) listen: String,
    pub(crate) environment: Vec<(&'static str, PathBuf)>,
    pub(crate) arguments: Vec<String>,
}

impl Start {
    pub(crate) fn at(data: &Path) -> Self {
        Self { data: data.to_owned(), listen: "127.0.0.1:0".to_owned(), environment: Vec::new(), arguments: Vec::new() }
    }

    /// Starts and waits until it listens.
    pub(crate) fn run(&self) -> Process {
        let started = Instant::now();
        let mut child = Command::new(env!("CARGO_BIN_EXE_rapport"))
            .args(["serve", "--demo", "--live-frames-per-second", "0", "--requests-per-second", "0", "--log", "error", "--listen", &self.listen, "--data"])
            .arg(&self.data)
            .args(&self.arguments)
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .stdout(Stdio::piped())
            .spawn()
            .expect("rapport serve");
        let mut lines = BufReader::new(child.stdout.take().expect("stdout")).lines();
        let line = lines.by_ref().map_while(Result::ok).find(|it| it.starts_with("listening on http://"));
        let Some(line) = line else { panic!("rapport serve ended: {:?}", child.wait()) };
        // The rest is read and thrown away, so that the server never blocks on a full pipe.
        std::thread::spawn(move || lines.for_each(drop));
        let address = line.trim_start_matches("listening on http://").split(' ').next().expect("an address").to_owned();
        Process { child, address, started }
    }
}

pub(crate) struct Process {
    child: Child,
    pub(crate) address: String,
    started: Instant,
}

impl Process {
    /// Waits until `/readyz` answers 200: how long that was from the start.
    pub(crate) async fn ready(&self) -> Duration {
        while self.readiness().await != 200 {
            assert!(self.started.elapsed() < PATIENCE, "not ready");
        }
        self.started.elapsed()
    }

    /// The status of `/readyz`.
    pub(crate) async fn readiness(&self) -> u16 {
        reqwest::get(format!("http://{}/readyz", self.address)).await.expect("an answer").status().as_u16()
    }

    pub(crate) fn is_running(&mut self) -> bool {
        self.child.try_wait().expect("status").is_none()
    }

    /// `kill -9`.
    pub(crate) fn kill(mut self) -> ExitStatus {
        self.child.kill().expect("kill");
        self.child.wait().expect("wait")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _killed = self.child.kill();
        let _waited = self.child.wait();
    }
}
