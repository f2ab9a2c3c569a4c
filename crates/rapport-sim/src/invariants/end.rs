//! What has to be true when the world has come to rest.

use std::collections::{BTreeMap, BTreeSet};

use rapport_model::{Actor, Content, ConversationId, Entry, Event, Seq, StatusCategory, codes};

use super::{FOR_CUSTOMERS, forgotten};
use crate::{
    client::{Client, Who},
    store::TenantStore,
    world::World,
};

pub(crate) fn check_end(world: &mut World) {
    let mut broken = Vec::new();
    for client in &world.clients {
        let Some(place) = world.tenants.get(client.tenant) else { continue };
        broken.extend(check_delivery(client, &place.store));
        broken.extend(check_feed(client, &place.store));
    }
    for place in &world.tenants {
        broken.extend(check_rest(&place.store));
        broken.extend(check_ratings(&place.store));
        for stored in place.store.conversations.values() {
            if rapport_engine::fold(place.store.entries_of(stored.state.id)).as_ref() != Some(&stored.state) {
                broken.push(format!("fold(journal) != state of conversation {} at the end", stored.state.number));
            }
        }
    }
    broken.into_iter().for_each(|it| world.violate(it));
}

/// When a story was told: as at the end of a world, but somebody may still wait, be offline, or have words under way.
pub(crate) fn check_story_end(world: &mut World) {
    let mut broken = Vec::new();
    for client in world.clients.iter().filter(|it| it.connected && it.unacked.is_empty()) {
        let Some(place) = world.tenants.get(client.tenant) else { continue };
        broken.extend(check_delivery(client, &place.store));
        broken.extend(check_feed(client, &place.store));
    }
    for place in &world.tenants {
        broken.extend(check_ratings(&place.store));
        broken.extend(place.store.conversations.values().filter_map(|it| forgotten(&place.store, &it.state)));
    }
    broken.into_iter().for_each(|it| world.violate(it));
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
        // A frame that was refused may come a second time when later ones are there already.
        if last.is_some_and(|it| it > n) && !client.refused.contains_key(&n) {
            broken.push(format!("{}: {n} stands behind {}", client.name, last.unwrap_or_default()));
        }
        last = Some(n);
    }
    for (n, acknowledged) in &client.messages {
        let times = found.get(n).copied().unwrap_or(0);
        let fine = match client.refused.get(n) {
            Some(code) if *code == codes::NOT_FOUND.code => times == 0,
            // A second copy of a refused frame may come when it is allowed.
            Some(_) => times <= 1,
            None => times == 1 && *acknowledged,
        };
        if !fine {
            broken.push(format!("{}: message {n} (acknowledged: {acknowledged}) is {times} times on the timeline", client.name));
        }
    }
    broken
}

/// The number under which this client sent the message of an entry.
fn sent_by(client: &Client, entry: &Entry) -> Option<u64> {
    let message = entry.event.message()?;
    let is_theirs = match (client.who, entry.actor) {
        (Who::Customer(id), Actor::Customer(by)) => id == by,
        (Who::Member(id), Actor::Member(by)) => id == by && !matches!(entry.event, Event::NoteAdded { .. }),
        (Who::Customer(_) | Who::Member(_), _) => false,
    };
    // A ticket's link is made by an action, not sent as a message.
    if !is_theirs || matches!(message.content, Content::Ticket { .. }) {
        return None;
    }
    let (name, n) = message.client_id.as_deref()?.split_once(':')?;
    if name == client.name { n.parse().ok() } else { None }
}

/// A desk hears all of its tenant, a customer what is for them, each entry once and in order, whatever was cut and resumed.
fn check_feed(client: &Client, store: &TenantStore) -> Vec<String> {
    let mut broken = Vec::new();
    if client.feed.iter().any(|(tenant, _)| *tenant != client.tenant) {
        broken.push(format!("{} heard an entry of another tenant", client.name));
        return broken;
    }
    let is_for = |it: &&Entry| match client.who {
        Who::Member(_) => true,
        Who::Customer(contact) => it.contact == contact && FOR_CUSTOMERS.contains(&it.event.kind()),
    };
    for (_, seq) in &client.feed {
        if let Some(entry) = store.entry(*seq)
            && !is_for(&entry)
        {
            broken.push(format!("{} saw {} of contact {}, which is not for customers", client.name, entry.event.kind(), entry.contact));
        }
    }
    let heard: Vec<Seq> = client.feed.iter().map(|(_, seq)| *seq).collect();
    let meant: Vec<Seq> = store.journal.iter().filter(is_for).map(|it| it.seq).collect();
    if broken.is_empty() && heard != meant {
        broken.push(format!("{} saw {} entries of {}, or in another order", client.name, heard.len(), meant.len()));
    }
    broken
}

/// Nobody waits any more, every effect was carried out, every promised ticket is there.
fn check_rest(store: &TenantStore) -> Vec<String> {
    let mut broken = Vec::new();
    for stored in store.conversations.values() {
        if stored.state.status.category() == StatusCategory::Waiting {
            broken.push(format!("conversation {} still waits though somebody is free", stored.state.number));
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
