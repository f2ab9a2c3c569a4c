//! Making good: the budget, what was offered, and what waits for approval.

use axum::Json;
use rapport_model::{CareBudget, Input, Spending, SpendingId, SpendingState, codes, day_of};
use rapport_ports::{Address, Command};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    caller::{Administrator, Supervisor},
    configuration::Versioned,
    extract::{Body, Id, IfMatch, Params},
    failure::{Failure, Outcome},
    routes::ethics::{save_single, single},
};

const LISTED_MAX: u32 = 200;
/// Ten million of the main unit. Units: minor units.
const BUDGET_MINOR_MAX: i64 = 1_000_000_000;

#[utoipa::path(get, path = "/care/budget", tag = "care", responses((status = 200, body = Versioned<CareBudget>)))]
pub(crate) async fn budget(Supervisor(caller): Supervisor) -> Outcome<Json<Versioned<CareBudget>>> {
    Ok(Json(single(&caller).await?))
}

#[utoipa::path(put, path = "/care/budget", tag = "care", request_body = CareBudget, responses((status = 200, body = Versioned<CareBudget>)))]
pub(crate) async fn save_budget(Administrator(caller): Administrator, IfMatch(expect): IfMatch, Body(body): Body<CareBudget>) -> Outcome<Json<Versioned<CareBudget>>> {
    let fits = |it: i64| (0..=BUDGET_MINOR_MAX).contains(&it);
    if !fits(body.per_customer_minor) || !fits(body.per_day_minor) || !fits(body.approval_above_minor) {
        return Err(Failure::field(format!("amounts: 0 to {BUDGET_MINOR_MAX} minor units")));
    }
    if body.currency.len() != 3 || !body.currency.bytes().all(|it| it.is_ascii_uppercase()) {
        return Err(Failure::field("currency: three capital letters (ISO 4217)"));
    }
    let detail = format!("{} {} a customer, {} a day, approval above {}", body.currency, body.per_customer_minor, body.per_day_minor, body.approval_above_minor);
    Ok(Json(save_single(&caller, body, expect, detail).await?))
}

#[derive(Deserialize, utoipa::IntoParams)]
pub(crate) struct Query {
    /// pending, offered, approved, declined or accepted; without it all.
    #[serde(default)]
    state: Option<SpendingState>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct SpendingLine {
    #[serde(flatten)]
    spending: Spending,
    /// Empty where nobody knows it.
    contact_name: String,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct SpendingList {
    /// Newest first.
    items: Vec<SpendingLine>,
    currency: String,
    today_minor: i64,
    left_minor: i64,
}

#[utoipa::path(get, path = "/care/spending", tag = "care", params(Query), responses((status = 200, body = SpendingList)))]
pub(crate) async fn list(Supervisor(caller): Supervisor, Params(query): Params<Query>) -> Outcome<Json<SpendingList>> {
    let mut items = Vec::new();
    for spending in caller.store.spendings(query.state, LISTED_MAX).await? {
        let contact_name = caller.store.contact(spending.contact).await?.map(|it| it.name).unwrap_or_default();
        items.push(SpendingLine { spending, contact_name });
    }
    let budget = single::<CareBudget>(&caller).await?.record;
    let nobody = rapport_model::ContactId(uuid::Uuid::nil());
    let today_minor = caller.store.spent(nobody, day_of(caller.state.clock.now())).await?.day_minor;
    let left_minor = budget.per_day_minor.saturating_sub(today_minor).max(0);
    Ok(Json(SpendingList { items, currency: budget.currency, today_minor, left_minor }))
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct Judgement {
    approve: bool,
}

/// Errors: `store.conflict` for one that waits no more.
#[utoipa::path(post, path = "/care/spending/{id}", tag = "care", params(("id" = SpendingId, Path)), request_body = Judgement, responses((status = 200, body = Spending)))]
pub(crate) async fn judge(Supervisor(caller): Supervisor, Id(id): Id<SpendingId>, Body(body): Body<Judgement>) -> Outcome<Json<Spending>> {
    let spending = caller.store.spending(id).await?.ok_or_else(|| Failure::new(codes::NOT_FOUND))?;
    if spending.state != SpendingState::Pending {
        return Err(Failure::new(codes::CONFLICT));
    }
    let by = caller.member()?;
    let address = Address::Conversation(spending.conversation);
    let input = Input::SpendingJudged { by, spending, approve: body.approve };
    caller.state.intake.submit(Command { tenant: caller.tenant, address, input, external_id: None, client_id: None, on_behalf_of: None }).await?;
    let verb = if body.approve { "compensation.approved" } else { "compensation.declined" };
    caller.audit(verb, id, "").await?;
    let settled = caller.store.spending(id).await?.ok_or_else(|| Failure::new(codes::NOT_FOUND))?;
    Ok(Json(settled))
}
