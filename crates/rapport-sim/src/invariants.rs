//! What has to be true after every commit, at every rest, and when the world has come to its end.

mod commit;
mod end;

use std::collections::BTreeMap;

use rapport_model::{Conversation, ConversationId, MINUTE_MS, Presence, QueueEntry, Reason, RoutingMode, Status, TicketId, TimerKind, Timestamp};

use crate::{store::TenantStore, world::World};

pub(crate) use commit::check_commit;
pub(crate) use end::{check_end, check_story_end};

/// What is remembered from one check to the next.
#[derive(Default)]
pub(crate) struct Watch {
    /// Each conversation as its entries make it, kept up entry by entry.
    folded: BTreeMap<ConversationId, Conversation>,
    /// Which tenant an id was first seen at.
    pub(crate) owners: BTreeMap<uuid::Uuid, usize>,
    /// How many steps each ticket had.
    ticket_steps: BTreeMap<TicketId, usize>,
    /// Since when a conversation has waited although somebody was free.
    idle_hands: BTreeMap<ConversationId, Timestamp>,
}

/// Kinds of events that a customer may see: written down apart from the model, so that a slip there is noticed here.
const FOR_CUSTOMERS: &[&str] = &[
    "conversation_opened", "message_received", "message_sent", "read_marked", "left_queue", "assigned", "unassigned", "resolved", "reopened",
    "returned_to_bot", "ticket_created", "ticket_changed", "rating_requested", "rated", "consent_given", "consent_withdrawn", "compensation_settled",
    "decision_objected",
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

/// A ticket's log only grows, whatever is repeated.
pub(crate) fn check_tickets(world: &mut World, tenant: usize) {
    let Some(place) = world.tenants.get(tenant) else { return };
    let mut broken = Vec::new();
    for ticket in place.store.tickets.values() {
        let before = world.watch.ticket_steps.insert(ticket.id, ticket.log.len()).unwrap_or(0);
        if ticket.log.len() < before {
            broken.push(format!("ticket {} went back from {before} steps to {}", ticket.number, ticket.log.len()));
        }
    }
    broken.into_iter().for_each(|it| world.violate(it));
}

/// After a worker's round: nobody waits while somebody is free who could serve them and did not pass.
pub(crate) fn check_idle_hands(world: &mut World, tenant: usize) {
    let (now, presences) = (world.now, world.presences());
    // Where the store may fail to answer, a lost look at the queue is made good by the queue's own timer.
    let allowed_ms = if world.faults.doubt > 0 { 40 * MINUTE_MS } else { MINUTE_MS };
    let Some(place) = world.tenants.get(tenant) else { return };
    if !place.store.outbox.is_empty() {
        return;
    }
    let is_queued = |it: &&QueueEntry| place.store.conversations.get(&it.conversation).is_some_and(|it| it.state.status == Status::Queued);
    let mut idle = BTreeMap::new();
    for entry in place.store.queue.values().filter(is_queued) {
        if let Some(agent) = free_for(&place.store, &presences, entry) {
            idle.insert(entry.conversation, agent);
        }
    }
    let queued: Vec<ConversationId> = place.store.queue.keys().copied().collect();
    let since = &mut world.watch.idle_hands;
    let mut broken = Vec::new();
    for conversation in queued {
        match idle.get(&conversation) {
            None => {
                since.remove(&conversation);
            }
            Some(agent) => {
                let waited_ms = now.since_ms(*since.entry(conversation).or_insert(now));
                if waited_ms > allowed_ms {
                    broken.push(format!("conversation {conversation} waits though {agent} is free"));
                }
            }
        }
    }
    broken.into_iter().for_each(|it| world.violate(it));
}

fn free_for(store: &TenantStore, presences: &BTreeMap<rapport_model::MemberId, Presence>, entry: &QueueEntry) -> Option<String> {
    if store.inboxes.get(&entry.inbox)?.routing.mode == RoutingMode::Manual {
        return None;
    }
    let may_serve = |it: &crate::store::Agent| {
        entry.team.is_none_or(|team| it.teams.contains(&team)) && entry.skills.iter().all(|skill| it.skills.contains(skill)) && !entry.passed.contains(&it.id)
    };
    let online = store.agents.values().filter(|it| presences.get(&it.id) == Some(&Presence::Online));
    online.filter(|it| may_serve(it)).find(|it| store.load(it.id) < it.capacity).map(|it| it.name.clone())
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
    let waits = state.status.category() == rapport_model::StatusCategory::Waiting;
    if waits != store.queue.contains_key(&state.id) || waits != state.queue.is_some() {
        return Some(format!("conversation {} is {} but its queue entry says otherwise", state.number, state.status.name()));
    }
    None
}
