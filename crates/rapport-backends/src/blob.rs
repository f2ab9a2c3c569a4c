//! Files in a folder, named by our ids only: no name from outside ever reaches the disk.

use std::{
    fs::{self, File},
    io::{ErrorKind, Write as _},
    path::{Path, PathBuf},
};

use async_trait::async_trait;
use bytes::Bytes;
use rapport_model::{BlobId, Fault, TenantId, codes};
use rapport_ports::Blobs;

use crate::{make_folder, sync_folder};

#[derive(Clone)]
pub struct FolderBlobs {
    root: PathBuf,
}

impl FolderBlobs {
    pub fn open(root: &Path) -> std::io::Result<Self> {
        make_folder(root)?;
        Ok(Self { root: root.to_owned() })
    }

    fn folder(&self, tenant: TenantId) -> PathBuf {
        self.root.join(tenant.to_string())
    }
}

/// Written beside, synced, renamed, and the folder synced: after this a power cut leaves the whole file or none.
fn write(folder: &Path, name: &str, content: &[u8]) -> std::io::Result<()> {
    make_folder(folder)?;
    let partial = folder.join(format!("{name}.partial"));
    let mut file = File::create(&partial)?;
    file.write_all(content)?;
    file.sync_all()?;
    fs::rename(&partial, folder.join(name))?;
    sync_folder(folder)
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> std::io::Result<T> + Send + 'static) -> Result<T, Fault> {
    let done = tokio::task::spawn_blocking(work).await.map_err(|error| Fault::with(codes::INTERNAL, error.to_string()))?;
    done.map_err(|error| {
        tracing::error!(%error, "files");
        Fault::new(codes::STORE_UNAVAILABLE)
    })
}

#[async_trait]
impl Blobs for FolderBlobs {
    async fn put(&self, tenant: TenantId, id: BlobId, content: Bytes) -> Result<(), Fault> {
        let folder = self.folder(tenant);
        blocking(move || write(&folder, &id.to_string(), &content)).await
    }

    async fn get(&self, tenant: TenantId, id: BlobId) -> Result<Option<Bytes>, Fault> {
        let path = self.folder(tenant).join(id.to_string());
        blocking(move || match fs::read(path) {
            Ok(content) => Ok(Some(Bytes::from(content))),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        })
        .await
    }

    async fn delete(&self, tenant: TenantId, id: BlobId) -> Result<(), Fault> {
        let path = self.folder(tenant).join(id.to_string());
        blocking(move || match fs::remove_file(path) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
            Ok(()) | Err(_) => Ok(()),
        })
        .await
    }
}
