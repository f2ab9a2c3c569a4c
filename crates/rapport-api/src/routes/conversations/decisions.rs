//! Why things happened in a conversation: its decisions with their reasons in the reader's words.

use std::{borrow::Cow, collections::BTreeMap};

use axum::Json;
use rapport_engine::reasons::explain;
use rapport_model::{Actor, ConversationId, Entry, Locale, Reason, Seq, Timestamp};
use rapport_ports::JournalScope;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::find;
use crate::{
    caller::Agent,
    configuration::Page,
    extract::{Id, Params},
    failure::Outcome,
};

/// How many entries one answer looks through.
const LOOKED_AT: u32 = 400;

#[derive(Deserialize, utoipa::IntoParams)]
pub(crate) struct Before {
    /// `next` of the page before.
    #[serde(default)]
    before: Option<u64>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Decision {
    seq: Seq,
    at: Timestamp,
    actor: Actor,
    /// What was decided: the kind of its first event.
    kind: &'static str,
    reasons: Vec<Explained>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Explained {
    #[schema(value_type = String)]
    code: Cow<'static, str>,
    #[schema(value_type = BTreeMap<String, String>)]
    facts: BTreeMap<Cow<'static, str>, String>,
    /// The reason as a sentence.
    text: String,
}

impl Explained {
    pub(crate) fn new(reason: Reason, locale: Locale) -> Self {
        Self { text: explain(&reason, locale), code: reason.code, facts: reason.facts }
    }
}

/// Oldest first, the newest page first.
#[utoipa::path(get, path = "/conversations/{id}/decisions", tag = "conversations", params(("id" = ConversationId, Path), Before), responses((status = 200, body = Page<Decision>)))]
pub(crate) async fn list(Agent(caller): Agent, Id(id): Id<ConversationId>, Params(query): Params<Before>) -> Outcome<Json<Page<Decision>>> {
    find(&caller, id).await?;
    let before = Seq(query.before.unwrap_or(u64::MAX >> 1));
    let entries = caller.store.entries_before(JournalScope::Conversation(id), before, LOOKED_AT).await?;
    let is_full = u32::try_from(entries.len()).is_ok_and(|it| it == LOOKED_AT);
    let next = entries.last().filter(|_| is_full).map(|it| it.seq.to_string());
    let decided = entries.into_iter().rev().filter(|it| !it.reasons.is_empty());
    Ok(Json(Page { items: decided.map(|it| decision(it, caller.locale)).collect(), next }))
}

fn decision(entry: Entry, locale: Locale) -> Decision {
    let reasons = entry.reasons.into_iter().map(|it| Explained::new(it, locale)).collect();
    Decision { seq: entry.seq, at: entry.at, actor: entry.actor, kind: entry.event.kind(), reasons }
}
