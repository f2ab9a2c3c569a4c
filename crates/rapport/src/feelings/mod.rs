//! Feelings that a firm teaches itself, for the API and the pipeline: its examples in memory, a model learned beside, a way back to what ships.

mod current;
mod training;

use std::sync::Arc;

use async_trait::async_trait;
use rapport_model::{FEELING_CHARS_MAX, Fault, FeelingExample, FeelingState, Locale, ModelKind, ShippedFeelings, ShippedMeasure, TenantId, codes};
use rapport_perceive::{
    dataset::{self, Labelled},
    emotion::{
        Reader,
        text::{SHIPPED_CARD, STATES_EN, STATES_ZH},
    },
    personal::{Style, mask},
};
use rapport_ports::{FeelingDesk, FeelingText, Feelings as Told};

pub(crate) use self::current::{Holder, read_model};
use crate::{
    intents::registry,
    pipeline::{Pipeline, Tenant},
};

/// The tenant's setting that says whether what it taught counts: `off`, or anything else.
const OWN_SETTING: &str = "feeling.own";
const OFF: &str = "off";

pub(crate) struct Feelings {
    pub(crate) pipeline: Arc<Pipeline>,
}

impl Pipeline {
    /// Reads feelings as the tenant taught it; as shipped where that cannot be loaded: messages go on.
    pub(crate) async fn reader_of(&self, tenant: &Tenant) -> Reader {
        match tenant.feelings.current(self, tenant).await {
            Ok(current) => current.reader.clone(),
            Err(fault) => {
                tracing::error!(tenant = %tenant.id, %fault, "feelings that are taught cannot be read");
                self.perception.reader.clone()
            }
        }
    }

    /// A consent ended or a person was erased: what was learned from them is used no more when this returns, and is deleted beside.
    pub(crate) fn unlearn(&self, tenant: TenantId) {
        let tenant = self.tenant(tenant);
        tenant.feelings.drop_current();
        if let Some(this) = self.this.upgrade() {
            this.learn_feelings(&tenant, false);
        }
    }
}

#[async_trait]
impl FeelingDesk for Feelings {
    async fn taught(&self, tenant: TenantId) -> Result<(), Fault> {
        let tenant = self.pipeline.tenant(tenant);
        tenant.feelings.renew(&self.pipeline, &tenant).await?;
        self.pipeline.learn_feelings(&tenant, false);
        Ok(())
    }

    async fn feelings(&self, tenant: TenantId) -> Result<Told, Fault> {
        let tenant = self.pipeline.tenant(tenant);
        let current = tenant.feelings.current(&self.pipeline, &tenant).await?;
        let live = registry::models(&tenant, ModelKind::Feeling).await?.into_iter().find(|it| Some(it.id) == current.live);
        let own = match live {
            Some(live) => current::report(&self.pipeline, &tenant, &live).await?.map(|report| (live, report)),
            None => None,
        };
        let stale = current.is_enough && own.as_ref().is_none_or(|it| it.0.card.data_hash != current.data_hash);
        let training = tenant.feelings_progress.training(self.pipeline.clock.now());
        let shipped = shipped(SHIPPED_CARD).ok_or_else(|| Fault::with(codes::INTERNAL, "card of the model of feelings"))?;
        Ok(Told { shipped, own, uses_own: current.uses_own, stale, is_enough: current.is_enough, training })
    }

    async fn train(&self, tenant: TenantId, wait: bool) -> Result<(), Fault> {
        let tenant = self.pipeline.tenant(tenant);
        if !tenant.feelings.current(&self.pipeline, &tenant).await?.is_enough {
            return Err(Fault::new(codes::FEELINGS_TOO_FEW));
        }
        self.pipeline.learn_feelings(&tenant, true);
        if wait {
            tenant.feelings_progress.settled().await;
        }
        Ok(())
    }

    async fn use_own(&self, tenant: TenantId, own: bool) -> Result<(), Fault> {
        let tenant = self.pipeline.tenant(tenant);
        tenant.store.put_setting(OWN_SETTING, if own { "on" } else { OFF }).await?;
        tenant.feelings.renew(&self.pipeline, &tenant).await
    }

    async fn read_examples(&self, content: bytes::Bytes) -> Result<Vec<FeelingText>, Fault> {
        let read = tokio::task::spawn_blocking(move || dataset::read_numbered(&content)).await;
        let read = read.map_err(|error| Fault::with(codes::INTERNAL, format!("reading examples: {error}")))?;
        let found = read.map_err(|bad| Fault::with(codes::IMPORT_BAD_LINE, bad.to_string()))?;
        found.into_iter().map(|(line, it)| self.labelled(&it).map_err(|why| Fault::with(codes::IMPORT_BAD_LINE, format!("line {line}: {why}")))).collect()
    }

    fn example_text(&self, text: &str) -> Option<String> {
        let text: String = mask(text, Style::Placeholder).chars().map(|it| if it.is_control() { ' ' } else { it }).collect();
        let text = text.trim();
        let fits = !text.is_empty() && text.chars().nth(FEELING_CHARS_MAX).is_none();
        fits.then(|| text.to_owned())
    }
}

impl Feelings {
    fn labelled(&self, it: &Labelled) -> Result<FeelingText, String> {
        let text = self.example_text(&it.text).ok_or_else(|| format!("`text` has 1 to {FEELING_CHARS_MAX} characters"))?;
        let (mut states, mut anxious, mut urgent) = (Vec::new(), false, false);
        for label in &it.labels {
            match label.trim().to_lowercase().as_str() {
                FeelingExample::ANXIOUS | "焦虑" => anxious = true,
                FeelingExample::URGENT | "紧急" => urgent = true,
                name => states.push(state_of(name).ok_or_else(|| format!("`{label}` is no label: calm, concerned, upset or angry, and beside it anxious or urgent"))?),
            }
        }
        match states.as_slice() {
            [state] => Ok(FeelingText { text, state: *state, anxious, urgent }),
            _ => Err("`label` names exactly one of calm, concerned, upset, angry".to_owned()),
        }
    }
}

/// By the names of the wire, or those that the pages show.
fn state_of(name: &str) -> Option<FeelingState> {
    const SHOWN: [(&str, FeelingState); 5] =
        [("平静", FeelingState::Calm), ("担心", FeelingState::Concerned), ("有些担心", FeelingState::Concerned), ("不满", FeelingState::Upset), ("愤怒", FeelingState::Angry)];
    FeelingState::ALL.into_iter().find(|it| it.name() == name).or_else(|| SHOWN.into_iter().find(|it| it.0 == name).map(|it| it.1))
}

/// The part of the shipped card that people look at.
fn shipped(card: &str) -> Option<ShippedFeelings> {
    let card: serde_json::Value = serde_json::from_str(card).ok()?;
    let text = |name: &str| card.get(name)?.as_str().map(str::to_owned);
    let measure = |language: Locale, head: &str| {
        let it = card.get("metrics")?.as_array()?.iter().find(|it| it.get("head").and_then(serde_json::Value::as_str) == Some(head))?;
        let figure = |place: &str| it.pointer(place).and_then(|it| serde_json::from_value(it.clone()).ok());
        Some(ShippedMeasure {
            language,
            sentences: it.get("count").and_then(|it| serde_json::from_value(it.clone()).ok())?,
            accuracy: figure("/value")?,
            low: figure("/interval95/0")?,
            high: figure("/interval95/1")?,
            log_loss: figure("/log_loss")?,
        })
    };
    let measured = [measure(Locale::Zh, STATES_ZH), measure(Locale::En, STATES_EN)].into_iter().flatten().collect();
    Some(ShippedFeelings { model: text("model")?, date: text("date")?, bytes: card.get("bytes")?.as_u64()?, measured })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_card_that_ships_is_told() {
        let it = shipped(SHIPPED_CARD).expect("a card");
        assert_eq!((it.model.len(), it.measured.len()), (16, 2));
        assert!(it.measured.iter().all(|it| it.low < it.accuracy && it.accuracy < it.high));
    }

    #[test]
    fn states_are_named_as_on_the_wire_and_as_shown() {
        assert_eq!((state_of("upset"), state_of("愤怒"), state_of("furious")), (Some(FeelingState::Upset), Some(FeelingState::Angry), None));
    }
}
