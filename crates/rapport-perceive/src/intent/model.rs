//! A trained intent model: what a text wants, how surely, and why.

use std::collections::BTreeMap;

use rapport_model::{Evidence, Neighbour, Weight};

use super::{
    features::{self, features, named_features, words},
    fuse::{Mix, greatest},
    scope::Scope,
    views::{Around, Encode, Planes},
};
use crate::linear::{
    dense::Head,
    sparse::{Rows, Sparse},
    vocabulary::Vocabulary,
};

/// A sentence-vector view.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Vectors {
    /// The encoder whose vectors it learned from.
    pub(crate) encoder: String,
    pub(crate) head: Head,
    pub(crate) around: Around,
}

/// See `train`.
#[derive(Clone, Debug)]
pub struct Model {
    /// First 16 hex digits of the SHA-256 of its bytes.
    pub(crate) id: String,
    pub(crate) labels: Vec<String>,
    pub(crate) vocabulary: Vocabulary,
    pub(crate) planes: Planes,
    pub(crate) vectors: Option<Vectors>,
    pub(crate) mix: Mix,
    /// Of the n-grams alone, for where the encoder is not at hand.
    pub(crate) plain_mix: Mix,
    pub(crate) scope: Scope,
    pub(crate) plain_scope: Scope,
    /// Texts it learned from, with the place of their label: neighbours and corrections show them.
    pub(crate) examples: Vec<(String, usize)>,
    /// The same as vectors of n-grams.
    pub(crate) rows: Rows,
    /// Places of each class's examples.
    pub(crate) members: Vec<Vec<usize>>,
}

/// What a text wants.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Assessment {
    /// Likeliest first, at most three. The first says whether the model abstains.
    pub choices: Vec<Evidence>,
    /// How much the text is like anything known; below `scope_min` the model abstains.
    pub scope: f32,
    pub scope_min: f32,
}

impl Assessment {
    pub fn best(&self) -> Option<&Evidence> {
        self.choices.first()
    }
    /// The label, unless the model abstains.
    pub fn label(&self) -> Option<&str> {
        self.best().filter(|it| !it.abstained).map(|it| it.label.as_str())
    }
}

/// How many choices are given.
const CHOICES: usize = 3;
/// How many deciding words are shown, and of how many signs they are made.
const WORDS: usize = 5;
const WEIGHED: usize = 300;

impl Model {
    pub fn id(&self) -> &str {
        &self.id
    }

    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    /// Whether it learned from this encoder's vectors.
    pub fn wants(&self, encoder: &dyn Encode) -> bool {
        self.vectors.as_ref().is_some_and(|it| it.encoder == encoder.id())
    }

    /// What the text wants. Without the encoder that it learned with, the n-grams answer alone.
    pub fn assess(&self, text: &str, encoder: Option<&dyn Encode>) -> Assessment {
        let signs = self.signs(text, encoder);
        let mut ranked: Vec<(usize, f32)> = signs.log_p.iter().copied().enumerate().collect();
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let scope = signs.scope.score(&signs.known);
        let scope_min = signs.scope.threshold;
        let choices = ranked.into_iter().take(CHOICES).map(|(class, log_p)| Evidence {
            label: self.labels.get(class).cloned().unwrap_or_default(),
            p: log_p.exp(),
            model: self.id.clone(),
            features: Vec::new(),
            threshold: scope_min,
            abstained: scope < scope_min || signs.is_empty,
        });
        Assessment { choices: choices.collect(), scope, scope_min }
    }

    /// The likeliest label by its place, how likely it is, how known the text is, and whether the model abstains.
    pub(crate) fn guess(&self, text: &str, encoder: Option<&dyn Encode>) -> (usize, f32, f32, bool) {
        let signs = self.signs(text, encoder);
        let best = greatest(&signs.log_p).unwrap_or(0);
        let scope = signs.scope.score(&signs.known);
        (best, signs.log_p.get(best).map_or(0.0, |it| it.exp()), scope, signs.is_empty || scope < signs.scope.threshold)
    }

    fn signs(&self, text: &str, encoder: Option<&dyn Encode>) -> Signs<'_> {
        let features = features(text);
        let vector = self.vocabulary.vector(&features);
        let margins = self.planes.margins(&vector);
        let is_empty = vector.columns.is_empty();
        let with = self.vectors.as_ref().zip(encoder).filter(|(vectors, encoder)| vectors.encoder == encoder.id());
        let Some((vectors, encoder)) = with else {
            let log_p = self.plain_mix.mixed(std::slice::from_ref(&margins));
            let near = nearness(&self.rows, &vector, &candidates(&log_p, &self.members));
            let known = vec![margin(&self.plain_mix, &[margins]), near, self.vocabulary.coverage(&words(&features), false)];
            return Signs { log_p, known, scope: &self.plain_scope, is_empty };
        };
        let sentence = encoder.encode(text);
        let scores = [margins, vectors.head.logits(&sentence)];
        let log_p = self.mix.mixed(&scores);
        let near = vectors.around.nearness(&sentence, &candidates(&log_p, &self.members));
        let known = vec![margin(&self.mix, &scores), near];
        Signs { log_p, known, scope: &self.scope, is_empty: text.trim().is_empty() }
    }

    /// The same, with the words that decided for each choice: what spoke for it against the runner-up.
    pub fn explain(&self, text: &str, encoder: Option<&dyn Encode>) -> Assessment {
        let mut assessment = self.assess(text, encoder);
        let named = named_features(text);
        let vector = self.vocabulary.vector(&named.iter().map(|it| it.0).collect::<Vec<_>>());
        let values: BTreeMap<usize, f32> = vector.pairs().collect();
        let place = |label: &str| self.labels.iter().position(|it| it == label);
        let classes: Vec<Option<usize>> = assessment.choices.iter().map(|it| place(&it.label)).collect();
        for (at, choice) in assessment.choices.iter_mut().enumerate() {
            let Some(class) = classes.get(at).copied().flatten() else { continue };
            let rival = classes.iter().enumerate().find(|it| it.0 != at).and_then(|it| *it.1);
            let mut counted: BTreeMap<&str, f32> = BTreeMap::new();
            for (feature, words) in &named {
                let Some(column) = self.vocabulary.column(*feature).map(|it| it as usize) else { continue };
                // A feature that occurs twice is one value of the vector.
                let times = crate::linear::count(named.iter().filter(|it| it.0 == *feature).count());
                let against = rival.map_or(0.0, |it| self.planes.weight(column, it));
                let weight = values.get(&column).copied().unwrap_or(0.0) * (self.planes.weight(column, class) - against) / times;
                *counted.entry(words.as_str()).or_default() += weight;
            }
            choice.features = deciding(counted);
        }
        assessment
    }

    /// The nearest of the texts that it learned from.
    pub fn neighbours(&self, text: &str, encoder: Option<&dyn Encode>, limit: usize) -> Vec<Neighbour> {
        let vector = self.vocabulary.vector(&features(text));
        let length = vector.norm_squared().sqrt();
        let mut similar: Vec<(usize, f32)> = cosines(&self.rows, &vector, length, 0..self.rows.len()).enumerate().collect();
        let with = self.vectors.as_ref().zip(encoder).filter(|(vectors, encoder)| vectors.encoder == encoder.id());
        if let Some((vectors, encoder)) = with {
            // Both ways of being near count half; an example without a sentence vector is as near as its words.
            for (at, cosine) in vectors.around.cosines(&encoder.encode(text), 0..self.rows.len()).into_iter().enumerate() {
                if let Some(it) = similar.get_mut(at) {
                    it.1 = 0.5 * (it.1 + cosine);
                }
            }
        }
        similar.retain(|it| it.1 > 0.05);
        similar.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let neighbour = |(at, similarity): (usize, f32)| {
            let (text, label) = self.examples.get(at)?;
            Some(Neighbour { text: text.clone(), label: self.labels.get(*label).cloned().unwrap_or_default(), similarity })
        };
        similar.into_iter().filter_map(neighbour).take(limit).collect()
    }
}

struct Signs<'a> {
    log_p: Vec<f32>,
    known: Vec<f32>,
    scope: &'a Scope,
    /// Nothing of it was ever seen.
    is_empty: bool,
}

/// The greatest mixed score before it is made a probability.
pub(super) fn margin(mix: &Mix, scores: &[Vec<f32>]) -> f32 {
    mix.logits(scores).into_iter().fold(f32::NEG_INFINITY, f32::max)
}

fn cosines<'a>(rows: &'a Rows, vector: &Sparse, length: f32, of: impl Iterator<Item = usize> + 'a) -> impl Iterator<Item = f32> + 'a {
    let width = vector.columns.last().map_or(0, |it| *it as usize + 1);
    let mut spread = vec![0.0_f32; width];
    for (column, value) in vector.pairs() {
        if let Some(it) = spread.get_mut(column) {
            *it = value;
        }
    }
    of.map(move |at| {
        let (columns, values) = rows.row(at);
        let dot: f32 = columns.iter().zip(values).map(|(column, value)| spread.get(*column as usize).map_or(0.0, |it| it * value)).sum();
        let own = values.iter().map(|it| it * it).sum::<f32>().sqrt();
        dot / (own * length).max(1e-9)
    })
}

/// Classes whose examples are compared with: a text that is like none of its likeliest classes is like none.
const COMPARED: usize = 3;

/// Places of the examples of the likeliest classes.
pub(crate) fn candidates(log_p: &[f32], members: &[Vec<usize>]) -> Vec<usize> {
    let mut ranked: Vec<(usize, f32)> = log_p.iter().copied().enumerate().collect();
    ranked.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    ranked.iter().take(COMPARED).filter_map(|it| members.get(it.0)).flatten().copied().collect()
}

/// Cosine to the nearest of these examples by n-grams.
pub(crate) fn nearness(rows: &Rows, vector: &Sparse, of: &[usize]) -> f32 {
    cosines(rows, vector, vector.norm_squared().sqrt(), of.iter().copied()).fold(0.0, f32::max)
}

/// Weight of a sign and of all that it is made of, for words rather than their single characters to be shown.
fn with_parts(counted: BTreeMap<&str, f32>) -> Vec<(&str, f32)> {
    let mut strongest: Vec<(&str, f32)> = counted.into_iter().collect();
    strongest.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()).then(a.0.cmp(b.0)));
    strongest.truncate(WEIGHED);
    let whole = |it: &&(&str, f32)| it.0.chars().nth(1).is_some() || !it.0.chars().all(rapport_model::is_han);
    let sum = |it: &str| strongest.iter().filter(|part| it.contains(part.0)).map(|part| part.1).sum::<f32>();
    strongest.iter().filter(whole).map(|it| (it.0, sum(it.0))).collect()
}

/// The strongest words; one that only says part of a stronger one is left out.
fn deciding(counted: BTreeMap<&str, f32>) -> Vec<Weight> {
    let mut words: Vec<(&str, f32)> = with_parts(counted);
    words.retain(|it| !it.0.trim().is_empty());
    words.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()).then(b.0.len().cmp(&a.0.len())));
    let mut kept: Vec<Weight> = Vec::new();
    for (what, weight) in words {
        let told = kept.iter().any(|it| it.what.contains(what) || what.contains(it.what.as_str()));
        if !told && weight.abs() > 0.005 {
            kept.push(Weight { what: what.to_owned(), weight });
        }
        if kept.len() == WORDS {
            break;
        }
    }
    kept
}

/// Longest text that is looked at. Units: characters.
pub const TEXT_CHARS_MAX: usize = features::TEXT_CHARS_MAX;
