//! What may be known of how a customer feels: asked of the gate for each message, read, kept sealed, and forgotten with the consent.

use std::sync::{Arc, atomic::Ordering};

use rapport_ethics::{Capability, Care, Gate, PersonRole, PseudonymKey, Sealed, Subject};
use rapport_model::{Consent, ContactId, Content, DAY_MS, Decision, Event, Fault, Felt, Input, Spent, Timestamp, day_of};
use rapport_perceive::emotion::{Kept, Reader, Rules, assess};
use rapport_ports::{CareWrite, NewSample};

use super::{Pipeline, Tenant, cache::Slot, configuration::Configuration};

/// What is made once for all tenants.
pub(crate) struct Perception {
    pub(crate) gate: Arc<Gate>,
    /// As it ships; a tenant's own is `Pipeline::reader_of`.
    pub(crate) reader: Reader,
    rules: Rules,
}

impl Perception {
    /// Errors: what ships does not hold together, which its tests exclude.
    pub(crate) fn shipped(gate: Arc<Gate>) -> anyhow::Result<Self> {
        let reader = Reader::shipped().map_err(|fault| anyhow::anyhow!("model of feelings: {fault}"))?;
        Ok(Self { gate, reader, rules: Rules::default() })
    }
}

/// What a conversation's slot remembers of consent and mood. Void once the tenant's consents moved on.
pub(super) struct Remembered {
    generation: u64,
    consents: Vec<Consent>,
    /// The mood as stored.
    mood: Option<String>,
    key: PseudonymKey,
}

/// One message, with what may be known of it.
pub(super) struct Noticed {
    allowed: Capability<Care>,
    felt: Sealed<Felt, Care>,
    kept: Sealed<Kept, Care>,
    is_first: bool,
    spent: Spent,
}

impl Pipeline {
    /// Reads the message, where the tenant, the customer and the gate allow it. Costs a look at a switch where they do not.
    pub(super) async fn notice(&self, tenant: &Tenant, configuration: &Configuration, slot: &mut Slot, input: &Input, now: Timestamp) -> Result<Option<Noticed>, Fault> {
        let Input::CustomerMessage { message } = input else { return Ok(None) };
        let Content::Text { text } = &message.content else { return Ok(None) };
        if !configuration.ethics.switches.feelings {
            return Ok(None);
        }
        self.remember(tenant, slot).await?;
        let Some(remembered) = &slot.care else { return Ok(None) };
        let subject = Subject { contact: slot.contact.id, role: PersonRole::Customer, consents: &remembered.consents };
        let Ok(allowed) = self.perception.gate.allow_care(&subject, &configuration.ethics.switches, now) else { return Ok(None) };
        let before = remembered.mood.as_deref().map(Sealed::<Kept, Care>::from_stored).and_then(|it| {
            it.inspect_err(|fault| tracing::warn!(%fault, tenant = %tenant.id, "a stored mood; it begins anew")).ok()
        });
        let is_first = before.is_none();
        let reader = self.reader_of(tenant).await;
        let started = std::time::Instant::now();
        let turn = assess(&reader, &self.perception.rules, before, now, text, &allowed);
        metrics::histogram!("rapport_feeling_seconds").record(started.elapsed().as_secs_f64());
        let spent = tenant.store.spent(slot.contact.id, day_of(now)).await?;
        Ok(Some(Noticed { allowed, felt: turn.felt, kept: turn.kept, is_first, spent }))
    }

    /// Loads consents, mood and key, unless they are remembered and still hold.
    async fn remember(&self, tenant: &Tenant, slot: &mut Slot) -> Result<(), Fault> {
        let generation = tenant.consents.load(Ordering::Acquire);
        if slot.care.as_ref().is_some_and(|it| it.generation == generation) {
            return Ok(());
        }
        let consents = tenant.store.consents(slot.contact.id).await?;
        let mood = match slot.id() {
            Some(id) if !consents.is_empty() => tenant.store.mood(id).await?,
            Some(_) | None => None,
        };
        let mut key = [0_u8; 32];
        if !consents.is_empty() {
            self.entropy.fill(&mut key);
            key = tenant.store.person_key(slot.contact.id, key).await?;
        }
        slot.care = Some(Remembered { generation, consents, mood, key: PseudonymKey::new(key) });
        Ok(())
    }

    /// As the engine sees it.
    pub(super) fn care_of<'a>(&'a self, configuration: &'a Configuration, slot: &'a Slot, noticed: Option<&'a Noticed>) -> Option<rapport_engine::Care<'a>> {
        let (noticed, remembered) = (noticed?, slot.care.as_ref()?);
        Some(rapport_engine::Care {
            gate: &self.perception.gate,
            allowed: &noticed.allowed,
            felt: &noticed.felt,
            is_first: noticed.is_first,
            switches: configuration.ethics.switches,
            consents: &remembered.consents,
            rules: &configuration.care_rules,
            budget: &configuration.budget,
            spent: noticed.spent,
            key: &remembered.key,
            skills: &configuration.skills,
        })
    }

    /// What the store keeps of it, in the decision's transaction.
    pub(super) fn care_write(configuration: &Configuration, contact: ContactId, decision: &Decision, noticed: Option<&Noticed>, now: Timestamp) -> Option<Box<CareWrite>> {
        if noticed.is_none() && decision.care.is_empty() {
            return None;
        }
        let outcome = &decision.care;
        let is_message = |event: &Event| matches!(event, Event::MessageReceived { .. });
        // Nothing is noticed of a message that is not on the timeline.
        let entry = decision.events.iter().position(|(_, it)| is_message(it));
        let (mood, sample) = match (noticed, entry) {
            (Some(noticed), Some(entry)) => {
                let expires_at = now.plus_ms(i64::from(configuration.ethics.retention_days).saturating_mul(DAY_MS));
                let body = noticed.felt.seal_json(&noticed.allowed).ok();
                (noticed.kept.seal_json(&noticed.allowed).ok(), body.map(|body| NewSample { entry, body, expires_at }))
            }
            (Some(_) | None, _) => (None, None),
        };
        Some(Box::new(CareWrite {
            contact,
            rests_on_feeling: noticed.is_some(),
            consent: outcome.consent.clone(),
            mood,
            sample,
            alert: outcome.alert.clone(),
            spendings: outcome.spendings.clone(),
            settled: outcome.settled.clone(),
            budget: outcome.budget.clone(),
        }))
    }

    /// All that the contact ever answered, as the slot remembers it or as it is stored.
    pub(super) async fn consents_of(tenant: &Tenant, slot: &Slot) -> Result<Vec<Consent>, Fault> {
        tenant.store.consents(slot.contact.id).await
    }
}

impl Slot {
    /// What was committed is what is remembered.
    pub(super) fn keep_mood(&mut self, mood: Option<String>) {
        if let (Some(care), Some(mood)) = (&mut self.care, mood) {
            care.mood = Some(mood);
        }
    }
}
