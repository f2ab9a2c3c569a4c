//! Promises of files.

use std::sync::Arc;

use bytes::Bytes;
use rapport_model::{BlobId, Ids, TenantId};

use super::world::NOW;
use crate::Blobs;

struct Ground {
    blobs: Arc<dyn Blobs>,
    tenant: TenantId,
    other: TenantId,
    ids: Ids,
}

impl Ground {
    fn new(blobs: Arc<dyn Blobs>) -> Self {
        let mut ids = Ids::new(NOW, 0xB10B);
        Self { blobs, tenant: ids.next(), other: ids.next(), ids }
    }

    async fn put(&mut self, content: Bytes) -> BlobId {
        let id = self.ids.next();
        self.blobs.put(self.tenant, id, content).await.expect("put");
        id
    }
}

pub async fn files_come_back_as_they_were(blobs: Arc<dyn Blobs>) {
    let mut ground = Ground::new(blobs);
    let large: Vec<u8> = (0..3_000_000_u32).map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()[3]).collect();
    for content in [Bytes::new(), Bytes::from_static(b"\0\xff\n"), Bytes::from(large)] {
        let id = ground.put(content.clone()).await;
        assert!(ground.blobs.get(ground.tenant, id).await.expect("get") == Some(content), "a file came back different");
    }
    assert!(ground.blobs.get(ground.tenant, ground.ids.next()).await.expect("get").is_none());
}

pub async fn files_belong_to_one_tenant(blobs: Arc<dyn Blobs>) {
    let mut ground = Ground::new(blobs);
    let id = ground.put(Bytes::from_static(b"ours")).await;
    assert!(ground.blobs.get(ground.other, id).await.expect("get").is_none(), "a foreign tenant");
    ground.blobs.delete(ground.other, id).await.expect("deletes nothing");
    ground.blobs.put(ground.other, id, Bytes::from_static(b"theirs")).await.expect("put");
    assert_eq!(ground.blobs.get(ground.tenant, id).await.expect("get").as_deref(), Some(&b"ours"[..]));
}

pub async fn a_deleted_file_is_gone(blobs: Arc<dyn Blobs>) {
    let mut ground = Ground::new(blobs);
    let (id, kept) = (ground.put(Bytes::from_static(b"gone")).await, ground.put(Bytes::from_static(b"kept")).await);
    ground.blobs.delete(ground.tenant, id).await.expect("delete");
    ground.blobs.delete(ground.tenant, id).await.expect("deleting what is gone is fine");
    assert!(ground.blobs.get(ground.tenant, id).await.expect("get").is_none());
    assert!(ground.blobs.get(ground.tenant, kept).await.expect("get").is_some());
}
