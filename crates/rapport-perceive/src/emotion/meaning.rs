//! Sentence vectors beside the n-grams of a labeller: scores that are added where they helped on texts held out.

use ndarray::{Array2, ArrayView2, Axis};

use crate::{
    intent::Encode,
    linear::{count, dense::{Head, log_softmax}},
};

/// At most so many texts are made sentence vectors of, spread evenly: encoding is what takes time.
const ENCODED_MAX: usize = 20_000;
/// Cost of an example to the heads over sentence vectors.
const COST: f32 = 0.03;

/// Scores of a text by its sentence vector, one a label.
#[derive(Clone, Debug)]
pub(super) struct Meaning {
    /// Id of the encoder whose vectors it learned from.
    pub(super) encoder: String,
    /// One for all labels, or one a label where several may stand together: then each tells two classes apart.
    heads: Vec<Head>,
    /// How much a score counts beside that of the n-grams.
    pub(super) weight: f32,
}

/// Vectors of some texts and which those are.
pub(super) struct Encoded {
    pub(super) encoder: String,
    pub(super) at: Vec<usize>,
    vectors: Array2<f32>,
}

impl Encoded {
    /// `None`: too few texts to hold any out.
    pub(super) fn of(texts: &[&str], encoder: &dyn Encode) -> Option<Self> {
        let step = texts.len().div_ceil(ENCODED_MAX).max(1);
        let at: Vec<usize> = (0..texts.len()).step_by(step).collect();
        let some: Vec<&str> = at.iter().filter_map(|it| texts.get(*it).copied()).collect();
        let flat: Vec<f32> = encoder.encode_all(&some).concat();
        let vectors = Array2::from_shape_vec((at.len(), encoder.dimensions()), flat).ok()?;
        (at.len() >= 50).then(|| Self { encoder: encoder.id().to_owned(), at, vectors })
    }

    /// Scores of texts by heads that did not learn from them. Shape: labels × encoded texts.
    pub(super) fn held_out(&self, has: &[Vec<bool>], several: bool, fold: &[usize], folds: usize) -> Vec<Vec<f32>> {
        let mut out = vec![vec![0.0; self.at.len()]; has.len()];
        let fold_of = |place: usize| self.at.get(place).and_then(|it| fold.get(*it)).copied();
        for held in 0..folds {
            let (test, learn): (Vec<usize>, Vec<usize>) = (0..self.at.len()).partition(|it| fold_of(*it) == Some(held));
            let heads = self.fit(&learn, has, several);
            for place in test {
                let Some(row) = self.vectors.axis_iter(Axis(0)).nth(place) else { continue };
                for (column, score) in out.iter_mut().zip(scores(&heads, &row.to_vec())) {
                    if let Some(it) = column.get_mut(place) {
                        *it = score;
                    }
                }
            }
        }
        out
    }

    pub(super) fn learn(&self, has: &[Vec<bool>], several: bool, weight: f32) -> Meaning {
        let all: Vec<usize> = (0..self.at.len()).collect();
        Meaning { encoder: self.encoder.clone(), heads: self.fit(&all, has, several), weight }
    }

    fn fit(&self, places: &[usize], has: &[Vec<bool>], several: bool) -> Vec<Head> {
        let inputs = self.vectors.select(Axis(0), places);
        let is = |label: &Vec<bool>, place: usize| self.at.get(place).and_then(|it| label.get(*it)).copied().unwrap_or(false);
        if several {
            let two = |label: &Vec<bool>| -> Vec<usize> { places.iter().map(|it| usize::from(is(label, *it))).collect() };
            return has.iter().map(|label| head(&inputs.view(), &two(label), 2)).collect();
        }
        let classes: Vec<usize> = places.iter().map(|place| has.iter().position(|label| is(label, *place)).unwrap_or_default()).collect();
        vec![head(&inputs.view(), &classes, has.len())]
    }
}

fn head(inputs: &ArrayView2<'_, f32>, labels: &[usize], classes: usize) -> Head {
    Head::fit(inputs, labels, classes, COST)
}

/// One a label: the log of its probability, or where several may stand together, its log odds.
fn scores(heads: &[Head], vector: &[f32]) -> Vec<f32> {
    match heads {
        [one] => {
            let mut logits = one.logits(vector);
            log_softmax(&mut logits);
            logits
        }
        many => many.iter().map(|it| it.logits(vector)).map(|it| it.get(1).copied().unwrap_or_default() - it.first().copied().unwrap_or_default()).collect(),
    }
}

impl Meaning {
    pub(super) fn scores(&self, vector: &[f32]) -> Vec<f32> {
        scores(&self.heads, vector).into_iter().map(|it| it * self.weight).collect()
    }

    /// Units: bytes that its weights take.
    pub(super) fn bytes(&self) -> usize {
        self.heads.iter().map(|it| (it.weights.len() + it.mean.len() + it.bias.len() + 1) * size_of::<f32>()).sum()
    }
}

/// The weight of the second scores that gives the greatest worth of both together, and that worth; 0 where none helps.
pub(super) fn best_weight(first: &[Vec<f32>], second: &[Vec<f32>], worth: impl Fn(&[Vec<f32>]) -> f32) -> (f32, f32) {
    let together = |weight: f32| -> Vec<Vec<f32>> { first.iter().zip(second).map(|(a, b)| a.iter().zip(b).map(|(a, b)| a + weight * b).collect()).collect() };
    (0_u8..=12).map(|step| 0.05 * count(usize::from(step))).map(|weight| (weight, worth(&together(weight)))).fold((0.0, f32::MIN), |best, it| if it.1 > best.1 + 1e-4 { it } else { best })
}
