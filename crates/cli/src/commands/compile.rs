//! `taxiway compile`: the files that run the system elsewhere.

use targets::Grade;

use self::comparison::Comparison;
use crate::arguments::Compile;
use crate::generated::State;
use crate::report::Failure;

pub(crate) mod comparison;
mod pipelines;
mod telling;

pub(crate) fn run(arguments: &Compile) -> Result<(), Failure> {
    let mut comparison = Comparison::of(&arguments.asked)?;
    if !arguments.check {
        keep_what_people_changed(&comparison, arguments.force)?;
        write(&mut comparison)?;
    }
    telling::tell(arguments, &comparison)?;
    verdict(arguments, &comparison)
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

fn verdict(arguments: &Compile, comparison: &Comparison) -> Result<(), Failure> {
    let target = comparison::name(arguments.asked.target);
    if arguments.check && !comparison.is_equal() {
        let count = comparison.all().count();
        return Err(Failure::Sentence(format!(
            "{count} of the generated files are not what the manifest makes: `taxiway diff --target {target}` shows how, \
             `taxiway compile --target {target}` writes them"
        )));
    }
    let dropped =
        comparison.compiled.fidelity.iter().filter(|(note, _)| note.grade == Grade::Dropped).count();
    if arguments.strict && dropped > 0 {
        return Err(Failure::Sentence(format!(
            "{dropped} fields have no counterpart on {target}, and --strict wants all of them"
        )));
    }
    Ok(())
}
