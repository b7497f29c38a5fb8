//! The project's folder: what is kept under `.taxiway/`, and who may use it.

use std::fs::{self, File, TryLockError};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

/// A folder with a manifest, and the paths of what is kept for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Project {
    directory: PathBuf,
    marker: String,
}

/// Held while `up` or a cleaning `down` uses the project; ends with its process, however that ends.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

/// What asking for the lock led to.
#[derive(Debug)]
pub(crate) enum Locking {
    /// It is ours now.
    Ours(Lock),
    /// Another process has it; its id, where it could be read.
    Theirs(Option<u32>),
}

/// Why a project's folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ProjectError {
    /// There is no such folder.
    #[error("cannot use the folder {path}: {source}; give the folder of taxiway.yaml")]
    NoFolder {
        /// Its path.
        path: String,
        /// The system's answer.
        source: io::Error,
    },
    /// Something under `.taxiway/` cannot be made or written.
    #[error(
        "cannot write {path}: {source}; free some space or give yourself the right to write there, then try again"
    )]
    Write {
        /// Its path.
        path: String,
        /// The system's answer.
        source: io::Error,
    },
}

impl ProjectError {
    pub(crate) fn write(path: &Path, source: io::Error) -> Self {
        Self::Write { path: path.display().to_string(), source }
    }
}

impl Project {
    /// The project of a folder that exists.
    pub(crate) fn find(directory: &Path) -> Result<Self, ProjectError> {
        let directory = directory
            .canonicalize()
            .map_err(|source| ProjectError::NoFolder { path: directory.display().to_string(), source })?;
        let digest = Sha256::digest(directory.as_os_str().as_encoded_bytes());
        let marker = hex::encode(digest).chars().take(16).collect();
        Ok(Self { directory, marker })
    }

    /// Makes `.taxiway/`, readable by its owner only, and keeps it out of version control.
    pub(crate) fn create(&self) -> Result<(), ProjectError> {
        let folder = self.folder();
        make_private(&folder).map_err(|source| ProjectError::write(&folder, source))?;
        let ignore = folder.join(".gitignore");
        if !ignore.exists() {
            fs::write(&ignore, "*\n").map_err(|source| ProjectError::write(&ignore, source))?;
        }
        Ok(())
    }

    /// Asks for the lock without waiting. The folder must have been created.
    pub(crate) fn lock(&self) -> Result<Locking, ProjectError> {
        let path = self.folder().join("lock");
        let fail = |source| ProjectError::write(&path, source);
        let mut file =
            File::options().read(true).write(true).create(true).truncate(false).open(&path).map_err(fail)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(Locking::Theirs(read_pid(&mut file))),
            Err(TryLockError::Error(source)) => return Err(fail(source)),
        }
        write_pid(&mut file).map_err(fail)?;
        Ok(Locking::Ours(Lock { _file: file }))
    }

    /// The folder of the manifest, absolute.
    pub(crate) fn directory(&self) -> &Path {
        &self.directory
    }

    /// Tells this project's processes from all others: the value of `TAXIWAY_PROJECT` in their environment.
    pub(crate) fn marker(&self) -> &str {
        &self.marker
    }

    /// `.taxiway/`.
    pub(crate) fn folder(&self) -> PathBuf {
        self.directory.join(".taxiway")
    }

    /// Where the replicas' logs are.
    pub(crate) fn logs(&self) -> PathBuf {
        self.folder().join("logs")
    }

    /// Where the program of a database keeps its data; `kind` is the manifest's word for it.
    pub(crate) fn database(&self, kind: &str, resource: &str) -> PathBuf {
        self.folder().join(kind).join(resource)
    }

    /// Where the cloud keeps its data.
    pub(crate) fn cloud(&self) -> PathBuf {
        self.folder().join("cloud")
    }

    /// The state a crash leaves.
    pub(crate) fn state(&self) -> PathBuf {
        self.folder().join("state.json")
    }

    /// The events of the last run.
    pub(crate) fn events(&self) -> PathBuf {
        self.folder().join("up.log")
    }
}

/// Makes a folder that only its owner can enter; an existing one is left as it is.
pub(crate) fn make_private(folder: &Path) -> io::Result<()> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

fn read_pid(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.take(32).read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}

fn write_pid(file: &mut File) -> io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    writeln!(file, "{}", std::process::id())
}

#[cfg(test)]
mod tests {
    use super::{Locking, Project};

    #[test]
    fn a_second_lock_names_the_first_ones_process() {
        let folder = tempfile::tempdir().unwrap();
        let project = Project::find(folder.path()).unwrap();
        project.create().unwrap();
        let first = project.lock().unwrap();
        assert!(matches!(first, Locking::Ours(_)));
        assert!(matches!(project.lock().unwrap(), Locking::Theirs(Some(pid)) if pid == std::process::id()));
        drop(first);
        assert!(matches!(project.lock().unwrap(), Locking::Ours(_)));
    }

    #[test]
    fn two_folders_have_two_markers() {
        let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let marker = |folder: &tempfile::TempDir| Project::find(folder.path()).unwrap().marker().to_owned();
        assert_ne!(marker(&one), marker(&other));
        assert_eq!(marker(&one), marker(&one));
    }
}
