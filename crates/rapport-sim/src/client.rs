//! A customer's or agent's program: sends in order, keeps what was not acknowledged, sends it again after every cut, and reads along.

use std::collections::{BTreeMap, BTreeSet};

use rapport_model::{ContactId, MemberId, Seq, Timestamp};

use crate::node::Command;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    Customer(ContactId),
    Member(MemberId),
}

pub struct Client {
    pub name: String,
    pub tenant: usize,
    pub who: Who,
    /// One frame at a time, as widget and desk do. Others send all they have and rely on the order of the connection.
    pub patient: bool,
    /// The node that it is connected to.
    pub node: usize,
    /// Counts connections: what was on an earlier one is lost when its node dies.
    pub epoch: u32,
    pub connected: bool,
    /// Does not connect by itself: the laptop is closed.
    pub asleep: bool,
    pub next_n: u64,
    /// Everything ever sent, by number.
    pub sent: BTreeMap<u64, Command>,
    pub unacked: BTreeSet<u64>,
    /// The frame that a patient client waits for.
    pub in_flight: Option<u64>,
    /// The latest arrival on the present connection: packets do not overtake each other on one.
    pub arrives_until: Timestamp,
    /// Messages (with text or file) by number, and whether they were acknowledged.
    pub messages: BTreeMap<u64, bool>,
    /// What was refused with an error that trying again does not mend.
    pub refused: BTreeMap<u64, &'static str>,
    /// Its own copy of the timeline, as streamed and resumed: tenant and number of each entry.
    pub feed: Vec<(usize, Seq)>,
    pub seen: Seq,
}

impl Client {
    pub fn new(name: String, tenant: usize, who: Who) -> Self {
        Self {
            name,
            tenant,
            who,
            patient: true,
            node: 0,
            epoch: 0,
            connected: false,
            asleep: false,
            next_n: 0,
            sent: BTreeMap::new(),
            unacked: BTreeSet::new(),
            in_flight: None,
            arrives_until: Timestamp(0),
            messages: BTreeMap::new(),
            refused: BTreeMap::new(),
            feed: Vec::new(),
            seen: Seq(0),
        }
    }

    /// The client's own name of its n-th sending: external id, client id and mark in texts.
    pub fn mark(&self, n: u64) -> String {
        format!("{}:{n}", self.name)
    }

    pub fn settled(&mut self, n: u64) {
        self.unacked.remove(&n);
        if self.in_flight == Some(n) {
            self.in_flight = None;
        }
    }
}
