//! The way back: a person names environment, service and image, and types a word.

use std::collections::BTreeSet;

use super::job::{Job, id, workflow as begin};
use super::pipeline::{Environment, Pipeline, Role};
use super::release::{self, Wanted};
use crate::terraform::pipeline::Delivered;
use crate::yaml::{Map, Yaml};

pub(super) fn workflow(pipeline: &Pipeline) -> Map {
    let inputs = inputs(pipeline);
    let dispatch = Map::from([("inputs", inputs)]);
    let mut workflow = begin(pipeline.title("roll back"), Map::from([("workflow_dispatch", dispatch)]));
    let mut concurrency = Map::new();
    concurrency
        .set("group", format!("{}-${{{{ inputs.environment }}}}", pipeline.system))
        .set("cancel-in-progress", false);
    let mut jobs = Map::new();
    jobs.set("confirm", confirm());
    for (environment, cluster, service) in releases(pipeline) {
        let name = format!("{}-{}", id("release", environment), service.name);
        jobs.set(name, back(pipeline, environment, cluster, service));
    }
    workflow.set("concurrency", concurrency).above("A delivery under way ends first.").set("jobs", jobs);
    workflow
}

/// Services whose image is built here: another image's tag is the manifest's.
fn releases(pipeline: &Pipeline) -> impl Iterator<Item = (&Environment, &str, &Delivered)> {
    pipeline.environments.iter().flat_map(|environment| {
        let services = environment.stacks.services.iter().filter(|service| service.build.is_some());
        services
            .filter_map(move |service| Some((environment, environment.stacks.cluster.as_deref()?, service)))
    })
}

fn inputs(pipeline: &Pipeline) -> Map {
    let mut environments: Vec<&str> = releases(pipeline).map(|(one, _, _)| one.name.as_str()).collect();
    environments.dedup();
    let services: BTreeSet<&str> = releases(pipeline).map(|(_, _, service)| service.name.as_str()).collect();
    let mut inputs = Map::new();
    inputs
        .set("environment", choice("Environment to take back", environments))
        .set("service", choice("Service to take back", services))
        .set("tag", text("Tag of the image that is to serve again: sha-0123456789ab"))
        .set("confirm", text("Type ROLLBACK"));
    inputs
}

fn choice<'a>(description: &str, options: impl IntoIterator<Item = &'a str>) -> Map {
    let mut input = Map::from([("description", description)]);
    input.set("required", true).set("type", "choice").set("options", Yaml::list(options));
    input
}

fn text(description: &str) -> Map {
    let mut input = Map::from([("description", description)]);
    input.set("required", true).set("type", "string");
    input
}

fn confirm() -> Job {
    let told = Map::from([("TYPED", "${{ inputs.confirm }}"), ("TAG", "${{ inputs.tag }}")]);
    Job::new("Confirmed", 5, &[]).checkout().script("Check the word", "confirm", told)
}

fn back(pipeline: &Pipeline, environment: &Environment, cluster: &str, service: &Delivered) -> Job {
    let condition =
        format!("inputs.environment == '{}' && inputs.service == '{}'", environment.name, service.name);
    let job = Job::within(&format!("{}: {}", environment.name, service.name), 60, environment)
        .needs(&["confirm".to_owned()])
        .when(&condition)
        .checkout()
        .sign_in(pipeline, environment, Role::Deploy);
    let wanted = Wanted { tag: "${{ inputs.tag }}".to_owned(), changed: "true".to_owned(), is_again: true };
    release::steps(job, &pipeline.stacks(environment), cluster, service, &wanted)
}
