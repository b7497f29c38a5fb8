//! Reads the replicas' log files: what is there, then what comes. Works also when `up` is dead.

use std::path::Path;

use serde::Serialize;
use tokio::sync::mpsc;

/// One line a replica printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LogLine {
    /// Its service.
    pub service: String,
    /// The replica, `api-1`.
    pub replica: String,
    /// When it was read from the replica, RFC 3339 in UTC with milliseconds.
    pub time: String,
    /// What was printed.
    pub text: String,
}

/// Which lines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LogQuery {
    /// Of these services; empty means all.
    pub services: Vec<String>,
    /// So many of the last lines of each replica.
    pub tail: usize,
    /// Go on as new lines come, until the receiver goes away.
    pub follow: bool,
}

/// Why there are no lines.
#[derive(Debug, thiserror::Error)]
pub enum LogsError {
    /// No service of that name ever ran here.
    #[error("there is no log of service `{service}`; there are logs of {known}")]
    UnknownService {
        /// The name that was asked for.
        service: String,
        /// Names that have logs.
        known: String,
    },
    /// Nothing ever ran here.
    #[error("there are no logs in {directory}; `taxiway up {directory}` makes some")]
    NoLogs {
        /// The folder that was asked about.
        directory: String,
    },
    /// A file could not be read.
    #[error("cannot read {path}: {source}")]
    Read {
        /// Its path.
        path: String,
        /// The system's answer.
        source: std::io::Error,
    },
}

/// Sends the lines that match `query` to `lines`, in the order of their times.
///
/// # Errors
/// When there are no logs, or none of a service that was named, or a file cannot be read.
pub async fn logs(directory: &Path, query: &LogQuery, lines: mpsc::Sender<LogLine>) -> Result<(), LogsError> {
    todo!()
}
