//! How a customer felt in a conversation, where they agreed that it is noticed, and what was done for them.

use axum::Json;
use rapport_model::{Bilingual, CareAct, CareRuleId, ConversationId, Event, MoodPoint, Seq, Timestamp};
use rapport_ports::JournalScope;
use serde::Serialize;
use utoipa::ToSchema;

use super::{decisions::Explained, find};
use crate::{caller::Agent, extract::Id, failure::Outcome, person};

/// Entries looked through for what was done.
const ENTRIES_MAX: u32 = 5_000;

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum MoodLevel {
    Normal,
    Raised,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct CareLine {
    act: CareAct,
    rule: CareRuleId,
    seq: Seq,
    at: Timestamp,
    reasons: Vec<Explained>,
    /// When what it did was over.
    #[serde(skip_serializing_if = "Option::is_none")]
    undone_at: Option<Timestamp>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct MoodAnswer {
    /// Without it there is nothing else.
    consented: bool,
    /// Oldest first.
    points: Vec<MoodPoint>,
    level: MoodLevel,
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<Timestamp>,
    care: Vec<CareLine>,
}

#[utoipa::path(get, path = "/conversations/{id}/mood", tag = "care", params(("id" = ConversationId, Path)), responses((status = 200, body = MoodAnswer)))]
pub(crate) async fn mood(Agent(caller): Agent, Id(id): Id<ConversationId>) -> Outcome<Json<MoodAnswer>> {
    let found = find(&caller, id).await?;
    let Some(points) = person::mood_of(&caller.state, &caller.store, &found.state).await? else {
        return Ok(Json(MoodAnswer { consented: false, points: Vec::new(), level: MoodLevel::Normal, since: None, care: Vec::new() }));
    };
    let raised = points.iter().rev().take_while(|it| it.felt.raised).last().map(|it| it.at);
    let level = if raised.is_some() { MoodLevel::Raised } else { MoodLevel::Normal };
    let mut care: Vec<CareLine> = Vec::new();
    let mut reasons = Vec::new();
    for entry in caller.store.entries_after(JournalScope::Conversation(id), Seq(0), ENTRIES_MAX).await? {
        // The first entry of a decision has the reasons of all.
        if !entry.reasons.is_empty() {
            reasons = entry.reasons.into_iter().filter(|it| it.code.starts_with("care.")).collect();
        }
        if let Event::CareTaken { rule, act, .. } = entry.event {
            let reasons = reasons.iter().cloned().map(|it| Explained::new(it, caller.locale)).collect();
            care.push(CareLine { act, rule, seq: entry.seq, at: entry.at, reasons, undone_at: None });
        } else if let Event::CareEnded { rule } = entry.event {
            care.iter_mut().filter(|it| it.rule == rule && it.undone_at.is_none()).for_each(|it| it.undone_at = Some(entry.at));
        }
    }
    Ok(Json(MoodAnswer { consented: true, points, level, since: raised, care }))
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Suggestion {
    /// Words of understanding to begin the next answer with.
    opening: Option<Bilingual>,
}

#[utoipa::path(get, path = "/conversations/{id}/suggestion", tag = "care", params(("id" = ConversationId, Path)), responses((status = 200, body = Suggestion)))]
pub(crate) async fn suggestion(Agent(caller): Agent, Id(id): Id<ConversationId>) -> Outcome<Json<Suggestion>> {
    Ok(Json(Suggestion { opening: find(&caller, id).await?.state.care.opening }))
}
