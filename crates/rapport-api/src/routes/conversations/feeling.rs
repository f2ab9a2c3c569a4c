//! One click that says how a customer really felt when they wrote a message.

use axum::Json;
use rapport_ethics::{PersonRole, Subject};
use rapport_model::{ConversationId, ExampleSource, FeelingExample, FeelingState, SaidIn, Seq, codes};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{find, understanding::said};
use crate::{
    caller::Agent,
    extract::{Body, Numbered},
    failure::{Failure, Outcome},
    routes::{ethics_in_force, feelings::teach_said},
};

#[derive(Deserialize, ToSchema)]
pub(crate) struct FeelingCorrection {
    state: FeelingState,
    #[serde(default)]
    anxious: bool,
    #[serde(default)]
    urgent: bool,
}

/// Makes the message, personal data masked, an example of the state; the next one like it is read so. It stands and falls with the customer's consent to being
/// noticed. Errors: `feeling.no_consent`, `intent.not_a_text`.
#[utoipa::path(
    post,
    path = "/conversations/{id}/entries/{seq}/feeling",
    tag = "care",
    params(("id" = ConversationId, Path), ("seq" = u64, Path)),
    request_body = FeelingCorrection,
    responses((status = 200, body = FeelingExample))
)]
pub(crate) async fn correct(Agent(caller): Agent, Numbered(id, seq): Numbered<ConversationId, u64>, Body(body): Body<FeelingCorrection>) -> Outcome<Json<FeelingExample>> {
    let contact = find(&caller, id).await?.state.contact;
    let text = said(&caller, id, Seq(seq)).await?;
    let consents = caller.store.consents(contact).await?;
    let switches = ethics_in_force(&caller.store).await?.switches;
    let at = caller.state.clock.now();
    let subject = Subject { contact, role: PersonRole::Customer, consents: &consents };
    let Ok(_allowed) = caller.state.gate.allow_care(&subject, &switches, at) else { return Err(Failure::new(codes::FEELING_NO_CONSENT)) };
    let example = FeelingExample {
        id: caller.state.entropy.ids(at).next(),
        text: String::new(),
        state: body.state,
        anxious: body.anxious,
        urgent: body.urgent,
        source: ExampleSource::Corrected,
        said: Some(SaidIn { conversation: id, seq: Seq(seq) }),
        at,
    };
    let example = teach_said(&caller, contact, &text, example).await?;
    // What they felt is not told twice: the log says that it was corrected, and where.
    caller.audit("feeling.corrected", id, format!("entry {seq}")).await?;
    caller.state.feelings.taught(caller.tenant).await?;
    Ok(Json(example))
}
