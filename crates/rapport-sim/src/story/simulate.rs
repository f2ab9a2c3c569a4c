//! One story in the simulator, with what it took.

use std::time::{Duration, Instant};

use rapport_model::DAY_MS;

use super::{BadLine, Failure, SimStage, parse, play};

/// How well the packets travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Network {
    Good,
    /// Packets come twice, answers get lost, connections die while entries are sent. The same seed, the same faults.
    Bad { seed: u64 },
}

/// Why a story did not hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoryError {
    #[error(transparent)]
    Bad(#[from] BadLine),
    #[error(transparent)]
    Failed(#[from] Failure),
    /// An invariant of the world, at whatever step.
    #[error("{0}")]
    Broken(String),
}

/// What came of it.
#[derive(Debug)]
pub struct Played {
    pub outcome: Result<(), StoryError>,
    pub trace: Vec<String>,
    pub simulated_ms: i64,
    pub took: Duration,
}

impl Played {
    /// `30.2 days in 41 ms`.
    pub fn figure(&self) -> String {
        let days = self.simulated_ms / (DAY_MS / 10);
        let span = if days >= 10 { format!("{}.{} days", days / 10, days % 10) } else { format!("{} s", self.simulated_ms / 1000) };
        format!("{span} in {} ms", self.took.as_millis())
    }
}

/// Plays a story from its text.
pub fn simulate(source: &str, network: Network, trace: bool) -> Played {
    let started = Instant::now();
    let mut stage = SimStage::new(network, trace);
    let outcome = parse(source).map_err(StoryError::from).and_then(|story| {
        play(&story, &mut stage)?;
        stage.come_to_rest().map_err(StoryError::Broken)
    });
    Played { outcome, simulated_ms: stage.simulated_ms(), trace: stage.take_trace(), took: started.elapsed() }
}
