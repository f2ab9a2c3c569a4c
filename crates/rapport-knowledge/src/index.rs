//! An immutable index over published articles: BM25 over title, questions, headings and body, by characters, words and concepts.

use std::collections::{HashMap, HashSet};

use rapport_model::{Article, ArticleId, Citation, Locale};

use crate::{
    facts::Facts,
    passage::{Passage, passages},
    text::{Analysis, Key, Kind, Term, analyse, analyse_query},
};

/// Term saturation and length normalisation of BM25.
const K1: f32 = 1.2;
const B: f32 = 0.75;
/// Passages differ less in length for a reason.
const PASSAGE_B: f32 = 0.5;
/// Weights of fields relative to the body.
const TITLE: f32 = 2.9;
const QUESTIONS: f32 = 1.7;
const HEADINGS: f32 = 1.9;
/// Weights of terms relative to a pair of characters or a word.
const SINGLE: f32 = 0.7;
const CONCEPT: f32 = 0.8;
/// What is left of the weight of terms that are common in any text.
const COMMON: f32 = 0.35;
/// A phrase of this many words means something as a whole.
const IDIOM_WORDS_MIN: u32 = 3;
const IDIOM: f32 = 1.2;
/// How much the best passage counts beside the whole article.
const PASSAGE: f32 = 1.5;
/// How much title and questions count beside the body.
const HEADER: f32 = 1.0;
/// A term of the title counts in each passage as if it stood there this often.
const TITLE_OVER_PASSAGE: f32 = 0.8;
/// What a passage gains by stating the kind of fact that is asked for, as a share of the best one's score.
const FACT: f32 = 0.24;
/// How much nearer the opening of an article counts.
const OPENING_BONUS: f32 = 1.15;
/// From this share of the best passage's score on the opening of the article is shown before it.
const OPENING: f32 = 0.5;
/// A handful of articles says little about how rare a word is: rarity is reckoned as in at least this many.
const COLLECTION_MIN: f32 = 45.0;
/// Articles whose passages are looked at closely.
const CLOSE_LOOK: usize = 24;
/// Characters of a question that are read; nobody's question is longer, and a pasted page must not cost.
const QUERY_CHARS_MAX: usize = 500;

/// An article found, with its best passage.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    pub article: ArticleId,
    pub version: u32,
    pub title: String,
    pub locale: Locale,
    /// Headings from the article's top to the passage.
    pub heading: Vec<String>,
    /// The passage.
    pub text: String,
    pub url: Option<String>,
    /// BM25; comparable within one query only.
    pub score: f32,
}

/// Readers share it behind an `Arc`; a change of articles builds another.
#[derive(Debug, Default)]
pub struct Index {
    pub(crate) articles: Vec<Entry>,
    pub(crate) passages: Vec<Passage>,
    passage_lengths: Vec<f32>,
    /// What kinds of facts each passage states.
    pub(crate) says: Vec<Facts>,
    lists: HashMap<Key, List>,
    zh: Totals,
    en: Totals,
}

#[derive(Debug)]
pub(crate) struct Entry {
    pub id: ArticleId,
    pub version: u32,
    pub title: String,
    pub url: Option<String>,
    pub locale: Locale,
    /// Its passages: `first..end`.
    pub first: u32,
    pub end: u32,
    length: f32,
    /// The title and each other way to ask, taken apart.
    pub variants: Vec<Analysis>,
}

/// Where one term stands.
#[derive(Debug, Default)]
struct List {
    header: Vec<InHeader>,
    body: Vec<InPassage>,
    articles: PerLocale,
    headers: PerLocale,
}

#[derive(Clone, Copy, Debug, Default)]
struct PerLocale {
    zh: u32,
    en: u32,
}

impl PerLocale {
    fn add(&mut self, locale: Locale) {
        match locale {
            Locale::Zh => self.zh += 1,
            Locale::En => self.en += 1,
        }
    }

    fn get(self, locale: Locale) -> u32 {
        match locale {
            Locale::Zh => self.zh,
            Locale::En => self.en,
        }
    }
}

#[derive(Clone, Copy, Debug)]
struct InHeader {
    article: u32,
    title: u8,
    questions: u8,
}

#[derive(Clone, Copy, Debug)]
struct InPassage {
    passage: u32,
    article: u32,
    body: u16,
    headings: u8,
}

#[derive(Debug, Default)]
struct Totals {
    articles: f32,
    length_mean: f32,
    passage_length_mean: f32,
}

/// An article with its score and its best passage, as the answer needs it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ranked {
    pub article: usize,
    pub passage: Option<usize>,
    /// The opening of the article is nearly as near to the question.
    pub with_opening: bool,
    pub score: f32,
}

/// A question ready to be looked up.
pub(crate) struct Query {
    pub analysis: Analysis,
    /// Distinct terms in order of first appearance.
    pub terms: Vec<Term>,
    /// Their keys, for looking up.
    pub keys: HashSet<Key>,
    /// What kinds of facts are asked for.
    pub asks: Facts,
}

impl Query {
    pub(crate) fn new(text: &str) -> Self {
        let end = text.char_indices().nth(QUERY_CHARS_MAX).map_or(text.len(), |(at, _)| at);
        let analysis = analyse_query(text.get(..end).unwrap_or_default());
        let mut terms: Vec<Term> = Vec::new();
        for term in &analysis.terms {
            if !terms.iter().any(|it| it.key == term.key) {
                terms.push(*term);
            }
        }
        let keys = terms.iter().map(|it| it.key).collect();
        Self { analysis, terms, keys, asks: Facts::asked(text) }
    }
}

impl Query {
    /// What a term counts relative to a pair of characters or a word; less where it is made of what is common in any text.
    fn weight(&self, term: &Term) -> f32 {
        let mut tokens = self.analysis.tokens.iter().skip(term.from as usize).take(term.count as usize);
        let is_common = tokens.all(|it| it.is_light || it.is_stop);
        match (term.key.kind(), is_common) {
            (Kind::Concept, _) if term.count >= IDIOM_WORDS_MIN => IDIOM,
            (Kind::Concept, _) => CONCEPT,
            (Kind::Single, false) => SINGLE,
            (Kind::Single, true) => SINGLE * COMMON,
            (Kind::Word, false) if self.is_idiom(term) => COMMON,
            (Kind::Pair | Kind::Word, false) => 1.0,
            (Kind::Pair | Kind::Word, true) => COMMON,
        }
    }
}

impl Query {
    /// Whether a word stands in a phrase that means something as a whole: the "mind" of "I changed my mind".
    fn is_idiom(&self, word: &Term) -> bool {
        let holds = |it: &&Term| it.key.kind() == Kind::Concept && it.count >= IDIOM_WORDS_MIN && (it.from..it.from + it.count).contains(&word.from);
        self.analysis.terms.iter().filter(holds).count() > 0
    }
}

impl Index {
    /// Indexes those of the articles that are published.
    pub fn build(articles: &[Article]) -> Self {
        let mut index = Self::default();
        for article in articles.iter().filter(|it| it.published) {
            index.add(article);
        }
        index.finish();
        index
    }

    /// Number of articles.
    pub fn len(&self) -> usize {
        self.articles.len()
    }

    pub fn is_empty(&self) -> bool {
        self.articles.is_empty()
    }

    fn add(&mut self, article: &Article) {
        let number = u32::try_from(self.articles.len()).unwrap_or(u32::MAX);
        let first = u32::try_from(self.passages.len()).unwrap_or(u32::MAX);
        let mut seen: Vec<Key> = Vec::new();
        for (key, count) in counts([article.title.as_str()]) {
            self.lists.entry(key).or_default().header.push(InHeader { article: number, title: clamp_u8(count), questions: 0 });
            seen.push(key);
        }
        for (key, count) in counts(article.questions.iter().map(String::as_str)) {
            let header = &mut self.lists.entry(key).or_default().header;
            match header.last_mut().filter(|it| it.article == number) {
                Some(last) => last.questions = clamp_u8(count),
                None => header.push(InHeader { article: number, title: 0, questions: clamp_u8(count) }),
            }
            seen.push(key);
        }
        let mut length = 0.0;
        for passage in passages(article) {
            length += self.add_passage(number, passage, &mut seen);
        }
        seen.sort_unstable();
        seen.dedup();
        for key in seen {
            let list = self.lists.entry(key).or_default();
            list.articles.add(article.locale);
            if list.header.last().is_some_and(|it| it.article == number) {
                list.headers.add(article.locale);
            }
        }
        let end = u32::try_from(self.passages.len()).unwrap_or(u32::MAX);
        self.articles.push(Entry {
            id: article.id,
            version: article.version,
            title: article.title.clone(),
            url: article.url.clone(),
            locale: article.locale,
            first,
            end,
            length,
            variants: std::iter::once(&article.title).chain(&article.questions).map(|it| analyse_query(it)).collect(),
        });
    }

    /// Adds the passage and answers its length in terms.
    fn add_passage(&mut self, article: u32, passage: Passage, seen: &mut Vec<Key>) -> f32 {
        let number = u32::try_from(self.passages.len()).unwrap_or(u32::MAX);
        let mut length = 0.0;
        for (key, count) in counts([passage.text().as_str()]) {
            length += f32::from(count);
            self.lists.entry(key).or_default().body.push(InPassage { passage: number, article, body: count, headings: 0 });
            seen.push(key);
        }
        for (key, count) in counts(passage.headings.iter().map(String::as_str)) {
            let body = &mut self.lists.entry(key).or_default().body;
            match body.last_mut().filter(|it| it.passage == number) {
                Some(last) => last.headings = clamp_u8(count),
                None => body.push(InPassage { passage: number, article, body: 0, headings: clamp_u8(count) }),
            }
            seen.push(key);
        }
        self.says.push(Facts::stated(&passage.text()));
        self.passages.push(passage);
        self.passage_lengths.push(length);
        length
    }

    fn finish(&mut self) {
        for locale in [Locale::Zh, Locale::En] {
            let own: Vec<_> = self.articles.iter().filter(|it| it.locale == locale).collect();
            let articles = count_f32(own.len());
            let length: f32 = own.iter().map(|it| it.length).sum();
            let passages: f32 = own.iter().map(|it| count_f32((it.end - it.first) as usize)).sum();
            let totals = Totals { articles, length_mean: length / articles.max(1.0), passage_length_mean: length / passages.max(1.0) };
            match locale {
                Locale::Zh => self.zh = totals,
                Locale::En => self.en = totals,
            }
        }
    }

    fn totals(&self, locale: Locale) -> &Totals {
        match locale {
            Locale::Zh => &self.zh,
            Locale::En => &self.en,
        }
    }

    /// How telling a term is among the articles of a language, in nats; a term that is nowhere is the most telling.
    pub(crate) fn idf(&self, key: Key, locale: Locale) -> f32 {
        self.rarity(self.lists.get(&key).map_or(0, |it| it.articles.get(locale)), locale)
    }

    /// The same among titles and questions: "return" stands in many articles and is the subject of one.
    fn header_idf(&self, key: Key, locale: Locale) -> f32 {
        self.rarity(self.lists.get(&key).map_or(0, |it| it.headers.get(locale)), locale)
    }

    fn rarity(&self, found: u32, locale: Locale) -> f32 {
        let articles = self.totals(locale).articles;
        let found = count_f32(found as usize);
        // Of few articles none is "in half of all": the share is kept, the collection is imagined larger.
        let scale = (COLLECTION_MIN / articles.max(1.0)).max(1.0);
        let (articles, found) = (articles * scale, found * scale.sqrt());
        (1.0 + (articles - found + 0.5).max(0.0) / (found + 0.5)).ln()
    }

    /// Whether any article of a language holds the term.
    pub(crate) fn knows_in(&self, key: Key, locale: Locale) -> bool {
        self.lists.get(&key).is_some_and(|it| it.articles.get(locale) > 0)
    }

    /// Whether any article holds the term.
    pub(crate) fn knows(&self, key: Key) -> bool {
        self.lists.contains_key(&key)
    }

    /// Whether the title or the questions of an article hold the term.
    pub(crate) fn in_header(&self, key: Key, article: usize) -> bool {
        self.lists.get(&key).is_some_and(|it| it.header.binary_search_by_key(&article, |it| it.article as usize).is_ok())
    }

    /// Whether a passage or its headings hold the term.
    pub(crate) fn in_passage(&self, key: Key, passage: usize) -> bool {
        self.lists.get(&key).is_some_and(|it| it.body.binary_search_by_key(&passage, |it| it.passage as usize).is_ok())
    }

    /// Whether an article's text holds the term anywhere.
    pub(crate) fn in_article(&self, key: Key, article: usize) -> bool {
        self.in_header(key, article) || self.lists.get(&key).is_some_and(|it| it.body.binary_search_by_key(&article, |it| it.article as usize).is_ok())
    }

    /// The articles nearest to a question, best first, each once.
    pub fn search(&self, query: &str, limit: usize) -> Vec<Hit> {
        let mut ranked = self.rank(&Query::new(query));
        ranked.truncate(limit);
        ranked.iter().filter_map(|it| self.hit(it)).collect()
    }

    fn hit(&self, ranked: &Ranked) -> Option<Hit> {
        let entry = self.articles.get(ranked.article)?;
        let passage = ranked.passage.and_then(|it| self.passages.get(it));
        Some(Hit {
            article: entry.id,
            version: entry.version,
            title: entry.title.clone(),
            locale: entry.locale,
            heading: passage.map(|it| it.headings.clone()).unwrap_or_default(),
            text: passage.map(Passage::text).unwrap_or_default(),
            url: entry.url.clone(),
            score: ranked.score,
        })
    }

    pub(crate) fn citation(&self, ranked: &Ranked, quote: String) -> Option<Citation> {
        let entry = self.articles.get(ranked.article)?;
        let heading = ranked.passage.and_then(|it| self.passages.get(it)).map(|it| it.headings.clone()).unwrap_or_default();
        Some(Citation { article: entry.id, version: entry.version, title: entry.title.clone(), heading, quote, url: entry.url.clone() })
    }

    /// The sum of what the terms could score at most in articles of a language.
    pub(crate) fn self_score(&self, query: &Query, locale: Locale) -> f32 {
        query.terms.iter().map(|it| self.idf(it.key, locale) * query.weight(it)).sum::<f32>() * (1.0 + PASSAGE + HEADER)
    }

    /// Every article with a term of the question, best first; equal ones in the order they were given.
    pub(crate) fn rank(&self, query: &Query) -> Vec<Ranked> {
        let mut scores = vec![0.0_f32; self.articles.len()];
        for term in &query.terms {
            if let Some(list) = self.lists.get(&term.key) {
                self.add_scores(term.key, query.weight(term), list, &mut scores);
            }
        }
        let mut ranked: Vec<_> =
            scores.iter().enumerate().filter(|(_, score)| **score > 0.0).map(|(article, score)| Ranked { article, passage: None, with_opening: false, score: *score }).collect();
        let best_first = |a: &Ranked, b: &Ranked| b.score.total_cmp(&a.score).then(a.article.cmp(&b.article));
        ranked.sort_by(best_first);
        ranked.truncate(CLOSE_LOOK);
        for it in &mut ranked {
            let scores = self.passage_scores(query, it.article);
            // The first of equals: articles open with what matters most.
            let best = scores.iter().copied().enumerate().fold(None, |best: Option<(usize, f32)>, (at, score)| best.filter(|it| it.1 >= score).or(Some((at, score))));
            let (Some((at, score)), Some(entry)) = (best, self.articles.get(it.article)) else { continue };
            it.passage = Some(entry.first as usize + at);
            it.with_opening = at > 0 && scores.first().is_some_and(|it| *it >= score * OPENING);
            it.score += PASSAGE * score;
        }
        ranked.sort_by(best_first);
        ranked
    }

    /// Adds a term's share to the score of every article that holds it.
    fn add_scores(&self, key: Key, weight: f32, list: &List, scores: &mut [f32]) {
        let body_idf = [Locale::Zh, Locale::En].map(|locale| weight * self.idf(key, locale));
        let header_idf = [Locale::Zh, Locale::En].map(|locale| weight * self.header_idf(key, locale));
        let mut body = list.body.iter().peekable();
        while let Some(article) = body.peek().map(|it| it.article) {
            let mut frequency = 0.0;
            while let Some(it) = body.next_if(|it| it.article == article) {
                frequency += f32::from(it.body) + HEADINGS * f32::from(it.headings.min(1));
            }
            let (Some(entry), Some(score)) = (self.articles.get(article as usize), scores.get_mut(article as usize)) else { continue };
            frequency /= 1.0 - B + B * entry.length / self.totals(entry.locale).length_mean.max(1.0);
            *score += of_locale(body_idf, entry.locale) * saturate(frequency);
        }
        for it in &list.header {
            let (Some(entry), Some(score)) = (self.articles.get(it.article as usize), scores.get_mut(it.article as usize)) else { continue };
            *score += HEADER * of_locale(header_idf, entry.locale) * saturate(header_frequency(it));
        }
    }

    /// How much of the question each passage of an article holds, under its title.
    fn passage_scores(&self, query: &Query, article: usize) -> Vec<f32> {
        let Some(entry) = self.articles.get(article) else { return Vec::new() };
        let mut scores = vec![0.0_f32; (entry.end - entry.first) as usize];
        for term in &query.terms {
            let Some(list) = self.lists.get(&term.key) else { continue };
            let weight = query.weight(term) * self.idf(term.key, entry.locale);
            let in_header = list.header.binary_search_by_key(&article, |it| it.article as usize).is_ok();
            let known = if in_header { TITLE_OVER_PASSAGE } else { 0.0 };
            let base = saturate(known);
            for score in &mut scores {
                *score += weight * base;
            }
            let start = list.body.partition_point(|it| it.passage < entry.first);
            for it in list.body.iter().skip(start).take_while(|it| it.passage < entry.end) {
                let at = (it.passage - entry.first) as usize;
                let length = self.passage_lengths.get(it.passage as usize).copied().unwrap_or(1.0);
                let norm = 1.0 - PASSAGE_B + PASSAGE_B * length / self.totals(entry.locale).passage_length_mean.max(1.0);
                if let Some(score) = scores.get_mut(at) {
                    *score += weight * (saturate(known + f32::from(it.body) / norm + HEADINGS * f32::from(it.headings.min(1))) - base);
                }
            }
        }
        // Articles open with what holds in general.
        if let Some(opening) = scores.first_mut() {
            *opening *= OPENING_BONUS;
        }
        if query.asks.any() {
            let total: f32 = FACT * scores.iter().copied().fold(0.0, f32::max);
            for (at, score) in scores.iter_mut().enumerate() {
                if self.says.get(entry.first as usize + at).is_some_and(|it| query.asks.met_by(*it)) {
                    *score += total;
                }
            }
        }
        scores
    }
}

fn of_locale([zh, en]: [f32; 2], locale: Locale) -> f32 {
    match locale {
        Locale::Zh => zh,
        Locale::En => en,
    }
}

fn header_frequency(it: &InHeader) -> f32 {
    TITLE * f32::from(it.title.min(1)) + QUESTIONS * f32::from(it.questions.min(1))
}

fn saturate(frequency: f32) -> f32 {
    frequency / (K1 + frequency)
}

/// Distinct terms of texts with how often they occur, in a stable order.
fn counts<'a>(texts: impl IntoIterator<Item = &'a str>) -> Vec<(Key, u16)> {
    let mut keys: Vec<Key> = texts.into_iter().flat_map(|it| analyse(it).terms).map(|it| it.key).collect();
    keys.sort_unstable();
    let mut counted: Vec<(Key, u16)> = Vec::new();
    for key in keys {
        match counted.last_mut().filter(|it| it.0 == key) {
            Some(last) => last.1 = last.1.saturating_add(1),
            None => counted.push((key, 1)),
        }
    }
    counted
}

fn clamp_u8(count: u16) -> u8 {
    u8::try_from(count).unwrap_or(u8::MAX)
}

/// Exact up to 16 million, which no collection reaches.
#[expect(clippy::cast_precision_loss, reason = "counts of articles and terms stay far below 2^24")]
pub(crate) fn count_f32(count: usize) -> f32 {
    count as f32
}
