//! `taxiway rehearse infra`: what was compiled, applied to a simulated AWS and destroyed again.

use std::path::Path;

use model::System;
use remote::Limits;
use remote::rehearsal::{self, Rehearsal, Report, Verdict};

use crate::arguments::RehearseInfra;
use crate::display::steps::Steps;
use crate::display::table::Table;
use crate::elsewhere::{self, compiled};
use crate::environment;
use crate::manifest::Source;
use crate::report::{self, Failure};

pub(crate) fn run(arguments: &RehearseInfra) -> Result<(), Failure> {
    let source = Source::open(&arguments.project.dir)?;
    let systems = elsewhere::systems(&source, arguments.env.as_deref())?;
    let rehearsals: Result<Vec<Rehearsal>, Failure> =
        systems.iter().map(|system| rehearsal(arguments, &source, system)).collect();
    let rehearsals = rehearsals?;
    let reports = elsewhere::until_asked(async |stop| {
        let mut reports = Vec::new();
        for rehearsal in &rehearsals {
            let prefix =
                if rehearsals.len() > 1 { format!("{} ", rehearsal.environment) } else { String::new() };
            let mut steps = Steps::new(prefix);
            let report = rehearsal::run(rehearsal, &stop, &mut |event| steps.on(event)).await;
            steps.finish();
            reports.push(report.map_err(|error| elsewhere::failure(&error))?);
        }
        Ok::<_, Failure>(reports)
    })?;
    tell(arguments, &reports?)
}

fn rehearsal(arguments: &RehearseInfra, source: &Source, system: &System) -> Result<Rehearsal, Failure> {
    let changed = rehearsal::change(system);
    let released = rehearsal::released(system);
    Ok(Rehearsal {
        system: system.name.clone(),
        environment: targets::folder_of(system).to_owned(),
        files: compiled(source, system)?,
        changed: (changed.what, compiled(source, &changed.system)?),
        released: released.map(|system| compiled(source, &system)).transpose()?,
        endpoint: arguments.endpoint.clone(),
        variables: environment::variables(),
        limits: Limits { step: arguments.timeout, ..Limits::default() },
        launcher: local::Shim::default().words(),
    })
}

/// Every report, and at the end a line for each where there are several.
fn tell(arguments: &RehearseInfra, reports: &[Report]) -> Result<(), Failure> {
    if let Some(file) = &arguments.markdown {
        let texts: Vec<String> = reports.iter().map(rehearsal::markdown).collect();
        write(file, &texts.join("\n"))?;
    }
    match reports {
        [report] if arguments.json && arguments.env.is_some() => report::json(report)?,
        _ if arguments.json => report::json(&reports)?,
        [report] => show(report),
        _ => {
            for report in reports {
                report::line(format_args!("{} {}", report.system, report.environment));
                show(report);
                report::line("");
            }
            verdicts(reports);
        }
    }
    match reports.iter().find(|report| !report.verdict.holds()) {
        Some(report) => Err(Failure::Sentence(report.line())),
        None => Ok(()),
    }
}

fn verdicts(reports: &[Report]) {
    let mut table = Table::new(["environment", "resources", "seconds", "verdict"]);
    for report in reports {
        let resources: usize = report.stacks.iter().map(|stack| stack.resources).sum();
        let verdict = match &report.verdict {
            Verdict::Holds => "holds".to_owned(),
            Verdict::Fails(reason) => reason.clone(),
        };
        let seconds = format!("{:.0}", report.seconds);
        table.row([report.environment.clone(), resources.to_string(), seconds, verdict]);
    }
    report::line(table);
}

fn show(report: &Report) {
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
}

fn write(file: &Path, text: &str) -> Result<(), Failure> {
    std::fs::write(file, text)
        .map_err(|error| Failure::Sentence(format!("{} cannot be written: {error}", file.display())))
}
