//! What resources are called in the local cloud, and what services see of them.

use cloud::Cloud;
use model::System;
use model::system::{Facet, Resource, ResourceKind};

/// Account of the local cloud: a number no real account has.
pub(crate) const ACCOUNT: &str = "000000000000";

/// The name in the cloud: `<system>-<resource>`, `.fifo` after a FIFO queue's as SQS demands, a path for a parameter.
pub(crate) fn physical(system: &System, resource: &Resource) -> String {
    let (system, name) = (&system.name, &resource.name);
    match &resource.kind {
        ResourceKind::Queue(queue) if queue.fifo => format!("{system}-{name}.fifo"),
        ResourceKind::Parameter(_) | ResourceKind::Secret(_) => format!("/{system}/local/{name}"),
        _ => format!("{system}-{name}"),
    }
}

/// The name of the dead-letter queue beside a queue of this physical name.
pub(crate) fn dead_letter(queue: &str) -> String {
    match queue.strip_suffix(".fifo") {
        Some(stem) => format!("{stem}-dlq.fifo"),
        None => format!("{queue}-dlq"),
    }
}

/// What a variable for `facet` holds, or `None` where the local cloud has no such thing.
///
/// `endpoint` is the cloud's URL without a slash at its end.
pub(crate) fn facet(system: &System, resource: &Resource, facet: Facet, endpoint: &str) -> Option<String> {
    let name = physical(system, resource);
    let region = &system.aws.region;
    match (&resource.kind, facet) {
        (ResourceKind::Queue(_), Facet::Url) => Some(format!("{endpoint}/{ACCOUNT}/{name}")),
        (ResourceKind::Queue(_), Facet::Arn) => Some(format!("arn:aws:sqs:{region}:{ACCOUNT}:{name}")),
        (ResourceKind::Bucket(_), Facet::Url) => Some(format!("{endpoint}/{name}")),
        (ResourceKind::Bucket(_), Facet::Arn) => Some(format!("arn:aws:s3:::{name}")),
        (ResourceKind::Parameter(_), Facet::Arn) => {
            Some(format!("arn:aws:ssm:{region}:{ACCOUNT}:parameter{name}"))
        }
        // A secret's ARN ends in characters that the cloud makes up.
        (ResourceKind::Secret(_), Facet::Arn) => None,
        (ResourceKind::Mongodb(_), Facet::Url) => Some(Cloud::mongo_url(endpoint, &name)),
        (ResourceKind::Mongodb(_), Facet::Host) => address(endpoint).map(|(host, _)| host.to_owned()),
        (ResourceKind::Mongodb(_), Facet::Port) => address(endpoint).map(|(_, port)| port.to_owned()),
        (ResourceKind::Postgres(_) | ResourceKind::Redis(_), _) => None,
        (_, Facet::Name) => Some(name),
        _ => None,
    }
}

/// Host and port of `http://127.0.0.1:4566`.
fn address(endpoint: &str) -> Option<(&str, &str)> {
    endpoint.split_once("://")?.1.rsplit_once(':')
}

/// The word the manifest has for what a resource is.
pub(crate) fn kind(resource: &Resource) -> &'static str {
    match resource.kind {
        ResourceKind::Queue(_) => "queue",
        ResourceKind::Bucket(_) => "bucket",
        ResourceKind::Parameter(_) => "parameter",
        ResourceKind::Secret(_) => "secret",
        ResourceKind::Postgres(_) => "postgres",
        ResourceKind::Mongodb(_) => "mongodb",
        ResourceKind::Redis(_) => "redis",
    }
}
