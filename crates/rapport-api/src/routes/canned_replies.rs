//! Canned replies: prepared answers that agents insert by `/shortcut`.

use axum::{Json, http::StatusCode};
use rapport_model::{CannedReply, CannedReplyId};
use rapport_ports::Expect;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::Router;
use crate::{
    caller::{Agent, Supervisor},
    configuration::{self, Items, Versioned, bounded, needed},
    extract::{Body, Id, IfMatch},
    failure::{Failure, Outcome},
};

pub(super) fn router() -> Router {
    Router::new().routes(routes!(list, create)).routes(routes!(save, remove))
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct CannedReplyBody {
    shortcut: String,
    text: String,
}

impl CannedReplyBody {
    fn checked(self, id: CannedReplyId) -> Outcome<CannedReply> {
        let shortcut = needed("shortcut", self.shortcut.trim_start_matches('/'), 30)?;
        if shortcut.contains(char::is_whitespace) {
            return Err(Failure::field("shortcut: without spaces"));
        }
        let text = bounded("text", self.text.trim(), 4_000)?;
        if text.is_empty() { Err(Failure::field("text: 1 to 4000 characters")) } else { Ok(CannedReply { id, shortcut, text }) }
    }
}

#[utoipa::path(get, path = "/canned-replies", tag = "canned replies", responses((status = 200, body = Items<Versioned<CannedReply>>)))]
pub(crate) async fn list(Agent(caller): Agent) -> Outcome<Json<Items<Versioned<CannedReply>>>> {
    Ok(Json(Items { items: configuration::list(&caller).await? }))
}

#[utoipa::path(post, path = "/canned-replies", tag = "canned replies", request_body = CannedReplyBody, responses((status = 200, body = Versioned<CannedReply>)))]
pub(crate) async fn create(Supervisor(caller): Supervisor, Body(body): Body<CannedReplyBody>) -> Outcome<Json<Versioned<CannedReply>>> {
    let id = caller.state.entropy.ids(caller.state.clock.now()).next();
    Ok(Json(configuration::put(&caller, body.checked(id)?, Expect::New, id).await?))
}

#[utoipa::path(put, path = "/canned-replies/{id}", tag = "canned replies", params(("id" = CannedReplyId, Path)), request_body = CannedReplyBody, responses((status = 200, body = Versioned<CannedReply>)))]
pub(crate) async fn save(
    Supervisor(caller): Supervisor,
    Id(id): Id<CannedReplyId>,
    IfMatch(expect): IfMatch,
    Body(body): Body<CannedReplyBody>,
) -> Outcome<Json<Versioned<CannedReply>>> {
    configuration::get::<CannedReply>(&caller, *id.as_bytes()).await?;
    Ok(Json(configuration::put(&caller, body.checked(id)?, expect, id).await?))
}

#[utoipa::path(delete, path = "/canned-replies/{id}", tag = "canned replies", params(("id" = CannedReplyId, Path)), responses((status = 204)))]
pub(crate) async fn remove(Supervisor(caller): Supervisor, Id(id): Id<CannedReplyId>) -> Outcome<StatusCode> {
    configuration::remove::<CannedReply>(&caller, *id.as_bytes(), id).await?;
    Ok(StatusCode::NO_CONTENT)
}
