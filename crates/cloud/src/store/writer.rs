//! The writer: one connection, worked by a caller on the spot or by a thread, whosever turn it is.

use std::fmt;
use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Instant;

use rusqlite::Connection;

use super::commit::commit;
use super::job::Job;
use super::line::{Callers, Line, Pace, Turn};
use super::log::{self, Log};
use super::open::{self, End};
use super::{Counters, StoreError};
use crate::settings::Durability;

/// The writer. It ends after what waits when it is closed or dropped.
pub(super) struct Writer {
    shared: Arc<Shared>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

struct Shared {
    line: Arc<Line>,
    /// For the one whose turn it is; nothing once the writer has ended.
    desk: Mutex<Option<Desk>>,
}

/// What one needs to write.
pub(super) struct Desk {
    connection: Connection,
    log: Log,
    counters: Counters,
}

impl Writer {
    pub(super) fn start(
        connection: Connection,
        database: File,
        file: &Path,
        durability: Durability,
        counters: Counters,
    ) -> Result<Self, StoreError> {
        log::watch(&connection);
        let line = Arc::new(Line::new(match durability {
            Durability::ProcessCrash => Callers::Write,
            Durability::PowerLoss => Callers::Wait,
        }));
        let log = Log::start(file, database, durability, &line)?;
        let shared = Arc::new(Shared { line, desk: Mutex::new(Some(Desk { connection, log, counters })) });
        let writing = Arc::clone(&shared);
        let thread = std::thread::Builder::new()
            .name("cloud-writer".to_owned())
            .spawn(move || writing.run())
            .map_err(|error| StoreError::Disk { reason: error.to_string() })?;
        Ok(Self { shared, thread: Mutex::new(Some(thread)) })
    }

    /// Hands a job over, and writes it on the spot where it is this caller's turn.
    pub(super) async fn submit(&self, job: Job, pace: Pace) -> Result<(), StoreError> {
        if let Turn::Write(lead) = self.shared.line.join(job, pace).await? {
            // All who are ready to come do so now, and share the commit.
            tokio::task::yield_now().await;
            self.shared.write(lead.take());
        }
        Ok(())
    }

    /// Runs a query on this thread, before there is anybody who could have to wait for it.
    pub(super) fn load<T, E, F>(&self, query: F) -> Result<T, E>
    where
        F: FnOnce(&Connection) -> Result<T, E>,
        E: From<StoreError>,
    {
        let desk = self.shared.desk.lock().unwrap_or_else(PoisonError::into_inner);
        query(&desk.as_ref().ok_or(StoreError::Closed)?.connection)
    }

    /// Refuses further jobs; those that wait are written.
    pub(super) fn close(&self) {
        self.shared.line.close();
    }

    /// Waits for the end; it has been told to end.
    pub(super) fn join(&self) {
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            thread.join().ok();
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.close();
    }
}

impl fmt::Debug for Writer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Writer").finish_non_exhaustive()
    }
}

impl Shared {
    fn write(&self, jobs: Vec<Job>) {
        if let Some(desk) = self.desk.lock().unwrap_or_else(PoisonError::into_inner).as_ref() {
            desk.write(jobs);
        }
    }

    /// The thread: writes whenever it is its turn, and tidies up in the end.
    fn run(&self) {
        while let Some(jobs) = self.line.wait() {
            // A job that panics takes those it shares the commit with along, not those after them.
            catch_unwind(AssertUnwindSafe(|| self.write(jobs))).ok();
        }
        let desk = self.desk.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(desk) = desk {
            desk.close();
        }
    }
}

impl Desk {
    fn write(&self, jobs: Vec<Job>) {
        let (started, writes) = (Instant::now(), jobs.len());
        match commit(&self.connection, jobs) {
            Ok(()) => self.counters.committed(writes, started.elapsed()),
            Err(_) => self.counters.failed(),
        }
        self.log.has_grown();
    }

    fn close(self) {
        let Self { connection, log, .. } = self;
        let database = log.end();
        // Only a convenience for the next start: what is in the log is as safe as what is in the database.
        let fold = || {
            open::at_the_end(&connection, End::Fold)?;
            connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")
        };
        if let Err(error) = fold() {
            tracing::debug!(%error, "the log was not folded into the database");
        }
        drop(connection);
        drop(database);
    }
}
