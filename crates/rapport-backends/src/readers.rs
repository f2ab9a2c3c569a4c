//! Reading connections, each on its own thread, so that a slow query holds up nobody's socket.

use std::sync::{Arc, Mutex, PoisonError};

use rapport_model::{Fault, codes};
use tokio::sync::{mpsc, oneshot};

use crate::sql::{Scope, Sql, SqlError};

type Query = Box<dyn FnOnce(&mut Connection) + Send>;
type Connect = Arc<dyn Fn() -> Result<Box<dyn Sql>, SqlError> + Send + Sync>;

/// One queue for all threads: whoever is free takes the next, so that nothing waits behind a slow query while another thread idles.
#[derive(Clone)]
pub(crate) struct Readers {
    queries: mpsc::UnboundedSender<Query>,
}

struct Connection {
    sql: Box<dyn Sql>,
    connect: Connect,
}

impl Connection {
    /// A lost connection is made anew and the query asked again: reading twice changes nothing.
    fn ask<T>(&mut self, scope: Scope, query: &impl Fn(&mut dyn Sql) -> Result<T, SqlError>) -> Result<T, SqlError> {
        let first = self.sql.scope(scope).and_then(|()| query(&mut *self.sql));
        match first {
            Err(SqlError::Storage(_)) if self.sql.is_broken() => {
                self.sql = (self.connect)()?;
                self.sql.scope(scope)?;
                query(&mut *self.sql)
            }
            answer => answer,
        }
    }
}

impl Readers {
    pub(crate) fn start(count: usize, connect: impl Fn() -> Result<Box<dyn Sql>, SqlError> + Send + Sync + 'static) -> Result<Self, SqlError> {
        let connect: Connect = Arc::new(connect);
        let (queries, waiting) = mpsc::unbounded_channel::<Query>();
        let waiting = Arc::new(Mutex::new(waiting));
        for _ in 0..count {
            let mut connection = Connection { sql: connect()?, connect: Arc::clone(&connect) };
            let waiting = Arc::clone(&waiting);
            let work = move || {
                loop {
                    let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).blocking_recv();
                    let Some(query) = next else { return };
                    query(&mut connection);
                }
            };
            std::thread::Builder::new().name("store-reader".to_owned()).spawn(work).map_err(|error| SqlError::Other(error.to_string()))?;
        }
        Ok(Self { queries })
    }

    pub(crate) async fn read<T: Send + 'static>(
        &self,
        scope: Scope,
        query: impl Fn(&mut dyn Sql) -> Result<T, SqlError> + Send + 'static,
    ) -> Result<T, Fault> {
        let (answer, answered) = oneshot::channel();
        let run: Query = Box::new(move |connection| drop(answer.send(connection.ask(scope, &query))));
        let closed = || Fault::new(codes::STORE_UNAVAILABLE);
        self.queries.send(run).map_err(|_closed| closed())?;
        match answered.await {
            Ok(Ok(found)) => Ok(found),
            Ok(Err(error)) => Err(unavailable(&error)),
            Err(_gone) => Err(closed()),
        }
    }
}

/// What the caller is told; what exactly went wrong is for the log.
pub(crate) fn unavailable(error: &SqlError) -> Fault {
    match error {
        SqlError::Unique(_) => Fault::new(codes::DUPLICATE_KEY),
        SqlError::Refused(fault) => fault.clone(),
        SqlError::Storage(_) | SqlError::Other(_) => {
            tracing::error!(%error, "store");
            Fault::new(codes::STORE_UNAVAILABLE)
        }
    }
}
