//! `up -d`: a caller that starts `up` in the background and watches it until it is ready or has failed.
//!
//! The background process writes its events as JSON lines to standard output, which is a pipe to the caller. The caller
//! reads until `ready` or `failed`, then leaves; from then on what is written goes nowhere, and `.taxiway/up.log` has
//! every event.

use std::ffi::OsString;
use std::io::ErrorKind;
use std::path::Path;
use std::process::Stdio;

use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::Command;
use tokio::sync::mpsc;

use crate::Event;
use crate::process::Outcome;

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
    let failed = |source| DaemonError::Spawn { program: program.display().to_string(), source };
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().map_err(failed)?;
    let pid = child.id().unwrap_or_default();
    let mut lines =
        BufReader::new(child.stdout.take().ok_or_else(|| failed(ErrorKind::BrokenPipe.into()))?).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        let Ok(event) = serde_json::from_str::<Event>(&line) else { continue };
        let _nobody_watches = events.send(event.clone()).await;
        match event {
            Event::Ready { .. } => return Ok(Launched { pid }),
            Event::Failed { message } => return Err(DaemonError::Failed(message)),
            _ => {}
        }
    }
    let outcome = Outcome::from(child.wait().await).to_string();
    Err(DaemonError::Ended { outcome })
}
