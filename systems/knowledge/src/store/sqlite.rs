//! Documents in a file: SQLite, its full-text module FTS5 as the index.
//!
//! One connection writes, some read; a reader never waits for the writer (write-ahead log). A commit is on the disk
//! before it is answered for.

mod read;
mod schema;
mod write;

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::{Connection, ErrorCode, OpenFlags};
use tokio::sync::Semaphore;

use super::{Added, Answer, Checkpoint, StoreError, Wanted};
use crate::document::{Addition, Document};

/// Readers at once; more wait.
const READERS: usize = 4;

/// How long another process (`knowledge load`) may keep the file locked.
const BUSY_LIMIT: Duration = Duration::from_secs(10);

/// Wait between two attempts to become the one that makes a new file.
const BUSY_PAUSE: Duration = Duration::from_millis(10);

/// Prepared statements kept per connection.
const STATEMENTS: usize = 32;

/// Page cache of a connection, in KiB.
const PAGE_CACHE: i64 = 4096;

/// A file of documents. Clones share it.
#[derive(Debug, Clone)]
pub(crate) struct Sqlite(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    path: PathBuf,
    writer: Lane,
    readers: Lane,
}

/// Connections for one purpose, opened when first needed.
#[derive(Debug)]
struct Lane {
    places: Arc<Semaphore>,
    idle: Mutex<Vec<Connection>>,
}

impl Sqlite {
    /// The file at `path`; its folder is made where it is missing. Nothing is opened yet.
    ///
    /// # Errors
    /// When the folder can't be made.
    pub(crate) fn open(path: &Path) -> Result<Self, StoreError> {
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(|error| {
                let shown = folder.display();
                StoreError::Unavailable(format!("can't make the folder {shown}: {error}; set DB_PATH"))
            })?;
        }
        let (writer, readers) = (Lane::new(1), Lane::new(READERS));
        Ok(Self(Arc::new(Inner { path: path.to_owned(), writer, readers })))
    }

    pub(super) async fn migrate(&self) -> Result<(), StoreError> {
        self.run(|inner| &inner.writer, schema::migrate).await
    }

    pub(super) async fn add(
        &self,
        additions: Vec<Addition>,
        quota: u32,
        checkpoint: Option<Checkpoint>,
    ) -> Result<Vec<Added>, StoreError> {
        self.run(
            |inner| &inner.writer,
            move |connection| Ok(write::add(connection, additions, quota, checkpoint.as_ref())?),
        )
        .await
    }

    pub(super) async fn index(
        &self,
        tenant: &str,
        wanted: Vec<Wanted>,
    ) -> Result<Option<Answer>, StoreError> {
        let tenant = tenant.to_owned();
        self.read(move |connection| read::index(connection, &tenant, &wanted)).await
    }

    pub(super) async fn documents(
        &self,
        tenant: u32,
        numbers: &[u32],
    ) -> Result<HashMap<u32, Document>, StoreError> {
        let numbers = numbers.to_vec();
        self.read(move |connection| read::documents(connection, tenant, &numbers)).await
    }

    pub(super) async fn counts(&self) -> Result<BTreeMap<String, u64>, StoreError> {
        self.read(read::counts).await
    }

    pub(super) async fn checkpoint(&self, name: &str) -> Result<u64, StoreError> {
        let name = name.to_owned();
        self.read(move |connection| read::checkpoint(connection, &name)).await
    }

    async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.run(|inner| &inner.readers, move |connection| Ok(work(connection)?)).await
    }

    /// Works on a connection of a lane, on a thread that may wait for the disk. A connection that failed is closed.
    async fn run<T: Send + 'static>(
        &self,
        lane: fn(&Inner) -> &Lane,
        work: impl FnOnce(&mut Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let inner = Arc::clone(&self.0);
        let stopping = |_| StoreError::Unavailable("the program is stopping".to_owned());
        let place = Arc::clone(&lane(&inner).places).acquire_owned().await;
        let place = place.map_err(|_| StoreError::Unavailable("the program is stopping".to_owned()))?;
        let worked = tokio::task::spawn_blocking(move || {
            let idle = lane(&inner).idle().pop();
            let mut connection = idle.map_or_else(|| connect(&inner.path), Ok)?;
            let result = work(&mut connection);
            if result.is_ok() {
                lane(&inner).idle().push(connection);
            }
            drop(place);
            result
        });
        worked.await.map_err(stopping)?
    }
}

impl Lane {
    fn new(places: usize) -> Self {
        Self { places: Arc::new(Semaphore::new(places)), idle: Mutex::default() }
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn connect(path: &Path) -> Result<Connection, StoreError> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY_LIMIT)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    write_ahead(&connection)?;
    // Every commit is synced, not only every checkpoint: a document that was answered for survives a loss of power.
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update(None, "cache_size", -PAGE_CACHE)?;
    connection.pragma_update(None, "journal_size_limit", 64 * 1024 * 1024)?;
    Ok(connection)
}

/// A new file becomes one with a write-ahead log under a lock for which SQLite does not wait, lest two wait for each other
/// (its reference, `sqlite3_busy_handler`): the second of two that begin at once is told that it is busy, and asks again.
#[expect(
    clippy::disallowed_methods,
    reason = "SQLite tells nobody when a file is free again, and this thread may wait"
)]
fn write_ahead(connection: &Connection) -> rusqlite::Result<()> {
    let until = Instant::now() + BUSY_LIMIT;
    loop {
        match connection.pragma_update(None, "journal_mode", "wal") {
            Err(error)
                if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) && Instant::now() < until =>
            {
                std::thread::sleep(BUSY_PAUSE);
            }
            done => return done,
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        let told = error.to_string();
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full(told),
            Some(
                ErrorCode::DatabaseBusy
                | ErrorCode::DatabaseLocked
                | ErrorCode::CannotOpen
                | ErrorCode::ReadOnly
                | ErrorCode::PermissionDenied
                | ErrorCode::SystemIoFailure
                | ErrorCode::FileLockingProtocolFailed
                | ErrorCode::SchemaChanged
                | ErrorCode::OutOfMemory,
            ) => Self::Unavailable(told),
            _ => Self::Refused(told),
        }
    }
}
