//! What is held of a customer: their consents, everything at once, and its erasure.

use axum::{
    Json,
    http::header,
    response::{Html, IntoResponse as _, Response},
};
use rapport_model::{Consent, ContactId, codes};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::Router;
use crate::{
    caller::{Administrator, Agent},
    configuration::Items,
    extract::{Id, Params},
    failure::{Failure, Outcome},
    person::{self, Erasure, Export},
};

pub(super) fn router() -> Router {
    Router::new().routes(routes!(consents)).routes(routes!(export)).routes(routes!(erase))
}

#[derive(Serialize, ToSchema)]
pub(crate) struct ConsentLine {
    #[serde(flatten)]
    consent: Consent,
    in_force: bool,
}

#[utoipa::path(get, path = "/contacts/{id}/consents", tag = "contacts", params(("id" = ContactId, Path)), responses((status = 200, body = Items<ConsentLine>)))]
pub(crate) async fn consents(Agent(caller): Agent, Id(id): Id<ContactId>) -> Outcome<Json<Items<ConsentLine>>> {
    caller.store.contact(id).await?.ok_or_else(|| Failure::new(codes::NOT_FOUND))?;
    let now = caller.state.clock.now();
    let items = caller.store.consents(id).await?.into_iter().map(|it| ConsentLine { in_force: it.is_in_force(now), consent: it }).collect();
    Ok(Json(Items { items }))
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Format {
    #[default]
    Json,
    Html,
}

#[derive(Deserialize, utoipa::IntoParams)]
pub(crate) struct As {
    /// json or html.
    #[serde(default)]
    format: Format,
}

/// Everything about one person, as a file.
#[utoipa::path(get, path = "/contacts/{id}/export", tag = "contacts", params(("id" = ContactId, Path), As), responses((status = 200, body = Export)))]
pub(crate) async fn export(Administrator(caller): Administrator, Id(id): Id<ContactId>, Params(query): Params<As>) -> Outcome<Response> {
    let export = person::export(&caller.state, &caller.store, id, caller.actor()).await?;
    Ok(answer(&export, query.format))
}

pub(super) fn answer(export: &Export, format: Format) -> Response {
    match format {
        Format::Json => ([(header::CONTENT_DISPOSITION, "attachment; filename=\"my-data.json\"")], Json(export)).into_response(),
        Format::Html => ([(header::CONTENT_DISPOSITION, "attachment; filename=\"my-data.html\"")], Html(person::html(export))).into_response(),
    }
}

/// Erases everything about one person, and looks whether anything is left.
#[utoipa::path(delete, path = "/contacts/{id}", tag = "contacts", params(("id" = ContactId, Path)), responses((status = 200, body = Erasure)))]
pub(crate) async fn erase(Administrator(caller): Administrator, Id(id): Id<ContactId>) -> Outcome<Json<Erasure>> {
    Ok(Json(person::erase(&caller.state, caller.tenant, &caller.store, id, caller.actor()).await?))
}
