//! The bytes of objects, in files named by chance, never by key.
//!
//! A file is written in `objects/incoming/`, its row is committed, then it moves to its place. A process killed
//! before the commit leaves a file in `incoming/` that no row names: the next start removes it. One killed after
//! it leaves a file that a row names: the next start moves it. So what has to be looked at is only what was under way.

use std::fs::File;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use uuid::Uuid;

use crate::settings::Durability;

/// Readers one generation of leases can have; far above what the server admits at a time.
const LEASES: u32 = 1 << 20;

/// The folder of files, and who is reading from it.
#[derive(Debug, Clone)]
pub(super) struct Blobs {
    folder: Arc<PathBuf>,
    durability: Durability,
    generation: Arc<Mutex<Arc<Semaphore>>>,
}

/// Keeps every file that a row named when it was taken. Take it before reading the row.
#[derive(Debug)]
pub(super) struct Lease {
    _held: Option<OwnedSemaphorePermit>,
}

/// A file being written. Dropped, it is gone.
#[derive(Debug)]
pub(super) struct Staged {
    blobs: Blobs,
    name: String,
    fate: Fate,
}

/// A file that a row names is not what was written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the bytes of this object are damaged: `{file}` in the data folder {loss}; restore a copy of that file, or put the \
     object again"
)]
pub(super) struct Damaged {
    /// Its path in the data folder.
    file: String,
    loss: Loss,
}

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
enum Loss {
    #[error("is gone")]
    Gone,
    /// Both in bytes.
    #[error("has {found} bytes instead of {expected}")]
    Length { found: u64, expected: u64 },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Discard,
    Keep,
}

impl Blobs {
    /// Makes the folder and settles what an earlier process left under way; `is_named` asks whether a row names a file.
    pub(super) fn open(
        data: &Path,
        durability: Durability,
        is_named: impl Fn(&str) -> bool,
    ) -> io::Result<Self> {
        let folder = Arc::new(data.join("objects"));
        let generation = Arc::new(Mutex::new(new_generation()));
        let blobs = Self { folder, durability, generation };
        let incoming = blobs.incoming("");
        std::fs::create_dir_all(&incoming)?;
        if durability == Durability::PowerLoss {
            for folder in [&incoming, &*blobs.folder, data] {
                File::open(folder)?.sync_all()?;
            }
        }
        for entry in std::fs::read_dir(&incoming)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if is_named(&name) { blobs.settle(&name)? } else { std::fs::remove_file(entry.path())? }
        }
        Ok(blobs)
    }

    /// Begins a file.
    pub(super) fn stage(&self) -> io::Result<(Staged, File)> {
        let name = Uuid::new_v4().simple().to_string();
        let file = File::create_new(self.incoming(&name))?;
        Ok((Staged { blobs: self.clone(), name, fate: Fate::Discard }, file))
    }

    /// Begins a file that is another name of one that is there, of `size` bytes.
    pub(super) fn stage_link(&self, of: &str, size: u64) -> io::Result<Staged> {
        let file = self.open_file(of, size)?;
        let name = Uuid::new_v4().simple().to_string();
        let link = |from: PathBuf| std::fs::hard_link(from, self.incoming(&name));
        match link(self.place(of)) {
            Err(error) if error.kind() == ErrorKind::NotFound => link(self.incoming(of))?,
            linked => linked?,
        }
        let staged = Staged { blobs: self.clone(), name, fate: Fate::Discard };
        staged.finish(&file)?;
        Ok(staged)
    }

    /// Keeps what is there from being removed while something reads it.
    pub(super) fn lease(&self) -> Lease {
        let generation = self.generation.lock().unwrap_or_else(PoisonError::into_inner);
        Lease { _held: Arc::clone(&generation).try_acquire_owned().ok() }
    }

    /// Waits until every lease taken so far has ended.
    pub(super) async fn leases_ended(&self) {
        let old = {
            let mut generation = self.generation.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::replace(&mut *generation, new_generation())
        };
        drop(old.acquire_many(LEASES).await);
    }

    /// Opens a file that a row names, and says is of `size` bytes.
    ///
    /// # Errors
    /// With [`Damaged`] in it where the file is not what the row says.
    pub(super) fn open_file(&self, name: &str, size: u64) -> io::Result<File> {
        let file = self.find_file(name).map_err(|error| match error.kind() {
            ErrorKind::NotFound => self.damaged(name, Loss::Gone),
            _ => error,
        })?;
        let found = file.metadata()?.len();
        if found == size { Ok(file) } else { Err(self.damaged(name, Loss::Length { found, expected: size })) }
    }

    /// Removes a file no row names. One that is gone already is fine.
    pub(super) fn remove(&self, name: &str) -> io::Result<()> {
        for path in [self.incoming(name), self.place(name)] {
            match std::fs::remove_file(path) {
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }

    fn find_file(&self, name: &str) -> io::Result<File> {
        // It may be moving from one place to the other right now.
        match File::open(self.place(name)) {
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            opened => return opened,
        }
        match File::open(self.incoming(name)) {
            Err(error) if error.kind() == ErrorKind::NotFound => File::open(self.place(name)),
            opened => opened,
        }
    }

    fn damaged(&self, name: &str, loss: Loss) -> io::Error {
        let place = self.place(name);
        let place = self.folder.parent().and_then(|data| place.strip_prefix(data).ok()).unwrap_or(&place);
        io::Error::new(ErrorKind::InvalidData, Damaged { file: place.display().to_string(), loss })
    }

    fn settle(&self, name: &str) -> io::Result<()> {
        let (from, to) = (self.incoming(name), self.place(name));
        match std::fs::rename(&from, &to) {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                std::fs::create_dir_all(to.parent().unwrap_or(&self.folder))?;
                std::fs::rename(from, to)
            }
            moved => moved,
        }
    }

    fn incoming(&self, name: &str) -> PathBuf {
        self.folder.join("incoming").join(name)
    }

    fn place(&self, name: &str) -> PathBuf {
        self.folder.join(name.get(..2).unwrap_or("00")).join(name)
    }
}

impl Staged {
    /// What rows call it.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Makes it as durable as the settings promise. After this it may be committed.
    pub(super) fn finish(&self, file: &File) -> io::Result<()> {
        if self.blobs.durability == Durability::PowerLoss {
            file.sync_all()?;
            File::open(self.blobs.incoming(""))?.sync_all()?;
        }
        Ok(())
    }

    /// Its row is committed: moves it to its place. Where that fails it is found where it is.
    pub(super) fn keep(mut self) {
        self.fate = Fate::Keep;
        if let Err(problem) = self.blobs.settle(&self.name) {
            tracing::warn!(%problem, "an object's file stays in the incoming folder until the next start");
        }
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        if self.fate == Fate::Discard
            && let Err(problem) = self.blobs.remove(&self.name)
        {
            tracing::warn!(%problem, "a file nobody needs could not be removed; the next start tries again");
        }
    }
}

fn new_generation() -> Arc<Semaphore> {
    Arc::new(Semaphore::new(LEASES as usize))
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};

    use super::*;

    fn open(folder: &Path, named: &[&str]) -> Blobs {
        Blobs::open(folder, Durability::PowerLoss, |name| named.contains(&name)).unwrap()
    }

    fn write(blobs: &Blobs) -> Staged {
        let (staged, mut file) = blobs.stage().unwrap();
        file.write_all(b"bytes").unwrap();
        staged.finish(&file).unwrap();
        staged
    }

    fn content(blobs: &Blobs, name: &str) -> String {
        let mut text = String::new();
        blobs.open_file(name, 5).unwrap().read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn a_file_is_kept_or_gone() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = open(folder.path(), &[]);
        let (kept, dropped) = (write(&blobs), write(&blobs));
        let names = (kept.name().to_owned(), dropped.name().to_owned());
        assert_eq!(content(&blobs, &names.0), "bytes");
        kept.keep();
        drop(dropped);
        assert_eq!(content(&blobs, &names.0), "bytes");
        assert!(blobs.open_file(&names.1, 5).is_err());
        blobs.remove(&names.0).unwrap();
        blobs.remove(&names.0).unwrap();
        assert!(blobs.open_file(&names.0, 5).is_err());
    }

    #[test]
    fn a_start_settles_what_was_under_way() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = open(folder.path(), &[]);
        let (committed, lost) = (write(&blobs), write(&blobs));
        let names = (committed.name().to_owned(), lost.name().to_owned());
        // What a killed process leaves: nothing dropped, nothing moved.
        std::mem::forget((committed, lost));
        let blobs = open(folder.path(), &[&names.0]);
        assert_eq!(content(&blobs, &names.0), "bytes");
        assert!(blobs.open_file(&names.1, 5).is_err());
        assert_eq!(std::fs::read_dir(blobs.incoming("")).unwrap().count(), 0);
    }

    #[tokio::test]
    async fn leases_are_waited_for_and_new_ones_are_not() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = open(folder.path(), &[]);
        let early = blobs.lease();
        let waiting = tokio::spawn({
            let blobs = blobs.clone();
            async move { blobs.leases_ended().await }
        });
        tokio::task::yield_now().await;
        let _late = blobs.lease();
        assert!(!waiting.is_finished());
        drop(early);
        waiting.await.unwrap();
    }
}
