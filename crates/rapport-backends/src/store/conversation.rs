//! Conversations: one, lists, counts, and what routing reads of them.

use std::collections::BTreeSet;

use rapport_model::{Contact, ContactId, ConversationId, Event, InboxId, MemberId, Seq, TenantId, Timestamp};
use rapport_ports::{ConversationFilter, ConversationRow, Versioned};

use super::{
    counters,
    text::{json, like, number, parse, read_id},
};
use crate::sql::{Row, Sql, SqlError, Value};

/// How far back a text search looks into messages. Units: journal entries.
const SEARCHED_ENTRIES: u64 = 200_000;
/// How many conversations a text search finds by their messages.
const FOUND_MAX: usize = 200;
/// Entries looked at in one go.
const CANDIDATES: u32 = 1_000;

const VERSIONED: &str = "select version, state, last_seq from conversation where tenant = $1";

fn versioned(row: &Row) -> Result<Versioned, SqlError> {
    Ok(Versioned { version: row.count(0)?, state: parse(row.text(1)?)?, last_seq: Seq(row.count(2)?) })
}

pub(crate) fn one(sql: &mut dyn Sql, tenant: TenantId, conversation: ConversationId) -> Result<Option<Versioned>, SqlError> {
    let text = format!("{VERSIONED} and id = $2");
    sql.row(&text, &[tenant.as_bytes().into(), conversation.as_bytes().into()])?.as_ref().map(versioned).transpose()
}

pub(crate) fn latest(sql: &mut dyn Sql, tenant: TenantId, contact: ContactId, inbox: InboxId) -> Result<Option<Versioned>, SqlError> {
    let text = format!("{VERSIONED} and contact = $2 and inbox = $3 order by number desc limit 1");
    sql.row(&text, &[tenant.as_bytes().into(), contact.as_bytes().into(), inbox.as_bytes().into()])?.as_ref().map(versioned).transpose()
}

/// A condition under construction: its text and the values it names.
struct Condition<'a> {
    text: String,
    values: Vec<Value<'a>>,
}

impl<'a> Condition<'a> {
    fn place(&mut self, value: impl Into<Value<'a>>) -> String {
        self.values.push(value.into());
        format!("${}", self.values.len())
    }
    fn and(&mut self, text: &str) {
        self.text.push_str(" and ");
        self.text.push_str(text);
    }
}

pub(crate) fn list(sql: &mut dyn Sql, tenant: TenantId, filter: &ConversationFilter) -> Result<Vec<ConversationRow>, SqlError> {
    let text = filter.text.as_deref().map(str::trim).filter(|it| !it.is_empty());
    let found = text.map_or_else(|| Ok(Vec::new()), |it| mentioning(sql, tenant, it))?;
    let mut condition = Condition { text: "c.tenant = $1".to_owned(), values: vec![tenant.as_bytes().into()] };
    narrow(&mut condition, filter);
    if let Some(text) = text {
        by_text(&mut condition, text, &found);
    }
    let limit = condition.place(filter.limit.clamp(1, 500));
    let text = format!(
        "select c.state, c.last_seq, p.body from conversation c left join contact p on p.tenant = c.tenant and p.id = c.contact where {} \
         order by c.updated_at desc, c.id desc limit {limit}",
        condition.text
    );
    let rows = sql.rows(&text, &condition.values)?;
    rows.iter()
        .map(|it| {
            let contact = it.maybe_text(2).map(parse::<Contact>).transpose()?;
            Ok(ConversationRow { state: parse(it.text(0)?)?, last_seq: Seq(it.count(1)?), contact })
        })
        .collect()
}

fn narrow<'a>(condition: &mut Condition<'a>, filter: &'a ConversationFilter) {
    if let Some(member) = &filter.assignee {
        // An offer is shown to the one it is made to.
        let place = condition.place(member.as_bytes());
        condition.and(&format!("(c.assignee = {place} or c.holder = {place})"));
    }
    if filter.unassigned {
        condition.and("c.assignee is null");
    }
    if filter.unassigned && filter.categories.is_empty() {
        // What the bot has is nobody's as well, but nobody's business.
        condition.and("c.category = 'waiting'");
    }
    if !filter.categories.is_empty() {
        let names: Vec<_> = filter.categories.iter().map(|it| condition.place(it.name())).collect();
        condition.and(&format!("c.category in ({})", names.join(", ")));
    }
    if let Some(inbox) = &filter.inbox {
        let place = condition.place(inbox.as_bytes());
        condition.and(&format!("c.inbox = {place}"));
    }
    if let Some(contact) = &filter.contact {
        let place = condition.place(contact.as_bytes());
        condition.and(&format!("c.contact = {place}"));
    }
    if let Some((at, last)) = &filter.before {
        let (at, last) = (condition.place(at.0), condition.place(last.as_bytes()));
        condition.and(&format!("(c.updated_at < {at} or (c.updated_at = {at} and c.id < {last}))"));
    }
}

fn by_text<'a>(condition: &mut Condition<'a>, text: &str, found: &'a [ConversationId]) {
    let pattern = condition.place(like(&text.to_lowercase()));
    let mut any = vec![format!("p.search like {pattern} escape '!'")];
    if let Ok(number) = text.trim_start_matches('#').parse::<i64>() {
        let place = condition.place(number);
        any.push(format!("c.number = {place}"));
    }
    if !found.is_empty() {
        let places: Vec<_> = found.iter().map(|it| condition.place(it.as_bytes())).collect();
        any.push(format!("c.id in ({})", places.join(", ")));
    }
    condition.and(&format!("({})", any.join(" or ")));
}

/// Conversations whose latest messages hold the text, whatever the case of its ASCII letters.
fn mentioning(sql: &mut dyn Sql, tenant: TenantId, text: &str) -> Result<Vec<ConversationId>, SqlError> {
    let like_word = if sql.is_postgres() { "ilike" } else { "like" };
    let query = format!(
        "select seq, conversation, payload from journal where tenant = $1 and seq > $2 and seq < $3 \
         and kind in ('message_received', 'message_sent', 'note_added') and payload {like_word} $4 escape '!' order by seq desc limit $5"
    );
    // As it stands in the stored JSON: this narrows cheaply; then the message itself is looked at, not the JSON around it.
    let stored = json(&text)?;
    let pattern = like(stored.get(1..stored.len().saturating_sub(1)).unwrap_or_default());
    let wanted = text.to_lowercase();
    let mut before = counters::last_seq(sql, tenant)?.0.saturating_add(1);
    let floor = before.saturating_sub(SEARCHED_ENTRIES);
    let mut found = BTreeSet::new();
    loop {
        let values = [tenant.as_bytes().into(), number(floor), number(before), pattern.as_str().into(), CANDIDATES.into()];
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
    let mut count = |text: &str, values: &[Value<'_>]| sql.row(text, values)?.map_or(Ok(0), |it| it.count(0));
    let tenant: Value<'_> = tenant.as_bytes().into();
    let mine = "select count(*) from conversation where tenant = $1 and (assignee = $2 or holder = $2) and category <> 'done'";
    let waiting = "select count(*) from conversation where tenant = $1 and category = 'waiting'";
    let open = "select count(*) from conversation where tenant = $1 and category in ('open', 'waiting', 'paused')";
    let mine = count(mine, &[tenant.clone(), me.as_bytes().into()])?;
    Ok((mine, count(waiting, std::slice::from_ref(&tenant))?, count(open, &[tenant])?))
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

