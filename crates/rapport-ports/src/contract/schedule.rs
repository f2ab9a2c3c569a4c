//! Promises of what has to be done later: effects and timers.

use std::{collections::BTreeSet, sync::Arc};

use rapport_model::{Actor, Effect, EffectId, Event, Outcome, OutboxItem, TimerChange, TimerKind, Timestamp};

use super::world::{NOW, Subject, Talk, World};

const LEASE_MS: i64 = 30_000;

async fn promise(world: &mut World, talk: &mut Talk, count: usize) -> Vec<EffectId> {
    let event = world.text("please");
    let mut commit = talk.next(world.customer(), event, NOW);
    commit.effects = (0..count).map(|_| (world.effect_id(), Effect::RouteQueue)).collect();
    let ids = commit.effects.iter().map(|(id, _)| *id).collect();
    talk.state = commit.state.clone();
    talk.done(world.tenant.commit(commit).await);
    ids
}

async fn claim(world: &World, now: Timestamp) -> Vec<OutboxItem> {
    world.store.claim_effects(now, LEASE_MS, 10).await.expect("claim")
}

pub async fn effects_are_leased_and_settled(subject: Subject) {
    let mut world = World::new(subject).await;
    let mut talk = world.open().await;
    assert!(claim(&world, NOW).await.is_empty());
    assert_eq!(world.store.next_due().await.expect("due"), None);
    let ids = promise(&mut world, &mut talk, 4).await;
    assert_eq!(world.store.next_due().await.expect("due"), Some(NOW));
    assert!(claim(&world, NOW.plus_ms(-1)).await.is_empty(), "not before it is due");

    let first = world.store.claim_effects(NOW, LEASE_MS, 3).await.expect("claim");
    let rest = claim(&world, NOW).await;
    assert_eq!((first.len(), rest.len()), (3, 1), "at most as many as asked for, none twice");
    let claimed: BTreeSet<EffectId> = first.iter().chain(&rest).map(|it| it.id).collect();
    assert_eq!(claimed, ids.iter().copied().collect());
    for item in first.iter().chain(&rest) {
        let expected = (world.id, Some(talk.state.id), &Effect::RouteQueue, 0, NOW);
        assert_eq!((item.tenant, item.conversation, &item.effect, item.attempt, item.created_at), expected);
    }
    assert!(claim(&world, NOW.plus_ms(LEASE_MS - 1)).await.is_empty(), "leased");

    // One of each outcome; the lease of the fourth runs out: whoever had it may have died.
    let [done, retry, rejected, forgotten] = *ids else { panic!("four") };
    let later = NOW.plus_ms(LEASE_MS * 2);
    for (id, outcome) in [
        (done, Outcome::Done),
        (retry, Outcome::Retry { not_before: later, code: "store.unavailable".into() }),
        (rejected, Outcome::Rejected { code: "not_found".into() }),
    ] {
        world.store.settle_effect(id, &outcome, NOW).await.expect("settle");
    }
    let again = claim(&world, NOW.plus_ms(LEASE_MS)).await;
    assert_eq!(again.iter().map(|it| (it.id, it.attempt)).collect::<Vec<_>>(), [(forgotten, 1)]);
    world.store.settle_effect(forgotten, &Outcome::Unknown { code: "timeout".into() }, NOW).await.expect("settle");
    assert_eq!(world.store.next_due().await.expect("due"), Some(later));
    assert!(claim(&world, later.plus_ms(-1)).await.is_empty());
    assert_eq!(claim(&world, later).await.iter().map(|it| (it.id, it.attempt)).collect::<Vec<_>>(), [(retry, 1)]);
    world.store.settle_effect(retry, &Outcome::Done, later).await.expect("settle");
    // What was rejected or may have arrived is never done by itself again.
    assert!(claim(&world, later.plus_ms(LEASE_MS * 100)).await.is_empty());
    assert_eq!(world.store.next_due().await.expect("due"), None);
}

pub async fn effects_that_no_decision_made_and_those_that_are_stuck(subject: Subject) {
    let mut world = World::new(subject).await;
    let (first, second) = (world.effect_id(), world.effect_id());
    let effects = [(first, Effect::RouteQueue), (second, Effect::RouteQueue)];
    world.tenant.enqueue(&effects, NOW).await.expect("enqueue");
    world.tenant.enqueue(&effects, NOW.plus_ms(5)).await.expect("told again");
    let claimed = claim(&world, NOW).await;
    assert_eq!(claimed.iter().map(|it| (it.id, it.conversation, it.attempt)).collect::<BTreeSet<_>>(), [(first, None, 0), (second, None, 0)].into());
    world.tenant.enqueue(&effects, NOW).await.expect("told while it is leased");
    assert!(claim(&world, NOW.plus_ms(1)).await.is_empty(), "leased ones stay leased");
    let rejected = Outcome::Rejected { code: "channel.refused".into() };
    world.store.settle_effect(first, &rejected, NOW).await.expect("settle");
    world.store.settle_effect(second, &Outcome::Done, NOW).await.expect("settle");

    let stuck = world.tenant.stuck_effects(10).await.expect("stuck");
    assert_eq!(stuck.iter().map(|(it, outcome)| (it.id, outcome)).collect::<Vec<_>>(), [(first, &rejected)]);
    let other = world.store.tenant(world.ids.next());
    assert!(other.stuck_effects(10).await.expect("stuck").is_empty(), "nobody else's");
    assert!(!other.retry_effect(first, NOW).await.expect("retry"), "nobody else's");
    let later = NOW.plus_ms(60_000);
    assert!(world.tenant.retry_effect(first, later).await.expect("retry"));
    assert!(!world.tenant.retry_effect(first, later).await.expect("retry"), "it waits already");
    assert!(world.tenant.stuck_effects(10).await.expect("stuck").is_empty());
    assert_eq!(claim(&world, later).await.iter().map(|it| (it.id, it.attempt)).collect::<Vec<_>>(), [(first, 0)]);
}

pub async fn effects_go_to_one_of_many(subject: Subject) {
    let mut world = World::new(subject).await;
    let mut talk = world.open().await;
    let ids = promise(&mut world, &mut talk, 40).await;
    let workers: Vec<_> = (0..8)
        .map(|_| {
            let store = Arc::clone(&world.store);
            tokio::spawn(async move { store.claim_effects(NOW, LEASE_MS, 7).await.expect("claim") })
        })
        .collect();
    let mut claimed = Vec::new();
    for worker in workers {
        claimed.extend(worker.await.expect("worker").into_iter().map(|it| it.id));
    }
    let distinct: BTreeSet<_> = claimed.iter().copied().collect();
    assert_eq!(distinct.len(), claimed.len(), "no effect went to two workers");
    assert_eq!(distinct, ids.into_iter().collect(), "and none was left");
}

pub async fn timers_move_and_clear(subject: Subject) {
    let mut world = World::new(subject).await;
    let mut talk = world.open().await;
    let offer = TimerKind::OfferExpires { to: world.ids.next() };
    let set = |world: &mut World, talk: &Talk, kind: TimerKind, seconds: i64| {
        let id = world.timer_id();
        let mut commit = talk.next(Actor::System, Event::RatingReminded, NOW);
        commit.timers = vec![(id, TimerChange::Set { kind, at: NOW.plus_seconds(seconds) })];
        (id, commit)
    };
    let (old, commit) = set(&mut world, &talk, offer, 30);
    talk.done(world.tenant.commit(commit).await);
    let (snooze, commit) = set(&mut world, &talk, TimerKind::SnoozeEnds, 10);
    talk.done(world.tenant.commit(commit).await);
    let store = Arc::clone(&world.store);
    let due = |at| store.due_timers(at, 10);
    assert!(due(NOW.plus_seconds(9)).await.expect("due").is_empty());
    let both = due(NOW.plus_seconds(30)).await.expect("due");
    assert_eq!(both.iter().map(|(tenant, it)| (*tenant, it.id, it.kind)).collect::<Vec<_>>(), [(world.id, snooze, TimerKind::SnoozeEnds), (world.id, old, offer)], "soonest first");
    assert_eq!(world.store.due_timers(NOW.plus_seconds(30), 1).await.expect("due").len(), 1);
    assert_eq!(world.store.next_due().await.expect("due"), Some(NOW.plus_seconds(10)));

    // Set anew: one timer of a kind, and a firing with the old id clears nothing.
    let moved_to = TimerKind::OfferExpires { to: world.ids.next() };
    let (new, commit) = set(&mut world, &talk, moved_to, 90);
    talk.done(world.tenant.commit(commit).await);
    world.tenant.clear_timer(old).await.expect("clear");
    let mine = world.tenant.timers(talk.state.id).await.expect("timers");
    assert_eq!(mine.iter().map(|it| (it.id, it.kind, it.due_at)).collect::<Vec<_>>(), [
        (snooze, TimerKind::SnoozeEnds, NOW.plus_seconds(10)),
        (new, moved_to, NOW.plus_seconds(90))
    ]);

    // They stay until cleared or cancelled; cancelling what is not set is fine.
    assert_eq!(due(NOW.plus_seconds(10)).await.expect("due").len(), 1);
    assert_eq!(due(NOW.plus_seconds(10)).await.expect("due").len(), 1);
    world.tenant.clear_timer(snooze).await.expect("clear");
    let mut commit = talk.next(Actor::System, Event::RatingReminded, NOW);
    commit.timers = vec![(world.timer_id(), TimerChange::cancel(moved_to.slot())), (world.timer_id(), TimerChange::cancel("bot_idle"))];
    talk.done(world.tenant.commit(commit).await);
    assert!(world.tenant.timers(talk.state.id).await.expect("timers").is_empty());
    assert_eq!(world.store.next_due().await.expect("due"), None);

    // Cancelled and set in one decision: the last word counts.
    let last = world.timer_id();
    let mut commit = talk.next(Actor::System, Event::RatingReminded, NOW);
    commit.timers = vec![
        (world.timer_id(), TimerChange::cancel("bot_idle")),
        (world.timer_id(), TimerChange::Set { kind: TimerKind::BotIdle, at: NOW }),
        (last, TimerChange::Set { kind: TimerKind::BotIdle, at: NOW.plus_seconds(5) }),
    ];
    talk.done(world.tenant.commit(commit).await);
    assert_eq!(world.tenant.timers(talk.state.id).await.expect("timers").iter().map(|it| it.id).collect::<Vec<_>>(), [last]);
}
