//! A pull request, whatever its target: checks, Terraform's own, and a plan for each environment that its target delivers
//! to.

use super::job::{Job, Permission, checks, id, workflow as begin};
use super::pipeline::{Environment, Pipeline, Role};
use crate::yaml::Map;

pub(super) fn workflow(pipeline: &Pipeline) -> Map {
    let on = Map::from([("pull_request", Map::new())]);
    let mut workflow = begin(pipeline.title("pull request"), on);
    let mut concurrency = Map::new();
    concurrency
        .set("group", format!("{}-pull-request-${{{{ github.event.number }}}}", pipeline.system))
        .set("cancel-in-progress", true);
    let mut jobs = Map::new();
    jobs.set("checks", checks(pipeline)).set("terraform", terraform(pipeline));
    for environment in &pipeline.environments {
        if let Some(condition) = environment.targeted() {
            jobs.set(id("plan", environment), plan(pipeline, environment, &condition));
        }
    }
    workflow.set("concurrency", concurrency).set("jobs", jobs);
    workflow
}

pub(super) fn terraform(pipeline: &Pipeline) -> Job {
    Job::new("Terraform is formatted and valid", 20, &[]).checkout().terraform().script(
        "Check",
        "format",
        Map::from([("ROOT", pipeline.at("deploy/aws"))]),
    )
}

/// GitHub gives no identity to a pull request from a fork, so there is no plan for one.
fn plan(pipeline: &Pipeline, environment: &Environment, condition: &str) -> Job {
    let own = "github.event.pull_request.head.repo.full_name == github.repository";
    let mut permissions = vec![Permission::Identity];
    if pipeline.ci.plan_comment {
        permissions.push(Permission::Comments);
    }
    let region = Map::from([("AWS_REGION", &environment.stacks.region)]);
    let job = Job::new(&format!("Plan for {}", environment.name), 20, &permissions)
        .needs(&["terraform".to_owned()])
        .when(&format!("{own} && ({condition})"))
        .set("env", region);
    let job = planning(job, pipeline, environment);
    if !pipeline.ci.plan_comment {
        return job;
    }
    let told = Map::from([
        ("ENVIRONMENT", environment.name.as_str()),
        ("SYSTEM", &pipeline.system),
        ("PULL_REQUEST", "${{ github.event.number }}"),
        ("RUN_URL", "${{ github.server_url }}/${{ github.repository }}/actions/runs/${{ github.run_id }}"),
        ("GH_TOKEN", "${{ github.token }}"),
    ]);
    let mut comment = super::job::script_step("Comment", "comment", told);
    comment.set("if", "${{ !cancelled() }}");
    job.step(comment)
}

/// The plans of an environment's stacks, which change nothing and lock nothing.
pub(super) fn planning(job: Job, pipeline: &Pipeline, environment: &Environment) -> Job {
    let job = job.checkout().terraform().sign_in(pipeline, environment, Role::Plan);
    let plan = |job: Job, stack: &str| {
        job.script(&format!("Plan {stack}"), "terraform", stack_of(pipeline, environment, stack, "plan"))
    };
    ["data", "compute"].into_iter().fold(job, plan)
}

/// What `terraform.sh` has to know.
pub(super) fn stack_of(pipeline: &Pipeline, environment: &Environment, stack: &str, mode: &str) -> Map {
    let mut told = Map::from([
        ("STACKS", pipeline.stacks(environment)),
        ("STACK", stack.to_owned()),
        ("MODE", mode.to_owned()),
    ]);
    if let Some(gate) = environment.stacks.gate.as_deref().filter(|_| stack == "compute") {
        told.set("GATE", gate);
    }
    told
}
