//! Who lives in a world: two companies with inboxes, agents and customers that share nothing.

use std::{collections::BTreeMap, sync::Arc};

use rand::Rng as _;
use rapport_knowledge::Index;
use rapport_model::{
    Article, ArticleId, ArticleSource, Bilingual, Calendar, CalendarId, ChannelKind, Contact, ContactId, DaySpan, Ids, Inbox, InboxId, Locale,
    RoutingMode, RoutingPolicy, TeamId, TenantId, Timestamp,
};

use super::World;
use crate::{
    client::{Client, Who},
    node::{Node, Tenant},
    sabotage::Sabotage,
    store::{Agent, TenantStore},
};

pub(super) fn populate(world: &mut World, sabotage: Option<Sabotage>) {
    if world.chance(400) {
        world.nodes.push(Node::new());
    }
    // Whoever does not wait for answers cannot keep an order that the store breaks by failing to answer.
    let eager = world.chance(300);
    if eager {
        (world.faults.doubt, world.faults.panic) = (0, 0);
    }
    for index in 0..2 {
        let mut ids = world.ids();
        let tenant = company(world, index, sabotage, eager, &mut ids);
        for id in tenant.store.configured_ids() {
            world.watch.owners.insert(id, index);
        }
        world.tenants.push(tenant);
    }
}

fn company(world: &mut World, index: usize, sabotage: Option<Sabotage>, eager: bool, ids: &mut Ids) -> Tenant {
    let team: TeamId = ids.next();
    let mode = match world.rng.random_range(0..4) {
        0 => RoutingMode::Assign,
        1 => RoutingMode::Manual,
        _ => RoutingMode::Offer,
    };
    let offer_timeout_s = world.rng.random_range(10..60);
    let routing = RoutingPolicy { mode, offer_timeout_s, sticky: world.chance(700) };
    let name = if index == 0 { "云步" } else { "Northwind" };
    let Shop { mut store, inbox } = shop(ids, name, routing);
    store.sabotage = sabotage;
    if let Some(inbox) = store.inboxes.get_mut(&inbox) {
        inbox.bot = !world.chance(150);
        inbox.csat = !world.chance(200);
        inbox.team = world.chance(300).then_some(team);
        inbox.skills = if world.chance(300) { vec!["returns".to_owned()] } else { Vec::new() };
    }
    store.switches.feelings = world.chance(850);
    store.calendar = world.chance(600).then(|| office_hours(ids.next()));
    hire(world, &mut store, index, team, ids);
    let customers = world.rng.random_range(3..=7);
    for n in 0..customers {
        let locale = if world.chance(600) { Locale::Zh } else { Locale::En };
        let contact = contact(ids.next(), &format!("c{index}{n}"), locale, world.now);
        let tabs = if world.chance(200) { 2 } else { 1 };
        for tab in 0..tabs {
            let name = if tab == 0 { contact.name.clone() } else { format!("{}b", contact.name) };
            let mut client = Client::new(name, index, Who::Customer(contact.id));
            client.patient = !(eager && world.chance(500));
            world.clients.push(client);
        }
        store.contacts.insert(contact.id, contact);
    }
    Tenant { store, knowledge: Arc::new(Index::build(&articles(ids))), taught: None }
}

fn hire(world: &mut World, store: &mut TenantStore, index: usize, team: TeamId, ids: &mut Ids) {
    let agents = world.rng.random_range(2..=4);
    for n in 0..agents {
        let mut skills = if n == 0 || world.chance(500) { vec!["returns".to_owned()] } else { Vec::new() };
        skills.extend(world.chance(300).then(|| "lang:zh".to_owned()));
        let agent = Agent {
            id: ids.next(),
            name: format!("a{index}{n}"),
            capacity: world.rng.random_range(1..=3),
            skills,
            teams: if n == 0 || world.chance(500) { vec![team] } else { Vec::new() },
        };
        world.clients.push(Client::new(agent.name.clone(), index, Who::Member(agent.id)));
        store.agents.insert(agent.id, agent);
    }
}

/// A company with one inbox, nobody in it yet.
pub(crate) struct Shop {
    pub(crate) store: TenantStore,
    pub(crate) inbox: InboxId,
}

pub(crate) fn shop(ids: &mut Ids, name: &str, routing: RoutingPolicy) -> Shop {
    let mut store = TenantStore::new(ids.next::<TenantId>(), name);
    let id: InboxId = ids.next();
    let inbox = Inbox {
        id,
        name: "shop".to_owned(),
        key: id.to_string(),
        channel: ChannelKind::Web,
        locale: Locale::Zh,
        welcome: Bilingual::default(),
        color: "#1677ff".to_owned(),
        prechat: Vec::new(),
        allowed_origins: Vec::new(),
        require_identity: false,
        bot: true,
        team: None,
        skills: Vec::new(),
        calendar: None,
        routing,
        csat: true,
        active: true,
    };
    store.inboxes.insert(id, inbox);
    Shop { store, inbox: id }
}

pub(crate) fn contact(id: ContactId, name: &str, locale: Locale, now: Timestamp) -> Contact {
    Contact {
        id,
        name: name.to_owned(),
        email: None,
        phone: None,
        locale,
        fields: BTreeMap::new(),
        verified_at: None,
        notes: String::new(),
        created_at: now,
        last_seen_at: now,
    }
}

/// Monday to Friday 9 to 18 in Shanghai with China's holidays.
fn office_hours(id: CalendarId) -> Calendar {
    let mut week = vec![vec![DaySpan { start: 9 * 60, end: 18 * 60 }]; 5];
    week.extend([Vec::new(), Vec::new()]);
    let (name, zone) = ("office".to_owned(), "Asia/Shanghai".to_owned());
    Calendar { id, name, zone, week, days: Vec::new(), holidays: Some("cn".to_owned()) }
}

fn articles(ids: &mut Ids) -> Vec<Article> {
    let texts = [
        (Locale::Zh, "换货：尺码或颜色不合适怎么换", "签收后 15 天内可以换货，第一次换货免运费。打开“我的订单”，点“申请换货”。"),
        (Locale::Zh, "发票怎么开", "在订单页点“申请发票”，电子发票在 24 小时内发到您的邮箱。"),
        (Locale::En, "Exchanges: wrong size or colour", "You can exchange within 15 days of delivery. The first exchange is free of charge."),
        (Locale::En, "Invoices", "Open the order and press “Invoice”: it is e-mailed to you within 24 hours."),
    ];
    let article = |(locale, title, body): (Locale, &str, &str)| Article {
        id: ids.next::<ArticleId>(),
        title: title.to_owned(),
        body: body.to_owned(),
        questions: Vec::new(),
        locale,
        published: true,
        version: 1,
        source: ArticleSource::Written,
        url: None,
        updated_at: Timestamp(0),
        updated_by: None,
    };
    texts.into_iter().map(article).collect()
}
