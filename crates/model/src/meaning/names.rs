//! Names that would meet: services and resources, physical names, lengths.

use super::Scene;
use crate::problem::Findings;
use crate::written::Resource;

/// Longest bucket name (Amazon S3 user guide, "General purpose bucket naming rules").
const BUCKET: usize = 63;
/// Longest queue name (Amazon SQS developer guide, "Amazon SQS standard queue quotas").
const QUEUE: usize = 80;
/// What a dead-letter queue's name ends with.
const DEAD: &str = "-dlq";

/// Checks names against each other and against what a cloud takes.
pub(super) fn check(scene: &Scene<'_>, findings: &mut Findings) {
    if scene.services().names().next().is_none() && !findings.has_errors() {
        findings
            .warning(scene.manifest.name.range, "the manifest has no services, so nothing runs")
            .hint("add one: `services: { api: { type: web, run: ./api } }`");
    }
    for (name, item) in scene.resources().iter() {
        if scene.services().declares(name) {
            findings
                .error(item.key, format!("`{name}` is the name of a service and of a resource"))
                .hint(format!("rename one of them, for example `{name}-store`"));
        }
        let physical = physical(scene, name);
        let (kind, most, length) = match &item.at.value {
            Resource::Bucket(_) => ("bucket", BUCKET, physical.len()),
            Resource::Queue(queue) => {
                let dead = if queue.dead_letter.is_some() { DEAD.len() } else { 0 };
                let fifo = if *queue.fifo { ".fifo".len() } else { 0 };
                dead_letter(scene, name, findings);
                ("queue", QUEUE, physical.len() + dead + fifo)
            }
            _ => continue,
        };
        if length > most {
            findings
                .error(item.key, format!("{kind} `{name}` would be called `{physical}`: {length} characters, and the most is {most}"))
                .hint("shorten the name of the system, the environment or the resource");
        }
    }
}

/// `{system}-{environment}-{resource}`.
fn physical(scene: &Scene<'_>, name: &str) -> String {
    let system = &scene.manifest.name.value.0;
    match scene.environment {
        Some(environment) => format!("{system}-{environment}-{name}"),
        None => format!("{system}-{name}"),
    }
}

/// `jobs` with a dead-letter queue takes the name `jobs-dlq`.
fn dead_letter(scene: &Scene<'_>, name: &str, findings: &mut Findings) {
    let Some(owner) = name.strip_suffix(DEAD) else { return };
    let Some(item) = scene.resources().entries.get(name) else { return };
    if matches!(scene.resources().get(owner), Some(Resource::Queue(queue)) if queue.dead_letter.is_some()) {
        findings
            .error(item.key, format!("`{name}` is the name that the dead-letter queue of `{owner}` gets"))
            .hint(format!("remove `{name}`, or rename it"));
    }
}
