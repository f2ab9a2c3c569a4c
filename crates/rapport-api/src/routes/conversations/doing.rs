//! What a member does to a conversation, by the same path as over the live socket; and tickets made out of one.

use axum::Json;
use rapport_model::{Content, ConversationId, Counter, MemberAction, MemberId, Seq, TenantId, Ticket, TicketId, codes};
use rapport_ports::Receipt;
use rapport_wire::live::{self, SentContent};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::find;
use crate::{
    ApiState,
    auth::keyed,
    caller::{Agent, Caller},
    extract::{Body, Id},
    failure::{Failure, Outcome},
    live::submit_member_action,
    routes::tickets::TicketWithPath,
    ticket_link,
};

#[derive(Deserialize, ToSchema)]
pub(crate) struct Action {
    /// The caller's own: sent again with the same id it changes nothing and gets the same answer.
    id: String,
    #[schema(value_type = MemberAction)]
    action: serde_json::Value,
}

/// As `ack` of the live protocol.
#[derive(Serialize, ToSchema)]
pub(crate) struct Ack {
    seq: Seq,
    conversation: ConversationId,
    duplicate: bool,
}

impl From<Receipt> for Ack {
    fn from(it: Receipt) -> Self {
        Self { seq: it.seq, conversation: it.conversation, duplicate: it.duplicate }
    }
}

#[utoipa::path(post, path = "/conversations/{id}/actions", tag = "conversations", params(("id" = ConversationId, Path)), request_body = Action, responses((status = 200, body = Ack)))]
pub(crate) async fn act(Agent(caller): Agent, Id(conversation): Id<ConversationId>, Body(body): Body<Action>) -> Outcome<Json<Ack>> {
    live::check_id(&body.id)?;
    let action = live::member_action(body.action)?;
    submit(&caller, conversation, body.id, action).await.map(|it| Json(it.into()))
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct Message {
    /// The caller's own: sent again with the same id it is not sent twice.
    id: String,
    /// `text`, `image` or `file`.
    #[schema(value_type = Content)]
    content: SentContent,
}

#[utoipa::path(post, path = "/conversations/{id}/messages", tag = "conversations", params(("id" = ConversationId, Path)), request_body = Message, responses((status = 200, body = Ack)))]
pub(crate) async fn send(Agent(caller): Agent, Id(conversation): Id<ConversationId>, Body(body): Body<Message>) -> Outcome<Json<Ack>> {
    live::check_id(&body.id)?;
    let content = body.content.checked()?;
    submit(&caller, conversation, body.id, MemberAction::Send { content }).await.map(|it| Json(it.into()))
}

async fn submit(caller: &Caller, conversation: ConversationId, id: String, action: MemberAction) -> Outcome<Receipt> {
    Ok(submit_member_action(&caller.state, caller.tenant, caller.member()?, conversation, id, action).await?)
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct NewTicket {
    /// The caller's own: sent again with the same id it is the same ticket.
    id: String,
    title: String,
    #[serde(default)]
    description: String,
}

/// Tells the customer in the conversation, with the link of its public page.
#[utoipa::path(post, path = "/conversations/{id}/tickets", tag = "tickets", params(("id" = ConversationId, Path)), request_body = NewTicket, responses((status = 200, body = TicketWithPath)))]
pub(crate) async fn make_ticket(
    Agent(caller): Agent,
    Id(conversation): Id<ConversationId>,
    Body(body): Body<NewTicket>,
) -> Outcome<Json<TicketWithPath>> {
    live::check_id(&body.id)?;
    let by = caller.member()?;
    find(&caller, conversation).await?;
    let ticket = ticket_id(&caller.state, caller.tenant, by, &body.id);
    if let Some(made) = made_before(&caller, ticket, conversation).await? {
        return Ok(Json(TicketWithPath::new(&caller, made)));
    }
    let number = caller.store.allot(Counter::Ticket).await?;
    let path = ticket_link::path_of(&caller.state.settings.server_secret, caller.tenant, ticket, 1);
    let action = MemberAction::CreateTicket { ticket, number, title: body.title, description: body.description, path };
    // No id of a message holds a slash, so the two never meet.
    submit(&caller, conversation, format!("ticket/{}", body.id), action).await?;
    // It is on the timeline now; where its row is not written yet the outbox does so, and asking again finds it.
    let made = made_before(&caller, ticket, conversation).await?.ok_or_else(|| Failure::new(codes::STORE_UNAVAILABLE))?;
    Ok(Json(TicketWithPath::new(&caller, made)))
}

/// The ticket of this request, if it was made. Errors: `store.duplicate` where the id made one of another conversation.
async fn made_before(caller: &Caller, ticket: TicketId, conversation: ConversationId) -> Outcome<Option<Ticket>> {
    match caller.store.ticket(ticket).await? {
        Some(made) if made.conversation != Some(conversation) => Err(Failure::new(codes::DUPLICATE_KEY)),
        made => Ok(made),
    }
}

/// The same for a repeated request, and nobody else's.
fn ticket_id(state: &ApiState, tenant: TenantId, by: MemberId, id: &str) -> TicketId {
    let digest = keyed(&state.settings.server_secret, "ticket id", &[tenant.as_bytes(), by.as_bytes(), id.as_bytes()]);
    let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, ..] = digest;
    TicketId(uuid::Builder::from_custom_bytes([a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p]).into_uuid())
}
