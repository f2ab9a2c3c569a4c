//! The statement of a conversation list: keys from one index a branch, then their rows.
//!
//! What is asked for by several categories, or by "mine or offered to me", is several runs along an index, each of at most a page. As one condition it
//! would be looked for in all conversations there ever were.

use rapport_model::{StatusCategory, TenantId};
use rapport_ports::ConversationFilter;

use super::conversation::Found;
use crate::sql::Value;

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

/// One run along an index.
#[derive(Clone, Default)]
struct Branch {
    /// Where SQLite, which keeps no statistics, is told the index.
    index: Option<&'static str>,
    condition: String,
}

impl Branch {
    fn new(index: &'static str, condition: String) -> Self {
        Self { index: Some(index), condition }
    }

    /// Both conditions, by the first one's index where it has one.
    fn and(&self, other: &Self) -> Self {
        Self { index: self.index.or(other.index), condition: format!("{}{}", self.condition, other.condition) }
    }
}

pub(crate) fn statement<'a>(
    tenant: &'a TenantId,
    filter: &'a ConversationFilter,
    found: Option<&'a Found>,
    is_postgres: bool,
) -> (String, Vec<Value<'a>>) {
    let mut condition = Condition { text: "c.tenant = $1".to_owned(), values: vec![tenant.as_bytes().into()] };
    narrow(&mut condition, filter);
    // What finds the fewest comes first and names the index.
    let mut branches = of_text(&mut condition, found);
    branches = product(&branches, &of_contact(&mut condition, filter));
    // Few are expected: found by themselves and then sorted, not looked for in the order of the list.
    let order = if found.is_some() || filter.contact.is_some() { "c.updated_at + 0 desc, c.id desc" } else { "c.updated_at desc, c.id desc" };
    branches = product(&branches, &of_member(&mut condition, filter));
    branches = product(&branches, &of_category(filter, found.is_some()));
    let limit = condition.place(filter.limit.clamp(1, 500));
    let Condition { text, values } = condition;
    let keys = branches.iter().map(|Branch { index, condition }| {
        let hint = index.filter(|_| !is_postgres).map(|it| format!("indexed by {it} ")).unwrap_or_default();
        format!("select * from (select c.updated_at, c.id from conversation c {hint}where {text}{condition} order by {order} limit {limit}) as part")
    });
    // A conversation may be found by its words and by its customer.
    let keys = keys.collect::<Vec<_>>().join(if found.is_some() { " union " } else { " union all " });
    // A `cross join` keeps SQLite to the order: the few keys first.
    let rows = if is_postgres { "join conversation c" } else { "cross join conversation c indexed by conversation_id" };
    let statement = format!(
        "select s.state, s.seq, c.last_seq, p.body from ({keys}) as k {rows} on c.tenant = $1 and c.id = k.id \
         left join conversation_state s on s.tenant = c.tenant and s.id = c.id \
         left join contact p on p.tenant = c.tenant and p.id = c.contact order by k.updated_at desc, k.id desc limit {limit}"
    );
    (statement, values)
}

fn product(some: &[Branch], others: &[Branch]) -> Vec<Branch> {
    some.iter().flat_map(|one| others.iter().map(|other| one.and(other))).collect()
}

fn narrow<'a>(condition: &mut Condition<'a>, filter: &'a ConversationFilter) {
    if filter.unassigned {
        condition.and("c.assignee is null");
    }
    if let Some(inbox) = &filter.inbox {
        let place = condition.place(inbox.as_bytes());
        condition.and(&format!("c.inbox = {place}"));
    }
    if let Some((at, last)) = &filter.before {
        let (at, last) = (condition.place(at.0), condition.place(last.as_bytes()));
        condition.and(&format!("(c.updated_at, c.id) < ({at}, {last})"));
    }
}

fn of_text<'a>(condition: &mut Condition<'a>, found: Option<&'a Found>) -> Vec<Branch> {
    let Some(found) = found else { return vec![Branch::default()] };
    let mut branches = Vec::new();
    let ids: Vec<_> = found.conversations.iter().map(|it| condition.place(it.as_bytes())).collect();
    let contacts: Vec<_> = found.contacts.iter().map(|it| condition.place(it.as_bytes())).collect();
    if !ids.is_empty() {
        branches.push(Branch { index: None, condition: format!(" and c.id in ({})", ids.join(", ")) });
    }
    if !contacts.is_empty() {
        branches.push(Branch::new("conversation_contact", format!(" and c.contact in ({})", contacts.join(", "))));
    }
    // By number always: of no branch there would be no statement, and −1 is nobody's.
    let place = condition.place(found.number.unwrap_or(-1));
    branches.push(Branch::new("conversation_number", format!(" and c.number = {place}")));
    branches
}

fn of_contact<'a>(condition: &mut Condition<'a>, filter: &'a ConversationFilter) -> Vec<Branch> {
    let contact = filter.contact.as_ref().map(|it| condition.place(it.as_bytes()));
    vec![contact.map_or_else(Branch::default, |place| Branch::new("conversation_contact", format!(" and c.contact = {place}")))]
}

/// An offer is shown to the one it is made to.
fn of_member<'a>(condition: &mut Condition<'a>, filter: &'a ConversationFilter) -> Vec<Branch> {
    let Some(member) = &filter.assignee else { return vec![Branch::default()] };
    let place = condition.place(member.as_bytes());
    vec![
        Branch::new("conversation_assignee", format!(" and c.assignee = {place} and c.category <> 'done'")),
        Branch::new("conversation_assignee_done", format!(" and c.assignee = {place} and c.category = 'done'")),
        Branch::new("conversation_holder", format!(" and c.holder = {place} and c.assignee is null")),
    ]
}

fn of_category(filter: &ConversationFilter, is_found: bool) -> Vec<Branch> {
    let is_narrow = is_found || filter.contact.is_some() || filter.assignee.is_some();
    let categories = match &filter.categories[..] {
        // What the bot has is nobody's as well, but nobody's business unless it is asked for.
        [] if filter.unassigned => &[StatusCategory::Waiting],
        [] if is_narrow => return vec![Branch::default()],
        [] => &[StatusCategory::Open, StatusCategory::Waiting, StatusCategory::Paused, StatusCategory::Done][..],
        some => some,
    };
    let branch = |category: &StatusCategory| match category {
        StatusCategory::Done => Branch::new("conversation_done", " and c.category = 'done'".to_owned()),
        // Said twice, since SQLite takes a partial index only for what is said in its own words.
        it @ (StatusCategory::Open | StatusCategory::Waiting | StatusCategory::Paused) => Branch::new("conversation_category", format!(" and c.category = '{}' and c.category <> 'done'", it.name())),
    };
    categories.iter().map(branch).collect()
}
