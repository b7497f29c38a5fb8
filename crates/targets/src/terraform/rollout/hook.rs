//! Commands that run at a deployment's events, each of them in a task of the new version.

use std::collections::BTreeMap;

use model::System;
use model::system::{Hook, Service};

use crate::terraform::edge::{self, doors};
use crate::terraform::exports::heard;
use crate::terraform::hcl::{Body, Expression};
use crate::terraform::names::Names;
use crate::terraform::service::{group, of, rule};
use crate::terraform::{ComputePlace, log};

/// How long a hook may take: CodeDeploy waits an hour (AWS CodeDeploy User Guide, "AppSpec 'hooks' section").
const MINUTES: u32 = 60;

/// A hook's function's name: the names of its role and its queue go on from it (`modules/hook`).
const FUNCTION: usize = 56;

/// The security group of a service's hooks, among its modules.
const DOORS: &str = "hook_doors";

/// The port for which the security group of every service lets a task out.
const HTTPS: u16 = 443;

/// What runs at CodeDeploy's lifecycle events, which know one function each: a migration before the hook that is called
/// before traffic moves.
pub(crate) fn hooks(service: &Service) -> BTreeMap<Hook, Vec<Vec<String>>> {
    let rollout = &service.rollout;
    let migration = rollout.migrate.iter().map(|migration| (Hook::BeforeTraffic, &migration.command));
    let written = rollout.hooks.iter().map(|(hook, program)| (*hook, &program.command));
    migration.chain(written).fold(BTreeMap::new(), |mut hooks, (hook, command)| {
        hooks.entry(hook).or_insert_with(Vec::new).push(command.clone());
        hooks
    })
}

/// An event's name (AWS CodeDeploy User Guide, "AppSpec 'hooks' section for an Amazon ECS deployment").
pub(super) fn event_name(hook: Hook) -> &'static str {
    match hook {
        Hook::BeforeInstall => "BeforeInstall",
        Hook::AfterInstall => "AfterInstall",
        Hook::AfterTestTraffic => "AfterAllowTestTraffic",
        Hook::BeforeTraffic => "BeforeAllowTraffic",
        Hook::AfterTraffic => "AfterAllowTraffic",
    }
}

/// The name of the function that runs at an event.
pub(in crate::terraform) fn function(names: &Names, service: &Service, hook: Hook) -> String {
    names.short(&format!("{}-{}", service.name, identifier(hook).replace('_', "-")), FUNCTION)
}

/// The module of an event, among those of its service.
pub(super) fn module(hook: Hook) -> String {
    format!("hook_{}", identifier(hook))
}

/// [`event_name`], as Terraform's names are written.
fn identifier(hook: Hook) -> &'static str {
    match hook {
        Hook::BeforeInstall => "before_install",
        Hook::AfterInstall => "after_install",
        Hook::AfterTestTraffic => "after_allow_test_traffic",
        Hook::BeforeTraffic => "before_allow_traffic",
        Hook::AfterTraffic => "after_allow_traffic",
    }
}

/// Writes the functions of a service's hooks, and what lets their tasks out to ask the service.
pub(super) fn compose(
    place: &mut ComputePlace<'_>,
    service: &Service,
    hooks: &BTreeMap<Hook, Vec<Vec<String>>>,
) {
    let rules = ways_out(place.system, service);
    let has_ways_out = !hooks.is_empty() && !rules.is_empty();
    if has_ways_out {
        security(place, service, rules);
    }
    let mut groups = vec![Expression::reference(group(service))];
    groups.extend(has_ways_out.then(|| of(service, DOORS, "id")));
    for (at, commands) in hooks {
        call(place, service, *at, commands, &groups);
    }
}

/// What a hook's task may reach beyond what the service's tasks may.
fn ways_out(system: &System, service: &Service) -> Vec<(&'static str, Expression)> {
    let beyond = doors::of(system, service).into_iter().filter(|door| door.port != HTTPS);
    let rules = beyond.map(|door| {
        let (kind, balancer) = edge::balancer_from_inside(system);
        (door.name, rule(door.description, door.port, kind, balancer))
    });
    rules.collect()
}

fn security(place: &mut ComputePlace<'_>, service: &Service, rules: Vec<(&'static str, Expression)>) {
    let mut settings = Body::new();
    settings
        .set("name", place.names.of(&format!("{}-hooks", service.name)))
        .set("description", format!("Hooks of {}", place.names.of(&service.name)))
        .set("vpc_id", Expression::reference(heard(&["network", "vpc_id"])))
        .set("egress", Expression::object(rules));
    place.call(service, DOORS, "security-group", settings);
}

fn call(
    place: &mut ComputePlace<'_>,
    service: &Service,
    at: Hook,
    commands: &[Vec<String>],
    groups: &[Expression],
) {
    let mut settings = Body::new();
    let group = place.names.of(&service.name);
    settings
        .set("name", function(place.names, service, at))
        .set("account_id", Expression::reference("var.account_id"))
        .set("region", Expression::reference("var.region"))
        .set("deployment_group", format!("{group}/{group}"))
        .set("cluster_arn", Expression::reference("module.cluster.arn"))
        .set("commands", Expression::list(commands.iter().map(Expression::list)));
    let environment = environment(place.system, service);
    if !environment.is_empty() {
        settings.set("environment", Expression::object(environment));
    }
    settings
        .set("container_name", of(service, "task", "container_name"))
        .set("task_family", of(service, "task", "family"))
        .set(
            "task_role_arns",
            Expression::list([
                of(service, "task", "task_role_arn"),
                of(service, "task", "execution_role_arn"),
            ]),
        )
        .set("subnet_ids", Expression::reference(heard(&["network", "private_subnet_ids"])))
        .set("security_group_ids", Expression::list(groups.iter().cloned()))
        .set("timeout_minutes", MINUTES)
        .set("log_retention_days", log::days(place.system));
    place.call(service, &module(at), "hook", settings);
}

/// Where hooks find the service, but for what the manifest says itself.
fn environment(system: &System, service: &Service) -> Vec<(&'static str, Expression)> {
    let is_said = |name: &str| service.env.contains_key(name) || service.secrets.contains_key(name);
    let doors = doors::of(system, service).into_iter().filter(|door| !is_said(door.variable));
    doors.filter_map(|door| Some((door.variable, door.url?))).collect()
}
