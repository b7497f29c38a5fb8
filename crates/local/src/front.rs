//! The edge's owner: knows which replicas get requests and swaps the configuration when that changes.
//!
//! It also looks at the edge, often while a target is being judged and seldom otherwise, and publishes what it saw: the
//! edge's health check is the only judge of a web replica.

use std::net::SocketAddr;
use std::time::Duration;

use edge::{Edge, Snapshot, StartError, TargetSnapshot, TargetState};
use model::System;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::{Instant, sleep, sleep_until};

use crate::reporter::Reporter;
use crate::translate::edge::{Members, Ports, config};

/// Changes that may wait.
const BACKLOG: usize = 64;
/// From one look to the next while a target is being judged.
const OFTEN: Duration = Duration::from_millis(5);
/// From one look to the next otherwise.
const SELDOM: Duration = Duration::from_millis(250);
/// How long clients that are left when everything stops may take: their replicas are gone already.
const LAST_CLIENTS: Duration = Duration::from_secs(1);

/// A handle on the edge's owner.
#[derive(Debug, Clone)]
pub(crate) struct Front {
    edge: Edge,
    changes: mpsc::Sender<Change>,
    seen: watch::Receiver<Snapshot>,
}

#[derive(Debug)]
enum Change {
    Add { service: String, replica: String, address: SocketAddr, done: oneshot::Sender<()> },
    Remove { service: String, replica: String, done: oneshot::Sender<()> },
}

struct Owner {
    edge: Edge,
    system: System,
    ports: Ports,
    members: Members,
    reporter: Reporter,
    publish: watch::Sender<Snapshot>,
}

impl Front {
    /// Starts the edge with its listeners and no replica yet: it answers 503 until one is healthy.
    pub(crate) async fn start(system: System, ports: Ports, reporter: Reporter) -> Result<Self, StartError> {
        let members = Members::new();
        let edge = Edge::start(config(&system, &ports, &members)).await?;
        let (changes, inbox) = mpsc::channel(BACKLOG);
        let (publish, seen) = watch::channel(edge.snapshot());
        let owner = Owner { edge: edge.clone(), system, ports, members, reporter, publish };
        tokio::spawn(owner.run(inbox));
        Ok(Self { edge, changes, seen })
    }

    /// Where a listener really listens.
    pub(crate) fn listener(&self, name: &str) -> Option<SocketAddr> {
        self.seen.borrow().listeners.get(name).copied()
    }

    /// Gives a replica to the edge, which judges it from now on; returns when it has it.
    pub(crate) async fn add(&self, service: &str, replica: &str, address: SocketAddr) {
        let (service, replica) = (service.to_owned(), replica.to_owned());
        self.change(|done| Change::Add { service, replica, address, done }).await;
    }

    /// Takes a replica from the edge; returns when no request can go to it any more.
    pub(crate) async fn remove(&self, service: &str, replica: &str) {
        let (service, replica) = (service.to_owned(), replica.to_owned());
        self.change(|done| Change::Remove { service, replica, done }).await;
    }

    /// Gives a replica no new requests and waits until those in flight are done, at most `delay`.
    pub(crate) async fn drain(&self, service: &str, replica: &str, delay: Duration) {
        self.edge.drain(service, replica, delay).await;
    }

    /// Waits until a replica is healthy; the error is what the last check saw when `deadline` came.
    ///
    /// A replica that needs longer than the check's own threshold is judged afresh: while it starts, failures do not
    /// count, as in ECS's grace period.
    pub(crate) async fn healthy(
        &self,
        service: &str,
        replica: &str,
        address: SocketAddr,
        deadline: Instant,
    ) -> Result<(), String> {
        let mut last_reason = "no check has ended yet".to_owned();
        loop {
            let judged = self.judged(service, replica, |seen| seen.state != TargetState::Initial);
            tokio::select! {
                seen = judged => match seen.state {
                    TargetState::Healthy => return Ok(()),
                    _ => last_reason = seen.reason.unwrap_or(last_reason),
                },
                () = sleep_until(deadline) => return Err(self.reason(service, replica).unwrap_or(last_reason)),
            }
            self.remove(service, replica).await;
            self.add(service, replica, address).await;
        }
    }

    /// Waits until a replica is unhealthy at a moment after `from`; gives what the check saw.
    pub(crate) async fn unhealthy(&self, service: &str, replica: &str, from: Instant) -> String {
        sleep_until(from).await;
        let seen = self.judged(service, replica, |seen| seen.state == TargetState::Unhealthy).await;
        seen.reason.unwrap_or_else(|| "its health check fails".to_owned())
    }

    /// Stops accepting and ends what is left.
    pub(crate) async fn stop(&self) {
        self.edge.stop(LAST_CLIENTS).await;
    }

    async fn judged(
        &self,
        service: &str,
        replica: &str,
        is_it: impl Fn(&TargetSnapshot) -> bool,
    ) -> TargetSnapshot {
        let mut seen = self.seen.clone();
        loop {
            if let Some(target) =
                target(&seen.borrow_and_update(), service, replica).filter(|target| is_it(target))
            {
                return target.clone();
            }
            if seen.changed().await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    }

    fn reason(&self, service: &str, replica: &str) -> Option<String> {
        target(&self.edge.snapshot(), service, replica)?.reason.clone()
    }

    async fn change(&self, change: impl FnOnce(oneshot::Sender<()>) -> Change) {
        let (done, made) = oneshot::channel();
        let _owner_is_gone = self.changes.send(change(done)).await;
        let _owner_is_gone = made.await;
    }
}

impl Owner {
    async fn run(mut self, mut inbox: mpsc::Receiver<Change>) {
        loop {
            let pause = if self.is_judging() { OFTEN } else { SELDOM };
            tokio::select! {
                change = inbox.recv() => match change {
                    Some(change) => self.make(change).await,
                    None => return,
                },
                () = sleep(pause) => {}
            }
            let now = self.edge.snapshot();
            self.publish.send_if_modified(|seen| {
                if *seen == now {
                    false
                } else {
                    *seen = now;
                    true
                }
            });
        }
    }

    async fn make(&mut self, change: Change) {
        let done = match change {
            Change::Add { service, replica, address, done } => {
                self.members.entry(service).or_default().insert(replica, address);
                done
            }
            Change::Remove { service, replica, done } => {
                let removed = self.members.get_mut(&service).and_then(|replicas| replicas.remove(&replica));
                if removed.is_none() {
                    return;
                }
                done
            }
        };
        // The same configuration with other targets: what could fail has been bound already.
        if let Err(error) = self.edge.swap(config(&self.system, &self.ports, &self.members)).await {
            self.reporter.note(format!("the edge did not take a change of replicas: {error}"));
        }
        let _waiter_is_gone = done.send(());
    }

    fn is_judging(&self) -> bool {
        let seen = self.publish.borrow();
        seen.targets
            .values()
            .flat_map(|targets| targets.values())
            .any(|target| target.state == TargetState::Initial)
    }
}

fn target<'a>(snapshot: &'a Snapshot, service: &str, replica: &str) -> Option<&'a TargetSnapshot> {
    snapshot.targets.get(service)?.get(replica)
}
