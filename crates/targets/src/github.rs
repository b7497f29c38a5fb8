//! GitHub Actions: a pipeline that plans on pull requests, delivers what branches and tags say, and takes a release back.
//!
//! Workflows are composed of typed trees; what they run are scripts that lie beside them, the same for every system
//! (`scripts/`). Nothing that a person or a branch may name gets into a script but through its environment (GitHub
//! Docs, "Security hardening for GitHub Actions", script injection).

use std::collections::{BTreeMap, BTreeSet};

use model::System;

use self::pipeline::Pipeline;
use crate::Fidelity;
use crate::yaml::{Document, Map};

mod actions;
mod checks;
mod deliver;
mod dependabot;
mod job;
mod pipeline;
mod pull_request;
mod release;
mod rollback;
mod security;

/// The folder of what workflows run.
const SCRIPTS: &str = ".github/delivery";

const DEPENDABOT: &str = ".github/dependabot.yml";

/// Every script, by its name.
const FILES: [(&str, &str); 12] = [
    ("build.sh", include_str!("github/scripts/build.sh")),
    ("changes.sh", include_str!("github/scripts/changes.sh")),
    ("comment.sh", include_str!("github/scripts/comment.sh")),
    ("confirm.sh", include_str!("github/scripts/confirm.sh")),
    ("format.sh", include_str!("github/scripts/format.sh")),
    ("migrate.sh", include_str!("github/scripts/migrate.sh")),
    ("register.sh", include_str!("github/scripts/register.sh")),
    ("roll.sh", include_str!("github/scripts/roll.sh")),
    ("scan.sh", include_str!("github/scripts/scan.sh")),
    ("secrets.sh", include_str!("github/scripts/secrets.sh")),
    ("shift.sh", include_str!("github/scripts/shift.sh")),
    ("terraform.sh", include_str!("github/scripts/terraform.sh")),
];

/// A pipeline as files below the root of a repository.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pipelines {
    /// Path below the root, with `/`, and what is in the file.
    pub files: BTreeMap<String, Vec<u8>>,
    /// Files that are somebody's own from the first moment: written where nothing is, and never again.
    pub starters: BTreeMap<String, Vec<u8>>,
    /// Every path that the pipeline of this manifest may have, whether it does or not: what an earlier manifest left at one
    /// of them is nobody else's.
    pub known: BTreeSet<String>,
    /// What is not there exactly as it was written.
    pub fidelity: Vec<Fidelity>,
}

/// Makes the pipeline of one manifest: `systems` are its environments, `folder` is where the manifest lies below the
/// repository's root, with `/` and empty for the root itself.
///
/// Without a pipeline in the manifest (`ci`), there are no files. A manifest in a folder of its own gets workflows that
/// begin with its system's name, so that a repository can hold several.
#[must_use]
pub fn pipelines(systems: &[System], folder: &str) -> Pipelines {
    let Some(system) = systems.first() else { return Pipelines::default() };
    let known = known(&system.name, folder);
    let Some(pipeline) = Pipeline::of(systems, folder) else {
        return Pipelines { known, ..Pipelines::default() };
    };
    let mut made = Pipelines { known, fidelity: pipeline.fidelity(), ..Pipelines::default() };
    let mut put = |name: &str, workflow: Map| {
        made.files.insert(pipeline.workflow(name), document(&pipeline, workflow).into_bytes());
    };
    put("pull-request", pull_request::workflow(&pipeline));
    put("deliver", deliver::workflow(&pipeline));
    put("security", security::workflow(&pipeline));
    if pipeline.environments.iter().any(|environment| environment.stacks.cluster.is_some()) {
        put("rollback", rollback::workflow(&pipeline));
    }
    if pipeline.is_root() {
        let root = dependabot::updates(&pipeline);
        made.files.insert(DEPENDABOT.to_owned(), document(&pipeline, root).into_bytes());
    }
    for (name, text) in FILES {
        made.files.insert(format!("{SCRIPTS}/{name}"), text.as_bytes().to_vec());
    }
    let checks = Document { heading: checks::HEADING.to_owned(), root: checks::workflow(&pipeline) };
    made.starters.insert(pipeline.workflow("checks"), checks.to_string().into_bytes());
    made
}

/// Scripts are every pipeline's of a repository, so only the one at its root could leave one behind.
fn known(system: &str, folder: &str) -> BTreeSet<String> {
    let names = ["deliver", "pull-request", "rollback", "security"];
    let workflows = names.map(|name| pipeline::workflow(system, folder, name));
    let scripts = FILES.map(|(name, _)| format!("{SCRIPTS}/{name}"));
    let of_root = scripts.into_iter().chain([DEPENDABOT.to_owned()]).filter(|_| folder.is_empty());
    workflows.into_iter().chain(of_root).collect()
}

fn document(pipeline: &Pipeline, root: Map) -> String {
    let heading = format!(
        "Made from {} by `taxiway compile --target github`: change the manifest, not this file.",
        pipeline.manifest()
    );
    Document { heading, root }.to_string()
}
