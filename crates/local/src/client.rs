//! What the other commands ask of a running `up`, through its control socket, and of its logs.

use std::collections::BTreeMap;
use std::path::Path;

use tokio::sync::mpsc;

use crate::{Event, Status};

pub use self::logs::{LogLine, LogQuery, LogsError, logs};

mod logs;

/// Why a running `up` gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// No `up` runs there.
    #[error("nothing runs in {directory}; `taxiway up {directory}` starts it")]
    NotRunning {
        /// The folder that was asked about.
        directory: String,
    },
    /// It refused, and says why.
    #[error("{0}")]
    Refused(String),
    /// The conversation broke off.
    #[error("`up` in {directory} did not answer: {reason}")]
    Broken {
        /// The folder that was asked about.
        directory: String,
        /// What happened.
        reason: String,
    },
}

/// The system at this moment.
///
/// # Errors
/// When no `up` runs in `directory` or it does not answer.
pub async fn status(directory: &Path) -> Result<Status, ClientError> {
    todo!()
}

/// Replaces the replicas of `service` one after another; returns when the last new one is healthy.
///
/// What happens meanwhile goes to `events`.
///
/// # Errors
/// When no `up` runs in `directory`, there is no such service, or the new replica does not become healthy; the old
/// ones that are left go on serving then.
pub async fn restart(
    directory: &Path,
    service: &str,
    events: mpsc::Sender<Event>,
) -> Result<(), ClientError> {
    todo!()
}

/// What a replica of `service` has in its environment, secrets' values included. `PORT` is its first replica's.
///
/// # Errors
/// When no `up` runs in `directory` or there is no such service.
pub async fn exec_environment(
    directory: &Path,
    service: &str,
) -> Result<BTreeMap<String, String>, ClientError> {
    todo!()
}

/// Asks the running `up` to stop and returns when it has.
///
/// # Errors
/// When no `up` runs in `directory` or it does not answer.
pub async fn stop(directory: &Path) -> Result<(), ClientError> {
    todo!()
}
