//! What is asked of the policies: which office wants to do what to whom, resting on what.

use std::collections::BTreeSet;

use rapport_model::{CareAct, Consent, ConsentPurpose, ContactId, FeelingState, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{Care, Sealed};

/// Of whom it is asked.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    pub contact: ContactId,
    pub role: PersonRole,
    /// All that is stored of this contact; those in force at the time of the question count.
    pub consents: &'a [Consent],
}

impl Subject<'_> {
    /// Another contact's consents do not count, even if they were loaded by mistake.
    pub fn consents_to(&self, purpose: ConsentPurpose, now: Timestamp) -> bool {
        self.consents.iter().any(|it| it.contact == self.contact && it.purpose == purpose && it.is_in_force(now))
    }
}

/// Who somebody is to the tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PersonRole {
    Customer,
    /// Staff of the tenant.
    Agent,
    /// Learner at a tenant that teaches.
    Pupil,
}

impl PersonRole {
    pub const ALL: [Self; 3] = [Self::Customer, Self::Agent, Self::Pupil];
    pub fn name(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Agent => "agent",
            Self::Pupil => "pupil",
        }
    }
}

/// The part of the product that asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Office {
    Care,
    Commerce,
    Collections,
    Privacy,
}

impl Office {
    pub const ALL: [Self; 4] = [Self::Care, Self::Commerce, Self::Collections, Self::Privacy];
    pub fn name(self) -> &'static str {
        match self {
            Self::Care => "care",
            Self::Commerce => "commerce",
            Self::Collections => "collections",
            Self::Privacy => "privacy",
        }
    }
}

/// What a decision rests on. Whoever decides names all of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    Emotion,
    Profile,
    Purchases,
    Catalogue,
    PriceList,
    Tier,
    Campaign,
    Quantity,
    Segment,
    /// The words themselves, as facts ("I will complain to the authority"), not as feelings.
    Words,
    /// Deadlines and repeated contacts.
    Service,
}

impl Source {
    pub fn name(self) -> &'static str {
        match self {
            Self::Emotion => "emotion",
            Self::Profile => "profile",
            Self::Purchases => "purchases",
            Self::Catalogue => "catalogue",
            Self::PriceList => "price_list",
            Self::Tier => "tier",
            Self::Campaign => "campaign",
            Self::Quantity => "quantity",
            Self::Segment => "segment",
            Self::Words => "words",
            Self::Service => "service",
        }
    }
}

pub type Sources = BTreeSet<Source>;

/// After one of these nothing is offered for a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HeavyState {
    Anxious,
    Upset,
    Angry,
    Grief,
    Hardship,
}

impl HeavyState {
    pub const ALL: [Self; 5] = [Self::Anxious, Self::Upset, Self::Angry, Self::Grief, Self::Hardship];
    pub fn name(self) -> &'static str {
        match self {
            Self::Anxious => "anxious",
            Self::Upset => "upset",
            Self::Angry => "angry",
            Self::Grief => "grief",
            Self::Hardship => "hardship",
        }
    }
    /// The states of the filter that are heavy.
    pub fn of(state: FeelingState) -> Option<Self> {
        match state {
            FeelingState::Calm | FeelingState::Concerned => None,
            FeelingState::Upset => Some(Self::Upset),
            FeelingState::Angry => Some(Self::Angry),
        }
    }
}

/// The last heavy moment of a contact, kept sealed beside them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeavyMoment {
    pub state: HeavyState,
    pub at: Timestamp,
}

/// Units: minor units of the tenant's currency (fen, cents).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Compensation {
    pub amount_minor: i64,
    /// The least of what is left for this customer and for the day.
    pub budget_left_minor: i64,
    pub approval_above_minor: i64,
    pub approved: bool,
}

/// What every act of selling tells.
#[derive(Clone)]
pub struct Commerce<'a> {
    pub derived_from: Sources,
    /// Only the gate looks into it.
    pub heavy: Option<&'a Sealed<HeavyMoment, Care>>,
    pub opted_out: bool,
}

/// How a product suits an investor; ranks are 1 to 5, and 0 for what is no investment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Suitability {
    pub risk_rank: u8,
    pub investor_rank: u8,
    pub assessment_age_days: u32,
}

/// What is to be done.
#[derive(Clone)]
pub enum Action<'a> {
    InferEmotion { tenant_switch: bool },
    /// Every care act but compensation.
    Care { act: CareAct, tenant_switch: bool, derived_from: Sources },
    Compensate { tenant_switch: bool, derived_from: Sources, compensation: Compensation },
    MarketingPush { commerce: Commerce<'a>, tenant_switch: bool, local_hour: u8 },
    PriceOffer(Commerce<'a>),
    Upsell(Commerce<'a>),
    RecommendProduct { commerce: Commerce<'a>, suitability: Suitability },
    CollectionContact { derived_from: Sources, local_hour: u8, agreed_hours: bool, calls_today: u32, is_debtor: bool },
    Export { identity_verified: bool },
    Erase { identity_verified: bool, legal_hold: bool },
}

impl Action<'_> {
    /// As in the schema. `Care` with `Compensate` has no amount and so no context that the schema takes: it is denied.
    pub fn name(&self) -> &'static str {
        match self {
            Self::InferEmotion { .. } => "infer_emotion",
            Self::Care { act, .. } => act.name(),
            Self::Compensate { .. } => "compensate",
            Self::MarketingPush { .. } => "marketing_push",
            Self::PriceOffer(_) => "price_offer",
            Self::Upsell(_) => "upsell",
            Self::RecommendProduct { .. } => "recommend_product",
            Self::CollectionContact { .. } => "collection_contact",
            Self::Export { .. } => "export",
            Self::Erase { .. } => "erase",
        }
    }

    /// The purpose it is for, as the audit names it.
    pub fn purpose(&self) -> &'static str {
        match self {
            Self::InferEmotion { .. } | Self::Care { .. } | Self::Compensate { .. } => "emotion:care",
            Self::MarketingPush { .. } => "contact:proactive",
            Self::PriceOffer(_) => "price",
            Self::Upsell(_) | Self::RecommendProduct { .. } => "profile",
            Self::CollectionContact { .. } => "collection",
            Self::Export { .. } | Self::Erase { .. } => "rights",
        }
    }

    fn context(&self, now: Timestamp) -> Value {
        match self {
            Self::InferEmotion { tenant_switch } => json!({"tenant_switch": tenant_switch}),
            Self::Care { act: _, tenant_switch, derived_from } => json!({"tenant_switch": tenant_switch, "derived_from": derived_from}),
            Self::Compensate { tenant_switch, derived_from, compensation } => json!({
                "tenant_switch": tenant_switch, "derived_from": derived_from, "amount_minor": compensation.amount_minor,
                "budget_left_minor": compensation.budget_left_minor, "approval_above_minor": compensation.approval_above_minor, "approved": compensation.approved,
            }),
            Self::MarketingPush { commerce, tenant_switch, local_hour } => {
                with(commerce.context(now), [("tenant_switch", json!(tenant_switch)), ("local_hour", json!(local_hour))])
            }
            Self::PriceOffer(commerce) | Self::Upsell(commerce) => commerce.context(now),
            Self::RecommendProduct { commerce, suitability } => with(
                commerce.context(now),
                [
                    ("risk_rank", json!(suitability.risk_rank)),
                    ("investor_rank", json!(suitability.investor_rank)),
                    ("assessment_age_days", json!(suitability.assessment_age_days)),
                ],
            ),
            Self::CollectionContact { derived_from, local_hour, agreed_hours, calls_today, is_debtor } => json!({
                "derived_from": derived_from, "local_hour": local_hour, "agreed_hours": agreed_hours, "calls_today": calls_today, "is_debtor": is_debtor,
            }),
            Self::Export { identity_verified } => json!({"identity_verified": identity_verified}),
            Self::Erase { identity_verified, legal_hold } => json!({"identity_verified": identity_verified, "legal_hold": legal_hold}),
        }
    }
}

impl Commerce<'_> {
    fn context(&self, now: Timestamp) -> Value {
        let moment = self.heavy.map(Sealed::peek);
        // A clock that went back must not open the lock: the span is then negative and still below the day.
        let minutes = moment.map_or(0, |it| now.since_ms(it.at).div_euclid(rapport_model::MINUTE_MS));
        json!({
            "derived_from": self.derived_from, "customer_state": moment.map_or("", |it| it.state.name()),
            "minutes_since_state": minutes, "opted_out": self.opted_out,
        })
    }
}

fn with<const N: usize>(mut context: Value, more: [(&str, Value); N]) -> Value {
    if let Value::Object(fields) = &mut context {
        fields.extend(more.map(|(name, value)| (name.to_owned(), value)));
    }
    context
}

/// One question to the policies.
#[derive(Clone)]
pub struct Request<'a> {
    pub office: Office,
    pub subject: Subject<'a>,
    pub action: Action<'a>,
}

impl Request<'_> {
    /// As the policies read it.
    pub(crate) fn plain(&self, now: Timestamp) -> PlainRequest {
        let consents: Vec<_> = ConsentPurpose::ALL.into_iter().filter(|it| self.subject.consents_to(*it, now)).map(ConsentPurpose::name).collect();
        PlainRequest {
            office: self.office.name().to_owned(),
            action: self.action.name().to_owned(),
            person: json!({"role": self.subject.role.name(), "consents": consents}),
            context: self.action.context(now),
        }
    }
}

/// A question in the form of the schema, whatever its content. Deciding on one cannot mint a capability: that is for reviews and tests of policies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlainRequest {
    pub office: String,
    pub action: String,
    /// Attributes of the person: `role`, `consents`.
    pub person: Value,
    pub context: Value,
}
