//! Words of feeling: which entry of the shipped lists stands where in a text, and for which cues it counts.

use std::collections::HashMap;

use super::{cue::Cue, prepared::{Prepared, is_word}};

const CHINESE: &str = include_str!("../../data/emotion.zh.txt");
const ENGLISH: &str = include_str!("../../data/emotion.en.txt");

/// What an entry counts for.
type Meaning = Vec<(Cue, f32)>;

/// An entry found in a text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Found<'l> {
    pub phrase: String,
    pub meaning: &'l [(Cue, f32)],
    /// First and one past the last position, in characters or in words of the prepared text.
    pub from: usize,
    pub to: usize,
}

#[derive(Debug, Default)]
pub(crate) struct Lexicon {
    /// Entries with nothing Latin in them, whatever list they stand in.
    by_chars: HashMap<String, Meaning>,
    by_words: HashMap<String, Meaning>,
    /// Length of the longest entry of each: no look-up is longer.
    chars_max: usize,
    words_max: usize,
}

impl Lexicon {
    /// The lists that ship.
    pub(crate) fn shipped() -> Self {
        let mut it = Self::default();
        it.read(CHINESE, char::is_whitespace);
        it.read(ENGLISH, |it| it == ',' || it == '\n');
        it
    }

    fn read(&mut self, list: &str, separates: fn(char) -> bool) {
        let mut section = None;
        for line in list.lines().filter(|it| !it.starts_with('#')) {
            if let Some(head) = line.strip_prefix("@ ") {
                section = head.split_once(' ').and_then(|(cue, strength)| Some((Cue::named(cue)?, strength.trim().parse::<f32>().ok()?)));
                continue;
            }
            let Some((cue, strength)) = section else { continue };
            for entry in line.split(separates).map(str::trim).filter(|it| !it.is_empty()) {
                self.insert(entry, cue, strength);
            }
        }
    }

    fn insert(&mut self, entry: &str, cue: Cue, strength: f32) {
        let prepared = Prepared::new(entry);
        let latin = prepared.chars.iter().any(|it| is_word(*it));
        let meaning = if latin && prepared.han == 0 {
            self.words_max = self.words_max.max(prepared.words.len());
            self.by_words.entry(prepared.words.join(" ")).or_default()
        } else {
            self.chars_max = self.chars_max.max(prepared.chars.len());
            self.by_chars.entry(prepared.chars.iter().collect()).or_default()
        };
        if meaning.iter().all(|it| it.0 != cue) {
            meaning.push((cue, strength));
        }
    }

    /// Every entry with characters that are no Latin letters, the longest at each place, none twice over.
    pub(crate) fn by_chars<'l>(&'l self, prepared: &Prepared) -> Vec<Found<'l>> {
        longest(&self.by_chars, prepared.chars.len(), self.chars_max, |from, to| Some(prepared.chars.get(from..to)?.iter().collect()))
    }

    /// Every entry of Latin words, the longest at each place, none twice over.
    pub(crate) fn by_words<'l>(&'l self, prepared: &Prepared) -> Vec<Found<'l>> {
        longest(&self.by_words, prepared.words.len(), self.words_max, |from, to| Some(prepared.words.get(from..to)?.join(" ")))
    }
}

fn longest<'l>(entries: &'l HashMap<String, Meaning>, length: usize, most: usize, key: impl Fn(usize, usize) -> Option<String>) -> Vec<Found<'l>> {
    let (mut found, mut from) = (Vec::new(), 0);
    while from < length {
        let hit = (1..=most.min(length - from)).rev().find_map(|size| {
            let phrase = key(from, from + size)?;
            let meaning = entries.get(&phrase)?;
            Some(Found { phrase, meaning, from, to: from + size })
        });
        from = hit.as_ref().map_or(from + 1, |it| it.to);
        found.extend(hit);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::Lexicon;
    use crate::emotion::prepared::Prepared;

    fn check(text: &str, expect: &[&str]) {
        let lexicon = Lexicon::shipped();
        let prepared = Prepared::new(text);
        let found: Vec<_> = lexicon.by_chars(&prepared).into_iter().chain(lexicon.by_words(&prepared)).map(|it| it.phrase).collect();
        assert_eq!(found, expect, "{text}");
    }

    #[test]
    fn the_longest_entry_wins() {
        check("你们简直就是骗子公司", &["骗子公司"]);
        check("this is a complete rip-off", &["rip-off"]);
        check("classy assets", &[]);
    }

    #[test]
    fn both_lists_are_read_and_their_entries_are_short() {
        let lexicon = Lexicon::shipped();
        assert!(lexicon.by_chars.len() > 1_800 && lexicon.by_words.len() > 1_000, "{} {}", lexicon.by_chars.len(), lexicon.by_words.len());
        // Each place of a text costs as many look-ups as the longest entry is long.
        assert!(lexicon.chars_max <= 10 && lexicon.words_max <= 8, "{} {}", lexicon.chars_max, lexicon.words_max);
    }
}
