//! What is known before anything starts: the services that are wanted, and the first status.

use model::System;
use model::system::Condition;

use super::UpError;
use super::differences::differences;
use crate::board::Board;
use crate::environment::Variables;
use crate::options::Options;
use crate::provision::Provisioned;
use crate::reporter::Reporter;
use crate::status::{Phase, ResourceStatus};
use crate::translate::names;

/// Leaves only the services that start: those without profiles and those of a profile that was asked for.
pub(super) fn choose_profiles(options: &mut Options, reporter: &Reporter) -> Result<(), UpError> {
    let (system, asked) = (&mut options.system, &options.profiles);
    check_profiles(system, asked)?;
    system.services.retain(|_, service| {
        service.profiles.is_empty() || service.profiles.iter().any(|profile| asked.contains(profile))
    });
    for service in system.services.values() {
        if service.run.as_ref().is_none_or(Vec::is_empty) {
            return Err(UpError::NothingToRun { service: service.name.clone() });
        }
    }
    drop_absent_dependencies(system, reporter);
    if let Some(note) = differences(system) {
        reporter.note(note);
    }
    Ok(())
}

/// The status before anything runs.
pub(super) fn board(options: &Options) -> Board {
    Board {
        system: options.system.name.clone(),
        environment: options.system.environment.clone(),
        phase: Phase::Starting,
        ..Board::default()
    }
}

/// What a status says of the resources in the cloud: names and URLs, and of a secret only its name.
pub(super) fn resources(
    system: &System,
    provisioned: &Provisioned,
) -> std::collections::BTreeMap<String, ResourceStatus> {
    let status = |name: &String, bindings: &Variables| {
        let kind = names::kind(system.resources.get(name)?).to_owned();
        Some(ResourceStatus { kind, env: bindings.clone(), process: None })
    };
    let known = provisioned.bindings.iter();
    known.filter_map(|(name, bindings)| Some((name.clone(), status(name, bindings)?))).collect()
}

fn check_profiles(system: &System, asked: &[String]) -> Result<(), UpError> {
    let known: std::collections::BTreeSet<&String> =
        system.services.values().flat_map(|service| &service.profiles).collect();
    let Some(profile) = asked.iter().find(|profile| !known.contains(profile)) else { return Ok(()) };
    let known = if known.is_empty() {
        "none".to_owned()
    } else {
        known.into_iter().cloned().collect::<Vec<_>>().join(", ")
    };
    Err(UpError::UnknownProfile { profile: profile.clone(), known })
}

fn drop_absent_dependencies(system: &mut System, reporter: &Reporter) {
    let present: std::collections::BTreeSet<String> = system.services.keys().cloned().collect();
    for service in system.services.values_mut() {
        let name = &service.name;
        service.depends_on.retain(|other, _| {
            let is_present = present.contains(other);
            if !is_present {
                reporter
                    .note(format!("`{name}` does not wait for `{other}`, whose profile was not asked for"));
            }
            is_present
        });
    }
}

/// A condition in words, for a display.
pub(super) fn words(service: &str, condition: Condition) -> String {
    match condition {
        Condition::Started => format!("{service} to run"),
        Condition::Healthy => format!("{service} to be healthy"),
        Condition::Completed => format!("{service} to end well"),
    }
}
