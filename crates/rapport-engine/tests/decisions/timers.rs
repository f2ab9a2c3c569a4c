//! Timers that come late or twice do no harm, and nothing that waits is without one.

use rapport_model::{CustomerAction, DAY_MS, HOUR_MS, Input, Locale, MINUTE_MS, MemberAction, Status, TicketStage, TimerKind};

use crate::talk::{LIN, Talk};

#[test]
fn a_snooze_set_anew_outlives_the_old_timer() {
    let mut talk = Talk::new(Locale::Zh);
    talk.says("转人工");
    talk.member(LIN, MemberAction::AcceptOffer);
    talk.member(LIN, MemberAction::Snooze { until: talk.now.plus_ms(HOUR_MS) });
    talk.member(LIN, MemberAction::Snooze { until: talk.now.plus_ms(DAY_MS) });
    talk.later(HOUR_MS);
    assert_eq!(talk.does(&Input::TimerFired { timer: TimerKind::SnoozeEnds }).expect("fine"), "");
    assert!(matches!(talk.status(), Status::Snoozed { .. }));
    assert_eq!(talk.fires("snooze_ends"), "system woken");
    assert!(matches!(talk.status(), Status::Assigned { to: LIN, .. }));
}

#[test]
fn thanks_do_not_wake_what_was_put_aside() {
    let mut talk = Talk::new(Locale::Zh);
    talk.says("转人工");
    talk.member(LIN, MemberAction::AcceptOffer);
    talk.member(LIN, MemberAction::Snooze { until: talk.now.plus_ms(DAY_MS) });
    assert_eq!(talk.says("好的，谢谢"), "customer says text");
    assert!(matches!(talk.status(), Status::Snoozed { .. }));
    assert_eq!(talk.says("还是想今天要"), "customer says text, customer woken");
}

#[test]
fn a_customer_who_came_back_is_not_sent_away_by_the_old_timer() {
    let mut talk = Talk::new(Locale::Zh);
    talk.says("发票怎么开");
    talk.later(DAY_MS);
    talk.says("你好");
    assert_eq!(talk.does(&Input::TimerFired { timer: TimerKind::BotIdle }).expect("fine"), "");
    assert_eq!(talk.status(), Status::Bot);
    assert_eq!(talk.fires("bot_idle"), "system resolved");
}

#[test]
fn words_of_a_ticket_keep_a_talk_alive() {
    let mut talk = Talk::new(Locale::Zh);
    talk.says("发票怎么开");
    talk.later(20 * HOUR_MS);
    let ticket = rapport_model::TicketId(uuid::Uuid::from_u128(5));
    let moved = Input::TicketMoved { ticket, number: 1, title: "t".to_owned(), stage: TicketStage::Done, note: String::new(), path: String::new() };
    talk.does(&moved).expect("fine");
    let due = talk.timers["bot_idle"].1;
    assert_eq!(due, talk.now.plus_ms(DAY_MS));
}

#[test]
fn looks_at_the_queue_become_rarer_and_never_end() {
    let mut talk = Talk::new(Locale::Zh);
    talk.roster.clear();
    talk.says("转人工");
    let mut gaps = Vec::new();
    for _ in 0..12 {
        let before = talk.now;
        talk.fires("queue_check");
        gaps.push(talk.now.since_ms(before) / MINUTE_MS);
    }
    assert_eq!(gaps[0], 1);
    assert!(gaps.windows(2).all(|pair| pair[0] <= pair[1]), "{gaps:?}");
    assert!(gaps.iter().all(|it| *it <= 15), "{gaps:?}");
    assert!(talk.timers.contains_key("queue_check"));
}

/// After each decision of a long talk, what waits has the timer that ends the wait.
#[test]
fn every_waiting_status_has_its_timer() {
    let mut talk = Talk::new(Locale::Zh);
    let check = |talk: &Talk| {
        let slot = match talk.status() {
            Status::Bot => Some("bot_idle"),
            Status::Queued => Some("queue_check"),
            Status::Offered { .. } => Some("offer_expires"),
            Status::Snoozed { .. } => Some("snooze_ends"),
            Status::Assigned { .. } | Status::Resolved { .. } => None,
        };
        let there: Vec<_> = talk.timers.keys().copied().filter(|it| *it != "rating_reminder").collect();
        assert_eq!(there, slot.into_iter().collect::<Vec<_>>(), "{:?}", talk.status());
    };
    talk.says("发票怎么开");
    check(&talk);
    talk.says("转人工");
    check(&talk);
    talk.member(LIN, MemberAction::DeclineOffer);
    check(&talk);
    talk.fires("offer_expires");
    check(&talk);
    talk.asks(CustomerAction::LeaveQueue);
    check(&talk);
    talk.asks(CustomerAction::RequestPerson);
    talk.member(LIN, MemberAction::Take);
    check(&talk);
    talk.member(LIN, MemberAction::Snooze { until: talk.now.plus_ms(HOUR_MS) });
    check(&talk);
    talk.fires("snooze_ends");
    talk.member(LIN, MemberAction::Assign { to: None });
    check(&talk);
    talk.asks(CustomerAction::End);
    check(&talk);
    talk.says("还有一件事");
    check(&talk);
}
