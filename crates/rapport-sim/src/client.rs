//! A customer's or agent's program: sends in order, keeps what was not acknowledged, and sends it again after every cut.

use std::collections::{BTreeMap, BTreeSet};

use rapport_model::{ContactId, Entry, MemberId, Seq, Timestamp};

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
    /// Counts connections: what was on an earlier one is lost when the server dies.
    pub epoch: u32,
    pub connected: bool,
    pub next_n: u64,
    /// Everything ever sent, by number.
    pub sent: BTreeMap<u64, Command>,
    pub unacked: BTreeSet<u64>,
    /// The latest arrival on the present connection: packets do not overtake each other on one.
    pub arrives_until: Timestamp,
    /// Messages (with text or file) by number, and whether they were acknowledged.
    pub messages: BTreeMap<u64, bool>,
    /// What was refused with an error.
    pub refused: BTreeSet<u64>,
    /// A visitor's own copy of the timeline, as streamed and resumed.
    pub feed: Vec<Entry>,
    pub seen: Seq,
}

impl Client {
    pub fn new(name: String, tenant: usize, who: Who) -> Self {
        Self {
            name,
            tenant,
            who,
            epoch: 0,
            connected: true,
            next_n: 0,
            sent: BTreeMap::new(),
            unacked: BTreeSet::new(),
            arrives_until: Timestamp(0),
            messages: BTreeMap::new(),
            refused: BTreeSet::new(),
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
    }
}
