//! One run of a replica, from its process's start to its end.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use model::system::Web;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep};

use super::failure::SHOWN_LINES;
use super::{Health, Plan, Tools};
use crate::databases::Probe;
use crate::environment;
use crate::front::Front;
use crate::logs::{self, Collected, Tail};
use crate::options::Interrupt;
use crate::process::{Outcome, Process};
use crate::spawn::Launch;
use crate::translate::edge::loopback;

/// A worker that is alive after this long counts as healthy: it is past finding its settings and modules.
const SETTLE: Duration = Duration::from_millis(300);

/// What a run reports. `Ended` or `NotStarted` is the last one.
#[derive(Debug)]
pub(super) enum Report {
    Started { pid: u32, port: Option<u16> },
    Ready { elapsed: Duration },
    Draining,
    Stopping,
    Unhealthy { reason: String },
    NotStarted { reason: String },
    Ended(Ended),
}

/// How a run ended.
#[derive(Debug)]
pub(super) struct Ended {
    pub(super) cause: Cause,
    pub(super) outcome: Outcome,
    pub(super) ran_for: Duration,
    pub(super) was_ready: bool,
    pub(super) log: Vec<String>,
    pub(super) log_path: PathBuf,
}

/// Why a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Cause {
    /// The process ended by itself, or somebody else ended it.
    Itself,
    /// It was asked to.
    Asked,
    /// It was not healthy in time, and why.
    NeverReady(String),
    /// It was healthy and then failed its health check.
    Unhealthy,
}

/// One run of a replica.
pub(super) struct Life {
    pub(super) plan: Arc<Plan>,
    pub(super) tools: Tools,
    pub(super) number: u32,
    pub(super) name: String,
    pub(super) stop: watch::Receiver<Option<Interrupt>>,
    pub(super) reports: mpsc::Sender<(u32, Report)>,
}

struct Run {
    process: Process,
    port: Option<u16>,
    started: Instant,
    was_ready: bool,
}

impl Life {
    /// Lives it.
    pub(super) async fn live(mut self) {
        match self.start().await {
            Ok((run, tail, log_path)) => {
                let ended = self.lead(run, tail, log_path).await;
                self.tools.spawner.forget(&self.name).await;
                self.report(Report::Ended(ended)).await;
            }
            Err(reason) => self.report(Report::NotStarted { reason }).await,
        }
    }

    async fn start(&self) -> Result<(Run, Tail, PathBuf), String> {
        let port = self
            .plan
            .web()
            .map(|_| self.tools.ports.take())
            .transpose()
            .map_err(|error| error.to_string())?;
        let log_path = logs::path(&self.tools.logs, &self.plan.name, &self.name);
        let collected = logs::collect(log_path.clone(), None, self.tools.reporter.clone());
        let Collected { writer, tail } = collected.map_err(|error| error.to_string())?;
        let launch = Launch {
            name: self.name.clone(),
            command: self.plan.command.clone(),
            environment: environment::of_replica(
                &self.plan.environment,
                &self.tools.marker,
                &self.name,
                port,
            ),
            output: writer,
            manner: self.plan.manner.clone(),
            stop_timeout: self.plan.stop_timeout,
        };
        let process = self.tools.spawner.launch(launch).await.map_err(|error| error.to_string())?;
        let port = port.or_else(|| self.probe().map(Probe::port));
        self.report(Report::Started { pid: process.pid, port }).await;
        Ok((Run { process, port, started: Instant::now(), was_ready: false }, tail, log_path))
    }

    async fn lead(&mut self, mut run: Run, tail: Tail, log_path: PathBuf) -> Ended {
        let (cause, outcome) = self.until_end(&mut run).await;
        // No request may go to a process that is gone.
        if let Some((_, front)) = self.web() {
            front.remove(&self.plan.name, &self.name).await;
        }
        let ran_for = run.started.elapsed();
        let log = tail.of_ended(SHOWN_LINES).await;
        Ended { cause, outcome, ran_for, was_ready: run.was_ready, log, log_path }
    }

    async fn until_end(&mut self, run: &mut Run) -> (Cause, Outcome) {
        let mut stop = self.stop.clone();
        let cause = tokio::select! {
            outcome = run.process.wait() => return (Cause::Itself, outcome),
            _asked = stop.wait_for(Option::is_some) => Cause::Asked,
            cause = self.until_trouble(run.port, run.started, &mut run.was_ready) => cause,
        };
        (cause, self.end(run).await)
    }

    async fn until_trouble(&self, port: Option<u16>, started: Instant, was_ready: &mut bool) -> Cause {
        let deadline = started + self.plan.start_timeout;
        let Some(((web, front), port)) = self.web().zip(port) else {
            if let Err(reason) = self.settled(deadline).await {
                return Cause::NeverReady(reason);
            }
            *was_ready = true;
            self.report(Report::Ready { elapsed: started.elapsed() }).await;
            return std::future::pending().await;
        };
        let (service, address) = (&self.plan.name, loopback(port));
        front.add(service, &self.name, address).await;
        if let Err(reason) = front.healthy(service, &self.name, address, deadline).await {
            return Cause::NeverReady(reason);
        }
        *was_ready = true;
        self.report(Report::Ready { elapsed: started.elapsed() }).await;
        let judged_from = started + web.healthcheck.grace_period;
        let reason = front.unhealthy(service, &self.name, judged_from).await;
        self.report(Report::Unhealthy { reason }).await;
        Cause::Unhealthy
    }

    /// Waits until a process that the edge does not check counts as healthy.
    async fn settled(&self, deadline: Instant) -> Result<(), String> {
        match self.probe() {
            Some(probe) => probe.answered(deadline).await,
            None => {
                sleep(SETTLE).await;
                Ok(())
            }
        }
    }

    fn probe(&self) -> Option<&Probe> {
        match &self.plan.health {
            Health::Answers(probe) => Some(probe),
            Health::Http(_) | Health::Settles => None,
        }
    }

    async fn end(&mut self, run: &mut Run) -> Outcome {
        let mut stop = self.stop.clone();
        let outcome = tokio::select! {
            outcome = self.end_gracefully(run) => Some(outcome),
            _hurry = stop.wait_for(|asked| *asked == Some(Interrupt::Now)) => None,
        };
        match outcome {
            Some(outcome) => outcome,
            None => run.process.kill().await,
        }
    }

    // What an ALB and ECS do: no new requests, those in flight end, then SIGTERM, then SIGKILL.
    async fn end_gracefully(&self, run: &mut Run) -> Outcome {
        if let Some((web, front)) = self.web().filter(|_| run.was_ready) {
            self.report(Report::Draining).await;
            let drained = front.drain(&self.plan.name, &self.name, web.deregistration_delay);
            tokio::select! {
                outcome = run.process.wait() => return outcome,
                () = drained => {}
            }
        }
        self.report(Report::Stopping).await;
        run.process.stop(self.plan.stop_timeout).await
    }

    fn web(&self) -> Option<(&Web, &Front)> {
        self.plan.web().zip(self.tools.front.as_ref())
    }

    async fn report(&self, report: Report) {
        let _supervisor_is_gone = self.reports.send((self.number, report)).await;
    }
}
