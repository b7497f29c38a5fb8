//! `taxiway diff`: what `compile` would change in the files that are there, line by line. It writes nothing.

use std::path::Path;

use serde::Serialize;

use self::change::Change;
use self::text::{Bounds, Hunk};
use super::compile::comparison::Comparison;
use crate::arguments::Diff;
use crate::generated::State;
use crate::report::{self, Failure};

mod change;
mod paint;
mod text;

/// There are differences, as `compile --check` and diff(1) have it.
const DIFFERENT: u8 = 1;

/// What `diff --json` prints.
#[derive(Debug, Serialize)]
struct Outcome<'a> {
    folder: &'a Path,
    environments: &'a [String],
    added: usize,
    removed: usize,
    changes: &'a [Change],
}

pub(crate) fn run(arguments: &Diff) -> Result<(), Failure> {
    let comparison = Comparison::of(&arguments.asked)?;
    let changes = changes(&comparison)?;
    let added = changes.iter().map(|change| change.added).sum();
    let removed = changes.iter().map(|change| change.removed).sum();
    if arguments.json {
        report::json(&Outcome {
            folder: &comparison.root,
            environments: &comparison.compiled.environments,
            added,
            removed,
            changes: &changes,
        })?;
    } else {
        for change in &changes {
            paint::change(&comparison.root, change);
        }
        summary(&comparison, &changes, added, removed);
    }
    if comparison.is_equal() { Ok(()) } else { Err(Failure::Child(DIFFERENT)) }
}

fn changes(comparison: &Comparison) -> Result<Vec<Change>, Failure> {
    let mut changes = Vec::new();
    for difference in comparison.all() {
        let there = comparison.folder.read(&difference.file, Bounds::LONGEST).map_err(Failure::from_error)?;
        changes.push(Change::of(difference, there, comparison.fresh(&difference.file)));
    }
    changes.sort_by(|one, other| one.file.cmp(&other.file));
    Ok(changes)
}

fn summary(comparison: &Comparison, changes: &[Change], added: usize, removed: usize) {
    let (root, files) = (comparison.root.display(), comparison.compiled.files.len());
    let count = match changes.len() {
        0 => {
            return report::done(format_args!(
                "{root}: {files} files are as they would be written, nothing changes"
            ));
        }
        1 => "1 file changes".to_owned(),
        more => format!("{more} files change"),
    };
    report::line(format_args!("{count}: +{added} −{removed}"));
    let edited = changes.iter().filter(|change| change.state == State::Edited).count();
    if edited > 0 {
        report::line(format_args!(
            "{edited} of them {} changed by hand: compile writes over that with --force only; `patches` of the manifest \
             keeps such changes",
            if edited == 1 { "was" } else { "were" }
        ));
    }
}
