//! What customers are told about business hours, in their language, and what the reasons say.

use rapport_model::{Locale, Presence};

use crate::talk::{Talk, shanghai};

/// The words after asking for a person at a moment, with nobody or somebody at a desk.
fn told(locale: Locale, moment: &str, somebody: bool) -> String {
    let mut talk = Talk::new(locale).with_hours();
    talk.now = shanghai(moment);
    talk.contact.email = Some("c@example.org".to_owned());
    if !somebody {
        talk.roster.iter_mut().for_each(|it| it.presence = Presence::Offline);
    }
    talk.says(if locale == Locale::Zh { "转人工" } else { "talk to a human please" });
    talk.last_said().to_owned()
}

#[test]
fn closed_hours_name_the_next_opening() {
    let check = |moment: &str, zh: &str, en: &str| {
        let (in_zh, in_en) = (told(Locale::Zh, moment, false), told(Locale::En, moment, false));
        assert!(in_zh.contains(zh), "{moment}: {in_zh}");
        assert!(in_en.contains(en), "{moment}: {in_en}");
    };
    check("2026-06-10 08:30", "今天 09:00开始服务", "back today at 09:00");
    check("2026-06-10 20:00", "明天 09:00开始服务", "back tomorrow at 09:00");
    check("2026-06-12 18:00", "6月15日（周一）09:00开始服务", "back Mon, 15 Jun, 09:00");
    // A holiday is named; the weekend worked in exchange is a working day.
    check("2026-10-01 10:00", "现在是国庆节假期，人工客服10月8日（周四）09:00恢复服务", "away for National Day and back Thu, 8 Oct, 09:00");
    check("2026-09-30 19:00", "10月8日（周四）09:00开始服务", "back Thu, 8 Oct, 09:00");
    check("2026-09-19 10:00", "明天 09:00开始服务", "back tomorrow at 09:00");
    check("2026-10-09 19:00", "明天 09:00开始服务", "back tomorrow at 09:00");
    check("2026-02-14 18:30", "2月24日（周二）09:00开始服务", "back Tue, 24 Feb, 09:00");
    check("2025-10-03 10:00", "国庆节、中秋节假期，人工客服10月9日（周四）09:00恢复服务", "away for National Day and Mid-Autumn Festival and back Thu, 9 Oct, 09:00");
    // In a year without a notice: what the law fixes, and the week.
    check("2031-10-01 10:00", "国庆节假期，人工客服10月6日（周一）09:00恢复服务", "away for National Day and back Mon, 6 Oct, 09:00");
}

#[test]
fn within_the_hours_and_with_somebody_there_it_is_place_and_wait() {
    assert_eq!(told(Locale::Zh, "2026-06-10 10:00", true), "正在为您转接人工客服，您排在第 1 位，预计等待不到 1 分钟。");
    assert_eq!(told(Locale::En, "2026-06-10 10:00", true), "Connecting you to a person: you are number 1 in the queue, the wait is under a minute.");
    assert_eq!(told(Locale::Zh, "2026-06-10 10:00", false), "目前客服都不在线，您排在第 1 位，有人上线会马上接待您。");
    // Somebody who works late serves late.
    assert!(told(Locale::Zh, "2026-06-10 20:00", true).contains("排在第 1 位"));
    assert!(told(Locale::Zh, "2026-10-10 10:00", false).contains("目前客服都不在线"), "a working Saturday");
}

#[test]
fn who_cannot_be_reached_is_asked_for_an_address() {
    let mut talk = Talk::new(Locale::Zh).with_hours();
    talk.now = shanghai("2026-06-10 20:00");
    talk.roster.clear();
    talk.says("转人工");
    assert!(talk.last_said().contains("留下手机号或邮箱"), "{}", talk.last_said());
}

#[test]
fn the_queue_is_looked_at_when_the_hours_begin() {
    let mut talk = Talk::new(Locale::Zh).with_hours();
    talk.now = shanghai("2026-10-01 10:00");
    talk.roster.iter_mut().for_each(|it| it.presence = Presence::Offline);
    talk.says("转人工");
    assert!(talk.reasons.contains(&"hours.closed".to_owned()) && talk.reasons.contains(&"hours.holiday".to_owned()), "{:?}", talk.reasons);
    assert_eq!(talk.timers["queue_check"].1, shanghai("2026-10-08 09:00"));
    talk.roster.iter_mut().for_each(|it| it.presence = Presence::Online);
    assert!(talk.fires("queue_check").contains("offers to"));
    assert!(talk.reasons.contains(&"hours.open".to_owned()));
}

#[test]
fn a_year_without_a_notice_is_said_to_be_one() {
    let mut talk = Talk::new(Locale::Zh).with_hours();
    talk.now = shanghai("2031-01-23 10:00");
    talk.says("转人工");
    assert!(talk.reasons.contains(&"hours.year_unannounced".to_owned()), "{:?}", talk.reasons);
}
