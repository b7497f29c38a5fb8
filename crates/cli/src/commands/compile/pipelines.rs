//! What `compile --target github` has of its own: a pipeline spans every environment, and lies at a repository's root.

use std::path::{Path, PathBuf};

use model::{System, WrittenField};
use targets::{Pipelines, Platform};

use super::comparison::Compiled;
use super::fidelity;
use crate::generated::Files;
use crate::report::Failure;

/// Refuses what a pipeline can't be asked for.
pub(super) fn check(environment: Option<&str>) -> Result<(), Failure> {
    match environment {
        None => Ok(()),
        Some(name) => Err(Failure::Sentence(format!(
            "a pipeline spans every environment of the manifest, so there is none of {name} alone; leave --env out"
        ))),
    }
}

pub(super) fn compile(dir: &Path, systems: &[System], written: &[Vec<WrittenField>]) -> Compiled {
    let environments: Vec<String> = systems.iter().filter_map(|system| system.environment.clone()).collect();
    let Pipelines { files, starters, known, fidelity } = targets::pipelines(systems, &folder(dir));
    let verdicts = systems.iter().zip(written).map(|(system, written)| {
        let judged = targets::report(system, Platform::Github, written, &fidelity);
        (targets::folder_of(system).to_owned(), judged)
    });
    Compiled {
        files,
        starters: Files::from_iter(starters),
        known: Some(known),
        environments,
        fidelity: fidelity::gather(verdicts),
    }
}

/// The root of the repository that holds `dir`; `dir` itself where none does.
pub(super) fn root(dir: &Path) -> PathBuf {
    let whole = dir.canonicalize().unwrap_or_else(|_| dir.to_owned());
    match whole.ancestors().find(|folder| folder.join(".git").exists()) {
        Some(root) => root.to_owned(),
        None => dir.to_owned(),
    }
}

/// Where `dir` is below the root, with `/`.
fn folder(dir: &Path) -> String {
    let whole = dir.canonicalize().unwrap_or_else(|_| dir.to_owned());
    let Ok(below) = whole.strip_prefix(root(dir)) else { return String::new() };
    let names: Vec<_> = below.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    names.join("/")
}
