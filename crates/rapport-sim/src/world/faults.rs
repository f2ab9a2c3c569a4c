//! What befalls the world: cut networks, a dying server, jumping clocks, agents who come and go.

use rand::Rng as _;
use rapport_model::{DAY_MS, HOUR_MS, Input, MINUTE_MS, Presence, SECOND_MS, Status};

use super::{Happening, World};
use crate::{
    client::{Client, Who},
    node::{Address, Command},
};

/// How often things fail. Units: per mille.
#[derive(Clone, Copy, Debug)]
pub struct Faults {
    /// At each step of the server.
    pub crash: u32,
    /// Another command gets in between decision and commit.
    pub interleave: u32,
    /// A packet comes twice.
    pub duplicate: u32,
    /// An acknowledgement is lost.
    pub lose_ack: u32,
}

impl Default for Faults {
    fn default() -> Self {
        Self { crash: 12, interleave: 60, duplicate: 80, lose_ack: 40 }
    }
}

impl Faults {
    pub fn none() -> Self {
        Self { crash: 0, interleave: 0, duplicate: 0, lose_ack: 0 }
    }
}

impl World {
    /// Cuts one client's network. What it sent may still arrive.
    pub(super) fn cut_somebody(&mut self) {
        if self.calm {
            return;
        }
        let client = self.rng.random_range(0..self.clients.len());
        let epoch = self.drop_connection(client);
        let offline_ms = self.rng.random_range(SECOND_MS..90 * SECOND_MS);
        self.after(offline_ms, Happening::Connect { client, epoch });
        let next_ms = self.rng.random_range(MINUTE_MS..8 * MINUTE_MS);
        self.after(next_ms, Happening::Cut);
        self.trace(|world| format!("{} cut off", world.name_of(client)));
    }

    pub(super) fn drop_connection(&mut self, client: usize) -> u32 {
        let Some(it) = self.clients.get_mut(client) else { return 0 };
        it.epoch += 1;
        it.connected = false;
        let (epoch, who, tenant) = (it.epoch, it.who, it.tenant);
        if let Who::Member(member) = who {
            self.leave(tenant, member, Presence::Offline);
        }
        epoch
    }

    /// The server dies: connections, presence and everything in its memory are gone.
    pub(super) fn crash(&mut self, at: &str) {
        self.count("crashes");
        self.trace(|_| format!("*** server dies {at}"));
        self.is_up = false;
        for tenant in &mut self.tenants {
            tenant.presence.clear();
        }
        for client in 0..self.clients.len() {
            if let Some(it) = self.clients.get_mut(client) {
                self.connections_lost.insert(client, it.epoch);
                it.epoch += 1;
                it.connected = false;
            }
        }
        let down_ms = self.rng.random_range(100..5 * SECOND_MS);
        self.after(down_ms, Happening::Restart);
    }

    pub(super) fn restart(&mut self) {
        if self.is_up {
            return;
        }
        self.is_up = true;
        for client in 0..self.clients.len() {
            let epoch = self.clients.get(client).map_or(0, |it| it.epoch);
            let jitter_ms = self.rng.random_range(100..3 * SECOND_MS);
            self.after(jitter_ms, Happening::Connect { client, epoch });
        }
        self.after(10, Happening::Work);
    }

    pub(super) fn connect(&mut self, client: usize, epoch: u32) {
        if !self.is_up {
            return;
        }
        let Some(it) = self.clients.get_mut(client).filter(|it| it.epoch == epoch && !it.connected) else { return };
        it.connected = true;
        it.arrives_until = self.now;
        let (who, tenant) = (it.who, it.tenant);
        let pending: Vec<u64> = it.unacked.iter().copied().collect();
        for n in pending {
            self.transmit(client, n);
        }
        match who {
            Who::Member(member) => {
                if self.wants_online.contains(&member) {
                    self.presence(tenant, member, Presence::Online);
                    self.route_queue(tenant);
                }
            }
            Who::Customer(_) => {
                let up_to = self.tenants.get(tenant).map_or(rapport_model::Seq(0), |it| rapport_model::Seq(it.store.journal.len() as u64));
                self.after(50, Happening::Stream { client, epoch, up_to });
            }
        }
    }

    /// An agent changes their presence by hand.
    pub(super) fn flap(&mut self) {
        if self.calm {
            return;
        }
        let members: Vec<(usize, rapport_model::MemberId)> = self
            .clients
            .iter()
            .filter_map(|it| match it {
                Client { who: Who::Member(id), tenant, connected: true, .. } => Some((*tenant, *id)),
                Client { .. } => None,
            })
            .collect();
        if let Some((tenant, member)) = members.get(self.rng.random_range(0..members.len().max(1))).copied()
            && self.is_up
        {
            if self.wants_online.remove(&member) {
                let presence = if self.chance(500) { Presence::Away } else { Presence::Offline };
                self.leave(tenant, member, presence);
            } else {
                self.wants_online.insert(member);
                self.presence(tenant, member, Presence::Online);
                self.route_queue(tenant);
            }
        }
        let next_ms = self.rng.random_range(MINUTE_MS..10 * MINUTE_MS);
        self.after(next_ms, Happening::Flap);
    }

    /// Sets presence and takes back what was offered to the member.
    fn leave(&mut self, tenant: usize, member: rapport_model::MemberId, presence: Presence) {
        self.presence(tenant, member, presence);
        if !self.is_up {
            return;
        }
        let Some(held) = self.tenants.get(tenant) else { return };
        let offered: Vec<_> = held
            .store
            .conversations
            .values()
            .filter(|it| matches!(it.state.status, Status::Offered { to, .. } if to == member))
            .map(|it| it.state.id)
            .collect();
        for id in offered {
            let command = Command { address: Address::Conversation(id), input: Input::MemberLeft { member }, external_id: None };
            self.submit(tenant, None, &command, None);
        }
    }

    /// The server's clock is set: a little back, or far ahead.
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
        self.trace(|_| format!("the server's clock jumps by {} s", jump_ms / SECOND_MS));
        self.after(10, Happening::Work);
        let next_ms = self.rng.random_range(20 * MINUTE_MS..HOUR_MS);
        self.after(next_ms, Happening::ClockJump);
    }
}
