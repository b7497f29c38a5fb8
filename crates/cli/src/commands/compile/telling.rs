//! What `compile` tells: what the target holds of the manifest, and how the files stand.

use std::collections::BTreeMap;
use std::path::Path;

use anstyle::{AnsiColor, Style};
use serde::Serialize;
use targets::Grade;

use super::comparison::Comparison;
use super::fidelity::{self, Counts, Group, Judged};
use crate::arguments::Compile;
use crate::generated::{Difference, State};
use crate::report::{self, Failure};

/// What `compile --json` prints.
#[derive(Debug, Serialize)]
struct Outcome<'a> {
    folder: &'a Path,
    environments: &'a [String],
    files: usize,
    differences: Vec<&'a Difference>,
    written: bool,
    fidelity_counts: Counts,
    fidelity: &'a [Judged],
}

/// So many fields of one reason are named one by one; more of them by what they belong to.
const ONE_BY_ONE: usize = 6;

const APPROXIMATED: Style = AnsiColor::Yellow.on_default();
const DROPPED: Style = AnsiColor::Red.on_default();
const PLACE: Style = Style::new().dimmed();

/// Tells everything. `has_written` says whether files were brought up to date.
pub(super) fn tell(arguments: &Compile, comparison: &Comparison, has_written: bool) -> Result<(), Failure> {
    let judged = &comparison.compiled.fidelity;
    if arguments.json {
        return report::json(&Outcome {
            folder: &comparison.root,
            environments: &comparison.compiled.environments,
            files: comparison.compiled.files.len(),
            differences: comparison.all().collect(),
            written: has_written && !comparison.is_equal(),
            fidelity_counts: fidelity::count(judged),
            fidelity: judged,
        });
    }
    held(comparison, arguments.fidelity);
    match (arguments.check, has_written) {
        (true, _) => check(comparison),
        (false, true) => written(comparison),
        (false, false) => {}
    }
    Ok(())
}

/// What the target holds: a line with the counts, then each that is not exact; everything where that is wanted.
fn held(comparison: &Comparison, is_everything: bool) {
    let judged = &comparison.compiled.fidelity;
    let Counts { exact, approximated, dropped, .. } = fidelity::count(judged);
    report::line(format_args!("fidelity: {exact} exact, {approximated} approximated, {dropped} dropped"));
    let is_told = |group: &Group<'_>| is_everything || group.grade > Grade::Exact;
    for group in fidelity::groups(judged).into_iter().filter(is_told) {
        self::group(comparison, &group);
    }
}

fn group(comparison: &Comparison, group: &Group<'_>) {
    let (grade, style) = (group.grade, style(group.grade));
    let reason = group.reason.map(|reason| format!(": {reason}")).unwrap_or_default();
    report::line(format_args!("{style}{grade}{style:#}{reason}"));
    if group.fields.len() <= ONE_BY_ONE {
        for one in &group.fields {
            place(comparison, &one.field, &[one]);
        }
        return;
    }
    let mut owners: BTreeMap<String, Vec<&Judged>> = BTreeMap::new();
    for one in &group.fields {
        owners.entry(owner(&one.field).0).or_default().push(one);
    }
    for (owner_of, fields) in owners {
        let names: Vec<&str> = fields.iter().map(|one| owner(&one.field).1).collect();
        let what =
            if owner_of.is_empty() { names.join(", ") } else { format!("{owner_of}: {}", names.join(", ")) };
        place(comparison, &what, &fields);
    }
}

/// A field or several, and where the manifest says so.
fn place(comparison: &Comparison, what: &str, fields: &[&Judged]) {
    let lines = || fields.iter().flat_map(|one| &one.lines).copied();
    let at = match (lines().min(), lines().max()) {
        (Some(first), Some(last)) if first == last => format!("{}:{first}", comparison.manifest),
        (Some(first), Some(last)) => format!("{}:{first}-{last}", comparison.manifest),
        _ => "by default".to_owned(),
    };
    let environments = &comparison.compiled.environments;
    let is_everywhere = fields.iter().all(|one| one.environments.len() == environments.len());
    let only = match fields {
        _ if is_everywhere => String::new(),
        [one] => format!(", {} only", join(one.environments.iter())),
        several => {
            let all: std::collections::BTreeSet<&String> =
                several.iter().flat_map(|one| &one.environments).collect();
            if all.len() == environments.len() {
                String::new()
            } else {
                format!(", {} only", join(all.into_iter()))
            }
        }
    };
    report::line(format_args!("  {what} {PLACE}({at}{only}){PLACE:#}"));
}

/// What a field belongs to, and what it is called there: `services.api` and `scale.min`.
fn owner(field: &str) -> (String, &str) {
    let named = ["services.", "resources.", "alarms."].iter().any(|top| field.starts_with(top));
    let end = field.match_indices('.').nth(usize::from(named)).map(|(at, _)| at);
    match end {
        Some(at) => (field.get(..at).unwrap_or_default().to_owned(), field.get(at + 1..).unwrap_or_default()),
        None => (String::new(), field),
    }
}

fn style(grade: Grade) -> Style {
    match grade {
        Grade::Approximated => APPROXIMATED,
        Grade::Dropped => DROPPED,
        Grade::Exact | Grade::NotApplicable => Style::new(),
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

#[cfg(test)]
mod tests {
    use super::owner;

    #[test]
    fn a_field_belongs_to_the_thing_that_has_a_name() {
        assert_eq!(owner("services.api.scale.min"), ("services.api".to_owned(), "scale.min"));
        assert_eq!(owner("edge.waf.rate_limit"), ("edge".to_owned(), "waf.rate_limit"));
        assert_eq!(owner("name"), (String::new(), "name"));
    }
}
