//! The server's loop, step by step, with a place to fail between each two.

use rand::Rng as _;
use rapport_model::{Effect, Fault, HOUR_MS, Input, MINUTE_MS, QueueEntry, SECOND_MS, Seq, Timer, TimerId, codes};

use super::{Happening, World};
use crate::{
    client::Who,
    invariants,
    node::{Address, Command, Prepared},
    sabotage::Sabotage,
    store::{Pending, Refused},
};

/// How a command ended at the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    Done,
    Refused(Fault),
    /// The server died on the way; nobody hears anything.
    Died,
}

const ATTEMPTS_MAX: u32 = 12;

impl World {
    /// Puts a client's packet on its connection: in order, once or twice.
    pub(crate) fn transmit(&mut self, client: usize, n: u64) {
        let delay_ms = self.rng.random_range(5..2 * SECOND_MS);
        let now = self.now;
        let Some(it) = self.clients.get_mut(client) else { return };
        if !it.connected {
            return;
        }
        let at = it.arrives_until.max(now.plus_ms(delay_ms));
        it.arrives_until = at;
        let epoch = it.epoch;
        self.at(at, Happening::Arrive { client, epoch, n });
        if self.chance(self.faults.duplicate) {
            let later_ms = self.rng.random_range(0..10 * MINUTE_MS);
            self.at(at.plus_ms(later_ms), Happening::Arrive { client, epoch, n });
            self.count("duplicates");
        }
    }

    pub(super) fn arrive(&mut self, client: usize, epoch: u32, n: u64) {
        if !self.is_up || self.connections_lost.get(&client).is_some_and(|it| epoch <= *it) {
            return;
        }
        let Some(it) = self.clients.get(client) else { return };
        let Some(command) = it.sent.get(&n).cloned() else { return };
        let (tenant, is_current) = (it.tenant, it.epoch == epoch);
        let ended = self.submit(tenant, Some((client, epoch, n)), &command, None);
        let delay_ms = self.rng.random_range(5..800);
        match ended {
            Ended::Done if is_current && !self.chance(self.faults.lose_ack) => self.after(delay_ms, Happening::Acknowledge { client, epoch, n }),
            Ended::Done | Ended::Died => {}
            Ended::Refused(fault) => {
                if let Input::CustomerMessage { .. } = command.input {
                    self.violate(format!("a customer's message was refused: {fault}"));
                }
                self.after(delay_ms, Happening::Refuse { client, epoch, n, code: fault.kind.code });
            }
        }
        if !self.calm && is_current && self.chance(5) {
            self.retransmit_all(client);
        }
    }

    /// Lost acknowledgements make the client send again after a while.
    fn retransmit_all(&mut self, client: usize) {
        let pending: Vec<u64> = self.clients.get(client).map(|it| it.unacked.iter().copied().collect()).unwrap_or_default();
        for n in pending {
            self.transmit(client, n);
        }
    }

    /// One command through load, decide, commit. `timer`: the firing that it stands for; void when the timer was set anew.
    pub(crate) fn submit(&mut self, tenant: usize, from: Option<(usize, u32, u64)>, command: &Command, timer: Option<TimerId>) -> Ended {
        if !self.is_up {
            return Ended::Died;
        }
        for _ in 0..ATTEMPTS_MAX {
            if self.dies("before deciding") {
                return Ended::Died;
            }
            if timer.is_some_and(|id| !self.has_timer(tenant, id)) {
                return Ended::Done;
            }
            let (now, mut ids) = (self.clock(), self.ids());
            let Some(place) = self.tenants.get_mut(tenant) else { return Ended::Died };
            let prepared = match place.prepare(command, now, &mut ids) {
                Ok(prepared) => prepared,
                Err(fault) => {
                    let known = place.known(command).is_some();
                    return if known { Ended::Done } else { Ended::Refused(fault) };
                }
            };
            let commit = match prepared {
                Prepared::Commit(commit) => commit,
                Prepared::Nothing(decision) => {
                    invariants::check_reasons(self, &decision.reasons);
                    return Ended::Done;
                }
            };
            if let Some((client, epoch, n)) = from
                && self.tenants.get(tenant).is_some_and(|it| it.store.sabotage == Some(Sabotage::AcknowledgeEarly))
            {
                self.at(self.now, Happening::Acknowledge { client, epoch, n });
            }
            self.let_others_in(tenant, from.map(|it| it.0));
            if !self.is_up {
                return Ended::Died;
            }
            if self.dies("between decision and commit") {
                return Ended::Died;
            }
            let conversation = commit.state.id;
            let Some(place) = self.tenants.get_mut(tenant) else { return Ended::Died };
            let before = place.store.journal.len();
            match place.store.commit(*commit, &mut ids) {
                Ok(_) => {
                    self.count("commits");
                    invariants::check_commit(self, tenant, conversation, before);
                    self.stream_to_visitors(tenant);
                    self.plan_work();
                    if self.dies("after the commit, before the acknowledgement") {
                        return Ended::Died;
                    }
                    return Ended::Done;
                }
                Err(Refused::Duplicate { .. }) => {
                    self.count("duplicates_seen");
                    return Ended::Done;
                }
                Err(Refused::Conflict) => self.count("conflicts"),
            }
        }
        Ended::Refused(Fault::new(codes::CONFLICT))
    }

    /// Between decision and commit something else is committed: the decision may rest on what is no longer so.
    fn let_others_in(&mut self, tenant: usize, not: Option<usize>) {
        if self.depth > 0 || !self.chance(self.faults.interleave) {
            return;
        }
        self.depth += 1;
        if let Some((client, epoch, n)) = self.take_other_arrival(tenant, not.unwrap_or(usize::MAX)) {
            self.arrive(client, epoch, n);
        } else {
            self.route_queue(tenant);
        }
        self.depth -= 1;
    }

    pub(super) fn dies(&mut self, at: &str) -> bool {
        let dies = self.is_up && self.chance(self.faults.crash);
        if dies {
            self.crash(at);
        }
        dies
    }

    fn has_timer(&self, tenant: usize, id: TimerId) -> bool {
        self.tenants.get(tenant).is_some_and(|it| it.store.timers.values().any(|it| it.id == id))
    }

    /// Goes through who waits in order of service.
    pub(crate) fn route_queue(&mut self, tenant: usize) {
        let Some(place) = self.tenants.get(tenant) else { return };
        let mut waiting: Vec<QueueEntry> = place.store.queue.values().cloned().collect();
        waiting.sort_by_key(QueueEntry::rank);
        for entry in waiting {
            let command = Command { address: Address::Conversation(entry.conversation), input: Input::Route, external_id: None };
            if self.submit(tenant, None, &command, None) == Ended::Died {
                return;
            }
        }
    }

    /// Fires what is due and carries out effects.
    pub(super) fn work(&mut self) {
        if !self.is_up {
            return;
        }
        for tenant in 0..self.tenants.len() {
            let clock = self.clock();
            let due: Vec<Timer> = self.tenants.get(tenant).map(|it| it.store.due_timers(clock)).unwrap_or_default();
            for timer in due {
                let command = Command { address: Address::Conversation(timer.conversation), input: Input::TimerFired { timer: timer.kind }, external_id: None };
                self.trace(|_| format!("timer {:?} fires", timer.kind));
                if self.submit(tenant, None, &command, Some(timer.id)) == Ended::Died || self.dies("before the timer is cleared") {
                    return;
                }
                if let Some(place) = self.tenants.get_mut(tenant) {
                    place.store.clear_timer(timer.id);
                }
            }
            if !self.work_off_outbox(tenant) {
                return;
            }
        }
        self.plan_work();
    }

    fn work_off_outbox(&mut self, tenant: usize) -> bool {
        let clock = self.clock();
        let Some(place) = self.tenants.get_mut(tenant) else { return true };
        let mut claimed: Vec<Pending> = Vec::new();
        for pending in place.store.outbox.values_mut().filter(|it| it.leased_until <= clock) {
            pending.leased_until = clock.plus_seconds(30);
            claimed.push(pending.clone());
        }
        for pending in claimed {
            if self.dies("after an effect was claimed") {
                return false;
            }
            match pending.effect {
                Effect::RouteQueue => self.route_queue(tenant),
                Effect::StoreTicket { ticket } => {
                    if let Some(place) = self.tenants.get_mut(tenant) {
                        place.store.tickets.entry(ticket.id).or_insert(ticket);
                    }
                }
            }
            if !self.is_up || self.dies("before an effect was settled") {
                return false;
            }
            if let Some(place) = self.tenants.get_mut(tenant) {
                place.store.outbox.remove(&pending.id);
            }
        }
        true
    }

    /// Makes sure that the worker looks when the next timer or effect falls due.
    pub(crate) fn plan_work(&mut self) {
        let clock = self.clock();
        let timers = self.tenants.iter().flat_map(|it| it.store.timers.values().map(|it| it.due_at));
        let effects = self.tenants.iter().flat_map(|it| it.store.outbox.values().map(|it| it.leased_until));
        let Some(due) = timers.chain(effects).min() else { return };
        let delay_ms = due.since_ms(clock).clamp(20, HOUR_MS);
        let at = self.now.plus_ms(delay_ms);
        if !self.has_work_before(at) {
            self.at(at, Happening::Work);
        }
    }

    fn stream_to_visitors(&mut self, tenant: usize) {
        let up_to = self.tenants.get(tenant).map_or(Seq(0), |it| Seq(it.store.journal.len() as u64));
        for client in 0..self.clients.len() {
            let Some(it) = self.clients.get(client).filter(|it| it.tenant == tenant && it.connected && matches!(it.who, Who::Customer(_))) else { continue };
            let epoch = it.epoch;
            let delay_ms = self.rng.random_range(5..500);
            self.after(delay_ms, Happening::Stream { client, epoch, up_to });
        }
    }

    pub(super) fn stream(&mut self, client: usize, epoch: u32, up_to: Seq) {
        let Some(it) = self.clients.get(client).filter(|it| it.epoch == epoch && it.seen < up_to) else { return };
        let (Who::Customer(contact), tenant, seen) = (it.who, it.tenant, it.seen) else { return };
        let Some(place) = self.tenants.get(tenant) else { return };
        let new: Vec<_> = place.store.visitor_feed(contact, seen).into_iter().filter(|it| it.seq <= up_to).collect();
        if let Some(it) = self.clients.get_mut(client) {
            it.feed.extend(new);
            it.seen = up_to;
        }
    }
}
