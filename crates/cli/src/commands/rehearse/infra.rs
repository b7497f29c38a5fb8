//! `taxiway rehearse infra`: what was compiled, applied to a simulated AWS and destroyed again.

use std::path::Path;

use remote::Limits;
use remote::rehearsal::{self, Event, Rehearsal, Report};

use crate::arguments::RehearseInfra;
use crate::display::table::Table;
use crate::elsewhere::{self, compiled};
use crate::environment;
use crate::manifest::Source;
use crate::report::{self, Failure};

pub(crate) fn run(arguments: &RehearseInfra) -> Result<(), Failure> {
    let source = Source::open(&arguments.project.dir)?;
    let variables = environment::variables();
    let manifest = source.manifest(&variables)?;
    let resolved = model::resolve(&manifest, arguments.env.as_deref());
    let system = resolved.map_err(|problems| source.failure(&problems))?;
    let changed = rehearsal::change(&system);
    let released = rehearsal::released(&system);
    let rehearsal = Rehearsal {
        system: system.name.clone(),
        environment: targets::folder_of(&system).to_owned(),
        files: compiled(&source, &system)?,
        changed: (changed.what, compiled(&source, &changed.system)?),
        released: released.map(|system| compiled(&source, &system)).transpose()?,
        endpoint: arguments.endpoint.clone(),
        variables,
        limits: Limits { step: arguments.timeout, ..Limits::default() },
    };
    let report = elsewhere::until_asked(async |stop| rehearsal::run(&rehearsal, &stop, &mut tell).await)?;
    let report = report.map_err(|error| elsewhere::failure(&error))?;
    if let Some(file) = &arguments.markdown {
        write(file, &rehearsal::markdown(&report))?;
    }
    show(arguments, &report)?;
    if report.verdict.holds() { Ok(()) } else { Err(Failure::Sentence(report.line())) }
}

fn tell(event: Event<'_>) {
    match event {
        Event::Starts(..) | Event::Said(_) => {}
        Event::Ends(stack, step, seconds, is_well) => {
            let how = if is_well { "" } else { ", failed" };
            report::note(format_args!("{stack}: {} {seconds:.1} s{how}", step.name()));
        }
    }
}

fn show(arguments: &RehearseInfra, report: &Report) -> Result<(), Failure> {
    if arguments.json {
        return report::json(report);
    }
    for line in report.details() {
        report::line(line);
    }
    let mut table = Table::of(report.headings());
    for row in report.rows() {
        table.add(row);
    }
    report::line(table);
    for patch in &report.types.patched {
        report::line(format_args!("patched: {}: {}: {}", patch.name, patch.types.join(", "), patch.why));
    }
    if !report.types.left_out.is_empty() {
        let names: Vec<&str> = report.types.left_out.iter().map(String::as_str).collect();
        report::line(format_args!("left out: {}", names.join(", ")));
    }
    if report.verdict.holds() {
        report::done(report.line());
    }
    Ok(())
}

fn write(file: &Path, text: &str) -> Result<(), Failure> {
    std::fs::write(file, text)
        .map_err(|error| Failure::Sentence(format!("{} cannot be written: {error}", file.display())))
}
