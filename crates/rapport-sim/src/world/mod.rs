//! A seeded world in one thread: customers and agents on bad networks, and servers that die between any two steps.

mod behaviour;
mod faults;
mod live;
mod network;
mod server;
mod setup;
mod worker;

use std::collections::{BTreeMap, BTreeSet};

use rand::{Rng as _, SeedableRng as _, rngs::SmallRng};
use rapport_model::{DAY_MS, HOUR_MS, Ids, MINUTE_MS, MemberId, Presence, SECOND_MS, Timestamp};

use crate::{
    client::{Client, Who},
    invariants::Watch,
    node::{Node, Tenant},
    sabotage::Sabotage,
};

pub use faults::Faults;
pub(crate) use live::Session;
pub(crate) use setup::{Shop, contact, shop};

/// What to simulate.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    pub seed: u64,
    pub sabotage: Option<Sabotage>,
    pub trace: bool,
}

/// What came of it.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Empty: every invariant held. The run stops at the first.
    pub violations: Vec<String>,
    pub trace: Vec<String>,
    pub counts: BTreeMap<&'static str, u64>,
}

/// Something that is going to happen.
#[derive(Clone, Debug)]
pub(crate) enum Happening {
    Acts { client: usize },
    /// A packet reaches the server.
    Arrive { client: usize, node: usize, epoch: u32, n: u64 },
    Acknowledge { client: usize, epoch: u32, n: u64 },
    Refuse { client: usize, epoch: u32, n: u64, code: &'static str },
    /// The answer to a frame did not come: the client takes the connection for dead.
    Impatience { client: usize, epoch: u32, n: u64 },
    /// What the frame's `store.unavailable` asked for.
    TryAgain { client: usize, epoch: u32, n: u64 },
    /// The session of a connection reads what its client missed.
    CatchUp { client: usize, epoch: u32 },
    /// Entries reach a client.
    Deliver { client: usize, epoch: u32 },
    /// The client's own network fails.
    Cut,
    Connect { client: usize, epoch: u32 },
    /// Timers and outbox of a node.
    Work { node: usize },
    Flap,
    ClockJump,
    Restart { node: usize },
}

pub struct World {
    pub(crate) rng: SmallRng,
    /// True time; the servers' clock is `clock()`.
    pub(crate) now: Timestamp,
    pub(crate) skew_ms: i64,
    pub(crate) nodes: Vec<Node>,
    pub(crate) tenants: Vec<Tenant>,
    pub(crate) clients: Vec<Client>,
    pub(crate) sessions: BTreeMap<usize, Session>,
    pub(crate) faults: Faults,
    pub(crate) calm: bool,
    /// Whose presence is not `Online` when their desk is connected.
    pub(crate) by_hand: BTreeMap<MemberId, Presence>,
    /// Connections that died with their node: what was under way on them is lost.
    pub(crate) dead: BTreeSet<(usize, u32)>,
    pub(crate) watch: Watch,
    /// Slowest packet. Units: milliseconds.
    pub(crate) latency_ms_max: i64,
    /// How long a client waits for an answer before it takes the connection for dead. Units: milliseconds.
    pub(crate) patience_ms: i64,
    /// How deep one command got in between the steps of another.
    pub(crate) depth: u32,
    schedule: BTreeMap<(Timestamp, u64), Happening>,
    /// When each node looks at timers and outbox next.
    work_at: BTreeMap<usize, Timestamp>,
    counter: u64,
    tracing: bool,
    report: Report,
}

/// How long customers and agents are busy under faults.
const NOISE_MS: i64 = 150 * MINUTE_MS;
/// In which everything has to come to rest: longer than the longest snooze.
const CALM_MS: i64 = 4 * DAY_MS;
const HAPPENINGS_MAX: u64 = 100_000;

/// Runs one world to its end.
pub fn run(plan: Plan) -> Report {
    let mut rng = SmallRng::seed_from_u64(plan.seed);
    // Around weekends, the Mid-Autumn Festival and National Day: business hours and holidays take part.
    let start = Timestamp(1_788_000_000_000 + rng.random_range(0..40) * DAY_MS + rng.random_range(0..DAY_MS));
    let mut world = World::empty(rng, start, Faults::default(), plan.trace);
    setup::populate(&mut world, plan.sabotage);
    world.live();
    world.report
}

impl World {
    /// Nobody there yet, one node.
    pub(crate) fn empty(rng: SmallRng, start: Timestamp, faults: Faults, tracing: bool) -> Self {
        Self {
            rng,
            now: start,
            skew_ms: 0,
            nodes: vec![Node::new()],
            tenants: Vec::new(),
            clients: Vec::new(),
            sessions: BTreeMap::new(),
            faults,
            calm: false,
            by_hand: BTreeMap::new(),
            dead: BTreeSet::new(),
            watch: Watch::default(),
            latency_ms_max: 2 * SECOND_MS,
            patience_ms: 10 * SECOND_MS,
            depth: 0,
            schedule: BTreeMap::new(),
            work_at: BTreeMap::new(),
            counter: 0,
            tracing,
            report: Report::default(),
        }
    }

    fn live(&mut self) {
        let begin = self.now;
        for client in 0..self.clients.len() {
            self.at(begin, Happening::Connect { client, epoch: 0 });
            let delay = self.rng.random_range(SECOND_MS..20 * MINUTE_MS);
            self.after(delay, Happening::Acts { client });
        }
        for happening in [Happening::Cut, Happening::Flap, Happening::ClockJump] {
            let delay = self.rng.random_range(0..20 * MINUTE_MS);
            self.after(delay, happening);
        }
        self.run_until(begin.plus_ms(NOISE_MS));
        self.become_calm();
        let deadline = self.now.plus_ms(CALM_MS);
        self.run_until(deadline);
        if self.ok() {
            crate::invariants::check_end(self);
        }
    }

    pub(crate) fn run_until(&mut self, end: Timestamp) {
        while self.ok() {
            let Some(next) = self.schedule.first_entry() else { break };
            let (at, _) = *next.key();
            if at > end {
                break;
            }
            let happening = next.remove();
            self.now = self.now.max(at);
            self.happen(happening);
            self.count("happenings");
            if self.report.counts.get("happenings").is_some_and(|it| *it > HAPPENINGS_MAX) {
                self.violate("the world does not come to rest: too many happenings");
            }
        }
        self.now = self.now.max(end);
    }

    /// Faults end, nobody writes any more, agents work off what is there.
    fn become_calm(&mut self) {
        self.trace(|_| "-- calm".to_owned());
        self.calm = true;
        self.faults = Faults::none();
        self.by_hand.clear();
        for node in 0..self.nodes.len() {
            self.restart(node);
        }
        for client in 0..self.clients.len() {
            let epoch = self.drop_connection(client);
            self.after(SECOND_MS, Happening::Connect { client, epoch });
        }
    }

    fn happen(&mut self, happening: Happening) {
        match happening {
            Happening::Acts { client } => behaviour::act(self, client),
            Happening::Arrive { client, node, epoch, n } => self.arrive(client, node, epoch, n),
            Happening::Acknowledge { client, epoch, n } => self.acknowledged(client, epoch, n),
            Happening::Refuse { client, epoch, n, code } => self.refused(client, epoch, n, code),
            Happening::Impatience { client, epoch, n } => self.lose_patience(client, epoch, n),
            Happening::TryAgain { client, epoch, n } => self.try_again(client, epoch, n),
            Happening::CatchUp { client, epoch } => self.catch_up(client, epoch),
            Happening::Deliver { client, epoch } => self.deliver(client, epoch),
            Happening::Cut => self.cut_somebody(),
            Happening::Connect { client, epoch } => self.connect(client, epoch),
            Happening::Work { node } => self.work(node),
            Happening::Flap => self.flap(),
            Happening::ClockJump => self.jump_clock(),
            Happening::Restart { node } => self.restart(node),
        }
    }

    pub(crate) fn clock(&self) -> Timestamp {
        self.now.plus_ms(self.skew_ms)
    }

    pub(crate) fn ids(&mut self) -> Ids {
        Ids::new(self.clock(), self.rng.random())
    }

    pub(crate) fn after(&mut self, delay_ms: i64, happening: Happening) {
        self.at(self.now.plus_ms(delay_ms), happening);
    }

    pub(crate) fn at(&mut self, at: Timestamp, happening: Happening) {
        self.counter += 1;
        self.schedule.insert((at, self.counter), happening);
    }

    /// Makes sure that a node looks at its timers and outbox at this moment.
    pub(crate) fn work_by(&mut self, node: usize, at: Timestamp) {
        if self.work_at.get(&node).is_none_or(|it| *it > at || *it <= self.now) {
            self.work_at.insert(node, at);
            self.at(at, Happening::Work { node });
        }
    }

    /// Takes the next arrival that is not of this client, as if it had been faster.
    pub(crate) fn take_other_arrival(&mut self, tenant: usize, not: Option<usize>) -> Option<Happening> {
        let key = self.schedule.iter().find_map(|(key, it)| {
            let Happening::Arrive { client, .. } = it else { return None };
            let fits = Some(*client) != not && self.clients.get(*client).is_some_and(|it| it.tenant == tenant);
            fits.then_some(*key)
        })?;
        self.schedule.remove(&key)
    }

    /// A frame of the same connection that would arrive later than this one.
    pub(crate) fn take_later_arrival(&mut self, client: usize, epoch: u32, n: u64) -> Option<u64> {
        let key = self.schedule.iter().find_map(|(key, it)| {
            let Happening::Arrive { client: of, epoch: on, n: later, .. } = it else { return None };
            (*of == client && *on == epoch && *later > n).then_some((*key, *later))
        });
        let (key, later) = key?;
        self.schedule.remove(&key);
        Some(later)
    }

    /// Who is at their desk, on whatever node, and what they set by hand.
    pub(crate) fn presences(&self) -> BTreeMap<MemberId, Presence> {
        let desks = self.nodes.iter().flat_map(|it| &it.desks);
        desks.map(|it| (*it, self.by_hand.get(it).copied().unwrap_or(Presence::Online))).collect()
    }

    pub(crate) fn is_up(&self, node: usize) -> bool {
        self.nodes.get(node).is_some_and(|it| it.up)
    }

    pub(crate) fn chance(&mut self, per_mille: u32) -> bool {
        per_mille > 0 && self.rng.random_ratio(per_mille.min(1000), 1000)
    }

    pub(crate) fn ok(&self) -> bool {
        self.report.violations.is_empty()
    }

    pub(crate) fn violations(&self) -> &[String] {
        &self.report.violations
    }

    pub(crate) fn take_trace(&mut self) -> Vec<String> {
        std::mem::take(&mut self.report.trace)
    }

    pub(crate) fn violate(&mut self, what: impl Into<String>) {
        let text = format!("at {}: {}", self.now.0, what.into());
        self.trace(|_| format!("VIOLATION {text}"));
        self.report.violations.push(text);
    }

    pub(crate) fn count(&mut self, what: &'static str) {
        *self.report.counts.entry(what).or_default() += 1;
    }

    pub(crate) fn trace(&mut self, line: impl FnOnce(&Self) -> String) {
        if self.tracing {
            let line = format!("{} {}", moment(self.now), line(self));
            self.report.trace.push(line);
        }
    }

    pub(crate) fn name_of(&self, client: usize) -> String {
        self.clients.get(client).map(|it| it.name.clone()).unwrap_or_default()
    }

    pub(crate) fn member_of(&self, client: usize) -> Option<(usize, MemberId)> {
        let client = self.clients.get(client)?;
        if let Who::Member(member) = client.who { Some((client.tenant, member)) } else { None }
    }
}

/// Day and time of day in Shanghai, for traces: `10-01 09:00:07.250`.
fn moment(at: Timestamp) -> String {
    let local = chrono::DateTime::from_timestamp_millis(at.plus_ms(8 * HOUR_MS).0).unwrap_or_default();
    local.format("%m-%d %H:%M:%S%.3f").to_string()
}
