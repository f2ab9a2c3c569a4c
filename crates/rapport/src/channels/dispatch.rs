//! Messages out: rendered, cut to the provider's limits, sent piece by piece, and what became of them told on the timeline.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use rapport_channels::{OutFile, Rendered, render};
use rapport_model::{Attachment, ContactId, ConversationId, DeliveryState, Dispatch, EffectId, Fault, Inbox, InboxId, Input, Locale, Message, MessageId, Outcome, RemoteAddress, RemoteMessage, TenantId, codes};
use rapport_ports::{Address, Command, Expect, Intake as _, Records as _};
use rapport_wire::channel::{MediaKind, Outgoing, Piece, SendFault, Sending};

use super::{Channels, Open, id_of};

/// How often a message is tried before it is given up. With the waits between, some two hours.
const ATTEMPTS_MAX: u32 = 12;
const WAIT_MIN_MS: i64 = 2_000;
const WAIT_MAX_MS: i64 = 15 * 60_000;

/// A message on its way.
pub(crate) struct Errand<'a> {
    pub(crate) tenant: TenantId,
    pub(crate) effect: EffectId,
    pub(crate) conversation: ConversationId,
    pub(crate) inbox: InboxId,
    pub(crate) contact: ContactId,
    pub(crate) message: &'a Message,
    pub(crate) by_person: bool,
    /// From 0.
    pub(crate) attempt: u32,
}

impl Channels {
    pub(crate) async fn deliver(&self, errand: &Errand<'_>) -> Outcome {
        match self.try_deliver(errand).await {
            Ok(outcome) => outcome,
            Err(fault) => self.again(errand, None, fault.kind.code),
        }
    }

    /// Errors: those of the store, and a channel that is not configured; both may pass.
    async fn try_deliver(&self, errand: &Errand<'_>) -> Result<Outcome, Fault> {
        let store = self.store(errand.tenant);
        let open = self.open(errand.tenant, errand.inbox).await?;
        let address: Option<RemoteAddress> = store.get(RemoteAddress::id_of(errand.inbox, errand.contact)).await?;
        let Some(address) = address else { return self.failed(errand, "no_address").await };
        if address.left_at.is_some() {
            return self.failed(errand, "unreachable").await;
        }
        let locale = store.contact(errand.contact).await?.map_or(open.inbox.locale, |it| it.locale);
        let parts = self.parts(&open, errand.message, locale);
        let sent = store.get::<Dispatch>(*errand.message.id.as_bytes()).await?.map_or(0, |it| it.sent);
        for (n, part) in parts.into_iter().enumerate().skip(usize::try_from(sent).unwrap_or(usize::MAX)) {
            match self.send_part(&open, errand, &address, (n, part)).await? {
                Ok(id) => self.note(errand, n, id).await?,
                Err(fault) => return self.ended(errand, &fault).await,
            }
        }
        store.remove::<Dispatch>(*errand.message.id.as_bytes()).await?;
        self.tell_delivery(errand.tenant, errand.conversation, errand.message.id, DeliveryState::Sent, None).await?;
        Ok(Outcome::Done)
    }

    /// Cut to what the channel takes.
    fn parts(&self, open: &Open, message: &Message, locale: Locale) -> Vec<Rendered> {
        let kind = open.inbox.channel;
        let rendered = render(&message.content, locale, &self.public_url, rapport_channels::room(kind));
        let cut = |it: Rendered| match it {
            Rendered::Text(text) => rapport_channels::pieces(kind, &text).into_iter().map(Rendered::Text).collect(),
            Rendered::File(_) | Rendered::Buttons { .. } => vec![it],
        };
        rendered.into_iter().flat_map(cut).collect()
    }

    async fn send_part(&self, open: &Open, errand: &Errand<'_>, to: &RemoteAddress, (n, part): (usize, Rendered)) -> Result<Sending, Fault> {
        let link = self.link(&open.channel, &open.inbox);
        let key = format!("{}-{n}", URL_SAFE_NO_PAD.encode(errand.effect.as_bytes()));
        let of = |piece: Piece| Outgoing { to: to.remote.clone(), reply_to: to.reply_to.clone(), quoted: None, piece, key: key.clone(), by_person: errand.by_person };
        Ok(match part {
            Rendered::Text(text) => open.adapter.send(&link, &of(Piece::Text(text))).await,
            Rendered::Buttons { text, options } => open.adapter.send(&link, &of(Piece::Buttons { text, options })).await,
            Rendered::File(file) => match self.file_of(errand.tenant, &open.inbox, &file).await? {
                Some(file) => open.adapter.send_file(&link, &of(Piece::Text(String::new())), &file).await,
                None => Err(SendFault::MediaExpired { code: "erased".to_owned() }),
            },
        })
    }

    async fn file_of(&self, tenant: TenantId, inbox: &Inbox, file: &Attachment) -> Result<Option<OutFile>, Fault> {
        let Some(bytes) = self.pipeline.blobs.get(tenant, file.blob).await? else { return Ok(None) };
        let kind = match file.media_type.split('/').next() {
            Some("image") => MediaKind::Image,
            Some("audio") => MediaKind::Voice,
            Some("video") => MediaKind::Video,
            _ => MediaKind::File,
        };
        let mut random = [0; 18];
        self.pipeline.entropy.fill(&mut random);
        let boundary = URL_SAFE_NO_PAD.encode(random);
        let url = self.file_url(tenant, inbox, file.blob)?;
        Ok(Some(OutFile { kind, name: file.name.clone(), media_type: file.media_type.clone(), bytes, url, boundary }))
    }

    /// The provider took a piece: a retry begins after it, and receipts find the message.
    async fn note(&self, errand: &Errand<'_>, n: usize, id: Option<String>) -> Result<(), Fault> {
        let store = self.store(errand.tenant);
        let sent = u32::try_from(n).unwrap_or(u32::MAX).saturating_add(1);
        store.put(&Dispatch { id: errand.message.id, sent }, Expect::Any).await?;
        if let Some(id) = id {
            let id = id_of(&[errand.inbox.as_bytes(), id.as_bytes()]);
            store.put(&RemoteMessage { id, conversation: errand.conversation, message: errand.message.id }, Expect::Any).await?;
        }
        Ok(())
    }

    async fn ended(&self, errand: &Errand<'_>, fault: &SendFault) -> Result<Outcome, Fault> {
        metrics::counter!("rapport_channel_sends_failed_total").increment(1);
        tracing::info!(tenant = %errand.tenant, conversation = %errand.conversation, %fault, "a message did not go out");
        Ok(match fault {
            SendFault::RateLimited { retry_after_ms, .. } => {
                let wait = retry_after_ms.and_then(|it| i64::try_from(it).ok());
                self.given_up_or(errand, wait, "rate_limited").await?
            }
            SendFault::Trouble { .. } | SendFault::TokenInvalid { .. } => self.given_up_or(errand, None, "provider_in_trouble").await?,
            SendFault::Unknown { code } => {
                self.tell_delivery(errand.tenant, errand.conversation, errand.message.id, DeliveryState::Unknown, Some(code.clone())).await?;
                Outcome::Unknown { code: code.clone() }
            }
            SendFault::WindowClosed { code } => self.failed(errand, &format!("window_closed:{code}")).await?,
            SendFault::QuotaExceeded { code } => self.failed(errand, &format!("quota_exceeded:{code}")).await?,
            SendFault::UserBlocked { code } => self.failed(errand, &format!("unreachable:{code}")).await?,
            SendFault::MediaExpired { code } => self.failed(errand, &format!("file_gone:{code}")).await?,
            SendFault::Refused { code, text: _ } => self.failed(errand, &format!("refused:{code}")).await?,
        })
    }

    async fn given_up_or(&self, errand: &Errand<'_>, wait_ms: Option<i64>, code: &str) -> Result<Outcome, Fault> {
        if errand.attempt >= ATTEMPTS_MAX { self.failed(errand, code).await } else { Ok(self.again(errand, wait_ms, code)) }
    }

    fn again(&self, errand: &Errand<'_>, wait_ms: Option<i64>, code: &str) -> Outcome {
        let doubled = WAIT_MIN_MS.saturating_mul(1_i64 << errand.attempt.min(12)).min(WAIT_MAX_MS);
        Outcome::Retry { not_before: self.pipeline.clock.now().plus_ms(wait_ms.unwrap_or(doubled).max(1)), code: code.to_owned() }
    }

    async fn failed(&self, errand: &Errand<'_>, code: &str) -> Result<Outcome, Fault> {
        self.tell_delivery(errand.tenant, errand.conversation, errand.message.id, DeliveryState::Failed, Some(code.to_owned())).await?;
        Ok(Outcome::Rejected { code: code.to_owned() })
    }

    /// On the timeline, once a state.
    pub(super) async fn tell_delivery(&self, tenant: TenantId, conversation: ConversationId, message: MessageId, state: DeliveryState, code: Option<String>) -> Result<(), Fault> {
        let command = Command {
            tenant,
            address: Address::Conversation(conversation),
            input: Input::Delivery { message, state, code },
            external_id: Some(format!("delivery:{message}:{}", state.name())),
            client_id: None,
            on_behalf_of: None,
        };
        match self.pipeline.submit(command).await {
            Ok(_receipt) => Ok(()),
            Err(fault) if fault.kind.code == codes::NOT_FOUND.code => Ok(()),
            Err(fault) => Err(fault),
        }
    }
}
