//! State from entries: the only way in which a conversation comes about.

use rapport_model::{Conversation, Decision, Entry, Timestamp};

/// The state that the entries of one conversation make, in order; `None` unless the first opens it.
pub fn fold<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> Option<Conversation> {
    let mut state = None;
    for entry in entries {
        state = match state {
            None => Some(Conversation::open(&entry.event, entry.at)?),
            Some(before) => Some(applied(before, entry)),
        };
    }
    state
}

fn applied(mut state: Conversation, entry: &Entry) -> Conversation {
    state.apply(entry.actor, entry.at, &entry.event);
    state
}

/// The state after a decision's events, all of them at `now`. `None` when nothing is open and the first event does not open.
pub fn advance(state: Option<Conversation>, decision: &Decision, now: Timestamp) -> Option<Conversation> {
    let mut state = state;
    for (actor, event) in &decision.events {
        match &mut state {
            Some(state) => state.apply(*actor, now, event),
            None => state = Some(Conversation::open(event, now)?),
        }
    }
    state
}
