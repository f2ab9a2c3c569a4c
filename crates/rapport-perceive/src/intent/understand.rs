//! What a text means by all that a tenant taught: wishes, jargon, the model's choices by name, and examples younger than the model.

use std::{
    collections::BTreeMap,
    sync::{Arc, OnceLock},
};

use rapport_model::{Evidence, Intent, IntentChoice, IntentId, Locale, OUT_OF_SCOPE, Replaced, ReplacedBy, Timestamp, Understanding, Wish};

use super::{Assessment, Encode, Example, HeldAside, Model, Trained, fresh::Fresh, wishes::wishes};
use crate::{
    lexicon::{By, Group, Lexicon, Match},
    linear::count,
};

/// Nearest examples that are shown.
const NEIGHBOURS: usize = 5;
/// Texts up to this length are told apart word by word. Units: characters.
const EXPLAINED_CHARS_MAX: usize = 200;
/// Up to so many examples are too few to say what is out of scope by how their scores are spread.
const FEW: usize = 1_000;
/// Then a text has to be as like the nearest as this. Of the demo shop's texts out of scope the nearest reached 0.33, of those within it began at 0.35.
const NEAR_MIN: f32 = 0.35;
/// Share of the sure that has to be right.
const RIGHT_MIN: f32 = 0.9;
/// Held aside, that it can be said.
const TOLD_BY: usize = 20;
/// Stands for "nothing is out of scope", which is no number.
const SCOPE_FLOOR: f32 = -1e3;

/// Models that it works with learned from [`examples`]: their labels are ids of intents.
pub struct Understander {
    /// Those that are answered, without their examples.
    intents: Vec<Intent>,
    names: BTreeMap<IntentId, String>,
    lexicon: Lexicon,
    fresh: Fresh,
    encoder: Option<Arc<dyn Encode>>,
}

/// A model and when it is believed.
#[derive(Clone, Copy)]
pub struct Speaker<'a> {
    pub model: &'a Model,
    /// Less likely choices are no answer.
    pub sure_min: f32,
    /// A text that is less like anything taught gets none.
    pub near_min: f32,
}

impl<'a> Speaker<'a> {
    /// Right after training.
    pub fn of(trained: &'a Trained) -> Self {
        let near_min = if trained.model.examples.len() > FEW { 0.0 } else { NEAR_MIN };
        Self { model: &trained.model, sure_min: sure_min(&trained.held_aside), near_min }
    }
}

/// The least probability from which on nine of ten examples held aside were right.
fn sure_min(held: &[HeldAside]) -> f32 {
    const STEPS: [f32; 10] = [0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95];
    let holds = |least: f32| {
        let sure = held.iter().filter(|it| it.p >= least);
        let (all, right) = sure.fold((0_usize, 0_usize), |so_far, it| (so_far.0 + 1, so_far.1 + usize::from(it.guess == it.label)));
        all > 0 && count(right) >= RIGHT_MIN * count(all)
    };
    let told = if held.len() >= TOLD_BY { STEPS.into_iter().find(|it| holds(*it)) } else { Some(0.7) };
    told.unwrap_or(0.95)
}

/// What a model learns from: jargon replaced, labelled by the intent's id, in an order that does not depend on when they were taught.
pub fn examples(intents: &[Intent], lexicon: &Lexicon) -> Vec<Example> {
    let mut all = Vec::new();
    for intent in intents.iter().filter(|it| it.enabled) {
        let label = if intent.is_out_of_scope() { OUT_OF_SCOPE.to_owned() } else { intent.id.to_string() };
        all.extend(intent.examples.iter().map(|it| Example { text: plain(lexicon, &it.text), label: label.clone() }));
    }
    all.sort_by(|a, b| (&a.label, &a.text).cmp(&(&b.label, &b.text)));
    all.dedup();
    all
}

impl Understander {
    /// `read_at`: when the examples were read that the model learned from; `None`: there is no model, and all of them speak for themselves.
    pub fn new(intents: Vec<Intent>, lexicon: Lexicon, read_at: Option<Timestamp>, encoder: Option<Arc<dyn Encode>>) -> Self {
        let young = intents.iter().filter(|it| it.enabled).flat_map(|intent| {
            let young = intent.examples.iter().filter(|it| read_at.is_none_or(|read_at| it.at >= read_at));
            young.map(|it| (intent.id, intent.is_out_of_scope(), it.text.as_str(), plain(&lexicon, &it.text)))
        });
        let fresh = Fresh::new(young);
        let names = intents.iter().map(|it| (it.id, it.name.clone())).collect();
        let mut answered: Vec<Intent> = intents.into_iter().filter(|it| it.enabled && !it.is_out_of_scope()).collect();
        answered.iter_mut().for_each(|it| it.examples = Vec::new());
        Self { intents: answered, names, lexicon, fresh, encoder }
    }

    /// Intents that are answered, without their examples.
    pub fn intents(&self) -> &[Intent] {
        &self.intents
    }

    /// Whether examples are there that no model learned.
    pub fn has_fresh(&self) -> bool {
        !self.fresh.is_empty()
    }

    /// The name of the intent whose id a label is.
    pub fn name_of(&self, label: &str) -> String {
        IntentId::parse(label).and_then(|it| self.names.get(&it)).cloned().unwrap_or_else(|| label.to_owned())
    }

    /// What the model takes the whole text for, unless it abstains.
    pub fn label(&self, text: &str, model: &Model) -> Option<String> {
        let assessed = model.assess(&plain(&self.lexicon, text), self.encoder.as_deref());
        assessed.label().map(str::to_owned)
    }

    /// `in_full`: with all neighbours, as people who teach want it; decisions need less.
    pub fn understand(&self, text: &str, speaker: Option<Speaker<'_>>, in_full: bool) -> Understanding {
        let replaced = self.lexicon.find(text).into_iter().filter(is_believed).map(|it| Replaced {
            surface: it.surface,
            canonical: it.canonical,
            by: match it.by {
                By::Exact => ReplacedBy::Exact,
                By::Sound => ReplacedBy::Sound,
            },
        });
        Understanding {
            language: Locale::of_text(text),
            replaced: replaced.collect(),
            wishes: parts(text).into_iter().map(|it| self.wish(it, speaker, in_full)).collect(),
            model: speaker.map(|it| it.model.id().to_owned()),
        }
    }

    fn wish(&self, part: &str, speaker: Option<Speaker<'_>>, in_full: bool) -> Wish {
        let text = plain(&self.lexicon, part);
        let model = speaker.map(|it| it.model);
        let once = self.encoder.as_deref().map(|encoder| Once { encoder, text: &text, vector: OnceLock::new() });
        let encoder = once.as_ref().map(|it| it as &dyn Encode);
        let assessed = match model {
            Some(it) if text.chars().nth(EXPLAINED_CHARS_MAX).is_none() => it.explain(&text, encoder),
            Some(it) => it.assess(&text, encoder),
            None => Assessment::default(),
        };
        let mut wish = Wish {
            text: part.to_owned(),
            choices: assessed.choices.into_iter().filter_map(|it| self.choice(it)).collect(),
            scope: finite(assessed.scope),
            scope_min: finite(assessed.scope_min),
            ..Wish::default()
        };
        let near = self.fresh.nearest(&text);
        let has_limit = speaker.is_some_and(|it| it.near_min > 0.0);
        if in_full || has_limit || near.is_some() || wish.sure().is_none() {
            wish.neighbours = model.map(|it| it.neighbours(&text, encoder, NEIGHBOURS)).unwrap_or_default();
        }
        if let Some(speaker) = speaker {
            let is_near = wish.neighbours.first().is_some_and(|it| it.similarity >= speaker.near_min) || !has_limit;
            for it in &mut wish.choices {
                it.evidence.abstained |= !is_near || it.evidence.p < speaker.sure_min;
            }
        }
        if let Some(near) = near {
            near.speak(&mut wish, |id| self.choice_of(id));
        }
        for it in &mut wish.neighbours {
            it.label = self.name_of(&it.label);
        }
        wish.asked_back = !wish.likely().is_empty();
        if !in_full {
            wish.neighbours.truncate(1);
        }
        wish
    }

    /// The model's choice with the intent's name; one that is no longer taught is none.
    fn choice(&self, evidence: Evidence) -> Option<IntentChoice> {
        let choice = self.choice_of(IntentId::parse(&evidence.label)?)?;
        let (label, threshold) = (choice.evidence.label, finite(evidence.threshold));
        Some(IntentChoice { intent: choice.intent, evidence: Evidence { label, threshold, ..evidence } })
    }

    /// The intent as a choice of which nothing else is known.
    fn choice_of(&self, intent: IntentId) -> Option<IntentChoice> {
        let known = self.intents.iter().find(|it| it.id == intent)?;
        Some(IntentChoice { intent, evidence: Evidence { label: known.name.clone(), ..Evidence::default() } })
    }
}

/// Several ask for the vector of one text, which takes milliseconds to make.
struct Once<'a> {
    encoder: &'a dyn Encode,
    text: &'a str,
    vector: OnceLock<Vec<f32>>,
}

impl Encode for Once<'_> {
    fn id(&self) -> &str {
        self.encoder.id()
    }
    fn dimensions(&self) -> usize {
        self.encoder.dimensions()
    }
    fn encode(&self, text: &str) -> Vec<f32> {
        if text == self.text { self.vector.get_or_init(|| self.encoder.encode(text)).clone() } else { self.encoder.encode(text) }
    }
}

/// The text with jargon replaced.
fn plain(lexicon: &Lexicon, text: &str) -> String {
    let (mut out, mut done) = (String::with_capacity(text.len()), 0);
    for it in lexicon.find(text).into_iter().filter(is_believed) {
        out.push_str(text.get(done..it.range.start).unwrap_or_default());
        out.push_str(&it.canonical);
        done = it.range.end;
    }
    out.push_str(text.get(done..).unwrap_or_default());
    out
}

/// A word that only sounds like a dialect's may as well be itself; the firm's own words are what its customers mean.
fn is_believed(it: &Match) -> bool {
    it.by == By::Exact || it.group == Group::Own
}

/// The wishes of a text; the whole of it where there is only one, or where it only greets.
fn parts(text: &str) -> Vec<&str> {
    let parts: Vec<&str> = wishes(text).into_iter().filter_map(|it| text.get(it)).map(str::trim).filter(|it| !it.is_empty()).collect();
    if parts.len() > 1 { parts } else { vec![text.trim()] }
}

fn finite(value: f32) -> f32 {
    if value.is_finite() { value } else { SCOPE_FLOOR }
}

#[cfg(test)]
mod tests {
    use rapport_model::ExampleSource;

    use super::*;
    use crate::{
        intent::{Settings, train},
        lexicon::Entry,
    };

    fn id(n: u8) -> IntentId {
        IntentId::parse(&format!("00000000-0000-0000-0000-0000000000{n:02}")).unwrap()
    }

    fn intent(n: u8, name: &str, texts: &[&str]) -> Intent {
        let mut it = Intent::new(id(n), name);
        texts.iter().for_each(|text| assert!(it.teach(text, ExampleSource::Taught, Timestamp(i64::from(n))).is_some()));
        it
    }

    /// The last is taught after the model was trained.
    fn taught() -> (Understander, Trained) {
        let mut intents = vec![
            intent(1, "return", &["我要退货", "退货怎么申请", "不想要了想退", "I want to return it", "how do I send it back"]),
            intent(2, "invoice", &["开张发票", "发票怎么开", "要报销用的发票", "I need an invoice", "invoice for my company"]),
        ];
        let trained = train(&examples(&intents, &Lexicon::new(Vec::new())), &Settings::default()).unwrap();
        intents.push(intent(9, "repair", &["鞋子开胶了能修吗"]));
        (Understander::new(intents, Lexicon::new(Vec::new()), Some(Timestamp(5)), None), trained)
    }

    #[test]
    fn texts_are_taken_for_what_was_taught_by_name() {
        let (understander, trained) = taught();
        let speaker = Some(Speaker::of(&trained));
        let check = |text: &str, sure: &[Option<&str>]| {
            let understood = understander.understand(text, speaker, false);
            let said: Vec<Option<&str>> = understood.wishes.iter().map(|it| it.sure().map(|it| it.evidence.label.as_str())).collect();
            assert_eq!(said, sure, "{text}: {understood:?}");
        };
        check("我要退货", &[Some("return")]);
        check("帮我开张发票", &[Some("invoice")]);
        check("鞋子开胶了能修吗？", &[Some("repair")]);
        check("我要退货，另外发票怎么开", &[Some("return"), Some("invoice")]);
        check("明天会下雨吗", &[None]);
        check("", &[None]);
        check("😀😀", &[None]);
    }

    #[test]
    fn how_sure_is_sure_enough_follows_from_what_was_held_aside() {
        let held = |p: f32, right: bool| HeldAside { example: 0, label: 0, guess: usize::from(!right), p, abstained: false };
        let check = |all: &[(f32, usize, usize)], least: f32| {
            let of = |(p, right, wrong): &(f32, usize, usize)| [vec![held(*p, true); *right], vec![held(*p, false); *wrong]].concat();
            let all: Vec<HeldAside> = all.iter().flat_map(of).collect();
            assert!((sure_min(&all) - least).abs() < 1e-6, "{} is not {least}", sure_min(&all));
        };
        check(&[], 0.7);
        check(&[(0.9, 95, 5), (0.6, 95, 5)], 0.5);
        check(&[(0.9, 95, 5), (0.6, 40, 60)], 0.65);
        check(&[(0.97, 50, 50)], 0.95);
    }

    #[test]
    fn only_the_firms_own_words_are_heard_by_their_sound() {
        let term = |group| Entry { canonical: "出租车".to_owned(), variants: vec!["的士".to_owned()], group, note: String::new() };
        let check = |group, text: &str, expected: &str| assert_eq!(plain(&Lexicon::new(vec![term(group)]), text), expected);
        check(Group::Cantonese, "开店的事", "开店的事");
        check(Group::Cantonese, "叫的士", "叫出租车");
        check(Group::Own, "叫的士", "叫出租车");
    }

    #[test]
    fn every_number_can_be_written_as_json() {
        let (understander, trained) = taught();
        let speaker = Some(Speaker::of(&trained));
        for text in ["我要退货", "", "zzz"] {
            let understood = understander.understand(text, speaker, true);
            let read: Result<Understanding, _> = serde_json::from_str(&serde_json::to_string(&understood).unwrap());
            assert_eq!(read.unwrap().wishes.len(), understood.wishes.len(), "{text}");
        }
    }

    #[test]
    fn an_intent_that_is_no_longer_taught_is_not_chosen() {
        let (_, trained) = taught();
        let speaker = Some(Speaker::of(&trained));
        let left = Understander::new(vec![intent(2, "invoice", &["开张发票"])], Lexicon::new(Vec::new()), Some(Timestamp(5)), None);
        let understood = left.understand("我要退货", speaker, false);
        assert!(understood.wishes.iter().all(|it| it.choices.iter().all(|it| it.evidence.label == "invoice") && it.sure().is_none()), "{understood:?}");
    }

    #[test]
    fn the_order_in_which_it_was_taught_changes_nothing() {
        let lexicon = Lexicon::new(Vec::new());
        let (a, b) = (intent(1, "a", &["x", "y"]), intent(2, "b", &["z"]));
        assert_eq!(examples(&[a.clone(), b.clone()], &lexicon), examples(&[b, intent(1, "renamed", &["y", "x"])], &lexicon));
        assert_eq!(examples(&[Intent { enabled: false, ..a }], &lexicon), []);
    }
}
