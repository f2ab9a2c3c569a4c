//! The durable half of the world: a store in memory, small enough to be seen right, with the promises of the real one.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use rapport_model::{
    Actor, AgentView, Consent, Contact, ContactId, Conversation, ConversationId, Effect, EffectId, Entry, Event, Ids, Inbox, InboxId, MemberId, NewEntry,
    Presence, QueueEntry, Seq, Spending, Status, StatusCategory, TenantId, TenantSwitches, Ticket, TicketId, Timer, TimerChange, TimerId, TimerKind, Timestamp,
};

use crate::{care::CareWrite, sabotage::Sabotage};

/// What one commit changes, as `rapport_ports::Commit`.
pub struct Commit {
    pub expected_version: u64,
    pub routing_version: Option<u64>,
    pub state: Conversation,
    pub entries: Vec<NewEntry>,
    pub effects: Vec<Effect>,
    pub timers: Vec<TimerChange>,
    pub care: CareWrite,
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
    pub switches: TenantSwitches,
    pub consents: BTreeMap<ContactId, Vec<Consent>>,
    /// Sealed, with whose it is.
    pub moods: BTreeMap<ConversationId, (ContactId, String)>,
    /// What was noticed, and in which entry.
    pub samples: Vec<(ContactId, ConversationId, Seq)>,
    pub spendings: Vec<Spending>,
    pub routing_version: u64,
    pub sabotage: Option<Sabotage>,
    externals: BTreeMap<(InboxId, String), Seq>,
    by_conversation: BTreeMap<ConversationId, Vec<usize>>,
    by_contact: BTreeMap<ContactId, Vec<ConversationId>>,
    /// When each member last got a conversation.
    assigned_last: BTreeMap<MemberId, Timestamp>,
    /// Since when each conversation is with an agent, and how long the latest ones took.
    assigned_at: BTreeMap<ConversationId, Timestamp>,
    handled_ms: VecDeque<i64>,
    numbers: u64,
}

/// How many of the latest conversations the mean handling time is taken from.
const HANDLED_MAX: usize = 50;

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
            switches: TenantSwitches::default(),
            consents: BTreeMap::new(),
            moods: BTreeMap::new(),
            samples: Vec::new(),
            spendings: Vec::new(),
            routing_version: 0,
            sabotage: None,
            externals: BTreeMap::new(),
            by_conversation: BTreeMap::new(),
            by_contact: BTreeMap::new(),
            assigned_last: BTreeMap::new(),
            assigned_at: BTreeMap::new(),
            handled_ms: VecDeque::new(),
            numbers: 0,
        }
    }

    pub fn allot_number(&mut self) -> u64 {
        self.numbers += 1;
        self.numbers
    }

    pub fn find_external(&self, inbox: InboxId, external_id: &str) -> Option<Seq> {
        self.externals.get(&(inbox, external_id.to_owned())).copied()
    }

    /// The newest number.
    pub fn last_seq(&self) -> Seq {
        self.journal.last().map_or(Seq(0), |it| it.seq)
    }

    /// All or nothing, as the real store in one transaction.
    pub fn commit(&mut self, commit: Commit, ids: &mut Ids) -> Result<Seq, Refused> {
        if let Some(refused) = self.check(&commit) {
            return Err(refused);
        }
        let Commit { state, entries, effects, timers, care, .. } = commit;
        let (conversation, contact) = (state.id, state.contact);
        if entries.iter().any(|it| it.event.moves_routing()) {
            self.routing_version += 1;
        }
        let receipt = rapport_engine::receipt_entry(&entries);
        let mut receipt_seq = Seq(0);
        for (at, entry) in entries.into_iter().enumerate() {
            let seq = self.append(&state, entry);
            if at == receipt {
                receipt_seq = seq;
            }
        }
        match &state.queue {
            Some(entry) => self.queue.insert(conversation, entry.clone()),
            None => self.queue.remove(&conversation),
        };
        let version = self.conversations.get(&conversation).map_or(0, |it| it.version) + 1;
        if version == 1 {
            self.by_contact.entry(state.contact).or_default().push(conversation);
        }
        let last_seq = self.last_seq();
        self.conversations.insert(conversation, Stored { version, state, last_seq });
        self.keep_care(contact, conversation, receipt_seq, care);
        for change in timers {
            self.change_timer(conversation, change, ids);
        }
        let lost = |it: &Effect| self.sabotage == Some(Sabotage::LoseRouting) && *it == Effect::RouteQueue;
        for effect in effects.into_iter().filter(|it| !lost(it)) {
            let id: EffectId = ids.next();
            self.outbox.insert(id, Pending { id, conversation, effect, leased_until: Timestamp(i64::MIN) });
        }
        Ok(receipt_seq)
    }

    fn check(&self, commit: &Commit) -> Option<Refused> {
        let keys = commit.entries.iter().filter_map(|it| it.external_id.as_deref());
        if let Some(seq) = keys.filter_map(|it| self.find_external(commit.state.inbox, it)).next() {
            return Some(Refused::Duplicate { seq });
        }
        let version = self.conversations.get(&commit.state.id).map_or(0, |it| it.version);
        let moved_on = version != commit.expected_version || commit.routing_version.is_some_and(|it| it != self.routing_version);
        let withdrawn = commit.care.rests_on_feeling && !commit.entries.first().is_some_and(|it| self.may_know(commit.state.contact, it.at));
        let refused = (moved_on && self.sabotage != Some(Sabotage::SkipVersionCheck)) || (withdrawn && self.sabotage != Some(Sabotage::IgnoreWithdrawal));
        refused.then_some(Refused::Conflict)
    }

    fn append(&mut self, state: &Conversation, entry: NewEntry) -> Seq {
        let skipped = u64::from(self.sabotage == Some(Sabotage::SkipNumber) && self.journal.len() % 50 == 49);
        let seq = Seq(self.last_seq().0 + 1 + skipped);
        if let Some(key) = &entry.external_id
            && self.sabotage != Some(Sabotage::LoseDedupeKey)
        {
            self.externals.insert((state.inbox, key.clone()), seq);
        }
        if let Event::Assigned { to } = entry.event {
            self.assigned_last.insert(to, entry.at);
            self.assigned_at.insert(state.id, entry.at);
        }
        if entry.event == Event::Resolved
            && let Some(since) = self.assigned_at.remove(&state.id)
        {
            self.handled_ms.push_back(entry.at.since_ms(since).max(0));
            if self.handled_ms.len() > HANDLED_MAX {
                self.handled_ms.pop_front();
            }
        }
        self.by_conversation.entry(state.id).or_default().push(self.journal.len());
        self.journal.push(entry.numbered(seq, state.id, state.contact, state.inbox));
        seq
    }

    fn change_timer(&mut self, conversation: ConversationId, change: TimerChange, ids: &mut Ids) {
        match change {
            TimerChange::Set { kind, at } => {
                if self.sabotage == Some(Sabotage::ForgetTimer) && kind == TimerKind::QueueCheck {
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

    /// Effects that are due, leased to the caller.
    pub fn claim_effects(&mut self, now: Timestamp, lease_ms: i64) -> Vec<Pending> {
        let mut claimed = Vec::new();
        for pending in self.outbox.values_mut().filter(|it| it.leased_until <= now) {
            pending.leased_until = now.plus_ms(lease_ms);
            claimed.push(pending.clone());
        }
        claimed
    }

    /// When the next timer or effect falls due.
    pub fn next_due(&self) -> Option<Timestamp> {
        let timers = self.timers.values().map(|it| it.due_at);
        timers.chain(self.outbox.values().map(|it| it.leased_until)).min()
    }

    /// Writes a ticket unless it is there: a repeated effect must not undo later changes.
    pub fn store_ticket(&mut self, ticket: Ticket) {
        if self.sabotage == Some(Sabotage::RepeatTicket) {
            self.tickets.insert(ticket.id, ticket);
        } else {
            self.tickets.entry(ticket.id).or_insert(ticket);
        }
    }

    pub fn entries_of(&self, conversation: ConversationId) -> impl Iterator<Item = &Entry> {
        let places = self.by_conversation.get(&conversation).map(Vec::as_slice).unwrap_or_default();
        places.iter().filter_map(|it| self.journal.get(*it))
    }

    pub fn entry(&self, seq: Seq) -> Option<&Entry> {
        let at = self.journal.binary_search_by_key(&seq, |it| it.seq).ok()?;
        self.journal.get(at)
    }

    /// Entries after a number.
    pub fn entries_after(&self, after: Seq) -> &[Entry] {
        let at = self.journal.partition_point(|it| it.seq <= after);
        self.journal.get(at..).unwrap_or_default()
    }

    pub fn conversations_of(&self, contact: ContactId) -> &[ConversationId] {
        self.by_contact.get(&contact).map(Vec::as_slice).unwrap_or_default()
    }

    /// The contact's newest conversation.
    pub fn latest_of(&self, contact: ContactId) -> Option<&Stored> {
        self.conversations_of(contact).last().and_then(|it| self.conversations.get(it))
    }

    /// The visitor's open conversation, which their next words belong to.
    pub fn current_of(&self, contact: ContactId) -> Option<&Stored> {
        self.latest_of(contact).filter(|it| it.state.status.category() != StatusCategory::Done)
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
        let agents = self.agents.values().map(|it| AgentView {
            id: it.id,
            name: it.name.clone(),
            presence: presence.get(&it.id).copied().unwrap_or_default(),
            teams: it.teams.clone(),
            skills: it.skills.clone(),
            capacity: it.capacity,
            load: if self.sabotage == Some(Sabotage::HideLoad) { 0 } else { self.load(it.id) },
            last_assigned_at: self.assigned_last.get(&it.id).copied(),
        });
        agents.collect()
    }

    /// Mean time between the last assignment and the resolution of the conversations that agents resolved.
    pub fn handle_time_ms(&self) -> Option<i64> {
        let count = i64::try_from(self.handled_ms.len()).ok().filter(|it| *it > 0)?;
        Some(self.handled_ms.iter().sum::<i64>() / count)
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
