//! Text to pieces of the vocabulary: SentencePiece's unigram model (Kudo 2018) over a character map.

use bytes::Bytes;

use crate::file::{LoadError, Vocabulary};

/// What stands for a space within pieces.
const SPACE: char = '\u{2581}';
/// Characters of text that a token may stand for: pieces have at most 16, and a text may hold characters that vanish.
const CHARACTERS_A_TOKEN: usize = 16;
const RAW_CHARACTERS_A_TOKEN: usize = 64;
/// Worse than every piece by this much: a character without a piece (as in SentencePiece).
const UNKNOWN_PENALTY: f32 = 10.0;
/// Of a slot, what names the piece; the rest is part of its hash.
const PIECE_BITS: u32 = 18;
const PIECE_MASK: u32 = (1 << PIECE_BITS) - 1;
const PREFIX_SLOTS: usize = 1 << 16;

pub(crate) struct Tokenizer {
    begin: u32,
    end: u32,
    unknown: u32,
    offsets: Bytes,
    scores: Vec<f32>,
    blob: Bytes,
    map: Vec<(char, Vec<char>)>,
    unknown_score: f32,
    /// Open addressing; 0 is free, else bits of the hash and piece + 1.
    slots: Vec<u32>,
    /// Bytes of the longest piece that begins with two characters of this hash.
    longest: Vec<u8>,
}

impl Tokenizer {
    pub(crate) fn new(vocabulary: Vocabulary) -> Result<Self, LoadError> {
        let Vocabulary { begin, end, unknown, offsets, scores, blob, map } = vocabulary;
        let count = u32::try_from(scores.len()).ok().filter(|it| *it < PIECE_MASK).ok_or(LoadError::Invalid("number of pieces"))?;
        let worst = scores.iter().fold(0.0, |a: f32, b| a.min(*b));
        let mut this = Self {
            begin,
            end,
            unknown,
            offsets,
            scores,
            blob,
            map,
            unknown_score: worst - UNKNOWN_PENALTY,
            slots: vec![0; (count as usize * 2).next_power_of_two()],
            longest: vec![0; PREFIX_SLOTS],
        };
        for piece in 0..count {
            let text = this.piece(piece).ok_or(LoadError::Invalid("offsets of pieces"))?;
            let text = std::str::from_utf8(text).ok().ok_or(LoadError::Invalid("pieces"))?.to_owned();
            // Special pieces have the score of certainty; what a customer types is never one.
            if this.scores.get(piece as usize).is_some_and(|it| *it < 0.0) && !text.is_empty() {
                this.insert(piece, &text)?;
            }
        }
        Ok(this)
    }

    /// Bytes held beside the file.
    pub(crate) fn bytes(&self) -> usize {
        size_of_val(self.slots.as_slice()) + size_of_val(self.scores.as_slice()) + self.longest.len() + self.map.len() * 40
    }

    /// Begin, at most `tokens_max - 2` pieces, end. Bounded in time by `tokens_max`, however long the text is.
    pub(crate) fn encode(&self, text: &str, tokens_max: usize) -> Vec<u32> {
        let pieces_max = tokens_max.saturating_sub(2);
        let text = self.normalise(text, pieces_max);
        let mut tokens = vec![self.begin];
        tokens.extend(self.split(&text).into_iter().take(pieces_max));
        tokens.push(self.end);
        tokens
    }

    /// Characters mapped, runs of spaces made one and written as [`SPACE`], one before the first word; no more than `pieces_max` pieces can need.
    fn normalise(&self, text: &str, pieces_max: usize) -> String {
        let mapped = |it: char| self.map.binary_search_by_key(&it, |entry| entry.0).ok().and_then(|at| self.map.get(at)).map(|entry| entry.1.as_slice());
        let mut out = String::new();
        let (mut count, mut is_space_due) = (0, true);
        for raw in text.trim_start().chars().take(pieces_max.saturating_mul(RAW_CHARACTERS_A_TOKEN)) {
            for it in mapped(raw).unwrap_or(&[raw]) {
                if *it == ' ' {
                    is_space_due = true;
                    continue;
                }
                if std::mem::take(&mut is_space_due) {
                    out.push(SPACE);
                    count += 1;
                }
                out.push(*it);
                count += 1;
            }
            if count >= pieces_max.saturating_mul(CHARACTERS_A_TOKEN) {
                break;
            }
        }
        out
    }

    /// The likeliest way to write `text` as pieces (Viterbi). A run of characters without pieces is one unknown, as the model was trained.
    fn split(&self, text: &str) -> Vec<u32> {
        let ends: Vec<usize> = text.char_indices().map(|(at, it)| at + it.len_utf8()).collect();
        // By character: score of the best way to here, its last piece, where that piece began.
        let mut best = vec![(f32::NEG_INFINITY, self.unknown, 0_usize); ends.len() + 1];
        if let Some(first) = best.first_mut() {
            first.0 = 0.0;
        }
        let mut start = 0;
        for (at, end) in ends.iter().enumerate() {
            let score = best.get(at).map_or(f32::NEG_INFINITY, |it| it.0);
            let mut offer = |to: usize, score: f32, piece: u32| {
                if let Some(known) = best.get_mut(to).filter(|known| score > known.0) {
                    *known = (score, piece, at);
                }
            };
            let reach = self.reach(text.get(start..).unwrap_or_default());
            let mut hash = Hash::new();
            let mut from = start;
            for (to, next) in ends.iter().enumerate().skip(at) {
                if *next - start > reach {
                    break;
                }
                hash.add(text.as_bytes().get(from..*next).unwrap_or_default());
                from = *next;
                if let Some((piece, gain)) = self.find(hash, text.as_bytes().get(start..*next).unwrap_or_default()) {
                    offer(to + 1, score + gain, piece);
                }
            }
            offer(at + 1, score + self.unknown_score, self.unknown);
            start = *end;
        }
        let mut pieces = Vec::new();
        let mut at = ends.len();
        while at > 0 {
            let Some((_, piece, from)) = best.get(at) else { break };
            if *piece != self.unknown || pieces.last() != Some(piece) {
                pieces.push(*piece);
            }
            at = (*from).min(at - 1);
        }
        pieces.reverse();
        pieces
    }

    /// Bytes that a piece at the start of `rest` can have.
    fn reach(&self, rest: &str) -> usize {
        let mut characters = rest.chars();
        let first = characters.next().map_or(0, char::len_utf8);
        let longest = characters.next().and_then(|second| self.longest.get(prefix_slot(rest, first + second.len_utf8())));
        longest.map_or(first, |it| first.max(usize::from(*it)))
    }

    fn insert(&mut self, piece: u32, text: &str) -> Result<(), LoadError> {
        let mut characters = text.chars();
        let two = characters.next().map_or(0, char::len_utf8) + characters.next().map_or(0, char::len_utf8);
        if let Some(longest) = self.longest.get_mut(prefix_slot(text, two)) {
            *longest = (*longest).max(u8::try_from(text.len()).ok().ok_or(LoadError::Invalid("length of a piece"))?);
        }
        let mut hash = Hash::new();
        hash.add(text.as_bytes());
        let mask = self.slots.len() - 1;
        let mut at = hash.slot(mask);
        while let Some(slot) = self.slots.get_mut(at) {
            if *slot == 0 {
                *slot = hash.tag() | (piece + 1);
                break;
            }
            at = (at + 1) & mask;
        }
        Ok(())
    }

    /// The piece of exactly these bytes, and its score.
    fn find(&self, hash: Hash, bytes: &[u8]) -> Option<(u32, f32)> {
        let mask = self.slots.len() - 1;
        let mut at = hash.slot(mask);
        loop {
            let slot = *self.slots.get(at)?;
            if slot == 0 {
                return None;
            }
            let piece = (slot & PIECE_MASK) - 1;
            if slot & !PIECE_MASK == hash.tag() && self.piece(piece) == Some(bytes) {
                return Some((piece, *self.scores.get(piece as usize)?));
            }
            at = (at + 1) & mask;
        }
    }

    fn piece(&self, piece: u32) -> Option<&[u8]> {
        let offsets = self.offsets.as_chunks::<4>().0;
        let offset = |at: usize| offsets.get(at).map(|it| u32::from_le_bytes(*it) as usize);
        self.blob.get(offset(piece as usize)?..offset(piece as usize + 1)?)
    }
}

fn prefix_slot(text: &str, bytes: usize) -> usize {
    let mut hash = Hash::new();
    hash.add(text.as_bytes().get(..bytes).unwrap_or_default());
    hash.slot(PREFIX_SLOTS - 1)
}

/// FNV-1a of 64 bits (Fowler, Noll, Vo).
#[derive(Clone, Copy)]
struct Hash(u64);

impl Hash {
    fn new() -> Self {
        Self(0xCBF2_9CE4_8422_2325)
    }

    fn add(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01B3);
        }
    }

    fn slot(self, mask: usize) -> usize {
        self.low() as usize & mask
    }

    /// Other bits than the slot's, where a slot keeps them.
    fn tag(self) -> u32 {
        let [.., a, b, c, d] = self.0.to_le_bytes();
        u32::from_le_bytes([a, b, c, d]) & !PIECE_MASK
    }

    fn low(self) -> u32 {
        let [a, b, c, d, ..] = self.0.to_le_bytes();
        u32::from_le_bytes([a, b, c, d])
    }
}
