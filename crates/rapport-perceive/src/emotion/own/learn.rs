//! Learning what a firm's sentences have in common: a linear model over n-grams that shifts the scores of the shipped reading.
//!
//! Multinomial logistic regression with a ridge, the shipped log-probabilities being a fixed offset; the sentences that ship are in the set with the
//! reading that ships as their target, so that what nobody taught stays. How far it counts (`strength`), and how far sentences count that are merely alike, is
//! chosen by the log loss of folds held out in turn.

use rapport_model::Weight;

use super::{
    Found, Lesson, likeliest,
    near::{Near, Nudge, place},
    row, shifted,
};
use crate::{
    emotion::{
        Reader, fit,
        grams::{self, Row, Shape},
        model::{Damaged, Head, Model},
        prepared::Prepared,
        train::{FOLDS, folds, shipped_seeds},
    },
    intent::metrics,
    linear::{
        count,
        lbfgs::{Stop, minimise},
    },
};

/// Fewer sentences, or sentences of one state only, say nothing of others.
const LESSONS_MIN: usize = 20;
const STATES_MIN: usize = 2;
/// Bits of the hash of n-grams.
const BITS: u32 = 13;
const SIZE: usize = 1 << BITS;
const HEAD: &str = "own.states";
const STATES: usize = 4;
/// Ridge of the weights, in examples.
const RIDGE: f32 = 0.25;
/// How much a sentence that ships counts beside one that was taught.
const ANCHOR: f32 = 0.3;
const STRENGTHS: [f32; 5] = [0.0, 0.25, 0.5, 0.75, 1.0];
const NEARNESSES: [f32; 3] = [1.0, 0.5, 0.0];
const FEATURES_MAX: usize = 4;

/// Whether there is enough to learn from.
pub fn enough(lessons: &[Lesson]) -> bool {
    let states: std::collections::BTreeSet<_> = lessons.iter().map(|it| it.state).collect();
    lessons.len() >= LESSONS_MIN && states.len() >= STATES_MIN
}

/// The model: what each n-gram adds to the scores of the states.
#[derive(Clone, Debug)]
pub struct Corrector {
    head: Head,
    id: String,
}

impl Corrector {
    fn new(weights: &[f32], strength: f32, nearness: f32) -> Result<Self, Damaged> {
        let names = rapport_model::FeelingState::ALL.map(rapport_model::FeelingState::name);
        let of = |it: &[f32]| it.iter().map(|it| it * strength).chain([0.0]).collect();
        let weights: Vec<Vec<f32>> = weights.chunks(SIZE).map(of).collect();
        let mut head = Head::new(HEAD, &names, 0, Shape::OWN, BITS, &weights);
        head.thresholds = vec![nearness; STATES];
        let mut it = Self { head, id: String::new() };
        it.id = Model::read(&it.to_bytes()?)?.id;
        Ok(it)
    }

    pub fn to_bytes(&self) -> Result<Vec<u8>, Damaged> {
        Model::write(std::slice::from_ref(&self.head))
    }

    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Damaged> {
        let model = Model::read(bytes)?;
        let head = model.heads.into_iter().find(|it| it.name == HEAD).ok_or(Damaged("no corrector of states"))?;
        let names = rapport_model::FeelingState::ALL.map(rapport_model::FeelingState::name);
        let is_ours = head.bits == BITS && head.labels == names && head.thresholds.len() == STATES && head.steps.iter().all(|it| it.is_finite());
        if is_ours { Ok(Self { head, id: model.id }) } else { Err(Damaged("a corrector of another shape")) }
    }

    /// First 16 hex digits of the SHA-256 of its bytes.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// How far sentences count that are merely alike, 0 to 1.
    pub(super) fn nearness(&self) -> f32 {
        self.head.thresholds.first().copied().unwrap_or(1.0).clamp(0.0, 1.0)
    }

    /// Added to the scores of the states.
    pub(super) fn shift(&self, found: &Found) -> [f32; 4] {
        let scores = self.head.scores(&[], &places(found));
        std::array::from_fn(|at| scores.get(at).copied().unwrap_or_default())
    }

    /// The pieces of the text that spoke for a state over the others, strongest first.
    pub(super) fn features(&self, prepared: &Prepared, found: &Found, state: usize) -> Vec<Weight> {
        let value = |hash: u64| found.binary_search_by_key(&hash, |it| it.0).ok().and_then(|it| found.get(it)).map_or(0.0, |it| it.1);
        let weigh = |(hash, what): (u64, String)| Weight { what, weight: self.head.gram_speaks_for(state, folded(hash)) * value(hash) };
        let mut all: Vec<Weight> = grams::named(prepared, Shape::OWN).into_iter().map(weigh).filter(|it| it.weight.abs() > 0.02).collect();
        all.sort_by(|a, b| b.weight.abs().total_cmp(&a.weight.abs()).then_with(|| b.what.len().cmp(&a.what.len())).then_with(|| a.what.cmp(&b.what)));
        let mut kept: Vec<Weight> = Vec::new();
        for it in all {
            // A piece of a piece that is named already says it twice.
            if kept.len() < FEATURES_MAX && !kept.iter().any(|other| other.what.contains(&it.what) || it.what.contains(&other.what)) {
                kept.push(it);
            }
        }
        kept
    }
}

fn folded(hash: u64) -> u32 {
    u32::try_from(hash & ((1 << BITS) - 1)).unwrap_or_default()
}

fn places(found: &Found) -> Row {
    let mut row: Row = found.iter().map(|(hash, value)| (folded(*hash), *value)).collect();
    row.sort_by_key(|it| it.0);
    row
}

/// How well a way of reading does on sentences held aside.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Figures {
    pub examples: usize,
    pub right: usize,
    pub accuracy: f32,
    pub macro_f1: f32,
    /// Nats.
    pub log_loss: f32,
    /// Expected calibration error over 15 bins.
    pub ece: f32,
}

/// What came of learning.
#[derive(Clone, Debug)]
pub struct Learned {
    pub corrector: Corrector,
    /// As it ships.
    pub shipped: Figures,
    /// With what was taught, each sentence by what the others teach.
    pub own: Figures,
    /// How far the model counts, 0 to 1; 0: it did not help with sentences held aside.
    pub strength: f32,
    pub nearness: f32,
}

/// A sentence as the learner sees it.
struct Row4 {
    row: Row,
    shipped: [f32; 4],
    target: [f32; 4],
    weight: f32,
}

/// `None`: too little to learn from. The same sentences in the same order give the same bytes.
pub fn learn(reader: &Reader, lessons: &[Lesson]) -> Option<Learned> {
    if !enough(lessons) {
        return None;
    }
    let reader = reader.without_own();
    let prepared: Vec<Prepared> = lessons.iter().map(|it| Prepared::new(&it.text)).collect();
    let found: Vec<Found> = prepared.iter().map(row).collect();
    let states = |text: &str| reader.read(text).states;
    let taught: Vec<Row4> = lessons.iter().zip(&found).map(|(it, found)| Row4 { row: places(found), shipped: states(&it.text), target: one_hot(place(it)), weight: 1.0 }).collect();
    let (zh, en) = shipped_seeds();
    let anchor = |text: &str| Row4 { row: places(&row(&Prepared::new(text))), shipped: states(text), target: floored(states(text)), weight: ANCHOR };
    let anchors: Vec<Row4> = zh.iter().chain(&en).map(|it| anchor(&it.text)).collect();

    let fold = folds(lessons.len());
    let near = Near::new(lessons);
    let mut shifts = vec![[0.0_f32; 4]; lessons.len()];
    for held in 0..FOLDS {
        let rest: Vec<&Row4> = taught.iter().zip(&fold).filter(|it| *it.1 != held).map(|it| it.0).chain(&anchors).collect();
        let weights = fitted(&rest);
        for ((shift, it), _) in shifts.iter_mut().zip(&taught).zip(&fold).filter(|it| *it.1 == held) {
            *shift = shift_of(&weights, &it.row);
        }
    }
    let nudges: Vec<Option<Nudge>> = (0..lessons.len())
        .map(|at| {
            let own = fold.get(at);
            near.of(prepared.get(at)?, found.get(at)?, Some(&|other| fold.get(other) == own))
        })
        .collect();
    let weights = fitted(&taught.iter().chain(&anchors).collect::<Vec<_>>());
    let drifts: Vec<[f32; 4]> = anchors.iter().map(|it| shift_of(&weights, &it.row)).collect();

    let held = Held { taught: &taught, shifts: &shifts, nudges: &nudges };
    let (mut best, mut strength, mut nearness) = (f32::MAX, 0.0, 1.0);
    for tried in STRENGTHS {
        let drift = mean(anchors.iter().zip(&drifts).map(|(it, shift)| divergence(it.target, shifted(it.shipped, shift.map(|it| it * tried)))));
        for near in NEARNESSES {
            let loss = held.figures(tried, near).log_loss + drift;
            if loss < best - 1e-4 {
                (best, strength, nearness) = (loss, tried, near);
            }
        }
    }
    let corrector = Corrector::new(&weights, strength, nearness).ok()?;
    let nothing: Vec<Option<Nudge>> = vec![None; lessons.len()];
    let shipped = Held { nudges: &nothing, ..held }.figures(0.0, 0.0);
    Some(Learned { corrector, shipped, own: held.figures(strength, nearness), strength, nearness })
}

/// Sentences held aside, each with what the others say of it.
struct Held<'l> {
    taught: &'l [Row4],
    shifts: &'l [[f32; 4]],
    nudges: &'l [Option<Nudge>],
}

impl Held<'_> {
    fn figures(&self, strength: f32, nearness: f32) -> Figures {
        let (mut truth, mut said, mut sure, mut loss) = (Vec::new(), Vec::new(), Vec::new(), 0.0_f32);
        for ((it, shift), nudge) in self.taught.iter().zip(self.shifts).zip(self.nudges) {
            let mut p = shifted(it.shipped, shift.map(|it| it * strength));
            if let Some(nudge) = nudge {
                p = nudge.mixed(p, nudge.weight(nearness));
            }
            let (right, guess) = (likeliest(&it.target), likeliest(&p));
            loss -= p.get(right).copied().unwrap_or_default().max(1e-4).ln();
            sure.push((p.get(guess).copied().unwrap_or_default(), guess == right));
            truth.push(right);
            said.push(Some(guess));
        }
        let right = sure.iter().filter(|it| it.1).count();
        let all = count(truth.len().max(1));
        let (macro_f1, _) = metrics::f1(&truth, &said, STATES);
        Figures { examples: truth.len(), right, accuracy: count(right) / all, macro_f1, log_loss: loss / all, ece: metrics::calibration_error(&sure) }
    }
}

fn mean(values: impl ExactSizeIterator<Item = f32>) -> f32 {
    let length = count(values.len().max(1));
    values.sum::<f32>() / length
}

/// Kullback-Leibler divergence, in nats.
fn divergence(of: [f32; 4], from: [f32; 4]) -> f32 {
    of.iter().zip(from).map(|(of, from)| of * (of.max(1e-6) / from.max(1e-6)).ln()).sum()
}

fn one_hot(state: usize) -> [f32; 4] {
    std::array::from_fn(|at| if at == state { 1.0 } else { 0.0 })
}

fn floored(states: [f32; 4]) -> [f32; 4] {
    let states = states.map(|it| it.max(super::FLOOR));
    let sum: f32 = states.iter().sum();
    states.map(|it| it / sum)
}

fn shift_of(weights: &[f32], row: &Row) -> [f32; 4] {
    let score = |of: &[f32]| row.iter().filter_map(|(at, value)| Some(of.get(usize::try_from(*at).ok()?)? * value)).sum::<f32>();
    let mut shift = [0.0_f32; 4];
    for (shift, of) in shift.iter_mut().zip(weights.chunks(SIZE)) {
        *shift = score(of);
    }
    shift
}

/// Weights of the n-grams, one state after the other.
fn fitted(rows: &[&Row4]) -> Vec<f32> {
    let total: f32 = rows.iter().map(|it| it.weight).sum::<f32>().max(1.0);
    let ridge = RIDGE / total;
    let stop = Stop { steps_max: 100, gradient: 1e-5, progress: 1e-6 };
    let value = |at: &[f32], gradient: &mut [f32]| -> f64 {
        let mut loss = 0.0_f64;
        for (gradient, at) in gradient.iter_mut().zip(at) {
            *gradient = ridge * at;
            loss += 0.5 * f64::from(ridge * at * at);
        }
        for it in rows {
            let shift = shift_of(at, &it.row);
            let scores: Vec<f32> = it.shipped.iter().zip(shift).map(|(p, shift)| p.max(super::FLOOR).ln() + shift).collect();
            let share = it.weight / total;
            for ((p, target), gradient) in fit::probabilities(&scores).into_iter().zip(it.target).zip(gradient.chunks_mut(SIZE)) {
                loss -= f64::from(share * target) * f64::from(p.max(1e-12)).ln();
                for (place, value) in &it.row {
                    if let Some(gradient) = usize::try_from(*place).ok().and_then(|it| gradient.get_mut(it)) {
                        *gradient += share * (p - target) * value;
                    }
                }
            }
        }
        loss
    };
    minimise(vec![0.0; STATES * SIZE], stop, value)
}
