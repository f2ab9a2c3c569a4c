//! Every status against every input: what becomes of the conversation. One table, read by people.



use rapport_model::{
    ChoiceId, Content, CustomerAction, HOUR_MS, Input, Locale, MemberAction, Message, MessageId, Presence, Status, TimerKind,
};
use crate::talk::{LIN, Talk, ZHOU};

const STATUSES: [&str; 6] = ["bot", "queued", "offered", "assigned", "snoozed", "resolved"];

/// A talk that stands at a status. Offered to, assigned to, put aside by and resolved by 林夏.
fn at(status: &str) -> Talk {
    let mut talk = Talk::new(Locale::Zh);
    if status == "queued" {
        talk.roster.clear();
    }
    talk.says("我的包裹好像丢了");
    if status == "bot" {
        return talk;
    }
    talk.asks(CustomerAction::RequestPerson);
    if status == "queued" {
        talk.roster = Talk::new(Locale::Zh).roster;
    } else if status != "offered" {
        talk.member(LIN, MemberAction::AcceptOffer);
        talk.replies(LIN, "您好");
        match status {
            "snoozed" => drop(talk.member(LIN, MemberAction::Snooze { until: talk.now.plus_ms(HOUR_MS) })),
            "resolved" => drop(talk.member(LIN, MemberAction::Resolve)),
            _assigned => {}
        }
    }
    assert_eq!(talk.status().name(), status);
    talk
}

fn input(name: &str, talk: &Talk) -> Input {
    let text = |text: &str| Content::Text { text: text.to_owned() };
    let message = |said: &str| Message { id: MessageId(uuid::Uuid::from_u128(9)), client_id: Some("x".to_owned()), content: text(said) };
    let member = |by, action| Input::Member { by, action };
    match name {
        "customer asks" => Input::CustomerMessage { message: message("发票怎么开") },
        "customer says 转人工" => Input::CustomerMessage { message: message("转人工") },
        "customer thanks" => Input::CustomerMessage { message: message("谢谢") },
        "presses for a person" => Input::Customer { action: CustomerAction::Choose { choice: ChoiceId::RequestPerson } },
        "leaves the queue" => Input::Customer { action: CustomerAction::LeaveQueue },
        "rates 5" => Input::Customer { action: CustomerAction::Rate { score: 5, comment: String::new() } },
        "ends" => Input::Customer { action: CustomerAction::End },
        "林夏 answers" => member(LIN, MemberAction::Send { content: text("好") }),
        "周远 answers" => member(ZHOU, MemberAction::Send { content: text("好") }),
        "周远 notes" => member(ZHOU, MemberAction::Note { text: "注意".to_owned(), mentions: Vec::new() }),
        "林夏 accepts" => member(LIN, MemberAction::AcceptOffer),
        "周远 accepts" => member(ZHOU, MemberAction::AcceptOffer),
        "林夏 declines" => member(LIN, MemberAction::DeclineOffer),
        "周远 takes" => member(ZHOU, MemberAction::Take),
        "林夏 gives to 周远" => member(LIN, MemberAction::Assign { to: Some(ZHOU) }),
        "林夏 puts back" => member(LIN, MemberAction::Assign { to: None }),
        "林夏 snoozes" => member(LIN, MemberAction::Snooze { until: talk.now.plus_ms(2 * HOUR_MS) }),
        "林夏 wakes" => member(LIN, MemberAction::Wake),
        "林夏 resolves" => member(LIN, MemberAction::Resolve),
        "周远 reopens" => member(ZHOU, MemberAction::Reopen),
        "林夏 returns to bot" => member(LIN, MemberAction::ReturnToBot),
        "林夏 is gone" => Input::MemberLeft { member: LIN },
        "offer expires" => Input::TimerFired { timer: TimerKind::OfferExpires { to: LIN } },
        "snooze ends" => Input::TimerFired { timer: TimerKind::SnoozeEnds },
        "queue check" => Input::TimerFired { timer: TimerKind::QueueCheck },
        "bot idle" => Input::TimerFired { timer: TimerKind::BotIdle },
        "rating reminder" => Input::TimerFired { timer: TimerKind::RatingReminder },
        "route" => Input::Route,
        other => panic!("{other}"),
    }
}

fn outcome(status: &str, name: &str) -> String {
    let mut talk = at(status);
    // Timers fire when they are due, and void when they come early: tests/timers.rs.
    let timers = ["offer expires", "snooze ends", "bot idle", "rating reminder", "queue check"];
    if timers.contains(&name) {
        talk.later(25 * HOUR_MS);
    }
    if name == "林夏 is gone" {
        talk.roster[0].presence = Presence::Offline;
    }
    let before = talk.status();
    match talk.does(&input(name, &talk)) {
        Err(fault) => format!("! {}", fault.kind.code.rsplit('.').next().unwrap()),
        Ok(events) if events.is_empty() => "-".to_owned(),
        Ok(_) if talk.status() == before => "=".to_owned(),
        Ok(_) => match talk.status() {
            Status::Offered { to, .. } | Status::Assigned { to, .. } => format!("{} {}", talk.status().name(), if to == LIN { "林夏" } else { "周远" }),
            Status::Bot | Status::Queued | Status::Snoozed { .. } | Status::Resolved { .. } => talk.status().name().to_owned(),
        },
    }
}

/// `=`: something happened and the status stays. `-`: nothing changes, with a reason. `!`: refused with this code.
const TABLE: &str = "
                      | bot           | queued        | offered       | assigned      | snoozed       | resolved
customer asks         | =             | =             | =             | =             | assigned 林夏 | assigned 林夏
customer says 转人工  | offered 林夏  | =             | =             | =             | assigned 林夏 | assigned 林夏
customer thanks       | =             | =             | =             | =             | =             | =
presses for a person  | offered 林夏  | -             | -             | -             | assigned 林夏 | assigned 林夏
leaves the queue      | -             | bot           | bot           | -             | -             | -
rates 5               | ! not_ratable | ! not_ratable | ! not_ratable | ! not_ratable | ! not_ratable | =
ends                  | resolved      | resolved      | resolved      | resolved      | resolved      | -
林夏 answers          | assigned 林夏 | assigned 林夏 | assigned 林夏 | =             | =             | ! closed
周远 answers          | assigned 周远 | assigned 周远 | assigned 周远 | ! not_assigned| ! not_assigned| ! closed
周远 notes            | =             | =             | =             | =             | =             | =
林夏 accepts          | ! offer_gone  | ! offer_gone  | assigned 林夏 | -             | ! offer_gone  | ! offer_gone
周远 accepts          | ! offer_gone  | ! offer_gone  | ! offer_gone  | ! offer_gone  | ! offer_gone  | ! offer_gone
林夏 declines         | -             | -             | offered 周远  | -             | -             | -
周远 takes            | assigned 周远 | assigned 周远 | assigned 周远 | assigned 周远 | assigned 周远 | assigned 周远
林夏 gives to 周远    | assigned 周远 | assigned 周远 | assigned 周远 | assigned 周远 | assigned 周远 | assigned 周远
林夏 puts back        | offered 林夏  | -             | -             | offered 周远  | offered 周远  | ! closed
林夏 snoozes          | snoozed       | snoozed       | snoozed       | snoozed       | snoozed       | ! closed
林夏 wakes            | -             | -             | -             | -             | assigned 林夏 | -
林夏 resolves         | resolved      | resolved      | resolved      | resolved      | resolved      | -
周远 reopens          | -             | -             | -             | -             | -             | assigned 周远
林夏 returns to bot   | -             | bot           | bot           | bot           | bot           | ! closed
林夏 is gone          | -             | -             | offered 周远  | -             | -             | -
offer expires         | -             | -             | offered 周远  | -             | -             | -
snooze ends           | -             | -             | -             | -             | assigned 林夏 | -
queue check           | -             | offered 林夏  | -             | -             | -             | -
bot idle              | resolved      | -             | -             | -             | -             | -
rating reminder       | -             | -             | -             | -             | -             | =
route                 | -             | offered 林夏  | -             | -             | -             | -
";

#[test]
fn every_status_against_every_input() {
    let mut shown: String = TABLE.lines().take(2).map(|it| format!("{it}\n")).collect();
    for line in TABLE.lines().skip(2).filter(|it| !it.trim().is_empty()) {
        let name = line.split('|').next().unwrap().trim();
        let cells: Vec<String> = STATUSES.iter().map(|it| format!("{:<14}", outcome(it, name))).collect();
        shown.push_str(format!("{name:<22}| {}", cells.join("| ")).trim_end());
        shown.push('\n');
    }
    let squeezed = |text: &str| text.lines().map(|it| it.split('|').map(str::trim).collect::<Vec<_>>().join("|")).collect::<Vec<_>>();
    assert_eq!(squeezed(&shown), squeezed(TABLE), "{shown}");
}
