//! What `compile` tells: how the files stand, and what the target does not hold exactly.

use std::path::Path;

use serde::Serialize;

use super::comparison::Comparison;
use crate::arguments::Compile;
use crate::generated::{Difference, State};
use crate::report::{self, Failure};

/// What `compile --json` prints.
#[derive(Debug, Serialize)]
struct Outcome<'a> {
    folder: &'a Path,
    environments: Vec<&'a str>,
    files: usize,
    differences: Vec<&'a Difference>,
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

pub(super) fn tell(arguments: &Compile, comparison: &Comparison) -> Result<(), Failure> {
    if arguments.json {
        return json(arguments, comparison);
    }
    fidelity(comparison);
    if arguments.check {
        check(comparison);
    } else {
        written(comparison);
    }
    Ok(())
}

fn json(arguments: &Compile, comparison: &Comparison) -> Result<(), Failure> {
    let compiled = &comparison.compiled;
    let fidelity = compiled.fidelity.iter().map(|(note, environments)| Note {
        environments: environments.iter().map(String::as_str).collect(),
        field: &note.field,
        grade: note.grade.to_string(),
        reason: &note.reason,
    });
    report::json(&Outcome {
        folder: &comparison.root,
        environments: compiled.environments.iter().map(String::as_str).collect(),
        files: compiled.files.len(),
        differences: comparison.all().collect(),
        written: !arguments.check && !comparison.is_equal(),
        fidelity: fidelity.collect(),
    })
}

fn fidelity(comparison: &Comparison) {
    let compiled = &comparison.compiled;
    for (note, environments) in &compiled.fidelity {
        let everywhere = environments.len() == compiled.environments.len();
        let place = if everywhere { String::new() } else { format!(" ({})", join(environments.iter())) };
        report::line(format_args!("{}{place}: {}: {}", note.field, note.grade, note.reason));
    }
}

/// How each file stands, where nothing is written.
fn check(comparison: &Comparison) {
    for Difference { file, state } in comparison.all() {
        report::line(format_args!("{}: {}", comparison.root.join(file).display(), words(*state)));
    }
    if comparison.is_equal() {
        report::done(format_args!("{} are as they would be written", what(comparison)));
    }
}

fn written(comparison: &Comparison) {
    let count = |state| comparison.of_state(state).count();
    let gone = comparison.all().filter(|difference| comparison.fresh(&difference.file).is_none()).count();
    let new = count(State::Missing);
    let changed = comparison.all().count() - new - gone;
    if comparison.is_equal() {
        return report::done(format_args!("{}, nothing to write", what(comparison)));
    }
    report::done(format_args!("{}: {new} new, {changed} changed, {gone} removed", what(comparison)));
}

/// `deploy/aws: 87 files for dev, prod`.
fn what(comparison: &Comparison) -> String {
    let (files, environments) =
        (comparison.compiled.files.len(), join(comparison.compiled.environments.iter()));
    format!("{}: {files} files for {environments}", comparison.root.display())
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
