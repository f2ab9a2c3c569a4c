//! One writer thread a database: what waits goes into one durable transaction, and only then is anybody answered.

use std::sync::{Arc, Weak};

use rapport_model::{Entry, TenantId, Timestamp};
use rapport_ports::{CommitError, Committed};
use tokio::sync::{mpsc, oneshot};

use crate::{
    sql::{Sql, SqlError},
    store::journal::{self, PreparedCommit},
};

/// Called by the writer after each durable transaction, in commit order.
pub type OnCommit = Arc<dyn Fn(TenantId, &[Entry], Timestamp) + Send + Sync>;

/// Most jobs of one transaction.
const BATCH_MAX: usize = 1_024;
/// Most jobs that wait; beyond it whoever writes has to wait.
const WAITING_MAX: usize = 4_096;

/// A write that is not a decision: runs under its own savepoint, answers after the commit.
pub(crate) trait Write: Send {
    /// Keeps its outcome; an `Err` undoes what it wrote and nothing else.
    fn run(&mut self, sql: &mut dyn Sql) -> Result<(), ()>;
    /// Tells the waiter its outcome. `durable` is false when the transaction was lost.
    fn answer(self: Box<Self>, durable: bool);
}

pub(crate) enum Job {
    Commit { commit: Box<PreparedCommit>, answer: oneshot::Sender<Result<Committed, CommitError>> },
    Write(Box<dyn Write>),
}

#[derive(Clone)]
pub(crate) struct Writer {
    jobs: mpsc::Sender<Job>,
    /// Held by each handle: helpers of the writer end when the last one is gone.
    alive: Arc<()>,
}

impl Writer {
    /// Starts the thread. `connect` is called again after a transaction ended in doubt.
    pub(crate) fn start(connect: impl Fn() -> Result<Box<dyn Sql>, SqlError> + Send + 'static, on_commit: OnCommit) -> Result<Self, SqlError> {
        let (jobs, waiting) = mpsc::channel(WAITING_MAX);
        let first = connect()?;
        let work = move || run(first, &connect, waiting, &on_commit);
        std::thread::Builder::new().name("store-writer".to_owned()).spawn(work).map_err(|error| SqlError::Other(error.to_string()))?;
        Ok(Self { jobs, alive: Arc::new(()) })
    }

    pub(crate) fn alive(&self) -> Weak<()> {
        Arc::downgrade(&self.alive)
    }

    pub(crate) async fn submit(&self, job: Job) -> Result<(), ()> {
        self.jobs.send(job).await.map_err(|_closed| ())
    }
}

fn run(mut sql: Box<dyn Sql>, connect: &dyn Fn() -> Result<Box<dyn Sql>, SqlError>, mut waiting: mpsc::Receiver<Job>, on_commit: &OnCommit) {
    let mut batch = Vec::with_capacity(BATCH_MAX);
    while waiting.blocking_recv_many(&mut batch, BATCH_MAX) > 0 {
        if let Err(error) = transaction(&mut *sql, std::mem::take(&mut batch), on_commit) {
            tracing::error!(%error, "a transaction was lost; nobody was told that it was written");
            // The connection may be in doubt (disk full, failed sync): start from what is on disk.
            if let Ok(fresh) = connect() {
                sql = fresh;
            }
        }
        batch.reserve(BATCH_MAX);
    }
}

type Answers = Vec<(oneshot::Sender<Result<Committed, CommitError>>, Result<Committed, CommitError>)>;

fn transaction(sql: &mut dyn Sql, batch: Vec<Job>, on_commit: &OnCommit) -> Result<(), SqlError> {
    let mut commits = Vec::with_capacity(batch.len());
    let mut waiters = Vec::with_capacity(batch.len());
    let mut writes = Vec::new();
    for job in batch {
        match job {
            Job::Commit { commit, answer } => {
                commits.push(*commit);
                waiters.push(answer);
            }
            Job::Write(write) => writes.push(write),
        }
    }
    match attempt(sql, commits, &mut writes) {
        Ok(outcomes) => {
            for committed in outcomes.iter().filter_map(|it| it.as_ref().ok()) {
                on_commit(committed.tenant, &committed.committed.entries, committed.at);
            }
            let answers: Answers = waiters.into_iter().zip(outcomes.into_iter().map(|it| it.map(|it| it.committed))).collect();
            // A waiter that went away needs no answer.
            answers.into_iter().for_each(|(waiter, outcome)| drop(waiter.send(outcome)));
            writes.into_iter().for_each(|it| it.answer(true));
            Ok(())
        }
        Err(error) => {
            let _rolled_back = sql.script("rollback");
            let told = error.to_string();
            waiters.into_iter().for_each(|it| drop(it.send(Err(CommitError::Unavailable(told.clone())))));
            writes.into_iter().for_each(|it| it.answer(false));
            Err(error)
        }
    }
}

fn attempt(sql: &mut dyn Sql, commits: Vec<PreparedCommit>, writes: &mut [Box<dyn Write>]) -> Result<Vec<Result<journal::Done, CommitError>>, SqlError> {
    sql.script(if sql.is_postgres() { "begin" } else { "begin immediate" })?;
    // Writes first: a decision may rest on a record that was put just before it.
    for write in writes.iter_mut() {
        sql.script("savepoint job")?;
        if write.run(sql).is_err() {
            sql.script("rollback to savepoint job")?;
        }
        sql.script("release savepoint job")?;
    }
    let outcomes = if commits.is_empty() { Vec::new() } else { journal::commit_all(sql, commits)? };
    sql.script("commit")?;
    Ok(outcomes)
}
