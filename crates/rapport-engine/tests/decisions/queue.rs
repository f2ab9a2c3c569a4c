//! Where a waiting customer stands, and how long it takes.

use rapport_engine::queue_standing;
use rapport_model::{AgentView, ConversationId, InboxId, Presence, Priority, QueueEntry, Timestamp};
use uuid::Uuid;

use crate::talk::{CUSTOMER, LIN, ZHOU, agent};

fn entry(n: u128, skills: &[&str], priority: Priority) -> QueueEntry {
    QueueEntry {
        conversation: ConversationId(Uuid::from_u128(n)),
        inbox: InboxId(Uuid::nil()),
        contact: CUSTOMER,
        team: None,
        skills: skills.iter().map(|it| (*it).to_owned()).collect(),
        priority,
        since: Timestamp(i64::try_from(n).expect("small")),
        passed: Vec::new(),
        reasons: Vec::new(),
    }
}

/// Three wait in the order 1, 2, 3. `wanted`: position and estimate of the third.
fn check(roster: &[AgentView], handle_s: Option<i64>, wanted: (u32, Option<u32>)) {
    let queue = [entry(1, &[], Priority::Normal), entry(2, &[], Priority::Normal), entry(3, &[], Priority::Normal)];
    let standing = queue_standing(ConversationId(Uuid::from_u128(3)), &queue, roster, handle_s.map(|it| it * 1000)).expect("waits");
    assert_eq!((standing.position, standing.estimate_s), wanted, "{roster:?}");
    assert!(!standing.reasons.is_empty());
}

#[test]
fn place_and_estimate() {
    let free = |load, capacity| vec![agent(LIN, "林夏", load, capacity)];
    // Three places free: about as long as an answer takes.
    check(&free(0, 3), None, (3, Some(30)));
    check(&free(0, 3), Some(600), (3, Some(30)));
    // One place is missing: one of three comes free in a third of the handling time.
    check(&free(1, 3), Some(600), (3, Some(200)));
    check(&free(3, 3), Some(600), (3, Some(600)));
    check(&free(1, 1), Some(600), (3, Some(1800)));
    // Nothing is known yet, or nobody is there: no estimate is better than a wrong one.
    check(&free(3, 3), None, (3, None));
    check(&[], Some(600), (3, None));
    let mut away = free(0, 3);
    away[0].presence = Presence::Away;
    check(&away, Some(600), (3, None));
}

#[test]
fn only_those_count_who_wait_for_the_same_agents() {
    let (mut returns, mut orders) = (agent(LIN, "林夏", 1, 1), agent(ZHOU, "周远", 1, 1));
    returns.skills = vec!["returns".to_owned()];
    orders.skills = vec!["orders".to_owned()];
    let queue = [entry(1, &["orders"], Priority::Normal), entry(2, &["returns"], Priority::Normal), entry(3, &["returns"], Priority::Normal)];
    let standing = |n| queue_standing(ConversationId(Uuid::from_u128(n)), &queue, &[returns.clone(), orders.clone()], None).map(|it| it.position);
    assert_eq!((standing(1), standing(2), standing(3), standing(4)), (Some(1), Some(1), Some(2), None));
}

#[test]
fn the_urgent_come_first_and_the_others_are_told_so() {
    let queue = [entry(1, &[], Priority::Normal), entry(2, &[], Priority::Urgent)];
    let standing = |n| queue_standing(ConversationId(Uuid::from_u128(n)), &queue, &[agent(LIN, "林夏", 1, 1)], None).map(|it| it.position);
    assert_eq!((standing(1), standing(2)), (Some(2), Some(1)));
}
