//! What the promises are tried on: a tenant with an inbox, a contact, and conversations that take one step at a time.

use std::sync::{Arc, Mutex, PoisonError};

use rapport_model::{
    Actor, Contact, ContactId, Content, Conversation, EffectId, Entry, Event, Ids, InboxId, Locale, Message, NewEntry, Seq, Tenant, TenantId,
    TimerId, Timestamp,
};

use crate::{Commit, CommitError, Committed, QueueChange, Store, TenantStore};

/// The time at which everything happens, unless a promise is about time.
pub const NOW: Timestamp = Timestamp(1_800_000_000_000);

/// A store that holds nothing yet, and what it told its bus.
pub struct Subject {
    pub store: Arc<dyn Store>,
    pub published: Published,
}

/// What a store's writer told, in order.
#[derive(Clone, Default)]
pub struct Published(Arc<Mutex<Vec<(TenantId, Seq)>>>);

impl Published {
    pub fn hear(&self, tenant: TenantId, entries: &[Entry]) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend(entries.iter().map(|it| (tenant, it.seq)));
    }

    pub fn of(&self, tenant: TenantId) -> Vec<u64> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().filter(|(it, _)| *it == tenant).map(|(_, seq)| seq.0).collect()
    }
}

pub struct World {
    pub store: Arc<dyn Store>,
    pub published: Published,
    pub tenant: Arc<dyn TenantStore>,
    pub id: TenantId,
    pub inbox: InboxId,
    pub contact: ContactId,
    pub ids: Ids,
    talks: u64,
}

impl World {
    pub async fn new(subject: Subject) -> Self {
        let Subject { store, published } = subject;
        let mut ids = Ids::new(NOW, 0x5EED);
        let id = ids.next();
        create(&store, id, "first").await;
        Self { tenant: store.tenant(id), store, published, id, inbox: ids.next(), contact: ids.next(), ids, talks: 0 }
    }

    pub async fn another_tenant(&mut self) -> Arc<dyn TenantStore> {
        let id = self.ids.next();
        create(&self.store, id, "second").await;
        self.store.tenant(id)
    }

    /// Goes on at another tenant, with another inbox and contact.
    pub async fn move_to_another_tenant(&mut self) {
        self.tenant = self.another_tenant().await;
        (self.id, self.inbox, self.contact) = (self.tenant.id(), self.ids.next(), self.ids.next());
    }

    pub fn customer(&self) -> Actor {
        Actor::Customer(self.contact)
    }

    pub fn text(&mut self, text: &str) -> Event {
        Event::MessageReceived { message: Message { id: self.ids.next(), client_id: None, content: Content::Text { text: text.to_owned() } } }
    }

    /// A conversation that is not committed yet.
    pub fn new_talk(&mut self) -> (Talk, Commit) {
        self.talks += 1;
        let (inbox, contact) = (self.inbox, self.contact);
        let opened = Event::ConversationOpened {
            conversation: self.ids.next(),
            number: self.talks,
            inbox,
            contact,
            locale: Locale::Zh,
            bot: true,
            page: Some("https://shop.example/鞋".to_owned()),
        };
        let state = Conversation::open(&opened, NOW).expect("opens");
        let actor = self.customer();
        let entry = NewEntry { at: NOW, actor, event: opened, reasons: Vec::new(), external_id: None };
        let commit = commit(0, state.clone(), vec![entry]);
        (Talk { state, version: 0 }, commit)
    }

    pub async fn open(&mut self) -> Talk {
        let (mut talk, commit) = self.new_talk();
        talk.done(self.tenant.commit(commit).await);
        talk
    }

    /// One more message of the customer, committed.
    pub async fn say(&mut self, talk: &mut Talk, text: &str) -> Committed {
        let event = self.text(text);
        let actor = self.customer();
        self.step(talk, actor, event).await
    }

    /// One more event, committed.
    pub async fn step(&mut self, talk: &mut Talk, actor: Actor, event: Event) -> Committed {
        let commit = talk.next(actor, event, NOW);
        talk.state = commit.state.clone();
        talk.done(self.tenant.commit(commit).await)
    }

    pub fn contact_named(&mut self, name: &str) -> Contact {
        Contact {
            id: self.ids.next(),
            name: name.to_owned(),
            email: None,
            phone: None,
            locale: Locale::Zh,
            fields: std::collections::BTreeMap::new(),
            verified_at: None,
            notes: String::new(),
            created_at: NOW,
            last_seen_at: NOW,
        }
    }

    pub fn timer_id(&mut self) -> TimerId {
        self.ids.next()
    }

    pub fn effect_id(&mut self) -> EffectId {
        self.ids.next()
    }
}

async fn create(store: &Arc<dyn Store>, id: TenantId, slug: &str) {
    let tenant = Tenant { id, slug: slug.to_owned(), name: format!("{slug} 公司"), locale: Locale::Zh, created_at: NOW };
    store.create_tenant(&tenant).await.expect("tenant");
}

/// A conversation as its next decision sees it.
#[derive(Clone)]
pub struct Talk {
    pub state: Conversation,
    pub version: u64,
}

impl Talk {
    /// The commit of one event on top of this state.
    pub fn next(&self, actor: Actor, event: Event, at: Timestamp) -> Commit {
        let mut state = self.state.clone();
        state.apply(actor, at, &event);
        Commit { at, ..commit(self.version, state, vec![NewEntry { at, actor, event, reasons: Vec::new(), external_id: None }]) }
    }

    pub fn done(&mut self, outcome: Result<Committed, CommitError>) -> Committed {
        let committed = outcome.expect("commit");
        assert_eq!(committed.version, self.version + 1, "versions count by one");
        self.version = committed.version;
        committed
    }
}

fn commit(expected_version: u64, state: Conversation, entries: Vec<NewEntry>) -> Commit {
    Commit {
        expected_version,
        state,
        entries,
        queue: QueueChange::Keep,
        effects: Vec::new(),
        timers: Vec::new(),
        audit: Vec::new(),
        routing_version: None,
        care: None,
        at: NOW,
    }
}

/// The external id of a commit's first entry.
pub fn named(mut commit: Commit, external_id: &str) -> Commit {
    commit.entries.first_mut().expect("an entry").external_id = Some(external_id.to_owned());
    commit
}
