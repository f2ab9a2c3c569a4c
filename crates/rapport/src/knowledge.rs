//! Knowledge for the API: test questions, reading of files, rendering.

use std::sync::Arc;

use async_trait::async_trait;
use rapport_knowledge::Answer;
use rapport_model::{Fault, Locale, TenantId, codes};
use rapport_ports::{ImportReport, ImportedArticle, KnowledgeDesk, SkippedPart, TestAnswer};

use crate::pipeline::Pipeline;

/// Longest question that is looked up. Units: characters.
const QUESTION_CHARS_MAX: usize = 1_000;

pub(crate) struct Knowledge {
    pub(crate) pipeline: Arc<Pipeline>,
}

#[async_trait]
impl KnowledgeDesk for Knowledge {
    async fn ask(&self, tenant: TenantId, question: &str, locale: Locale) -> Result<TestAnswer, Fault> {
        if question.chars().nth(QUESTION_CHARS_MAX).is_some() {
            return Err(Fault::with(codes::BAD_FIELD, format!("question: at most {QUESTION_CHARS_MAX} characters")));
        }
        let answer = self.pipeline.ask(tenant, question, locale).await?;
        let (outcome, confidence) = (answer.outcome().to_owned(), answer.confidence());
        let (text, sources) = match answer {
            Answer::Found { text, citations, .. } => (text, citations),
            Answer::Unsure { candidates, .. } => (String::new(), candidates),
            Answer::Unknown { .. } => (String::new(), Vec::new()),
        };
        Ok(TestAnswer { outcome, text, sources, confidence, threshold: rapport_knowledge::FOUND_MIN })
    }

    async fn read_file(&self, name: &str, content: bytes::Bytes) -> Result<ImportReport, Fault> {
        let name = name.to_owned();
        // Reading a workbook takes a while: not on a thread that serves sockets.
        let read = tokio::task::spawn_blocking(move || rapport_knowledge::import(&name, &content));
        let report = read.await.map_err(|_panic| Fault::new(codes::IMPORT_UNREADABLE))??;
        let articles = report.articles.into_iter().map(|it| ImportedArticle {
            key: it.key,
            title: it.title,
            body: it.body,
            questions: it.questions,
            locale: it.locale,
            url: it.url,
        });
        let skipped = report.skipped.into_iter().map(|it| SkippedPart { place: it.place, reason: it.reason });
        Ok(ImportReport { articles: articles.collect(), skipped: skipped.collect() })
    }

    fn render(&self, markdown: &str) -> String {
        rapport_knowledge::markdown::to_html(markdown)
    }
}
