//! A rating is asked for once, reminded of once, and taken whenever it comes.

use rapport_model::{CustomerAction, DAY_MS, Input, Locale, MemberAction, TimerKind};

use crate::talk::{LIN, Talk};

fn served(locale: Locale) -> Talk {
    let mut talk = Talk::new(locale);
    talk.says(if locale == Locale::Zh { "转人工" } else { "talk to a human please" });
    talk.member(LIN, MemberAction::AcceptOffer);
    talk.replies(LIN, "好");
    talk
}

fn rate(score: u8) -> CustomerAction {
    CustomerAction::Rate { score, comment: String::new() }
}

#[test]
fn asked_on_resolving_reminded_after_a_day_and_never_again() {
    for (locale, asked, reminded, thanked) in [
        (Locale::Zh, "请为本次服务评个分", "还没有收到您对上次服务的评价", "感谢您的评价"),
        (Locale::En, "Please rate this conversation", "A quick reminder", "Thank you for your rating"),
    ] {
        let mut talk = served(locale);
        assert_eq!(talk.member(LIN, MemberAction::Resolve), "林夏 resolved, system rating_requested, system says rating_request");
        assert!(talk.last_said().contains(asked), "{}", talk.last_said());
        let resolved = talk.now;
        assert_eq!(talk.fires("rating_reminder"), "system rating_reminded, system says rating_request");
        assert_eq!(talk.now.since_ms(resolved), DAY_MS);
        assert!(talk.last_said().contains(reminded), "{}", talk.last_said());
        assert_eq!(talk.does(&Input::TimerFired { timer: TimerKind::RatingReminder }).expect("fine"), "");
        assert_eq!(talk.asks(rate(4)), "customer rated, system says text");
        assert!(talk.last_said().contains(thanked), "{}", talk.last_said());
        assert_eq!(talk.asks(rate(4)), "", "the same once more changes nothing");
        assert_eq!(talk.asks(rate(5)), "customer rated");
        assert_eq!(talk.state().csat.score, Some(5));
    }
}

#[test]
fn not_asked_where_it_would_annoy() {
    let mut rated_early = served(Locale::Zh);
    rated_early.member(LIN, MemberAction::Resolve);
    rated_early.asks(rate(5));
    assert!(!rated_early.timers.contains_key("rating_reminder"), "whoever rated is not reminded");
    rated_early.says("还有一件事");
    assert_eq!(rated_early.member(LIN, MemberAction::Resolve), "林夏 resolved", "nor asked again");
    let mut off = served(Locale::Zh);
    off.inbox.csat = false;
    assert_eq!(off.member(LIN, MemberAction::Resolve), "林夏 resolved");
    // Nobody did anything for them.
    let mut silent = Talk::new(Locale::Zh);
    silent.inbox.bot = false;
    silent.roster.clear();
    silent.says("在吗");
    assert_eq!(silent.asks(CustomerAction::End), "customer resolved");
}

#[test]
fn reopening_takes_the_reminder_back() {
    let mut talk = served(Locale::Zh);
    talk.member(LIN, MemberAction::Resolve);
    talk.says("等等，还有问题");
    assert!(!talk.timers.contains_key("rating_reminder"));
    assert_eq!(talk.does(&Input::TimerFired { timer: TimerKind::RatingReminder }).expect("fine"), "");
}

#[test]
fn scores_are_one_to_five() {
    let mut talk = served(Locale::Zh);
    talk.member(LIN, MemberAction::Resolve);
    for score in [0, 6, 255] {
        let refused = talk.does(&Input::Customer { action: rate(score) }).expect_err("out of range");
        assert_eq!(refused.kind.code, "input.bad_field");
    }
}
