//! `taxiway compile`: the files that run the system elsewhere.

use std::collections::BTreeSet;

use targets::Grade;

use self::comparison::Comparison;
use crate::arguments::Compile;
use crate::generated::State;
use crate::report::Failure;

pub(crate) mod comparison;
mod fidelity;
mod pipelines;
mod telling;

pub(crate) fn run(arguments: &Compile) -> Result<(), Failure> {
    let mut comparison = Comparison::of(&arguments.asked)?;
    let dropped = dropped(&comparison);
    let is_refused = arguments.strict && !dropped.is_empty();
    let is_written = !(arguments.check || is_refused);
    if is_written {
        keep_what_people_changed(&comparison, arguments.force)?;
        write(&mut comparison)?;
    }
    telling::tell(arguments, &comparison, is_written)?;
    verdict(arguments, &comparison, &dropped)
}

fn write(comparison: &mut Comparison) -> Result<(), Failure> {
    let Comparison { folder, compiled, differences, absent, .. } = comparison;
    if !differences.is_empty() {
        folder.write(&compiled.files, differences).map_err(Failure::from_error)?;
    }
    folder.start(&compiled.starters, absent).map_err(Failure::from_error)
}

fn keep_what_people_changed(comparison: &Comparison, force: bool) -> Result<(), Failure> {
    let edited: Vec<&str> = comparison.of_state(State::Edited).collect();
    let (Some(first), false) = (edited.first(), force) else { return Ok(()) };
    let others = match edited.len() - 1 {
        0 => " was".to_owned(),
        more => format!(" and {more} more were"),
    };
    Err(Failure::Sentence(format!(
        "{}{others} changed by hand, and nothing was written; `taxiway diff` shows it. Move the change to a folder that \
         `patches` of the manifest names, or write over it with --force",
        comparison.root.join(first).display()
    )))
}

/// Fields that the target has not, each once.
fn dropped(comparison: &Comparison) -> BTreeSet<String> {
    let judged = comparison.compiled.fidelity.iter();
    judged.filter(|one| one.grade == Grade::Dropped).map(|one| one.field.clone()).collect()
}

fn verdict(arguments: &Compile, comparison: &Comparison, dropped: &BTreeSet<String>) -> Result<(), Failure> {
    let target = comparison::name(arguments.asked.target);
    if arguments.check && !comparison.is_equal() {
        let count = comparison.all().count();
        return Err(Failure::Sentence(format!(
            "{count} of the generated files are not what the manifest makes: `taxiway diff --target {target}` shows how, \
             `taxiway compile --target {target}` writes them"
        )));
    }
    let (true, Some(first)) = (arguments.strict, dropped.first()) else { return Ok(()) };
    let others = match dropped.len() - 1 {
        0 => " has".to_owned(),
        more => format!(" and {more} more have"),
    };
    let written = if arguments.check { "" } else { ", and nothing was written" };
    Err(Failure::Sentence(format!(
        "{first}{others} no counterpart on {target}{written}: change the manifest, or leave --strict out"
    )))
}
