//! The bot's turn where intents are taught: each wish of a message is answered by its intent or by the knowledge, and asked back where neither is sure.

use rapport_knowledge::Answer;
use rapport_model::{
    Actor, Choice, ChoiceId, Citation, Content, Event, Intent, IntentChoice, IntentId, Locale, Understanding, Wish, shorten,
};

use crate::{
    bot,
    draft::Draft,
    phrases::{self, say},
    reasons::{self, because},
};

/// Characters of a wish that are quoted.
const QUOTED_CHARS_MAX: usize = 60;

/// From this probability on an intent speaks for a question in which the knowledge finds nothing: two have to err for a wrong answer.
const PLAIN_MIN: f32 = 0.85;

/// What answers a wish.
struct Reply {
    text: String,
    /// Where it is from the knowledge: its sources and how sure it is.
    found: Option<(Vec<Citation>, f32)>,
}

/// Answers what was understood. `text` is the whole message.
pub(crate) fn answer(draft: &mut Draft<'_, '_>, understanding: &Understanding, text: &str, locale: Locale) {
    let asked_before = draft.state.bot.asked_back.is_some();
    let replies: Vec<Option<Reply>> = match understanding.wishes.as_slice() {
        [wish] => {
            told(draft, wish, understanding);
            let Some(reply) = fixed(draft, wish, locale) else { return alone(draft, wish, text, locale, asked_before) };
            vec![Some(reply)]
        }
        several => {
            let replies: Vec<Option<Reply>> = several.iter().map(|wish| reply(draft, wish, locale)).collect();
            // Taken apart nothing is known of it: perhaps it is one question after all.
            if replies.iter().all(Option::is_none) {
                return bot::answer(draft, text, locale);
            }
            draft.because(because(reasons::WISHES_SPLIT).with("count", several.len()));
            several.iter().for_each(|wish| told(draft, wish, understanding));
            replies
        }
    };
    say_together(draft, &understanding.wishes, replies.as_slice(), locale);
    let open = understanding.wishes.iter().zip(&replies).find(|it| it.1.is_none());
    if let Some((wish, _)) = open
        && !ask_back(draft, wish, &wish.text, locale, asked_before)
    {
        bot::miss(draft, &wish.text, locale);
    }
}

/// One wish that no intent answers: the knowledge as ever, and a question back before it is given up.
fn alone(draft: &mut Draft<'_, '_>, wish: &Wish, text: &str, locale: Locale, asked_before: bool) {
    let answer = draft.ctx.knowledge.map(|it| it.answer(text, locale));
    // What is plainly an intent is looked up in the intent's words where the customer's find nothing.
    let in_its_words = match &answer {
        Some(Answer::Unknown { .. }) => wish.sure().filter(|it| it.evidence.p >= PLAIN_MIN).and_then(|it| in_words_of(draft, it.intent, locale)),
        Some(Answer::Found { .. } | Answer::Unsure { .. }) | None => None,
    };
    bot::give(draft, in_its_words.or(answer), text, locale, |draft| ask_back(draft, wish, text, locale, asked_before));
}

/// What the knowledge finds by a line of the intent's description in this language, or by its name.
fn in_words_of(draft: &Draft<'_, '_>, intent: IntentId, locale: Locale) -> Option<Answer> {
    let (known, knowledge) = (find(draft, intent)?, draft.ctx.knowledge?);
    let lines = known.description.lines().filter(|it| Locale::of_text(it) == Some(locale)).chain([known.name.as_str()]);
    lines.map(|it| knowledge.answer(it, locale)).find(|it| matches!(it, Answer::Found { .. }))
}

/// By its intent, or found in the knowledge.
fn reply(draft: &Draft<'_, '_>, wish: &Wish, locale: Locale) -> Option<Reply> {
    let by_intent = wish.sure().and_then(|it| written(draft, it.intent, locale)).map(|text| Reply { text, found: None });
    by_intent.or_else(|| match draft.ctx.knowledge?.answer(&wish.text, locale) {
        Answer::Found { text, citations, confidence, .. } => Some(Reply { text, found: Some((citations, confidence)) }),
        Answer::Unsure { .. } | Answer::Unknown { .. } => None,
    })
}

fn fixed(draft: &mut Draft<'_, '_>, wish: &Wish, locale: Locale) -> Option<Reply> {
    let text = written(draft, wish.sure()?.intent, locale)?;
    Some(Reply { text, found: None })
}

/// What the tenant wrote as the answer to this intent.
fn written(draft: &Draft<'_, '_>, intent: IntentId, locale: Locale) -> Option<String> {
    let reply = find(draft, intent)?.reply.as_ref()?.get(locale);
    (!reply.is_empty()).then(|| reply.replace("{tenant}", draft.ctx.tenant_name))
}

fn find<'a>(draft: &Draft<'a, '_>, intent: IntentId) -> Option<&'a Intent> {
    draft.ctx.intents.iter().find(|it| it.id == intent)
}

/// Why the wish is taken for what it is taken for.
fn told(draft: &mut Draft<'_, '_>, wish: &Wish, understanding: &Understanding) {
    let model = understanding.model.as_deref().unwrap_or_default();
    let words = |it: &IntentChoice| it.evidence.features.iter().filter(|it| it.weight > 0.0).map(|it| it.what.as_str()).take(3).collect::<Vec<_>>().join(", ");
    let reason = match wish.sure() {
        Some(it) => because(reasons::INTENT_UNDERSTOOD)
            .with("intent", &it.evidence.label)
            .with("p", format!("{:.2}", it.evidence.p))
            .with("words", words(it))
            .with("model", if it.evidence.model.is_empty() { model } else { &it.evidence.model }),
        None => because(reasons::INTENT_UNCLEAR)
            .with("likely", wish.choices.iter().map(|it| format!("{} {:.2}", it.evidence.label, it.evidence.p)).collect::<Vec<_>>().join(", "))
            .with("scope", format!("{:.2}", wish.scope))
            .with("scope_min", format!("{:.2}", wish.scope_min))
            .with("model", model),
    };
    let replaced: Vec<String> = understanding.replaced.iter().map(|it| format!("{}→{}", it.surface, it.canonical)).collect();
    draft.because(reason.with("wish", shorten(&wish.text, QUOTED_CHARS_MAX)));
    if !replaced.is_empty() {
        draft.because(because(reasons::JARGON_READ).with("replaced", shorten(&replaced.join(", "), 160)));
    }
}

/// All answers in one message, each under its wish where there are several.
fn say_together(draft: &mut Draft<'_, '_>, wishes: &[Wish], replies: &[Option<Reply>], locale: Locale) {
    let several = wishes.len() > 1;
    let mut parts: Vec<String> = Vec::new();
    let mut sources: Vec<Citation> = Vec::new();
    let mut confidence = 1.0_f32;
    for (wish, reply) in wishes.iter().zip(replies).filter_map(|it| Some((it.0, it.1.as_ref()?))) {
        if let Some((cited, sure)) = &reply.found {
            let title = cited.first().map_or("", |it| it.title.as_str());
            draft.because(because(reasons::BOT_ANSWERED).with("title", title).with("confidence", format!("{sure:.2}")));
            sources.extend(cited.iter().filter(|it| !sources.contains(it)).cloned().collect::<Vec<_>>());
            confidence = confidence.min(*sure);
        } else if let Some(intent) = wish.sure() {
            draft.because(because(reasons::INTENT_ANSWERED).with("intent", &intent.evidence.label));
            confidence = confidence.min(intent.evidence.p);
        }
        // Two wishes with one answer are one.
        if parts.iter().any(|it| it.ends_with(&reply.text)) {
            continue;
        }
        let about = say(&phrases::ABOUT_WISH, locale, &[("wish", &shorten(&wish.text, QUOTED_CHARS_MAX))]);
        parts.push(if several { format!("{about}\n{}", reply.text) } else { reply.text.clone() });
    }
    let text = parts.join("\n\n");
    let content = if sources.is_empty() { Content::Text { text } } else { Content::Answer { text, sources, confidence } };
    draft.send(Actor::Bot, content);
}

/// Asks which of the likeliest was meant; whether it did. Not twice in a row: whoever was not understood then may want a person.
fn ask_back(draft: &mut Draft<'_, '_>, wish: &Wish, question: &str, locale: Locale, asked_before: bool) -> bool {
    let likely = wish.likely();
    if likely.is_empty() || asked_before {
        return false;
    }
    let intents: Vec<IntentId> = likely.iter().map(|it| it.intent).collect();
    let mut options: Vec<Choice> = likely.iter().map(|it| Choice { id: ChoiceId::Intent(it.intent), label: it.evidence.label.clone() }).collect();
    options.push(Choice { id: ChoiceId::RequestPerson, label: say(&phrases::CHOICE_PERSON, locale, &[]) });
    draft.because(because(reasons::INTENT_ASKED_BACK).with("choices", options.len().saturating_sub(1)));
    let text = say(&phrases::DID_YOU_MEAN, locale, &[]);
    draft.send(Actor::Bot, Content::Choices { text, options });
    // Until the customer chooses it is not answered, and whoever takes over reads so.
    draft.push(Actor::Bot, Event::AnswerMissed { question: question.to_owned() });
    draft.push(Actor::Bot, Event::IntentAsked { question: question.to_owned(), intents });
    true
}

/// The customer said which of the choices was meant: answered as that intent.
pub(crate) fn chosen(draft: &mut Draft<'_, '_>, intent: IntentId, locale: Locale) {
    let question = draft.state.bot.asked_back.clone().unwrap_or_default();
    let known = find(draft, intent);
    let name = known.map_or("", |it| it.name.as_str());
    draft.because(because(reasons::INTENT_CHOSEN).with("intent", name).with("question", shorten(&question, QUOTED_CHARS_MAX)));
    draft.push(draft.customer(), Event::IntentChosen { question: question.clone(), intent });
    if draft.state.status != rapport_model::Status::Bot || !draft.ctx.inbox.bot {
        return;
    }
    if let Some(text) = written(draft, intent, locale) {
        draft.because(because(reasons::INTENT_ANSWERED).with("intent", name));
        draft.send(Actor::Bot, Content::Text { text });
        return;
    }
    let asked = if question.is_empty() { name } else { question.as_str() };
    match in_words_of(draft, intent, locale) {
        Some(found) => bot::give(draft, Some(found), asked, locale, |_| false),
        None => bot::miss(draft, asked, locale),
    }
}
