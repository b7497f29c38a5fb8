//! The folder: made, locked against a second process, and removed again when it was only temporary.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, FileExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;
use rustix::process::geteuid;
use tempfile::TempDir;

use super::StoreError;
use crate::settings::{Data, Durability};

/// The number of this run of the system's, which is another after each start of the machine (`man 4 random`).
const BOOT: &str = "/proc/sys/kernel/random/boot_id";

/// The file in the folder that its process has locked.
const LOCK: &str = "lock";

/// What the names of temporary folders begin with.
const TEMPORARY: &str = "taxiway-cloud-";

/// A temporary folder that was changed within this time may belong to a process that has yet to lock it.
const YOUNG: Duration = Duration::from_secs(60);

/// A folder this process alone uses.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
    /// How many folders were made for it, itself among them.
    made: usize,
    past: Past,
    held: Mutex<Held>,
}

/// What is known of the folder's last use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Past {
    /// There is no note of one.
    Unknown,
    /// The machine has been running all along since: what processes wrote is all there.
    SameMachine,
    /// The machine has been started since, perhaps because it lost power.
    Restarted,
}

/// What has to be given back: the lock, and the folder where it was temporary.
#[derive(Debug, Default)]
struct Held {
    lock: Option<File>,
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

    pub(super) fn past(&self) -> Past {
        self.past
    }

    /// What is here has been found right: notes so for the next start, and makes the folder as durable as it must be.
    pub(super) fn opened(&self, durability: Durability) -> Result<(), StoreError> {
        if let Err(problem) = self.note_machine() {
            tracing::debug!(%problem, "the next start cannot tell whether the machine has been restarted");
        }
        match durability {
            Durability::ProcessCrash => Ok(()),
            Durability::PowerLoss => {
                self.sync().map_err(|error| StoreError::Disk { reason: error.to_string() })
            }
        }
    }

    /// Gives the lock back and removes a temporary folder. Dropping it does the same.
    pub(super) fn release(&self) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        *held = Held::default();
    }

    fn note_machine(&self) -> io::Result<()> {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        match (&held.lock, boot()) {
            (Some(lock), Some(boot)) => lock.write_all_at(boot.as_bytes(), 0),
            _ => Ok(()),
        }
    }

    /// Puts the folder itself on the disk, and what it is reached by where that was made.
    fn sync(&self) -> io::Result<()> {
        self.path.ancestors().take(self.made + 1).try_for_each(|folder| File::open(folder)?.sync_all())
    }

    fn directory(path: &Path) -> Result<Self, StoreError> {
        let refused =
            |error: std::io::Error| StoreError::Folder { path: path.to_owned(), reason: error.to_string() };
        let made = path.ancestors().take_while(|folder| !folder.exists()).count();
        DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(refused)?;
        let lock = take_lock(path)?;
        let path = path.canonicalize().map_err(refused)?;
        let past = past(&path.join(LOCK));
        Ok(Self { path, made, past, held: Mutex::new(Held { lock: Some(lock), _temporary: None }) })
    }

    fn temporary() -> Result<Self, StoreError> {
        let place = std::env::temp_dir();
        remove_abandoned(&place);
        let folder = tempfile::Builder::new()
            .prefix(TEMPORARY)
            .tempdir_in(&place)
            .map_err(|error| StoreError::Folder { path: place, reason: error.to_string() })?;
        let path = folder.path().to_owned();
        let held = Mutex::new(Held { lock: Some(take_lock(&path)?), _temporary: Some(folder) });
        Ok(Self { path, made: 1, past: Past::Unknown, held })
    }
}

/// Removes the temporary folders of processes that were killed: their locks are nobody's. A folder that was only just made
/// may not have its lock yet, so it is left alone.
fn remove_abandoned(place: &Path) {
    let Ok(entries) = std::fs::read_dir(place) else { return };
    let temporary = entries.flatten().filter(|entry| {
        entry.file_name().as_encoded_bytes().starts_with(TEMPORARY.as_bytes())
            && entry.metadata().is_ok_and(|entry| {
                let age = entry.modified().ok().and_then(|made| made.elapsed().ok());
                entry.is_dir() && entry.uid() == geteuid().as_raw() && age.is_some_and(|age| age > YOUNG)
            })
    });
    for folder in temporary.map(|entry| entry.path()).filter(|folder| folder.join(LOCK).is_file()) {
        if let Ok(_lock) = take_lock(&folder)
            && let Err(problem) = std::fs::remove_dir_all(&folder)
        {
            tracing::debug!(%problem, folder = %folder.display(), "what a killed process left is still there");
        }
    }
}

fn past(noted: &Path) -> Past {
    match (std::fs::read_to_string(noted), boot()) {
        (Ok(then), _) if then.is_empty() => Past::Unknown,
        (Ok(then), Some(now)) if then == now => Past::SameMachine,
        (Ok(_), Some(_)) => Past::Restarted,
        _ => Past::Unknown,
    }
}

fn boot() -> Option<String> {
    std::fs::read_to_string(BOOT).ok()
}

fn take_lock(folder: &Path) -> Result<File, StoreError> {
    let refused = |reason: String| StoreError::Folder { path: folder.to_owned(), reason };
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(folder.join(LOCK))
        .map_err(|error| refused(error.to_string()))?;
    match flock(&file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(file),
        Err(Errno::WOULDBLOCK) => Err(StoreError::Locked { path: folder.to_owned() }),
        Err(error) => Err(refused(error.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::*;

    #[test]
    fn what_killed_processes_left_is_removed_and_nothing_else() {
        let place = tempfile::tempdir().unwrap();
        let make = |name: &str, age: Duration| {
            let path = place.path().join(name);
            std::fs::create_dir(&path).unwrap();
            let lock = take_lock(&path).unwrap();
            File::open(&path).unwrap().set_modified(SystemTime::now() - age).unwrap();
            (path, lock)
        };
        let (abandoned, lock) = make("taxiway-cloud-a", 2 * YOUNG);
        drop(lock);
        let (used, _lock) = make("taxiway-cloud-b", 2 * YOUNG);
        let (young, lock) = make("taxiway-cloud-c", Duration::ZERO);
        drop(lock);
        let (others, lock) = make("cloud", 2 * YOUNG);
        drop(lock);
        let bare = place.path().join("taxiway-cloud-d");
        std::fs::create_dir(&bare).unwrap();
        File::open(&bare).unwrap().set_modified(SystemTime::now() - 2 * YOUNG).unwrap();
        remove_abandoned(place.path());
        let there: Vec<bool> =
            [abandoned, used, young, others, bare].iter().map(|path| path.exists()).collect();
        assert_eq!(there, [false, true, true, true, true]);
    }
}
