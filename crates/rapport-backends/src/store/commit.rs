//! Committing decisions: a tenant's commits of one transaction, each checked first, written by one statement a table.

use std::collections::{BTreeMap, HashMap};

use rapport_model::{
    Actor, Conversation, ConversationId, Entry, InboxId, NewEntry, Seq, Status, TenantId, TimerChange, TimerId, Timestamp,
};
use rapport_ports::{Commit, CommitError, Committed, QueueChange};

use super::{
    audit, care,
    counters::{self, Counters},
    kept,
    text::{json, number, read_id},
};
use crate::sql::{Each, Insert, Kind, Sql, SqlError, Value};

/// Version of the stored payload's format.
const FORMAT: i64 = 1;

/// How many columns come before `place`.
const UNPLACED: usize = 13;
const JOURNAL_COLUMNS: &[(&str, Kind)] = &[
    ("tenant", Kind::Bytes),
    ("seq", Kind::Int),
    ("conversation", Kind::Bytes),
    ("contact", Kind::Bytes),
    ("inbox", Kind::Bytes),
    ("at", Kind::Int),
    ("kind", Kind::Text),
    ("format", Kind::Int),
    ("actor", Kind::Text),
    ("payload", Kind::Text),
    ("reasons", Kind::Text),
    ("external_id", Kind::Text),
    ("previous", Kind::Int),
    ("place", Kind::Int),
];
static JOURNAL: Insert = Insert::new("journal", JOURNAL_COLUMNS, "");
/// PostgreSQL finds an entry by tenant and number.
static JOURNAL_UNPLACED: Insert = Insert::new("journal", JOURNAL_COLUMNS.split_at(UNPLACED).0, "");
static CONVERSATION: Insert = Insert::new(
    "conversation",
    &[
        ("tenant", Kind::Bytes),
        ("id", Kind::Bytes),
        ("number", Kind::Int),
        ("inbox", Kind::Bytes),
        ("contact", Kind::Bytes),
        ("status", Kind::Text),
        ("category", Kind::Text),
        ("assignee", Kind::Bytes),
        ("holder", Kind::Bytes),
        ("assigned_at", Kind::Int),
        ("resolved_at", Kind::Int),
        ("updated_at", Kind::Int),
        ("version", Kind::Int),
        ("last_seq", Kind::Int),
    ],
    "on conflict (tenant, id) do update set status = excluded.status, category = excluded.category, assignee = excluded.assignee, \
     holder = excluded.holder, assigned_at = coalesce(excluded.assigned_at, conversation.assigned_at), resolved_at = excluded.resolved_at, \
     updated_at = excluded.updated_at, version = excluded.version, last_seq = excluded.last_seq",
);
static STATE: Insert = Insert::new(
    "conversation_state",
    &[("tenant", Kind::Bytes), ("id", Kind::Bytes), ("seq", Kind::Int), ("state", Kind::Text)],
    "on conflict (tenant, id) do update set seq = excluded.seq, state = excluded.state",
);
static QUEUE: Insert = Insert::new(
    "queue_entry",
    &[("tenant", Kind::Bytes), ("conversation", Kind::Bytes), ("since", Kind::Int), ("body", Kind::Text)],
    "on conflict (tenant, conversation) do update set since = excluded.since, body = excluded.body",
);
static OUTBOX: Insert = Insert::new(
    "outbox",
    &[
        ("id", Kind::Bytes),
        ("tenant", Kind::Bytes),
        ("conversation", Kind::Bytes),
        ("effect", Kind::Text),
        ("attempt", Kind::Int),
        ("state", Kind::Text),
        ("next_at", Kind::Int),
        ("created_at", Kind::Int),
    ],
    "",
);
static TIMER: Insert = Insert::new(
    "timer",
    &[
        ("tenant", Kind::Bytes),
        ("conversation", Kind::Bytes),
        ("slot", Kind::Text),
        ("id", Kind::Bytes),
        ("kind", Kind::Text),
        ("due_at", Kind::Int),
    ],
    "on conflict (tenant, conversation, slot) do update set id = excluded.id, kind = excluded.kind, due_at = excluded.due_at",
);

const KNOWN_EXTERNALS: Each = Each {
    one: "select inbox, external_id, seq, conversation from journal where tenant = $1 and inbox = $2 and external_id = $3",
    all: "select j.inbox, j.external_id, j.seq, j.conversation from unnest($2::bytea[], $3::text[]) as wanted (inbox, external_id) \
          join journal j on j.tenant = $1 and j.inbox = wanted.inbox and j.external_id = wanted.external_id",
    kinds: &[Kind::Bytes, Kind::Text],
};
const VERSIONS: Each = Each {
    one: "select id, version, status, category, assignee, holder, assigned_at, resolved_at, last_seq, rowid from conversation where tenant = $1 and id = $2",
    all: "select id, version, status, category, assignee, holder, assigned_at, resolved_at, last_seq, 0::bigint from conversation where tenant = $1 and id = any ($2::bytea[])",
    kinds: &[Kind::Bytes],
};
/// For a conversation that stays in its lists, which is the usual case: their indexes are left alone, and on SQLite its row is known.
const TOUCH: Each = Each {
    one: "update conversation set updated_at = $3, version = $4, last_seq = $5 where rowid = $2 and tenant = $1",
    all: "update conversation set updated_at = new.updated_at, version = new.version, last_seq = new.last_seq \
          from unnest($2::bytea[], $3::bigint[], $4::bigint[], $5::bigint[]) as new (id, updated_at, version, last_seq) \
          where conversation.tenant = $1 and conversation.id = new.id",
    kinds: &[Kind::Bytes, Kind::Int, Kind::Int, Kind::Int],
};
const LEAVE_QUEUE: Each = Each {
    one: "delete from queue_entry where tenant = $1 and conversation = $2",
    all: "delete from queue_entry where tenant = $1 and conversation = any ($2::bytea[])",
    kinds: &[Kind::Bytes],
};
const CANCEL_TIMER: Each = Each {
    one: "delete from timer where tenant = $1 and conversation = $2 and slot = $3",
    all: "delete from timer using unnest($2::bytea[], $3::text[]) as gone (conversation, slot) \
          where timer.tenant = $1 and timer.conversation = gone.conversation and timer.slot = gone.slot",
    kinds: &[Kind::Bytes, Kind::Text],
};

/// A commit with its JSON made by whoever submits it, so that the writer only writes.
pub(crate) struct PreparedCommit {
    pub(crate) tenant: TenantId,
    /// Its entries are taken out: they are in `entries`.
    commit: Commit,
    /// Not numbered yet.
    entries: Vec<Entry>,
    external_ids: Vec<Option<String>>,
    /// Only where it is written with this commit.
    state: Option<String>,
    /// Actor, payload and reasons of each entry.
    texts: Vec<(String, String, Option<String>)>,
    queue: Option<String>,
    effects: Vec<String>,
    timers: Vec<String>,
    audit: Vec<String>,
    /// Places of entries that go with the consent.
    resting: Vec<usize>,
}

impl PreparedCommit {
    pub(crate) fn new(tenant: TenantId, mut commit: Commit) -> Result<Self, SqlError> {
        let Conversation { id, contact, inbox, .. } = commit.state;
        let state = if kept::is_due(&commit) { Some(kept::text(&commit.state)?) } else { None };
        let (mut entries, mut external_ids, mut texts, mut resting) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for (place, mut entry) in std::mem::take(&mut commit.entries).into_iter().enumerate() {
            if commit.care.is_some() && care::rests_on_feeling(&entry.event, &entry.reasons) {
                resting.push(place);
            }
            let reasons = if entry.reasons.is_empty() { None } else { Some(json(&entry.reasons)?) };
            // Most that is said is said by the conversation's own customer.
            let actor = if entry.actor == Actor::Customer(contact) { String::new() } else { json(&entry.actor)? };
            texts.push((actor, json(&entry.event)?, reasons));
            external_ids.push(entry.external_id.take());
            entries.push(NewEntry::numbered(entry, Seq(0), id, contact, inbox));
        }
        let timer = |change: &TimerChange| if let TimerChange::Set { kind, .. } = change { json(kind) } else { Ok(String::new()) };
        Ok(Self {
            tenant,
            entries,
            external_ids,
            texts,
            state,
            queue: if let QueueChange::Put(entry) = &commit.queue { Some(json(entry)?) } else { None },
            effects: commit.effects.iter().map(|(_, effect)| json(effect)).collect::<Result<_, _>>()?,
            timers: commit.timers.iter().map(|(_, change)| timer(change)).collect::<Result<_, _>>()?,
            audit: commit.audit.iter().map(json).collect::<Result<_, _>>()?,
            resting,
            commit,
        })
    }

    /// Units: entries.
    pub(crate) fn length(&self) -> u64 {
        u64::try_from(self.entries.len()).unwrap_or(u64::MAX)
    }

    /// What its waiter and the bus are told once it is durable.
    pub(crate) fn done(self, placed: Placed) -> Done {
        let mut entries = self.entries;
        for (seq, entry) in (placed.first..).zip(&mut entries) {
            entry.seq = Seq(seq);
        }
        let Commit { at, state, .. } = self.commit;
        Done { tenant: self.tenant, at, committed: Committed { version: placed.version, state, entries: entries.into() } }
    }
}

/// Where a commit was written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Placed {
    pub(crate) first: u64,
    version: u64,
}

/// A commit that is durable.
pub(crate) struct Done {
    pub(crate) tenant: TenantId,
    pub(crate) at: Timestamp,
    pub(crate) committed: Committed,
}

/// What is known of a stored conversation.
struct Row {
    version: u64,
    /// Its newest entry.
    newest: u64,
    /// SQLite's own number of the row.
    rowid: i64,
    /// The columns that lists are found by: status, category, assignee, holder, assigned_at, resolved_at. `None` once they changed: to be read again.
    listed: Option<[Value<'static>; 6]>,
}

/// Conversations as the transactions before left them, so that those in use are not read again. Holds only while nobody else writes.
#[derive(Default)]
pub(crate) struct Known {
    rows: HashMap<(TenantId, ConversationId), Row>,
    edition: Option<i64>,
}

/// Conversations that are remembered at most.
const KNOWN_MAX: usize = 10_000;

impl Known {
    /// A transaction was undone, or the connection is another.
    pub(crate) fn forget(&mut self) {
        self.rows.clear();
    }

    /// Forgets all where somebody else wrote meanwhile, and where it cannot be told whether.
    fn renew(&mut self, sql: &mut dyn Sql) -> Result<(), SqlError> {
        let edition = sql.edition()?;
        if edition.is_none() || edition != self.edition || self.rows.len() > KNOWN_MAX {
            self.rows.clear();
        }
        self.edition = edition;
        Ok(())
    }
}

/// How sure the writer is that what comes from outside is new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Externals {
    /// Each is looked for first.
    Looked,
    /// Left to the unique index: one that is known already fails the transaction, which is then tried again with a look.
    Trusted,
}

/// What the commits of one tenant in one transaction write; each is checked against those before it.
struct Batch<'a> {
    counters: Counters,
    known: &'a mut Known,
    externals: HashMap<(InboxId, &'a str), (Seq, ConversationId)>,
    journal: Vec<[Value<'a>; UNPLACED + 1]>,
    conversations: BTreeMap<ConversationId, [Value<'a>; 14]>,
    states: BTreeMap<ConversationId, [Value<'a>; 4]>,
    /// `None` leaves the queue.
    queue: BTreeMap<ConversationId, Option<[Value<'a>; 4]>>,
    outbox: Vec<[Value<'a>; 8]>,
    /// `None` cancels.
    timers: BTreeMap<(ConversationId, &'a str), Option<[Value<'a>; 6]>>,
    audit: Vec<[Value<'a>; 5]>,
    grounds: care::Grounds,
    /// Commits that change what is kept of care, with the number of their first entry.
    care: Vec<(&'a PreparedCommit, u64)>,
}

/// Writes all that fit; each answer is at its commit's place. The caller has scoped the connection to the tenant.
pub(crate) fn commit_all(
    sql: &mut dyn Sql,
    tenant: TenantId,
    commits: &[Box<PreparedCommit>],
    externals: Externals,
    known: &mut Known,
) -> Result<Vec<Result<Placed, CommitError>>, SqlError> {
    // First of all, since it locks the tenant's numbers: whatever is read after it stays so until the end.
    let Some(counters) = counters::read(sql, tenant)? else {
        return Ok(commits.iter().map(|_| Err(CommitError::Unavailable("no such tenant".to_owned()))).collect());
    };
    let mut batch = Batch::load(sql, tenant, commits, counters, externals, known)?;
    let outcomes = commits.iter().map(|it| match batch.refusal(it) {
        Some(refusal) => Err(refusal),
        None => Ok(batch.take(it)),
    });
    let mut outcomes: Vec<_> = outcomes.collect();
    batch.write(sql, tenant)?;
    // What is sent again rests on a state that its first copy moved on: it is a duplicate first of all.
    for (commit, outcome) in commits.iter().zip(&mut outcomes).filter(|(_, it)| matches!(it, Err(CommitError::Conflict))) {
        if let Some((seq, conversation)) = stored_externals(sql, tenant, std::slice::from_ref(commit))?.into_values().next() {
            *outcome = Err(CommitError::Duplicate { seq, conversation });
        }
    }
    Ok(outcomes)
}

/// Those that are stored already, by inbox and external id.
fn stored_externals<'a>(sql: &mut dyn Sql, tenant: TenantId, commits: &'a [Box<PreparedCommit>]) -> Result<HashMap<(InboxId, &'a str), (Seq, ConversationId)>, SqlError> {
    let wanted: Vec<(InboxId, &str)> = commits.iter().flat_map(|it| it.external_ids.iter().flatten().map(|id| (it.commit.state.inbox, id.as_str()))).collect();
    let keys: Vec<[Value<'_>; 2]> = wanted.iter().map(|(inbox, id)| [inbox.as_bytes().into(), (*id).into()]).collect();
    let rows = sql.each(&KNOWN_EXTERNALS, tenant, &slices(&keys))?;
    let mut found = HashMap::with_capacity(rows.len());
    for row in &rows {
        let (inbox, external_id): (InboxId, _) = (read_id(row.bytes(0)?)?, row.text(1)?);
        if let Some(key) = wanted.iter().find(|it| **it == (inbox, external_id)) {
            found.insert(*key, (Seq(row.count(2)?), read_id(row.bytes(3)?)?));
        }
    }
    Ok(found)
}

impl<'a> Batch<'a> {
    fn load(
        sql: &mut dyn Sql,
        tenant: TenantId,
        commits: &'a [Box<PreparedCommit>],
        counters: Counters,
        externals: Externals,
        known: &'a mut Known,
    ) -> Result<Self, SqlError> {
        let externals = match externals {
            Externals::Looked => stored_externals(sql, tenant, commits)?,
            Externals::Trusted => HashMap::new(),
        };
        known.renew(sql)?;
        let grounds = care::Grounds::load(sql, tenant, commits.iter().map(|it| &it.commit))?;
        let unknown: Vec<[Value<'_>; 1]> =
            commits.iter().map(|it| &it.commit.state.id).filter(|id| known.rows.get(&(tenant, **id)).is_none_or(|it| it.listed.is_none())).map(|id| [id.as_bytes().into()]).collect();
        for mut row in sql.each(&VERSIONS, tenant, &slices(&unknown))? {
            let stored = Row { version: row.count(1)?, newest: row.count(8)?, rowid: row.int(9)?, listed: Some(std::array::from_fn(|at| row.take(at.saturating_add(2)))) };
            known.rows.insert((tenant, read_id(row.bytes(0)?)?), stored);
        }
        Ok(Self {
            counters,
            known,
            externals,
            journal: Vec::with_capacity(commits.len()),
            conversations: BTreeMap::new(),
            states: BTreeMap::new(),
            queue: BTreeMap::new(),
            outbox: Vec::new(),
            timers: BTreeMap::new(),
            audit: Vec::new(),
            grounds,
            care: Vec::new(),
        })
    }

    /// Why it cannot be written, if it cannot.
    fn refusal(&self, prepared: &PreparedCommit) -> Option<CommitError> {
        let commit = &prepared.commit;
        for external_id in prepared.external_ids.iter().flatten() {
            if let Some((seq, conversation)) = self.externals.get(&(commit.state.inbox, external_id.as_str())) {
                return Some(CommitError::Duplicate { seq: *seq, conversation: *conversation });
            }
        }
        let version = self.known.rows.get(&(prepared.tenant, commit.state.id)).map_or(0, |it| it.version);
        let moved_on = version != commit.expected_version || commit.routing_version.is_some_and(|it| it != self.counters.routing_version)
            || self.grounds.refuses(commit);
        moved_on.then_some(CommitError::Conflict)
    }

    fn take(&mut self, prepared: &'a PreparedCommit) -> Placed {
        let (tenant, commit) = (&prepared.tenant, &prepared.commit);
        let conversation = commit.state.id;
        // Also what did not rest on routing may move it: an agent who takes a conversation has less room for the next.
        if commit.routing_version.is_some() || prepared.entries.iter().any(|it| it.event.moves_routing()) {
            self.counters.routing_version = self.counters.routing_version.saturating_add(1);
        }
        let first = self.counters.last_seq.saturating_add(1);
        let version = commit.expected_version.saturating_add(1);
        let row = self.known.rows.entry((*tenant, conversation)).or_insert(Row { version, newest: 0, rowid: 0, listed: None });
        row.version = version;
        let texts = prepared.texts.iter().zip(&prepared.external_ids);
        for (seq, (entry, (texts, external_id))) in (first..).zip(prepared.entries.iter().zip(texts)) {
            if let Some(external_id) = external_id {
                self.externals.insert((commit.state.inbox, external_id), (Seq(seq), conversation));
            }
            let previous = Some(std::mem::replace(&mut row.newest, seq)).filter(|it| *it > 0);
            self.journal.push(journal_row(tenant, [seq, self.counters.base.saturating_add(seq)], entry, texts, (external_id.as_deref(), previous)));
            self.counters.last_seq = seq;
        }
        self.conversations.insert(conversation, conversation_row(tenant, &commit.state, version, self.counters.last_seq));
        if let Some(text) = &prepared.state {
            self.states.insert(conversation, [tenant.as_bytes().into(), commit.state.id.as_bytes().into(), number(self.counters.last_seq), text.as_str().into()]);
        }
        self.take_queue(prepared);
        for ((id, _), text) in commit.effects.iter().zip(&prepared.effects) {
            let (conversation, at) = (commit.state.id.as_bytes().into(), commit.at.0.into());
            self.outbox.push([id.as_bytes().into(), tenant.as_bytes().into(), conversation, text.as_str().into(), 0_i64.into(), "waiting".into(), at, commit.at.0.into()]);
        }
        for ((id, change), text) in commit.timers.iter().zip(&prepared.timers) {
            self.take_timer(tenant, &commit.state.id, id, change, text);
        }
        if commit.care.is_some() {
            self.care.push((prepared, first));
            self.grounds.take(commit);
        }
        for text in &prepared.audit {
            self.audit.push(audit::row(tenant, &mut self.counters, text));
        }
        Placed { first, version }
    }

    fn take_queue(&mut self, prepared: &'a PreparedCommit) {
        let id = &prepared.commit.state.id;
        match (&prepared.commit.queue, &prepared.queue) {
            (QueueChange::Put(entry), Some(text)) => {
                self.queue.insert(*id, Some([prepared.tenant.as_bytes().into(), id.as_bytes().into(), entry.since.0.into(), text.as_str().into()]));
            }
            (QueueChange::Remove, _) => drop(self.queue.insert(*id, None)),
            (QueueChange::Put(_) | QueueChange::Keep, _) => {}
        }
    }

    fn take_timer(&mut self, tenant: &'a TenantId, conversation: &'a ConversationId, id: &'a TimerId, change: &'a TimerChange, text: &'a str) {
        let (slot, row) = match change {
            TimerChange::Set { kind, at } => {
                let row = [tenant.as_bytes().into(), conversation.as_bytes().into(), kind.slot().into(), id.as_bytes().into(), text.into(), at.0.into()];
                (kind.slot(), Some(row))
            }
            TimerChange::Cancel { slot } => (slot.as_ref(), None),
        };
        self.timers.insert((*conversation, slot), row);
    }

    fn write(self, sql: &mut dyn Sql, tenant: TenantId) -> Result<(), SqlError> {
        if self.journal.is_empty() && self.conversations.is_empty() {
            return Ok(());
        }
        if sql.is_postgres() {
            let rows: Vec<&[Value<'_>]> = self.journal.iter().map(|it| it.split_at(UNPLACED).0).collect();
            sql.insert(&JOURNAL_UNPLACED, &rows)?;
        } else {
            sql.insert(&JOURNAL, &slices(&self.journal))?;
        }
        let (mut stay, mut moved) = (Vec::with_capacity(self.conversations.len()), Vec::new());
        for (id, row) in &self.conversations {
            let stored = self.known.rows.get_mut(&(tenant, *id));
            if let Some(stored) = stored.as_ref().filter(|it| it.listed.as_ref().is_some_and(|it| stays_listed(it, row))) {
                let [_, id, .., updated_at, version, last_seq] = row;
                let key = if sql.is_postgres() { id.borrowed() } else { Value::Int(stored.rowid) };
                stay.push([key, updated_at.borrowed(), version.borrowed(), last_seq.borrowed()]);
            } else {
                if let Some(stored) = stored {
                    stored.listed = None;
                }
                moved.push(row.as_slice());
            }
        }
        sql.each(&TOUCH, tenant, &slices(&stay))?;
        sql.insert(&CONVERSATION, &moved)?;
        sql.insert(&STATE, &slices(self.states.values()))?;
        sql.insert(&OUTBOX, &slices(&self.outbox))?;
        let leaving: Vec<[Value<'_>; 1]> = self.queue.iter().filter(|(_, row)| row.is_none()).map(|(id, _)| [id.as_bytes().into()]).collect();
        sql.each(&LEAVE_QUEUE, tenant, &slices(&leaving))?;
        sql.insert(&QUEUE, &slices(self.queue.values().flatten()))?;
        let cancelled: Vec<[Value<'_>; 2]> =
            self.timers.iter().filter(|(_, row)| row.is_none()).map(|((id, slot), _)| [id.as_bytes().into(), (*slot).into()]).collect();
        sql.each(&CANCEL_TIMER, tenant, &slices(&cancelled))?;
        sql.insert(&TIMER, &slices(self.timers.values().flatten()))?;
        sql.insert(&audit::LINES, &slices(&self.audit))?;
        for (prepared, first) in &self.care {
            let Some(care) = &prepared.commit.care else { continue };
            for moved in care::write(sql, tenant, &prepared.commit, care, *first, &prepared.resting)? {
                self.known.rows.remove(&(tenant, moved));
            }
        }
        counters::save(sql, tenant, &self.counters)
    }
}

/// Whether a conversation is found by the same lists as before. What is not known any more (who had it last) stays as it is stored.
fn stays_listed(stored: &[Value<'_>; 6], row: &[Value<'_>; 14]) -> bool {
    let [status, category, assignee, holder, assigned_at, resolved_at] = stored;
    let [_, _, _, _, _, new_status, new_category, new_assignee, new_holder, new_assigned_at, new_resolved_at, ..] = row;
    (status, category, assignee, holder, resolved_at) == (new_status, new_category, new_assignee, new_holder, new_resolved_at)
        && (*new_assigned_at == Value::Null || assigned_at == new_assigned_at)
}

fn slices<'r, 'a: 'r, const N: usize>(rows: impl IntoIterator<Item = &'r [Value<'a>; N]>) -> Vec<&'r [Value<'a>]> {
    rows.into_iter().map(<[_; N]>::as_slice).collect()
}

fn journal_row<'a>(
    tenant: &'a TenantId,
    [seq, place]: [u64; 2],
    entry: &'a Entry,
    (actor, payload, reasons): &'a (String, String, Option<String>),
    (external_id, previous): (Option<&'a str>, Option<u64>),
) -> [Value<'a>; UNPLACED + 1] {
    [
        tenant.as_bytes().into(),
        number(seq),
        entry.conversation.as_bytes().into(),
        entry.contact.as_bytes().into(),
        entry.inbox.as_bytes().into(),
        entry.at.0.into(),
        entry.event.kind().into(),
        FORMAT.into(),
        actor.as_str().into(),
        payload.as_str().into(),
        reasons.as_deref().into(),
        external_id.into(),
        previous.map(number).into(),
        number(place),
    ]
}

fn conversation_row<'a>(tenant: &'a TenantId, state: &'a Conversation, version: u64, last_seq: u64) -> [Value<'a>; 14] {
    let (holder, assigned_at, resolved_at) = match &state.status {
        Status::Offered { to, .. } => (Some(to), None, None),
        Status::Assigned { to, since } => (Some(to), Some(since.0), None),
        Status::Resolved { at, .. } => (None, None, Some(at.0)),
        Status::Bot | Status::Queued | Status::Snoozed { .. } => (None, None, None),
    };
    let assignee = state.status.assignee().map(|it| it.as_bytes().to_vec());
    [
        tenant.as_bytes().into(),
        state.id.as_bytes().into(),
        number(state.number),
        state.inbox.as_bytes().into(),
        state.contact.as_bytes().into(),
        state.status.name().into(),
        state.status.category().name().into(),
        assignee.into(),
        holder.map(|it| it.as_bytes()).into(),
        assigned_at.into(),
        resolved_at.into(),
        state.updated_at.0.into(),
        number(version),
        number(last_seq),
    ]
}
