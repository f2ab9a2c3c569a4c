//! Files become articles: Markdown, HTML, plain text, and tables of questions and answers (CSV, TSV, XLSX).

mod csv;
mod decode;
mod html;
mod html_block;
mod html_element;
mod html_entity;
mod html_inline;
mod html_token;
mod markdown;
mod table;
mod text;
mod xlsx;
mod zip;

use std::collections::BTreeSet;

use rapport_model::{Fault, Locale, codes};
use serde::{Deserialize, Serialize};

/// One article found in a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportedArticle {
    /// Stable for a row or section of the file, so that a second import updates it.
    pub key: String,
    pub title: String,
    /// Markdown.
    pub body: String,
    /// Other ways to ask for it.
    pub questions: Vec<String>,
    pub locale: Locale,
    pub url: Option<String>,
}

/// What was found in a file and what was passed over.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportReport {
    pub articles: Vec<ImportedArticle>,
    pub skipped: Vec<SkippedPart>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SkippedPart {
    /// `row 12`, `sheet 价格, row 3`, `section 3`.
    pub place: String,
    /// Stable: `empty_answer`, `no_question`, `too_long`, `duplicate`, `no_columns`, `hidden`, `too_many`.
    pub reason: String,
}

/// Largest file. Units: bytes.
pub const FILE_BYTES_MAX: usize = 5 * 1024 * 1024;
/// Most articles of one file; what follows is reported as skipped.
pub const ARTICLES_MAX: usize = 10_000;
/// Longest article. Units: characters.
pub const BODY_CHARS_MAX: usize = 100_000;
/// Text of all articles of one file: a workbook may repeat one long cell in each row. Units: bytes.
const TEXT_BYTES_MAX: usize = 16 * 1024 * 1024;
const TITLE_CHARS_MAX: usize = 200;
const QUESTIONS_MAX: usize = 50;
const KEY_CHARS_MAX: usize = 120;
const SKIPPED_MAX: usize = 1_000;

/// Reads a file; its kind is told by its name and, where that is silent, by its content.
///
/// Errors: `import.unreadable`, `import.no_columns`, `import.empty`, `input.too_large`.
pub fn import(name: &str, content: &[u8]) -> Result<ImportReport, Fault> {
    if content.len() > FILE_BYTES_MAX {
        return Err(Fault::with(codes::TOO_LARGE, format!("{FILE_BYTES_MAX} bytes at most")));
    }
    if content.iter().all(u8::is_ascii_whitespace) {
        return Err(Fault::with(codes::IMPORT_EMPTY, name));
    }
    let mut found = Found::default();
    let extension = name.rsplit_once('.').map(|(_, it)| it.to_ascii_lowercase()).unwrap_or_default();
    if content.starts_with(b"PK") || matches!(extension.as_str(), "xlsx" | "xlsm") {
        xlsx::read(content, &mut found)?;
    } else {
        let text = decode::text(content)?;
        let stem = file_stem(name);
        match extension.as_str() {
            "csv" | "tsv" => csv::read(&text, &mut found)?,
            "html" | "htm" | "xhtml" => html::read(&text, stem, &mut found),
            "md" | "markdown" | "mdx" => markdown::read(&text, stem, &mut found),
            _ if is_html(&text) => html::read(&text, stem, &mut found),
            _ => text::read(&text, stem, &mut found),
        }
    }
    if found.report.articles.is_empty() && found.report.skipped.is_empty() {
        return Err(Fault::with(codes::IMPORT_EMPTY, name));
    }
    Ok(found.report)
}

fn is_html(text: &str) -> bool {
    let start: String = text.trim_start().chars().take(200).collect::<String>().to_ascii_lowercase();
    start.starts_with("<!doctype html") || start.starts_with("<html") || start.starts_with("<head") || start.starts_with("<body")
}

/// `faq` of `docs/faq.md`.
fn file_stem(name: &str) -> &str {
    let base = name.rsplit(['/', '\\']).next().unwrap_or(name);
    base.rsplit_once('.').map_or(base, |(stem, _)| stem)
}

/// The report as it grows, within bounds.
#[derive(Default)]
struct Found {
    report: ImportReport,
    keys: BTreeSet<String>,
    text_bytes: usize,
}

/// A part of a file before it is checked.
#[derive(Default)]
struct Draft {
    /// `section 3`.
    place: String,
    /// What the key is made of; the title where it is empty.
    key: String,
    title: String,
    body: String,
    questions: Vec<String>,
    locale: Option<Locale>,
    url: Option<String>,
}

impl Found {
    fn skip(&mut self, place: impl Into<String>, reason: &str) {
        if self.report.skipped.len() < SKIPPED_MAX {
            self.report.skipped.push(SkippedPart { place: place.into(), reason: reason.to_owned() });
        }
    }

    fn is_full(&self) -> bool {
        self.report.articles.len() >= ARTICLES_MAX || self.text_bytes >= TEXT_BYTES_MAX
    }

    fn add(&mut self, draft: Draft) {
        if self.is_full() {
            return self.skip(draft.place, "too_many");
        }
        let body = draft.body.trim();
        if body.is_empty() {
            return self.skip(draft.place, "empty_answer");
        }
        if body.chars().nth(BODY_CHARS_MAX).is_some() {
            return self.skip(draft.place, "too_long");
        }
        let title = cut(&one_line(&draft.title), TITLE_CHARS_MAX);
        if title.is_empty() {
            return self.skip(draft.place, "no_question");
        }
        let key = key_of(if draft.key.is_empty() { &title } else { &draft.key });
        if !self.keys.insert(key.clone()) {
            return self.skip(draft.place, "duplicate");
        }
        let mut questions: Vec<String> = Vec::new();
        for it in draft.questions.iter().map(|it| cut(&one_line(it), TITLE_CHARS_MAX)) {
            if !it.is_empty() && it != title && !questions.contains(&it) && questions.len() < QUESTIONS_MAX {
                questions.push(it);
            }
        }
        let locale = draft.locale.or_else(|| Locale::of_text(body)).or_else(|| Locale::of_text(&title)).unwrap_or_default();
        let url = draft.url.map(|it| it.trim().to_owned()).filter(|it| is_web_address(it));
        self.text_bytes += body.len() + title.len() + questions.iter().map(String::len).sum::<usize>();
        self.report.articles.push(ImportedArticle { key, title, body: body.to_owned(), questions, locale, url });
    }
}

/// Only addresses that a browser may safely follow from an answer.
fn is_web_address(text: &str) -> bool {
    let lower = text.get(..8).unwrap_or(text).to_ascii_lowercase();
    (lower.starts_with("http://") || lower.starts_with("https://")) && text.len() <= 2_000 && !text.contains(|it: char| it.is_whitespace() || it.is_control())
}

/// White space and control characters become single spaces.
fn one_line(text: &str) -> String {
    let clean: String = text.chars().map(|it| if it.is_control() { ' ' } else { it }).collect();
    clean.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn cut(text: &str, chars_max: usize) -> String {
    text.chars().take(chars_max).collect()
}

/// Letters and digits of a heading or question, so that changed punctuation still updates the same article.
fn key_of(text: &str) -> String {
    let words: Vec<String> = crate::text::normalise(text).split(|it: char| !it.is_alphanumeric()).filter(|it| !it.is_empty()).map(str::to_owned).collect();
    let key = words.join("-");
    if key.is_empty() {
        return "article".to_owned();
    }
    if key.chars().nth(KEY_CHARS_MAX).is_none() {
        return key;
    }
    // Long questions may differ at their ends only.
    format!("{}-{:016x}", cut(&key, KEY_CHARS_MAX - 17), crate::text::hash(&key))
}
