//! What a target makes of every field that a manifest writes.

use model::system::ServiceKind;
use model::{System, WrittenField};

use super::table::{self, Cell};
use super::{Fidelity, Grade, Platform};
use crate::Target;
use crate::terraform::database::Engine;

/// What became of one field.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Verdict {
    /// Where it was written: `services.api.scale.min`.
    pub path: String,
    /// Its line in the manifest, from 1; `None` where the default holds.
    pub line: Option<usize>,
    /// What became of it.
    pub grade: Grade,
    /// Why, where it is not exact.
    pub reason: Option<&'static str>,
}

impl Platform {
    /// Where a system is to run on a target.
    #[must_use]
    pub fn of(target: Target, system: &System) -> Self {
        match (target, &system.aws.orchestrator) {
            (Target::Aws, model::system::Orchestrator::Ecs) => Self::Ecs,
            (Target::Aws, model::system::Orchestrator::Eks(_)) => Self::Eks,
        }
    }
}

/// What becomes of every field of `written`, and of defaults that do not hold. `notes` are those of the compilation.
#[must_use]
pub fn report(
    system: &System,
    platform: Platform,
    written: &[WrittenField],
    notes: &[Fidelity],
) -> Vec<Verdict> {
    let of_field = |field: &WrittenField| {
        let (grade, reason) = judge(system, platform, field, notes);
        Verdict { path: field.path.clone(), line: Some(field.line), grade, reason }
    };
    let is_unwritten = |note: &&Fidelity| !written.iter().any(|field| concerns(note, &field.path));
    let of_default = notes.iter().filter(|note| note.of_default).filter(is_unwritten).map(|note| Verdict {
        path: note.field.clone(),
        line: None,
        grade: note.grade,
        reason: Some(note.reason),
    });
    let mut verdicts: Vec<Verdict> = written.iter().map(of_field).chain(of_default).collect();
    verdicts.sort();
    verdicts
}

fn judge(
    system: &System,
    platform: Platform,
    written: &WrittenField,
    notes: &[Fidelity],
) -> (Grade, Option<&'static str>) {
    if let Some(reason) = absent(system, platform, written) {
        return (Grade::NotApplicable, Some(reason));
    }
    let mine = notes.iter().filter(|note| concerns(note, &written.path));
    if let Some(worst) = mine.max_by_key(|note| note.grade) {
        return (worst.grade, Some(worst.reason));
    }
    match table::find(&written.field).map(|line| line.on(platform)) {
        Some(Cell::Exact | Cell::But(_)) => (Grade::Exact, None),
        Some(Cell::Always(case)) => (case.grade, Some(case.reason)),
        Some(Cell::Silent(reason)) => (Grade::NotApplicable, Some(reason)),
        None => (Grade::Dropped, Some("the table of what targets do has no line for it: please report that")),
    }
}

/// Whether a note is on what is written at `path`: on that field, on what holds it, or on a part of it that was written
/// short (`env: NAME` for `env: { url: NAME }`).
fn concerns(note: &Fidelity, path: &str) -> bool {
    covers(&note.field, path) || covers(path, &note.field)
}

/// Whether `path` is the field `noted` or lies below it.
fn covers(noted: &str, path: &str) -> bool {
    path.strip_prefix(noted).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

/// Why a field decides nothing: what it belongs to is not there at all, which is said once.
fn absent(system: &System, platform: Platform, written: &WrittenField) -> Option<&'static str> {
    let mut parts = written.path.split('.');
    match (parts.next()?, parts.next()?) {
        ("services", name) => {
            let service = system.services.get(name)?;
            let is_asked_for = platform != Platform::Local && !service.profiles.is_empty();
            if is_asked_for && written.field != "services.profiles" {
                return Some("the service is not there: nothing starts one on request");
            }
            let is_job = matches!(service.kind, ServiceKind::Job(_));
            (is_job && written.field.starts_with("services.scale"))
                .then_some("a job runs when something starts it")
        }
        ("resources", name) if matches!(platform, Platform::Ecs | Platform::Eks) => {
            let what = written.path.splitn(3, '.').nth(2)?;
            match Engine::of(&system.resources.get(name)?.kind)? {
                Engine::InCluster if !matches!(what, "type" | "provider") => {
                    Some("the database is not there: a stateful set is Kubernetes'")
                }
                Engine::External if !matches!(what, "type" | "provider") && !what.starts_with("env") => {
                    Some("somebody else runs the database: only its URL is known, as a secret")
                }
                _ => None,
            }
        }
        _ => None,
    }
}
