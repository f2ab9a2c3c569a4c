//! Consent and care in the small world: what a node notices of a message, what the store keeps of it, and how it forgets.

use std::sync::OnceLock;

use rapport_ethics::{Capability, Care, Gate, PersonRole, PseudonymKey, Sealed, Subject};
use rapport_model::{
    CareBudget, CareRule, CareState, Consent, ConsentPurpose, Contact, ContactId, Content, ConversationId, Decision, Event, Felt, Input, Seq, Spent, TenantSwitches, Timestamp,
    day_of, default_care_rules,
};
use rapport_perceive::emotion::{Kept, Reader, Rules, assess};

use crate::{sabotage::Sabotage, store::TenantStore};

/// What every node has, made once for all worlds.
struct Shipped {
    gate: Gate,
    reader: Reader,
    budget: CareBudget,
    key: PseudonymKey,
}

fn shipped() -> Option<&'static Shipped> {
    static SHIPPED: OnceLock<Option<Shipped>> = OnceLock::new();
    let make = || Some(Shipped { gate: Gate::new().ok()?, reader: Reader::shipped().ok()?, budget: CareBudget::default(), key: PseudonymKey::new([7; 32]) });
    SHIPPED.get_or_init(make).as_ref()
}

/// One message, with what may be known of it.
pub struct Noticed {
    shipped: &'static Shipped,
    allowed: Capability<Care>,
    felt: Sealed<Felt, Care>,
    kept: Sealed<Kept, Care>,
    is_first: bool,
    rules: Vec<CareRule>,
    consents: Vec<Consent>,
    skills: Vec<String>,
    switches: TenantSwitches,
    spent: Spent,
}

impl Noticed {
    /// Reads the message, where switch, consent and gate allow it.
    pub fn of(store: &TenantStore, contact: ContactId, conversation: Option<ConversationId>, input: &Input, now: Timestamp) -> Option<Self> {
        let Input::CustomerMessage { message } = input else { return None };
        let Content::Text { text } = &message.content else { return None };
        let shipped = shipped()?;
        let mut consents = store.consents.get(&contact).cloned().unwrap_or_default();
        if store.sabotage == Some(Sabotage::IgnoreWithdrawal) {
            consents.iter_mut().for_each(|it| it.withdrawn_at = None);
        }
        let switches = store.switches;
        let subject = Subject { contact, role: PersonRole::Customer, consents: &consents };
        let allowed = shipped.gate.allow_care(&subject, &switches, now).ok()?;
        let before = conversation.and_then(|it| store.moods.get(&it)).and_then(|(_, body)| Sealed::<Kept, Care>::from_stored(body).ok());
        let is_first = before.is_none();
        let turn = assess(&shipped.reader, &Rules::default(), before, now, text, &allowed);
        let skills = store.agents.values().flat_map(|it| it.skills.iter().cloned()).collect();
        let spent = store.spent(contact, day_of(now));
        Some(Self { shipped, allowed, felt: turn.felt, kept: turn.kept, is_first, rules: default_care_rules(store.id), consents, skills, switches, spent })
    }

    /// As the engine sees it.
    pub fn care(&self) -> rapport_engine::Care<'_> {
        rapport_engine::Care {
            gate: &self.shipped.gate,
            allowed: &self.allowed,
            felt: &self.felt,
            is_first: self.is_first,
            switches: self.switches,
            consents: &self.consents,
            rules: &self.rules,
            budget: &self.shipped.budget,
            spent: self.spent,
            key: &self.shipped.key,
            skills: &self.skills,
        }
    }

    fn mood(&self) -> Option<String> {
        self.kept.seal_json(&self.allowed).ok()
    }
}

/// As `rapport_ports::CareWrite`.
pub struct CareWrite {
    pub rests_on_feeling: bool,
    pub consent: Option<Consent>,
    pub mood: Option<String>,
    pub spendings: Vec<rapport_model::Spending>,
    pub settled: Vec<(rapport_model::SpendingId, rapport_model::SpendingState)>,
}

impl CareWrite {
    pub fn of(decision: &Decision, noticed: Option<&Noticed>) -> Self {
        Self {
            rests_on_feeling: noticed.is_some(),
            consent: decision.care.consent.clone(),
            mood: noticed.and_then(Noticed::mood),
            spendings: decision.care.spendings.clone(),
            settled: decision.care.settled.iter().map(|(id, state, _)| (*id, *state)).collect(),
        }
    }
}

impl TenantStore {
    /// Whether how this contact feels may be known.
    pub fn may_know(&self, contact: ContactId, at: Timestamp) -> bool {
        let known = self.consents.get(&contact).map(Vec::as_slice).unwrap_or_default();
        known.iter().any(|it| it.purpose == ConsentPurpose::EmotionCare && it.is_in_force(at))
    }

    pub fn spent(&self, contact: ContactId, day: i64) -> Spent {
        let counted = || self.spendings.iter().filter(|it| it.state.counts());
        let customer_minor = counted().filter(|it| it.contact == contact).map(|it| it.amount_minor).sum();
        let day_minor = counted().filter(|it| it.day() == day).map(|it| it.amount_minor).sum();
        Spent { customer_minor, day_minor }
    }

    /// What a commit changes of it, in its transaction.
    pub(crate) fn keep_care(&mut self, contact: ContactId, conversation: ConversationId, seq: Seq, care: CareWrite) {
        if let Some(mood) = care.mood {
            self.moods.insert(conversation, (contact, mood));
            self.samples.push((contact, conversation, seq));
        }
        self.spendings.extend(care.spendings);
        for (id, state) in care.settled {
            self.spendings.iter_mut().filter(|it| it.id == id).for_each(|it| it.state = state);
        }
        let Some(consent) = care.consent else { return };
        let ends = consent.withdrawn_at.is_some() && consent.purpose == ConsentPurpose::EmotionCare;
        let known = self.consents.entry(contact).or_default();
        known.retain(|it| it.purpose != consent.purpose);
        known.push(consent);
        if ends {
            self.forget_feelings(contact, conversation);
        }
    }

    fn forget_feelings(&mut self, contact: ContactId, but: ConversationId) {
        if self.sabotage != Some(Sabotage::KeepFeelings) {
            self.moods.retain(|_, (of, _)| *of != contact);
            self.samples.retain(|(of, _, _)| *of != contact);
        }
        for entry in self.journal.iter_mut().filter(|it| it.contact == contact) {
            if entry.event.rests_on_feeling() {
                entry.event = Event::CareErased;
            }
            entry.reasons.retain(|it| !it.code.starts_with("care."));
        }
        for stored in self.conversations.values_mut().filter(|it| it.state.contact == contact && it.state.id != but) {
            if stored.state.care != CareState::default() {
                stored.state.care = CareState::default();
                // Nobody goes on from what they remember.
                stored.version += 1;
            }
        }
    }
}

/// No emotion without consent: nothing is kept of how somebody feels, and no entry tells of it.
pub(crate) fn without_consent(store: &TenantStore, contact: &Contact) -> Option<String> {
    // What was given by a clock that went back since is still given.
    let given = store.consents.get(&contact.id).is_some_and(|it| it.iter().any(|it| it.purpose == ConsentPurpose::EmotionCare && it.withdrawn_at.is_none()));
    if given {
        return None;
    }
    let kept = store.moods.values().any(|(of, _)| *of == contact.id) || store.samples.iter().any(|(of, _, _)| *of == contact.id);
    let told = store.conversations_of(contact.id).iter().flat_map(|it| store.entries_of(*it));
    let told = told.filter(|it| it.event.rests_on_feeling() || it.reasons.iter().any(|it| it.code.starts_with("care."))).count();
    (kept || told > 0).then(|| format!("a feeling of {} is kept without consent ({told} entries tell of it)", contact.name))
}
