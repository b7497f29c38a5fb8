//! A connection that sees one moment for as long as it is kept, whatever is committed meanwhile.

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use rusqlite::Connection;

use super::{StoreError, open};

/// One moment of the database. While it is kept, the log can't be folded beyond it, so it is kept for seconds.
#[derive(Debug)]
pub(crate) struct Snapshot {
    /// Never locked: it only lets the moment be held where others could look.
    connection: Mutex<Connection>,
}

impl Snapshot {
    pub(super) fn take(file: &Path) -> Result<Self, StoreError> {
        let connection = open::reader(file)?;
        // SQLite fixes the moment with the first read.
        connection.execute_batch("BEGIN; SELECT count(*) FROM sqlite_schema")?;
        Ok(Self { connection: Mutex::new(connection) })
    }

    /// The connection, which only reads. Reading is for a thread that may block.
    pub(crate) fn connection(&mut self) -> &Connection {
        self.connection.get_mut().unwrap_or_else(PoisonError::into_inner)
    }
}
