//! Trained models as stored: a record with its card, two files, and one value that says which is live.

use std::sync::Arc;

use bytes::Bytes;
use rapport_model::{Agreement, Fault, IntentReport, ModelId, ModelKind, ModelState, TrainedModel, codes};
use rapport_perceive::intent::Model;
use rapport_ports::{Expect, Records as _};
use serde::{Deserialize, Serialize};

use crate::pipeline::{Pipeline, Tenant};

/// Which model of a kind is live, in one value: there is never none between two, nor two at once.
const fn live_setting(kind: ModelKind) -> &'static str {
    match kind {
        ModelKind::Intent => "intent.live_model",
        ModelKind::Feeling => "feeling.live_model",
    }
}
/// The newest of the models of intents that hold words of somebody who is to be forgotten: none up to it is kept but the live one, which the next training
/// replaces. Models of feelings are taken away at once.
const FORGOTTEN_SETTING: &str = "intent.forgotten_up_to";
/// How many models are kept for a way back; the live one and those on trial beside.
const KEPT: usize = 10;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Live {
    model: ModelId,
    /// Somebody went back to an older model: later trainings wait as candidates.
    pinned: bool,
}

async fn live(tenant: &Tenant, kind: ModelKind) -> Result<Option<Live>, Fault> {
    let stored = tenant.store.setting(live_setting(kind)).await?;
    Ok(stored.and_then(|it| serde_json::from_str(&it).ok()))
}

async fn set_live(tenant: &Tenant, kind: ModelKind, live: Live) -> Result<(), Fault> {
    let value = serde_json::to_string(&live).map_err(|error| Fault::with(codes::INTERNAL, error.to_string()))?;
    tenant.store.put_setting(live_setting(kind), &value).await
}

/// Those of a kind, newest first, each in the state that it is in.
pub(crate) async fn models(tenant: &Tenant, kind: ModelKind) -> Result<Vec<TrainedModel>, Fault> {
    let live = live(tenant, kind).await?;
    let mut all = tenant.store.list::<TrainedModel>().await?;
    all.retain(|it| it.kind == kind);
    all.sort_by_key(|it| std::cmp::Reverse(it.id));
    let counted = tenant.taught.agreements();
    for it in &mut all {
        if live.is_some_and(|live| live.model == it.id) {
            it.state = ModelState::Live;
        }
        it.agreement = sum(it.agreement, counted.get(&it.id));
    }
    Ok(all)
}

fn sum(stored: Option<Agreement>, counted: Option<&Agreement>) -> Option<Agreement> {
    let Some(counted) = counted else { return stored };
    let stored = stored.unwrap_or_default();
    Some(Agreement { seen: stored.seen.saturating_add(counted.seen), same: stored.same.saturating_add(counted.same) })
}

/// Writes the counts that are in memory alone. One that is lost in a crash was a comparison, no more.
pub(super) async fn write_agreements(tenant: &Tenant) -> Result<(), Fault> {
    let counted = tenant.taught.take_agreements();
    for (id, counted) in &counted {
        if let Some(mut it) = tenant.store.get::<TrainedModel>(*id.as_bytes()).await? {
            it.agreement = sum(it.agreement, Some(counted));
            tenant.store.put(&it, Expect::Any).await?;
        }
    }
    Ok(())
}

/// Errors: `model.unusable`.
pub(super) async fn read_model(pipeline: &Pipeline, tenant: &Tenant, it: &TrainedModel) -> Result<Arc<Model>, Fault> {
    let bytes = pipeline.blobs.get(tenant.id, it.bytes_in).await?.ok_or_else(|| Fault::new(codes::MODEL_UNUSABLE))?;
    let read = tokio::task::spawn_blocking(move || Model::from_bytes(&bytes)).await;
    let model = read.map_err(|error| Fault::with(codes::INTERNAL, format!("reading a model: {error}")))?;
    let model = model.map_err(|error| Fault::with(codes::MODEL_UNUSABLE, error.to_string()))?;
    // What the registry names and what the file holds are one.
    if model.id() == it.card.model { Ok(Arc::new(model)) } else { Err(Fault::with(codes::MODEL_UNUSABLE, "the file holds another model")) }
}

/// What the model did on examples held aside; intents by id.
pub(super) async fn report(pipeline: &Pipeline, tenant: &Tenant, id: ModelId) -> Result<Option<IntentReport>, Fault> {
    let Some(it) = tenant.store.get::<TrainedModel>(*id.as_bytes()).await? else { return Ok(None) };
    let Some(bytes) = pipeline.blobs.get(tenant.id, it.report_in).await? else { return Ok(None) };
    let report = serde_json::from_slice(&bytes).map_err(|error| Fault::with(codes::INTERNAL, format!("report of a model: {error}")))?;
    Ok(Some(report))
}

/// Files first, then the record, then, unless somebody went back to an older model, the value that makes it live.
pub(crate) async fn add(pipeline: &Pipeline, tenant: &Tenant, it: TrainedModel, bytes: Vec<u8>, report: &(impl Serialize + Sync)) -> Result<(), Fault> {
    let report = serde_json::to_vec(report).map_err(|error| Fault::with(codes::INTERNAL, error.to_string()))?;
    pipeline.blobs.put(tenant.id, it.bytes_in, Bytes::from(bytes)).await?;
    pipeline.blobs.put(tenant.id, it.report_in, Bytes::from(report)).await?;
    let _one_changes = tenant.taught.changing.lock().await;
    let kind = it.kind;
    let pinned = match live(tenant, kind).await?.filter(|it| it.pinned) {
        // One that was deleted holds nothing back.
        Some(live) => tenant.store.get::<TrainedModel>(*live.model.as_bytes()).await?.is_some(),
        None => false,
    };
    // As it will be when it is no longer live.
    let state = if pinned { ModelState::Candidate } else { ModelState::Retired };
    let id = it.id;
    tenant.store.put(&TrainedModel { state, ..it }, Expect::New).await?;
    if !pinned {
        set_live(tenant, kind, Live { model: id, pinned: false }).await?;
    }
    prune(pipeline, tenant, kind).await
}

/// Takes away what is older than the way back reaches, and what is to be forgotten.
async fn prune(pipeline: &Pipeline, tenant: &Tenant, kind: ModelKind) -> Result<(), Fault> {
    let forgotten: Option<ModelId> = match kind {
        ModelKind::Intent => tenant.store.setting(FORGOTTEN_SETTING).await?.and_then(|it| it.parse().ok()),
        ModelKind::Feeling => None,
    };
    let mut idle = 0;
    for it in models(tenant, kind).await? {
        let is_idle = matches!(it.state, ModelState::Retired | ModelState::Candidate);
        idle += usize::from(is_idle);
        let is_forgotten = it.state != ModelState::Live && forgotten.is_some_and(|up_to| it.id <= up_to);
        if is_forgotten || (is_idle && idle > KEPT) {
            remove(pipeline, tenant, &it).await?;
        }
    }
    Ok(())
}

/// None of the models of intents of now is kept: those that do not answer go at once, the live one when another has learned, also where somebody went back
/// to it.
pub(super) async fn forget(pipeline: &Pipeline, tenant: &Tenant) -> Result<(), Fault> {
    let _one_changes = tenant.taught.changing.lock().await;
    let Some(newest) = models(tenant, ModelKind::Intent).await?.first().map(|it| it.id) else { return Ok(()) };
    tenant.store.put_setting(FORGOTTEN_SETTING, &newest.to_string()).await?;
    if let Some(it) = live(tenant, ModelKind::Intent).await? {
        set_live(tenant, ModelKind::Intent, Live { pinned: false, ..it }).await?;
    }
    prune(pipeline, tenant, ModelKind::Intent).await
}

/// Where too little is left to learn from, the live model that is to be forgotten goes as well. Whether it did.
pub(super) async fn forget_live(pipeline: &Pipeline, tenant: &Tenant) -> Result<bool, Fault> {
    let _one_changes = tenant.taught.changing.lock().await;
    let (live, up_to) = (live(tenant, ModelKind::Intent).await?, tenant.store.setting(FORGOTTEN_SETTING).await?.and_then(|it| it.parse::<ModelId>().ok()));
    if live.zip(up_to).is_none_or(|(live, up_to)| live.model > up_to) {
        return Ok(false);
    }
    tenant.store.put_setting(live_setting(ModelKind::Intent), "").await?;
    prune(pipeline, tenant, ModelKind::Intent).await?;
    Ok(true)
}

/// Takes a model away with its files.
pub(crate) async fn remove(pipeline: &Pipeline, tenant: &Tenant, it: &TrainedModel) -> Result<(), Fault> {
    pipeline.blobs.delete(tenant.id, it.bytes_in).await?;
    pipeline.blobs.delete(tenant.id, it.report_in).await?;
    tenant.store.remove::<TrainedModel>(*it.id.as_bytes()).await.map(drop)
}

/// One canary and one shadow at most: another one makes the first a candidate again.
pub(crate) async fn set_state(pipeline: &Pipeline, tenant: &Tenant, id: ModelId, state: ModelState, share: Option<f32>) -> Result<TrainedModel, Fault> {
    let _one_changes = tenant.taught.changing.lock().await;
    write_agreements(tenant).await?;
    let kind = tenant.store.get::<TrainedModel>(*id.as_bytes()).await?.ok_or_else(|| Fault::new(codes::NOT_FOUND))?.kind;
    let all = models(tenant, kind).await?;
    let newest = all.first().map(|it| it.id);
    let mut it = all.iter().find(|it| it.id == id).cloned().ok_or_else(|| Fault::new(codes::NOT_FOUND))?;
    let is_live = it.state == ModelState::Live;
    match state {
        ModelState::Live => {
            readable(pipeline, tenant, &it).await?;
            let was_on_trial = matches!(it.state, ModelState::Shadow | ModelState::Canary | ModelState::Candidate);
            if was_on_trial {
                let kept = TrainedModel { state: ModelState::Retired, canary_share: None, ..it.clone() };
                tenant.store.put(&kept, Expect::Any).await?;
            }
            set_live(tenant, kind, Live { model: id, pinned: newest != Some(id) }).await?;
            it.canary_share = None;
        }
        ModelState::Candidate | ModelState::Shadow | ModelState::Canary | ModelState::Retired => {
            if is_live {
                return Err(Fault::new(codes::MODEL_LIVE));
            }
            if state == ModelState::Canary && !share.is_some_and(|it| (0.0..=1.0).contains(&it)) {
                return Err(Fault::with(codes::BAD_FIELD, "share: 0 to 1"));
            }
            if kind == ModelKind::Feeling && matches!(state, ModelState::Shadow | ModelState::Canary) {
                // A feeling is read once, sealed: no second reading beside it, and nobody is read by lot.
                return Err(Fault::with(codes::BAD_FIELD, "state: a model of feelings is live, candidate or retired"));
            }
            readable(pipeline, tenant, &it).await?;
            it.canary_share = share.filter(|_| state == ModelState::Canary);
            let on_trial = matches!(state, ModelState::Shadow | ModelState::Canary);
            for other in all.into_iter().filter(|other| on_trial && other.state == state && other.id != id) {
                tenant.store.put(&TrainedModel { state: ModelState::Candidate, canary_share: None, ..other }, Expect::Any).await?;
            }
            it.agreement = None;
            tenant.store.put(&TrainedModel { state, ..it.clone() }, Expect::Any).await?;
        }
    }
    Ok(TrainedModel { state, ..it })
}

/// Errors: `model.unusable`.
async fn readable(pipeline: &Pipeline, tenant: &Tenant, it: &TrainedModel) -> Result<(), Fault> {
    match it.kind {
        ModelKind::Intent => tenant.taught.model(pipeline, tenant, it).await.map(drop),
        ModelKind::Feeling => crate::feelings::read_model(pipeline, tenant, it).await.map(drop),
    }
}
