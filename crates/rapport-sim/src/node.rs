//! The server in miniature: load, decide, commit, in steps that the world can cut between.

use std::collections::BTreeMap;

use rapport_engine::Context;
use rapport_knowledge::Index;
use rapport_model::{ContactId, ConversationId, Decision, Fault, Ids, InboxId, Input, MemberId, Presence, Seq, Timestamp, codes};

use crate::{
    sabotage::Sabotage,
    store::{Commit, TenantStore},
};

/// Which conversation a command is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Address {
    Conversation(ConversationId),
    /// The visitor's current conversation, or a new one.
    Visitor { contact: ContactId, inbox: InboxId },
}

#[derive(Clone, Debug)]
pub struct Command {
    pub address: Address,
    pub input: Input,
    pub external_id: Option<String>,
}

/// A decision made and not yet committed.
pub enum Prepared {
    Commit(Box<Commit>),
    /// Fine, and nothing changes.
    Nothing(Decision),
}

/// Everything of a tenant that a node knows: the store, and who is at their desk (which a crash forgets).
pub struct Tenant {
    pub store: TenantStore,
    pub presence: BTreeMap<MemberId, Presence>,
    pub knowledge: Index,
}

impl Tenant {
    /// Loads what the input needs and decides.
    pub fn prepare(&mut self, command: &Command, now: Timestamp, ids: &mut Ids) -> Result<Prepared, Fault> {
        let stored = match command.address {
            Address::Conversation(id) => Some(self.store.conversations.get(&id).cloned().ok_or_else(|| Fault::new(codes::NOT_FOUND))?),
            Address::Visitor { contact, .. } => self.store.current_of(contact).cloned(),
        };
        let (contact, inbox) = match (&stored, command.address) {
            (Some(stored), _) => (stored.state.contact, stored.state.inbox),
            (None, Address::Visitor { contact, inbox }) => (contact, inbox),
            (None, Address::Conversation(_)) => return Err(Fault::new(codes::NOT_FOUND)),
        };
        let state = stored.as_ref().map(|it| &it.state);
        let reads = rapport_engine::reads(&command.input, state);
        let needs_routing = reads.roster || reads.queue;
        let roster = if reads.roster { self.store.roster(&self.presence) } else { Vec::new() };
        let queue: Vec<_> = if reads.queue { self.store.queue.values().cloned().collect() } else { Vec::new() };
        let next_number = if stored.is_none() { self.store.allot_number() } else { 0 };
        let lost = || Fault::new(codes::NOT_FOUND);
        let ctx = Context {
            now,
            tenant_name: &self.store.name,
            inbox: self.store.inboxes.get(&inbox).ok_or_else(lost)?,
            contact: self.store.contacts.get(&contact).ok_or_else(lost)?,
            conversation: state,
            previous_agent: self.store.previous_agent(contact),
            calendar: self.store.calendar.as_ref(),
            roster: &roster,
            queue: &queue,
            handle_time_ms: if reads.queue { self.store.handle_time_ms() } else { None },
            knowledge: reads.knowledge.then_some(&self.knowledge),
            next_number,
            last_seq: stored.as_ref().map_or(Seq(0), |it| it.last_seq),
        };
        let mut decision = rapport_engine::decide(&ctx, &command.input, ids)?;
        if let Some(sabotage) = self.store.sabotage {
            sabotage.spoil(&mut decision);
        }
        if decision.events.is_empty() {
            return Ok(Prepared::Nothing(decision));
        }
        let expected_version = stored.as_ref().map_or(0, |it| it.version);
        let advanced = rapport_engine::advance(stored.map(|it| it.state), &decision, now);
        let mut state = advanced.ok_or_else(|| Fault::with(codes::INTERNAL, "the first event opens nothing"))?;
        if self.store.sabotage == Some(Sabotage::SkewState) {
            state.messages = state.messages.saturating_add(1);
        }
        let routing_version = needs_routing.then_some(self.store.routing_version);
        let external_id = command.external_id.clone();
        Ok(Prepared::Commit(Box::new(Commit { expected_version, routing_version, state, decision, external_id, at: now })))
    }

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
    /// What the bug does to a decision.
    fn spoil(self, decision: &mut Decision) {
        match self {
            Self::DropReasons => decision.reasons.clear(),
            Self::ForeignMember => {
                let foreign = MemberId(uuid::Uuid::from_u128(0xF0_E1_97));
                for (_, event) in &mut decision.events {
                    if let rapport_model::Event::Assigned { to } = event {
                        *to = foreign;
                    }
                }
            }
            Self::AskRatingAlways => {
                if decision.events.iter().any(|(_, it)| matches!(it, rapport_model::Event::Resolved)) {
                    decision.events.push((rapport_model::Actor::System, rapport_model::Event::RatingRequested));
                }
            }
            Self::LoseDedupeKey
            | Self::AcknowledgeEarly
            | Self::SkipVersionCheck
            | Self::ForgetQueueTimer
            | Self::HideLoad
            | Self::LeakNotes
            | Self::SkewState => {}
        }
    }
}
