//! Reading the journal and the queue.

use rapport_model::{Actor, ConversationId, Entry, Event, InboxId, QueueEntry, Reason, Seq, TenantId, Timestamp};
use rapport_ports::JournalScope;

use super::text::{number, parse, read_id};
use crate::sql::{Row, Sql, SqlError};

const ENTRY: &str = "select j.seq, j.conversation, j.contact, j.inbox, j.at, j.actor, j.payload, j.reasons";

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
    // SQLite keeps no statistics: it is told that a conversation is less than all that came after a number.
    let by_conversation = if sql.is_postgres() { "" } else { "indexed by journal_conversation" };
    let (from, scoped) = match &scope {
        JournalScope::Tenant => ("journal j".to_owned(), ""),
        JournalScope::Conversation(conversation) => {
            values.push(conversation.as_bytes().into());
            (format!("journal j {by_conversation}"), " and j.conversation = $4")
        }
        JournalScope::Visitor { contact, inbox } => {
            values.push(contact.as_bytes().into());
            values.push(inbox.as_bytes().into());
            // From the visitor's few conversations to their entries; `cross` holds SQLite to that order.
            (format!("conversation c cross join journal j {by_conversation}"), " and c.tenant = $1 and c.contact = $4 and c.inbox = $5 and j.conversation = c.id")
        }
    };
    let text = format!("{ENTRY} from {from} where j.tenant = $1 and j.seq {compare} $2{scoped} order by j.seq {order} limit $3");
    sql.rows(&text, &values)?.iter().map(entry).collect()
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
