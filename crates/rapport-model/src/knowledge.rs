//! Knowledge articles as written, imported and versioned.

use serde::{Deserialize, Serialize};

use crate::{ArticleId, Locale, MemberId, Timestamp};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Article {
    pub id: ArticleId,
    pub title: String,
    /// Markdown.
    pub body: String,
    /// Other ways in which customers ask for this (the questions of an FAQ row).
    #[serde(default)]
    pub questions: Vec<String>,
    pub locale: Locale,
    pub published: bool,
    /// Counts from 1; each save makes a new one, older ones stay readable.
    pub version: u32,
    pub source: ArticleSource,
    /// Public address of the original, shown with answers.
    #[serde(default)]
    pub url: Option<String>,
    pub updated_at: Timestamp,
    pub updated_by: Option<MemberId>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ArticleSource {
    /// Written in the administration.
    Written,
    /// Imported from a file; `key` is stable per row or section, so that a second import updates it.
    Imported { file: String, key: String },
}
