//! Who may do what with which resource, and whether anybody is at the other end.

use std::time::Duration;

use super::{Scene, quoted};
use crate::language::{Item, Shaped as _, duration_text, millis};
use crate::problem::Findings;
use crate::system::Access;
use crate::written::resource::Queue;
use crate::written::{Resource, Service};

/// Checks every `uses` and `secrets`, and that every resource has users.
pub(super) fn check(scene: &Scene<'_>, findings: &mut Findings) {
    let before = findings.list.len();
    for (name, item) in scene.services().iter() {
        uses(scene, name, &item.at, findings);
        secrets(scene, name, &item.at, findings);
    }
    let unread = |service: &Service| {
        !service.uses.broken.is_empty() || !service.secrets.broken.is_empty() || service.lost("uses")
    };
    let unclear = findings.list.len() > before
        || !scene.services().broken.is_empty()
        || scene.services().iter().any(|(_, item)| unread(&item.at));
    if unclear {
        return;
    }
    for (name, item) in scene.resources().iter() {
        match &item.at.value {
            Resource::Queue(queue) => consumers(scene, name, item, queue, findings),
            _ => users(scene, name, item, findings),
        }
    }
}

/// What may be done with a resource.
fn levels(resource: &Resource) -> (&'static str, &'static [(&'static str, Access)]) {
    match resource {
        Resource::Queue(_) => {
            ("queue", &[("send", Access::Send), ("consume", Access::Consume), ("manage", Access::Manage)])
        }
        Resource::Bucket(_) => {
            ("bucket", &[("read", Access::Read), ("write", Access::Write), ("readwrite", Access::ReadWrite)])
        }
        Resource::Parameter(_) => ("parameter", &[("read", Access::Read), ("write", Access::Write)]),
        Resource::Secret(_) => ("secret", &[("read", Access::Read), ("write", Access::Write)]),
        Resource::Postgres(_) => {
            ("postgres database", &[("read", Access::Read), ("readwrite", Access::ReadWrite)])
        }
        Resource::Mongodb(_) => {
            ("mongodb database", &[("read", Access::Read), ("readwrite", Access::ReadWrite)])
        }
        Resource::Redis(_) => ("redis cache", &[("read", Access::Read), ("readwrite", Access::ReadWrite)]),
    }
}

fn uses(scene: &Scene<'_>, name: &str, service: &Service, findings: &mut Findings) {
    for (used, access) in service.uses.iter() {
        let subject = format!("service `{name}` uses");
        let Some(resource) = scene.resource(used, access.key, &subject, findings) else { continue };
        let (noun, levels) = levels(&resource.at);
        if let Some(prefix) = access.at.prefix.as_ref().filter(|_| noun != "bucket") {
            findings
                .error(prefix.range, format!("the {noun} `{used}` has no keys to begin with a prefix"))
                .hint("remove it; only a bucket's objects have keys");
        }
        let level = &access.at.access;
        if levels.iter().any(|(_, fitting)| *fitting == level.value) {
            continue;
        }
        let word = word(level.value);
        findings
            .error(level.range, format!("the {noun} `{used}` has no access level `{word}`"))
            .hint(format!("it takes {}", quoted(levels.iter().map(|(word, _)| *word))));
    }
}

/// The level that most services want.
fn natural(resource: &Resource) -> &'static str {
    match resource {
        Resource::Queue(_) => "send",
        Resource::Parameter(_) | Resource::Secret(_) => "read",
        _ => "readwrite",
    }
}

fn word(access: Access) -> &'static str {
    match access {
        Access::Send => "send",
        Access::Consume => "consume",
        Access::Manage => "manage",
        Access::Read => "read",
        Access::Write => "write",
        Access::ReadWrite => "readwrite",
    }
}

/// Only secrets and parameters have a value to inject.
fn secrets(scene: &Scene<'_>, name: &str, service: &Service, findings: &mut Findings) {
    for (variable, item) in service.secrets.iter() {
        let used = &item.at.value.0;
        let subject = format!("`{variable}` of service `{name}` takes the value of");
        let Some(resource) = scene.resource(used, item.at.range, &subject, findings) else { continue };
        if matches!(resource.at.value, Resource::Secret(_) | Resource::Parameter(_)) {
            continue;
        }
        let (noun, _) = levels(&resource.at);
        let level = natural(&resource.at);
        findings
            .error(
                item.at.range,
                format!("the {noun} `{used}` has no value to inject; only secrets and parameters do"),
            )
            .hint(format!("write `uses: {{ {used}: {level} }}`, which injects where to find it"));
    }
}

/// Services that use a resource, and how.
fn users_of<'a>(scene: &Scene<'a>, name: &str) -> impl Iterator<Item = (&'a str, &'a Service, Access)> {
    scene.services().iter().filter_map(move |(service, item)| {
        let access = item.at.value.uses.get(name)?;
        Some((service.as_str(), &item.at.value, access.access.value))
    })
}

fn users(scene: &Scene<'_>, name: &str, item: &Item<Resource>, findings: &mut Findings) {
    let injected = |service: &Service| service.secrets.iter().any(|(_, item)| item.at.value.0 == name);
    let gate = scene.manifest.edge.origin_gate.as_ref().is_some_and(|gate| gate.secret.value.0 == name);
    let used =
        scene.services().iter().any(|(_, item)| injected(&item.at)) || users_of(scene, name).next().is_some();
    if gate || used {
        return;
    }
    let (noun, _) = levels(&item.at);
    findings
        .warning(item.key, format!("no service uses the {noun} `{name}`"))
        .hint(format!("add `uses: {{ {name}: {} }}` to a service, or remove it", natural(&item.at)));
}

/// A queue has two ends.
fn consumers(scene: &Scene<'_>, name: &str, item: &Item<Resource>, queue: &Queue, findings: &mut Findings) {
    let has = |wanted: &[Access]| users_of(scene, name).any(|(_, _, access)| wanted.contains(&access));
    let consumed = has(&[Access::Consume, Access::Manage]);
    if !consumed {
        let retention = duration_text(millis(queue.retention.0));
        findings
            .error(
                item.key,
                format!("nobody consumes the queue `{name}`: its messages are lost after {retention}"),
            )
            .hint(format!("add `uses: {{ {name}: consume }}` to a worker"));
    } else if !has(&[Access::Send, Access::Manage]) {
        findings.warning(item.key, format!("nobody sends to the queue `{name}`")).hint(format!(
            "add `uses: {{ {name}: send }}` to a service; ignore this where messages come from outside"
        ));
    }
    for (service, consumer, access) in users_of(scene, name) {
        if matches!(access, Access::Consume | Access::Manage) {
            hidden_long_enough(name, queue, service, consumer, findings);
        }
    }
}

/// A message that shows again while it is being worked on is worked on twice.
fn hidden_long_enough(name: &str, queue: &Queue, service: &str, consumer: &Service, findings: &mut Findings) {
    let visibility: Duration = queue.visibility.0;
    let hidden = duration_text(millis(visibility));
    if let Some(delay) = &consumer.scale.queue_delay
        && delay.msg_processing_time.0 > visibility
    {
        let work = duration_text(millis(delay.msg_processing_time.0));
        findings
            .error(queue.visibility.range, format!("messages of `{name}` show again after {hidden}, while service `{service}` works {work} on one"))
            .hint(format!("set `visibility` of `{name}` above {work}; AWS advises six times the work"));
        return;
    }
    if consumer.stop_timeout.written && consumer.stop_timeout.0 > visibility {
        let stop = duration_text(millis(consumer.stop_timeout.0));
        findings
            .warning(queue.visibility.range, format!("messages of `{name}` show again after {hidden}, but service `{service}` may take {stop} to finish one when it stops"))
            .hint(format!("set `visibility` of `{name}` to {stop} or more"));
    }
}
