//! What the API asks of remote channels: take a provider's call, show and change what is configured, try each step.

use std::collections::BTreeMap;

use async_trait::async_trait;
use bytes::Bytes;
use rapport_model::{Bilingual, ChannelKind, Fault, Inbox, TenantId};

/// A call of a provider, as it came: signatures are over these bytes.
#[derive(Clone, Debug)]
pub struct ProviderCall {
    /// `GET`, `POST`.
    pub method: String,
    /// After the inbox's key, without a slash before it.
    pub tail: String,
    /// As it stood in the address, encoded.
    pub query: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: Bytes,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderAnswer {
    pub status: u16,
    pub content_type: &'static str,
    pub body: Vec<u8>,
}

/// One field that an administrator fills in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChannelField {
    pub name: &'static str,
    pub zh: &'static str,
    pub en: &'static str,
    /// Where to find it at the provider.
    pub hint_zh: &'static str,
    pub hint_en: &'static str,
    pub secret: bool,
    pub required: bool,
    /// What holds where it is left empty.
    pub default: &'static str,
}

/// What is configured of one inbox's channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelSettings {
    pub kind: ChannelKind,
    pub fields: &'static [ChannelField],
    pub values: BTreeMap<String, String>,
    /// Secrets that are set; what they are is not shown again.
    pub secrets_set: Vec<String>,
    /// What the provider is to be told to call, without query.
    pub callback_url: String,
    /// Required fields that are missing.
    pub missing: Vec<String>,
}

/// One step of a live check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckStep {
    /// `configured`, `reachable`, `token`, `callback`, …
    pub name: &'static str,
    pub passed: Option<bool>,
    pub said: Bilingual,
}

#[async_trait]
pub trait ChannelDesk: Send + Sync {
    /// When this returns well, everything in the call is durable. Errors: `channel.bad_signature`, `channel.malformed`, `store.unavailable`; the provider
    /// then calls again.
    async fn receive(&self, tenant: TenantId, inbox: &Inbox, call: ProviderCall) -> Result<ProviderAnswer, Fault>;
    async fn settings(&self, tenant: TenantId, inbox: &Inbox) -> Result<ChannelSettings, Fault>;
    /// An empty text takes a field away. Errors: `input.bad_field`.
    async fn configure(&self, tenant: TenantId, inbox: &Inbox, told: BTreeMap<String, String>) -> Result<ChannelSettings, Fault>;
    /// Tries each step against the provider, in order; what cannot be tried after a failure has no outcome.
    async fn check(&self, tenant: TenantId, inbox: &Inbox) -> Result<Vec<CheckStep>, Fault>;
    /// Something is due in the outbox.
    fn wake(&self);
}
