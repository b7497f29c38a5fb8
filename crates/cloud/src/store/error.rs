//! What can go wrong below the services, as sentences a person can act on.

use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

/// Why the store could not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The folder can't be created, opened or locked.
    #[error("the data folder `{path}` can't be used: {reason}; check its permissions or choose another folder", path = path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
    /// Another process has the folder.
    #[error("the data folder `{path}` is in use by another taxiway process; stop that one or choose another folder", path = path.display())]
    Locked {
        /// The folder.
        path: PathBuf,
    },
    /// The file is not an SQLite database.
    #[error("`{path}` is not a Taxiway database; nothing was changed: move the file away to start empty, or choose another folder", path = path.display())]
    NotADatabase {
        /// The file.
        path: PathBuf,
    },
    /// The file is an SQLite database whose content makes no sense.
    #[error("`{path}` is damaged ({reason}); nothing was changed: restore a copy of it, or move the file away to start empty", path = path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What the check found.
        reason: String,
    },
    /// The write-ahead log beside the database makes no sense, though the database cannot do without it.
    #[error("`{path}` is damaged ({reason}); nothing was changed: restore a copy of the data folder, or move the folder away to start empty", path = path.display())]
    DamagedLog {
        /// The file.
        path: PathBuf,
        /// What the check found.
        reason: String,
    },
    /// A newer Taxiway wrote the file.
    #[error("`{path}` was written by a newer Taxiway (schema {found}, this one knows up to {known}); nothing was changed: use that version, or choose another folder", path = path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// The schema version in it.
        found: i64,
        /// The newest schema version this program knows.
        known: i64,
    },
    /// No room to begin in.
    #[error("the disk that holds the data folder `{path}` is full; nothing was changed: free some space and start again", path = path.display())]
    NoRoom {
        /// The folder.
        path: PathBuf,
    },
    /// No room.
    #[error(
        "the disk that holds the data folder is full; nothing of this request was kept: free some space and send it again"
    )]
    Full,
    /// The disk failed.
    #[error(
        "the disk that holds the data folder failed ({reason}); nothing of this request was kept: check the disk and send it again"
    )]
    Disk {
        /// What SQLite said.
        reason: String,
    },
    /// The database turned out to be damaged while it was in use.
    #[error(
        "`cloud.db` in the data folder is damaged ({reason}); stop, restore a copy of the data folder, or start with an empty one"
    )]
    Corrupt {
        /// What SQLite said.
        reason: String,
    },
    /// A statement was refused.
    #[error("the database refused a statement: {reason}; this is a fault of Taxiway, please report it")]
    Statement {
        /// What SQLite said.
        reason: String,
    },
    /// There is nothing to do the work in the background.
    #[error(
        "the cloud has to be opened inside a Tokio runtime; this is a fault of Taxiway, please report it"
    )]
    NoRuntime,
    /// The store has been closed.
    #[error("the cloud is shutting down; send the request again when it is back")]
    Closed,
}

impl StoreError {
    /// The same with the database's name in it, for what is found while it is being opened.
    pub(crate) fn of(self, database: &Path) -> Self {
        match self {
            Self::Corrupt { reason } => Self::Damaged { path: database.to_owned(), reason },
            other => other,
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        let reason = error.to_string();
        match error.sqlite_error_code() {
            _ if finds_no_room(&error) => Self::Full,
            Some(
                ErrorCode::SystemIoFailure
                | ErrorCode::CannotOpen
                | ErrorCode::ReadOnly
                | ErrorCode::PermissionDenied
                | ErrorCode::OutOfMemory,
            ) => Self::Disk { reason },
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Corrupt { reason },
            _ => Self::Statement { reason },
        }
    }
}

/// Whether the disk is full. Where the index of the log finds no room, SQLite has a code of its own for it.
pub(super) fn finds_no_room(error: &rusqlite::Error) -> bool {
    let code = error.sqlite_error();
    code.is_some_and(|code| {
        code.code == ErrorCode::DiskFull || code.extended_code == rusqlite::ffi::SQLITE_IOERR_SHMSIZE
    })
}
