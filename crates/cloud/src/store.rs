//! SQLite under everything the cloud keeps: one writer with group commit, a few readers, one process per folder.
//!
//! A write is a closure. It runs on the writer's thread inside a savepoint of its own, together with whatever
//! else waits, and is answered only after the one commit they share. When that commit fails, all of them are
//! told so and nothing of them is kept.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

pub(crate) use self::counters::Counters;
pub use self::error::StoreError;
use self::folder::Folder;
use self::readers::Readers;
use self::writer::{Job, Stop, Task, Writer};
use crate::settings::{Data, Durability};

mod counters;
mod error;
mod folder;
mod open;
mod readers;
mod schema;
mod writer;

/// Writes that may wait for the writer before a caller has to wait for a place in the line.
const QUEUE: usize = 1024;

/// The database and the folder it lives in. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    jobs: mpsc::Sender<Job>,
    readers: Readers,
    writer: Writer,
    folder: Folder,
    counters: Counters,
}

impl Store {
    /// Opens or creates the database, locks its folder and brings its tables up to date.
    ///
    /// # Errors
    /// The folder can't be made or is in use, or the file is damaged, foreign or of a newer version.
    pub fn open(data: &Data, durability: Durability) -> Result<Self, StoreError> {
        let folder = Folder::claim(data)?;
        let file = folder.path().join("cloud.db");
        let connection = open::writer(&file, durability)?;
        schema::migrate(&connection, &file)?;
        let readers = Readers::open(&file)?;
        let (jobs, waiting) = mpsc::channel(QUEUE);
        let counters = Counters::default();
        let writer = Writer::start(connection, waiting, counters.clone())?;
        Ok(Self { inner: Arc::new(Inner { jobs, readers, writer, folder, counters }) })
    }

    /// The folder everything is kept in; object bytes go beside the database.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.inner.folder.path()
    }

    /// What the writer has done so far.
    pub(crate) fn counters(&self) -> &Counters {
        &self.inner.counters
    }

    /// Runs `job` on the writer and returns its answer once it is committed. An `Err` of the job undoes the job
    /// alone. The job must be quick, and must not begin or end transactions itself.
    ///
    /// Once it has been handed over, it runs even when the caller stops waiting.
    ///
    /// # Errors
    /// What the job returns, or the reason it could not be committed.
    pub async fn write<T, E, F>(&self, job: F) -> Result<T, E>
    where
        F: FnOnce(&Connection) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.write_then(job, |_| ()).await
    }

    /// As [`Store::write`]; `committed` runs on the writer's thread after the commit and before the answer,
    /// whether or not the caller still waits: the place to bring shared memory up to date.
    ///
    /// # Errors
    /// What the job returns, or the reason it could not be committed.
    pub async fn write_then<T, E, F, G>(&self, job: F, committed: G) -> Result<T, E>
    where
        F: FnOnce(&Connection) -> Result<T, E> + Send + 'static,
        G: FnOnce(&T) + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let task = Task::new(job, committed, answer);
        self.inner.jobs.send(Box::new(task)).await.map_err(|_| StoreError::Closed)?;
        answered.await.map_err(|_| StoreError::Closed)?
    }

    /// Runs `query` on one of the readers, against a snapshot of what is committed.
    ///
    /// # Errors
    /// What the query returns, or [`StoreError::Closed`].
    pub async fn read<T, E, F>(&self, query: F) -> Result<T, E>
    where
        F: FnOnce(&Connection) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.inner.readers.run(query).await
    }

    /// Runs `query` on this thread, before anything is served: how modules load what they keep in memory.
    ///
    /// # Errors
    /// What the query returns.
    pub fn load<T, E, F>(&self, query: F) -> Result<T, E>
    where
        F: FnOnce(&Connection) -> Result<T, E>,
        E: From<StoreError>,
    {
        self.inner.readers.run_here(query)
    }

    /// Finishes what waits, folds the log into the database and ends the writer. Later writes are refused.
    pub async fn close(&self) {
        let (ended, end) = oneshot::channel();
        if self.inner.jobs.send(Box::new(Stop::new(ended))).await.is_ok() {
            end.await.ok();
        }
        let inner = Arc::clone(&self.inner);
        tokio::task::spawn_blocking(move || {
            inner.writer.join();
            inner.folder.release();
        })
        .await
        .ok();
    }

    /// Where the database itself is.
    #[must_use]
    pub fn file(&self) -> PathBuf {
        self.path().join("cloud.db")
    }
}

#[cfg(test)]
mod tests;
