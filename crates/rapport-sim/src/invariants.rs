//! What has to be true after every commit, and when the world has come to rest.

use std::collections::{BTreeMap, BTreeSet};

use rapport_model::{
    Actor, Content, Conversation, ConversationId, Entry, Event, MemberId, Reason, Seq, Status, StatusCategory, TimerKind,
};

use crate::{
    client::{Client, Who},
    store::TenantStore,
    world::World,
};

/// Kinds of events that a customer may see: written down apart from the model, so that a slip there is noticed here.
const FOR_CUSTOMERS: &[&str] = &[
    "conversation_opened", "message_received", "message_sent", "read_marked", "left_queue", "assigned", "unassigned", "resolved", "reopened",
    "returned_to_bot", "ticket_created", "ticket_changed", "rating_requested", "rated",
];

/// Every decision says why, in codes that can be explained.
pub(crate) fn check_reasons(world: &mut World, reasons: &[Reason]) {
    if reasons.is_empty() {
        world.violate("a decision without reasons");
    }
    for reason in reasons {
        if !rapport_engine::reasons::TEMPLATES.iter().any(|it| it.code == reason.code) {
            world.violate(format!("a reason that cannot be explained: {}", reason.code));
        }
    }
}

/// After a commit: `before` is how many entries the tenant's journal had.
pub(crate) fn check_commit(world: &mut World, tenant: usize, conversation: ConversationId, before: usize) {
    let Some(place) = world.tenants.get(tenant) else { return };
    let new: Vec<Entry> = place.store.journal.iter().skip(before).cloned().collect();
    let mut broken = Vec::new();
    let folded = rapport_engine::fold(place.store.entries_of(conversation));
    if let Some(stored) = place.store.conversations.get(&conversation) {
        if folded.as_ref() != Some(&stored.state) {
            broken.push(format!("fold(journal) != state of conversation {}", stored.state.number));
        }
        broken.extend(forgotten(&place.store, &stored.state));
    }
    for entry in &new {
        broken.extend(over_capacity(&place.store, entry));
        broken.extend(not_of_tenant(&place.store, entry));
    }
    let reasons = new.first().map(|it| it.reasons.clone()).unwrap_or_default();
    for entry in &new {
        world.trace(|world| describe(world, tenant, entry));
    }
    check_reasons(world, &reasons);
    for id in new.iter().flat_map(uuids) {
        if *world.uuid_owner.entry(id).or_insert(tenant) != tenant {
            broken.push(format!("an id of another tenant: {id}"));
        }
    }
    for what in broken {
        world.violate(what);
    }
}

/// Nobody who waits is forgotten: each status that waits for something has the timer that ends the wait.
fn forgotten(store: &TenantStore, state: &Conversation) -> Option<String> {
    let timer = |slot: &'static str| store.timers.get(&(state.id, slot));
    let held = match state.status {
        Status::Queued => timer("queue_check").is_some(),
        Status::Offered { to, .. } => timer("offer_expires").is_some_and(|it| it.kind == TimerKind::OfferExpires { to }),
        Status::Snoozed { .. } => timer("snooze_ends").is_some(),
        Status::Bot => timer("bot_idle").is_some(),
        Status::Assigned { .. } | Status::Resolved { .. } => true,
    };
    if !held {
        return Some(format!("conversation {} is {} and nothing will wake it", state.number, state.status.name()));
    }
    let waits = state.status.category() == StatusCategory::Waiting;
    if waits != store.queue.contains_key(&state.id) || waits != state.queue.is_some() {
        return Some(format!("conversation {} is {} but its queue entry says otherwise", state.number, state.status.name()));
    }
    None
}

/// Routing never gives an agent more than they can take.
fn over_capacity(store: &TenantStore, entry: &Entry) -> Option<String> {
    let to = match (&entry.actor, &entry.event) {
        (Actor::System, Event::Offered { to, .. } | Event::Assigned { to }) => *to,
        _not_by_routing => return None,
    };
    let agent = store.agents.get(&to)?;
    let load = store.load(to);
    (load > agent.capacity).then(|| format!("{} was given {load} conversations of {}", agent.name, agent.capacity))
}

/// Members and contacts in an entry are the tenant's own.
fn not_of_tenant(store: &TenantStore, entry: &Entry) -> Option<String> {
    let mut members: Vec<MemberId> = Vec::new();
    if let Actor::Member(id) = entry.actor {
        members.push(id);
    }
    if let Event::Offered { to, .. } | Event::Assigned { to } = entry.event {
        members.push(to);
    }
    let foreign = members.into_iter().find(|it| !store.agents.contains_key(it));
    if let Some(member) = foreign {
        return Some(format!("member {member} is not of this tenant"));
    }
    (!store.contacts.contains_key(&entry.contact)).then(|| format!("contact {} is not of this tenant", entry.contact))
}

/// All ids in an entry, found in its stored form.
fn uuids(entry: &Entry) -> Vec<uuid::Uuid> {
    let text = serde_json::to_string(entry).unwrap_or_default();
    text.split('"').filter(|it| it.len() == 36).filter_map(|it| uuid::Uuid::parse_str(it).ok()).collect()
}

/// When everything has come to rest.
pub(crate) fn check_end(world: &mut World) {
    let mut broken = Vec::new();
    for index in 0..world.clients.len() {
        let Some(client) = world.clients.get(index) else { continue };
        let Some(place) = world.tenants.get(client.tenant) else { continue };
        broken.extend(check_delivery(client, &place.store));
        if let Who::Customer(_) = client.who {
            broken.extend(check_feed(client, &place.store));
        }
    }
    for place in &world.tenants {
        broken.extend(check_rest(&place.store));
        broken.extend(check_ratings(&place.store));
        let gapless = place.store.journal.iter().zip(1..).all(|(entry, seq)| entry.seq == Seq(seq));
        if !gapless {
            broken.push("the journal's numbers have gaps".to_owned());
        }
    }
    for what in broken {
        world.violate(what);
    }
}

/// Acknowledged means exactly once on the timeline, in the order sent.
fn check_delivery(client: &Client, store: &TenantStore) -> Vec<String> {
    let mut broken = Vec::new();
    if let Some(n) = client.unacked.first() {
        broken.push(format!("{} never got an answer to {n}", client.name));
    }
    let mut found: BTreeMap<u64, u32> = BTreeMap::new();
    let mut last = None;
    for entry in &store.journal {
        let Some(n) = sent_by(client, entry) else { continue };
        *found.entry(n).or_default() += 1;
        if last.is_some_and(|it| it > n) {
            broken.push(format!("{}: {n} stands behind {}", client.name, last.unwrap_or_default()));
        }
        last = Some(n);
    }
    for (n, acknowledged) in &client.messages {
        let times = found.get(n).copied().unwrap_or(0);
        let fine = if client.refused.contains(n) { times <= 1 } else { times == 1 || (!acknowledged && times <= 1) };
        if !fine {
            broken.push(format!("{}: message {n} (acknowledged: {acknowledged}) is {times} times on the timeline", client.name));
        }
    }
    broken
}

/// The number under which this client sent the message of an entry.
fn sent_by(client: &Client, entry: &Entry) -> Option<u64> {
    let message = entry.event.message()?;
    match (client.who, entry.actor) {
        (Who::Customer(id), Actor::Customer(by)) if id == by => message.client_id.as_deref()?.split(':').nth(1)?.parse().ok(),
        (Who::Member(id), Actor::Member(by)) if id == by => {
            let Content::Text { text } = &message.content else { return None };
            text.strip_prefix("reply ")?.split(':').nth(1)?.parse().ok()
        }
        _somebody_else => None,
    }
}

/// A customer sees all of their own, once and in order, and nothing that is for members only.
fn check_feed(client: &Client, store: &TenantStore) -> Vec<String> {
    let mut broken = Vec::new();
    let Who::Customer(contact) = client.who else { return broken };
    for entry in &client.feed {
        if !FOR_CUSTOMERS.contains(&entry.event.kind()) || entry.contact != contact {
            broken.push(format!("{} saw {} of contact {}", client.name, entry.event.kind(), entry.contact));
        }
    }
    let seen: Vec<Seq> = client.feed.iter().map(|it| it.seq).collect();
    let meant: Vec<Seq> = store.journal.iter().filter(|it| it.contact == contact && FOR_CUSTOMERS.contains(&it.event.kind())).map(|it| it.seq).collect();
    if broken.is_empty() && seen != meant {
        broken.push(format!("{} saw {} of {} entries", client.name, seen.len(), meant.len()));
    }
    broken
}

/// Nobody waits any more, every effect was carried out, every promised ticket is there.
fn check_rest(store: &TenantStore) -> Vec<String> {
    let mut broken = Vec::new();
    for stored in store.conversations.values() {
        if stored.state.status.category() == StatusCategory::Waiting {
            broken.push(format!("conversation {} still waits though agents are free", stored.state.number));
        }
        broken.extend(forgotten(store, &stored.state));
        broken.extend(stored.state.tickets.iter().filter(|it| !store.tickets.contains_key(it)).map(|it| format!("ticket {it} was promised and never written")));
    }
    if !store.outbox.is_empty() {
        broken.push(format!("{} effects were never settled", store.outbox.len()));
    }
    broken
}

/// A rating is asked for at most once, and reminded of at most once.
fn check_ratings(store: &TenantStore) -> Vec<String> {
    let mut counts: BTreeMap<(ConversationId, &str), u32> = BTreeMap::new();
    for entry in &store.journal {
        let kind = if entry.event == Event::RatingRequested {
            "asked"
        } else if entry.event == Event::RatingReminded {
            "reminded"
        } else if entry.event.message().is_some_and(|it| matches!(it.content, Content::RatingRequest { .. })) {
            "told"
        } else {
            continue;
        };
        *counts.entry((entry.conversation, kind)).or_default() += 1;
    }
    let too_often = counts.into_iter().filter(|((_, kind), count)| *count > if *kind == "told" { 2 } else { 1 });
    let conversations: BTreeSet<String> = too_often.map(|((id, kind), count)| format!("conversation {id}: rating {kind} {count} times")).collect();
    conversations.into_iter().collect()
}

fn describe(world: &World, tenant: usize, entry: &Entry) -> String {
    let Some(place) = world.tenants.get(tenant) else { return String::new() };
    let number = place.store.conversations.get(&entry.conversation).map_or(0, |it| it.state.number);
    let who = crate::store::actor_name(&place.store, entry.actor);
    let text = entry.event.message().map(|it| format!(" “{}”", rapport_model::shorten(it.content.plain_text(), 40))).unwrap_or_default();
    let reasons: Vec<String> = entry.reasons.iter().map(ToString::to_string).collect();
    format!("  {tenant}/{number} {} {who} {}{text} [{}]", entry.seq, entry.event.kind(), reasons.join("; "))
}
