//! The bot's turn: a person when asked for, small talk, an answer with its source, or an honest "I do not know".

use rapport_knowledge::Answer;
use rapport_model::{Actor, Citation, Content, Event, Locale};

use crate::{
    draft::{Draft, reply_locale},
    handover::hand_over,
    intent::{self, SmallTalk},
    phrases::{self, say},
    reasons::{self, because},
    wishes,
};

/// Answers what the customer just sent; the message is on the timeline already.
pub(crate) fn take_turn(draft: &mut Draft<'_, '_>, content: &Content) {
    let Content::Text { text } = content else {
        let locale = draft.state.locale;
        if draft.state.quarantined || !draft.ctx.inbox.bot {
            hand_over(draft, locale, because(if draft.state.quarantined { reasons::HANDOVER_QUARANTINED } else { reasons::BOT_OFF }));
        } else {
            draft.because(because(reasons::BOT_CANNOT_READ));
            draft.offers_person(&phrases::CANNOT_READ, locale);
        }
        return;
    };
    let locale = reply_locale(text, draft.state.locale);
    if draft.state.quarantined {
        hand_over(draft, locale, because(reasons::HANDOVER_QUARANTINED));
    } else if intent::small_talk(text) == Some(SmallTalk::WhoAreYou) && draft.ctx.inbox.bot {
        chat(draft, SmallTalk::WhoAreYou, locale);
    } else if intent::asks_for_person(text) {
        hand_over(draft, locale, because(reasons::HANDOVER_ASKED).with("words", rapport_model::shorten(text, 60)));
    } else if !draft.ctx.inbox.bot {
        hand_over(draft, locale, because(reasons::BOT_OFF));
    } else if let Some(kind) = intent::small_talk(text) {
        chat(draft, kind, locale);
    } else if let Some(understanding) = draft.ctx.understanding {
        wishes::answer(draft, understanding, text, locale);
    } else {
        answer(draft, text, locale);
    }
}

fn chat(draft: &mut Draft<'_, '_>, kind: SmallTalk, locale: Locale) {
    draft.because(because(reasons::BOT_GREETING).with("kind", format!("{kind:?}").to_lowercase()));
    match kind {
        SmallTalk::Greeting => draft.says(Actor::Bot, &phrases::GREETING, locale, &[]),
        SmallTalk::Thanks => draft.says(Actor::Bot, &phrases::THANKS, locale, &[]),
        SmallTalk::Goodbye => draft.says(Actor::Bot, &phrases::GOODBYE, locale, &[]),
        SmallTalk::Acknowledgement => draft.says(Actor::Bot, &phrases::ACKNOWLEDGED, locale, &[]),
        SmallTalk::WhoAreYou => draft.offers_person(&phrases::WHO_AM_I, locale),
    }
}

pub(crate) fn answer(draft: &mut Draft<'_, '_>, question: &str, locale: Locale) {
    let answer = draft.ctx.knowledge.map(|it| it.answer(question, locale));
    give(draft, answer, question, locale, |_| false);
}

/// What the knowledge says to a question; `None`: there is none. Where it is no answer, `instead` may ask back; it says whether it did.
pub(crate) fn give(draft: &mut Draft<'_, '_>, answer: Option<Answer>, question: &str, locale: Locale, instead: impl FnOnce(&mut Draft<'_, '_>) -> bool) {
    match answer {
        Some(Answer::Found { text, citations, confidence, reasons }) => {
            let title = citations.first().map_or("", |it| it.title.as_str());
            draft.because(because(reasons::BOT_ANSWERED).with("title", title).with("confidence", format!("{confidence:.2}")));
            reasons.into_iter().for_each(|it| draft.because(it));
            draft.send(Actor::Bot, Content::Answer { text, sources: citations, confidence });
        }
        Some(Answer::Unsure { candidates, confidence, reasons }) => {
            let Some(nearest) = candidates.into_iter().next() else {
                if !instead(draft) {
                    miss(draft, question, locale);
                }
                return;
            };
            draft.because(because(reasons::BOT_UNSURE).with("confidence", format!("{confidence:.2}")));
            reasons.into_iter().for_each(|it| draft.because(it));
            show_nearest(draft, nearest, confidence, locale);
            if !instead(draft) {
                draft.offers_person(&phrases::UNSURE_OFFER, locale);
            }
        }
        Some(Answer::Unknown { confidence: _, reasons }) => {
            if !instead(draft) {
                miss(draft, question, locale);
            }
            reasons.into_iter().for_each(|it| draft.because(it));
        }
        None => {
            draft.because(because(reasons::BOT_NO_KNOWLEDGE));
            if !instead(draft) {
                miss(draft, question, locale);
            }
        }
    }
}

/// Quotes the nearest passage as what it is: perhaps not the answer.
fn show_nearest(draft: &mut Draft<'_, '_>, nearest: Citation, confidence: f32, locale: Locale) {
    let text = say(&phrases::UNSURE, locale, &[("title", &nearest.title), ("quote", &nearest.quote)]);
    draft.send(Actor::Bot, Content::Answer { text, sources: vec![nearest], confidence });
}

/// Says that it does not know. From the second time in a row on it advises to talk to a person.
pub(crate) fn miss(draft: &mut Draft<'_, '_>, question: &str, locale: Locale) {
    draft.push(Actor::Bot, Event::AnswerMissed { question: question.to_owned() });
    let misses = draft.state.bot.misses;
    draft.because(because(reasons::BOT_MISSED).with("misses", misses));
    draft.offers_person(if misses >= 2 { &phrases::MISSED_AGAIN } else { &phrases::MISSED }, locale);
}
