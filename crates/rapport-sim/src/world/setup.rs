//! Who lives in a world: two companies with inboxes, agents and customers that share nothing.

use std::collections::BTreeMap;

use rand::Rng as _;
use rapport_knowledge::Index;
use rapport_model::{
    Article, ArticleId, ArticleSource, Bilingual, Calendar, CalendarId, ChannelKind, Contact, DaySpan, Ids, Inbox, InboxId, Locale, Presence,
    RoutingMode, RoutingPolicy, TeamId, TenantId, Timestamp,
};

use super::World;
use crate::{
    client::{Client, Who},
    node::Tenant,
    sabotage::Sabotage,
    store::{Agent, TenantStore},
};

pub(super) fn populate(world: &mut World, sabotage: Option<Sabotage>) {
    for index in 0..2 {
        let mut ids = world.ids();
        let tenant = company(world, index, sabotage, &mut ids);
        for id in tenant.store.configured_ids() {
            world.uuid_owner.insert(id, index);
        }
        world.tenants.push(tenant);
    }
}

fn company(world: &mut World, index: usize, sabotage: Option<Sabotage>, ids: &mut Ids) -> Tenant {
    let mut store = TenantStore::new(ids.next::<TenantId>(), if index == 0 { "云步" } else { "Northwind" });
    store.sabotage = sabotage;
    let team: TeamId = ids.next();
    let mode = match world.rng.random_range(0..4) {
        0 => RoutingMode::Assign,
        1 => RoutingMode::Manual,
        _ => RoutingMode::Offer,
    };
    let bot = !world.chance(150);
    let skills = if world.chance(300) { vec!["returns".to_owned()] } else { Vec::new() };
    let wanted_team = world.chance(300).then_some(team);
    let offer_timeout_s = world.rng.random_range(10..60);
    let routing = RoutingPolicy { mode, offer_timeout_s, sticky: world.chance(700) };
    let inbox = inbox(ids.next(), bot, wanted_team, skills, routing, !world.chance(200));
    store.inboxes.insert(inbox.id, inbox);
    store.calendar = world.chance(600).then(|| office_hours(ids.next()));
    let agents = world.rng.random_range(2..=4);
    for n in 0..agents {
        let agent = Agent {
            id: ids.next(),
            name: format!("a{index}{n}"),
            capacity: world.rng.random_range(1..=3),
            skills: if n == 0 || world.chance(500) { vec!["returns".to_owned()] } else { Vec::new() },
            teams: if n == 0 || world.chance(500) { vec![team] } else { Vec::new() },
        };
        world.wants_online.insert(agent.id);
        world.clients.push(Client::new(agent.name.clone(), index, Who::Member(agent.id)));
        store.agents.insert(agent.id, agent);
    }
    let customers = world.rng.random_range(3..=7);
    for n in 0..customers {
        let locale = if world.chance(600) { Locale::Zh } else { Locale::En };
        let contact = contact(ids.next(), &format!("c{index}{n}"), locale, world.now);
        world.clients.push(Client::new(contact.name.clone(), index, Who::Customer(contact.id)));
        store.contacts.insert(contact.id, contact);
    }
    let presence = store.agents.keys().map(|it| (*it, Presence::Online)).collect();
    Tenant { store, presence, knowledge: Index::build(&articles(ids)) }
}

pub(crate) fn inbox(id: InboxId, bot: bool, team: Option<TeamId>, skills: Vec<String>, routing: RoutingPolicy, csat: bool) -> Inbox {
    Inbox {
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
        bot,
        team,
        skills,
        calendar: None,
        routing,
        csat,
        active: true,
    }
}

pub(crate) fn contact(id: rapport_model::ContactId, name: &str, locale: Locale, now: Timestamp) -> Contact {
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
pub(crate) fn office_hours(id: CalendarId) -> Calendar {
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
