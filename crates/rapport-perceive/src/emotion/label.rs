//! Emotions by a firm's own names: a classifier trained on its labelled texts, and the shipped model answering by its names.

use std::collections::BTreeSet;

use rapport_model::{Evidence, Weight};

use crate::{intent::Encode, linear::count};

use super::{
    cue::{Cue, Cues},
    grams::{self, Row, Shape},
    lexicon::Lexicon,
    fit::{self, Fit},
    meaning::{Encoded, Meaning, best_weight},
    model::{Damaged, Head, Model},
    prepared::Prepared,
    text::Reader,
    train::{FOLDS, best_threshold, folds, inverse_frequencies, picked},
};

/// Bits of the hash of n-grams.
const BITS: u32 = 19;
const CUES: u32 = 35;
const SIZE: usize = Cue::COUNT + (1 << BITS);
/// How much the cues count beside n-grams of length 1.
const CUE_WEIGHT: f32 = 0.15;
/// N-grams of fewer texts say nothing of others.
const TEXTS_MIN: u32 = 2;
const EPOCHS: usize = 30;
const COST: f32 = 0.4;
/// Cost in sets with several labels a text, of a positive and of a negative.
const COST_SEVERAL: (f32, f32) = (0.3, 0.2);
const HEAD: &str = "labels";
const FEATURES_MAX: usize = 8;

/// Trained on labelled texts: which label, or which labels, a text has.
#[derive(Debug)]
pub struct Labeller {
    head: Head,
    id: String,
    lexicon: Lexicon,
    /// Sentence vectors and what makes labels of both scores together.
    meaning: Option<(Meaning, Tuning)>,
}

/// What makes labels of scores.
#[derive(Clone, Debug, Default)]
struct Tuning {
    /// Added to the scores of labels that exclude each other, which `temperature` divides.
    offsets: Vec<f32>,
    temperature: f32,
    /// Slope and offset a label, and from where it is given, where several may stand together.
    calibration: Vec<(f32, f32)>,
    thresholds: Vec<f32>,
}

impl Tuning {
    /// By scores of texts that were held out. Shape: labels × texts, both.
    fn of(held: &[Vec<f32>], has: &[Vec<bool>], several: bool) -> Self {
        let mut it = Self { temperature: 1.0, ..Self::default() };
        if several {
            for (scores, positive) in held.iter().zip(has) {
                let (a, b) = fit::platt(scores, positive);
                it.thresholds.push(best_threshold(&odds(scores, (a, b)), positive));
                it.calibration.push((a, b));
            }
        } else {
            let right = right(has);
            it.offsets = offsets(held, &right);
            it.temperature = temperature(held, &it.offsets, &right);
        }
        it
    }

    fn probabilities(&self, scores: &[f32]) -> Vec<f32> {
        if self.calibration.is_empty() {
            return fit::probabilities(&scores.iter().zip(&self.offsets).map(|(it, offset)| (it + offset) / self.temperature).collect::<Vec<_>>());
        }
        scores.iter().zip(&self.calibration).map(|(it, (a, b))| sigmoid(a * it + b)).collect()
    }
}

fn odds(scores: &[f32], (a, b): (f32, f32)) -> Vec<f32> {
    scores.iter().map(|it| sigmoid(a * it + b)).collect()
}

/// The label that each text has.
fn right(has: &[Vec<bool>]) -> Vec<usize> {
    let texts = has.first().map_or(0, Vec::len);
    (0..texts).map(|at| has.iter().position(|it| it.get(at) == Some(&true)).unwrap_or_default()).collect()
}

/// Macro-F1 of texts held out, as the labels would be given.
fn worth(held: &[Vec<f32>], has: &[Vec<bool>], several: bool) -> f32 {
    if !several {
        let right = right(has);
        return macro_f1(held, &offsets(held, &right), &right);
    }
    let f1 = |(scores, positive): (&Vec<f32>, &Vec<bool>)| {
        let p = odds(scores, fit::platt(scores, positive));
        let threshold = best_threshold(&p, positive);
        let hits = p.iter().zip(positive).filter(|it| *it.0 >= threshold && *it.1).count();
        share(2 * hits, p.iter().filter(|it| **it >= threshold).count() + positive.iter().filter(|it| **it).count())
    };
    held.iter().zip(has).map(f1).sum::<f32>() / count(held.len()).max(1.0)
}

impl Labeller {
    /// Trains on texts with one or several labels each. Labels are taken apart one against the rest; whether several may stand together follows from the examples.
    ///
    /// Offsets of the scores (one label a text) or thresholds (several) are chosen by macro-F1 on five folds held out in turn; nothing else is fitted to the whole.
    pub fn train(examples: &[(String, Vec<String>)]) -> Self {
        Self::train_with(examples, None)
    }

    /// As [`Labeller::train`], with sentence vectors added where they help on texts held out.
    pub fn train_with(examples: &[(String, Vec<String>)], encoder: Option<&dyn Encode>) -> Self {
        let labels: Vec<String> = examples.iter().flat_map(|it| it.1.iter().cloned()).collect::<BTreeSet<_>>().into_iter().collect();
        let several = examples.iter().any(|it| it.1.len() > 1);
        let lexicon = Lexicon::shipped();
        let prepared: Vec<Prepared> = examples.iter().map(|it| Prepared::new(&it.0)).collect();
        let idf = inverse_frequencies(&prepared.iter().map(|it| grams::hashes(it, Shape::ANY)).collect::<Vec<_>>(), BITS, TEXTS_MIN);
        let weigh = |at: u32| usize::try_from(at).ok().and_then(|it| idf.get(it)).copied().unwrap_or_default();
        let rows: Vec<Row> = prepared.iter().map(|it| row(&lexicon, it, weigh)).collect();
        let has: Vec<Vec<bool>> = labels.iter().map(|label| examples.iter().map(|it| it.1.contains(label)).collect()).collect();
        let fold = folds(rows.len());
        let (mut weights, mut held) = (Vec::new(), Vec::new());
        for positive in &has {
            let fit = Fit { cost: if several { COST_SEVERAL } else { balanced(positive) }, epochs: EPOCHS };
            held.push(held_out(&rows, positive, &fold, fit));
            weights.push(fit::against_rest(&rows, positive, SIZE, fit));
        }
        let names: Vec<&str> = labels.iter().map(String::as_str).collect();
        let mut head = Head::new(HEAD, &names, Cue::COUNT, Shape::ANY, BITS, &weights).with_idf(&idf);
        let tuning = Tuning::of(&held, &has, several);
        (head.calibration, head.thresholds, head.temperature) = (tuning.calibration, tuning.thresholds, tuning.temperature);
        for (dense, offset) in head.dense.iter_mut().zip(&tuning.offsets) {
            if let Some(bias) = dense.last_mut() {
                *bias += offset;
            }
        }
        let texts: Vec<&str> = examples.iter().map(|it| it.0.as_str()).collect();
        let meaning = encoder.and_then(|it| Encoded::of(&texts, it)).and_then(|it| with_meaning(&it, &held, &has, several, &fold));
        let mut it = Self::of(head, lexicon);
        // The scores of the head have its offsets in them already.
        it.meaning = meaning.map(|(meaning, mut with)| {
            with.offsets.iter_mut().zip(&tuning.offsets).for_each(|(it, offset)| *it -= offset);
            (meaning, with)
        });
        it
    }

    fn of(head: Head, lexicon: Lexicon) -> Self {
        let id = Model::write(std::slice::from_ref(&head)).and_then(|it| Model::read(&it)).map(|it| it.id).unwrap_or_default();
        Self { head, id, lexicon, meaning: None }
    }

    pub fn write(&self) -> Result<Vec<u8>, Damaged> {
        Model::write(std::slice::from_ref(&self.head))
    }

    pub fn read(bytes: &[u8]) -> Result<Self, Damaged> {
        let model = Model::read(bytes)?;
        let head = model.heads.into_iter().find(|it| it.name == HEAD).ok_or(Damaged("no head of labels"))?;
        Ok(Self { head, id: model.id, lexicon: Lexicon::shipped(), meaning: None })
    }

    pub fn labels(&self) -> &[String] {
        &self.head.labels
    }

    /// Units: bytes that the weights of sentence vectors take, beside [`Labeller::write`].
    pub fn meaning_bytes(&self) -> usize {
        self.meaning.as_ref().map_or(0, |it| it.0.bytes())
    }

    /// Calibrated probabilities in the order of `labels`, by the text alone; of sets with one label a text they sum to 1.
    pub fn probabilities(&self, text: &str) -> Vec<f32> {
        self.weighed(text, None).0
    }

    /// Probabilities and from where each label is given.
    fn weighed(&self, text: &str, encoder: Option<&dyn Encode>) -> (Vec<f32>, &[f32]) {
        let prepared = Prepared::new(text);
        let cues = Cues::of(&self.lexicon, &prepared).values.map(|it| it * CUE_WEIGHT);
        let grams: Row = grams::row(&grams::hashes(&prepared, Shape::ANY), BITS, |at| self.head.idf(at)).into_iter().filter(|it| it.1 > 0.0).collect();
        let (Some((meaning, tuning)), Some(encoder)) = (&self.meaning, encoder) else { return (self.head.probabilities(&cues, &grams), &self.head.thresholds) };
        if meaning.encoder != encoder.id() {
            return (self.head.probabilities(&cues, &grams), &self.head.thresholds);
        }
        let scores = self.head.scores(&cues, &grams);
        let both: Vec<f32> = scores.iter().zip(meaning.scores(&encoder.encode(text))).map(|(a, b)| a + b).collect();
        (tuning.probabilities(&both), &tuning.thresholds)
    }

    /// The label, or every label over its threshold, likeliest first; where none is, the one nearest to its threshold.
    pub fn predict(&self, text: &str) -> Vec<Evidence> {
        self.predict_with(text, None)
    }

    /// As [`Labeller::predict`]; with the encoder that it was trained with, sentence vectors count too.
    pub fn predict_with(&self, text: &str, encoder: Option<&dyn Encode>) -> Vec<Evidence> {
        let (p, thresholds) = self.weighed(text, encoder);
        let threshold = |at: usize| thresholds.get(at).copied().unwrap_or_default();
        let mut ranked: Vec<(usize, f32)> = p.into_iter().enumerate().collect();
        ranked.sort_by(|a, b| (b.1 / threshold(b.0).max(1e-6)).total_cmp(&(a.1 / threshold(a.0).max(1e-6))).then(a.0.cmp(&b.0)));
        let several = !thresholds.is_empty();
        let over = ranked.iter().filter(|it| several && it.1 >= threshold(it.0)).count().max(1);
        ranked.truncate(over);
        let prepared = Prepared::new(text);
        ranked.into_iter().map(|(at, p)| self.evidence(&prepared, at, p, threshold(at))).collect()
    }

    fn evidence(&self, prepared: &Prepared, at: usize, p: f32, threshold: f32) -> Evidence {
        Evidence { label: self.head.labels.get(at).cloned().unwrap_or_default(), p, model: self.id.clone(), features: self.features(prepared, at), threshold, abstained: false }
    }

    /// Words and cues of the text by what they add to the label over the mean of all, strongest first.
    fn features(&self, prepared: &Prepared, label: usize) -> Vec<Weight> {
        let grams: Row = grams::row(&grams::hashes(prepared, Shape::ANY), BITS, |at| self.head.idf(at));
        let value = |at: u32| grams.binary_search_by_key(&at, |it| it.0).ok().and_then(|it| grams.get(it)).map_or(0.0, |it| it.1);
        let gram = |(hash, what): (u64, String)| {
            let at = u32::try_from(hash & ((1 << BITS) - 1)).ok()?;
            Some(Weight { what, weight: self.head.gram_speaks_for(label, at) * value(at) })
        };
        let mut all: Vec<Weight> = grams::named(prepared, Shape::ANY).into_iter().filter_map(gram).collect();
        all.extend(Cues::of(&self.lexicon, prepared).found.into_iter().map(|(cue, it)| Weight { weight: it.weight * CUE_WEIGHT * self.head.speaks_for(label, cue as usize), what: it.what }));
        all.retain(|it| it.weight.abs() > 1e-3);
        all.sort_by(|a, b| b.weight.abs().total_cmp(&a.weight.abs()).then_with(|| a.what.cmp(&b.what)));
        let mut seen = BTreeSet::new();
        all.retain(|it| seen.insert(it.what.clone()));
        all.truncate(FEATURES_MAX);
        all
    }
}

/// Sentence vectors with the weight that is best for texts held out; `None` where they do not help.
fn with_meaning(encoded: &Encoded, held: &[Vec<f32>], has: &[Vec<bool>], several: bool, fold: &[usize]) -> Option<(Meaning, Tuning)> {
    let second = encoded.held_out(has, several, fold, FOLDS);
    let first: Vec<Vec<f32>> = held.iter().map(|it| picked(it, &encoded.at)).collect();
    let known: Vec<Vec<bool>> = has.iter().map(|it| picked(it, &encoded.at)).collect();
    let (weight, _) = best_weight(&first, &second, |both| worth(both, &known, several));
    if weight <= 0.0 {
        return None;
    }
    let both: Vec<Vec<f32>> = first.iter().zip(&second).map(|(a, b)| a.iter().zip(b).map(|(a, b)| a + weight * b).collect()).collect();
    Some((encoded.learn(has, several, weight), Tuning::of(&both, &known, several)))
}

fn sigmoid(score: f32) -> f32 {
    1.0 / (1.0 + (-score).exp())
}

/// The cues of a text first, then its n-grams behind them.
fn row(lexicon: &Lexicon, prepared: &Prepared, idf: impl Fn(u32) -> f32) -> Row {
    let cues = (0_u32..).zip(Cues::of(lexicon, prepared).values).filter(|it| it.1 > 0.0).map(|(at, value)| (at, value * CUE_WEIGHT));
    let grams = grams::row(&grams::hashes(prepared, Shape::ANY), BITS, idf).into_iter().filter(|it| it.1 > 0.0);
    cues.chain(grams.map(|(at, value)| (at + CUES, value))).collect()
}

/// Rare labels count more, so that each label's positives count as much as its negatives would in a set of its own size.
fn balanced(positive: &[bool]) -> (f32, f32) {
    let yes = share(positive.iter().filter(|it| **it).count(), positive.len()).max(1e-4);
    (COST * 0.5 / yes, COST * 0.5 / (1.0 - yes).max(1e-4))
}

fn share(part: usize, whole: usize) -> f32 {
    count(part) / count(whole.max(1))
}

fn held_out(rows: &[Row], positive: &[bool], fold: &[usize], fit: Fit) -> Vec<f32> {
    let mut scores = vec![0.0_f32; rows.len()];
    for held in 0..FOLDS {
        let keep: Vec<usize> = (0..rows.len()).filter(|it| fold.get(*it) != Some(&held)).collect();
        let weights = fit::against_rest(&picked(rows, &keep), &picked(positive, &keep), SIZE, fit);
        for ((score, row), of) in scores.iter_mut().zip(rows).zip(fold) {
            if *of == held {
                *score = fit::score(&weights, row);
            }
        }
    }
    scores
}

/// Added to the scores so that macro-F1 of the likeliest label is greatest: label by label, in three rounds.
fn offsets(held: &[Vec<f32>], right: &[usize]) -> Vec<f32> {
    let mut offsets = vec![0.0_f32; held.len()];
    let mut best = macro_f1(held, &offsets, right);
    for _ in 0..3 {
        for label in 0..held.len() {
            for step in [-0.4_f32, -0.2, -0.1, -0.05, 0.05, 0.1, 0.2, 0.4] {
                let mut tried = offsets.clone();
                if let Some(it) = tried.get_mut(label) {
                    *it += step;
                }
                let f1 = macro_f1(held, &tried, right);
                if f1 > best + 1e-5 {
                    (best, offsets) = (f1, tried);
                }
            }
        }
    }
    offsets
}

fn likeliest(held: &[Vec<f32>], offsets: &[f32], at: usize) -> usize {
    let scores = held.iter().zip(offsets).map(|(it, offset)| it.get(at).copied().unwrap_or_default() + offset);
    scores.enumerate().fold((0, f32::MIN), |best, it| if it.1 > best.1 { it } else { best }).0
}

fn macro_f1(held: &[Vec<f32>], offsets: &[f32], right: &[usize]) -> f32 {
    let mut counts = vec![[0_usize; 3]; held.len()];
    for (at, right) in right.iter().enumerate() {
        let said = likeliest(held, offsets, at);
        for (label, count) in counts.iter_mut().enumerate() {
            let [hit, given, real] = count;
            *hit += usize::from(said == label && *right == label);
            *given += usize::from(said == label);
            *real += usize::from(*right == label);
        }
    }
    let f1 = |it: &[usize; 3]| share(2 * it[0], it[1] + it[2]);
    counts.iter().map(f1).sum::<f32>() / share(held.len(), 1).max(1.0)
}

/// The temperature of the softmax with the greatest likelihood of held-out scores.
fn temperature(held: &[Vec<f32>], offsets: &[f32], right: &[usize]) -> f32 {
    let scores = |at: usize| -> Vec<f32> { held.iter().zip(offsets).map(|(it, offset)| it.get(at).copied().unwrap_or_default() + offset).collect() };
    let loss = |temperature: f32| -> f64 {
        let p = |(at, right): (usize, &usize)| fit::probabilities(&scores(at).iter().map(|it| it / temperature).collect::<Vec<_>>()).get(*right).copied().unwrap_or_default();
        right.iter().enumerate().map(|it| -f64::from(p(it).max(1e-9)).ln()).sum()
    };
    let steps: Vec<f32> = (1_u8..40).map(|it| 0.05 * f32::from(it)).collect();
    steps.into_iter().map(|it| (it, loss(it))).fold((1.0, f64::MAX), |best, it| if it.1 < best.1 { it } else { best }).0
}

/// The shipped model by names of somebody else's labels, with nothing trained.
#[derive(Debug)]
pub struct Shipped<'r> {
    reader: &'r Reader,
    labels: Vec<String>,
    /// The label that each of `EMOTIONS` counts for.
    target: [Option<usize>; 7],
}

/// Names of the emotions as sets have them, the plain one first.
const NAMES: [&[&str]; 7] = [
    &["anger", "angry", "annoyed", "annoyance", "mad", "愤怒", "生气", "怒", "气愤"],
    &["disgust", "disgusted", "disgusting", "厌恶", "恶心", "恶", "讨厌"],
    &["fear", "afraid", "scared", "fearful", "anxious", "nervousness", "恐惧", "害怕", "惧", "担心", "焦虑"],
    &["joy", "happy", "happiness", "like", "love", "positive", "快乐", "高兴", "开心", "喜悦", "乐", "好", "喜欢", "正面"],
    &["sadness", "sad", "disappointment", "negative", "悲伤", "难过", "伤心", "哀", "失望", "负面"],
    &["surprise", "surprised", "惊讶", "惊奇", "惊", "意外"],
    &["neutral", "none", "other", "others", "calm", "中性", "无", "无情绪", "平静", "中立"],
];
/// Where a set has no name for an emotion, it counts for the first of these that it has.
const INSTEAD: [&[usize]; 7] = [&[1, 4], &[0, 4], &[4, 5], &[6], &[0, 2], &[6], &[]];

impl<'r> Shipped<'r> {
    pub fn new(reader: &'r Reader, labels: &[String]) -> Self {
        let of = |emotion: usize| NAMES.get(emotion).and_then(|names| names.iter().find_map(|name| labels.iter().position(|it| it.trim().to_lowercase() == *name)));
        let target = std::array::from_fn(|it| of(it).or_else(|| INSTEAD.get(it).into_iter().flat_map(|it| it.iter()).find_map(|it| of(*it))));
        Self { reader, labels: labels.to_vec(), target }
    }

    /// Probabilities in the order of the labels given; 0 for those whose name is not known.
    pub fn probabilities(&self, text: &str) -> Vec<f32> {
        let mut p = vec![0.0_f32; self.labels.len()];
        for (value, target) in self.reader.emotions(text).into_iter().zip(self.target) {
            if let Some(sum) = target.and_then(|it| p.get_mut(it)) {
                *sum += value;
            }
        }
        p
    }

    pub fn predict(&self, text: &str) -> Evidence {
        let p = self.probabilities(text);
        let (at, p) = p.into_iter().enumerate().fold((0, 0.0_f32), |best, it| if it.1 > best.1 { it } else { best });
        let label = self.labels.get(at).cloned().unwrap_or_default();
        Evidence { features: self.reader.asked(text).cues.found.into_iter().map(|it| it.1).take(8).collect::<Vec<Weight>>(), label, p, model: self.reader.model_id().to_owned(), threshold: 0.0, abstained: p <= 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::{Labeller, Shipped};
    use crate::emotion::Reader;

    fn examples(pairs: &[(&str, &str)]) -> Vec<(String, Vec<String>)> {
        pairs.iter().map(|(text, labels)| ((*text).to_owned(), labels.split('|').map(str::to_owned).collect())).collect()
    }

    #[test]
    fn a_small_set_is_learned_and_written() {
        let texts = ["太气人了", "气死人了", "真气人啊", "气人得很", "好开心呀", "今天开心", "开心极了", "很开心哦", "我害怕黑", "害怕死了", "好害怕啊", "真的害怕"];
        let set: Vec<(&str, &str)> = texts.iter().copied().zip(["怒", "怒", "怒", "怒", "喜", "喜", "喜", "喜", "惧", "惧", "惧", "惧"]).collect();
        let labeller = Labeller::train(&examples(&set));
        let again = Labeller::read(&labeller.write().unwrap()).unwrap();
        for (text, label) in [("这也太气人", "怒"), ("特别开心", "喜"), ("有点害怕", "惧")] {
            assert_eq!(labeller.predict(text)[0].label, label, "{text}");
            assert_eq!(labeller.predict(text), again.predict(text), "{text}");
            assert!(labeller.predict(text)[0].features.first().is_some_and(|it| text.contains(&it.what) && it.weight > 0.0), "{:?}", labeller.predict(text));
        }
        assert!((labeller.probabilities("开心").iter().sum::<f32>() - 1.0).abs() < 1e-4);
    }

    #[test]
    fn nothing_and_oddities_have_an_answer() {
        let empty = Labeller::train(&[]);
        assert!(empty.labels().is_empty());
        let one = Labeller::train(&examples(&[("a", "x|y"), ("b", "x")]));
        assert!(!one.predict("").is_empty());
        assert_eq!(one.predict("🙂\u{202e}\u{200b}").len(), 1);
    }

    #[test]
    fn the_shipped_model_answers_by_names_of_others() {
        let reader = Reader::shipped().unwrap();
        let names: Vec<String> = ["angry", "happy", "sad", "neutral"].map(str::to_owned).to_vec();
        let shipped = Shipped::new(&reader, &names);
        assert_eq!(shipped.predict("气死我了，垃圾，滚！").label, "angry");
        assert_eq!(shipped.predict("今天好开心，哈哈哈").label, "happy");
        let unknown = Shipped::new(&reader, &["xyz".to_owned()]).predict("气死我了");
        assert!(unknown.abstained);
    }
}
