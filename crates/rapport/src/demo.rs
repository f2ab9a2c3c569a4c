//! The demo tenant: a small shop with knowledge in both languages, two people and a widget.

use std::sync::Arc;

use rapport_model::{
    Article, ArticleSource, Bilingual, Calendar, CannedReply, ChannelKind, DaySpan, ExampleSource, Ids, Inbox, Intent, Locale, Member, PrechatField, Role, RoutingPolicy,
    Team, Tenant, Timestamp,
};
use rapport_ports::{Clock, Entropy, Expect, Records as _, Store, TenantStore};
use rust_embed::RustEmbed;
use serde::Deserialize;

pub(crate) const SLUG: &str = "demo";
pub(crate) const MAIL_HOST: &str = "@cloudstep.example";
/// The public key of the shop's widget.
pub(crate) const INBOX_KEY: &str = "demo-shop";

#[derive(RustEmbed)]
#[folder = "../../packs/demo/knowledge"]
struct Knowledge;

/// Makes the demo tenant unless the installation has a tenant already.
pub(crate) async fn set_up(store: &Arc<dyn Store>, clock: &dyn Clock, entropy: &dyn Entropy) -> anyhow::Result<()> {
    if !store.tenants().await?.is_empty() {
        return Ok(());
    }
    let now = clock.now();
    let mut ids = entropy.ids(now);
    let tenant = Tenant { id: ids.next(), slug: SLUG.to_owned(), name: "云履 Cloudstep".to_owned(), locale: Locale::Zh, created_at: now };
    store.create_tenant(&tenant).await?;
    let handle = store.tenant(tenant.id);
    let team = Team { id: ids.next(), name: "客服 Service".to_owned(), description: "售前与售后 · before and after the sale".to_owned() };
    handle.put(&team, Expect::New).await?;
    for member in members(&mut ids, &team, now) {
        handle.put(&member, Expect::New).await?;
    }
    handle.put(&calendar(&mut ids), Expect::New).await?;
    handle.put(&inbox(&mut ids, &team), Expect::New).await?;
    for (shortcut, text) in CANNED {
        let reply = CannedReply { id: ids.next(), shortcut: (*shortcut).to_owned(), text: (*text).to_owned() };
        handle.put(&reply, Expect::New).await?;
    }
    intents(&handle, &mut ids, now).await?;
    articles(&handle, &mut ids, now).await
}

const INTENTS: &str = include_str!("../../../packs/demo/intents.toml");

const CANNED: &[(&str, &str)] = &[
    ("您好", "{name}您好，我是人工客服，很高兴为您服务。"),
    ("稍等", "好的，我正在为您查询，请稍等一两分钟。"),
    ("结束", "请问还有其他可以帮到您的吗？祝您生活愉快！"),
    ("hi", "Hello {name}, you are talking to a person now. How can I help?"),
    ("wait", "Let me look that up for you. One moment, please."),
    ("bye", "Is there anything else I can do for you? Have a lovely day!"),
];

fn members(ids: &mut Ids, team: &Team, now: Timestamp) -> Vec<Member> {
    let member = |id, name: &str, mail: &str, role| Member {
        id,
        email: format!("{mail}{MAIL_HOST}"),
        name: name.to_owned(),
        role,
        teams: vec![team.id],
        skills: vec!["lang:zh".to_owned(), "lang:en".to_owned()],
        capacity: 6,
        locale: Locale::Zh,
        active: true,
        sees_personal_data: true,
        created_at: now,
    };
    vec![member(ids.next(), "林岚", "owner", Role::Owner), member(ids.next(), "阿达", "ada", Role::Agent)]
}

/// Shown as an example; the demo's widget itself is always open, so that it can be tried at night.
fn calendar(ids: &mut Ids) -> Calendar {
    let day = vec![DaySpan { start: 9 * 60, end: 12 * 60 }, DaySpan { start: 13 * 60, end: 18 * 60 }];
    let mut week = vec![day; 5];
    week.extend([Vec::new(), Vec::new()]);
    Calendar {
        id: ids.next(),
        name: "上海门店 Shanghai".to_owned(),
        zone: "Asia/Shanghai".to_owned(),
        week,
        days: Vec::new(),
        holidays: Some("cn".to_owned()),
    }
}

fn inbox(ids: &mut Ids, team: &Team) -> Inbox {
    Inbox {
        id: ids.next(),
        name: "网店 Shop".to_owned(),
        key: INBOX_KEY.to_owned(),
        channel: ChannelKind::Web,
        locale: Locale::Zh,
        welcome: Bilingual::new(
            "您好！我是云履的智能客服，尺码、退换、物流都可以问我；需要时随时转人工。",
            "Hello! I am Cloudstep's assistant. Ask me about sizes, returns or delivery; a person is always one tap away.",
        ),
        color: "#2456d6".to_owned(),
        prechat: vec![
            PrechatField { key: "name".to_owned(), label: Bilingual::new("怎么称呼您", "Your name"), required: false },
            PrechatField { key: "email".to_owned(), label: Bilingual::new("邮箱（用于离线回复）", "E-mail (for a reply when you are away)"), required: false },
        ],
        allowed_origins: Vec::new(),
        require_identity: false,
        bot: true,
        team: Some(team.id),
        skills: Vec::new(),
        calendar: None,
        routing: RoutingPolicy::default(),
        csat: true,
        active: true,
    }
}

/// `packs/demo/intents.toml`.
#[derive(Deserialize)]
struct Pack {
    intent: Vec<PackIntent>,
}

#[derive(Deserialize)]
struct PackIntent {
    name: String,
    description: String,
    reply: Option<Bilingual>,
    examples: Vec<String>,
}

async fn intents(handle: &Arc<dyn TenantStore>, ids: &mut Ids, now: Timestamp) -> anyhow::Result<()> {
    let pack: Pack = toml::from_str(INTENTS)?;
    for found in pack.intent {
        let mut intent = Intent { description: found.description, reply: found.reply, ..Intent::new(ids.next(), found.name) };
        for text in &found.examples {
            intent.teach(text, ExampleSource::Taught, now);
        }
        handle.put(&intent, Expect::New).await?;
    }
    Ok(())
}

async fn articles(handle: &Arc<dyn TenantStore>, ids: &mut Ids, now: Timestamp) -> anyhow::Result<()> {
    for path in Knowledge::iter() {
        let Some(file) = Knowledge::get(&path) else { continue };
        let locale = if path.starts_with("en/") { Locale::En } else { Locale::Zh };
        let report = rapport_knowledge::import(&path, &file.data).map_err(anyhow::Error::new)?;
        for found in report.articles {
            let article = Article {
                id: ids.next(),
                title: found.title,
                body: found.body,
                questions: found.questions,
                locale,
                published: true,
                version: 1,
                source: ArticleSource::Imported { file: path.to_string(), key: found.key },
                url: found.url,
                updated_at: now,
                updated_by: None,
            };
            handle.put(&article, Expect::New).await?;
            handle.put_article_version(&article).await?;
        }
    }
    Ok(())
}
