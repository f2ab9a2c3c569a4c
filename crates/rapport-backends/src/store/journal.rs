//! Reading the journal and the queue.

use rapport_model::{Actor, ConversationId, Entry, Event, InboxId, QueueEntry, Reason, Seq, TenantId, Timestamp};
use rapport_ports::JournalScope;

use super::text::{number, parse, read_id};
use crate::sql::{Each, Kind, Row, Sql, SqlError, Value};

const COLUMNS: [&str; 8] = ["seq", "conversation", "contact", "inbox", "at", "actor", "payload", "reasons"];

fn columns(of: &str) -> String {
    COLUMNS.map(|it| format!("{of}.{it}")).join(", ")
}

/// Entries that a tenant may have on SQLite, where they stand in a range of their own.
pub(crate) const PLACES: u64 = 1 << 40;
/// Before a tenant's first row in SQLite's journal.
const BASE: &str = "(select t.base from tenant_seq t where t.tenant = $1)";

/// Where an entry of the tenant with this number stands: `compare` is `=`, `<` or `>`. SQLite keeps no index of numbers: a row's own key is its tenant's
/// base and its number.
pub(crate) fn place(of: &str, compare: &str, seq: &str, is_postgres: bool) -> String {
    if is_postgres {
        return format!("{of}.tenant = $1 and {of}.seq {compare} {seq}");
    }
    // Not into the range of the next tenant, nor of the one before.
    let end = match compare {
        ">" => format!(" and {of}.place < {BASE} + {PLACES}"),
        "<" => format!(" and {of}.place > {BASE}"),
        _ => String::new(),
    };
    format!("{of}.place {compare} {BASE} + {seq}{end}")
}

/// A bound that stays within the tenant's range.
pub(crate) fn bound(seq: u64) -> Value<'static> {
    number(seq.min(PLACES))
}

pub(crate) fn entries(
    sql: &mut dyn Sql,
    tenant: TenantId,
    scope: JournalScope,
    from: Seq,
    forward: bool,
    limit: u32,
) -> Result<Vec<Entry>, SqlError> {
    let (compare, order) = if forward { (">", "asc") } else { ("<", "desc") };
    let mut values = vec![tenant.as_bytes().into(), bound(from.0), limit.into()];
    let newest = match &scope {
        JournalScope::Tenant => None,
        JournalScope::Conversation(conversation) => {
            values.push(conversation.as_bytes().into());
            // A page goes on where the one before it ended: from there, not from the newest of all.
            let there = place("e", "=", "$2", sql.is_postgres());
            let edge = format!("coalesce((select e.previous from journal e where {there} and e.conversation = $4), c.last_seq)");
            Some((if forward { "c.last_seq".to_owned() } else { edge }, "c.id = $4"))
        }
        JournalScope::Visitor { contact, inbox } => {
            values.push(contact.as_bytes().into());
            values.push(inbox.as_bytes().into());
            Some(("c.last_seq".to_owned(), "c.contact = $4 and c.inbox = $5"))
        }
    };
    let text = match newest {
        None => {
            let key = if sql.is_postgres() { "seq" } else { "place" };
            format!("select {} from journal j where {} order by j.{key} {order} limit $3", columns("j"), place("j", compare, "$2", sql.is_postgres()))
        }
        Some((newest, found)) => linked(&newest, found, forward, sql.is_postgres()),
    };
    sql.rows(&text, &values)?.iter().map(entry).collect()
}

/// From the newest entry of each conversation found along their links, as far as is asked for.
fn linked(newest: &str, found: &str, forward: bool, is_postgres: bool) -> String {
    // Forward, all that came after `$2`; backward, of each conversation as many as are wanted.
    let (wanted, order, enough) = if forward { ("w.seq > $2", "asc", "w.previous > $2") } else { ("w.seq < $2", "desc", "w.taken < $3") };
    let taken = |before: &str, seq: &str| if forward { "0".to_owned() } else { format!("{before} + case when {seq} < $2 then 1 else 0 end") };
    // `cross` holds SQLite to the order, PostgreSQL finds it.
    let join = if is_postgres { "join" } else { "cross join" };
    format!(
        "with recursive w({names}, previous, taken) as ( \
           select {own}, j.previous, {first} from conversation c {join} journal j on {newest} where c.tenant = $1 and {found} \
           union all \
           select {own}, j.previous, {next} from w {join} journal j on {previous} where {enough} \
         ) select {all} from w where {wanted} order by w.seq {order} limit $3",
        names = COLUMNS.join(", "),
        newest = place("j", "=", newest, is_postgres),
        previous = place("j", "=", "w.previous", is_postgres),
        own = columns("j"),
        all = columns("w"),
        first = taken("cast(0 as bigint)", "j.seq"),
        next = taken("w.taken", "j.seq"),
    )
}

const BETWEEN: Each = Each {
    one: "with recursive w(seq, conversation, contact, inbox, at, actor, payload, reasons, previous) as ( \
            select j.seq, j.conversation, j.contact, j.inbox, j.at, j.actor, j.payload, j.reasons, j.previous \
              from journal j where j.place = (select t.base from tenant_seq t where t.tenant = $1) + $3 \
            union all \
            select j.seq, j.conversation, j.contact, j.inbox, j.at, j.actor, j.payload, j.reasons, j.previous \
              from w cross join journal j on j.place = (select t.base from tenant_seq t where t.tenant = $1) + w.previous where w.previous > $2 \
          ) select seq, conversation, contact, inbox, at, actor, payload, reasons from w",
    all: "with recursive w(seq, conversation, contact, inbox, at, actor, payload, reasons, previous, after) as ( \
            select j.seq, j.conversation, j.contact, j.inbox, j.at, j.actor, j.payload, j.reasons, j.previous, wanted.after \
              from unnest($2::bigint[], $3::bigint[]) as wanted (after, newest) join journal j on j.tenant = $1 and j.seq = wanted.newest \
            union all \
            select j.seq, j.conversation, j.contact, j.inbox, j.at, j.actor, j.payload, j.reasons, j.previous, w.after \
              from w join journal j on j.tenant = $1 and j.seq = w.previous where w.previous > w.after \
          ) select seq, conversation, contact, inbox, at, actor, payload, reasons from w",
    kinds: &[Kind::Int, Kind::Int],
};

/// The entries of conversations after one number of each, up to its newest, which is another; in no order.
pub(crate) fn between(sql: &mut dyn Sql, tenant: TenantId, bounds: &[(u64, u64)]) -> Result<Vec<Entry>, SqlError> {
    let keys: Vec<[Value<'_>; 2]> = bounds.iter().map(|(after, newest)| [number(*after), number(*newest)]).collect();
    let keys: Vec<&[Value<'_>]> = keys.iter().map(<[_; 2]>::as_slice).collect();
    sql.each(&BETWEEN, tenant, &keys)?.iter().map(entry).collect()
}

fn entry(row: &Row) -> Result<Entry, SqlError> {
    let contact = read_id(row.bytes(2)?)?;
    Ok(Entry {
        seq: Seq(row.count(0)?),
        conversation: read_id(row.bytes(1)?)?,
        contact,
        inbox: read_id(row.bytes(3)?)?,
        at: Timestamp(row.int(4)?),
        actor: if row.text(5)?.is_empty() { Actor::Customer(contact) } else { parse(row.text(5)?)? },
        event: parse::<Event>(row.text(6)?)?,
        reasons: row.maybe_text(7).map_or(Ok(Vec::<Reason>::new()), parse)?,
    })
}

pub(crate) fn find_external(
    sql: &mut dyn Sql,
    tenant: TenantId,
    inbox: InboxId,
    external_id: &str,
) -> Result<Option<(Seq, ConversationId)>, SqlError> {
    let text = "select seq, conversation from journal where tenant = $1 and inbox = $2 and external_id = $3";
    let row = sql.row(text, &[tenant.as_bytes().into(), inbox.as_bytes().into(), external_id.into()])?;
    row.map(|it| Ok((Seq(it.count(0)?), read_id(it.bytes(1)?)?))).transpose()
}

pub(crate) fn queue(sql: &mut dyn Sql, tenant: TenantId) -> Result<Vec<QueueEntry>, SqlError> {
    let rows = sql.rows("select body from queue_entry where tenant = $1 order by since", &[tenant.as_bytes().into()])?;
    rows.iter().map(|it| parse(it.text(0)?)).collect()
}
