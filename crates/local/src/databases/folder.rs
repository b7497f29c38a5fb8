//! Where a database's program keeps its data: `.taxiway/<kind>/<resource>/`, its user's own, and the password beside it.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, chown};
use std::path::{Path, PathBuf};

use super::DatabaseError;
use crate::account::Account;
use crate::project::{ProjectError, make_private};
use crate::secret::SecretValue;

/// A database's folder.
#[derive(Debug, Clone)]
pub(super) struct Folder {
    pub(super) path: PathBuf,
    /// Who has it, where not ourselves.
    pub(super) account: Option<Account>,
}

impl Folder {
    /// Makes the folder where it is not there; `users` are whom its program runs as where `up` runs as root.
    pub(super) fn open(path: &Path, users: &[&str]) -> Result<Self, ProjectError> {
        let failed = |source| ProjectError::write(path, source);
        make_private(path).map_err(failed)?;
        let folder = Self { path: path.to_owned(), account: Account::for_folder(path, users) };
        folder.hand_over(path).map_err(failed)?;
        Ok(folder)
    }

    /// Makes a folder inside, its user's own.
    pub(super) fn make(&self, name: &str) -> Result<PathBuf, ProjectError> {
        let path = self.path.join(name);
        let made = make_private(&path).and_then(|()| self.hand_over(&path));
        made.map(|()| path.clone()).map_err(|source| ProjectError::write(&path, source))
    }

    /// Writes a file inside that only its user can read.
    pub(super) fn write(&self, name: &str, text: &str) -> Result<PathBuf, ProjectError> {
        let path = self.path.join(name);
        let written = write_private(&path, text).and_then(|()| self.hand_over(&path));
        written.map(|()| path.clone()).map_err(|source| ProjectError::write(&path, source))
    }

    /// The password of the database `resource`: the one that is kept, else a random one, which is kept from now on in a
    /// file that only we can read.
    pub(super) fn password(&self, resource: &str) -> Result<SecretValue, DatabaseError> {
        let path = self.path.join("password");
        match fs::read_to_string(&path) {
            Ok(text) if !text.trim().is_empty() => return Ok(SecretValue::new(text.trim().to_owned())),
            Err(source) if source.kind() != io::ErrorKind::NotFound => {
                return Err(DatabaseError::Read { path: path.display().to_string(), source });
            }
            Ok(_) | Err(_) => {}
        }
        let made = SecretValue::random().map_err(|error| DatabaseError::Random {
            resource: resource.to_owned(),
            reason: error.to_string(),
        })?;
        let temporary = path.with_extension("new");
        let kept = write_private(&temporary, made.reveal()).and_then(|()| fs::rename(&temporary, &path));
        kept.map_err(|source| ProjectError::write(&path, source))?;
        Ok(made)
    }

    fn hand_over(&self, path: &Path) -> io::Result<()> {
        self.account.map_or(Ok(()), |account| chown(path, Some(account.uid), Some(account.gid)))
    }
}

/// Writes a new file that only its owner can read.
fn write_private(path: &Path, text: &str) -> io::Result<()> {
    remove(path)?;
    let mut file = File::options().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// Removes a file that may not be there.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
