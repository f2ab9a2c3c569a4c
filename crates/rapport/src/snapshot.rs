//! Something of a tenant's that is read far more often than it changes: loaded once, shared, loaded anew after a change.

use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use arc_swap::ArcSwapOption;
use rapport_model::Fault;

/// The current value, or nothing until it is asked for.
pub(crate) struct Snapshot<T> {
    current: ArcSwapOption<T>,
    generation: AtomicU64,
    loading: tokio::sync::Mutex<()>,
}

impl<T> Default for Snapshot<T> {
    fn default() -> Self {
        Self { current: ArcSwapOption::empty(), generation: AtomicU64::new(0), loading: tokio::sync::Mutex::default() }
    }
}

impl<T: Send + Sync> Snapshot<T> {
    /// The value, loaded by one of those who ask where there is none.
    pub(crate) async fn get<L: Future<Output = Result<T, Fault>> + Send>(&self, load: impl Fn() -> L + Send + Sync) -> Result<Arc<T>, Fault> {
        if let Some(current) = self.current.load_full() {
            return Ok(current);
        }
        let _one_loads = self.loading.lock().await;
        loop {
            if let Some(current) = self.current.load_full() {
                return Ok(current);
            }
            let generation = self.generation.load(Ordering::Acquire);
            let loaded = Arc::new(load().await?);
            // A change during the load would be missed: load again.
            if generation == self.generation.load(Ordering::Acquire) {
                self.current.store(Some(Arc::clone(&loaded)));
                return Ok(loaded);
            }
        }
    }

    /// After a change: whoever asks next loads anew.
    pub(crate) fn drop_current(&self) {
        self.generation.fetch_add(1, Ordering::AcqRel);
        self.current.store(None);
    }
}
