//! Names that would meet: services and resources, physical names, and how long AWS lets them be.

use super::Scene;
use crate::language::{At, Item};
use crate::manifest::LOCAL;
use crate::problem::Findings;
use crate::system::Provider;
use crate::written::Resource;
use crate::written::resource::Queue;
use crate::written::service::TypeWord;

/// Longest bucket name (Amazon S3 user guide, "General purpose bucket naming rules").
const BUCKET: usize = 63;
/// Longest queue name, `.fifo` included (Amazon SQS developer guide, "Amazon SQS standard queue quotas").
const QUEUE: usize = 80;
/// Longest identifier of an instance or a cluster (Amazon RDS API reference, "CreateDBInstance" and "CreateDBCluster";
/// Amazon DocumentDB developer guide, "Naming constraints").
const DATABASE: usize = 63;
/// Longest identifier of a replication group (Amazon ElastiCache API reference, "CreateReplicationGroup").
const REPLICATION_GROUP: usize = 40;
/// Longest load balancer name (Elastic Load Balancing API reference, "CreateLoadBalancer").
const LOAD_BALANCER: usize = 32;
/// What tells the load balancers of one system apart.
const ROLE: usize = "-private".len();
/// What a bucket's name ends with, since it is one of all accounts: an account has 12 digits.
const ACCOUNT: &str = "-<12 digits of the account>";
const ACCOUNT_LENGTH: usize = "-123456789012".len();
/// What a dead-letter queue's name ends with.
const DEAD: &str = "-dlq";

/// What AWS calls a resource.
struct Physical {
    noun: &'static str,
    name: String,
    length: usize,
    most: usize,
}

/// Checks names against each other and against what a cloud takes.
pub(super) fn check(scene: &Scene<'_>, findings: &mut Findings) {
    if scene.services().names().next().is_none() && !findings.has_errors() {
        findings
            .warning(scene.manifest.name.range, "the manifest has no services, so nothing runs")
            .hint("add one: `services: { api: { type: web, run: ./api } }`");
    }
    balancer(scene, findings);
    for (name, item) in scene.resources().iter() {
        if scene.services().declares(name) {
            findings
                .error(item.key, format!("`{name}` is the name of a service and of a resource"))
                .hint(format!("rename one of them, for example `{name}-store`"));
        }
        if matches!(item.at.value, Resource::Queue(_)) {
            dead_letter(scene, name, findings);
        }
        let Some(physical) = physical(scene, name, &item.at.value) else { continue };
        fits(name, item, &physical, findings);
    }
}

fn fits(name: &str, item: &Item<Resource>, physical: &Physical, findings: &mut Findings) {
    let Physical { noun, name: called, length, most } = physical;
    if length > most {
        findings
            .error(
                item.key,
                format!(
                    "{noun} `{name}` would be called `{called}`: {length} characters, and the most is {most}"
                ),
            )
            .hint("shorten the name of the system, the environment or the resource");
    }
    let database = !matches!(item.at.value, Resource::Bucket(_) | Resource::Queue(_));
    if database && called.contains("--") {
        findings
            .error(
                item.key,
                format!(
                    "{noun} `{name}` would be called `{called}`, and AWS takes no two hyphens in a row there"
                ),
            )
            .hint("write one hyphen in the name of the system, the environment or the resource");
    }
}

/// The name that AWS or the local cloud gets; `None` where no such limit is near.
fn physical(scene: &Scene<'_>, name: &str, resource: &Resource) -> Option<Physical> {
    let local = scene.environment == Some(LOCAL);
    let stem = stem(scene, name);
    let length = stem.len();
    match resource {
        Resource::Bucket(_) if local => Some(Physical { noun: "bucket", name: stem, length, most: BUCKET }),
        Resource::Bucket(_) => Some(Physical {
            noun: "bucket",
            name: format!("{stem}{ACCOUNT}"),
            length: length + ACCOUNT_LENGTH,
            most: BUCKET,
        }),
        Resource::Queue(queue) => Some(self::queue(&stem, queue)),
        _ if local => None,
        Resource::Postgres(postgres) => database("database", DATABASE, stem, &postgres.provider),
        Resource::Mongodb(mongodb) => database("database", DATABASE, stem, &mongodb.provider),
        Resource::Redis(redis) => database("cache", REPLICATION_GROUP, stem, &redis.provider),
        Resource::Parameter(_) | Resource::Secret(_) => None,
    }
}

fn queue(stem: &str, queue: &Queue) -> Physical {
    let dead = if queue.dead_letter.is_some() { DEAD } else { "" };
    let fifo = if *queue.fifo { ".fifo" } else { "" };
    let name = format!("{stem}{dead}{fifo}");
    Physical { noun: "queue", length: name.len(), name, most: QUEUE }
}

/// Only what AWS runs has a name there. The instances of a cluster are numbered.
fn database(
    noun: &'static str,
    most: usize,
    stem: String,
    provider: &Option<At<Provider>>,
) -> Option<Physical> {
    let name = match provider.as_ref().map(|provider| provider.value) {
        Some(Provider::InCluster | Provider::External) => return None,
        Some(Provider::Aurora | Provider::Documentdb) => format!("{stem}-1"),
        _ => stem,
    };
    Some(Physical { noun, length: name.len(), name, most })
}

/// `{system}-{environment}-{resource}`; on this machine, where there is one environment, without it.
fn stem(scene: &Scene<'_>, name: &str) -> String {
    let system = &scene.manifest.name.value.0;
    match scene.environment {
        Some(environment) if environment != LOCAL => format!("{system}-{environment}-{name}"),
        _ => format!("{system}-{name}"),
    }
}

/// A load balancer is named for the system and the environment.
fn balancer(scene: &Scene<'_>, findings: &mut Findings) {
    const MOST: usize = LOAD_BALANCER - ROLE;
    let web = scene.services().iter().any(|(_, item)| *item.at.r#type == TypeWord::Web);
    let Some(environment) = scene.environment.filter(|name| *name != LOCAL) else { return };
    let called = format!("{}-{environment}", scene.manifest.name.value.0);
    if web && !scene.on_kubernetes() && called.len() > MOST {
        findings
            .error(scene.manifest.name.range, format!("the load balancer's name would begin with `{called}`: {} characters, and {MOST} leave room for the rest of it", called.len()))
            .hint("shorten the name of the system or of the environment");
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
