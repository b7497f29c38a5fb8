//! Alarms: of something that exists and has the metric, on one side of a threshold.

use std::collections::BTreeMap;

use super::Scene;
use crate::language::{Item, Shaped as _};
use crate::problem::Findings;
use crate::system::{Alarm, Comparison, Metric};
use crate::written::service::TypeWord;
use crate::written::{self, Resource};

/// All alarms, resolved.
pub(super) fn resolve(scene: &Scene<'_>, findings: &mut Findings) -> BTreeMap<String, Alarm> {
    let alarms = scene.manifest.alarms.iter();
    alarms.map(|(name, item)| (name.clone(), one(scene, name, item, findings))).collect()
}

fn one(scene: &Scene<'_>, name: &str, item: &Item<written::Alarm>, findings: &mut Findings) -> Alarm {
    let written = &item.at.value;
    subject(scene, name, item, findings);
    let comparison = match (&written.above, &written.below) {
        (Some(above), None) => Comparison::Above(above.0),
        (None, Some(below)) => Comparison::Below(below.0),
        (_, _) if written.lost("above") || written.lost("below") => Comparison::Above(0.0),
        (above, below) => {
            let range = above.as_ref().and(below.as_ref()).map_or(item.key, |below| below.range);
            findings
                .error(range, format!("alarm `{name}` needs one of `above` and `below`"))
                .hint("`above: 1` is bad above 1; `below: 1` is bad below it");
            Comparison::Above(0.0)
        }
    };
    Alarm {
        service: written.service.as_ref().map(|service| service.0.clone()),
        resource: written.resource.as_ref().map(|resource| resource.0.clone()),
        metric: written.metric.value,
        comparison,
        period: written.r#for.0,
    }
}

/// Whether what is measured has that metric.
fn subject(scene: &Scene<'_>, name: &str, item: &Item<written::Alarm>, findings: &mut Findings) {
    let alarm = &item.at.value;
    let metric = alarm.metric.value;
    match (&alarm.service, &alarm.resource) {
        (Some(service), None) => {
            let subject = format!("alarm `{name}` measures");
            let Some(found) = scene.service(&service.0, service.range, &subject, findings) else { return };
            if !of_service(metric, *found.at.value.r#type) {
                findings
                    .error(
                        alarm.metric.range,
                        format!("alarm `{name}` measures what service `{}` does not have", service.0),
                    )
                    .hint(hint(metric));
            }
        }
        (None, Some(resource)) => {
            let subject = format!("alarm `{name}` measures resource");
            let Some(found) = scene.resource(&resource.0, resource.range, &subject, findings) else { return };
            if !of_resource(metric, &found.at.value) {
                findings
                    .error(
                        alarm.metric.range,
                        format!("alarm `{name}` measures what resource `{}` does not have", resource.0),
                    )
                    .hint(hint(metric));
            }
        }
        _ if alarm.lost("service") || alarm.lost("resource") => {}
        (service, _) => {
            let range = service.as_ref().map_or(item.key, |service| service.range);
            findings
                .error(range, format!("alarm `{name}` needs one of `service` and `resource`"))
                .hint(hint(metric));
        }
    }
}

fn of_service(metric: Metric, kind: TypeWord) -> bool {
    match metric {
        Metric::Http5xxPercentage
        | Metric::Http4xxPercentage
        | Metric::LatencyP99
        | Metric::LatencyP50
        | Metric::Requests
        | Metric::HealthyReplicas => kind == TypeWord::Web,
        Metric::CpuPercentage | Metric::MemoryPercentage | Metric::Restarts => true,
        Metric::QueueDepth | Metric::QueueAge | Metric::DeadLetters | Metric::FreeStorage => false,
    }
}

fn of_resource(metric: Metric, resource: &Resource) -> bool {
    match (metric, resource) {
        (Metric::QueueDepth | Metric::QueueAge, Resource::Queue(_)) => true,
        (Metric::DeadLetters, Resource::Queue(queue)) => queue.dead_letter.is_some(),
        (Metric::CpuPercentage, Resource::Postgres(_) | Resource::Mongodb(_) | Resource::Redis(_)) => true,
        (Metric::FreeStorage, Resource::Postgres(_) | Resource::Mongodb(_)) => true,
        (Metric::MemoryPercentage, Resource::Redis(_)) => true,
        _ => false,
    }
}

/// What has a metric.
fn hint(metric: Metric) -> &'static str {
    match metric {
        Metric::Http5xxPercentage
        | Metric::Http4xxPercentage
        | Metric::LatencyP99
        | Metric::LatencyP50
        | Metric::Requests
        | Metric::HealthyReplicas => "this metric is of a web service: `service: api`",
        Metric::Restarts => "this metric is of a service: `service: api`",
        Metric::CpuPercentage => "this metric is of a service, a database or a cache",
        Metric::MemoryPercentage => "this metric is of a service or a redis cache",
        Metric::QueueDepth | Metric::QueueAge => "this metric is of a queue: `resource: orders`",
        Metric::DeadLetters => "this metric is of a queue that has a `dead_letter`",
        Metric::FreeStorage => "this metric is of a postgres or mongodb database",
    }
}
