//! The database a new folder begins with: whole, empty and of the newest version, so that a start does not make table
//! after table. A test makes it from the versions and holds it to them.

use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::path::Path;

use super::StoreError;

const DATABASE: &[u8] = include_bytes!("newest.db");

/// Puts it where no database is, on the disk and whole or not at all: without it, a log is nothing.
pub(super) fn provide(file: &Path) -> Result<(), StoreError> {
    match fs::metadata(file) {
        Ok(found) if found.len() > 0 => return Ok(()),
        // SQLite itself takes an empty file for none.
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(refusal(file, &error)),
    }
    put(file).map_err(|error| refusal(file, &error))
}

fn put(file: &Path) -> io::Result<()> {
    let temporary = file.with_extension("db-new");
    let mut new = OpenOptions::new().write(true).create(true).truncate(true).open(&temporary)?;
    new.write_all(DATABASE)?;
    new.sync_all()?;
    // What a database that is gone has left must not be taken for this one's.
    for of_another in ["db-wal", "db-shm"] {
        match fs::remove_file(file.with_extension(of_another)) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    fs::rename(temporary, file)
}

fn refusal(file: &Path, error: &io::Error) -> StoreError {
    let path = file.parent().unwrap_or(file).to_owned();
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => StoreError::NoRoom { path },
        _ => StoreError::Folder { path, reason: error.to_string() },
    }
}

#[cfg(test)]
mod tests;
