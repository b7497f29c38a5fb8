//! One supervisor per service, and per database that runs here: it wants so many replicas, sees what they do, and reconciles.
//!
//! ```text
//! command ─┐
//! report ──┼─▶ Supervisor (one task per service) ─▶ starts and stops lives ─▶ Life (one task per run of a replica)
//! time ────┘            └─▶ watch<Seen>: what `up`, `status` and dependants read
//! ```

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use model::system::Web;
use tokio::sync::{mpsc, oneshot, watch};

use crate::databases::Probe;
use crate::environment::Variables;
use crate::front::Front;
use crate::options::Interrupt;
use crate::ports::Ports;
use crate::reporter::Reporter;
use crate::spawn::{Manner, Spawner};
use crate::status::{ReplicaState, ReplicaStatus};

pub(crate) use self::failure::StartFailure;

mod failure;
mod life;
mod owner;
mod rolling;
mod slot;

/// Commands that may wait for a supervisor.
const BACKLOG: usize = 16;

/// Everything a supervisor needs to know of its service.
#[derive(Debug)]
pub(crate) struct Plan {
    /// Its name in the manifest.
    pub(crate) name: String,
    /// What a message calls it.
    pub(crate) noun: Noun,
    /// Program, then arguments.
    pub(crate) command: Vec<String>,
    /// What every replica finds in its environment.
    pub(crate) environment: Variables,
    /// As whom it runs, on what folder, and what ends it.
    pub(crate) manner: Manner,
    /// How many replicas.
    pub(crate) desired: u32,
    /// Never two at once.
    pub(crate) singleton: bool,
    /// When a replica counts as healthy.
    pub(crate) health: Health,
    /// How long a replica may take to become healthy.
    pub(crate) start_timeout: Duration,
    /// From its stop signal to SIGKILL.
    pub(crate) stop_timeout: Duration,
}

/// What is supervised, as a message calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Noun {
    /// A service of the manifest.
    Service,
    /// The program of a database.
    Database,
}

/// When a replica counts as healthy.
#[derive(Debug, Clone)]
pub(crate) enum Health {
    /// It passes the edge's health check.
    Http(Web),
    /// It is still there after a moment.
    Settles,
    /// It answers as its clients will ask it.
    Answers(Probe),
}

/// What every supervisor shares.
#[derive(Debug, Clone)]
pub(crate) struct Tools {
    pub(crate) spawner: Spawner,
    /// The edge, where a service answers HTTP.
    pub(crate) front: Option<Front>,
    pub(crate) ports: Arc<Ports>,
    pub(crate) reporter: Reporter,
    /// Folder of the logs.
    pub(crate) logs: PathBuf,
    /// The project's marker.
    pub(crate) marker: String,
}

/// A service's supervisor, from outside. Dropping it stops nothing.
#[derive(Debug, Clone)]
pub(crate) struct Supervisor {
    commands: mpsc::Sender<Command>,
    seen: watch::Receiver<Seen>,
}

/// What is seen of a service.
#[derive(Debug, Clone, Default)]
pub(crate) struct Seen {
    /// Replicas in order of their number.
    pub(crate) replicas: Vec<ReplicaStatus>,
    /// Whether it was told to start.
    pub(crate) started: bool,
    /// Why it will not become healthy, once that is known.
    pub(crate) failure: Option<StartFailure>,
    /// Healthy replicas that are wanted.
    pub(crate) wanted: u32,
    /// It was stopped and nothing of it runs.
    pub(crate) stopped: bool,
}

#[derive(Debug)]
enum Command {
    Start,
    Restart(oneshot::Sender<Result<(), String>>),
    Stop(Interrupt),
}

impl Plan {
    /// What only a web service has.
    pub(crate) fn web(&self) -> Option<&Web> {
        match &self.health {
            Health::Http(web) => Some(web),
            Health::Settles | Health::Answers(_) => None,
        }
    }
}

impl Seen {
    /// Whether a process of it runs.
    pub(crate) fn is_running(&self) -> bool {
        self.started && self.replicas.iter().any(|replica| replica.pid.is_some())
    }

    /// Whether as many replicas are healthy as are wanted.
    pub(crate) fn is_healthy(&self) -> bool {
        let healthy = self.replicas.iter().filter(|replica| replica.state == ReplicaState::Healthy).count();
        self.started && u32::try_from(healthy).unwrap_or(u32::MAX) >= self.wanted
    }
}

impl Supervisor {
    /// A supervisor that waits to be told to start.
    pub(crate) fn new(plan: Plan, tools: Tools) -> Self {
        let (commands, inbox) = mpsc::channel(BACKLOG);
        let (publish, seen) = watch::channel(Seen { wanted: plan.desired, ..Seen::default() });
        tokio::spawn(owner::Owner::new(plan, tools, publish).run(inbox));
        Self { commands, seen }
    }

    /// Starts its replicas.
    pub(crate) async fn start(&self) {
        let _stopped = self.commands.send(Command::Start).await;
    }

    /// Replaces its replicas one after another; the error is a sentence.
    pub(crate) async fn restart(&self) -> Result<(), String> {
        let (reply, answer) = oneshot::channel();
        let stopped = || "it is being stopped".to_owned();
        self.commands.send(Command::Restart(reply)).await.map_err(|_| stopped())?;
        answer.await.map_err(|_| stopped())?
    }

    /// Stops its replicas; returns when nothing of it runs. May be called again, to hurry.
    pub(crate) async fn stop(&self, how: Interrupt) {
        let _stopped_already = self.commands.send(Command::Stop(how)).await;
        self.stopped().await;
    }

    /// Waits until it was stopped and nothing of it runs.
    pub(crate) async fn stopped(&self) {
        let mut seen = self.seen.clone();
        let _owner_is_gone = seen.wait_for(|seen| seen.stopped).await;
    }

    /// What is seen of it, now and as it changes.
    pub(crate) fn seen(&self) -> watch::Receiver<Seen> {
        self.seen.clone()
    }
}

/// Supervisors by service name.
pub(crate) type Supervisors = BTreeMap<String, Supervisor>;
