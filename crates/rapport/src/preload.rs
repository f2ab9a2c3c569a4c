//! `rapport preload`: fills a tenant's journal through the store itself, to measure how cost grows with what is stored.

use anyhow::Context as _;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use rapport_backends::{OsEntropy, SystemClock};
use rapport_model::{Actor, Contact, Content, Conversation, Counter, Event, Inbox, Locale, Message, NewEntry, Timestamp};
use rapport_ports::{Clock as _, Commit, Entropy as _, QueueChange, Records as _, TenantStore};

use crate::{data, say, settings::DataArgs, tokens};

/// Messages of one conversation.
const PER_CONVERSATION: u64 = 50;
/// Conversations written side by side.
const AT_ONCE: usize = 256;

pub(crate) async fn run(args: &DataArgs, tenant: &str, messages: u64) -> anyhow::Result<()> {
    let store = data::open_quietly(args)?;
    let tenant = tokens::find_tenant(&*store, tenant).await?;
    let handle = store.tenant(tenant.id);
    let inbox = handle.list::<Inbox>().await?.into_iter().next().context("the tenant has no inbox")?;
    let conversations = messages.div_ceil(PER_CONVERSATION);
    stream::iter(0..conversations)
        .map(|n| one(&*handle, &inbox, PER_CONVERSATION.min(messages.saturating_sub(n.saturating_mul(PER_CONVERSATION)))))
        .buffer_unordered(AT_ONCE)
        .try_collect::<Vec<()>>()
        .await?;
    say(&format!("{messages} messages in {conversations} conversations; newest number {}", handle.last_seq().await?));
    Ok(())
}

async fn one(handle: &dyn TenantStore, inbox: &Inbox, messages: u64) -> anyhow::Result<()> {
    let now = SystemClock.now();
    let mut ids = OsEntropy.ids(now);
    let contact = Contact {
        id: ids.next(),
        name: String::new(),
        email: None,
        phone: None,
        locale: Locale::Zh,
        fields: std::collections::BTreeMap::new(),
        verified_at: None,
        notes: String::new(),
        created_at: now,
        last_seen_at: now,
    };
    handle.put_contact(&contact).await?;
    let opened = Event::ConversationOpened {
        conversation: ids.next(),
        number: handle.allot(Counter::Conversation).await?,
        inbox: inbox.id,
        contact: contact.id,
        locale: Locale::Zh,
        bot: false,
        page: None,
    };
    let mut state = Conversation::open(&opened, now).context("an opening opens")?;
    let actor = Actor::Customer(contact.id);
    let mut entries = vec![entry(now, actor, opened, None)];
    for n in 0..messages {
        let id = ids.next();
        let text = format!("第 {n} 条：请问订单什么时候能到？ message {n} of a stored talk");
        let event = Event::MessageReceived { message: Message { id, client_id: None, content: Content::Text { text } } };
        state.apply(actor, now, &event);
        entries.push(entry(now, actor, event, Some(id.to_string())));
    }
    state.apply(Actor::System, now, &Event::Resolved);
    entries.push(entry(now, Actor::System, Event::Resolved, None));
    let commit = Commit {
        expected_version: 0,
        state,
        entries,
        queue: QueueChange::Keep,
        effects: Vec::new(),
        timers: Vec::new(),
        audit: Vec::new(),
        routing_version: None,
        care: None,
        at: now,
    };
    handle.commit(commit).await?;
    Ok(())
}

fn entry(at: Timestamp, actor: Actor, event: Event, external_id: Option<String>) -> NewEntry {
    NewEntry { at, actor, event, reasons: Vec::new(), external_id }
}
