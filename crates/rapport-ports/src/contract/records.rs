//! Promises of configuration documents: nobody overwrites what they did not see, and names stay unique.

use std::sync::Arc;

use rapport_model::{Article, ArticleSource, CannedReply, Locale, Member, Role, Team, codes};

use super::world::{NOW, Subject, World};
use crate::{Expect, Records as _, StoredRecord};

pub async fn saves_expect_what_they_saw(subject: Subject) {
    let world = World::new(subject).await;
    let put = |id: u8, body: &str, expect| world.tenant.put_record("thing", [id; 16], None, None, body.to_owned(), expect);
    let kind = |outcome: Result<u64, rapport_model::Fault>| outcome.expect_err("refused").kind;
    assert_eq!(put(1, "a", Expect::New).await.expect("new"), 1);
    assert_eq!(kind(put(1, "b", Expect::New).await), codes::CONFLICT);
    assert_eq!(put(1, "b", Expect::Version(1)).await.expect("seen"), 2);
    assert_eq!(kind(put(1, "c", Expect::Version(1)).await), codes::CONFLICT);
    assert_eq!(kind(put(2, "c", Expect::Version(1)).await), codes::NOT_FOUND);
    assert_eq!(put(1, "d", Expect::Any).await.expect("any"), 3);
    assert_eq!(put(2, "e", Expect::Any).await.expect("any"), 1);
    assert_eq!(world.tenant.record("thing", [1; 16]).await.expect("read"), Some(StoredRecord { id: [1; 16], version: 3, body: "d".into() }));
    assert_eq!(world.tenant.record("other", [1; 16]).await.expect("read"), None, "each kind for itself");
    assert_eq!(world.tenant.records("thing").await.expect("list").iter().map(|it| it.id).collect::<Vec<_>>(), [[1; 16], [2; 16]]);
    assert!(world.tenant.delete_record("thing", [1; 16]).await.expect("delete"));
    assert!(!world.tenant.delete_record("thing", [1; 16]).await.expect("delete again"));
    assert_eq!(world.tenant.record("thing", [1; 16]).await.expect("read"), None);

    let rivals: Vec<_> = (0..12)
        .map(|n| {
            let tenant = Arc::clone(&world.tenant);
            tokio::spawn(async move { tenant.put_record("thing", [2; 16], None, None, format!("rival {n}"), Expect::Version(1)).await })
        })
        .collect();
    let mut won = 0;
    for rival in rivals {
        match rival.await.expect("task") {
            Ok(version) => {
                won += 1;
                assert_eq!(version, 2);
            }
            Err(fault) => assert_eq!(fault.kind, codes::CONFLICT),
        }
    }
    assert_eq!(won, 1, "one save on a version");
}

pub async fn keys_are_unique(subject: Subject) {
    let mut world = World::new(subject).await;
    let other = world.another_tenant().await;
    let put = |tenant: &Arc<dyn crate::TenantStore>, id: u8, key: &str, global: Option<&str>, expect| {
        let (tenant, key, global) = (Arc::clone(tenant), key.to_owned(), global.map(str::to_owned));
        async move { tenant.put_record("thing", [id; 16], Some(key), global, "{}".to_owned(), expect).await }
    };
    put(&world.tenant, 1, "name", Some("public"), Expect::New).await.expect("first");
    let fault = put(&world.tenant, 2, "name", None, Expect::New).await.expect_err("same key");
    assert_eq!(fault.kind, codes::DUPLICATE_KEY);
    let fault = put(&world.tenant, 2, "else", Some("public"), Expect::New).await.expect_err("same global key");
    assert_eq!(fault.kind, codes::DUPLICATE_KEY);
    assert_eq!(world.tenant.records("thing").await.expect("list").len(), 1, "a refused save leaves nothing");
    put(&world.tenant, 1, "name", Some("public"), Expect::Version(1)).await.expect("a record does not collide with itself");
    put(&world.tenant, 2, "else", None, Expect::New).await.expect("second");
    let fault = put(&world.tenant, 2, "name", None, Expect::Any).await.expect_err("renamed onto another");
    assert_eq!(fault.kind, codes::DUPLICATE_KEY);

    put(&other, 1, "name", None, Expect::New).await.expect("the same key at another tenant");
    let fault = put(&other, 2, "more", Some("public"), Expect::New).await.expect_err("global is global");
    assert_eq!(fault.kind, codes::DUPLICATE_KEY);
    assert_eq!(world.store.resolve_key("thing", "public").await.expect("resolve"), Some((world.id, [1; 16])));
    assert_eq!(world.store.resolve_key("thing", "Public").await.expect("resolve"), None);
    assert_eq!(world.store.resolve_key("other", "public").await.expect("resolve"), None);
    put(&world.tenant, 1, "name", Some("moved"), Expect::Any).await.expect("a new global key");
    assert_eq!(world.store.resolve_key("thing", "public").await.expect("resolve"), None);
}

pub async fn typed_records(subject: Subject) {
    let mut world = World::new(subject).await;
    let other = world.another_tenant().await;
    let member = Member {
        id: world.ids.next(),
        email: "Ada@Example.com".into(),
        name: "阿达".into(),
        role: Role::Agent,
        teams: Vec::new(),
        skills: vec!["lang:zh".into()],
        capacity: 3,
        locale: Locale::Zh,
        active: true,
        sees_personal_data: false,
        created_at: NOW,
    };
    assert_eq!(world.tenant.put(&member, Expect::New).await.expect("put"), 1);
    assert_eq!(world.tenant.get::<Member>(*member.id.as_bytes()).await.expect("get"), Some(member.clone()));
    assert_eq!(world.tenant.get::<Team>(*member.id.as_bytes()).await.expect("get"), None);
    let twin = Member { id: world.ids.next(), email: "ada@example.COM".into(), ..member.clone() };
    assert_eq!(world.tenant.put(&twin, Expect::New).await.expect_err("one address, one member").kind, codes::DUPLICATE_KEY);
    other.put(&twin, Expect::New).await.expect("at another company");
    let mut found = world.store.resolve_email("ADA@example.com").await.expect("resolve");
    found.sort_unstable();
    let mut expected = vec![(world.id, member.id), (other.id(), twin.id)];
    expected.sort_unstable();
    assert_eq!(found, expected);
    other.put(&Member { active: false, ..twin }, Expect::Any).await.expect("leaves");
    assert_eq!(world.store.resolve_email("ada@example.com").await.expect("resolve"), [(world.id, member.id)], "whoever left is not found");
    let reply = CannedReply { id: world.ids.next(), shortcut: "您好".into(), text: "{name}您好".into() };
    world.tenant.put(&reply, Expect::New).await.expect("put");
    assert_eq!(world.tenant.list::<CannedReply>().await.expect("list"), vec![reply.clone()]);
    assert!(world.tenant.remove::<CannedReply>(*reply.id.as_bytes()).await.expect("remove"));
    assert_eq!(world.tenant.list::<CannedReply>().await.expect("list"), []);
}

pub async fn versions_and_settings_are_kept(subject: Subject) {
    let mut world = World::new(subject).await;
    let first = Article {
        id: world.ids.next(),
        title: "退换货".into(),
        body: "七天内可退。".into(),
        questions: vec!["能退吗".into()],
        locale: Locale::Zh,
        published: true,
        version: 1,
        source: ArticleSource::Written,
        url: None,
        updated_at: NOW,
        updated_by: None,
    };
    let second = Article { version: 2, body: "十五天内可退。".into(), ..first.clone() };
    for version in [&first, &second] {
        world.tenant.put_article_version(version).await.expect("put");
    }
    let rewritten = Article { body: "改写历史".into(), ..first.clone() };
    world.tenant.put_article_version(&rewritten).await.expect("put");
    assert_eq!(world.tenant.article_versions(first.id).await.expect("versions"), [second, first.clone()], "newest first, and a version never changes");
    assert_eq!(world.tenant.article_versions(world.ids.next()).await.expect("versions"), []);

    assert_eq!(world.tenant.setting("public_key").await.expect("read"), None);
    world.tenant.put_setting("public_key", "一").await.expect("put");
    world.tenant.put_setting("public_key", "二").await.expect("put");
    assert_eq!(world.tenant.setting("public_key").await.expect("read").as_deref(), Some("二"));
}
