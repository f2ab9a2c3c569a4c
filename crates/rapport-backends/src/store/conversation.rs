//! Conversations: one, lists, counts, and what routing reads of them.

use rapport_model::{Contact, ContactId, ConversationId, InboxId, MemberId, Seq, TenantId, Timestamp};
use rapport_ports::{ConversationFilter, ConversationRow, Versioned};

use super::journal::{id, parse, read_id};
use crate::sql::{Row, Sql, SqlError, Value};

/// How far back a text search looks into messages. Units: journal entries.
const SEARCHED_ENTRIES: i64 = 200_000;
/// How many conversations a text search finds by their messages.
const FOUND_MAX: i64 = 200;

const VERSIONED: &str = "select version, state, last_seq from conversation where tenant = $1";

fn versioned(row: &Row) -> Result<Versioned, SqlError> {
    Ok(Versioned { version: row.count(0)?, state: parse(row.text(1)?)?, last_seq: Seq(row.count(2)?) })
}

pub(crate) fn one(sql: &mut dyn Sql, tenant: TenantId, conversation: ConversationId) -> Result<Option<Versioned>, SqlError> {
    let text = format!("{VERSIONED} and id = $2");
    sql.row(&text, &[id(tenant.as_bytes()), id(conversation.as_bytes())])?.as_ref().map(versioned).transpose()
}

pub(crate) fn latest(sql: &mut dyn Sql, tenant: TenantId, contact: ContactId, inbox: InboxId) -> Result<Option<Versioned>, SqlError> {
    let text = format!("{VERSIONED} and contact = $2 and inbox = $3 order by number desc limit 1");
    sql.row(&text, &[id(tenant.as_bytes()), id(contact.as_bytes()), id(inbox.as_bytes())])?.as_ref().map(versioned).transpose()
}

/// A condition under construction: its text and the values it names.
struct Condition {
    text: String,
    values: Vec<Value>,
}

impl Condition {
    fn place(&mut self, value: Value) -> String {
        self.values.push(value);
        format!("${}", self.values.len())
    }
    fn and(&mut self, text: &str) {
        self.text.push_str(" and ");
        self.text.push_str(text);
    }
}

pub(crate) fn list(sql: &mut dyn Sql, tenant: TenantId, filter: &ConversationFilter) -> Result<Vec<ConversationRow>, SqlError> {
    let mut condition = Condition { text: "c.tenant = $1".to_owned(), values: vec![id(tenant.as_bytes())] };
    narrow(&mut condition, filter);
    if let Some(text) = filter.text.as_deref().map(str::trim).filter(|it| !it.is_empty()) {
        let found = mentioning(sql, tenant, text)?;
        by_text(&mut condition, text, &found);
    }
    let limit = condition.place(filter.limit.clamp(1, 500).into());
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

fn narrow(condition: &mut Condition, filter: &ConversationFilter) {
    if let Some(member) = filter.assignee {
        // An offer is shown to the one it is made to.
        let place = condition.place(id(member.as_bytes()));
        condition.and(&format!("(c.assignee = {place} or c.holder = {place})"));
    }
    if filter.unassigned {
        condition.and("c.assignee is null and c.category = 'waiting'");
    }
    if !filter.categories.is_empty() {
        let names: Vec<_> = filter.categories.iter().map(|it| condition.place(it.name().into())).collect();
        condition.and(&format!("c.category in ({})", names.join(", ")));
    }
    if let Some(inbox) = filter.inbox {
        let place = condition.place(id(inbox.as_bytes()));
        condition.and(&format!("c.inbox = {place}"));
    }
    if let Some(contact) = filter.contact {
        let place = condition.place(id(contact.as_bytes()));
        condition.and(&format!("c.contact = {place}"));
    }
    if let Some((at, last)) = filter.before {
        let (at, last) = (condition.place(at.0.into()), condition.place(id(last.as_bytes())));
        condition.and(&format!("(c.updated_at < {at} or (c.updated_at = {at} and c.id < {last}))"));
    }
}

fn by_text(condition: &mut Condition, text: &str, found: &[ConversationId]) {
    let pattern = condition.place(like(&text.to_lowercase()).into());
    let mut any = vec![format!("p.search like {pattern} escape '!'")];
    if let Ok(number) = text.trim_start_matches('#').parse::<i64>() {
        let place = condition.place(number.into());
        any.push(format!("c.number = {place}"));
    }
    if !found.is_empty() {
        let places: Vec<_> = found.iter().map(|it| condition.place(id(it.as_bytes()))).collect();
        any.push(format!("c.id in ({})", places.join(", ")));
    }
    condition.and(&format!("({})", any.join(" or ")));
}

/// Conversations whose latest messages hold the text.
fn mentioning(sql: &mut dyn Sql, tenant: TenantId, text: &str) -> Result<Vec<ConversationId>, SqlError> {
    // As it stands in the stored JSON, without the quotes around it.
    let stored = serde_json::to_string(text).map_err(|error| SqlError::Other(error.to_string()))?;
    let pattern = like(stored.trim_matches('"'));
    let newest = super::journal::last_seq(sql, tenant)?;
    let floor = i64::try_from(newest.0).unwrap_or(i64::MAX).saturating_sub(SEARCHED_ENTRIES);
    let query = "select distinct conversation from (select conversation from journal where tenant = $1 and seq > $2 \
                 and kind in ('message_received', 'message_sent', 'note_added') and payload like $3 escape '!' order by seq desc limit $4) as found";
    let rows = sql.rows(query, &[id(tenant.as_bytes()), floor.into(), pattern.into(), FOUND_MAX.into()])?;
    rows.iter().map(|it| read_id(it.bytes(0)?)).collect()
}

/// A pattern that finds the text as it is, anywhere.
pub(crate) fn like(text: &str) -> String {
    let mut out = String::with_capacity(text.len().saturating_add(2));
    out.push('%');
    for c in text.chars() {
        if matches!(c, '%' | '_' | '!') {
            out.push('!');
        }
        out.push(c);
    }
    out.push('%');
    out
}

pub(crate) fn counts(sql: &mut dyn Sql, tenant: TenantId, me: MemberId) -> Result<(u64, u64, u64), SqlError> {
    let mut count = |text: &str, values: &[Value]| sql.row(text, values)?.map_or(Ok(0), |it| it.count(0));
    let tenant = id(tenant.as_bytes());
    let mine = "select count(*) from conversation where tenant = $1 and (assignee = $2 or holder = $2) and category <> 'done'";
    let waiting = "select count(*) from conversation where tenant = $1 and category = 'waiting'";
    let open = "select count(*) from conversation where tenant = $1 and category in ('open', 'waiting', 'paused')";
    Ok((count(mine, &[tenant.clone(), id(me.as_bytes())])?, count(waiting, &[tenant.clone()])?, count(open, &[tenant])?))
}

pub(crate) fn loads(sql: &mut dyn Sql, tenant: TenantId) -> Result<Vec<(MemberId, u32, Option<Timestamp>)>, SqlError> {
    let text = "select holder, count(*), max(assigned_at) from conversation where tenant = $1 and holder is not null group by holder";
    let rows = sql.rows(text, &[id(tenant.as_bytes())])?;
    rows.iter()
        .map(|it| Ok((read_id(it.bytes(0)?)?, u32::try_from(it.count(1)?).unwrap_or(u32::MAX), it.maybe_int(2).map(Timestamp))))
        .collect()
}

pub(crate) fn handle_time_ms(sql: &mut dyn Sql, tenant: TenantId) -> Result<Option<i64>, SqlError> {
    let text = "select resolved_at - assigned_at from conversation where tenant = $1 and resolved_at is not null and assigned_at is not null \
                order by resolved_at desc limit 50";
    let rows = sql.rows(text, &[id(tenant.as_bytes())])?;
    let times: Vec<i64> = rows.iter().filter_map(|it| it.maybe_int(0)).filter(|it| *it >= 0).collect();
    let count = i64::try_from(times.len()).unwrap_or(0);
    Ok(times.iter().sum::<i64>().checked_div(count))
}

pub(crate) fn held_by(sql: &mut dyn Sql, tenant: TenantId, member: MemberId) -> Result<Vec<ConversationId>, SqlError> {
    let rows = sql.rows("select id from conversation where tenant = $1 and holder = $2", &[id(tenant.as_bytes()), id(member.as_bytes())])?;
    rows.iter().map(|it| read_id(it.bytes(0)?)).collect()
}

