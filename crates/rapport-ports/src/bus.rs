//! The bus: committed entries in order, and signals that are not kept, to whoever listens on this node.

use std::sync::{Arc, atomic::AtomicUsize};

use rapport_model::{Actor, ContactId, ConversationId, Entry, InboxId, MemberId, Presence, TenantId, Timestamp};
use serde::Serialize;
use tokio::sync::mpsc;

/// How many frames may wait for one reader before it is cut (docs/live-protocol.md).
pub const WAITING_FRAMES_MAX: usize = 512;
/// How many bytes of frames may wait for one reader before it is cut.
pub const WAITING_BYTES_MAX: usize = 1024 * 1024;

/// Who listens, and so what they may hear.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Listener {
    /// A desk: every entry of the tenant.
    Member { tenant: TenantId, member: MemberId },
    /// A widget: entries for customers of its own conversations in one inbox.
    Visitor { tenant: TenantId, contact: ContactId, inbox: InboxId },
}

/// Not kept: who was away does not miss it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "t", rename_all = "snake_case")]
pub enum Signal {
    Typing { conversation: ConversationId, contact: ContactId, inbox: InboxId, actor: Actor, on: bool },
    /// To members only.
    Presence { member: MemberId, presence: Presence },
    /// To one visitor and to members: place and estimate in the queue.
    Queue { conversation: ConversationId, contact: ContactId, inbox: InboxId, position: u32, estimate_s: Option<u32> },
    /// To members: the visitor's widget came or went.
    Visitor { contact: ContactId, inbox: InboxId, online: bool },
}

/// One thing heard. Entries arrive in journal order.
#[derive(Clone, Debug)]
pub enum Heard {
    Entry(Arc<LiveEntry>),
    Signal(Arc<Signal>),
}

/// An entry with the frames made of it once, for all listeners.
#[derive(Debug)]
pub struct LiveEntry {
    pub tenant: TenantId,
    pub entry: Entry,
    /// The JSON event frame for members (docs/live-protocol.md).
    pub member_frame: bytes::Bytes,
    /// The same for the customer; `None` when it is not for them.
    pub visitor_frame: Option<bytes::Bytes>,
}

/// A listener's bounded inbox. When it overflows the bus drops the sender: `recv` then yields `None` and the socket is cut.
pub struct Listening {
    pub heard: mpsc::Receiver<Heard>,
    /// Bytes waiting: the reader takes off what it took, `Heard::bytes`.
    pub waiting_bytes: Arc<AtomicUsize>,
    /// Unsubscribes when dropped.
    pub guard: Box<dyn Send + Sync>,
}

pub trait Bus: Send + Sync {
    /// Called by the store's writer, in commit order.
    fn publish(&self, tenant: TenantId, entries: &[Entry], at: Timestamp);
    fn signal(&self, tenant: TenantId, signal: Signal);
    fn listen(&self, listener: Listener) -> Listening;
    /// Members with at least one desk, and visitors with at least one widget connected here.
    fn members_online(&self, tenant: TenantId) -> Vec<MemberId>;
    fn visitor_online(&self, tenant: TenantId, contact: ContactId) -> bool;
    fn listeners(&self) -> usize;
}
