//! One server in miniature: what a crash forgets, and load → decide, in steps that the world can cut between.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use rapport_engine::Context;
use rapport_knowledge::Index;
use rapport_model::{
    Actor, ContactId, Content, ConversationId, Decision, Event, Fault, HOUR_MS, Ids, InboxId, Input, MemberId, Presence, Seq, TenantId, Timestamp, codes,
};

use crate::{
    care::{CareWrite, Noticed},
    sabotage::Sabotage,
    store::{Commit, Stored, TenantStore},
    taught::Taught,
};

/// Which conversation a command is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Address {
    Conversation(ConversationId),
    /// The visitor's open conversation, or a new one.
    Visitor { contact: ContactId, inbox: InboxId },
}

/// As `rapport_ports::Command`, of one tenant.
#[derive(Clone, Debug)]
pub struct Command {
    pub address: Address,
    pub input: Input,
    /// The sender's own id of this fact, and its name for the message that it makes.
    pub external_id: Option<String>,
    /// When set, the conversation must be this contact's.
    pub on_behalf_of: Option<ContactId>,
}

impl Command {
    /// What the server itself asks of a conversation.
    pub fn internal(conversation: ConversationId, input: Input) -> Self {
        Self { address: Address::Conversation(conversation), input, external_id: None, on_behalf_of: None }
    }
}

/// A decision made and not yet committed.
pub enum Prepared {
    Commit(Box<Commit>),
    /// Fine, and nothing changes.
    Nothing(Box<Decision>),
}

/// A company: its store, and what every node has read of its configuration.
pub struct Tenant {
    pub store: TenantStore,
    pub knowledge: Arc<Index>,
    /// What it taught; `None`: nothing.
    pub taught: Option<Arc<Taught>>,
}

/// One running server. A crash empties it.
pub struct Node {
    pub up: bool,
    /// Members with a desk connected here.
    pub desks: BTreeSet<MemberId>,
    /// Conversations as this node last saw them; another node may have changed them since.
    pub conversations: BTreeMap<(TenantId, ConversationId), Stored>,
}

impl Node {
    pub fn new() -> Self {
        Self { up: true, desks: BTreeSet::new(), conversations: BTreeMap::new() }
    }

    pub fn crash(&mut self) {
        self.up = false;
        self.desks.clear();
        self.conversations.clear();
    }

    /// The conversation that a command is for; `None` where it opens one.
    fn locate(&self, tenant: &Tenant, command: &Command) -> Result<Option<Stored>, Fault> {
        let stored = match command.address {
            Address::Conversation(id) => {
                let known = self.conversations.get(&(tenant.store.id, id)).or_else(|| tenant.store.conversations.get(&id));
                Some(known.cloned().ok_or_else(|| Fault::new(codes::NOT_FOUND))?)
            }
            Address::Visitor { contact, .. } => tenant.store.current_of(contact).cloned(),
        };
        let is_foreign = stored.as_ref().is_some_and(|it| command.on_behalf_of.is_some_and(|owner| owner != it.state.contact));
        if is_foreign && tenant.store.sabotage != Some(Sabotage::SkipOwnerCheck) {
            return Err(Fault::new(codes::NOT_FOUND));
        }
        Ok(stored)
    }

    /// Whether the store has a newer version than this node.
    pub fn is_outdated(&self, tenant: &Tenant, command: &Command) -> bool {
        let Address::Conversation(id) = command.address else { return false };
        let own = self.conversations.get(&(tenant.store.id, id)).map(|it| it.version);
        own.is_some() && own != tenant.store.conversations.get(&id).map(|it| it.version)
    }

    /// Loads what the input needs and decides. `presence`: who is at their desk, on whatever node.
    pub fn prepare(
        &self,
        tenant: &mut Tenant,
        command: &Command,
        presence: &BTreeMap<MemberId, Presence>,
        decision_fails: bool,
        now: Timestamp,
        ids: &mut Ids,
    ) -> Result<Prepared, Fault> {
        let stored = self.locate(tenant, command)?;
        let (contact, inbox) = match (&stored, command.address) {
            (Some(stored), _) => (stored.state.contact, stored.state.inbox),
            (None, Address::Visitor { contact, inbox }) => (contact, inbox),
            (None, Address::Conversation(_)) => return Err(Fault::new(codes::NOT_FOUND)),
        };
        let state = stored.as_ref().map(|it| &it.state);
        let reads = rapport_engine::reads(&command.input, state);
        let next_number = if stored.is_none() { tenant.store.allot_number() } else { 0 };
        let store = &tenant.store;
        let (roster, queue) = (
            if reads.roster { store.roster(presence) } else { Vec::new() },
            if reads.queue { store.queue.values().cloned().collect() } else { Vec::new() },
        );
        let noticed = Noticed::of(store, contact, state.map(|it| it.id), &command.input, now);
        let consents = if reads.consents { store.consents.get(&contact).cloned().unwrap_or_default() } else { Vec::new() };
        let taught = tenant.taught.as_deref().filter(|_| reads.knowledge);
        let understanding = taught.zip(text_of(&command.input)).map(|(it, text)| it.understand(text));
        let routing_version = (reads.roster || reads.queue).then_some(store.routing_version);
        let lost = || Fault::new(codes::NOT_FOUND);
        let context = Context {
            now: store.sabotage.map_or(now, |it| it.hurry(&command.input, now)),
            tenant_name: &store.name,
            inbox: store.inboxes.get(&inbox).ok_or_else(lost)?,
            contact: store.contacts.get(&contact).ok_or_else(lost)?,
            conversation: state,
            previous_agent: store.latest_of(contact).and_then(|it| it.state.last_agent),
            calendar: store.calendar.as_ref(),
            roster: &roster,
            queue: &queue,
            handle_time_ms: if reads.queue { store.handle_time_ms() } else { None },
            knowledge: reads.knowledge.then_some(&*tenant.knowledge),
            consents: &consents,
            care: noticed.as_ref().map(Noticed::care),
            intents: taught.map_or(&[], |it| it.understander.intents()),
            understanding: understanding.as_ref(),
            next_number,
            last_seq: stored.as_ref().map_or(Seq(0), |it| it.last_seq),
        };
        let (decided, after) = match state {
            Some(state) if decision_fails => (rapport_engine::quarantine(state, &command.input, now)?, None),
            Some(_) | None => {
                let (decision, after) = rapport_engine::decide(&context, &command.input, ids)?;
                (decision, Some((after, context.now)))
            }
        };
        // What a decision says the conversation is after it must be what its events make of it.
        if let Some((after, at)) = after {
            assert_eq!(rapport_engine::advance(stored.as_ref().map(|it| it.state.clone()), &decided, at), Some(after));
        }
        let mut decision = rapport_engine::named(decided, &command.input, command.external_id.as_deref());
        if let Some(sabotage) = store.sabotage {
            sabotage.spoil(&mut decision);
        }
        if decision.events.is_empty() {
            return Ok(Prepared::Nothing(Box::new(decision)));
        }
        commit_of(store, stored, (decision, noticed.as_ref()), command, routing_version, now)
    }
}

/// What a decision changes in the store.
fn commit_of(
    store: &TenantStore,
    stored: Option<Stored>,
    (decision, noticed): (Decision, Option<&Noticed>),
    command: &Command,
    routing_version: Option<u64>,
    now: Timestamp,
) -> Result<Prepared, Fault> {
    let expected_version = stored.as_ref().map_or(0, |it| it.version);
    let advanced = rapport_engine::advance(stored.map(|it| it.state), &decision, now);
    let mut state = advanced.ok_or_else(|| Fault::with(codes::INTERNAL, "the first event opens nothing"))?;
    if store.sabotage == Some(Sabotage::SkewState) {
        state.messages = state.messages.saturating_add(1);
    }
    let care = CareWrite::of(&decision, noticed);
    let Decision { events, effects, timers, reasons, audit: _, care: _ } = decision;
    let entries = rapport_engine::entries(events, reasons, command.external_id.clone(), now);
    Ok(Prepared::Commit(Box::new(Commit { expected_version, routing_version, state, entries, effects, timers, care })))
}

impl Default for Node {
    fn default() -> Self {
        Self::new()
    }
}

impl Tenant {
    /// The number of an input that is on the timeline already.
    pub fn known(&self, command: &Command) -> Option<Seq> {
        let inbox = match command.address {
            Address::Visitor { inbox, .. } => inbox,
            Address::Conversation(id) => self.store.conversations.get(&id)?.state.inbox,
        };
        self.store.find_external(inbox, command.external_id.as_deref()?)
    }
}

impl Sabotage {
    /// What the bug does to the time of a decision.
    fn hurry(self, input: &Input, now: Timestamp) -> Timestamp {
        let hurries = self == Self::HurryTimers && matches!(input, Input::TimerFired { .. });
        if hurries { now.plus_ms(30 * HOUR_MS) } else { now }
    }

    /// What the bug does to a decision.
    fn spoil(self, decision: &mut Decision) {
        let events = &mut decision.events;
        match self {
            Self::DropReasons => decision.reasons.clear(),
            Self::ForeignMember => {
                let foreign = MemberId(uuid::Uuid::from_u128(0xF0_E1_97));
                for (_, event) in events {
                    if let Event::Assigned { to } = event {
                        *to = foreign;
                    }
                }
            }
            Self::AskRatingAlways => {
                if events.iter().any(|(_, it)| matches!(it, Event::Resolved)) {
                    events.push((Actor::System, Event::RatingRequested));
                }
            }
            Self::OfferTwice => {
                if let Some(offer) = events.iter().find(|(_, it)| matches!(it, Event::Offered { .. })).cloned() {
                    events.push(offer);
                }
            }
            Self::LoseDedupeKey
            | Self::AcknowledgeEarly
            | Self::Overtake
            | Self::SkipVersionCheck
            | Self::TrustCache
            | Self::SkipNumber
            | Self::ForgetTimer
            | Self::HurryTimers
            | Self::SettleEarly
            | Self::RepeatTicket
            | Self::LoseRouting
            | Self::HideLoad
            | Self::LeakNotes
            | Self::CrossTenants
            | Self::ResumeOneLate
            | Self::SendTwice
            | Self::SkipOwnerCheck
            | Self::SkewState
            | Self::IgnoreWithdrawal
            | Self::KeepFeelings => {}
        }
    }
}

fn text_of(input: &Input) -> Option<&str> {
    let Input::CustomerMessage { message } = input else { return None };
    if let Content::Text { text } = &message.content { Some(text) } else { None }
}
