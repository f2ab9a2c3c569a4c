//! Remote channels: calls of providers in, messages out, and what becomes of them.

mod bells;
mod dispatch;
mod intake;
mod lanes;
mod links;
mod people;

use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use rapport_channels::{Adapter, Http, Link, Opened, Sealer, Tokens};
use rapport_model::{ChannelConfig, ChannelKind, Effect, EffectId, Fault, Inbox, InboxId, OutboxItem, TenantId, codes};
use rapport_ports::{ChannelDesk, ChannelField, ChannelSettings, CheckStep, Expect, ProviderAnswer, ProviderCall, Records as _, TenantStore};
use rapport_wire::channel::{Fact, Inbound, WireFault};
use sha2::{Digest as _, Sha256};

pub(crate) use self::{
    dispatch::Errand,
    lanes::{LaneId, Lanes},
};
use crate::pipeline::Pipeline;

/// The channels of this node.
pub(crate) struct Channels {
    pub(crate) pipeline: Arc<Pipeline>,
    pub(crate) http: Http,
    pub(crate) sealer: Sealer,
    pub(crate) tokens: Tokens,
    /// Without a slash at its end.
    pub(crate) public_url: String,
    /// Largest file that is taken in. Units: bytes.
    pub(crate) file_bytes_max: usize,
}

/// One inbox's channel, ready to be used.
struct Open {
    inbox: Inbox,
    adapter: &'static dyn Adapter,
    channel: Opened,
}

impl Channels {
    fn store(&self, tenant: TenantId) -> Arc<dyn TenantStore> {
        Arc::clone(&self.pipeline.tenant(tenant).store)
    }

    /// Where the provider is told to call.
    fn callback_url(&self, inbox: &Inbox) -> String {
        format!("{}/channels/{}", self.public_url, inbox.key)
    }

    /// Errors: `not_found`, `channel.not_configured` with what is missing.
    async fn open(&self, tenant: TenantId, inbox: InboxId) -> Result<Open, Fault> {
        let inbox: Inbox = self.store(tenant).get(*inbox.as_bytes()).await?.ok_or_else(|| Fault::new(codes::NOT_FOUND))?;
        self.open_inbox(tenant, inbox).await
    }

    async fn open_inbox(&self, tenant: TenantId, inbox: Inbox) -> Result<Open, Fault> {
        let adapter = adapter_of(inbox.channel)?;
        let channel = self.opened(tenant, &inbox, adapter.fields()).await?;
        let missing = channel.missing(adapter.fields());
        if missing.is_empty() {
            return Ok(Open { inbox, adapter, channel });
        }
        Err(Fault::with(codes::CHANNEL_NOT_CONFIGURED, missing.join(", ")))
    }

    async fn opened(&self, tenant: TenantId, inbox: &Inbox, fields: &[ChannelField]) -> Result<Opened, Fault> {
        let config: Option<ChannelConfig> = self.store(tenant).get(*inbox.id.as_bytes()).await?;
        Ok(Opened::of(config.as_ref(), fields, tenant, inbox.id, &self.sealer))
    }

    fn link<'a>(&'a self, channel: &'a Opened, inbox: &Inbox) -> Link<'a> {
        Link { http: &self.http, channel, tokens: &self.tokens, inbox: inbox.id, callback_url: self.callback_url(inbox), now: self.pipeline.clock.now() }
    }
}

/// Errors: `not_found` for a channel that has none, such as the web chat.
fn adapter_of(kind: ChannelKind) -> Result<&'static dyn Adapter, Fault> {
    rapport_channels::adapter(kind).ok_or_else(|| Fault::with(codes::NOT_FOUND, format!("{} has no provider", kind.name())))
}

/// An id that is the same for the same texts: 16 bytes of a hash, each text told apart from the next by its length.
fn id_of(parts: &[&[u8]]) -> [u8; 16] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.len().to_be_bytes());
        hash.update(part);
    }
    let mut id = [0; 16];
    for (byte, hashed) in id.iter_mut().zip(hash.finalize()) {
        *byte = hashed;
    }
    id
}

fn effect_id(inbox: InboxId, fact: &str) -> EffectId {
    EffectId(uuid::Uuid::from_bytes(id_of(&[b"take", inbox.as_bytes(), fact.as_bytes()])))
}

/// The lane of an effect that waits for others outside: one for what a customer is sent, one for what a person sends us.
pub(crate) fn lane_of(item: &OutboxItem) -> Option<LaneId> {
    match &item.effect {
        Effect::Deliver { inbox, contact, .. } => Some(id_of(&[b"out", inbox.as_bytes(), contact.as_bytes()])),
        Effect::Take { inbox, fact } => {
            let fact: Option<Inbound> = serde_json::from_str(fact).ok();
            Some(match fact {
                // It may wait for our own note of what was sent, and nobody's words wait behind it.
                Some(Inbound { fact: Fact::Receipt { message, .. }, .. }) => id_of(&[b"receipt", inbox.as_bytes(), message.as_bytes()]),
                fact => intake::lane(*inbox, &fact.map(|it| it.from.id).unwrap_or_default()),
            })
        }
        Effect::RouteQueue | Effect::StoreTicket { .. } => None,
    }
}

fn refused(fault: WireFault) -> Fault {
    match fault {
        WireFault::BadSignature => Fault::new(codes::CHANNEL_SIGNATURE),
        WireFault::Stale => Fault::new(codes::CHANNEL_STALE),
        WireFault::NotOurs => Fault::with(codes::CHANNEL_MALFORMED, "for another account"),
        WireFault::Malformed(what) => Fault::with(codes::CHANNEL_MALFORMED, what),
    }
}

#[async_trait]
impl ChannelDesk for Channels {
    async fn receive(&self, tenant: TenantId, inbox: &Inbox, call: ProviderCall) -> Result<ProviderAnswer, Fault> {
        if let Some(answer) = self.file_at(tenant, inbox, &call).await? {
            return Ok(answer);
        }
        let open = self.open_inbox(tenant, inbox.clone()).await?;
        let now = self.pipeline.clock.now();
        let received = open.adapter.receive(&open.channel, &call, &self.callback_url(inbox), now);
        let name = inbox.channel.name();
        let received = received.map_err(|fault| {
            metrics::counter!("rapport_channel_calls_refused_total", "channel" => name).increment(1);
            refused(fault)
        })?;
        self.take_all(tenant, &open, received.facts).await?;
        Ok(received.answer)
    }

    async fn settings(&self, tenant: TenantId, inbox: &Inbox) -> Result<ChannelSettings, Fault> {
        let fields = adapter_of(inbox.channel)?.fields();
        let config: Option<ChannelConfig> = self.store(tenant).get(*inbox.id.as_bytes()).await?;
        let channel = Opened::of(config.as_ref(), fields, tenant, inbox.id, &self.sealer);
        Ok(ChannelSettings {
            kind: inbox.channel,
            fields,
            values: config.as_ref().map(|it| it.values.clone()).unwrap_or_default(),
            secrets_set: config.iter().flat_map(|it| it.secrets.keys().cloned()).collect(),
            callback_url: self.callback_url(inbox),
            missing: channel.missing(fields),
        })
    }

    async fn configure(&self, tenant: TenantId, inbox: &Inbox, told: BTreeMap<String, String>) -> Result<ChannelSettings, Fault> {
        let fields = adapter_of(inbox.channel)?.fields();
        let now = self.pipeline.clock.now();
        let store = self.store(tenant);
        let config: Option<ChannelConfig> = store.get(*inbox.id.as_bytes()).await?;
        let config = config.unwrap_or_else(|| ChannelConfig { id: inbox.id, values: BTreeMap::new(), secrets: BTreeMap::new(), updated_at: now });
        for (_, base) in told.iter().filter(|it| it.0.ends_with("_url") && !it.1.trim().is_empty()) {
            self.http.check(base.trim())?;
        }
        let config = rapport_channels::changed(&config, fields, told, (tenant, &self.sealer, &*self.pipeline.entropy))?;
        store.put(&ChannelConfig { updated_at: now, ..config }, Expect::Any).await?;
        self.tokens.forget(inbox.id);
        self.settings(tenant, inbox).await
    }

    async fn check(&self, tenant: TenantId, inbox: &Inbox) -> Result<Vec<CheckStep>, Fault> {
        let adapter = adapter_of(inbox.channel)?;
        let channel = self.opened(tenant, inbox, adapter.fields()).await?;
        let missing = channel.missing(adapter.fields());
        if !missing.is_empty() {
            let missing = missing.join(", ");
            return Ok(vec![rapport_channels::step("configured", false, format!("还缺：{missing}"), format!("Missing: {missing}"))]);
        }
        let mut steps = vec![rapport_channels::step("configured", true, "必填项已填写", "All that is needed is filled in")];
        steps.extend(adapter.check(&self.link(&channel, inbox), &self.callback_url(inbox)).await);
        Ok(steps)
    }

    fn wake(&self) {
        self.pipeline.work.notify_one();
    }
}
