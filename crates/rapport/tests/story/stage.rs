//! A running server as a stage: people are peers with sockets, and what a story expects is looked at again whenever one of them heard something.

use std::{
    collections::{BTreeMap, BTreeSet},
    future::Future,
    sync::Arc,
    time::Instant,
};

use rapport_model::{Actor, BotMemory, ContactId, Content, Conversation, MemberId, TicketStage};
use rapport_sim::story::{AtDesk, Expect, Setup, Stage, Step, TicketPage, View, check, check_at_desk};
use serde_json::{Value, json};
use tokio::{runtime::Runtime, sync::Notify, time::timeout};

use crate::{
    peer::Peer,
    support::{
        PATIENCE, Server,
        http::{Caller, Sent},
    },
};

pub(crate) struct Customer {
    pub(crate) peer: Peer,
    pub(crate) contact: ContactId,
    pub(crate) caller: Caller,
    heard: usize,
}

pub(crate) struct Agent {
    pub(crate) peer: Peer,
    pub(crate) id: MemberId,
    pub(crate) caller: Caller,
}

pub(crate) struct RealStage {
    pub(crate) runtime: Runtime,
    server: Server,
    pub(crate) owner: Caller,
    pub(crate) moved: Arc<Notify>,
    pub(crate) customers: BTreeMap<String, Customer>,
    pub(crate) agents: BTreeMap<String, Agent>,
    frames: u64,
    away: BTreeSet<String>,
}

impl RealStage {
    pub(crate) fn new() -> Self {
        let runtime = Runtime::new().expect("runtime");
        let server = Server::start();
        let owner = Caller::anonymous(&server).bearer(&server.token_of("demo", "owner", "owner@cloudstep.example"));
        // The shop's intents are learned beside the start; stories begin after that.
        runtime.block_on(owner.post("/intents/train?wait=true", Value::Null)).good();
        let (customers, agents) = (BTreeMap::new(), BTreeMap::new());
        Self { runtime, server, owner, moved: Arc::new(Notify::new()), customers, agents, frames: 0, away: BTreeSet::new() }
    }

    /// A new id for a frame.
    pub(crate) fn frame_id(&mut self) -> String {
        self.frames += 1;
        format!("story-{}", self.frames)
    }

    pub(crate) fn customer(&self, name: &str) -> Result<&Customer, String> {
        self.customers.get(name).ok_or_else(|| format!("{name} did not open the shop yet"))
    }

    pub(crate) fn agent(&self, name: &str) -> Result<&Agent, String> {
        self.agents.get(name).ok_or_else(|| format!("{name} does not work here"))
    }

    /// Marks who is away on purpose: they are not woken when the server is back.
    pub(crate) fn set_away(&mut self, name: &str, away: bool) {
        if away {
            self.away.insert(name.to_owned());
        } else {
            self.away.remove(name);
        }
    }

    /// Looks again at everything heard, until it holds or patience ends.
    pub(crate) fn until<'a, F: Future<Output = Result<(), String>> + 'a>(&'a self, holds: impl Fn() -> F) -> Result<(), String> {
        let begun = Instant::now();
        self.runtime.block_on(async {
            loop {
                let rung = self.moved.notified();
                tokio::pin!(rung);
                rung.as_mut().enable();
                let Err(why) = holds().await else { return Ok(()) };
                let left = PATIENCE.saturating_sub(begun.elapsed());
                if timeout(left, rung).await.is_err() {
                    return Err(why);
                }
            }
        })
    }

    /// The customer's newest conversation as desks see it.
    pub(crate) async fn conversation(&self, name: &str) -> Result<Option<Conversation>, String> {
        let Some(id) = self.customer(name)?.peer.seen().conversation else { return Ok(None) };
        let mut row = self.owner.get(&format!("/conversations/{id}")).await.good().json();
        row["contact"] = row["contact"]["id"].clone();
        // The bot's memory is the bot's: desks do not get it.
        row["bot"] = serde_json::to_value(BotMemory::default()).map_err(|error| error.to_string())?;
        serde_json::from_value(row).map(Some).map_err(|error| format!("conversation: {error}"))
    }

    /// How many questions of the newest conversation the bot noted as not answered.
    async fn missed(&self, name: &str) -> Result<usize, String> {
        let Some(id) = self.customer(name)?.peer.seen().conversation else { return Ok(0) };
        let entries = self.owner.get(&format!("/conversations/{id}/entries?limit=100")).await.good().json();
        let kinds = entries["items"].as_array().into_iter().flatten().map(|it| it["event"]["kind"].as_str().unwrap_or_default());
        Ok(kinds.filter(|it| *it == "answer_missed").count())
    }

    /// The public page behind the newest ticket message.
    async fn page(&self, name: &str) -> Result<Option<TicketPage>, String> {
        let path = self.customer(name)?.peer.seen().feed.iter().rev().find_map(|it| match it.event.message().map(|it| &it.content) {
            Some(Content::Ticket { path, .. }) => Some(path.clone()),
            _ => None,
        });
        let Some(path) = path else { return Ok(None) };
        let page = Caller::anonymous(&self.server).get(&format!("/public{}", path.replacen("/ticket/", "/tickets/", 1))).await.good().json();
        let stage: TicketStage = serde_json::from_value(page["stage"].clone()).map_err(|error| error.to_string())?;
        let log = page["log"].as_array().cloned().unwrap_or_default();
        let notes = log.iter().filter_map(|it| it["note"].as_str().map(str::to_owned)).collect();
        Ok(Some(TicketPage { title: page["title"].as_str().unwrap_or_default().to_owned(), stage, notes }))
    }

    async fn view(&self, name: &str) -> Result<View, String> {
        let (conversation, page, missed) = (self.conversation(name).await?, self.page(name).await?, self.missed(name).await?);
        let members: BTreeMap<MemberId, String> = self.agents.iter().map(|(name, it)| (it.id, name.clone())).collect();
        let seen = self.customer(name)?.peer.seen();
        let typing = seen.typing.iter().filter_map(|(_, who)| if let Actor::Member(id) = who { members.get(id).cloned() } else { None }).collect();
        let feed = seen.feed.iter().map(|it| (it.actor, it.event.clone())).collect();
        Ok(View { feed, conversation, missed, standing: seen.standing, page, typing, members })
    }

    fn expect(&mut self, name: &str, what: &Expect) -> Result<(), String> {
        let before = self.customer(name)?.heard;
        let place = std::cell::Cell::new(before);
        self.until(|| async {
            let view = self.view(name).await?;
            let mut heard = before;
            let outcome = check(what, &view, &mut heard);
            place.set(heard);
            outcome
        })?;
        if let Some(customer) = self.customers.get_mut(name) {
            customer.heard = place.get();
        }
        Ok(())
    }

    fn expect_at_desk(&self, agent: &str, customer: &str, what: &AtDesk) -> Result<(), String> {
        let contact = self.customer(customer)?.contact;
        self.until(|| async {
            let seen = self.agent(agent)?.peer.seen();
            let feed: Vec<_> = seen.feed.iter().filter(|it| it.contact == contact).map(|it| (it.actor, it.event.clone())).collect();
            let sees_typing = seen.typing.iter().any(|(_, who)| *who == Actor::Customer(contact));
            check_at_desk(what, &feed, sees_typing)
        })
    }

    fn set_up(&mut self, setup: &Setup) -> Result<(), String> {
        if let Setup::Agent { name, capacity, skills } = setup {
            return self.hire(name, *capacity, skills);
        }
        let list = self.runtime.block_on(self.owner.get("/inboxes")).good().json();
        let mut inbox = list["items"][0].clone();
        match setup {
            Setup::Hours(hours) => {
                let calendar = hours.calendar(rapport_model::CalendarId(uuid::Uuid::nil()));
                let body = serde_json::to_value(&calendar).map_err(|error| error.to_string())?;
                inbox["calendar"] = self.runtime.block_on(self.owner.post("/calendars", body)).good().json()["id"].clone();
            }
            Setup::Routing { mode, offer_timeout_s } => inbox["routing"] = json!({"mode": mode, "offer_timeout_s": offer_timeout_s, "sticky": true}),
            Setup::Ratings { on } => inbox["csat"] = json!(on),
            Setup::Bot { on } => inbox["bot"] = json!(on),
            Setup::NoticesFeelings { on } => {
                let body = json!({"switches": {"feelings": on, "proactive_contact": false}, "retention_days": 90});
                self.runtime.block_on(self.owner.ask("PUT", "/ethics", Sent::Json(body))).good();
            }
            Setup::Agent { .. } => {}
        }
        let path = format!("/inboxes/{}", inbox["id"].as_str().unwrap_or_default());
        self.runtime.block_on(self.owner.ask("PUT", &path, Sent::Json(inbox))).good();
        Ok(())
    }

    /// A new member of the shop's team, with a token of their own; offline at first.
    fn hire(&mut self, name: &str, capacity: u32, skills: &[String]) -> Result<(), String> {
        let email = format!("agent{}@cloudstep.example", self.agents.len() + 1);
        let team = self.runtime.block_on(self.owner.get("/teams")).good().json()["items"][0]["id"].clone();
        let body = json!({"email": email, "name": name, "role": "agent", "teams": [team], "skills": skills, "capacity": capacity, "locale": "zh-CN"});
        let made: Value = self.runtime.block_on(self.owner.post("/members", body)).good().json();
        let id = serde_json::from_value(made["id"].clone()).map_err(|error| error.to_string())?;
        let token = self.server.token(&email);
        let peer = Peer::start(self.runtime.handle(), &self.server.address, "member", &token, Arc::clone(&self.moved));
        let caller = Caller::anonymous(&self.server).bearer(&token);
        self.agents.insert(name.to_owned(), Agent { peer, id, caller });
        self.set_away(name, true);
        Ok(())
    }

    pub(crate) fn come_in(&mut self, name: &str, locale: &str) -> Result<(), String> {
        let anonymous = Caller::anonymous(&self.server);
        let session = self.runtime.block_on(anonymous.post("/widget/session", json!({"key": "demo-shop", "locale": locale, "fields": {"name": name}}))).good().json();
        let token = session["token"].as_str().ok_or("no token")?.to_owned();
        let contact = serde_json::from_value(session["contact"]["id"].clone()).map_err(|error| error.to_string())?;
        let peer = Peer::start(self.runtime.handle(), &self.server.address, "visitor", &token, Arc::clone(&self.moved));
        peer.wake();
        self.customers.insert(name.to_owned(), Customer { peer, contact, caller: anonymous.bearer(&token), heard: 0 });
        self.until(|| async { if self.customer(name)?.peer.seen().online { Ok(()) } else { Err("does not connect".to_owned()) } })
    }

    fn kill(&mut self) -> Result<(), String> {
        self.server.kill_and_restart();
        let people = self.customers.iter().map(|(name, it)| (name, &it.peer)).chain(self.agents.iter().map(|(name, it)| (name, &it.peer)));
        let awake: Vec<&Peer> = people.filter(|(name, _)| !self.away.contains(*name)).map(|(_, peer)| peer).collect();
        awake.iter().for_each(|it| it.wake());
        self.until(|| async { if awake.iter().all(|it| it.seen().online) { Ok(()) } else { Err("not everybody came back".to_owned()) } })
    }
}

impl Stage for RealStage {
    fn perform(&mut self, step: &Step) -> Result<(), String> {
        match step {
            Step::Setup(setup) => self.set_up(setup),
            Step::Time(_) => Err("a real server's clock is not moved".to_owned()),
            Step::Customer { customer, act } => self.customer_acts(customer, act),
            Step::Agent { agent, act } => self.agent_acts(agent, act),
            Step::ServerIsKilled => self.kill(),
            Step::Expect { customer, what } => self.expect(customer, what),
            Step::ExpectAtDesk { agent, customer, what } => self.expect_at_desk(agent, customer, what),
        }
    }
}
