//! Packets between clients and servers: lost with their connection, sometimes twice, in order on one connection.

use rand::Rng as _;
use rapport_model::{Fault, Input, MINUTE_MS, SECOND_MS, codes};

use super::{Happening, World, server::Ended};
use crate::{
    client::Who,
    node::Command,
    sabotage::Sabotage,
};

impl World {
    /// Keeps a command in the client's outbox and sends it when its turn comes.
    pub(crate) fn send(&mut self, client: usize, command: Command) {
        let Some(it) = self.clients.get_mut(client) else { return };
        let n = it.next_n;
        it.next_n += 1;
        let is_message = carries_message(&command.input);
        let external_id = Some(it.mark(n));
        it.sent.insert(n, Command { external_id, ..command });
        it.unacked.insert(n);
        if is_message {
            it.messages.insert(n, false);
        }
        self.count("sent");
        self.trace(|world| {
            let input = world.clients.get(client).and_then(|it| it.sent.get(&n)).map(|it| format!("{:?}", it.input)).unwrap_or_default();
            format!("{} sends {n}: {input}", world.name_of(client))
        });
        self.flush(client, Some(n));
    }

    /// A patient client sends the oldest that is not acknowledged, and waits; another sends `newest` behind what is under way.
    fn flush(&mut self, client: usize, newest: Option<u64>) {
        let Some(it) = self.clients.get_mut(client).filter(|it| it.connected) else { return };
        if !it.patient {
            if let Some(n) = newest {
                self.transmit(client, n);
            }
            return;
        }
        if it.in_flight.is_none()
            && let Some(n) = it.unacked.first().copied()
        {
            it.in_flight = Some(n);
            self.transmit(client, n);
        }
    }

    /// Everything that was not acknowledged, after a new connection.
    pub(super) fn flush_all(&mut self, client: usize) {
        let Some(it) = self.clients.get(client) else { return };
        if it.patient {
            return self.flush(client, None);
        }
        for n in it.unacked.iter().copied().collect::<Vec<_>>() {
            self.transmit(client, n);
        }
    }

    /// Puts a packet on its connection: in order, once or twice.
    fn transmit(&mut self, client: usize, n: u64) {
        let delay_ms = self.latency();
        let now = self.now;
        let Some(it) = self.clients.get_mut(client).filter(|it| it.connected) else { return };
        let at = it.arrives_until.max(now.plus_ms(delay_ms));
        it.arrives_until = at;
        let (epoch, node) = (it.epoch, it.node);
        self.at(at, Happening::Arrive { client, node, epoch, n });
        self.at(at.plus_ms(self.patience_ms), Happening::Impatience { client, epoch, n });
        if self.chance(self.faults.duplicate) {
            let later_ms = self.rng.random_range(0..10 * MINUTE_MS);
            self.at(at.plus_ms(later_ms), Happening::Arrive { client, node, epoch, n });
            self.count("duplicates");
        }
    }

    pub(crate) fn latency(&mut self) -> i64 {
        self.rng.random_range(1..=self.latency_ms_max.max(1))
    }

    pub(super) fn arrive(&mut self, client: usize, node: usize, epoch: u32, n: u64) {
        if !self.is_up(node) || self.dead.contains(&(client, epoch)) {
            return;
        }
        let mut n = n;
        let overtakes = self.clients.get(client).and_then(|it| self.tenants.get(it.tenant)).is_some_and(|it| it.store.sabotage == Some(Sabotage::Overtake));
        if overtakes && let Some(later) = self.take_later_arrival(client, epoch, n) {
            self.at(self.now, Happening::Arrive { client, node, epoch, n });
            n = later;
        }
        let Some(it) = self.clients.get(client) else { return };
        let Some(command) = it.sent.get(&n).cloned() else { return };
        let (tenant, is_current) = (it.tenant, it.epoch == epoch);
        let ended = self.submit(node, tenant, Some((client, epoch, n)), &command);
        let delay_ms = self.latency();
        match ended {
            Ended::Done if is_current && !self.chance(self.faults.lose_ack) => self.after(delay_ms, Happening::Acknowledge { client, epoch, n }),
            Ended::Done | Ended::Died => {}
            Ended::Refused(fault) => {
                self.check_refusal(client, &command, &fault);
                self.after(delay_ms, Happening::Refuse { client, epoch, n, code: fault.kind.code });
            }
        }
    }

    /// A customer's own words are never refused by the engine; only what is not theirs, and what the store could not take now.
    fn check_refusal(&mut self, client: usize, command: &Command, fault: &Fault) {
        let is_message = matches!(command.input, Input::CustomerMessage { .. });
        let may_be = [codes::NOT_FOUND.code, codes::STORE_UNAVAILABLE.code, codes::CONFLICT.code, codes::INTERNAL.code].contains(&fault.kind.code);
        if is_message && !may_be {
            self.violate(format!("a message of {} was refused: {fault}", self.name_of(client)));
        }
    }

    pub(super) fn acknowledged(&mut self, client: usize, epoch: u32, n: u64) {
        let Some(it) = self.clients.get_mut(client).filter(|it| it.epoch == epoch) else { return };
        it.settled(n);
        it.messages.entry(n).and_modify(|acknowledged| *acknowledged = true);
        self.flush(client, None);
    }

    pub(super) fn refused(&mut self, client: usize, epoch: u32, n: u64, code: &'static str) {
        let Some(it) = self.clients.get_mut(client).filter(|it| it.epoch == epoch && it.unacked.contains(&n)) else { return };
        if code == codes::STORE_UNAVAILABLE.code {
            let pause_ms = self.rng.random_range(100..2 * SECOND_MS);
            self.after(pause_ms, Happening::TryAgain { client, epoch, n });
            return;
        }
        it.settled(n);
        it.refused.insert(n, code);
        self.trace(|world| format!("{} refused {n}: {code}", world.name_of(client)));
        self.flush(client, None);
    }

    pub(super) fn try_again(&mut self, client: usize, epoch: u32, n: u64) {
        let Some(it) = self.clients.get(client).filter(|it| it.epoch == epoch && it.unacked.contains(&n)) else { return };
        if it.patient {
            self.transmit(client, n);
        } else {
            // Later frames may be kept already: whoever does not wait has to begin anew to keep the order it can keep.
            self.reconnect(client);
        }
    }

    /// A socket that swallows frames is as good as cut.
    pub(super) fn lose_patience(&mut self, client: usize, epoch: u32, n: u64) {
        let waits = self.clients.get(client).is_some_and(|it| it.epoch == epoch && it.connected && it.unacked.contains(&n));
        if waits {
            self.trace(|world| format!("{} has no answer to {n}", world.name_of(client)));
            self.reconnect(client);
        }
    }

    pub(crate) fn reconnect(&mut self, client: usize) {
        let epoch = self.drop_connection(client);
        let pause_ms = self.rng.random_range(50..2 * SECOND_MS).min(self.latency_ms_max.max(60));
        self.after(pause_ms, Happening::Connect { client, epoch });
    }

    /// The laptop is closed: nothing arrives, what is written is kept.
    pub(crate) fn sleep(&mut self, client: usize) {
        if let Some(it) = self.clients.get_mut(client) {
            it.asleep = true;
        }
        self.drop_connection(client);
    }

    /// The laptop is opened, or the desk for the first time.
    pub(crate) fn wake_up(&mut self, client: usize) {
        let Some(it) = self.clients.get_mut(client) else { return };
        it.asleep = false;
        let epoch = it.epoch;
        self.at(self.now, Happening::Connect { client, epoch });
    }

    /// The client's side of the connection is gone; the server notices at once.
    pub(crate) fn drop_connection(&mut self, client: usize) -> u32 {
        let Some(it) = self.clients.get_mut(client) else { return 0 };
        it.epoch += 1;
        it.in_flight = None;
        let (epoch, who, tenant, node, was) = (it.epoch, it.who, it.tenant, it.node, it.connected);
        it.connected = false;
        self.sessions.remove(&client);
        if let Who::Member(member) = who
            && was
        {
            let has_another = self.clients.iter().any(|it| it.who == who && it.connected && it.node == node);
            if let Some(it) = self.nodes.get_mut(node)
                && !has_another
            {
                it.desks.remove(&member);
            }
            self.presence_moved(node, tenant, member);
        }
        epoch
    }

    pub(super) fn connect(&mut self, client: usize, epoch: u32) {
        let up: Vec<usize> = (0..self.nodes.len()).filter(|it| self.is_up(*it)).collect();
        let wants = self.clients.get(client).is_some_and(|it| it.epoch == epoch && !it.connected && !it.asleep);
        if !wants {
            return;
        }
        let Some(node) = up.get(self.rng.random_range(0..up.len().max(1))).copied() else {
            let pause_ms = self.rng.random_range(200..3 * SECOND_MS);
            return self.after(pause_ms, Happening::Connect { client, epoch });
        };
        let now = self.now;
        let Some(it) = self.clients.get_mut(client) else { return };
        it.connected = true;
        it.node = node;
        it.arrives_until = now;
        self.open_session(client, epoch);
        self.flush_all(client);
        if let Some((tenant, member)) = self.member_of(client) {
            if let Some(it) = self.nodes.get_mut(node) {
                it.desks.insert(member);
            }
            self.presence_moved(node, tenant, member);
        }
    }
}

fn carries_message(input: &Input) -> bool {
    match input {
        Input::CustomerMessage { .. } => true,
        Input::Member { action, .. } => matches!(action, rapport_model::MemberAction::Send { .. }),
        Input::Start | Input::Customer { .. } | Input::TimerFired { .. } | Input::Route | Input::MemberLeft { .. } | Input::TicketMoved { .. } | Input::SpendingJudged { .. } | Input::Delivery { .. } => false,
    }
}
