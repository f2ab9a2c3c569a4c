//! The simulator as a stage: one company with the demo shop's knowledge, people who do what the story says, and a clock that obeys.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    sync::{Arc, OnceLock},
};

use rand::{SeedableRng as _, rngs::SmallRng};
use rapport_knowledge::Index;
use rapport_model::{
    Actor, Article, ArticleSource, ContactId, Conversation, Event, Ids, InboxId, Locale, MINUTE_MS, MemberId, RoutingPolicy, SECOND_MS, Timestamp,
};

use super::{
    Network, Stage, Standing, TicketPage, View, check, check_at_desk,
    step::{AtDesk, Expect, Setup, Step, Time},
};
use crate::{
    client::{Client, Who},
    node::Tenant,
    store::Agent,
    world::{Faults, Happening, Shop, World, contact, shop},
};

/// Wednesday, 10 June 2026, 10:00 in Shanghai: an ordinary working day.
const BEGIN: Timestamp = Timestamp(1_781_056_800_000);
/// How long an expectation may take to come true, in simulated time.
const PATIENCE_MS: i64 = 12 * SECOND_MS;
/// Between two looks.
const LOOK_MS: i64 = 50;

pub struct SimStage {
    pub(super) world: World,
    pub(super) inbox: InboxId,
    pub(super) customers: BTreeMap<String, Customer>,
    pub(super) agents: BTreeMap<String, Member>,
    /// Who is typing to whom.
    pub(super) typing: BTreeSet<(String, String)>,
    begin: Timestamp,
}

pub(super) struct Customer {
    pub(super) client: usize,
    pub(super) contact: ContactId,
    heard: usize,
}

#[derive(Clone, Copy)]
pub(super) struct Member {
    pub(super) client: usize,
    pub(super) id: MemberId,
}

impl SimStage {
    pub fn new(network: Network, trace: bool) -> Self {
        let (seed, faults) = match network {
            Network::Good => (1, Faults::none()),
            Network::Bad { seed } => (seed, Faults::of_network()),
        };
        let mut world = World::empty(SmallRng::seed_from_u64(seed), BEGIN, faults, trace);
        world.latency_ms_max = 20;
        world.patience_ms = 400;
        let mut ids = world.ids();
        let Shop { store, inbox } = shop(&mut ids, "云履 Cloudstep", RoutingPolicy::default());
        world.tenants.push(Tenant { store, knowledge: demo_knowledge(), taught: crate::taught::demo() });
        Self { world, inbox, customers: BTreeMap::new(), agents: BTreeMap::new(), typing: BTreeSet::new(), begin: BEGIN }
    }

    pub fn simulated_ms(&self) -> i64 {
        self.world.now.since_ms(self.begin)
    }

    pub fn take_trace(&mut self) -> Vec<String> {
        self.world.take_trace()
    }

    /// Lets everything that is under way arrive, and checks what has to hold at rest.
    pub fn come_to_rest(&mut self) -> Result<(), String> {
        self.world.run_until(self.world.now.plus_ms(SECOND_MS));
        crate::invariants::check_story_end(&mut self.world);
        self.unbroken()
    }

    fn unbroken(&self) -> Result<(), String> {
        self.world.violations().first().map_or(Ok(()), |it| Err(format!("BROKEN {it}")))
    }

    pub(super) fn customer(&self, name: &str) -> Result<&Customer, String> {
        self.customers.get(name).ok_or_else(|| format!("{name} did not open the shop yet"))
    }

    pub(super) fn member(&self, name: &str) -> Result<Member, String> {
        self.agents.get(name).copied().ok_or_else(|| format!("{name} does not work here"))
    }

    /// The customer's newest conversation.
    pub(super) fn conversation(&self, name: &str) -> Result<Conversation, String> {
        let contact = self.customer(name)?.contact;
        let found = self.world.tenants.first().and_then(|it| it.store.latest_of(contact));
        found.map(|it| it.state.clone()).ok_or_else(|| format!("{name} has no conversation"))
    }

    pub(super) fn come_in(&mut self, name: &str, locale: Locale) {
        let mut ids = self.world.ids();
        let contact = contact(ids.next(), name, locale, self.world.now);
        let id = contact.id;
        if let Some(place) = self.world.tenants.first_mut() {
            place.store.contacts.insert(id, contact);
        }
        let client = self.add_client(name, Who::Customer(id));
        self.customers.insert(name.to_owned(), Customer { client, contact: id, heard: 0 });
        self.world.at(self.world.now, Happening::Connect { client, epoch: 0 });
    }

    fn add_client(&mut self, name: &str, who: Who) -> usize {
        self.world.clients.push(Client::new(name.to_owned(), 0, who));
        self.world.clients.len() - 1
    }

    fn set_up(&mut self, setup: &Setup) -> Result<(), String> {
        let mut ids = self.world.ids();
        if let Setup::Agent { name, capacity, skills } = setup {
            let id: MemberId = ids.next();
            let client = self.add_client(name, Who::Member(id));
            self.agents.insert(name.clone(), Member { client, id });
            let agent = Agent { id, name: name.clone(), capacity: *capacity, skills: skills.clone(), teams: Vec::new() };
            let place = self.world.tenants.first_mut().ok_or("no shop")?;
            place.store.agents.insert(id, agent);
            return Ok(());
        }
        let place = self.world.tenants.first_mut().ok_or("no shop")?;
        let inbox = place.store.inboxes.get_mut(&self.inbox).ok_or("no inbox")?;
        match setup {
            Setup::Hours(hours) => place.store.calendar = Some(hours.calendar(ids.next())),
            Setup::Routing { mode, offer_timeout_s } => inbox.routing = RoutingPolicy { mode: *mode, offer_timeout_s: *offer_timeout_s, ..inbox.routing },
            Setup::Ratings { on } => inbox.csat = *on,
            Setup::Bot { on } => inbox.bot = *on,
            Setup::NoticesFeelings { on } => place.store.switches.feelings = *on,
            Setup::Agent { .. } => {}
        }
        Ok(())
    }

    fn pass_time(&mut self, time: Time) -> Result<(), String> {
        let now = self.world.now;
        let to = match time {
            Time::After { ms } => now.plus_ms(ms),
            Time::At(at) if at >= now => at,
            Time::At(at) if self.customers.is_empty() && self.agents.is_empty() => {
                // Before anybody came, the day may be chosen freely.
                self.world.now = at;
                at
            }
            Time::At(_) => return Err("that moment is past".to_owned()),
        };
        if self.customers.is_empty() && self.agents.is_empty() {
            self.begin = to;
        }
        self.world.run_until(to);
        self.unbroken()
    }

    /// Runs on until a client has its answers; one that is offline keeps what it has.
    pub(super) fn settle(&mut self, client: usize) {
        let deadline = self.world.now.plus_ms(PATIENCE_MS);
        loop {
            self.world.run_until(self.world.now.plus_ms(LOOK_MS));
            let waits = self.world.clients.get(client).is_some_and(|it| !it.asleep && !it.unacked.is_empty());
            if !waits || self.world.now >= deadline || !self.world.ok() {
                break;
            }
        }
    }

    /// Looks again and again until it holds.
    fn wait_for(&mut self, mut holds: impl FnMut(&mut Self) -> Result<(), String>) -> Result<(), String> {
        let deadline = self.world.now.plus_ms(PATIENCE_MS);
        loop {
            self.unbroken()?;
            let Err(why) = holds(self) else { return Ok(()) };
            if self.world.now >= deadline {
                return Err(why);
            }
            self.world.run_until(self.world.now.plus_ms(LOOK_MS));
        }
    }

    fn expect(&mut self, name: &str, what: &Expect) -> Result<(), String> {
        self.wait_for(|stage| {
            let view = stage.view(name)?;
            let customer = stage.customers.get_mut(name).ok_or("nobody of that name")?;
            check(what, &view, &mut customer.heard)
        })
    }

    fn expect_at_desk(&mut self, agent: &str, customer: &str, what: &AtDesk) -> Result<(), String> {
        self.wait_for(|stage| {
            let contact = stage.customer(customer)?.contact;
            let client = stage.member(agent)?.client;
            let sees_typing = stage.typing.contains(&(customer.to_owned(), agent.to_owned()));
            let feed = stage.feed_of(client, |it| it.contact == contact);
            check_at_desk(what, &feed, sees_typing)
        })
    }

    fn feed_of(&self, client: usize, wanted: impl Fn(&rapport_model::Entry) -> bool) -> Vec<(Actor, Event)> {
        let (Some(client), Some(place)) = (self.world.clients.get(client), self.world.tenants.first()) else { return Vec::new() };
        let entries = client.feed.iter().filter_map(|(_, seq)| place.store.entry(*seq)).filter(|it| wanted(it));
        entries.map(|it| (it.actor, it.event.clone())).collect()
    }

    fn view(&self, name: &str) -> Result<View, String> {
        let customer = self.customer(name)?;
        let Some(place) = self.world.tenants.first() else { return Err("no shop".to_owned()) };
        let conversation = self.conversation(name).ok();
        let queue: Vec<_> = place.store.queue.values().cloned().collect();
        let roster = place.store.roster(&self.world.presences());
        let standing = conversation.as_ref().and_then(|it| rapport_engine::queue_standing(it.id, &queue, &roster, place.store.handle_time_ms()));
        let ticket = conversation.as_ref().and_then(|it| it.tickets.last()).and_then(|it| place.store.tickets.get(it));
        let entries = conversation.iter().flat_map(|it| place.store.entries_of(it.id));
        let missed = entries.filter(|it| matches!(it.event, Event::AnswerMissed { .. })).count();
        Ok(View {
            missed,
            feed: self.feed_of(customer.client, |_| true),
            standing: standing.map(|it| Standing { position: it.position, estimate_s: it.estimate_s }),
            page: ticket.map(|it| TicketPage {
                title: it.title.clone(),
                stage: it.stage,
                notes: it.log.iter().filter(|it| it.public).map(|it| it.note.clone()).collect(),
            }),
            conversation,
            members: place.store.agents.values().map(|it| (it.id, it.name.clone())).collect(),
            typing: self.typing.iter().filter(|(_, to)| to == name).map(|(from, _)| from.clone()).collect(),
        })
    }
}

impl Stage for SimStage {
    fn perform(&mut self, step: &Step) -> Result<(), String> {
        match step {
            Step::Setup(setup) => self.set_up(setup),
            Step::Time(time) => self.pass_time(*time),
            Step::Customer { customer, act } => self.customer_acts(customer, act),
            Step::Agent { agent, act } => self.agent_acts(agent, act),
            Step::ServerIsKilled => {
                self.world.crash(0, "because the story says so");
                self.world.run_until(self.world.now.plus_ms(MINUTE_MS / 4));
                Ok(())
            }
            Step::Expect { customer, what } => self.expect(customer, what),
            Step::ExpectAtDesk { agent, customer, what } => self.expect_at_desk(agent, customer, what),
        }?;
        self.unbroken()
    }
}

/// The demo shop's articles, as the demo tenant has them.
fn demo_knowledge() -> Arc<Index> {
    static INDEX: OnceLock<Arc<Index>> = OnceLock::new();
    Arc::clone(INDEX.get_or_init(|| {
        let mut ids = Ids::new(BEGIN, 7);
        Arc::new(Index::build(&read_articles(&mut ids).unwrap_or_default()))
    }))
}

fn read_articles(ids: &mut Ids) -> std::io::Result<Vec<Article>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/demo/knowledge");
    let mut articles = Vec::new();
    for (language, locale) in [("zh", Locale::Zh), ("en", Locale::En)] {
        let mut paths: Vec<_> = std::fs::read_dir(folder.join(language))?.collect::<Result<Vec<_>, _>>()?.into_iter().map(|it| it.path()).collect();
        paths.sort();
        for path in paths {
            let name = path.file_name().map(|it| it.to_string_lossy().into_owned()).unwrap_or_default();
            let Ok(report) = rapport_knowledge::import(&name, &std::fs::read(&path)?) else { continue };
            articles.extend(report.articles.into_iter().map(|found| Article {
                id: ids.next(),
                title: found.title,
                body: found.body,
                questions: found.questions,
                locale,
                published: true,
                version: 1,
                source: ArticleSource::Imported { file: name.clone(), key: found.key },
                url: found.url,
                updated_at: BEGIN,
                updated_by: None,
            }));
        }
    }
    Ok(articles)
}
