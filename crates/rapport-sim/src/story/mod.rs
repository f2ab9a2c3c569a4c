//! Stories: acceptance texts that people can read and a stage can perform, in the simulator or against a running server.

mod parse;
mod perform;
mod stage;
mod step;

pub use parse::{BadLine, parse};
pub use perform::{Failure, Stage, play};
pub use stage::SimStage;
pub use step::{AgentAct, CustomerAct, Expect, Hours, Setup, Step, Story, Time};
