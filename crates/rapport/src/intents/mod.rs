//! Understanding for the API and the pipeline: what is taught, held in memory; learning beside; models swapped.

mod jargon;
pub(crate) mod registry;
mod taught;
pub(crate) mod training;

use std::sync::Arc;

use async_trait::async_trait;
use rapport_model::{Fault, IntentReport, LexiconTerm, ModelId, ModelKind, ModelState, TenantId, TermGroup, TrainedModel, Understanding, codes};
use rapport_perceive::{dataset, lexicon};
use rapport_ports::{FoundTerm, IntentDesk, LabelledText, Teaching};

pub(crate) use self::{
    taught::{Holder, Taught},
    training::Progress,
};
use crate::pipeline::Pipeline;

pub(crate) struct Intents {
    pub(crate) pipeline: Arc<Pipeline>,
}

#[async_trait]
impl IntentDesk for Intents {
    async fn taught(&self, tenant: TenantId) -> Result<(), Fault> {
        let tenant = self.pipeline.tenant(tenant);
        tenant.taught.renew(&self.pipeline, &tenant).await?;
        self.pipeline.learn(&tenant, false);
        Ok(())
    }

    async fn forgotten(&self, tenant: TenantId) -> Result<(), Fault> {
        registry::forget(&self.pipeline, &self.pipeline.tenant(tenant)).await?;
        self.taught(tenant).await
    }

    async fn understand(&self, tenant: TenantId, text: &str) -> Result<Understanding, Fault> {
        let tenant = self.pipeline.tenant(tenant);
        let taught = tenant.taught.current(&self.pipeline, &tenant).await?;
        let text = text.to_owned();
        // Long texts and sentence vectors take milliseconds: not on a thread that serves sockets.
        let understood = tokio::task::spawn_blocking(move || taught.explain(&text)).await;
        understood.map_err(|error| Fault::with(codes::INTERNAL, format!("understanding: {error}")))
    }

    async fn teaching(&self, tenant: TenantId) -> Result<Teaching, Fault> {
        let tenant = self.pipeline.tenant(tenant);
        let taught = tenant.taught.current(&self.pipeline, &tenant).await?;
        let live = taught.live_id();
        let live = registry::models(&tenant, ModelKind::Intent).await?.into_iter().find(|it| Some(it.id) == live);
        let training = tenant.progress.training(self.pipeline.clock.now());
        Ok(Teaching { stale: taught.is_stale(live.as_ref()), live, training })
    }

    async fn train(&self, tenant: TenantId, wait: bool) -> Result<(), Fault> {
        let tenant = self.pipeline.tenant(tenant);
        let taught = tenant.taught.current(&self.pipeline, &tenant).await?;
        if !taught.is_enough() {
            return Err(Fault::new(codes::NOTHING_TAUGHT));
        }
        self.pipeline.learn(&tenant, true);
        if wait {
            tenant.progress.settled().await;
        }
        Ok(())
    }

    async fn models(&self, tenant: TenantId) -> Result<Vec<TrainedModel>, Fault> {
        let tenant = self.pipeline.tenant(tenant);
        let mut all = registry::models(&tenant, ModelKind::Intent).await?;
        all.extend(registry::models(&tenant, ModelKind::Feeling).await?);
        all.sort_by_key(|it| std::cmp::Reverse(it.id));
        Ok(all)
    }

    async fn set_state(&self, tenant: TenantId, model: ModelId, state: ModelState, canary_share: Option<f32>) -> Result<TrainedModel, Fault> {
        let tenant = self.pipeline.tenant(tenant);
        let set = registry::set_state(&self.pipeline, &tenant, model, state, canary_share).await?;
        match set.kind {
            ModelKind::Intent => tenant.taught.renew(&self.pipeline, &tenant).await?,
            ModelKind::Feeling => tenant.feelings.renew(&self.pipeline, &tenant).await?,
        }
        Ok(set)
    }

    async fn report(&self, tenant: TenantId) -> Result<Option<IntentReport>, Fault> {
        let tenant = self.pipeline.tenant(tenant);
        let taught = tenant.taught.current(&self.pipeline, &tenant).await?;
        let Some(live) = taught.live_id() else { return Ok(None) };
        let report = registry::report(&self.pipeline, &tenant, live).await?;
        Ok(report.map(|it| training::with_names(it, |id| taught.name_of(id))))
    }

    async fn read_examples(&self, content: bytes::Bytes) -> Result<Vec<LabelledText>, Fault> {
        let read = tokio::task::spawn_blocking(move || dataset::read(&content)).await;
        let read = read.map_err(|error| Fault::with(codes::INTERNAL, format!("reading examples: {error}")))?;
        let found = read.map_err(|bad| Fault::with(codes::IMPORT_BAD_LINE, bad.to_string()))?;
        Ok(found.into_iter().map(|it| LabelledText { text: it.text, labels: it.labels }).collect())
    }

    async fn read_terms(&self, content: bytes::Bytes) -> Result<Vec<FoundTerm>, Fault> {
        let text = std::str::from_utf8(&content).map_err(|error| {
            let ahead = content.get(..error.valid_up_to()).unwrap_or_default();
            let line = ahead.iter().filter(|it| **it == b'\n').count() + 1;
            Fault::with(codes::IMPORT_BAD_LINE, format!("line {line}: not UTF-8"))
        })?;
        let found = lexicon::import::entries(text).map_err(|bad| Fault::with(codes::IMPORT_BAD_LINE, bad.to_string()))?;
        Ok(found.into_iter().map(found_term).collect())
    }

    fn check_term(&self, term: &LexiconTerm) -> Result<(), Fault> {
        lexicon::import::check(&jargon::entry(term.clone())).map_err(|bad| Fault::with(codes::BAD_FIELD, bad.to_string()))
    }

    fn starter(&self, group: Option<TermGroup>) -> Vec<FoundTerm> {
        let all = jargon::starter().into_iter().map(found_term);
        all.filter(|it| group.is_none_or(|group| it.group == group)).collect()
    }

    fn masked(&self, text: &str) -> String {
        rapport_perceive::personal::mask(text, rapport_perceive::personal::Style::Placeholder)
    }
}

fn found_term(it: lexicon::Entry) -> FoundTerm {
    FoundTerm { canonical: it.canonical, variants: it.variants, group: jargon::group_of(it.group), note: it.note }
}
