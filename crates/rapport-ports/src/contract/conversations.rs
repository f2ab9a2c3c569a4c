//! Promises of conversation lists, of search, and of what routing reads.

use rapport_model::{Actor, Attachment, Content, ConversationId, Event, MemberId, Message, Priority, QueueEntry, StatusCategory, Timestamp};

use super::world::{NOW, Subject, Talk, World};
use crate::{Commit, ConversationFilter, QueueChange};

fn all() -> ConversationFilter {
    ConversationFilter { limit: 100, ..ConversationFilter::default() }
}

async fn found(world: &World, filter: ConversationFilter) -> Vec<ConversationId> {
    world.tenant.conversations(&filter).await.expect("list").iter().map(|it| it.state.id).collect()
}

/// One event at a time of its own, so that the order of activity is known.
async fn at(world: &World, talk: &mut Talk, at: Timestamp, actor: Actor, event: Event) {
    let commit = talk.next(actor, event, at);
    talk.state = commit.state.clone();
    talk.done(world.tenant.commit(commit).await);
}

async fn queue(world: &World, talk: &mut Talk, since: Timestamp) -> QueueEntry {
    let entry = QueueEntry {
        conversation: talk.state.id,
        inbox: talk.state.inbox,
        contact: talk.state.contact,
        team: None,
        skills: Vec::new(),
        priority: Priority::Normal,
        since,
        passed: Vec::new(),
        reasons: Vec::new(),
    };
    let commit = Commit { queue: QueueChange::Put(entry.clone()), ..talk.next(Actor::System, Event::Queued { entry: entry.clone() }, since) };
    talk.state = commit.state.clone();
    talk.done(world.tenant.commit(commit).await);
    entry
}

/// However a store keeps it: long talks, what lies between them, and what is written meanwhile.
pub async fn a_state_is_read_as_it_was_left(subject: Subject) {
    let mut world = World::new(subject).await;
    let me: MemberId = world.ids.next();
    let (mut one, mut two) = (world.open().await, world.open().await);
    let customer = world.customer();
    let mut after = NOW;
    for turn in 0..45_i64 {
        after = NOW.plus_seconds(turn);
        let said = world.text(&format!("{turn}: 我的订单什么时候能到？"));
        let event = match turn % 9 {
            4 => Event::ReadMarked { up_to: rapport_model::Seq(u64::try_from(turn).expect("small")) },
            8 if turn > 30 => Event::Assigned { to: me },
            _ => said,
        };
        at(&world, &mut one, after, if turn % 3 == 0 { Actor::Member(me) } else { customer }, event).await;
        if turn % 2 == 0 {
            world.say(&mut two, "and the other one").await;
        }
        for talk in [&one, &two] {
            let read = world.tenant.conversation(talk.state.id).await.expect("read").expect("there");
            assert_eq!((&read.state, read.version), (&talk.state, talk.version), "turn {turn}");
        }
        let latest = world.tenant.latest_conversation(world.contact, world.inbox).await.expect("read").expect("there");
        assert_eq!(latest.state, two.state, "turn {turn}");
        let rows = world.tenant.conversations(&all()).await.expect("list");
        for row in &rows {
            assert!([&one, &two].iter().any(|it| it.state == row.state), "turn {turn}: {row:?}");
        }
        assert_eq!(rows.len(), 2);
    }
    assert_eq!((one.state.updated_at, one.state.last_agent), (after, Some(me)));
}

pub async fn lists_are_filtered(subject: Subject) {
    let mut world = World::new(subject).await;
    let (me, other): (MemberId, MemberId) = (world.ids.next(), world.ids.next());
    let mut contact = world.contact_named("王小明");
    contact.id = world.contact;
    world.tenant.put_contact(&contact).await.expect("contact");
    let bot = world.open().await;
    let mut waiting = world.open().await;
    let mut offered = world.open().await;
    let mut assigned = world.open().await;
    let mut snoozed = world.open().await;
    let mut resolved = world.open().await;
    let time = |seconds: i64| NOW.plus_seconds(seconds);
    queue(&world, &mut waiting, time(1)).await;
    at(&world, &mut offered, time(2), Actor::System, Event::Offered { to: me, expires_at: time(60) }).await;
    at(&world, &mut assigned, time(3), Actor::System, Event::Assigned { to: me }).await;
    at(&world, &mut snoozed, time(4), Actor::System, Event::Assigned { to: other }).await;
    at(&world, &mut snoozed, time(5), Actor::Member(other), Event::Snoozed { until: time(600) }).await;
    at(&world, &mut resolved, time(6), Actor::Member(me), Event::Resolved).await;
    world.inbox = world.ids.next();
    world.contact = world.ids.next();
    let mut elsewhere = world.open().await;
    at(&world, &mut elsewhere, time(7), Actor::Member(me), Event::PriorityChanged { priority: Priority::High }).await;

    let ids = |talks: &[&Talk]| talks.iter().map(|it| it.state.id).collect::<Vec<_>>();
    assert_eq!(found(&world, all()).await, ids(&[&elsewhere, &resolved, &snoozed, &assigned, &offered, &waiting, &bot]), "newest activity first");
    assert_eq!(found(&world, ConversationFilter { assignee: Some(me), ..all() }).await, ids(&[&assigned, &offered]), "mine and offered to me");
    assert_eq!(found(&world, ConversationFilter { assignee: Some(other), ..all() }).await, ids(&[&snoozed]));
    assert_eq!(found(&world, ConversationFilter { unassigned: true, ..all() }).await, ids(&[&offered, &waiting]));
    let open = vec![StatusCategory::Open];
    assert_eq!(found(&world, ConversationFilter { unassigned: true, categories: open.clone(), ..all() }).await, ids(&[&elsewhere, &bot]), "the bot's, when asked for");
    assert_eq!(found(&world, ConversationFilter { categories: open, ..all() }).await, ids(&[&elsewhere, &assigned, &bot]));
    let paused_or_done = vec![StatusCategory::Paused, StatusCategory::Done];
    assert_eq!(found(&world, ConversationFilter { categories: paused_or_done, ..all() }).await, ids(&[&resolved, &snoozed]));
    assert_eq!(found(&world, ConversationFilter { inbox: Some(world.inbox), ..all() }).await, ids(&[&elsewhere]));
    assert_eq!(found(&world, ConversationFilter { contact: Some(bot.state.contact), unassigned: true, ..all() }).await, ids(&[&offered, &waiting]));
    assert_eq!(world.tenant.conversation_counts(me).await.expect("counts"), (2, 2, 6), "mine, unassigned, all open");
    assert_eq!(world.tenant.conversation_counts(other).await.expect("counts").0, 1);

    let rows = world.tenant.conversations(&all()).await.expect("list");
    let last = rows.last().expect("the bot's");
    assert_eq!((&last.state, last.last_seq, last.contact.as_ref()), (&bot.state, rapport_model::Seq(1), Some(&contact)), "a row is whole");
    assert_eq!(rows.first().expect("elsewhere").contact, None, "a contact that is not stored does not hide the conversation");
}

pub async fn lists_are_paged(subject: Subject) {
    let mut world = World::new(subject).await;
    let mut expected = Vec::new();
    for n in 0..7_i64 {
        let mut talk = world.open().await;
        // Pairs at the same time: the id decides between them.
        at(&world, &mut talk, NOW.plus_seconds(n / 2), Actor::Bot, Event::AnswerJudged { helped: true }).await;
        expected.push((talk.state.updated_at, talk.state.id));
    }
    expected.sort_unstable();
    expected.reverse();
    let (mut seen, mut before) = (Vec::new(), None);
    loop {
        let page = world.tenant.conversations(&ConversationFilter { before, limit: 3, ..ConversationFilter::default() }).await.expect("page");
        assert!(page.len() <= 3);
        let Some(last) = page.last() else { break };
        before = Some((last.state.updated_at, last.state.id));
        seen.extend(page.iter().map(|it| (it.state.updated_at, it.state.id)));
    }
    assert_eq!(seen, expected, "each once, whatever the page borders");
}

pub async fn texts_are_found_as_they_are(subject: Subject) {
    let mut world = World::new(subject).await;
    let mut ids = Vec::new();
    let said = ["我买的鞋码数不合适，可以换吗？", "100% cotton_shirt!", "she said \"hello\" twice", r"C:\new\folder", "it's O'Brien; drop table journal; --", "Where is my ORDER"];
    for text in said {
        let mut talk = world.open().await;
        world.say(&mut talk, text).await;
        ids.push(talk.state.id);
    }
    // Found by its file's name; a note is found as well.
    let mut talk = world.open().await;
    let file = Attachment { blob: world.ids.next(), name: "发票 2026.pdf".into(), media_type: "application/pdf".into(), bytes: 1, width: None, height: None };
    let message = Message { id: world.ids.next(), client_id: None, content: Content::File { file } };
    world.step(&mut talk, Actor::Bot, Event::MessageSent { message }).await;
    let message = Message { id: world.ids.next(), client_id: None, content: Content::Text { text: "VIP 客户".into() } };
    world.step(&mut talk, Actor::System, Event::NoteAdded { message, mentions: Vec::new() }).await;
    ids.push(talk.state.id);

    for (wanted, places) in [
        ("可以换吗", vec![0]),
        ("鞋", vec![0]),
        ("100%", vec![1]),
        ("0% c", vec![1]),
        ("cotton_shirt", vec![1]),
        ("cotton-shirt", vec![]),
        ("%", vec![1]),
        ("_", vec![1]),
        ("!", vec![1]),
        ("\"hello\"", vec![2]),
        ("\"", vec![2]),
        (r"\new\folder", vec![3]),
        ("O'Brien; drop table", vec![4]),
        ("'", vec![4]),
        ("order", vec![5]),
        ("发票", vec![6]),
        ("vip", vec![6]),
        // Words of the stored form that nobody said.
        ("client_id", vec![]),
        ("message_received", vec![]),
        ("没有说过", vec![]),
    ] {
        let mut expected: Vec<ConversationId> = places.iter().filter_map(|it: &usize| ids.get(*it)).copied().collect();
        let mut found = found(&world, ConversationFilter { text: Some(wanted.to_owned()), ..all() }).await;
        expected.sort_unstable();
        found.sort_unstable();
        assert_eq!(found, expected, "{wanted}");
    }
    assert_eq!(found(&world, ConversationFilter { text: Some("  ".to_owned()), ..all() }).await.len(), ids.len(), "blank means no filter");

    // By the contact's name, e-mail, phone, and by number.
    let mut contact = world.contact_named("Zoë 李_雷");
    contact.id = world.contact;
    contact.email = Some("Li.Lei@Example.COM".to_owned());
    contact.phone = Some("+86 138-0000-0000".to_owned());
    world.tenant.put_contact(&contact).await.expect("contact");
    for wanted in ["李_雷", "ZOË", "li.lei@example", "138-0000"] {
        assert_eq!(found(&world, ConversationFilter { text: Some(wanted.to_owned()), ..all() }).await.len(), ids.len(), "{wanted}");
    }
    let last = world.open().await;
    for wanted in [last.state.number.to_string(), format!("#{}", last.state.number)] {
        let found = found(&world, ConversationFilter { text: Some(wanted.clone()), ..all() }).await;
        assert!(found.contains(&last.state.id), "{wanted}");
    }
}

pub async fn routing_reads_what_decisions_left(subject: Subject) {
    let mut world = World::new(subject).await;
    let (me, other): (MemberId, MemberId) = (world.ids.next(), world.ids.next());
    assert_eq!(world.tenant.latest_conversation(world.contact, world.inbox).await.expect("read"), None);
    let (mut one, mut two, mut three) = (world.open().await, world.open().await, world.open().await);
    let latest = world.tenant.latest_conversation(world.contact, world.inbox).await.expect("read").expect("there");
    assert_eq!((latest.state.id, latest.version), (three.state.id, 1), "the newest by number");
    assert_eq!(world.tenant.latest_conversation(world.contact, world.ids.next()).await.expect("read"), None);

    let late = queue(&world, &mut one, NOW.plus_seconds(20)).await;
    let early = queue(&world, &mut two, NOW.plus_seconds(10)).await;
    assert_eq!(world.tenant.queue().await.expect("queue"), [early.clone(), late.clone()], "longest wait first");
    let moved = QueueEntry { priority: Priority::Urgent, ..late };
    let commit = Commit { queue: QueueChange::Put(moved.clone()), ..one.next(Actor::System, Event::PriorityChanged { priority: Priority::Urgent }, NOW) };
    one.state = commit.state.clone();
    one.done(world.tenant.commit(commit).await);
    assert_eq!(world.tenant.queue().await.expect("queue"), [early, moved.clone()], "replaced, not doubled");
    let commit = Commit { queue: QueueChange::Remove, ..two.next(Actor::System, Event::Assigned { to: me }, NOW.plus_seconds(30)) };
    two.state = commit.state.clone();
    two.done(world.tenant.commit(commit).await);
    assert_eq!(world.tenant.queue().await.expect("queue"), [moved]);

    at(&world, &mut three, NOW.plus_seconds(40), Actor::System, Event::Offered { to: me, expires_at: NOW.plus_seconds(70) }).await;
    let mut loads = world.tenant.loads().await.expect("loads");
    assert_eq!(loads, [(me, 2, Some(NOW.plus_seconds(30)))]);
    let mut held = world.tenant.held_by(me).await.expect("held");
    let mut expected = vec![two.state.id, three.state.id];
    held.sort_unstable();
    expected.sort_unstable();
    assert_eq!(held, expected);
    assert_eq!(world.tenant.held_by(other).await.expect("held"), []);

    assert_eq!(world.tenant.handle_time_ms().await.expect("time"), None);
    at(&world, &mut two, NOW.plus_seconds(90), Actor::Member(me), Event::Resolved).await;
    at(&world, &mut three, NOW.plus_seconds(50), Actor::System, Event::Assigned { to: me }).await;
    at(&world, &mut three, NOW.plus_seconds(70), Actor::Member(me), Event::Resolved).await;
    assert_eq!(world.tenant.handle_time_ms().await.expect("time"), Some(40_000), "the mean of 60 s and 20 s");
    loads = world.tenant.loads().await.expect("loads");
    assert_eq!(loads, [], "nobody holds a resolved conversation");
}
