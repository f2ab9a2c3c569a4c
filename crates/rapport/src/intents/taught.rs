//! What a tenant taught, as one immutable snapshot in memory: intents, jargon, the models that answer, and examples younger than they are.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use arc_swap::ArcSwapOption;
use rapport_model::{
    Agreement, ContactId, Evidence, Fault, Intent, IntentChoice, IntentId, Locale, ModelId, ModelState, Replaced, ReplacedBy, TrainedModel, Understanding,
    Wish, codes,
};
use rapport_perceive::{
    intent::{Assessment, Encode, Model},
    lexicon::{By, Lexicon},
};
use rapport_ports::Records as _;
use sha2::{Digest as _, Sha256};

use super::{fresh::Fresh, jargon, registry, training};
use crate::pipeline::{Pipeline, Tenant};

/// Nearest examples that are shown.
const NEIGHBOURS: usize = 5;
/// Texts up to this length are told apart word by word. Units: characters.
const EXPLAINED_CHARS_MAX: usize = 400;
/// Where too few examples are known to say what is out of scope, a text has to be as like the nearest as this.
const NEAR_MIN: f32 = 0.35;
/// Stands for "nothing is out of scope", which is no number.
const SCOPE_FLOOR: f32 = -1e3;

/// A model in memory.
#[derive(Clone)]
pub(super) struct Loaded {
    pub(super) id: ModelId,
    pub(super) model: Arc<Model>,
}

pub(crate) struct Taught {
    /// Those that are answered, without their examples.
    pub(crate) intents: Vec<Intent>,
    names: BTreeMap<IntentId, String>,
    lexicon: Arc<Lexicon>,
    live: Option<Loaded>,
    /// With the share of the customers that it answers.
    canary: Option<(Loaded, f32)>,
    shadow: Option<Loaded>,
    fresh: Fresh,
    encoder: Option<Arc<dyn Encode>>,
    data_hash: String,
    is_enough: bool,
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
    pub(super) changing: tokio::sync::Mutex<()>,
    /// How shadow and canary did since the counts were last written.
    agreements: Mutex<BTreeMap<ModelId, Agreement>>,
}

impl Holder {
    pub(crate) async fn current(&self, pipeline: &Pipeline, tenant: &Tenant) -> Result<Arc<Taught>, Fault> {
        if let Some(current) = self.current.load_full() {
            return Ok(current);
        }
        let _one_loads = self.loading.lock().await;
        loop {
            if let Some(current) = self.current.load_full() {
                return Ok(current);
            }
            let generation = self.generation.load(Ordering::Acquire);
            let loaded = Arc::new(self.load(pipeline, tenant).await?);
            // A change during the load would be missed: load again.
            if generation == self.generation.load(Ordering::Acquire) {
                self.current.store(Some(Arc::clone(&loaded)));
                return Ok(loaded);
            }
        }
    }

    /// Takes the snapshot anew: in force when this returns. Until then the old one answers.
    pub(crate) async fn renew(&self, pipeline: &Pipeline, tenant: &Tenant) -> Result<(), Fault> {
        self.generation.fetch_add(1, Ordering::AcqRel);
        let _one_loads = self.loading.lock().await;
        loop {
            let generation = self.generation.load(Ordering::Acquire);
            let loaded = self.load(pipeline, tenant).await;
            if generation == self.generation.load(Ordering::Acquire) {
                // Better none than one that is known to be old: the next text tries again.
                self.current.store(None);
                self.current.store(Some(Arc::new(loaded?)));
                return Ok(());
            }
        }
    }

    async fn load(&self, pipeline: &Pipeline, tenant: &Tenant) -> Result<Taught, Fault> {
        let intents = tenant.store.list::<Intent>().await?;
        let lexicon = jargon::lexicon(tenant).await?;
        let registered = registry::models(tenant).await?;
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
            Some((Loaded { id: it.id, model: Arc::clone(loaded.get(&it.id)?) }, it))
        };
        let live = of(ModelState::Live);
        let read_at = live.as_ref().map(|it| it.1.card.read_at);
        let built = Building {
            live: live.map(|it| it.0),
            canary: of(ModelState::Canary).map(|it| (it.0, it.1.canary_share.unwrap_or(0.0))),
            shadow: of(ModelState::Shadow).map(|it| it.0),
            encoder: pipeline.encoder.clone(),
            read_at,
        };
        let taught = tokio::task::spawn_blocking(move || built.taught(intents, lexicon)).await;
        taught.map_err(|error| Fault::with(codes::INTERNAL, format!("what is taught: {error}")))
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
    pub(crate) fn understand(&self, taught: &Taught, text: &str, customer: ContactId) -> Understanding {
        let by = taught.model_for(customer);
        let understood = taught.understand(text, by, false);
        let on_trial = taught.shadow.as_ref().into_iter().chain(taught.canary.as_ref().map(|it| &it.0));
        for trial in on_trial {
            let live = taught.live.as_ref().map(|it| taught.label(text, &it.model));
            self.count(trial.id, live == Some(taught.label(text, &trial.model)));
        }
        understood
    }
}

/// What is needed to build a snapshot beside the records.
struct Building {
    live: Option<Loaded>,
    canary: Option<(Loaded, f32)>,
    shadow: Option<Loaded>,
    encoder: Option<Arc<dyn Encode>>,
    read_at: Option<rapport_model::Timestamp>,
}

impl Building {
    fn taught(self, intents: Vec<Intent>, lexicon: Lexicon) -> Taught {
        let examples = training::examples(&intents, &lexicon);
        let (data_hash, is_enough) = (training::data_hash(&examples), training::is_enough(&examples));
        let young = intents.iter().filter(|it| it.enabled).flat_map(|intent| {
            let young = intent.examples.iter().filter(|it| self.read_at.is_none_or(|read_at| it.at >= read_at));
            young.map(|it| (intent.id, intent.is_out_of_scope(), it.text.as_str(), lexicon.rewrite(&it.text).text))
        });
        let fresh = Fresh::new(young);
        let names = intents.iter().map(|it| (it.id, it.name.clone())).collect();
        let mut answered: Vec<Intent> = intents.into_iter().filter(|it| it.enabled && !it.is_out_of_scope()).collect();
        answered.iter_mut().for_each(|it| it.examples = Vec::new());
        Taught {
            intents: answered,
            names,
            lexicon: Arc::new(lexicon),
            live: self.live,
            canary: self.canary,
            shadow: self.shadow,
            fresh,
            encoder: self.encoder,
            data_hash,
            is_enough,
        }
    }
}

impl Taught {
    /// Whether there is anything to understand by.
    pub(crate) fn is_empty(&self) -> bool {
        self.intents.is_empty() || (self.live.is_none() && self.fresh.is_empty())
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
        IntentId::parse(label).and_then(|it| self.names.get(&it)).cloned().unwrap_or_else(|| label.to_owned())
    }

    /// What the administration sees: by the live model, with neighbours and deciding words.
    pub(super) fn explain(&self, text: &str) -> Understanding {
        self.understand(text, self.live.as_ref(), true)
    }

    /// The canary for its share of the customers, always the same ones; else the live model.
    fn model_for(&self, customer: ContactId) -> Option<&Loaded> {
        let canary = self.canary.as_ref().filter(|it| place(customer) < it.1);
        canary.map(|it| &it.0).or(self.live.as_ref())
    }

    fn label(&self, text: &str, model: &Model) -> Option<String> {
        let assessed = model.assess(&self.lexicon.rewrite(text).text, self.encoder.as_deref());
        assessed.label().map(str::to_owned)
    }

    fn understand(&self, text: &str, by: Option<&Loaded>, in_full: bool) -> Understanding {
        let replaced = self.lexicon.find(text).into_iter().map(|it| Replaced {
            surface: it.surface,
            canonical: it.canonical,
            by: match it.by {
                By::Exact => ReplacedBy::Exact,
                By::Sound => ReplacedBy::Sound,
            },
        });
        Understanding {
            language: Locale::of_text(text),
            replaced: replaced.collect(),
            wishes: jargon::parts(text).into_iter().map(|it| self.wish(it, by, in_full)).collect(),
            model: by.map(|it| it.model.id().to_owned()),
        }
    }

    fn wish(&self, part: &str, by: Option<&Loaded>, in_full: bool) -> Wish {
        let text = self.lexicon.rewrite(part).text;
        let encoder = self.encoder.as_deref();
        let assessed = match by {
            Some(it) if text.chars().nth(EXPLAINED_CHARS_MAX).is_none() => it.model.explain(&text, encoder),
            Some(it) => it.model.assess(&text, encoder),
            None => Assessment::default(),
        };
        let unbounded = !assessed.scope_min.is_finite();
        let mut wish = Wish {
            text: part.to_owned(),
            choices: assessed.choices.into_iter().filter_map(|it| self.choice(it)).collect(),
            scope: finite(assessed.scope),
            scope_min: finite(assessed.scope_min),
            ..Wish::default()
        };
        let near = self.fresh.nearest(&text);
        if in_full || unbounded || near.is_some() || wish.sure().is_none() {
            wish.neighbours = by.map(|it| it.model.neighbours(&text, encoder, NEIGHBOURS)).unwrap_or_default();
        }
        if unbounded && wish.neighbours.first().is_none_or(|it| it.similarity < NEAR_MIN) {
            wish.choices.iter_mut().for_each(|it| it.evidence.abstained = true);
        }
        if let Some(near) = near {
            near.speak(&mut wish, |id| self.choice_of(id));
        }
        for it in &mut wish.neighbours {
            it.label = self.name_of(&it.label);
        }
        wish.asked_back = !wish.likely().is_empty();
        if !in_full {
            wish.neighbours.truncate(1);
        }
        wish
    }

    /// The model's choice with the intent's name; one that is no longer taught is none.
    fn choice(&self, evidence: Evidence) -> Option<IntentChoice> {
        let intent = IntentId::parse(&evidence.label)?;
        let choice = self.choice_of(intent)?;
        Some(IntentChoice { intent, evidence: Evidence { label: choice.evidence.label, threshold: finite(evidence.threshold), ..evidence } })
    }

    /// The intent as a choice of which nothing else is known.
    fn choice_of(&self, intent: IntentId) -> Option<IntentChoice> {
        let known = self.intents.iter().find(|it| it.id == intent)?;
        Some(IntentChoice { intent, evidence: Evidence { label: known.name.clone(), ..Evidence::default() } })
    }
}

fn finite(value: f32) -> f32 {
    if value.is_finite() { value } else { SCOPE_FLOOR }
}

/// Where a customer stands between 0 and 1: always at the same place.
fn place(customer: ContactId) -> f32 {
    let digest = Sha256::digest(customer.as_bytes());
    let [first, second, ..] = digest.as_slice() else { return 0.0 };
    f32::from(u16::from_be_bytes([*first, *second])) / 65_536.0
}
