//! Learning feelings beside the talk: one training at a time for a tenant, on a thread that serves no socket.

use std::{
    collections::BTreeSet,
    sync::Arc,
    time::{Duration, Instant},
};

use rapport_model::{Fault, FeelingFigures, FeelingReport, ModelCard, ModelKind, ModelState, Timestamp, TrainedModel, codes};
use rapport_perceive::emotion::own::{Figures, Learned, Lesson, enough, learn};
use sha2::{Digest as _, Sha256};

use super::current::{Taught, taught};
use crate::{
    intents::{registry, training as intents},
    pipeline::{Pipeline, Tenant},
};

/// First 16 hex digits of the SHA-256 of what is learned.
pub(super) fn data_hash(lessons: &[Lesson]) -> String {
    let mut hash = Sha256::new();
    for it in lessons {
        hash.update(it.state.name());
        hash.update([u8::from(it.anxious), u8::from(it.urgent), 0]);
        hash.update(&it.text);
        hash.update([0]);
    }
    hash.finalize().iter().take(8).map(|it| format!("{it:02x}")).collect()
}

impl Pipeline {
    /// Has the tenant's model of feelings learn what is taught, beside whatever else happens. Forced: also when it knows it already.
    pub(crate) fn learn_feelings(self: &Arc<Self>, tenant: &Arc<Tenant>, forced: bool) {
        if !tenant.feelings_progress.begin(self.clock.now(), forced) {
            return;
        }
        let (this, tenant) = (Arc::clone(self), Arc::clone(tenant));
        tokio::spawn(async move {
            loop {
                if let Err(fault) = this.learn_feelings_once(&tenant).await {
                    metrics::counter!("rapport_trainings_failed_total").increment(1);
                    tracing::error!(tenant = %tenant.id, %fault, "training of feelings");
                }
                if !tenant.feelings_progress.end() {
                    return;
                }
            }
        });
    }

    async fn learn_feelings_once(&self, tenant: &Arc<Tenant>) -> Result<(), Fault> {
        let forced = tenant.feelings_progress.is_forced();
        let read_at = self.clock.now();
        // Deletes models that learned from somebody who is gone.
        tenant.feelings.current(self, tenant).await?;
        let Taught { lessons, said_by } = taught(tenant).await?;
        let hash = data_hash(&lessons);
        let known = registry::models(tenant, ModelKind::Feeling).await?;
        let is_known = known.first().is_some_and(|it| it.card.data_hash == hash) || known.iter().any(|it| it.state == ModelState::Live && it.card.data_hash == hash);
        if !enough(&lessons) || (is_known && !forced) {
            return Ok(());
        }
        let Ok(_permit) = intents::AT_ONCE.acquire().await else { return Ok(()) };
        tenant.feelings_progress.expect(Duration::from_millis(200).saturating_add(Duration::from_micros(500).saturating_mul(u32::try_from(lessons.len()).unwrap_or(u32::MAX))));
        let reader = self.perception.reader.clone();
        let learned = tokio::task::spawn_blocking(move || {
            let begun = Instant::now();
            learn(&reader, &lessons).map(|it| (it, begun.elapsed(), lessons))
        });
        let learned = learned.await.map_err(|error| Fault::with(codes::INTERNAL, format!("training of feelings: {error}")))?;
        let Some((learned, took, lessons)) = learned else { return Ok(()) };
        metrics::histogram!("rapport_training_seconds").record(took.as_secs_f64());
        let bytes = learned.corrector.to_bytes().map_err(|error| Fault::with(codes::INTERNAL, error.to_string()))?;
        let report = FeelingReport { said_by: said_by.into_keys().collect(), ..report(&learned) };
        let made_at = self.clock.now();
        let card = card(&learned, &report, &lessons, (hash, read_at, made_at), took, bytes.len());
        let mut ids = self.entropy.ids(made_at);
        let record = TrainedModel {
            id: ids.next(),
            kind: ModelKind::Feeling,
            state: ModelState::Candidate,
            canary_share: None,
            card,
            agreement: None,
            bytes_in: ids.next(),
            report_in: ids.next(),
        };
        registry::add(self, tenant, record, bytes, &report).await?;
        tenant.feelings.renew(self, tenant).await
    }
}

fn count(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

fn figures(it: &Figures) -> FeelingFigures {
    let (low, high) = intents::interval(count(it.right), count(it.examples));
    FeelingFigures { accuracy: it.accuracy, low, high, macro_f1: it.macro_f1, log_loss: it.log_loss, ece: it.ece }
}

fn report(it: &Learned) -> FeelingReport {
    let examples = count(it.own.examples);
    FeelingReport { examples, shipped: figures(&it.shipped), own: figures(&it.own), strength: it.strength, nearness: it.nearness, said_by: Vec::new() }
}

fn card(it: &Learned, report: &FeelingReport, lessons: &[Lesson], (data_hash, read_at, made_at): (String, Timestamp, Timestamp), took: Duration, bytes: usize) -> ModelCard {
    ModelCard {
        model: it.corrector.id().to_owned(),
        data_hash,
        examples: count(lessons.len()),
        labels: count(lessons.iter().map(|it| it.state).collect::<BTreeSet<_>>().len()),
        accuracy: report.own.accuracy,
        low: report.own.low,
        high: report.own.high,
        ece: report.own.ece,
        made_at,
        read_at,
        train_s: took.as_secs_f32(),
        bytes: u64::try_from(bytes).unwrap_or(u64::MAX),
        ..ModelCard::default()
    }
}
