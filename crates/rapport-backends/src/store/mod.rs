//! The store over either database: reads on the readers, writes through the writer, every statement with its tenant.

mod audit;
mod care;
pub(crate) mod commit;
mod conversation;
mod counters;
mod directory;
pub(crate) mod journal;
mod kept;
mod list;
mod person;
#[cfg(test)]
mod plans;
mod record;
mod schedule;
mod text;

use std::{path::Path, sync::Arc};

use async_trait::async_trait;
use rapport_model::{
    Actor, Alert, Article, ArticleId, Attachment, AuditLine, AuditRecord, BlobId, Consent, Contact, ContactId, ConversationId, Counter, CredentialId, Effect, EffectId,
    Entry, Fault, Identity, IdentityKind, InboxId, MemberId, Outcome, OutboxItem, QueueEntry, Seq, Spending, SpendingId, SpendingState, Spent, Tenant, TenantId, Ticket, TicketId, Timer,
    TimerId, Timestamp, codes,
};
use rapport_ports::{
    Change, Caution, Commit, CommitError, Committed, ConversationFilter, ConversationRow, Credential, CredentialKind, Erased, Expect, JournalScope, PersonData, Sample, Store, StoredRecord,
    TenantStore, Versioned,
};
use tokio::sync::oneshot;

use crate::{
    readers::{Readers, unavailable},
    sql::{Scope, Sql, SqlError},
    writer::{Job, Undo, Write, Writer},
};

/// One database.
#[derive(Clone)]
pub(crate) struct SqlStore {
    pub(crate) readers: Readers,
    pub(crate) writer: Writer,
    /// Copies the database; only SQLite can from here.
    pub(crate) copy: Option<Arc<dyn Fn(&Path) -> Result<(), SqlError> + Send + Sync>>,
}

struct Pending<T, F> {
    scope: Scope,
    moves_conversations: bool,
    work: F,
    outcome: Option<Result<T, SqlError>>,
    answer: oneshot::Sender<Result<T, Fault>>,
}

impl<T: Send, F: Fn(&mut dyn Sql) -> Result<T, SqlError> + Send> Write for Pending<T, F> {
    fn run(&mut self, sql: &mut dyn Sql) -> Result<(), Undo> {
        let outcome = sql.scope(self.scope).and_then(|()| (self.work)(sql));
        let undo = match outcome {
            Ok(_) => Ok(()),
            Err(SqlError::Storage(why)) => return Err(Undo::All(SqlError::Storage(why))),
            Err(_) => Err(Undo::Own),
        };
        self.outcome = Some(outcome);
        undo
    }

    fn moves_conversations(&self) -> bool {
        self.moves_conversations
    }

    fn answer(self: Box<Self>, durable: bool) {
        let told = match self.outcome {
            Some(Ok(made)) if durable => Ok(made),
            Some(Err(error)) => Err(unavailable(&error)),
            Some(Ok(_)) | None => Err(Fault::new(codes::STORE_UNAVAILABLE)),
        };
        // Whoever asked may have gone meanwhile.
        drop(self.answer.send(told));
    }
}

impl SqlStore {
    async fn read<T: Send + 'static>(&self, query: impl Fn(&mut dyn Sql) -> Result<T, SqlError> + Send + 'static) -> Result<T, Fault> {
        self.readers.read(Scope::Installation, query).await
    }

    async fn write<T: Send + 'static>(&self, work: impl Fn(&mut dyn Sql) -> Result<T, SqlError> + Send + 'static) -> Result<T, Fault> {
        self.write_as(Scope::Installation, false, work).await
    }

    async fn write_as<T: Send + 'static>(&self, scope: Scope, moves_conversations: bool, work: impl Fn(&mut dyn Sql) -> Result<T, SqlError> + Send + 'static) -> Result<T, Fault> {
        let (answer, answered) = oneshot::channel();
        let job = Job::Write(Box::new(Pending { scope, moves_conversations, work, outcome: None, answer }));
        let closed = || Fault::new(codes::STORE_UNAVAILABLE);
        self.writer.submit(job).await.map_err(|()| closed())?;
        answered.await.map_err(|_gone| closed())?
    }
}

#[async_trait]
impl Store for SqlStore {
    fn tenant(&self, id: TenantId) -> Arc<dyn TenantStore> {
        Arc::new(Scoped { store: self.clone(), tenant: id })
    }
    async fn create_tenant(&self, tenant: &Tenant) -> Result<(), Fault> {
        let tenant = tenant.clone();
        self.write(move |sql| directory::create_tenant(sql, &tenant)).await
    }
    async fn tenants(&self) -> Result<Vec<Tenant>, Fault> {
        self.read(directory::tenants).await
    }
    async fn resolve_key(&self, kind: &'static str, key: &str) -> Result<Option<(TenantId, [u8; 16])>, Fault> {
        let key = key.to_owned();
        self.read(move |sql| record::resolve_key(sql, kind, &key)).await
    }
    async fn resolve_email(&self, email: &str) -> Result<Vec<(TenantId, MemberId)>, Fault> {
        let email = email.to_lowercase();
        self.read(move |sql| record::resolve_email(sql, &email)).await
    }
    async fn credential(&self, hash: [u8; 32]) -> Result<Option<Credential>, Fault> {
        self.read(move |sql| directory::credential(sql, hash)).await
    }
    async fn take_credential(&self, hash: [u8; 32], now: Timestamp) -> Result<Option<Credential>, Fault> {
        self.write(move |sql| directory::take_credential(sql, hash, now)).await
    }
    async fn claim_effects(&self, now: Timestamp, lease_ms: i64, limit: u32) -> Result<Vec<OutboxItem>, Fault> {
        // Nothing due is the usual case, and costs no write.
        if !self.read(move |sql| schedule::effects_due(sql, now)).await? {
            return Ok(Vec::new());
        }
        self.write(move |sql| schedule::claim_effects(sql, now, lease_ms, limit)).await
    }
    async fn settle_effect(&self, id: EffectId, outcome: &Outcome, now: Timestamp) -> Result<(), Fault> {
        let outcome = outcome.clone();
        self.write(move |sql| schedule::settle_effect(sql, id, &outcome, now)).await
    }
    async fn due_timers(&self, now: Timestamp, limit: u32) -> Result<Vec<(TenantId, Timer)>, Fault> {
        self.read(move |sql| schedule::due_timers(sql, now, limit)).await
    }
    async fn next_due(&self) -> Result<Option<Timestamp>, Fault> {
        self.read(schedule::next_due).await
    }
    async fn backup(&self, path: &Path) -> Result<(), Fault> {
        let Some(copy) = self.copy.clone() else { return Err(Fault::with(codes::INTERNAL, "use pg_dump for PostgreSQL")) };
        let path = path.to_owned();
        let copied = tokio::task::spawn_blocking(move || copy(&path)).await;
        copied.map_err(|error| Fault::with(codes::INTERNAL, error.to_string()))?.map_err(|error| unavailable(&error))
    }
    async fn check(&self) -> Result<(), Fault> {
        self.write(|sql| sql.run("update schema_version set checked = checked + 1", &[]).map(drop)).await?;
        self.tenants().await.map(drop)
    }
    async fn describe(&self) -> Result<String, Fault> {
        self.read(directory::describe).await
    }
    async fn cautions(&self) -> Result<Vec<Caution>, Fault> {
        self.read(directory::cautions).await
    }
}

/// A tenant's handle.
struct Scoped {
    store: SqlStore,
    tenant: TenantId,
}

impl Scoped {
    async fn read<T: Send + 'static>(&self, query: impl Fn(&mut dyn Sql, TenantId) -> Result<T, SqlError> + Send + 'static) -> Result<T, Fault> {
        let tenant = self.tenant;
        self.store.readers.read(Scope::Tenant(tenant), move |sql| query(sql, tenant)).await
    }
    async fn write<T: Send + 'static>(&self, work: impl Fn(&mut dyn Sql, TenantId) -> Result<T, SqlError> + Send + 'static) -> Result<T, Fault> {
        let tenant = self.tenant;
        self.store.write_as(Scope::Tenant(tenant), false, move |sql| work(sql, tenant)).await
    }
}

#[async_trait]
impl TenantStore for Scoped {
    fn id(&self) -> TenantId {
        self.tenant
    }

    async fn put_tenant(&self, tenant: &Tenant) -> Result<(), Fault> {
        let it = tenant.clone();
        self.write(move |sql, tenant| directory::put_tenant(sql, tenant, &it)).await
    }

    async fn commit(&self, commit: Commit) -> Result<Committed, CommitError> {
        let lost = |why: String| CommitError::Unavailable(why);
        let prepared = commit::PreparedCommit::new(self.tenant, commit).map_err(|error| lost(error.to_string()))?;
        let (answer, answered) = oneshot::channel();
        let job = Job::Commit { commit: Box::new(prepared), answer };
        self.store.writer.submit(job).await.map_err(|()| lost("the writer is gone".to_owned()))?;
        answered.await.map_err(|_gone| lost("the writer is gone".to_owned()))?
    }
    async fn conversation(&self, id: ConversationId) -> Result<Option<Versioned>, Fault> {
        self.read(move |sql, tenant| conversation::one(sql, tenant, id)).await
    }
    async fn latest_conversation(&self, contact: ContactId, inbox: InboxId) -> Result<Option<Versioned>, Fault> {
        self.read(move |sql, tenant| conversation::latest(sql, tenant, contact, inbox)).await
    }
    async fn conversations(&self, filter: &ConversationFilter) -> Result<Vec<ConversationRow>, Fault> {
        let filter = filter.clone();
        self.read(move |sql, tenant| conversation::list(sql, tenant, &filter)).await
    }
    async fn conversation_counts(&self, me: MemberId) -> Result<(u64, u64, u64), Fault> {
        self.read(move |sql, tenant| conversation::counts(sql, tenant, me)).await
    }
    async fn entries_after(&self, scope: JournalScope, after: Seq, limit: u32) -> Result<Vec<Entry>, Fault> {
        self.read(move |sql, tenant| journal::entries(sql, tenant, scope, after, true, limit)).await
    }
    async fn entries_before(&self, scope: JournalScope, before: Seq, limit: u32) -> Result<Vec<Entry>, Fault> {
        self.read(move |sql, tenant| journal::entries(sql, tenant, scope, before, false, limit)).await
    }
    async fn last_seq(&self) -> Result<Seq, Fault> {
        self.read(counters::last_seq).await
    }
    async fn find_external(&self, inbox: InboxId, external_id: &str) -> Result<Option<(Seq, ConversationId)>, Fault> {
        let external_id = external_id.to_owned();
        self.read(move |sql, tenant| journal::find_external(sql, tenant, inbox, &external_id)).await
    }
    async fn allot(&self, counter: Counter) -> Result<u64, Fault> {
        self.write(move |sql, tenant| directory::allot(sql, tenant, counter)).await
    }

    async fn queue(&self) -> Result<Vec<QueueEntry>, Fault> {
        self.read(journal::queue).await
    }
    async fn routing_version(&self) -> Result<u64, Fault> {
        self.read(counters::routing_version).await
    }
    async fn loads(&self) -> Result<Vec<(MemberId, u32, Option<Timestamp>)>, Fault> {
        self.read(conversation::loads).await
    }
    async fn handle_time_ms(&self) -> Result<Option<i64>, Fault> {
        self.read(conversation::handle_time_ms).await
    }
    async fn held_by(&self, member: MemberId) -> Result<Vec<ConversationId>, Fault> {
        self.read(move |sql, tenant| conversation::held_by(sql, tenant, member)).await
    }
    async fn clear_timer(&self, id: TimerId) -> Result<(), Fault> {
        self.write(move |sql, tenant| schedule::clear_timer(sql, tenant, id)).await
    }
    async fn timers(&self, conversation: ConversationId) -> Result<Vec<Timer>, Fault> {
        self.read(move |sql, tenant| schedule::timers(sql, tenant, conversation)).await
    }

    async fn contact(&self, id: ContactId) -> Result<Option<Contact>, Fault> {
        self.read(move |sql, tenant| directory::contact(sql, tenant, id)).await
    }
    async fn put_contact(&self, contact: &Contact) -> Result<(), Fault> {
        let contact = contact.clone();
        self.write(move |sql, tenant| directory::put_contact(sql, tenant, &contact)).await
    }
    async fn change_contact(&self, id: ContactId, change: Change<Contact>) -> Result<Option<Contact>, Fault> {
        self.write(move |sql, tenant| directory::change_contact(sql, tenant, id, &change)).await?
    }
    async fn contacts(&self, text: Option<&str>, before: Option<ContactId>, limit: u32) -> Result<Vec<Contact>, Fault> {
        let text = text.map(str::to_owned);
        self.read(move |sql, tenant| directory::contacts(sql, tenant, text.as_deref(), before, limit)).await
    }
    async fn find_identity(&self, kind: IdentityKind, inbox: Option<InboxId>, value: &str) -> Result<Option<Identity>, Fault> {
        let value = value.to_owned();
        self.read(move |sql, tenant| directory::find_identity(sql, tenant, kind, inbox, &value)).await
    }
    async fn put_identity(&self, identity: &Identity) -> Result<Identity, Fault> {
        let identity = identity.clone();
        self.write(move |sql, tenant| directory::put_identity(sql, tenant, &identity)).await
    }

    async fn consents(&self, contact: ContactId) -> Result<Vec<Consent>, Fault> {
        self.read(move |sql, tenant| care::consents(sql, tenant, contact)).await
    }
    async fn mood(&self, conversation: ConversationId) -> Result<Option<String>, Fault> {
        self.read(move |sql, tenant| care::mood(sql, tenant, conversation)).await
    }
    async fn samples(&self, conversation: ConversationId) -> Result<Vec<Sample>, Fault> {
        self.read(move |sql, tenant| care::samples(sql, tenant, conversation)).await
    }
    async fn expire_samples(&self, now: Timestamp) -> Result<u64, Fault> {
        self.write(move |sql, tenant| care::expire(sql, tenant, now)).await
    }
    async fn spent(&self, contact: ContactId, day: i64) -> Result<Spent, Fault> {
        self.read(move |sql, tenant| care::spent(sql, tenant, contact, day)).await
    }
    async fn spendings(&self, state: Option<SpendingState>, limit: u32) -> Result<Vec<Spending>, Fault> {
        self.read(move |sql, tenant| care::spendings(sql, tenant, state, limit)).await
    }
    async fn spending(&self, id: SpendingId) -> Result<Option<Spending>, Fault> {
        self.read(move |sql, tenant| care::spending(sql, tenant, id)).await
    }
    async fn alerts(&self) -> Result<Vec<Alert>, Fault> {
        self.read(care::alerts).await
    }
    async fn see_alert(&self, conversation: ConversationId) -> Result<bool, Fault> {
        self.write(move |sql, tenant| care::see_alert(sql, tenant, conversation)).await
    }
    async fn person_key(&self, contact: ContactId, fresh: [u8; 32]) -> Result<[u8; 32], Fault> {
        self.write(move |sql, tenant| care::person_key(sql, tenant, contact, fresh)).await
    }
    async fn person_data(&self, contact: ContactId) -> Result<PersonData, Fault> {
        self.read(move |sql, tenant| person::data(sql, tenant, contact)).await
    }
    async fn erase_person(&self, contact: ContactId) -> Result<Erased, Fault> {
        let tenant = self.tenant;
        self.store.write_as(Scope::Tenant(tenant), true, move |sql| person::erase(sql, tenant, contact)).await
    }
    async fn scan(&self, texts: &[String]) -> Result<u64, Fault> {
        let texts = texts.to_vec();
        self.read(move |sql, tenant| person::scan(sql, tenant, &texts)).await
    }

    async fn put_ticket(&self, ticket: &Ticket) -> Result<(), Fault> {
        let ticket = ticket.clone();
        self.write(move |sql, tenant| directory::put_ticket(sql, tenant, &ticket)).await
    }
    async fn change_ticket(&self, id: TicketId, change: Change<Ticket>) -> Result<Option<Ticket>, Fault> {
        self.write(move |sql, tenant| directory::change_ticket(sql, tenant, id, &change)).await?
    }
    async fn ticket(&self, id: TicketId) -> Result<Option<Ticket>, Fault> {
        self.read(move |sql, tenant| directory::ticket(sql, tenant, id)).await
    }
    async fn tickets(&self, open_only: bool, before: Option<u64>, limit: u32) -> Result<Vec<Ticket>, Fault> {
        self.read(move |sql, tenant| directory::tickets(sql, tenant, open_only, before, limit)).await
    }

    async fn enqueue(&self, effects: &[(EffectId, Effect)], at: Timestamp) -> Result<(), Fault> {
        let effects = effects.to_vec();
        self.write(move |sql, tenant| schedule::enqueue(sql, tenant, &effects, at)).await
    }
    async fn stuck_effects(&self, limit: u32) -> Result<Vec<(OutboxItem, Outcome)>, Fault> {
        self.read(move |sql, tenant| schedule::stuck_effects(sql, tenant, limit)).await
    }
    async fn retry_effect(&self, id: EffectId, at: Timestamp) -> Result<bool, Fault> {
        self.write(move |sql, tenant| schedule::retry_effect(sql, tenant, id, at)).await
    }

    async fn put_attachment(&self, attachment: &Attachment, owner: Actor, conversation: Option<ConversationId>, at: Timestamp) -> Result<(), Fault> {
        let attachment = attachment.clone();
        self.write(move |sql, tenant| directory::put_attachment(sql, tenant, &attachment, owner, conversation, at)).await
    }
    async fn attachment(&self, id: BlobId) -> Result<Option<(Attachment, Actor, Option<ConversationId>)>, Fault> {
        self.read(move |sql, tenant| directory::attachment(sql, tenant, id)).await
    }
    async fn tie_attachment(&self, id: BlobId, conversation: ConversationId) -> Result<bool, Fault> {
        self.write(move |sql, tenant| directory::tie_attachment(sql, tenant, id, conversation)).await
    }

    async fn put_record(
        &self,
        kind: &'static str,
        id: [u8; 16],
        key: Option<String>,
        global_key: Option<String>,
        body: String,
        expect: Expect,
    ) -> Result<u64, Fault> {
        let new = record::New { kind, id, key, global_key, body, expect };
        self.write(move |sql, tenant| record::put(sql, tenant, &new)).await
    }
    async fn record(&self, kind: &'static str, id: [u8; 16]) -> Result<Option<StoredRecord>, Fault> {
        self.read(move |sql, tenant| record::one(sql, tenant, kind, id)).await
    }
    async fn records(&self, kind: &'static str) -> Result<Vec<StoredRecord>, Fault> {
        self.read(move |sql, tenant| record::list(sql, tenant, kind)).await
    }
    async fn delete_record(&self, kind: &'static str, id: [u8; 16]) -> Result<bool, Fault> {
        self.write(move |sql, tenant| record::delete(sql, tenant, kind, id)).await
    }
    async fn put_article_version(&self, article: &Article) -> Result<(), Fault> {
        let article = article.clone();
        self.write(move |sql, tenant| record::put_article_version(sql, tenant, &article)).await
    }
    async fn article_versions(&self, id: ArticleId) -> Result<Vec<Article>, Fault> {
        self.read(move |sql, tenant| record::article_versions(sql, tenant, id)).await
    }
    async fn setting(&self, name: &str) -> Result<Option<String>, Fault> {
        let name = name.to_owned();
        self.read(move |sql, tenant| record::setting(sql, tenant, &name)).await
    }
    async fn put_setting(&self, name: &str, value: &str) -> Result<(), Fault> {
        let (name, value) = (name.to_owned(), value.to_owned());
        self.write(move |sql, tenant| record::put_setting(sql, tenant, &name, &value)).await
    }

    async fn put_credential(&self, credential: &Credential) -> Result<(), Fault> {
        let credential = Credential { tenant: self.tenant, ..credential.clone() };
        self.write(move |sql, _| directory::put_credential(sql, &credential)).await
    }
    async fn credentials(&self, kind: CredentialKind) -> Result<Vec<Credential>, Fault> {
        self.read(move |sql, tenant| directory::credentials(sql, tenant, kind)).await
    }
    async fn delete_credential(&self, id: CredentialId) -> Result<bool, Fault> {
        self.write(move |sql, tenant| directory::delete_credential(sql, tenant, id)).await
    }
    async fn revoke_member(&self, member: MemberId, kinds: &[CredentialKind]) -> Result<u64, Fault> {
        let kinds = kinds.to_vec();
        self.write(move |sql, tenant| directory::revoke_member(sql, tenant, member, &kinds)).await
    }

    async fn audit(&self, records: Vec<AuditRecord>) -> Result<(), Fault> {
        self.write(move |sql, tenant| audit::append(sql, tenant, &records)).await
    }
    async fn audit_lines(&self, before: Option<u64>, limit: u32) -> Result<Vec<AuditLine>, Fault> {
        self.read(move |sql, tenant| audit::lines(sql, tenant, before, limit)).await
    }
}
