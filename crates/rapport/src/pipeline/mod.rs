//! Carries each input from the intake through the engine to the store: load, decide, commit whole, and only then answer.

mod cache;
mod care;
mod configuration;
mod presence;
mod queue;

use std::{
    collections::{BTreeMap, HashMap},
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Mutex, PoisonError, Weak,
        atomic::{AtomicU64, Ordering},
    },
};

use async_trait::async_trait;
use rapport_engine::{Context, Reads};
use rapport_model::{
    AgentView, AuditRecord, Contact, ContactId, Content, Conversation, ConversationId, Counter, Decision, Effect, EffectId, Event, Fault, Input, MemberId,
    Presence, QueueEntry, Seq, TenantId, TimerId, Timestamp, Understanding, codes,
};
use rapport_perceive::intent::Encode;
use rapport_ports::{
    Address, Blobs, Bus, Clock, Command, Commit, CommitError, Entropy, Intake, QueueChange, Receipt, Store, TenantStore, Versioned,
};
use tokio::sync::{MutexGuard, Notify};

pub(crate) use self::care::Perception;
use self::{
    cache::{Conversations, Shared, Slot},
    care::Noticed,
    configuration::Configuration,
    presence::Presences,
};
use crate::{
    channels::Lanes,
    feelings,
    intents::{Holder, Progress, Taught},
};

/// How often a decision is made again when somebody else changed the conversation meanwhile.
const ATTEMPTS_MAX: u32 = 8;

/// The one path of every input on this node.
pub(crate) struct Pipeline {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) bus: Arc<dyn Bus>,
    pub(crate) blobs: Arc<dyn Blobs>,
    /// Makes sentence vectors, where its model is at hand.
    pub(crate) encoder: Option<Arc<dyn Encode>>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) perception: Perception,
    tenants: Mutex<HashMap<TenantId, Arc<Tenant>>>,
    /// Itself, for what goes on after a call returned.
    pub(crate) this: Weak<Self>,
    submit_seconds: metrics::Histogram,
    /// Rung when an effect or timer was written, so that the workers look at once.
    pub(crate) work: Notify,
    pub(crate) lanes: Lanes,
}

/// What a pipeline is put together from.
pub(crate) struct Parts {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) bus: Arc<dyn Bus>,
    pub(crate) blobs: Arc<dyn Blobs>,
    pub(crate) encoder: Option<Arc<dyn Encode>>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) perception: Perception,
}

/// What was read of the words that a decision rests on.
#[derive(Default)]
struct WordsView {
    taught: Option<Arc<Taught>>,
    understanding: Option<Understanding>,
}

/// What this node keeps of a tenant between inputs.
pub(crate) struct Tenant {
    pub(crate) id: TenantId,
    pub(crate) store: Arc<dyn TenantStore>,
    configuration: configuration::Holder,
    pub(crate) taught: Holder,
    pub(crate) progress: Progress,
    pub(crate) feelings: feelings::Holder,
    pub(crate) feelings_progress: Progress,
    conversations: Conversations,
    presences: Presences,
    /// Held while a decision rests on who is free and who waits, so that two decisions never count on the same free agent.
    routing: tokio::sync::Mutex<()>,
    pub(crate) queue_changed: Notify,
    /// Counts changes of consents: what is remembered of an earlier count is void.
    consents: AtomicU64,
}

/// What a routing decision read.
#[derive(Default)]
struct RoutingView {
    roster: Vec<AgentView>,
    queue: Vec<QueueEntry>,
    handle_time_ms: Option<i64>,
    version: Option<u64>,
}

impl Pipeline {
    pub(crate) fn new(parts: Parts) -> Arc<Self> {
        let Parts { store, bus, blobs, encoder, clock, entropy, perception } = parts;
        // Asked for once: finding it by name costs more than recording.
        let submit_seconds = metrics::histogram!("rapport_submit_seconds");
        Arc::new_cyclic(|this| Self { store, bus, blobs, encoder, clock, entropy, perception, tenants: Mutex::default(), this: Weak::clone(this), submit_seconds, work: Notify::new(), lanes: Lanes::default() })
    }

    pub(crate) fn tenant(&self, id: TenantId) -> Arc<Tenant> {
        let mut tenants = self.tenants.lock().unwrap_or_else(PoisonError::into_inner);
        let tenant = tenants.entry(id).or_insert_with(|| {
            let tenant = Arc::new(Tenant {
                id,
                store: self.store.tenant(id),
                configuration: configuration::Holder::default(),
                taught: Holder::default(),
                progress: Progress::default(),
                feelings: feelings::Holder::default(),
                feelings_progress: Progress::default(),
                conversations: Conversations::default(),
                presences: Presences::default(),
                routing: tokio::sync::Mutex::new(()),
                queue_changed: Notify::new(),
                consents: AtomicU64::new(0),
            });
            if let Some(this) = self.this.upgrade() {
                tokio::spawn(this.tell_standings(Arc::clone(&tenant)));
            }
            tenant
        });
        Arc::clone(tenant)
    }

    /// What the bot would answer now.
    pub(crate) async fn ask(&self, tenant: TenantId, question: &str, locale: rapport_model::Locale) -> Result<rapport_knowledge::Answer, Fault> {
        let tenant = self.tenant(tenant);
        let configuration = tenant.configuration.current(self, &tenant).await?;
        let index = configuration.knowledge.as_deref().ok_or_else(|| Fault::new(codes::NOT_FOUND))?;
        Ok(index.answer(question, locale))
    }

    async fn submit_to(&self, tenant: &Tenant, slot: &mut Slot, command: &Command) -> Result<Receipt, Fault> {
        for _ in 0..ATTEMPTS_MAX {
            match self.attempt(tenant, slot, command).await {
                Ok(receipt) => return Ok(receipt),
                Err(Stopped::Conflict) => slot.reload(tenant).await?,
                Err(Stopped::Already(receipt)) => return Ok(receipt),
                Err(Stopped::Fault(fault)) => return Err(fault),
            }
        }
        Err(Fault::new(codes::CONFLICT))
    }

    async fn attempt(&self, tenant: &Tenant, slot: &mut Slot, command: &Command) -> Result<Receipt, Stopped> {
        let configuration = tenant.configuration.current(self, tenant).await?;
        let state = slot.versioned.as_ref().map(|it| &it.state);
        let reads = rapport_engine::reads(&command.input, state);
        if reads.roster || reads.queue || reads.knowledge {
            slot.refresh_contact(tenant).await?;
        }
        let routing_guard = if reads.roster || reads.queue { Some(tenant.routing.lock().await) } else { None };
        let view = self.routing_view(tenant, &configuration, reads).await?;
        let words = self.words_view(tenant, slot, reads, &command.input).await;
        let now = self.clock.now();
        let noticed = self.notice(tenant, &configuration, slot, &command.input, now).await?;
        let decided = self.decide(tenant, &configuration, slot, (&view, noticed.as_ref()), &words, command, now).await;
        // A commit proves that the state was fresh. A refusal and a decision to do nothing have no commit: another node may have moved it on.
        if decided.as_ref().map_or(true, |(it, _)| it.events.is_empty()) && slot.is_outdated(tenant).await? {
            return Err(Stopped::Conflict);
        }
        let (decision, state) = match decided {
            Ok(decided) => decided,
            Err(fault) => return Err(self.known_already(tenant, slot, command, fault).await),
        };
        if decision.events.is_empty() {
            let seq = slot.versioned.as_ref().map_or(Seq(0), |it| it.last_seq);
            let conversation = slot.id().ok_or_else(|| Fault::new(codes::NOT_FOUND))?;
            return Ok(Receipt { conversation, seq, duplicate: false });
        }
        let care = Self::care_write(&configuration, slot.contact.id, &decision, noticed.as_ref(), now);
        let commit = Commit { care, ..self.commit_of(slot, &view, (decision, state), command, now) };
        let receipt = self.commit(tenant, slot, commit).await;
        drop(routing_guard);
        receipt
    }

    async fn routing_view(&self, tenant: &Tenant, configuration: &Configuration, reads: Reads) -> Result<RoutingView, Fault> {
        let mut view = RoutingView::default();
        if reads.roster || reads.queue {
            view.version = Some(tenant.store.routing_version().await?);
            view.roster = self.roster_of(tenant, configuration).await?;
            view.queue = tenant.store.queue().await?;
            view.handle_time_ms = tenant.store.handle_time_ms().await?;
        }
        Ok(view)
    }

    /// What is taught, and what the customer's text means by it. Messages go on without it.
    async fn words_view(&self, tenant: &Tenant, slot: &Slot, reads: Reads, input: &Input) -> WordsView {
        if !reads.knowledge {
            return WordsView::default();
        }
        let taught = match tenant.taught.current(self, tenant).await {
            Ok(taught) if taught.is_empty() => return WordsView::default(),
            Ok(taught) => taught,
            Err(fault) => {
                tracing::error!(tenant = %tenant.id, %fault, "what is taught cannot be read");
                return WordsView::default();
            }
        };
        let text = if let Input::CustomerMessage { message } = input && let Content::Text { text } = &message.content { Some(text) } else { None };
        let understanding = match text {
            Some(text) => tenant.taught.understand(&taught, text, slot.contact.id).await,
            None => None,
        };
        WordsView { taught: Some(taught), understanding }
    }

    async fn decide(
        &self,
        tenant: &Tenant,
        configuration: &Configuration,
        slot: &Slot,
        (view, noticed): (&RoutingView, Option<&Noticed>),
        words: &WordsView,
        command: &Command,
        now: Timestamp,
    ) -> Result<(Decision, Conversation), Fault> {
        let inbox = configuration.inbox(slot.inbox)?;
        let wants_consents = rapport_engine::reads(&command.input, slot.versioned.as_ref().map(|it| &it.state)).consents;
        let consents = if wants_consents { Self::consents_of(tenant, slot).await? } else { Vec::new() };
        let next_number = if slot.versioned.is_none() { tenant.store.allot(Counter::Conversation).await? } else { 0 };
        let context = Context {
            now,
            tenant_name: &configuration.tenant_name,
            inbox,
            contact: &slot.contact,
            conversation: slot.versioned.as_ref().map(|it| &it.state),
            previous_agent: slot.previous_agent,
            calendar: configuration.calendar(inbox),
            roster: &view.roster,
            queue: &view.queue,
            handle_time_ms: view.handle_time_ms,
            knowledge: configuration.knowledge.as_deref(),
            intents: words.taught.as_ref().map_or(&[], |it| it.intents()),
            understanding: words.understanding.as_ref(),
            consents: &consents,
            care: self.care_of(configuration, slot, noticed),
            next_number,
            last_seq: slot.versioned.as_ref().map_or(Seq(0), |it| it.last_seq),
        };
        let mut ids = self.entropy.ids(now);
        match catch_unwind(AssertUnwindSafe(|| rapport_engine::decide(&context, &command.input, &mut ids))) {
            Ok(decided) => decided.map(|(it, state)| (rapport_engine::named(it, &command.input, command.client_id.as_deref()), state)),
            Err(_panic) => {
                metrics::counter!("rapport_decisions_quarantined_total").increment(1);
                tracing::error!(tenant = %tenant.id, conversation = ?slot.id(), "a decision panicked; the conversation is quarantined");
                // What cannot even be opened is refused; the sender may try again.
                let versioned = slot.versioned.as_ref().ok_or_else(|| Fault::new(codes::INTERNAL))?;
                let decision = rapport_engine::quarantine(&versioned.state, &command.input, now)?;
                let state = rapport_engine::advance(Some(versioned.state.clone()), &decision, now);
                state.map(|it| (decision, it)).ok_or_else(|| Fault::new(codes::INTERNAL))
            }
        }
    }

    /// A refused input may be the second copy of one that was accepted: then the first receipt is the answer.
    async fn known_already(&self, tenant: &Tenant, slot: &Slot, command: &Command, fault: Fault) -> Stopped {
        let Some(external_id) = &command.external_id else { return Stopped::Fault(fault) };
        match tenant.store.find_external(slot.inbox, external_id).await {
            Ok(Some((seq, conversation))) => Stopped::Already(Receipt { conversation, seq, duplicate: true }),
            Ok(None) => Stopped::Fault(fault),
            Err(unavailable) => Stopped::Fault(unavailable),
        }
    }

    fn commit_of(&self, slot: &Slot, view: &RoutingView, (decision, state): (Decision, Conversation), command: &Command, now: Timestamp) -> Commit {
        let before = slot.versioned.as_ref();
        let queue = match (before.and_then(|it| it.state.queue.as_ref()), &state.queue) {
            (old, Some(new)) if old != Some(new) => QueueChange::Put(new.clone()),
            (Some(_), None) => QueueChange::Remove,
            (_, _) => QueueChange::Keep,
        };
        let mut ids = self.entropy.ids(now);
        let mut audit = audit_of(&state.id, &decision, now);
        audit.extend(decision.audit);
        let entries = rapport_engine::entries(decision.events, decision.reasons, command.external_id.clone(), now);
        Commit {
            expected_version: before.map_or(0, |it| it.version),
            entries,
            queue,
            effects: decision.effects.into_iter().map(|it| (ids.next::<EffectId>(), it)).collect(),
            timers: decision.timers.into_iter().map(|it| (ids.next::<TimerId>(), it)).collect(),
            audit,
            routing_version: view.version,
            care: None,
            state,
            at: now,
        }
    }

    async fn commit(&self, tenant: &Tenant, slot: &mut Slot, commit: Commit) -> Result<Receipt, Stopped> {
        let has_work = !commit.effects.is_empty() || !commit.timers.is_empty();
        let effects = commit.effects.clone();
        let queue_moved = commit.queue != QueueChange::Keep;
        let mood = commit.care.as_ref().and_then(|it| it.mood.clone());
        let consent = commit.care.as_ref().and_then(|it| it.consent.as_ref());
        let (consents_moved, consent_ended) = (consent.is_some(), consent.is_some_and(|it| it.withdrawn_at.is_some()));
        let named = rapport_engine::receipt_entry(&commit.entries);
        match tenant.store.commit(commit).await {
            Ok(committed) => {
                let seq = committed.entries.get(named).map_or(Seq(0), |it| it.seq);
                let last_seq = committed.entries.last().map_or(seq, |it| it.seq);
                let conversation = committed.state.id;
                slot.versioned = Some(Versioned { version: committed.version, state: committed.state, last_seq });
                slot.keep_mood(mood);
                if consents_moved {
                    tenant.consents.fetch_add(1, Ordering::AcqRel);
                }
                if consent_ended {
                    self.unlearn(tenant.id);
                }
                self.write_tickets(tenant, &effects).await;
                if has_work {
                    self.work.notify_one();
                }
                if queue_moved {
                    tenant.queue_changed.notify_one();
                }
                Ok(Receipt { conversation, seq, duplicate: false })
            }
            Err(CommitError::Conflict) => Err(Stopped::Conflict),
            Err(CommitError::Duplicate { seq, conversation }) => Ok(Receipt { conversation, seq, duplicate: true }),
            Err(CommitError::Unavailable(why)) => {
                tracing::error!(tenant = %tenant.id, why, "commit failed");
                slot.versioned = None;
                slot.stale = true;
                Err(Stopped::Fault(Fault::new(codes::STORE_UNAVAILABLE)))
            }
        }
    }

    /// Tickets are readable as soon as the agent has the receipt; the outbox repeats this after a crash.
    async fn write_tickets(&self, tenant: &Tenant, effects: &[(EffectId, Effect)]) {
        for (id, effect) in effects {
            if let Effect::StoreTicket { ticket } = effect
                && tenant.store.put_ticket(ticket).await.is_ok()
                && let Err(fault) = self.store.settle_effect(*id, &rapport_model::Outcome::Done, self.clock.now()).await
            {
                tracing::warn!(%fault, "a written ticket stays in the outbox");
            }
        }
    }

    /// The slot of the conversation an input is for; or a new one where the visitor has none open.
    async fn locate(&self, tenant: &Tenant, address: Address, on_behalf_of: Option<ContactId>) -> Result<Arc<Shared>, Fault> {
        match address {
            Address::Conversation(id) => {
                let shared = tenant.conversations.of(tenant, id).await?;
                let foreign = on_behalf_of.is_some_and(|it| it != shared.contact);
                if foreign { Err(Fault::new(codes::NOT_FOUND)) } else { Ok(shared) }
            }
            Address::Visitor { contact, inbox } => tenant.conversations.of_visitor(tenant, contact, inbox).await,
        }
    }
}

/// Why an attempt made nothing.
enum Stopped {
    /// Load again and decide again.
    Conflict,
    /// It was accepted before: the first receipt is the answer.
    Already(Receipt),
    Fault(Fault),
}

impl From<Fault> for Stopped {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// The steps of a decision that the audit log keeps: who got, gave away, closed or reopened a conversation.
fn audit_of(conversation: &ConversationId, decision: &Decision, at: Timestamp) -> Vec<AuditRecord> {
    let audited = |event: &Event| match event {
        Event::Assigned { to } => Some(("conversation.assigned", to.to_string())),
        Event::Unassigned => Some(("conversation.unassigned", String::new())),
        Event::Resolved => Some(("conversation.resolved", String::new())),
        Event::Reopened => Some(("conversation.reopened", String::new())),
        Event::TicketCreated { number, .. } => Some(("ticket.created", number.to_string())),
        Event::Quarantined { code } => Some(("conversation.quarantined", code.clone())),
        Event::ConsentGiven { purpose, text_version, .. } => Some(("consent.given", format!("{} text {text_version}", purpose.name()))),
        Event::ConsentWithdrawn { purpose } => Some(("consent.withdrawn", purpose.name().to_owned())),
        Event::CompensationSettled { spending, state } => Some(("compensation.settled", format!("{spending} {}", state.name()))),
        Event::DecisionObjected { about, .. } => Some(("decision.objected", about.to_string())),
        Event::ConversationOpened { .. }
        | Event::DeliveryChanged { .. }
        | Event::MessageReceived { .. }
        | Event::MessageSent { .. }
        | Event::NoteAdded { .. }
        | Event::ReadMarked { .. }
        | Event::HandoverRequested { .. }
        | Event::Queued { .. }
        | Event::LeftQueue
        | Event::Offered { .. }
        | Event::OfferDeclined { .. }
        | Event::OfferExpired { .. }
        | Event::Snoozed { .. }
        | Event::Woken
        | Event::ReturnedToBot
        | Event::PriorityChanged { .. }
        | Event::LabelsChanged { .. }
        | Event::TeamChanged { .. }
        | Event::ContactUpdated { .. }
        | Event::TicketChanged { .. }
        | Event::RatingRequested
        | Event::RatingReminded
        | Event::Rated { .. }
        | Event::AnswerMissed { .. }
        | Event::AnswerJudged { .. }
        | Event::IntentAsked { .. }
        | Event::IntentChosen { .. }
        // Their own records tell of these, without a name.
        | Event::CareTaken { .. }
        | Event::CareEnded { .. }
        | Event::SupervisorAlerted { .. }
        | Event::CallbackOffered
        | Event::CompensationOffered { .. }
        | Event::CareErased => None,
    };
    let lines = decision.events.iter().filter_map(|(actor, event)| audited(event).map(|it| (*actor, it)));
    lines
        .map(|(actor, (action, detail))| AuditRecord { at, actor, action: action.to_owned(), target: conversation.to_string(), detail })
        .collect()
}

#[async_trait]
impl Intake for Pipeline {
    async fn submit(&self, command: Command) -> Result<Receipt, Fault> {
        let started = std::time::Instant::now();
        let tenant = self.tenant(command.tenant);
        let shared = self.locate(&tenant, command.address, command.on_behalf_of).await?;
        let mut slot: MutexGuard<'_, Slot> = shared.slot.lock().await;
        if slot.stale {
            slot.reload(&tenant).await?;
        }
        let was_new = slot.versioned.is_none();
        let outcome = self.submit_to(&tenant, &mut slot, &command).await;
        if was_new && let Some(versioned) = &slot.versioned {
            tenant.conversations.adopt(versioned.state.id, &shared);
        }
        if let (Ok(_), Input::Customer { action: rapport_model::CustomerAction::UpdateContact { fields } }) = (&outcome, &command.input) {
            update_contact(&tenant, &mut slot.contact, fields, self.clock.now()).await?;
        }
        drop(slot);
        self.submit_seconds.record(started.elapsed().as_secs_f64());
        outcome
    }

    fn set_presence(&self, tenant: TenantId, member: MemberId, presence: Presence) {
        self.presence_set(&self.tenant(tenant), member, presence);
    }

    fn presence(&self, tenant: TenantId, member: MemberId) -> Presence {
        self.presence_of(&self.tenant(tenant), member)
    }

    fn desk_changed(&self, tenant: TenantId, member: MemberId) {
        self.presence_moved(&self.tenant(tenant), member);
    }

    async fn roster(&self, tenant: TenantId) -> Result<Vec<AgentView>, Fault> {
        let tenant = self.tenant(tenant);
        let configuration = tenant.configuration.current(self, &tenant).await?;
        self.roster_of(&tenant, &configuration).await
    }

    fn contact_changed(&self, tenant: TenantId, _contact: ContactId) {
        self.tenant(tenant).consents.fetch_add(1, Ordering::AcqRel);
        self.unlearn(tenant);
    }

    async fn configuration_changed(&self, tenant: TenantId) -> Result<(), Fault> {
        let tenant = self.tenant(tenant);
        tenant.configuration.drop_current();
        tenant.configuration.current(self, &tenant).await?;
        Ok(())
    }
}

/// Writes what the customer told about themselves into the contact.
async fn update_contact(tenant: &Tenant, contact: &mut Contact, fields: &BTreeMap<String, String>, now: Timestamp) -> Result<(), Fault> {
    let told = fields.clone();
    let change = move |mut contact: Contact| {
        contact.take(&told);
        contact.last_seen_at = now;
        Ok(contact)
    };
    if let Some(changed) = tenant.store.change_contact(contact.id, Box::new(change)).await? {
        *contact = changed;
    }
    Ok(())
}
