//! Ends a run: services in the reverse order of what they wait for, then edge, databases, cloud, and what is left.

use futures_util::future::{join, join_all};
use tokio::sync::mpsc;

use super::next;
use super::session::Session;
use crate::options::Interrupt;
use crate::status::Phase;
use crate::supervise::Supervisor;
use crate::{Event, orphans, socket};

impl Session {
    /// Ends everything. An interrupt that says `Now` hurries it.
    pub(super) async fn stop(mut self, how: Interrupt, interrupts: &mut mpsc::Receiver<Interrupt>) {
        self.board.send_modify(|board| board.phase = Phase::Stopping);
        self.reporter.say(Event::Stopping);
        self.stop_services(how, interrupts).await;
        if let Some(front) = self.front.take() {
            front.stop().await;
        }
        self.stop_databases(how, interrupts).await;
        if let Some(cloud) = self.cloud.take() {
            cloud.stop().await;
        }
        if let Err(error) = orphans::kill_rest(&self.project, None).await {
            self.reporter.note(error.to_string());
        }
        self.leave_nothing();
    }

    async fn stop_services(&self, how: Interrupt, interrupts: &mut mpsc::Receiver<Interrupt>) {
        let services =
            join_all(self.supervisors.iter().map(|(name, supervisor)| self.stop_one(name, supervisor, how)));
        let stops = join(services, self.jobs.stop(how));
        tokio::pin!(stops);
        let hurried = tokio::select! {
            _ = &mut stops => false,
            () = until_now(interrupts) => true,
        };
        if hurried {
            let services =
                join_all(self.supervisors.values().map(|supervisor| supervisor.stop(Interrupt::Now)));
            join(services, self.jobs.stop(Interrupt::Now)).await;
        }
    }

    // Nothing asks them any more.
    async fn stop_databases(&self, how: Interrupt, interrupts: &mut mpsc::Receiver<Interrupt>) {
        let all = |how| join_all(self.databases.supervisors.values().map(move |one| one.stop(how)));
        tokio::select! {
            _ = all(how) => {}
            () = until_now(interrupts) => drop(all(Interrupt::Now).await),
        }
    }

    // Who depends on a service may need it to finish what is in flight.
    async fn stop_one(&self, name: &str, supervisor: &Supervisor, how: Interrupt) {
        if how == Interrupt::Graceful {
            for (other, service) in &self.options.system.services {
                if let Some(dependant) =
                    self.supervisors.get(other).filter(|_| service.depends_on.contains_key(name))
                {
                    dependant.stopped().await;
                }
            }
        }
        supervisor.stop(how).await;
    }

    fn leave_nothing(&mut self) {
        if let Some(control) = self.control.take() {
            control.abort();
        }
        let _never_made = std::fs::remove_file(socket::path(&self.project));
        // A disk that is full keeps the old state; its identities find nothing.
        if let Err(error) = self.state.save(&self.project.state()) {
            self.reporter.note(error.to_string());
        }
    }
}

async fn until_now(interrupts: &mut mpsc::Receiver<Interrupt>) {
    while next(interrupts).await != Interrupt::Now {}
}
