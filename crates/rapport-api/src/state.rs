//! What every handler can reach, put together once by the binary.

use std::{net::IpAddr, sync::Arc};

use rapport_ethics::Gate;
use rapport_ports::{Blobs, Bus, ChannelDesk, Clock, Entropy, FeelingDesk, Intake, IntentDesk, KnowledgeDesk, Store};
use tokio::sync::watch;

use crate::Limits;

pub struct ApiState {
    pub store: Arc<dyn Store>,
    pub intake: Arc<dyn Intake>,
    pub bus: Arc<dyn Bus>,
    pub blobs: Arc<dyn Blobs>,
    pub knowledge: Arc<dyn KnowledgeDesk>,
    pub intents: Arc<dyn IntentDesk>,
    pub feelings: Arc<dyn FeelingDesk>,
    pub channels: Arc<dyn ChannelDesk>,
    /// What may be done with what is known of a person.
    pub gate: Arc<Gate>,
    pub clock: Arc<dyn Clock>,
    pub entropy: Arc<dyn Entropy>,
    pub settings: ApiSettings,
    pub limits: Limits,
    /// Prometheus text.
    pub metrics: Arc<dyn Fn() -> String + Send + Sync>,
    /// Turns true when the server goes down.
    pub stopping: watch::Receiver<bool>,
}

#[derive(Clone, Debug)]
pub struct ApiSettings {
    /// Without a slash at its end.
    pub public_url: String,
    /// From which visitor tokens, CSRF values and ticket links are derived.
    pub server_secret: [u8; 32],
    /// Whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// Whether the start page leads to the demo shop.
    pub demo: bool,
    pub upload_bytes_max: usize,
    /// 0 means no limit.
    pub live_frames_per_second: u32,
}

impl ApiSettings {
    pub(crate) fn is_https(&self) -> bool {
        self.public_url.starts_with("https://")
    }
}
