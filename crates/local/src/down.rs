//! `down`: stop what runs and end what an earlier run left, whether its `up` still lives or not.

use std::path::Path;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tokio::time::{Instant, sleep};

use crate::orphans::Unkillable;
use crate::project::{Lock, Locking, Project, ProjectError};
use crate::state::{State, StateError, set_aside};
use crate::{client, orphans, socket};

/// How long `up` may take: the longest stop timeout and drain a manifest may ask for, and some.
const PATIENCE: Duration = Duration::from_secs(15 * 60);
const POLL: Duration = Duration::from_millis(20);

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
    /// `up` lives and does not stop.
    #[error("`up` (pid {pid}) does not stop; `kill -9 {pid}` and then `taxiway down` ends it for sure")]
    Stuck {
        /// Its process id.
        pid: u32,
    },
    /// The project's folder cannot be used.
    #[error(transparent)]
    Project(#[from] ProjectError),
    /// What an earlier run left cannot be read.
    #[error(transparent)]
    State(#[from] StateError),
    /// What an earlier run left cannot be ended.
    #[error(transparent)]
    Unkillable(#[from] Unkillable),
}

/// Stops the system of `directory` and ends every process an earlier run left. A damaged state is set aside.
///
/// # Errors
/// When `up` lives and cannot be stopped, or what it left cannot be found or ended.
pub async fn down(directory: &Path) -> Result<Down, DownError> {
    let project = Project::find(directory)?;
    if !project.folder().is_dir() {
        return Ok(Down::Nothing);
    }
    let (ran, _lock) = match project.lock()? {
        Locking::Ours(lock) => (false, lock),
        Locking::Theirs(pid) => (true, stop(&project, directory, pid).await?),
    };
    let ended = clean(&project).await?;
    Ok(match (ran, ended) {
        (true, _) => Down::Stopped,
        (false, 0) => Down::Nothing,
        (false, ended) => Down::Orphans(ended),
    })
}

/// Ends what an earlier run left and forgets it. Only for the holder of the lock.
async fn clean(project: &Project) -> Result<usize, DownError> {
    let path = project.state();
    let state = match State::load(&path) {
        Ok(state) => Some(state),
        Err(StateError::Damaged { .. }) => None,
        Err(error) => return Err(error.into()),
    };
    let ended = orphans::end(project, state.as_ref()).await?;
    match state {
        Some(mut state) if !state.processes.is_empty() => {
            state.processes.clear();
            // They have ended. Where this can't be written, the next run looks again and finds nobody.
            let _found_again = state.save(&path);
        }
        Some(_) => {}
        None => drop(set_aside(&path)?),
    }
    let _not_there = std::fs::remove_file(socket::path(project));
    Ok(ended)
}

/// Asks the `up` that holds the lock to stop, and takes the lock when it has.
async fn stop(project: &Project, directory: &Path, pid: Option<u32>) -> Result<Lock, DownError> {
    if client::stop(directory).await.is_err() {
        // It does not answer: the signal asks for the same.
        let pid = pid.and_then(|pid| i32::try_from(pid).ok()).and_then(Pid::from_raw);
        let _gone = pid.map(|pid| kill_process(pid, Signal::TERM));
    }
    let deadline = Instant::now() + PATIENCE;
    loop {
        match project.lock()? {
            Locking::Ours(lock) => return Ok(lock),
            Locking::Theirs(now) if Instant::now() >= deadline => {
                return Err(DownError::Stuck { pid: now.or(pid).unwrap_or_default() });
            }
            Locking::Theirs(_) => sleep(POLL).await,
        }
    }
}
