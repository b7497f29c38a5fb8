//! A folder of generated files: what in it is as it would be written, and the one place that writes it.
//!
//! A record beside the files says what was written last, so that a file that is no longer generated goes, and one that
//! a person changed is not lost.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read as _};
use std::path::{Component, Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use self::compare::Moments;
pub(crate) use self::compare::{Difference, State};

mod compare;

/// The record's name in the folder.
const RECORD: &str = ".taxiway.json";

/// Files by their paths below the folder, with `/`.
pub(crate) type Files = BTreeMap<String, Vec<u8>>;

/// A folder of generated files.
#[derive(Debug)]
pub(crate) struct Folder {
    root: PathBuf,
    record: Record,
}

/// What was written last: SHA-256 of each file, as hexadecimal digits.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Record {
    files: BTreeMap<String, String>,
}

/// Why the folder can't be read or written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FolderError {
    #[error("{} cannot be read: {reason}", .file.display())]
    Unreadable { file: PathBuf, reason: io::Error },
    #[error("{} cannot be written: {reason}; what was there before is still there", .file.display())]
    Unwritable { file: PathBuf, reason: io::Error },
    #[error("{} is damaged: {reason}; remove it, and compile with --force", .file.display())]
    Record { file: PathBuf, reason: serde_json::Error },
}

impl Folder {
    /// Reads the record, where there is one.
    pub(crate) fn open(root: &Path) -> Result<Self, FolderError> {
        let file = root.join(RECORD);
        let record = match fs::read(&file) {
            Ok(text) => {
                serde_json::from_slice(&text).map_err(|reason| FolderError::Record { file, reason })?
            }
            Err(error) if error.kind() == ErrorKind::NotFound => Record::default(),
            Err(reason) => return Err(FolderError::Unreadable { file, reason }),
        };
        Ok(Self { root: root.to_owned(), record })
    }

    /// What is not as `files` would make it. Files that were written for something else than `concerned` says are left
    /// out.
    pub(crate) fn compare(
        &self,
        files: &Files,
        concerned: impl Fn(&str) -> bool,
    ) -> Result<Vec<Difference>, FolderError> {
        let is_gone = |path: &&String| is_below(path) && concerned(path) && !files.contains_key(*path);
        let gone = self.record.files.keys().filter(is_gone);
        let mut differences = Vec::new();
        for path in files.keys().chain(gone) {
            if let Some(state) = self.state(path, files.get(path))? {
                differences.push(Difference { file: path.clone(), state });
            }
        }
        differences.sort_by(|one, other| one.file.cmp(&other.file));
        Ok(differences)
    }

    /// Writes the files that are missing, stale or edited, removes what is left over, and notes all that in the record.
    pub(crate) fn write(&mut self, files: &Files, differences: &[Difference]) -> Result<(), FolderError> {
        for Difference { file, state } in differences {
            match (state, files.get(file)) {
                (State::LeftOver, _) | (_, None) => self.remove(file)?,
                (_, Some(content)) => self.put(file, content)?,
            }
        }
        self.record.files.extend(files.iter().map(|(path, content)| (path.clone(), sum(content))));
        let mut record = serde_json::to_vec_pretty(&self.record)
            .map_err(|reason| FolderError::Record { file: self.root.join(RECORD), reason })?;
        record.push(b'\n');
        self.put(RECORD, &record)
    }

    /// Those of `starters` whose place is empty.
    pub(crate) fn absent(&self, starters: &Files) -> Result<Vec<Difference>, FolderError> {
        let mut absent = Vec::new();
        for path in starters.keys() {
            if self.sum_of(path)?.is_none() {
                absent.push(Difference { file: path.clone(), state: State::Missing });
            }
        }
        Ok(absent)
    }

    /// Writes files that are somebody's own from then on: the record does not know them.
    pub(crate) fn start(&self, starters: &Files, absent: &[Difference]) -> Result<(), FolderError> {
        for Difference { file, .. } in absent {
            if let Some(content) = starters.get(file) {
                self.put(file, content)?;
            }
        }
        Ok(())
    }

    fn state(&self, path: &str, content: Option<&Vec<u8>>) -> Result<Option<State>, FolderError> {
        let there = self.sum_of(path)?;
        let fresh = content.map(|content| sum(content));
        let before = self.record.files.get(path).map(String::as_str);
        Ok(compare::state(Moments { before, there: there.as_deref(), fresh: fresh.as_deref() }))
    }

    /// The sum of a file that is there, however long it is.
    fn sum_of(&self, path: &str) -> Result<Option<String>, FolderError> {
        let file = self.root.join(path);
        let summed = File::open(&file).and_then(|mut content| {
            let mut digest = Sha256::new();
            io::copy(&mut content, &mut digest).map(|_| hex::encode(digest.finalize()))
        });
        found(file, summed)
    }

    /// What is in a file of the folder, where it is there: at most `most` bytes, and its whole length.
    pub(crate) fn read(&self, path: &str, most: u64) -> Result<Option<(Vec<u8>, u64)>, FolderError> {
        let file = self.root.join(path);
        let read = File::open(&file).and_then(|content| {
            let length = content.metadata()?.len();
            let mut bytes = Vec::new();
            content.take(most).read_to_end(&mut bytes).map(|_| (bytes, length))
        });
        found(file, read)
    }

    /// Whole or not at all.
    fn put(&self, path: &str, content: &[u8]) -> Result<(), FolderError> {
        let file = self.root.join(path);
        let written = || {
            let folder = file.parent().unwrap_or(&self.root);
            fs::create_dir_all(folder)?;
            let temporary = folder.join(format!(".{}.new", sum(path.as_bytes())));
            // Not waited for: what a loss of power takes, another run writes again.
            let kept = fs::write(&temporary, content).and_then(|()| fs::rename(&temporary, &file));
            if kept.is_err() {
                fs::remove_file(&temporary).ok();
            }
            kept
        };
        written().map_err(|reason| FolderError::Unwritable { file: file.clone(), reason })
    }

    /// Removes a file, and folders that are empty then.
    fn remove(&mut self, path: &str) -> Result<(), FolderError> {
        let file = self.root.join(path);
        match fs::remove_file(&file) {
            Err(reason) if reason.kind() != ErrorKind::NotFound => {
                return Err(FolderError::Unwritable { file, reason });
            }
            _ => {}
        }
        for folder in file.ancestors().skip(1).take_while(|folder| *folder != self.root) {
            if fs::remove_dir(folder).is_err() {
                break;
            }
        }
        self.record.files.remove(path);
        Ok(())
    }
}

/// Whether a path of the record stays in the folder: a record is a file like others, and may come from anybody.
fn is_below(path: &str) -> bool {
    Path::new(path).components().all(|part| matches!(part, Component::Normal(_)))
}

/// What a file gave, or nothing where it is not there.
fn found<T>(file: PathBuf, outcome: io::Result<T>) -> Result<Option<T>, FolderError> {
    match outcome {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(reason) => Err(FolderError::Unreadable { file, reason }),
    }
}

fn sum(content: &[u8]) -> String {
    hex::encode(Sha256::digest(content))
}
