//! The one way in which configuration documents are listed, made, saved and removed: checked, versioned, audited, in force at once.

use rapport_model::codes;
use rapport_ports::{Expect, Record, Records as _, parse_record};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    caller::Caller,
    failure::{Failure, Outcome},
};

/// A list.
#[derive(Serialize, ToSchema)]
pub(crate) struct Items<T: ToSchema> {
    pub(crate) items: Vec<T>,
}

/// A list with more behind it: pass `next` back as `?before=`.
#[derive(Serialize, ToSchema)]
pub(crate) struct Page<T: ToSchema> {
    pub(crate) items: Vec<T>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) next: Option<String>,
}

/// A document with the version to name in `If-Match` when it is saved.
#[derive(Serialize, ToSchema)]
pub(crate) struct Versioned<T: ToSchema> {
    pub(crate) version: u64,
    #[serde(flatten)]
    pub(crate) record: T,
}

pub(crate) async fn list<T: Record + ToSchema>(caller: &Caller) -> Outcome<Vec<Versioned<T>>> {
    let stored = caller.store.records(T::KIND).await?;
    let read = stored.iter().map(|it| parse_record(it).map(|record| Versioned { version: it.version, record }));
    Ok(read.collect::<Result<_, _>>()?)
}

pub(crate) async fn get<T: Record + ToSchema>(caller: &Caller, id: [u8; 16]) -> Outcome<Versioned<T>> {
    let stored = caller.store.record(T::KIND, id).await?.ok_or_else(|| Failure::new(codes::NOT_FOUND))?;
    Ok(Versioned { version: stored.version, record: parse_record(&stored)? })
}

/// Makes or saves a document. Errors: `store.conflict`, `store.duplicate`.
pub(crate) async fn put<T: Record + ToSchema>(caller: &Caller, record: T, expect: Expect, target: impl ToString) -> Outcome<Versioned<T>> {
    let version = caller.store.put(&record, expect).await?;
    let verb = if expect == Expect::New { "created" } else { "changed" };
    caller.audit(&format!("{}.{verb}", T::KIND), target, "").await?;
    caller.state.intake.configuration_changed(caller.tenant).await?;
    Ok(Versioned { version, record })
}

/// Errors: `not_found`.
pub(crate) async fn remove<T: Record>(caller: &Caller, id: [u8; 16], target: impl ToString) -> Outcome<()> {
    if !caller.store.remove::<T>(id).await? {
        return Err(Failure::new(codes::NOT_FOUND));
    }
    caller.audit(&format!("{}.removed", T::KIND), target, "").await?;
    Ok(caller.state.intake.configuration_changed(caller.tenant).await?)
}

/// A text of 1 to `chars_max` characters, trimmed. Errors: `input.bad_field` naming it.
pub(crate) fn needed(field: &str, text: &str, chars_max: usize) -> Outcome<String> {
    let text = text.trim();
    let fits = !text.is_empty() && text.chars().nth(chars_max).is_none() && !text.chars().any(char::is_control);
    if fits { Ok(text.to_owned()) } else { Err(Failure::field(format!("{field}: 1 to {chars_max} characters on one line"))) }
}

/// A text of at most `chars_max` characters. Errors: `input.bad_field` naming it.
pub(crate) fn bounded(field: &str, text: &str, chars_max: usize) -> Outcome<String> {
    if text.chars().nth(chars_max).is_none() { Ok(text.replace('\0', "")) } else { Err(Failure::field(format!("{field}: at most {chars_max} characters"))) }
}

/// Words such as skills and labels: trimmed, each once. Errors: `input.bad_field`.
pub(crate) fn words(field: &str, list: &[String], most: usize) -> Outcome<Vec<String>> {
    let mut out: Vec<String> = Vec::new();
    for word in list {
        let word = needed(field, word, 60)?;
        if !out.contains(&word) {
            out.push(word);
        }
    }
    if out.len() <= most { Ok(out) } else { Err(Failure::field(format!("{field}: at most {most}"))) }
}
