//! The views of a text that a model learns from: its n-grams, and its sentence vectors where there is an encoder.

use ndarray::{Array2, ArrayView2};

use crate::linear::{
    count,
    dense::Head,
    hinge::{self, Plane},
    sparse::{Rows, Sparse},
};

/// Makes a vector of a text. The same text gives the same vector, always.
pub trait Encode: Send + Sync {
    /// First 16 hex digits of the SHA-256 of its weights.
    fn id(&self) -> &str;
    /// Length of the vectors.
    fn dimensions(&self) -> usize;
    fn encode(&self, text: &str) -> Vec<f32>;
    fn encode_all(&self, texts: &[&str]) -> Vec<Vec<f32>> {
        texts.iter().map(|it| self.encode(it)).collect()
    }
}

/// One plane a class, in whole numbers of a step of its own: 2 bytes a weight.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Planes {
    pub(crate) classes: usize,
    /// Shape: columns × classes.
    pub(crate) weights: Vec<i16>,
    /// One a class.
    pub(crate) steps: Vec<f32>,
    pub(crate) biases: Vec<f32>,
}

/// What a learning leaves for the next one, by class: rows that count, with their duals.
#[derive(Clone, Debug, Default)]
pub(crate) struct Duals {
    by_class: Vec<Vec<(usize, f32)>>,
}

impl Duals {
    /// The same where row `n` is now row `places[n]`.
    pub(crate) fn moved(&self, places: &[usize]) -> Self {
        let class = |known: &Vec<(usize, f32)>| known.iter().filter_map(|(row, dual)| Some((*places.get(*row)?, *dual))).collect();
        Self { by_class: self.by_class.iter().map(class).collect() }
    }
}

impl Planes {
    /// Learns every class against the rest. `duals`, by class: what an earlier learning left, with the rows it was of; afterwards what this one leaves.
    pub(crate) fn fit(rows: &Rows, columns: usize, labels: &[usize], classes: usize, duals: &mut Duals, settings: &hinge::Settings) -> Self {
        let mut it = Self { classes, weights: vec![0; columns * classes], ..Self::default() };
        duals.by_class.resize(classes, Vec::new());
        for (class, known) in duals.by_class.iter_mut().enumerate() {
            let positive: Vec<bool> = labels.iter().map(|label| *label == class).collect();
            let mut start = vec![0.0; labels.len()];
            for (row, dual) in known.iter() {
                if let Some(it) = start.get_mut(*row) {
                    *it = *dual;
                }
            }
            it.put(class, &hinge::separate_from(rows, columns, &positive, &[], &mut start, settings));
            *known = start.into_iter().enumerate().filter(|it| it.1 > 0.0).collect();
        }
        it
    }

    fn put(&mut self, class: usize, plane: &Plane) {
        let greatest = plane.weights.iter().fold(1e-6_f32, |so_far, it| so_far.max(it.abs()));
        let step = greatest / f32::from(i16::MAX);
        for (row, weight) in self.weights.chunks_mut(self.classes.max(1)).zip(&plane.weights) {
            if let Some(cell) = row.get_mut(class) {
                *cell = whole(weight / step);
            }
        }
        self.steps.push(step);
        self.biases.push(plane.bias);
    }

    /// Shape: one margin a class.
    pub(crate) fn margins(&self, vector: &Sparse) -> Vec<f32> {
        let mut sums = vec![0.0_f32; self.classes];
        for (column, value) in vector.pairs() {
            let from = column * self.classes;
            let Some(row) = self.weights.get(from..from + self.classes) else { continue };
            sums.iter_mut().zip(row).for_each(|(sum, weight)| *sum += f32::from(*weight) * value);
        }
        sums.iter().zip(self.steps.iter().zip(&self.biases)).map(|(sum, (step, bias))| sum * step + bias).collect()
    }

    /// What a column counts for a class.
    pub(crate) fn weight(&self, column: usize, class: usize) -> f32 {
        let weight = self.weights.get(column * self.classes + class).copied().unwrap_or(0);
        f32::from(weight) * self.steps.get(class).copied().unwrap_or(0.0)
    }
}

#[expect(clippy::cast_possible_truncation, reason = "bounded by the line above")]
fn whole(value: f32) -> i16 {
    let bounded = value.round().clamp(f32::from(i16::MIN), f32::from(i16::MAX));
    bounded as i16
}

/// Vectors of examples in one byte a dimension, of length 1, for neighbours.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Around {
    pub(crate) dimensions: usize,
    /// Shape: examples × dimensions; 127 is 1.
    pub(crate) vectors: Vec<i8>,
    /// Taken from each vector before its length is made 1: all sentences share a direction that says nothing.
    pub(crate) mean: Vec<f32>,
}

/// How many of the nearest are averaged: one alone may be a stray.
const NEAREST: usize = 5;

impl Around {
    pub(crate) fn of(inputs: &ArrayView2<'_, f32>, mean: &[f32]) -> Self {
        let mut it = Self { dimensions: inputs.ncols(), vectors: Vec::with_capacity(inputs.len()), mean: mean.to_vec() };
        for row in inputs.rows() {
            let unit = it.unit(&row.to_vec());
            it.vectors.extend(unit.iter().map(|value| small(value * 127.0)));
        }
        it
    }

    fn unit(&self, input: &[f32]) -> Vec<f32> {
        let centred: Vec<f32> = input.iter().zip(&self.mean).map(|(value, mean)| value - mean).collect();
        let length = centred.iter().map(|it| it * it).sum::<f32>().sqrt().max(1e-9);
        centred.into_iter().map(|it| it / length).collect()
    }

    /// Cosine to each of these examples; those without a vector are left out.
    pub(crate) fn cosines(&self, input: &[f32], of: impl Iterator<Item = usize>) -> Vec<f32> {
        let unit = self.unit(input);
        let row = |at: usize| self.vectors.get(at * self.dimensions..(at + 1) * self.dimensions);
        of.filter_map(row).map(|row| row.iter().zip(&unit).map(|(a, b)| f32::from(*a) * b).sum::<f32>() / 127.0).collect()
    }

    /// Mean cosine to the nearest few of these.
    pub(crate) fn nearness(&self, input: &[f32], of: &[usize]) -> f32 {
        nearest(self.cosines(input, of.iter().copied()))
    }
}

fn nearest(mut cosines: Vec<f32>) -> f32 {
    cosines.sort_unstable_by(|a, b| b.total_cmp(a));
    cosines.truncate(NEAREST);
    cosines.iter().sum::<f32>() / count(cosines.len()).max(1.0)
}

#[expect(clippy::cast_possible_truncation, reason = "bounded by the line above")]
fn small(value: f32) -> i8 {
    let bounded = value.round().clamp(-127.0, 127.0);
    bounded as i8
}

/// Cost of an example to the logistic head over sentence vectors: best of {0.005, 0.02, 0.1, 0.5} from 5 to 100 examples a class.
pub(crate) const HEAD_COST: f32 = 0.03;

pub(crate) fn head(inputs: &Array2<f32>, labels: &[usize], classes: usize) -> Head {
    Head::fit(&inputs.view(), labels, classes, HEAD_COST)
}

/// Layers of the encoder that are walked, and tokens of a text that are looked at: what a message may cost, and what the head learned from.
const LAYERS: usize = 12;
const TOKENS_MAX: usize = 24;

impl Encode for rapport_encoder::Encoder {
    fn id(&self) -> &str {
        Self::id(self)
    }
    fn dimensions(&self) -> usize {
        Self::dimensions(self)
    }
    fn encode(&self, text: &str) -> Vec<f32> {
        self.encode_at(text, LAYERS, TOKENS_MAX)
    }
    fn encode_all(&self, texts: &[&str]) -> Vec<Vec<f32>> {
        self.encode_batch(texts, LAYERS, TOKENS_MAX)
    }
}
