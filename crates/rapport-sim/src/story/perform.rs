//! Plays a story on a stage, step by step, and says where it failed.

use super::step::{Line, Step, Story};

/// Whoever can perform steps: the simulator, or a client of a running server.
pub trait Stage {
    /// Does or checks one step. The error is for people.
    fn perform(&mut self, step: &Step) -> Result<(), String>;
}

/// The step at which a story went another way.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {}: {}\n  {why}", line.number, line.text)]
pub struct Failure {
    pub line: Line,
    pub why: String,
}

/// Performs all steps in order.
pub fn play(story: &Story, stage: &mut dyn Stage) -> Result<(), Failure> {
    for (line, step) in &story.steps {
        stage.perform(step).map_err(|why| Failure { line: line.clone(), why })?;
    }
    Ok(())
}
