//! Jobs: runs with retries and a timeout, when somebody waits for one or when its time comes.

use std::collections::BTreeMap;
use std::sync::Arc;

use control::schedule::Schedule;
use model::system::{Job, JobTrigger};
use time::OffsetDateTime;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};
use tokio_util::task::TaskTracker;

use crate::Event;
use crate::environment;
use crate::logs::{self, Collected};
use crate::options::Interrupt;
use crate::process::{Outcome, Process};
use crate::spawn::{Launch, Manner};
use crate::supervise::{Plan, Tools};

/// Lines of its log that a failure shows.
const SHOWN_LINES: usize = 10;

/// One job and what its runs need.
#[derive(Debug, Clone)]
struct JobRunner {
    plan: Arc<Plan>,
    job: Job,
    tools: Tools,
    stop: watch::Receiver<Option<Interrupt>>,
}

/// Every job of the system, and the runs under way.
#[derive(Debug)]
pub(crate) struct Jobs {
    stop: watch::Sender<Option<Interrupt>>,
    tasks: TaskTracker,
    known: BTreeMap<String, Known>,
}

#[derive(Debug)]
struct Known {
    runner: JobRunner,
    /// Whether a run of it ended well.
    completed: watch::Sender<bool>,
}

impl Jobs {
    /// No job yet.
    pub(crate) fn new() -> Self {
        Self { stop: watch::Sender::new(None), tasks: TaskTracker::new(), known: BTreeMap::new() }
    }

    /// Takes a job; nothing of it runs yet.
    pub(crate) fn add(&mut self, plan: Plan, job: Job, tools: Tools) {
        let name = plan.name.clone();
        let runner = JobRunner { plan: Arc::new(plan), job, tools, stop: self.stop.subscribe() };
        self.known.insert(name, Known { runner, completed: watch::Sender::new(false) });
    }

    /// Runs a job to its end; the error says how its last try ended. It goes on where nobody waits any more.
    pub(crate) async fn run(&self, name: &str) -> Result<(), String> {
        let Some(known) = self.known.get(name) else { return Ok(()) };
        let run = self.tasks.spawn(known.runner.clone().run());
        run.await.unwrap_or_else(|error| Err(format!("broke off: {error}")))?;
        known.completed.send_replace(true);
        Ok(())
    }

    /// Waits until a run of a job ended well.
    pub(crate) async fn completed(&self, name: &str) {
        if let Some(known) = self.known.get(name) {
            let mut completed = known.completed.subscribe();
            let _never_dropped = completed.wait_for(|completed| *completed).await;
        }
    }

    /// Runs the jobs that have a schedule whenever their time comes, from now on.
    pub(crate) fn follow_the_clock(&self) {
        for known in self.known.values() {
            self.tasks.spawn(known.runner.clone().by_the_clock());
        }
    }

    /// Ends the runs under way and starts none any more. May be called again, to hurry.
    pub(crate) async fn stop(&self, how: Interrupt) {
        self.stop.send_replace(Some(how));
        self.tasks.close();
        self.tasks.wait().await;
    }
}

impl JobRunner {
    /// Runs it, again as often as it may be retried; the error says how the last try ended.
    async fn run(mut self) -> Result<(), String> {
        let mut attempt = 1;
        loop {
            let Err(reason) = self.try_once(attempt).await else { return Ok(()) };
            if attempt > self.job.retries || self.stop.borrow().is_some() {
                return Err(reason);
            }
            attempt += 1;
        }
    }

    async fn by_the_clock(self) {
        let JobTrigger::Schedule(text) = &self.job.trigger else { return };
        let name = &self.plan.name;
        let Some(schedule) = Schedule::parse(text) else {
            self.tools.reporter.note(format!("job `{name}` does not run: `{text}` is no schedule"));
            return;
        };
        let mut stop = self.stop.clone();
        while let Some(next) = schedule.next(OffsetDateTime::now_utc()) {
            let wait = (next - OffsetDateTime::now_utc()).try_into().unwrap_or_default();
            tokio::select! {
                () = sleep(wait) => {}
                _asked = stop.wait_for(Option::is_some) => return,
            }
            // One run at a time: what comes due meanwhile is skipped, as by Kubernetes' `Forbid`.
            if let Err(reason) = self.clone().run().await {
                self.tools.reporter.note(format!("job `{name}` failed: it {reason}"));
            }
        }
    }

    async fn try_once(&mut self, attempt: u32) -> Result<(), String> {
        let service = self.plan.name.clone();
        let collected = logs::collect(self.log_path(), None, self.tools.reporter.clone());
        let Collected { writer, tail } = collected.map_err(|error| format!("cannot start: {error}"))?;
        let launch = Launch {
            name: service.clone(),
            command: self.plan.command.clone(),
            environment: environment::of_replica(&self.plan.environment, &self.tools.marker, &service, None),
            output: writer,
            manner: Manner::default(),
            stop_timeout: self.plan.stop_timeout,
        };
        let process =
            self.tools.spawner.launch(launch).await.map_err(|error| format!("cannot start: {error}"))?;
        self.tools.reporter.say(Event::JobStarted { service: service.clone(), attempt });
        let (outcome, how) = self.until_end(process).await;
        self.tools.spawner.forget(&service).await;
        self.tools.reporter.say(Event::JobEnded { service, attempt, outcome: outcome.to_string() });
        if outcome == Outcome::Code(0) {
            return Ok(());
        }
        let log = logs::quoted(&tail.of_ended(SHOWN_LINES).await);
        Err(format!("{how} with {outcome}; last lines of {}:{log}", self.log_path().display()))
    }

    async fn until_end(&mut self, mut process: Process) -> (Outcome, &'static str) {
        let how = tokio::select! {
            ended = timeout(self.job.timeout, process.wait()) => match ended {
                Ok(outcome) => return (outcome, "ended"),
                Err(_) => "passed its timeout and was ended",
            },
            _asked = self.stop.wait_for(Option::is_some) => "was stopped",
        };
        let hurried = self.stop.borrow().as_ref() == Some(&Interrupt::Now);
        let mut stop = self.stop.clone();
        let graceful = tokio::select! {
            outcome = process.stop(self.plan.stop_timeout), if !hurried => Some(outcome),
            _hurry = stop.wait_for(|asked| *asked == Some(Interrupt::Now)) => None,
        };
        match graceful {
            Some(outcome) => (outcome, how),
            None => (process.kill().await, how),
        }
    }

    fn log_path(&self) -> std::path::PathBuf {
        logs::path(&self.tools.logs, &self.plan.name, &self.plan.name)
    }
}
