//! What AWS does not do exactly as it was written, with the reason. What is not named here behaves as written.

use model::System;
use model::system::{
    Access, HttpExposure, Metric, Orchestrator, ResourceKind, Service, ServiceKind, Span, Strategy,
};

use super::database::Engine;
use super::service::{self, LONGEST_STOP, is_blue_green};
use super::{alarm, log};
use crate::{Fidelity, Grade};

/// Collects the notes.
#[derive(Default)]
struct Notes(Vec<Fidelity>);

impl Notes {
    fn approximated(&mut self, field: impl Into<String>, reason: impl Into<String>) {
        self.0.push(Fidelity { field: field.into(), grade: Grade::Approximated, reason: reason.into() });
    }

    fn dropped(&mut self, field: impl Into<String>, reason: impl Into<String>) {
        self.0.push(Fidelity { field: field.into(), grade: Grade::Dropped, reason: reason.into() });
    }
}

pub(super) fn notes(system: &System) -> Vec<Fidelity> {
    let mut notes = Notes::default();
    for service in system.services.values() {
        of_service(system, service, &mut notes);
    }
    for (name, resource) in &system.resources {
        of_resource(system, name, &resource.kind, &mut notes);
    }
    if system.aws.orchestrator == Orchestrator::Ecs {
        edge(system, &mut notes);
        alarms(system, &mut notes);
    }
    logs(system, &mut notes);
    notes.0.sort();
    notes.0
}

fn of_service(system: &System, service: &Service, notes: &mut Notes) {
    let at = |field: &str| format!("services.{}.{field}", service.name);
    if let Orchestrator::Eks(_) = system.aws.orchestrator {
        return notes.approximated(
            format!("services.{}", service.name),
            "the cluster, its nodes and the service's role are here; what runs in it is compiled for Kubernetes",
        );
    }
    if !service.profiles.is_empty() {
        return notes.dropped(
            at("profiles"),
            "nothing on AWS starts a service on request, so this one is not there; give it an environment without profiles",
        );
    }
    if !service.depends_on.is_empty() {
        notes.approximated(
            at("depends_on"),
            "ECS starts services side by side: one that needs another has to try until that is there",
        );
    }
    if service.limits.cpu != service.cpu || service.limits.memory != service.memory {
        notes.dropped(at("limits"), "Fargate gives a task exactly its cpu and memory, and no more");
    }
    if service.stop_timeout > Span::from_secs(LONGEST_STOP.into()) {
        notes.approximated(at("stop_timeout"), format!("Fargate waits {LONGEST_STOP} seconds at most"));
    }
    if service.singleton {
        notes.approximated(
            at("singleton"),
            "one task is wanted, and a release ends the old one first; when a host is lost, ECS may start the next before it knows that the old one is gone",
        );
    }
    match &service.kind {
        ServiceKind::Web(web) => {
            if web.liveness.is_some() {
                notes.dropped(at("http.liveness"), "ECS replaces a task that fails its one health check; `healthcheck` of the service looks at it from inside");
            }
            if web.exposure == HttpExposure::Internal && service.scale.requests.is_some() {
                notes.dropped(
                    at("scale.requests"),
                    "nobody counts the requests of a service that is reached by name",
                );
            }
        }
        ServiceKind::Worker => {}
        ServiceKind::Job(job) => {
            if job.retries > 0 {
                notes.approximated(at("retries"), "EventBridge Scheduler tries again where a task could not be started, not where it failed");
            }
            notes.dropped(at("timeout"), "nothing ends a task of ECS after a time; the program has to");
        }
    }
    rollout(service, notes);
    if !service.scale.schedule.is_empty() {
        notes.approximated(at("scale.schedule"), "while a scheduled change holds, a plan shows its bounds, and an apply puts the usual ones back until the next change");
    }
}

fn rollout(service: &Service, notes: &mut Notes) {
    let at = |field: &str| format!("services.{}.rollout.{field}", service.name);
    let is_shifting =
        matches!(service.rollout.strategy, Strategy::BlueGreen | Strategy::Canary(_) | Strategy::Linear(_));
    if is_blue_green(service) {
        if let Strategy::Canary(shift) | Strategy::Linear(shift) = service.rollout.strategy
            && !is_whole_minutes(shift.bake)
        {
            notes.approximated(
                at("bake"),
                "CodeDeploy waits whole minutes between shifts; a begun one counts",
            );
        }
        return;
    }
    if is_shifting {
        notes.dropped(at("strategy"), "there is no balancer before the service to shift traffic, so tasks are replaced one after another");
    }
    if service.rollout.bake > Span::ZERO && matches!(service.kind, ServiceKind::Web(_)) {
        notes.dropped(at("bake"), "a rolling deployment of ECS ends the old tasks as the new ones become healthy; only blue/green keeps them");
    }
    if !service.rollout.hooks.is_empty() {
        notes.dropped(
            at("hooks"),
            "only deployments of CodeDeploy call hooks: blue_green, canary or linear behind the balancer",
        );
    }
    if service.rollout.migrate.is_some() {
        notes.approximated(at("migrate"), "the delivery workflow runs it as a task before it updates the service; a plain `terraform apply` does not");
    }
}

fn of_resource(system: &System, name: &str, kind: &ResourceKind, notes: &mut Notes) {
    let at = |field: &str| format!("resources.{name}.{field}");
    match kind {
        ResourceKind::Parameter(parameter) if parameter.secure => notes.approximated(
            at("secure"),
            "the value is never in a file, but the AWS provider reads it into Terraform's state at a refresh; a `secret` stays out of it",
        ),
        ResourceKind::Bucket(bucket) if bucket.expire.is_some_and(|expire| !is_whole_days(expire)) => {
            notes.approximated(at("expire"), "S3 counts whole days; a begun one counts");
        }
        ResourceKind::Postgres(_) | ResourceKind::Mongodb(_) => {
            let Some(engine) = Engine::of(kind).filter(|engine| engine.port().is_some()) else { return };
            if system.aws.orchestrator == Orchestrator::Ecs {
                notes.approximated(at("env"), credentials(engine));
            }
            if let (Engine::Aurora | Engine::Documentdb, ResourceKind::Postgres(of) | ResourceKind::Mongodb(of)) = (engine, kind)
                && of.storage.is_some()
            {
                notes.dropped(at("storage"), "its storage grows by itself and cannot be set");
            }
        }
        _ => {}
    }
    if matches!(kind, ResourceKind::Postgres(_) | ResourceKind::Mongodb(_) | ResourceKind::Redis(_)) {
        let reads = system
            .services
            .values()
            .filter(|service| service.uses.get(name).is_some_and(|of| of.access == Access::Read));
        for service in reads {
            notes.approximated(
                format!("services.{}.uses.{name}", service.name),
                "the network lets it in as one that writes: users with less are made in the database",
            );
        }
    }
}

fn credentials(engine: Engine) -> &'static str {
    match engine {
        Engine::Documentdb => {
            "the URL comes without user and password, which AWS makes and rotates: MONGO_USER and MONGO_PASSWORD carry them by reference"
        }
        _ => {
            "the URL comes without user and password, which AWS makes and rotates: PGUSER and PGPASSWORD carry them by reference, and PostgreSQL's clients read them"
        }
    }
}

fn edge(system: &System, notes: &mut Notes) {
    let certificate = system.edge.tls.as_ref().and_then(|tls| tls.certificate.as_deref());
    if certificate.is_some_and(|certificate| !certificate.starts_with("arn:")) {
        notes.dropped(
            "edge.tls.certificate",
            "a file cannot be used on AWS: import it into ACM and give its ARN as `aws.certificate`",
        );
    }
    let has_certificate = certificate.is_some_and(|certificate| certificate.starts_with("arn:"))
        || system.aws.certificate.is_some();
    if system.edge.cdn && !has_certificate {
        notes.approximated(
            "edge.cdn",
            "without a certificate CloudFront speaks HTTP to the balancer; callers use HTTPS all the same",
        );
    }
    if system.edge.waf.is_some() && system.edge.gateway.is_some() && !system.edge.cdn {
        notes.approximated("edge.waf", "an HTTP API takes no firewall, so it stands at the balancer behind it and sees the gateway's addresses");
    }
    if system.edge.origin_gate.is_some() {
        notes.approximated("edge.origin_gate", "the header's value stands in Terraform's state, as it does in the balancer's rule and in CloudFront");
    }
}

fn alarms(system: &System, notes: &mut Notes) {
    for (name, of) in &system.alarms {
        if !alarm::is_known(of) {
            notes.dropped(format!("alarms.{name}"), "CloudWatch does not count the restarts of tasks");
        }
        if !is_whole_minutes(of.period) {
            notes.approximated(
                format!("alarms.{name}.for"),
                "CloudWatch looks once a minute; a begun one counts",
            );
        }
        let blue_green =
            of.service.as_ref().and_then(|service| system.services.get(service)).is_some_and(is_blue_green);
        if blue_green && matches!(of.metric, Metric::LatencyP50 | Metric::LatencyP99) {
            notes.approximated(
                format!("alarms.{name}.metric"),
                "while two task sets serve, it is the slower one's",
            );
        }
    }
    let too_many = service::running(system).filter(|service| service.rollout.rollback_on.len() > MOST_ALARMS);
    for service in too_many {
        notes
            .dropped(format!("services.{}.rollout.rollback_on", service.name), "CodeDeploy takes ten alarms");
    }
}

/// AWS CodeDeploy User Guide, "CodeDeploy quotas".
const MOST_ALARMS: usize = 10;

fn logs(system: &System, notes: &mut Notes) {
    let written = log::whole_days(system.aws.log_retention.as_secs());
    let kept = log::days(system);
    if kept != written {
        notes.approximated(
            "aws.log_retention",
            format!("CloudWatch has no {written} days; logs are kept {kept}"),
        );
    }
}

fn is_whole_minutes(span: Span) -> bool {
    span.subsec_nanos() == 0 && span.as_secs().is_multiple_of(60)
}

fn is_whole_days(span: Span) -> bool {
    span.subsec_nanos() == 0 && span.as_secs().is_multiple_of(24 * 60 * 60)
}
