//! A seeded world in one thread: customers and agents on bad networks, and a server that dies between any two steps.

mod behaviour;
mod faults;
mod server;
mod setup;

use std::collections::{BTreeMap, BTreeSet};

use rand::{Rng as _, SeedableRng as _, rngs::SmallRng};
use rapport_model::{DAY_MS, HOUR_MS, Ids, MINUTE_MS, Presence, SECOND_MS, Timestamp};

use crate::{
    client::{Client, Who},
    node::Tenant,
    sabotage::Sabotage,
};

pub use faults::Faults;

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
    Arrive { client: usize, epoch: u32, n: u64 },
    Acknowledge { client: usize, epoch: u32, n: u64 },
    Refuse { client: usize, epoch: u32, n: u64, code: &'static str },
    /// Events up to a number reach a visitor's widget.
    Stream { client: usize, epoch: u32, up_to: rapport_model::Seq },
    /// The client's own network fails.
    Cut,
    Connect { client: usize, epoch: u32 },
    /// Timers and outbox.
    Work,
    Flap,
    ClockJump,
    Restart,
}

pub struct World {
    pub(crate) rng: SmallRng,
    /// True time; the server's clock is `clock()`.
    pub(crate) now: Timestamp,
    pub(crate) skew_ms: i64,
    pub(crate) is_up: bool,
    pub(crate) tenants: Vec<Tenant>,
    pub(crate) clients: Vec<Client>,
    pub(crate) faults: Faults,
    pub(crate) calm: bool,
    pub(crate) uuid_owner: BTreeMap<uuid::Uuid, usize>,
    pub(crate) wants_online: BTreeSet<rapport_model::MemberId>,
    pub(crate) connections_lost: BTreeMap<usize, u32>,
    schedule: BTreeMap<(Timestamp, u64), Happening>,
    counter: u64,
    tracing: bool,
    pub(crate) depth: u32,
    report: Report,
}

/// How long customers and agents are busy under faults. Units: milliseconds.
const NOISE_MS: i64 = 3 * HOUR_MS;
/// In which everything has to come to rest.
const CALM_MS: i64 = 2 * DAY_MS;
const HAPPENINGS_MAX: u64 = 60_000;

/// Runs one world to its end.
pub fn run(plan: Plan) -> Report {
    let mut world = World::new(plan);
    world.live();
    world.report
}

impl World {
    fn new(plan: Plan) -> Self {
        let mut rng = SmallRng::seed_from_u64(plan.seed);
        // Before a weekend, before National Day, or on any day: business hours and holidays take part.
        let start = Timestamp(1_788_000_000_000 + rng.random_range(0..40) * DAY_MS + rng.random_range(0..DAY_MS));
        let mut world = Self {
            rng,
            now: start,
            skew_ms: 0,
            is_up: true,
            tenants: Vec::new(),
            clients: Vec::new(),
            faults: Faults::default(),
            calm: false,
            uuid_owner: BTreeMap::new(),
            wants_online: BTreeSet::new(),
            connections_lost: BTreeMap::new(),
            schedule: BTreeMap::new(),
            counter: 0,
            tracing: plan.trace,
            depth: 0,
            report: Report::default(),
        };
        setup::populate(&mut world, plan.sabotage);
        world
    }

    fn live(&mut self) {
        let begin = self.now;
        for client in 0..self.clients.len() {
            let delay = self.rng.random_range(0..20 * MINUTE_MS);
            self.after(delay, Happening::Acts { client });
        }
        for happening in [Happening::Cut, Happening::Flap, Happening::ClockJump, Happening::Work] {
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

    fn run_until(&mut self, end: Timestamp) {
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
        if !self.is_up {
            self.restart();
        }
        for client in 0..self.clients.len() {
            if let Some(Client { who: Who::Member(id), .. }) = self.clients.get(client) {
                self.wants_online.insert(*id);
            }
            let epoch = self.drop_connection(client);
            self.after(SECOND_MS, Happening::Connect { client, epoch });
        }
    }

    fn happen(&mut self, happening: Happening) {
        match happening {
            Happening::Acts { client } => behaviour::act(self, client),
            Happening::Arrive { client, epoch, n } => self.arrive(client, epoch, n),
            Happening::Acknowledge { client, epoch, n } => {
                if let Some(it) = self.clients.get_mut(client)
                    && it.epoch == epoch
                {
                    it.settled(n);
                    it.messages.entry(n).and_modify(|acknowledged| *acknowledged = true);
                }
            }
            Happening::Refuse { client, epoch, n, code } => {
                if let Some(it) = self.clients.get_mut(client)
                    && it.epoch == epoch
                {
                    it.settled(n);
                    it.refused.insert(n);
                    self.trace(|world| format!("{} refused {n}: {code}", world.name_of(client)));
                }
            }
            Happening::Stream { client, epoch, up_to } => self.stream(client, epoch, up_to),
            Happening::Cut => self.cut_somebody(),
            Happening::Connect { client, epoch } => self.connect(client, epoch),
            Happening::Work => self.work(),
            Happening::Flap => self.flap(),
            Happening::ClockJump => self.jump_clock(),
            Happening::Restart => self.restart(),
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

    /// Takes the next arrival that is not of this client, as if it had been faster.
    pub(crate) fn take_other_arrival(&mut self, tenant: usize, not: usize) -> Option<(usize, u32, u64)> {
        let (key, arrival) = self.schedule.iter().find_map(|(key, it)| {
            let Happening::Arrive { client, epoch, n } = it else { return None };
            let fits = *client != not && self.clients.get(*client).is_some_and(|it| it.tenant == tenant);
            fits.then_some((*key, (*client, *epoch, *n)))
        })?;
        self.schedule.remove(&key);
        Some(arrival)
    }

    pub(crate) fn has_work_before(&self, at: Timestamp) -> bool {
        self.schedule.range(..=(at, u64::MAX)).any(|(_, it)| matches!(it, Happening::Work))
    }

    pub(crate) fn chance(&mut self, per_mille: u32) -> bool {
        self.rng.random_ratio(per_mille.min(1000), 1000)
    }

    pub(crate) fn ok(&self) -> bool {
        self.report.violations.is_empty()
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
            let line = format!("{:>10} {}", self.now.0 % (100 * DAY_MS) / SECOND_MS, line(self));
            self.report.trace.push(line);
        }
    }

    pub(crate) fn name_of(&self, client: usize) -> String {
        self.clients.get(client).map(|it| it.name.clone()).unwrap_or_default()
    }

    pub(crate) fn presence(&mut self, tenant: usize, member: rapport_model::MemberId, presence: Presence) {
        if let Some(tenant) = self.tenants.get_mut(tenant) {
            tenant.presence.insert(member, presence);
        }
    }
}
