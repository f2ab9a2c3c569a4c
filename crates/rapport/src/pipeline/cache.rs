//! Conversations in memory between inputs: one lock each, so that their inputs are decided in order.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use rapport_model::{Contact, ContactId, ConversationId, Fault, InboxId, MemberId, Status, codes};
use rapport_ports::Versioned;

use super::Tenant;

/// How many conversations a tenant keeps in memory before those not in use are forgotten.
const KEPT_MAX: usize = 8_192;

/// One conversation, or the place where a visitor's next one will be.
pub(super) struct Shared {
    pub(super) contact: ContactId,
    pub(super) slot: tokio::sync::Mutex<Slot>,
}

/// What the lock protects.
pub(super) struct Slot {
    pub(super) inbox: InboxId,
    pub(super) contact: Contact,
    /// `None` until the first input opened the conversation.
    pub(super) versioned: Option<Versioned>,
    /// Who had the contact's earlier conversation.
    pub(super) previous_agent: Option<MemberId>,
    /// What is here may differ from the store (a commit ended in doubt): load before use.
    pub(super) stale: bool,
    /// What may be known of how the contact feels; nothing until it is asked for.
    pub(super) care: Option<super::care::Remembered>,
}

impl Slot {
    pub(super) fn id(&self) -> Option<ConversationId> {
        self.versioned.as_ref().map(|it| it.state.id)
    }

    /// Takes the state from the store again.
    pub(super) async fn reload(&mut self, tenant: &Tenant) -> Result<(), Fault> {
        self.versioned = match self.id() {
            Some(id) => tenant.store.conversation(id).await?,
            None => tenant.store.latest_conversation(self.contact.id, self.inbox).await?.filter(|it| is_open(&it.state.status)),
        };
        self.refresh_contact(tenant).await?;
        self.care = None;
        self.stale = false;
        Ok(())
    }

    /// Whether the store has a newer version than this.
    pub(super) async fn is_outdated(&self, tenant: &Tenant) -> Result<bool, Fault> {
        let Some(own) = &self.versioned else { return Ok(false) };
        let stored = tenant.store.conversation(own.state.id).await?;
        Ok(stored.is_some_and(|it| it.version != own.version))
    }

    pub(super) async fn refresh_contact(&mut self, tenant: &Tenant) -> Result<(), Fault> {
        // One who was erased is not remembered.
        self.contact = tenant.store.contact(self.contact.id).await?.ok_or_else(|| Fault::new(codes::NOT_FOUND))?;
        Ok(())
    }
}

fn is_open(status: &Status) -> bool {
    !matches!(status, Status::Resolved { .. })
}

/// The conversations of a tenant on this node.
#[derive(Default)]
pub(super) struct Conversations {
    maps: Mutex<Maps>,
}

#[derive(Default)]
struct Maps {
    by_id: HashMap<ConversationId, Arc<Shared>>,
    by_visitor: HashMap<(ContactId, InboxId), Arc<Shared>>,
}

impl Conversations {
    pub(super) async fn of(&self, tenant: &Tenant, id: ConversationId) -> Result<Arc<Shared>, Fault> {
        if let Some(shared) = self.lock().by_id.get(&id) {
            return Ok(Arc::clone(shared));
        }
        let versioned = tenant.store.conversation(id).await?.ok_or_else(|| Fault::new(codes::NOT_FOUND))?;
        let shared = load(tenant, versioned.state.contact, versioned.state.inbox, Some(versioned), None).await?;
        let mut maps = self.lock();
        maps.make_room();
        Ok(Arc::clone(maps.by_id.entry(id).or_insert(shared)))
    }

    /// The visitor's open conversation, or the place of their next one.
    pub(super) async fn of_visitor(&self, tenant: &Tenant, contact: ContactId, inbox: InboxId) -> Result<Arc<Shared>, Fault> {
        let known = self.lock().by_visitor.get(&(contact, inbox)).map(Arc::clone);
        let ended = match &known {
            Some(shared) => match &shared.slot.lock().await.versioned {
                Some(versioned) if !is_open(&versioned.state.status) => Some(versioned.state.last_agent),
                Some(_) | None => return Ok(Arc::clone(shared)),
            },
            None => None,
        };
        let next = match ended {
            Some(previous_agent) => load(tenant, contact, inbox, None, previous_agent).await?,
            None => self.latest_of(tenant, contact, inbox).await?,
        };
        let mut maps = self.lock();
        maps.make_room();
        let current = maps.by_visitor.entry((contact, inbox)).or_insert_with(|| Arc::clone(&next));
        // Another input of the same visitor may have come here first; then its place counts.
        if known.is_some_and(|it| Arc::ptr_eq(&it, current)) {
            *current = next;
        }
        Ok(Arc::clone(current))
    }

    async fn latest_of(&self, tenant: &Tenant, contact: ContactId, inbox: InboxId) -> Result<Arc<Shared>, Fault> {
        match tenant.store.latest_conversation(contact, inbox).await? {
            Some(latest) if is_open(&latest.state.status) => self.of(tenant, latest.state.id).await,
            latest => load(tenant, contact, inbox, None, latest.and_then(|it| it.state.last_agent)).await,
        }
    }

    /// A conversation was opened in this place: it is found by its id from here on.
    pub(super) fn adopt(&self, id: ConversationId, shared: &Arc<Shared>) {
        self.lock().by_id.insert(id, Arc::clone(shared));
    }

    fn lock(&self) -> MutexGuard<'_, Maps> {
        self.maps.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Maps {
    /// Forgets what nobody uses. Handles are given out under this map's lock only, so a count cannot rise meanwhile.
    fn make_room(&mut self) {
        if self.by_id.len().max(self.by_visitor.len()) < KEPT_MAX {
            return;
        }
        let held_by_both: usize = 2;
        self.by_visitor.retain(|_, shared| Arc::strong_count(shared) > held_by_both);
        self.by_id.retain(|_, shared| Arc::strong_count(shared) > 1);
    }
}

async fn load(
    tenant: &Tenant,
    contact: ContactId,
    inbox: InboxId,
    versioned: Option<Versioned>,
    previous_agent: Option<MemberId>,
) -> Result<Arc<Shared>, Fault> {
    let contact = tenant.store.contact(contact).await?.ok_or_else(|| Fault::new(codes::NOT_FOUND))?;
    let slot = Slot { inbox, versioned, previous_agent, stale: false, care: None, contact };
    Ok(Arc::new(Shared { contact: slot.contact.id, slot: tokio::sync::Mutex::new(slot) }))
}
