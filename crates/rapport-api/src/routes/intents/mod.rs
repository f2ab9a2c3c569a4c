//! Intents: named, taught by examples, tried, imported, measured.

mod examples;
mod transfer;

use axum::{Json, http::StatusCode};
use rapport_model::{Bilingual, ExampleSource, Intent, IntentId, IntentReport, Timestamp, Understanding, codes};
use rapport_ports::{Expect, Records as _};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

pub(crate) use self::examples::{change, example_text, teach};
use super::{Router, models::ModelView};
use crate::{
    caller::{Agent, Caller, Supervisor},
    configuration::{self, Versioned, bounded, needed},
    extract::{Body, Id, IfMatch, Params},
    failure::{Failure, Outcome},
};

const NAME_CHARS_MAX: usize = 60;
const REPLY_CHARS_MAX: usize = 4_000;
const INTENTS_MAX: usize = 1_000;
/// Longest text that is assessed. Units: characters.
const TEXT_CHARS_MAX: usize = 8_000;

pub(super) fn router() -> Router {
    Router::new()
        .routes(routes!(list, create))
        .routes(routes!(get, save, remove))
        .routes(routes!(examples::add))
        .routes(routes!(examples::remove))
        .routes(routes!(try_out))
        .routes(routes!(report))
        .routes(routes!(train))
        .routes(routes!(transfer::export))
        .merge(transfer::router())
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct IntentBody {
    name: String,
    #[serde(default)]
    description: String,
    /// What the bot answers; without it, or with both texts empty, the knowledge answers.
    #[serde(default)]
    reply: Option<Bilingual>,
    #[serde(default = "enabled")]
    enabled: bool,
}

fn enabled() -> bool {
    true
}

impl IntentBody {
    /// `old`: what is kept of it.
    fn checked(self, id: IntentId, old: Option<Intent>) -> Outcome<Intent> {
        let reply = match self.reply {
            Some(it) => Some(Bilingual::new(bounded("reply", it.zh.trim(), REPLY_CHARS_MAX)?, bounded("reply", it.en.trim(), REPLY_CHARS_MAX)?)),
            None => None,
        };
        let (examples, examples_made) = old.map(|it| (it.examples, it.examples_made)).unwrap_or_default();
        Ok(Intent {
            id,
            name: name(&self.name)?,
            description: bounded("description", self.description.trim(), 500)?,
            examples,
            reply: reply.filter(|it| !it.zh.is_empty() || !it.en.is_empty()),
            enabled: self.enabled,
            examples_made,
        })
    }
}

/// A bar separates labels in files of examples.
fn name(text: &str) -> Outcome<String> {
    let name = needed("name", text, NAME_CHARS_MAX)?;
    if name.contains('|') { Err(Failure::field("name: without |")) } else { Ok(name) }
}

#[derive(Deserialize, utoipa::IntoParams)]
pub(crate) struct Detail {
    /// Leaves the examples out; `counts` says how many there are.
    #[serde(default)]
    brief: bool,
}

#[derive(Clone, Copy, Default, Serialize, ToSchema)]
pub(crate) struct ExampleCounts {
    examples: usize,
    taught: usize,
    imported: usize,
    corrected: usize,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct IntentRow {
    #[serde(flatten)]
    intent: Versioned<Intent>,
    counts: ExampleCounts,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct TrainingView {
    running: bool,
    /// By the time that it should take, 0 to 1.
    done_share: f32,
    since: Timestamp,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct IntentList {
    /// By name.
    intents: Vec<IntentRow>,
    /// The live one.
    model: Option<ModelView>,
    /// Whether something is taught that the live model did not learn; fresh examples are understood all the same.
    stale: bool,
    training: Option<TrainingView>,
}

impl IntentRow {
    fn new(mut intent: Versioned<Intent>, brief: bool) -> Self {
        let of = |source: ExampleSource| intent.record.examples.iter().filter(|it| it.source == source).count();
        let counts = ExampleCounts {
            examples: intent.record.examples.len(),
            taught: of(ExampleSource::Taught),
            imported: of(ExampleSource::Imported),
            corrected: of(ExampleSource::Corrected),
        };
        if brief {
            intent.record.examples = Vec::new();
        }
        Self { intent, counts }
    }
}

/// The intent of the name `oos` holds texts that are out of scope.
#[utoipa::path(get, path = "/intents", tag = "intents", params(Detail), responses((status = 200, body = IntentList)))]
pub(crate) async fn list(Agent(caller): Agent, Params(detail): Params<Detail>) -> Outcome<Json<IntentList>> {
    let teaching = caller.state.intents.teaching(caller.tenant).await?;
    let mut intents = configuration::list::<Intent>(&caller).await?;
    intents.sort_by(|a, b| a.record.name.cmp(&b.record.name));
    Ok(Json(IntentList {
        intents: intents.into_iter().map(|it| IntentRow::new(it, detail.brief)).collect(),
        model: teaching.live.map(ModelView::from),
        stale: teaching.stale,
        training: teaching.training.map(|it| TrainingView { running: true, done_share: it.done_share, since: it.since }),
    }))
}

#[utoipa::path(get, path = "/intents/{id}", tag = "intents", params(("id" = IntentId, Path)), responses((status = 200, body = IntentRow)))]
pub(crate) async fn get(Agent(caller): Agent, Id(id): Id<IntentId>) -> Outcome<Json<IntentRow>> {
    Ok(Json(IntentRow::new(configuration::get(&caller, *id.as_bytes()).await?, false)))
}

#[utoipa::path(post, path = "/intents", tag = "intents", request_body = IntentBody, responses((status = 200, body = IntentRow)))]
pub(crate) async fn create(Supervisor(caller): Supervisor, Body(body): Body<IntentBody>) -> Outcome<Json<IntentRow>> {
    if caller.store.list::<Intent>().await?.len() >= INTENTS_MAX {
        return Err(Failure::field(format!("at most {INTENTS_MAX} intents")));
    }
    let id = caller.state.entropy.ids(caller.state.clock.now()).next();
    put(&caller, body.checked(id, None)?, Expect::New).await.map(Json)
}

/// Examples stay as they are; they have routes of their own.
#[utoipa::path(put, path = "/intents/{id}", tag = "intents", params(("id" = IntentId, Path)), request_body = IntentBody, responses((status = 200, body = IntentRow)))]
pub(crate) async fn save(Supervisor(caller): Supervisor, Id(id): Id<IntentId>, IfMatch(expect): IfMatch, Body(body): Body<IntentBody>) -> Outcome<Json<IntentRow>> {
    let old = configuration::get::<Intent>(&caller, *id.as_bytes()).await?;
    // Without a version of the caller's it is the one that the examples were read with.
    let expect = if expect == Expect::Any { Expect::Version(old.version) } else { expect };
    put(&caller, body.checked(id, Some(old.record))?, expect).await.map(Json)
}

#[utoipa::path(delete, path = "/intents/{id}", tag = "intents", params(("id" = IntentId, Path)), responses((status = 204)))]
pub(crate) async fn remove(Supervisor(caller): Supervisor, Id(id): Id<IntentId>) -> Outcome<StatusCode> {
    if !caller.store.remove::<Intent>(*id.as_bytes()).await? {
        return Err(Failure::new(codes::NOT_FOUND));
    }
    caller.audit("intent.removed", id, "").await?;
    caller.state.intents.taught(caller.tenant).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Saves it, writes the audit line, and has it understood from the next text on.
async fn put(caller: &Caller, intent: Intent, expect: Expect) -> Outcome<IntentRow> {
    let version = caller.store.put(&intent, expect).await?;
    let verb = if expect == Expect::New { "intent.created" } else { "intent.changed" };
    caller.audit(verb, intent.id, &intent.name).await?;
    caller.state.intents.taught(caller.tenant).await?;
    Ok(IntentRow::new(Versioned { version, record: intent }, false))
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct TextBody {
    text: String,
}

/// What the bot would understand now, and why. Changes nothing.
#[utoipa::path(post, path = "/intents/try", tag = "intents", request_body = TextBody, responses((status = 200, body = Understanding)))]
pub(crate) async fn try_out(Agent(caller): Agent, Body(body): Body<TextBody>) -> Outcome<Json<Understanding>> {
    let text = bounded("text", &body.text, TEXT_CHARS_MAX)?;
    Ok(Json(caller.state.intents.understand(caller.tenant, &text).await?))
}

/// What the live model got right and wrong of examples held aside; `null` while there is none.
#[utoipa::path(get, path = "/intents/report", tag = "intents", responses((status = 200, body = Option<IntentReport>)))]
pub(crate) async fn report(Agent(caller): Agent) -> Outcome<Json<Option<IntentReport>>> {
    Ok(Json(caller.state.intents.report(caller.tenant).await?))
}

#[derive(Deserialize, utoipa::IntoParams)]
pub(crate) struct Waiting {
    /// Answers when the training is done.
    #[serde(default)]
    wait: bool,
}

/// Trains a model of what is taught now, whether or not that is known already. 202: begun; 200: done. Errors: `intent.nothing_taught`.
#[utoipa::path(post, path = "/intents/train", tag = "intents", params(Waiting), responses((status = 202), (status = 200)))]
pub(crate) async fn train(Supervisor(caller): Supervisor, Params(waiting): Params<Waiting>) -> Outcome<StatusCode> {
    caller.audit("intent.training_asked", "", "").await?;
    caller.state.intents.train(caller.tenant, waiting.wait).await?;
    Ok(if waiting.wait { StatusCode::OK } else { StatusCode::ACCEPTED })
}
