//! What a message can hold, and the file it may point to.

use serde::{Deserialize, Serialize};

use crate::{ArticleId, BlobId, IntentId, SpendingId, SpendingState, TicketId};

/// Largest text of one message. Units: Unicode scalar values.
pub const TEXT_CHARS_MAX: usize = 8_000;

/// The content of one message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Content {
    Text { text: String },
    Image { file: Attachment },
    File { file: Attachment },
    /// The bot's answer with where it is from.
    Answer { text: String, sources: Vec<Citation>, confidence: f32 },
    /// A text with buttons; a press comes back as `CustomerAction::Choose`.
    Choices { text: String, options: Vec<Choice> },
    /// A work order was made; `path` is its public progress page, relative to the server's public URL.
    Ticket { ticket: TicketId, number: u64, title: String, path: String },
    /// Asks for a rating of 1 to 5.
    RatingRequest { text: String },
    /// Something to make good for what went wrong; accepted by `ChoiceId::AcceptCompensation`. `amount_minor` in minor units of `currency` (ISO 4217).
    Compensation { text: String, spending: SpendingId, amount_minor: i64, currency: String, state: SpendingState },
    /// What was here was erased on the customer's wish.
    Erased,
}

impl Content {
    /// Equal to serde's `type`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Text { .. } => "text",
            Self::Image { .. } => "image",
            Self::File { .. } => "file",
            Self::Answer { .. } => "answer",
            Self::Choices { .. } => "choices",
            Self::Ticket { .. } => "ticket",
            Self::RatingRequest { .. } => "rating_request",
            Self::Compensation { .. } => "compensation",
            Self::Erased => "erased",
        }
    }

    /// What can be chosen by it, in the order shown.
    pub fn choices(&self) -> Vec<ChoiceId> {
        match self {
            Self::Choices { options, .. } => options.iter().map(|it| it.id).collect(),
            Self::Compensation { spending, .. } => vec![ChoiceId::AcceptCompensation { spending: *spending }],
            Self::Text { .. } | Self::Image { .. } | Self::File { .. } | Self::Answer { .. } | Self::Ticket { .. } | Self::RatingRequest { .. } | Self::Erased => Vec::new(),
        }
    }

    /// What a list, a notification or a summary shows of it; empty for a picture or file without a name.
    pub fn plain_text(&self) -> &str {
        match self {
            Self::Text { text } | Self::Answer { text, .. } | Self::Choices { text, .. } | Self::RatingRequest { text } | Self::Compensation { text, .. } => text,
            Self::Erased => "",
            Self::Image { file } | Self::File { file } => &file.name,
            Self::Ticket { title, .. } => title,
        }
    }
}

/// A stored file. `media_type` was found by looking at its bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Attachment {
    pub blob: BlobId,
    pub name: String,
    pub media_type: String,
    pub bytes: u64,
    /// Pixels, for pictures.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Choice {
    pub id: ChoiceId,
    pub label: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChoiceId {
    RequestPerson,
    /// The answer helped.
    Helped,
    /// The answer did not help.
    NotHelped,
    LeaveQueue,
    /// This is what was meant, of those that the bot asked back with.
    Intent(IntentId),
    /// Takes the compensation that was offered.
    AcceptCompensation { spending: SpendingId },
}

/// The passage that an answer was taken from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Citation {
    pub article: ArticleId,
    pub version: u32,
    pub title: String,
    /// Headings from the article's top to the passage.
    #[serde(default)]
    pub heading: Vec<String>,
    pub quote: String,
    /// Public address of the source, when it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}
