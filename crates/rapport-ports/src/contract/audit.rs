//! Promises of the audit log.

use std::sync::Arc;

use rapport_model::{Actor, AuditLine, AuditRecord};

use super::world::{NOW, Subject, World};
use crate::{AUDIT_START, broken_audit_line};

fn record(n: usize) -> AuditRecord {
    AuditRecord { at: NOW, actor: Actor::System, action: "member.created".into(), target: n.to_string(), detail: "由 \"系统\"".into() }
}

async fn oldest_first(world: &World) -> Vec<AuditLine> {
    let mut lines = world.tenant.audit_lines(None, 1_000).await.expect("audit");
    lines.reverse();
    lines
}

pub async fn the_audit_log_is_a_chain(subject: Subject) {
    let mut world = World::new(subject).await;
    let other = world.another_tenant().await;
    other.audit(vec![record(0)]).await.expect("another tenant's chain");
    // Written from administration and from decisions, at once.
    let mut tasks = Vec::new();
    for n in 0..10 {
        let tenant = Arc::clone(&world.tenant);
        tasks.push(tokio::spawn(async move { tenant.audit(vec![record(n), record(n)]).await.expect("audit") }));
        let (_, mut opening) = world.new_talk();
        opening.audit = vec![record(100 + n)];
        let tenant = Arc::clone(&world.tenant);
        tasks.push(tokio::spawn(async move { tenant.commit(opening).await.map(drop).expect("commit") }));
    }
    for task in tasks {
        task.await.expect("task");
    }
    let lines = oldest_first(&world).await;
    assert_eq!(lines.iter().map(|it| it.n).collect::<Vec<_>>(), (1..=30).collect::<Vec<_>>());
    assert_eq!(lines.first().expect("a line").previous, AUDIT_START);
    assert_eq!(broken_audit_line(&lines), None, "recomputed from the first line");
    assert_eq!(world.tenant.audit_lines(Some(4), 2).await.expect("page").iter().map(|it| it.n).collect::<Vec<_>>(), [3, 2], "newest first");

    // Whatever is changed afterwards is found, at its place.
    let tampered: [(&str, fn(&mut Vec<AuditLine>), u64); 5] = [
        ("a record", |it| it[7].record.target = "somebody else".into(), 8),
        ("a hash", |it| it[7].hash = it[6].hash.clone(), 8),
        ("a line taken out", |it| drop(it.remove(7)), 8),
        ("two lines exchanged", |it| it.swap(7, 8), 8),
        ("the first line taken out", |it| drop(it.remove(0)), 1),
    ];
    for (what, tamper, place) in tampered {
        let mut lines = lines.clone();
        tamper(&mut lines);
        assert_eq!(broken_audit_line(&lines), Some(place), "{what}");
    }
    assert_eq!(broken_audit_line(&[]), None);
}
