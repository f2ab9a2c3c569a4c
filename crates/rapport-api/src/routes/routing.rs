//! Who is free and who waits, as routing sees it.

use axum::Json;
use rapport_model::{AgentView, QueueEntry};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::Router;
use crate::{caller::Supervisor, failure::Outcome};

pub(super) fn router() -> Router {
    Router::new().routes(routes!(show))
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Routing {
    agents: Vec<AgentView>,
    /// In order of service.
    queue: Vec<Waiting>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Waiting {
    #[serde(flatten)]
    entry: QueueEntry,
    /// 1 is next.
    position: u32,
    estimate_s: Option<u32>,
}

#[utoipa::path(get, path = "/routing", tag = "routing", responses((status = 200, body = Routing)))]
pub(crate) async fn show(Supervisor(caller): Supervisor) -> Outcome<Json<Routing>> {
    let agents = caller.state.intake.roster(caller.tenant).await?;
    let mut entries = caller.store.queue().await?;
    let handle_time_ms = caller.store.handle_time_ms().await?;
    entries.sort_by_key(QueueEntry::rank);
    let waiting = entries.iter().filter_map(|entry| {
        let standing = rapport_engine::queue_standing(entry.conversation, &entries, &agents, handle_time_ms)?;
        Some(Waiting { entry: entry.clone(), position: standing.position, estimate_s: standing.estimate_s })
    });
    let queue = waiting.collect();
    Ok(Json(Routing { agents, queue }))
}
