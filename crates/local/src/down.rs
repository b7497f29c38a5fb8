//! `down`: stop what runs and end what an earlier run left, whether its `up` still lives or not.

use std::path::Path;

/// What `down` found and did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Down {
    /// The system ran and was stopped gracefully.
    Stopped,
    /// `up` was dead; so many processes it had left were ended.
    Orphans(usize),
    /// Nothing ran.
    Nothing,
}

/// Why something may still run.
#[derive(Debug, thiserror::Error)]
pub enum DownError {
    /// `up` lives and does not answer.
    #[error(
        "`up` (pid {pid}) does not stop: {reason}; `kill {pid}` asks it again, `kill -9 {pid}` and then `taxiway down` ends it for sure"
    )]
    Stuck {
        /// Its process id.
        pid: u32,
        /// What was tried.
        reason: String,
    },
}

/// Stops the system of `directory` and ends every process an earlier run left.
///
/// # Errors
/// When `up` lives and cannot be stopped.
pub async fn down(directory: &Path) -> Result<Down, DownError> {
    todo!()
}
