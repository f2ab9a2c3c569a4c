//! The promise that no method of a tenant's handle reaches another tenant: a row for each method, and a method without a row is noticed.

use std::{collections::BTreeSet, future::Future, pin::Pin, sync::Arc};

use rapport_model::{Actor, Article, Attachment, Contact, ContactId, ConversationId, Counter, CredentialId, Event, Identity, IdentityKind, Locale, Seq, Tenant, Ticket, codes};

use super::{
    everything::{Everything, KIND, RECORD, all_of, everything, line},
    world::{NOW, Subject, World},
};
use crate::{CommitError, ConversationFilter, Credential, CredentialKind, Expect, JournalScope, TenantStore};

/// What a foreign tenant holds in its hands: its own handle, and every id of the owner.
#[derive(Clone)]
struct Foreign {
    other: Arc<dyn TenantStore>,
    owned: Arc<Everything>,
}

impl std::ops::Deref for Foreign {
    type Target = Everything;
    fn deref(&self) -> &Everything {
        &self.owned
    }
}

/// Tries one method with the owner's ids: panics when it gives anything away. That it changed nothing is checked after each.
type Attempt = fn(Foreign) -> Pin<Box<dyn Future<Output = ()> + Send>>;

macro_rules! rows {
    ($($method:ident: $attempt:expr;)+) => {
        &[$((stringify!($method), |it: Foreign| -> Pin<Box<dyn Future<Output = ()> + Send>> {
            let attempt: fn(Foreign) -> _ = $attempt;
            Box::pin(attempt(it))
        })),+]
    };
}

fn none<T: std::fmt::Debug>(found: impl IntoIterator<Item = T>) {
    let found: Vec<T> = found.into_iter().collect();
    assert!(found.is_empty(), "given away: {found:?}");
}

const ROWS: &[(&str, Attempt)] = rows! {
    id: |it| async move { assert_ne!(it.other.id(), it.credential.tenant) };
    put_tenant: |it| async move {
        let owners = Tenant { id: it.credential.tenant, slug: "first".into(), name: "taken over".into(), locale: Locale::En, created_at: NOW };
        it.other.put_tenant(&owners).await.expect("its own name at most");
    };
    commit: |it| async move {
        // The owner's conversation, at the owner's version.
        let commit = it.talk.next(Actor::System, Event::Resolved, NOW);
        assert!(matches!(it.other.commit(commit).await, Err(CommitError::Conflict)));
    };
    conversation: |it| async move { none(it.other.conversation(it.conversation).await.expect("read")) };
    latest_conversation: |it| async move { none(it.other.latest_conversation(it.contact.id, it.inbox).await.expect("read")) };
    conversations: |it| async move {
        let all = ConversationFilter { limit: 100, ..ConversationFilter::default() };
        for filter in [
            all.clone(),
            ConversationFilter { contact: Some(it.contact.id), ..all.clone() },
            ConversationFilter { inbox: Some(it.inbox), ..all.clone() },
            ConversationFilter { text: Some("secret".into()), ..all.clone() },
            ConversationFilter { text: Some("1".into()), ..all.clone() },
            ConversationFilter { text: Some("' or 1 = 1 --".into()), ..all },
        ] {
            none(it.other.conversations(&filter).await.expect("list"));
        }
    };
    conversation_counts: |it| async move { assert_eq!(it.other.conversation_counts(it.member).await.expect("counts"), (0, 0, 0)) };
    entries_after: |it| async move {
        for scope in [JournalScope::Tenant, JournalScope::Conversation(it.conversation), JournalScope::Visitor { contact: it.contact.id, inbox: it.inbox }] {
            none(it.other.entries_after(scope, Seq(0), 100).await.expect("journal"));
        }
    };
    entries_before: |it| async move {
        for scope in [JournalScope::Tenant, JournalScope::Conversation(it.conversation), JournalScope::Visitor { contact: it.contact.id, inbox: it.inbox }] {
            none(it.other.entries_before(scope, Seq(u64::MAX), 100).await.expect("journal"));
        }
    };
    last_seq: |it| async move { assert_eq!(it.other.last_seq().await.expect("last"), Seq(0)) };
    find_external: |it| async move { none(it.other.find_external(it.inbox, "external").await.expect("find")) };
    allot: |it| async move { assert_eq!(it.other.allot(Counter::Ticket).await.expect("number"), 1) };
    queue: |it| async move { none(it.other.queue().await.expect("queue")) };
    routing_version: |it| async move { assert_eq!(it.other.routing_version().await.expect("version"), 0) };
    loads: |it| async move { none(it.other.loads().await.expect("loads")) };
    handle_time_ms: |it| async move { none(it.other.handle_time_ms().await.expect("time")) };
    held_by: |it| async move { none(it.other.held_by(it.member).await.expect("held")) };
    enqueue: |it| async move {
        // An id that is another's stays theirs, and nothing of it changes.
        let effects = [(it.effect, rapport_model::Effect::RouteQueue)];
        it.other.enqueue(&effects, NOW).await.expect("stays as it is");
    };
    stuck_effects: |it| async move { none(it.other.stuck_effects(100).await.expect("list")) };
    retry_effect: |it| async move { assert!(!it.other.retry_effect(it.effect, NOW).await.expect("nobody's")) };
    clear_timer: |it| async move { it.other.clear_timer(it.timer).await.expect("clears nothing") };
    timers: |it| async move { none(it.other.timers(it.conversation).await.expect("timers")) };
    contact: |it| async move { none(it.other.contact(it.contact.id).await.expect("read")) };
    contacts: |it| async move {
        for text in [None, Some("secret"), Some("%")] {
            none(it.other.contacts(text, None, 100).await.expect("list"));
        }
    };
    change_contact: |it| async move {
        let taken_over = |contact| Ok(Contact { name: "taken over".into(), ..contact });
        none(it.other.change_contact(it.contact.id, Box::new(taken_over)).await.expect("changes nothing"));
    };
    put_contact: |it| async move {
        // The same id at another tenant is another contact, or is refused.
        let _either = it.other.put_contact(&Contact { name: "taken over".into(), ..it.contact.clone() }).await;
    };
    find_identity: |it| async move { none(it.other.find_identity(IdentityKind::Email, None, "secret@example.com").await.expect("find")) };
    put_identity: |it| async move {
        let own = Identity { contact: ContactId(it.member.0), kind: IdentityKind::Email, inbox: None, value: "secret@example.com".into(), verified_at: None };
        assert_eq!(it.other.put_identity(&own).await.expect("put"), own, "whose address it is elsewhere is not told");
    };
    consents: |it| async move { none(it.other.consents(it.contact.id).await.expect("read")) };
    mood: |it| async move { none(it.other.mood(it.conversation).await.expect("read")) };
    samples: |it| async move { none(it.other.samples(it.conversation).await.expect("read")) };
    expire_samples: |it| async move { assert_eq!(it.other.expire_samples(NOW.plus_ms(i64::from(u32::MAX))).await.expect("expires nothing"), 0) };
    spent: |it| async move { assert_eq!(it.other.spent(it.contact.id, rapport_model::day_of(NOW)).await.expect("sum"), rapport_model::Spent::default()) };
    spendings: |it| async move { none(it.other.spendings(None, 100).await.expect("list")) };
    spending: |it| async move { none(it.other.spending(rapport_model::SpendingId(it.member.0)).await.expect("read")) };
    alerts: |it| async move { none(it.other.alerts().await.expect("list")) };
    see_alert: |it| async move { assert!(!it.other.see_alert(it.conversation).await.expect("sees nothing")) };
    person_key: |it| async move { assert_eq!(it.other.person_key(it.contact.id, [3; 32]).await.expect("its own"), [3; 32]) };
    person_data: |it| async move {
        let found = it.other.person_data(it.contact.id).await.expect("read");
        none(found.conversations);
        none(found.consents);
        assert_eq!((found.samples.len(), found.spendings.len(), found.alerts.len(), found.tickets.len()), (0, 0, 0, 0));
    };
    erase_person: |it| async move {
        let erased = it.other.erase_person(it.contact.id).await.expect("erases nothing of the owner's");
        // Only the key that it made itself just before.
        assert!(erased.counts.keys().all(|table| ["person_key", "contact", "identity", "conversation"].contains(table)), "{erased:?}");
        none(erased.blobs);
    };
    scan: |it| async move { assert_eq!(it.other.scan(&["secret@example.org".to_owned()]).await.expect("scan"), 0) };
    ticket: |it| async move { none(it.other.ticket(it.ticket.id).await.expect("read")) };
    tickets: |it| async move { none(it.other.tickets(false, None, 100).await.expect("list")) };
    change_ticket: |it| async move {
        let taken_over = |ticket| Ok(Ticket { title: "taken over".into(), ..ticket });
        none(it.other.change_ticket(it.ticket.id, Box::new(taken_over)).await.expect("changes nothing"));
    };
    put_ticket: |it| async move { let _either = it.other.put_ticket(&Ticket { title: "taken over".into(), ..it.ticket.clone() }).await; };
    attachment: |it| async move { none(it.other.attachment(it.blob).await.expect("read")) };
    tie_attachment: |it| async move { assert!(!it.other.tie_attachment(it.blob, ConversationId(it.member.0)).await.expect("ties nothing")) };
    put_attachment: |it| async move {
        let file = Attachment { blob: it.blob, name: "taken over".into(), media_type: String::new(), bytes: 0, width: None, height: None };
        let _either = it.other.put_attachment(&file, Actor::System, None, NOW).await;
    };
    put_record: |it| async move {
        assert_eq!(it.other.put_record(KIND, RECORD, None, None, "taken over".into(), Expect::Version(1)).await.expect_err("not theirs").kind, codes::NOT_FOUND);
        assert_eq!(it.other.put_record(KIND, RECORD, None, Some("secret".into()), "taken over".into(), Expect::New).await.expect_err("taken").kind, codes::DUPLICATE_KEY);
    };
    record: |it| async move { none(it.other.record(KIND, RECORD).await.expect("read")) };
    records: |it| async move { none(it.other.records(KIND).await.expect("list")) };
    delete_record: |it| async move { assert!(!it.other.delete_record(KIND, RECORD).await.expect("deletes nothing")) };
    article_versions: |it| async move { none(it.other.article_versions(it.article.id).await.expect("versions")) };
    put_article_version: |it| async move { let _either = it.other.put_article_version(&Article { body: "taken over".into(), ..it.article.clone() }).await; };
    setting: |it| async move { none(it.other.setting("secret").await.expect("read")) };
    put_setting: |it| async move { it.other.put_setting("secret", "taken over").await.expect("its own setting of this name") };
    put_credential: |it| async move {
        it.other.put_credential(&it.credential).await.expect_err("the same id and secret");
        let id = CredentialId(it.member.0);
        it.other.put_credential(&Credential { id, ..it.credential.clone() }).await.expect_err("the same secret");
        it.other.put_credential(&Credential { hash: [1; 32], ..it.credential.clone() }).await.expect_err("the same id");
    };
    credentials: |it| async move {
        for kind in [CredentialKind::Session, CredentialKind::ApiToken, CredentialKind::SignInLink, CredentialKind::Password] {
            none(it.other.credentials(kind).await.expect("list"));
        }
    };
    delete_credential: |it| async move { assert!(!it.other.delete_credential(it.credential.id).await.expect("deletes nothing")) };
    revoke_member: |it| async move { assert_eq!(it.other.revoke_member(it.member, &[CredentialKind::Session]).await.expect("revokes nothing"), 0) };
    audit: |it| async move { it.other.audit(vec![line("theirs")]).await.expect("its own log") };
    audit_lines: |it| async move {
        none(it.other.audit_lines(None, 100).await.expect("audit").into_iter().filter(|line| line.record.action != "theirs"));
    };
};

/// The methods of the trait, as written.
fn methods() -> BTreeSet<&'static str> {
    let text = include_str!("../store.rs");
    let text = text.split("pub trait TenantStore").nth(1).and_then(|it| it.split("\n}").next()).expect("the trait");
    let names = text.lines().filter_map(|it| it.trim_start().trim_start_matches("async ").strip_prefix("fn "));
    names.filter_map(|it| it.split(['(', '<']).next()).collect()
}

pub async fn no_method_reaches_another_tenant(subject: Subject) {
    let named: BTreeSet<&str> = ROWS.iter().map(|(name, _)| *name).collect();
    assert_eq!(methods(), named, "each method of TenantStore has its row here");
    let mut world = World::new(subject).await;
    let other = world.another_tenant().await;
    let owned = Arc::new(everything(&mut world, "secret").await);
    super::care::all_about_care(&mut world, &owned).await;
    let before = everything_of(&world, &owned).await;
    for (method, attempt) in ROWS {
        attempt(Foreign { other: Arc::clone(&other), owned: Arc::clone(&owned) }).await;
        assert_eq!(everything_of(&world, &owned).await, before, "{method} changed the owner's rows");
    }
}

async fn everything_of(world: &World, owned: &Everything) -> (Vec<String>, String) {
    let person = world.tenant.person_data(owned.contact.id).await;
    (all_of(&world.store, &world.tenant, owned).await, format!("{person:?} {:?}", world.tenant.mood(owned.conversation).await))
}
