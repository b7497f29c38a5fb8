//! `up -d`: a caller that starts `up` in the background and watches it until it is ready or has failed.
//!
//! The background process writes its events as JSON lines to standard output, which is a pipe to the caller. The caller
//! reads until `ready` or `failed`, then leaves; from then on what is written goes nowhere, and `.taxiway/up.log` has
//! every event.

use std::ffi::OsString;
use std::path::Path;

use tokio::sync::mpsc;

use crate::Event;

/// Why the background process did not become ready.
#[derive(Debug, thiserror::Error)]
pub enum DaemonError {
    /// The program could not be started.
    #[error("cannot start `{program}` in the background: {source}")]
    Spawn {
        /// The program.
        program: String,
        /// The system's answer.
        source: std::io::Error,
    },
    /// It said why.
    #[error("{0}")]
    Failed(String),
    /// It ended without a word.
    #[error(
        "the background process ended ({outcome}) before it was ready; `.taxiway/up.log` has its last events"
    )]
    Ended {
        /// How.
        outcome: String,
    },
}

/// A background `up` that is being watched.
#[derive(Debug)]
pub struct Launched {
    /// Its process id.
    pub pid: u32,
}

/// Cuts this process loose from the terminal and session of its caller; the background process calls it first.
///
/// Does nothing where it leads a process group already.
pub fn detach() {
    let _already_leads = rustix::process::setsid();
}

/// Starts `program` with `arguments` in `directory` and hands its events on until it is ready.
///
/// The arguments must lead to `up` with its events written as JSON lines to standard output, and to [`detach`].
/// Returns the process id when it is ready.
///
/// # Errors
/// When it cannot be started, or reports that it failed, or ends.
pub async fn launch(
    program: &Path,
    arguments: &[OsString],
    events: mpsc::Sender<Event>,
) -> Result<Launched, DaemonError> {
    todo!()
}
