//! The store: a tenant's handle is the only way to a query; a decision is committed whole or not at all.

use std::sync::Arc;

use async_trait::async_trait;
use rapport_model::{
    Actor, Alert, ArticleId, AuditLine, AuditRecord, Consent, Contact, ContactId, Conversation, ConversationId, Counter, CredentialId, Effect, EffectId, Entry,
    Fault, Identity, IdentityKind, InboxId, MemberId, NewEntry, Outcome, OutboxItem, QueueEntry, Seq, Spending, SpendingId, SpendingState, Spent, StatusCategory, Tenant, TenantId, Ticket,
    TicketId, Timer, TimerChange, TimerId, Timestamp, codes,
};

use crate::{CareWrite, Erased, Expect, PersonData, Record, Sample, StoredRecord, parse_record};

/// Everything one decision changes, for one transaction: state, journal, queue, outbox, timers, audit.
#[derive(Clone, Debug)]
pub struct Commit {
    /// Version the decision was made on; 0 for a conversation that it opens.
    pub expected_version: u64,
    /// State after the decision; the store keeps it beside the journal.
    pub state: Conversation,
    /// At least one, in order.
    pub entries: Vec<NewEntry>,
    pub queue: QueueChange,
    pub effects: Vec<(EffectId, Effect)>,
    /// Set (with a fresh id) or cancel.
    pub timers: Vec<(TimerId, TimerChange)>,
    pub audit: Vec<AuditRecord>,
    /// Set when the decision rested on roster and queue: fails with `Conflict` when another routing decision was committed since.
    pub routing_version: Option<u64>,
    /// What is kept of consent and care.
    pub care: Option<Box<CareWrite>>,
    pub at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum QueueChange {
    Keep,
    Put(QueueEntry),
    Remove,
}

/// What a commit made.
#[derive(Clone, Debug)]
pub struct Committed {
    pub version: u64,
    /// As it was given.
    pub state: Conversation,
    /// In order, numbered.
    pub entries: Arc<[Entry]>,
}

/// Why a commit made nothing.
#[derive(Debug, thiserror::Error)]
pub enum CommitError {
    /// The conversation (or routing) moved on: load again and decide again.
    #[error("version conflict")]
    Conflict,
    /// This inbound fact is on the timeline already, under this number.
    #[error("duplicate of {seq}")]
    Duplicate { seq: Seq, conversation: ConversationId },
    /// Nothing was told to anybody. It was not written, or the commit itself ended in doubt: an external id tells when it is tried again.
    #[error("store: {0}")]
    Unavailable(String),
}

/// A conversation with the version to expect at its next commit.
#[derive(Clone, Debug, PartialEq)]
pub struct Versioned {
    pub version: u64,
    pub state: Conversation,
    /// The number of its newest entry.
    pub last_seq: Seq,
}

/// A row of a conversation list.
#[derive(Clone, Debug, PartialEq)]
pub struct ConversationRow {
    pub state: Conversation,
    pub last_seq: Seq,
    pub contact: Option<Contact>,
}

/// Which conversations a list shows. Newest activity first.
#[derive(Clone, Debug, Default)]
pub struct ConversationFilter {
    pub assignee: Option<MemberId>,
    /// Waiting ones and open ones that nobody has (bot excluded unless its category is asked for).
    pub unassigned: bool,
    pub categories: Vec<StatusCategory>,
    pub inbox: Option<InboxId>,
    pub contact: Option<ContactId>,
    /// Found in a message, the contact's name, e-mail or phone, or the number.
    pub text: Option<String>,
    /// Continue after this row: (updated_at, id) of the last one shown.
    pub before: Option<(Timestamp, ConversationId)>,
    pub limit: u32,
}

/// Which part of the journal is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JournalScope {
    Tenant,
    Conversation(ConversationId),
    /// All conversations of one contact in one inbox.
    Visitor { contact: ContactId, inbox: InboxId },
}

/// A secret as stored: only its SHA-256. The owner proves it by showing the secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credential {
    pub id: CredentialId,
    pub tenant: TenantId,
    pub kind: CredentialKind,
    /// SHA-256 of the secret; for `Password` of (tenant, member), whose `detail` is the argon2 string.
    pub hash: [u8; 32],
    pub member: Option<MemberId>,
    /// Role of a token that belongs to no member.
    pub role: Option<rapport_model::Role>,
    pub label: String,
    pub detail: String,
    pub created_at: Timestamp,
    pub expires_at: Option<Timestamp>,
    pub last_used_at: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CredentialKind {
    Session,
    ApiToken,
    /// Works once.
    SignInLink,
    Password,
}

impl CredentialKind {
    pub fn name(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::ApiToken => "api_token",
            Self::SignInLink => "sign_in_link",
            Self::Password => "password",
        }
    }
}

/// What weakens a promise without breaking anything yet; `doctor` says what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Caution {
    /// The database role passes row-level security, so the second wall between tenants is not there.
    BypassesRowSecurity { role: String },
    /// A setting of the database server lets a power cut take acknowledged writes.
    NotDurable { setting: String, value: String },
    /// The database found itself damaged.
    Damaged { found: String },
}

/// The whole installation's store. Only what has no tenant yet is asked here.
#[async_trait]
pub trait Store: Send + Sync {
    fn tenant(&self, id: TenantId) -> Arc<dyn TenantStore>;

    async fn create_tenant(&self, tenant: &Tenant) -> Result<(), Fault>;
    async fn tenants(&self) -> Result<Vec<Tenant>, Fault>;

    /// The tenant and record id behind an installation-wide unique key (an inbox's public key).
    async fn resolve_key(&self, kind: &'static str, key: &str) -> Result<Option<(TenantId, [u8; 16])>, Fault>;
    /// Active members with this e-mail address, over all tenants.
    async fn resolve_email(&self, email: &str) -> Result<Vec<(TenantId, MemberId)>, Fault>;

    async fn credential(&self, hash: [u8; 32]) -> Result<Option<Credential>, Fault>;
    /// Takes a one-time credential: returns it at most once, whoever asks how often.
    async fn take_credential(&self, hash: [u8; 32], now: Timestamp) -> Result<Option<Credential>, Fault>;

    /// Effects that are due, leased to the caller until `now + lease_ms`.
    async fn claim_effects(&self, now: Timestamp, lease_ms: i64, limit: u32) -> Result<Vec<OutboxItem>, Fault>;
    async fn settle_effect(&self, id: EffectId, outcome: &Outcome, now: Timestamp) -> Result<(), Fault>;
    /// Timers that are due, soonest first. They stay until `TenantStore::clear_timer` or until they are set anew.
    async fn due_timers(&self, now: Timestamp, limit: u32) -> Result<Vec<(TenantId, Timer)>, Fault>;
    /// When the next timer or effect falls due.
    async fn next_due(&self) -> Result<Option<Timestamp>, Fault>;

    /// A consistent copy of the database into `path` while serving (`SQLite` only; others answer with their own tool's name).
    async fn backup(&self, path: &std::path::Path) -> Result<(), Fault>;
    /// Whether reading and durable writing work now.
    async fn check(&self) -> Result<(), Fault>;
    /// A short name and version for `doctor` and metrics: `sqlite 3.51.0`.
    async fn describe(&self) -> Result<String, Fault>;
    /// Looks the database over; may take long.
    async fn cautions(&self) -> Result<Vec<Caution>, Fault> {
        Ok(Vec::new())
    }
}

/// What becomes of a stored thing. May be asked more than once for one change; a refusal changes nothing.
pub type Change<T> = Box<dyn Fn(T) -> Result<T, Fault> + Send + Sync>;

/// Everything of one tenant. No method can reach another's rows.
#[async_trait]
pub trait TenantStore: Send + Sync {
    fn id(&self) -> TenantId;
    /// Saves the tenant's name and language; its id and short name stay.
    async fn put_tenant(&self, tenant: &Tenant) -> Result<(), Fault>;

    // --- journal and conversations
    async fn commit(&self, commit: Commit) -> Result<Committed, CommitError>;
    async fn conversation(&self, id: ConversationId) -> Result<Option<Versioned>, Fault>;
    /// The contact's newest conversation in this inbox.
    async fn latest_conversation(&self, contact: ContactId, inbox: InboxId) -> Result<Option<Versioned>, Fault>;
    async fn conversations(&self, filter: &ConversationFilter) -> Result<Vec<ConversationRow>, Fault>;
    /// How many conversations: (mine, unassigned, all open).
    async fn conversation_counts(&self, me: MemberId) -> Result<(u64, u64, u64), Fault>;
    /// Entries after a number, oldest first.
    async fn entries_after(&self, scope: JournalScope, after: Seq, limit: u32) -> Result<Vec<Entry>, Fault>;
    /// Entries before a number, newest first.
    async fn entries_before(&self, scope: JournalScope, before: Seq, limit: u32) -> Result<Vec<Entry>, Fault>;
    /// The newest number of the tenant.
    async fn last_seq(&self) -> Result<Seq, Fault>;
    /// The number and conversation of an inbound fact, if it is on the timeline.
    async fn find_external(&self, inbox: InboxId, external_id: &str) -> Result<Option<(Seq, ConversationId)>, Fault>;
    /// The next public number; gaps are allowed.
    async fn allot(&self, counter: Counter) -> Result<u64, Fault>;

    // --- routing
    async fn queue(&self) -> Result<Vec<QueueEntry>, Fault>;
    /// Version for `Commit::routing_version`.
    async fn routing_version(&self) -> Result<u64, Fault>;
    /// Assigned and offered conversations by member, and when each last got one.
    async fn loads(&self) -> Result<Vec<(MemberId, u32, Option<Timestamp>)>, Fault>;
    /// Mean time from assignment to resolution of the latest (up to 50) resolved conversations.
    async fn handle_time_ms(&self) -> Result<Option<i64>, Fault>;
    /// Conversations offered to or assigned to this member.
    async fn held_by(&self, member: MemberId) -> Result<Vec<ConversationId>, Fault>;
    /// Puts effects into the outbox that no decision made. One that is there already, by its id, stays as it is.
    async fn enqueue(&self, effects: &[(EffectId, Effect)], at: Timestamp) -> Result<(), Fault>;
    /// Effects that ended without success and stay to be looked at, newest first.
    async fn stuck_effects(&self, limit: u32) -> Result<Vec<(OutboxItem, Outcome)>, Fault>;
    /// Has a stuck effect tried again at `at`, its attempts counted anew; whether there was one.
    async fn retry_effect(&self, id: EffectId, at: Timestamp) -> Result<bool, Fault>;
    /// Removes a fired timer if it still has this id.
    async fn clear_timer(&self, id: TimerId) -> Result<(), Fault>;
    /// The timers of a conversation.
    async fn timers(&self, conversation: ConversationId) -> Result<Vec<Timer>, Fault>;

    // --- contacts
    async fn contact(&self, id: ContactId) -> Result<Option<Contact>, Fault>;
    async fn put_contact(&self, contact: &Contact) -> Result<(), Fault>;
    /// Reads, changes and writes in one step, so that two changes at once both count. `None` where it is not there.
    async fn change_contact(&self, id: ContactId, change: Change<Contact>) -> Result<Option<Contact>, Fault>;
    async fn contacts(&self, text: Option<&str>, before: Option<ContactId>, limit: u32) -> Result<Vec<Contact>, Fault>;
    async fn find_identity(&self, kind: IdentityKind, inbox: Option<InboxId>, value: &str) -> Result<Option<Identity>, Fault>;
    /// Returns the identity that holds after the call: an existing one wins over the new.
    async fn put_identity(&self, identity: &Identity) -> Result<Identity, Fault>;

    // --- consent and care
    /// All that the contact ever answered, withdrawn ones too.
    async fn consents(&self, contact: ContactId) -> Result<Vec<Consent>, Fault>;
    /// The sealed mood of a conversation.
    async fn mood(&self, conversation: ConversationId) -> Result<Option<String>, Fault>;
    /// What was noticed in a conversation, oldest first.
    async fn samples(&self, conversation: ConversationId) -> Result<Vec<Sample>, Fault>;
    /// Deletes what was noticed of feelings and has expired: how much.
    async fn expire_samples(&self, now: Timestamp) -> Result<u64, Fault>;
    /// What was spent on a contact, and on all on a day.
    async fn spent(&self, contact: ContactId, day: i64) -> Result<Spent, Fault>;
    /// Newest first; in one state or in all.
    async fn spendings(&self, state: Option<SpendingState>, limit: u32) -> Result<Vec<Spending>, Fault>;
    async fn spending(&self, id: SpendingId) -> Result<Option<Spending>, Fault>;
    /// Those not seen yet, newest first.
    async fn alerts(&self) -> Result<Vec<Alert>, Fault>;
    /// Whether there was one to be seen.
    async fn see_alert(&self, conversation: ConversationId) -> Result<bool, Fault>;
    /// The secret by which the audit log knows a contact: the one that is kept, or `fresh` from here on.
    async fn person_key(&self, contact: ContactId, fresh: [u8; 32]) -> Result<[u8; 32], Fault>;
    /// Everything about one person.
    async fn person_data(&self, contact: ContactId) -> Result<PersonData, Fault>;
    /// Erases everything about one person, in one transaction. What they wrote is gone from the journal, which keeps its numbers; files are named for whoever
    /// deletes them.
    async fn erase_person(&self, contact: ContactId) -> Result<Erased, Fault>;
    /// In how many rows of any table one of these texts stands. Looks through everything: for proof of an erasure.
    async fn scan(&self, texts: &[String]) -> Result<u64, Fault>;

    // --- tickets
    /// Writes a ticket unless it is there: made a second time it does not undo what came after.
    async fn put_ticket(&self, ticket: &Ticket) -> Result<(), Fault>;
    /// As `change_contact`.
    async fn change_ticket(&self, id: TicketId, change: Change<Ticket>) -> Result<Option<Ticket>, Fault>;
    async fn ticket(&self, id: TicketId) -> Result<Option<Ticket>, Fault>;
    /// Newest first; `before` is the last number shown.
    async fn tickets(&self, open_only: bool, before: Option<u64>, limit: u32) -> Result<Vec<Ticket>, Fault>;

    // --- files
    async fn put_attachment(&self, attachment: &rapport_model::Attachment, owner: Actor, conversation: Option<ConversationId>, at: Timestamp) -> Result<(), Fault>;
    /// The file's description, who uploaded it, and which conversation shows it (once it was sent).
    async fn attachment(&self, id: rapport_model::BlobId) -> Result<Option<(rapport_model::Attachment, Actor, Option<ConversationId>)>, Fault>;
    /// Ties a file to the conversation it was sent in; a file tied to another one stays there (`false`).
    async fn tie_attachment(&self, id: rapport_model::BlobId, conversation: ConversationId) -> Result<bool, Fault>;

    // --- configuration documents
    async fn put_record(&self, kind: &'static str, id: [u8; 16], key: Option<String>, global_key: Option<String>, body: String, expect: Expect) -> Result<u64, Fault>;
    async fn record(&self, kind: &'static str, id: [u8; 16]) -> Result<Option<StoredRecord>, Fault>;
    async fn records(&self, kind: &'static str) -> Result<Vec<StoredRecord>, Fault>;
    async fn delete_record(&self, kind: &'static str, id: [u8; 16]) -> Result<bool, Fault>;
    /// Keeps a version of an article for ever.
    async fn put_article_version(&self, article: &rapport_model::Article) -> Result<(), Fault>;
    async fn article_versions(&self, id: ArticleId) -> Result<Vec<rapport_model::Article>, Fault>;
    /// A small named value (`public_key`, `identity_secret:<inbox>`); never listed.
    async fn setting(&self, name: &str) -> Result<Option<String>, Fault>;
    async fn put_setting(&self, name: &str, value: &str) -> Result<(), Fault>;

    // --- credentials
    async fn put_credential(&self, credential: &Credential) -> Result<(), Fault>;
    async fn credentials(&self, kind: CredentialKind) -> Result<Vec<Credential>, Fault>;
    async fn delete_credential(&self, id: CredentialId) -> Result<bool, Fault>;
    /// Ends sessions, links and tokens of a member (on password change, deactivation).
    async fn revoke_member(&self, member: MemberId, kinds: &[CredentialKind]) -> Result<u64, Fault>;

    // --- audit
    async fn audit(&self, records: Vec<AuditRecord>) -> Result<(), Fault>;
    /// Newest first.
    async fn audit_lines(&self, before: Option<u64>, limit: u32) -> Result<Vec<AuditLine>, Fault>;
}

/// Typed reading and writing of configuration documents over any tenant store.
#[async_trait]
pub trait Records {
    async fn get<T: Record>(&self, id: [u8; 16]) -> Result<Option<T>, Fault>;
    async fn list<T: Record>(&self) -> Result<Vec<T>, Fault>;
    async fn put<T: Record>(&self, record: &T, expect: Expect) -> Result<u64, Fault>;
    async fn remove<T: Record>(&self, id: [u8; 16]) -> Result<bool, Fault>;
}

#[async_trait]
impl Records for Arc<dyn TenantStore> {
    async fn get<T: Record>(&self, id: [u8; 16]) -> Result<Option<T>, Fault> {
        self.record(T::KIND, id).await?.map(|it| parse_record(&it)).transpose()
    }
    async fn list<T: Record>(&self) -> Result<Vec<T>, Fault> {
        self.records(T::KIND).await?.iter().map(parse_record).collect()
    }
    async fn put<T: Record>(&self, record: &T, expect: Expect) -> Result<u64, Fault> {
        let body = serde_json::to_string(record).map_err(|error| Fault::with(codes::INTERNAL, error.to_string()))?;
        self.put_record(T::KIND, record.id(), record.key(), record.global_key(), body, expect).await
    }
    async fn remove<T: Record>(&self, id: [u8; 16]) -> Result<bool, Fault> {
        self.delete_record(T::KIND, id).await
    }
}
