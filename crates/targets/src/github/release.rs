//! One service's release: its task definition, a migration, then what brings it.

use super::job::{Job, script_step};
use crate::terraform::pipeline::{Bring, Delivered};
use crate::yaml::Map;

/// What is to serve.
#[derive(Debug)]
pub(super) struct Wanted {
    /// The image's tag: an expression.
    pub(super) tag: String,
    /// Whether that image is new; else the one that runs stays: an expression.
    pub(super) changed: String,
    /// Whether a release comes back that was there before.
    pub(super) is_again: bool,
}

/// Adds the steps that bring a release of `service`, and that fail unless it serves in the end. `stacks` is the folder of
/// the environment's stacks.
pub(super) fn steps(job: Job, stacks: &str, cluster: &str, service: &Delivered, wanted: &Wanted) -> Job {
    let repository = service.build.as_ref().map_or("", |_| service.physical.as_str());
    let mut told = place(cluster, service);
    told.set("REPOSITORY", repository)
        .set("TAG", &wanted.tag)
        .set("CHANGED", &wanted.changed)
        .set("AGAIN", if wanted.is_again { "true" } else { "false" });
    let mut register = script_step("Task definition", "register", told);
    register.set("id", "register");
    let mut job = job.step(register);
    // A release that comes back finds the schema of a later one: what went forward is not run again.
    if let (Some(command), false) = (&service.migration, wanted.is_again) {
        let mut told = place(cluster, service);
        told.set("DEFINITION", DEFINITION).set("COMMAND", serde_json::json!(command).to_string());
        job = job.step(if_needed(script_step("Migrate", "migrate", told)));
    }
    let mut told = place(cluster, service);
    told.set("DEFINITION", DEFINITION);
    match &service.bring {
        Bring::NextRun => job,
        Bring::Rolling => job.step(if_needed(script_step("Replace the tasks", "roll", told))),
        Bring::BlueGreen { app_spec } => {
            told.set("APPSPEC", format!("{stacks}/compute/{app_spec}"));
            job.step(if_needed(script_step("Shift the traffic", "shift", told)))
        }
    }
}

const DEFINITION: &str = "${{ steps.register.outputs.arn }}";

fn place(cluster: &str, service: &Delivered) -> Map {
    Map::from([("CLUSTER", cluster), ("SERVICE", service.physical.as_str())])
}

fn if_needed(mut step: Map) -> Map {
    step.set("if", "steps.register.outputs.needed == 'true'");
    step
}
