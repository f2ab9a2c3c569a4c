//! Examples of an intent: added and taken away one change at a time, live at once.

use axum::{Json, http::StatusCode};
use rapport_model::{ExampleSource, Fault, Intent, IntentId, codes};
use rapport_ports::{Expect, Records as _, parse_record};
use serde::Deserialize;
use utoipa::ToSchema;

use super::IntentRow;
use crate::{
    caller::{Caller, Supervisor},
    configuration::Versioned,
    extract::{Body, Id, Numbered},
    failure::{Failure, Outcome},
};

pub(super) const EXAMPLE_CHARS_MAX: usize = 1_000;
pub(super) const EXAMPLES_MAX: usize = 5_000;
/// Texts of one request.
const TEXTS_MAX: usize = 500;
/// How often a change is made again when somebody else changed the intent meanwhile.
const ATTEMPTS_MAX: u32 = 8;

#[derive(Deserialize, ToSchema)]
pub(crate) struct Texts {
    texts: Vec<String>,
}

/// Texts that the intent has already are passed over.
#[utoipa::path(post, path = "/intents/{id}/examples", tag = "intents", params(("id" = IntentId, Path)), request_body = Texts, responses((status = 200, body = IntentRow)))]
pub(crate) async fn add(Supervisor(caller): Supervisor, Id(id): Id<IntentId>, Body(body): Body<Texts>) -> Outcome<Json<IntentRow>> {
    if body.texts.is_empty() || body.texts.len() > TEXTS_MAX {
        return Err(Failure::field(format!("texts: 1 to {TEXTS_MAX}")));
    }
    let texts = body.texts.iter().map(|it| example_text(it)).collect::<Outcome<Vec<_>>>()?;
    let (intent, added) = teach(&caller, id, &texts, ExampleSource::Taught).await?;
    caller.audit("intent.taught", id, format!("{added} examples")).await?;
    caller.state.intents.taught(caller.tenant).await?;
    Ok(Json(IntentRow::new(intent, false)))
}

#[utoipa::path(delete, path = "/intents/{id}/examples/{n}", tag = "intents", params(("id" = IntentId, Path), ("n" = u32, Path)), responses((status = 204)))]
pub(crate) async fn remove(Supervisor(caller): Supervisor, Numbered(id, n): Numbered<IntentId, u32>) -> Outcome<StatusCode> {
    change(&caller, id, |intent| if intent.unteach(n) { Ok(()) } else { Err(Failure::new(codes::NOT_FOUND)) }).await?;
    caller.audit("intent.untaught", id, format!("example {n}")).await?;
    caller.state.intents.taught(caller.tenant).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// One line of 1 to 1,000 characters; line breaks become spaces.
pub(crate) fn example_text(text: &str) -> Outcome<String> {
    let text: String = text.chars().map(|it| if it.is_control() { ' ' } else { it }).collect();
    let text = text.trim();
    let fits = !text.is_empty() && text.chars().nth(EXAMPLE_CHARS_MAX).is_none();
    if fits { Ok(text.to_owned()) } else { Err(Failure::field(format!("texts: 1 to {EXAMPLE_CHARS_MAX} characters each"))) }
}

/// Adds texts; how many were new.
pub(crate) async fn teach(caller: &Caller, id: IntentId, texts: &[String], source: ExampleSource) -> Outcome<(Versioned<Intent>, usize)> {
    let at = caller.state.clock.now();
    let mut added = 0;
    let intent = change(caller, id, |intent| {
        added = texts.iter().filter(|it| intent.teach(it, source, at).is_some()).count();
        if intent.examples.len() > EXAMPLES_MAX { Err(Failure::field(format!("at most {EXAMPLES_MAX} examples an intent"))) } else { Ok(()) }
    });
    Ok((intent.await?, added))
}

/// Reads, changes and writes; again where somebody else wrote meanwhile.
pub(crate) async fn change(caller: &Caller, id: IntentId, mut by: impl FnMut(&mut Intent) -> Outcome<()> + Send) -> Outcome<Versioned<Intent>> {
    for _ in 0..ATTEMPTS_MAX {
        let stored = caller.store.record("intent", *id.as_bytes()).await?.ok_or_else(|| Failure::new(codes::NOT_FOUND))?;
        let mut intent: Intent = parse_record(&stored)?;
        by(&mut intent)?;
        match caller.store.put(&intent, Expect::Version(stored.version)).await {
            Ok(version) => return Ok(Versioned { version, record: intent }),
            Err(fault) if fault.kind.code == codes::CONFLICT.code => {}
            Err(fault) => return Err(fault.into()),
        }
    }
    Err(Fault::new(codes::CONFLICT).into())
}
