//! Conversations: one, lists, counts, and what routing reads of them.

use std::collections::BTreeSet;

use rapport_model::{Contact, ContactId, ConversationId, Event, InboxId, MemberId, Seq, TenantId, Timestamp};
use rapport_ports::{ConversationFilter, ConversationRow, Versioned};

use super::{
    counters, journal, kept, list,
    text::{json, like, parse, read_id},
};
use crate::sql::{Row, Sql, SqlError, Value};

/// How far back a text search looks into messages. Units: journal entries.
const SEARCHED_ENTRIES: u64 = 200_000;
/// How many conversations a text search finds by their messages.
const FOUND_MAX: usize = 200;
/// Entries looked at in one go.
const CANDIDATES: u32 = 1_000;

const VERSIONED: &str = "select c.version, s.state, s.seq, c.last_seq from conversation c \
                         left join conversation_state s on s.tenant = c.tenant and s.id = c.id where c.tenant = $1";

fn versioned(sql: &mut dyn Sql, tenant: TenantId, row: Option<Row>) -> Result<Option<Versioned>, SqlError> {
    let Some(row) = row else { return Ok(None) };
    let (version, last_seq) = (row.count(0)?, Seq(row.count(3)?));
    let states = kept::up_to_date(sql, tenant, vec![kept::Read::new(&row, [1, 2, 3])?])?;
    Ok(states.into_iter().next().map(|state| Versioned { version, state, last_seq }))
}

pub(crate) fn one(sql: &mut dyn Sql, tenant: TenantId, conversation: ConversationId) -> Result<Option<Versioned>, SqlError> {
    let text = format!("{VERSIONED} and c.id = $2");
    let row = sql.row(&text, &[tenant.as_bytes().into(), conversation.as_bytes().into()])?;
    versioned(sql, tenant, row)
}

pub(crate) fn latest(sql: &mut dyn Sql, tenant: TenantId, contact: ContactId, inbox: InboxId) -> Result<Option<Versioned>, SqlError> {
    let text = format!("{VERSIONED} and c.contact = $2 and c.inbox = $3 order by c.number desc limit 1");
    let row = sql.row(&text, &[tenant.as_bytes().into(), contact.as_bytes().into(), inbox.as_bytes().into()])?;
    versioned(sql, tenant, row)
}

pub(crate) fn list(sql: &mut dyn Sql, tenant: TenantId, filter: &ConversationFilter) -> Result<Vec<ConversationRow>, SqlError> {
    let text = filter.text.as_deref().map(str::trim).filter(|it| !it.is_empty());
    let found = text.map(|it| find(sql, tenant, it)).transpose()?;
    let (text, values) = list::statement(&tenant, filter, found.as_ref(), sql.is_postgres());
    let rows = sql.rows(&text, &values)?;
    let read = rows.iter().map(|it| kept::Read::new(it, [0, 1, 2])).collect::<Result<_, _>>()?;
    let states = kept::up_to_date(sql, tenant, read)?;
    let row = |(row, state): (&Row, _)| {
        let contact = row.maybe_text(3).map(parse::<Contact>).transpose()?;
        Ok(ConversationRow { state, last_seq: Seq(row.count(2)?), contact })
    };
    rows.iter().zip(states).map(row).collect()
}

/// Where a text was found.
#[derive(Default)]
pub(crate) struct Found {
    pub(crate) conversations: Vec<ConversationId>,
    pub(crate) contacts: Vec<ContactId>,
    pub(crate) number: Option<i64>,
}

fn find(sql: &mut dyn Sql, tenant: TenantId, text: &str) -> Result<Found, SqlError> {
    let conversations = mentioning(sql, tenant, text)?;
    let query = "select id from contact where tenant = $1 and search like $2 escape '!' order by id desc limit $3";
    let limit = i64::try_from(FOUND_MAX).unwrap_or(i64::MAX);
    let contacts = sql.rows(query, &[tenant.as_bytes().into(), like(&text.to_lowercase()).into(), limit.into()])?;
    let contacts = contacts.iter().map(|it| read_id(it.bytes(0)?)).collect::<Result<_, SqlError>>()?;
    Ok(Found { conversations, contacts, number: text.trim_start_matches('#').parse().ok() })
}

/// Conversations whose latest messages hold the text, whatever the case of its ASCII letters.
fn mentioning(sql: &mut dyn Sql, tenant: TenantId, text: &str) -> Result<Vec<ConversationId>, SqlError> {
    let like_word = if sql.is_postgres() { "ilike" } else { "like" };
    let (after, until) = (journal::place("j", ">", "$2", sql.is_postgres()), journal::place("j", "<", "$3", sql.is_postgres()));
    let key = if sql.is_postgres() { "seq" } else { "place" };
    let query = format!(
        "select j.seq, j.conversation, j.payload from journal j where {after} and {until} \
         and j.kind in ('message_received', 'message_sent', 'note_added') and j.payload {like_word} $4 escape '!' order by j.{key} desc limit $5"
    );
    // As it stands in the stored JSON: this narrows cheaply; then the message itself is looked at, not the JSON around it.
    let stored = json(&text)?;
    let pattern = like(stored.get(1..stored.len().saturating_sub(1)).unwrap_or_default());
    let wanted = text.to_lowercase();
    let mut before = counters::last_seq(sql, tenant)?.0.saturating_add(1);
    let floor = before.saturating_sub(SEARCHED_ENTRIES);
    let mut found = BTreeSet::new();
    loop {
        let values = [tenant.as_bytes().into(), journal::bound(floor), journal::bound(before), pattern.as_str().into(), CANDIDATES.into()];
        let rows = sql.rows(&query, &values)?;
        for row in &rows {
            let event: Event = parse(row.text(2)?)?;
            if event.message().is_some_and(|it| it.content.plain_text().to_lowercase().contains(&wanted)) {
                found.insert(read_id(row.bytes(1)?)?);
            }
            before = row.count(0)?;
        }
        if rows.len() < usize::try_from(CANDIDATES).unwrap_or(0) || found.len() >= FOUND_MAX {
            return Ok(found.into_iter().take(FOUND_MAX).collect());
        }
    }
}

pub(crate) fn counts(sql: &mut dyn Sql, tenant: TenantId, me: MemberId) -> Result<(u64, u64, u64), SqlError> {
    let is_postgres = sql.is_postgres();
    let mut count = |index: &str, condition: &str, values: &[Value<'_>]| {
        // SQLite keeps no statistics: told no index it would go through all conversations there ever were.
        let hint = if is_postgres { String::new() } else { format!("indexed by {index}") };
        sql.row(&format!("select count(*) from conversation {hint} where tenant = $1 and {condition}"), values)?.map_or(Ok(0), |it| it.count(0))
    };
    let tenant: Value<'_> = tenant.as_bytes().into();
    let mine = [tenant.clone(), me.as_bytes().into()];
    let assigned = count("conversation_assignee", "assignee = $2 and category <> 'done'", &mine)?;
    let offered = count("conversation_holder", "holder = $2 and assignee is null", &mine)?;
    let waiting = count("conversation_category", "category = 'waiting' and category <> 'done'", std::slice::from_ref(&tenant))?;
    let open = count("conversation_category", "category in ('open', 'waiting', 'paused') and category <> 'done'", &[tenant])?;
    Ok((assigned.saturating_add(offered), waiting, open))
}

pub(crate) fn loads(sql: &mut dyn Sql, tenant: TenantId) -> Result<Vec<(MemberId, u32, Option<Timestamp>)>, SqlError> {
    let text = "select holder, count(*), max(assigned_at) from conversation where tenant = $1 and holder is not null group by holder";
    let rows = sql.rows(text, &[tenant.as_bytes().into()])?;
    rows.iter()
        .map(|it| Ok((read_id(it.bytes(0)?)?, u32::try_from(it.count(1)?).unwrap_or(u32::MAX), it.maybe_int(2).map(Timestamp))))
        .collect()
}

pub(crate) fn handle_time_ms(sql: &mut dyn Sql, tenant: TenantId) -> Result<Option<i64>, SqlError> {
    let text = "select resolved_at - assigned_at from conversation where tenant = $1 and resolved_at is not null and assigned_at is not null \
                order by resolved_at desc limit 50";
    let rows = sql.rows(text, &[tenant.as_bytes().into()])?;
    let times: Vec<i64> = rows.iter().filter_map(|it| it.maybe_int(0)).filter(|it| *it >= 0).collect();
    let count = i64::try_from(times.len()).unwrap_or(0);
    Ok(times.iter().sum::<i64>().checked_div(count))
}

pub(crate) fn held_by(sql: &mut dyn Sql, tenant: TenantId, member: MemberId) -> Result<Vec<ConversationId>, SqlError> {
    let rows = sql.rows("select id from conversation where tenant = $1 and holder = $2", &[tenant.as_bytes().into(), member.as_bytes().into()])?;
    rows.iter().map(|it| read_id(it.bytes(0)?)).collect()
}

