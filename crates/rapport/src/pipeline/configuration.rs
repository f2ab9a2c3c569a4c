//! A tenant's configuration as one immutable snapshot, taken anew when it changed.

use std::sync::Arc;

use rapport_knowledge::Index;
use rapport_model::{Article, Calendar, CareBudget, CareRule, EthicsSettings, Fault, Inbox, InboxId, Member, codes, default_care_rules};
use rapport_ports::{Records, SINGLE};

use super::{Pipeline, Tenant};
use crate::snapshot::Snapshot;

pub(crate) struct Configuration {
    pub(crate) tenant_name: String,
    pub(crate) members: Vec<Member>,
    inboxes: Vec<Inbox>,
    calendars: Vec<Calendar>,
    pub(crate) knowledge: Option<Arc<Index>>,
    pub(super) ethics: EthicsSettings,
    pub(super) care_rules: Vec<CareRule>,
    pub(super) budget: CareBudget,
    /// What active members can do.
    pub(super) skills: Vec<String>,
}

impl Configuration {
    pub(super) fn inbox(&self, id: InboxId) -> Result<&Inbox, Fault> {
        self.inboxes.iter().find(|it| it.id == id).ok_or_else(|| Fault::new(codes::NOT_FOUND))
    }

    pub(super) fn calendar(&self, inbox: &Inbox) -> Option<&Calendar> {
        self.calendars.iter().find(|it| Some(it.id) == inbox.calendar)
    }
}

pub(super) type Holder = Snapshot<Configuration>;

impl Holder {
    pub(super) async fn current(&self, pipeline: &Pipeline, tenant: &Tenant) -> Result<Arc<Configuration>, Fault> {
        self.get(|| load(pipeline, tenant)).await
    }
}

async fn load(pipeline: &Pipeline, tenant: &Tenant) -> Result<Configuration, Fault> {
    let tenants = pipeline.store.tenants().await?;
    let tenant_name = tenants.into_iter().find(|it| it.id == tenant.id).ok_or_else(|| Fault::new(codes::NOT_FOUND))?.name;
    let store = &tenant.store;
    let articles = store.list::<Article>().await?;
    let index = tokio::task::spawn_blocking(move || Index::build(&articles));
    let (members, inboxes, calendars) = (store.list::<Member>().await?, store.list::<Inbox>().await?, store.list::<Calendar>().await?);
    let ethics: EthicsSettings = store.get(SINGLE).await?.unwrap_or_default();
    let budget: CareBudget = store.get(SINGLE).await?.unwrap_or_default();
    let mut care_rules = store.list::<CareRule>().await?;
    // Nobody has looked at them yet: those that ship are in force.
    if care_rules.is_empty() && store.setting("care_rules").await?.is_none() {
        care_rules = default_care_rules(tenant.id);
    }
    let skills = members.iter().filter(|it| it.active).flat_map(|it| it.skills.iter().cloned()).collect();
    let knowledge = index.await.map_err(|error| Fault::with(codes::INTERNAL, format!("index: {error}")))?;
    Ok(Configuration { tenant_name, members, inboxes, calendars, knowledge: Some(Arc::new(knowledge)), ethics, care_rules, budget, skills })
}
