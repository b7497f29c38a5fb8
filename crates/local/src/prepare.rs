//! Runs each distinct `prepare` command once, before anything starts.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use model::System;
use tokio::sync::mpsc;
use tokio::time::Instant;

use crate::Event;
use crate::environment::{self, Variables};
use crate::logs::{self, Collected};
use crate::process::Outcome;
use crate::reporter::Reporter;
use crate::spawn::{Launch, Manner, Spawner};

/// Lines of its output that a failure shows.
const SHOWN_LINES: usize = 20;
/// Lines that may wait to be shown; more are in the log only.
const BACKLOG: usize = 256;
/// From SIGTERM to SIGKILL for a command whose `up` was killed.
const STOP_TIMEOUT: Duration = Duration::from_secs(5);

/// A `prepare` command that did not work.
#[derive(Debug, thiserror::Error)]
pub enum PrepareError {
    /// It could not be started.
    #[error(
        "cannot start `{command}` (`prepare` of {services}): {reason}; correct it or install what it needs"
    )]
    NotStarted {
        /// The command, as one line.
        command: String,
        /// Services that need it.
        services: String,
        /// The system's answer.
        reason: String,
    },
    /// It failed.
    #[error("`{command}` (`prepare` of {services}) ended with {outcome}; last lines of {path}:{log}")]
    Failed {
        /// The command, as one line.
        command: String,
        /// Services that need it.
        services: String,
        /// How it ended.
        outcome: String,
        /// Where its whole output is.
        path: String,
        /// Its last lines, each on a line of its own.
        log: String,
    },
}

/// What running the commands takes.
pub(crate) struct Preparation<'a> {
    pub(crate) spawner: &'a Spawner,
    pub(crate) reporter: &'a Reporter,
    /// What the commands inherit.
    pub(crate) inherited: &'a Variables,
    /// The project's marker.
    pub(crate) marker: &'a str,
    /// Folder of their logs.
    pub(crate) logs: &'a Path,
}

impl Preparation<'_> {
    /// Runs what the services of `system` need, one after another: build tools wait for each other anyway.
    pub(crate) async fn run(&self, system: &System) -> Result<(), PrepareError> {
        for (command, services) in distinct(system) {
            self.run_one(command, &services).await?;
        }
        Ok(())
    }

    async fn run_one(&self, command: &[String], services: &[String]) -> Result<(), PrepareError> {
        let (line, began) = (command.join(" "), Instant::now());
        self.reporter.say(Event::Preparing { services: services.to_vec(), command: line.clone() });
        let path = self.logs.join(format!("{}.log", services.join("+")));
        let fail = |reason: std::io::Error| PrepareError::NotStarted {
            command: line.clone(),
            services: services.join(", "),
            reason: reason.to_string(),
        };
        let (sender, lines) = mpsc::channel(BACKLOG);
        let Collected { writer, tail } =
            logs::collect(path.clone(), Some(sender), self.reporter.clone()).map_err(fail)?;
        let mut process = self.spawner.launch(self.launch(command, services, writer)).await.map_err(fail)?;
        let outcome = self.show_until_end(&mut process, &line, lines).await;
        if outcome != Outcome::Code(0) {
            let log = tail.of_ended(SHOWN_LINES).await;
            return Err(failed(line, services, outcome, path, &log));
        }
        let elapsed_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.reporter.say(Event::Prepared { command: line, elapsed_ms });
        Ok(())
    }

    fn launch(&self, command: &[String], services: &[String], output: std::io::PipeWriter) -> Launch {
        let name = format!("prepare {}", services.join("+"));
        let environment = environment::of_replica(self.inherited, self.marker, "prepare", None);
        Launch {
            name,
            command: command.to_vec(),
            environment,
            output,
            manner: Manner::default(),
            stop_timeout: STOP_TIMEOUT,
        }
    }

    async fn show_until_end(
        &self,
        process: &mut crate::process::Process,
        command: &str,
        mut lines: mpsc::Receiver<String>,
    ) -> Outcome {
        let end = process.wait();
        tokio::pin!(end);
        loop {
            tokio::select! {
                outcome = &mut end => return outcome,
                Some(line) = lines.recv() => {
                    self.reporter.say(Event::PreparingLine { command: command.to_owned(), line });
                }
            }
        }
    }
}

fn distinct(system: &System) -> BTreeMap<&[String], Vec<String>> {
    let mut commands: BTreeMap<&[String], Vec<String>> = BTreeMap::new();
    for service in system.services.values() {
        if let Some(prepare) = service.prepare.as_deref().filter(|prepare| !prepare.is_empty()) {
            commands.entry(prepare).or_default().push(service.name.clone());
        }
    }
    commands
}

fn failed(
    command: String,
    services: &[String],
    outcome: Outcome,
    path: PathBuf,
    log: &[String],
) -> PrepareError {
    let log = log.iter().map(|line| format!("\n  | {line}")).collect();
    let (services, path) = (services.join(", "), path.display().to_string());
    PrepareError::Failed { command, services, outcome: outcome.to_string(), path, log }
}
