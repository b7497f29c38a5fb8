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
use crate::{environment, patches};

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
    /// With the environments each holds for.
    fidelity: Vec<(Fidelity, BTreeSet<String>)>,
    environments: Vec<String>,
}

pub(crate) fn run(arguments: &Compile) -> Result<(), Failure> {
    let source = Source::open(&arguments.project.dir)?;
    let systems = systems(&source, arguments.env.as_deref())?;
    let target = target(arguments.target);
    let mut compiled = compile(&systems, target);
    for system in &systems {
        patches::lay(&source.dir, system, name(arguments.target), &mut compiled.files)?;
    }
    let root = arguments.out.clone().unwrap_or_else(|| default_folder(&source.dir, arguments.target));
    let mut folder = Folder::open(&root).map_err(Failure::from_error)?;
    let is_whole = arguments.env.is_none();
    let concerned = |path: &str| {
        is_whole || compiled.environments.iter().any(|name| path.split('/').next() == Some(name.as_str()))
    };
    let differences = folder.compare(&compiled.files, concerned).map_err(Failure::from_error)?;
    let is_writing = !arguments.check && !differences.is_empty();
    if is_writing {
        keep_what_people_changed(&differences, &root, arguments.force)?;
        folder.write(&compiled.files, &differences).map_err(Failure::from_error)?;
    }
    tell(arguments, &root, &compiled, &differences)?;
    verdict(arguments, &compiled, &differences)
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
    let mut all = Compiled { files: Files::new(), fidelity: Vec::new(), environments: Vec::new() };
    for system in systems {
        let environment = system.environment.clone().unwrap_or_else(|| "default".to_owned());
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

fn target(target: Target) -> targets::Target {
    match target {
        Target::Aws => targets::Target::Aws,
    }
}

fn name(target: Target) -> &'static str {
    match target {
        Target::Aws => "aws",
    }
}

fn default_folder(dir: &Path, target: Target) -> PathBuf {
    dir.join("deploy").join(name(target))
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
