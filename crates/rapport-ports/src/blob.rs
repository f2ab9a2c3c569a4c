//! Files: content that is too large for the journal.

use async_trait::async_trait;
use bytes::Bytes;
use rapport_model::{BlobId, Fault, TenantId};

#[async_trait]
pub trait Blobs: Send + Sync {
    /// Durable when it returns.
    async fn put(&self, tenant: TenantId, id: BlobId, content: Bytes) -> Result<(), Fault>;
    async fn get(&self, tenant: TenantId, id: BlobId) -> Result<Option<Bytes>, Fault>;
    async fn delete(&self, tenant: TenantId, id: BlobId) -> Result<(), Fault>;
}
