//! Tickets: the list, one, moving it on, and replacing its public link.

use axum::Json;
use rapport_engine::ticket::progress;
use rapport_model::{Fault, Input, Member, MemberId, Ticket, TicketId, TicketStage, TicketStep, Timestamp, codes};
use rapport_ports::{Address, Command, Records as _};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::Router;
use crate::{
    caller::{Agent, Caller},
    configuration::{Page, needed},
    extract::{Body, Id, Params, given},
    failure::{Failure, Outcome},
    masking, ticket_link,
};

const LIMIT: u32 = 50;
const LIMIT_MAX: u32 = 100;
const TITLE_CHARS_MAX: usize = 200;
/// The same step by the same member within this time is a repeated request. Units: milliseconds.
const REPEAT_MS: i64 = 60_000;

pub(super) fn router() -> Router {
    Router::new().routes(routes!(list)).routes(routes!(one, change)).routes(routes!(new_link))
}

#[derive(Serialize, ToSchema)]
pub(crate) struct TicketWithPath {
    #[serde(flatten)]
    ticket: Ticket,
    /// Its public progress page, relative to the server's public address.
    path: String,
}

impl TicketWithPath {
    pub(super) fn new(caller: &Caller, ticket: Ticket) -> Self {
        Self { path: path_of(caller, &ticket), ticket }
    }
}

fn path_of(caller: &Caller, ticket: &Ticket) -> String {
    ticket_link::path_of(&caller.state.settings.server_secret, caller.tenant, ticket.id, ticket.link_version)
}

#[derive(Deserialize, utoipa::IntoParams)]
pub(crate) struct Query {
    /// Only those that are neither done nor cancelled.
    #[serde(default)]
    open: bool,
    /// `next` of the page before: a number of a ticket.
    #[serde(default)]
    before: Option<u64>,
    #[serde(default)]
    limit: Option<u32>,
}

/// Newest first.
#[utoipa::path(get, path = "/tickets", tag = "tickets", params(Query), responses((status = 200, body = Page<TicketWithPath>)))]
pub(crate) async fn list(Agent(caller): Agent, Params(query): Params<Query>) -> Outcome<Json<Page<TicketWithPath>>> {
    let limit = query.limit.unwrap_or(LIMIT).clamp(1, LIMIT_MAX);
    let mut tickets = caller.store.tickets(query.open, query.before, limit.saturating_add(1)).await?;
    let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = tickets.len() > wanted;
    tickets.truncate(wanted);
    let next = tickets.last().filter(|_| more).map(|it| it.number.to_string());
    Ok(Json(Page { items: tickets.into_iter().map(|it| TicketWithPath::new(&caller, it)).collect(), next }))
}

#[utoipa::path(get, path = "/tickets/{id}", tag = "tickets", params(("id" = TicketId, Path)), responses((status = 200, body = TicketWithPath)))]
pub(crate) async fn one(Agent(caller): Agent, Id(id): Id<TicketId>) -> Outcome<Json<TicketWithPath>> {
    let ticket = caller.store.ticket(id).await?.ok_or_else(|| Failure::new(codes::NOT_FOUND))?;
    Ok(Json(TicketWithPath::new(&caller, ticket)))
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct Change {
    #[serde(default)]
    stage: Option<TicketStage>,
    #[serde(default)]
    note: Option<String>,
    /// Whether the customer is told of stage and note; without it, of another stage.
    #[serde(default)]
    public: Option<bool>,
    #[serde(default)]
    title: Option<String>,
    /// `null` takes it from whoever has it.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<MemberId>)]
    assignee: Option<Option<MemberId>>,
}

#[utoipa::path(patch, path = "/tickets/{id}", tag = "tickets", params(("id" = TicketId, Path)), request_body = Change, responses((status = 200, body = TicketWithPath)))]
pub(crate) async fn change(Agent(caller): Agent, Id(id): Id<TicketId>, Body(change): Body<Change>) -> Outcome<Json<TicketWithPath>> {
    let title = change.title.as_deref().map(|it| needed("title", it, TITLE_CHARS_MAX)).transpose()?;
    let sees_all = caller.sees_personal_data;
    if let Some(Some(member)) = change.assignee {
        let known = caller.store.get::<Member>(*member.as_bytes()).await?.is_some_and(|it| it.active);
        known.then_some(()).ok_or_else(|| Failure::field("assignee: no such member"))?;
    }
    let (by, now, moves) = (caller.maybe_member(), caller.state.clock.now(), change.stage.is_some() || change.note.is_some());
    let changed = move |ticket: Ticket| {
        let title = match &title {
            Some(given) if !sees_all => masking::kept(given.clone(), &ticket.title, &masking::text(&ticket.title))?,
            given => given.clone().unwrap_or_else(|| ticket.title.clone()),
        };
        let assignee = change.assignee.unwrap_or(ticket.assignee);
        step(Ticket { title, assignee, ..ticket }, &change, by, now)
    };
    // Stored before it is told: what the customer hears of is so. A request that broke off between the two tells it when it is sent again.
    let ticket = caller.store.change_ticket(id, Box::new(changed)).await?.ok_or_else(|| Failure::new(codes::NOT_FOUND))?;
    caller.audit("ticket.changed", ticket.number, "").await?;
    if moves {
        tell(&caller, &ticket).await?;
    }
    Ok(Json(TicketWithPath::new(&caller, ticket)))
}

/// The ticket after the step that the change asks for, unless that is the one just taken.
fn step(mut ticket: Ticket, change: &Change, by: Option<MemberId>, now: Timestamp) -> Result<Ticket, Fault> {
    let stage = change.stage.unwrap_or(ticket.stage);
    let note = change.note.as_deref().unwrap_or_default().replace('\0', "");
    if is_repeat(&ticket, change.public, stage, &note, by, now) {
        return Ok(ticket);
    }
    if stage == ticket.stage && note.trim().is_empty() {
        ticket.updated_at = now;
        return Ok(ticket);
    }
    let public = change.public.unwrap_or(stage != ticket.stage);
    progress(ticket, stage, note.trim(), public, by, now)
}

fn is_repeat(ticket: &Ticket, public: Option<bool>, stage: TicketStage, note: &str, by: Option<MemberId>, now: Timestamp) -> bool {
    let same = |it: &TicketStep| it.by == by && it.stage == stage && it.note == note.trim() && public.is_none_or(|public| it.public == public);
    ticket.log.last().is_some_and(|it| same(it) && now.since_ms(it.at) < REPEAT_MS)
}

/// Tells the customer of the newest step, once, where it is for them.
async fn tell(caller: &Caller, ticket: &Ticket) -> Outcome<()> {
    // The first step was told when the ticket was made.
    let Some(step) = ticket.log.last().filter(|it| it.public && ticket.log.len() > 1) else { return Ok(()) };
    let Some(conversation) = ticket.conversation else { return Ok(()) };
    let input = Input::TicketMoved {
        ticket: ticket.id,
        number: ticket.number,
        title: ticket.title.clone(),
        stage: step.stage,
        note: step.note.clone(),
        path: path_of(caller, ticket),
    };
    let command = Command {
        tenant: caller.tenant,
        address: Address::Conversation(conversation),
        input,
        external_id: Some(format!("ticket:{}:{}", ticket.id, ticket.log.len())),
        client_id: None,
        on_behalf_of: None,
    };
    caller.state.intake.submit(command).await?;
    Ok(())
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Link {
    path: String,
}

/// The old link stops working.
#[utoipa::path(post, path = "/tickets/{id}/new-link", tag = "tickets", params(("id" = TicketId, Path)), responses((status = 200, body = Link)))]
pub(crate) async fn new_link(Agent(caller): Agent, Id(id): Id<TicketId>) -> Outcome<Json<Link>> {
    let now = caller.state.clock.now();
    let changed = move |it: Ticket| Ok(Ticket { link_version: it.link_version.saturating_add(1), updated_at: now, ..it });
    let ticket = caller.store.change_ticket(id, Box::new(changed)).await?.ok_or_else(|| Failure::new(codes::NOT_FOUND))?;
    caller.audit("ticket.link_replaced", ticket.number, "").await?;
    Ok(Json(Link { path: path_of(&caller, &ticket) }))
}

#[cfg(test)]
mod tests {
    use rapport_model::ContactId;

    use super::*;

    fn made() -> Ticket {
        let nil = uuid::Uuid::nil();
        let log = vec![TicketStep { at: Timestamp(0), by: Some(MemberId(nil)), stage: TicketStage::Received, note: String::new(), public: true }];
        let (title, description, stage) = ("t".to_owned(), String::new(), TicketStage::Received);
        let (id, contact, zero) = (TicketId(nil), ContactId(nil), Timestamp(0));
        Ticket { id, number: 1, title, description, contact, conversation: None, stage, assignee: None, log, link_version: 1, created_at: zero, updated_at: zero }
    }

    /// The steps after each change in turn, as (stage, note, public).
    fn check(changes: &[(i64, &str)], expected: &[(&str, &str, bool)]) {
        let by = Some(MemberId(uuid::Uuid::nil()));
        let after = changes.iter().fold(made(), |ticket, (at, change)| {
            let change = serde_json::from_str(change).expect("json");
            step(ticket, &change, by, Timestamp(*at)).expect("allowed")
        });
        let steps: Vec<_> = after.log.iter().skip(1).map(|it| (it.stage.name(), it.note.as_str(), it.public)).collect();
        assert_eq!(steps, expected, "{changes:?}");
    }

    #[test]
    fn steps_are_taken_once() {
        check(&[(1, r#"{}"#), (2, r#"{"title": "x"}"#), (3, r#"{"stage": "received"}"#)], &[]);
        check(&[(1, r#"{"stage": "in_progress"}"#), (2, r#"{"stage": "in_progress"}"#)], &[("in_progress", "", true)]);
        check(&[(1, r#"{"note": "called"}"#), (2, r#"{"note": "called "}"#)], &[("received", "called", false)]);
        check(&[(1, r#"{"note": "called"}"#), (70_000, r#"{"note": "called"}"#)], &[("received", "called", false), ("received", "called", false)]);
        check(&[(1, r#"{"note": "called"}"#), (2, r#"{"note": "called", "public": true}"#)], &[("received", "called", false), ("received", "called", true)]);
        check(&[(1, r#"{"stage": "done", "public": false}"#), (2, r#"{"stage": "in_progress"}"#)], &[("done", "", false), ("in_progress", "", true)]);
    }
}
