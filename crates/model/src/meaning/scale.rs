//! How many replicas: bounds that fit each other, and something that wakes from zero.

use super::Scene;
use crate::language::{Item, Shaped as _};
use crate::problem::Findings;
use crate::system::{Access, Cooldown, Percent, QueueDelay, Scale, ScheduledScale};
use crate::written::Service;
use crate::written::service::TypeWord;
use crate::written::{Resource, scale};

/// Bounds and targets of one service.
pub(super) fn resolve(name: &str, item: &Item<Service>, scene: &Scene<'_>, findings: &mut Findings) -> Scale {
    let service = &item.at.value;
    let written = &service.scale.value;
    let mut unheard = Findings::default();
    let findings = if *service.r#type == TypeWord::Job { &mut unheard } else { findings };
    let min: u32 = written.min.to();
    let max = written.max.as_ref().map_or(min.max(1), |max| max.to());
    bounds(name, service, min, max, findings);
    wakes(name, service, min, findings);
    backlog(scene, name, service, findings);
    Scale {
        min,
        max,
        cpu_percentage: written.cpu_percentage.as_ref().map(|percent| Percent(percent.to())),
        memory_percentage: written.memory_percentage.as_ref().map(|percent| Percent(percent.to())),
        requests: requests(name, service, findings),
        queue_delay: written.queue_delay.as_ref().map(|delay| QueueDelay {
            acceptable_latency: delay.acceptable_latency.0,
            msg_processing_time: delay.msg_processing_time.0,
        }),
        schedule: schedule(name, written, findings),
        cooldown: Cooldown { scale_in: written.cooldown.r#in.0, scale_out: written.cooldown.out.0 },
    }
}

/// Fields that change the replicas.
const TARGETS: &[&str] = &["cpu_percentage", "memory_percentage", "requests", "queue_delay", "schedule"];

fn bounds(name: &str, service: &Service, min: u32, max: u32, findings: &mut Findings) {
    let written = &service.scale.value;
    if let Some(max_at) = written.max.as_ref().filter(|_| min > max) {
        let range = if written.min.written { written.min.range } else { max_at.range };
        findings
            .error(range, format!("`scale.min` of service `{name}` is {min}, more than `scale.max` ({max})"))
            .hint("make `min` the smaller one");
    }
    if service.singleton.value && max > 1 {
        let range = written.max.as_ref().map_or(written.min.range, |max| max.range);
        findings
            .error(range, format!("service `{name}` is a singleton and may have {max} replicas"))
            .hint("remove `singleton`, or the `scale`");
        return;
    }
    let targets = TARGETS.iter().any(|target| written.lost(target))
        || written.cpu_percentage.is_some()
        || written.memory_percentage.is_some()
        || written.requests.is_some()
        || written.queue_delay.is_some()
        || !written.schedule.0.is_empty();
    if max > min && min > 0 && !targets {
        findings
            .warning(
                service.scale.range,
                format!("nothing changes the replicas of service `{name}` between {min} and {max}"),
            )
            .hint("add a target, such as `cpu_percentage: 70`, or set `min` and `max` to the same number");
    }
}

/// CPU and memory of nothing are never high.
fn wakes(name: &str, service: &Service, min: u32, findings: &mut Findings) {
    let written = &service.scale.value;
    let scheduled =
        written.schedule.0.iter().any(|change| change.min.as_ref().is_some_and(|min| min.to::<u32>() > 0));
    if min > 0
        || TARGETS.iter().any(|target| written.lost(target))
        || written.requests.is_some()
        || written.queue_delay.is_some()
        || scheduled
    {
        return;
    }
    let waker = if *service.r#type == TypeWord::Web { "requests" } else { "queue_delay" };
    findings
        .error(written.min.range, format!("service `{name}` goes to 0 replicas and nothing could wake it"))
        .hint(format!("set `min: 1`, or add `{waker}`, or a `schedule` that raises `min`; processor and memory use of nothing are never high"));
}

/// A queue delay is that of a queue the service consumes.
fn backlog(scene: &Scene<'_>, name: &str, service: &Service, findings: &mut Findings) {
    let Some(delay) = &service.scale.queue_delay else { return };
    let consumes = service.uses.iter().any(|(used, access)| {
        let queue = matches!(scene.resources().get(used), Some(Resource::Queue(_)));
        queue && matches!(access.at.access.value, Access::Consume | Access::Manage)
    });
    if !consumes && service.uses.iter().all(|(used, _)| scene.resources().get(used).is_some()) {
        findings
            .error(delay.range, format!("service `{name}` scales on the delay of a queue, but consumes none"))
            .hint("add the queue to `uses`: `{ orders: consume }`");
    }
    if delay.msg_processing_time.0 > delay.acceptable_latency.0 {
        findings
            .error(delay.acceptable_latency.range, format!("a message of service `{name}` takes longer to process than it may wait: no number of replicas is enough"))
            .hint("make `acceptable_latency` at least `msg_processing_time`");
    }
}

fn requests(name: &str, service: &Service, findings: &mut Findings) -> Option<u32> {
    let requests = service.scale.requests.as_ref()?;
    if *service.r#type != TypeWord::Web {
        findings
            .error(
                requests.range,
                format!("service `{name}` gets no requests to scale on: it is not a web service"),
            )
            .hint("a worker scales on `queue_delay`, `cpu_percentage` or `memory_percentage`");
    }
    Some(requests.to())
}

fn schedule(name: &str, written: &scale::Scale, findings: &mut Findings) -> Vec<ScheduledScale> {
    let changes = written.schedule.0.iter();
    changes
        .map(|change| {
            let min = change.min.as_ref().map(|min| min.to::<u32>());
            let max = change.max.as_ref().map(|max| max.to::<u32>());
            if min.is_none() && max.is_none() {
                findings
                    .error(change.at.range, format!("a scheduled change of service `{name}` changes nothing"))
                    .hint("add `min`, `max` or both");
            }
            if let (Some(low), Some(high)) = (min, max)
                && low > high
            {
                findings
                    .error(
                        change.at.range,
                        format!(
                            "a scheduled change of service `{name}` sets `min` ({low}) above `max` ({high})"
                        ),
                    )
                    .hint("make `min` the smaller one");
            }
            ScheduledScale { at: change.at.0.clone(), min, max }
        })
        .collect()
}
