//! Asking for a rating once, reminding once, and taking it.

use rapport_model::{Actor, Content, Event, Fault, Status, TimerKind, codes};

use crate::{
    draft::Draft,
    phrases::{self, say},
    reasons::{self, because},
    timers::RATING_REMINDER_MS,
};

/// Longest comment. Units: characters.
const COMMENT_CHARS_MAX: usize = 2_000;

/// After resolving: asks, unless the inbox does not, nothing was done for the customer, or they were asked before.
pub(crate) fn ask(draft: &mut Draft<'_, '_>) {
    let served = draft.state.last_agent.is_some() || draft.state.bot.turns > 0;
    let csat = &draft.state.csat;
    let why_not = if !draft.ctx.inbox.csat {
        Some("off")
    } else if csat.score.is_some() {
        Some("rated")
    } else if csat.requested_at.is_some() {
        Some("asked_before")
    } else if served {
        None
    } else {
        Some("not_served")
    };
    if let Some(why) = why_not {
        draft.because(because(reasons::RATING_NOT_ASKED).with("why", why));
        return;
    }
    draft.because(because(reasons::RATING_ASKED));
    draft.push(Actor::System, Event::RatingRequested);
    request(draft, &phrases::RATE);
    draft.set_timer(TimerKind::RatingReminder, draft.ctx.now.plus_ms(RATING_REMINDER_MS));
}

fn request(draft: &mut Draft<'_, '_>, phrase: &phrases::Phrase) {
    let text = say(phrase, draft.state.locale, &[]);
    draft.send(Actor::System, Content::RatingRequest { text });
}

/// The reminder's time came: once, and only while it is resolved and not rated.
pub(crate) fn remind(draft: &mut Draft<'_, '_>) {
    let due = matches!(draft.state.status, Status::Resolved { .. }) && draft.state.csat.score.is_none() && !draft.state.csat.reminded;
    if !due || draft.state.csat.requested_at.is_none() {
        draft.because(because(reasons::NOT_CONCERNED).with("status", draft.state.status.name()));
        return;
    }
    draft.because(because(reasons::RATING_REMINDED));
    draft.push(Actor::System, Event::RatingReminded);
    request(draft, &phrases::RATE_REMINDER);
}

/// The customer rates. Rating again changes the rating; the same once more changes nothing.
pub(crate) fn rate(draft: &mut Draft<'_, '_>, score: u8, comment: &str) -> Result<(), Fault> {
    if !(1..=5).contains(&score) {
        return Err(Fault::with(codes::BAD_FIELD, "score: 1 to 5"));
    }
    if comment.chars().count() > COMMENT_CHARS_MAX {
        return Err(Fault::with(codes::BAD_FIELD, "comment: at most 2000 characters"));
    }
    let csat = &draft.state.csat;
    if csat.requested_at.is_none() {
        return Err(Fault::new(codes::NOT_RATABLE));
    }
    if csat.score == Some(score) && csat.comment == comment {
        draft.because(because(reasons::UNCHANGED));
        return Ok(());
    }
    let is_first = csat.score.is_none();
    draft.because(because(reasons::RATING_GIVEN).with("score", score));
    draft.push(draft.customer(), Event::Rated { score, comment: comment.to_owned() });
    draft.cancel_timer(TimerKind::RatingReminder.slot());
    if is_first {
        draft.says(Actor::System, &phrases::RATED, draft.state.locale, &[]);
    }
    Ok(())
}
