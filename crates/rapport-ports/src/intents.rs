//! What the API asks of understanding: a text assessed, examples learned, models swapped; so that it need not know the crate that does it.

use async_trait::async_trait;
use rapport_model::{Fault, IntentReport, LexiconTerm, ModelId, ModelState, TenantId, TermGroup, Timestamp, TrainedModel, Understanding};

/// A text of a file with the names of its intents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelledText {
    pub text: String,
    pub labels: Vec<String>,
}

/// A term of a file, or of the lexicon that the product ships.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundTerm {
    pub canonical: String,
    pub variants: Vec<String>,
    pub group: TermGroup,
    pub note: String,
}

/// How far learning is.
#[derive(Clone, Debug, PartialEq)]
pub struct Teaching {
    pub live: Option<TrainedModel>,
    /// What is taught is not what the live model learned from.
    pub stale: bool,
    pub training: Option<Training>,
}

/// A training under way.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Training {
    /// By the time that it should take, 0 to 1.
    pub done_share: f32,
    pub since: Timestamp,
}

#[async_trait]
pub trait IntentDesk: Send + Sync {
    /// Intents, examples or terms changed: when this returns the next text is understood with them. A new model is trained beside.
    async fn taught(&self, tenant: TenantId) -> Result<(), Fault>;
    /// As `taught`, where somebody's words are to be forgotten: no model that learned from them is kept once another one has learned without them.
    async fn forgotten(&self, tenant: TenantId) -> Result<(), Fault>;
    async fn understand(&self, tenant: TenantId, text: &str) -> Result<Understanding, Fault>;
    async fn teaching(&self, tenant: TenantId) -> Result<Teaching, Fault>;
    /// Begins a training, or another one after that which runs; `wait`: returns when it is done. Errors: `intent.nothing_taught`.
    async fn train(&self, tenant: TenantId, wait: bool) -> Result<(), Fault>;
    /// Newest first.
    async fn models(&self, tenant: TenantId) -> Result<Vec<TrainedModel>, Fault>;
    /// Live: the one that was is retired, in one step for every reader. Errors: `not_found`, `model.unusable`, `model.live`, `input.bad_field`.
    async fn set_state(&self, tenant: TenantId, model: ModelId, state: ModelState, canary_share: Option<f32>) -> Result<TrainedModel, Fault>;
    /// Of the live model.
    async fn report(&self, tenant: TenantId) -> Result<Option<IntentReport>, Fault>;
    /// CSV, TSV, JSON lines or a JSON array with `text` and `label`. Errors: `import.bad_line` naming it.
    async fn read_examples(&self, content: bytes::Bytes) -> Result<Vec<LabelledText>, Fault>;
    /// CSV or TSV with canonical term, variants separated by `|`, group, note. Errors: `import.bad_line` naming it.
    async fn read_terms(&self, content: bytes::Bytes) -> Result<Vec<FoundTerm>, Fault>;
    /// Whether the term can be looked for without being found in every text. Errors: `input.bad_field`.
    fn check_term(&self, term: &LexiconTerm) -> Result<(), Fault>;
    /// Terms that the product ships.
    fn starter(&self, group: Option<TermGroup>) -> Vec<FoundTerm>;
    /// The text with personal data masked.
    fn masked(&self, text: &str) -> String;
}
