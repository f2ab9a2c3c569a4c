//! An extractive answer with its source, or an honest "not sure" or "not known".

use rapport_model::{Citation, Locale, Reason, is_han};

use crate::{
    confidence::{FOUND_MIN, Features, UNSURE_MIN},
    index::{Index, Query, Ranked, count_f32},
    passage::{Passage, Sentence, join},
    text::{Key, Kind, Token},
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

/// Articles offered when unsure.
const CANDIDATES: usize = 3;
/// Length of an answer: a Chinese character says as much as two and a half English ones.
const CHARS_MAX_ZH: usize = 200;
const CHARS_MAX_EN: usize = 480;
const SENTENCES_MAX: usize = 4;
/// An article in the other language has to be this much better.
const OTHER_LOCALE: f32 = 0.6;
/// A Chinese text in which only characters meet, not pairs, is met by this much.
const MET_BY_SINGLE: f32 = 0.35;
const MET_BY_CONCEPT: f32 = 0.9;
/// Weight of a word that is common anywhere.
const LIGHT: f32 = 0.4;

impl Index {
    /// Answers a question from the articles, in the customer's language where there is one.
    pub fn answer(&self, query: &str, locale: Locale) -> Answer {
        let query_terms = Query::new(query);
        let locale = wanted_locale(query, locale);
        let ranked = self.preferring(locale, self.rank(&query_terms));
        let Some(best) = ranked.first() else {
            return Answer::Unknown { confidence: 0.0, reasons: vec![Reason::new("knowledge.nothing_found")] };
        };
        let features = self.features(&query_terms, &ranked);
        let confidence = features.confidence();
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

    /// What the decision on a question rests on and which article it is about; for measuring.
    pub fn assess(&self, query: &str, locale: Locale) -> Option<(rapport_model::ArticleId, Features)> {
        let terms = Query::new(query);
        let ranked = self.preferring(wanted_locale(query, locale), self.rank(&terms));
        let entry = self.articles.get(ranked.first()?.article)?;
        Some((entry.id, self.features(&terms, &ranked)))
    }

    fn locale_of(&self, ranked: &Ranked) -> Option<Locale> {
        self.articles.get(ranked.article).map(|it| it.locale)
    }

    fn preferring(&self, locale: Locale, mut ranked: Vec<Ranked>) -> Vec<Ranked> {
        for it in &mut ranked {
            if self.locale_of(it) != Some(locale) {
                it.score *= OTHER_LOCALE;
            }
        }
        ranked.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.article.cmp(&b.article)));
        ranked
    }

    fn features(&self, query: &Query, ranked: &[Ranked]) -> Features {
        let Some(best) = ranked.first() else { return Features::default() };
        let locale = self.locale_of(best).unwrap_or_default();
        let next = ranked.iter().skip(1).find(|it| self.locale_of(it) == Some(locale)).map_or(0.0, |it| it.score);
        let in_passage = |key: Key| best.passage.is_some_and(|it| self.in_passage(key, it));
        let self_score = self.self_score(query, locale);
        let subjects = query.analysis.tokens.iter().filter(|it| !it.is_stop).count();
        Features {
            covered: self.coverage(query, locale, |key| self.in_header(key, best.article) || in_passage(key)),
            covered_by_title: self.coverage(query, locale, |key| self.in_header(key, best.article)),
            covered_by_article: self.coverage(query, locale, |key| self.in_article(key, best.article)),
            score: if self_score > 0.0 { (best.score / self_score).min(1.0) } else { 0.0 },
            lead: if best.score > 0.0 { (1.0 - next / best.score).clamp(0.0, 1.0) } else { 0.0 },
            unheard: 1.0 - self.coverage(query, locale, |key| self.knows(key)),
            concepts: self.concepts_named(query, locale, best.article),
            length: (count_f32(subjects) / 8.0).min(1.0),
        }
    }

    /// Share of the question's tokens that are met by terms for which `holds`, weighted by how telling they are.
    fn coverage(&self, query: &Query, locale: Locale, holds: impl Fn(Key) -> bool) -> f32 {
        let tokens = &query.analysis.tokens;
        let mut met = vec![0.0_f32; tokens.len()];
        let mut weights = vec![0.0_f32; tokens.len()];
        for term in &query.analysis.terms {
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
        let all: f32 = tokens.iter().zip(&weights).map(|(token, weight)| asked(token, *weight)).sum();
        let covered: f32 = tokens.iter().zip(&weights).zip(&met).map(|((token, weight), met)| asked(token, *weight) * met).sum();
        if all > 0.0 { covered / all } else { 0.0 }
    }

    fn concepts_named(&self, query: &Query, locale: Locale, article: usize) -> f32 {
        let (mut all, mut named) = (0.0, 0.0);
        for term in query.terms.iter().filter(|it| it.key.kind() == Kind::Concept) {
            let weight = self.idf(term.key, locale);
            all += weight;
            if self.in_header(term.key, article) {
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
        join(self.window(query, passage, locale))
    }

    fn window<'a>(&self, query: &Query, passage: &'a Passage, locale: Locale) -> &'a [Sentence] {
        let chars_max = match locale {
            Locale::Zh => CHARS_MAX_ZH,
            Locale::En => CHARS_MAX_EN,
        };
        let lengths: Vec<usize> = passage.sentences.iter().map(|it| it.text.chars().count()).collect();
        if lengths.iter().sum::<usize>() <= chars_max {
            return &passage.sentences;
        }
        let held: Vec<Vec<Key>> = passage.sentences.iter().map(|it| crate::text::analyse(&it.text).terms.into_iter().map(|it| it.key).collect()).collect();
        let mut best = (f32::MIN, 0..1);
        for start in 0..passage.sentences.len() {
            let mut chars = 0;
            for end in start + 1..=(start + SENTENCES_MAX).min(passage.sentences.len()) {
                chars += lengths.get(end - 1).copied().unwrap_or(0);
                if chars > chars_max && end > start + 1 {
                    break;
                }
                let score = self.window_score(query, held.get(start..end).unwrap_or_default(), locale);
                if score > best.0 {
                    best = (score, start..end);
                }
            }
        }
        passage.sentences.get(best.1).unwrap_or(&passage.sentences)
    }

    /// What of the question the sentences hold; a slight preference for one more sentence of context.
    fn window_score(&self, query: &Query, held: &[Vec<Key>], locale: Locale) -> f32 {
        let found: f32 = query.terms.iter().filter(|term| held.iter().any(|it| it.contains(&term.key))).map(|it| self.idf(it.key, locale)).sum();
        found + 0.05 * count_f32(held.len())
    }
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
