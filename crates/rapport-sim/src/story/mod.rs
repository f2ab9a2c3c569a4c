//! Stories: acceptance texts that people can read and a stage can perform, in the simulator or against a running server.

mod acts;
mod parse;
mod perform;
mod simulate;
mod stage;
mod step;
mod view;

pub use acts::consent;
pub use parse::{BadLine, parse};
pub use perform::{Failure, Stage, play};
pub use simulate::{Network, Played, StoryError, simulate};
pub use stage::SimStage;
pub use step::{AgentAct, AtDesk, CustomerAct, Expect, Hours, Line, Setup, Step, Story, Time};
pub use view::{Standing, TicketPage, View, check, check_at_desk};
