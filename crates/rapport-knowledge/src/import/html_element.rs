//! What the elements of HTML mean to the text of a page, and what a page is found to hold before it is read.
#![expect(clippy::wildcard_enum_match_arm, reason = "of the many elements each step concerns a few")]

use super::html_token::{Tag, Token, Tokenizer};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Element {
    /// `p`, `div`, `section`: begins and ends a block.
    Block,
    Main,
    Heading(u8),
    /// Whether its items are numbered.
    List(bool),
    Item,
    Definitions,
    Term,
    Definition,
    Table,
    TableHead,
    TableRows,
    Row,
    /// Whether it names a row or a column.
    Cell(bool),
    Pre,
    Quote,
    Details,
    Summary,
    Link,
    Strong,
    Code,
    Button,
    /// Passed over with all that is in it.
    Skipped,
    /// Text runs through it.
    Inline,
}

impl Element {
    pub(super) fn of(tag: &Tag) -> Self {
        let name = tag.name.as_str();
        match name {
            "main" => Self::Main,
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => Self::Heading(name.as_bytes().get(1).map_or(6, |it| it - b'0')),
            "ul" | "menu" | "dir" => Self::List(false),
            "ol" => Self::List(true),
            "li" => Self::Item,
            "dl" => Self::Definitions,
            "dt" => Self::Term,
            "dd" => Self::Definition,
            "table" => Self::Table,
            "thead" => Self::TableHead,
            "tbody" | "tfoot" => Self::TableRows,
            "tr" => Self::Row,
            "td" => Self::Cell(false),
            "th" => Self::Cell(true),
            "pre" | "listing" => Self::Pre,
            "blockquote" => Self::Quote,
            "details" => Self::Details,
            "summary" => Self::Summary,
            "a" => Self::Link,
            "strong" | "b" => Self::Strong,
            "code" | "kbd" | "samp" | "tt" => Self::Code,
            "button" => Self::Button,
            "noscript" | "template" | "svg" | "math" | "object" | "audio" | "video" | "canvas" | "select" | "datalist" | "nav" | "footer" | "aside" | "rp" | "rt" | "script"
            | "style" | "textarea" | "iframe" | "noembed" | "noframes" | "xmp" | "title" | "map" | "frameset" => Self::Skipped,
            "dialog" if tag.attribute("open").is_none() => Self::Skipped,
            _ if tag.attribute("role").is_some_and(|it| it.eq_ignore_ascii_case("main")) => Self::Main,
            "p" | "div" | "section" | "article" | "header" | "body" | "html" | "head" | "form" | "fieldset" | "legend" | "figure" | "figcaption" | "address" | "center" | "hgroup"
            | "caption" | "dialog" | "search" => Self::Block,
            _ => Self::Inline,
        }
    }

    /// Text runs on through it within a block.
    pub(super) fn is_inline(self) -> bool {
        matches!(self, Self::Link | Self::Strong | Self::Code | Self::Inline | Self::Button)
    }
}

/// Elements without content.
pub(super) fn is_void(name: &str) -> bool {
    matches!(name, "area" | "base" | "basefont" | "br" | "col" | "embed" | "frame" | "hr" | "img" | "input" | "link" | "meta" | "param" | "source" | "track" | "wbr")
}

/// Whether the page itself hides the element from its reader.
pub(super) fn is_hidden(tag: &Tag) -> bool {
    let style = tag.attribute("style").map(|it| it.to_ascii_lowercase().replace([' ', '\t', '\n'], "")).unwrap_or_default();
    tag.attribute("hidden").is_some()
        || tag.attribute("aria-hidden").is_some_and(|it| it.trim().eq_ignore_ascii_case("true"))
        || style.contains("display:none")
        || style.contains("visibility:hidden")
}

/// What is known of a page before it is read.
#[derive(Default)]
pub(super) struct Survey {
    /// Navigation and side columns stand outside of it.
    pub has_main: bool,
    /// For each table in order: it holds headings or other tables, so that it is a grid to place them, not a table of values.
    pub is_layout: Vec<bool>,
}

impl Survey {
    pub(super) fn of(page: &str) -> Self {
        let mut survey = Self::default();
        let mut open: Vec<usize> = Vec::new();
        for token in Tokenizer::new(page) {
            match token {
                Token::Open(tag) => match Element::of(&tag) {
                    Element::Main => survey.has_main |= !is_hidden(&tag),
                    Element::Table => {
                        survey.mark(&open);
                        open.push(survey.is_layout.len());
                        survey.is_layout.push(tag.attribute("role").is_some_and(|it| matches!(it, "presentation" | "none")));
                    }
                    Element::Heading(_) | Element::Details | Element::Definitions => survey.mark(&open),
                    _ => {}
                },
                Token::Close(name) if name == "table" => {
                    open.pop();
                }
                Token::Close(_) | Token::Text(_) | Token::Raw(_) => {}
            }
        }
        survey
    }

    /// The innermost table is a grid; those around it were marked when it began.
    fn mark(&mut self, open: &[usize]) {
        if let Some(it) = open.last().and_then(|at| self.is_layout.get_mut(*at)) {
            *it = true;
        }
    }
}
