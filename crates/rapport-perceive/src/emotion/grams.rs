//! A text as a sparse vector of hashed n-grams: characters of Chinese, words and parts of words of other scripts.

use super::prepared::Prepared;

/// Positions rise and are unique; values are those of one unit vector or of a sum of such.
pub type Row = Vec<(u32, f32)>;

/// Seeds of the hash, one a channel, so that the same letters in two channels are two features.
const BY_CHARS: u64 = 0x9e37_79b9_7f4a_7c15;
const BY_WORDS: u64 = 0xc2b2_ae3d_27d4_eb4f;
const BY_PARTS: u64 = 0x1656_67b1_9e37_79f9;

/// Which n-grams are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Shape {
    /// Longest n-gram of characters of a text with Chinese in it.
    pub chars_max: usize,
    /// Longest n-gram of words.
    pub words_max: usize,
    /// Shortest and longest part of a word, with its borders; none where the longest is 0.
    pub parts: (usize, usize),
}

impl Shape {
    pub const CHINESE: Self = Self { chars_max: 3, words_max: 1, parts: (0, 0) };
    pub const ENGLISH: Self = Self { chars_max: 0, words_max: 2, parts: (2, 5) };
    /// What a firm's own sentences are compared by: pieces that a person can read.
    pub const OWN: Self = Self { chars_max: 3, words_max: 2, parts: (0, 0) };
    /// For texts of either, as firms label them.
    pub const ANY: Self = Self { chars_max: 4, words_max: 2, parts: (2, 5) };
}

/// FNV-1a with a final mix. Source: <http://www.isthe.com/chongo/tech/comp/fnv/>, finaliser of MurmurHash3.
fn hash(seed: u64, parts: impl Iterator<Item = char>) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325 ^ seed;
    for it in parts {
        hash = (hash ^ u64::from(u32::from(it))).wrapping_mul(0x0100_0000_01b3);
    }
    hash ^= hash >> 33;
    hash = hash.wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash ^ (hash >> 33)
}

/// Every n-gram's hash, as often as it occurs.
pub(crate) fn hashes(prepared: &Prepared, shape: Shape) -> Vec<u64> {
    let mut found = Vec::new();
    if prepared.han > 0 && shape.chars_max > 0 {
        let chars = bordered(prepared);
        for size in 1..=shape.chars_max {
            found.extend(chars.windows(size).map(|it| hash(BY_CHARS, it.iter().copied())));
        }
        return found;
    }
    for size in 1..=shape.words_max {
        found.extend(prepared.words.windows(size).map(joined));
    }
    if shape.parts.1 > 0 {
        for word in &prepared.words {
            let bordered: Vec<char> = std::iter::once(' ').chain(word.chars()).chain(std::iter::once(' ')).collect();
            for size in shape.parts.0..=shape.parts.1 {
                found.extend(bordered.windows(size).map(|it| hash(BY_PARTS, it.iter().copied())));
            }
        }
    }
    found
}

/// N-grams of characters or words with their hashes, as a person reads them; parts of words, single characters and borders say nothing to one and are left out.
pub(crate) fn named(prepared: &Prepared, shape: Shape) -> Vec<(u64, String)> {
    let mut found = Vec::new();
    if prepared.han > 0 && shape.chars_max > 0 {
        let chars = bordered(prepared);
        for size in 2..=shape.chars_max {
            let inside = chars.windows(size).filter(|it| !it.iter().any(|it| matches!(it, '^' | '$' | '#') || it.is_whitespace() || it.is_ascii_punctuation()));
            found.extend(inside.map(|it| (hash(BY_CHARS, it.iter().copied()), it.iter().collect())));
        }
        return found;
    }
    for size in 1..=shape.words_max {
        let spoken = prepared.words.windows(size).filter(|it| it.iter().all(|it| it.chars().any(char::is_alphabetic)));
        found.extend(spoken.map(|it| (joined(it), it.join(" "))));
    }
    found
}

/// The characters between a sign for the beginning and one for the end; a digit is like any other.
fn bordered(prepared: &Prepared) -> Vec<char> {
    std::iter::once('^').chain(prepared.chars.iter().map(|it| if it.is_ascii_digit() { '#' } else { *it })).chain(std::iter::once('$')).collect()
}

fn joined(words: &[String]) -> u64 {
    hash(BY_WORDS, words.iter().flat_map(|it| it.chars().chain(std::iter::once(' '))).map(|it| if it.is_ascii_digit() { '#' } else { it }))
}

/// Hashes folded to `bits`, weighed by `(1 + ln count) * idf` and brought to length 1.
pub(crate) fn row(hashes: &[u64], bits: u32, idf: impl Fn(u32) -> f32) -> Row {
    let mask = (1_u64 << bits.min(31)) - 1;
    let mut places: Vec<u32> = hashes.iter().map(|it| u32::try_from(it & mask).unwrap_or_default()).collect();
    places.sort_unstable();
    let mut row: Row = places.chunk_by(|a, b| a == b).filter_map(|it| Some((*it.first()?, (1.0 + count(it.len()).ln()) * idf(*it.first()?)))).collect();
    let length = row.iter().map(|it| it.1 * it.1).sum::<f32>().sqrt();
    if length > 0.0 {
        for it in &mut row {
            it.1 /= length;
        }
    }
    row
}

fn count(value: usize) -> f32 {
    f32::from(u16::try_from(value).unwrap_or(u16::MAX))
}

#[cfg(test)]
mod tests {
    use super::{Prepared, Shape, hashes, named};

    #[test]
    fn what_is_named_is_among_what_is_hashed() {
        for text in ["这也太离谱了吧！", "that is so bogus, 24 hours"] {
            let prepared = Prepared::new(text);
            let (all, named) = (hashes(&prepared, Shape::OWN), named(&prepared, Shape::OWN));
            assert!(named.len() > 4 && named.iter().all(|it| all.contains(&it.0)), "{named:?}");
        }
    }
}
