//! A few read-only connections, used in turn on the runtime's blocking threads.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;
use tokio::sync::Semaphore;

use super::{StoreError, open};

/// Reads that run at the same time.
const READERS: usize = 2;

#[derive(Debug)]
pub(super) struct Readers {
    free: Arc<Mutex<Vec<Connection>>>,
    permits: Arc<Semaphore>,
}

impl Readers {
    pub(super) fn open(file: &Path) -> Result<Self, StoreError> {
        let connections = (0..READERS).map(|_| open::reader(file)).collect::<Result<Vec<_>, _>>()?;
        Ok(Self { free: Arc::new(Mutex::new(connections)), permits: Arc::new(Semaphore::new(READERS)) })
    }

    pub(super) async fn run<T, E, F>(&self, query: F) -> Result<T, E>
    where
        F: FnOnce(&Connection) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let permit = Arc::clone(&self.permits).acquire_owned().await.map_err(|_| StoreError::Closed)?;
        let free = Arc::clone(&self.free);
        let read = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            with_connection(&free, query)
        });
        read.await.map_err(|_| StoreError::Closed)?
    }

    pub(super) fn run_here<T, E, F>(&self, query: F) -> Result<T, E>
    where
        F: FnOnce(&Connection) -> Result<T, E>,
        E: From<StoreError>,
    {
        with_connection(&self.free, query)
    }
}

/// The lock is held only to take a connection and to put it back.
fn with_connection<T, E, F>(free: &Mutex<Vec<Connection>>, query: F) -> Result<T, E>
where
    F: FnOnce(&Connection) -> Result<T, E>,
    E: From<StoreError>,
{
    let taken = free.lock().unwrap_or_else(PoisonError::into_inner).pop();
    let connection = taken.ok_or(StoreError::Closed)?;
    let result = query(&connection);
    free.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
    result
}
