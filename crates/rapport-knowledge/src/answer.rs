//! An extractive answer with its source, or an honest "not sure" or "not known".

use std::ops::Range;

use rapport_model::{Citation, Locale, Reason, is_han};

use crate::{
    confidence::{FOUND_MIN, Features, UNSURE_MIN},
    index::{Index, Query, Ranked, count_f32},
    markdown::BlockKind,
    passage::{Passage, Sentence, join},
    text::{Analysis, Key, Kind, Token},
};

/// What knowledge says to a question.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// The text is quoted from the first citation.
    Found { text: String, citations: Vec<Citation>, confidence: f32, reasons: Vec<Reason> },
    /// One of these may be meant.
    Unsure { candidates: Vec<Citation>, confidence: f32, reasons: Vec<Reason> },
    /// Nothing here answers it.
    Unknown { confidence: f32, reasons: Vec<Reason> },
}

impl Answer {
    /// `found`, `unsure` or `unknown`.
    pub fn outcome(&self) -> &'static str {
        match self {
            Self::Found { .. } => "found",
            Self::Unsure { .. } => "unsure",
            Self::Unknown { .. } => "unknown",
        }
    }

    pub fn confidence(&self) -> f32 {
        match self {
            Self::Found { confidence, .. } | Self::Unsure { confidence, .. } | Self::Unknown { confidence, .. } => *confidence,
        }
    }
}

/// An article in another language than the customer's is met by concepts alone: what is left of the confidence in it.
const OTHER_LOCALE: f32 = 0.7;
/// How far a part of a question is met where only its single characters stand in a text, or another word for the same.
const MET_BY_SINGLE: f32 = 0.33;
const MET_BY_CONCEPT: f32 = 0.93;
/// Weight of a word that is common anywhere.
const LIGHT: f32 = 0.25;
/// Articles looked at closely, by their features.
const CONSIDERED: usize = 8;
/// Articles offered when unsure.
const CANDIDATES: usize = 3;
/// Length of an answer: a Chinese character says as much as two and a half English ones.
const CHARS_MAX_ZH: usize = 200;
const CHARS_MAX_EN: usize = 480;
const SENTENCES_MAX: usize = 6;

impl Index {
    /// Answers a question from the articles, in the customer's language where there is one.
    pub fn answer(&self, query: &str, locale: Locale) -> Answer {
        let query_terms = Query::new(query);
        let locale = wanted_locale(query, locale);
        let mut ranked = self.in_locale(locale, self.rank(&query_terms));
        if ranked.is_empty() {
            return Answer::Unknown { confidence: 0.0, reasons: vec![Reason::new("knowledge.nothing_found")] };
        }
        let considered = self.considered(&query_terms, &ranked);
        // The one that the question is most likely about, which is not always the one with the highest score.
        let (at, features) = considered.iter().enumerate().fold((0, Features::default()), |best, (at, it)| if at == 0 || it.confidence() > best.1.confidence() { (at, *it) } else { best });
        ranked.get_mut(..=at).unwrap_or_default().rotate_right(1);
        let Some(best) = ranked.first() else { return Answer::Unknown { confidence: 0.0, reasons: Vec::new() } };
        let is_other = self.locale_of(best) != Some(locale);
        let confidence = features.confidence() * if is_other { OTHER_LOCALE } else { 1.0 };
        let reasons = self.reasons(&query_terms, best, &features, confidence);
        if confidence >= FOUND_MIN {
            let quote = self.quote(&query_terms, best);
            let citations = self.citation(best, quote.clone()).into_iter().collect();
            Answer::Found { text: quote, citations, confidence, reasons }
        } else if confidence >= UNSURE_MIN {
            let candidates = ranked.iter().take(CANDIDATES).filter_map(|it| self.citation(it, self.quote(&query_terms, it))).collect();
            Answer::Unsure { candidates, confidence, reasons }
        } else {
            Answer::Unknown { confidence, reasons }
        }
    }

    /// What the decision on a question rests on: the nearest articles with their features, best score first; for measuring.
    pub fn assess(&self, query: &str, locale: Locale) -> Vec<(rapport_model::ArticleId, Features)> {
        let terms = Query::new(query);
        let ranked = self.in_locale(wanted_locale(query, locale), self.rank(&terms));
        let features = self.considered(&terms, &ranked);
        ranked.iter().zip(features).filter_map(|(it, features)| Some((self.articles.get(it.article)?.id, features))).collect()
    }

    fn locale_of(&self, ranked: &Ranked) -> Option<Locale> {
        self.articles.get(ranked.article).map(|it| it.locale)
    }

    /// Those in the customer's language; where there is none, those in the other.
    fn in_locale(&self, locale: Locale, mut ranked: Vec<Ranked>) -> Vec<Ranked> {
        if ranked.iter().any(|it| self.locale_of(it) == Some(locale)) {
            ranked.retain(|it| self.locale_of(it) == Some(locale));
        }
        ranked
    }

    /// Features of the nearest articles, in their order.
    fn considered(&self, query: &Query, ranked: &[Ranked]) -> Vec<Features> {
        let mut found: Vec<Features> = (0..ranked.len().min(CONSIDERED)).map(|at| self.features(query, ranked, at)).collect();
        let leads = |value: fn(&Features) -> f32| -> Vec<f32> {
            let others = |at: usize| found.iter().enumerate().filter(move |it| it.0 != at).map(|it| value(it.1)).fold(0.0, f32::max);
            found.iter().enumerate().map(|(at, it)| value(it) - others(at)).collect()
        };
        let (covered, alike) = (leads(|it| it.covered), leads(|it| it.alike));
        for ((it, covered), alike) in found.iter_mut().zip(covered).zip(alike) {
            it.covered_lead = covered;
            it.alike_lead = alike;
        }
        found
    }

    fn features(&self, query: &Query, ranked: &[Ranked], at: usize) -> Features {
        let Some(best) = ranked.get(at) else { return Features::default() };
        let locale = self.locale_of(best).unwrap_or_default();
        let next = ranked.iter().enumerate().find(|(nth, it)| *nth != at && self.locale_of(it) == Some(locale)).map_or(0.0, |it| it.1.score);
        let in_passage = |key: Key| best.passage.is_some_and(|it| self.in_passage(key, it));
        let self_score = self.self_score(query, locale);
        let subjects = query.analysis.tokens.iter().filter(|it| !it.is_stop).count();
        let (asked_back, alike) = self.likeness(query, locale, best.article);
        let (covered, missing) = self.coverage(&query.analysis, locale, |key| self.in_header(key, best.article) || in_passage(key));
        let said = best.passage.and_then(|it| self.says.get(it)).copied().unwrap_or_default();
        Features {
            covered,
            covered_by_title: self.coverage(&query.analysis, locale, |key| self.in_header(key, best.article)).0,
            covered_by_article: self.coverage(&query.analysis, locale, |key| self.in_article(key, best.article)).0,
            score: if self_score > 0.0 { (best.score / self_score).min(1.0) } else { 0.0 },
            lead: if best.score > 0.0 { (1.0 - next / best.score).clamp(-1.0, 1.0) } else { 0.0 },
            unheard: 1.0 - self.coverage(&query.analysis, locale, |key| self.knows(key)).0,
            concepts: self.concepts_named(query, locale, |key| self.in_header(key, best.article)),
            concepts_here: self.concepts_named(query, locale, |key| self.in_header(key, best.article) || in_passage(key)),
            length: (count_f32(subjects) / 8.0).min(1.0),
            asked_back,
            alike,
            missing,
            worldly: query.terms.iter().any(|it| it.key.is_worldly() && !self.knows_in(it.key, locale)),
            covered_lead: 0.0,
            alike_lead: 0.0,
            fact: match (query.asks.any(), query.asks.met_by(said)) {
                (false, _) => 0.0,
                (true, true) => 1.0,
                (true, false) => -1.0,
            },
        }
    }

    /// How far the best title or question is in the customer's words, and the harmonic mean with the other direction.
    fn likeness(&self, query: &Query, locale: Locale, article: usize) -> (f32, f32) {
        let mut best = (0.0_f32, 0.0_f32);
        for variant in self.articles.get(article).map(|it| it.variants.as_slice()).unwrap_or_default() {
            let held: std::collections::HashSet<Key> = variant.terms.iter().map(|it| it.key).collect();
            let back = self.coverage(variant, locale, |key| query.keys.contains(&key)).0;
            let forth = self.coverage(&query.analysis, locale, |key| held.contains(&key)).0;
            let alike = if back + forth > 0.0 { 2.0 * back * forth / (back + forth) } else { 0.0 };
            if alike > best.1 {
                best = (back, alike);
            }
        }
        best
    }

    /// Share of a question's tokens that are met by terms for which `holds`, weighted by how telling they are; and the share of the
    /// most telling one that is not.
    fn coverage(&self, analysis: &Analysis, locale: Locale, holds: impl Fn(Key) -> bool) -> (f32, f32) {
        let tokens = &analysis.tokens;
        let mut met = vec![0.0_f32; tokens.len()];
        let mut weights = vec![0.0_f32; tokens.len()];
        for term in &analysis.terms {
            let by = match term.key.kind() {
                Kind::Single => MET_BY_SINGLE,
                Kind::Pair | Kind::Word => 1.0,
                Kind::Concept => MET_BY_CONCEPT,
            };
            let (from, count) = (term.from as usize, term.count as usize);
            if matches!(term.key.kind(), Kind::Single | Kind::Word)
                && count == 1
                && let Some(weight) = weights.get_mut(from)
            {
                *weight = self.idf(term.key, locale);
            }
            if holds(term.key) {
                for it in met.iter_mut().skip(from).take(count) {
                    *it = it.max(by);
                }
            }
        }
        let asked = |token: &Token, weight: f32| match (token.is_stop, token.is_light) {
            (true, _) => 0.0,
            (false, true) => LIGHT * weight,
            (false, false) => weight,
        };
        let (mut all, mut covered, mut missing) = (0.0_f32, 0.0_f32, 0.0_f32);
        for ((token, weight), met) in tokens.iter().zip(&weights).zip(&met) {
            let weight = asked(token, *weight);
            all += weight;
            covered += weight * met;
            missing = missing.max(weight * (1.0 - met));
        }
        if all > 0.0 { (covered / all, missing / all) } else { (0.0, 0.0) }
    }

    /// Share of the question's concepts for which `holds`, weighted by how telling they are.
    fn concepts_named(&self, query: &Query, locale: Locale, holds: impl Fn(Key) -> bool) -> f32 {
        let (mut all, mut named) = (0.0, 0.0);
        for term in query.terms.iter().filter(|it| it.key.kind() == Kind::Concept) {
            let weight = self.idf(term.key, locale);
            all += weight;
            if holds(term.key) {
                named += weight;
            }
        }
        if all > 0.0 { named / all } else { 0.0 }
    }

    fn reasons(&self, query: &Query, best: &Ranked, features: &Features, confidence: f32) -> Vec<Reason> {
        let mut reasons = Vec::new();
        if let Some(entry) = self.articles.get(best.article) {
            let mut words: Vec<&str> = Vec::new();
            for term in &query.terms {
                let text = query.analysis.tokens.get(term.from as usize).map(|it| it.text.as_str()).filter(|it| !words.contains(it));
                words.extend(text.filter(|_| self.in_article(term.key, best.article)));
            }
            reasons.push(Reason::new("knowledge.best_article").with("title", &entry.title).with("version", entry.version).with("matched", words.join(" ")));
        }
        let shown = |value: f32| format!("{value:.2}");
        reasons.push(
            Reason::new("knowledge.confidence")
                .with("confidence", shown(confidence))
                .with("found_min", shown(FOUND_MIN))
                .with("covered", shown(features.covered))
                .with("score", shown(features.score))
                .with("lead", shown(features.lead))
                .with("unheard", shown(features.unheard)),
        );
        reasons
    }

    /// The words of the article that answer: a short passage whole, of a longer one the sentences nearest to the question.
    fn quote(&self, query: &Query, ranked: &Ranked) -> String {
        let entry = self.articles.get(ranked.article);
        let first = entry.filter(|it| it.first < it.end).map(|it| it.first as usize);
        let Some(passage) = ranked.passage.or(first).and_then(|it| self.passages.get(it)) else { return entry.map(|it| it.title.clone()).unwrap_or_default() };
        let locale = entry.map(|it| it.locale).unwrap_or_default();
        let window = self.window(query, passage, locale);
        let opening = first.filter(|_| ranked.with_opening).and_then(|it| self.passages.get(it)).map(|it| it.sentences.as_slice());
        match opening.filter(|it| chars(it) + chars(window) <= chars_max(locale)) {
            // What holds for all, then what answers best.
            Some(opening) => format!("{}\n{}", join(opening), join(window)),
            None => join(window),
        }
    }

    fn window<'a>(&self, query: &Query, passage: &'a Passage, locale: Locale) -> &'a [Sentence] {
        let chars_max = chars_max(locale);
        if chars(&passage.sentences) <= chars_max {
            return &passage.sentences;
        }
        let held: Vec<Vec<Key>> = passage.sentences.iter().map(|it| crate::text::analyse(&it.text).terms.into_iter().map(|it| it.key).collect()).collect();
        let units = units(&passage.sentences, chars_max);
        let mut best = (f32::MIN, 0..1);
        for (nth, first) in units.iter().enumerate() {
            for last in units.iter().skip(nth) {
                let range = first.start..last.end;
                let fits = passage.sentences.get(range.clone()).is_some_and(|it| it.len() <= SENTENCES_MAX && chars(it) <= chars_max);
                if first != last && !fits {
                    break;
                }
                let score = self.window_score(query, held.get(range.clone()).unwrap_or_default(), locale);
                if score > best.0 {
                    best = (score, range);
                }
            }
        }
        passage.sentences.get(best.1).unwrap_or(&passage.sentences)
    }

    /// What of the question the sentences hold; of equals the shorter.
    fn window_score(&self, query: &Query, held: &[Vec<Key>], locale: Locale) -> f32 {
        let found: f32 = query.terms.iter().filter(|term| held.iter().any(|it| it.contains(&term.key))).map(|it| self.idf(it.key, locale)).sum();
        found - 0.01 * count_f32(held.len())
    }
}

/// What is quoted whole or not at all: a sentence; a list with the words that open it, where it is not too long, else each of its items.
fn units(sentences: &[Sentence], chars_max: usize) -> Vec<Range<usize>> {
    let mut units: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    while let Some(sentence) = sentences.get(at) {
        let listed = sentences.iter().skip(at + 1).take_while(|it| it.kind != BlockKind::Paragraph).count();
        let opens = sentence.kind == BlockKind::Paragraph && sentence.text.ends_with(['：', ':']) && listed > 0;
        let whole = at..at + 1 + if opens || sentence.kind != BlockKind::Paragraph { listed } else { 0 };
        let end = if sentences.get(whole.clone()).is_some_and(|it| chars(it) <= chars_max) {
            whole.end
        } else {
            // The item up to where the next begins.
            at + 1 + sentences.iter().skip(at + 1).take_while(|it| !it.starts_block && it.kind == BlockKind::Item).count()
        };
        units.push(at..end);
        at = end;
    }
    units
}

fn chars_max(locale: Locale) -> usize {
    match locale {
        Locale::Zh => CHARS_MAX_ZH,
        Locale::En => CHARS_MAX_EN,
    }
}

fn chars(sentences: &[Sentence]) -> usize {
    sentences.iter().map(|it| it.text.chars().count()).sum()
}

/// The language of the question where it is plain, else the customer's.
fn wanted_locale(query: &str, locale: Locale) -> Locale {
    let han = query.chars().filter(|it| is_han(*it)).count();
    let words = query.split_whitespace().filter(|it| it.chars().all(|it| it.is_ascii_alphabetic())).count();
    if han >= 2 {
        Locale::Zh
    } else if han == 0 && words >= 3 {
        Locale::En
    } else {
        locale
    }
}
