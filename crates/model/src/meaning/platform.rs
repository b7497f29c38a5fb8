//! What only one target or the pipeline reads.

use std::collections::BTreeMap;

use super::service::listed;
use super::{Scene, cluster, suggestion};
use crate::language::{At, List, Map, Name};
use crate::manifest::LOCAL;
use crate::problem::Findings;
use crate::system::{Aws, Ci, Kubernetes, Patches, Rollouts};
use crate::written::delivery::Pattern;
use crate::yaml::shorten;

/// Days that CloudWatch Logs can keep (CloudWatch Logs API reference, "PutRetentionPolicy").
const RETENTION_DAYS: &[u64] = &[
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/// AWS settings, resolved.
pub(super) fn aws(scene: &Scene<'_>, findings: &mut Findings) -> Aws {
    let written = &scene.manifest.aws.value;
    let seconds = written.log_retention.0.as_secs();
    let days = seconds / 86_400;
    if !RETENTION_DAYS.contains(&days) || !seconds.is_multiple_of(86_400) {
        let next = RETENTION_DAYS.iter().find(|step| **step >= days).copied().unwrap_or(3653);
        findings
            .error(written.log_retention.range, "CloudWatch Logs cannot keep logs for just that long")
            .hint(format!("the next step is `{next}d`"));
    }
    Aws {
        region: written.region.0.clone(),
        availability_zones: written.availability_zones.to(),
        orchestrator: cluster::orchestrator(written, findings),
        nat: written.nat.value,
        endpoints: written.endpoints.value,
        cidr: written.cidr.0.clone(),
        log_retention: written.log_retention.0,
        certificate: written.certificate.as_ref().map(|arn| arn.0.clone()),
        alarm_actions: written.alarm_actions.0.iter().map(|arn| arn.0.clone()).collect(),
    }
}

/// Kubernetes settings, resolved.
pub(super) fn kubernetes(scene: &Scene<'_>) -> Kubernetes {
    let name = scene.manifest.name.value.0.clone();
    let Some(written) = &scene.manifest.kubernetes else {
        return Kubernetes {
            namespace: name,
            ingress_class: None,
            rollouts: Rollouts::None,
            keda: false,
            external_secrets: false,
            monitoring: false,
        };
    };
    Kubernetes {
        namespace: written.namespace.as_ref().map_or(name, |namespace| namespace.0.clone()),
        ingress_class: written.ingress_class.as_ref().map(|class| class.value.clone()),
        rollouts: written.rollouts.value,
        keda: written.keda.value,
        external_secrets: written.external_secrets.value,
        monitoring: written.monitoring.value,
    }
}

/// The pipeline, resolved.
pub(super) fn ci(scene: &Scene<'_>, findings: &mut Findings) -> Option<Ci> {
    let written = scene.manifest.ci.as_ref()?;
    Some(Ci {
        provider: written.provider.value,
        repository: written.repository.as_ref().map(|repository| repository.0.clone()),
        branches: deliveries(scene, "branch", &written.branches, findings),
        tags: deliveries(scene, "tag", &written.tags, findings),
        manual: manual(scene, &written.manual, findings),
        latest: written.latest.value,
        plan_comment: written.plan_comment.value,
    })
}

/// Where each branch or tag goes: environments that exist, and not this machine.
fn deliveries(
    scene: &Scene<'_>,
    noun: &str,
    written: &Map<Pattern, Name>,
    findings: &mut Findings,
) -> BTreeMap<String, String> {
    for (source, item) in written.iter() {
        let subject = format!("the {noun} `{}` is", shorten(source));
        delivered(scene, &subject, &item.at, findings);
    }
    written.iter().map(|(source, item)| (source.clone(), item.at.value.0.clone())).collect()
}

/// What is delivered by hand.
fn manual(scene: &Scene<'_>, written: &List<Name>, findings: &mut Findings) -> Vec<String> {
    for name in &written.0 {
        delivered(scene, "a branch may be", name, findings);
    }
    written.0.iter().map(|name| name.value.0.clone()).collect()
}

/// An environment that exists, and is not this machine.
fn delivered(scene: &Scene<'_>, subject: &str, to: &At<Name>, findings: &mut Findings) {
    let environment = to.value.0.as_str();
    if environment == LOCAL {
        findings
            .error(to.range, format!("{subject} delivered to `local`, which is this machine"))
            .hint("name another environment");
    } else if !scene.manifest.environments.declares(environment) {
        let hint = match suggestion(environment, scene.manifest.environments.names(), findings) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("there are: {}", listed(scene.manifest.environments.names())),
        };
        let message =
            format!("{subject} delivered to environment `{}`, which nothing defines", shorten(environment));
        findings.error(to.range, message).hint(hint);
    }
}

/// Folders of changes to generated files.
pub(super) fn patches(scene: &Scene<'_>) -> Patches {
    scene.manifest.patches.iter().map(|(target, item)| (target.clone(), item.at.value.0.clone())).collect()
}
