//! The in-process bus: fans committed entries out to the sockets of this node, bounded per listener.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
};

use rapport_model::{ContactId, Entry, InboxId, MemberId, TenantId, Timestamp};
use rapport_ports::{Bus, Encode, Heard, Listener, Listening, LiveEntry, Signal, WAITING_BYTES_MAX, WAITING_FRAMES_MAX};
use tokio::sync::mpsc;

/// One node's bus.
pub struct InProcessBus {
    encode: Encode,
    tenants: Arc<Mutex<HashMap<TenantId, Listeners>>>,
    next: AtomicU64,
}

#[derive(Default)]
struct Listeners {
    members: BTreeMap<u64, (MemberId, Outlet)>,
    visitors: HashMap<(ContactId, InboxId), Vec<(u64, Outlet)>>,
}

/// The sending side of one listener. Taken away when the reader falls behind.
struct Outlet {
    sender: Option<mpsc::Sender<Heard>>,
    waiting_bytes: Arc<AtomicUsize>,
}

impl Outlet {
    fn offer(&mut self, heard: &Heard) {
        let Some(sender) = &self.sender else { return };
        let bytes = heard.weight();
        let waiting = self.waiting_bytes.fetch_add(bytes, Ordering::Relaxed);
        if waiting.saturating_add(bytes) > WAITING_BYTES_MAX || sender.try_send(heard.clone()).is_err() {
            self.sender = None;
        }
    }
}

impl InProcessBus {
    pub fn new(encode: Encode) -> Self {
        Self { encode, tenants: Arc::default(), next: AtomicU64::new(1) }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<TenantId, Listeners>> {
        self.tenants.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Bus for InProcessBus {
    fn publish(&self, tenant: TenantId, entries: &Arc<[Entry]>, _at: Timestamp) {
        let mut tenants = self.lock();
        let Some(listeners) = tenants.get_mut(&tenant) else { return };
        for (entry, live) in LiveEntry::each(tenant, entries, self.encode) {
            let visitors = listeners.visitors.get_mut(&(entry.contact, entry.inbox)).filter(|_| entry.event.for_customer());
            if listeners.members.is_empty() && visitors.is_none() {
                continue;
            }
            let heard = Heard::Entry(Arc::new(live()));
            for (_, outlet) in listeners.members.values_mut() {
                outlet.offer(&heard);
            }
            for (_, outlet) in visitors.into_iter().flatten() {
                outlet.offer(&heard);
            }
        }
    }

    fn signal(&self, tenant: TenantId, signal: Signal) {
        let visitor = match &signal {
            Signal::Typing { contact, inbox, .. } | Signal::Queue { contact, inbox, .. } => Some((*contact, *inbox)),
            Signal::Presence { .. } | Signal::Visitor { .. } | Signal::RightsChanged { .. } => None,
        };
        let only = if let Signal::RightsChanged { member } = &signal { Some(*member) } else { None };
        let heard = Heard::Signal(Arc::new(signal));
        let mut tenants = self.lock();
        let Some(listeners) = tenants.get_mut(&tenant) else { return };
        for (_, outlet) in listeners.members.values_mut().filter(|it| only.is_none_or(|only| only == it.0)) {
            outlet.offer(&heard);
        }
        if let Some(outlets) = visitor.and_then(|it| listeners.visitors.get_mut(&it)) {
            for (_, outlet) in outlets.iter_mut() {
                outlet.offer(&heard);
            }
        }
    }

    fn listen(&self, listener: Listener) -> Listening {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let (sender, heard) = mpsc::channel(WAITING_FRAMES_MAX);
        let waiting_bytes = Arc::new(AtomicUsize::new(0));
        let outlet = Outlet { sender: Some(sender), waiting_bytes: Arc::clone(&waiting_bytes) };
        let mut tenants = self.lock();
        match &listener {
            Listener::Member { tenant, member } => {
                tenants.entry(*tenant).or_default().members.insert(number, (*member, outlet));
            }
            Listener::Visitor { tenant, contact, inbox } => {
                tenants.entry(*tenant).or_default().visitors.entry((*contact, *inbox)).or_default().push((number, outlet));
            }
        }
        Listening { heard, waiting_bytes, guard: Box::new(Guard { tenants: Arc::clone(&self.tenants), listener, number }) }
    }

    fn members_online(&self, tenant: TenantId) -> Vec<MemberId> {
        let tenants = self.lock();
        let members: BTreeSet<MemberId> = tenants.get(&tenant).map(|it| it.members.values().map(|(id, _)| *id).collect()).unwrap_or_default();
        members.into_iter().collect()
    }

    fn visitor_online(&self, tenant: TenantId, contact: ContactId) -> bool {
        self.lock().get(&tenant).is_some_and(|it| it.visitors.keys().any(|(id, _)| *id == contact))
    }

    fn listeners(&self) -> usize {
        self.lock().values().map(|it| it.members.len().saturating_add(it.visitors.values().map(Vec::len).sum())).sum()
    }
}

/// Unsubscribes its listener when the socket goes.
struct Guard {
    tenants: Arc<Mutex<HashMap<TenantId, Listeners>>>,
    listener: Listener,
    number: u64,
}

impl Drop for Guard {
    fn drop(&mut self) {
        let mut tenants = self.tenants.lock().unwrap_or_else(PoisonError::into_inner);
        match &self.listener {
            Listener::Member { tenant, .. } => {
                if let Some(listeners) = tenants.get_mut(tenant) {
                    listeners.members.remove(&self.number);
                }
            }
            Listener::Visitor { tenant, contact, inbox } => {
                if let Some(listeners) = tenants.get_mut(tenant)
                    && let Some(outlets) = listeners.visitors.get_mut(&(*contact, *inbox))
                {
                    outlets.retain(|(number, _)| *number != self.number);
                    if outlets.is_empty() {
                        listeners.visitors.remove(&(*contact, *inbox));
                    }
                }
            }
        }
    }
}
