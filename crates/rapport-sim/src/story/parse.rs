//! The language of stories: one step a line, words in a fixed order, texts in quotes (stories/README.md).

use chrono::{NaiveDateTime, TimeZone as _};
use rapport_model::{CareAct, DAY_MS, HOUR_MS, Locale, MINUTE_MS, Priority, RoutingMode, SECOND_MS, SpendingState, TicketStage, Timestamp};

use super::step::{AgentAct, AtDesk, CustomerAct, Expect, Hours, Line, Setup, Step, Story, Time};

/// A line that is not understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {why}: {text}")]
pub struct BadLine {
    pub line: usize,
    pub text: String,
    pub why: String,
}

/// Reads a story. Empty lines and lines that begin with `#` are for people.
pub fn parse(source: &str) -> Result<Story, BadLine> {
    let mut story = Story { title: String::new(), rows: Vec::new(), steps: Vec::new() };
    for (index, text) in source.lines().enumerate() {
        let text = text.trim();
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        let bad = |why: String| BadLine { line: index + 1, text: text.to_owned(), why };
        let words = words(text).map_err(bad)?;
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        if let ["story", title, rest @ ..] = words.as_slice() {
            story.title = quoted(title).map_err(bad)?;
            story.rows = rest.iter().skip(1).map(|it| (*it).to_owned()).collect();
            continue;
        }
        let step = step(&words).map_err(bad)?;
        story.steps.push((Line { number: index + 1, text: text.to_owned() }, step));
    }
    if story.title.is_empty() {
        return Err(BadLine { line: 1, text: String::new(), why: "a story begins with: story \"title\" rows A3 …".to_owned() });
    }
    Ok(story)
}

/// Words and quoted texts; a quoted text keeps a leading `"` as its mark.
fn words(line: &str) -> Result<Vec<String>, String> {
    let mut words = Vec::new();
    let mut chars = line.chars().peekable();
    while let Some(first) = chars.next() {
        let mut word = String::new();
        if first == '"' {
            word.push('"');
            loop {
                match chars.next() {
                    Some('"') => break,
                    Some('\\') => word.extend(chars.next().map(|it| if it == 'n' { '\n' } else { it })),
                    Some(it) => word.push(it),
                    None => return Err("a quote is not closed".to_owned()),
                }
            }
        } else if first.is_whitespace() || first == ',' {
            continue;
        } else {
            word.push(first);
            while let Some(next) = chars.next_if(|it| !it.is_whitespace() && *it != ',') {
                word.push(next);
            }
        }
        words.push(word);
    }
    Ok(words)
}

fn quoted(word: &str) -> Result<String, String> {
    word.strip_prefix('"').map(str::to_owned).ok_or_else(|| format!("`{word}` must be in quotes"))
}

fn step(words: &[&str]) -> Result<Step, String> {
    match words {
        ["shop", rest @ ..] => setup(rest).map(Step::Setup),
        ["agent", name, "works", "here", rest @ ..] => works_here(name, rest).map(Step::Setup),
        ["at", rest @ ..] => Ok(Step::Time(Time::At(moment(rest)?))),
        ["after", rest @ ..] => Ok(Step::Time(Time::After { ms: duration(rest)? })),
        ["server", "is", "killed"] => Ok(Step::ServerIsKilled),
        ["customer", name, rest @ ..] => Ok(Step::Customer { customer: (*name).to_owned(), act: customer(rest)? }),
        ["agent", name, "hears", text, "from", customer] => at_desk(name, customer, AtDesk::Hears { text: quoted(text)? }),
        ["agent", name, "gets", "picture", file, "from", customer] => at_desk(name, customer, AtDesk::GetsPicture { name: quoted(file)? }),
        ["agent", name, "gets", "file", file, "from", customer] => at_desk(name, customer, AtDesk::GetsFile { name: quoted(file)? }),
        ["agent", name, "sees", customer, "typing"] => at_desk(name, customer, AtDesk::SeesTyping),
        ["agent", name, rest @ ..] => Ok(Step::Agent { agent: (*name).to_owned(), act: agent(rest)? }),
        ["bot", "answers", name, "citing", source] => expect(name, Expect::AnsweredFrom { source: quoted(source)? }),
        ["bot", "does", "not", "know", "for", name] => expect(name, Expect::NotKnown),
        ["ticket", "page", "of", name, "shows", stage] => expect(name, Expect::TicketPage { stage: ticket_stage(stage)?, note: None }),
        ["ticket", "page", "of", name, "shows", stage, note] => expect(name, Expect::TicketPage { stage: ticket_stage(stage)?, note: Some(quoted(note)?) }),
        [name, rest @ ..] => expect(name, expectation(rest)?),
        [] => Err("nothing here".to_owned()),
    }
}

fn expect(name: &str, what: Expect) -> Result<Step, String> {
    Ok(Step::Expect { customer: name.to_owned(), what })
}

fn at_desk(agent: &str, customer: &str, what: AtDesk) -> Result<Step, String> {
    Ok(Step::ExpectAtDesk { agent: agent.to_owned(), customer: customer.to_owned(), what })
}

fn expectation(words: &[&str]) -> Result<Expect, String> {
    Ok(match words {
        ["hears", text] => Expect::Hears { text: quoted(text)? },
        ["never", "heard", text] => Expect::NeverHeard { text: quoted(text)? },
        ["gets", "picture", name] => Expect::GetsPicture { name: quoted(name)? },
        ["gets", "file", name] => Expect::GetsFile { name: quoted(name)? },
        ["sees", agent, "typing"] => Expect::SeesTyping { agent: (*agent).to_owned() },
        ["waits", "at", "position", position] => Expect::WaitsAt { position: number(position)?, with_estimate: None },
        ["waits", "at", "position", position, "with", "an", "estimate"] => Expect::WaitsAt { position: number(position)?, with_estimate: Some(true) },
        ["waits", "at", "position", position, "without", "an", "estimate"] => Expect::WaitsAt { position: number(position)?, with_estimate: Some(false) },
        ["is", "offered", "to", agent] => Expect::OfferedTo { agent: (*agent).to_owned(), summary: None },
        ["is", "offered", "to", agent, "with", "summary", text] => Expect::OfferedTo { agent: (*agent).to_owned(), summary: Some(quoted(text)?) },
        ["is", "assigned", "to", agent] => Expect::AssignedTo { agent: (*agent).to_owned() },
        ["is", "with", "the", "bot"] => Expect::WithBot,
        ["is", "queued"] => Expect::Queued,
        ["is", "resolved"] => Expect::Resolved,
        ["is", "snoozed"] => Expect::Snoozed,
        ["was", "asked", "to", "rate", times, "times" | "time"] => Expect::AskedToRate { times: number(times)? },
        ["rated", score] => Expect::Rated { score: number(score)? },
        ["gets", "ticket", title] => Expect::GetsTicket { title: quoted(title)? },
        ["has", text, "once"] => Expect::Has { times: 1, text: quoted(text)? },
        ["has", text, times, "times"] => Expect::Has { times: number(times)?, text: quoted(text)? },
        ["is", "cared", "for", "by", act] => Expect::CaredFor { act: care_act(act)? },
        ["is", "not", "cared", "for"] => Expect::NotCaredFor,
        ["has", "priority", to] => Expect::HasPriority { priority: serde_json::from_value(serde_json::Value::from(*to)).map_err(|_unknown| format!("`{to}` is no priority"))? },
        ["has", "compensation", state] => Expect::CompensationIs { state: SpendingState::from_name(state).ok_or_else(|| format!("`{state}` is no state of a compensation"))? },
        ["has", "read", "everything"] => Expect::ReadEverything,
        ["was", "read", "by", "agents"] => Expect::ReadByAgents,
        _not_in_the_language => return Err("not understood".to_owned()),
    })
}

fn care_act(word: &str) -> Result<CareAct, String> {
    CareAct::ALL.into_iter().find(|it| it.name() == word).ok_or_else(|| format!("`{word}` is no act of care"))
}

fn setup(words: &[&str]) -> Result<Setup, String> {
    match words {
        ["hours", days, span, zone, rest @ ..] => hours(days, span, zone, rest).map(Setup::Hours),
        ["routing", "offer", seconds, "s"] => Ok(Setup::Routing { mode: RoutingMode::Offer, offer_timeout_s: number(seconds)? }),
        ["routing", "assign"] => Ok(Setup::Routing { mode: RoutingMode::Assign, offer_timeout_s: 30 }),
        ["routing", "manual"] => Ok(Setup::Routing { mode: RoutingMode::Manual, offer_timeout_s: 30 }),
        ["ratings", on] => Ok(Setup::Ratings { on: on_off(on)? }),
        ["bot", on] => Ok(Setup::Bot { on: on_off(on)? }),
        ["notices", "feelings", on] => Ok(Setup::NoticesFeelings { on: on_off(on)? }),
        _not_in_the_language => Err("shop hours | routing | ratings | bot | notices feelings".to_owned()),
    }
}

fn works_here(name: &str, words: &[&str]) -> Result<Setup, String> {
    let name = name.to_owned();
    match words {
        [] => Ok(Setup::Agent { name, capacity: 4, skills: Vec::new() }),
        ["with", "capacity", capacity] => Ok(Setup::Agent { name, capacity: number(capacity)?, skills: Vec::new() }),
        ["with", "capacity", capacity, "and", "skills", skills @ ..] => {
            Ok(Setup::Agent { name, capacity: number(capacity)?, skills: skills.iter().map(|it| (*it).to_owned()).collect() })
        }
        _not_in_the_language => Err("agent NAME works here [with capacity N [and skills …]]".to_owned()),
    }
}

fn customer(words: &[&str]) -> Result<CustomerAct, String> {
    Ok(match words {
        ["opens", "shop", "in", tag] => CustomerAct::Opens { locale: Locale::from_tag(tag) },
        ["says", text] => CustomerAct::Says { text: quoted(text)? },
        ["starts", "anew", text] => CustomerAct::StartsAnew { text: quoted(text)? },
        ["types"] => CustomerAct::Types,
        ["agrees", "that", "feelings", "are", "noticed"] => CustomerAct::Agrees,
        ["takes", "consent", "back"] => CustomerAct::TakesConsentBack,
        ["accepts", "the", "compensation"] => CustomerAct::AcceptsCompensation,
        ["sends", "picture", name] => CustomerAct::SendsPicture { name: quoted(name)? },
        ["sends", "file", name] => CustomerAct::SendsFile { name: quoted(name)? },
        ["asks", "for", "a", "person"] => CustomerAct::AsksForPerson,
        ["leaves", "the", "queue"] => CustomerAct::LeavesQueue,
        ["presses", label] => CustomerAct::Presses { label: quoted(label)? },
        ["rates", score] => CustomerAct::Rates { score: number(score)?, comment: String::new() },
        ["rates", score, comment] => CustomerAct::Rates { score: number(score)?, comment: quoted(comment)? },
        ["gives", field, value] => CustomerAct::Gives { field: (*field).to_owned(), value: quoted(value)? },
        ["reads"] => CustomerAct::Reads,
        ["ends"] => CustomerAct::Ends,
        ["goes", "offline"] => CustomerAct::GoesOffline,
        ["comes", "back"] => CustomerAct::ComesBack,
        _not_in_the_language => return Err("not something a customer does".to_owned()),
    })
}

fn agent(words: &[&str]) -> Result<AgentAct, String> {
    let of = |name: &&str| (*name).to_owned();
    Ok(match words {
        ["comes", "online"] => AgentAct::ComesOnline,
        ["goes", "away"] => AgentAct::GoesAway,
        ["goes", "offline"] => AgentAct::GoesOffline,
        ["accepts", name] => AgentAct::Accepts { customer: of(name) },
        ["declines", name] => AgentAct::Declines { customer: of(name) },
        ["takes", name] => AgentAct::Takes { customer: of(name) },
        ["types", "to", name] => AgentAct::TypesTo { customer: of(name) },
        ["says", "to", name, text] => AgentAct::Says { customer: of(name), text: quoted(text)? },
        ["sends", "picture", file, "to", name] => AgentAct::SendsPicture { customer: of(name), name: quoted(file)? },
        ["sends", "file", file, "to", name] => AgentAct::SendsFile { customer: of(name), name: quoted(file)? },
        ["notes", "on", name, text] => AgentAct::Notes { customer: of(name), text: quoted(text)? },
        ["reads", name] => AgentAct::Reads { customer: of(name) },
        ["snoozes", name, "for", rest @ ..] => AgentAct::SnoozesFor { customer: of(name), ms: duration(rest)? },
        ["snoozes", name, "until", rest @ ..] => AgentAct::SnoozesUntil { customer: of(name), until: moment(rest)? },
        ["wakes", name] => AgentAct::Wakes { customer: of(name) },
        ["resolves", name] => AgentAct::Resolves { customer: of(name) },
        ["reopens", name] => AgentAct::Reopens { customer: of(name) },
        ["gives", name, "to", to] => AgentAct::Gives { customer: of(name), to: of(to) },
        ["puts", "back", name] => AgentAct::PutsBack { customer: of(name) },
        ["returns", name, "to", "the", "bot"] => AgentAct::ReturnsToBot { customer: of(name) },
        ["sets", "priority", "of", name, "to", level] => AgentAct::SetsPriority { customer: of(name), priority: priority(level)? },
        ["makes", "ticket", title, "for", name] => AgentAct::MakesTicket { customer: of(name), title: quoted(title)? },
        ["moves", "ticket", "of", name, "to", stage] => {
            AgentAct::MovesTicket { customer: of(name), stage: ticket_stage(stage)?, note: String::new() }
        }
        ["moves", "ticket", "of", name, "to", stage, note] => {
            AgentAct::MovesTicket { customer: of(name), stage: ticket_stage(stage)?, note: quoted(note)? }
        }
        _not_in_the_language => return Err("not something an agent does".to_owned()),
    })
}

fn number<T: std::str::FromStr>(word: &str) -> Result<T, String> {
    word.parse().map_err(|_not_a_number| format!("`{word}` must be a number"))
}

fn on_off(word: &str) -> Result<bool, String> {
    match word {
        "on" => Ok(true),
        "off" => Ok(false),
        other => Err(format!("`{other}` must be on or off")),
    }
}

fn ticket_stage(word: &str) -> Result<TicketStage, String> {
    use TicketStage::{Cancelled, Done, InProgress, Received, WaitingForCustomer};
    let found = [Received, InProgress, WaitingForCustomer, Done, Cancelled].into_iter().find(|it| it.name() == word);
    found.ok_or_else(|| format!("`{word}` is no stage of a ticket"))
}

fn priority(word: &str) -> Result<Priority, String> {
    match word {
        "low" => Ok(Priority::Low),
        "normal" => Ok(Priority::Normal),
        "high" => Ok(Priority::High),
        "urgent" => Ok(Priority::Urgent),
        other => Err(format!("`{other}` is no priority")),
    }
}

fn duration(words: &[&str]) -> Result<i64, String> {
    let [count, unit] = words else { return Err("a time such as `3 days`".to_owned()) };
    let unit_ms = match *unit {
        "s" | "second" | "seconds" => SECOND_MS,
        "minute" | "minutes" => MINUTE_MS,
        "hour" | "hours" => HOUR_MS,
        "day" | "days" => DAY_MS,
        other => return Err(format!("`{other}` is no unit of time")),
    };
    Ok(number::<i64>(count)?.saturating_mul(unit_ms))
}

/// `2026-10-01 09:00 Asia/Shanghai`.
fn moment(words: &[&str]) -> Result<Timestamp, String> {
    let [date, clock, zone] = words else { return Err("a moment such as `2026-10-01 09:00 Asia/Shanghai`".to_owned()) };
    let zone: chrono_tz::Tz = zone.parse().map_err(|_unknown| format!("`{zone}` is no time zone"))?;
    let naive = NaiveDateTime::parse_from_str(&format!("{date} {clock}"), "%Y-%m-%d %H:%M").map_err(|error| error.to_string())?;
    let local = zone.from_local_datetime(&naive).earliest().ok_or_else(|| "there is no such moment in that zone".to_owned())?;
    Ok(Timestamp(local.timestamp_millis()))
}

fn hours(days: &str, span: &str, zone: &str, rest: &[&str]) -> Result<Hours, String> {
    const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let day = |word: &str| DAYS.iter().position(|it| *it == word).ok_or_else(|| format!("`{word}` is no day"));
    let minute = |word: &str| -> Result<u16, String> {
        let (hours, minutes) = word.split_once(':').ok_or_else(|| format!("`{word}` must be like 09:00"))?;
        Ok(number::<u16>(hours)?.saturating_mul(60).saturating_add(number(minutes)?))
    };
    let (first, last) = days.split_once('-').unwrap_or((days, days));
    let (start, end) = span.split_once('-').ok_or_else(|| "hours such as 09:00-18:00".to_owned())?;
    let holidays = match rest {
        [] => None,
        ["holidays", country] => Some((*country).to_owned()),
        _not_in_the_language => return Err("after the zone: holidays COUNTRY".to_owned()),
    };
    Ok(Hours { first_day: day(first)?, last_day: day(last)?, start: minute(start)?, end: minute(end)?, zone: zone.to_owned(), holidays })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expected: Step) {
        let story = parse(&format!("story \"t\" rows A3\n{line}")).unwrap();
        assert_eq!(story.steps[0].1, expected, "{line}");
    }

    fn refused(line: &str, why: &str) {
        let error = parse(&format!("story \"t\" rows A3\n\n# for people\n{line}")).unwrap_err();
        assert_eq!((error.line, error.why.as_str()), (4, why), "{line}");
    }

    #[test]
    fn steps_are_read() {
        let name = || "小林".to_owned();
        check("customer 小林 opens shop in zh-CN", Step::Customer { customer: name(), act: CustomerAct::Opens { locale: Locale::Zh } });
        check("customer 小林 says \"鞋，\\\"小\\\"了\"", Step::Customer { customer: name(), act: CustomerAct::Says { text: "鞋，\"小\"了".to_owned() } });
        check("bot answers 小林 citing \"换货\"", Step::Expect { customer: name(), what: Expect::AnsweredFrom { source: "换货".to_owned() } });
        check("ticket page of 小林 shows in_progress \"寄出\"", Step::Expect { customer: name(), what: Expect::TicketPage { stage: TicketStage::InProgress, note: Some("寄出".to_owned()) } });
        check("agent 林夏 hears \"在吗\" from 小林", Step::ExpectAtDesk { agent: "林夏".to_owned(), customer: name(), what: AtDesk::Hears { text: "在吗".to_owned() } });
        check("小林 waits at position 2 with an estimate", Step::Expect { customer: name(), what: Expect::WaitsAt { position: 2, with_estimate: Some(true) } });
        check("after 3 days", Step::Time(Time::After { ms: 3 * DAY_MS }));
        check("at 2026-10-01 09:00 Asia/Shanghai", Step::Time(Time::At(Timestamp(1_790_816_400_000))));
        let skills = vec!["returns".to_owned(), "vip".to_owned()];
        check("agent 林夏 works here with capacity 2 and skills returns, vip", Step::Setup(Setup::Agent { name: "林夏".to_owned(), capacity: 2, skills }));
        let hours = Hours { first_day: 0, last_day: 4, start: 540, end: 1080, zone: "Asia/Shanghai".to_owned(), holidays: Some("cn".to_owned()) };
        check("shop hours mon-fri 09:00-18:00 Asia/Shanghai holidays cn", Step::Setup(Setup::Hours(hours)));
    }

    #[test]
    fn what_is_not_understood_is_named_by_line() {
        refused("customer 小林 dances", "not something a customer does");
        refused("customer 小林 says hello", "`hello` must be in quotes");
        refused("customer 小林 says \"hello", "a quote is not closed");
        refused("after 3 moons", "`moons` is no unit of time");
        refused("at 2026-13-01 09:00 Asia/Shanghai", "input is out of range");
        assert!(parse("customer 小林 reads").is_err());
    }
}
