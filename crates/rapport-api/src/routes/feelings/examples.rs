//! Sentences with the state that they show: written, imported, taken from what a consenting customer said; live at once.

use axum::{Json, extract::DefaultBodyLimit, http::StatusCode};
use rapport_model::{
    ContactId, ExampleSource, FEELING_CHARS_MAX, FEELING_EXAMPLES_MAX, Fault, FeelingExample, FeelingExampleId, FeelingLessons, FeelingState, FeelingsSaid, codes,
    teach_feeling,
};
use rapport_ports::{Expect, FeelingText, Record, Records as _, SINGLE, parse_record};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::Router;
use crate::{
    caller::{Caller, Supervisor},
    configuration::{Page, bounded},
    extract::{Body, Id, Params, Raw},
    failure::{Failure, Outcome},
};

/// Texts of one request.
const TEXTS_MAX: usize = 500;
/// How often a change is made again when somebody else changed the list meanwhile.
const ATTEMPTS_MAX: u32 = 8;
/// Largest file of examples. Units: bytes.
const FILE_BYTES_MAX: usize = 10 * 1024 * 1024;
const LIMIT: u32 = 50;
const LIMIT_MAX: u32 = 200;

/// Those that members wrote or imported, and those that customers said.
pub(super) async fn all(caller: &Caller) -> Outcome<Vec<FeelingExample>> {
    let lessons: FeelingLessons = caller.store.get(SINGLE).await?.unwrap_or_default();
    let mut all = lessons.examples;
    all.extend(caller.store.list::<FeelingsSaid>().await?.into_iter().flat_map(|it| it.examples));
    Ok(all)
}

#[derive(Deserialize, utoipa::IntoParams)]
pub(crate) struct Query {
    #[serde(default)]
    #[param(inline)]
    state: Option<FeelingState>,
    /// Found in the text.
    #[serde(default)]
    q: Option<String>,
    /// `next` of the page before.
    #[serde(default)]
    before: Option<FeelingExampleId>,
    #[serde(default)]
    limit: Option<u32>,
}

/// Newest first.
#[utoipa::path(get, path = "/feelings/examples", tag = "feelings", params(Query), responses((status = 200, body = Page<FeelingExample>)))]
pub(crate) async fn list(Supervisor(caller): Supervisor, Params(query): Params<Query>) -> Outcome<Json<Page<FeelingExample>>> {
    let wanted = query.q.as_deref().map(|it| bounded("q", it, FEELING_CHARS_MAX)).transpose()?.unwrap_or_default().trim().to_lowercase();
    let mut items = all(&caller).await?;
    items.retain(|it| query.state.is_none_or(|state| it.state == state) && it.text.to_lowercase().contains(&wanted) && query.before.is_none_or(|before| it.id < before));
    items.sort_by_key(|it| std::cmp::Reverse(it.id));
    let limit = usize::try_from(query.limit.unwrap_or(LIMIT).clamp(1, LIMIT_MAX)).unwrap_or(usize::MAX);
    let more = items.len() > limit;
    items.truncate(limit);
    let next = items.last().filter(|_| more).map(|it| it.id.to_string());
    Ok(Json(Page { items, next }))
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct Lesson {
    texts: Vec<String>,
    state: FeelingState,
    #[serde(default)]
    anxious: bool,
    #[serde(default)]
    urgent: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct TaughtFeelings {
    /// New, or with another state than before.
    taught: usize,
    /// Taught so already.
    known: usize,
}

/// Personal data is masked. A text that was taught with another state has this one from now on. Read so from the next message on.
#[utoipa::path(post, path = "/feelings/examples", tag = "feelings", request_body = Lesson, responses((status = 200, body = TaughtFeelings)))]
pub(crate) async fn add(Supervisor(caller): Supervisor, Body(body): Body<Lesson>) -> Outcome<Json<TaughtFeelings>> {
    if body.texts.is_empty() || body.texts.len() > TEXTS_MAX {
        return Err(Failure::field(format!("texts: 1 to {TEXTS_MAX}")));
    }
    let of = |text: &String| Ok(FeelingText { text: example_text(&caller, text)?, state: body.state, anxious: body.anxious, urgent: body.urgent });
    let texts = body.texts.iter().map(of).collect::<Outcome<Vec<_>>>()?;
    let outcome = teach(&caller, &texts, ExampleSource::Taught).await?;
    caller.audit("feeling.taught", "", format!("{} examples", outcome.taught)).await?;
    caller.state.feelings.taught(caller.tenant).await?;
    Ok(Json(outcome))
}

pub(super) fn import_router() -> Router {
    Router::new().routes(routes!(import)).layer(DefaultBodyLimit::max(FILE_BYTES_MAX))
}

/// The body is the file: CSV, TSV, JSON lines or a JSON array, with `text` and `label`: one of `calm`, `concerned`, `upset`, `angry`, and beside it, separated by
/// `|`, `anxious` or `urgent`. Errors: `import.bad_line` with the line in `detail`; then nothing was imported.
#[utoipa::path(
    post,
    path = "/feelings/import",
    tag = "feelings",
    request_body(content = String, content_type = "application/octet-stream"),
    responses((status = 200, body = TaughtFeelings))
)]
pub(crate) async fn import(Supervisor(caller): Supervisor, Raw(content): Raw) -> Outcome<Json<TaughtFeelings>> {
    let found = caller.state.feelings.read_examples(content).await?;
    let outcome = teach(&caller, &found, ExampleSource::Imported).await?;
    caller.audit("feeling.imported", "", format!("{} examples", outcome.taught)).await?;
    caller.state.feelings.taught(caller.tenant).await?;
    Ok(Json(outcome))
}

#[utoipa::path(delete, path = "/feelings/examples/{id}", tag = "feelings", params(("id" = FeelingExampleId, Path)), responses((status = 204)))]
pub(crate) async fn remove(Supervisor(caller): Supervisor, Id(id): Id<FeelingExampleId>) -> Outcome<StatusCode> {
    let without = |examples: &mut Vec<FeelingExample>| {
        let before = examples.len();
        examples.retain(|it| it.id != id);
        examples.len() < before
    };
    let lessons: FeelingLessons = caller.store.get(SINGLE).await?.unwrap_or_default();
    if lessons.examples.iter().any(|it| it.id == id) {
        change::<FeelingLessons>(&caller, SINGLE, FeelingLessons::default, |it| without(&mut it.examples).then_some(()).ok_or_else(|| Failure::new(codes::NOT_FOUND))).await?;
    } else {
        let said = caller.store.list::<FeelingsSaid>().await?.into_iter().find(|it| it.examples.iter().any(|it| it.id == id));
        let contact = said.ok_or_else(|| Failure::new(codes::NOT_FOUND))?.contact;
        let nothing = || FeelingsSaid { contact, examples: Vec::new() };
        change::<FeelingsSaid>(&caller, *contact.as_bytes(), nothing, |it| without(&mut it.examples).then_some(()).ok_or_else(|| Failure::new(codes::NOT_FOUND))).await?;
    }
    caller.audit("feeling.untaught", id, "").await?;
    caller.state.feelings.taught(caller.tenant).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// On one line, masked. Errors: `input.bad_field`.
fn example_text(caller: &Caller, text: &str) -> Outcome<String> {
    caller.state.feelings.example_text(text).ok_or_else(|| Failure::field(format!("texts: 1 to {FEELING_CHARS_MAX} characters each")))
}

async fn teach(caller: &Caller, texts: &[FeelingText], source: ExampleSource) -> Outcome<TaughtFeelings> {
    let at = caller.state.clock.now();
    let mut ids = caller.state.entropy.ids(at);
    let made: Vec<FeelingExample> = texts
        .iter()
        .map(|it| FeelingExample { id: ids.next(), text: it.text.clone(), state: it.state, anxious: it.anxious, urgent: it.urgent, source, said: None, at })
        .collect();
    let mut taught = 0;
    change::<FeelingLessons>(caller, SINGLE, FeelingLessons::default, |lessons| {
        taught = made.iter().filter(|it| teach_feeling(&mut lessons.examples, (*it).clone())).count();
        if lessons.examples.len() > FEELING_EXAMPLES_MAX { Err(Failure::field(format!("at most {FEELING_EXAMPLES_MAX} examples"))) } else { Ok(()) }
    })
    .await?;
    Ok(TaughtFeelings { taught, known: texts.len().saturating_sub(taught) })
}

/// What a customer said becomes an example. Errors: `feeling.no_consent`, where their consent ended meanwhile; `input.bad_field`.
pub(crate) async fn teach_said(caller: &Caller, contact: ContactId, text: &str, mut example: FeelingExample) -> Outcome<FeelingExample> {
    example.text = example_text(caller, text)?;
    let nothing = || FeelingsSaid { contact, examples: Vec::new() };
    let mut kept = example.clone();
    change::<FeelingsSaid>(caller, *contact.as_bytes(), nothing, |said| {
        teach_feeling(&mut said.examples, example.clone());
        if let Some(it) = said.examples.iter().find(|it| it.text == example.text) {
            kept.clone_from(it);
        }
        if said.examples.len() > TEXTS_MAX { Err(Failure::field(format!("at most {TEXTS_MAX} examples of one customer"))) } else { Ok(()) }
    })
    .await?;
    Ok(kept)
}

/// Reads, changes and writes; again where somebody else wrote meanwhile. What is not there yet begins as `nothing`.
async fn change<T: Record>(caller: &Caller, id: [u8; 16], nothing: impl Fn() -> T, mut by: impl FnMut(&mut T) -> Outcome<()>) -> Outcome<()> {
    for _ in 0..ATTEMPTS_MAX {
        let stored = caller.store.record(T::KIND, id).await?;
        let (mut record, expect) = match &stored {
            Some(stored) => (parse_record(stored)?, Expect::Version(stored.version)),
            None => (nothing(), Expect::New),
        };
        by(&mut record)?;
        match caller.store.put(&record, expect).await {
            Ok(_version) => return Ok(()),
            // Somebody else made it, changed it, or a withdrawal took it away.
            Err(fault) if [codes::CONFLICT.code, codes::NOT_FOUND.code].contains(&fault.kind.code) => {}
            Err(fault) => return Err(fault.into()),
        }
    }
    Err(Fault::new(codes::CONFLICT).into())
}
