//! Knowledge for the API: test questions, reading of files, rendering.

use std::sync::Arc;

use async_trait::async_trait;
use rapport_model::{Fault, Locale, TenantId, codes};
use rapport_ports::{ImportReport, KnowledgeDesk, TestAnswer};

use crate::pipeline::Pipeline;

pub(crate) struct Knowledge {
    pub(crate) pipeline: Arc<Pipeline>,
}
