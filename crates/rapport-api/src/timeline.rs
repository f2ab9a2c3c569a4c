//! Pages of a conversation's journal, oldest first, for members and for its customer.

use std::collections::BTreeMap;

use rapport_model::{Actor, ConversationId, Entry, Event, Member, Seq};
use rapport_ports::{JournalScope, Records as _, TenantStore};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::failure::Outcome;

const LIMIT: u32 = 50;
const LIMIT_MAX: u32 = 200;

#[derive(Deserialize, utoipa::IntoParams)]
pub(crate) struct Range {
    /// Entries before this number; without it the newest.
    #[serde(default)]
    pub(crate) before: Option<u64>,
    /// Entries after this number instead.
    #[serde(default)]
    pub(crate) after: Option<u64>,
    #[serde(default)]
    pub(crate) limit: Option<u32>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Entries {
    /// Oldest first.
    pub(crate) items: Vec<Entry>,
    /// Whether there are more in the direction that was asked for.
    pub(crate) more: bool,
    /// The tenant's newest number when this was read: resume the live socket from here.
    pub(crate) seq: Seq,
    /// Names of the members who act in `items`, by id.
    pub(crate) names: BTreeMap<String, String>,
}

/// Which entries a reader may see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reader {
    Member,
    /// Only what is for customers, without reasons.
    Customer,
}

/// The number is read first: what is committed after it comes over the socket.
pub(crate) async fn page(store: &std::sync::Arc<dyn TenantStore>, conversation: ConversationId, range: &Range, reader: Reader) -> Outcome<Entries> {
    let seq = store.last_seq().await?;
    let limit = range.limit.unwrap_or(LIMIT).clamp(1, LIMIT_MAX);
    let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
    let scope = JournalScope::Conversation(conversation);
    let forward = range.after.map(Seq);
    let mut edge = forward.unwrap_or_else(|| Seq(range.before.unwrap_or(u64::MAX >> 1)));
    let mut items: Vec<Entry> = Vec::new();
    let mut more = true;
    // What is not for the reader is left out, so it may take several reads to fill a page.
    while more && items.len() <= wanted {
        let read = match forward {
            Some(_) => store.entries_after(scope, edge, limit.saturating_add(1)).await?,
            None => store.entries_before(scope, edge, limit.saturating_add(1)).await?,
        };
        more = read.len() > wanted;
        edge = read.last().map_or(edge, |it| it.seq);
        items.extend(read.into_iter().filter(|it| reader == Reader::Member || it.event.for_customer()));
    }
    let more = items.len() > wanted;
    items.truncate(wanted);
    if forward.is_none() {
        items.reverse();
    }
    if reader == Reader::Customer {
        items.iter_mut().for_each(|it| it.reasons.clear());
    }
    let names = names_of(store, &items).await?;
    Ok(Entries { items, more, seq, names })
}

async fn names_of(store: &std::sync::Arc<dyn TenantStore>, items: &[Entry]) -> Outcome<BTreeMap<String, String>> {
    let mut names = BTreeMap::new();
    for entry in items {
        let assigned = if let Event::Assigned { to } = &entry.event { Some(*to) } else { None };
        let acting = if let Actor::Member(id) = entry.actor { Some(id) } else { None };
        for id in [assigned, acting].into_iter().flatten() {
            let key = id.to_string();
            if !names.contains_key(&key)
                && let Some(member) = store.get::<Member>(*id.as_bytes()).await?
            {
                names.insert(key, member.name);
            }
        }
    }
    Ok(names)
}
