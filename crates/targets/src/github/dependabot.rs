//! Weekly updates of what is pinned (GitHub Docs, "Dependabot options reference").

use std::collections::BTreeSet;

use super::checks::place;
use super::pipeline::Pipeline;
use crate::yaml::{Map, Yaml};

pub(super) fn updates(pipeline: &Pipeline) -> Map {
    let mut updates = vec![update("github-actions", BTreeSet::from(["/".to_owned()]))];
    let docker = dockerfiles(pipeline);
    if !docker.is_empty() {
        updates.push(update("docker", docker));
    }
    let stacks = pipeline.environments.iter().flat_map(|environment| {
        ["bootstrap", "data", "compute"].map(|stack| format!("/{}/{stack}", pipeline.stacks(environment)))
    });
    updates.push(update("terraform", stacks.collect()));
    let mut root = Map::from([("version", 2_u32)]);
    root.set("updates", Yaml::List(updates));
    root
}

fn update(ecosystem: &str, folders: BTreeSet<String>) -> Yaml {
    let mut update = Map::from([("package-ecosystem", ecosystem)]);
    update.set("directories", Yaml::list(folders)).set("schedule", Map::from([("interval", "weekly")]));
    let all = Map::from([("patterns", Yaml::list(["*"]))]);
    update.set("groups", Map::from([(ecosystem, all)]));
    update.into()
}

/// The folders that hold Dockerfiles.
fn dockerfiles(pipeline: &Pipeline) -> BTreeSet<String> {
    let services = pipeline.environments.iter().flat_map(|environment| &environment.stacks.services);
    let folder = |dockerfile: &str| match dockerfile.rsplit_once('/') {
        Some((folder, _)) => format!("/{folder}"),
        None => "/".to_owned(),
    };
    services
        .filter_map(|service| service.build.as_ref())
        .map(|build| {
            let [_, dockerfile, _] = place(pipeline, build);
            folder(&dockerfile)
        })
        .collect()
}
