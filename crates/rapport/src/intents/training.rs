//! Learning beside the talk: one training at a time for a tenant, on a thread that serves no socket.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use rapport_model::{
    Confused, Confusion, Fault, Intent, IntentFigures, IntentReport, ModelCard, ModelKind, ModelState, OUT_OF_SCOPE, Timestamp, TrainedModel, codes,
};
use rapport_perceive::intent::{Example, HeldAside, Settings, Speaker, Trained, examples, metrics as figures, train};
use rapport_ports::{Records as _, Training};
use sha2::{Digest as _, Sha256};
use tokio::sync::{Notify, Semaphore};

use super::{jargon, registry};
use crate::pipeline::{Pipeline, Tenant};

/// Trainings at once on this node, whoever's they are: messages need the other cores.
pub(crate) static AT_ONCE: Semaphore = Semaphore::const_new(1);
/// Up to so many examples a change is learned at once; more wait a moment for the next change.
const SMALL: usize = 2_000;
const WAIT: Duration = Duration::from_secs(3);
/// Examples of each intent without which nothing is learned.
const EXAMPLES_MIN: usize = 2;
const CELLS_MAX: usize = 200;
const CELL_EXAMPLES_MAX: usize = 20;
/// Time of one training by examples × intents, where none was timed yet. Measured: 15,000 × 150 in 12 s.
const NANOSECONDS_EACH: u64 = 5_300;

/// Whether a tenant's training runs, and whether another is to follow.
#[derive(Default)]
pub(crate) struct Progress {
    running: Mutex<Option<Running>>,
    /// Rung when nothing runs any more.
    ended: Notify,
}

struct Running {
    since: Timestamp,
    begun: Instant,
    expected: Duration,
    again: bool,
    forced: bool,
}

impl Progress {
    pub(crate) fn training(&self, now: Timestamp) -> Option<Training> {
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        running.as_ref().map(|it| {
            let share = it.begun.elapsed().as_secs_f32() / it.expected.as_secs_f32().max(0.001);
            Training { done_share: share.clamp(0.0, 0.99), since: it.since.min(now) }
        })
    }

    /// Whether the caller is to run it.
    pub(crate) fn begin(&self, now: Timestamp, forced: bool) -> bool {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(it) = running.as_mut() {
            it.again = true;
            it.forced |= forced;
            return false;
        }
        *running = Some(Running { since: now, begun: Instant::now(), expected: Duration::from_secs(1), again: false, forced });
        true
    }

    pub(crate) fn expect(&self, expected: Duration) {
        if let Some(it) = self.running.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
            it.begun = Instant::now();
            it.expected = expected;
        }
    }

    /// Returns when nothing runs.
    pub(crate) async fn settled(&self) {
        loop {
            let ended = self.ended.notified();
            if self.running.lock().unwrap_or_else(PoisonError::into_inner).is_none() {
                return;
            }
            ended.await;
        }
    }

    /// Whether it was asked to be run whatever is known already; asked once.
    pub(crate) fn is_forced(&self) -> bool {
        self.running.lock().unwrap_or_else(PoisonError::into_inner).as_mut().is_some_and(|it| std::mem::take(&mut it.forced))
    }

    /// Whether it is to run once more.
    pub(crate) fn end(&self) -> bool {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        let again = running.as_mut().is_some_and(|it| std::mem::take(&mut it.again));
        if !again {
            *running = None;
            self.ended.notify_waiters();
        }
        again
    }
}

impl Pipeline {
    /// Has the tenant's model learn what is taught, beside whatever else happens. Forced: also when it knows it already.
    pub(crate) fn learn(self: &Arc<Self>, tenant: &Arc<Tenant>, forced: bool) {
        if !tenant.progress.begin(self.clock.now(), forced) {
            return;
        }
        let (this, tenant) = (Arc::clone(self), Arc::clone(tenant));
        tokio::spawn(async move {
            loop {
                if let Err(fault) = this.learn_once(&tenant).await {
                    metrics::counter!("rapport_trainings_failed_total").increment(1);
                    tracing::error!(tenant = %tenant.id, %fault, "training");
                }
                if !tenant.progress.end() {
                    return;
                }
            }
        });
    }

    async fn learn_once(&self, tenant: &Arc<Tenant>) -> Result<(), Fault> {
        let forced = tenant.progress.is_forced();
        let read_at = self.clock.now();
        let mut examples = read(tenant).await?;
        if examples.len() > SMALL && !forced {
            tokio::time::sleep(WAIT).await;
            examples = read(tenant).await?;
        }
        let hash = data_hash(&examples);
        let known = registry::models(tenant, ModelKind::Intent).await?;
        // Known already, by the live model or by a candidate that waits.
        let is_known = known.first().is_some_and(|it| it.card.data_hash == hash) || known.iter().any(|it| it.state == ModelState::Live && it.card.data_hash == hash);
        if !is_enough(&examples) {
            return if registry::forget_live(self, tenant).await? { tenant.taught.renew(self, tenant).await } else { Ok(()) };
        }
        if is_known && !forced {
            return Ok(());
        }
        let Ok(_permit) = AT_ONCE.acquire().await else { return Ok(()) };
        let labels = examples.iter().map(|it| it.label.as_str()).collect::<std::collections::BTreeSet<_>>().len();
        tenant.progress.expect(expected(examples.len(), labels, &known));
        let encoder = self.encoder.clone();
        let learned = tokio::task::spawn_blocking(move || {
            let begun = Instant::now();
            let trained = train(&examples, &Settings { encoder: encoder.as_deref(), ..Settings::default() });
            trained.map(|it| (it.model.to_bytes(), it, begun.elapsed(), examples))
        });
        let learned = learned.await.map_err(|error| Fault::with(codes::INTERNAL, format!("training: {error}")))?;
        let (bytes, trained, took, examples) = learned.map_err(|error| Fault::with(codes::INTERNAL, error.to_string()))?;
        metrics::histogram!("rapport_training_seconds").record(took.as_secs_f64());
        self.register(tenant, Learned { bytes, trained, took, examples, hash, read_at }).await
    }

    async fn register(&self, tenant: &Tenant, it: Learned) -> Result<(), Fault> {
        let made_at = self.clock.now();
        let mut ids = self.entropy.ids(made_at);
        let report = report(&it.trained, &it.examples, it.took, it.bytes.len(), made_at);
        let speaker = Speaker::of(&it.trained);
        let card = ModelCard {
            model: it.trained.model.id().to_owned(),
            data_hash: it.hash,
            examples: count(it.examples.len()),
            labels: count(it.trained.model.labels().len()),
            accuracy: report.accuracy,
            low: report.low,
            high: report.high,
            ece: report.ece,
            made_at,
            read_at: it.read_at,
            train_s: report.train_s,
            bytes: report.bytes,
            vectors: report.vectors,
            sure_min: speaker.sure_min,
            near_min: speaker.near_min,
        };
        let record = TrainedModel {
            id: ids.next(),
            kind: ModelKind::Intent,
            state: ModelState::Candidate,
            canary_share: None,
            card,
            agreement: None,
            bytes_in: ids.next(),
            report_in: ids.next(),
        };
        tenant.taught.remember(record.id, Arc::new(it.trained.model));
        registry::write_agreements(tenant).await?;
        registry::add(self, tenant, record, it.bytes, &report).await?;
        tenant.taught.renew(self, tenant).await
    }
}

struct Learned {
    bytes: Vec<u8>,
    trained: Trained,
    took: Duration,
    examples: Vec<Example>,
    hash: String,
    read_at: Timestamp,
}

async fn read(tenant: &Tenant) -> Result<Vec<Example>, Fault> {
    let lexicon = jargon::lexicon(tenant).await?;
    let intents = tenant.store.list::<Intent>().await?;
    let made = tokio::task::spawn_blocking(move || examples(&intents, &lexicon)).await;
    made.map_err(|error| Fault::with(codes::INTERNAL, format!("examples: {error}")))
}

/// First 16 hex digits of the SHA-256 of what is learned from.
pub(super) fn data_hash(examples: &[Example]) -> String {
    let mut hash = Sha256::new();
    for it in examples {
        hash.update(it.label.as_bytes());
        hash.update([0]);
        hash.update(it.text.as_bytes());
        hash.update([0xFF]);
    }
    hash.finalize().iter().take(8).map(|it| format!("{it:02x}")).collect()
}

/// Two intents at least, and something to tell each by.
pub(super) fn is_enough(examples: &[Example]) -> bool {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for it in examples.iter().filter(|it| it.label != OUT_OF_SCOPE) {
        *counts.entry(&it.label).or_default() += 1;
    }
    counts.len() >= 2 && counts.values().filter(|it| **it >= EXAMPLES_MIN).count() >= 2
}

/// By the newest model that was timed.
fn expected(examples: usize, labels: usize, known: &[TrainedModel]) -> Duration {
    let work = |examples: u64, labels: u64| examples.saturating_mul(labels).max(1);
    let own = work(widened(examples), widened(labels));
    let timed = known.iter().find(|it| it.card.train_s > 0.05);
    let seconds = timed.map(|it| f64::from(it.card.train_s) / number(work(it.card.examples.into(), it.card.labels.into())) * number(own));
    Duration::from_secs_f64(seconds.unwrap_or_else(|| number(own.saturating_mul(NANOSECONDS_EACH)) / 1e9).clamp(0.1, 600.0))
}

fn widened(value: usize) -> u64 {
    u64::try_from(value).unwrap_or(u64::MAX)
}

#[expect(clippy::cast_precision_loss, reason = "an estimate")]
fn number(value: u64) -> f64 {
    value as f64
}

fn count(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

#[expect(clippy::cast_precision_loss, reason = "counts of examples are far below 2^24")]
fn share(part: u32, whole: u32) -> f32 {
    if whole == 0 { 0.0 } else { part as f32 / whole as f32 }
}

/// Bounds of the 95 % interval of a share. Source: Wilson, "Probable inference" (JASA 1927).
pub(crate) fn interval(right: u32, of: u32) -> (f32, f32) {
    if of == 0 {
        return (0.0, 1.0);
    }
    let (z, n, p) = (1.96_f32, share(of, 1), share(right, of));
    let middle = p + z * z / (2.0 * n);
    let spread = z * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
    let scale = 1.0 + z * z / n;
    (((middle - spread) / scale).max(0.0), ((middle + spread) / scale).min(1.0))
}

/// Intents by their ids: names are put in when it is read.
fn report(trained: &Trained, examples: &[Example], took: Duration, bytes: usize, date: Timestamp) -> IntentReport {
    let labels = trained.model.labels();
    let name = |at: usize| labels.get(at).cloned().unwrap_or_default();
    let held = &trained.held_aside;
    let right = count(held.iter().filter(|it| it.guess == it.label).count());
    let (low, high) = interval(right, count(held.len()));
    let said: Vec<(f32, bool)> = held.iter().map(|it| (it.p, it.guess == it.label)).collect();
    let of_intent = |at: usize| {
        let of = |fits: &dyn Fn(&HeldAside) -> bool| count(held.iter().filter(|it| fits(it)).count());
        let (own, said, right) = (of(&|it| it.label == at), of(&|it| it.guess == at), of(&|it| it.label == at && it.guess == at));
        IntentFigures { name: name(at), examples: own, right, recall: share(right, own), precision: share(right, said) }
    };
    IntentReport {
        accuracy: share(right, count(held.len())),
        low,
        high,
        ece: figures::calibration_error(&said),
        examples: count(examples.len()),
        labels: labels.to_vec(),
        confusion: confusion(held, examples, &name),
        per_intent: (0..labels.len()).map(of_intent).collect(),
        vectors: trained.vectors_kept,
        date,
        train_s: took.as_secs_f32(),
        bytes: widened(bytes),
    }
}

fn confusion(held: &[HeldAside], examples: &[Example], name: &dyn Fn(usize) -> String) -> Vec<Confusion> {
    let mut cells: BTreeMap<(usize, usize), Vec<&HeldAside>> = BTreeMap::new();
    for it in held.iter().filter(|it| it.guess != it.label) {
        cells.entry((it.label, it.guess)).or_default().push(it);
    }
    let cell = |((truth, said), mut all): ((usize, usize), Vec<&HeldAside>)| {
        all.sort_by(|a, b| b.p.total_cmp(&a.p));
        let confused = all.iter().filter_map(|it| Some(Confused { text: examples.get(it.example)?.text.clone(), p: it.p }));
        Confusion { truth: name(truth), said: name(said), count: count(all.len()), examples: confused.take(CELL_EXAMPLES_MAX).collect() }
    };
    let mut all: Vec<Confusion> = cells.into_iter().map(cell).collect();
    all.sort_by_key(|it| std::cmp::Reverse(it.count));
    all.truncate(CELLS_MAX);
    all
}

/// The report with names in the place of ids.
pub(super) fn with_names(mut report: IntentReport, name: impl Fn(&str) -> String) -> IntentReport {
    let named = |it: &mut String| *it = name(it);
    report.labels.iter_mut().for_each(named);
    for it in &mut report.per_intent {
        named(&mut it.name);
    }
    for it in &mut report.confusion {
        named(&mut it.truth);
        named(&mut it.said);
    }
    report
}

#[cfg(test)]
mod tests {
    use rapport_model::{ExampleSource, IntentId};
    use rapport_perceive::lexicon::Lexicon;

    use super::*;

    fn intent(n: u128, name: &str, texts: &[&str]) -> Intent {
        let mut it = Intent::new(IntentId(uuid::Uuid::from_u128(n)), name);
        for text in texts {
            let _known = it.teach(text, ExampleSource::Taught, Timestamp(1));
        }
        it
    }

    #[test]
    fn the_hash_is_of_what_is_learned_and_of_nothing_else() {
        let hash = |intents: &[Intent]| data_hash(&examples(intents, &Lexicon::new(Vec::new())));
        let taught = [intent(1, "a", &["x", "y"]), intent(2, "b", &["z"])];
        assert_eq!(hash(&taught), hash(&[intent(2, "renamed", &["z"]), intent(1, "a", &["y", "x"])]));
        assert_ne!(hash(&taught), hash(&[intent(1, "a", &["x"]), intent(2, "b", &["z"])]));
        assert_ne!(hash(&taught), hash(&[intent(1, "a", &["x", "y"]), intent(2, OUT_OF_SCOPE, &["z"])]));
        let off = Intent { enabled: false, ..intent(2, "b", &["z"]) };
        assert_ne!(hash(&taught), hash(&[intent(1, "a", &["x", "y"]), off]));
    }

    #[test]
    fn two_intents_with_two_examples_are_enough() {
        let check = |intents: &[Intent], enough: bool| assert_eq!(is_enough(&examples(intents, &Lexicon::new(Vec::new()))), enough);
        check(&[], false);
        check(&[intent(1, "a", &["x", "y"])], false);
        check(&[intent(1, "a", &["x", "y"]), intent(2, "b", &["z"])], false);
        check(&[intent(1, "a", &["x", "y"]), intent(2, OUT_OF_SCOPE, &["z", "w"])], false);
        check(&[intent(1, "a", &["x", "y"]), intent(2, "b", &["z", "w"])], true);
    }

    #[test]
    fn intervals_hold_the_share() {
        let (low, high) = interval(90, 100);
        assert!((low - 0.8256).abs() < 1e-3 && (high - 0.9448).abs() < 1e-3, "{low} {high}");
        assert_eq!(interval(0, 0), (0.0, 1.0));
    }

    #[test]
    fn a_training_that_is_asked_for_while_one_runs_follows_it() {
        let it = Progress::default();
        assert!(it.begin(Timestamp(5), false));
        assert!(!it.begin(Timestamp(6), true));
        assert!(it.training(Timestamp(7)).is_some());
        assert!(it.end());
        assert!(it.is_forced() && !it.is_forced());
        assert!(!it.end());
        assert!(it.training(Timestamp(8)).is_none());
    }
}
