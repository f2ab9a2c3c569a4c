//! What the API asks of knowledge: rendering, import, and a test question, so that it need not know the crate that does it.

use async_trait::async_trait;
use rapport_model::{Citation, Fault, Locale, TenantId};
use serde::{Deserialize, Serialize};

/// The bot's answer to a question asked in the administration, with how it came about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TestAnswer {
    /// `found`, `unsure` or `unknown`.
    pub outcome: String,
    pub text: String,
    pub sources: Vec<Citation>,
    pub confidence: f32,
    pub threshold: f32,
}

/// One article found in a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportedArticle {
    /// Stable for a row or section of the file.
    pub key: String,
    pub title: String,
    /// Markdown.
    pub body: String,
    pub questions: Vec<String>,
    pub locale: Locale,
    pub url: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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

#[async_trait]
pub trait KnowledgeDesk: Send + Sync {
    async fn ask(&self, tenant: TenantId, question: &str, locale: Locale) -> Result<TestAnswer, Fault>;
    async fn read_file(&self, name: &str, content: bytes::Bytes) -> Result<ImportReport, Fault>;
    /// Safe HTML.
    fn render(&self, markdown: &str) -> String;
}
