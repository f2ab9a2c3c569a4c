//! The bus: committed entries in order, and signals that are not kept, to whoever listens on this node.

use std::sync::{Arc, OnceLock, atomic::AtomicUsize};

use bytes::Bytes;

use rapport_model::{Actor, ContactId, ConversationId, Entry, InboxId, MemberId, Presence, TenantId, Timestamp};
use serde::Serialize;
use tokio::sync::mpsc;

/// How many frames may wait for one reader before it is cut (docs/live-protocol.md).
pub const WAITING_FRAMES_MAX: usize = 2_000;
/// How many bytes of frames may wait for one reader before it is cut.
pub const WAITING_BYTES_MAX: usize = 1024 * 1024;
/// A frame without the text in it, about.
const FRAME_BYTES: usize = 512;

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
    /// To this member alone: what they may see is another, so what they were shown is read again.
    RightsChanged { member: MemberId },
}

/// One thing heard. Entries arrive in journal order.
#[derive(Clone, Debug)]
pub enum Heard {
    Entry(Arc<LiveEntry>),
    Signal(Arc<Signal>),
}

impl Heard {
    /// What it counts for while it waits. Units: bytes, about those of its frame.
    pub fn weight(&self) -> usize {
        match self {
            Self::Entry(live) => FRAME_BYTES.saturating_add(live.entry().event.message().map_or(0, |it| it.content.plain_text().len())),
            Self::Signal(_) => FRAME_BYTES,
        }
    }
}

/// Makes the frames of an entry: for members, and for the customer where it is for them.
pub type Encode = fn(&Entry) -> (Bytes, Option<Bytes>);

/// An entry and the frames of it, made once for all listeners by the first of them: the writer, which tells of it, has no time for that.
#[derive(Debug)]
pub struct LiveEntry {
    pub tenant: TenantId,
    /// Of one commit, shared with whoever else hears of it.
    entries: Arc<[Entry]>,
    at: usize,
    encode: Encode,
    frames: OnceLock<(Bytes, Option<Bytes>)>,
    masked: OnceLock<Bytes>,
}

impl LiveEntry {
    /// One for each entry of a commit.
    pub fn each<'a>(tenant: TenantId, entries: &'a Arc<[Entry]>, encode: Encode) -> impl Iterator<Item = (&'a Entry, impl FnOnce() -> Self + 'a)> {
        entries.iter().enumerate().map(move |(at, entry)| (entry, move || Self { tenant, entries: Arc::clone(entries), at, encode, frames: OnceLock::new(), masked: OnceLock::new() }))
    }

    #[expect(clippy::indexing_slicing, reason = "`each` counts them")]
    pub fn entry(&self) -> &Entry {
        &self.entries[self.at]
    }

    /// The JSON event frame for members (docs/live-protocol.md).
    pub fn member_frame(&self) -> &Bytes {
        &self.frames().0
    }

    /// The same for members who do not see personal data, made by the first of them for all.
    pub fn masked_frame(&self, mask: fn(&[u8]) -> Bytes) -> &Bytes {
        self.masked.get_or_init(|| mask(self.member_frame()))
    }

    /// The same for the customer; `None` when it is not for them.
    pub fn visitor_frame(&self) -> Option<&Bytes> {
        self.frames().1.as_ref()
    }

    fn frames(&self) -> &(Bytes, Option<Bytes>) {
        self.frames.get_or_init(|| (self.encode)(self.entry()))
    }
}

/// A listener's bounded inbox. When it overflows the bus drops the sender: `recv` then yields `None` and the socket is cut.
pub struct Listening {
    pub heard: mpsc::Receiver<Heard>,
    /// Bytes waiting: the reader takes off what it took, `Heard::weight`.
    pub waiting_bytes: Arc<AtomicUsize>,
    /// Unsubscribes when dropped.
    pub guard: Box<dyn Send + Sync>,
}

pub trait Bus: Send + Sync {
    /// Called by the store's writer, in commit order.
    fn publish(&self, tenant: TenantId, entries: &Arc<[Entry]>, at: Timestamp);
    fn signal(&self, tenant: TenantId, signal: Signal);
    fn listen(&self, listener: Listener) -> Listening;
    /// Members with at least one desk, and visitors with at least one widget connected here.
    fn members_online(&self, tenant: TenantId) -> Vec<MemberId>;
    fn visitor_online(&self, tenant: TenantId, contact: ContactId) -> bool;
    fn listeners(&self) -> usize;
}
