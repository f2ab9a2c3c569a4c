//! What must be allowed and what refused: for each action a request that is allowed, and what changes when one thing in it changes.

use rapport_ethics::PlainRequest;
use serde_json::{Value, json};

/// Each action, and the one office that may do it.
pub(crate) const ACTIONS: [(&str, &str); 14] = [
    ("infer_emotion", "care"),
    ("soothe", "care"),
    ("prioritise", "care"),
    ("route_skill", "care"),
    ("alert_supervisor", "care"),
    ("offer_callback", "care"),
    ("compensate", "care"),
    ("marketing_push", "commerce"),
    ("price_offer", "commerce"),
    ("upsell", "commerce"),
    ("recommend_product", "commerce"),
    ("collection_contact", "collections"),
    ("export", "privacy"),
    ("erase", "privacy"),
];
const CARE: [&str; 6] = ["soothe", "prioritise", "route_skill", "alert_supervisor", "offer_callback", "compensate"];
const COMMERCE: [&str; 4] = ["marketing_push", "price_offer", "upsell", "recommend_product"];

#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) request: PlainRequest,
    /// Ids of the policies that refuse, sorted; empty: it is allowed.
    pub(crate) refused_by: Vec<String>,
}

/// Everybody agreed to everything, and nothing is wrong.
pub(crate) fn allowed_request(action: &str) -> PlainRequest {
    let office = ACTIONS.iter().find(|(name, _)| *name == action).expect("an action of the table").1;
    let commerce = json!({"derived_from": ["campaign"], "customer_state": "", "minutes_since_state": 0, "opted_out": false});
    let with = |mut value: Value, more: Value| {
        value.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        value
    };
    let care = json!({"tenant_switch": true, "derived_from": ["emotion", "words"]});
    let context = match action {
        "infer_emotion" => json!({"tenant_switch": true}),
        "compensate" => with(care, json!({"amount_minor": 500, "budget_left_minor": 2_000, "approval_above_minor": 1_000, "approved": false})),
        "marketing_push" => with(commerce, json!({"tenant_switch": true, "local_hour": 12})),
        "price_offer" | "upsell" => commerce,
        "recommend_product" => with(commerce, json!({"risk_rank": 2, "investor_rank": 3, "assessment_age_days": 30})),
        "collection_contact" => json!({"derived_from": ["service"], "local_hour": 12, "agreed_hours": false, "calls_today": 0, "is_debtor": true}),
        "export" => json!({"identity_verified": true}),
        "erase" => json!({"identity_verified": true, "legal_hold": false}),
        _ => care,
    };
    let person = json!({"role": "customer", "consents": ["emotion:care", "contact:proactive", "profile"]});
    PlainRequest { office: office.into(), action: action.into(), person, context }
}

/// `changes`: fields of the context, or of the person where it has one of that name.
fn row(action: &str, changes: Value, refused_by: &[&str]) -> Row {
    let mut request = allowed_request(action);
    for (field, value) in changes.as_object().expect("an object") {
        let target = if ["role", "consents"].contains(&field.as_str()) { &mut request.person } else { &mut request.context };
        let before = target.as_object_mut().expect("an object").insert(field.clone(), value.clone());
        assert!(before.is_some(), "{action} has no {field}");
    }
    Row { request, refused_by: refused_by.iter().map(|it| (*it).to_owned()).collect() }
}

pub(crate) fn rows() -> Vec<Row> {
    let mut rows: Vec<_> = ACTIONS.iter().map(|(action, _)| row(action, json!({}), &[])).collect();
    rows.extend(feelings());
    rows.extend(CARE.into_iter().flat_map(care));
    rows.extend(compensation());
    rows.extend(COMMERCE.into_iter().flat_map(commerce));
    rows.extend(marketing_and_prices());
    rows.extend(recommendation());
    rows.extend(collection());
    rows.extend(rights());
    rows
}

fn feelings() -> [Row; 7] {
    [
        row("infer_emotion", json!({"tenant_switch": false}), &["emotion.tenant_off"]),
        row("infer_emotion", json!({"consents": []}), &["emotion.no_consent"]),
        row("infer_emotion", json!({"consents": ["contact:proactive", "profile"]}), &["emotion.no_consent"]),
        row("infer_emotion", json!({"consents": ["emotion:care"]}), &[]),
        row("infer_emotion", json!({"role": "agent"}), &["emotion.staff_or_pupil"]),
        row("infer_emotion", json!({"role": "pupil"}), &["emotion.staff_or_pupil"]),
        row("infer_emotion", json!({"role": "agent", "consents": [], "tenant_switch": false}), &["emotion.no_consent", "emotion.staff_or_pupil", "emotion.tenant_off"]),
    ]
}

fn care(action: &str) -> Vec<Row> {
    vec![
        row(action, json!({"tenant_switch": false}), &["care.feeling_without_switch"]),
        row(action, json!({"consents": []}), &["care.feeling_without_consent"]),
        row(action, json!({"role": "agent"}), &["care.feeling_of_staff_or_pupil"]),
        row(action, json!({"role": "pupil"}), &["care.feeling_of_staff_or_pupil"]),
        // What rests on words and deadlines alone needs none of it.
        row(action, json!({"derived_from": ["words", "service"], "tenant_switch": false, "consents": [], "role": "pupil"}), &[]),
    ]
}

fn compensation() -> [Row; 8] {
    [
        row("compensate", json!({"amount_minor": 0}), &["compensation.over_budget"]),
        row("compensate", json!({"amount_minor": -1}), &["compensation.over_budget"]),
        row("compensate", json!({"amount_minor": 1_000}), &[]),
        row("compensate", json!({"amount_minor": 1_001}), &["compensation.needs_approval"]),
        row("compensate", json!({"amount_minor": 2_000, "approved": true}), &[]),
        row("compensate", json!({"amount_minor": 2_001, "approved": true}), &["compensation.over_budget"]),
        row("compensate", json!({"amount_minor": 2_001}), &["compensation.needs_approval", "compensation.over_budget"]),
        row("compensate", json!({"budget_left_minor": 0}), &["compensation.over_budget"]),
    ]
}

fn commerce(action: &str) -> Vec<Row> {
    let of_person: &[&str] = if action == "price_offer" { &["price.from_person"] } else { &[] };
    let and = |id: &'static str| [&[id], of_person].concat();
    let mut rows = vec![
        row(action, json!({"derived_from": ["campaign", "emotion"]}), &and("commerce.from_emotion")),
        row(action, json!({"opted_out": true}), &["commerce.opted_out"]),
        row(action, json!({"derived_from": ["profile"], "consents": ["contact:proactive"]}), &and("commerce.profile_without_consent")),
        row(action, json!({"derived_from": ["profile"]}), of_person),
        row(action, json!({"customer_state": "calm"}), &[]),
        row(action, json!({"customer_state": "concerned"}), &[]),
    ];
    for state in ["anxious", "upset", "angry", "grief", "hardship"] {
        for minutes in [-5, 0, 1_439] {
            rows.push(row(action, json!({"customer_state": state, "minutes_since_state": minutes}), &["commerce.after_heavy_moment"]));
        }
        rows.push(row(action, json!({"customer_state": state, "minutes_since_state": 1_440}), &[]));
    }
    rows
}

fn marketing_and_prices() -> Vec<Row> {
    let mut rows = vec![
        row("marketing_push", json!({"tenant_switch": false}), &["marketing.tenant_off"]),
        row("marketing_push", json!({"consents": ["emotion:care", "profile"]}), &["marketing.no_consent"]),
        row("price_offer", json!({"derived_from": ["price_list", "tier", "campaign", "quantity"]}), &[]),
        row("price_offer", json!({"derived_from": ["purchases"]}), &["price.from_person"]),
        row("price_offer", json!({"derived_from": ["segment"]}), &["price.from_person"]),
        row("price_offer", json!({"derived_from": []}), &[]),
    ];
    for (hour, refused_by) in [(0, true), (7, true), (8, false), (21, false), (22, true), (23, true)] {
        rows.push(row("marketing_push", json!({"local_hour": hour}), if refused_by { &["marketing.at_night"] } else { &[] }));
    }
    rows
}

/// Every product with every investor, and how long an assessment holds.
fn recommendation() -> Vec<Row> {
    let mut rows = Vec::new();
    for risk in 1..=5 {
        for investor in 1..=5 {
            let refused_by: &[&str] = if risk > investor { &["recommendation.unsuitable"] } else { &[] };
            rows.push(row("recommend_product", json!({"risk_rank": risk, "investor_rank": investor}), refused_by));
        }
    }
    rows.push(row("recommend_product", json!({"assessment_age_days": 365}), &[]));
    rows.push(row("recommend_product", json!({"assessment_age_days": 366}), &["recommendation.assessment_too_old"]));
    rows.push(row("recommend_product", json!({"risk_rank": 0, "investor_rank": 0, "assessment_age_days": 9_999}), &[]));
    rows
}

fn collection() -> Vec<Row> {
    let mut rows = vec![
        row("collection_contact", json!({"derived_from": ["emotion"]}), &["collection.from_emotion"]),
        row("collection_contact", json!({"calls_today": 2}), &[]),
        row("collection_contact", json!({"calls_today": 3}), &["collection.too_often"]),
        row("collection_contact", json!({"is_debtor": false}), &["collection.third_party"]),
        row("collection_contact", json!({"local_hour": 23, "agreed_hours": true}), &[]),
    ];
    for hour in 0..24 {
        let refused_by: &[&str] = if (8..22).contains(&hour) { &[] } else { &["collection.at_night"] };
        rows.push(row("collection_contact", json!({"local_hour": hour}), refused_by));
    }
    rows
}

fn rights() -> [Row; 4] {
    [
        row("export", json!({"identity_verified": false}), &["rights.unverified"]),
        row("erase", json!({"identity_verified": false}), &["rights.unverified"]),
        row("erase", json!({"legal_hold": true}), &["rights.legal_hold"]),
        row("export", json!({"role": "agent", "consents": []}), &[]),
    ]
}
