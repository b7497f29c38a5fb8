//! What looks for trouble: dependencies that a pull request adds, and credentials in files. Images are looked at where
//! they are released, or built for Kubernetes (`scan.sh`).

use super::actions;
use super::job::{Job, workflow as begin};
use super::pipeline::Pipeline;
use crate::yaml::{Map, Yaml};

/// Monday morning.
const WEEKLY: &str = "17 5 * * 1";

pub(super) fn workflow(pipeline: &Pipeline) -> Map {
    let mut on = Map::new();
    on.set("pull_request", Map::new());
    if !pipeline.ci.branches.is_empty() {
        on.set("push", Map::from([("branches", Yaml::list(pipeline.ci.branches.keys()))]));
    }
    on.set("schedule", Yaml::List(vec![Map::from([("cron", WEEKLY)]).into()]));
    let mut review = actions::DEPENDENCIES.step("Review");
    review.set("with", Map::from([("fail-on-severity", "high")]));
    let mut jobs = Map::new();
    jobs.set(
        "dependencies",
        Job::new("Dependencies of the pull request", 10, &[])
            .when("github.event_name == 'pull_request'")
            .checkout()
            .step(review),
    );
    jobs.set(
        "secrets",
        Job::new("Credentials in files", 10, &[]).checkout().script("Look", "secrets", Map::new()),
    );
    let mut workflow = begin(pipeline.title("security"), on);
    workflow.set("jobs", jobs);
    workflow
}
