//! Facts of providers become inputs: texts at once, files after they were fetched, in the order told.

use bytes::Bytes;
use rapport_model::{
    Actor, ContactId, Content, CustomerAction, DeliveryState, Effect, EffectId, Fault, Inbox, InboxId, Input, Message, RemoteMessage, TEXT_CHARS_MAX, TenantId, Timestamp, codes,
};
use rapport_ports::{Address, Command, Intake as _, Records as _};
use rapport_wire::channel::{Fact, Inbound, Media, MediaKind, MediaSource, Part, Progress};

use super::{Channels, Open, effect_id, id_of, people::Told};

/// How often a receipt looks for what it is of, with 1 to 16 seconds in between: the provider may be faster than our own note of the answer.
const RECEIPT_ATTEMPTS_MAX: u32 = 5;

impl Channels {
    /// When this returns well, all of them are durable: on the timeline, or in the outbox where something has to be fetched first.
    pub(super) async fn take_all(&self, tenant: TenantId, open: &Open, facts: Vec<Inbound>) -> Result<(), Fault> {
        // What follows something that waits for its file waits behind it.
        let mut waits: Vec<String> = Vec::new();
        let mut at = self.pipeline.clock.now().plus_ms(-1);
        let leaving: Vec<bool> = (1..=facts.len()).map(|after| leaves(&facts, after)).collect();
        for (fact, leaving) in facts.into_iter().zip(leaving) {
            if waits_outside(&fact) || waits.contains(&fact.from.id) || self.pipeline.lanes.is_busy(&lane(open.inbox.id, &fact.from.id), at) {
                waits.push(fact.from.id.clone());
                // The outbox orders by time alone: each has one of its own.
                at = at.plus_ms(1);
                self.enqueue(tenant, &open.inbox, &fact, at).await?;
            } else {
                self.take(tenant, open, fact, leaving).await?;
            }
        }
        Ok(())
    }

    async fn enqueue(&self, tenant: TenantId, inbox: &Inbox, fact: &Inbound, at: Timestamp) -> Result<(), Fault> {
        let json = serde_json::to_string(fact).map_err(|error| Fault::with(codes::INTERNAL, error.to_string()))?;
        let id = effect_id(inbox.id, &fact.id);
        let effect: (EffectId, Effect) = (id, Effect::Take { inbox: inbox.id, fact: json });
        let store = self.store(tenant);
        // On the timeline already: told again after it was taken.
        if store.find_external(inbox.id, &external_id(&fact.id, 0)).await?.is_some() {
            return Ok(());
        }
        // Whatever this person says from now on stays behind it; receipts have a lane of their own.
        if !matches!(fact.fact, Fact::Receipt { .. }) {
            self.pipeline.lanes.expect(lane(inbox.id, &fact.from.id), id, at);
        }
        store.enqueue(&[effect], at).await?;
        self.pipeline.work.notify_one();
        Ok(())
    }

    /// What the outbox kept. Errors: those of the store; what the fact itself makes impossible is told on the timeline instead.
    /// `attempt`: from 0. A receipt whose message is not noted after the last one is of something that other software sent.
    pub(crate) async fn take_kept(&self, tenant: TenantId, inbox: InboxId, fact: &str, attempt: u32) -> Result<(), Fault> {
        let fact: Inbound = serde_json::from_str(fact).map_err(|error| Fault::with(codes::INTERNAL, format!("kept fact: {error}")))?;
        if let Fact::Receipt { message, state } = &fact.fact {
            let found = self.receipt(tenant, inbox, message, state).await?;
            return if found || attempt >= RECEIPT_ATTEMPTS_MAX { Ok(()) } else { Err(Fault::with(codes::NOT_FOUND, "not noted yet")) };
        }
        let open = self.open(tenant, inbox).await?;
        if matches!(fact.fact, Fact::Doorbell { .. }) {
            return self.answer_bell(tenant, &open, &fact).await;
        }
        self.take(tenant, &open, fact, false).await
    }

    /// `leaving`: in the same call they leave; an answer would reach them after it.
    async fn take(&self, tenant: TenantId, open: &Open, it: Inbound, leaving: bool) -> Result<(), Fault> {
        let inbox = &open.inbox;
        let told = Told { fact: &it.id, leaving };
        match it.fact {
            Fact::Message { parts, quoted: _ } => {
                let contact = self.contact_of(tenant, inbox, &it.from, told).await?;
                self.messages(tenant, open, contact, &it.id, parts).await
            }
            // A text that was changed afterwards is told again as it reads now, so that nobody answers to what is no longer there.
            Fact::Edited { message: _, parts } => {
                let contact = self.contact_of(tenant, inbox, &it.from, told).await?;
                self.messages(tenant, open, contact, &it.id, parts).await
            }
            Fact::Pressed { payload, label } => {
                let contact = self.contact_of(tenant, inbox, &it.from, told).await?;
                let input = match rapport_channels::render::choice(&payload) {
                    Some(choice) => Input::Customer { action: CustomerAction::Choose { choice } },
                    None => self.said(Content::Text { text: if label.is_empty() { payload } else { label } }),
                };
                self.submit(tenant, inbox.id, contact, external_id(&it.id, 0), input).await
            }
            Fact::Receipt { message, state } => {
                if self.receipt(tenant, inbox.id, &message, &state).await? {
                    return Ok(());
                }
                let fact = Inbound { fact: Fact::Receipt { message, state }, ..it };
                self.enqueue(tenant, inbox, &fact, self.pipeline.clock.now()).await
            }
            Fact::Began { .. } => {
                let contact = self.contact_of(tenant, inbox, &it.from, told).await?;
                self.submit(tenant, inbox.id, contact, external_id(&it.id, 0), Input::Start).await
            }
            Fact::Left => self.left(tenant, inbox, &it.from, &it.id).await,
            Fact::Moved { to } => self.moved(tenant, inbox, &it.from, &to, told).await,
            // Kept where they belong: what is gone at the provider stays on record here; what colleagues say elsewhere is theirs.
            // Doorbells are answered from the outbox alone ([`Self::take_kept`]).
            // Without ids a receipt names no message of ours: that the customer saw everything until then is not claimed for any.
            Fact::Deleted { .. } | Fact::Answered { .. } | Fact::Doorbell { .. } | Fact::ReceiptUntil { .. } => Ok(()),
        }
    }

    async fn messages(&self, tenant: TenantId, open: &Open, contact: ContactId, id: &str, parts: Vec<Part>) -> Result<(), Fault> {
        let mut n = 0;
        for part in parts {
            for content in self.contents(tenant, open, contact, (id, n), part).await? {
                self.submit(tenant, open.inbox.id, contact, external_id(id, n), self.said(content)).await?;
                n += 1;
            }
        }
        Ok(())
    }

    fn said(&self, content: Content) -> Input {
        Input::CustomerMessage { message: Message { id: self.pipeline.entropy.ids(self.pipeline.clock.now()).next(), client_id: None, content } }
    }

    async fn submit(&self, tenant: TenantId, inbox: InboxId, contact: ContactId, external_id: String, input: Input) -> Result<(), Fault> {
        let address = Address::Visitor { contact, inbox };
        let command = Command { tenant, address, input, external_id: Some(external_id), client_id: None, on_behalf_of: Some(contact) };
        match self.pipeline.submit(command).await {
            Ok(_receipt) => Ok(()),
            Err(fault) if fault.kind.status >= 500 || fault.kind.code == codes::CONFLICT.code => Err(fault),
            // What it asks for is not possible now (a button of long ago): telling it again would not help.
            Err(fault) => {
                tracing::info!(%tenant, %fault, "a fact had no effect");
                Ok(())
            }
        }
    }

    /// A part as the timeline holds it; a long text in pieces.
    async fn contents(&self, tenant: TenantId, open: &Open, contact: ContactId, at: (&str, usize), part: Part) -> Result<Vec<Content>, Fault> {
        let texts = |text: &str| {
            let text = text.replace('\0', "");
            let pieces = rapport_wire::channel::split::split(&text, rapport_wire::channel::split::Unit::Characters, TEXT_CHARS_MAX);
            pieces.into_iter().map(|text| Content::Text { text }).collect::<Vec<_>>()
        };
        Ok(match part {
            Part::Text(text) => texts(&text),
            Part::Location { latitude, longitude, label } => texts(format!("📍 {label} ({latitude:.5}, {longitude:.5})").replace("  ", " ").as_str()),
            Part::Link { title, description, url } => texts([title, description, url].iter().filter(|it| !it.is_empty()).cloned().collect::<Vec<_>>().join("\n").as_str()),
            Part::Unknown(kind) => texts(&format!("[{kind}]")),
            Part::Media(media) => {
                let caption = [Some(media.caption.clone()), media.transcript.clone()].into_iter().flatten().filter(|it| !it.is_empty());
                let caption: Vec<Content> = caption.flat_map(|it| texts(&it)).collect();
                let mut all = vec![self.file(tenant, open, contact, at, &media).await?];
                all.extend(caption);
                all
            }
        })
    }

    /// Fetched and kept; a file that cannot be had is told as such. Errors: those of the store, and a provider that is in trouble.
    async fn file(&self, tenant: TenantId, open: &Open, contact: ContactId, (id, n): (&str, usize), media: &Media) -> Result<Content, Fault> {
        let (bytes, _said_type) = match &media.source {
            MediaSource::Inline(bytes) => (Bytes::from(bytes.clone()), media.media_type.clone()),
            MediaSource::Id(_) | MediaSource::Url(_) => {
                let link = self.link(&open.channel, &open.inbox);
                match open.adapter.fetch(&link, media, self.file_bytes_max).await {
                    Ok(found) => found,
                    Err(fault @ (rapport_channels::CallFault::NotReached(_) | rapport_channels::CallFault::Lost(_))) => {
                        return Err(Fault::with(codes::STORE_UNAVAILABLE, format!("file of {id}#{n}: {fault}")));
                    }
                    Err(fault) => return Ok(missing(media, &fault.to_string())),
                }
            }
        };
        let store = self.store(tenant);
        let now = self.pipeline.clock.now();
        let named = if media.name.is_empty() { kind_name(media.kind).to_owned() } else { media.name.clone() };
        let kept = rapport_api::keep_file(&*self.pipeline.blobs, &*store, tenant, (Actor::Customer(contact), now, self.pipeline.entropy.ids(now).next()), &named, bytes).await;
        match kept {
            Ok(file) if file.media_type.starts_with("image/") => Ok(Content::Image { file }),
            Ok(file) => Ok(Content::File { file }),
            Err(fault) if fault.kind.status >= 500 => Err(fault),
            Err(fault) => Ok(missing(media, fault.kind.code)),
        }
    }

    /// Whether we know the message that it is of.
    async fn receipt(&self, tenant: TenantId, inbox: InboxId, provider_id: &str, state: &Progress) -> Result<bool, Fault> {
        let store = self.store(tenant);
        let Some(of) = store.get::<RemoteMessage>(id_of(&[inbox.as_bytes(), provider_id.as_bytes()])).await? else { return Ok(false) };
        let (state, code) = match state {
            Progress::Sent => (DeliveryState::Sent, None),
            Progress::Delivered => (DeliveryState::Delivered, None),
            Progress::Read => (DeliveryState::Read, None),
            Progress::Failed(code) => (DeliveryState::Failed, Some(code.clone())),
        };
        self.tell_delivery(tenant, of.conversation, of.message, state, code).await?;
        Ok(true)
    }
}

/// The lane of a person's facts.
pub(super) fn lane(inbox: InboxId, remote: &str) -> [u8; 16] {
    id_of(&[b"lane", inbox.as_bytes(), remote.as_bytes()])
}

/// Whether whoever told the fact before `after` leaves by a later one.
fn leaves(facts: &[Inbound], after: usize) -> bool {
    let (told, later) = facts.split_at_checked(after).unwrap_or_default();
    let who = told.last().map(|it| &it.from.id);
    later.iter().any(|it| it.fact == Fact::Left && Some(&it.from.id) == who)
}

/// The key of the n-th entry that a fact makes.
pub(super) fn external_id(id: &str, n: usize) -> String {
    format!("in:{id}#{n}")
}

/// Whether the provider has to be asked before it can be told.
fn waits_outside(it: &Inbound) -> bool {
    if matches!(it.fact, Fact::Doorbell { .. }) {
        return true;
    }
    let (Fact::Message { parts, .. } | Fact::Edited { parts, .. }) = &it.fact else { return false };
    parts.iter().any(|part| matches!(part, Part::Media(media) if !matches!(media.source, MediaSource::Inline(_))))
}

fn kind_name(kind: MediaKind) -> &'static str {
    match kind {
        MediaKind::Image => "image",
        MediaKind::Voice => "voice",
        MediaKind::Video => "video",
        MediaKind::File => "file",
        MediaKind::Sticker => "sticker",
    }
}

fn missing(media: &Media, why: &str) -> Content {
    tracing::info!(why, "a file cannot be had");
    let name = if media.name.is_empty() { kind_name(media.kind) } else { &media.name };
    Content::Text { text: format!("[{name}: {why}]") }
}
