//! The strategy for customers who are not well: which rules hold, what they do, each act asked of the gate, and its end once the customer is well again.

use rapport_ethics::{Action, Capability, Compensation, EthicsRecord, Gate, Office, PersonRole, PseudonymKey, Request, Sealed, Source, Sources, Subject};
use rapport_model::{
    Actor, Alert, CareAct, CareAction, CareBudget, CareRule, CareRuleId, CareState, Choice, ChoiceId, Consent, Content, Effect, Event, FeelingState, Felt, Locale, Priority, PriorityStep,
    QueueEntry, Reason, Spending, SpendingState, Spent, Status, TenantSwitches,
};

use crate::{
    draft::Draft,
    phrases::{self, say},
    reasons::{self, because},
};

/// How the customer feels after this message, and all that an act of care rests on.
pub struct Care<'a> {
    pub gate: &'a Gate,
    /// Leave to look into `felt`, for this decision.
    pub allowed: &'a Capability<rapport_ethics::Care>,
    pub felt: &'a Sealed<Felt, rapport_ethics::Care>,
    /// Nothing was noticed in this conversation before.
    pub is_first: bool,
    pub switches: TenantSwitches,
    pub consents: &'a [Consent],
    pub rules: &'a [CareRule],
    pub budget: &'a CareBudget,
    pub spent: Spent,
    pub key: &'a PseudonymKey,
    /// What the tenant's active members can do.
    pub skills: &'a [String],
}

/// What the rules do after a turn.
#[derive(Debug, Default, PartialEq)]
pub struct Plan<'a> {
    pub take: Vec<(&'a CareRule, &'a CareAction)>,
    pub end: Vec<CareRuleId>,
}

/// Acts that are not in force yet of rules that hold; and rules whose acts are over: they hold no more and the customer is well, or they are gone.
pub fn plan<'a>(rules: &'a [CareRule], state: &CareState, felt: &Felt) -> Plan<'a> {
    let mut ordered: Vec<&CareRule> = rules.iter().filter(|it| it.enabled).collect();
    ordered.sort_by_key(|it| (it.order, it.id));
    let mut plan = Plan::default();
    for rule in ordered.iter().filter(|it| it.when.holds(felt)) {
        plan.take.extend(rule.actions.iter().filter(|it| !state.has(rule.id, it.act)).map(|it| (*rule, it)));
    }
    for act in &state.active {
        let rule = ordered.iter().find(|it| it.id == act.rule);
        let is_over = rule.is_none_or(|it| !it.when.holds(felt) && is_well(felt));
        if is_over && !plan.end.contains(&act.rule) {
            plan.end.push(act.rule);
        }
    }
    plan
}

fn is_well(felt: &Felt) -> bool {
    !felt.raised && matches!(felt.state, FeelingState::Calm | FeelingState::Concerned)
}

/// What moved it, in a few words.
pub fn words(felt: &Felt) -> String {
    let signs = felt.alarms.iter().map(String::as_str).chain(felt.moved.iter().map(|it| it.what.as_str()));
    let mut told: Vec<&str> = Vec::new();
    for sign in signs {
        if told.len() < 3 && !told.contains(&sign) {
            told.push(sign);
        }
    }
    if told.is_empty() { "-".to_owned() } else { told.join(", ") }
}

/// Lets the rules act on what the customer just wrote; the message is on the timeline already.
pub(crate) fn steer(draft: &mut Draft<'_, '_>) {
    let ctx = draft.ctx;
    let Some(care) = &ctx.care else { return };
    let felt = care.felt.open(care.allowed);
    if care.is_first {
        draft.because(because(reasons::CARE_FIRST));
        note(draft, care, Action::InferEmotion { tenant_switch: care.switches.feelings }, felt);
    }
    let plan = plan(care.rules, &draft.state.care, felt);
    for rule in plan.end {
        let name = care.rules.iter().find(|it| it.id == rule).map_or_else(|| rule.to_string(), |it| it.name.get(draft.state.locale).to_owned());
        draft.because(because(reasons::CARE_ENDED).with("rule", name));
        end(draft, rule);
    }
    let mut explained: Option<CareRuleId> = None;
    for (rule, action) in plan.take {
        if explained != Some(rule.id) {
            explained = Some(rule.id);
            draft.because(holds(rule, felt));
        }
        if action.act == CareAct::Compensate { compensate(draft, care, rule, action, felt) } else { act(draft, care, rule, action, felt) }
    }
}

fn holds(rule: &CareRule, felt: &Felt) -> Reason {
    because(reasons::CARE_RULE).with("zh", &rule.name.zh).with("en", &rule.name.en).with("state", felt.state.name()).with("what", words(felt))
}

/// A customer's feelings are noticed from their words.
fn sources() -> Sources {
    Sources::from([Source::Emotion, Source::Words])
}

/// Asks the gate, keeps the evidence, and says why not where it refuses. The ids of the policies that agreed.
fn note(draft: &mut Draft<'_, '_>, care: &Care<'_>, action: Action<'_>, felt: &Felt) -> Option<Vec<String>> {
    let subject = Subject { contact: draft.ctx.contact.id, role: PersonRole::Customer, consents: care.consents };
    let name = action.name();
    let request = Request { office: Office::Care, subject, action };
    let verdict = care.gate.decide(&request, draft.ctx.now);
    let input = serde_json::to_vec(felt).unwrap_or_default();
    let record = EthicsRecord::new(&request, &verdict, &[&felt.model], &input, care.key);
    if let Ok(line) = record.line(draft.ctx.now, Actor::System) {
        draft.decision().audit.push(line);
    }
    if !verdict.allowed {
        let why = care.gate.reason(&verdict);
        draft.because(because(reasons::CARE_REFUSED).with("act", name).with("zh", why.zh).with("en", why.en));
        return None;
    }
    Some(verdict.determining)
}

fn act(draft: &mut Draft<'_, '_>, care: &Care<'_>, rule: &CareRule, action: &CareAction, felt: &Felt) {
    let step = action.priority.filter(|it| *it > draft.state.priority && action.act == CareAct::Prioritise);
    let step = step.map(|to| PriorityStep { from: draft.state.priority, to });
    if action.act == CareAct::Prioritise && step.is_none() {
        return;
    }
    let skill = action.skill.as_ref().filter(|_| action.act == CareAct::RouteSkill);
    if let Some(skill) = skill.filter(|it| !care.skills.contains(it)) {
        draft.because(because(reasons::CARE_NO_SKILL).with("skill", skill));
        return;
    }
    let Some(policies) = note(draft, care, Action::Care { act: action.act, tenant_switch: care.switches.feelings, derived_from: sources() }, felt) else { return };
    let opening = action.opening.clone().filter(|_| action.act == CareAct::Soothe);
    draft.because(because(reasons::CARE_ACT).with("act", action.act.name()));
    draft.push(Actor::System, taken(rule, action.act, felt, policies, (opening.clone(), step, skill.cloned())));
    match action.act {
        CareAct::Soothe => draft.opening = opening.or(draft.opening.take()),
        CareAct::Prioritise => {
            if let Some(step) = step {
                draft.push(Actor::System, Event::PriorityChanged { priority: step.to });
                requeue(draft);
            }
        }
        CareAct::RouteSkill => add_skill(draft, skill),
        CareAct::AlertSupervisor => alert(draft, rule, felt),
        CareAct::OfferCallback => offer_callback(draft),
        CareAct::Compensate => {}
    }
}

type Detail = (Option<rapport_model::Bilingual>, Option<PriorityStep>, Option<String>);

fn taken(rule: &CareRule, act: CareAct, felt: &Felt, policies: Vec<String>, (opening, priority, skill): Detail) -> Event {
    Event::CareTaken { rule: rule.id, act, feeling: felt.state, moved: felt.moved.clone(), model: felt.model.clone(), policies, opening, priority, skill }
}

/// Whoever waits may stand elsewhere now.
fn requeue(draft: &mut Draft<'_, '_>) {
    if draft.state.status == Status::Queued {
        draft.effect(Effect::RouteQueue);
    }
}

/// Who waits already waits for somebody with the skill from here on; else it is asked for when they are queued.
fn add_skill(draft: &mut Draft<'_, '_>, skill: Option<&String>) {
    let (Some(skill), Status::Queued, Some(entry)) = (skill, draft.state.status, &draft.state.queue) else { return };
    if !entry.skills.contains(skill) {
        let mut skills = entry.skills.clone();
        skills.push(skill.clone());
        let entry = QueueEntry { skills, ..entry.clone() };
        draft.push(Actor::System, Event::Queued { entry });
        draft.effect(Effect::RouteQueue);
    }
}

fn alert(draft: &mut Draft<'_, '_>, rule: &CareRule, felt: &Felt) {
    draft.push(Actor::System, Event::SupervisorAlerted { rule: rule.id });
    let (conversation, number, contact, at) = (draft.state.id, draft.state.number, draft.state.contact, draft.ctx.now);
    draft.decision().care.alert = Some(Alert { conversation, number, contact, at, rule: rule.id, reasons: vec![holds(rule, felt)] });
}

fn offer_callback(draft: &mut Draft<'_, '_>) {
    draft.push(Actor::System, Event::CallbackOffered);
    // An agent who is there offers it in their own words.
    if matches!(draft.state.status, Status::Bot | Status::Queued | Status::Offered { .. }) {
        let locale = draft.state.locale;
        let text = say(&phrases::CALLBACK, locale, &[]);
        let label = say(&phrases::CHOICE_PERSON, locale, &[]);
        let waits = draft.state.status != Status::Bot;
        let options = if waits { Vec::new() } else { vec![Choice { id: ChoiceId::RequestPerson, label }] };
        let content = if options.is_empty() { Content::Text { text } } else { Content::Choices { text, options } };
        // Who waits for a person still does: it is no reply.
        let actor = if waits { Actor::System } else { draft.house() };
        draft.send(actor, content);
    }
}

/// Once a conversation, within the budget; above a threshold it waits for somebody to approve it.
fn compensate(draft: &mut Draft<'_, '_>, care: &Care<'_>, rule: &CareRule, action: &CareAction, felt: &Felt) {
    let Some(amount_minor) = action.amount_minor.filter(|_| draft.state.compensations.is_empty()) else { return };
    let left = |of: i64, spent: i64| of.saturating_sub(spent);
    let budget = care.budget;
    let budget_left_minor = left(budget.per_customer_minor, care.spent.customer_minor).min(left(budget.per_day_minor, care.spent.day_minor));
    if amount_minor > budget_left_minor {
        draft.because(because(reasons::CARE_NO_BUDGET).with("left", money(budget_left_minor, &budget.currency)).with("amount", money(amount_minor, &budget.currency)));
        return;
    }
    let waits = amount_minor > budget.approval_above_minor;
    // What waits is asked for as it will be: whether it may be at all once somebody approved it.
    let compensation = Compensation { amount_minor, budget_left_minor, approval_above_minor: budget.approval_above_minor, approved: waits };
    let asked = Action::Compensate { tenant_switch: care.switches.feelings, derived_from: sources(), compensation };
    let Some(policies) = note(draft, care, asked, felt) else { return };
    let state = if waits { SpendingState::Pending } else { SpendingState::Offered };
    let (contact, conversation, at) = (draft.state.contact, draft.state.id, draft.ctx.now);
    let spending = Spending { id: draft.ids.next(), contact, conversation, amount_minor, currency: budget.currency.clone(), state, rule: rule.id, at, by: None };
    draft.because(because(reasons::CARE_ACT).with("act", CareAct::Compensate.name()));
    draft.push(Actor::System, taken(rule, CareAct::Compensate, felt, policies, (None, None, None)));
    draft.push(Actor::System, Event::CompensationOffered { spending: spending.id, amount_minor, currency: spending.currency.clone(), state });
    if !waits {
        offer(draft, &spending);
    }
    let outcome = &mut draft.decision().care;
    outcome.spendings.push(spending);
    outcome.budget = Some(budget.clone());
}

/// Tells the customer of a compensation that they can take.
pub(crate) fn offer(draft: &mut Draft<'_, '_>, spending: &Spending) {
    let locale = draft.state.locale;
    let amount = money(spending.amount_minor, &spending.currency);
    let text = say(&phrases::COMPENSATION, locale, &[("amount", &amount)]);
    let (id, amount_minor, currency, state) = (spending.id, spending.amount_minor, spending.currency.clone(), spending.state);
    draft.send(Actor::System, Content::Compensation { text, spending: id, amount_minor, currency, state });
}

/// An amount as people write it. Currencies have two places here; others are shown in minor units as they are.
pub(crate) fn money(amount_minor: i64, currency: &str) -> String {
    let sign = match currency {
        "CNY" => "¥",
        "USD" => "$",
        "EUR" => "€",
        "GBP" => "£",
        _ => return format!("{amount_minor} {currency}"),
    };
    let (whole, part) = (amount_minor.div_euclid(100), amount_minor.rem_euclid(100));
    if part == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part:02}") }
}

/// Ends what a rule did; a priority goes back unless somebody set another meanwhile.
fn end(draft: &mut Draft<'_, '_>, rule: CareRuleId) {
    let raised = draft.state.care.priority;
    draft.push(Actor::System, Event::CareEnded { rule });
    if draft.state.care.priority.is_none() {
        put_back(draft, raised);
    }
}

/// Back to what it was, where it still is what care made it.
pub(crate) fn put_back(draft: &mut Draft<'_, '_>, raised: Option<PriorityStep>) {
    if let Some(step) = raised.filter(|it| it.to == draft.state.priority && it.from != it.to) {
        let priority: Priority = step.from;
        draft.push(Actor::System, Event::PriorityChanged { priority });
        requeue(draft);
    }
}

/// The words that the conversation's bot or agent is given to begin with.
pub fn suggested_opening(state: &CareState, locale: Locale) -> Option<&str> {
    state.opening.as_ref().map(|it| it.get(locale)).filter(|it| !it.is_empty())
}

#[cfg(test)]
mod tests {
    use rapport_model::{CareInForce, Timestamp, default_care_rules};

    use super::*;

    #[test]
    fn acts_are_taken_once_and_end_when_the_customer_is_well() {
        let rules = default_care_rules(rapport_model::TenantId(uuid::Uuid::nil()));
        let felt = |state, raised| Felt { state, raised, ..Felt::default() };
        let mut state = CareState::default();
        let upset = plan(&rules, &state, &felt(FeelingState::Upset, false));
        assert_eq!(upset.take.iter().map(|(_, it)| it.act).collect::<Vec<_>>(), [CareAct::Soothe]);
        let rule = upset.take[0].0.id;
        state.active.push(CareInForce { rule, act: CareAct::Soothe, since: Timestamp(1) });
        assert_eq!(plan(&rules, &state, &felt(FeelingState::Upset, false)), Plan::default());
        assert_eq!(plan(&rules, &state, &felt(FeelingState::Concerned, true)).end, [], "the level is still raised");
        assert_eq!(plan(&rules, &state, &felt(FeelingState::Calm, false)).end, [rule]);
        assert_eq!(plan(&[], &state, &felt(FeelingState::Upset, true)).end, [rule], "a rule that is gone");
    }

    #[test]
    fn amounts_are_shown_as_people_write_them() {
        let check = |minor, currency: &str, expected: &str| assert_eq!(money(minor, currency), expected);
        check(1_000, "CNY", "¥10");
        check(1_005, "EUR", "€10.05");
        check(500, "JPY", "500 JPY");
    }
}
