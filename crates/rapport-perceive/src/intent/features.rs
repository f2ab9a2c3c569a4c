//! Signs of a text: n-grams of characters and of their sounds for Chinese, of words and characters for words in letters.

use rapport_model::is_han;
use unicode_normalization::UnicodeNormalization as _;

use crate::{
    lexicon::pinyin::{Syllable, syllables},
    linear::vocabulary::{Feature, hashed},
};

/// Longer texts say what they want in their first part; the rest costs time. Units: characters.
pub(crate) const TEXT_CHARS_MAX: usize = 4_000;

/// Channels, by the place of their weight.
pub(crate) const HAN: u8 = 0;
pub(crate) const WORD: u8 = 1;
pub(crate) const LETTERS: u8 = 2;
/// Chinese by how it sounds: what is left when a character was misheard, or said in a dialect.
pub(crate) const SOUND: u8 = 3;
/// Weight of each channel beside the others.
pub(crate) const CHANNELS: [f32; 4] = [1.0, 1.0, 1.0, 0.5];

/// Characters of one Chinese n-gram at most.
const HAN_MAX: usize = 3;
/// Characters of one n-gram inside a word.
const LETTERS_MIN: usize = 2;
const LETTERS_MAX: usize = 5;

/// What a text is cut into: one Chinese character, or a word of letters and digits.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Unit {
    Han(String),
    Word(String),
    /// Punctuation other than blanks.
    Sign(String),
}

/// Full-width to half-width, compatibility forms, lower case, blanks as one, zero-width characters away.
pub fn normalised(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().take(TEXT_CHARS_MAX).nfkc().flat_map(char::to_lowercase) {
        if c.is_whitespace() {
            if !out.ends_with(' ') {
                out.push(' ');
            }
        } else if !c.is_control() && !is_invisible(c) {
            out.push(c);
        }
    }
    out.trim().to_owned()
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}' | '\u{00AD}' | '\u{FE00}'..='\u{FE0F}')
}

fn units(text: &str) -> Vec<Unit> {
    let mut out = Vec::new();
    let mut word = String::new();
    let end = |word: &mut String, out: &mut Vec<Unit>| {
        if !word.is_empty() {
            out.push(Unit::Word(std::mem::take(word)));
        }
    };
    for c in text.chars() {
        if is_han(c) {
            end(&mut word, &mut out);
            out.push(Unit::Han(c.to_string()));
        } else if c.is_alphanumeric() {
            word.push(c);
        } else {
            end(&mut word, &mut out);
            if !c.is_whitespace() {
                out.push(Unit::Sign(c.to_string()));
            }
        }
    }
    end(&mut word, &mut out);
    out
}

/// A feature and the words of the text that it stands for.
pub(crate) type Named = (Feature, String);

/// All features of a text, as often as they occur.
pub fn features(text: &str) -> Vec<Feature> {
    let mut out = Vec::new();
    walk(text, &mut |channel, parts, _| out.push(hashed(channel, parts)));
    out
}

/// Those that stand for words, as opposed to parts and sounds of them.
pub(crate) fn words(features: &[Feature]) -> Vec<Feature> {
    features.iter().copied().filter(|it| matches!(it.channel, HAN | WORD)).collect()
}

/// The same with what each of them reads.
pub fn named_features(text: &str) -> Vec<Named> {
    let mut out = Vec::new();
    walk(text, &mut |channel, parts, joint| {
        // A sound is read as the characters that have it.
        let read = if channel == SOUND { joint.to_owned() } else { parts.join(joint) };
        out.push((hashed(channel, parts), read.trim_matches(['^', '$', ' ']).to_owned()));
    });
    out
}

/// Gives each feature's channel, parts, and what stands between the parts when it is read (of a sound: what is read).
fn walk(text: &str, take: &mut impl FnMut(u8, &[&str], &str)) {
    let text = normalised(text);
    let units = units(&text);
    if units.iter().any(|it| matches!(it, Unit::Han(_))) {
        han(&units, take);
        sounds(&text, take);
    }
    let words: Vec<&str> = units.iter().filter_map(|it| if let Unit::Word(word) = it { Some(word.as_str()) } else { None }).collect();
    for word in &words {
        take(WORD, &[word], " ");
        letters(word, take);
    }
    for pair in words.windows(2) {
        take(WORD, pair, " ");
    }
}

/// Over the whole text, with marks of where it begins and ends; a word of letters counts as one character, a number as its length.
fn han(units: &[Unit], take: &mut impl FnMut(u8, &[&str], &str)) {
    let mut parts: Vec<String> = vec!["^".to_owned()];
    parts.extend(units.iter().map(|unit| match unit {
        Unit::Han(it) | Unit::Sign(it) => it.clone(),
        Unit::Word(it) if it.chars().all(|c| c.is_ascii_digit()) => "#".repeat(it.len().min(4)),
        Unit::Word(it) => it.clone(),
    }));
    parts.push("$".to_owned());
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    for size in 1..=HAN_MAX {
        parts.windows(size).for_each(|it| take(HAN, it, ""));
    }
}

/// Syllables of one n-gram at most.
const SOUND_MAX: usize = 2;

fn sounds(text: &str, take: &mut impl FnMut(u8, &[&str], &str)) {
    let mut heard: Vec<(&str, &str)> = vec![("^", "^")];
    let ends = text.char_indices().map(|(at, c)| text.get(at..at + c.len_utf8()).unwrap_or_default());
    heard.extend(syllables(text).into_iter().zip(ends).filter_map(|(syllable, c)| Some((syllable.map(Syllable::fuzzy)?, c))));
    heard.push(("$", "$"));
    for size in 1..=SOUND_MAX {
        for window in heard.windows(size) {
            let parts: Vec<&str> = window.iter().map(|it| it.0).collect();
            let read: String = window.iter().map(|it| it.1).collect();
            take(SOUND, &parts, &read);
        }
    }
}

fn letters(word: &str, take: &mut impl FnMut(u8, &[&str], &str)) {
    // An endless "word" is noise; its beginning says as much.
    let chars: Vec<char> = std::iter::once(' ').chain(word.chars().take(40)).chain(std::iter::once(' ')).collect();
    for size in LETTERS_MIN..=LETTERS_MAX.min(chars.len()) {
        for window in chars.windows(size) {
            let gram: String = window.iter().collect();
            take(LETTERS, &[&gram], "");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let named: Vec<String> = named_features(text).into_iter().map(|it| it.1).collect();
        for it in expected {
            assert!(named.iter().any(|name| name == it), "{it:?} is not among {named:?}");
        }
    }

    #[test]
    fn both_scripts_give_their_signs() {
        check("我要退货", &["我", "退货", "要退货"]);
        check("Where is my ORDER?", &["where", "my order", "order", "rder"]);
        check("ＡＰＰ打不开", &["app打", "打不开", "app"]);
        assert_eq!(features("退货"), features("退\u{200B}货"));
    }

    #[test]
    fn whatever_is_written_gives_a_defined_answer() {
        for text in ["", " ", "😀😀", "\u{200B}", "שלום", "a\u{0301}", "\0", "𠀀"] {
            let _ = features(text);
        }
        let long = "退货".repeat(500_000);
        assert!(features(&long).len() <= (TEXT_CHARS_MAX + 2) * (HAN_MAX + SOUND_MAX));
    }
}
