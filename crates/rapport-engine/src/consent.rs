//! A customer's word on what may be done with what is known of them: agreeing, taking it back, objecting, taking a compensation.

use rapport_model::{
    Actor, Consent, ConsentChannel, ConsentPurpose, Event, Fault, MemberId, Seq, Spending, SpendingId, SpendingState, codes,
};

use crate::{
    care,
    draft::Draft,
    phrases,
    reasons::{self, because},
};

const OBJECTION_CHARS_MAX: usize = 2_000;

pub(crate) fn answer(draft: &mut Draft<'_, '_>, purpose: ConsentPurpose, given: bool, text_version: u32, channel: ConsentChannel) -> Result<(), Fault> {
    let (contact, now) = (draft.ctx.contact.id, draft.ctx.now);
    let known = draft.ctx.consents.iter().find(|it| it.contact == contact && it.purpose == purpose && it.is_in_force(now)).cloned();
    if given { agree(draft, (purpose, text_version, channel), known.as_ref()) } else { take_back(draft, purpose, known) }
}

fn agree(draft: &mut Draft<'_, '_>, (purpose, text_version, channel): (ConsentPurpose, u32, ConsentChannel), known: Option<&Consent>) -> Result<(), Fault> {
    let question = purpose.question();
    if text_version < question.oldest_valid || text_version > question.version {
        return Err(Fault::with(codes::BAD_FIELD, "text_version: the question was changed; ask it as it is now"));
    }
    if known.is_some_and(|it| it.text_version == text_version) {
        draft.because(because(reasons::UNCHANGED));
        return Ok(());
    }
    draft.because(because(reasons::CONSENT_GIVEN).with("purpose", purpose.name()).with("version", text_version));
    draft.push(draft.customer(), Event::ConsentGiven { purpose, text_version, channel });
    let consent = Consent { contact: draft.ctx.contact.id, purpose, text_version, channel, given_at: draft.ctx.now, withdrawn_at: None };
    draft.decision().care.consent = Some(consent);
    Ok(())
}

fn take_back(draft: &mut Draft<'_, '_>, purpose: ConsentPurpose, known: Option<Consent>) -> Result<(), Fault> {
    let Some(known) = known else {
        // No conversation is opened to do nothing in it.
        if draft.status_before().is_none() {
            return Err(Fault::new(codes::NOT_FOUND));
        }
        draft.because(because(reasons::UNCHANGED));
        return Ok(());
    };
    draft.because(because(reasons::CONSENT_WITHDRAWN).with("purpose", purpose.name()));
    if purpose == ConsentPurpose::EmotionCare {
        let raised = draft.state.care.priority;
        care::put_back(draft, raised);
    }
    draft.push(draft.customer(), Event::ConsentWithdrawn { purpose });
    draft.decision().care.consent = Some(Consent { withdrawn_at: Some(draft.ctx.now), ..known });
    Ok(())
}

pub(crate) fn object(draft: &mut Draft<'_, '_>, about: Seq, text: &str) -> Result<(), Fault> {
    if text.chars().nth(OBJECTION_CHARS_MAX).is_some() {
        return Err(Fault::with(codes::BAD_FIELD, "text: at most 2000 characters"));
    }
    draft.because(because(reasons::OBJECTED).with("about", about));
    draft.push(draft.customer(), Event::DecisionObjected { about, text: text.replace('\0', "") });
    Ok(())
}

pub(crate) fn accept(draft: &mut Draft<'_, '_>, spending: SpendingId) {
    let is_open = draft.state.compensations.iter().any(|it| it.spending == spending && it.state.is_open());
    if !is_open {
        draft.because(because(reasons::UNCHANGED));
        return;
    }
    draft.because(because(reasons::COMPENSATION_ACCEPTED));
    settle(draft, draft.customer(), spending, (SpendingState::Accepted, None));
    let (actor, locale) = (draft.house(), draft.state.locale);
    draft.says(actor, &phrases::COMPENSATION_TAKEN, locale, &[]);
}

pub(crate) fn judged(draft: &mut Draft<'_, '_>, by: MemberId, spending: &Spending, approve: bool) -> Result<(), Fault> {
    let waits = draft.state.compensations.iter().any(|it| it.spending == spending.id && it.state == SpendingState::Pending);
    if !waits {
        return Err(Fault::new(codes::CONFLICT));
    }
    let (state, why) = if approve { (SpendingState::Approved, reasons::COMPENSATION_APPROVED) } else { (SpendingState::Declined, reasons::COMPENSATION_DECLINED) };
    draft.because(because(why));
    settle(draft, Actor::Member(by), spending.id, (state, Some(by)));
    if approve {
        care::offer(draft, &Spending { state, ..spending.clone() });
    }
    Ok(())
}

fn settle(draft: &mut Draft<'_, '_>, actor: Actor, spending: SpendingId, (state, by): (SpendingState, Option<MemberId>)) {
    draft.push(actor, Event::CompensationSettled { spending, state });
    draft.decision().care.settled.push((spending, state, by));
}
