//! A few read-only connections, used in turn: some for long reads on the runtime's blocking threads, some for short
//! ones on the spot, so that no short read waits for a long one or for another thread to wake up.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{StoreError, open};

/// Reads of each kind that run at the same time.
const READERS: usize = 2;

#[derive(Debug)]
pub(super) struct Readers {
    long: Pool,
    short: Pool,
}

/// Connections of one kind, each opened when it is first needed: that keeps a start short. Cheap to clone.
#[derive(Debug, Clone)]
struct Pool {
    file: Arc<PathBuf>,
    free: Arc<Mutex<Vec<Connection>>>,
    permits: Arc<Semaphore>,
}

impl Readers {
    pub(super) fn new(file: &Path) -> Self {
        Self { long: Pool::new(file), short: Pool::new(file) }
    }

    /// Runs a query on a thread that may block.
    pub(super) async fn run<T, E, F>(&self, query: F) -> Result<T, E>
    where
        F: FnOnce(&Connection) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let permit = self.long.permit().await?;
        let pool = self.long.clone();
        let read = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            pool.with_connection(query)
        });
        read.await.map_err(|_| StoreError::Closed)?
    }

    /// Runs a short query on this thread.
    pub(super) async fn look<T, E, F>(&self, query: F) -> Result<T, E>
    where
        F: FnOnce(&Connection) -> Result<T, E>,
        E: From<StoreError>,
    {
        let _permit = self.short.permit().await?;
        self.short.with_connection(query)
    }
}

impl Pool {
    fn new(file: &Path) -> Self {
        let permits = Arc::new(Semaphore::new(READERS));
        Self { file: Arc::new(file.to_owned()), free: Arc::default(), permits }
    }

    async fn permit(&self) -> Result<OwnedSemaphorePermit, StoreError> {
        Arc::clone(&self.permits).acquire_owned().await.map_err(|_| StoreError::Closed)
    }

    /// The lock is held only to take a connection and to put it back.
    fn with_connection<T, E, F>(&self, query: F) -> Result<T, E>
    where
        F: FnOnce(&Connection) -> Result<T, E>,
        E: From<StoreError>,
    {
        let taken = self.free.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = taken.map_or_else(|| open::reader(&self.file), Ok)?;
        let result = query(&connection);
        self.free.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        result
    }
}
