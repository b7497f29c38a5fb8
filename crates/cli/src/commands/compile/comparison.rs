//! A compilation, and how the files that are there stand to it: what `compile`, `compile --check` and `diff` share.
//! Nothing is written here.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use model::{System, WrittenField};
use targets::Platform;

use super::fidelity::{self, Judged};
use super::pipelines;
use crate::arguments::{Asked, Target};
use crate::generated::{Difference, Files, Folder, State};
use crate::manifest::Source;
use crate::report::Failure;
use crate::{elsewhere, environment, patches};

/// Every environment compiled.
#[derive(Debug)]
pub(crate) struct Compiled {
    pub(crate) files: Files,
    /// Written where nothing is, and somebody's own from then on.
    pub(super) starters: Files,
    /// The only paths that this could have written before, where others write to the same folder.
    pub(super) known: Option<BTreeSet<String>>,
    /// What became of every field that the manifest writes.
    pub(super) fidelity: Vec<Judged>,
    pub(crate) environments: Vec<String>,
}

/// A compilation beside the folder it belongs in.
#[derive(Debug)]
pub(crate) struct Comparison {
    /// The manifest, as a person would write its path.
    pub(super) manifest: String,
    pub(crate) root: PathBuf,
    pub(crate) folder: Folder,
    pub(crate) compiled: Compiled,
    /// Files that are not as they would be written.
    pub(crate) differences: Vec<Difference>,
    /// Starters whose place is empty.
    pub(crate) absent: Vec<Difference>,
}

impl Comparison {
    /// Compiles what is asked for, lays the patches over it, and looks at what is there.
    pub(crate) fn of(asked: &Asked) -> Result<Self, Failure> {
        if asked.target == Target::Github {
            pipelines::check(asked.env.as_deref())?;
        }
        let source = Source::open(&asked.project.dir)?;
        let manifest = source.manifest(&environment::variables())?;
        let environments = elsewhere::environments(&manifest, asked.env.as_deref());
        let resolve = |environment: &Option<String>| model::resolve(&manifest, environment.as_deref());
        let systems: Result<Vec<System>, _> = environments.iter().map(resolve).collect();
        let systems = systems.map_err(|problems| source.failure(&problems))?;
        let written: Vec<_> =
            environments.iter().map(|environment| manifest.fields(environment.as_deref())).collect();
        let mut compiled = match asked.target {
            Target::Aws => compile(&systems, &written),
            Target::Github => pipelines::compile(&source.dir, &systems, &written),
        };
        for system in &systems {
            patches::lay(&source.dir, system, name(asked.target), &mut compiled.files)?;
        }
        let root = asked.out.clone().unwrap_or_else(|| default_folder(&source.dir, asked.target));
        let folder = Folder::open(&root).map_err(Failure::from_error)?;
        let concerned = |path: &str| is_concerned(&compiled, asked, path);
        let differences = folder.compare(&compiled.files, concerned).map_err(Failure::from_error)?;
        let absent = folder.absent(&compiled.starters).map_err(Failure::from_error)?;
        Ok(Self { manifest: source.file, root, folder, compiled, differences, absent })
    }

    /// Every file that is not as it would be written, starters too.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Difference> {
        self.differences.iter().chain(&self.absent)
    }

    /// Whether everything is as it would be written.
    pub(crate) fn is_equal(&self) -> bool {
        self.all().next().is_none()
    }

    /// What would be written to a path.
    pub(crate) fn fresh(&self, path: &str) -> Option<&[u8]> {
        let starter = || self.compiled.starters.get(path);
        self.compiled.files.get(path).or_else(starter).map(Vec::as_slice)
    }

    /// Paths in a state.
    pub(super) fn of_state(&self, state: State) -> impl Iterator<Item = &str> {
        self.all()
            .filter(move |difference| difference.state == state)
            .map(|difference| difference.file.as_str())
    }
}

/// Whether a file that was written before is this compilation's to remove.
fn is_concerned(compiled: &Compiled, asked: &Asked, path: &str) -> bool {
    match &compiled.known {
        Some(known) => known.contains(path),
        None => {
            asked.env.is_none()
                || compiled.environments.iter().any(|name| path.split('/').next() == Some(name.as_str()))
        }
    }
}

fn compile(systems: &[System], written: &[Vec<WrittenField>]) -> Compiled {
    let mut files = Files::new();
    let mut verdicts = Vec::new();
    for (system, written) in systems.iter().zip(written) {
        let compiled = targets::compile(system, targets::Target::Aws);
        let platform = Platform::of(targets::Target::Aws, system);
        let judged = targets::report(system, platform, written, &compiled.fidelity);
        verdicts.push((targets::folder_of(system).to_owned(), judged));
        files.extend(compiled.files);
    }
    Compiled {
        files,
        starters: Files::new(),
        known: None,
        environments: verdicts.iter().map(|(environment, _)| environment.clone()).collect(),
        fidelity: fidelity::gather(verdicts),
    }
}

pub(super) fn name(target: Target) -> &'static str {
    match target {
        Target::Aws => elsewhere::AWS,
        Target::Github => "github",
    }
}

fn default_folder(dir: &Path, target: Target) -> PathBuf {
    match target {
        Target::Github => pipelines::root(dir),
        Target::Aws => {
            let dir = dir.strip_prefix(".").unwrap_or(dir);
            dir.join("deploy").join(name(target))
        }
    }
}

#[cfg(test)]
mod tests;
