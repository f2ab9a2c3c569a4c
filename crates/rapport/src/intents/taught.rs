//! What a tenant taught, as one immutable snapshot in memory: intents, jargon, the models that answer.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use arc_swap::ArcSwapOption;
use rapport_model::{Agreement, ContactId, Fault, Intent, ModelId, ModelKind, ModelState, TrainedModel, Understanding, codes};
use rapport_perceive::intent::{Model, Speaker, Understander, examples};
use rapport_ports::Records as _;
use sha2::{Digest as _, Sha256};

use super::{jargon, registry, training};
use crate::pipeline::{Pipeline, Tenant};

/// A model in memory.
#[derive(Clone)]
struct Loaded {
    id: ModelId,
    model: Arc<Model>,
    sure_min: f32,
    near_min: f32,
}

impl Loaded {
    fn speaker(&self) -> Speaker<'_> {
        Speaker { model: &self.model, sure_min: self.sure_min, near_min: self.near_min }
    }
}

pub(crate) struct Taught {
    understander: Understander,
    live: Option<Loaded>,
    /// With the share of the customers that it answers.
    canary: Option<(Loaded, f32)>,
    shadow: Option<Loaded>,
    data_hash: String,
    is_enough: bool,
    /// Sentence vectors take milliseconds: not on a thread that serves sockets.
    is_slow: bool,
}

/// The current snapshot, and what outlives it.
#[derive(Default)]
pub(crate) struct Holder {
    current: ArcSwapOption<Taught>,
    generation: AtomicU64,
    loading: tokio::sync::Mutex<()>,
    /// Models in memory by id: a new snapshot does not read them again.
    models: Mutex<BTreeMap<ModelId, Arc<Model>>>,
    /// Held while states are changed, so that a training which ends does not undo a way back.
    pub(crate) changing: tokio::sync::Mutex<()>,
    /// How shadow and canary did since the counts were last written.
    agreements: Mutex<BTreeMap<ModelId, Agreement>>,
}

impl Holder {
    pub(crate) async fn current(&self, pipeline: &Pipeline, tenant: &Tenant) -> Result<Arc<Taught>, Fault> {
        if let Some(current) = self.current.load_full() {
            return Ok(current);
        }
        let _one_loads = self.loading.lock().await;
        match self.current.load_full() {
            Some(current) => Ok(current),
            None => self.load_newest(pipeline, tenant).await,
        }
    }

    /// Takes the snapshot anew: in force when this returns. Until then the old one answers.
    pub(crate) async fn renew(&self, pipeline: &Pipeline, tenant: &Tenant) -> Result<(), Fault> {
        self.generation.fetch_add(1, Ordering::AcqRel);
        let _one_loads = self.loading.lock().await;
        let renewed = self.load_newest(pipeline, tenant).await;
        if renewed.is_err() {
            // Better none than one that is known to be old: the next text tries again.
            self.current.store(None);
        }
        renewed.map(drop)
    }

    /// The caller holds `loading`.
    async fn load_newest(&self, pipeline: &Pipeline, tenant: &Tenant) -> Result<Arc<Taught>, Fault> {
        loop {
            let generation = self.generation.load(Ordering::Acquire);
            let loaded = Arc::new(self.load(pipeline, tenant).await?);
            // A change during the load would be missed: load again.
            if generation == self.generation.load(Ordering::Acquire) {
                self.current.store(Some(Arc::clone(&loaded)));
                return Ok(loaded);
            }
        }
    }

    async fn load(&self, pipeline: &Pipeline, tenant: &Tenant) -> Result<Taught, Fault> {
        let intents = tenant.store.list::<Intent>().await?;
        let lexicon = jargon::lexicon(tenant).await?;
        let registered = registry::models(tenant, ModelKind::Intent).await?;
        let mut loaded = BTreeMap::new();
        for it in registered.iter().filter(|it| matches!(it.state, ModelState::Live | ModelState::Canary | ModelState::Shadow)) {
            match self.model(pipeline, tenant, it).await {
                Ok(model) => drop(loaded.insert(it.id, model)),
                // Messages go on without it; the page of models shows what is wrong when it is set live again.
                Err(fault) => tracing::error!(tenant = %tenant.id, model = %it.id, %fault, "a model cannot be read"),
            }
        }
        self.models.lock().unwrap_or_else(PoisonError::into_inner).clone_from(&loaded);
        let of = |state: ModelState| {
            let it = registered.iter().find(|it| it.state == state)?;
            let model = Arc::clone(loaded.get(&it.id)?);
            Some((Loaded { id: it.id, model, sure_min: it.card.sure_min, near_min: it.card.near_min }, it))
        };
        let (live, canary, shadow) = (of(ModelState::Live), of(ModelState::Canary), of(ModelState::Shadow));
        let read_at = live.as_ref().map(|it| it.1.card.read_at);
        let (encoder, is_slow) = (pipeline.encoder.clone(), pipeline.encoder.is_some());
        let built = tokio::task::spawn_blocking(move || {
            let examples = examples(&intents, &lexicon);
            let (data_hash, is_enough) = (training::data_hash(&examples), training::is_enough(&examples));
            (Understander::new(intents, lexicon, read_at, encoder), data_hash, is_enough)
        });
        let (understander, data_hash, is_enough) = built.await.map_err(|error| Fault::with(codes::INTERNAL, format!("what is taught: {error}")))?;
        Ok(Taught {
            understander,
            live: live.map(|it| it.0),
            canary: canary.map(|it| (it.0, it.1.canary_share.unwrap_or(0.0))),
            shadow: shadow.map(|it| it.0),
            data_hash,
            is_enough,
            is_slow,
        })
    }

    /// From memory, or read from its file.
    pub(super) async fn model(&self, pipeline: &Pipeline, tenant: &Tenant, it: &TrainedModel) -> Result<Arc<Model>, Fault> {
        let known = self.models.lock().unwrap_or_else(PoisonError::into_inner).get(&it.id).cloned();
        match known {
            Some(model) => Ok(model),
            None => registry::read_model(pipeline, tenant, it).await,
        }
    }

    pub(super) fn remember(&self, id: ModelId, model: Arc<Model>) {
        self.models.lock().unwrap_or_else(PoisonError::into_inner).insert(id, model);
    }

    /// Counts not written yet, by model; they are the caller's then.
    pub(super) fn take_agreements(&self) -> BTreeMap<ModelId, Agreement> {
        std::mem::take(&mut *self.agreements.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn agreements(&self) -> BTreeMap<ModelId, Agreement> {
        self.agreements.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn count(&self, model: ModelId, same: bool) {
        let mut all = self.agreements.lock().unwrap_or_else(PoisonError::into_inner);
        let it = all.entry(model).or_default();
        it.seen = it.seen.saturating_add(1);
        it.same = it.same.saturating_add(u64::from(same));
    }

    /// What a customer's text wants, as decisions rest on it; models on trial are compared.
    pub(crate) async fn understand(&self, taught: &Arc<Taught>, text: &str, customer: ContactId) -> Option<Understanding> {
        let understood = if taught.is_slow {
            let (taught, text) = (Arc::clone(taught), text.to_owned());
            tokio::task::spawn_blocking(move || taught.understand(&text, customer)).await.ok()?
        } else {
            taught.understand(text, customer)
        };
        understood.1.into_iter().for_each(|(model, same)| self.count(model, same));
        Some(understood.0)
    }
}

impl Taught {
    /// Whether there is anything to understand by.
    pub(crate) fn is_empty(&self) -> bool {
        self.intents().is_empty() || (self.live.is_none() && !self.understander.has_fresh())
    }

    /// Those that are answered, without their examples.
    pub(crate) fn intents(&self) -> &[Intent] {
        self.understander.intents()
    }

    /// And of each model on trial whether it said the same as the live one.
    fn understand(&self, text: &str, customer: ContactId) -> (Understanding, Vec<(ModelId, bool)>) {
        let by = self.model_for(customer).map(Loaded::speaker);
        let understood = self.understander.understand(text, by, false);
        let on_trial = self.shadow.as_ref().into_iter().chain(self.canary.as_ref().map(|it| &it.0));
        let label = |model: &Model| self.understander.label(text, model);
        let compared = on_trial.filter_map(|it| Some((it.id, label(&it.model) == label(&self.live.as_ref()?.model))));
        let compared = compared.collect();
        (understood, compared)
    }

    pub(super) fn is_enough(&self) -> bool {
        self.is_enough
    }

    pub(super) fn live_id(&self) -> Option<ModelId> {
        self.live.as_ref().map(|it| it.id)
    }

    pub(super) fn is_stale(&self, live: Option<&TrainedModel>) -> bool {
        self.is_enough && live.is_none_or(|it| it.card.data_hash != self.data_hash)
    }

    pub(super) fn name_of(&self, label: &str) -> String {
        self.understander.name_of(label)
    }

    /// What the administration sees: by the live model, with neighbours and deciding words.
    pub(super) fn explain(&self, text: &str) -> Understanding {
        self.understander.understand(text, self.live.as_ref().map(Loaded::speaker), true)
    }

    /// The canary for its share of the customers, always the same ones; else the live model.
    fn model_for(&self, customer: ContactId) -> Option<&Loaded> {
        let canary = self.canary.as_ref().filter(|it| place(customer) < it.1);
        canary.map(|it| &it.0).or(self.live.as_ref())
    }
}

/// Where a customer stands between 0 and 1: always at the same place.
fn place(customer: ContactId) -> f32 {
    let digest = Sha256::digest(customer.as_bytes());
    let [first, second, ..] = digest.as_slice() else { return 0.0 };
    f32::from(u16::from_be_bytes([*first, *second])) / 65_536.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_canary_gets_its_share_and_always_the_same_customers() {
        let customer = |n: u128| ContactId(uuid::Uuid::from_u128(n));
        let below = (0..2_000).filter(|n| place(customer(*n)) < 0.2).count();
        assert!((320..480).contains(&below), "{below} of 2000");
        assert!((place(customer(7)) - place(customer(7))).abs() < f32::EPSILON && place(customer(7)) < 1.0);
    }
}
