//! Hashed features to columns, with how rare each is.

use std::{
    collections::HashMap,
    hash::{BuildHasherDefault, Hasher},
};

use super::{count, sparse::Sparse};

/// One feature of a text in one channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Feature {
    pub hash: u64,
    pub channel: u8,
}

/// FNV-1a over the channel and the parts, 64 bits: a collision among a million features has a chance of one in forty million.
///
/// Source: draft-eastlake-fnv, offset basis and prime for 64 bits.
pub fn hashed(channel: u8, parts: &[&str]) -> Feature {
    let mut hash = 0xCBF2_9CE4_8422_2325_u64;
    let mut take = |byte: u8| hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3);
    take(channel);
    for part in parts {
        part.bytes().for_each(&mut take);
        take(0x1F);
    }
    Feature { hash, channel }
}

/// Keys are hashes already.
#[derive(Clone, Copy, Debug, Default)]
pub struct AsIs(u64);

impl Hasher for AsIs {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|it| self.0 = (self.0 << 8) | u64::from(*it));
    }
    fn write_u64(&mut self, value: u64) {
        self.0 = value;
    }
}

type Places = HashMap<u64, u32, BuildHasherDefault<AsIs>>;

/// Columns in the order in which features were first met.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    pub(crate) hashes: Vec<u64>,
    /// `ln((1 + texts) / (1 + texts with it)) + 1`, one a column.
    pub(crate) rarity: Vec<f32>,
    /// Weight of each channel beside the others.
    pub(crate) channels: Vec<f32>,
    places: Places,
    /// Of what one text alone has.
    rarest: f32,
}

impl Vocabulary {
    /// Of the features of all texts. `channels` has one weight a channel.
    pub fn of<'a>(texts: impl Iterator<Item = &'a [Feature]>, channels: Vec<f32>) -> Self {
        let mut it = Self { channels, ..Self::default() };
        let mut within: Vec<u32> = Vec::new();
        let mut total = 0_usize;
        for features in texts {
            total += 1;
            let mut distinct: Vec<u64> = features.iter().map(|it| it.hash).collect();
            distinct.sort_unstable();
            distinct.dedup();
            for hash in distinct {
                let next = u32::try_from(it.hashes.len()).unwrap_or(u32::MAX);
                let column = *it.places.entry(hash).or_insert(next);
                if column == next {
                    it.hashes.push(hash);
                    within.push(0);
                }
                if let Some(seen) = within.get_mut(column as usize) {
                    *seen += 1;
                }
            }
        }
        it.rarity = within.iter().map(|seen| ((1.0 + count(total)) / (1.0 + count(*seen as usize))).ln() + 1.0).collect();
        it.rarest = it.rarity.iter().copied().fold(1.0, f32::max);
        it
    }

    /// As it was stored.
    pub fn restored(hashes: Vec<u64>, rarity: Vec<f32>, channels: Vec<f32>) -> Self {
        let places = hashes.iter().zip(0_u32..).map(|(hash, at)| (*hash, at)).collect();
        let rarest = rarity.iter().copied().fold(1.0, f32::max);
        Self { hashes, rarity, channels, places, rarest }
    }

    pub fn len(&self) -> usize {
        self.hashes.len()
    }

    pub fn is_empty(&self) -> bool {
        self.hashes.is_empty()
    }

    pub fn column(&self, feature: Feature) -> Option<u32> {
        self.places.get(&feature.hash).copied()
    }

    /// Share of the text that was met before, each distinct feature by its rarity; what was never met is as rare as can be. 1 for a text without features.
    ///
    /// `by_others`: what only one text has does not count as met, for a text that the vocabulary was made of.
    pub fn coverage(&self, features: &[Feature], by_others: bool) -> f32 {
        let rarest = self.rarest;
        let mut distinct: Vec<Feature> = features.to_vec();
        distinct.sort_unstable();
        distinct.dedup();
        let (mut met, mut all) = (0.0, 0.0);
        for feature in distinct {
            let rarity = self.column(feature).and_then(|it| self.rarity.get(it as usize).copied());
            let known = rarity.filter(|it| !(by_others && *it >= rarest));
            met += known.unwrap_or(0.0);
            all += known.unwrap_or(rarest);
        }
        if all > 0.0 { met / all } else { 1.0 }
    }

    /// `(1 + ln count) · rarity`, each channel of length 1 times its weight; features never met count for nothing.
    pub fn vector(&self, features: &[Feature]) -> Sparse {
        let mut met: Vec<(u32, u8)> = features.iter().filter_map(|it| Some((self.column(*it)?, it.channel))).collect();
        met.sort_unstable();
        let mut out = Sparse::default();
        let mut of_channel: Vec<u8> = Vec::new();
        let mut lengths = vec![0.0_f32; self.channels.len()];
        for group in met.chunk_by(|a, b| a.0 == b.0) {
            let Some((column, channel)) = group.first().copied() else { continue };
            let value = (1.0 + count(group.len()).ln()) * self.rarity.get(column as usize).copied().unwrap_or(1.0);
            out.columns.push(column);
            out.values.push(value);
            of_channel.push(channel);
            if let Some(length) = lengths.get_mut(usize::from(channel)) {
                *length += value * value;
            }
        }
        for (value, channel) in out.values.iter_mut().zip(&of_channel) {
            let at = usize::from(*channel);
            let length = lengths.get(at).copied().unwrap_or(1.0).sqrt().max(1e-9);
            *value *= self.channels.get(at).copied().unwrap_or(1.0) / length;
        }
        out
    }
}
