//! Committing decisions: many in one transaction, each checked first, written by multi-row statements.

use std::collections::{BTreeMap, HashMap};

use rapport_model::{
    Actor, AuditLine, AuditRecord, ContactId, Conversation, ConversationId, Effect, EffectId, Entry, Event, InboxId, NewEntry, QueueEntry, Reason,
    Seq, Status, TenantId, TimerChange, TimerId, Timestamp,
};
use rapport_ports::{Commit, CommitError, Committed, JournalScope, QueueChange};
use sha2::{Digest as _, Sha256};

use crate::sql::{Row, Sql, SqlError, Value, places};

/// Version of the stored payload's format.
const FORMAT: i64 = 1;
/// Rows of one statement: a few sizes only, so that each is prepared once.
const CHUNKS: [usize; 4] = [64, 16, 4, 1];
const SYSTEM: &str = "";

/// A commit with its JSON made, so that the writer only writes.
pub(crate) struct PreparedCommit {
    pub(crate) tenant: TenantId,
    pub(crate) commit: Commit,
    state: String,
    /// Actor, payload and reasons of each entry.
    texts: Vec<(String, String, Option<String>)>,
}

impl PreparedCommit {
    pub(crate) fn new(tenant: TenantId, commit: Commit) -> Result<Self, SqlError> {
        let state = json(&commit.state)?;
        let texts = commit.entries.iter().map(|it| {
            let reasons = if it.reasons.is_empty() { None } else { Some(json(&it.reasons)?) };
            Ok((json(&it.actor)?, json(&it.event)?, reasons))
        });
        let texts = texts.collect::<Result<_, SqlError>>()?;
        Ok(Self { tenant, commit, state, texts })
    }
}

/// A commit that was written.
pub(crate) struct Done {
    pub(crate) tenant: TenantId,
    pub(crate) at: Timestamp,
    pub(crate) committed: Committed,
}

pub(crate) fn json(value: &impl serde::Serialize) -> Result<String, SqlError> {
    serde_json::to_string(value).map_err(|error| SqlError::Other(error.to_string()))
}

pub(crate) fn parse<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, SqlError> {
    serde_json::from_str(text).map_err(|error| SqlError::Other(format!("stored JSON: {error}")))
}

/// The counters of one tenant during a transaction.
struct Counters {
    last_seq: u64,
    routing_version: u64,
    last_audit: u64,
    audit_hash: String,
    changed: bool,
}

/// What this transaction has decided to write, seen by the commits that come later in it.
#[derive(Default)]
struct Batch {
    counters: BTreeMap<TenantId, Counters>,
    versions: HashMap<(TenantId, ConversationId), u64>,
    externals: HashMap<(TenantId, InboxId, String), (Seq, ConversationId)>,
    journal: Vec<[Value; 12]>,
    conversations: BTreeMap<(TenantId, ConversationId), [Value; 15]>,
}

/// Writes all that fit; each answer is at its commit's place.
pub(crate) fn commit_all(sql: &mut dyn Sql, commits: Vec<PreparedCommit>) -> Result<Vec<Result<Done, CommitError>>, SqlError> {
    let mut batch = Batch::default();
    let mut outcomes = Vec::with_capacity(commits.len());
    for prepared in commits {
        outcomes.push(match batch.check(sql, &prepared)? {
            Some(refusal) => Err(refusal),
            None => Ok(batch.take(sql, prepared)?),
        });
    }
    batch.write(sql)?;
    Ok(outcomes)
}

impl Batch {
    fn counters(&mut self, sql: &mut dyn Sql, tenant: TenantId) -> Result<&mut Counters, SqlError> {
        if let std::collections::btree_map::Entry::Vacant(place) = self.counters.entry(tenant) {
            place.insert(read_counters(sql, tenant)?);
        }
        self.counters.get_mut(&tenant).ok_or_else(|| SqlError::Other("counters".to_owned()))
    }

    /// Why it cannot be written, if it cannot.
    fn check(&mut self, sql: &mut dyn Sql, prepared: &PreparedCommit) -> Result<Option<CommitError>, SqlError> {
        let PreparedCommit { tenant, commit, .. } = prepared;
        for external_id in commit.entries.iter().filter_map(|it| it.external_id.as_deref()) {
            let key = (*tenant, commit.state.inbox, external_id.to_owned());
            let known = match self.externals.get(&key) {
                Some(known) => Some(*known),
                None => find_external(sql, *tenant, commit.state.inbox, external_id)?,
            };
            if let Some((seq, conversation)) = known {
                return Ok(Some(CommitError::Duplicate { seq, conversation }));
            }
        }
        let key = (*tenant, commit.state.id);
        let version = match self.versions.get(&key) {
            Some(version) => *version,
            None => version_of(sql, *tenant, commit.state.id)?,
        };
        if version != commit.expected_version {
            return Ok(Some(CommitError::Conflict));
        }
        if let Some(wanted) = commit.routing_version {
            let counters = self.counters(sql, *tenant)?;
            if counters.routing_version != wanted {
                return Ok(Some(CommitError::Conflict));
            }
        }
        Ok(None)
    }

    fn take(&mut self, sql: &mut dyn Sql, prepared: PreparedCommit) -> Result<Done, SqlError> {
        let PreparedCommit { tenant, commit, state, texts } = prepared;
        let (conversation, contact, inbox) = (commit.state.id, commit.state.contact, commit.state.inbox);
        let counters = self.counters(sql, tenant)?;
        counters.changed = true;
        // Also what did not rest on routing may move it: an agent who takes a conversation has less room for the next.
        if commit.routing_version.is_some() || commit.entries.iter().any(|it| it.event.moves_routing()) {
            counters.routing_version = counters.routing_version.saturating_add(1);
        }
        let first = counters.last_seq.saturating_add(1);
        counters.last_seq = counters.last_seq.saturating_add(u64::try_from(commit.entries.len()).unwrap_or(0));
        let last_seq = Seq(counters.last_seq);
        let mut entries = Vec::with_capacity(commit.entries.len());
        for (seq, (entry, (actor, payload, reasons))) in (first..).zip(commit.entries.into_iter().zip(texts)) {
            if let Some(external_id) = &entry.external_id {
                self.externals.insert((tenant, inbox, external_id.clone()), (Seq(seq), conversation));
            }
            self.journal.push(journal_row(tenant, seq, conversation, contact, inbox, &entry, actor, payload, reasons));
            entries.push(entry.numbered(Seq(seq), conversation, contact, inbox));
        }
        let version = commit.expected_version.saturating_add(1);
        self.versions.insert((tenant, conversation), version);
        self.conversations.insert((tenant, conversation), conversation_row(tenant, &commit.state, version, last_seq, state));
        put_queue(sql, tenant, conversation, commit.queue)?;
        put_effects(sql, tenant, conversation, commit.effects, commit.at)?;
        put_timers(sql, tenant, conversation, commit.timers)?;
        for record in commit.audit {
            self.chain(sql, tenant, record)?;
        }
        Ok(Done { tenant, at: commit.at, committed: Committed { version, entries: entries.into() } })
    }

    fn chain(&mut self, sql: &mut dyn Sql, tenant: TenantId, record: AuditRecord) -> Result<(), SqlError> {
        let counters = self.counters(sql, tenant)?;
        chain(sql, tenant, counters, record)
    }

    fn write(self, sql: &mut dyn Sql) -> Result<(), SqlError> {
        in_chunks(&self.journal, |rows, count| {
            let text = format!(
                "insert into journal (tenant, seq, conversation, contact, inbox, at, kind, format, actor, payload, reasons, external_id) values {}",
                places(count, 12)
            );
            sql.run(&text, rows).map(drop)
        })?;
        let conversations: Vec<_> = self.conversations.into_values().collect();
        in_chunks(&conversations, |rows, count| {
            let text = format!(
                "insert into conversation (tenant, id, number, inbox, contact, status, category, assignee, holder, assigned_at, resolved_at, updated_at, version, \
                 last_seq, state) values {} on conflict (tenant, id) do update set status = excluded.status, category = excluded.category, \
                 assignee = excluded.assignee, holder = excluded.holder, assigned_at = coalesce(excluded.assigned_at, conversation.assigned_at), resolved_at = excluded.resolved_at, \
                 updated_at = excluded.updated_at, version = excluded.version, last_seq = excluded.last_seq, state = excluded.state",
                places(count, 15)
            );
            sql.run(&text, rows).map(drop)
        })?;
        for (tenant, counters) in self.counters.iter().filter(|(_, it)| it.changed) {
            save_counters(sql, *tenant, counters)?;
        }
        Ok(())
    }
}

/// Calls `write` with the flattened values of as many rows as its statement has places for.
fn in_chunks<const N: usize>(rows: &[[Value; N]], mut write: impl FnMut(&[Value], usize) -> Result<(), SqlError>) -> Result<(), SqlError> {
    let mut left = rows;
    for size in CHUNKS {
        while let Some((chunk, rest)) = left.split_at_checked(size) {
            let values: Vec<Value> = chunk.iter().flatten().cloned().collect();
            write(&values, size)?;
            left = rest;
        }
    }
    Ok(())
}

fn journal_row(
    tenant: TenantId,
    seq: u64,
    conversation: ConversationId,
    contact: ContactId,
    inbox: InboxId,
    entry: &NewEntry,
    actor: String,
    payload: String,
    reasons: Option<String>,
) -> [Value; 12] {
    [
        id(tenant.as_bytes()),
        number(seq),
        id(conversation.as_bytes()),
        id(contact.as_bytes()),
        id(inbox.as_bytes()),
        entry.at.0.into(),
        entry.event.kind().into(),
        FORMAT.into(),
        actor.into(),
        payload.into(),
        reasons.into(),
        entry.external_id.clone().into(),
    ]
}

fn conversation_row(tenant: TenantId, state: &Conversation, version: u64, last_seq: Seq, text: String) -> [Value; 15] {
    let holder = match state.status {
        Status::Offered { to, .. } | Status::Assigned { to, .. } => Some(to),
        Status::Bot | Status::Queued | Status::Snoozed { .. } | Status::Resolved { .. } => None,
    };
    let assigned_at = if let Status::Assigned { since, .. } = state.status { Some(since.0) } else { None };
    let resolved_at = if let Status::Resolved { at, .. } = state.status { Some(at.0) } else { None };
    [
        id(tenant.as_bytes()),
        id(state.id.as_bytes()),
        number(state.number),
        id(state.inbox.as_bytes()),
        id(state.contact.as_bytes()),
        state.status.name().into(),
        state.status.category().name().into(),
        state.status.assignee().map(|it| it.as_bytes().to_vec()).into(),
        holder.map(|it| it.as_bytes().to_vec()).into(),
        assigned_at.into(),
        resolved_at.into(),
        state.updated_at.0.into(),
        number(version),
        number(last_seq.0),
        text.into(),
    ]
}

pub(crate) fn id(bytes: &[u8; 16]) -> Value {
    Value::Bytes(bytes.to_vec())
}

/// Counters stay far below 2⁶³; one that did not would be refused by the database's own checks, not wrapped.
pub(crate) fn number(value: u64) -> Value {
    Value::Int(i64::try_from(value).unwrap_or(i64::MAX))
}

fn read_counters(sql: &mut dyn Sql, tenant: TenantId) -> Result<Counters, SqlError> {
    let text = "select last_seq, routing_version, last_audit, audit_hash from tenant_seq where tenant = $1";
    let locking = if sql.is_postgres() { format!("{text} for update") } else { text.to_owned() };
    let row = sql.row(&locking, &[id(tenant.as_bytes())])?.ok_or_else(|| SqlError::Other("no such tenant".to_owned()))?;
    Ok(Counters {
        last_seq: row.count(0)?,
        routing_version: row.count(1)?,
        last_audit: row.count(2)?,
        audit_hash: row.text(3)?.to_owned(),
        changed: false,
    })
}

fn save_counters(sql: &mut dyn Sql, tenant: TenantId, counters: &Counters) -> Result<(), SqlError> {
    let text = "update tenant_seq set last_seq = $2, routing_version = $3, last_audit = $4, audit_hash = $5 where tenant = $1";
    let Counters { last_seq, routing_version, last_audit, audit_hash, .. } = counters;
    let values = [id(tenant.as_bytes()), number(*last_seq), number(*routing_version), number(*last_audit), audit_hash.as_str().into()];
    sql.run(text, &values).map(drop)
}

fn version_of(sql: &mut dyn Sql, tenant: TenantId, conversation: ConversationId) -> Result<u64, SqlError> {
    let row = sql.row("select version from conversation where tenant = $1 and id = $2", &[id(tenant.as_bytes()), id(conversation.as_bytes())])?;
    row.map_or(Ok(0), |it| it.count(0))
}

pub(crate) fn find_external(
    sql: &mut dyn Sql,
    tenant: TenantId,
    inbox: InboxId,
    external_id: &str,
) -> Result<Option<(Seq, ConversationId)>, SqlError> {
    let text = "select seq, conversation from journal where tenant = $1 and inbox = $2 and external_id = $3";
    let row = sql.row(text, &[id(tenant.as_bytes()), id(inbox.as_bytes()), external_id.into()])?;
    row.map(|it| Ok((Seq(it.count(0)?), read_id(it.bytes(1)?)?))).transpose()
}

fn put_queue(sql: &mut dyn Sql, tenant: TenantId, conversation: ConversationId, change: QueueChange) -> Result<(), SqlError> {
    let (tenant, key) = (id(tenant.as_bytes()), id(conversation.as_bytes()));
    match change {
        QueueChange::Keep => Ok(()),
        QueueChange::Put(entry) => {
            let text = "insert into queue_entry (tenant, conversation, since, body) values ($1, $2, $3, $4) \
                        on conflict (tenant, conversation) do update set since = excluded.since, body = excluded.body";
            sql.run(text, &[tenant, key, entry.since.0.into(), json(&entry)?.into()]).map(drop)
        }
        QueueChange::Remove => sql.run("delete from queue_entry where tenant = $1 and conversation = $2", &[tenant, key]).map(drop),
    }
}

fn put_effects(
    sql: &mut dyn Sql,
    tenant: TenantId,
    conversation: ConversationId,
    effects: Vec<(EffectId, Effect)>,
    at: Timestamp,
) -> Result<(), SqlError> {
    for (effect_id, effect) in effects {
        let text = "insert into outbox (id, tenant, conversation, effect, attempt, state, next_at, created_at) values ($1, $2, $3, $4, 0, 'waiting', $5, $6)";
        let values =
            [id(effect_id.as_bytes()), id(tenant.as_bytes()), id(conversation.as_bytes()), json(&effect)?.into(), at.0.into(), at.0.into()];
        sql.run(text, &values)?;
    }
    Ok(())
}

fn put_timers(sql: &mut dyn Sql, tenant: TenantId, conversation: ConversationId, timers: Vec<(TimerId, TimerChange)>) -> Result<(), SqlError> {
    for (timer, change) in timers {
        let (tenant, key) = (id(tenant.as_bytes()), id(conversation.as_bytes()));
        match change {
            TimerChange::Set { kind, at } => {
                let text = "insert into timer (tenant, conversation, slot, id, kind, due_at) values ($1, $2, $3, $4, $5, $6) \
                            on conflict (tenant, conversation, slot) do update set id = excluded.id, kind = excluded.kind, due_at = excluded.due_at";
                sql.run(text, &[tenant, key, kind.slot().into(), id(timer.as_bytes()), json(&kind)?.into(), at.0.into()])?;
            }
            TimerChange::Cancel { slot } => {
                sql.run("delete from timer where tenant = $1 and conversation = $2 and slot = $3", &[tenant, key, slot.as_ref().into()])?;
            }
        }
    }
    Ok(())
}

/// Appends one line: `hash = sha256(previous hash, JSON of the record)`.
fn chain(sql: &mut dyn Sql, tenant: TenantId, counters: &mut Counters, record: AuditRecord) -> Result<(), SqlError> {
    let text = json(&record)?;
    let hash = link(&counters.audit_hash, &text);
    counters.last_audit = counters.last_audit.saturating_add(1);
    let values = [id(tenant.as_bytes()), number(counters.last_audit), text.into(), counters.audit_hash.as_str().into(), hash.as_str().into()];
    sql.run("insert into audit (tenant, n, record, previous, hash) values ($1, $2, $3, $4, $5)", &values)?;
    counters.audit_hash = hash;
    counters.changed = true;
    Ok(())
}

fn link(previous: &str, record: &str) -> String {
    use std::fmt::Write as _;
    let digest = Sha256::new().chain_update(previous.as_bytes()).chain_update(record.as_bytes()).finalize();
    digest.iter().fold(String::with_capacity(64), |mut out, byte| {
        // Writing to a string cannot fail.
        let _infallible = write!(out, "{byte:02x}");
        out
    })
}

pub(crate) fn audit(sql: &mut dyn Sql, tenant: TenantId, records: Vec<AuditRecord>) -> Result<(), SqlError> {
    let mut counters = read_counters(sql, tenant)?;
    for record in records {
        chain(sql, tenant, &mut counters, record)?;
    }
    save_counters(sql, tenant, &counters)
}

pub(crate) fn audit_lines(sql: &mut dyn Sql, tenant: TenantId, before: Option<u64>, limit: u32) -> Result<Vec<AuditLine>, SqlError> {
    let text = "select n, record, previous, hash from audit where tenant = $1 and n < $2 order by n desc limit $3";
    let rows = sql.rows(text, &[id(tenant.as_bytes()), number(before.unwrap_or(u64::MAX)), limit.into()])?;
    rows.iter().map(|it| Ok(AuditLine { n: it.count(0)?, record: parse(it.text(1)?)?, previous: it.text(2)?.to_owned(), hash: it.text(3)?.to_owned() })).collect()
}

/// The number of the first line that does not follow from the one before it; `None` when the chain is whole.
pub fn broken_audit_line(oldest_first: &[AuditLine]) -> Option<u64> {
    let mut previous = SYSTEM.to_owned();
    for line in oldest_first {
        let whole = serde_json::to_string(&line.record).is_ok_and(|text| line.previous == previous && line.hash == link(&previous, &text));
        if !whole {
            return Some(line.n);
        }
        previous.clone_from(&line.hash);
    }
    None
}

const ENTRY: &str = "select seq, conversation, contact, inbox, at, actor, payload, reasons from journal where tenant = $1";

pub(crate) fn entries(
    sql: &mut dyn Sql,
    tenant: TenantId,
    scope: JournalScope,
    from: Seq,
    forward: bool,
    limit: u32,
) -> Result<Vec<Entry>, SqlError> {
    let (compare, order) = if forward { (">", "asc") } else { ("<", "desc") };
    let mut values = vec![id(tenant.as_bytes()), number(from.0), limit.into()];
    let scoped = match scope {
        JournalScope::Tenant => "",
        JournalScope::Conversation(conversation) => {
            values.push(id(conversation.as_bytes()));
            " and conversation = $4"
        }
        JournalScope::Visitor { contact, inbox } => {
            values.push(id(contact.as_bytes()));
            values.push(id(inbox.as_bytes()));
            " and conversation in (select id from conversation where tenant = $1 and contact = $4 and inbox = $5)"
        }
    };
    let text = format!("{ENTRY} and seq {compare} $2{scoped} order by seq {order} limit $3");
    sql.rows(&text, &values)?.iter().map(read_entry).collect()
}

fn read_entry(row: &Row) -> Result<Entry, SqlError> {
    Ok(Entry {
        seq: Seq(row.count(0)?),
        conversation: read_id(row.bytes(1)?)?,
        contact: read_id(row.bytes(2)?)?,
        inbox: read_id(row.bytes(3)?)?,
        at: Timestamp(row.int(4)?),
        actor: parse::<Actor>(row.text(5)?)?,
        event: parse::<Event>(row.text(6)?)?,
        reasons: row.maybe_text(7).map_or(Ok(Vec::<Reason>::new()), parse)?,
    })
}

/// A typed id from its 16 stored bytes.
pub(crate) fn read_id<T: From<uuid::Uuid>>(bytes: &[u8]) -> Result<T, SqlError> {
    uuid::Uuid::from_slice(bytes).map(T::from).map_err(|error| SqlError::Other(format!("stored id: {error}")))
}

pub(crate) fn last_seq(sql: &mut dyn Sql, tenant: TenantId) -> Result<Seq, SqlError> {
    counter(sql, tenant, "select last_seq from tenant_seq where tenant = $1").map(Seq)
}

pub(crate) fn routing_version(sql: &mut dyn Sql, tenant: TenantId) -> Result<u64, SqlError> {
    counter(sql, tenant, "select routing_version from tenant_seq where tenant = $1")
}

fn counter(sql: &mut dyn Sql, tenant: TenantId, text: &str) -> Result<u64, SqlError> {
    sql.row(text, &[id(tenant.as_bytes())])?.map_or(Ok(0), |it| it.count(0))
}

pub(crate) fn queue(sql: &mut dyn Sql, tenant: TenantId) -> Result<Vec<QueueEntry>, SqlError> {
    let rows = sql.rows("select body from queue_entry where tenant = $1 order by since", &[id(tenant.as_bytes())])?;
    rows.iter().map(|it| parse(it.text(0)?)).collect()
}
