//! Training of the heads that ship: from the hand-written seeds, and from English texts labelled with emotions.

use super::{
    grams::{self, Row, Shape},
    fit::{self, Fit},
    model::Head,
    text::{self, Asked, DENSE, EMOTIONS, Reader, SIGNALS},
};
use rapport_model::FeelingState;

use crate::linear::{Order, count as float};

/// A sentence and everything that it is labelled with.
#[derive(Clone, Debug, PartialEq)]
pub struct Seed {
    pub labels: Vec<String>,
    pub text: String,
}

/// `@ label…` begins a section, then a sentence a line; `#` is a remark.
pub fn seeds(file: &str) -> Vec<Seed> {
    let (mut labels, mut seeds) = (Vec::new(), Vec::new());
    for line in file.lines().map(str::trim).filter(|it| !it.is_empty() && !it.starts_with('#')) {
        match line.strip_prefix("@ ") {
            Some(head) => labels = head.split_whitespace().map(str::to_owned).collect(),
            None => seeds.push(Seed { labels: labels.clone(), text: line.to_owned() }),
        }
    }
    seeds
}

/// Hand-written sentences that ship with their labels.
pub fn shipped_seeds() -> (Vec<Seed>, Vec<Seed>) {
    (seeds(include_str!("../../data/seeds.zh.txt")), seeds(include_str!("../../data/seeds.en.txt")))
}

/// Folds of every cross-validation.
pub const FOLDS: usize = 5;
const STATE_BITS: u32 = 12;
const EMOTION_BITS: u32 = 17;
/// Ridge of the heads taught by seeds, per example.
const PENALTY: f32 = 0.001;
/// Cost of an error of a positive and of a negative in the English head of emotions.
const EMOTION_COST: (f32, f32) = (0.3, 0.2);
const EPOCHS: usize = 30;

/// How well a head does on sentences that it has not seen, each fold by what the others teach.
#[derive(Clone, Debug, Default)]
pub struct Held {
    /// What was said, and what is right, by number of the label.
    pub said: Vec<(usize, usize)>,
    /// Probability of the right one.
    pub right_p: Vec<f32>,
}

impl Held {
    pub fn accuracy(&self) -> f64 {
        mean(self.said.iter().map(|it| if it.0 == it.1 { 1.0 } else { 0.0 }))
    }
    /// Nats; a uniform guess of four has 1.39.
    pub fn log_loss(&self) -> f64 {
        mean(self.right_p.iter().map(|it| -f64::from(it.max(1e-6)).ln()))
    }
}

fn mean(values: impl ExactSizeIterator<Item = f64>) -> f64 {
    let count = f64::from(u32::try_from(values.len().max(1)).unwrap_or(u32::MAX));
    values.sum::<f64>() / count
}

/// One language's seeds as the heads see them.
struct Lesson {
    rows: Vec<Row>,
    labels: Vec<Vec<String>>,
}

fn lesson(reader: &Reader, seeds: &[Seed], shape: Shape) -> Lesson {
    let empty = Head::new("", &["", ""], DENSE, shape, STATE_BITS, &[vec![], vec![]]);
    let row = |it: &Seed| {
        let asked = reader.asked(&it.text);
        joined(&asked, text::scaled(reader.grams(&empty, &asked)))
    };
    Lesson { rows: seeds.iter().map(row).collect(), labels: seeds.iter().map(|it| it.labels.clone()).collect() }
}

/// Dense features first, then the n-grams behind them.
fn joined(asked: &Asked, grams: Row) -> Row {
    let dense = (0_u32..).zip(asked.dense.iter().copied()).filter(|it| it.1.abs() > 0.0);
    let offset = u32::try_from(DENSE).unwrap_or_default();
    dense.chain(grams.into_iter().map(|(at, value)| (at + offset, value))).collect()
}

/// The heads of states, signals and (in Chinese) emotions, and how they do on held-out seeds.
pub fn seed_heads(reader: &Reader) -> (Vec<Head>, Vec<(String, Held)>) {
    let (zh, en) = shipped_seeds();
    let states = FeelingState::ALL.map(FeelingState::name);
    let (mut heads, mut held) = (Vec::new(), Vec::new());
    for (seeds, shape, names) in [(&zh, Shape::CHINESE, [text::STATES_ZH, text::SIGNALS_ZH]), (&en, Shape::ENGLISH, [text::STATES_EN, text::SIGNALS_EN])] {
        let lesson = lesson(reader, seeds, shape);
        let (head, said) = exclusive(names[0], &states, &lesson, shape);
        heads.push(head);
        held.push((names[0].to_owned(), said));
        heads.push(signals(names[1], &lesson, shape));
    }
    let (head, said) = exclusive(text::EMOTIONS_ZH, &EMOTIONS, &lesson(reader, &zh, Shape::CHINESE), Shape::CHINESE);
    heads.push(head);
    held.push((text::EMOTIONS_ZH.to_owned(), said));
    (heads, held)
}

fn size() -> usize {
    DENSE + (1 << STATE_BITS)
}

/// A head of labels of which one is right, trained on the sentences that have one of them; its temperature from held-out scores.
fn exclusive(name: &str, labels: &[&str], lesson: &Lesson, shape: Shape) -> (Head, Held) {
    let class = |it: &Vec<String>| labels.iter().position(|label| it.iter().any(|own| own == label));
    let (rows, classes): (Vec<Row>, Vec<usize>) = lesson.rows.iter().zip(&lesson.labels).filter_map(|(row, it)| Some((row.clone(), class(it)?))).unzip();
    let counts = balanced(&classes, labels.len());
    let fit = |rows: &[Row], classes: &[usize], counts: &[f32]| fit::softmax(rows, classes, counts, labels.len(), size(), PENALTY);
    let mut scores: Vec<(usize, Vec<f32>)> = Vec::new();
    let fold = folds(rows.len());
    for held in 0..FOLDS {
        let keep: Vec<usize> = (0..rows.len()).filter(|it| fold.get(*it) != Some(&held)).collect();
        let weights = fit(&picked(&rows, &keep), &picked(&classes, &keep), &picked(&counts, &keep));
        for ((row, class), of) in rows.iter().zip(&classes).zip(&fold) {
            if *of == held {
                scores.push((*class, weights.iter().map(|it| fit::score(it, row)).collect()));
            }
        }
    }
    let temperature = temperature(&scores);
    let mut said = Held::default();
    for (class, scores) in &scores {
        let p = fit::probabilities(&scores.iter().map(|it| it / temperature).collect::<Vec<_>>());
        said.said.push((p.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).map_or(0, |it| it.0), *class));
        said.right_p.push(p.get(*class).copied().unwrap_or_default());
    }
    let mut head = Head::new(name, labels, DENSE, shape, STATE_BITS, &fit(&rows, &classes, &counts));
    head.temperature = temperature;
    (head, said)
}

/// A head of labels that each stand or not.
fn signals(name: &str, lesson: &Lesson, shape: Shape) -> Head {
    // Sentences about the wide world say nothing of a customer's signals.
    let service = |it: &Vec<String>| it.iter().any(|it| FeelingState::ALL.iter().any(|state| state.name() == it));
    let (rows, labels): (Vec<Row>, Vec<Vec<String>>) = lesson.rows.iter().zip(&lesson.labels).filter(|it| service(it.1)).map(|(row, it)| (row.clone(), it.clone())).unzip();
    let fit = Fit { cost: (0.4, 0.15), epochs: 60 };
    let fold = folds(rows.len());
    let (mut weights, mut calibration) = (Vec::new(), Vec::new());
    for label in SIGNALS {
        let positive: Vec<bool> = labels.iter().map(|it| it.iter().any(|own| own == label)).collect();
        let mut scores = vec![0.0_f32; rows.len()];
        for held in 0..FOLDS {
            let keep: Vec<usize> = (0..rows.len()).filter(|it| fold.get(*it) != Some(&held)).collect();
            let weights = fit::against_rest(&picked(&rows, &keep), &picked(&positive, &keep), size(), fit);
            for ((score, row), of) in scores.iter_mut().zip(&rows).zip(&fold) {
                if *of == held {
                    *score = fit::score(&weights, row);
                }
            }
        }
        calibration.push(fit::platt(&scores, &positive));
        weights.push(fit::against_rest(&rows, &positive, size(), fit));
    }
    let mut head = Head::new(name, &SIGNALS, DENSE, shape, STATE_BITS, &weights);
    head.calibration = calibration;
    head
}

/// The English head of emotions: texts, each with the numbers of its emotions in `EMOTIONS`. Calibration and thresholds come from folds held out in turn.
pub fn emotion_head(examples: &[(String, Vec<usize>)]) -> Head {
    let prepared: Vec<Vec<u64>> = examples.iter().map(|it| grams::hashes(&super::prepared::Prepared::new(&it.0), Shape::ENGLISH)).collect();
    let idf = inverse_frequencies(&prepared, EMOTION_BITS, 1);
    let weigh = |at: u32| usize::try_from(at).ok().and_then(|it| idf.get(it)).copied().unwrap_or(1.0);
    let rows: Vec<Row> = prepared.iter().map(|it| grams::row(it, EMOTION_BITS, weigh)).collect();
    let fold = folds(rows.len());
    let fit = Fit { cost: EMOTION_COST, epochs: EPOCHS };
    let width = 1 << EMOTION_BITS;
    let (mut weights, mut calibration, mut thresholds) = (Vec::new(), Vec::new(), Vec::new());
    for label in 0..EMOTIONS.len() {
        let positive: Vec<bool> = examples.iter().map(|it| it.1.contains(&label)).collect();
        let mut scores = vec![0.0_f32; rows.len()];
        for held in 0..3 {
            let keep: Vec<usize> = (0..rows.len()).filter(|it| fold.get(*it).is_some_and(|it| it % 3 != held)).collect();
            let weights = fit::against_rest(&picked(&rows, &keep), &picked(&positive, &keep), width, fit);
            for ((score, row), of) in scores.iter_mut().zip(&rows).zip(&fold) {
                if of % 3 == held {
                    *score = fit::score(&weights, row);
                }
            }
        }
        let (a, b) = fit::platt(&scores, &positive);
        let p: Vec<f32> = scores.iter().map(|it| 1.0 / (1.0 + (-(a * it + b)).exp())).collect();
        calibration.push((a, b));
        thresholds.push(best_threshold(&p, &positive));
        weights.push(fit::against_rest(&rows, &positive, width, fit));
    }
    let mut head = Head::new(text::EMOTIONS_EN, &EMOTIONS, 0, Shape::ENGLISH, EMOTION_BITS, &weights).with_idf(&idf);
    head.calibration = calibration;
    head.thresholds = thresholds;
    head
}

/// `1 + ln((n + 1) / (df + 1))` of every place of the table; 0 where fewer than `texts_min` texts have it.
pub fn inverse_frequencies(texts: &[Vec<u64>], bits: u32, texts_min: u32) -> Vec<f32> {
    let mut seen = vec![0_u32; 1 << bits];
    let mask = (1_u64 << bits) - 1;
    for text in texts {
        let mut places: Vec<usize> = text.iter().filter_map(|it| usize::try_from(it & mask).ok()).collect();
        places.sort_unstable();
        places.dedup();
        for place in places {
            if let Some(seen) = seen.get_mut(place) {
                *seen += 1;
            }
        }
    }
    let all = float(texts.len()) + 1.0;
    let idf = |seen: u32| if seen < texts_min { 0.0 } else { 1.0 + (all / (float(usize::try_from(seen).unwrap_or_default()) + 1.0)).ln() };
    seen.into_iter().map(idf).collect()
}

/// The probability from which a label is best given, by F1; the middle of equally good ones.
pub fn best_threshold(p: &[f32], positive: &[bool]) -> f32 {
    let mut ranked: Vec<(f32, bool)> = p.iter().copied().zip(positive.iter().copied()).collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
    let all = float(positive.iter().filter(|it| **it).count());
    let (mut hits, mut best) = (0.0_f32, (0.0_f32, 0.5_f32));
    for (rank, pair) in ranked.windows(2).enumerate() {
        let [(score, right), (next, _)] = pair else { continue };
        hits += f32::from(u8::from(*right));
        let f1 = 2.0 * hits / (float(rank + 1) + all).max(1.0);
        if f1 > best.0 && score > next {
            best = (f1, f32::midpoint(*score, *next));
        }
    }
    best.1
}

/// Divides scores so that their likelihood is greatest; golden-section search. Source: Guo et al. (2017).
fn temperature(scores: &[(usize, Vec<f32>)]) -> f32 {
    let loss = |log: f32| {
        let p = |scores: &[f32], class: usize| fit::probabilities(&scores.iter().map(|it| it / log.exp()).collect::<Vec<_>>()).get(class).copied().unwrap_or_default();
        scores.iter().map(|(class, scores)| -f64::from(p(scores, *class).max(1e-9)).ln()).sum::<f64>()
    };
    let (mut low, mut high) = (-2.0_f32, 2.0_f32);
    for _ in 0..30 {
        let (a, b) = (high - 0.618 * (high - low), low + 0.618 * (high - low));
        if loss(a) < loss(b) { high = b } else { low = a }
    }
    f32::midpoint(low, high).exp()
}

/// Examples of rare classes count as much in all as those of frequent ones.
fn balanced(classes: &[usize], of: usize) -> Vec<f32> {
    let count = |class: usize| float(classes.iter().filter(|it| **it == class).count());
    let all = float(classes.len());
    classes.iter().map(|it| (all / (float(of) * count(*it))).sqrt()).collect()
}

/// A fold for each of so many, dealt by chance from a fixed seed.
pub fn folds(count: usize) -> Vec<usize> {
    let mut folds: Vec<usize> = (0..count).map(|it| it % FOLDS).collect();
    Order::seeded(2_020).shuffle(&mut folds);
    folds
}

pub fn picked<T: Clone>(items: &[T], at: &[usize]) -> Vec<T> {
    at.iter().filter_map(|it| items.get(*it)).cloned().collect()
}
