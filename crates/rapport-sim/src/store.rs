//! The durable half of the world: a store in memory, small enough to be seen right, with the promises of the real one.

use std::collections::{BTreeMap, BTreeSet};

use rapport_model::{
    Actor, AgentView, Contact, ContactId, Conversation, ConversationId, Decision, Effect, EffectId, Entry, Event, Inbox, InboxId, Ids, MemberId,
    NewEntry, Presence, QueueEntry, Seq, Status, StatusCategory, TenantId, Ticket, TicketId, Timer, TimerChange, TimerId, Timestamp,
};

use crate::sabotage::Sabotage;

/// What one commit changes. The decision's reasons go with its first entry.
pub struct Commit {
    pub expected_version: u64,
    pub routing_version: Option<u64>,
    pub state: Conversation,
    pub decision: Decision,
    pub external_id: Option<String>,
    pub at: Timestamp,
}

/// Why a commit made nothing.
#[derive(Debug, PartialEq, Eq)]
pub enum Refused {
    Conflict,
    Duplicate { seq: Seq },
}

/// A conversation as stored.
#[derive(Clone, Debug)]
pub struct Stored {
    pub version: u64,
    pub state: Conversation,
    pub last_seq: Seq,
}

/// An effect whose outcome is not known yet.
#[derive(Clone, Debug)]
pub struct Pending {
    pub id: EffectId,
    pub conversation: ConversationId,
    pub effect: Effect,
    pub leased_until: Timestamp,
}

/// A member as configured.
#[derive(Clone, Debug)]
pub struct Agent {
    pub id: MemberId,
    pub name: String,
    pub capacity: u32,
    pub skills: Vec<String>,
    pub teams: Vec<rapport_model::TeamId>,
}

/// Everything durable of one tenant.
pub struct TenantStore {
    pub id: TenantId,
    pub name: String,
    pub inboxes: BTreeMap<InboxId, Inbox>,
    pub agents: BTreeMap<MemberId, Agent>,
    pub calendar: Option<rapport_model::Calendar>,
    pub contacts: BTreeMap<ContactId, Contact>,
    pub journal: Vec<Entry>,
    pub conversations: BTreeMap<ConversationId, Stored>,
    pub queue: BTreeMap<ConversationId, QueueEntry>,
    pub timers: BTreeMap<(ConversationId, &'static str), Timer>,
    pub outbox: BTreeMap<EffectId, Pending>,
    pub tickets: BTreeMap<TicketId, Ticket>,
    externals: BTreeMap<(InboxId, String), Seq>,
    by_conversation: BTreeMap<ConversationId, Vec<usize>>,
    pub routing_version: u64,
    numbers: u64,
    pub sabotage: Option<Sabotage>,
}

impl TenantStore {
    pub fn new(id: TenantId, name: &str) -> Self {
        Self {
            id,
            name: name.to_owned(),
            inboxes: BTreeMap::new(),
            agents: BTreeMap::new(),
            calendar: None,
            contacts: BTreeMap::new(),
            journal: Vec::new(),
            conversations: BTreeMap::new(),
            queue: BTreeMap::new(),
            timers: BTreeMap::new(),
            outbox: BTreeMap::new(),
            tickets: BTreeMap::new(),
            externals: BTreeMap::new(),
            by_conversation: BTreeMap::new(),
            routing_version: 0,
            numbers: 0,
            sabotage: None,
        }
    }

    pub fn allot_number(&mut self) -> u64 {
        self.numbers += 1;
        self.numbers
    }

    pub fn find_external(&self, inbox: InboxId, external_id: &str) -> Option<Seq> {
        self.externals.get(&(inbox, external_id.to_owned())).copied()
    }

    /// All or nothing, as the real store in one transaction.
    pub fn commit(&mut self, commit: Commit, ids: &mut Ids) -> Result<Seq, Refused> {
        let Commit { expected_version, routing_version, state, decision, external_id, at } = commit;
        let (conversation, inbox, contact) = (state.id, state.inbox, state.contact);
        let key = external_id.map(|it| (inbox, it));
        if let Some(seq) = key.as_ref().and_then(|it| self.externals.get(it)) {
            return Err(Refused::Duplicate { seq: *seq });
        }
        let version = self.conversations.get(&conversation).map_or(0, |it| it.version);
        let moved_on = version != expected_version || routing_version.is_some_and(|it| it != self.routing_version);
        if moved_on && self.sabotage != Some(Sabotage::SkipVersionCheck) {
            return Err(Refused::Conflict);
        }
        let Decision { events, effects, timers, reasons } = decision;
        if events.iter().any(|(_, it)| it.moves_routing()) {
            self.routing_version += 1;
        }
        let named = events.iter().position(|(_, it)| it.message().is_some_and(|it| it.client_id.is_some())).unwrap_or(0);
        let first_seq = Seq(u64::try_from(self.journal.len()).unwrap_or(u64::MAX) + 1);
        let mut reasons = Some(reasons);
        for (actor, event) in events {
            let new = NewEntry { at, actor, event, reasons: reasons.take().unwrap_or_default(), external_id: None };
            let seq = Seq(u64::try_from(self.journal.len()).unwrap_or(u64::MAX) + 1);
            self.by_conversation.entry(conversation).or_default().push(self.journal.len());
            self.journal.push(new.numbered(seq, conversation, contact, inbox));
        }
        let last_seq = Seq(u64::try_from(self.journal.len()).unwrap_or(u64::MAX));
        let named_seq = Seq(first_seq.0 + u64::try_from(named).unwrap_or(0));
        if let Some(key) = key
            && self.sabotage != Some(Sabotage::LoseDedupeKey)
        {
            self.externals.insert(key, named_seq);
        }
        match &state.queue {
            Some(entry) => self.queue.insert(conversation, entry.clone()),
            None => self.queue.remove(&conversation),
        };
        self.conversations.insert(conversation, Stored { version: version + 1, state, last_seq });
        for change in timers {
            self.change_timer(conversation, change, ids);
        }
        for effect in effects {
            let id: EffectId = ids.next();
            self.outbox.insert(id, Pending { id, conversation, effect, leased_until: Timestamp(i64::MIN) });
        }
        Ok(named_seq)
    }

    fn change_timer(&mut self, conversation: ConversationId, change: TimerChange, ids: &mut Ids) {
        match change {
            TimerChange::Set { kind, at } => {
                if self.sabotage == Some(Sabotage::ForgetQueueTimer) && kind == rapport_model::TimerKind::QueueCheck {
                    return;
                }
                self.timers.insert((conversation, kind.slot()), Timer { id: ids.next(), conversation, kind, due_at: at });
            }
            TimerChange::Cancel { slot } => self.timers.retain(|(of, name), _| *of != conversation || *name != slot),
        }
    }

    /// Removes a fired timer unless it was set anew meanwhile.
    pub fn clear_timer(&mut self, id: TimerId) {
        self.timers.retain(|_, it| it.id != id);
    }

    pub fn due_timers(&self, now: Timestamp) -> Vec<Timer> {
        let mut due: Vec<Timer> = self.timers.values().filter(|it| it.due_at <= now).copied().collect();
        due.sort_by_key(|it| (it.due_at, it.id));
        due
    }

    pub fn entries_of(&self, conversation: ConversationId) -> impl Iterator<Item = &Entry> {
        let places = self.by_conversation.get(&conversation).map(Vec::as_slice).unwrap_or_default();
        places.iter().filter_map(|it| self.journal.get(*it))
    }

    /// What a visitor's socket is sent after a number.
    pub fn visitor_feed(&self, contact: ContactId, after: Seq) -> Vec<Entry> {
        let shown = |it: &&Entry| it.contact == contact && it.seq > after && (it.event.for_customer() || self.sabotage == Some(Sabotage::LeakNotes));
        self.journal.iter().skip(usize::try_from(after.0).unwrap_or(usize::MAX)).filter(shown).cloned().collect()
    }

    /// The visitor's conversation that their next message goes to.
    pub fn current_of(&self, contact: ContactId) -> Option<&Stored> {
        let latest = self.conversations.values().filter(|it| it.state.contact == contact).max_by_key(|it| it.state.number)?;
        (latest.state.status.category() != StatusCategory::Done).then_some(latest)
    }

    pub fn previous_agent(&self, contact: ContactId) -> Option<MemberId> {
        let earlier = self.conversations.values().filter(|it| it.state.contact == contact);
        earlier.max_by_key(|it| it.state.number).and_then(|it| it.state.last_agent)
    }

    /// Assigned and offered conversations of a member.
    pub fn load(&self, member: MemberId) -> u32 {
        let held = self.conversations.values().filter(|it| match it.state.status {
            Status::Offered { to, .. } | Status::Assigned { to, .. } => to == member,
            Status::Bot | Status::Queued | Status::Snoozed { .. } | Status::Resolved { .. } => false,
        });
        u32::try_from(held.count()).unwrap_or(u32::MAX)
    }

    pub fn roster(&self, presence: &BTreeMap<MemberId, Presence>) -> Vec<AgentView> {
        let last = self.last_assignments();
        let agents = self.agents.values().map(|it| AgentView {
            id: it.id,
            name: it.name.clone(),
            presence: presence.get(&it.id).copied().unwrap_or_default(),
            teams: it.teams.clone(),
            skills: it.skills.clone(),
            capacity: it.capacity,
            load: if self.sabotage == Some(Sabotage::HideLoad) { 0 } else { self.load(it.id) },
            last_assigned_at: last.get(&it.id).copied(),
        });
        agents.collect()
    }

    fn last_assignments(&self) -> BTreeMap<MemberId, Timestamp> {
        let mut last = BTreeMap::new();
        for stored in self.conversations.values() {
            if let Status::Assigned { to, since } = stored.state.status {
                let at = last.entry(to).or_insert(since);
                *at = (*at).max(since);
            }
        }
        last
    }

    /// Mean time between the last assignment and the resolution of the conversations that agents resolved.
    pub fn handle_time_ms(&self) -> Option<i64> {
        let mut assigned: BTreeMap<ConversationId, Timestamp> = BTreeMap::new();
        let mut spans = Vec::new();
        for entry in &self.journal {
            if matches!(entry.event, Event::Assigned { .. }) {
                assigned.insert(entry.conversation, entry.at);
            } else if matches!(entry.event, Event::Resolved)
                && let Some(since) = assigned.remove(&entry.conversation)
            {
                spans.push(entry.at.since_ms(since).max(0));
            }
        }
        let count = i64::try_from(spans.len()).ok().filter(|it| *it > 0)?;
        Some(spans.iter().sum::<i64>() / count)
    }

    /// Every id that belongs to this tenant by configuration.
    pub fn configured_ids(&self) -> BTreeSet<uuid::Uuid> {
        let mut ids = BTreeSet::from([self.id.0]);
        ids.extend(self.inboxes.keys().map(|it| it.0));
        ids.extend(self.agents.keys().map(|it| it.0));
        ids.extend(self.agents.values().flat_map(|it| it.teams.iter().map(|it| it.0)));
        ids.extend(self.contacts.keys().map(|it| it.0));
        ids
    }
}

/// Who an actor is, as text for traces.
pub fn actor_name(store: &TenantStore, actor: Actor) -> String {
    match actor {
        Actor::Customer(id) => store.contacts.get(&id).map_or_else(|| id.to_string(), |it| it.name.clone()),
        Actor::Member(id) => store.agents.get(&id).map_or_else(|| id.to_string(), |it| it.name.clone()),
        Actor::Bot => "bot".to_owned(),
        Actor::System => "system".to_owned(),
    }
}
