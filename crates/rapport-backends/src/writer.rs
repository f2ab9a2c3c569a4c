//! One writer thread a database: what waits goes into one durable transaction, and only then is anybody answered.

use std::{
    collections::HashMap,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Weak},
};

use rapport_model::{Entry, Seq, TenantId, Timestamp};
use rapport_ports::{CommitError, Committed, JournalScope};
use tokio::{
    runtime::Handle,
    sync::{mpsc, oneshot},
};

use crate::{
    sql::{Scope, Sql, SqlError},
    store::{
        commit::{self, Externals, Known, Placed, PreparedCommit},
        journal,
    },
};

/// Called by the writer after each durable transaction, in the order of the journal.
pub type OnCommit = Arc<dyn Fn(TenantId, &Arc<[Entry]>, Timestamp) + Send + Sync>;

/// Most jobs of one transaction.
const BATCH_MAX: usize = 1_024;
/// Most jobs that wait; beyond it whoever writes has to wait.
const WAITING_MAX: usize = 4_096;
/// Most entries of a gap that are told late; listeners further behind reload by themselves.
const GAP_MAX: u32 = 10_000;
/// Transactions that look for what is known already after one met it.
const LOOKS: u32 = 256;

/// A write that is not a decision: runs under its own savepoint, answers after the commit.
pub(crate) trait Write: Send {
    /// Keeps its outcome. May be called again after a rollback.
    fn run(&mut self, sql: &mut dyn Sql) -> Result<(), Undo>;
    /// Whether it changes rows of conversations, which only commits do otherwise.
    fn moves_conversations(&self) -> bool {
        false
    }
    /// Tells the waiter its outcome. `durable` is false when the transaction was lost.
    fn answer(self: Box<Self>, durable: bool);
}

/// What has to be undone after a write that failed.
pub(crate) enum Undo {
    /// What it wrote itself.
    Own,
    /// The whole transaction: the next statement would fail as well.
    All(SqlError),
}

pub(crate) enum Job {
    Commit { commit: Box<PreparedCommit>, answer: Answer },
    Write(Box<dyn Write>),
}

type Answer = oneshot::Sender<Result<Committed, CommitError>>;

#[derive(Clone)]
pub(crate) struct Writer {
    jobs: mpsc::Sender<Job>,
    /// Held by each handle: whatever works for the writer ends when the last one is gone.
    alive: Arc<()>,
}

impl Writer {
    /// Starts the thread. Within a runtime, that one tells what is durable and has to live as long as the writer is used. `connect` is called again after a transaction ended in doubt.
    pub(crate) fn start(connect: impl Fn() -> Result<Box<dyn Sql>, SqlError> + Send + 'static, on_commit: OnCommit) -> Result<Self, SqlError> {
        let (jobs, mut waiting) = mpsc::channel(WAITING_MAX);
        let (told, mut telling) = mpsc::unbounded_channel::<Durable>();
        // Beside those who are told, where there is a runtime: no thread has to be woken to wake them.
        match Handle::try_current() {
            Ok(runtime) => drop(runtime.spawn(async move {
                while let Some(durable) = telling.recv().await {
                    durable.tell(&on_commit);
                }
            })),
            Err(_no_runtime) => {
                let tell = move || {
                    while let Some(durable) = telling.blocking_recv() {
                        durable.tell(&on_commit);
                    }
                };
                std::thread::Builder::new().name("store-teller".to_owned()).spawn(tell).map_err(|error| SqlError::Other(error.to_string()))?;
            }
        }
        let mut worker = Worker { sql: connect()?, connect: Box::new(connect), teller: told, told: HashMap::new(), known: Known::default(), looks: 0 };
        let work = move || {
            let mut batch = Vec::with_capacity(BATCH_MAX);
            // No timer: a job that comes alone is written alone, and what comes meanwhile waits for one sync only.
            while waiting.blocking_recv_many(&mut batch, BATCH_MAX) > 0 {
                worker.write(Batch::new(batch.drain(..)));
            }
        };
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

/// Jobs of one transaction.
#[expect(clippy::vec_box, reason = "a commit is a kilobyte, and is sorted and handed on without being copied")]
struct Batch {
    /// By tenant; in the order given within each.
    commits: Vec<Box<PreparedCommit>>,
    waiters: Vec<Answer>,
    writes: Vec<Box<dyn Write>>,
}

impl Batch {
    fn new(jobs: impl Iterator<Item = Job>) -> Self {
        let (mut commits, mut writes) = (Vec::new(), Vec::new());
        for job in jobs {
            match job {
                Job::Commit { commit, answer } => commits.push((commit, answer)),
                Job::Write(write) => writes.push(write),
            }
        }
        commits.sort_by_key(|(commit, _)| commit.tenant);
        let (commits, waiters) = commits.into_iter().unzip();
        Self { commits, waiters, writes }
    }

    fn len(&self) -> usize {
        self.commits.len().saturating_add(self.writes.len())
    }

    /// Each job by itself, in the same order.
    fn singles(self) -> impl Iterator<Item = Self> {
        let writes = self.writes.into_iter().map(|it| Self { commits: Vec::new(), waiters: Vec::new(), writes: vec![it] });
        let commits = self.commits.into_iter().zip(self.waiters);
        writes.chain(commits.map(|(commit, waiter)| Self { commits: vec![commit], waiters: vec![waiter], writes: Vec::new() }))
    }

    fn lost(self, why: &str) {
        self.waiters.into_iter().for_each(|it| drop(it.send(Err(CommitError::Unavailable(why.to_owned())))));
        self.writes.into_iter().for_each(|it| it.answer(false));
    }
}

/// Where a transaction failed.
enum Failed {
    /// A statement did: nothing of it is written.
    Before(SqlError),
    /// The commit itself did: it may be written or not, and nobody is told that it was.
    InDoubt(SqlError),
}

struct Worker {
    sql: Box<dyn Sql>,
    connect: Box<dyn Fn() -> Result<Box<dyn Sql>, SqlError> + Send>,
    teller: mpsc::UnboundedSender<Durable>,
    /// The newest number of each tenant that `on_commit` heard.
    told: HashMap<TenantId, Seq>,
    known: Known,
    /// How many transactions still look for what is sent again before they write.
    looks: u32,
}

impl Worker {
    fn write(&mut self, batch: Batch) {
        let batch = match self.try_write(batch) {
            // Something is sent again: it is answered as such, and more of it may follow (a network that comes back).
            Err((batch, Failed::Before(SqlError::Unique(_)))) if self.looks == 0 => {
                self.looks = LOOKS;
                self.try_write(batch)
            }
            other => {
                self.looks = self.looks.saturating_sub(1);
                other
            }
        };
        match batch {
            Ok(()) => {}
            // One of them is wrong in itself; the others must not suffer for it.
            Err((batch, Failed::Before(SqlError::Unique(_) | SqlError::Other(_)))) if batch.len() > 1 => {
                for single in batch.singles() {
                    if let Err((batch, failed)) = self.try_write(single) {
                        self.give_up(batch, failed);
                    }
                }
            }
            Err((batch, failed)) => self.give_up(batch, failed),
        }
    }

    fn give_up(&mut self, batch: Batch, failed: Failed) {
        let (Failed::Before(error) | Failed::InDoubt(error)) = failed;
        tracing::error!(%error, jobs = batch.len(), "a transaction was lost; nobody was told that it was written");
        batch.lost(&error.to_string());
    }

    fn try_write(&mut self, mut batch: Batch) -> Result<(), (Batch, Failed)> {
        if let Err(error) = self.begin() {
            return Err((batch, Failed::Before(error)));
        }
        let externals = if self.looks > 0 { Externals::Looked } else { Externals::Trusted };
        let known = &mut self.known;
        let written = catch_unwind(AssertUnwindSafe(|| statements(&mut *self.sql, &batch.commits, &mut batch.writes, externals, known)));
        let written = written.unwrap_or_else(|_panic| Err(SqlError::Other("a write panicked".to_owned())));
        let ended = written.map_err(Failed::Before).and_then(|it| self.sql.commit().map(|()| it).map_err(Failed::InDoubt));
        match ended {
            Ok(outcomes) => {
                self.answer(batch, outcomes);
                Ok(())
            }
            Err(failed) => {
                self.known.forget();
                let rolled_back = self.sql.undo("rollback");
                if rolled_back.is_err() || matches!(failed, Failed::InDoubt(_) | Failed::Before(SqlError::Storage(_))) {
                    // Disk full, a failed sync, a lost server: begin again from what is on disk.
                    self.reconnect();
                }
                Err((batch, failed))
            }
        }
    }

    /// A connection that was lost while idle is noticed here, before anything was sent over it: that may be tried again.
    fn begin(&mut self) -> Result<(), SqlError> {
        self.sql.begin().or_else(|_error| {
            self.reconnect();
            self.sql.begin()
        })
    }

    fn reconnect(&mut self) {
        match (self.connect)() {
            Ok(fresh) => self.sql = fresh,
            Err(error) => tracing::warn!(%error, "no new connection; the old one is tried again"),
        }
    }

    /// Hands over what is durable to be told, and goes on with the next transaction.
    fn answer(&mut self, batch: Batch, outcomes: Vec<Result<Placed, CommitError>>) {
        let gaps = batch.commits.iter().zip(&outcomes).map(|(commit, outcome)| match outcome {
            Ok(placed) => self.missed(commit.tenant, *placed, commit.length()),
            Err(_) => Vec::new(),
        });
        let gaps = gaps.collect();
        // Nobody is left to be told when the teller is gone.
        drop(self.teller.send(Durable { batch, outcomes, gaps }));
    }

    /// What the bus has not heard: entries of a commit in doubt that was written after all, or of another node.
    fn missed(&mut self, tenant: TenantId, placed: Placed, entries: u64) -> Vec<Entry> {
        let last = placed.first.saturating_add(entries).saturating_sub(1);
        let Some(told) = self.told.insert(tenant, Seq(last)) else { return Vec::new() };
        if placed.first <= told.0.saturating_add(1) {
            return Vec::new();
        }
        let gap = self.sql.scope(Scope::Tenant(tenant)).and_then(|()| journal::entries(&mut *self.sql, tenant, JournalScope::Tenant, told, true, GAP_MAX));
        match gap {
            Ok(mut gap) => {
                gap.retain(|it| it.seq.0 < placed.first);
                gap
            }
            Err(error) => {
                tracing::warn!(%error, "a gap was not told; listeners find it when they resume");
                Vec::new()
            }
        }
    }
}

/// A transaction that is on the disk, and nobody knows yet. Told while the next one is written.
struct Durable {
    batch: Batch,
    outcomes: Vec<Result<Placed, CommitError>>,
    /// For each commit, what listeners missed before it.
    gaps: Vec<Vec<Entry>>,
}

impl Durable {
    /// First the bus, in the order of the journal, then whoever waits.
    fn tell(self, on_commit: &OnCommit) {
        let Batch { commits, waiters, writes } = self.batch;
        let mut answers = Vec::with_capacity(commits.len());
        for (((commit, waiter), outcome), gap) in commits.into_iter().zip(waiters).zip(self.outcomes).zip(self.gaps) {
            let outcome = outcome.map(|placed| {
                let done = commit.done(placed);
                if !gap.is_empty() {
                    on_commit(done.tenant, &gap.into(), done.at);
                }
                if !done.committed.entries.is_empty() {
                    on_commit(done.tenant, &done.committed.entries, done.at);
                }
                done.committed
            });
            answers.push((waiter, outcome));
        }
        // A waiter that went away needs no answer.
        answers.into_iter().for_each(|(waiter, outcome)| drop(waiter.send(outcome)));
        writes.into_iter().for_each(|it| it.answer(true));
    }
}

fn statements(
    sql: &mut dyn Sql,
    commits: &[Box<PreparedCommit>],
    writes: &mut [Box<dyn Write>],
    externals: Externals,
    known: &mut Known,
) -> Result<Vec<Result<Placed, CommitError>>, SqlError> {
    let alone = writes.len() == 1 && commits.is_empty();
    // Writes first: a decision may rest on a record that was put just before it.
    for write in writes {
        if !alone {
            sql.script("savepoint job")?;
        }
        if write.moves_conversations() {
            known.forget();
        }
        match write.run(sql) {
            Ok(()) => {}
            Err(Undo::All(error)) => return Err(error),
            Err(Undo::Own) if alone => {
                sql.undo("rollback")?;
                sql.begin()?;
            }
            Err(Undo::Own) => sql.undo("rollback to savepoint job")?,
        }
        if !alone {
            sql.script("release savepoint job")?;
        }
    }
    let mut outcomes = Vec::with_capacity(commits.len());
    for of_tenant in commits.chunk_by(|one, other| one.tenant == other.tenant) {
        if let Some(first) = of_tenant.first() {
            sql.scope(Scope::Tenant(first.tenant))?;
            outcomes.extend(commit::commit_all(sql, first.tenant, of_tenant, externals, known)?);
        }
    }
    Ok(outcomes)
}

#[cfg(test)]
mod tests;
