//! Which conversation a mail belongs to: over a hundred cases of what goes wrong elsewhere, each through the whole of reading and deciding.

#![expect(clippy::indexing_slicing, clippy::string_slice, clippy::panic, reason = "the cases are our own")]

use std::collections::{BTreeMap, BTreeSet};

use rapport_wire::mail::kind::{self, Kind};
use rapport_wire::mail::thread::{Authenticity, Desk, Facts, Found, Keys, Known, Placement, Purpose, ReplyForm, Threading, resolve};
use rapport_wire::mail;

const CASES: &str = include_str!("mail/threading.txt");

struct World {
    messages: BTreeMap<String, Found>,
    numbers: BTreeMap<u64, String>,
    conversations: BTreeMap<String, Facts>,
}

impl Known for World {
    fn message(&self, message_id: &str) -> Option<Found> {
        assert!(!message_id.trim().is_empty(), "asked for an empty id");
        self.messages.get(message_id).cloned()
    }
    fn number(&self, number: u64) -> Option<String> {
        self.numbers.get(&number).cloned()
    }
    fn conversation(&self, conversation: &str) -> Option<Facts> {
        self.conversations.get(conversation).cloned()
    }
}

fn world(keys: &Keys) -> World {
    let conversations: &[(&str, u64, &str, &[&str])] = &[
        ("c1", 101, "退款进度", &["li@x.cn"]),
        ("c2", 102, "Broken lamp", &["wu@corp.com", "boss@corp.com"]),
        ("c3", 103, "发票", &["zhang@qq.com"]),
        ("c4", 104, "您的保修到期", &["chen@163.com"]),
        ("c6", 106, "Disk alert", &["alerts@noc.com"]),
        ("c7", 107, "INC0012 printer", &["itsm@servicedesk.com"]),
        ("c8", 108, "Refund", &["ann@icloud.com"]),
        ("c10", 110, "换货", &["li@x.cn"]),
    ];
    let messages = [
        ("in-1@x.cn", "c1"), ("lamp-1@corp.com", "c2"), ("0100018abc-1@email.amazonses.com", "c2"), ("tencent_ABC@qq.com", "c3"), ("root-1@noc.com", "c6"), ("sn-1@servicedesk.com", "c7"),
        ("in-10@x.cn", "c10"), ("gone-1@x.cn", "c9"),
    ];
    let own = [("c1", "m1"), ("c2", "m2"), ("c4", "m4"), ("c8", "m8")];
    let found = |conversation: &str, broadcast: bool| Found { conversation: conversation.to_owned(), broadcast };
    let mut stored: BTreeMap<String, Found> = messages.iter().map(|it| (it.0.to_owned(), found(it.1, false))).collect();
    stored.extend(own.iter().map(|it| (keys.message_id(it.0, it.1, "shop.cn").expect("an id"), found(it.0, false))));
    stored.insert("news-1@shop.cn".to_owned(), found("c5", true));
    let numbers = conversations.iter().map(|it| (it.1, it.0.to_owned())).chain([(109, "c9".to_owned())]).collect();
    let facts = |it: &(&str, u64, &str, &[&str])| Facts { participants: it.3.iter().map(|it| (*it).to_owned()).collect(), subject: it.2.to_owned() };
    World { messages: stored, numbers, conversations: conversations.iter().map(|it| (it.0.to_owned(), facts(it))).collect() }
}

struct Secrets {
    ours: Keys,
    old: Keys,
    other: Keys,
}

fn form(separator: char) -> ReplyForm {
    ReplyForm { local: "reply".to_owned(), domain: "shop.cn".to_owned(), separator: Some(separator) }
}

/// What stands for `{macro:argument}`.
fn macro_value(text: &str, secrets: &Secrets) -> String {
    let (name, argument) = text.split_once(':').unwrap_or((text, ""));
    let address = |keys: &Keys| keys.reply_address(&form('+'), argument).expect("an address");
    let id = |keys: &Keys| argument.split_once('.').and_then(|it| keys.message_id(it.0, it.1, "shop.cn")).expect("an id");
    let signature = |it: &str| it.split('@').next().and_then(|it| it.rsplit('.').next()).expect("a signature").to_owned();
    match name {
        "reply" => address(&secrets.ours),
        "REPLY" => address(&secrets.ours).to_uppercase(),
        "old" => address(&secrets.old),
        "other" => address(&secrets.other),
        "dash" => secrets.ours.reply_address(&form('-'), argument).expect("an address"),
        "evil" => address(&secrets.ours).replace("shop.cn", "evil.cn"),
        "forged" => format!("reply+{argument}.abcdefghijklmnop@shop.cn"),
        "moved" => format!("reply+{argument}.{}@shop.cn", signature(&secrets.ours.reply_address(&form('+'), "c1").expect("an address"))),
        "crossed" => format!("reply+{}@shop.cn", secrets.ours.sealed(Purpose::Message, argument).expect("sealed")),
        "own" => id(&secrets.ours),
        "ownother" => id(&secrets.other),
        "ownforged" => format!("r.{argument}.abcdefghijklmnop@shop.cn"),
        "loop" => secrets.ours.sealed(Purpose::Loop, "shop").expect("sealed"),
        "many" => (0..argument.parse::<usize>().expect("a number")).map(|it| format!("<lost-{it}@x.cn>")).collect::<Vec<_>>().join("\r\n "),
        _ => panic!("no macro {name}"),
    }
}

fn expanded(text: &str, secrets: &Secrets) -> String {
    let mut pieces = text.split('{');
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (inside, after) = piece.split_once('}').expect("a closed macro");
        out.push_str(&macro_value(inside, secrets));
        out.push_str(after);
    }
    out
}

#[derive(Debug, Default)]
struct Case {
    name: String,
    header: Vec<String>,
    fails: bool,
    passes: bool,
    expected: String,
}

fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for line in CASES.lines() {
        if let Some(name) = line.strip_prefix("## ") {
            cases.push(Case { name: name.to_owned(), ..Case::default() });
        } else if let Some(case) = cases.last_mut() {
            match line {
                "%auth fail" => case.fails = true,
                "%auth pass" => case.passes = true,
                "" => {}
                it if it.starts_with("= ") => case.expected = it[2..].to_owned(),
                it => case.header.push(it.to_owned()),
            }
        }
    }
    cases
}

fn bytes(case: &Case, number: usize, secrets: &Secrets) -> Vec<u8> {
    let mut header: Vec<String> = case.header.iter().map(|it| expanded(it, secrets)).collect();
    if !header.iter().any(|it| it.to_lowercase().starts_with("message-id:")) {
        header.push(format!("Message-ID: <new-{number}@test.cn>"));
    }
    header.push("Date: Mon, 2 Nov 2026 10:00:00 +0800".to_owned());
    header.push("Content-Type: text/plain; charset=utf-8".to_owned());
    format!("{}\r\n\r\n您好，请问 [#101] [#102] 怎么样了？\r\n> Message-ID: <in-1@x.cn>\r\n", header.join("\r\n")).into_bytes()
}

/// What is different from what is expected; `None`: nothing.
fn difference(expected: &str, threading: &Threading, kind: &Kind) -> Option<String> {
    let mut words = expected.split(' ').peekable();
    let placement = match words.next() {
        Some("join") => Placement::Join { conversation: words.next().unwrap_or_default().to_owned() },
        Some("new") => Placement::New { linked: words.next_if_eq(&"link").and_then(|_| words.next()).map(str::to_owned) },
        other => panic!("neither join nor new: {other:?}"),
    };
    let split = words.next_if_eq(&"split").is_some();
    let told: BTreeSet<String> = threading.reasons.iter().map(|it| format!("{it:?}").split(['(', ' ']).next().unwrap_or_default().to_owned()).collect();
    let wanted: Vec<&str> = words.collect();
    let (reasons, kinds) = match wanted.iter().position(|it| *it == "kind") {
        Some(at) => (&wanted[..at], &wanted[at + 1..]),
        None => (&wanted[..], &["Person"][..]),
    };
    let missing: Vec<&&str> = reasons.iter().filter(|it| !told.contains(**it)).collect();
    let is_kind = kinds.iter().all(|it| format!("{kind:?}").starts_with(it));
    let right = threading.placement == placement && threading.propose_split == split && missing.is_empty() && is_kind;
    (!right).then(|| format!("expected {expected}\n   found {threading:?} {kind:?}"))
}

#[test]
fn every_mail_comes_where_it_belongs() {
    let secret = |it: &str| it.as_bytes().to_vec();
    let secrets = Secrets {
        ours: Keys::new(vec![secret("new secret of shop"), secret("old secret of shop")]),
        old: Keys::new(vec![secret("old secret of shop")]),
        other: Keys::new(vec![secret("secret of another tenant")]),
    };
    let world = world(&secrets.ours);
    let desk = Desk { keys: secrets.ours.clone(), forms: vec![form('+'), form('-')], number_prefix: String::new() };
    let cases = cases();
    let mut wrong = Vec::new();
    for (number, case) in cases.iter().enumerate() {
        let mail = mail::parse(&bytes(case, number, &secrets)).unwrap_or_else(|fault| panic!("{}: {fault}", case.name));
        let authenticity = if case.fails { Authenticity::Fail } else if case.passes { Authenticity::Pass } else { Authenticity::Unknown };
        let threading = resolve(&mail, authenticity, &desk, &world);
        let kind = kind::kind(&mail, &secrets.ours);
        wrong.extend(difference(&case.expected, &threading, &kind).map(|it| format!("{}: {it}", case.name)));
    }
    let right = cases.len() - wrong.len();
    let holds = cases.len() >= 120 && wrong.is_empty();
    println!("BAR {}", serde_json::json!({"name": "mail-threading", "figure": format!("{right} of {}", cases.len()), "target": "≥ 120, all", "holds": holds}));
    assert!(holds, "{} of {} wrong:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[test]
fn no_case_is_there_twice() {
    let names: BTreeSet<String> = cases().into_iter().map(|it| it.name).collect();
    assert_eq!(names.len(), cases().len());
}
