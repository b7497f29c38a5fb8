//! The writer's thread: takes all that waits, runs each in its savepoint, commits once, then answers everyone.

use std::sync::{Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Instant;

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use super::{Counters, StoreError};

/// Jobs that share a commit at most.
const BATCH: usize = 256;

pub(super) type Job = Box<dyn Work + Send>;

/// One thing the writer does.
pub(super) trait Work {
    /// Does it, inside a savepoint; says whether the savepoint is to be kept.
    fn run(&mut self, connection: &Connection) -> Savepoint;
    /// Hears how the commit went, and answers the caller.
    fn settle(self: Box<Self>, outcome: Result<(), StoreError>);
    /// Whether the writer ends after this one.
    fn ends(&self) -> bool {
        false
    }
}

/// What becomes of a job's changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Savepoint {
    Keep,
    Undo,
}

/// A closure, what to do after its commit, and where its answer goes.
pub(super) struct Task<F, G, T, E> {
    job: Option<F>,
    committed: G,
    result: Option<Result<T, E>>,
    answer: oneshot::Sender<Result<T, E>>,
}

/// The last job: the writer ends after it.
pub(super) struct Stop {
    ended: oneshot::Sender<()>,
}

/// The thread.
#[derive(Debug)]
pub(super) struct Writer {
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Writer {
    pub(super) fn start(
        connection: Connection,
        jobs: mpsc::Receiver<Job>,
        counters: Counters,
    ) -> Result<Self, StoreError> {
        let thread = std::thread::Builder::new()
            .name("cloud-writer".to_owned())
            .spawn(move || run(&connection, jobs, &counters))
            .map_err(|error| StoreError::Disk { reason: error.to_string() })?;
        Ok(Self { thread: Mutex::new(Some(thread)) })
    }

    /// Waits for the thread; it has been told to end.
    pub(super) fn join(&self) {
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            thread.join().ok();
        }
    }
}

impl<F, G, T, E> Task<F, G, T, E> {
    pub(super) fn new(job: F, committed: G, answer: oneshot::Sender<Result<T, E>>) -> Self {
        Self { job: Some(job), committed, result: None, answer }
    }
}

impl<F, G, T, E> Work for Task<F, G, T, E>
where
    F: FnOnce(&Connection) -> Result<T, E>,
    G: FnOnce(&T),
    E: From<StoreError>,
{
    fn run(&mut self, connection: &Connection) -> Savepoint {
        let result = self.job.take().map(|job| job(connection));
        let savepoint = if matches!(result, Some(Ok(_))) { Savepoint::Keep } else { Savepoint::Undo };
        self.result = result;
        savepoint
    }

    fn settle(self: Box<Self>, outcome: Result<(), StoreError>) {
        let Self { committed, result, answer, .. } = *self;
        let result = match (result, outcome) {
            (Some(Err(error)), _) => Err(error),
            (_, Err(error)) => Err(E::from(error)),
            (None, Ok(())) => Err(E::from(StoreError::Closed)),
            (Some(Ok(value)), Ok(())) => {
                committed(&value);
                Ok(value)
            }
        };
        answer.send(result).ok();
    }
}

impl Stop {
    pub(super) fn new(ended: oneshot::Sender<()>) -> Self {
        Self { ended }
    }
}

impl Work for Stop {
    fn run(&mut self, _: &Connection) -> Savepoint {
        Savepoint::Undo
    }

    fn settle(self: Box<Self>, _: Result<(), StoreError>) {
        self.ended.send(()).ok();
    }

    fn ends(&self) -> bool {
        true
    }
}

fn run(connection: &Connection, mut jobs: mpsc::Receiver<Job>, counters: &Counters) {
    let mut batch: Vec<Job> = Vec::with_capacity(BATCH);
    while jobs.blocking_recv_many(&mut batch, BATCH) > 0 {
        let last = batch.iter().any(|job| job.ends());
        let started = Instant::now();
        let outcome = commit(connection, &mut batch);
        match &outcome {
            Ok(()) => counters.committed(batch.len(), started.elapsed()),
            Err(_) => counters.failed(),
        }
        for job in batch.drain(..) {
            job.settle(outcome.clone());
        }
        if last {
            break;
        }
    }
    jobs.close();
    // Only a convenience for the next start: what is in the log is as safe as what is in the database.
    if let Err(error) = connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)") {
        tracing::debug!(%error, "the log was not folded into the database");
    }
}

/// Runs the batch in one transaction. After an error nothing of it is left.
fn commit(connection: &Connection, batch: &mut [Job]) -> Result<(), StoreError> {
    connection.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
    let outcome = run_all(connection, batch).and_then(|()| {
        connection.prepare_cached("COMMIT")?.execute([])?;
        Ok(())
    });
    if let Err(error) = &outcome {
        tracing::warn!(%error, "a commit failed; nothing of it was kept");
        // SQLite rolls back by itself after some failures.
        if !connection.is_autocommit() {
            connection.execute_batch("ROLLBACK").ok();
        }
    }
    outcome
}

fn run_all(connection: &Connection, batch: &mut [Job]) -> Result<(), StoreError> {
    for job in batch {
        connection.prepare_cached("SAVEPOINT job")?.execute([])?;
        let savepoint = job.run(connection);
        // A full disk can take the whole transaction with it, and every job before this one.
        if connection.is_autocommit() {
            return Err(StoreError::Full);
        }
        if savepoint == Savepoint::Undo {
            connection.prepare_cached("ROLLBACK TO job")?.execute([])?;
        }
        connection.prepare_cached("RELEASE job")?.execute([])?;
    }
    Ok(())
}
