//! Care: the rules by which people are served better who are not well, the budget for making good, and what came of them.

use serde::{Deserialize, Serialize};

use crate::{Bilingual, CareRuleId, ContactId, ConversationId, FeelingState, Felt, MemberId, Priority, Reason, Seq, SpendingId, TenantId, TenantSwitches, Timestamp};

/// What serving better can consist of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CareAct {
    /// Words of understanding before the answer.
    Soothe,
    Prioritise,
    RouteSkill,
    AlertSupervisor,
    OfferCallback,
    Compensate,
}

impl CareAct {
    pub const ALL: [Self; 6] = [Self::Soothe, Self::Prioritise, Self::RouteSkill, Self::AlertSupervisor, Self::OfferCallback, Self::Compensate];
    pub fn name(self) -> &'static str {
        match self {
            Self::Soothe => "soothe",
            Self::Prioritise => "prioritise",
            Self::RouteSkill => "route_skill",
            Self::AlertSupervisor => "alert_supervisor",
            Self::OfferCallback => "offer_callback",
            Self::Compensate => "compensate",
        }
    }
}

/// How a tenant stands to feelings of its customers. One record a tenant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct EthicsSettings {
    pub switches: TenantSwitches,
    /// How long what was noticed is kept.
    pub retention_days: u32,
    #[serde(default)]
    pub updated_at: Option<Timestamp>,
    #[serde(default)]
    pub updated_by: Option<MemberId>,
}

impl Default for EthicsSettings {
    fn default() -> Self {
        Self { switches: TenantSwitches::default(), retention_days: 90, updated_at: None, updated_by: None }
    }
}

/// When something is done for a customer who is not well. One record each.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CareRule {
    pub id: CareRuleId,
    pub name: Bilingual,
    pub enabled: bool,
    /// Rules are looked at from the lowest up.
    pub order: u32,
    pub when: CareWhen,
    pub actions: Vec<CareAction>,
}

/// All that is set must hold; nothing set never holds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct CareWhen {
    /// The state over the conversation is one of these.
    pub states: Vec<FeelingState>,
    /// P(anxious) of the message is at least this.
    pub anxious_min: Option<f32>,
    /// P(urgent) of the message is at least this.
    pub urgent_min: Option<f32>,
    /// The message has words that call for a person at once.
    pub alarm: bool,
    /// The level is raised: not once, but over some turns.
    pub level_raised: bool,
    /// So many turns one after the other in which the customer was not calm.
    pub turns_min: Option<u32>,
}

impl CareWhen {
    /// Whether it holds after this turn.
    pub fn holds(&self, felt: &Felt) -> bool {
        let at_least = |wanted: Option<f32>, p: f32| wanted.is_none_or(|it| p >= it);
        let anything = !self.states.is_empty() || self.anxious_min.is_some() || self.urgent_min.is_some() || self.alarm || self.level_raised || self.turns_min.is_some();
        anything
            && (self.states.is_empty() || self.states.contains(&felt.state))
            && at_least(self.anxious_min, felt.anxious)
            && at_least(self.urgent_min, felt.urgent)
            && (!self.alarm || !felt.alarms.is_empty())
            && (!self.level_raised || felt.raised)
            && self.turns_min.is_none_or(|it| felt.uneasy_turns >= it)
    }
}

/// One thing that a rule does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CareAction {
    pub act: CareAct,
    /// For `soothe`: said before the next answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opening: Option<Bilingual>,
    /// For `prioritise`: `high` or `urgent`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
    /// For `route_skill`: what the agent must be able to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skill: Option<String>,
    /// For `compensate`: in minor units of the budget's currency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount_minor: Option<i64>,
}

impl CareAction {
    fn plain(act: CareAct) -> Self {
        Self { act, opening: None, priority: None, skill: None, amount_minor: None }
    }
}

/// How much may be spent on making good. One record a tenant. Units: minor units of the currency (fen, cents).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CareBudget {
    /// ISO 4217.
    pub currency: String,
    pub per_customer_minor: i64,
    pub per_day_minor: i64,
    /// Above this somebody has to approve.
    pub approval_above_minor: i64,
}

impl Default for CareBudget {
    fn default() -> Self {
        Self { currency: "CNY".to_owned(), per_customer_minor: 5_000, per_day_minor: 50_000, approval_above_minor: 2_000 }
    }
}

/// Where a compensation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SpendingState {
    /// Waits for somebody to approve it; the customer knows nothing of it.
    Pending,
    /// The customer can take it.
    Offered,
    /// Approved by somebody, and so the customer can take it.
    Approved,
    /// Not approved.
    Declined,
    /// The customer took it.
    Accepted,
}

impl SpendingState {
    pub const ALL: [Self; 5] = [Self::Pending, Self::Offered, Self::Approved, Self::Declined, Self::Accepted];
    pub fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Offered => "offered",
            Self::Approved => "approved",
            Self::Declined => "declined",
            Self::Accepted => "accepted",
        }
    }
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }
    /// Whether it takes from the budget.
    pub fn counts(self) -> bool {
        self != Self::Declined
    }
    /// Whether the customer can take it.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Offered | Self::Approved)
    }
}

/// One compensation. Its own row in the store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Spending {
    pub id: SpendingId,
    pub contact: ContactId,
    pub conversation: ConversationId,
    pub amount_minor: i64,
    pub currency: String,
    pub state: SpendingState,
    pub rule: CareRuleId,
    pub at: Timestamp,
    /// Who approved or declined it.
    pub by: Option<MemberId>,
}

impl Spending {
    /// The day whose budget it takes from. Units: days since 1970 UTC.
    pub fn day(&self) -> i64 {
        day_of(self.at)
    }
}

/// Units: days since 1970 UTC.
pub fn day_of(at: Timestamp) -> i64 {
    at.0.div_euclid(crate::DAY_MS)
}

/// What was spent and counts, in minor units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Spent {
    /// On this customer, ever.
    pub customer_minor: i64,
    /// On this day, on all.
    pub day_minor: i64,
}

/// A supervisor should look at a conversation. One row each, until it is seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Alert {
    pub conversation: ConversationId,
    pub number: u64,
    pub contact: ContactId,
    pub at: Timestamp,
    pub rule: CareRuleId,
    pub reasons: Vec<Reason>,
}

/// A raised priority and what it was before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PriorityStep {
    pub from: Priority,
    pub to: Priority,
}

/// An act of a rule that is in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CareInForce {
    pub rule: CareRuleId,
    pub act: CareAct,
    pub since: Timestamp,
}

/// What is done for the customer now. Nothing of it outlives the consent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct CareState {
    pub active: Vec<CareInForce>,
    /// The newest words of understanding that are in force, for the bot and as a suggestion to agents.
    pub opening: Option<Bilingual>,
    /// Until it is put back, or a member sets another.
    pub priority: Option<PriorityStep>,
    /// What the next agent must be able to do.
    pub skills: Vec<String>,
}

impl CareState {
    pub fn has(&self, rule: CareRuleId, act: CareAct) -> bool {
        self.active.iter().any(|it| (it.rule, it.act) == (rule, act))
    }

    /// An act is taken.
    pub fn take(&mut self, rule: CareRuleId, act: CareAct, since: Timestamp, opening: Option<&Bilingual>, priority: Option<PriorityStep>, skill: Option<&String>) {
        if !self.has(rule, act) {
            self.active.push(CareInForce { rule, act, since });
        }
        if let Some(opening) = opening {
            self.opening = Some(opening.clone());
        }
        if let Some(step) = priority {
            // Raised twice, it goes back to where it was first.
            let from = self.priority.map_or(step.from, |it| it.from);
            self.priority = Some(PriorityStep { from, to: step.to });
        }
        if let Some(skill) = skill.filter(|it| !self.skills.contains(it)) {
            self.skills.push(skill.clone());
        }
    }

    /// Rules end together once the customer is well; until the last has ended, what they did stays.
    pub fn end(&mut self, rule: CareRuleId) {
        self.active.retain(|it| it.rule != rule);
        let still = |act: CareAct| self.active.iter().any(|it| it.act == act);
        if !still(CareAct::Soothe) {
            self.opening = None;
        }
        if !still(CareAct::Prioritise) {
            self.priority = None;
        }
        if !still(CareAct::RouteSkill) {
            self.skills.clear();
        }
    }
}

/// A compensation as its conversation knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CompensationOffer {
    pub spending: SpendingId,
    pub amount_minor: i64,
    pub currency: String,
    pub state: SpendingState,
}

/// One point of a conversation's trend, as stored and opened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct MoodPoint {
    pub seq: Seq,
    pub at: Timestamp,
    #[serde(flatten)]
    pub felt: Felt,
}

/// What a tenant starts with: understanding first, a person sooner when it gets worse, a supervisor when it is serious, making good at last.
/// Their ids are the tenant's own and always the same, so that writing them twice changes nothing.
pub fn default_care_rules(tenant: TenantId) -> Vec<CareRule> {
    use CareAct::{AlertSupervisor, Compensate, OfferCallback, Prioritise, RouteSkill, Soothe};
    use FeelingState::{Angry, Concerned, Upset};
    let id = |n: u128| CareRuleId(uuid::Uuid::from_u128(tenant.0.as_u128() ^ (0xCA2E_0000 + n)));
    let soothe = |zh: &str, en: &str| CareAction { opening: Some(Bilingual::new(zh, en)), ..CareAction::plain(Soothe) };
    let rule = |n, name: Bilingual, when, actions| CareRule { id: id(n), name, enabled: true, order: u32::try_from(n).unwrap_or(u32::MAX).saturating_mul(10), when, actions };
    let worried = soothe("理解您的着急，我们马上为您处理。", "I understand this is urgent for you, and we are on it.");
    let sorry = soothe("给您带来不好的体验，非常抱歉。", "I am sorry this has been such a bad experience.");
    vec![
        rule(1, Bilingual::new("客户着急", "The customer is worried"), CareWhen { anxious_min: Some(0.6), ..CareWhen::default() }, vec![worried.clone()]),
        rule(
            2,
            Bilingual::new("事情紧急", "It is urgent"),
            CareWhen { urgent_min: Some(0.6), ..CareWhen::default() },
            vec![worried, CareAction { priority: Some(Priority::High), ..CareAction::plain(Prioritise) }],
        ),
        rule(3, Bilingual::new("客户不满", "The customer is upset"), CareWhen { states: vec![Upset, Angry], ..CareWhen::default() }, vec![sorry.clone()]),
        rule(
            4,
            Bilingual::new("持续不满", "The customer stays upset"),
            CareWhen { states: vec![Concerned, Upset, Angry], level_raised: true, ..CareWhen::default() },
            vec![
                sorry,
                CareAction { priority: Some(Priority::Urgent), ..CareAction::plain(Prioritise) },
                CareAction { skill: Some("complaints".to_owned()), ..CareAction::plain(RouteSkill) },
                CareAction::plain(AlertSupervisor),
                CareAction::plain(OfferCallback),
            ],
        ),
        rule(
            5,
            Bilingual::new("投诉、法律或安全", "Complaint, law or safety"),
            CareWhen { alarm: true, ..CareWhen::default() },
            vec![CareAction { priority: Some(Priority::Urgent), ..CareAction::plain(Prioritise) }, CareAction::plain(AlertSupervisor)],
        ),
        rule(
            6,
            Bilingual::new("多次不满后补偿", "Making good after several bad turns"),
            CareWhen { states: vec![Upset, Angry], level_raised: true, turns_min: Some(3), ..CareWhen::default() },
            vec![CareAction { amount_minor: Some(1_000), ..CareAction::plain(Compensate) }],
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_condition_holds_when_all_that_is_set_does() {
        let felt = Felt { state: FeelingState::Upset, raised: true, urgent: 0.7, uneasy_turns: 2, ..Felt::default() };
        let check = |when: CareWhen, expected: bool| assert_eq!(when.holds(&felt), expected, "{when:?}");
        check(CareWhen::default(), false);
        check(CareWhen { states: vec![FeelingState::Upset], ..CareWhen::default() }, true);
        check(CareWhen { states: vec![FeelingState::Angry], level_raised: true, ..CareWhen::default() }, false);
        check(CareWhen { level_raised: true, urgent_min: Some(0.7), ..CareWhen::default() }, true);
        check(CareWhen { level_raised: true, anxious_min: Some(0.1), ..CareWhen::default() }, false);
        check(CareWhen { alarm: true, ..CareWhen::default() }, false);
        check(CareWhen { turns_min: Some(2), ..CareWhen::default() }, true);
        check(CareWhen { turns_min: Some(3), ..CareWhen::default() }, false);
    }

    #[test]
    fn the_rules_to_start_with_speak_both_languages_and_can_fire() {
        let rules = default_care_rules(TenantId(uuid::Uuid::nil()));
        let felt = Felt { state: FeelingState::Angry, raised: true, anxious: 0.9, urgent: 0.9, alarms: vec!["12315".to_owned()], uneasy_turns: 3, ..Felt::default() };
        for rule in &rules {
            assert!(rule.when.holds(&felt) && !rule.when.holds(&Felt::default()), "{rule:?}");
            assert!(rule.name.zh.chars().any(crate::is_han) && rule.name.en.is_ascii());
            for opening in rule.actions.iter().filter_map(|it| it.opening.as_ref()) {
                assert!(opening.zh.chars().any(crate::is_han) && opening.en.is_ascii());
            }
        }
        let ids: std::collections::BTreeSet<_> = rules.iter().map(|it| it.id).collect();
        assert_eq!(ids.len(), rules.len());
    }

    #[test]
    fn a_priority_raised_twice_goes_back_to_the_first() {
        let (one, other) = (CareRuleId(uuid::Uuid::from_u128(1)), CareRuleId(uuid::Uuid::from_u128(2)));
        let mut state = CareState::default();
        let step = |from, to| Some(PriorityStep { from, to });
        state.take(one, CareAct::Prioritise, Timestamp(1), None, step(Priority::Normal, Priority::High), None);
        state.take(other, CareAct::Prioritise, Timestamp(2), None, step(Priority::High, Priority::Urgent), None);
        assert_eq!(state.priority, step(Priority::Normal, Priority::Urgent));
        state.end(one);
        assert_eq!(state.priority, step(Priority::Normal, Priority::Urgent), "another rule still wants it");
        state.end(other);
        assert_eq!(state, CareState::default());
    }
}
