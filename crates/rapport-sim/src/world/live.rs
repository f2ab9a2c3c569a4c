//! What connected clients hear: subscribed before the journal is read, each entry once, in order, and cut when they fall behind.

use std::collections::VecDeque;

use rand::Rng as _;
use rapport_model::{Entry, MINUTE_MS, Seq};

use super::{Happening, World};
use crate::{client::Who, sabotage::Sabotage};

/// More frames than this waiting: the reader is cut, not buffered for ever.
const WAITING_MAX: usize = 32;

/// The server's side of a connection.
pub(crate) struct Session {
    epoch: u32,
    tenant: usize,
    who: Who,
    /// Heard over the bus and not sent yet.
    waiting: VecDeque<(usize, Seq)>,
    /// The highest number sent; `None` until what was missed has been read.
    sent: Option<Seq>,
}

impl World {
    /// Says hello: from here on the session hears what is committed; what was missed is read a moment later.
    pub(super) fn open_session(&mut self, client: usize, epoch: u32) {
        let Some(it) = self.clients.get(client) else { return };
        self.sessions.insert(client, Session { epoch, tenant: it.tenant, who: it.who, waiting: VecDeque::new(), sent: None });
        let delay_ms = self.latency();
        self.after(delay_ms, Happening::CatchUp { client, epoch });
    }

    /// Committed entries, in order, to whoever may hear them.
    pub(super) fn publish(&mut self, tenant: usize, before: Seq) {
        let Some(place) = self.tenants.get(tenant) else { return };
        let sabotage = place.store.sabotage;
        let new = place.store.entries_after(before);
        let mut slow = Vec::new();
        let mut woken = Vec::new();
        for (client, session) in &mut self.sessions {
            let crossed = sabotage == Some(Sabotage::CrossTenants) && matches!(session.who, Who::Member(_));
            if session.tenant != tenant && !crossed {
                continue;
            }
            let was_empty = session.waiting.is_empty();
            session.waiting.extend(new.iter().filter(|it| may_hear(session.who, it, sabotage)).map(|it| (tenant, it.seq)));
            if session.waiting.len() > WAITING_MAX {
                slow.push(*client);
            } else if was_empty && !session.waiting.is_empty() && session.sent.is_some() {
                woken.push((*client, session.epoch));
            }
        }
        for (client, epoch) in woken {
            let delay_ms = self.latency();
            self.after(delay_ms, Happening::Deliver { client, epoch });
        }
        for client in slow {
            self.count("slow_readers");
            self.reconnect(client);
        }
    }

    /// Reads what the client missed, and sends it; the connection may die on the way.
    pub(super) fn catch_up(&mut self, client: usize, epoch: u32) {
        let cut = self.cuts(client, self.faults.cut_feed * 5);
        let (Some(session), Some(it)) = (self.sessions.get_mut(&client).filter(|it| it.epoch == epoch), self.clients.get_mut(client)) else { return };
        let Some(place) = self.tenants.get(session.tenant) else { return };
        let late = u64::from(place.store.sabotage == Some(Sabotage::ResumeOneLate) && it.seen > Seq(0));
        let resume = Seq(it.seen.0 + late);
        let mut missed: Vec<Seq> =
            place.store.entries_after(resume).iter().filter(|it| may_hear(session.who, it, place.store.sabotage)).map(|it| it.seq).collect();
        if cut {
            missed.truncate(missed.len() / 2);
        }
        for seq in &missed {
            it.feed.push((session.tenant, *seq));
            it.seen = *seq;
        }
        if cut {
            return self.reconnect(client);
        }
        let newest = place.store.last_seq();
        session.sent = Some(if place.store.sabotage == Some(Sabotage::SendTwice) { resume } else { newest });
        if !session.waiting.is_empty() {
            self.after(1, Happening::Deliver { client, epoch });
        }
    }

    fn cuts(&mut self, client: usize, per_mille: u32) -> bool {
        let spared = !self.faults.cut_desks && self.member_of(client).is_some();
        !spared && self.chance(per_mille)
    }

    /// Sends some of what waits.
    pub(super) fn deliver(&mut self, client: usize, epoch: u32) {
        if self.cuts(client, self.faults.cut_feed) {
            let is_current = self.sessions.get(&client).is_some_and(|it| it.epoch == epoch);
            if is_current {
                self.reconnect(client);
            }
            return;
        }
        if self.chance(self.faults.stall) {
            let stalled_ms = self.rng.random_range(MINUTE_MS..20 * MINUTE_MS);
            return self.after(stalled_ms, Happening::Deliver { client, epoch });
        }
        let burst = self.rng.random_range(1..=24);
        let (Some(session), Some(it)) = (self.sessions.get_mut(&client).filter(|it| it.epoch == epoch), self.clients.get_mut(client)) else { return };
        let Some(mut sent) = session.sent else { return };
        for _ in 0..burst {
            let Some((tenant, seq)) = session.waiting.pop_front() else { break };
            if seq > sent || tenant != session.tenant {
                sent = sent.max(seq);
                it.feed.push((tenant, seq));
                it.seen = it.seen.max(seq);
            }
        }
        session.sent = Some(sent);
        if !session.waiting.is_empty() {
            let delay_ms = self.latency();
            self.after(delay_ms, Happening::Deliver { client, epoch });
        }
    }
}

fn may_hear(who: Who, entry: &Entry, sabotage: Option<Sabotage>) -> bool {
    match who {
        Who::Member(_) => true,
        Who::Customer(contact) => entry.contact == contact && (entry.event.for_customer() || sabotage == Some(Sabotage::LeakNotes)),
    }
}
