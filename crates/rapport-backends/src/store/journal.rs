//! Reading the journal and the queue.

use rapport_model::{Actor, ConversationId, Entry, Event, InboxId, QueueEntry, Reason, Seq, TenantId, Timestamp};
use rapport_ports::JournalScope;

use super::text::{number, parse, read_id};
use crate::sql::{Each, Kind, Row, Sql, SqlError, Value};

const COLUMNS: [&str; 8] = ["seq", "conversation", "contact", "inbox", "at", "actor", "payload", "reasons"];

fn columns(of: &str) -> String {
    COLUMNS.map(|it| format!("{of}.{it}")).join(", ")
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
    let mut values = vec![tenant.as_bytes().into(), number(from.0), limit.into()];
    let newest = match &scope {
        JournalScope::Tenant => None,
        JournalScope::Conversation(conversation) => {
            values.push(conversation.as_bytes().into());
            // A page goes on where the one before it ended: from there, not from the newest of all.
            let edge = "coalesce((select e.previous from journal e where e.tenant = $1 and e.seq = $2 and e.conversation = $4), c.last_seq)";
            Some((if forward { "c.last_seq" } else { edge }, "c.id = $4"))
        }
        JournalScope::Visitor { contact, inbox } => {
            values.push(contact.as_bytes().into());
            values.push(inbox.as_bytes().into());
            Some(("c.last_seq", "c.contact = $4 and c.inbox = $5"))
        }
    };
    let text = match newest {
        None => format!("select {} from journal j where j.tenant = $1 and j.seq {compare} $2 order by j.seq {order} limit $3", columns("j")),
        Some((newest, found)) => linked(newest, found, forward, sql.is_postgres()),
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
           select {own}, j.previous, {first} from conversation c {join} journal j on j.tenant = $1 and j.seq = {newest} where c.tenant = $1 and {found} \
           union all \
           select {own}, j.previous, {next} from w {join} journal j on j.tenant = $1 and j.seq = w.previous where {enough} \
         ) select {all} from w where {wanted} order by w.seq {order} limit $3",
        names = COLUMNS.join(", "),
        own = columns("j"),
        all = columns("w"),
        first = taken("cast(0 as bigint)", "j.seq"),
        next = taken("w.taken", "j.seq"),
    )
}

const BETWEEN: Each = Each {
    one: "with recursive w(seq, conversation, contact, inbox, at, actor, payload, reasons, previous) as ( \
            select j.seq, j.conversation, j.contact, j.inbox, j.at, j.actor, j.payload, j.reasons, j.previous \
              from journal j where j.tenant = $1 and j.seq = $3 \
            union all \
            select j.seq, j.conversation, j.contact, j.inbox, j.at, j.actor, j.payload, j.reasons, j.previous \
              from w cross join journal j on j.tenant = $1 and j.seq = w.previous where w.previous > $2 \
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
