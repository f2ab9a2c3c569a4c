//! Promises about tenants, public numbers, contacts, tickets and descriptions of files.

use std::{collections::BTreeSet, sync::Arc};

use rapport_model::{Actor, Attachment, Contact, Counter, Identity, IdentityKind, Locale, Tenant, Ticket, TicketStage, TicketStep, codes};

use super::world::{NOW, Subject, World};

pub async fn tenants_have_their_names(subject: Subject) {
    let mut world = World::new(subject).await;
    let second = world.another_tenant().await;
    let listed = world.store.tenants().await.expect("list");
    assert_eq!(listed.iter().map(|it| (it.id, it.slug.as_str())).collect::<BTreeSet<_>>(), BTreeSet::from([(world.id, "first"), (second.id(), "second")]));
    let renamed = Tenant { id: world.id, slug: "first".into(), name: "新名 🙂".into(), locale: Locale::En, created_at: NOW };
    world.store.create_tenant(&renamed).await.expect("a second time: renamed");
    assert!(world.store.tenants().await.expect("list").contains(&renamed));
    let again = Tenant { slug: "other".into(), name: "再改".into(), locale: Locale::Zh, created_at: NOW.plus_ms(1), ..renamed.clone() };
    world.tenant.put_tenant(&again).await.expect("put");
    assert!(world.store.tenants().await.expect("list").contains(&Tenant { name: "再改".into(), locale: Locale::Zh, ..renamed.clone() }), "only name and language");
    let twin = Tenant { id: world.ids.next(), ..renamed };
    assert_eq!(world.store.create_tenant(&twin).await.expect_err("the short name is taken").kind, codes::DUPLICATE_KEY);
    assert_eq!(world.store.tenants().await.expect("list").len(), 2);
    world.store.check().await.expect("reading and writing work");
    let described = world.store.describe().await.expect("describe");
    assert!(described.split(' ').count() == 2 && described.contains('.'), "name and version: {described}");
}

pub async fn numbers_are_allotted_once(subject: Subject) {
    let mut world = World::new(subject).await;
    let other = world.another_tenant().await;
    let tasks: Vec<_> = (0..30)
        .map(|_| {
            let tenant = Arc::clone(&world.tenant);
            tokio::spawn(async move { tenant.allot(Counter::Conversation).await.expect("number") })
        })
        .collect();
    let mut numbers = BTreeSet::new();
    for task in tasks {
        assert!(numbers.insert(task.await.expect("task")), "allotted twice");
    }
    assert_eq!(numbers, (1..=30).collect(), "from 1");
    assert_eq!(world.tenant.allot(Counter::Ticket).await.expect("number"), 1, "each counter for itself");
    assert_eq!(other.allot(Counter::Conversation).await.expect("number"), 1, "each tenant for itself");
}

pub async fn contacts_and_identities(subject: Subject) {
    let mut world = World::new(subject).await;
    let mut made = Vec::new();
    for name in ["张三", "100%_real", "O'Neil", ""] {
        let mut contact = world.contact_named(name);
        contact.email = Some(format!("{}@Example.com", made.len()));
        contact.fields.insert("vip".into(), "是".into());
        world.tenant.put_contact(&contact).await.expect("put");
        assert_eq!(world.tenant.contact(contact.id).await.expect("read"), Some(contact.clone()));
        made.push(contact);
    }
    let [zhang, percent, neil, nameless] = &*made else { panic!("four") };
    let newest_first: Vec<_> = {
        let mut ids: Vec<_> = made.iter().map(|it| it.id).collect();
        ids.sort_unstable_by(|a, b| b.cmp(a));
        ids
    };
    let list = |text, before, limit| world.tenant.contacts(text, before, limit);
    let ids = |contacts: Vec<Contact>| contacts.iter().map(|it| it.id).collect::<Vec<_>>();
    assert_eq!(ids(list(None, None, 10).await.expect("list")), newest_first);
    let second = newest_first.get(1).copied();
    assert_eq!(ids(list(None, second, 1).await.expect("page")), newest_first.get(2..3).expect("third"));
    for (text, expected) in [("张", zhang), ("0%_R", percent), ("o'n", neil), ("3@EXAMPLE", nameless)] {
        assert_eq!(ids(list(Some(text), None, 10).await.expect("search")), [expected.id], "{text}");
    }
    assert_eq!(ids(list(Some("%%"), None, 10).await.expect("search")), []);
    let changed = Contact { name: "李四".into(), email: None, ..zhang.clone() };
    world.tenant.put_contact(&changed).await.expect("put");
    assert_eq!(ids(list(Some("张"), None, 10).await.expect("search")), [], "the old name is forgotten");
    assert_eq!(ids(list(Some("李四"), None, 10).await.expect("search")), [zhang.id]);

    let identity = |contact, inbox| Identity { contact, kind: IdentityKind::ExternalUser, inbox, value: "u-1".into(), verified_at: Some(NOW) };
    let first = identity(zhang.id, Some(world.inbox));
    assert_eq!(world.tenant.put_identity(&first).await.expect("put"), first);
    assert_eq!(world.tenant.put_identity(&identity(neil.id, Some(world.inbox))).await.expect("put"), first, "the existing one wins");
    let anywhere = identity(neil.id, None);
    assert_eq!(world.tenant.put_identity(&anywhere).await.expect("put"), anywhere, "no inbox is another place");
    let find = |kind, inbox| world.tenant.find_identity(kind, inbox, "u-1");
    assert_eq!(find(IdentityKind::ExternalUser, Some(world.inbox)).await.expect("find"), Some(first));
    assert_eq!(find(IdentityKind::ExternalUser, None).await.expect("find"), Some(anywhere));
    assert_eq!(find(IdentityKind::Email, None).await.expect("find"), None);

    let rivals: Vec<_> = (0..10)
        .map(|_| {
            let (tenant, contact) = (Arc::clone(&world.tenant), world.ids.next());
            let rival = Identity { contact, kind: IdentityKind::Email, inbox: None, value: "a@example.com".into(), verified_at: None };
            tokio::spawn(async move { tenant.put_identity(&rival).await.expect("put").contact })
        })
        .collect();
    let mut holders = BTreeSet::new();
    for rival in rivals {
        holders.insert(rival.await.expect("task"));
    }
    assert_eq!(holders.len(), 1, "all learn of the same holder");
}

pub async fn tickets_are_kept(subject: Subject) {
    let mut world = World::new(subject).await;
    let mut made = Vec::new();
    for (number, stage) in [(1, TicketStage::Received), (2, TicketStage::Done), (3, TicketStage::InProgress), (4, TicketStage::Cancelled)] {
        let step = TicketStep { at: NOW, by: None, stage, note: "已收到".into(), public: true };
        let ticket = Ticket {
            id: world.ids.next(),
            number,
            title: format!("工单 {number}"),
            description: "it's \"broken\"".into(),
            contact: world.contact,
            conversation: None,
            stage,
            assignee: None,
            log: vec![step],
            link_version: 1,
            created_at: NOW,
            updated_at: NOW,
        };
        world.tenant.put_ticket(&ticket).await.expect("put");
        assert_eq!(world.tenant.ticket(ticket.id).await.expect("read"), Some(ticket.clone()));
        made.push(ticket);
    }
    let list = |open_only, before, limit| world.tenant.tickets(open_only, before, limit);
    let numbers = |tickets: Vec<Ticket>| tickets.iter().map(|it| it.number).collect::<Vec<_>>();
    assert_eq!(numbers(list(false, None, 10).await.expect("all")), [4, 3, 2, 1]);
    assert_eq!(numbers(list(true, None, 10).await.expect("open")), [3, 1]);
    assert_eq!(numbers(list(false, Some(4), 2).await.expect("page")), [3, 2]);
    let mut first = made.remove(0);
    first.stage = TicketStage::Done;
    let done = |ticket| Ok(Ticket { stage: TicketStage::Done, ..ticket });
    assert_eq!(world.tenant.change_ticket(first.id, Box::new(done)).await.expect("change"), Some(first.clone()));
    let as_made = Ticket { stage: TicketStage::Received, ..first.clone() };
    world.tenant.put_ticket(&as_made).await.expect("a second time");
    assert_eq!(world.tenant.ticket(first.id).await.expect("read"), Some(first.clone()), "what came after it was made stays");
    assert_eq!(numbers(list(true, None, 10).await.expect("open")), [3]);
    let twin = Ticket { id: world.ids.next(), ..first };
    assert_eq!(world.tenant.put_ticket(&twin).await.expect_err("the number is taken").kind, codes::DUPLICATE_KEY);
    assert_eq!(world.tenant.ticket(twin.id).await.expect("read"), None);
}

pub async fn changes_at_once_all_count(subject: Subject) {
    let mut world = World::new(subject).await;
    let (made, nobody) = (world.contact_named("张三"), world.ids.next());
    world.tenant.put_contact(&made).await.expect("put");
    let contact = made.id;
    let tasks: Vec<_> = (0..20)
        .map(|n| {
            let tenant = Arc::clone(&world.tenant);
            tokio::spawn(async move {
                let change = move |mut contact: Contact| {
                    contact.fields.insert(format!("field_{n}"), n.to_string());
                    Ok(contact)
                };
                tenant.change_contact(contact, Box::new(change)).await.expect("change").expect("is there")
            })
        })
        .collect();
    for task in tasks {
        task.await.expect("task");
    }
    let changed = world.tenant.contact(contact).await.expect("read").expect("is there");
    assert_eq!(changed.fields.keys().filter(|it| it.starts_with("field_")).count(), 20);
    let refused = world.tenant.change_contact(contact, Box::new(|_| Err(codes::BAD_FIELD.into()))).await;
    assert_eq!(refused.expect_err("refused").kind, codes::BAD_FIELD);
    assert_eq!(world.tenant.contact(contact).await.expect("read"), Some(changed), "a refusal changes nothing");
    assert_eq!(world.tenant.change_contact(nobody, Box::new(Ok)).await.expect("change"), None);
}

pub async fn attachments_are_tied_once(subject: Subject) {
    let mut world = World::new(subject).await;
    let (one, other) = (world.open().await.state.id, world.open().await.state.id);
    let file = Attachment { blob: world.ids.next(), name: "../../照片 'x'.png".into(), media_type: "image/png".into(), bytes: 9, width: Some(3), height: Some(4) };
    let owner = world.customer();
    world.tenant.put_attachment(&file, owner, None, NOW).await.expect("put");
    assert_eq!(world.tenant.attachment(file.blob).await.expect("read"), Some((file.clone(), owner, None)));
    assert!(world.tenant.tie_attachment(file.blob, one).await.expect("tie"));
    assert!(world.tenant.tie_attachment(file.blob, one).await.expect("again"), "the same conversation again is fine");
    assert!(!world.tenant.tie_attachment(file.blob, other).await.expect("elsewhere"), "a sent file stays where it was sent");
    assert_eq!(world.tenant.attachment(file.blob).await.expect("read"), Some((file, owner, Some(one))));
    let unknown = world.ids.next();
    assert!(!world.tenant.tie_attachment(unknown, one).await.expect("unknown"));
    assert_eq!(world.tenant.attachment(unknown).await.expect("read"), None);
    let desk_file = Attachment { blob: world.ids.next(), name: String::new(), media_type: "text/plain".into(), bytes: 0, width: None, height: None };
    let member = Actor::Member(world.ids.next());
    world.tenant.put_attachment(&desk_file, member, Some(other), NOW).await.expect("put");
    assert_eq!(world.tenant.attachment(desk_file.blob).await.expect("read"), Some((desk_file, member, Some(other))));
}
