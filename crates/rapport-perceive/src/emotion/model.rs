//! The shipped model as bytes: which heads there are, their weights, and what they were trained on.
//!
//! Layout: `RPEM` and a version byte; length of the header (u32, little endian); the header as JSON; then each table's weights as i8, feature by feature.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{
    grams::{Row, Shape},
    fit,
};

const MAGIC: &[u8; 5] = b"RPEM\x01";

/// Why bytes are no model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damaged(pub &'static str);

impl std::fmt::Display for Damaged {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "emotion model: {}", self.0)
    }
}

impl std::error::Error for Damaged {}

/// Labels with a linear score each: dense weights of the cues, and quantised weights of the n-grams.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Head {
    pub name: String,
    pub labels: Vec<String>,
    /// A row a label: a weight a dense feature, the bias last.
    pub dense: Vec<Vec<f32>>,
    /// Shape of the n-grams and bits of their hash; no table where 0.
    pub shape: Shape,
    pub bits: u32,
    /// One step of a weight of the table, a label each.
    pub steps: Vec<f32>,
    /// Slope and offset of the calibration, a label each; empty where the labels exclude each other and are normalised together.
    pub calibration: Vec<(f32, f32)>,
    /// From here a label is given, a label each; empty where the likeliest is.
    pub thresholds: Vec<f32>,
    /// Divides the scores of labels that exclude each other.
    pub temperature: f32,
    /// One step of the inverse document frequencies; 0 where they are not used.
    pub idf_step: f32,
    #[serde(skip)]
    pub table: Vec<i8>,
    #[serde(skip)]
    pub idf: Vec<u8>,
}

impl Head {
    /// Joins trained weights (`dense` cues first, then `2^bits` n-grams, then the bias; a vector a label) to a head.
    pub fn new(name: &str, labels: &[&str], dense: usize, shape: Shape, bits: u32, weights: &[Vec<f32>]) -> Self {
        let size = if bits == 0 { 0 } else { 1_usize << bits };
        let part = |it: &Vec<f32>| it.get(..dense).unwrap_or_default().iter().copied().chain(it.last().copied()).collect();
        let grams: Vec<&[f32]> = weights.iter().map(|it| it.get(dense..dense + size).unwrap_or_default()).collect();
        let steps: Vec<f32> = grams.iter().map(|it| it.iter().fold(0.0_f32, |most, it| most.max(it.abs())).max(1e-9) / 127.0).collect();
        let mut table = Vec::with_capacity(size * labels.len());
        for feature in 0..size {
            table.extend(grams.iter().zip(&steps).map(|(it, step)| quantised(it.get(feature).copied().unwrap_or_default() / step)));
        }
        Self {
            name: name.to_owned(),
            labels: labels.iter().map(|it| (*it).to_owned()).collect(),
            dense: weights.iter().map(part).collect(),
            shape,
            bits,
            steps,
            calibration: Vec::new(),
            thresholds: Vec::new(),
            temperature: 1.0,
            idf_step: 0.0,
            table,
            idf: Vec::new(),
        }
    }

    pub fn with_idf(mut self, idf: &[f32]) -> Self {
        self.idf_step = idf.iter().copied().fold(0.0_f32, f32::max).max(1e-9) / 255.0;
        self.idf = idf.iter().map(|it| unsigned(it / self.idf_step)).collect();
        self
    }

    /// Inverse document frequency of a place in the table.
    pub fn idf(&self, at: u32) -> f32 {
        let known = usize::try_from(at).ok().and_then(|it| self.idf.get(it));
        if self.idf.is_empty() { 1.0 } else { known.map_or(1.0, |it| f32::from(*it) * self.idf_step) }
    }

    /// A score a label. `grams` are places of the table.
    pub fn scores(&self, dense: &[f32], grams: &Row) -> Vec<f32> {
        let own = |it: &Vec<f32>| it.split_last().map_or(0.0, |(bias, weights)| weights.iter().zip(dense).map(|(a, b)| a * b).sum::<f32>() + bias);
        let mut scores: Vec<f32> = self.dense.iter().map(own).collect();
        let width = self.labels.len();
        for (at, value) in grams {
            let Some(from) = usize::try_from(*at).ok().and_then(|it| it.checked_mul(width)) else { continue };
            let weights = self.table.get(from..from + width).unwrap_or_default();
            for ((score, weight), step) in scores.iter_mut().zip(weights).zip(&self.steps) {
                *score += value * f32::from(*weight) * step;
            }
        }
        scores
    }

    /// A probability a label: calibrated each by itself, or together where they exclude each other.
    pub fn probabilities(&self, dense: &[f32], grams: &Row) -> Vec<f32> {
        let scores = self.scores(dense, grams);
        if self.calibration.is_empty() {
            return fit::probabilities(&scores.iter().map(|it| it / self.temperature).collect::<Vec<_>>());
        }
        scores.iter().zip(&self.calibration).map(|(score, (a, b))| 1.0 / (1.0 + (-(a * score + b)).exp())).collect()
    }

    /// What a dense feature adds to a label over the mean of all labels.
    pub fn speaks_for(&self, label: usize, feature: usize) -> f32 {
        let weight = |it: &Vec<f32>| it.get(feature).copied().unwrap_or_default();
        let own = self.dense.get(label).map_or(0.0, weight);
        own - self.dense.iter().map(weight).sum::<f32>() / f32::from(u8::try_from(self.dense.len().max(1)).unwrap_or(u8::MAX))
    }

    /// What a place of the table adds to a label over the mean of all labels.
    pub(crate) fn gram_speaks_for(&self, label: usize, at: u32) -> f32 {
        let width = self.labels.len();
        let from = usize::try_from(at).ok().and_then(|it| it.checked_mul(width));
        let weights = from.and_then(|it| self.table.get(it..it + width)).unwrap_or_default();
        let real = |(weight, step): (&i8, &f32)| f32::from(*weight) * step;
        let own = weights.iter().zip(&self.steps).nth(label).map_or(0.0, real);
        own - weights.iter().zip(&self.steps).map(real).sum::<f32>() / f32::from(u8::try_from(width.max(1)).unwrap_or(u8::MAX))
    }

    fn is_whole(&self) -> bool {
        let size = if self.bits == 0 { 0 } else { 1_usize << self.bits.min(24) };
        let labels = self.labels.len();
        labels > 0 && labels < 64 && self.bits <= 24 && self.dense.len() == labels && self.steps.len() == labels && self.table.len() == size * labels
    }
}

#[expect(clippy::cast_possible_truncation, reason = "clamped to the range of i8")]
fn quantised(value: f32) -> i8 {
    value.round().clamp(-127.0, 127.0) as i8
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the range of u8")]
fn unsigned(value: f32) -> u8 {
    value.round().clamp(0.0, 255.0) as u8
}

#[derive(Clone, Debug)]
pub struct Model {
    pub heads: Vec<Head>,
    /// First 16 hex digits of the SHA-256 of the bytes.
    pub id: String,
}

impl Model {
    pub fn read(bytes: &[u8]) -> Result<Self, Damaged> {
        let rest = bytes.strip_prefix(MAGIC).ok_or(Damaged("not a model of this version"))?;
        let (length, rest) = rest.split_first_chunk::<4>().ok_or(Damaged("cut off"))?;
        let length = usize::try_from(u32::from_le_bytes(*length)).map_err(|_too_long| Damaged("header too long"))?;
        let (header, mut rest) = rest.split_at_checked(length).ok_or(Damaged("cut off"))?;
        let mut heads: Vec<Head> = serde_json::from_slice(header).map_err(|_not_json| Damaged("header unreadable"))?;
        for head in &mut heads {
            let size = if head.bits == 0 { 0 } else { 1_usize << head.bits.min(24) };
            let (table, after) = rest.split_at_checked(size * head.labels.len()).ok_or(Damaged("cut off"))?;
            head.table = table.iter().map(|it| i8::from_le_bytes([*it])).collect();
            let (idf, after) = after.split_at_checked(if head.idf_step > 0.0 { size } else { 0 }).ok_or(Damaged("cut off"))?;
            head.idf = idf.to_vec();
            rest = after;
            if !head.is_whole() {
                return Err(Damaged("sizes do not fit"));
            }
        }
        Ok(Self { heads, id: id_of(bytes) })
    }

    pub fn write(heads: &[Head]) -> Result<Vec<u8>, Damaged> {
        let header = serde_json::to_vec(heads).map_err(|_not_json| Damaged("numbers that are none"))?;
        let mut bytes = MAGIC.to_vec();
        bytes.extend(u32::try_from(header.len()).map_err(|_too_long| Damaged("header too long"))?.to_le_bytes());
        bytes.extend(header);
        for head in heads {
            bytes.extend(head.table.iter().flat_map(|it| it.to_le_bytes()));
            bytes.extend(&head.idf);
        }
        Ok(bytes)
    }

    pub fn head(&self, name: &str) -> Option<&Head> {
        self.heads.iter().find(|it| it.name == name)
    }
}

fn id_of(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().take(8).map(|it| format!("{it:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::{Damaged, Head, Model, Shape};

    fn head() -> Head {
        let weights = [vec![0.5, -1.0, 0.25, 2.0, 0.0, -0.5, 0.1], vec![0.0, 1.0, -0.25, 0.0, 1.0, 0.5, -0.1]];
        Head::new("t", &["a", "b"], 2, Shape::CHINESE, 2, &weights)
    }

    #[test]
    fn what_is_written_is_read_again() {
        let bytes = Model::write(&[head()]).unwrap();
        let model = Model::read(&bytes).unwrap();
        let row = vec![(1, 0.5), (3, 0.5)];
        let (before, after) = (head().scores(&[1.0, 1.0], &row), model.head("t").unwrap().scores(&[1.0, 1.0], &row));
        assert_eq!(before, after);
        // 0.5 - 1 + 0.1 of the dense part, 0.5 * 2 - 0.5 * 0.5 of the table.
        assert!((after[0] - 0.35).abs() < 0.02, "{after:?}");
        assert_eq!(model.id.len(), 16);
    }

    #[test]
    fn damaged_bytes_are_refused() {
        let bytes = Model::write(&[head()]).unwrap();
        for length in 0..bytes.len() {
            assert!(Model::read(&bytes[..length]).is_err(), "{length}");
        }
        assert_eq!(Model::read(b"GIF89a").map(|it| it.id), Err(Damaged("not a model of this version")));
    }
}
