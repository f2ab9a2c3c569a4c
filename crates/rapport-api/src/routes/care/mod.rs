//! Care: the rules and the budget, what was spent, alerts, and what rules would have done.

mod alerts;
mod replay;
mod rules;
mod spending;

use utoipa_axum::routes;

use super::Router;

pub(super) fn router() -> Router {
    Router::new()
        .routes(routes!(rules::list, rules::create))
        .routes(routes!(rules::save, rules::remove))
        .routes(routes!(rules::reset))
        .routes(routes!(spending::budget, spending::save_budget))
        .routes(routes!(spending::list))
        .routes(routes!(spending::judge))
        .routes(routes!(alerts::list))
        .routes(routes!(alerts::see))
        .routes(routes!(replay::replay))
}
