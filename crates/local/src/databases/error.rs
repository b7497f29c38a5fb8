//! Why a database cannot be had, each with what to do.

use std::io;

use crate::ports::NoFreePort;
use crate::processes;
use crate::project::ProjectError;

/// Why a database cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// Only the caller can have it, and their environment does not say where it is.
    #[error(
        "resource `{resource}` is a {kind} database of yours{}, which Taxiway does not start; \
         set {variables} in your environment and run `taxiway up` again",
        because(.kind)
    )]
    NotGiven {
        /// Its name in the manifest.
        resource: String,
        /// `postgres`, `mongodb`, `redis`.
        kind: &'static str,
        /// The variables that services get and the caller does not have.
        variables: String,
    },
    /// The caller's environment says only a part.
    #[error(
        "your environment says where resource `{resource}` is, and not all of it: set {variables} too, \
         or a URL that holds it"
    )]
    HalfGiven {
        /// Its name in the manifest.
        resource: String,
        /// The variables that are missing.
        variables: String,
    },
    /// Its program is not there.
    #[error(
        "resource `{resource}` is a {kind} database, and {program} is not installed here: \
         install it (Debian and Ubuntu: `apt-get install {package}`), or set {variable} in your environment to a \
         server of yours, and run `taxiway up` again"
    )]
    NotInstalled {
        /// Its name in the manifest.
        resource: String,
        /// `postgres`, `redis`.
        kind: &'static str,
        /// What is missing, as people call it.
        program: &'static str,
        /// Debian's package.
        package: String,
        /// The variable that gives another server's URL.
        variable: String,
    },
    /// Its data was made by a version that is not here.
    #[error(
        "the data of `{resource}` was made by PostgreSQL {data}, and here is {here}: install PostgreSQL {data} \
         (Debian and Ubuntu: `apt-get install postgresql-{data}`), or move {folder} away to begin with an empty database"
    )]
    OtherVersion {
        /// Its name in the manifest.
        resource: String,
        /// The version of the data.
        data: u32,
        /// The versions that are installed.
        here: String,
        /// Where the data is.
        folder: String,
    },
    /// The port it must keep is taken.
    #[error("port {port}, which `{resource}` must keep, is taken{}; stop that and run `taxiway up` again", holder(*.port))]
    PortTaken {
        /// Its name in the manifest.
        resource: String,
        /// The port.
        port: u16,
    },
    /// The password of data that is there is gone.
    #[error(
        "the data of `{resource}` is in {folder}, and its file `password` is not; put it back, or move the folder \
         away to begin with an empty database"
    )]
    PasswordLost {
        /// Its name in the manifest.
        resource: String,
        /// Where the data is.
        folder: String,
    },
    /// An empty database could not be made.
    #[error("cannot make the database `{resource}`: {reason}{log}")]
    NotMade {
        /// Its name in the manifest.
        resource: String,
        /// How it ended, and what to do.
        reason: String,
        /// The last lines that were printed, each on a line of its own.
        log: String,
    },
    /// Something under `.taxiway/` cannot be made or written.
    #[error(transparent)]
    Project(#[from] ProjectError),
    /// No port is left.
    #[error(transparent)]
    NoFreePort(#[from] NoFreePort),
    /// The system has no random numbers.
    #[error("cannot make a password for `{resource}`: {reason}")]
    Random {
        /// Its name in the manifest.
        resource: String,
        /// The system's answer.
        reason: String,
    },
    /// A file that is there cannot be read.
    #[error("cannot read {path}: {source}")]
    Read {
        /// Its path.
        path: String,
        /// The system's answer.
        source: io::Error,
    },
}

/// Who has a port, where that can be seen: ` by `name` (pid 7)`.
pub(super) fn holder(port: u16) -> String {
    processes::listener_on(port).map(|(pid, name)| format!(" by `{name}` (pid {pid})")).unwrap_or_default()
}

fn because(kind: &str) -> &'static str {
    match kind {
        "mongodb" => " (`provider: external`, or a login that the local cloud does not have)",
        _ => " (`provider: external`)",
    }
}
