//! Runs each distinct `prepare` command once, before anything starts.

use std::collections::BTreeMap;

use model::System;

use crate::logs;
use crate::once::{Failure, Once, Workbench};
use crate::spawn::Manner;

/// Lines of its output that a failure shows.
const SHOWN_LINES: usize = 20;

/// A `prepare` command that did not work.
#[derive(Debug, thiserror::Error)]
pub enum PrepareError {
    /// It could not be started.
    #[error(
        "cannot start `{command}` (`prepare` of {services}): {reason}; correct it or install what it needs"
    )]
    NotStarted {
        /// The command, as one line.
        command: String,
        /// Services that need it.
        services: String,
        /// The system's answer.
        reason: String,
    },
    /// It failed.
    #[error("`{command}` (`prepare` of {services}) ended with {outcome}; last lines of {path}:{log}")]
    Failed {
        /// The command, as one line.
        command: String,
        /// Services that need it.
        services: String,
        /// How it ended.
        outcome: String,
        /// Where its whole output is.
        path: String,
        /// Its last lines, each on a line of its own.
        log: String,
    },
}

/// Runs what the services of `system` need, one after another: build tools wait for each other anyway.
pub(crate) async fn run(system: &System, workbench: &Workbench<'_>) -> Result<(), PrepareError> {
    for (command, needed_by) in distinct(system) {
        let once = Once {
            name: format!("prepare {}", needed_by.join("+")),
            purpose: "prepare",
            line: command.join(" "),
            needed_by: needed_by.clone(),
            command: command.to_vec(),
            manner: Manner::default(),
            is_shown: true,
            last_lines: SHOWN_LINES,
        };
        workbench.run(once).await.map_err(|failure| failed(failure, command, &needed_by, workbench))?;
    }
    Ok(())
}

fn distinct(system: &System) -> BTreeMap<&[String], Vec<String>> {
    let mut commands: BTreeMap<&[String], Vec<String>> = BTreeMap::new();
    for service in system.services.values() {
        if let Some(prepare) = service.prepare.as_deref().filter(|prepare| !prepare.is_empty()) {
            commands.entry(prepare).or_default().push(service.name.clone());
        }
    }
    commands
}

fn failed(
    failure: Failure,
    command: &[String],
    needed_by: &[String],
    workbench: &Workbench<'_>,
) -> PrepareError {
    let (command, services) = (command.join(" "), needed_by.join(", "));
    match failure {
        Failure::NotStarted(reason) => {
            PrepareError::NotStarted { command, services, reason: reason.to_string() }
        }
        Failure::Ended(outcome, log) => PrepareError::Failed {
            command,
            services,
            outcome: outcome.to_string(),
            path: workbench.log(needed_by).display().to_string(),
            log: logs::quoted(&log),
        },
    }
}
