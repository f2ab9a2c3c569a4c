//! Channels: receiving what customers send and handing it to the intake, and sending what is said to them.

pub mod adapter;
pub mod api;
pub mod config;
pub mod dingtalk;
pub mod feishu;
mod forms;
pub mod http;
pub mod messenger;
mod meta;
pub mod registry;
pub mod render;
pub mod sms_aliyun;
pub mod sms_twilio;
pub mod telegram;
pub mod webchat;
pub mod wechat;
pub mod wecom;
pub mod wecom_kf;
pub mod whatsapp;

pub use adapter::{Adapter, Link, OutFile, Pulled, Received, Tokens, step};
pub use config::{Opened, Place, Sealer, changed};
pub use http::{CallFault, Http, is_public};
pub use registry::{adapter, capabilities_of, pieces, room};
pub use render::{ButtonRoom, Rendered, render};
