//! What befalls the world: cut networks, dying servers, jumping clocks, agents who come and go.

use rand::Rng as _;
use rapport_model::{DAY_MS, HOUR_MS, Input, MINUTE_MS, MemberId, Presence, SECOND_MS, Status};

use super::{Happening, World};
use crate::node::Command;

/// How often things fail. Units: per mille.
#[derive(Clone, Copy, Debug)]
pub struct Faults {
    /// At each step of a server.
    pub crash: u32,
    /// Something else is committed between decision and commit.
    pub interleave: u32,
    /// A packet comes twice.
    pub duplicate: u32,
    /// An acknowledgement is lost.
    pub lose_ack: u32,
    /// The store gives no answer: written or not, nobody knows.
    pub doubt: u32,
    /// A decision ends in a panic.
    pub panic: u32,
    /// A connection dies while entries are sent over it.
    pub cut_feed: u32,
    /// Desks are cut, too: then their agents are away for a moment and may be passed over.
    pub cut_desks: bool,
    /// A reader takes nothing for minutes.
    pub stall: u32,
}

impl Default for Faults {
    fn default() -> Self {
        Self { crash: 10, interleave: 60, duplicate: 80, lose_ack: 40, doubt: 8, panic: 2, cut_feed: 10, cut_desks: true, stall: 15 }
    }
}

impl Faults {
    pub fn none() -> Self {
        Self { crash: 0, interleave: 0, duplicate: 0, lose_ack: 0, doubt: 0, panic: 0, cut_feed: 0, cut_desks: false, stall: 0 }
    }

    /// Only the network is bad.
    pub fn of_network() -> Self {
        Self { duplicate: 150, lose_ack: 150, cut_feed: 60, ..Self::none() }
    }
}

impl World {
    /// Cuts one client's network. What it sent may still arrive.
    pub(super) fn cut_somebody(&mut self) {
        if self.calm {
            return;
        }
        let client = self.rng.random_range(0..self.clients.len());
        self.trace(|world| format!("{} cut off", world.name_of(client)));
        let epoch = self.drop_connection(client);
        let offline_ms = self.rng.random_range(SECOND_MS..90 * SECOND_MS);
        self.after(offline_ms, Happening::Connect { client, epoch });
        let next_ms = self.rng.random_range(MINUTE_MS..8 * MINUTE_MS);
        self.after(next_ms, Happening::Cut);
    }

    /// A server dies: connections, sessions and everything in its memory are gone.
    pub(crate) fn crash(&mut self, node: usize, at: &str) {
        self.count("crashes");
        self.trace(|_| format!("*** server {node} dies {at}"));
        let Some(it) = self.nodes.get_mut(node) else { return };
        it.crash();
        for client in 0..self.clients.len() {
            let Some(it) = self.clients.get_mut(client).filter(|it| it.node == node && it.connected) else { continue };
            self.dead.insert((client, it.epoch));
            it.epoch += 1;
            it.connected = false;
            it.in_flight = None;
            let epoch = it.epoch;
            self.sessions.remove(&client);
            let pause_ms = self.rng.random_range(SECOND_MS..3 * SECOND_MS);
            self.after(pause_ms, Happening::Connect { client, epoch });
        }
        let down_ms = self.rng.random_range(100..5 * SECOND_MS);
        self.after(down_ms, Happening::Restart { node });
    }

    pub(crate) fn restart(&mut self, node: usize) {
        if let Some(it) = self.nodes.get_mut(node).filter(|it| !it.up) {
            it.up = true;
            self.trace(|_| format!("server {node} is up"));
        }
        let soon = self.now.plus_ms(10);
        self.work_by(node, soon);
    }

    pub(super) fn dies(&mut self, node: usize, at: &str) -> bool {
        let dies = self.is_up(node) && self.chance(self.faults.crash);
        if dies {
            self.crash(node, at);
        }
        dies
    }

    /// An agent changes their presence by hand.
    pub(super) fn flap(&mut self) {
        if self.calm {
            return;
        }
        let there: Vec<usize> = (0..self.clients.len()).filter(|it| self.member_of(*it).is_some() && self.clients.get(*it).is_some_and(|it| it.connected)).collect();
        if let Some(client) = there.get(self.rng.random_range(0..there.len().max(1)))
            && let Some((tenant, member)) = self.member_of(*client)
        {
            let node = self.clients.get(*client).map_or(0, |it| it.node);
            let wanted = if self.by_hand.contains_key(&member) {
                Presence::Online
            } else if self.chance(500) {
                Presence::Away
            } else {
                Presence::Offline
            };
            self.set_presence(node, tenant, member, wanted);
        }
        let next_ms = self.rng.random_range(MINUTE_MS..10 * MINUTE_MS);
        self.after(next_ms, Happening::Flap);
    }

    /// By hand; routing follows.
    pub(crate) fn set_presence(&mut self, node: usize, tenant: usize, member: MemberId, presence: Presence) {
        self.trace(|_| format!("{member:?} is {presence:?}"));
        if presence == Presence::Online {
            self.by_hand.remove(&member);
        } else {
            self.by_hand.insert(member, presence);
        }
        self.presence_moved(node, tenant, member);
    }

    /// Who came may be offered what waits, who went loses their offers.
    pub(crate) fn presence_moved(&mut self, node: usize, tenant: usize, member: MemberId) {
        if !self.is_up(node) {
            return;
        }
        if self.presences().get(&member) == Some(&Presence::Online) {
            self.route_queue(node, tenant);
            return;
        }
        let Some(held) = self.tenants.get(tenant) else { return };
        let is_offered = |status: Status| matches!(status, Status::Offered { to, .. } if to == member);
        let offered: Vec<_> = held.store.conversations.values().filter(|it| is_offered(it.state.status)).map(|it| it.state.id).collect();
        for id in offered {
            self.submit(node, tenant, None, &Command::internal(id, Input::MemberLeft { member }));
        }
    }

    /// The servers' clock is set: a little back, or far ahead.
    pub(super) fn jump_clock(&mut self) {
        if self.calm {
            return;
        }
        let jump_ms = match self.rng.random_range(0..4) {
            0 => -self.rng.random_range(0..5 * MINUTE_MS),
            1 => self.rng.random_range(0..5 * MINUTE_MS),
            2 => self.rng.random_range(0..3 * HOUR_MS),
            _ => self.rng.random_range(0..2 * DAY_MS),
        };
        self.skew_ms += jump_ms;
        self.count("clock_jumps");
        self.trace(|_| format!("the servers' clock jumps by {} s", jump_ms / SECOND_MS));
        for node in 0..self.nodes.len() {
            let soon = self.now.plus_ms(10);
            self.work_by(node, soon);
        }
        let next_ms = self.rng.random_range(20 * MINUTE_MS..HOUR_MS);
        self.after(next_ms, Happening::ClockJump);
    }
}
