//! The rules of care. A tenant begins with those that ship.

use axum::{Json, http::StatusCode};
use rapport_model::{Bilingual, CareAct, CareAction, CareRule, CareRuleId, CareWhen, Priority, default_care_rules};
use rapport_ports::{Expect, Records as _};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    caller::{Administrator, Caller, Supervisor},
    configuration::{self, Items, Versioned, bounded, needed},
    extract::{Body, Id, IfMatch},
    failure::{Failure, Outcome},
};

/// Set once the rules that ship were written for a tenant: whoever removes all of them has none.
const WRITTEN: &str = "care_rules";
const RULES_MAX: usize = 50;
const ACTIONS_MAX: usize = 6;
const OPENING_CHARS_MAX: usize = 300;
/// A hundred thousand of the main unit. Units: minor units.
const AMOUNT_MINOR_MAX: i64 = 10_000_000;

#[derive(Deserialize, ToSchema)]
pub(crate) struct CareRuleBody {
    name: Bilingual,
    enabled: bool,
    order: u32,
    when: CareWhen,
    actions: Vec<CareAction>,
}

impl CareRuleBody {
    /// Errors: `input.bad_field`.
    pub(super) fn checked(self, id: CareRuleId) -> Outcome<CareRule> {
        let name = both("name", &self.name, 60)?;
        let is_p = |it: Option<f32>| it.is_none_or(|p| (0.0..=1.0).contains(&p));
        if !is_p(self.when.anxious_min) || !is_p(self.when.urgent_min) {
            return Err(Failure::field("when: anxious_min and urgent_min lie between 0 and 1"));
        }
        if self.actions.is_empty() || self.actions.len() > ACTIONS_MAX {
            return Err(Failure::field(format!("actions: 1 to {ACTIONS_MAX}")));
        }
        let actions = self.actions.into_iter().map(checked_action).collect::<Outcome<Vec<_>>>()?;
        Ok(CareRule { id, name, enabled: self.enabled, order: self.order.min(100_000), when: self.when, actions })
    }
}

/// One language at least; the other is filled with it.
fn both(field: &str, text: &Bilingual, chars_max: usize) -> Outcome<Bilingual> {
    let zh = bounded(field, text.zh.trim(), chars_max)?;
    let en = bounded(field, text.en.trim(), chars_max)?;
    if zh.is_empty() && en.is_empty() {
        return Err(Failure::field(format!("{field}: in Chinese or in English")));
    }
    let filled = |own: &str, other: &str| if own.is_empty() { other.to_owned() } else { own.to_owned() };
    Ok(Bilingual { zh: filled(&zh, &en), en: filled(&en, &zh) })
}

/// With what its act needs, and without what it does not.
fn checked_action(it: CareAction) -> Outcome<CareAction> {
    let plain = CareAction { act: it.act, opening: None, priority: None, skill: None, amount_minor: None };
    match it.act {
        CareAct::Soothe => {
            let opening = it.opening.ok_or_else(|| Failure::field("opening: needed to soothe"))?;
            Ok(CareAction { opening: Some(both("opening", &opening, OPENING_CHARS_MAX)?), ..plain })
        }
        CareAct::Prioritise => match it.priority {
            Some(priority @ (Priority::High | Priority::Urgent)) => Ok(CareAction { priority: Some(priority), ..plain }),
            Some(Priority::Low | Priority::Normal) | None => Err(Failure::field("priority: high or urgent")),
        },
        CareAct::RouteSkill => Ok(CareAction { skill: Some(needed("skill", it.skill.as_deref().unwrap_or_default(), 60)?), ..plain }),
        CareAct::Compensate => match it.amount_minor {
            Some(amount) if (1..=AMOUNT_MINOR_MAX).contains(&amount) => Ok(CareAction { amount_minor: Some(amount), ..plain }),
            Some(_) | None => Err(Failure::field(format!("amount_minor: 1 to {AMOUNT_MINOR_MAX}"))),
        },
        CareAct::AlertSupervisor | CareAct::OfferCallback => Ok(plain),
    }
}

/// Writes the rules that ship, the first time somebody looks.
async fn written(caller: &Caller) -> Outcome<()> {
    if caller.store.setting(WRITTEN).await?.is_none() {
        for rule in default_care_rules(caller.tenant) {
            caller.store.put(&rule, Expect::Any).await?;
        }
        caller.store.put_setting(WRITTEN, "1").await?;
        caller.state.intake.configuration_changed(caller.tenant).await?;
    }
    Ok(())
}

#[utoipa::path(get, path = "/care/rules", tag = "care", responses((status = 200, body = Items<Versioned<CareRule>>)))]
pub(crate) async fn list(Supervisor(caller): Supervisor) -> Outcome<Json<Items<Versioned<CareRule>>>> {
    written(&caller).await?;
    let mut items = configuration::list::<CareRule>(&caller).await?;
    items.sort_by_key(|it| (it.record.order, it.record.id));
    Ok(Json(Items { items }))
}

#[utoipa::path(post, path = "/care/rules", tag = "care", request_body = CareRuleBody, responses((status = 200, body = Versioned<CareRule>)))]
pub(crate) async fn create(Administrator(caller): Administrator, Body(body): Body<CareRuleBody>) -> Outcome<Json<Versioned<CareRule>>> {
    written(&caller).await?;
    if caller.store.list::<CareRule>().await?.len() >= RULES_MAX {
        return Err(Failure::field(format!("at most {RULES_MAX} rules")));
    }
    let id = caller.state.entropy.ids(caller.state.clock.now()).next();
    Ok(Json(configuration::put(&caller, body.checked(id)?, Expect::New, id).await?))
}

#[utoipa::path(put, path = "/care/rules/{id}", tag = "care", params(("id" = CareRuleId, Path)), request_body = CareRuleBody, responses((status = 200, body = Versioned<CareRule>)))]
pub(crate) async fn save(
    Administrator(caller): Administrator,
    Id(id): Id<CareRuleId>,
    IfMatch(expect): IfMatch,
    Body(body): Body<CareRuleBody>,
) -> Outcome<Json<Versioned<CareRule>>> {
    configuration::get::<CareRule>(&caller, *id.as_bytes()).await?;
    Ok(Json(configuration::put(&caller, body.checked(id)?, expect, id).await?))
}

#[utoipa::path(delete, path = "/care/rules/{id}", tag = "care", params(("id" = CareRuleId, Path)), responses((status = 204)))]
pub(crate) async fn remove(Administrator(caller): Administrator, Id(id): Id<CareRuleId>) -> Outcome<StatusCode> {
    configuration::remove::<CareRule>(&caller, *id.as_bytes(), id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Back to the rules that ship; all others are removed.
#[utoipa::path(post, path = "/care/rules/reset", tag = "care", responses((status = 200, body = Items<Versioned<CareRule>>)))]
pub(crate) async fn reset(Administrator(caller): Administrator) -> Outcome<Json<Items<Versioned<CareRule>>>> {
    for rule in caller.store.list::<CareRule>().await? {
        caller.store.remove::<CareRule>(*rule.id.as_bytes()).await?;
    }
    for rule in default_care_rules(caller.tenant) {
        caller.store.put(&rule, Expect::Any).await?;
    }
    caller.store.put_setting(WRITTEN, "1").await?;
    caller.audit("care_rule.reset", caller.tenant, "").await?;
    caller.state.intake.configuration_changed(caller.tenant).await?;
    list(Supervisor(caller)).await
}
