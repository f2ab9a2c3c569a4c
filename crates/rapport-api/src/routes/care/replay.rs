//! What rules would have done in a conversation, turn by turn: to try them before they are saved.

use axum::Json;
use rapport_model::{Bilingual, CareAct, CareRule, CareRuleId, CareState, ConversationId, Felt, Seq, Timestamp, default_care_rules};
use rapport_ports::Records as _;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::rules::CareRuleBody;
use crate::{
    caller::Supervisor,
    extract::Body,
    failure::Outcome,
    person,
    routes::conversations::find,
};

#[derive(Deserialize, ToSchema)]
pub(crate) struct Replay {
    conversation: ConversationId,
    /// Without them, those that are in force.
    #[serde(default)]
    rules: Option<Vec<CareRuleBody>>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct ReplayAct {
    rule: CareRuleId,
    name: Bilingual,
    act: CareAct,
}

/// One turn of the customer.
#[derive(Serialize, ToSchema)]
pub(crate) struct ReplayTurn {
    seq: Seq,
    at: Timestamp,
    felt: Felt,
    take: Vec<ReplayAct>,
    end: Vec<ReplayRule>,
    /// What moved it, in a few words.
    because: String,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct ReplayRule {
    rule: CareRuleId,
    name: Bilingual,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Replayed {
    /// Without it there is nothing to replay.
    consented: bool,
    turns: Vec<ReplayTurn>,
}

/// Needs the customer's consent as any other use does.
#[utoipa::path(post, path = "/care/replay", tag = "care", request_body = Replay, responses((status = 200, body = Replayed)))]
pub(crate) async fn replay(Supervisor(caller): Supervisor, Body(body): Body<Replay>) -> Outcome<Json<Replayed>> {
    let found = find(&caller, body.conversation).await?;
    let felt = person::mood_of(&caller.state, &caller.store, &found.state).await?;
    let Some(felt) = felt else { return Ok(Json(Replayed { consented: false, turns: Vec::new() })) };
    let rules = match body.rules {
        Some(given) => {
            let mut ids = caller.state.entropy.ids(caller.state.clock.now());
            given.into_iter().map(|it| it.checked(ids.next())).collect::<Outcome<Vec<_>>>()?
        }
        None => {
            let stored = caller.store.list::<CareRule>().await?;
            if stored.is_empty() { default_care_rules(caller.tenant) } else { stored }
        }
    };
    let mut state = CareState::default();
    let mut turns = Vec::new();
    for point in felt {
        let plan = rapport_engine::care::plan(&rules, &state, &point.felt);
        let name = |rule: CareRuleId| rules.iter().find(|it| it.id == rule).map(|it| it.name.clone()).unwrap_or_default();
        let take: Vec<_> = plan.take.iter().map(|(rule, action)| ReplayAct { rule: rule.id, name: rule.name.clone(), act: action.act }).collect();
        let end: Vec<_> = plan.end.iter().map(|rule| ReplayRule { rule: *rule, name: name(*rule) }).collect();
        end.iter().for_each(|it| state.end(it.rule));
        take.iter().for_each(|it| state.take(it.rule, it.act, point.at, None, None, None));
        turns.push(ReplayTurn { seq: point.seq, at: point.at, because: rapport_engine::care::words(&point.felt), felt: point.felt, take, end });
    }
    Ok(Json(Replayed { consented: true, turns }))
}
