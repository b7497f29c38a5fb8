//! Why a system did not start.

use std::io;

use crate::databases::DatabaseError;
use crate::orphans::Unkillable;
use crate::ports::NoFreePort;
use crate::prepare::PrepareError;
use crate::programs::MissingProgram;
use crate::project::ProjectError;
use crate::provision::ProvisionError;
use crate::state::StateError;
use crate::supervise::StartFailure;

/// Why a system did not start. Everything that ran is stopped when this is returned.
#[derive(Debug, thiserror::Error)]
pub enum UpError {
    /// It was interrupted before it was ready.
    #[error("interrupted before everything was healthy; nothing of it runs any more")]
    Interrupted,
    /// Another `up` has the project.
    #[error("{directory} is already running{}; `taxiway status` shows it, `taxiway down` stops it", holder(*pid))]
    AlreadyRunning {
        /// The project's folder.
        directory: String,
        /// The other's process id.
        pid: Option<u32>,
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
    /// A service has nothing to run.
    #[error(
        "service `{service}` has no `run`, so it cannot run on this machine; give it one, as in `run: ./api`"
    )]
    NothingToRun {
        /// Its name.
        service: String,
    },
    /// A service names a profile nobody has.
    #[error("no service has the profile `{profile}`; there are {known}")]
    UnknownProfile {
        /// What was asked for.
        profile: String,
        /// Profiles that services have.
        known: String,
    },
    /// Somebody has the port.
    #[error("port {port} is in use{}; stop that, or {remedy}", by(holder.as_ref()))]
    PortInUse {
        /// The port.
        port: u16,
        /// Process id and name of who has it, where that can be seen.
        holder: Option<(u32, String)>,
        /// How another port is chosen.
        remedy: &'static str,
    },
    /// No port is left.
    #[error(transparent)]
    NoFreePort(#[from] NoFreePort),
    /// The edge did not start.
    #[error("the edge cannot start: {0}")]
    Edge(edge::StartError),
    /// The cloud did not open.
    #[error("the local cloud cannot start: {0}")]
    Cloud(#[from] cloud::store::StoreError),
    /// The control socket could not be made.
    #[error("cannot listen on {path}: {source}")]
    ControlSocket {
        /// Its path.
        path: String,
        /// The system's answer.
        source: io::Error,
    },
    /// The system has no room for a thread.
    #[error("cannot start a thread: {0}; stop some programs or raise the limit (`ulimit -u`)")]
    Thread(io::Error),
    /// A `prepare` command did not work.
    #[error(transparent)]
    Prepare(#[from] PrepareError),
    /// A resource cannot be had.
    #[error(transparent)]
    Provision(#[from] ProvisionError),
    /// A database cannot be had.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// A program is not there.
    #[error(transparent)]
    MissingProgram(#[from] MissingProgram),
    /// A service or a database did not become healthy.
    #[error(transparent)]
    Service(Box<StartFailure>),
    /// A job that a service waits for did not end well.
    #[error("job `{job}`, which a service waits for, {reason}")]
    Job {
        /// The job.
        job: String,
        /// How it went.
        reason: String,
    },
}

fn holder(pid: Option<u32>) -> String {
    pid.map(|pid| format!(" (pid {pid})")).unwrap_or_default()
}

fn by(holder: Option<&(u32, String)>) -> String {
    holder.map(|(pid, name)| format!(" by `{name}` (pid {pid})")).unwrap_or_default()
}
