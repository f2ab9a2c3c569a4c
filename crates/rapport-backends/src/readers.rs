//! Reading connections, each on its own thread, so that a slow query holds up nobody's socket.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use rapport_model::{Fault, codes};
use tokio::sync::{mpsc, oneshot};

use crate::sql::{Sql, SqlError};

type Query = Box<dyn FnOnce(&mut dyn Sql) + Send>;

#[derive(Clone)]
pub(crate) struct Readers {
    threads: Arc<[mpsc::UnboundedSender<Query>]>,
    next: Arc<AtomicUsize>,
}

impl Readers {
    pub(crate) fn start(count: usize, connect: impl Fn() -> Result<Box<dyn Sql>, SqlError>) -> Result<Self, SqlError> {
        let threads = (0..count).map(|_| {
            let mut sql = connect()?;
            let (queries, mut waiting) = mpsc::unbounded_channel::<Query>();
            let work = move || {
                while let Some(query) = waiting.blocking_recv() {
                    query(&mut *sql);
                }
            };
            let spawned = std::thread::Builder::new().name("store-reader".to_owned()).spawn(work);
            spawned.map(|_detached| queries).map_err(|error| SqlError::Other(error.to_string()))
        });
        Ok(Self { threads: threads.collect::<Result<_, _>>()?, next: Arc::default() })
    }

    pub(crate) async fn read<T: Send + 'static>(&self, query: impl FnOnce(&mut dyn Sql) -> Result<T, SqlError> + Send + 'static) -> Result<T, Fault> {
        let (answer, answered) = oneshot::channel();
        let at = self.next.fetch_add(1, Ordering::Relaxed).checked_rem(self.threads.len()).unwrap_or(0);
        let run: Query = Box::new(move |sql| drop(answer.send(query(sql))));
        let sent = self.threads.get(at).is_some_and(|it| it.send(run).is_ok());
        if !sent {
            return Err(Fault::new(codes::STORE_UNAVAILABLE));
        }
        match answered.await {
            Ok(Ok(found)) => Ok(found),
            Ok(Err(error)) => Err(unavailable(&error)),
            Err(_gone) => Err(Fault::new(codes::STORE_UNAVAILABLE)),
        }
    }
}

/// What the caller is told; what exactly went wrong is for the log.
pub(crate) fn unavailable(error: &SqlError) -> Fault {
    match error {
        SqlError::Unique(_) => Fault::new(codes::DUPLICATE_KEY),
        SqlError::Refused(fault) => fault.clone(),
        SqlError::Other(_) => {
            tracing::error!(%error, "store");
            Fault::new(codes::STORE_UNAVAILABLE)
        }
    }
}
