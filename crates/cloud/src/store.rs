//! SQLite under everything the cloud keeps: one writer with group commit, a few readers, one process per folder.
//!
//! A write is a closure. It runs on the one connection that writes, undone by itself where it fails, together with
//! whatever else waits, and is answered only after the one commit they share. When that commit fails, all of them
//! are told so and nothing of them is kept.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::Connection;
use tokio::sync::oneshot;

pub(crate) use self::counters::Counters;
pub use self::error::StoreError;
use self::folder::Folder;
use self::job::Task;
use self::line::Pace;
use self::readers::Readers;
pub(crate) use self::snapshot::Snapshot;
use self::writer::Writer;
use crate::settings::{Data, Durability};

mod commit;
mod counters;
mod error;
mod folder;
mod job;
mod line;
mod log;
mod newest;
mod open;
mod readers;
mod schema;
mod snapshot;
mod sound;
mod writer;

/// The database and the folder it lives in. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    writer: Writer,
    readers: Readers,
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
        sound::check_length(&file, folder.past())?;
        newest::provide(&file)?;
        let connection = open::writer(&file, durability)?;
        sound::check_log(&connection, &file, folder.past(), durability)?;
        schema::migrate(&connection, &file)?;
        let database = open::settle(&file, durability)?;
        folder.opened(durability)?;
        let readers = Readers::new(&file);
        let counters = Counters::default();
        let writer = Writer::start(connection, database, &file, durability, counters.clone())?;
        Ok(Self { inner: Arc::new(Inner { writer, readers, folder, counters }) })
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

    /// Runs `job` on the connection that writes and returns its answer once it is committed. An `Err` of the job
    /// undoes the job alone. The job must be quick, some hundred microseconds, because it may run right here (see
    /// [`Store::write_long`]), and must not begin or end transactions itself.
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
        self.submit(job, |_| (), Pace::Quick).await
    }

    /// As [`Store::write`]; `committed` runs after the commit and before the answer and any later write, whether or
    /// not the caller still waits: the place to bring shared memory up to date.
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
        self.submit(job, committed, Pace::Quick).await
    }

    /// As [`Store::write_then`], for a job that takes longer: it runs on the writer's thread, and shares its commit
    /// with no other of its kind. Other writes still wait for it, so it should be cut into pieces of milliseconds.
    ///
    /// # Errors
    /// What the job returns, or the reason it could not be committed.
    pub async fn write_long<T, E, F, G>(&self, job: F, committed: G) -> Result<T, E>
    where
        F: FnOnce(&Connection) -> Result<T, E> + Send + 'static,
        G: FnOnce(&T) + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.submit(job, committed, Pace::Long).await
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

    /// As [`Store::read`], for a query that takes some hundred microseconds at most, a few rows by their keys: it runs
    /// right here, which spares the wait for another thread.
    ///
    /// # Errors
    /// What the query returns, or [`StoreError::Closed`].
    pub(crate) async fn look<T, E, F>(&self, query: F) -> Result<T, E>
    where
        F: FnOnce(&Connection) -> Result<T, E>,
        E: From<StoreError>,
    {
        self.inner.readers.look(query).await
    }

    /// The database as it is now, for as long as the answer is kept.
    pub(crate) async fn snapshot(&self) -> Result<Snapshot, StoreError> {
        let file = self.file();
        let taken = tokio::task::spawn_blocking(move || Snapshot::take(&file));
        taken.await.map_err(|_| StoreError::Closed)?
    }

    /// Runs `query` on this thread, before anything is served: how modules load what they keep in memory. It uses the
    /// connection that writes, which knows the tables already.
    ///
    /// # Errors
    /// What the query returns, or [`StoreError::Closed`].
    pub fn load<T, E, F>(&self, query: F) -> Result<T, E>
    where
        F: FnOnce(&Connection) -> Result<T, E>,
        E: From<StoreError>,
    {
        self.inner.writer.load(query)
    }

    /// Finishes what waits, folds the log into the database and ends the writer. Later writes are refused.
    pub async fn close(&self) {
        self.inner.writer.close();
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

    async fn submit<T, E, F, G>(&self, job: F, committed: G, pace: Pace) -> Result<T, E>
    where
        F: FnOnce(&Connection) -> Result<T, E> + Send + 'static,
        G: FnOnce(&T) + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        self.inner.writer.submit(Box::new(Task::new(job, committed, answer)), pace).await?;
        answered.await.map_err(|_| StoreError::Closed)?
    }
}

#[cfg(test)]
mod tests;
