//! Compares what senders were told with what a data folder holds.

use std::{collections::BTreeMap, path::Path, sync::Arc};

use rapport_model::{Event, Seq};
use rapport_ports::{JournalScope, Store};

use crate::senders::Told;

/// A customer's message in the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Kept {
    pub(crate) seq: u64,
    pub(crate) id: String,
}

/// Each line names what broke.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Verdict {
    pub(crate) lost: Vec<String>,
    pub(crate) doubled: Vec<String>,
    pub(crate) out_of_order: Vec<String>,
    /// Damage of the database itself.
    pub(crate) damaged: Vec<String>,
}

impl Verdict {
    pub(crate) fn faults(&self) -> usize {
        self.lost.len() + self.doubled.len() + self.out_of_order.len() + self.damaged.len()
    }
}

/// The customers' messages of a folder's journal in order, opened as the server opens it.
pub(crate) async fn kept(data: &Path) -> Result<Vec<Kept>, String> {
    let path = data.join("rapport.db");
    if !path.exists() {
        return Ok(Vec::new());
    }
    let store = rapport_backends::open_sqlite(&path, Arc::new(|_, _, _| {})).map_err(|error| error.to_string())?;
    kept_in(&*store).await
}

/// The same of any store.
pub(crate) async fn kept_in(store: &dyn Store) -> Result<Vec<Kept>, String> {
    let mut kept = Vec::new();
    for tenant in store.tenants().await.map_err(|fault| fault.to_string())? {
        let tenant = store.tenant(tenant.id);
        let mut after = Seq(0);
        loop {
            let page = tenant.entries_after(JournalScope::Tenant, after, 5_000).await.map_err(|fault| fault.to_string())?;
            let Some(last) = page.last() else { break };
            for (expected, entry) in (after.0 + 1..).zip(&page) {
                if entry.seq.0 != expected {
                    return Err(format!("number {expected} is missing"));
                }
                if let Event::MessageReceived { message } = &entry.event {
                    kept.push(Kept { seq: entry.seq.0, id: message.client_id.clone().ok_or("a message without its id")? });
                }
            }
            after = last.seq;
        }
    }
    Ok(kept)
}

/// `PRAGMA integrity_check`; empty when the database is whole.
pub(crate) fn damage(data: &Path) -> Vec<String> {
    let check = || -> rusqlite::Result<Vec<String>> {
        let connection = rusqlite::Connection::open(data.join("rapport.db"))?;
        let mut statement = connection.prepare("pragma integrity_check")?;
        statement.query_map([], |row| row.get(0))?.collect()
    };
    match check() {
        Ok(found) => found.into_iter().filter(|it| it != "ok").collect(),
        Err(error) => vec![error.to_string()],
    }
}

/// What was acknowledged up to `mark` must be kept under its number; nothing may be kept twice, or before what its sender wrote earlier.
pub(crate) fn judge(told: &[Told], kept: &[Kept], mark: u64) -> Verdict {
    let mut verdict = Verdict::default();
    let mut places: BTreeMap<&str, u64> = BTreeMap::new();
    for it in kept {
        if let Some(first) = places.insert(&it.id, it.seq) {
            verdict.doubled.push(format!("{} is there as {first} and as {}", it.id, it.seq));
        }
    }
    for sender in told {
        for (id, (seq, at)) in &sender.acknowledged {
            if *at <= mark && places.get(id.as_str()) != Some(seq) {
                verdict.lost.push(format!("{id} was acknowledged as {seq}: {:?}", places.get(id.as_str())));
            }
        }
        let own: Vec<u64> = sender.sent.iter().filter_map(|id| places.get(id.as_str()).copied()).collect();
        let orderly = own.iter().zip(own.iter().skip(1)).all(|(one, next)| one < next);
        // What is kept of a sender is a beginning of what they wrote.
        let whole = sender.sent.iter().take(own.len()).all(|id| places.contains_key(id.as_str()));
        if !orderly || !whole {
            verdict.out_of_order.push(format!("{:?}", sender.sent.first()));
        }
    }
    verdict
}

#[test]
fn a_lost_a_doubled_and_a_displaced_message_are_found() {
    let acknowledged = [("a", (1, 10)), ("b", (2, 20))].map(|(id, at)| (id.to_owned(), at)).into();
    let sent = ["a", "b", "c"].map(str::to_owned).to_vec();
    let told = [Told { token: String::new(), session_mark: 0, sent, acknowledged, heard: Vec::new(), refused: 0 }];
    let faults = |kept: &[(u64, &str)], mark| {
        let kept: Vec<_> = kept.iter().map(|(seq, id)| Kept { seq: *seq, id: (*id).to_owned() }).collect();
        let found = judge(&told, &kept, mark);
        [found.lost.len(), found.doubled.len(), found.out_of_order.len()]
    };
    assert_eq!(faults(&[(1, "a"), (2, "b")], 20), [0, 0, 0], "c was not acknowledged");
    assert_eq!(faults(&[(1, "a"), (2, "b"), (3, "c")], 20), [0, 0, 0], "but may be there");
    assert_eq!(faults(&[(1, "a")], 20), [1, 0, 0]);
    assert_eq!(faults(&[(1, "a")], 19), [0, 0, 0], "b was acknowledged later");
    assert_eq!(faults(&[(1, "a"), (3, "b")], 20), [1, 0, 0], "under another number");
    assert_eq!(faults(&[(1, "a"), (2, "b"), (3, "a")], 20)[1], 1);
    assert_eq!(faults(&[(1, "a"), (2, "b"), (3, "c")].map(|(seq, id)| (4 - seq, id)), 0), [0, 0, 1]);
    assert_eq!(faults(&[(1, "a"), (3, "c")], 10), [0, 0, 1], "what came later is there and what came before is not");
}
