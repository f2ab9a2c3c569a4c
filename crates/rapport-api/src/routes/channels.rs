//! What an inbox's channel is configured with, the live check of it, and messages that did not go out.

use std::collections::BTreeMap;

use axum::{Json, http::StatusCode};
use rapport_model::{Bilingual, ChannelKind, ContactId, ConversationId, Effect, EffectId, Fault, Inbox, InboxId, Outcome as Ended, Timestamp, codes};
use rapport_ports::{ChannelField, ChannelSettings};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::Router;
use crate::{
    caller::{Administrator, Caller, Supervisor},
    configuration::{self, Items},
    extract::{Body, Id},
    failure::{Failure, Outcome},
};

/// How many messages that did not go out are listed.
const STUCK_MAX: u32 = 200;

pub(super) fn router() -> Router {
    Router::new().routes(routes!(settings, configure)).routes(routes!(check)).routes(routes!(stuck)).routes(routes!(retry))
}

#[derive(Serialize, ToSchema)]
pub(crate) struct ChannelRow {
    channel: ChannelKind,
    /// What the provider is to be told to call.
    callback_url: String,
    fields: Vec<FieldRow>,
    /// Names of required fields that are missing.
    missing: Vec<String>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct FieldRow {
    name: &'static str,
    label: Bilingual,
    /// Where to find it at the provider.
    hint: Bilingual,
    secret: bool,
    required: bool,
    /// What holds where it is left empty.
    default: &'static str,
    /// Empty for a secret.
    value: String,
    is_set: bool,
}

fn row(it: ChannelSettings) -> ChannelRow {
    let field = |field: &ChannelField| {
        let value = it.values.get(field.name).cloned().unwrap_or_default();
        let is_set = if field.secret { it.secrets_set.iter().any(|set| set == field.name) } else { !value.is_empty() };
        FieldRow {
            name: field.name,
            label: Bilingual::new(field.zh, field.en),
            hint: Bilingual::new(field.hint_zh, field.hint_en),
            secret: field.secret,
            required: field.required,
            default: field.default,
            value: if field.secret { String::new() } else { value },
            is_set,
        }
    };
    ChannelRow { channel: it.kind, callback_url: it.callback_url.clone(), fields: it.fields.iter().map(field).collect(), missing: it.missing.clone() }
}

async fn remote_inbox(caller: &Caller, id: InboxId) -> Outcome<Inbox> {
    let inbox = configuration::get::<Inbox>(caller, *id.as_bytes()).await?.record;
    if inbox.channel.is_remote() { Ok(inbox) } else { Err(Failure::new(codes::NOT_FOUND)) }
}

/// `not_found` for an inbox without a provider, such as the web chat.
#[utoipa::path(get, path = "/inboxes/{id}/channel", tag = "channels", params(("id" = InboxId, Path)), responses((status = 200, body = ChannelRow)))]
pub(crate) async fn settings(Administrator(caller): Administrator, Id(id): Id<InboxId>) -> Outcome<Json<ChannelRow>> {
    let inbox = remote_inbox(&caller, id).await?;
    Ok(Json(row(caller.state.channels.settings(caller.tenant, &inbox).await?)))
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct ChannelBody {
    /// By field. An empty text takes a field away; a field that is not named stays, so that secrets need not be typed again.
    fields: BTreeMap<String, String>,
}

/// Secrets are sealed before they are stored. Errors: `input.bad_field`, `channel.url_refused`.
#[utoipa::path(put, path = "/inboxes/{id}/channel", tag = "channels", params(("id" = InboxId, Path)), request_body = ChannelBody, responses((status = 200, body = ChannelRow)))]
pub(crate) async fn configure(Administrator(caller): Administrator, Id(id): Id<InboxId>, Body(body): Body<ChannelBody>) -> Outcome<Json<ChannelRow>> {
    let inbox = remote_inbox(&caller, id).await?;
    let names: Vec<&str> = body.fields.keys().map(String::as_str).collect();
    let detail = names.join(" ");
    let saved = caller.state.channels.configure(caller.tenant, &inbox, body.fields).await?;
    caller.audit("channel.configured", id, detail).await?;
    Ok(Json(row(saved)))
}

#[derive(Serialize, ToSchema)]
pub(crate) struct CheckRow {
    name: &'static str,
    /// `null`: could not be tried after what failed before.
    passed: Option<bool>,
    said: Bilingual,
}

/// Tries each step against the provider, live.
#[utoipa::path(post, path = "/inboxes/{id}/channel/check", tag = "channels", params(("id" = InboxId, Path)), responses((status = 200, body = Items<CheckRow>)))]
pub(crate) async fn check(Administrator(caller): Administrator, Id(id): Id<InboxId>) -> Outcome<Json<Items<CheckRow>>> {
    let inbox = remote_inbox(&caller, id).await?;
    let steps = caller.state.channels.check(caller.tenant, &inbox).await?;
    Ok(Json(Items { items: steps.into_iter().map(|it| CheckRow { name: it.name, passed: it.passed, said: it.said }).collect() }))
}

/// Something that did not go out.
#[derive(Serialize, ToSchema)]
pub(crate) struct StuckRow {
    id: EffectId,
    /// `message` to a customer, `fact` of a provider.
    kind: &'static str,
    inbox: InboxId,
    #[serde(skip_serializing_if = "Option::is_none")]
    conversation: Option<ConversationId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    contact: Option<ContactId>,
    text: String,
    /// `rejected`, or `unknown`: it may have arrived.
    outcome: &'static str,
    code: String,
    at: Timestamp,
}

#[utoipa::path(get, path = "/deliveries/stuck", tag = "channels", responses((status = 200, body = Items<StuckRow>)))]
pub(crate) async fn stuck(Supervisor(caller): Supervisor) -> Outcome<Json<Items<StuckRow>>> {
    let found = caller.store.stuck_effects(STUCK_MAX).await?;
    let row = |(item, outcome): (rapport_model::OutboxItem, Ended)| {
        let (outcome, code) = match outcome {
            Ended::Rejected { code } => ("rejected", code),
            Ended::Unknown { code } => ("unknown", code),
            Ended::Done | Ended::Retry { .. } => return None,
        };
        let (id, at, conversation) = (item.id, item.created_at, item.conversation);
        match item.effect {
            Effect::Deliver { inbox, contact, message, by_person: _ } => {
                let text = rapport_model::shorten(message.content.plain_text(), 120);
                Some(StuckRow { id, kind: "message", inbox, conversation, contact: Some(contact), text, outcome, code, at })
            }
            Effect::Take { inbox, fact: _ } => Some(StuckRow { id, kind: "fact", inbox, conversation, contact: None, text: String::new(), outcome, code, at }),
            Effect::RouteQueue | Effect::StoreTicket { .. } => None,
        }
    };
    Ok(Json(Items { items: found.into_iter().filter_map(row).collect() }))
}

/// Tries it again now. What may have arrived may then arrive twice: that is the caller's decision. Errors: `not_found`.
#[utoipa::path(post, path = "/deliveries/{id}/retry", tag = "channels", params(("id" = EffectId, Path)), responses((status = 204)))]
pub(crate) async fn retry(Supervisor(caller): Supervisor, Id(id): Id<EffectId>) -> Outcome<StatusCode> {
    if !caller.store.retry_effect(id, caller.state.clock.now()).await? {
        return Err(Fault::new(codes::NOT_FOUND).into());
    }
    caller.audit("delivery.retried", id, "").await?;
    caller.state.channels.wake();
    Ok(StatusCode::NO_CONTENT)
}
