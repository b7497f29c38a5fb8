//! The task that owns a service's replicas: takes commands, reports and time, one after another.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use control::restart::{self, Decision, Exit, Policy};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::{Instant, sleep_until};

use super::life::{Cause, Ended, Life, Report};
use super::rolling::{Rolling, Waiting};
use super::slot::Slot;
use super::{Command, Plan, Seen, StartFailure, Tools};
use crate::Event;
use crate::options::Interrupt;
use crate::status::ReplicaState;

/// Reports that may wait.
const BACKLOG: usize = 64;
/// A time that does not come, for a timer nobody waits for.
const NEVER: Duration = Duration::from_secs(86_400);

/// What the supervisor is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Goal {
    Wait,
    Run,
    Stop,
}

pub(super) struct Owner {
    plan: Arc<Plan>,
    tools: Tools,
    publish: watch::Sender<Seen>,
    goal: Goal,
    slots: BTreeMap<u32, Slot>,
    rolling: Option<Rolling>,
    failure: Option<StartFailure>,
    began: Instant,
    policy: Policy,
    reports: mpsc::Sender<(u32, Report)>,
    inbox: mpsc::Receiver<(u32, Report)>,
}

impl Owner {
    pub(super) fn new(plan: Plan, tools: Tools, publish: watch::Sender<Seen>) -> Self {
        let (reports, inbox) = mpsc::channel(BACKLOG);
        Self {
            plan: Arc::new(plan),
            tools,
            publish,
            goal: Goal::Wait,
            slots: BTreeMap::new(),
            rolling: None,
            failure: None,
            began: Instant::now(),
            policy: Policy::default(),
            reports,
            inbox,
        }
    }

    /// Works until it was stopped and nothing runs any more, or until nobody can command it.
    pub(super) async fn run(mut self, mut commands: mpsc::Receiver<Command>) {
        while !(self.goal == Goal::Stop && self.slots.is_empty()) {
            let due = self.began + self.slots.values().filter_map(|slot| slot.due).min().unwrap_or(NEVER);
            tokio::select! {
                command = commands.recv() => match command {
                    Some(command) => self.command(command),
                    None => self.command(Command::Stop(Interrupt::Graceful)),
                },
                Some((number, report)) = self.inbox.recv() => self.take(number, report),
                () = sleep_until(due) => {}
            }
            self.start_what_is_due();
            self.roll();
            self.show();
        }
        self.show();
    }

    fn command(&mut self, command: Command) {
        match command {
            Command::Start => self.start(),
            Command::Restart(reply) => self.restart(reply),
            Command::Stop(how) => self.stop(how),
        }
    }

    fn start(&mut self) {
        if self.goal == Goal::Wait {
            self.goal = Goal::Run;
            (1..=self.plan.desired).for_each(|number| self.open(number));
        }
    }

    fn restart(&mut self, reply: oneshot::Sender<Result<(), String>>) {
        let refusal = match (self.goal, &self.rolling) {
            (Goal::Wait, _) => Some("it has not started yet"),
            (Goal::Stop, _) => Some("it is being stopped"),
            (Goal::Run, Some(_)) => Some("it is being restarted already"),
            (Goal::Run, None) => None,
        };
        match refusal {
            Some(refusal) => drop(reply.send(Err(refusal.to_owned()))),
            None => self.rolling = Some(Rolling::new(self.slots.keys().copied(), reply)),
        }
    }

    fn stop(&mut self, how: Interrupt) {
        self.goal = Goal::Stop;
        self.slots.retain(|_, slot| slot.leave(how));
        if let Some(rolling) = self.rolling.take() {
            rolling.finish(Err("it is being stopped".to_owned()));
        }
    }

    /// Makes a place for a replica that is due at once.
    fn open(&mut self, number: u32) {
        let mut slot = Slot::new(format!("{}-{number}", self.plan.name));
        slot.due = Some(Duration::ZERO);
        self.slots.insert(number, slot);
    }

    fn start_what_is_due(&mut self) {
        let now = self.began.elapsed();
        for (number, slot) in &mut self.slots {
            if slot.stop.is_some() || slot.due.is_none_or(|due| due > now) {
                continue;
            }
            let (stop, stopped) = watch::channel(None);
            (slot.due, slot.stop, slot.state) = (None, Some(stop), ReplicaState::Starting);
            let life = Life {
                plan: Arc::clone(&self.plan),
                tools: self.tools.clone(),
                number: *number,
                name: slot.name.clone(),
                stop: stopped,
                reports: self.reports.clone(),
            };
            tokio::spawn(life.live());
        }
    }

    fn take(&mut self, number: u32, report: Report) {
        let Some(slot) = self.slots.get_mut(&number) else { return };
        let (service, replica) = (self.plan.name.clone(), slot.name.clone());
        match report {
            Report::Started { pid, port } => {
                (slot.pid, slot.port) = (Some(pid), port);
                self.say(Event::ReplicaStarted { service, replica, pid, port });
            }
            Report::Ready { elapsed } => {
                (slot.state, slot.reason) = (ReplicaState::Healthy, None);
                self.say(Event::ReplicaReady { service, replica, elapsed_ms: millis(elapsed) });
            }
            Report::Draining => slot.state = ReplicaState::Draining,
            Report::Stopping => slot.state = ReplicaState::Stopping,
            Report::Unhealthy { reason } => {
                (slot.state, slot.reason) = (ReplicaState::Unhealthy, Some(reason.clone()));
                self.say(Event::ReplicaUnhealthy { service, replica, reason });
            }
            Report::NotStarted { reason } => self.not_started(number, reason),
            Report::Ended(ended) => self.ended(number, ended),
        }
    }

    fn not_started(&mut self, number: u32, reason: String) {
        let failure = StartFailure::NotStarted {
            noun: self.plan.noun,
            service: self.plan.name.clone(),
            reason: reason.clone(),
        };
        let now = self.began.elapsed();
        self.schedule(number, Exit { started: now, ended: now, was_ready: false }, &reason, Vec::new());
        self.fail(number, failure);
    }

    fn ended(&mut self, number: u32, ended: Ended) {
        let now = self.began.elapsed();
        let exit =
            Exit { started: now.saturating_sub(ended.ran_for), ended: now, was_ready: ended.was_ready };
        let outcome = ended.outcome.to_string();
        let Some(slot) = self.slots.get(&number) else { return };
        if slot.leaving || ended.cause == Cause::Asked {
            let (service, replica) = (self.plan.name.clone(), slot.name.clone());
            self.slots.remove(&number);
            self.say(Event::ReplicaStopped { service, replica, outcome });
            return;
        }
        let verdict = self.schedule(number, exit, &outcome, ended.log.clone());
        if let Some(failure) = self.judge(number, verdict, outcome, ended) {
            self.fail(number, failure);
        }
    }

    /// Plans the next start of a replica that ended; gives the exits of a crash loop.
    fn schedule(&mut self, number: u32, exit: Exit, outcome: &str, log: Vec<String>) -> Option<u32> {
        let now = self.began.elapsed();
        let slot = self.slots.get_mut(&number)?;
        (slot.pid, slot.port, slot.stop) = (None, None, None);
        slot.history.record(&self.policy, exit);
        slot.restarts = slot.restarts.saturating_add(1);
        slot.reason = Some(format!("ended with {outcome}"));
        let (state, due, exits) = match restart::decide(&self.policy, &slot.history, now) {
            Decision::RestartAt(due) => (ReplicaState::BackingOff, due, None),
            Decision::CrashLoop { exits, retry_at } => (ReplicaState::CrashLoop, retry_at, Some(exits)),
        };
        (slot.state, slot.due) = (state, Some(due));
        let (service, replica, outcome) = (self.plan.name.clone(), slot.name.clone(), outcome.to_owned());
        let restart_in_ms = Some(millis(due.saturating_sub(now)));
        self.say(Event::ReplicaExited {
            service: service.clone(),
            replica: replica.clone(),
            outcome: outcome.clone(),
            restart_in_ms,
        });
        if let Some(exits) = exits {
            self.say(Event::CrashLoop { service, replica, exits, outcome, log });
        }
        exits
    }

    fn judge(
        &self,
        number: u32,
        crash_loop: Option<u32>,
        outcome: String,
        ended: Ended,
    ) -> Option<StartFailure> {
        let (service, path) = (self.plan.name.clone(), ended.log_path.display().to_string());
        let replica = self.slots.get(&number)?.name.clone();
        let (noun, log, waited) = (self.plan.noun, ended.log, self.plan.start_timeout);
        match (ended.cause, crash_loop) {
            (Cause::NeverReady(reason), _) => Some(match self.plan.web() {
                Some(web) => {
                    let check = web.healthcheck.path.clone();
                    StartFailure::NeverHealthy { service, replica, waited, check, reason, log, path }
                }
                None => StartFailure::NeverAnswered { noun, service, waited, reason, log, path },
            }),
            (_, Some(exits)) => Some(StartFailure::CrashLoop { noun, service, exits, outcome, log, path }),
            _ => None,
        }
    }

    // A new replica of a restart that fails ends the restart: the old ones go on serving. A singleton has no old one
    // any more, so its new one goes on trying.
    fn fail(&mut self, number: u32, failure: StartFailure) {
        let Some(rolling) = self.rolling.take_if(|rolling| rolling.waiting == Waiting::Healthy(number))
        else {
            self.failure.get_or_insert(failure);
            return;
        };
        if self.plan.singleton {
            rolling.finish(Err(format!("the new replica is tried again and again: {failure}")));
        } else {
            self.slots.remove(&number);
            rolling.finish(Err(format!("the old replicas go on: {failure}")));
        }
    }

    /// Takes the next steps of a restart, as far as they can be taken now.
    fn roll(&mut self) {
        while let Some(mut rolling) = self.rolling.take() {
            match self.next_step(&mut rolling) {
                Step::Wait => {
                    self.rolling = Some(rolling);
                    return;
                }
                Step::Taken => self.rolling = Some(rolling),
                Step::Done => rolling.finish(Ok(())),
            }
        }
    }

    fn next_step(&mut self, rolling: &mut Rolling) -> Step {
        match rolling.waiting {
            Waiting::Healthy(new) if !self.is_healthy(new) => Step::Wait,
            Waiting::Ended(old) if self.slots.contains_key(&old) => Step::Wait,
            Waiting::Ended(_) if self.plan.singleton => self.open_new(rolling),
            Waiting::Healthy(_) if !self.plan.singleton => self.close_old(rolling),
            Waiting::Nothing | Waiting::Healthy(_) | Waiting::Ended(_) if rolling.old.is_empty() => {
                Step::Done
            }
            // A singleton must be gone before the next one comes.
            _ if self.plan.singleton => self.close_old(rolling),
            _ => self.open_new(rolling),
        }
    }

    fn open_new(&mut self, rolling: &mut Rolling) -> Step {
        let Some(number) = (1..).find(|number| !self.slots.contains_key(number)) else { return Step::Done };
        self.open(number);
        self.start_what_is_due();
        rolling.waiting = Waiting::Healthy(number);
        Step::Taken
    }

    fn close_old(&mut self, rolling: &mut Rolling) -> Step {
        let Some(number) = rolling.old.pop_front() else { return Step::Done };
        if self.slots.get_mut(&number).is_some_and(|slot| !slot.leave(Interrupt::Graceful)) {
            self.slots.remove(&number);
        }
        rolling.waiting = Waiting::Ended(number);
        Step::Taken
    }

    fn is_healthy(&self, number: u32) -> bool {
        self.slots.get(&number).is_some_and(|slot| slot.state == ReplicaState::Healthy)
    }

    fn show(&self) {
        self.publish.send_replace(Seen {
            replicas: self.slots.values().map(Slot::status).collect(),
            started: self.goal != Goal::Wait,
            failure: self.failure.clone(),
            wanted: self.plan.desired,
            stopped: self.goal == Goal::Stop && self.slots.is_empty(),
        });
    }

    fn say(&self, event: Event) {
        self.tools.reporter.say(event);
    }
}

/// What became of a step of a restart.
enum Step {
    Wait,
    Taken,
    Done,
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
