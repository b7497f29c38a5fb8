//! `taxiway compile`: the files that run the system elsewhere.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use model::System;
use serde::Serialize;
use targets::{Fidelity, Grade};

use crate::arguments::{Compile, Target};
use crate::generated::{Difference, Files, Folder, State};
use crate::manifest::Source;
use crate::report::{self, Failure};
use crate::{elsewhere, environment, patches};

mod pipelines;

/// What `compile --json` prints.
#[derive(Debug, Serialize)]
struct Outcome<'a> {
    folder: &'a Path,
    environments: Vec<&'a str>,
    files: usize,
    differences: &'a [Difference],
    written: bool,
    fidelity: Vec<Note<'a>>,
}

#[derive(Debug, Serialize)]
struct Note<'a> {
    environments: Vec<&'a str>,
    field: &'a str,
    grade: String,
    reason: &'a str,
}

/// Every environment compiled.
struct Compiled {
    files: Files,
    /// Written where nothing is, and somebody's own from then on.
    starters: Files,
    /// The only paths that this could have written before, where others write to the same folder.
    known: Option<BTreeSet<String>>,
    /// With the environments each holds for.
    fidelity: Vec<(Fidelity, BTreeSet<String>)>,
    environments: Vec<String>,
}

pub(crate) fn run(arguments: &Compile) -> Result<(), Failure> {
    if arguments.target == Target::Github {
        pipelines::check(arguments)?;
    }
    let source = Source::open(&arguments.project.dir)?;
    let systems = systems(&source, arguments.env.as_deref())?;
    let mut compiled = match arguments.target {
        Target::Aws => compile(&systems, targets::Target::Aws),
        Target::Github => pipelines::compile(&source.dir, &systems),
    };
    for system in &systems {
        patches::lay(&source.dir, system, name(arguments.target), &mut compiled.files)?;
    }
    let root = arguments.out.clone().unwrap_or_else(|| default_folder(&source.dir, arguments.target));
    let mut folder = Folder::open(&root).map_err(Failure::from_error)?;
    let mut differences = folder
        .compare(&compiled.files, |path| is_concerned(&compiled, arguments, path))
        .map_err(Failure::from_error)?;
    let absent = folder.absent(&compiled.starters).map_err(Failure::from_error)?;
    if !arguments.check && !differences.is_empty() {
        keep_what_people_changed(&differences, &root, arguments.force)?;
        folder.write(&compiled.files, &differences).map_err(Failure::from_error)?;
    }
    if !arguments.check {
        folder.start(&compiled.starters, &absent).map_err(Failure::from_error)?;
    }
    differences.extend(absent);
    tell(arguments, &root, &compiled, &differences)?;
    verdict(arguments, &compiled, &differences)
}

/// Whether a file that was written before is this compilation's to remove.
fn is_concerned(compiled: &Compiled, arguments: &Compile, path: &str) -> bool {
    match &compiled.known {
        Some(known) => known.contains(path),
        None => {
            arguments.env.is_none()
                || compiled.environments.iter().any(|name| path.split('/').next() == Some(name.as_str()))
        }
    }
}

/// The systems of the environments that are asked for: the one that is named, else every one but `local`.
fn systems(source: &Source, environment: Option<&str>) -> Result<Vec<System>, Failure> {
    let manifest = source.manifest(&environment::variables())?;
    let resolve =
        |name: Option<&str>| model::resolve(&manifest, name).map_err(|problems| source.failure(&problems));
    if let Some(name) = environment {
        return Ok(vec![resolve(Some(name))?]);
    }
    let names: Vec<&str> = manifest.environments().filter(|name| *name != crate::manifest::LOCAL).collect();
    if names.is_empty() {
        return Ok(vec![resolve(None)?]);
    }
    names.into_iter().map(|name| resolve(Some(name))).collect()
}

fn compile(systems: &[System], target: targets::Target) -> Compiled {
    let mut all = Compiled {
        files: Files::new(),
        starters: Files::new(),
        known: None,
        fidelity: Vec::new(),
        environments: Vec::new(),
    };
    for system in systems {
        let environment = targets::folder_of(system).to_owned();
        let targets::Compiled { files, fidelity } = targets::compile(system, target);
        all.files.extend(files);
        for note in fidelity {
            match all.fidelity.iter_mut().find(|(known, _)| *known == note) {
                Some((_, environments)) => {
                    environments.insert(environment.clone());
                }
                None => all.fidelity.push((note, BTreeSet::from([environment.clone()]))),
            }
        }
        all.environments.push(environment);
    }
    all.fidelity.sort();
    all
}

fn name(target: Target) -> &'static str {
    match target {
        Target::Aws => elsewhere::AWS,
        Target::Github => "github",
    }
}

fn default_folder(dir: &Path, target: Target) -> PathBuf {
    match target {
        Target::Github => pipelines::root(dir),
        Target::Aws => dir.join("deploy").join(name(target)),
    }
}

fn keep_what_people_changed(differences: &[Difference], root: &Path, force: bool) -> Result<(), Failure> {
    let edited: Vec<&str> = of(differences, State::Edited).collect();
    let (Some(first), false) = (edited.first(), force) else { return Ok(()) };
    let others = match edited.len() - 1 {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    Err(Failure::Sentence(format!(
        "{}{others} was changed by hand, and nothing was written; move the change to a folder that `patches` of the manifest \
         names, or write over it with --force",
        root.join(first).display()
    )))
}

fn of(differences: &[Difference], state: State) -> impl Iterator<Item = &str> {
    differences
        .iter()
        .filter(move |difference| difference.state == state)
        .map(|difference| difference.file.as_str())
}

fn tell(
    arguments: &Compile,
    root: &Path,
    compiled: &Compiled,
    differences: &[Difference],
) -> Result<(), Failure> {
    if arguments.json {
        let fidelity = compiled.fidelity.iter().map(|(note, environments)| Note {
            environments: environments.iter().map(String::as_str).collect(),
            field: &note.field,
            grade: note.grade.to_string(),
            reason: &note.reason,
        });
        return report::json(&Outcome {
            folder: root,
            environments: compiled.environments.iter().map(String::as_str).collect(),
            files: compiled.files.len(),
            differences,
            written: !arguments.check && !differences.is_empty(),
            fidelity: fidelity.collect(),
        });
    }
    for (note, environments) in &compiled.fidelity {
        let everywhere = environments.len() == compiled.environments.len();
        let place = if everywhere { String::new() } else { format!(" ({})", join(environments.iter())) };
        report::line(format_args!("{}{place}: {}: {}", note.field, note.grade, note.reason));
    }
    if arguments.check {
        for Difference { file, state } in differences {
            report::line(format_args!("{}: {}", root.join(file).display(), words(*state)));
        }
        if differences.is_empty() {
            let (files, environments) = (compiled.files.len(), join(compiled.environments.iter()));
            report::done(format_args!(
                "{}: {files} files for {environments} are as they would be written",
                root.display()
            ));
        }
        return Ok(());
    }
    let count = |state| of(differences, state).count();
    let (new, changed, gone) =
        (count(State::Missing), count(State::Stale) + count(State::Edited), count(State::LeftOver));
    let done = if differences.is_empty() {
        "nothing to write".to_owned()
    } else {
        format!("{new} new, {changed} changed, {gone} removed")
    };
    report::done(format_args!(
        "{}: {} files for {}, {done}",
        root.display(),
        compiled.files.len(),
        join(compiled.environments.iter())
    ));
    Ok(())
}

fn words(state: State) -> &'static str {
    match state {
        State::Missing => "is not there",
        State::Stale => "is stale",
        State::Edited => "was changed by hand",
        State::LeftOver => "is not generated any more",
    }
}

fn join<'a>(names: impl Iterator<Item = &'a String>) -> String {
    names.map(String::as_str).collect::<Vec<_>>().join(", ")
}

fn verdict(arguments: &Compile, compiled: &Compiled, differences: &[Difference]) -> Result<(), Failure> {
    if arguments.check && !differences.is_empty() {
        let count = differences.len();
        return Err(Failure::Sentence(format!(
            "{count} of the generated files are not what the manifest makes; `taxiway compile` writes them"
        )));
    }
    let dropped = compiled.fidelity.iter().filter(|(note, _)| note.grade == Grade::Dropped).count();
    if arguments.strict && dropped > 0 {
        return Err(Failure::Sentence(format!(
            "{dropped} fields have no counterpart on {}, and --strict wants all of them",
            name(arguments.target)
        )));
    }
    Ok(())
}
