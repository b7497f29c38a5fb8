//! A command that runs once, before what needs it is started: a build, the making of a database.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::Instant;

use crate::Event;
use crate::environment::{self, Variables};
use crate::logs::{self, Collected};
use crate::process::{Outcome, Process};
use crate::reporter::Reporter;
use crate::spawn::{Launch, Manner, Spawner};

/// Lines that may wait to be shown; more are in the log only.
const BACKLOG: usize = 256;
/// From SIGTERM to SIGKILL for a command whose `up` was killed.
const STOP_TIMEOUT: Duration = Duration::from_secs(5);

/// Where commands run, and who hears of them.
pub(crate) struct Workbench<'a> {
    pub(crate) spawner: &'a Spawner,
    pub(crate) reporter: &'a Reporter,
    /// What the commands inherit.
    pub(crate) inherited: &'a Variables,
    /// The project's marker.
    pub(crate) marker: &'a str,
    /// Folder of their logs.
    pub(crate) logs: PathBuf,
}

/// A command.
pub(crate) struct Once {
    /// What it is called in the state.
    pub(crate) name: String,
    /// What it is for, which is what it finds as its replica's name.
    pub(crate) purpose: &'static str,
    /// What people see of it.
    pub(crate) line: String,
    /// What needs it; its log is called so.
    pub(crate) needed_by: Vec<String>,
    /// Program, then arguments.
    pub(crate) command: Vec<String>,
    pub(crate) manner: Manner,
    /// Whether its output is shown while it runs.
    pub(crate) is_shown: bool,
    /// Lines of its output that a failure has.
    pub(crate) last_lines: usize,
}

/// A command that did not work.
#[derive(Debug)]
pub(crate) enum Failure {
    /// It could not be started.
    NotStarted(io::Error),
    /// It ended otherwise than with 0; its last lines.
    Ended(Outcome, Vec<String>),
}

impl Workbench<'_> {
    /// The log of what these need.
    pub(crate) fn log(&self, needed_by: &[String]) -> PathBuf {
        self.logs.join(format!("{}.log", needed_by.join("+")))
    }

    /// Runs a command to its end.
    pub(crate) async fn run(&self, once: Once) -> Result<(), Failure> {
        let (line, log, began) = (once.line, self.log(&once.needed_by), Instant::now());
        self.reporter.say(Event::Preparing { services: once.needed_by, command: line.clone() });
        let (sender, lines) = mpsc::channel(BACKLOG);
        let sender = once.is_shown.then_some(sender);
        let Collected { writer, tail } =
            logs::collect(log, sender, self.reporter.clone()).map_err(Failure::NotStarted)?;
        let launch = Launch {
            name: once.name,
            command: once.command,
            environment: environment::of_replica(self.inherited, self.marker, once.purpose, None),
            output: writer,
            manner: once.manner,
            stop_timeout: STOP_TIMEOUT,
        };
        let mut process = self.spawner.launch(launch).await.map_err(Failure::NotStarted)?;
        let outcome = self.show_until_end(&mut process, &line, lines).await;
        if outcome != Outcome::Code(0) {
            return Err(Failure::Ended(outcome, tail.of_ended(once.last_lines).await));
        }
        let elapsed_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.reporter.say(Event::Prepared { command: line, elapsed_ms });
        Ok(())
    }

    async fn show_until_end(
        &self,
        process: &mut Process,
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
