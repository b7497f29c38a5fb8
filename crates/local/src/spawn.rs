//! The one thread that starts every child, and the owner of the state that could find them again.
//!
//! One thread, because the death signal that the shim asks for follows the thread that started the child: a runtime's
//! worker may end earlier. Dropping the last [`Spawner`] ends it.

use std::collections::BTreeMap;
use std::io::{self, PipeWriter};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::thread;
use std::time::Duration;

use tokio::process::Command;
use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot};

use crate::account::Account;
use crate::options::Shim;
use crate::process::{Process, StopSignal};
use crate::processes::Identity;
use crate::provision::Fingerprints;
use crate::reporter::Reporter;
use crate::shim;
use crate::state::{Started, State};

/// Jobs that may wait for the thread.
const BACKLOG: usize = 64;

/// Starts processes.
#[derive(Debug, Clone)]
pub(crate) struct Spawner {
    jobs: mpsc::Sender<Job>,
}

/// What to start.
#[derive(Debug)]
pub(crate) struct Launch {
    /// What to call it in the state: a replica's name.
    pub(crate) name: String,
    /// Program, then arguments.
    pub(crate) command: Vec<String>,
    /// Its whole environment.
    pub(crate) environment: BTreeMap<String, String>,
    /// Where its output goes.
    pub(crate) output: PipeWriter,
    /// As whom it runs, on what folder, and what ends it.
    pub(crate) manner: Manner,
    /// From the stop signal to SIGKILL, for whoever must end it after a crash of ours.
    pub(crate) stop_timeout: Duration,
}

/// How a process runs, where it is no ordinary service.
#[derive(Debug, Clone, Default)]
pub(crate) struct Manner {
    /// As whom, where not as ourselves.
    pub(crate) account: Option<Account>,
    /// What [`shim::FOLDER`] in its command stands for.
    pub(crate) folder: Option<PathBuf>,
    /// What asks it to end.
    pub(crate) stop_signal: StopSignal,
}

/// What the thread needs all its life.
#[derive(Debug)]
pub(crate) struct Workshop {
    /// The program every child begins as.
    pub(crate) shim: Shim,
    /// Where children run: the manifest's folder.
    pub(crate) directory: PathBuf,
    /// Where the state is kept.
    pub(crate) state_path: PathBuf,
    /// The state so far; saved once already, so the disk took it.
    pub(crate) state: State,
    /// Who hears of trouble.
    pub(crate) reporter: Reporter,
}

#[derive(Debug)]
enum Job {
    Start(Box<Launch>, oneshot::Sender<io::Result<Process>>),
    Forget(String),
    Keep(Fingerprints),
}

impl Spawner {
    /// Starts the thread.
    pub(crate) fn start(workshop: Workshop) -> io::Result<Self> {
        let (jobs, mut waiting) = mpsc::channel(BACKLOG);
        let runtime = Handle::current();
        thread::Builder::new().name("spawn".to_owned()).spawn(move || {
            let _inside = runtime.enter();
            let mut workshop = workshop;
            while let Some(job) = waiting.blocking_recv() {
                workshop.take(job);
            }
        })?;
        Ok(Self { jobs })
    }

    /// Starts a process.
    pub(crate) async fn launch(&self, launch: Launch) -> io::Result<Process> {
        let (reply, answer) = oneshot::channel();
        self.jobs.send(Job::Start(Box::new(launch), reply)).await.map_err(io::Error::other)?;
        answer.await.map_err(io::Error::other)?
    }

    /// What the next run must know of the parameters; written with the next start.
    pub(crate) async fn keep(&self, fingerprints: Fingerprints) {
        let _thread_is_gone = self.jobs.send(Job::Keep(fingerprints)).await;
    }

    /// A process that was started under this name has ended.
    pub(crate) async fn forget(&self, name: &str) {
        let _thread_is_gone = self.jobs.send(Job::Forget(name.to_owned())).await;
    }
}

impl Workshop {
    fn take(&mut self, job: Job) {
        match job {
            Job::Start(launch, reply) => {
                let _caller_gave_up = reply.send(self.launch(*launch));
            }
            // Written with the next start: an identity of a process that is gone finds nothing.
            Job::Forget(name) => drop(self.state.processes.remove(&name)),
            Job::Keep(fingerprints) => self.state.fingerprints = fingerprints,
        }
    }

    fn launch(&mut self, launch: Launch) -> io::Result<Process> {
        let mut command = Command::new(&self.shim.program);
        let Manner { account, folder, stop_signal } = launch.manner;
        command
            .args(shim::Orders { parent: std::process::id(), stop_signal, account, folder }.to_arguments());
        command.args(&launch.command);
        // Another user may not be able to enter the manifest's folder.
        let directory = if account.is_some() { Path::new("/") } else { &self.directory };
        command.current_dir(directory).env_clear().envs(&launch.environment);
        command.stdin(Stdio::null()).stdout(launch.output.try_clone()?).stderr(launch.output);
        let process = Process::new(command.process_group(0).spawn()?, stop_signal);
        self.remember(launch.name, process.pid, launch.stop_timeout, stop_signal);
        Ok(process)
    }

    // Between its start and this line a process is found by the marker in its environment.
    fn remember(&mut self, name: String, pid: u32, stop_timeout: Duration, stop_signal: StopSignal) {
        let Some(identity) = Identity::of(pid) else { return };
        let stop_timeout_ms = u64::try_from(stop_timeout.as_millis()).unwrap_or(u64::MAX);
        self.state.processes.insert(name, Started { identity, stop_timeout_ms, stop_signal });
        if let Err(error) = self.state.save(&self.state_path) {
            self.reporter.note(error.to_string());
        }
    }
}
