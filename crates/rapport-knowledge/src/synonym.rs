//! Words of customer service that mean the same, in Chinese and English: each group is one concept of the index, so that
//! "码数不合适" meets an article on exchanging sizes, and a question in one language meets an article in the other.

use std::{collections::HashMap, sync::LazyLock};

use crate::text::{Token, normalise, tokens};

/// Read once: concepts in the order of the file.
const CONCEPTS: &str = include_str!("concepts.txt");

/// Name, Chinese phrases, English phrases of each line.
fn rows() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    CONCEPTS.lines().filter(|it| !it.starts_with('#')).filter_map(|line| {
        let (name, phrases) = line.split_once('=')?;
        let (zh, en) = phrases.split_once('=')?;
        Some((name.trim(), zh.trim(), en.trim()))
    })
}

struct Table {
    /// By first token: phrases (as token texts) with their concept, longest first.
    phrases: HashMap<String, Vec<(Vec<String>, u16)>>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut found = Vec::new();
    for (number, (_, zh, en)) in (0_u16..).zip(rows()) {
        for phrase in zh.split(' ').chain(en.split('|')) {
            let words: Vec<_> = tokens(&normalise(phrase)).into_iter().map(|it| it.text).collect();
            found.push((words, number));
        }
    }
    found.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.cmp(b)));
    found.dedup();
    let mut phrases: HashMap<String, Vec<(Vec<String>, u16)>> = HashMap::new();
    for (words, number) in found {
        if let Some(first) = words.first() {
            phrases.entry(first.clone()).or_default().push((words, number));
        }
    }
    Table { phrases }
});

/// Whether a concept is of the wide world, which a tenant's articles need not speak of.
pub(crate) fn is_worldly(concept: u16) -> bool {
    usize::from(concept) >= *WORLDLY
}

/// Number of the first such concept: they stand at the end.
static WORLDLY: LazyLock<usize> = LazyLock::new(|| rows().take_while(|it| !it.0.starts_with("world_")).count());

/// Calls `found(concept, first token, token count)` for each concept named in the text, from left to right. Phrases may overlap;
/// one within another does not count.
pub(crate) fn concepts(tokens: &[Token], mut found: impl FnMut(u16, u32, u32)) {
    let mut covered = 0;
    for (at, token) in tokens.iter().enumerate() {
        let candidates = TABLE.phrases.get(&token.text).map(Vec::as_slice).unwrap_or_default();
        let mut length = 0;
        for (words, concept) in candidates {
            if words.len() < length || at + words.len() <= covered {
                break;
            }
            let Some(window) = tokens.get(at..at + words.len()) else { continue };
            let same = window.iter().zip(words).enumerate().all(|(nth, (token, word))| token.text == *word && (nth == 0 || !token.is_char || token.joined));
            if same {
                length = words.len();
                found(*concept, u32::try_from(at).unwrap_or(u32::MAX), u32::try_from(length).unwrap_or(1));
            }
        }
        covered = covered.max(at + length);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(concept: u16) -> &'static str {
        rows().nth(usize::from(concept)).map_or("?", |it| it.0)
    }

    #[test]
    fn phrases_name_concepts() {
        let check = |text: &str, expect: &[&str]| {
            let mut names = Vec::new();
            concepts(&tokens(&normalise(text)), |concept, _, _| names.push(name(concept)));
            assert_eq!(names, expect, "{text}");
        };
        check("码数不合适，可以换吗", &["size", "size", "exchange"]);
        check("换地址", &["modify", "address"]);
        check("Can I swap these shoes?", &["exchange", "shoe"]);
        check("my sneakers are too small", &["shoe", "size"]);
        check("退换货", &["exchange", "return"]);
        check("tomorrow", &[]);
        check("", &[]);
    }

    #[test]
    fn names_are_distinct() {
        let names: std::collections::BTreeSet<_> = rows().map(|it| it.0).collect();
        assert_eq!(names.len(), rows().count());
        assert!(rows().count() > 200);
        // No line is lost to a mistake in it.
        let lines = CONCEPTS.lines().filter(|it| !it.is_empty() && !it.starts_with('#')).count();
        assert_eq!(lines, rows().count());
        assert!(rows().skip(*WORLDLY).all(|it| it.0.starts_with("world_")) && *WORLDLY < lines);
    }
}
