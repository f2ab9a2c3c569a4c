//! Examples from a file and into one.

use std::collections::BTreeMap;

use axum::{
    Json,
    body::Bytes,
    extract::DefaultBodyLimit,
    http::{HeaderName, header},
};
use rapport_model::{ExampleSource, Intent, OUT_OF_SCOPE};
use rapport_ports::{Expect, LabelledText, Records as _};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::{INTENTS_MAX, Router, examples::EXAMPLES_MAX, examples::example_text, name};
use crate::{
    caller::{Agent, Caller, Supervisor},
    extract::Raw,
    failure::{Failure, Outcome},
};

/// Largest file of examples. Units: bytes.
const FILE_BYTES_MAX: usize = 20 * 1024 * 1024;

pub(super) fn router() -> Router {
    Router::new().routes(routes!(import)).layer(DefaultBodyLimit::max(FILE_BYTES_MAX))
}

#[derive(Serialize, ToSchema)]
pub(crate) struct ImportedExamples {
    intents_new: usize,
    examples_new: usize,
    examples_known: usize,
    /// Of those, how many are out of scope.
    out_of_scope: usize,
}

/// The body is the file: CSV, TSV, JSON lines or a JSON array, with `text` and `label`; several labels are separated by `|`, the label `oos` means out of
/// scope. Errors: `import.bad_line` with the line in `detail`; then nothing was imported.
#[utoipa::path(
    post,
    path = "/intents/import",
    tag = "intents",
    request_body(content = String, content_type = "application/octet-stream"),
    responses((status = 200, body = ImportedExamples))
)]
pub(crate) async fn import(Supervisor(caller): Supervisor, Raw(content): Raw) -> Outcome<Json<ImportedExamples>> {
    let found = caller.state.intents.read_examples(content).await?;
    let by_name = sorted(found)?;
    let known: BTreeMap<String, Intent> = caller.store.list::<Intent>().await?.into_iter().map(|it| (it.name.clone(), it)).collect();
    let new = by_name.keys().filter(|it| !known.contains_key(*it)).count();
    if known.len().saturating_add(new) > INTENTS_MAX {
        return Err(Failure::field(format!("at most {INTENTS_MAX} intents")));
    }
    for (name, texts) in &by_name {
        let has = known.get(name).map_or(0, |it| it.examples.len());
        if has.saturating_add(texts.len()) > EXAMPLES_MAX {
            return Err(Failure::field(format!("{name}: at most {EXAMPLES_MAX} examples an intent")));
        }
    }
    let mut outcome = ImportedExamples { intents_new: new, examples_new: 0, examples_known: 0, out_of_scope: 0 };
    for (name, texts) in by_name {
        let added = take(&caller, &name, &texts, known.get(&name)).await?;
        outcome.examples_new += added;
        outcome.examples_known += texts.len().saturating_sub(added);
        outcome.out_of_scope += if name == OUT_OF_SCOPE { added } else { 0 };
    }
    caller.audit("intent.imported", "", format!("{} intents, {} examples", outcome.intents_new, outcome.examples_new)).await?;
    caller.state.intents.taught(caller.tenant).await?;
    Ok(Json(outcome))
}

/// Texts by the name of their intent, checked.
fn sorted(found: Vec<LabelledText>) -> Outcome<BTreeMap<String, Vec<String>>> {
    let mut by_name: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for it in found {
        let text = example_text(&it.text)?;
        for label in &it.labels {
            by_name.entry(name(label)?).or_default().push(text.clone());
        }
    }
    Ok(by_name)
}

async fn take(caller: &Caller, name: &str, texts: &[String], known: Option<&Intent>) -> Outcome<usize> {
    if let Some(known) = known {
        return super::teach(caller, known.id, texts, ExampleSource::Imported).await.map(|it| it.1);
    }
    let at = caller.state.clock.now();
    let mut intent = Intent::new(caller.state.entropy.ids(at).next(), name);
    let added = texts.iter().filter(|it| intent.teach(it, ExampleSource::Imported, at).is_some()).count();
    caller.store.put(&intent, Expect::New).await?;
    Ok(added)
}

/// As CSV with `text` and `label`, as `import` reads it.
#[utoipa::path(get, path = "/intents/export.csv", tag = "intents", responses((status = 200, body = String, content_type = "text/csv")))]
pub(crate) async fn export(Agent(caller): Agent) -> Outcome<([(HeaderName, &'static str); 2], Bytes)> {
    let mut intents = caller.store.list::<Intent>().await?;
    intents.sort_by(|a, b| a.name.cmp(&b.name));
    let mut out = String::from("\u{FEFF}text,label\r\n");
    for intent in &intents {
        for example in &intent.examples {
            out.push_str(&quoted(&example.text));
            out.push(',');
            out.push_str(&quoted(&intent.name));
            out.push_str("\r\n");
        }
    }
    let headers = [(header::CONTENT_TYPE, "text/csv; charset=utf-8"), (header::CONTENT_DISPOSITION, "attachment; filename=\"intents.csv\"")];
    Ok((headers, Bytes::from(out)))
}

/// A field as RFC 4180 has it.
fn quoted(text: &str) -> String {
    if text.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}
