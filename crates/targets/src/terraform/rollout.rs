//! CodeDeploy: how the traffic moves, what stops it, and what runs at which point.

use std::collections::BTreeMap;

use model::System;
use model::system::{Hook, Service, Shift, Span, Strategy};
use serde_json::{Value, json};

use super::exports::heard;
use super::hcl::{Body, Expression};
use super::names::{Names, identifier};
use super::service::{group, listener, of};
use super::{ComputePlace, alarm, log};

/// How long a hook may take: CodeDeploy waits an hour (AWS CodeDeploy User Guide, "AppSpec 'hooks' section").
const HOOK_MINUTES: u32 = 60;

/// A hook's function's name: the names of its role and its queue go on from it (`modules/hook`).
const FUNCTION: usize = 56;

pub(super) fn compose(place: &mut ComputePlace<'_>, service: &Service) {
    let hooks = hooks(service);
    for (at, commands) in &hooks {
        hook(place, service, event(*at), commands);
    }
    let mut settings = Body::new();
    settings
        .set("name", place.names.of(&service.name))
        .set("account_id", Expression::reference("var.account_id"))
        .set("region", Expression::reference("var.region"))
        .set("cluster_name", Expression::reference("module.cluster.name"))
        .set("service_name", of(service, "service", "name"))
        .set("listener_arns", Expression::list([listener(service)]))
        .set(
            "test_listener_arns",
            Expression::list([Expression::reference("module.balancer.test_listener_arn")]),
        )
        .set("target_group_names", of(service, "route", "target_group_names"))
        .set("traffic", traffic(service.rollout.strategy))
        .set("terminate_after_minutes", minutes(service.rollout.bake));
    settings.set_some("alarms", alarm_names(place.system, service));
    settings.set(
        "pass_role_arns",
        Expression::list([of(service, "task", "task_role_arn"), of(service, "task", "execution_role_arn")]),
    );
    if !hooks.is_empty() {
        let functions = hooks.keys().map(|at| of(service, &hook_module(event(*at)), "function_arn"));
        settings.set("hook_function_arns", Expression::list(functions));
    }
    place.call(service, "deployment", "deployment", settings);
    place.compute.text(app_spec_path(service), app_spec(place.names, service, &hooks));
}

/// Where in the compute stack's folder the AppSpec of a service is.
pub(super) fn app_spec_path(service: &Service) -> String {
    format!("appspec/{}.json", service.name)
}

/// What a deployment is told (AWS CodeDeploy User Guide, "AppSpec file structure for Amazon ECS deployments"). The task
/// definition is filled in by who delivers.
fn app_spec(names: &Names, service: &Service, hooks: &BTreeMap<Hook, Vec<Vec<String>>>) -> String {
    let hooks: Vec<Value> =
        hooks.keys().map(|at| json!({ event_name(*at): function(names, service, event(*at)) })).collect();
    let target = json!({
        "Type": "AWS::ECS::Service",
        "Properties": {
            "TaskDefinition": "<TASK_DEFINITION>",
            "LoadBalancerInfo": { "ContainerName": names.of(&service.name), "ContainerPort": service.port },
        },
    });
    let spec = json!({ "version": 0.0, "Resources": [{ "TargetService": target }], "Hooks": hooks });
    format!("{spec:#}\n")
}

fn event_name(hook: Hook) -> &'static str {
    match hook {
        Hook::BeforeInstall => "BeforeInstall",
        Hook::AfterInstall => "AfterInstall",
        Hook::AfterTestTraffic => "AfterAllowTestTraffic",
        Hook::BeforeTraffic => "BeforeAllowTraffic",
        Hook::AfterTraffic => "AfterAllowTraffic",
    }
}

/// The name of the function that runs at an event.
pub(super) fn function(names: &Names, service: &Service, event: &str) -> String {
    names.short(&format!("{}-{}", service.name, event.replace('_', "-")), FUNCTION)
}

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

/// AWS CodeDeploy User Guide, "AppSpec 'hooks' section for an Amazon ECS deployment".
pub(super) fn event(hook: Hook) -> &'static str {
    match hook {
        Hook::BeforeInstall => "before_install",
        Hook::AfterInstall => "after_install",
        Hook::AfterTestTraffic => "after_allow_test_traffic",
        Hook::BeforeTraffic => "before_allow_traffic",
        Hook::AfterTraffic => "after_allow_traffic",
    }
}

fn hook(place: &mut ComputePlace<'_>, service: &Service, event: &str, commands: &[Vec<String>]) {
    let mut settings = Body::new();
    let group = place.names.of(&service.name);
    settings
        .set("name", function(place.names, service, event))
        .set("account_id", Expression::reference("var.account_id"))
        .set("region", Expression::reference("var.region"))
        .set("deployment_group", format!("{group}/{group}"))
        .set("cluster_arn", Expression::reference("module.cluster.arn"))
        .set("commands", Expression::list(commands.iter().map(Expression::list)))
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
        .set("security_group_ids", Expression::list([Expression::reference(self::group(service))]))
        .set("timeout_minutes", HOOK_MINUTES)
        .set("log_retention_days", log::days(place.system));
    place.call(service, &hook_module(event), "hook", settings);
}

fn hook_module(event: &str) -> String {
    format!("hook_{event}")
}

fn traffic(strategy: Strategy) -> Expression {
    let (kind, shift) = match strategy {
        Strategy::Canary(shift) => ("canary", Some(shift)),
        Strategy::Linear(shift) => ("linear", Some(shift)),
        Strategy::BlueGreen | Strategy::Rolling | Strategy::Recreate => ("all_at_once", None),
    };
    let mut entries = vec![("kind", Expression::from(kind))];
    if let Some(Shift { percent, bake }) = shift {
        entries.push(("percent", percent.0.into()));
        entries.push(("interval_minutes", minutes(bake).into()));
    }
    Expression::object(entries)
}

/// The alarms that roll a release of `service` back, by their names.
pub(super) fn alarm_names(system: &System, service: &Service) -> Option<Expression> {
    let is_there = |name: &&String| system.alarms.get(*name).is_some_and(alarm::is_known);
    let names: Vec<&String> = service.rollout.rollback_on.iter().filter(is_there).collect();
    let name =
        |name: &String| Expression::reference(format!("module.alarms.names[\"{}\"]", identifier(name)));
    (!names.is_empty()).then(|| Expression::list(names.into_iter().map(name)))
}

/// CodeDeploy counts in whole minutes, one at least.
fn minutes(span: Span) -> u32 {
    u32::try_from(span.as_secs().div_ceil(60)).unwrap_or(u32::MAX)
}
