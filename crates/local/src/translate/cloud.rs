//! Resources as what the cloud is asked to have.

use std::path::PathBuf;

use cloud::{Data, DeadLetter, Deduplication, Durability, QueueKind, QueueSpec, Reset, Settings};
use model::System;
use model::system::{Facet, Queue, Resource, ResourceKind};

use super::names;
use crate::environment::Variables;

/// The cloud's settings; its data stays in `folder` from run to run.
pub(crate) fn settings(system: &System, folder: PathBuf, reset: Reset) -> Settings {
    Settings {
        data: Data::Directory(folder),
        durability: Durability::ProcessCrash,
        region: system.aws.region.clone(),
        account_id: names::ACCOUNT.to_owned(),
        reset,
        ..Settings::default()
    }
}

/// Whether the system has anything that the local cloud holds.
pub(crate) fn is_needed(system: &System) -> bool {
    embedded_resources(system) > 0
}

/// How many of the system's resources the local cloud holds, or would if the caller had none of their own.
pub fn embedded_resources(system: &System) -> usize {
    system.resources.values().filter(|resource| !is_foreign(resource)).count()
}

/// Whether somebody else must run it.
pub(crate) fn is_foreign(resource: &Resource) -> bool {
    match &resource.kind {
        ResourceKind::Postgres(_) | ResourceKind::Redis(_) => true,
        // The cloud's document database has no user and no password to give.
        ResourceKind::Mongodb(_) => names_a_login(resource),
        _ => false,
    }
}

/// Whether the caller has one of their own: their environment says where it is.
pub(crate) fn is_given(resource: &Resource, caller: &Variables) -> bool {
    let place = [Facet::Url, Facet::Host].iter().filter_map(|facet| resource.env.get(facet));
    matches!(resource.kind, ResourceKind::Mongodb(_))
        && place.into_iter().any(|name| caller.contains_key(name))
}

fn names_a_login(resource: &Resource) -> bool {
    [Facet::User, Facet::Password].iter().any(|facet| resource.env.contains_key(facet))
}

/// The queues behind one queue of the manifest, in the order they must be made: the dead-letter queue first.
pub(crate) fn queues(name: &str, queue: &Queue) -> Vec<QueueSpec> {
    let main = QueueSpec {
        name: name.to_owned(),
        kind: kind(queue),
        retention: queue.retention,
        visibility: queue.visibility,
        delay: queue.delay,
        wait: queue.wait,
        dead_letter: None,
    };
    let Some(dead) = queue.dead_letter else { return vec![main] };
    let dead_name = names::dead_letter(name);
    let letters = QueueSpec { name: dead_name.clone(), retention: dead.retention, ..main.clone() };
    let main = QueueSpec { dead_letter: Some(DeadLetter { queue: dead_name, tries: dead.tries }), ..main };
    vec![letters, main]
}

/// A sender that names its duplicates is understood either way; one that does not needs the body's digest.
fn kind(queue: &Queue) -> QueueKind {
    if queue.fifo { QueueKind::Fifo(Deduplication::ByContent) } else { QueueKind::Standard }
}
