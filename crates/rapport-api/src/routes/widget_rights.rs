//! What a visitor may ask and say about what is known of them: consents, automated decisions with reasons, objection, export, erasure.

use std::sync::Arc;

use axum::{Json, http::StatusCode, response::Response};
use rapport_ethics::{Gate, Source, Sources, explain::Decided};
use rapport_model::{Actor, Bilingual, CareAct, ConsentPurpose, ConsentQuestion, CustomerAction, Entry, Event, Evidence, Input, Seq, Timestamp, codes};
use rapport_ports::{Address, Command, JournalScope};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::{Router, ethics_in_force, persons};
use crate::{
    caller::Visitor,
    configuration::{Items, bounded},
    extract::{Body, Params},
    failure::{Failure, Outcome},
    person::{self, Erasure, Export},
};

/// Entries looked through for decisions.
const ENTRIES_MAX: u32 = 5_000;
const OBJECTION_CHARS_MAX: usize = 2_000;

pub(super) fn router() -> Router {
    Router::new().routes(routes!(consents)).routes(routes!(decisions)).routes(routes!(object)).routes(routes!(export)).routes(routes!(erase))
}

#[derive(Serialize, ToSchema)]
pub(crate) struct AskedConsent {
    purpose: ConsentPurpose,
    question: ConsentQuestion,
    /// Whether it is in force.
    given: bool,
    /// When it was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<Timestamp>,
}

/// Those that the organisation asks for, and those that were given before.
#[utoipa::path(get, path = "/widget/consents", tag = "widget", responses((status = 200, body = Items<AskedConsent>)))]
pub(crate) async fn consents(visitor: Visitor) -> Outcome<Json<Items<AskedConsent>>> {
    let switches = ethics_in_force(&visitor.store).await?.switches;
    let (given, now) = (visitor.store.consents(visitor.contact).await?, visitor.state.clock.now());
    let mut items = Vec::new();
    for purpose in ConsentPurpose::ALL {
        let asked = match purpose {
            ConsentPurpose::EmotionCare => switches.feelings,
            ConsentPurpose::ProactiveContact => switches.proactive_contact,
            ConsentPurpose::Profile => false,
        };
        let in_force = given.iter().find(|it| it.purpose == purpose && it.is_in_force(now));
        if asked || in_force.is_some() {
            items.push(AskedConsent { purpose, question: purpose.question(), given: in_force.is_some(), at: in_force.map(|it| it.given_at) });
        }
    }
    Ok(Json(Items { items }))
}

/// An automated decision in plain words.
#[derive(Serialize, ToSchema)]
pub(crate) struct PlainDecision {
    seq: Seq,
    at: Timestamp,
    what: Vec<Bilingual>,
    /// The strongest first.
    why: Vec<Bilingual>,
    data: Vec<Bilingual>,
    rules: Vec<Bilingual>,
    how_to_object: Bilingual,
    objected: bool,
}

async fn entries(visitor: &Visitor) -> Outcome<Vec<Entry>> {
    let scope = JournalScope::Visitor { contact: visitor.contact, inbox: visitor.inbox };
    Ok(visitor.store.entries_after(scope, Seq(0), ENTRIES_MAX).await?)
}

/// Newest first.
#[utoipa::path(get, path = "/widget/decisions", tag = "widget", responses((status = 200, body = Items<PlainDecision>)))]
pub(crate) async fn decisions(visitor: Visitor) -> Outcome<Json<Items<PlainDecision>>> {
    let entries = entries(&visitor).await?;
    let objected: Vec<Seq> = entries.iter().filter_map(|it| if let Event::DecisionObjected { about, .. } = it.event { Some(about) } else { None }).collect();
    let mut items: Vec<_> = entries.iter().filter_map(|it| plain(it, &visitor.state.gate, &objected)).collect();
    items.reverse();
    Ok(Json(Items { items }))
}

fn plain(entry: &Entry, gate: &Arc<Gate>, objected: &[Seq]) -> Option<PlainDecision> {
    let Event::CareTaken { act, feeling, moved, model, policies, .. } = &entry.event else { return None };
    let evidence = Evidence { label: feeling.name().to_owned(), features: moved.clone(), model: model.clone(), ..Evidence::default() };
    let sources = Sources::from([Source::Emotion, Source::Words]);
    let acts: [CareAct; 1] = [*act];
    let told = rapport_ethics::explain(&Decided { acts: &acts, evidence: &[evidence], sources: &sources, policies }, gate.policies());
    Some(PlainDecision {
        seq: entry.seq,
        at: entry.at,
        what: told.what,
        why: told.why,
        data: told.data,
        rules: told.rules,
        how_to_object: told.objection,
        objected: objected.contains(&entry.seq),
    })
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct Objection {
    /// The decision's.
    seq: Seq,
    #[serde(default)]
    text: String,
}

/// A person looks at it. Errors: `not_found` for what is no decision about the visitor.
#[utoipa::path(post, path = "/widget/objection", tag = "widget", request_body = Objection, responses((status = 204)))]
pub(crate) async fn object(visitor: Visitor, Body(body): Body<Objection>) -> Outcome<StatusCode> {
    let text = bounded("text", body.text.trim(), OBJECTION_CHARS_MAX)?;
    let entries = entries(&visitor).await?;
    let is_decision = |it: &&Entry| it.seq == body.seq && matches!(it.event, Event::CareTaken { .. });
    let about = entries.iter().find(is_decision).ok_or_else(|| Failure::new(codes::NOT_FOUND))?;
    let input = Input::Customer { action: CustomerAction::Object { about: about.seq, text } };
    let address = Address::Conversation(about.conversation);
    let command = Command { tenant: visitor.tenant, address, input, external_id: None, client_id: None, on_behalf_of: Some(visitor.contact) };
    visitor.state.intake.submit(command).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize, utoipa::IntoParams)]
pub(crate) struct As {
    /// json or html.
    #[serde(default)]
    format: persons::Format,
}

/// Everything that is held of the visitor, as a file.
#[utoipa::path(get, path = "/widget/export", tag = "widget", params(As), responses((status = 200, body = Export)))]
pub(crate) async fn export(visitor: Visitor, Params(query): Params<As>) -> Outcome<Response> {
    let export = person::export(&visitor.state, &visitor.store, visitor.contact, Actor::Customer(visitor.contact)).await?;
    Ok(persons::answer(&export, query.format))
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct Confirmation {
    confirm: bool,
}

/// Erases everything that is held of the visitor.
#[utoipa::path(post, path = "/widget/erase", tag = "widget", request_body = Confirmation, responses((status = 200, body = Erasure)))]
pub(crate) async fn erase(visitor: Visitor, Body(body): Body<Confirmation>) -> Outcome<Json<Erasure>> {
    if !body.confirm {
        return Err(Failure::field("confirm: true"));
    }
    // Not under their id: nobody is to be named by what is left.
    Ok(Json(person::erase(&visitor.state, visitor.tenant, &visitor.store, visitor.contact, Actor::System).await?))
}
