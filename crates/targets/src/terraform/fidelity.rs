//! Where AWS differs from what a system wants, in the words of the table of all targets. What is not named here is as the
//! table says it always is.

use model::System;
use model::system::{
    Access, Alarm, Database, Facet, HttpExposure, Job, JobTrigger, Metric, Orchestrator, Resource,
    ResourceKind, Service, ServiceKind, Shift, Span, Strategy, Web,
};

use super::alarm;
use super::database::Engine;
use super::service::{self, LONGEST_STOP, SHORTEST_STOP, is_blue_green};
use crate::Fidelity;
use crate::fidelity::{Case, cases};

/// Collects the notes.
#[derive(Default)]
struct Notes(Vec<Fidelity>);

impl Notes {
    fn say(&mut self, holds: bool, field: impl Into<String>, case: &'static Case) {
        if holds {
            self.0.push(Fidelity::of(field, case));
        }
    }
}

pub(super) fn notes(system: &System) -> Vec<Fidelity> {
    let mut notes = Notes::default();
    let is_ecs = system.aws.orchestrator == Orchestrator::Ecs;
    for service in system.services.values() {
        notes.say(!service.profiles.is_empty(), at(service, "profiles"), &cases::PROFILES);
    }
    for service in service::running(system).filter(|_| is_ecs) {
        of_service(service, &mut notes);
        match &service.kind {
            ServiceKind::Web(web) => of_web(system, service, web, &mut notes),
            ServiceKind::Worker => {}
            ServiceKind::Job(job) => of_job(service, job, &mut notes),
        }
        scale(system, service, &mut notes);
        rollout(service, &mut notes);
    }
    for (name, resource) in &system.resources {
        of_resource(resource, is_ecs, &mut notes);
        if Engine::of(&resource.kind).and_then(Engine::port).is_some() {
            uses(system, name, is_ecs, &mut notes);
        }
    }
    if is_ecs {
        edge(system, &mut notes);
        for (name, of) in &system.alarms {
            of_alarm(system, name, of, &mut notes);
        }
    }
    notes.0.sort();
    notes.0
}

fn at(service: &Service, field: &str) -> String {
    format!("services.{}.{field}", service.name)
}

fn of_service(service: &Service, notes: &mut Notes) {
    let at = |field: &str| at(service, field);
    notes.say(service.singleton, at("singleton"), &cases::SINGLETON);
    notes.say(!service.depends_on.is_empty(), at("depends_on"), &cases::DEPENDS_ON);
    notes.say(service.limits.cpu != service.cpu, at("limits.cpu"), &cases::LIMITS);
    notes.say(service.limits.memory != service.memory, at("limits.memory"), &cases::LIMITS);
    let stop = service.stop_timeout;
    notes.say(stop > Span::from_secs(LONGEST_STOP.into()), at("stop_timeout"), &cases::LONG_STOP);
    notes.say(stop < Span::from_secs(SHORTEST_STOP.into()), at("stop_timeout"), &cases::SHORT_STOP);
}

fn of_web(system: &System, service: &Service, web: &Web, notes: &mut Notes) {
    let at = |field: &str| at(service, field);
    notes.say(web.liveness.is_some(), at("http.liveness"), &cases::LIVENESS);
    let by_name = web.exposure == HttpExposure::Internal;
    notes.say(by_name, at("http.healthcheck"), &cases::UNCHECKED);
    notes.say(by_name, at("http.deregistration_delay"), &cases::UNDRAINED);
    notes.say(by_name && service.scale.requests.is_some(), at("scale.requests"), &cases::REQUESTS_BY_NAME);
    let has_door = system.edge.cdn || system.edge.gateway.is_some();
    match &web.exposure {
        HttpExposure::Shared(route) => {
            notes.say(has_door && route.host.is_some(), at("http.alias"), &cases::ALIAS_DOOR);
        }
        HttpExposure::OwnPort(_) => notes.say(has_door, at("http.port"), &cases::OWN_PORT_DOOR),
        HttpExposure::Internal => {}
    }
}

fn of_job(service: &Service, job: &Job, notes: &mut Notes) {
    notes.say(job.retries > 0, at(service, "retries"), &cases::RETRIES);
    notes.say(true, at(service, "timeout"), &cases::JOB_TIMEOUT);
    let both = matches!(&job.trigger, JobTrigger::Schedule(schedule) if has_both_days(schedule));
    notes.say(both, at(service, "on.schedule"), &cases::BOTH_DAYS);
}

fn scale(system: &System, service: &Service, notes: &mut Notes) {
    let at = |field: &str| at(service, field);
    let scale = &service.scale;
    let only_requests = scale.requests.is_some() && scale.queue_delay.is_none() && scale.schedule.is_empty();
    notes.say(scale.min == 0 && only_requests, at("scale.min"), &cases::FROM_ZERO);
    let is_queue =
        |name: &String| matches!(system.resources.get(name).map(|of| &of.kind), Some(ResourceKind::Queue(_)));
    let consumed = service
        .uses
        .iter()
        .filter(|(name, of)| matches!(of.access, Access::Consume | Access::Manage) && is_queue(name));
    let many = scale.queue_delay.is_some() && consumed.count() > 1;
    notes.say(many, at("scale.queue_delay"), &cases::FIRST_QUEUE);
    notes.say(!scale.schedule.is_empty(), at("scale.schedule"), &cases::CLOCK);
    for (number, scheduled) in scale.schedule.iter().enumerate() {
        let at = at(&format!("scale.schedule[{number}].at"));
        notes.say(has_both_days(&scheduled.at), at, &cases::BOTH_DAYS);
    }
}

fn rollout(service: &Service, notes: &mut Notes) {
    let at = |field: &str| at(service, &format!("rollout.{field}"));
    let rollout = &service.rollout;
    let shift = match rollout.strategy {
        Strategy::Canary(shift) => Some(("canary", shift)),
        Strategy::Linear(shift) => Some(("linear", shift)),
        Strategy::BlueGreen | Strategy::Rolling | Strategy::Recreate => None,
    };
    notes.say(rollout.rollback_on.len() > MOST_ALARMS, at("rollback_on"), &cases::TEN_ALARMS);
    if is_blue_green(service) {
        if let Some((name, Shift { bake, .. })) = shift {
            notes.say(!is_whole_minutes(bake), at(&format!("{name}.bake")), &cases::MINUTES);
        }
        return notes.say(!is_whole_minutes(rollout.bake), at("bake"), &cases::MINUTES);
    }
    notes.say(rollout.bake > Span::ZERO, at("bake"), &cases::NO_BAKE);
    notes.say(!rollout.hooks.is_empty(), at("hooks"), &cases::NO_HOOKS);
    notes.say(rollout.migrate.is_some(), at("migrate.command"), &cases::MIGRATE_ROLLING);
}

fn of_resource(resource: &Resource, is_ecs: bool, notes: &mut Notes) {
    let at = |field: &str| format!("resources.{}.{field}", resource.name);
    match &resource.kind {
        ResourceKind::Parameter(parameter) => notes.say(parameter.secure, at("secure"), &cases::SECURE),
        ResourceKind::Postgres(of) | ResourceKind::Mongodb(of) => database(resource, of, is_ecs, notes),
        _ => {}
    }
    let in_cluster = Engine::of(&resource.kind) == Some(Engine::InCluster);
    notes.say(in_cluster, at("provider"), &cases::STATEFUL_SET);
}

fn database(resource: &Resource, of: &Database, is_ecs: bool, notes: &mut Notes) {
    let at = |field: &str| format!("resources.{}.{field}", resource.name);
    let engine = Engine::of(&resource.kind).filter(|engine| engine.port().is_some());
    let Some(engine) = engine else { return };
    let login = if engine == Engine::Documentdb { &cases::MONGO_LOGIN } else { &cases::PG_LOGIN };
    notes.say(is_ecs && resource.env.contains_key(&Facet::Url), at("env.url"), login);
    let is_cluster = matches!(engine, Engine::Aurora | Engine::Documentdb);
    notes.say(is_cluster && of.storage.is_some(), at("storage"), &cases::CLUSTER_STORAGE);
    notes.say(engine == Engine::Postgres && of.instances > 1, at("instances"), &cases::RDS_INSTANCES);
}

/// What services may do with a database that AWS runs.
fn uses(system: &System, name: &str, is_ecs: bool, notes: &mut Notes) {
    for service in service::running(system) {
        let Some(of) = service.uses.get(name) else { continue };
        let at = at(service, &format!("uses.{name}"));
        notes.say(is_ecs && of.access == Access::Read, at.as_str(), &cases::READ_ONLY);
        notes.say(!is_ecs, at, &cases::CLUSTER_DOOR);
    }
}

fn edge(system: &System, notes: &mut Notes) {
    let edge = &system.edge;
    let certificate = edge.tls.as_ref().and_then(|tls| tls.certificate.as_deref());
    let is_arn = |certificate: &str| certificate.starts_with("arn:");
    notes.say(certificate.is_some_and(|of| !is_arn(of)), "edge.tls.certificate", &cases::FILE);
    let has_certificate = certificate.is_some_and(is_arn) || system.aws.certificate.is_some();
    let gateway = edge.gateway.as_ref();
    notes.say(edge.cdn && gateway.is_none() && !has_certificate, "edge.cdn", &cases::CDN_HTTP);
    let is_open = gateway.is_some_and(|gateway| !gateway.vpc_link);
    notes.say(is_open && !has_certificate, "edge.gateway.vpc_link", &cases::GATEWAY_HTTP);
    let is_behind = edge.waf.is_some() && edge.gateway.is_some() && !edge.cdn;
    notes.say(is_behind, "edge.waf", &cases::WAF_BEHIND);
    notes.say(edge.origin_gate.is_some(), "edge.origin_gate.secret", &cases::GATE);
}

fn of_alarm(system: &System, name: &str, of: &Alarm, notes: &mut Notes) {
    let at = |field: &str| format!("alarms.{name}.{field}");
    notes.say(!alarm::is_known(of), at("metric"), &cases::RESTARTS);
    notes.say(!is_whole_minutes(of.period), at("for"), &cases::WHOLE_MINUTES);
    let service = of.service.as_ref().and_then(|service| system.services.get(service));
    let is_latency = matches!(of.metric, Metric::LatencyP50 | Metric::LatencyP99);
    notes.say(is_latency && service.is_some_and(is_blue_green), at("metric"), &cases::SLOWER);
}

/// AWS CodeDeploy User Guide, "CodeDeploy quotas".
const MOST_ALARMS: usize = 10;

/// Whether a cron expression names both a day of the month and one of the week.
fn has_both_days(schedule: &str) -> bool {
    let fields: Vec<&str> = schedule.split_whitespace().collect();
    matches!(fields.as_slice(), [_, _, day, _, weekday] if *day != "*" && *weekday != "*")
}

fn is_whole_minutes(span: Span) -> bool {
    span.subsec_nanos() == 0 && span.as_secs().is_multiple_of(60)
}
