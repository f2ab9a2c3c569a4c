//! Channels: one module each, receiving what customers send and handing it to the intake.

pub mod webchat;
