//! What was understood of a customer's message, and one click that says what it should have been.

use axum::Json;
use rapport_model::{Content, ConversationId, Event, ExampleSource, Intent, IntentExample, IntentId, OUT_OF_SCOPE, Seq, Understanding, codes};
use rapport_ports::{Expect, JournalScope, Records as _};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::find;
use crate::{
    caller::{Agent, Caller},
    extract::{Body, Id, Numbered, Params},
    failure::{Failure, Outcome},
    masking,
    routes::intents::{change, example_text, teach},
};

/// How many entries are looked through for the newest text.
const LOOKED_AT: u32 = 100;

#[derive(Deserialize, utoipa::IntoParams)]
pub(crate) struct Of {
    /// Number of the customer's message; without it the newest text.
    #[serde(default)]
    seq: Option<u64>,
}

/// Assessed anew with what is taught now; what was understood then is among the reasons of the decision.
#[utoipa::path(get, path = "/conversations/{id}/understanding", tag = "conversations", params(("id" = ConversationId, Path), Of), responses((status = 200, body = Understanding)))]
pub(crate) async fn show(Agent(caller): Agent, Id(id): Id<ConversationId>, Params(of): Params<Of>) -> Outcome<Json<Understanding>> {
    find(&caller, id).await?;
    let text = match of.seq {
        Some(seq) => said(&caller, id, Seq(seq)).await?,
        None => newest(&caller, id).await?,
    };
    // Its pieces would not be found any more where the whole is.
    let text = if caller.sees_personal_data { text } else { masking::text(&text) };
    Ok(Json(caller.state.intents.understand(caller.tenant, &text).await?))
}

/// What the customer wrote last, of the newest entries. Errors: `not_found`.
async fn newest(caller: &Caller, id: ConversationId) -> Outcome<String> {
    let entries = caller.store.entries_before(JournalScope::Conversation(id), Seq(u64::MAX >> 1), LOOKED_AT).await?;
    entries.into_iter().find_map(|it| text_of(it.event)).ok_or_else(|| Failure::new(codes::NOT_FOUND))
}

fn text_of(event: Event) -> Option<String> {
    let Event::MessageReceived { message } = event else { return None };
    if let Content::Text { text } = message.content { Some(text) } else { None }
}

/// The customer's text under this number. Errors: `not_found`, `intent.not_a_text`.
pub(super) async fn said(caller: &Caller, id: ConversationId, seq: Seq) -> Outcome<String> {
    let entries = caller.store.entries_after(JournalScope::Conversation(id), Seq(seq.0.saturating_sub(1)), 1).await?;
    let entry = entries.into_iter().next().filter(|it| it.seq == seq).ok_or_else(|| Failure::new(codes::NOT_FOUND))?;
    text_of(entry.event).ok_or_else(|| Failure::new(codes::NOT_A_TEXT))
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct Correction {
    /// `null`: it is about nothing the firm deals with.
    intent: Option<IntentId>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Corrected {
    intent: IntentId,
    /// As it was taken, with personal data masked.
    example: IntentExample,
}

/// Makes the message an example of the intent, and takes it from any other. Errors: `intent.not_a_text`.
#[utoipa::path(
    post,
    path = "/conversations/{id}/entries/{seq}/intent",
    tag = "conversations",
    params(("id" = ConversationId, Path), ("seq" = u64, Path)),
    request_body = Correction,
    responses((status = 200, body = Corrected))
)]
pub(crate) async fn correct(Agent(caller): Agent, Numbered(id, seq): Numbered<ConversationId, u64>, Body(body): Body<Correction>) -> Outcome<Json<Corrected>> {
    find(&caller, id).await?;
    let text = example_text(&caller.state.intents.masked(&said(&caller, id, Seq(seq)).await?))?;
    let intent = match body.intent {
        Some(intent) => intent,
        None => out_of_scope(&caller).await?,
    };
    let taught = teach(&caller, intent, std::slice::from_ref(&text), ExampleSource::Corrected).await?.0;
    forget_elsewhere(&caller, intent, &text).await?;
    let example = taught.record.examples.into_iter().find(|it| it.text == text).ok_or_else(|| Failure::new(codes::INTERNAL))?;
    caller.audit("intent.corrected", intent, format!("conversation {id}, entry {seq}")).await?;
    caller.state.intents.taught(caller.tenant).await?;
    Ok(Json(Corrected { intent, example }))
}

/// What it was taught as before was wrong.
async fn forget_elsewhere(caller: &Caller, intent: IntentId, text: &str) -> Outcome<()> {
    for other in caller.store.list::<Intent>().await?.into_iter().filter(|it| it.id != intent && it.examples.iter().any(|it| it.text == text)) {
        change(caller, other.id, |it| {
            it.examples.retain(|it| it.text != text);
            Ok(())
        })
        .await?;
    }
    Ok(())
}

/// The intent of texts that are out of scope, made where it is missing.
async fn out_of_scope(caller: &Caller) -> Outcome<IntentId> {
    let of_name = async || Ok::<_, Failure>(caller.store.list::<Intent>().await?.into_iter().find(Intent::is_out_of_scope).map(|it| it.id));
    if let Some(id) = of_name().await? {
        return Ok(id);
    }
    let id = caller.state.entropy.ids(caller.state.clock.now()).next();
    match caller.store.put(&Intent::new(id, OUT_OF_SCOPE), Expect::New).await {
        Ok(_) => Ok(id),
        // Two corrected at once.
        Err(fault) => of_name().await?.ok_or_else(|| fault.into()),
    }
}
