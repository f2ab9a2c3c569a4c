//! One of everything a tenant can have, and all of it read back: for promises about what others may not touch and what migrations keep.

use std::sync::Arc;

use rapport_model::{
    Actor, Article, ArticleSource, Attachment, AuditRecord, BlobId, Contact, ConversationId, Counter, Effect, EffectId, Event, Identity, IdentityKind, InboxId,
    Locale, MemberId, Priority, QueueEntry, Seq, Ticket, TicketStage, TimerChange, TimerId, TimerKind,
};

use super::world::{NOW, Talk, World, named};
use crate::{Commit, ConversationFilter, Credential, CredentialKind, Expect, JournalScope, QueueChange, Store, TenantStore};

pub(super) const KIND: &str = "thing";
pub(super) const RECORD: [u8; 16] = [7; 16];

/// What was made, by its ids.
pub struct Everything {
    pub talk: Talk,
    pub conversation: ConversationId,
    pub contact: Contact,
    pub inbox: InboxId,
    pub member: MemberId,
    pub timer: TimerId,
    /// It waits in the outbox.
    pub effect: EffectId,
    pub ticket: Ticket,
    pub blob: BlobId,
    pub article: Article,
    pub credential: Credential,
    name: String,
}

pub(super) fn line(action: &str) -> AuditRecord {
    AuditRecord { at: NOW, actor: Actor::System, action: action.to_owned(), target: String::new(), detail: String::new() }
}

/// Everything the tenant can read.
pub async fn all_of(store: &Arc<dyn Store>, own: &Arc<dyn TenantStore>, it: &Everything) -> Vec<String> {
    let all = ConversationFilter { limit: 100, ..ConversationFilter::default() };
    let address = format!("{}@example.com", it.name);
    let tenants = store.tenants().await.map(|it| it.into_iter().find(|it| it.id == own.id()));
    vec![
        format!("{tenants:?}"),
        format!("{:?}", own.conversations(&all).await),
        format!("{:?}", own.conversation(it.conversation).await),
        format!("{:?}", own.entries_after(JournalScope::Tenant, Seq(0), 100).await),
        format!("{:?}", own.entries_after(JournalScope::Conversation(it.conversation), Seq(0), 100).await),
        format!("{:?} {:?} {:?}", own.last_seq().await, own.routing_version().await, own.queue().await),
        format!("{:?} {:?}", own.loads().await, own.timers(it.conversation).await),
        format!("{:?}", own.contact(it.contact.id).await),
        format!("{:?}", own.find_identity(IdentityKind::Email, None, &address).await),
        format!("{:?} {:?}", own.ticket(it.ticket.id).await, own.attachment(it.blob).await),
        format!("{:?} {:?}", own.records(KIND).await, store.resolve_key(KIND, &it.name).await),
        format!("{:?} {:?}", own.article_versions(it.article.id).await, own.setting("secret").await),
        format!("{:?}", store.credential(it.credential.hash).await),
        format!("{:?}", own.audit_lines(None, 100).await),
    ]
}

/// Fills the world's tenant. `name` is what texts say and what unique keys are.
pub async fn everything(world: &mut World, name: &str) -> Everything {
    let member: MemberId = world.ids.next();
    let mut contact = world.contact_named(name);
    contact.id = world.contact;
    let own = Arc::clone(&world.tenant);
    own.put_contact(&contact).await.expect("contact");
    let value = format!("{name}@example.com");
    let identity = Identity { contact: contact.id, kind: IdentityKind::Email, inbox: None, value, verified_at: None };
    own.put_identity(&identity).await.expect("identity");
    let (talk, timer, effect) = decisions(world, name, member).await;
    let ticket = Ticket {
        id: world.ids.next(),
        number: own.allot(Counter::Ticket).await.expect("number"),
        title: name.to_owned(),
        description: String::new(),
        contact: contact.id,
        conversation: Some(talk.state.id),
        stage: TicketStage::Received,
        assignee: None,
        log: Vec::new(),
        link_version: 1,
        created_at: NOW,
        updated_at: NOW,
    };
    own.put_ticket(&ticket).await.expect("ticket");
    let file = Attachment { blob: world.ids.next(), name: name.to_owned(), media_type: "text/plain".into(), bytes: 1, width: None, height: None };
    own.put_attachment(&file, Actor::Member(member), None, NOW).await.expect("attachment");
    own.put_record(KIND, RECORD, Some("key".into()), Some(name.to_owned()), "ours".into(), Expect::New).await.expect("record");
    let article = Article {
        id: world.ids.next(),
        title: name.to_owned(),
        body: "ours".into(),
        questions: Vec::new(),
        locale: Locale::Zh,
        published: false,
        version: 1,
        source: ArticleSource::Written,
        url: None,
        updated_at: NOW,
        updated_by: Some(member),
    };
    own.put_article_version(&article).await.expect("article");
    own.put_setting("secret", "ours").await.expect("setting");
    let credential = credential(world, name, member);
    own.put_credential(&credential).await.expect("credential");
    let (conversation, inbox, blob) = (talk.state.id, world.inbox, file.blob);
    Everything { talk, conversation, contact, inbox, member, timer, effect, ticket, blob, article, credential, name: name.to_owned() }
}

fn credential(world: &mut World, name: &str, member: MemberId) -> Credential {
    let mut hash = [9; 32];
    hash.iter_mut().zip(name.bytes()).for_each(|(to, from)| *to = from);
    Credential {
        id: world.ids.next(),
        tenant: world.id,
        kind: CredentialKind::Session,
        hash,
        member: Some(member),
        role: None,
        label: String::new(),
        detail: "ours".into(),
        created_at: NOW,
        expires_at: None,
        last_used_at: None,
    }
}

/// Journal with an external id, state, queue, outbox, timer, audit, version of routing.
async fn decisions(world: &mut World, text: &str, member: MemberId) -> (Talk, TimerId, EffectId) {
    let own = Arc::clone(&world.tenant);
    let mut talk = world.open().await;
    let event = world.text(text);
    let said = named(talk.next(world.customer(), event, NOW), "external");
    talk.state = said.state.clone();
    talk.done(own.commit(said).await);
    let (timer, effect) = (world.timer_id(), world.effect_id());
    let entry = QueueEntry {
        conversation: talk.state.id,
        inbox: world.inbox,
        contact: world.contact,
        team: None,
        skills: Vec::new(),
        priority: Priority::Normal,
        since: NOW,
        passed: Vec::new(),
        reasons: Vec::new(),
    };
    let offer = Commit {
        queue: QueueChange::Put(entry),
        effects: vec![(effect, Effect::RouteQueue)],
        timers: vec![(timer, TimerChange::Set { kind: TimerKind::OfferExpires { to: member }, at: NOW })],
        audit: vec![line("ours")],
        routing_version: Some(0),
        ..talk.next(Actor::System, Event::Offered { to: member, expires_at: NOW }, NOW)
    };
    talk.state = offer.state.clone();
    talk.done(own.commit(offer).await);
    (talk, timer, effect)
}
