//! Promises of the journal: numbered, idempotent, whole or not at all.

use std::sync::Arc;

use rapport_model::{
    Actor, AuditRecord, Effect, Event, MemberId, NewEntry, Priority, QueueEntry, Reason, Seq, Summary, SummaryKind, SummaryPoint, TimerChange,
    TimerKind,
};

use super::world::{NOW, Subject, Talk, World, named};
use crate::{Commit, CommitError, JournalScope, QueueChange};

/// Conversations and messages of each that are written at once.
const TALKS: u64 = 8;
const MESSAGES: u64 = 12;

pub async fn numbers_rise_without_gaps_and_are_told_in_order(subject: Subject) {
    let mut world = World::new(subject).await;
    let mut tasks = Vec::new();
    for _ in 0..TALKS {
        let mut talk = world.open().await;
        let tenant = Arc::clone(&world.tenant);
        let events: Vec<Event> = (0..MESSAGES).map(|n| world.text(&format!("message {n}"))).collect();
        let actor = world.customer();
        tasks.push(tokio::spawn(async move {
            let mut last = Seq(0);
            for event in events {
                let commit = talk.next(actor, event, NOW);
                talk.state = commit.state.clone();
                let committed = talk.done(tenant.commit(commit).await);
                let seq = committed.entries.first().expect("an entry").seq;
                assert!(seq > last, "{seq} is acknowledged after {last}");
                last = seq;
            }
        }));
    }
    for task in tasks {
        task.await.expect("each commit succeeds");
    }
    let expected: Vec<u64> = (1..=TALKS * (MESSAGES + 1)).collect();
    let stored = world.tenant.entries_after(JournalScope::Tenant, Seq(0), 10_000).await.expect("journal");
    assert_eq!(stored.iter().map(|it| it.seq.0).collect::<Vec<_>>(), expected, "from 1, without gaps");
    assert_eq!(world.published.of(world.id), expected, "told in the order of the journal");
    assert_eq!(world.tenant.last_seq().await.expect("last"), Seq(TALKS * (MESSAGES + 1)));
}

pub async fn an_inbound_fact_is_kept_once(subject: Subject) {
    let mut world = World::new(subject).await;
    let mut talk = world.open().await;
    let event = world.text("once");
    let commit = named(talk.next(world.customer(), event, NOW), "wx-1");
    let before = talk.clone();
    talk.state = commit.state.clone();
    let first = talk.done(world.tenant.commit(commit).await).entries.first().expect("entry").seq;

    // Again as a stale decision, as a fresh decision, and in another conversation of the same inbox.
    let (_, elsewhere) = world.new_talk();
    let (one, other) = (world.text("once"), world.text("once"));
    let copies = [
        named(before.next(world.customer(), one, NOW), "wx-1"),
        named(talk.next(world.customer(), other, NOW), "wx-1"),
        named(elsewhere, "wx-1"),
    ];
    for copy in copies {
        match world.tenant.commit(copy).await {
            Err(CommitError::Duplicate { seq, conversation }) => assert_eq!((seq, conversation), (first, talk.state.id)),
            other => panic!("a copy was not recognised: {other:?}"),
        }
    }
    assert_eq!(world.tenant.last_seq().await.expect("last"), first);
    assert_eq!(world.tenant.find_external(world.inbox, "wx-1").await.expect("find"), Some((first, talk.state.id)));
    assert_eq!(world.tenant.find_external(world.inbox, "wx-2").await.expect("find"), None);

    // The same id means another fact in another inbox.
    let own_inbox = world.inbox;
    world.inbox = world.ids.next();
    let (mut there, opening) = world.new_talk();
    there.done(world.tenant.commit(named(opening, "wx-1")).await);
    assert_eq!(world.tenant.find_external(world.inbox, "wx-1").await.expect("find").map(|it| it.1), Some(there.state.id));
    assert_eq!(world.tenant.find_external(own_inbox, "wx-1").await.expect("find"), Some((first, talk.state.id)));
}

pub async fn an_inbound_fact_is_kept_once_under_concurrency(subject: Subject) {
    let mut world = World::new(subject).await;
    let copies: Vec<Commit> = (0..24).map(|_| named(world.new_talk().1, "delivered-by-all")).collect();
    let tasks: Vec<_> = copies
        .into_iter()
        .map(|copy| {
            let tenant = Arc::clone(&world.tenant);
            tokio::spawn(async move { tenant.commit(copy).await })
        })
        .collect();
    let (mut made, mut refused) = (Vec::new(), Vec::new());
    for task in tasks {
        match task.await.expect("task") {
            Ok(committed) => made.push(committed.entries.first().expect("entry").seq),
            Err(CommitError::Duplicate { seq, .. }) => refused.push(seq),
            Err(error) => panic!("{error}"),
        }
    }
    assert_eq!(made, [Seq(1)], "one is kept");
    assert_eq!(refused, vec![Seq(1); 23], "the others learn under which number");
    assert_eq!(world.published.of(world.id), [1]);
}

pub async fn a_stale_decision_conflicts(subject: Subject) {
    let mut world = World::new(subject).await;
    let talk = world.open().await;
    let rivals: Vec<Commit> = (0..16).map(|n| world.text(&format!("rival {n}"))).map(|event| talk.next(Actor::Bot, event, NOW)).collect();
    let tasks: Vec<_> = rivals
        .into_iter()
        .map(|rival| {
            let tenant = Arc::clone(&world.tenant);
            tokio::spawn(async move { tenant.commit(rival).await })
        })
        .collect();
    let mut won = 0;
    for task in tasks {
        match task.await.expect("task") {
            Ok(committed) => {
                won += 1;
                assert_eq!(committed.version, 2);
            }
            Err(error) => assert!(matches!(error, CommitError::Conflict), "{error}"),
        }
    }
    assert_eq!(won, 1, "one decision on a version");
    let stored = world.tenant.conversation(talk.state.id).await.expect("read").expect("there");
    assert_eq!((stored.version, stored.last_seq, stored.state.messages), (2, Seq(2), 1));
    // A conversation that was opened twice is a conflict as well.
    let again = Commit { expected_version: 0, ..talk.next(world.customer(), Event::Resolved, NOW) };
    assert!(matches!(world.tenant.commit(again).await, Err(CommitError::Conflict)));
}

pub async fn a_stale_routing_decision_conflicts(subject: Subject) {
    let mut world = World::new(subject).await;
    let (mut one, mut other) = (world.open().await, world.open().await);
    let seen = world.tenant.routing_version().await.expect("version");
    let to: MemberId = world.ids.next();
    let assign = |talk: &Talk, seen| Commit { routing_version: Some(seen), ..talk.next(Actor::System, Event::Assigned { to }, NOW) };
    let first = assign(&one, seen);
    one.state = first.state.clone();
    one.done(world.tenant.commit(first).await);
    // The other decision counted on the same free member.
    assert!(matches!(world.tenant.commit(assign(&other, seen)).await, Err(CommitError::Conflict)));
    let seen = world.tenant.routing_version().await.expect("version");
    let second = assign(&other, seen);
    other.done(world.tenant.commit(second).await);
    // Whoever takes a conversation by hand has less room for the next: that moves it as well.
    let by_hand = other.next(Actor::Member(to), Event::Assigned { to }, NOW);
    let before = world.tenant.routing_version().await.expect("version");
    other.state = by_hand.state.clone();
    other.done(world.tenant.commit(by_hand).await);
    assert!(world.tenant.routing_version().await.expect("version") > before);
    // What nobody's room depends on moves nothing.
    let seen = world.tenant.routing_version().await.expect("version");
    world.say(&mut one, "hello").await;
    assert_eq!(world.tenant.routing_version().await.expect("version"), seen);
}

fn queue_entry(world: &mut World, talk: &Talk) -> QueueEntry {
    QueueEntry {
        conversation: talk.state.id,
        inbox: world.inbox,
        contact: world.contact,
        team: Some(world.ids.next()),
        skills: vec!["lang:zh".to_owned()],
        priority: Priority::High,
        since: NOW,
        passed: Vec::new(),
        reasons: vec![Reason::new("handover.asked").with("words", "转人工")],
    }
}

/// A decision that changes everything there is.
fn full(world: &mut World, talk: &Talk) -> Commit {
    let entry = queue_entry(world, talk);
    let handover = Event::HandoverRequested { summary: Summary { wish: "换货".to_owned(), points: Vec::new() } };
    let mut commit = talk.next(world.customer(), handover, NOW);
    let queued = Event::Queued { entry: entry.clone() };
    commit.state.apply(Actor::System, NOW, &queued);
    commit.entries.push(NewEntry { at: NOW, actor: Actor::System, event: queued, reasons: entry.reasons.clone(), external_id: None });
    commit.queue = QueueChange::Put(entry);
    commit.effects = vec![(world.effect_id(), Effect::RouteQueue)];
    commit.timers = vec![(world.timer_id(), TimerChange::Set { kind: TimerKind::QueueCheck, at: NOW.plus_seconds(60) })];
    commit.audit = vec![AuditRecord { at: NOW, actor: Actor::System, action: "conversation.queued".to_owned(), target: talk.state.id.to_string(), detail: String::new() }];
    commit
}

pub async fn a_decision_is_kept_whole(subject: Subject) {
    let mut world = World::new(subject).await;
    let mut talk = world.open().await;
    let commit = full(&mut world, &talk);
    let wanted = commit.clone();
    talk.done(world.tenant.commit(commit).await);

    let stored = world.tenant.conversation(talk.state.id).await.expect("read").expect("there");
    assert_eq!((stored.version, stored.last_seq, &stored.state), (2, Seq(3), &wanted.state));
    let entries = world.tenant.entries_after(JournalScope::Conversation(talk.state.id), Seq(1), 10).await.expect("journal");
    assert_eq!(entries.iter().map(|it| it.event.kind()).collect::<Vec<_>>(), ["handover_requested", "queued"]);
    assert_eq!(world.tenant.queue().await.expect("queue"), wanted.state.queue.clone().into_iter().collect::<Vec<_>>());
    let timers = world.tenant.timers(talk.state.id).await.expect("timers");
    assert_eq!(timers.iter().map(|it| (it.id, it.kind)).collect::<Vec<_>>(), [(wanted.timers.first().expect("timer").0, TimerKind::QueueCheck)]);
    let effects = world.store.claim_effects(NOW, 1_000, 10).await.expect("effects");
    assert_eq!(effects.iter().map(|it| it.id).collect::<Vec<_>>(), [wanted.effects.first().expect("effect").0]);
    let lines = world.tenant.audit_lines(None, 10).await.expect("audit");
    assert_eq!(lines.iter().map(|it| it.record.clone()).collect::<Vec<_>>(), wanted.audit);
}

async fn nothing_but_the_opening(world: &World, talk: &Talk) {
    let stored = world.tenant.conversation(talk.state.id).await.expect("read").expect("there");
    assert_eq!((stored.version, &stored.state), (1, &talk.state), "state");
    let entries = world.tenant.entries_after(JournalScope::Conversation(talk.state.id), Seq(0), 10).await.expect("journal");
    assert_eq!(entries.len(), 1, "journal");
    assert!(world.tenant.queue().await.expect("queue").is_empty(), "queue");
    assert!(world.tenant.timers(talk.state.id).await.expect("timers").is_empty(), "timers");
    assert!(world.tenant.audit_lines(None, 10).await.expect("audit").is_empty(), "audit");
}

pub async fn a_refused_decision_leaves_nothing(subject: Subject) {
    let mut world = World::new(subject).await;
    let talk = world.open().await;
    let mut taken = world.open().await;
    let known = world.text("known");
    let known = named(taken.next(world.customer(), known, NOW), "known");
    taken.done(world.tenant.commit(known).await);
    let last = world.tenant.last_seq().await.expect("last");

    let stale = Commit { expected_version: 7, ..full(&mut world, &talk) };
    assert!(matches!(world.tenant.commit(stale).await, Err(CommitError::Conflict)));
    let stale_routing = Commit { routing_version: Some(99), ..full(&mut world, &talk) };
    assert!(matches!(world.tenant.commit(stale_routing).await, Err(CommitError::Conflict)));
    let copy = named(full(&mut world, &talk), "known");
    assert!(matches!(world.tenant.commit(copy).await, Err(CommitError::Duplicate { .. })));

    nothing_but_the_opening(&world, &talk).await;
    assert!(world.store.claim_effects(NOW, 1_000, 10).await.expect("effects").is_empty(), "outbox");
    assert_eq!(world.tenant.last_seq().await.expect("last"), last, "no number was used");
    assert_eq!(world.published.of(world.id), (1..=last.0).collect::<Vec<_>>(), "nothing was told");
}

pub async fn a_bad_decision_harms_no_other(subject: Subject) {
    let mut world = World::new(subject).await;
    let mut talk = world.open().await;
    let good = full(&mut world, &talk);
    let used = good.effects.first().expect("effect").0;
    talk.state = good.state.clone();
    talk.done(world.tenant.commit(good).await);

    // Every second one uses an effect's id again: it cannot be written, and nothing of it may be.
    let mut tasks = Vec::new();
    for n in 0..12_u32 {
        let (talk, mut opening) = world.new_talk();
        let bad = n % 2 == 0;
        let id = if bad { used } else { world.effect_id() };
        opening.effects = vec![(id, Effect::RouteQueue)];
        let tenant = Arc::clone(&world.tenant);
        tasks.push(tokio::spawn(async move { (talk.state.id, bad, tenant.commit(opening).await) }));
    }
    for task in tasks {
        let (conversation, bad, outcome) = task.await.expect("task");
        let stored = world.tenant.conversation(conversation).await.expect("read");
        if bad {
            assert!(matches!(outcome, Err(CommitError::Unavailable(_))), "{outcome:?}");
            assert!(stored.is_none(), "the state of a decision whose effect failed");
        } else {
            outcome.expect("a good decision beside a bad one");
            assert!(stored.is_some());
        }
    }
    let last = world.tenant.last_seq().await.expect("last");
    assert_eq!(last, Seq(3 + 6));
    assert_eq!(world.published.of(world.id), (1..=last.0).collect::<Vec<_>>());
    // Nor does one for a tenant that is not there.
    let nobody = world.store.tenant(world.ids.next());
    assert!(matches!(nobody.commit(world.new_talk().1).await, Err(CommitError::Unavailable(_))));
}

pub async fn entries_are_read_by_scope(subject: Subject) {
    let mut world = World::new(subject).await;
    let own = world.contact;
    let mut mine = world.open().await;
    world.contact = world.ids.next();
    let mut other = world.open().await;
    for n in 0..5 {
        world.contact = own;
        world.say(&mut mine, &format!("mine {n}")).await;
        world.contact = other.state.contact;
        world.say(&mut other, &format!("other {n}")).await;
    }
    let numbers = |entries: Vec<rapport_model::Entry>| entries.iter().map(|it| it.seq.0).collect::<Vec<_>>();
    let read = |scope, after, limit| world.tenant.entries_after(scope, Seq(after), limit);
    let tenant = JournalScope::Tenant;
    assert_eq!(numbers(read(tenant, 0, 100).await.expect("all")), (1..=12).collect::<Vec<_>>());
    assert_eq!(numbers(read(tenant, 10, 100).await.expect("tail")), [11, 12]);
    assert_eq!(numbers(read(tenant, 2, 3).await.expect("limit")), [3, 4, 5]);
    assert_eq!(numbers(read(tenant, 12, 10).await.expect("end")), Vec::<u64>::new());
    let conversation = JournalScope::Conversation(mine.state.id);
    assert_eq!(numbers(read(conversation, 0, 100).await.expect("one")), [1, 3, 5, 7, 9, 11]);
    assert_eq!(numbers(read(conversation, 5, 2).await.expect("one")), [7, 9]);
    let visitor = JournalScope::Visitor { contact: other.state.contact, inbox: world.inbox };
    assert_eq!(numbers(read(visitor, 2, 100).await.expect("visitor")), [4, 6, 8, 10, 12]);
    let stranger = JournalScope::Visitor { contact: other.state.contact, inbox: rapport_model::InboxId(world.contact.0) };
    assert_eq!(numbers(read(stranger, 0, 100).await.expect("other inbox")), Vec::<u64>::new());
    let before = |scope, before, limit| world.tenant.entries_before(scope, Seq(before), limit);
    assert_eq!(numbers(before(tenant, 5, 2).await.expect("before")), [4, 3]);
    assert_eq!(numbers(before(conversation, 9, 100).await.expect("before")), [7, 5, 3, 1]);
    assert_eq!(numbers(before(visitor, u64::MAX, 2).await.expect("newest")), [12, 10]);
    assert_eq!(numbers(before(tenant, 1, 10).await.expect("none")), Vec::<u64>::new());
}

pub async fn entries_come_back_as_they_were(subject: Subject) {
    let mut world = World::new(subject).await;
    let mut talk = world.open().await;
    let (member, note) = (world.ids.next(), world.text("note"));
    let message = note.message().expect("a message").clone();
    let events = [
        (Actor::Bot, world.text("引号 \" ' 反斜线 \\ 换行 \n 表情 🙂 и кириллица")),
        (Actor::Member(member), Event::NoteAdded { message, mentions: vec![member] }),
        (Actor::System, Event::HandoverRequested { summary: Summary { wish: "退货".into(), points: vec![SummaryPoint { kind: SummaryKind::Asked, text: "？".into() }] } }),
        (Actor::Member(member), Event::Rated { score: 5, comment: "'; drop table journal; --".into() }),
    ];
    for (actor, event) in events {
        let mut commit = talk.next(actor, event.clone(), NOW.plus_ms(7));
        let reasons = vec![Reason::new("because.so").with("fact", "值")];
        commit.entries.first_mut().expect("entry").reasons.clone_from(&reasons);
        talk.state = commit.state.clone();
        let made = talk.done(world.tenant.commit(commit).await);
        let made = made.entries.first().expect("entry");
        let read = world.tenant.entries_before(JournalScope::Tenant, Seq(made.seq.0 + 1), 1).await.expect("read");
        assert_eq!(read.first().expect("entry"), made);
        assert_eq!((&made.event, made.actor, &made.reasons, made.at), (&event, actor, &reasons, NOW.plus_ms(7)));
        assert_eq!(world.tenant.conversation(talk.state.id).await.expect("read").expect("there").state, talk.state);
    }
}
