//! What a tenant taught about feelings, as one immutable snapshot in memory: the shipped reader corrected by it.

use std::{collections::BTreeMap, sync::Arc};

use rapport_model::{ContactId, Fault, FeelingExample, FeelingLessons, FeelingReport, FeelingsSaid, ModelId, ModelKind, ModelState, Timestamp, TrainedModel, codes};
use rapport_perceive::emotion::{
    Reader,
    own::{Corrector, Lesson, Own, enough},
};
use rapport_ports::{Records as _, SINGLE};

use super::{OFF, OWN_SETTING, training};
use crate::{
    intents::registry,
    pipeline::{Pipeline, Tenant},
    snapshot::Snapshot,
};

pub(crate) struct Current {
    pub(super) reader: Reader,
    /// The live model, where there is one.
    pub(super) live: Option<ModelId>,
    pub(super) data_hash: String,
    pub(super) is_enough: bool,
    pub(super) uses_own: bool,
}

/// Held until something is taught.
pub(crate) type Holder = Snapshot<Current>;

impl Holder {
    pub(super) async fn current(&self, pipeline: &Pipeline, tenant: &Tenant) -> Result<Arc<Current>, Fault> {
        self.get(|| load(pipeline, tenant)).await
    }

    /// Takes the snapshot anew: in force when this returns.
    pub(crate) async fn renew(&self, pipeline: &Pipeline, tenant: &Tenant) -> Result<(), Fault> {
        self.drop_current();
        self.current(pipeline, tenant).await.map(drop)
    }
}

/// What is taught, and which customers' own words are among it, each with the time of the first.
pub(super) struct Taught {
    pub(super) lessons: Vec<Lesson>,
    pub(super) said_by: BTreeMap<ContactId, Timestamp>,
}

pub(super) async fn taught(tenant: &Tenant) -> Result<Taught, Fault> {
    let lessons: FeelingLessons = tenant.store.get(SINGLE).await?.unwrap_or_default();
    let said = tenant.store.list::<FeelingsSaid>().await?;
    let first = |it: &FeelingsSaid| it.examples.iter().map(|it| it.at).min().map(|at| (it.contact, at));
    let said_by = said.iter().filter_map(first).collect();
    // One text shows one thing, what was taught last; and the same examples make the same model, in whatever order they came.
    let mut by_text: BTreeMap<&str, &FeelingExample> = BTreeMap::new();
    for it in lessons.examples.iter().chain(said.iter().flat_map(|it| &it.examples)) {
        let known = by_text.entry(&it.text).or_insert(it);
        if (known.at, known.id) < (it.at, it.id) {
            *known = it;
        }
    }
    let lesson = |it: &FeelingExample| Lesson { text: it.text.clone(), state: it.state, anxious: it.anxious, urgent: it.urgent };
    let lessons = by_text.into_values().map(lesson).collect();
    Ok(Taught { lessons, said_by })
}

async fn load(pipeline: &Pipeline, tenant: &Tenant) -> Result<Current, Fault> {
    let uses_own = tenant.store.setting(OWN_SETTING).await?.as_deref() != Some(OFF);
    let Taught { lessons, said_by } = taught(tenant).await?;
    let live = standing(pipeline, tenant, &said_by).await?;
    let (data_hash, is_enough) = (training::data_hash(&lessons), enough(&lessons));
    let corrector = match &live {
        // What was taken away is not to be gone by: too little is left to say what the rest of it was worth.
        Some(live) if uses_own && is_enough => match read_model(pipeline, tenant, live).await {
            Ok(corrector) => Some(corrector),
            Err(fault) => {
                tracing::error!(tenant = %tenant.id, model = %live.id, %fault, "a model of feelings cannot be read");
                None
            }
        },
        Some(_) | None => None,
    };
    let shipped = pipeline.perception.reader.clone();
    let reader = if uses_own && !lessons.is_empty() {
        let own = tokio::task::spawn_blocking(move || Own::new(&lessons, corrector)).await;
        shipped.with_own(Arc::new(own.map_err(|error| Fault::with(codes::INTERNAL, format!("feelings: {error}")))?))
    } else {
        shipped
    };
    Ok(Current { reader, live: live.map(|it| it.id), data_hash, is_enough, uses_own })
}

/// Deletes models that learned from somebody who is gone or agrees no more; answers the live one of those that stay.
async fn standing(pipeline: &Pipeline, tenant: &Tenant, said_by: &BTreeMap<ContactId, Timestamp>) -> Result<Option<TrainedModel>, Fault> {
    let mut live = None;
    for it in registry::models(tenant, ModelKind::Feeling).await? {
        let learned_from = report(pipeline, tenant, &it).await?.map(|it| it.said_by).unwrap_or_default();
        // Words that came later are not those it learned from: they were taken back in between.
        let stays = learned_from.iter().all(|contact| said_by.get(contact).is_some_and(|first| *first <= it.card.read_at));
        if !stays {
            registry::remove(pipeline, tenant, &it).await?;
        } else if it.state == ModelState::Live {
            live = Some(it);
        }
    }
    Ok(live)
}

pub(super) async fn report(pipeline: &Pipeline, tenant: &Tenant, it: &TrainedModel) -> Result<Option<FeelingReport>, Fault> {
    let Some(bytes) = pipeline.blobs.get(tenant.id, it.report_in).await? else { return Ok(None) };
    let report = serde_json::from_slice(&bytes).map_err(|error| Fault::with(codes::INTERNAL, format!("report of a model: {error}")))?;
    Ok(Some(report))
}

/// Errors: `model.unusable`.
pub(crate) async fn read_model(pipeline: &Pipeline, tenant: &Tenant, it: &TrainedModel) -> Result<Corrector, Fault> {
    let bytes = pipeline.blobs.get(tenant.id, it.bytes_in).await?.ok_or_else(|| Fault::new(codes::MODEL_UNUSABLE))?;
    let corrector = Corrector::from_bytes(&bytes).map_err(|error| Fault::with(codes::MODEL_UNUSABLE, error.to_string()))?;
    // What the registry names and what the file holds are one.
    if corrector.id() == it.card.model { Ok(corrector) } else { Err(Fault::with(codes::MODEL_UNUSABLE, "the file holds another model")) }
}
