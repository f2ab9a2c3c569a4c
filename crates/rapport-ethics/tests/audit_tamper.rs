//! Whatever is done to an audit log afterwards is found: every bit, every line taken out, doubled or moved, every end cut off, and a log written anew.

use rapport_ethics::{
    Action, Checkpoint, EthicsRecord, Fault, Office, PersonRole, PseudonymKey, Request, Subject, Verdict,
    chain::{self, AuditKey},
};
use rapport_model::{Actor, AuditLine, AuditRecord, ContactId, TenantId, Timestamp};
use rapport_ports::{AUDIT_START, audit_link};
use uuid::Uuid;

const TENANT: TenantId = TenantId(Uuid::from_u128(0xABCD));

/// As the product's own writer chains them.
fn chained(records: impl IntoIterator<Item = AuditRecord>) -> Vec<AuditLine> {
    let mut previous = AUDIT_START.to_owned();
    let lines = (1..).zip(records).map(|(n, record)| {
        let hash = audit_link(&previous, &serde_json::to_string(&record).expect("a record"));
        AuditLine { n, record, previous: std::mem::replace(&mut previous, hash.clone()), hash }
    });
    lines.collect()
}

fn record(n: u64) -> AuditRecord {
    let contact = ContactId(Uuid::from_u128(u128::from(n % 3)));
    let subject = Subject { contact, role: PersonRole::Customer, consents: &[] };
    let request = Request { office: Office::Care, subject, action: Action::InferEmotion { tenant_switch: true } };
    let verdict = Verdict { allowed: n.is_multiple_of(2), determining: vec!["office.care".into()], version: "0123456789abcdef".into(), errors: Vec::new() };
    let evidence = EthicsRecord::new(&request, &verdict, &["fedcba9876543210"], format!("会话 {n}").as_bytes(), &PseudonymKey::new([7; 32]));
    let at = Timestamp(1_800_000_000_000 + i64::try_from(n).expect("small"));
    match n % 4 {
        // Lines of other kinds stand between, some of them without detail.
        3 => AuditRecord { at, actor: Actor::System, action: "member.created".into(), target: n.to_string(), detail: String::new() },
        _ => evidence.line(at, Actor::Bot).expect("a record"),
    }
}

fn log(lines: u64) -> Vec<AuditLine> {
    chained((0..lines).map(record))
}

struct Tampering {
    key: AuditKey,
    head: Checkpoint,
    tried: usize,
    missed: Vec<String>,
}

impl Tampering {
    fn new(lines: &[AuditLine]) -> Self {
        let key = AuditKey::new([9; 32]);
        let head = Checkpoint::sign(TENANT, lines.last(), Timestamp(1), &key);
        Self { key, head, tried: 0, missed: Vec::new() }
    }
    fn found(&self, export: &[u8]) -> Option<Fault> {
        // What is no text at all cannot be taken for a log.
        let Ok(text) = std::str::from_utf8(export) else { return Some(Fault::Line(0)) };
        chain::read(text).and_then(|it| chain::verify_to(&it, &self.head, TENANT, &self.key.public())).err()
    }
    fn must_be_found(&mut self, what: impl FnOnce() -> String, export: &[u8]) {
        self.tried += 1;
        if self.found(export).is_none() {
            self.missed.push(what());
        }
    }
    fn lines_must_be_found(&mut self, what: impl FnOnce() -> String, lines: &[AuditLine]) {
        let export = chain::write(lines).expect("lines");
        self.must_be_found(what, export.as_bytes());
    }
}

#[test]
fn every_flipped_dropped_moved_or_cut_entry_is_found() {
    let lines = log(10);
    let export = chain::write(&lines).expect("lines");
    let mut tampering = Tampering::new(&lines);
    assert_eq!(tampering.found(export.as_bytes()), None, "the log as it was written");
    assert_eq!(chain::read(&export).expect("it is canonical"), lines);

    let mut bytes = export.clone().into_bytes();
    for at in 0..bytes.len() {
        for bit in 0..8 {
            bytes[at] ^= 1 << bit;
            tampering.must_be_found(|| format!("bit {bit} of byte {at}"), &bytes);
            bytes[at] ^= 1 << bit;
        }
        tampering.must_be_found(|| format!("cut before byte {at}"), &export.as_bytes()[..at]);
    }
    for from in 0..lines.len() {
        for to in from + 1..=lines.len() {
            let kept = [&lines[..from], &lines[to..]].concat();
            tampering.lines_must_be_found(|| format!("lines {from}..{to} taken out"), &kept);
            tampering.lines_must_be_found(|| format!("lines {from}..{to} taken out and all chained anew"), &chained(kept.iter().map(|it| it.record.clone())));
            if to < lines.len() {
                let mut swapped = lines.clone();
                swapped.swap(from, to);
                tampering.lines_must_be_found(|| format!("{from} and {to} exchanged"), &swapped);
                tampering.lines_must_be_found(|| format!("{from} and {to} exchanged and all chained anew"), &chained(swapped.into_iter().map(|it| it.record)));
            }
        }
        let doubled = [&lines[..=from], &lines[from..]].concat();
        tampering.lines_must_be_found(|| format!("{from} doubled"), &doubled);
        let mut changed: Vec<_> = lines.iter().map(|it| it.record.clone()).collect();
        changed[from].target.push('x');
        tampering.lines_must_be_found(|| format!("{from} changed and all chained anew"), &chained(changed));
    }
    let figure = format!("{} of {}", tampering.tried - tampering.missed.len(), tampering.tried);
    println!("BAR {}", serde_json::json!({"name": "audit-tamper", "figure": figure, "target": "all", "holds": tampering.missed.is_empty()}));
    assert!(tampering.missed.is_empty(), "{:?}", tampering.missed);
    assert!(tampering.tried > 20_000, "{}", tampering.tried);
}

#[test]
fn the_fault_names_its_place() {
    let lines = log(8);
    let tampering = Tampering::new(&lines);
    let public = tampering.key.public();
    let check = |what: &str, change: fn(&mut Vec<AuditLine>), expected: Result<(), Fault>| {
        let mut lines = lines.clone();
        change(&mut lines);
        assert_eq!(chain::verify_to(&lines, &tampering.head, TENANT, &public), expected, "{what}");
    };
    check("as it was", |_| {}, Ok(()));
    check("a record", |it| it[4].record.detail.push(' '), Err(Fault::Line(5)));
    check("a hash", |it| it[4].hash = it[3].hash.clone(), Err(Fault::Line(5)));
    check("taken out", |it| drop(it.remove(4)), Err(Fault::Line(5)));
    check("the first", |it| drop(it.remove(0)), Err(Fault::Line(1)));
    check("the end", |it| it.truncate(6), Err(Fault::Truncated { from: 7, to: 8 }));
    check("everything", Vec::clear, Err(Fault::Truncated { from: 1, to: 8 }));
    check("written anew", |it| *it = chained((10..18).map(record)), Err(Fault::Rewritten(8)));
    check("written on", |it| *it = log(20), Ok(()));
    assert_eq!(chain::verify(&lines[..6]), Ok(()), "without a head an end that was cut off looks whole");
}

#[test]
fn a_head_that_was_not_signed_is_none() {
    let lines = log(4);
    let Tampering { key, head, .. } = Tampering::new(&lines);
    let public = key.public();
    let check = |what: &str, head: &Checkpoint, tenant: TenantId, public: &str| {
        assert_eq!(chain::verify_to(&lines, head, tenant, public), Err(Fault::Signature(head.n)), "{what}");
    };
    check("another key", &head, TENANT, &AuditKey::new([8; 32]).public());
    check("no key", &head, TENANT, "");
    check("another tenant's", &head, TenantId(Uuid::from_u128(2)), &public);
    let written = serde_json::to_string(&head).expect("a head");
    for at in 0..written.len() {
        for bit in 0..7 {
            let mut bytes = written.clone().into_bytes();
            bytes[at] ^= 1 << bit;
            let Some(changed) = std::str::from_utf8(&bytes).ok().and_then(|it| serde_json::from_str::<Checkpoint>(it).ok()) else { continue };
            assert!(changed == head || chain::verify_to(&lines, &changed, TENANT, &public).is_err(), "bit {bit} of byte {at}");
        }
    }
    let empty = Checkpoint::sign(TENANT, None, Timestamp(1), &key);
    assert_eq!(chain::verify_to(&[], &empty, TENANT, &public), Ok(()));
    assert_eq!(chain::verify_to(&lines, &empty, TENANT, &public), Ok(()));
}
