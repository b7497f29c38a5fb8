//! CodeDeploy: how the traffic moves, what stops it, and what runs at which point.

use std::collections::BTreeMap;

use model::System;
use model::system::{Hook, Service, Shift, Span, Strategy};
use serde_json::{Value, json};

use super::hcl::{Body, Expression};
use super::names::{Names, identifier};
use super::service::{listener, of};
use super::{ComputePlace, alarm};

pub(crate) mod hook;

pub(super) fn compose(place: &mut ComputePlace<'_>, service: &Service) {
    let hooks = hook::hooks(service);
    hook::compose(place, service, &hooks);
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
        let functions = hooks.keys().map(|at| of(service, &hook::module(*at), "function_arn"));
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
    let hooks: Vec<Value> = hooks
        .keys()
        .map(|at| json!({ hook::event_name(*at): hook::function(names, service, *at) }))
        .collect();
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
