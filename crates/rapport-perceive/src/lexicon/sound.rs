//! Terms that were heard rather than written: 腿货 for 退货. Cautious, since every text sounds like something.

use std::{
    collections::{BTreeMap, HashMap},
    ops::Range,
};

use super::{
    pinyin::{Syllable, syllables},
    words,
};

/// Terms longer than this are found as written only.
const CHARS_MAX: usize = 8;

/// Terms of Chinese characters by how they sound.
#[derive(Debug, Default)]
pub(super) struct Sounds {
    by_sound: HashMap<Vec<&'static str>, Vec<Term>>,
    /// Lengths that occur, the longest first.
    lengths: Vec<usize>,
}

#[derive(Debug)]
struct Term {
    entry: usize,
    chars: Vec<char>,
    sounds: Vec<Syllable>,
}

/// The text taken apart once.
struct Heard {
    /// Byte and character.
    chars: Vec<(usize, char)>,
    sounds: Vec<Option<Syllable>>,
    end: usize,
}

impl Sounds {
    pub(super) fn new<'a>(terms: impl Iterator<Item = (usize, &'a str)>) -> Self {
        let mut by_sound: HashMap<Vec<&'static str>, Vec<Term>> = HashMap::new();
        let mut lengths = BTreeMap::new();
        for (entry, text) in terms {
            let chars: Vec<char> = text.chars().collect();
            let Some(sounds) = syllables(text).into_iter().collect::<Option<Vec<_>>>() else { continue };
            let has_content = chars.iter().any(|it| !words::is_function(*it));
            if (2..=CHARS_MAX).contains(&chars.len()) && has_content {
                lengths.insert(std::cmp::Reverse(chars.len()), ());
                by_sound.entry(sounds.iter().map(|it| it.fuzzy()).collect()).or_default().push(Term { entry, chars, sounds });
            }
        }
        Self { by_sound, lengths: lengths.into_keys().map(|it| it.0).collect() }
    }

    /// Byte ranges that sound like a term without being written like it, and the entry of the term.
    pub(super) fn find(&self, text: &str) -> Vec<(Range<usize>, usize)> {
        if self.lengths.is_empty() {
            return Vec::new();
        }
        let heard = Heard { chars: text.char_indices().collect(), sounds: syllables(text), end: text.len() };
        let mut found = Vec::new();
        for from in 0..heard.chars.len() {
            for length in &self.lengths {
                let Some(key) = heard.key(from..from + length) else { continue };
                let term = self.by_sound.get(&key).and_then(|terms| terms.iter().find(|it| heard.means(it, from..from + length)));
                if let (Some(term), Some(range)) = (term, heard.bytes(from..from + length)) {
                    found.push((range, term.entry));
                }
            }
        }
        found
    }
}

impl Heard {
    fn key(&self, range: Range<usize>) -> Option<Vec<&'static str>> {
        self.sounds.get(range)?.iter().map(|it| it.map(Syllable::fuzzy)).collect()
    }

    fn bytes(&self, range: Range<usize>) -> Option<Range<usize>> {
        let from = self.chars.get(range.start)?.0;
        Some(from..self.chars.get(range.end).map_or(self.end, |it| it.0))
    }

    fn char(&self, at: usize) -> Option<char> {
        self.chars.get(at).map(|it| it.1)
    }

    /// Whether what sounds like the term can be nothing else: it is no word of its own, no word reaches across its ends, and
    /// enough of it is exactly the same.
    fn means(&self, term: &Term, range: Range<usize>) -> bool {
        let surface: Vec<char> = range.clone().filter_map(|at| self.char(at)).collect();
        let same = surface.iter().zip(&term.chars).filter(|(a, b)| a == b).count();
        if surface.len() != term.chars.len() || same == surface.len() {
            return false;
        }
        let exact = range.clone().zip(&term.sounds).all(|(at, sound)| self.sounds.get(at).copied().flatten() == Some(*sound));
        let near_enough = if surface.len() == 2 { exact && same == 1 } else { exact || same > 0 };
        near_enough && !self.reaches_across(&range) && !is_told_otherwise(&surface, term)
    }

    /// Whether its first or last character forms a word with the one beside it.
    fn reaches_across(&self, range: &Range<usize>) -> bool {
        let word = |a: Option<char>, b: Option<char>| matches!((a, b), (Some(a), Some(b)) if words::is_word(a, b));
        let before = range.start.checked_sub(1).and_then(|at| self.char(at));
        word(before, self.char(range.start)) || word(self.char(range.end - 1), self.char(range.end))
    }
}

/// Whether the characters that differ from the term form a word of their own, or are such as stand anywhere.
fn is_told_otherwise(surface: &[char], term: &Term) -> bool {
    let differs = |at: usize| surface.get(at) != term.chars.get(at);
    let is_word = surface.windows(2).enumerate().any(|(at, pair)| matches!(pair, [a, b] if (differs(at) || differs(at + 1)) && words::is_word(*a, *b)));
    let is_function = surface.len() == 2 && surface.iter().enumerate().any(|(at, c)| differs(at) && words::is_function(*c));
    is_word || is_function
}
