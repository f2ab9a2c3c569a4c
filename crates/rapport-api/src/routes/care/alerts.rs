//! Conversations that a supervisor should look at.

use axum::{Json, http::StatusCode};
use rapport_model::{Bilingual, CareRule, CareRuleId, ContactId, ConversationId, Timestamp};
use rapport_ports::Records as _;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    caller::Supervisor,
    configuration::Items,
    extract::Id,
    failure::Outcome,
    routes::conversations::{decisions::Explained, find},
};

#[derive(Serialize, ToSchema)]
pub(crate) struct AlertLine {
    conversation: ConversationId,
    number: u64,
    contact: ContactId,
    /// Empty where nobody knows it.
    contact_name: String,
    at: Timestamp,
    rule: CareRuleId,
    rule_name: Bilingual,
    reasons: Vec<Explained>,
}

/// Those that nobody has seen yet, newest first.
#[utoipa::path(get, path = "/care/alerts", tag = "care", responses((status = 200, body = Items<AlertLine>)))]
pub(crate) async fn list(Supervisor(caller): Supervisor) -> Outcome<Json<Items<AlertLine>>> {
    let mut items = Vec::new();
    for it in caller.store.alerts().await? {
        let contact_name = caller.store.contact(it.contact).await?.map(|it| it.name).unwrap_or_default();
        let rule_name = caller.store.get::<CareRule>(*it.rule.as_bytes()).await?.map(|it| it.name).unwrap_or_default();
        let reasons = it.reasons.into_iter().map(|it| Explained::new(it, caller.locale)).collect();
        items.push(AlertLine { conversation: it.conversation, number: it.number, contact: it.contact, contact_name, at: it.at, rule: it.rule, rule_name, reasons });
    }
    Ok(Json(Items { items }))
}

/// Seen for all supervisors; seeing it twice changes nothing.
#[utoipa::path(post, path = "/care/alerts/{id}/seen", tag = "care", params(("id" = ConversationId, Path)), responses((status = 204)))]
pub(crate) async fn see(Supervisor(caller): Supervisor, Id(conversation): Id<ConversationId>) -> Outcome<StatusCode> {
    find(&caller, conversation).await?;
    if caller.store.see_alert(conversation).await? {
        caller.audit("care_alert.seen", conversation, "").await?;
    }
    Ok(StatusCode::NO_CONTENT)
}
