//! Who gets a waiting conversation: skills, team, capacity, language, load, idle time, the familiar agent.

use rapport_model::{
    AgentView, CustomerAction, Event, Input, Locale, MemberAction, MemberId, Presence, Priority, QueueEntry, RoutingMode, Status, TeamId, TimerKind,
    Timestamp,
};
use uuid::Uuid;

use crate::talk::{LIN, Talk, ZHOU, agent};

const TEAM: TeamId = TeamId(Uuid::from_u128(0x77));

/// `name load/capacity [away|offline] [team] [skill …] [idle since N]`, one agent each.
fn roster(text: &str) -> Vec<AgentView> {
    let parsed = text.split(',').map(str::trim).zip([LIN, ZHOU, MemberId(Uuid::from_u128(0xC))]).map(|(line, id)| {
        let mut words = line.split_whitespace();
        let name = words.next().expect("a name");
        let (load, capacity) = words.next().expect("load").split_once('/').expect("load/capacity");
        let mut view = agent(id, name, load.parse().expect("load"), capacity.parse().expect("capacity"));
        for word in words {
            match word {
                "away" => view.presence = Presence::Away,
                "offline" => view.presence = Presence::Offline,
                "team" => view.teams = vec![TEAM],
                other => match other.strip_prefix('@') {
                    Some(time) => view.last_assigned_at = Some(Timestamp(time.parse().expect("time"))),
                    None => view.skills.push(other.to_owned()),
                },
            }
        }
        view
    });
    parsed.collect()
}

/// `wanted`: who is offered it and the reason that decided, or `nobody` with why.
fn check_with(agents: &str, wanted: &str, set: impl FnOnce(&mut Talk)) {
    let mut talk = Talk::new(Locale::Zh);
    talk.roster = roster(agents);
    set(&mut talk);
    talk.says("我的包裹好像丢了");
    talk.asks(CustomerAction::RequestPerson);
    let found = match talk.status() {
        Status::Offered { to, .. } | Status::Assigned { to, .. } => {
            let name = talk.roster.iter().find(|it| it.id == to).map(|it| it.name.clone()).expect("on the roster");
            let reason = talk.reasons.iter().rev().find(|it| it.starts_with("routing.")).expect("a reason");
            format!("{name} {}", reason.trim_start_matches("routing."))
        }
        Status::Bot | Status::Queued | Status::Snoozed { .. } | Status::Resolved { .. } => "nobody".to_owned(),
    };
    assert_eq!(found, wanted, "{agents}");
}

fn check(agents: &str, wanted: &str) {
    check_with(agents, wanted, |_| {});
}

#[test]
fn the_least_loaded_by_share_of_capacity() {
    check("林夏 0/4, 周远 1/4", "林夏 least_loaded");
    check("林夏 2/4, 周远 1/4", "周远 least_loaded");
    check("林夏 2/8, 周远 1/3", "林夏 least_loaded");
    check("林夏 4/8, 周远 2/4", "林夏 idle_longest");
    check("林夏 1/4 @200, 周远 1/4 @100", "周远 idle_longest");
    check("林夏 1/4 @200, 周远 1/4", "周远 idle_longest");
}

#[test]
fn presence_and_capacity() {
    check("林夏 4/4, 周远 3/4", "周远 only_candidate");
    check("林夏 4/4, 周远 4/4", "nobody");
    check("林夏 5/4, 周远 0/4", "周远 only_candidate");
    check("林夏 0/4 away, 周远 3/4", "周远 only_candidate");
    check("林夏 0/4 offline, 周远 0/4 away", "nobody");
    check("林夏 0/0, 周远 3/4", "周远 only_candidate");
}

#[test]
fn skills_and_team_of_the_inbox() {
    let returns = |talk: &mut Talk| talk.inbox.skills = vec!["returns".to_owned()];
    check_with("林夏 0/4, 周远 3/4 returns", "周远 only_candidate", returns);
    check_with("林夏 0/4, 周远 0/4 vip", "nobody", returns);
    let both = |talk: &mut Talk| talk.inbox.skills = vec!["returns".to_owned(), "vip".to_owned()];
    check_with("林夏 0/4 returns, 周远 3/4 vip returns", "周远 only_candidate", both);
    check_with("林夏 0/4, 周远 3/4 team", "周远 only_candidate", |talk| talk.inbox.team = Some(TEAM));
    check_with("林夏 0/4, 周远 0/4", "nobody", |talk| talk.inbox.team = Some(TEAM));
}

#[test]
fn the_customers_language_before_the_load() {
    check("林夏 0/4 lang:en, 周远 3/4 lang:zh", "周远 only_candidate");
    check("林夏 0/4 lang:en lang:zh, 周远 3/4 lang:zh", "林夏 least_loaded");
    check("林夏 0/4 lang:en, 周远 3/4", "周远 only_candidate");
    // Better somebody who speaks another language than nobody.
    check("林夏 0/4 lang:en, 周远 4/4 lang:zh", "林夏 only_candidate");
}

#[test]
fn the_familiar_agent_first_while_there_is_room() {
    let familiar = |agents: &str, set: &dyn Fn(&mut Talk)| {
        let mut talk = Talk::new(Locale::Zh);
        talk.says("转人工");
        talk.member(LIN, MemberAction::AcceptOffer);
        talk.member(LIN, MemberAction::ReturnToBot);
        talk.roster = roster(agents);
        set(&mut talk);
        talk.asks(CustomerAction::RequestPerson);
        let Status::Offered { to, .. } = talk.status() else { panic!("{:?}", talk.status()) };
        if to == LIN { "林夏" } else { "周远" }
    };
    assert_eq!(familiar("林夏 3/4, 周远 0/4", &|_| {}), "林夏");
    assert_eq!(familiar("林夏 4/4, 周远 0/4", &|_| {}), "周远");
    assert_eq!(familiar("林夏 3/4 away, 周远 0/4", &|_| {}), "周远");
    assert_eq!(familiar("林夏 3/4, 周远 0/4", &|talk| talk.inbox.routing.sticky = false), "周远");
}

#[test]
fn a_direct_inbox_assigns_and_a_manual_one_lets_agents_choose() {
    let talk_in = |mode| {
        let mut talk = Talk::new(Locale::En);
        talk.inbox.routing.mode = mode;
        talk.says("talk to a human please");
        talk
    };
    let direct = talk_in(RoutingMode::Assign);
    assert!(matches!(direct.status(), Status::Assigned { .. }));
    assert_eq!(direct.last_said(), "You are connected to a member of our team.");
    let mut manual = talk_in(RoutingMode::Manual);
    assert_eq!(manual.status(), Status::Queued);
    assert!(manual.timers.contains_key("queue_check"), "nobody is forgotten there either");
    assert_eq!(manual.member(ZHOU, MemberAction::Take), "周远 assigns to 周远");
}

#[test]
fn offers_go_round_and_who_passed_is_asked_again_last() {
    let mut talk = Talk::new(Locale::Zh);
    assert!(talk.says("转人工").contains("offers to 林夏"));
    assert_eq!(talk.member(LIN, MemberAction::DeclineOffer), "林夏 offer_declined, system offers to 周远");
    assert_eq!(talk.fires("offer_expires"), "system offer_expired");
    assert_eq!(talk.status(), Status::Queued);
    assert_eq!(talk.does(&Input::Route).expect("fine"), "", "both passed");
    // After a while everybody may be asked again, in the same order.
    assert_eq!(talk.fires("queue_check"), "system queued, system offers to 林夏");
    assert!(talk.reasons.contains(&"routing.asked_again".to_owned()));
    assert_eq!(talk.member(LIN, MemberAction::AcceptOffer), "林夏 assigns to 林夏");
    assert!(!talk.timers.contains_key("offer_expires") && !talk.timers.contains_key("queue_check"));
}

#[test]
fn who_goes_away_loses_the_offer_and_did_not_pass() {
    let mut talk = Talk::new(Locale::Zh);
    talk.says("转人工");
    talk.roster[0].presence = Presence::Offline;
    talk.roster[1].presence = Presence::Away;
    talk.does(&Input::MemberLeft { member: LIN }).expect("fine");
    assert_eq!(talk.status(), Status::Queued);
    talk.roster[0].presence = Presence::Online;
    assert_eq!(talk.does(&Input::Route).expect("fine"), "system offers to 林夏");
}

#[test]
fn what_an_agent_has_stays_theirs_until_they_leave_the_company() {
    let mut talk = Talk::new(Locale::Zh);
    talk.says("转人工");
    talk.member(LIN, MemberAction::AcceptOffer);
    talk.says("我的包裹好像丢了");
    talk.roster[0].presence = Presence::Offline;
    assert_eq!(talk.does(&Input::MemberLeft { member: LIN }).expect("fine"), "");
    talk.roster.remove(0);
    let done = talk.does(&Input::MemberLeft { member: LIN }).expect("fine");
    assert!(done.contains("unassigned") && done.contains("offers to 周远"), "{done}");
    assert!(talk.state().summary.as_ref().expect("a summary").wish.contains("包裹好像丢了"));
    assert!(talk.last_said().contains("正在为您转接"), "{}", talk.last_said());
}

#[test]
fn a_team_that_the_asked_agent_is_not_in_takes_the_offer_back() {
    let mut talk = Talk::new(Locale::Zh);
    talk.says("转人工");
    talk.roster[1].teams = vec![TEAM];
    let done = talk.member(ZHOU, MemberAction::SetTeam { team: Some(TEAM) });
    assert_eq!(done, "周远 team_changed, system offer_expired, system offers to 周远");
}

#[test]
fn the_longest_wait_first_unless_somebody_is_more_urgent() {
    let entry = |n: u128, priority, since: i64| QueueEntry {
        conversation: rapport_model::ConversationId(Uuid::from_u128(n)),
        inbox: rapport_model::InboxId(Uuid::nil()),
        contact: crate::talk::CUSTOMER,
        team: None,
        skills: Vec::new(),
        priority,
        since: Timestamp(since),
        passed: Vec::new(),
        reasons: Vec::new(),
    };
    let mut queue = [entry(1, Priority::Normal, 50), entry(2, Priority::Low, 1), entry(3, Priority::Urgent, 90), entry(4, Priority::Normal, 40), entry(5, Priority::High, 95)];
    queue.sort_by_key(QueueEntry::rank);
    assert_eq!(queue.map(|it| it.conversation.0.as_u128()), [3, 5, 4, 1, 2]);
}

/// One free place and somebody before: whoever comes now does not get it.
#[test]
fn nobody_jumps_the_queue() {
    let mut talk = Talk::new(Locale::Zh);
    talk.roster = roster("林夏 3/4, 周远 4/4");
    let mut first = Talk::new(Locale::Zh);
    first.roster.clear();
    first.says("转人工");
    let mut waiting = first.state().queue.clone().expect("waits");
    waiting.conversation = rapport_model::ConversationId(Uuid::from_u128(0x51));
    waiting.since = Timestamp(0);
    talk.queue = vec![waiting];
    talk.says("转人工");
    assert_eq!(talk.status(), Status::Queued);
    assert!(talk.reasons.contains(&"queue.in_turn".to_owned()), "{:?}", talk.reasons);
    assert!(talk.effects.contains(&rapport_model::Effect::RouteQueue));
    // With a second free place nobody is overtaken.
    let mut talk2 = Talk::new(Locale::Zh);
    talk2.roster = roster("林夏 2/4, 周远 4/4");
    talk2.queue.clone_from(&talk.queue);
    talk2.says("转人工");
    assert!(matches!(talk2.status(), Status::Offered { .. }));
}

#[test]
fn a_freed_agent_makes_the_queue_move() {
    let frees = |action: MemberAction| {
        let mut talk = Talk::new(Locale::Zh);
        talk.says("转人工");
        talk.member(LIN, MemberAction::AcceptOffer);
        talk.member(LIN, action);
        talk.effects.contains(&rapport_model::Effect::RouteQueue)
    };
    let until = crate::talk::shanghai("2026-06-11 10:00");
    assert!(frees(MemberAction::Resolve) && frees(MemberAction::Snooze { until }) && frees(MemberAction::ReturnToBot));
    assert!(frees(MemberAction::Assign { to: Some(ZHOU) }));
    assert!(!frees(MemberAction::SetLabels { labels: vec!["x".to_owned()] }));
}

#[test]
fn the_timer_of_an_offer_that_was_made_anew_is_not_the_old_one() {
    let mut talk = Talk::new(Locale::Zh);
    talk.says("转人工");
    let Some((old, _)) = talk.timers.get("offer_expires").copied() else { panic!("no timer") };
    talk.roster.truncate(1);
    talk.later(29_000);
    talk.member(LIN, MemberAction::DeclineOffer);
    talk.fires("queue_check");
    assert!(matches!(talk.status(), Status::Offered { to: LIN, .. }));
    assert_eq!(old, TimerKind::OfferExpires { to: LIN });
    assert_eq!(talk.does(&Input::TimerFired { timer: old }).expect("fine"), "", "the new offer stands");
    assert!(!matches!(talk.state().queue.as_ref().expect("waits").passed.as_slice(), [LIN]), "nobody passed it yet");
    assert!(matches!(talk.fires("offer_expires").as_str(), "system offer_expired"));
}

/// Events that customers must not see never carry a word of routing to them.
#[test]
fn routing_is_not_for_customers() {
    let offered = Event::Offered { to: LIN, expires_at: Timestamp(0) };
    assert!(!offered.for_customer() && Event::Assigned { to: LIN }.for_customer());
}
