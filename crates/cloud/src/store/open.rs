//! Connections, and the settings that make them durable and small.

use std::fs::File;
use std::io::{self, ErrorKind};
use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::StoreError;
use super::error::finds_no_room;
use crate::settings::Durability;

/// Prepared statements each connection keeps.
const STATEMENTS: usize = 128;

/// The writer's page cache in KiB: enough for the hot ends of a few large queues.
const WRITER_CACHE_KIB: i64 = 8 * 1024;

/// A reader's page cache in KiB.
const READER_CACHE_KIB: i64 = 1024;

/// What becomes of the log when nobody uses it any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// It stays.
    Leave,
    /// It is folded into the database and goes.
    Fold,
}

/// Opens the one connection that writes.
pub(super) fn writer(file: &Path, durability: Durability) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags).map_err(|error| refusal(file, &error))?;
    configure_writer(&connection, durability).map_err(|error| refusal(file, &error))?;
    check(&connection, file)?;
    Ok(connection)
}

/// Puts on the disk what a killed process left with the system at the other level, before anything is acknowledged. Gives
/// the file, to sync it again; it has to be open for as long as the database is, because closing it gives up the locks
/// that SQLite has on it (sqlite.org, "How To Corrupt An SQLite Database File", 2.2).
pub(super) fn settle(file: &Path, durability: Durability) -> Result<File, StoreError> {
    let failed = |error: io::Error| match error.kind() {
        ErrorKind::StorageFull => StoreError::Full,
        _ => StoreError::Disk { reason: error.to_string() },
    };
    let database = File::open(file).map_err(failed)?;
    match durability {
        Durability::ProcessCrash => {}
        Durability::PowerLoss => database.sync_all().map_err(failed)?,
    }
    Ok(database)
}

/// Opens one of the connections that only read.
pub(super) fn reader(file: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags).map_err(|error| refusal(file, &error))?;
    connection.pragma_update(None, "cache_size", -READER_CACHE_KIB)?;
    keep_statements(&connection)?;
    Ok(connection)
}

/// Opens the connection that folds the log into the database.
pub(super) fn folder(file: &Path, durability: Durability) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags).map_err(|error| refusal(file, &error))?;
    synchronize(&connection, durability)?;
    // It reads the pages it folds past its cache.
    connection.pragma_update(None, "cache_size", 1)?;
    Ok(connection)
}

/// What an error means while the file is being opened.
pub(super) fn refusal(file: &Path, error: &rusqlite::Error) -> StoreError {
    let path = file.to_owned();
    let folder = file.parent().unwrap_or(file).to_owned();
    let reason = error.to_string();
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => StoreError::NotADatabase { path },
        Some(ErrorCode::DatabaseCorrupt) => StoreError::Damaged { path, reason },
        _ if finds_no_room(error) => StoreError::NoRoom { path: folder },
        _ => StoreError::Folder { path: folder, reason },
    }
}

/// What closing the last connection does to the log. Until then nothing is folded in, so that a start which refuses
/// what it found leaves it as it was.
pub(super) fn at_the_end(connection: &Connection, end: End) -> rusqlite::Result<()> {
    let leave = end == End::Leave;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, leave).map(drop)
}

fn configure_writer(connection: &Connection, durability: Durability) -> rusqlite::Result<()> {
    at_the_end(connection, End::Leave)?;
    synchronize(connection, durability)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "cache_size", -WRITER_CACHE_KIB)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    keep_statements(connection)
}

/// Says when SQLite waits for the disk (sqlite.org, "PRAGMA synchronous"). NORMAL is when the log is folded in: the file
/// stays sound whatever happens, and a killed process loses nothing, because what it wrote is with the system. FULL is
/// at every commit.
fn synchronize(connection: &Connection, durability: Durability) -> rusqlite::Result<()> {
    let level = match durability {
        Durability::ProcessCrash => "NORMAL",
        Durability::PowerLoss => "FULL",
    };
    connection.pragma_update(None, "synchronous", level)
}

/// Keeps statements prepared, and keeps them as they are: otherwise SQLite prepares anew whenever a bound value
/// could make another plan better, which costs more than most statements here do.
fn keep_statements(connection: &Connection) -> rusqlite::Result<()> {
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map(drop)
}

/// Reads the schema, which fails on a file that is not a database or whose first pages are damaged.
fn check(connection: &Connection, file: &Path) -> Result<(), StoreError> {
    connection
        .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0))
        .map(drop)
        .map_err(|error| refusal(file, &error))
}
