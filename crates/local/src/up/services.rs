//! Starts the services in the order of what they wait for, and sees them become healthy.

use std::collections::BTreeSet;
use std::time::Duration;

use futures_util::future::try_join_all;
use model::system::{Condition, HttpExposure, Service, ServiceKind};

use super::session::Session;
use super::{UpError, begin, release};
use crate::Event;
use crate::board::ServiceBoard;
use crate::environment::{self, World};
use crate::spawn::{Manner, Spawner};
use crate::supervise::{Health, Noun, Plan, Seen, Supervisor, Tools};

/// A web service may take this long to become healthy, if its own health check needs no longer.
const START_TIMEOUT: Duration = Duration::from_secs(60);

impl Session {
    /// Makes a supervisor for each service; none of them starts anything yet.
    pub(super) fn supervise(&mut self, spawner: Spawner, world: &World) {
        let tools = self.tools(spawner);
        let services: Vec<Service> = self.options.system.services.values().cloned().collect();
        for service in services {
            let plan = self.plan(&service, world);
            let (name, release) = (service.name.clone(), release::of(&service));
            let (kind, url, environment) = (kind(&service), self.url(&service), plan.environment.clone());
            let supervisor = if let ServiceKind::Job(job) = service.kind {
                self.jobs.add(plan, job, tools.clone());
                None
            } else {
                Some(Supervisor::new(plan, tools.clone()))
            };
            self.supervisors.extend(supervisor.iter().map(|supervisor| (name.clone(), supervisor.clone())));
            let shown = ServiceBoard { kind, release, url, environment, supervisor };
            self.board.send_modify(|board| drop(board.services.insert(name, shown)));
        }
    }

    /// What every supervisor shares.
    pub(super) fn tools(&self, spawner: Spawner) -> Tools {
        Tools {
            spawner,
            front: self.front.clone(),
            ports: self.ports.clone(),
            reporter: self.reporter.clone(),
            logs: self.project.logs(),
            marker: self.project.marker().to_owned(),
        }
    }

    /// Starts the services, and the jobs they wait for; returns when each is healthy, or with the first that will not
    /// be.
    pub(super) async fn start_services(&self) -> Result<(), UpError> {
        let services = self.supervisors.iter().map(|(name, supervisor)| async move {
            self.wait_for_dependencies(name).await?;
            supervisor.start().await;
            until(supervisor, Seen::is_healthy).await
        });
        let jobs = self.awaited_jobs().into_iter().map(|name| async move {
            self.wait_for_dependencies(name).await?;
            let run = self.jobs.run(name).await;
            run.map_err(|reason| UpError::Job { job: name.to_owned(), reason })
        });
        tokio::try_join!(try_join_all(services), try_join_all(jobs))?;
        self.jobs.follow_the_clock();
        Ok(())
    }

    /// Jobs that a service waits for: they run once, now.
    fn awaited_jobs(&self) -> BTreeSet<&str> {
        let waits = self.options.system.services.values().flat_map(|service| &service.depends_on);
        waits
            .filter(|(_, condition)| **condition == Condition::Completed)
            .map(|(job, _)| job.as_str())
            .collect()
    }

    async fn wait_for_dependencies(&self, name: &str) -> Result<(), UpError> {
        let Some(service) = self.options.system.services.get(name) else { return Ok(()) };
        for (other, condition) in &service.depends_on {
            if *condition == Condition::Completed {
                self.say_waiting(name, other, *condition);
                self.jobs.completed(other).await;
            }
            let Some(supervisor) = self.supervisors.get(other) else { continue };
            let is_met = match condition {
                Condition::Started => Seen::is_running,
                Condition::Healthy | Condition::Completed => Seen::is_healthy,
            };
            if !is_met(&supervisor.seen().borrow()) {
                self.say_waiting(name, other, *condition);
            }
            until(supervisor, is_met).await?;
        }
        Ok(())
    }

    fn say_waiting(&self, name: &str, other: &str, condition: Condition) {
        let condition = begin::words(other, condition);
        self.reporter.say(Event::Waiting { service: name.to_owned(), condition });
    }

    fn plan(&self, service: &Service, world: &World) -> Plan {
        Plan {
            name: service.name.clone(),
            noun: Noun::Service,
            command: service.run.clone().unwrap_or_default(),
            environment: environment::of_service(&self.options.system, service, &self.inherited, world),
            manner: Manner::default(),
            desired: if service.singleton { 1 } else { service.scale.min.max(1) },
            singleton: service.singleton,
            health: match &service.kind {
                ServiceKind::Web(web) => Health::Http(web.clone()),
                ServiceKind::Worker | ServiceKind::Job(_) => Health::Settles,
            },
            start_timeout: self.options.timeout.unwrap_or_else(|| start_timeout(service)),
            stop_timeout: service.stop_timeout,
        }
    }

    fn url(&self, service: &Service) -> Option<String> {
        let ServiceKind::Web(web) = &service.kind else { return None };
        match &web.exposure {
            HttpExposure::Shared(_) => self.board.borrow().edge.url.clone(),
            HttpExposure::OwnPort(port) => Some(format!("http://localhost:{port}")),
            HttpExposure::Internal => self.internal.get(&service.name).cloned(),
        }
    }
}

/// Waits until a service is as wanted; the error is why it never will be.
pub(super) async fn until(supervisor: &Supervisor, is_met: fn(&Seen) -> bool) -> Result<(), UpError> {
    let mut seen = supervisor.seen();
    let reached = seen.wait_for(|seen| is_met(seen) || seen.failure.is_some() || seen.stopped).await;
    match reached.ok().and_then(|seen| seen.failure.clone()) {
        Some(failure) => Err(UpError::Service(Box::new(failure))),
        None => Ok(()),
    }
}

fn start_timeout(service: &Service) -> Duration {
    let ServiceKind::Web(web) = &service.kind else { return START_TIMEOUT };
    let check = &web.healthcheck;
    START_TIMEOUT.max(check.grace_period + check.interval * check.unhealthy_threshold)
}

fn kind(service: &Service) -> &'static str {
    match service.kind {
        ServiceKind::Web(_) => "web",
        ServiceKind::Worker => "worker",
        ServiceKind::Job(_) => "job",
    }
}
