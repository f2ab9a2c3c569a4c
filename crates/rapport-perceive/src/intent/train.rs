//! Trains a model: n-grams and sentence vectors, mixed and calibrated on examples held aside.

use ndarray::Array2;
use thiserror::Error;

use super::{
    features::{CHANNELS, features, words},
    fuse::{Mix, Scores, greatest},
    model::{Model, Vectors, candidates, margin, nearness},
    scope::Scope,
    views::{Around, Duals, Encode, Planes, head},
};
use crate::linear::{
    Order, count, hinge,
    sparse::{Rows, Sparse},
    vocabulary::{Feature, Vocabulary},
};

/// The label of texts that are about nothing the firm deals with: they move the threshold and are learned from in no other way.
pub const OUT_OF_SCOPE: &str = "oos";

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    pub text: String,
    pub label: String,
}

/// So many pairs of example and class are taken for as dear as one example to encode. They are cheaper (700 were measured); but where there are many examples
/// of many classes, the last of them gain little from a vector.
const PAIRS_AN_ENCODING: usize = 520;

#[derive(Clone, Copy)]
pub struct Settings<'a> {
    pub encoder: Option<&'a dyn Encode>,
    /// At most so many examples are made sentence vectors of, spread evenly over the classes: encoding is what takes time. What the planes of many classes
    /// take is taken off.
    pub encoded_max: usize,
    pub seed: u64,
}

impl Default for Settings<'_> {
    fn default() -> Self {
        Self { encoder: None, encoded_max: 10_000, seed: 17 }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum TrainError {
    #[error("no examples")]
    NoExamples,
    #[error("more than {0} intents")]
    TooManyLabels(usize),
    #[error("more than {0} examples")]
    TooManyExamples(usize),
}

pub const LABELS_MAX: usize = 1_000;
pub const EXAMPLES_MAX: usize = 200_000;

/// What was guessed for an example by models that had not seen it.
#[derive(Clone, Debug, PartialEq)]
pub struct HeldAside {
    /// Place among the examples given to `train`.
    pub example: usize,
    pub label: usize,
    pub guess: usize,
    pub p: f32,
    pub abstained: bool,
}

/// A model and how well it did on examples held aside.
#[derive(Clone, Debug)]
pub struct Trained {
    pub model: Model,
    pub held_aside: Vec<HeldAside>,
    /// Whether sentence vectors were kept: only where they helped on examples held aside.
    pub vectors_kept: bool,
    /// Accuracy on examples held aside, of the n-grams alone and of what was kept.
    pub accuracy_plain: f32,
    pub accuracy: f32,
}

/// Learns from examples. Deterministic: the same examples and seed give the same bytes.
pub fn train(examples: &[Example], settings: &Settings<'_>) -> Result<Trained, TrainError> {
    let data = Data::of(examples, settings)?;
    let held = Held::of(&data, settings);
    let whole = Learned::of(&data, &data.all(), held.duals.clone(), settings);
    let plain_mix = Mix::fit(&held.plain(), &held.labels, 1);
    let plain_scope = Scope::fit(&held.plain_known(&plain_mix), &whole.strangers_plain(&data, &plain_mix));
    let mut mix = Mix::untold(2);
    let mut scope = Scope::default();
    // Too few examples to hold any aside: what is known of such vectors speaks for them.
    let mut kept = data.is_encoded();
    if held.is_encoded() {
        let (scores, labels) = held.both();
        mix = Mix::fit(&scores, &labels, 2);
        let plain: Vec<Scores> = scores.iter().map(|it| it.iter().take(1).cloned().collect()).collect();
        kept = mix.log_loss(&scores, &labels) < plain_mix.log_loss(&plain, &labels);
        scope = Scope::fit(&held.known(&mix), &whole.strangers(&data, &mix, settings));
    }
    let model = Model {
        id: String::new(),
        labels: data.labels.clone(),
        vocabulary: data.vocabulary.clone(),
        planes: whole.planes,
        vectors: whole.vectors.filter(|_| kept),
        mix,
        plain_mix,
        scope,
        plain_scope,
        examples: data.texts.iter().zip(&data.classes).map(|(text, class)| (text.clone(), *class)).collect(),
        rows: whole.rows,
        members: whole.members,
    }
    .named();
    let (held_aside, accuracy_plain, accuracy) = held.judged(&data, &model, kept);
    Ok(Trained { model, held_aside, vectors_kept: kept, accuracy_plain, accuracy })
}

/// Places of each class's examples.
pub(super) fn members(classes: &[usize], count: usize) -> Vec<Vec<usize>> {
    let mut out = vec![Vec::new(); count];
    for (at, class) in classes.iter().enumerate() {
        if let Some(it) = out.get_mut(*class) {
            it.push(at);
        }
    }
    out
}

/// Examples as they are learned from.
struct Data {
    labels: Vec<String>,
    texts: Vec<String>,
    classes: Vec<usize>,
    /// Where each stood among those given.
    places: Vec<usize>,
    vocabulary: Vocabulary,
    sparse: Vec<Sparse>,
    /// Sentence vectors; of examples beyond the limit there is none.
    sentences: Vec<Option<Vec<f32>>>,
    strangers: Vec<String>,
}

impl Data {
    fn of(examples: &[Example], settings: &Settings<'_>) -> Result<Self, TrainError> {
        if examples.len() > EXAMPLES_MAX {
            return Err(TrainError::TooManyExamples(EXAMPLES_MAX));
        }
        let is_known = |it: &&Example| it.label != OUT_OF_SCOPE;
        let mut labels: Vec<String> = examples.iter().filter(is_known).map(|it| it.label.clone()).collect();
        labels.sort();
        labels.dedup();
        if labels.is_empty() {
            return Err(TrainError::NoExamples);
        }
        if labels.len() > LABELS_MAX {
            return Err(TrainError::TooManyLabels(LABELS_MAX));
        }
        let mut known: Vec<(usize, &Example)> = examples.iter().enumerate().filter(|it| is_known(&it.1)).collect();
        // Sentence vectors are made for the first ones: those are to be spread evenly over the classes.
        spread(&mut known, settings);
        let texts: Vec<String> = known.iter().map(|it| it.1.text.clone()).collect();
        let classes = known.iter().map(|it| labels.binary_search(&it.1.label).unwrap_or(0)).collect();
        let features: Vec<Vec<Feature>> = texts.iter().map(|it| features(it)).collect();
        let vocabulary = Vocabulary::of(features.iter().map(Vec::as_slice), CHANNELS.to_vec());
        let sparse = features.iter().map(|it| vocabulary.vector(it)).collect();
        let encoded = settings.encoded_max.saturating_sub(texts.len() * labels.len() / PAIRS_AN_ENCODING).max(settings.encoded_max / 3);
        let encoded: Vec<&str> = texts.iter().take(encoded).map(String::as_str).collect();
        let mut sentences: Vec<Option<Vec<f32>>> = settings.encoder.map(|it| it.encode_all(&encoded)).unwrap_or_default().into_iter().map(Some).collect();
        sentences.resize(texts.len(), None);
        let strangers = examples.iter().filter(|it| !is_known(it)).map(|it| it.text.clone()).collect();
        Ok(Self { labels, texts, classes, places: known.iter().map(|it| it.0).collect(), vocabulary, sparse, sentences, strangers })
    }

    fn all(&self) -> Vec<usize> {
        (0..self.texts.len()).collect()
    }

    fn is_encoded(&self) -> bool {
        self.sentences.iter().any(Option::is_some)
    }

    fn classes_of(&self, of: &[usize]) -> Vec<usize> {
        of.iter().map(|at| self.classes.get(*at).copied().unwrap_or(0)).collect()
    }

    fn rows_of(&self, of: &[usize]) -> Rows {
        Rows::of(of.iter().filter_map(|at| self.sparse.get(*at)))
    }

    /// Shape: encoded examples × dimensions, with which they are.
    fn matrix(&self, of: &[usize]) -> Option<(Array2<f32>, Vec<usize>)> {
        let encoded: Vec<(usize, &Vec<f32>)> = of.iter().filter_map(|at| Some((*at, self.sentences.get(*at)?.as_ref()?))).collect();
        let dimensions = encoded.first()?.1.len();
        let flat: Vec<f32> = encoded.iter().flat_map(|it| it.1.iter().copied()).collect();
        Some((Array2::from_shape_vec((encoded.len(), dimensions), flat).ok()?, encoded.into_iter().map(|it| it.0).collect()))
    }

    fn fit_vectors(&self, of: &[usize], settings: &Settings<'_>) -> Option<Vectors> {
        let encoder = settings.encoder?.id().to_owned();
        let (inputs, which) = self.matrix(of)?;
        let head = head(&inputs, &self.classes_of(&which), self.labels.len());
        let around = Around::of(&inputs.view(), &head.mean);
        Some(Vectors { encoder, head, around })
    }
}

/// What was learned from some of the examples.
struct Learned {
    rows: Rows,
    planes: Planes,
    vectors: Option<Vectors>,
    members: Vec<Vec<usize>>,
    /// Left for a learning from more of them.
    duals: Duals,
}

impl Learned {
    fn of(data: &Data, of: &[usize], mut duals: Duals, settings: &Settings<'_>) -> Self {
        let rows = data.rows_of(of);
        let hinge = hinge::Settings { seed: settings.seed, ..hinge::Settings::default() };
        let classes = data.classes_of(of);
        let planes = Planes::fit(&rows, data.vocabulary.len(), &classes, data.labels.len(), &mut duals, &hinge);
        Self { rows, planes, vectors: data.fit_vectors(of, settings), members: members(&classes, data.labels.len()), duals }
    }

    /// Margins and nearness by n-grams.
    fn plain(&self, vector: &Sparse, mix: &Mix) -> (Vec<f32>, f32) {
        let margins = self.planes.margins(vector);
        let near = nearness(&self.rows, vector, &candidates(&mix.mixed(std::slice::from_ref(&margins)), &self.members));
        (margins, near)
    }

    /// Logits and nearness by sentence vectors.
    fn dense(&self, sentence: &[f32], margins: &[f32], mix: &Mix) -> Option<(Vec<f32>, f32)> {
        let vectors = self.vectors.as_ref()?;
        let scores = [margins.to_vec(), vectors.head.logits(sentence)];
        let near = vectors.around.nearness(sentence, &candidates(&mix.mixed(&scores), &self.members));
        let [_, logits] = scores;
        Some((logits, near))
    }

    /// Signs of texts that are known to be out of scope.
    fn strangers_plain(&self, data: &Data, mix: &Mix) -> Vec<Vec<f32>> {
        let signs = |text: &String| {
            let features = features(text);
            let (margins, near) = self.plain(&data.vocabulary.vector(&features), mix);
            vec![margin(mix, &[margins]), near, data.vocabulary.coverage(&words(&features), false)]
        };
        data.strangers.iter().map(signs).collect()
    }

    fn strangers(&self, data: &Data, mix: &Mix, settings: &Settings<'_>) -> Vec<Vec<f32>> {
        let signs = |(text, sentence): (&String, Vec<f32>)| {
            let margins = self.planes.margins(&data.vocabulary.vector(&features(text)));
            let (logits, near) = self.dense(&sentence, &margins, mix)?;
            Some(vec![margin(mix, &[margins, logits]), near])
        };
        let texts: Vec<&str> = data.strangers.iter().map(String::as_str).collect();
        let sentences = settings.encoder.map(|it| it.encode_all(&texts)).unwrap_or_default();
        data.strangers.iter().zip(sentences).filter_map(signs).collect()
    }
}

/// Puts the first of every class first, then the second, and so on, each class in a shuffled order.
fn spread(known: &mut Vec<(usize, &Example)>, settings: &Settings<'_>) {
    let mut order = Order::seeded(settings.seed);
    order.shuffle(known);
    let mut met = std::collections::BTreeMap::<&str, usize>::new();
    let mut turns: Vec<(usize, (usize, &Example))> = Vec::with_capacity(known.len());
    for it in known.iter() {
        let turn = met.entry(it.1.label.as_str()).or_default();
        turns.push((*turn, *it));
        *turn += 1;
    }
    turns.sort_by_key(|it| it.0);
    *known = turns.into_iter().map(|it| it.1).collect();
}

/// Parts that the examples are dealt to.
const FOLDS: usize = 5;

/// Scores of examples by models that had not seen them.
struct Held {
    which: Vec<usize>,
    labels: Vec<usize>,
    margins: Vec<Vec<f32>>,
    nearness: Vec<f32>,
    /// How much of its words others have, too.
    coverage: Vec<f32>,
    /// Of encoded ones: logits and nearness of their sentence vectors.
    vectors: Vec<Option<(Vec<f32>, f32)>>,
    /// Of the first part's learning: the whole begins from there, since four fifths of it are the same.
    duals: Duals,
}

impl Held {
    fn of(data: &Data, settings: &Settings<'_>) -> Self {
        let mut it = Self { which: Vec::new(), labels: Vec::new(), margins: Vec::new(), nearness: Vec::new(), coverage: Vec::new(), vectors: Vec::new(), duals: Duals::default() };
        let total = data.texts.len();
        // Examples of one turn stand together, one a class: dealt in that order every fold has some of each class.
        let fold_of = |at: usize| (at + at / FOLDS) % FOLDS;
        for fold in 0..folds(total, data.labels.len()) {
            let (held, learned): (Vec<usize>, Vec<usize>) = (0..total).partition(|at| fold_of(*at) == fold);
            if held.is_empty() || learned.is_empty() {
                continue;
            }
            it.take(data, &held, &learned, settings);
        }
        it
    }

    fn take(&mut self, data: &Data, held: &[usize], learned: &[usize], settings: &Settings<'_>) {
        let learned_from = Learned::of(data, learned, Duals::default(), settings);
        if self.which.is_empty() {
            self.duals = learned_from.duals.moved(learned);
        }
        let (plain_mix, mix) = (Mix::untold(1), Mix::untold(2));
        let mut known = vec![false; data.labels.len()];
        for class in data.classes_of(learned) {
            if let Some(it) = known.get_mut(class) {
                *it = true;
            }
        }
        for at in held {
            let label = data.classes.get(*at).copied().unwrap_or(0);
            let (Some(vector), Some(true)) = (data.sparse.get(*at), known.get(label).copied()) else { continue };
            self.which.push(*at);
            self.labels.push(label);
            let (margins, near) = learned_from.plain(vector, &plain_mix);
            self.coverage.push(data.texts.get(*at).map_or(1.0, |it| data.vocabulary.coverage(&words(&features(it)), true)));
            let sentence = data.sentences.get(*at).and_then(Option::as_ref);
            self.vectors.push(sentence.and_then(|it| learned_from.dense(it, &margins, &mix)));
            self.margins.push(margins);
            self.nearness.push(near);
        }
    }

    fn is_encoded(&self) -> bool {
        self.vectors.iter().filter(|it| it.is_some()).count() >= 8
    }

    fn plain(&self) -> Vec<Scores> {
        self.margins.iter().map(|it| vec![it.clone()]).collect()
    }

    fn plain_known(&self, mix: &Mix) -> Vec<Vec<f32>> {
        let signs = self.nearness.iter().zip(&self.coverage);
        self.margins.iter().zip(signs).map(|(it, (near, coverage))| vec![margin(mix, std::slice::from_ref(it)), *near, *coverage]).collect()
    }

    fn both(&self) -> (Vec<Scores>, Vec<usize>) {
        let paired = self.margins.iter().zip(&self.vectors).zip(&self.labels);
        paired.filter_map(|((margins, vectors), label)| Some((vec![margins.clone(), vectors.as_ref()?.0.clone()], *label))).unzip()
    }

    fn known(&self, mix: &Mix) -> Vec<Vec<f32>> {
        let signs = |(margins, vectors): (&Vec<f32>, &Option<(Vec<f32>, f32)>)| {
            let (logits, near) = vectors.as_ref()?;
            Some(vec![margin(mix, &[margins.clone(), logits.clone()]), *near])
        };
        self.margins.iter().zip(&self.vectors).filter_map(signs).collect()
    }

    fn judged(&self, data: &Data, model: &Model, kept: bool) -> (Vec<HeldAside>, f32, f32) {
        let mut out = Vec::with_capacity(self.which.len());
        let plain_known = self.plain_known(&model.plain_mix);
        let (mut right_plain, mut right) = (0_usize, 0_usize);
        for (place, at) in self.which.iter().enumerate() {
            let (Some(margins), Some(label)) = (self.margins.get(place), self.labels.get(place)) else { continue };
            let plain = [margins.clone()];
            right_plain += usize::from(greatest(margins) == Some(*label));
            let (log_p, score, scope) = match self.vectors.get(place).and_then(Option::as_ref).filter(|_| kept) {
                Some((logits, near)) => {
                    let both = [margins.clone(), logits.clone()];
                    (model.mix.mixed(&both), model.scope.score(&[margin(&model.mix, &both), *near]), &model.scope)
                }
                None => (model.plain_mix.mixed(&plain), plain_known.get(place).map_or(f32::NEG_INFINITY, |it| model.plain_scope.score(it)), &model.plain_scope),
            };
            let guess = greatest(&log_p).unwrap_or(0);
            right += usize::from(guess == *label);
            let p = log_p.get(guess).map_or(0.0, |it| it.exp());
            let example = data.places.get(*at).copied().unwrap_or(0);
            out.push(HeldAside { example, label: *label, guess, p, abstained: score < scope.threshold });
        }
        let total = count(self.which.len()).max(1.0);
        (out, count(right_plain) / total, count(right) / total)
    }
}

/// How many of the folds are looked at: the work grows with examples × classes, and a few thousand held aside tell enough.
fn folds(examples: usize, classes: usize) -> usize {
    match examples.saturating_mul(classes) {
        0..=300_000 => FOLDS,
        300_001..=600_000 => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taught() -> Vec<Example> {
        let of = |label: &str, texts: &[&str]| -> Vec<Example> { texts.iter().map(|it| Example { text: (*it).to_owned(), label: label.to_owned() }).collect() };
        let mut all = of("return", &["我要退货", "东西不想要了怎么退", "退货流程是什么", "能不能退掉这件衣服", "怎么申请退货", "I want to return this", "how do I send it back"]);
        all.extend(of("invoice", &["帮我开发票", "发票什么时候能开", "我要电子发票", "发票抬头写错了", "怎么申请开票", "I need an invoice", "send me the invoice please"]));
        all.extend(of("delivery", &["快递到哪了", "什么时候发货", "物流信息查不到", "包裹还没有收到", "多久能送到", "where is my parcel", "when will it be delivered"]));
        all
    }

    fn check(model: &Model, text: &str, expected: &str) {
        assert_eq!(model.assess(text, None).best().map(|it| it.label.as_str()), Some(expected), "{text}");
    }

    #[test]
    fn a_few_examples_teach() {
        let model = train(&taught(), &Settings::default()).unwrap().model;
        check(&model, "这件衣服我想退货", "return");
        check(&model, "请问发票怎么开", "invoice");
        check(&model, "我的快递什么时候到", "delivery");
        check(&model, "could you tell me where my parcel is", "delivery");
    }

    #[test]
    fn the_same_examples_give_the_same_bytes_and_bytes_give_the_same_model() {
        let (a, b) = (train(&taught(), &Settings::default()).unwrap().model, train(&taught(), &Settings::default()).unwrap().model);
        assert_eq!(a.to_bytes(), b.to_bytes());
        let again = Model::from_bytes(&a.to_bytes()).unwrap();
        assert_eq!(again.id(), a.id());
        for text in ["退货", "where is it", ""] {
            assert_eq!(again.assess(text, None), a.assess(text, None), "{text}");
        }
    }

    #[test]
    fn damaged_bytes_are_an_error() {
        let bytes = train(&taught(), &Settings::default()).unwrap().model.to_bytes();
        for length in [0, 1, 7, bytes.len() / 2, bytes.len() - 1] {
            assert!(Model::from_bytes(&bytes[..length]).is_err(), "{length}");
        }
        let longer: Vec<u8> = bytes.iter().copied().chain([0]).collect();
        assert!(Model::from_bytes(&longer).is_err());
    }

    #[test]
    fn the_words_that_decided_and_the_neighbours_are_shown() {
        let model = train(&taught(), &Settings::default()).unwrap().model;
        let explained = model.explain("请问发票怎么开", None);
        let best = explained.best().unwrap();
        assert!(best.features.iter().any(|it| it.what.contains("发票") && it.weight > 0.0), "{best:?}");
        let neighbours = model.neighbours("请问发票怎么开", None, 3);
        assert!(neighbours.first().is_some_and(|it| it.label == "invoice"), "{neighbours:?}");
    }

    #[test]
    fn odd_sets_and_odd_texts_have_a_defined_result() {
        assert_eq!(train(&[], &Settings::default()).map(|_| ()), Err(TrainError::NoExamples));
        let strangers = [Example { text: "天气".to_owned(), label: OUT_OF_SCOPE.to_owned() }];
        assert_eq!(train(&strangers, &Settings::default()).map(|_| ()), Err(TrainError::NoExamples));
        let one = train(&taught()[..1], &Settings::default()).unwrap().model;
        check(&one, "退货", "return");
        let model = train(&taught(), &Settings::default()).unwrap().model;
        let long = "退货".repeat(400_000);
        for text in ["", " ", "😀🎉", "שלום עולם", "\u{200b}\u{200d}", "a\u{301}b 中 ü", long.as_str()] {
            let assessed = model.assess(text, None);
            let sum: f32 = assessed.choices.iter().map(|it| it.p).sum();
            assert!(assessed.choices.len() == 3 && (sum - 1.0).abs() < 1e-3 && assessed.choices.iter().all(|it| it.p.is_finite()), "{assessed:?}");
        }
        assert!(model.assess("😀🎉", None).best().unwrap().abstained);
    }
}
