//! Conversations as members see them: lists, counts, one with its timeline, what is done to it, and why things happened.

pub(super) mod decisions;
mod doing;
mod feeling;
mod mood;
mod reach;
mod row;
mod search;
mod understanding;

use axum::Json;
use rapport_model::{ContactId, ConversationId, InboxId, MemberId, Seq, StatusCategory, Timestamp, codes};
use rapport_ports::{ConversationFilter, Versioned};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use self::row::Row;
use super::Router;
use crate::{
    caller::{Agent, Caller},
    configuration::bounded,
    extract::{Id, Params},
    failure::{Failure, Outcome},
    timeline::{self, Entries, Range, Reader},
};

const LIMIT: u32 = 50;
const LIMIT_MAX: u32 = 100;
/// Longest text that is searched for. Units: characters.
const SEARCH_CHARS_MAX: usize = 200;

pub(super) fn router() -> Router {
    Router::new()
        .routes(routes!(list))
        .routes(routes!(counts))
        .routes(routes!(one))
        .routes(routes!(entries))
        .routes(routes!(doing::act))
        .routes(routes!(doing::send))
        .routes(routes!(doing::make_ticket))
        .routes(routes!(decisions::list))
        .routes(routes!(understanding::show))
        .routes(routes!(understanding::correct))
        .routes(routes!(mood::mood))
        .routes(routes!(mood::suggestion))
        .routes(routes!(feeling::correct))
        .routes(routes!(reach::reach))
}

#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum View {
    /// Assigned or offered to the caller.
    Mine,
    /// Waiting for somebody.
    Unassigned,
    /// All that are not resolved.
    All,
    Done,
}

#[derive(Deserialize, utoipa::IntoParams)]
pub(crate) struct Query {
    /// mine, unassigned, all or done; without it every conversation.
    #[serde(default)]
    view: Option<View>,
    #[serde(default)]
    inbox: Option<InboxId>,
    #[serde(default)]
    contact: Option<ContactId>,
    /// Found in a message, the customer's name, e-mail or phone, or the number.
    #[serde(default)]
    q: Option<String>,
    /// `next` of the page before.
    #[serde(default)]
    before: Option<String>,
    #[serde(default)]
    limit: Option<u32>,
}

impl Query {
    fn filter(&self, caller: &Caller) -> Outcome<ConversationFilter> {
        use StatusCategory::{Done, Open, Paused, Waiting};
        let open = vec![Open, Waiting, Paused];
        let (assignee, unassigned, categories) = match self.view {
            Some(View::Mine) => (Some(caller.member()?), false, open),
            Some(View::Unassigned) => (None, true, Vec::new()),
            Some(View::All) => (None, false, open),
            Some(View::Done) => (None, false, vec![Done]),
            None => (None, false, Vec::new()),
        };
        let text = self.q.as_deref().map(|it| bounded("q", it, SEARCH_CHARS_MAX)).transpose()?;
        let before = self.before.as_deref().map(|it| place_of(it).ok_or_else(|| Failure::field("before: `next` of the page before"))).transpose()?;
        let limit = self.limit.unwrap_or(LIMIT).clamp(1, LIMIT_MAX);
        Ok(ConversationFilter { assignee, unassigned, categories, inbox: self.inbox, contact: self.contact, text, before, limit })
    }
}

/// Where a page ends: the time and id of its last row.
fn cursor(at: Timestamp, id: ConversationId) -> String {
    format!("{}.{id}", at.0)
}

fn place_of(cursor: &str) -> Option<(Timestamp, ConversationId)> {
    let (at, id) = cursor.split_once('.')?;
    Some((Timestamp(at.parse().ok()?), ConversationId::parse(id)?))
}

#[derive(Serialize, ToSchema)]
pub(crate) struct List {
    /// Newest activity first.
    items: Vec<Row>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
    /// The tenant's newest number when this was read: resume the live socket from here.
    seq: Seq,
}

#[utoipa::path(get, path = "/conversations", tag = "conversations", params(Query), responses((status = 200, body = List)))]
pub(crate) async fn list(Agent(caller): Agent, Params(query): Params<Query>) -> Outcome<Json<List>> {
    let mut filter = query.filter(&caller)?;
    let limit = usize::try_from(filter.limit).unwrap_or(usize::MAX);
    // One more than asked for tells whether there is a next page.
    filter.limit = filter.limit.saturating_add(1);
    // The number first: what comes after it comes over the socket.
    let seq = caller.store.last_seq().await?;
    let mut rows = if caller.sees_personal_data { caller.store.conversations(&filter).await? } else { search::in_sight(&caller, filter).await? };
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(|it| cursor(it.state.updated_at, it.state.id));
    let items = rows.into_iter().filter_map(|it| Some(Row::new(it.state, it.contact?, it.last_seq))).collect();
    Ok(Json(List { items, next, seq }))
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Counts {
    mine: u64,
    unassigned: u64,
    all: u64,
}

#[utoipa::path(get, path = "/conversations/counts", tag = "conversations", responses((status = 200, body = Counts)))]
pub(crate) async fn counts(Agent(caller): Agent) -> Outcome<Json<Counts>> {
    let nobody = MemberId(uuid::Uuid::nil());
    let (mine, unassigned, all) = caller.store.conversation_counts(caller.maybe_member().unwrap_or(nobody)).await?;
    Ok(Json(Counts { mine, unassigned, all }))
}

#[derive(Serialize, ToSchema)]
pub(crate) struct One {
    #[serde(flatten)]
    row: Row,
    seq: Seq,
    /// Whether the customer's widget is open.
    visitor_online: bool,
}

#[utoipa::path(get, path = "/conversations/{id}", tag = "conversations", params(("id" = ConversationId, Path)), responses((status = 200, body = One)))]
pub(crate) async fn one(Agent(caller): Agent, Id(id): Id<ConversationId>) -> Outcome<Json<One>> {
    let seq = caller.store.last_seq().await?;
    let found = find(&caller, id).await?;
    let contact = caller.store.contact(found.state.contact).await?.ok_or_else(|| Failure::new(codes::NOT_FOUND))?;
    let visitor_online = caller.state.bus.visitor_online(caller.tenant, contact.id);
    Ok(Json(One { row: Row::new(found.state, contact, found.last_seq), seq, visitor_online }))
}

/// Errors: `not_found`.
pub(super) async fn find(caller: &Caller, id: ConversationId) -> Outcome<Versioned> {
    caller.store.conversation(id).await?.ok_or_else(|| Failure::new(codes::NOT_FOUND))
}

#[utoipa::path(get, path = "/conversations/{id}/entries", tag = "conversations", params(("id" = ConversationId, Path), Range), responses((status = 200, body = Entries)))]
pub(crate) async fn entries(Agent(caller): Agent, Id(id): Id<ConversationId>, Params(range): Params<Range>) -> Outcome<Json<Entries>> {
    find(&caller, id).await?;
    Ok(Json(timeline::page(&caller.store, id, &range, Reader::Member).await?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_names_its_place() {
        let id = ConversationId::parse("0190b8a0-7c1e-7000-8000-000000000001").expect("uuid");
        assert_eq!(place_of(&cursor(Timestamp(1_700_000_000_123), id)), Some((Timestamp(1_700_000_000_123), id)));
        for wrong in ["", ".", "x.y", "17", "17.", &format!(".{id}"), &format!("{}.{id}", u64::MAX)] {
            assert_eq!(place_of(wrong), None, "{wrong}");
        }
    }
}
