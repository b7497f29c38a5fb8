//! A database that a program here runs: opened once per run, then kept by a supervisor as a service is.

use std::path::PathBuf;
use std::time::Duration;

use model::system::Resource;

use super::folder::Folder;
use super::{DatabaseError, Probe, mongodb, postgres, redis};
use crate::environment::Variables;
use crate::once::Workbench;
use crate::process::StopSignal;
use crate::secret::SecretValue;
use crate::spawn::Manner;
use crate::supervise::{Health, Noun, Plan};

/// How long a database may take to answer: after a crash it reads its log first.
const START_TIMEOUT: Duration = Duration::from_secs(120);
/// How long it may take to write what it has in memory.
const STOP_TIMEOUT: Duration = Duration::from_secs(60);

/// A database that a program here runs.
#[derive(Debug, Clone)]
pub(crate) struct Program {
    pub(super) resource: Resource,
    pub(super) engine: Engine,
    /// The server.
    pub(super) path: PathBuf,
    /// Where it listens, on 127.0.0.1 only.
    pub(crate) port: u16,
    /// What the database is called in it.
    pub(super) database: String,
    /// `.taxiway/<kind>/<resource>`.
    pub(super) folder: PathBuf,
}

/// What is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Engine {
    Postgres,
    Mongodb,
    Redis,
}

/// What opening a database takes.
pub(crate) struct Workplace<'a> {
    /// What is inherited there is what a database's process finds: nothing of the caller's may change how it behaves.
    pub(crate) workbench: Workbench<'a>,
    /// How long a database may take to answer, where a person says so.
    pub(crate) start_timeout: Option<Duration>,
}

/// A database that is ready to be started.
#[derive(Debug)]
pub(crate) struct Opened {
    pub(crate) plan: Plan,
    /// What services find.
    pub(crate) bindings: Variables,
    /// What of that nobody else may see.
    pub(crate) password: Option<SecretValue>,
}

/// How one engine is run.
#[derive(Debug)]
pub(super) struct Run {
    pub(super) command: Vec<String>,
    pub(super) probe: Probe,
    pub(super) stop_signal: StopSignal,
}

impl Program {
    /// Makes what is not there yet: its folder, its password, an empty database.
    pub(crate) async fn open(&self, workplace: &Workplace<'_>) -> Result<Opened, DatabaseError> {
        match self.engine {
            Engine::Postgres => postgres::open(self, workplace).await,
            Engine::Mongodb => mongodb::open(self, workplace),
            Engine::Redis => redis::open(self, workplace),
        }
    }

    /// The resource's name in the manifest.
    pub(super) fn name(&self) -> &str {
        &self.resource.name
    }

    pub(super) fn plan(&self, folder: &Folder, run: Run, workplace: &Workplace<'_>) -> Plan {
        Plan {
            name: self.name().to_owned(),
            noun: Noun::Database,
            command: run.command,
            environment: workplace.workbench.inherited.clone(),
            manner: Manner {
                account: folder.account,
                folder: Some(folder.path.clone()),
                stop_signal: run.stop_signal,
            },
            desired: 1,
            singleton: true,
            health: Health::Answers(run.probe),
            start_timeout: workplace.start_timeout.unwrap_or(START_TIMEOUT),
            stop_timeout: STOP_TIMEOUT,
        }
    }
}

/// The words of a command, owned.
pub(super) fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}
