//! `taxiway check`: everything that is wrong with a manifest, in every environment.

use model::Problems;
use serde::Serialize;

use crate::arguments::Check;
use crate::environment;
use crate::manifest::Source;
use crate::report::{self, Failure};

/// What `check --json` prints.
#[derive(Debug, Serialize)]
struct Verdict<'a> {
    file: &'a str,
    valid: bool,
    problems: &'a Problems,
}

pub(crate) fn run(arguments: &Check) -> Result<(), Failure> {
    let source = Source::open(&arguments.project.dir)?;
    let problems = problems(arguments, &source);
    if arguments.json {
        let valid = !problems.has_errors();
        report::json(&Verdict { file: &source.file, valid, problems: &problems })?;
        return if valid { Ok(()) } else { Err(Failure::Child(2)) };
    }
    if problems.has_errors() {
        return Err(source.failure(&problems));
    }
    if !problems.is_empty() {
        report::note(problems.render(&source.text, report::colours_errors()));
    }
    report::done(format_args!("{} holds", source.file));
    Ok(())
}

fn problems(arguments: &Check, source: &Source) -> Problems {
    let variables = environment::variables();
    let manifest = match model::read(&source.file, &source.text, &|name| variables.get(name).cloned()) {
        Ok(manifest) => manifest,
        Err(problems) => return problems,
    };
    match &arguments.env {
        Some(name) => model::check_environment(&manifest, Some(name)),
        None => model::check(&manifest),
    }
}
