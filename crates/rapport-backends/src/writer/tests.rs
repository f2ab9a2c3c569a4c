//! What the writer does when a write panics, and when a commit ends in doubt.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU32, Ordering},
};

use rapport_model::TenantId;
use tokio::sync::oneshot;

use super::{Job, Undo, Write, Writer};
use crate::sql::{Each, Insert, Row, Scope, Sql, SqlError, Sqlite, Value};

/// A database whose next commit fails when it is told so.
struct Doubtful {
    sqlite: Sqlite,
    fails: Arc<AtomicBool>,
}

impl Sql for Doubtful {
    fn run(&mut self, text: &str, values: &[Value<'_>]) -> Result<u64, SqlError> {
        self.sqlite.run(text, values)
    }
    fn rows(&mut self, text: &str, values: &[Value<'_>]) -> Result<Vec<Row>, SqlError> {
        self.sqlite.rows(text, values)
    }
    fn script(&mut self, text: &str) -> Result<(), SqlError> {
        self.sqlite.script(text)
    }
    fn commit(&mut self) -> Result<(), SqlError> {
        if self.fails.swap(false, Ordering::SeqCst) {
            return Err(SqlError::Storage("a sync failed".to_owned()));
        }
        self.sqlite.commit()
    }
    fn insert(&mut self, into: &Insert, rows: &[&[Value<'_>]]) -> Result<(), SqlError> {
        self.sqlite.insert(into, rows)
    }
    fn each(&mut self, what: &Each, tenant: TenantId, keys: &[&[Value<'_>]]) -> Result<Vec<Row>, SqlError> {
        self.sqlite.each(what, tenant, keys)
    }
    fn scope(&mut self, scope: Scope) -> Result<(), SqlError> {
        self.sqlite.scope(scope)
    }
    fn begin(&mut self) -> Result<(), SqlError> {
        self.sqlite.begin()
    }
    fn undo(&mut self, text: &'static str) -> Result<(), SqlError> {
        self.sqlite.undo(text)
    }
    fn is_postgres(&self) -> bool {
        false
    }
    fn is_broken(&mut self) -> bool {
        false
    }
}

enum What {
    Put(i64),
    Panic,
    /// Holds the writer until the sender is dropped, so that what comes meanwhile is one transaction.
    Wait(std::sync::mpsc::Receiver<()>),
}

struct Deed {
    what: What,
    good: bool,
    told: oneshot::Sender<bool>,
}

impl Write for Deed {
    fn run(&mut self, sql: &mut dyn Sql) -> Result<(), Undo> {
        match &self.what {
            What::Put(n) => self.good = sql.run("insert into kept (n) values ($1)", &[(*n).into()]).is_ok(),
            What::Panic => panic!("on purpose"),
            What::Wait(gate) => drop(gate.recv()),
        }
        if self.good { Ok(()) } else { Err(Undo::Own) }
    }
    fn answer(self: Box<Self>, durable: bool) {
        let _whoever_asked = self.told.send(durable && self.good);
    }
}

struct Ground {
    writer: Writer,
    fails: Arc<AtomicBool>,
    connections: Arc<AtomicU32>,
    path: std::path::PathBuf,
    _folder: tempfile::TempDir,
}

impl Ground {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("writer.db");
        rusqlite::Connection::open(&path).expect("opens").execute_batch("create table kept (n bigint not null unique)").expect("table");
        let (fails, connections) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU32::new(0)));
        let (at, failing, counted) = (path.clone(), Arc::clone(&fails), Arc::clone(&connections));
        let connect = move || -> Result<Box<dyn Sql>, SqlError> {
            counted.fetch_add(1, Ordering::SeqCst);
            Ok(Box::new(Doubtful { sqlite: Sqlite(rusqlite::Connection::open(&at)?), fails: Arc::clone(&failing) }))
        };
        let writer = Writer::start(connect, Arc::new(|_, _, _| {})).expect("starts");
        Self { writer, fails, connections, path, _folder: folder }
    }

    async fn submit(&self, what: What) -> oneshot::Receiver<bool> {
        let (told, answer) = oneshot::channel();
        assert!(self.writer.submit(Job::Write(Box::new(Deed { what, good: true, told }))).await.is_ok());
        answer
    }

    async fn put(&self, n: i64) -> bool {
        self.submit(What::Put(n)).await.await.expect("an answer")
    }

    fn kept(&self) -> Vec<i64> {
        let connection = rusqlite::Connection::open(&self.path).expect("opens");
        let mut statement = connection.prepare("select n from kept order by n").expect("query");
        statement.query_map([], |row| row.get(0)).expect("rows").map(|it| it.expect("n")).collect()
    }
}

#[tokio::test]
async fn a_write_that_panics_or_is_wrong_harms_no_other() {
    let ground = Ground::new();
    let (open, gate) = std::sync::mpsc::channel();
    let held = ground.submit(What::Wait(gate)).await;
    let mut answers = Vec::new();
    for what in [What::Put(1), What::Panic, What::Put(2), What::Put(1), What::Put(3)] {
        answers.push(ground.submit(what).await);
    }
    drop(open);
    assert!(held.await.expect("an answer"));
    let mut told = Vec::new();
    for answer in answers {
        told.push(answer.await.expect("an answer"));
    }
    assert_eq!(told, [true, false, true, false, true]);
    assert!(ground.put(4).await, "and the writer goes on");
    assert_eq!(ground.kept(), [1, 2, 3, 4]);
}

#[tokio::test]
async fn a_commit_in_doubt_is_told_to_nobody_as_written() {
    let ground = Ground::new();
    assert!(ground.put(1).await);
    ground.fails.store(true, Ordering::SeqCst);
    assert!(!ground.put(2).await);
    assert_eq!(ground.connections.load(Ordering::SeqCst), 2, "what follows begins from what is on the disk");
    assert!(ground.put(3).await, "by itself, without a restart");
    assert_eq!(ground.kept(), [1, 3]);
}
