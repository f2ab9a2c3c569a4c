//! The registry of trained models: candidate, shadow, canary, live, retired; one click sets another one live.

use axum::Json;
use rapport_model::{Agreement, ModelCard, ModelId, ModelKind, ModelState, TrainedModel};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::Router;
use crate::{
    caller::{Agent, Supervisor},
    extract::{Body, Id},
    failure::Outcome,
};

pub(super) fn router() -> Router {
    Router::new().routes(routes!(list)).routes(routes!(set_state))
}

#[derive(Serialize, ToSchema)]
pub(crate) struct ModelView {
    id: ModelId,
    kind: ModelKind,
    state: ModelState,
    /// Share of the customers that a canary answers, 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    canary_share: Option<f32>,
    card: ModelCard,
    /// How often a shadow or canary said what the live model said.
    #[serde(skip_serializing_if = "Option::is_none")]
    agreement: Option<Agreement>,
}

impl From<TrainedModel> for ModelView {
    fn from(it: TrainedModel) -> Self {
        Self { id: it.id, kind: it.kind, state: it.state, canary_share: it.canary_share, card: it.card, agreement: it.agreement }
    }
}

/// Newest first.
#[utoipa::path(get, path = "/models", tag = "models", responses((status = 200, body = Vec<ModelView>)))]
pub(crate) async fn list(Agent(caller): Agent) -> Outcome<Json<Vec<ModelView>>> {
    Ok(Json(caller.state.intents.models(caller.tenant).await?.into_iter().map(ModelView::from).collect()))
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct StateBody {
    state: ModelState,
    /// Of a canary, 0 to 1.
    #[serde(default)]
    share: Option<f32>,
}

/// Setting one live retires the one that was. After an older one was set live, new trainings stay candidates until the newest is set live again.
/// Errors: `model.live` for anything but `live` on the live one, `model.unusable`.
#[utoipa::path(post, path = "/models/{id}/state", tag = "models", params(("id" = ModelId, Path)), request_body = StateBody, responses((status = 200, body = ModelView)))]
pub(crate) async fn set_state(Supervisor(caller): Supervisor, Id(id): Id<ModelId>, Body(body): Body<StateBody>) -> Outcome<Json<ModelView>> {
    let set = caller.state.intents.set_state(caller.tenant, id, body.state, body.share).await?;
    caller.audit("model.state_set", id, body.state.name()).await?;
    Ok(Json(set.into()))
}
