//! Teams: groups of members that inboxes and queues belong to.

use axum::{Json, http::StatusCode};
use rapport_model::{Inbox, Member, Team, TeamId};
use rapport_ports::Expect;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::Router;
use crate::{
    caller::{Administrator, Agent, Caller},
    configuration::{self, Items, Versioned, bounded, needed},
    extract::{Body, Id, IfMatch},
    failure::{Failure, Outcome},
};

pub(super) fn router() -> Router {
    Router::new().routes(routes!(list, create)).routes(routes!(save, remove))
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct TeamBody {
    name: String,
    #[serde(default)]
    description: String,
}

impl TeamBody {
    fn checked(self, id: TeamId) -> Outcome<Team> {
        Ok(Team { id, name: needed("name", &self.name, 60)?, description: bounded("description", &self.description, 500)? })
    }
}

#[utoipa::path(get, path = "/teams", tag = "teams", responses((status = 200, body = Items<Versioned<Team>>)))]
pub(crate) async fn list(Agent(caller): Agent) -> Outcome<Json<Items<Versioned<Team>>>> {
    Ok(Json(Items { items: configuration::list(&caller).await? }))
}

#[utoipa::path(post, path = "/teams", tag = "teams", request_body = TeamBody, responses((status = 200, body = Versioned<Team>)))]
pub(crate) async fn create(Administrator(caller): Administrator, Body(body): Body<TeamBody>) -> Outcome<Json<Versioned<Team>>> {
    let id = caller.state.entropy.ids(caller.state.clock.now()).next();
    Ok(Json(configuration::put(&caller, body.checked(id)?, Expect::New, id).await?))
}

#[utoipa::path(put, path = "/teams/{id}", tag = "teams", params(("id" = TeamId, Path)), request_body = TeamBody, responses((status = 200, body = Versioned<Team>)))]
pub(crate) async fn save(
    Administrator(caller): Administrator,
    Id(id): Id<TeamId>,
    IfMatch(expect): IfMatch,
    Body(body): Body<TeamBody>,
) -> Outcome<Json<Versioned<Team>>> {
    configuration::get::<Team>(&caller, *id.as_bytes()).await?;
    Ok(Json(configuration::put(&caller, body.checked(id)?, expect, id).await?))
}

/// Errors: `input.bad_field` while members or inboxes belong to it.
#[utoipa::path(delete, path = "/teams/{id}", tag = "teams", params(("id" = TeamId, Path)), responses((status = 204)))]
pub(crate) async fn remove(Administrator(caller): Administrator, Id(id): Id<TeamId>) -> Outcome<StatusCode> {
    configuration::get::<Team>(&caller, *id.as_bytes()).await?;
    unused(&caller, id).await?;
    configuration::remove::<Team>(&caller, *id.as_bytes(), id).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn unused(caller: &Caller, id: TeamId) -> Outcome<()> {
    let members = configuration::list::<Member>(caller).await?.into_iter().filter(|it| it.record.teams.contains(&id));
    let inboxes = configuration::list::<Inbox>(caller).await?.into_iter().filter(|it| it.record.team == Some(id));
    let by: Vec<String> = members.map(|it| it.record.name).chain(inboxes.map(|it| it.record.name)).collect();
    if by.is_empty() { Ok(()) } else { Err(Failure::field(format!("in use by {}", by.join(", ")))) }
}
