//! What the API asks of feelings that a firm teaches itself; so that it need not know the crate that reads them.

use async_trait::async_trait;
use rapport_model::{Fault, FeelingReport, FeelingState, ShippedFeelings, TenantId, TrainedModel};

use crate::Training;

/// How far learning is, and what reads feelings.
#[derive(Clone, Debug, PartialEq)]
pub struct Feelings {
    pub shipped: ShippedFeelings,
    /// The firm's own, with how it did on sentences held aside.
    pub own: Option<(TrainedModel, FeelingReport)>,
    /// Off: feelings are read as shipped, whatever was taught.
    pub uses_own: bool,
    /// What is taught is not what the live model learned from; the same and similar sentences are read as taught all the same.
    pub stale: bool,
    /// Whether there is enough to train on.
    pub is_enough: bool,
    pub training: Option<Training>,
}

/// A sentence of a file with what it shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeelingText {
    pub text: String,
    pub state: FeelingState,
    pub anxious: bool,
    pub urgent: bool,
}

#[async_trait]
pub trait FeelingDesk: Send + Sync {
    /// Examples changed: when this returns the next text is read with them. A new model is trained beside.
    async fn taught(&self, tenant: TenantId) -> Result<(), Fault>;
    async fn feelings(&self, tenant: TenantId) -> Result<Feelings, Fault>;
    /// Begins a training; `wait`: returns when it is done. Errors: `feeling.too_few`.
    async fn train(&self, tenant: TenantId, wait: bool) -> Result<(), Fault>;
    /// Whether what was taught counts; off is a way back to what ships, in force when this returns.
    async fn use_own(&self, tenant: TenantId, own: bool) -> Result<(), Fault>;
    /// CSV, TSV, JSON lines or a JSON array with `text` and `label`: a state, and beside it the signals that stand. Errors: `import.bad_line` naming it.
    async fn read_examples(&self, content: bytes::Bytes) -> Result<Vec<FeelingText>, Fault>;
    /// The text on one line with personal data masked; `None` where nothing is left or it is too long.
    fn example_text(&self, text: &str) -> Option<String>;
}
