//! An article cut into the passages that are searched and quoted.

use rapport_model::Article;

use crate::{
    markdown::{self, Block, BlockKind},
    sentence::sentences,
};

/// A passage ends at the sentence that brings it to this many characters.
const CHARS_AIM: usize = 480;
/// A single sentence longer than this is cut.
const SENTENCE_CHARS_MAX: usize = 300;
/// What is beyond is not indexed; the importers refuse longer articles anyway.
const PASSAGES_MAX: usize = 2_000;

/// A sentence, list item or table row: the smallest thing quoted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sentence {
    pub text: String,
    pub kind: BlockKind,
    /// Begins a block: joined to the one before by a line break.
    pub starts_block: bool,
}

/// Sentences in a row under one heading path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Passage {
    pub headings: Vec<String>,
    pub sentences: Vec<Sentence>,
}

impl Passage {
    pub(crate) fn text(&self) -> String {
        join(&self.sentences)
    }
}

/// Sentences as they stood: within a block side by side, blocks on lines of their own, items with a bullet.
pub(crate) fn join(sentences: &[Sentence]) -> String {
    let mut text = String::new();
    for sentence in sentences {
        let is_ascii_end = text.ends_with(|it: char| it.is_ascii() && !it.is_whitespace());
        if sentence.starts_block && !text.is_empty() {
            text.push('\n');
        } else if is_ascii_end {
            text.push(' ');
        }
        if sentence.starts_block && sentence.kind == BlockKind::Item {
            text.push_str("- ");
        }
        text.push_str(&sentence.text);
    }
    text
}

/// The passages of an article, in order.
pub(crate) fn passages(article: &Article) -> Vec<Passage> {
    let mut found = Vec::new();
    for section in markdown::sections(&article.body) {
        // The article's own title as its first heading says nothing new.
        let headings: Vec<_> = section.headings.iter().enumerate().filter(|(at, it)| *at > 0 || it.trim() != article.title.trim()).map(|(_, it)| it.clone()).collect();
        let mut passage = Passage { headings: headings.clone(), sentences: Vec::new() };
        let mut chars = 0;
        for sentence in section.blocks.iter().flat_map(cut) {
            let count = sentence.text.chars().count();
            if chars > 0 && chars + count > CHARS_AIM {
                found.push(std::mem::replace(&mut passage, Passage { headings: headings.clone(), sentences: Vec::new() }));
                chars = 0;
            }
            chars += count;
            passage.sentences.push(sentence);
        }
        found.push(passage);
    }
    found.retain(|it| !it.sentences.is_empty());
    found.truncate(PASSAGES_MAX);
    found
}

fn cut(block: &Block) -> Vec<Sentence> {
    let pieces = match block.kind {
        BlockKind::Row => vec![block.text.as_str()],
        BlockKind::Paragraph | BlockKind::Item => sentences(&block.text),
    };
    let pieces = pieces.into_iter().flat_map(|it| split(it, SENTENCE_CHARS_MAX));
    pieces.enumerate().map(|(at, text)| Sentence { text: text.to_owned(), kind: block.kind, starts_block: at == 0 }).collect()
}

/// Pieces of at most `chars_max` characters, cut after a comma or blank where there is one.
fn split(text: &str, chars_max: usize) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((limit, _)) = rest.char_indices().nth(chars_max) {
        let head = rest.get(..limit).unwrap_or(rest);
        let border = head.char_indices().rev().find(|(_, it)| matches!(it, '，' | '、' | '；' | ',' | ';' | ' ')).map(|(at, it)| at + it.len_utf8());
        let at = border.filter(|it| *it > limit / 2).unwrap_or(limit);
        let (piece, after) = rest.split_at(at);
        pieces.push(piece.trim_end());
        rest = after.trim_start();
    }
    pieces.push(rest);
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_sentences_are_cut_at_their_commas() {
        let check = |text: &str, expect: &[&str]| assert_eq!(split(text, 8), expect, "{text}");
        check("签收后七天内，可以退货", &["签收后七天内，", "可以退货"]);
        check("one two three", &["one two", "three"]);
        check("一二三四五六七八九十", &["一二三四五六七八", "九十"]);
        check("短", &["短"]);
    }
}
