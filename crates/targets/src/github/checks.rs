//! The repository's own checks: a beginning that somebody goes on with.

use std::collections::BTreeSet;

use super::actions;
use super::job::{Job, Permission};
use super::pipeline::{Pipeline, joined};
use crate::terraform::pipeline::Built;
use crate::yaml::{Map, Yaml};

pub(super) const HEADING: &str = "The checks that pull requests and deliveries wait for. This file is yours: it was written once, and `taxiway compile` leaves it alone.\n\
     What is here builds every image and pushes none. Add jobs with the tests and linters of your languages below `jobs`; \
     each job that fails stops the pull request, and the delivery.";

pub(super) fn workflow(pipeline: &Pipeline) -> Map {
    let delivered = pipeline.ci.branches.keys();
    let mut push = Map::new();
    push.set("branches-ignore", Yaml::list(delivered));
    let mut on = Map::new();
    on.set("workflow_call", Map::new()).set("push", push);
    let mut jobs = Map::new();
    let builds = builds(pipeline);
    if !builds.is_empty() {
        jobs.set("images", images(builds));
    }
    let mut tests = Job::new("Tests", 30, NONE).checkout();
    let mut step = Map::from([("name", "Run the tests")]);
    step.set("run", "echo 'no tests are named in this file yet'")
        .above("Put the command in that runs your tests.");
    tests = tests.step(step);
    jobs.set("tests", tests);
    let mut workflow = super::job::workflow(pipeline.title("checks"), on);
    workflow.set("jobs", jobs);
    workflow
}

const NONE: &[Permission] = &[];

fn images(builds: Vec<Yaml>) -> Job {
    let mut strategy = Map::new();
    strategy.set("fail-fast", false).set("matrix", Map::from([("include", Yaml::List(builds))]));
    let environment = Map::from([
        ("CONTEXT", "${{ matrix.context }}"),
        ("DOCKERFILE", "${{ matrix.dockerfile }}"),
        ("STAGE", "${{ matrix.stage }}"),
    ]);
    let mut step = Map::from([("name", "Build")]);
    step.set("env", environment).set(
        "run",
        Yaml::Lines(
            "set -euo pipefail\ndocker buildx build --file \"$DOCKERFILE\" ${STAGE:+--target \"$STAGE\"} \"$CONTEXT\"\n".to_owned(),
        ),
    );
    Job::new("Image of ${{ matrix.service }}", 60, NONE)
        .set("strategy", strategy)
        .checkout()
        .step(actions::BUILDX.step("Docker Buildx"))
        .step(step)
}

/// What is built, once each whatever the number of environments.
fn builds(pipeline: &Pipeline) -> Vec<Yaml> {
    let services = pipeline.environments.iter().flat_map(|environment| &environment.stacks.services);
    let built: BTreeSet<(&str, [String; 3])> = services
        .filter_map(|service| Some((service.name.as_str(), place(pipeline, service.build.as_ref()?))))
        .collect();
    let one = |(service, [context, dockerfile, stage]): (&str, [String; 3])| {
        let mut entry = Map::from([("service", service)]);
        entry.set("context", context).set("dockerfile", dockerfile).set("stage", stage);
        Yaml::Map(entry)
    };
    built.into_iter().map(one).collect()
}

/// Context, Dockerfile and stage from the repository's root.
pub(super) fn place(pipeline: &Pipeline, build: &Built) -> [String; 3] {
    let context = pipeline.at(&build.context);
    let dockerfile = joined(&context, &build.dockerfile);
    [context, dockerfile, build.target.clone().unwrap_or_default()]
}

/// What changes the image, as git knows paths from the repository's root (gitglossary, "pathspec").
pub(super) fn changing(pipeline: &Pipeline, build: &Built) -> Vec<String> {
    let context = pipeline.at(&build.context);
    let below = |path: &String| match path.strip_prefix('!') {
        Some(left_out) => format!(":(exclude){}", joined(&context, left_out)),
        None => joined(&context, path),
    };
    let all = build.paths.iter().all(|path| path.starts_with('!')).then(|| context.clone());
    all.into_iter().chain(build.paths.iter().map(below)).collect()
}
