//! What everybody with the link may read: a ticket's progress, and the article that an answer was taken from.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderName, header},
};
use rapport_model::{Article, ArticleId, Locale, Ticket, TicketId, TicketStage, Timestamp, codes};
use rapport_ports::Records as _;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::Router;
use crate::{
    ApiState,
    caller::find_tenant,
    extract::Id,
    failure::{Failure, Outcome},
    origin::Address,
    ticket_link,
};

/// A secret link's answer stays with whoever asked.
const PRIVATE: [(HeaderName, &str); 1] = [(header::CACHE_CONTROL, "no-store")];

pub(super) fn router() -> Router {
    Router::new().routes(routes!(ticket)).routes(routes!(article))
}

/// A ticket as its customer may know it.
#[derive(Serialize, ToSchema)]
pub(crate) struct PublicTicket {
    number: u64,
    title: String,
    stage: TicketStage,
    company: String,
    /// Oldest first.
    log: Vec<PublicStep>,
    created_at: Timestamp,
    updated_at: Timestamp,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct PublicStep {
    at: Timestamp,
    stage: TicketStage,
    note: String,
}

impl PublicTicket {
    /// Stage and time are those of the newest public step: what is internal shows in nothing.
    fn new(ticket: Ticket, company: String) -> Self {
        let public = ticket.log.into_iter().filter(|it| it.public);
        let log: Vec<_> = public.map(|it| PublicStep { at: it.at, stage: it.stage, note: it.note }).collect();
        let (updated_at, stage) = log.last().map_or((ticket.created_at, TicketStage::Received), |it| (it.at, it.stage));
        Self { number: ticket.number, title: ticket.title, stage, company, log, created_at: ticket.created_at, updated_at }
    }
}

/// A wrong secret looks like a ticket that is not there.
#[utoipa::path(get, path = "/public/tickets/{id}/{secret}", tag = "public", params(("id" = TicketId, Path), ("secret" = String, Path)), responses((status = 200, body = PublicTicket)))]
pub(crate) async fn ticket(
    State(state): State<Arc<ApiState>>,
    address: Address,
    Path((id, secret)): Path<(String, String)>,
) -> Outcome<([(HeaderName, &'static str); 1], Json<PublicTicket>)> {
    match behind(&state, &id, &secret).await? {
        Some((ticket, company)) => Ok((PRIVATE, Json(PublicTicket::new(ticket, company)))),
        None => {
            state.limits.wrong_secret(address)?;
            Err(Failure::new(codes::NOT_FOUND))
        }
    }
}

/// The ticket that the link opens, with the company's name.
async fn behind(state: &ApiState, id: &str, secret: &str) -> Outcome<Option<(Ticket, String)>> {
    let Some((id, tenant)) = TicketId::parse(id).zip(ticket_link::tenant_of(secret)) else { return Ok(None) };
    let Some(ticket) = state.store.tenant(tenant).ticket(id).await? else { return Ok(None) };
    if !ticket_link::fits(&state.settings.server_secret, tenant, id, ticket.link_version, secret) {
        return Ok(None);
    }
    let company = find_tenant(state, tenant).await?.name;
    Ok(Some((ticket, company)))
}

#[derive(Serialize, ToSchema)]
pub(crate) struct PublicArticle {
    title: String,
    /// Safe to show.
    html: String,
    updated_at: Timestamp,
    locale: Locale,
}

/// A published article of any tenant: its id is in the answers that were taken from it.
#[utoipa::path(get, path = "/public/articles/{id}", tag = "public", params(("id" = ArticleId, Path)), responses((status = 200, body = PublicArticle)))]
pub(crate) async fn article(State(state): State<Arc<ApiState>>, Id(id): Id<ArticleId>) -> Outcome<Json<PublicArticle>> {
    for tenant in state.store.tenants().await? {
        let found = state.store.tenant(tenant.id).get::<Article>(*id.as_bytes()).await?;
        if let Some(it) = found.filter(|it| it.published) {
            let html = state.knowledge.render(&it.body);
            return Ok(Json(PublicArticle { title: it.title, html, updated_at: it.updated_at, locale: it.locale }));
        }
    }
    Err(Failure::new(codes::NOT_FOUND))
}

#[cfg(test)]
mod tests {
    use rapport_model::{ContactId, TicketStep};

    use super::*;

    #[test]
    fn internal_steps_show_in_nothing() {
        let step = |at, stage, note: &str, public| TicketStep { at: Timestamp(at), by: None, stage, note: note.to_owned(), public };
        let nil = uuid::Uuid::nil();
        let ticket = Ticket {
            id: TicketId(nil),
            number: 7,
            title: "鞋底开胶".to_owned(),
            description: "internal description".to_owned(),
            contact: ContactId(nil),
            conversation: None,
            stage: TicketStage::Done,
            assignee: None,
            log: vec![
                step(1, TicketStage::Received, "", true),
                step(2, TicketStage::InProgress, "已寄出", true),
                step(3, TicketStage::InProgress, "customer is rude", false),
                step(4, TicketStage::Done, "", false),
            ],
            link_version: 1,
            created_at: Timestamp(1),
            updated_at: Timestamp(4),
        };
        let shown = PublicTicket::new(ticket, "Cloudstep".to_owned());
        assert_eq!((shown.log.len(), shown.stage, shown.updated_at), (2, TicketStage::InProgress, Timestamp(2)));
        let text = serde_json::to_string(&shown).expect("json");
        assert!(!text.contains("rude") && !text.contains("internal"), "{text}");
    }
}
