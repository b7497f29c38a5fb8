//! A service on ECS: who may talk to whom, the task, and what keeps it running.

use model::System;
use model::system::{ContainerCheck, HttpExposure, JobTrigger, Service, ServiceKind, Span, Strategy, Web};

use super::bindings::{self, Bindings};
use super::database::Engine;
use super::exports::heard;
use super::hcl::{Body, Expression};
use super::names::{BALANCER, identifier};
use super::queue::seconds;
use super::{ComputePlace, identity, job, log, rollout, scale};

/// What a target group's name ends with under blue/green.
const COLOUR: usize = "-green".len();

/// Services that run on AWS: those that start only on request run where somebody asks for them.
pub(crate) fn running(system: &System) -> impl Iterator<Item = &Service> {
    system.services.values().filter(|service| service.profiles.is_empty())
}

/// Services that others reach by name.
pub(crate) fn internal(system: &System) -> impl Iterator<Item = &Service> {
    running(system)
        .filter(|service| matches!(web(service), Some(web) if web.exposure == HttpExposure::Internal))
}

/// Services behind the balancer.
pub(crate) fn balanced(system: &System) -> impl Iterator<Item = (&Service, &Web)> {
    running(system)
        .filter_map(|service| Some((service, web(service)?)))
        .filter(|(_, web)| web.exposure != HttpExposure::Internal)
}

/// Whether the balancer sends it requests.
pub(super) fn is_balanced(service: &Service) -> bool {
    web(service).is_some_and(|web| web.exposure != HttpExposure::Internal)
}

/// Whether CodeDeploy brings its releases.
pub(crate) fn is_blue_green(service: &Service) -> bool {
    is_balanced(service)
        && matches!(service.rollout.strategy, Strategy::BlueGreen | Strategy::Canary(_) | Strategy::Linear(_))
}

pub(super) fn web(service: &Service) -> Option<&Web> {
    match &service.kind {
        ServiceKind::Web(web) => Some(web),
        ServiceKind::Worker | ServiceKind::Job(_) => None,
    }
}

pub(super) fn compose(place: &mut ComputePlace<'_>, service: &Service) {
    let bindings = bindings::of_service(place.system, place.names, service);
    security(place, service);
    database_doors(place, service);
    task(place, service, &bindings);
    match &service.kind {
        ServiceKind::Job(of) => job::compose(place, service, of),
        ServiceKind::Web(_) | ServiceKind::Worker => {
            if let Some(web) = web(service).filter(|web| web.exposure != HttpExposure::Internal) {
                route(place, service, web);
            }
            runner(place, service);
            scale::compose(place, service);
            if is_blue_green(service) {
                rollout::compose(place, service);
            }
        }
    }
}

/// Its security group: in from the balancer and from services that call it, out to what it uses.
fn security(place: &mut ComputePlace<'_>, service: &Service) {
    let mut settings = Body::new();
    settings
        .set("name", place.names.of(&service.name))
        .set("description", format!("Tasks of {}", place.names.of(&service.name)))
        .set("vpc_id", Expression::reference(heard(&["network", "vpc_id"])));
    let ingress = ingress(place.system, service);
    if !ingress.is_empty() {
        settings.set("ingress", Expression::object(ingress));
    }
    settings.set("egress", Expression::object(egress(place.system, service)));
    place.call(service, "security", "security-group", settings);
    if let Some(port) = behind_balancer(service) {
        let mut rule = Body::new();
        rule.set("security_group_id", Expression::reference("module.balancer.security_group_id"))
            .set("description", format!("To {}", service.name))
            .set("ip_protocol", "tcp")
            .set("from_port", port)
            .set("to_port", port)
            .set("referenced_security_group_id", Expression::reference(group(service)));
        place.resource(
            service,
            "aws_vpc_security_group_egress_rule",
            &format!("balancer_to_{}", identifier(&service.name)),
            rule,
        );
    }
}

fn ingress(system: &System, service: &Service) -> Vec<(String, Expression)> {
    let Some(port) = service.port else { return Vec::new() };
    if behind_balancer(service).is_some() {
        let from = rule(
            "From the load balancer",
            port,
            "security_group_id",
            Expression::reference("module.balancer.security_group_id"),
        );
        return vec![("balancer".to_owned(), from)];
    }
    if !internal(system).any(|internal| internal.name == service.name) {
        return Vec::new();
    }
    let callers = running(system).filter(|caller| caller.name != service.name);
    callers
        .map(|caller| {
            let from = rule(
                &format!("From {}", caller.name),
                port,
                "security_group_id",
                Expression::reference(group(caller)),
            );
            (identifier(&caller.name), from)
        })
        .collect()
}

fn egress(system: &System, service: &Service) -> Vec<(String, Expression)> {
    let everywhere = rule("To AWS and others by HTTPS", 443, "cidr_ipv4", "0.0.0.0/0".into());
    let databases = databases(system, service).map(|(name, port)| {
        let to = Expression::reference(heard(&["databases", name, "security_group_id"]));
        (identifier(name), rule(&format!("To {name}"), port, "security_group_id", to))
    });
    let called = internal(system).filter(|called| called.name != service.name).map(|called| {
        let to = Expression::reference(group(called));
        (
            identifier(&called.name),
            rule(&format!("To {}", called.name), called.port.unwrap_or(80), "security_group_id", to),
        )
    });
    std::iter::once(("https".to_owned(), everywhere)).chain(databases).chain(called).collect()
}

/// Databases' own groups let in only those who use them.
fn database_doors(place: &mut ComputePlace<'_>, service: &Service) {
    let doors: Vec<(String, u16)> =
        databases(place.system, service).map(|(name, port)| (name.to_owned(), port)).collect();
    for (name, port) in doors {
        let mut rule = Body::new();
        rule.set(
            "security_group_id",
            Expression::reference(heard(&["databases", &name, "security_group_id"])),
        )
        .set("description", format!("From {}", service.name))
        .set("ip_protocol", "tcp")
        .set("from_port", port)
        .set("to_port", port)
        .set("referenced_security_group_id", Expression::reference(group(service)));
        let label = format!("{}_to_{}", identifier(&service.name), identifier(&name));
        place.resource(service, "aws_vpc_security_group_ingress_rule", &label, rule);
    }
}

/// Databases a service uses, with the port each listens on.
pub(super) fn databases<'a>(
    system: &'a System,
    service: &'a Service,
) -> impl Iterator<Item = (&'a str, u16)> {
    service.uses.keys().filter_map(|name| {
        let resource = system.resources.get(name)?;
        Some((name.as_str(), Engine::of(&resource.kind)?.port()?))
    })
}

pub(super) fn rule(description: &str, port: u16, source: &str, value: Expression) -> Expression {
    Expression::object([
        ("description", Expression::from(description)),
        ("port", Expression::from(port)),
        (source, value),
    ])
}

/// The port at which the balancer reaches it.
fn behind_balancer(service: &Service) -> Option<u16> {
    let web = web(service)?;
    service.port.filter(|_| web.exposure != HttpExposure::Internal)
}

pub(super) fn group(service: &Service) -> String {
    format!("module.{}_security.id", identifier(&service.name))
}

fn task(place: &mut ComputePlace<'_>, service: &Service, bindings: &Bindings) {
    let mut settings = Body::new();
    settings
        .set("name", place.names.of(&service.name))
        .set("region", Expression::reference("var.region"))
        .set("account_id", Expression::reference("var.account_id"));
    settings.gap().set("image", image(service));
    if service.image.is_none() {
        settings.set("repository_arn", Expression::reference(heard(&["registries", &service.name, "arn"])));
    }
    settings.set_some("command", service.command.as_ref().map(Expression::list));
    settings.set("cpu", service.cpu.0).set("memory", mebibytes(service.memory.0));
    settings.set_some("port", service.port.filter(|_| web(service).is_some()));
    settings.set_some("health_check", service.container_check.as_ref().map(container_check));
    settings.set("stop_timeout", stop_timeout(service.stop_timeout));
    settings.set("environment", Expression::object(bindings.environment.clone()));
    if !bindings.secrets.is_empty() {
        settings.set("secrets", Expression::object(bindings.secrets.clone()));
        settings.set("secret_arns", Expression::list(bindings.secret_arns.values().cloned()));
    }
    if !bindings.key_arns.is_empty() {
        settings.set("secret_key_arns", Expression::list(bindings.key_arns.values().cloned()));
    }
    let statements = identity::statements(place.system, service);
    if !statements.is_empty() {
        settings.set("statements", Expression::list(statements));
    }
    settings.set("log_retention_days", log::days(place.system));
    place.call(service, "task", "task", settings);
}

fn container_check(check: &ContainerCheck) -> Expression {
    Expression::object([
        ("command", Expression::list(std::iter::once("CMD").chain(check.test.iter().map(String::as_str)))),
        ("interval", seconds(check.interval)),
        ("timeout", seconds(check.timeout)),
        ("retries", check.retries.into()),
        ("start_period", seconds(check.start_period)),
    ])
}

fn image(service: &Service) -> Expression {
    match (&service.build, &service.image) {
        (Some(_), _) | (None, None) => {
            let url = heard(&["registries", &service.name, "url"]);
            Expression::template(&format!("{{{url}}}:{{var.image_tags.{}}}", identifier(&service.name)))
        }
        (None, Some(image)) => image.0.as_str().into(),
    }
}

fn route(place: &mut ComputePlace<'_>, service: &Service, web: &Web) {
    let is_blue_green = is_blue_green(service);
    let mut settings = Body::new();
    settings
        .set("name", place.names.short(&service.name, BALANCER - COLOUR))
        .set("vpc_id", Expression::reference(heard(&["network", "vpc_id"])))
        .set_some("port", service.port);
    settings.set("listener_arn", listener(service));
    match &web.exposure {
        HttpExposure::Shared(route) => {
            settings.set_some("host", route.host.as_deref());
            settings.set_some("path", route.path.as_deref());
        }
        HttpExposure::OwnPort(_) | HttpExposure::Internal => {
            settings.set("path", "/");
        }
    }
    settings.set("priority", place.priority(service)).set("blue_green", is_blue_green);
    if is_blue_green {
        settings.set("test_listener", true);
        settings.set("test_listener_arn", Expression::reference("module.balancer.test_listener_arn"));
    }
    if let Some(gate) = super::edge::gate(place.system) {
        settings.set("gate", gate);
    }
    let check = &web.healthcheck;
    settings.set(
        "health_check",
        Expression::object([
            ("path", Expression::from(&check.path)),
            ("matcher", codes(&check.success_codes.0).into()),
            ("interval", seconds(check.interval)),
            ("timeout", seconds(check.timeout)),
            ("healthy", check.healthy_threshold.into()),
            ("unhealthy", check.unhealthy_threshold.into()),
        ]),
    );
    settings.set("deregistration_seconds", seconds(web.deregistration_delay));
    place.call(service, "route", "route", settings);
}

/// The listener through which it is reached.
pub(super) fn listener(service: &Service) -> Expression {
    match web(service).map(|web| &web.exposure) {
        Some(HttpExposure::OwnPort(_)) => Expression::reference(format!(
            "module.balancer.own_listener_arns[\"{}\"]",
            identifier(&service.name)
        )),
        _ => Expression::reference("module.balancer.listener_arn"),
    }
}

/// `200,204`, `200-299`: as an ALB's matcher is written.
fn codes(ranges: &[(u16, u16)]) -> String {
    let one = |(low, high): &(u16, u16)| if low == high { low.to_string() } else { format!("{low}-{high}") };
    ranges.iter().map(one).collect::<Vec<_>>().join(",")
}

/// The ECS service.
fn runner(place: &mut ComputePlace<'_>, service: &Service) {
    let is_blue_green = is_blue_green(service);
    let mut settings = Body::new();
    settings
        .set("name", place.names.of(&service.name))
        .set("cluster_arn", Expression::reference("module.cluster.arn"))
        .set("task_definition_arn", of(service, "task", "task_definition_arn"))
        .set("desired_count", service.scale.min);
    if !is_blue_green {
        let (least, most) = deployment_bounds(service);
        settings.set("minimum_healthy_percent", least).set("maximum_percent", most);
    }
    settings
        .set("subnet_ids", Expression::reference(heard(&["network", "private_subnet_ids"])))
        .set("security_group_ids", Expression::list([Expression::reference(group(service))]));
    if let Some(port) = behind_balancer(service) {
        let group = Expression::object([
            ("arn", of(service, "route", "target_group_arn")),
            ("container_name", of(service, "task", "container_name")),
            ("port", port.into()),
        ]);
        if is_blue_green {
            settings.set("target_group", group);
        } else {
            settings.set("target_groups", Expression::object([("only", group)]));
        }
        let grace = web(service).map_or(Span::ZERO, |web| web.healthcheck.grace_period);
        settings.set("grace_seconds", seconds(grace));
    }
    if internal(place.system).any(|internal| internal.name == service.name) {
        let registry = format!("module.discovery.service_arns[\"{}\"]", service.name);
        settings.set("registry_arn", Expression::reference(registry));
    }
    if !is_blue_green {
        settings.set_some("alarms", rollout::alarm_names(place.system, service));
    }
    let module = if is_blue_green { "service-blue-green" } else { "service-rolling" };
    place.call(service, "service", module, settings);
}

/// How few and how many tasks there may be while a release replaces another, in percent of what is wanted.
fn deployment_bounds(service: &Service) -> (u8, u8) {
    if service.singleton || service.rollout.strategy == Strategy::Recreate { (0, 100) } else { (100, 200) }
}

/// An output of one of the service's modules.
pub(super) fn of(service: &Service, module: &str, output: &str) -> Expression {
    Expression::reference(format!("module.{}_{module}.{output}", identifier(&service.name)))
}

fn mebibytes(size: u64) -> u32 {
    u32::try_from(size).unwrap_or(u32::MAX)
}

/// Fargate waits whole seconds, and this long at most (Amazon ECS API Reference, ContainerDefinition, `stopTimeout`).
pub(super) const LONGEST_STOP: u32 = 120;
pub(super) const SHORTEST_STOP: u32 = 2;

fn stop_timeout(span: Span) -> u32 {
    let seconds = span.as_secs() + u64::from(span.subsec_nanos() > 0);
    u32::try_from(seconds).unwrap_or(u32::MAX).clamp(SHORTEST_STOP, LONGEST_STOP)
}

/// Whether it runs by the clock or on request only.
pub(super) fn schedule(trigger: &JobTrigger) -> Option<&str> {
    match trigger {
        JobTrigger::Schedule(expression) => Some(expression),
        JobTrigger::Manual => None,
    }
}
