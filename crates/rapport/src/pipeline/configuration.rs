//! A tenant's configuration as one immutable snapshot, taken anew when it changed.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use arc_swap::ArcSwapOption;
use rapport_knowledge::Index;
use rapport_model::{Article, Calendar, Fault, Inbox, InboxId, Member, codes};
use rapport_ports::Records;

use super::{Pipeline, Tenant};

pub(crate) struct Configuration {
    pub(crate) tenant_name: String,
    pub(crate) members: Vec<Member>,
    inboxes: Vec<Inbox>,
    calendars: Vec<Calendar>,
    pub(crate) knowledge: Option<Arc<Index>>,
}

impl Configuration {
    pub(super) fn inbox(&self, id: InboxId) -> Result<&Inbox, Fault> {
        self.inboxes.iter().find(|it| it.id == id).ok_or_else(|| Fault::new(codes::NOT_FOUND))
    }

    pub(super) fn calendar(&self, inbox: &Inbox) -> Option<&Calendar> {
        self.calendars.iter().find(|it| Some(it.id) == inbox.calendar)
    }
}

/// The current snapshot, or nothing until it is asked for.
#[derive(Default)]
pub(super) struct Holder {
    current: ArcSwapOption<Configuration>,
    generation: AtomicU64,
    loading: tokio::sync::Mutex<()>,
}

impl Holder {
    pub(super) async fn current(&self, pipeline: &Pipeline, tenant: &Tenant) -> Result<Arc<Configuration>, Fault> {
        if let Some(current) = self.current.load_full() {
            return Ok(current);
        }
        let _one_loads = self.loading.lock().await;
        loop {
            if let Some(current) = self.current.load_full() {
                return Ok(current);
            }
            let generation = self.generation.load(Ordering::Acquire);
            let loaded = Arc::new(load(pipeline, tenant).await?);
            // A change during the load would be missed: load again.
            if generation == self.generation.load(Ordering::Acquire) {
                self.current.store(Some(Arc::clone(&loaded)));
                return Ok(loaded);
            }
        }
    }

    pub(super) fn drop_current(&self) {
        self.generation.fetch_add(1, Ordering::AcqRel);
        self.current.store(None);
    }
}

async fn load(pipeline: &Pipeline, tenant: &Tenant) -> Result<Configuration, Fault> {
    let tenants = pipeline.store.tenants().await?;
    let tenant_name = tenants.into_iter().find(|it| it.id == tenant.id).ok_or_else(|| Fault::new(codes::NOT_FOUND))?.name;
    let store = &tenant.store;
    let articles = store.list::<Article>().await?;
    let index = tokio::task::spawn_blocking(move || Index::build(&articles));
    let (members, inboxes, calendars) = (store.list::<Member>().await?, store.list::<Inbox>().await?, store.list::<Calendar>().await?);
    let knowledge = index.await.map_err(|error| Fault::with(codes::INTERNAL, format!("index: {error}")))?;
    Ok(Configuration { tenant_name, members, inboxes, calendars, knowledge: Some(Arc::new(knowledge)) })
}
