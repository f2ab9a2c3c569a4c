//! Feelings that a firm teaches itself: sentences with the state that they show, how well it reads by them, and the way back to what ships.

mod examples;

use axum::{Json, http::StatusCode};
use rapport_model::{ExampleSource, FeelingExample, FeelingFigures, FeelingState, ShippedFeelings, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

pub(crate) use self::examples::teach_said;
use super::{Router, models::ModelView};
use crate::{
    caller::Supervisor,
    extract::{Body, Params},
    failure::Outcome,
};

pub(super) fn router() -> Router {
    Router::new()
        .routes(routes!(show))
        .routes(routes!(use_own))
        .routes(routes!(train))
        .routes(routes!(examples::list, examples::add))
        .routes(routes!(examples::remove))
        .merge(examples::import_router())
}

/// How many sentences of what.
#[derive(Clone, Copy, Default, Serialize, ToSchema)]
pub(crate) struct FeelingCounts {
    examples: usize,
    calm: usize,
    concerned: usize,
    upset: usize,
    angry: usize,
    anxious: usize,
    urgent: usize,
    taught: usize,
    imported: usize,
    corrected: usize,
}

impl FeelingCounts {
    fn of(examples: &[FeelingExample]) -> Self {
        let count = |fits: &dyn Fn(&FeelingExample) -> bool| examples.iter().filter(|it| fits(it)).count();
        Self {
            examples: examples.len(),
            calm: count(&|it| it.state == FeelingState::Calm),
            concerned: count(&|it| it.state == FeelingState::Concerned),
            upset: count(&|it| it.state == FeelingState::Upset),
            angry: count(&|it| it.state == FeelingState::Angry),
            anxious: count(&|it| it.anxious),
            urgent: count(&|it| it.urgent),
            taught: count(&|it| it.source == ExampleSource::Taught),
            imported: count(&|it| it.source == ExampleSource::Imported),
            corrected: count(&|it| it.source == ExampleSource::Corrected),
        }
    }
}

/// The firm's own model and what it does for the firm's sentences, each read by what the others teach.
#[derive(Serialize, ToSchema)]
pub(crate) struct OwnFeelings {
    model: ModelView,
    /// The firm's sentences as the shipped model reads them.
    without: FeelingFigures,
    /// And with what was taught.
    with: FeelingFigures,
    /// How far what was learned counts, 0 to 1; 0: it did not help with sentences held aside.
    strength: f32,
    /// How far sentences count that are merely like one that was taught, 0 to 1.
    nearness: f32,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct FeelingTraining {
    running: bool,
    /// By the time that it should take, 0 to 1.
    done_share: f32,
    since: Timestamp,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct FeelingsView {
    counts: FeelingCounts,
    shipped: ShippedFeelings,
    /// `null`: nothing was learned yet; the same and similar sentences are read as taught all the same.
    own: Option<OwnFeelings>,
    /// Off: feelings are read as shipped.
    uses_own: bool,
    stale: bool,
    /// Whether there is enough to train on: 20 sentences of more than one state.
    is_enough: bool,
    training: Option<FeelingTraining>,
}

#[utoipa::path(get, path = "/feelings", tag = "feelings", responses((status = 200, body = FeelingsView)))]
pub(crate) async fn show(Supervisor(caller): Supervisor) -> Outcome<Json<FeelingsView>> {
    let told = caller.state.feelings.feelings(caller.tenant).await?;
    let counts = FeelingCounts::of(&examples::all(&caller).await?);
    let own = told.own.map(|(model, it)| OwnFeelings { model: model.into(), without: it.shipped, with: it.own, strength: it.strength, nearness: it.nearness });
    let training = told.training.map(|it| FeelingTraining { running: true, done_share: it.done_share, since: it.since });
    Ok(Json(FeelingsView { counts, shipped: told.shipped, own, uses_own: told.uses_own, stale: told.stale, is_enough: told.is_enough, training }))
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct UseBody {
    own: bool,
}

/// Whether what was taught counts. Off: feelings are read as shipped from the next message on; examples and models stay.
#[utoipa::path(put, path = "/feelings/use", tag = "feelings", request_body = UseBody, responses((status = 204)))]
pub(crate) async fn use_own(Supervisor(caller): Supervisor, Body(body): Body<UseBody>) -> Outcome<StatusCode> {
    caller.state.feelings.use_own(caller.tenant, body.own).await?;
    caller.audit("feeling.use_set", "", if body.own { "own" } else { "shipped" }).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize, utoipa::IntoParams)]
pub(crate) struct Waiting {
    /// Answers when the training is done.
    #[serde(default)]
    wait: bool,
}

/// Trains a model of what is taught now. 202: begun; 200: done. Errors: `feeling.too_few`.
#[utoipa::path(post, path = "/feelings/train", tag = "feelings", params(Waiting), responses((status = 202), (status = 200)))]
pub(crate) async fn train(Supervisor(caller): Supervisor, Params(waiting): Params<Waiting>) -> Outcome<StatusCode> {
    caller.audit("feeling.training_asked", "", "").await?;
    caller.state.feelings.train(caller.tenant, waiting.wait).await?;
    Ok(if waiting.wait { StatusCode::OK } else { StatusCode::ACCEPTED })
}
