//! What has to be true of each commit, entry by entry.

use rapport_model::{Actor, ContactId, Conversation, ConversationId, DAY_MS, Entry, Event, MemberId, Seq, Status};

use super::{check_reasons, forgotten};
use crate::{
    care::without_consent,
    client::Who,
    store::{TenantStore, actor_name},
    world::World,
};

/// After a commit: `before` is the number that was the newest until then.
pub(crate) fn check_commit(world: &mut World, tenant: usize, conversation: ConversationId, before: Seq) {
    let Some(place) = world.tenants.get(tenant) else { return };
    let new: Vec<Entry> = place.store.entries_after(before).to_vec();
    let Some(stored) = place.store.conversations.get(&conversation).cloned() else { return };
    for entry in &new {
        world.trace(|world| describe(world, tenant, entry));
    }
    let mut broken = Vec::new();
    let reasons = new.first().map(|it| it.reasons.clone()).unwrap_or_default();
    let may_withdraw = reasons.iter().any(|it| ["offer.withdrawn", "offer.wrong_team", "conversation.quarantined"].contains(&it.code.as_ref()));
    let mut folded = world.watch.folded.remove(&conversation);
    for (entry, seq) in new.iter().zip(before.0 + 1..) {
        if entry.seq != Seq(seq) {
            broken.push(format!("gap in the numbers: {} where {seq} was due", entry.seq));
        }
        if let Some(state) = &folded {
            broken.extend(second_offer(state, entry));
            broken.extend(too_early(state, entry, may_withdraw));
        }
        folded = match folded {
            None => Conversation::open(&entry.event, entry.at),
            Some(mut state) => {
                state.apply(entry.actor, entry.at, &entry.event);
                Some(state)
            }
        };
    }
    if folded.as_ref() != Some(&stored.state) {
        broken.push(format!("fold(journal) != state of conversation {}", stored.state.number));
    }
    if let Some(state) = folded {
        world.watch.folded.insert(conversation, state);
    }
    if new.iter().any(|it| matches!(it.event, Event::ConsentWithdrawn { .. })) {
        broken.extend(fold_anew(world, tenant, stored.state.contact));
    }
    if let Some(place) = world.tenants.get(tenant) {
        broken.extend(forgotten(&place.store, &stored.state));
        broken.extend(place.store.contacts.get(&stored.state.contact).and_then(|it| without_consent(&place.store, it)));
        for entry in &new {
            broken.extend(over_capacity(&place.store, entry));
            broken.extend(not_of_tenant(&place.store, entry));
            broken.extend(not_their_own(world, entry));
        }
    }
    check_reasons(world, &reasons);
    for id in new.iter().flat_map(uuids) {
        if *world.watch.owners.entry(id).or_insert(tenant) != tenant {
            broken.push(format!("an id that is of another tenant: {id}"));
        }
    }
    broken.into_iter().for_each(|it| world.violate(it));
}

/// A withdrawal changes earlier entries, of other conversations too: their states are still what is left of their entries.
fn fold_anew(world: &mut World, tenant: usize, contact: ContactId) -> Vec<String> {
    let Some(place) = world.tenants.get(tenant) else { return Vec::new() };
    let mut broken = Vec::new();
    for id in place.store.conversations_of(contact) {
        let folded = rapport_engine::fold(place.store.entries_of(*id));
        let stored = place.store.conversations.get(id);
        if folded.as_ref() != stored.map(|it| &it.state) {
            broken.push(format!("fold(journal) != state of a conversation after a withdrawal: {id}"));
        }
        if let Some(state) = folded {
            world.watch.folded.insert(*id, state);
        }
    }
    broken
}

/// An offer is open to at most one agent.
fn second_offer(state: &Conversation, entry: &Entry) -> Option<String> {
    let (Status::Offered { to, .. }, Event::Offered { to: another, .. }) = (state.status, &entry.event) else { return None };
    Some(format!("conversation {}: an offer is open to {to} and now to {another}", state.number))
}

/// What a timer ends has lasted as long as it should.
fn too_early(state: &Conversation, entry: &Entry, may_withdraw: bool) -> Option<String> {
    if entry.actor != Actor::System {
        return None;
    }
    let due = match (&entry.event, state.status) {
        (Event::OfferExpired { .. }, Status::Offered { expires_at, .. }) if !may_withdraw => expires_at,
        (Event::Woken, Status::Snoozed { until, .. }) if !may_withdraw => until,
        (Event::Resolved, Status::Bot) => state.last_message.as_ref().map_or(state.opened_at, |it| it.at).plus_ms(DAY_MS),
        (Event::RatingReminded, _) => state.csat.requested_at?.plus_ms(DAY_MS),
        _not_by_timer => return None,
    };
    (entry.at < due).then(|| format!("conversation {}: {} came {} ms too early", state.number, entry.event.kind(), due.since_ms(entry.at)))
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

/// What a customer wrote stands in a conversation of theirs.
fn not_their_own(world: &World, entry: &Entry) -> Option<String> {
    let Event::MessageReceived { message } = &entry.event else { return None };
    let name = message.client_id.as_deref()?.split(':').next()?;
    let writer = world.clients.iter().find(|it| it.name == name)?;
    (writer.who != Who::Customer(entry.contact)).then(|| format!("{name} wrote into a conversation that is not their own"))
}

/// All ids in an entry, found in its stored form.
fn uuids(entry: &Entry) -> Vec<uuid::Uuid> {
    let text = serde_json::to_string(entry).unwrap_or_default();
    text.split('"').filter(|it| it.len() == 36).filter_map(|it| uuid::Uuid::parse_str(it).ok()).collect()
}

fn describe(world: &World, tenant: usize, entry: &Entry) -> String {
    let Some(place) = world.tenants.get(tenant) else { return String::new() };
    let number = place.store.conversations.get(&entry.conversation).map_or(0, |it| it.state.number);
    let who = actor_name(&place.store, entry.actor);
    let text = entry.event.message().map(|it| format!(" “{}”", rapport_model::shorten(it.content.plain_text(), 40))).unwrap_or_default();
    let reasons: Vec<String> = entry.reasons.iter().map(ToString::to_string).collect();
    let why = if reasons.is_empty() { String::new() } else { format!("  [{}]", reasons.join("; ")) };
    format!("  {} #{number} {} {who}: {}{text}{why}", place.store.name, entry.seq, entry.event.kind())
}
