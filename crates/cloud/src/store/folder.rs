//! The folder: made, locked against a second process, and removed again when it was only temporary.

use std::fs::{DirBuilder, File, OpenOptions};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;
use tempfile::TempDir;

use super::StoreError;
use crate::settings::Data;

/// A folder this process alone uses.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
    held: Mutex<Held>,
}

/// What has to be given back: the lock, and the folder where it was temporary.
#[derive(Debug, Default)]
struct Held {
    _lock: Option<File>,
    _temporary: Option<TempDir>,
}

impl Folder {
    /// Makes the folder where it is missing and takes its lock.
    pub(super) fn claim(data: &Data) -> Result<Self, StoreError> {
        match data {
            Data::Directory(path) => Self::directory(path),
            Data::Ephemeral => Self::temporary(),
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Gives the lock back and removes a temporary folder. Dropping it does the same.
    pub(super) fn release(&self) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        *held = Held::default();
    }

    fn directory(path: &Path) -> Result<Self, StoreError> {
        let refused =
            |error: std::io::Error| StoreError::Folder { path: path.to_owned(), reason: error.to_string() };
        DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(refused)?;
        let lock = take_lock(path)?;
        let path = path.canonicalize().map_err(refused)?;
        Ok(Self { path, held: Mutex::new(Held { _lock: Some(lock), _temporary: None }) })
    }

    fn temporary() -> Result<Self, StoreError> {
        let folder = tempfile::Builder::new()
            .prefix("taxiway-cloud-")
            .tempdir()
            .map_err(|error| StoreError::Folder { path: std::env::temp_dir(), reason: error.to_string() })?;
        let path = folder.path().to_owned();
        Ok(Self { path, held: Mutex::new(Held { _lock: None, _temporary: Some(folder) }) })
    }
}

fn take_lock(folder: &Path) -> Result<File, StoreError> {
    let refused = |reason: String| StoreError::Folder { path: folder.to_owned(), reason };
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(folder.join("lock"))
        .map_err(|error| refused(error.to_string()))?;
    match flock(&file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(file),
        Err(Errno::WOULDBLOCK) => Err(StoreError::Locked { path: folder.to_owned() }),
        Err(error) => Err(refused(error.to_string())),
    }
}
