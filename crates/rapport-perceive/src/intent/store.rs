//! An intent model as bytes: what the registry keeps, and what its id is the hash of.

use ndarray::Array2;
use sha2::{Digest as _, Sha256};

use super::{
    features::features,
    fuse::Mix,
    model::{Model, Vectors},
    scope::Scope,
    train::members,
    views::{Around, Planes},
};
pub use crate::bytes::ReadError;
use crate::{
    bytes::{Reader, Writer},
    linear::{dense::Head, sparse::Rows, vocabulary::Vocabulary},
};

/// Kind and version of the form.
const MAGIC: &str = "rapport intent model 2";

impl Model {
    /// Gives it its id.
    pub(crate) fn named(mut self) -> Self {
        self.id = id_of(&self.to_bytes());
        self
    }

    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Writer::default();
        out.text(MAGIC);
        out.size(self.labels.len());
        self.labels.iter().for_each(|it| out.text(it));
        out.size(self.examples.len());
        for (text, label) in &self.examples {
            out.text(text);
            out.size(*label);
        }
        out.u64s(&self.vocabulary.hashes);
        out.f32s(&self.vocabulary.rarity);
        out.f32s(&self.vocabulary.channels);
        out.i16s(&self.planes.weights);
        out.f32s(&self.planes.steps);
        out.f32s(&self.planes.biases);
        for mix in [&self.mix, &self.plain_mix] {
            out.f32s(&mix.weights);
        }
        for scope in [&self.scope, &self.plain_scope] {
            out.f32s(&scope.means);
            out.f32s(&scope.spreads);
            out.f32s(&[scope.threshold]);
        }
        out.size(usize::from(self.vectors.is_some()));
        if let Some(vectors) = &self.vectors {
            out.text(&vectors.encoder);
            out.f32s(&vectors.head.mean);
            out.f32s(&[vectors.head.spread]);
            out.f32s(&vectors.head.weights.iter().copied().collect::<Vec<_>>());
            out.f32s(&vectors.head.bias);
            out.i8s(&vectors.around.vectors);
            out.f32s(&vectors.around.mean);
        }
        out.bytes
    }

    /// Of `to_bytes`. A damaged file is an error and never a model that answers at random.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ReadError> {
        let mut from = Reader::new(bytes);
        if from.text()? != MAGIC {
            return Err(ReadError);
        }
        let labels = (0..from.size()?).map(|_| from.text()).collect::<Result<Vec<_>, _>>()?;
        let count = from.size()?;
        let examples = (0..count).map(|_| Ok((from.text()?, from.size()?))).collect::<Result<Vec<_>, ReadError>>()?;
        let vocabulary = Vocabulary::restored(from.u64s()?, from.f32s()?, from.f32s()?);
        let planes = Planes { classes: labels.len(), weights: from.i16s()?, steps: from.f32s()?, biases: from.f32s()? };
        if planes.weights.len() != vocabulary.len() * labels.len() || planes.steps.len() != labels.len() {
            return Err(ReadError);
        }
        let (mix, plain_mix) = (Mix { weights: from.f32s()? }, Mix { weights: from.f32s()? });
        let (scope, plain_scope) = (scope(&mut from)?, scope(&mut from)?);
        let vectors = if from.size()? == 0 { None } else { Some(vectors(&mut from, labels.len())?) };
        if !from.is_done() {
            return Err(ReadError);
        }
        // Follows from the examples: not stored twice.
        let sparse: Vec<_> = examples.iter().map(|(text, _)| vocabulary.vector(&features(text))).collect();
        let rows = Rows::of(&sparse);
        let members = members(&examples.iter().map(|it| it.1).collect::<Vec<_>>(), labels.len());
        Ok(Self { id: id_of(bytes), labels, vocabulary, planes, vectors, mix, plain_mix, scope, plain_scope, examples, rows, members })
    }
}

fn scope(from: &mut Reader<'_>) -> Result<Scope, ReadError> {
    let (means, spreads, threshold) = (from.f32s()?, from.f32s()?, from.f32s()?);
    Ok(Scope { means, spreads, threshold: threshold.first().copied().ok_or(ReadError)? })
}

fn vectors(from: &mut Reader<'_>, classes: usize) -> Result<Vectors, ReadError> {
    let encoder = from.text()?;
    let (mean, spread, weights, bias) = (from.f32s()?, from.f32s()?, from.f32s()?, from.f32s()?);
    let weights = Array2::from_shape_vec((mean.len(), classes), weights).map_err(|_shape| ReadError)?;
    let (vectors, around_mean) = (from.i8s()?, from.f32s()?);
    let around = Around { dimensions: mean.len(), vectors, mean: around_mean };
    Ok(Vectors { encoder, head: Head { mean, spread: spread.first().copied().ok_or(ReadError)?, weights, bias }, around })
}

fn id_of(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().take(8).map(|it| format!("{it:02x}")).collect()
}
