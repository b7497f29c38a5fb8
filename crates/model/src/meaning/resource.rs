//! One resource: defaults that depend on the environment, and the variables that carry it.

use std::collections::BTreeMap;

use super::Scene;
use crate::language::{At, Int, Item, Lasting};
use crate::problem::{Findings, TextRange};
use crate::system::{
    self, Bucket, Database, DeadLetter, Facet, Key, MONGODB_CREDENTIALS, POSTGRES_CREDENTIALS, Parameter,
    Provider, Queue, Redis, ResourceKind, Secret, Span,
};
use crate::written::Resource;
use crate::written::resource::{self as written, Bindings};

const DAY: Span = Span::from_secs(86_400);

/// One resource, resolved.
pub(super) fn resolve(
    scene: &Scene<'_>,
    name: &str,
    item: &Item<Resource>,
    findings: &mut Findings,
) -> system::Resource {
    facets(name, &item.at.value, findings);
    in_cluster(scene, name, &item.at.value, findings);
    version(name, item, findings);
    let kind = match &item.at.value {
        Resource::Queue(queue) => ResourceKind::Queue(self::queue(name, queue, findings)),
        Resource::Bucket(bucket) => ResourceKind::Bucket(self::bucket(name, bucket, findings)),
        Resource::Parameter(parameter) => ResourceKind::Parameter(self::parameter(name, parameter, findings)),
        Resource::Secret(secret) => ResourceKind::Secret(self::secret(secret)),
        Resource::Postgres(postgres) => {
            ResourceKind::Postgres(database(scene, name, item.key, &Engine::from(postgres), findings))
        }
        Resource::Mongodb(mongodb) => {
            ResourceKind::Mongodb(database(scene, name, item.key, &Engine::from(mongodb), findings))
        }
        Resource::Redis(redis) => ResourceKind::Redis(self::redis(name, redis, findings)),
    };
    system::Resource { name: name.to_owned(), kind, env: bindings(name, &item.at.value) }
}

/// Which variable carries which facet.
pub(super) fn bindings(name: &str, resource: &Resource) -> BTreeMap<Facet, String> {
    let upper = name.to_ascii_uppercase().replace('-', "_");
    let natural: Vec<(Facet, String)> = match resource {
        Resource::Queue(_) => vec![(Facet::Url, "SQS_QUEUE_URL".to_owned())],
        Resource::Bucket(_) => vec![(Facet::Name, "S3_BUCKET".to_owned())],
        Resource::Parameter(_) => vec![(Facet::Name, format!("{upper}_PARAM"))],
        Resource::Secret(_) => vec![(Facet::Name, format!("{upper}_SECRET"))],
        Resource::Postgres(_) => vec![(Facet::Url, "DATABASE_URL".to_owned())],
        Resource::Redis(_) => vec![(Facet::Url, "REDIS_URL".to_owned())],
        Resource::Mongodb(_) => {
            vec![(Facet::Url, "MONGO_URL".to_owned()), (Facet::Name, "MONGO_DB".to_owned())]
        }
    };
    let primary = natural.first().map(|(facet, _)| *facet);
    let mut all: BTreeMap<Facet, String> = natural.into_iter().collect();
    match env(resource).map(|at| &at.value) {
        Some(Bindings::Primary(variable)) => all.extend(primary.map(|facet| (facet, variable.0.clone()))),
        Some(Bindings::Facets(facets)) => {
            all.extend(named(facets).map(|(facet, at, _)| (facet, at.0.clone())));
        }
        None => {}
    }
    all
}

/// Variables that carry user and password of a database that AWS runs, beside its address.
pub(super) fn credentials(resource: &Resource) -> Vec<&str> {
    let (natural, provider) = match resource {
        Resource::Postgres(postgres) => (POSTGRES_CREDENTIALS, &postgres.provider),
        Resource::Mongodb(mongodb) => (MONGODB_CREDENTIALS, &mongodb.provider),
        _ => return Vec::new(),
    };
    if matches!(provider.as_ref().map(|at| at.value), Some(Provider::External | Provider::InCluster)) {
        return Vec::new();
    }
    let written = match env(resource).map(|at| &at.value) {
        Some(Bindings::Facets(facets)) => [facets.user.as_ref(), facets.password.as_ref()],
        _ => [None, None],
    };
    let named = natural.into_iter().zip(written);
    named.map(|(natural, written)| written.map_or(natural, |at| at.0.as_str())).collect()
}

fn env(resource: &Resource) -> Option<&At<Bindings>> {
    match resource {
        Resource::Queue(queue) => queue.env.as_ref(),
        Resource::Bucket(bucket) => bucket.env.as_ref(),
        Resource::Parameter(parameter) => parameter.env.as_ref(),
        Resource::Secret(secret) => secret.env.as_ref(),
        Resource::Postgres(postgres) => postgres.env.as_ref(),
        Resource::Mongodb(mongodb) => mongodb.env.as_ref(),
        Resource::Redis(redis) => redis.env.as_ref(),
    }
}

/// The facets that were written, with their names.
fn named(
    facets: &written::Facets,
) -> impl Iterator<Item = (Facet, &At<crate::language::VariableName>, &'static str)> {
    let all = [
        (Facet::Url, &facets.url, "url"),
        (Facet::Name, &facets.name, "name"),
        (Facet::Arn, &facets.arn, "arn"),
        (Facet::Host, &facets.host, "host"),
        (Facet::Port, &facets.port, "port"),
        (Facet::User, &facets.user, "user"),
        (Facet::Password, &facets.password, "password"),
    ];
    all.into_iter().filter_map(|(facet, at, name)| Some((facet, at.as_ref()?, name)))
}

/// A facet that this sort of resource does not have.
fn facets(name: &str, resource: &Resource, findings: &mut Findings) {
    let Some(Bindings::Facets(written)) = env(resource).map(|at| &at.value) else { return };
    let has: &[&str] = match resource {
        Resource::Queue(_) => &["url", "name", "arn"],
        Resource::Bucket(_) | Resource::Parameter(_) | Resource::Secret(_) => &["name", "arn"],
        Resource::Postgres(_) | Resource::Mongodb(_) => &["url", "name", "host", "port", "user", "password"],
        Resource::Redis(_) => &["url", "host", "port", "password"],
    };
    for (_, at, facet) in named(written).filter(|(_, _, facet)| !has.contains(facet)) {
        findings
            .error(at.range, format!("resource `{name}` has no `{facet}` to put into a variable"))
            .hint(format!("it has {}", super::quoted(has.iter().copied())));
    }
}

fn queue(name: &str, written: &written::Queue, findings: &mut Findings) -> Queue {
    if let Some(dead) = &written.dead_letter
        && dead.retention.0 < written.retention.0
    {
        let range = if dead.retention.written { dead.retention.range } else { dead.range };
        findings
            .warning(range, format!("dead letters of `{name}` are kept for less time than its messages: a message's age counts from when it was first sent"))
            .hint("make `dead_letter.retention` longer than `retention`");
    }
    Queue {
        fifo: written.fifo.value,
        retention: written.retention.0,
        visibility: written.visibility.0,
        delay: written.delay.0,
        wait: written.wait.0,
        dead_letter: written
            .dead_letter
            .as_ref()
            .map(|dead| DeadLetter { tries: dead.tries.to(), retention: dead.retention.0 }),
    }
}

fn bucket(name: &str, written: &written::Bucket, findings: &mut Findings) -> Bucket {
    if let Some(expire) = written.expire.as_ref().filter(|expire| !whole_days(expire.0)) {
        findings
            .error(expire.range, format!("objects of bucket `{name}` expire after whole days"))
            .hint("write `1d`, `30d`, …; S3 counts days");
    }
    Bucket { expire: written.expire.as_ref().map(|expire| expire.0), versioned: written.versioned.value }
}

pub(super) fn whole_days(span: Span) -> bool {
    span.as_millis().is_multiple_of(DAY.as_millis())
}

fn parameter(name: &str, written: &written::Parameter, findings: &mut Findings) -> Parameter {
    if let Some(value) = written.value.as_ref().filter(|value| written.secure.value && !value.text.is_empty())
    {
        findings.conceal(value.range);
        findings
            .error(value.range, format!("`value` of the secure parameter `{name}` is written in plain"))
            .hint(format!(
                "remove it; `taxiway secrets set {name}` stores the value, and `local` is for this machine"
            ));
    }
    Parameter {
        secure: written.secure.value,
        value: written.value.as_ref().map(|value| value.text.clone()),
        local: written.local.as_ref().map(|local| local.value.clone()),
    }
}

fn secret(written: &written::Secret) -> Secret {
    let key = match written.key.0.as_str() {
        "managed" => Key::Managed,
        "own" => Key::Own,
        arn => Key::Existing(arn.to_owned()),
    };
    Secret { local: written.local.as_ref().map(|local| local.value.clone()), key }
}

/// What postgres and mongodb have in common.
struct Engine<'a> {
    noun: &'static str,
    providers: &'static [(&'static str, Provider)],
    provider: &'a Option<At<Provider>>,
    version: &'a str,
    size: Option<&'a str>,
    instances: &'a Option<At<Int<1, 15>>>,
    storage: Option<system::Mebibytes>,
    multi_az: bool,
    backup: &'a Option<At<Lasting<0, 3_024_000_000>>>,
    deletion_protection: Option<bool>,
}

/// Makes an [`Engine`] of a database's written form.
macro_rules! engine {
    ($name:ident, $noun:literal, $providers:expr) => {
        impl<'a> From<&'a written::$name> for Engine<'a> {
            fn from(written: &'a written::$name) -> Self {
                Self {
                    noun: $noun,
                    providers: $providers,
                    provider: &written.provider,
                    version: &written.version.0,
                    size: written.size.as_ref().map(|size| size.0.as_str()),
                    instances: &written.instances,
                    storage: written.storage.as_ref().map(|storage| storage.value),
                    multi_az: written.multi_az.value,
                    backup: &written.backup,
                    deletion_protection: written.deletion_protection.as_ref().map(|at| at.value),
                }
            }
        }
    };
}

engine!(
    Postgres,
    "postgres",
    &[
        ("rds", Provider::Rds),
        ("aurora", Provider::Aurora),
        ("in-cluster", Provider::InCluster),
        ("external", Provider::External),
    ]
);
engine!(
    Mongodb,
    "mongodb",
    &[
        ("documentdb", Provider::Documentdb),
        ("in-cluster", Provider::InCluster),
        ("external", Provider::External),
    ]
);

fn database(
    scene: &Scene<'_>,
    name: &str,
    key: TextRange,
    written: &Engine<'_>,
    findings: &mut Findings,
) -> Database {
    provider(name, written.noun, written.provider, written.providers, findings);
    let protect = scene.manifest.protect.value;
    let backup = written.backup.as_ref().map_or(if protect { 7 * DAY } else { DAY }, |backup| backup.0);
    let elsewhere = matches!(written.provider.as_ref().map(|at| at.value), Some(Provider::External));
    if protect && backup.is_zero() && !elsewhere {
        let range = written.backup.as_ref().map_or(key, |backup| backup.range);
        findings
            .error(range, format!("the environment is protected, but database `{name}` keeps no backups"))
            .hint("set `backup: 7d`, or remove `protect`");
    }
    if !whole_days(backup) {
        let range = written.backup.as_ref().map_or(key, |backup| backup.range);
        findings
            .error(range, format!("backups of `{name}` are kept for whole days"))
            .hint("write `1d`, `7d`, …");
    }
    if cluster_of(written).is_some() && backup.is_zero() {
        let range = written.backup.as_ref().map_or(key, |backup| backup.range);
        findings
            .error(
                range,
                format!("database `{name}` is a cluster, and AWS keeps at least a day of backups of one"),
            )
            .hint("set `backup: 1d`");
    }
    let natural = if written.multi_az && has_readers(written) { 2 } else { 1 };
    if cluster_of(written).is_some() && written.multi_az {
        standby(name, written.instances.as_ref().map(|at| (at.to(), at.range)), findings);
    }
    Database {
        provider: written.provider.as_ref().map(|provider| provider.value),
        version: written.version.to_owned(),
        size: written.size.map(str::to_owned),
        instances: written.instances.as_ref().map_or(natural, |instances| instances.to()),
        storage: written.storage,
        multi_az: written.multi_az,
        backup,
        deletion_protection: written.deletion_protection.unwrap_or(protect),
    }
}

/// The provider, where it keeps one volume for all instances, and a standby is one more of them.
fn cluster_of(written: &Engine<'_>) -> Option<Provider> {
    let provider = written.provider.as_ref().map(|at| at.value);
    provider.filter(|provider| matches!(provider, Provider::Aurora | Provider::Documentdb))
}

/// Whether a standby is an instance of its own, also where the target chooses the provider.
fn has_readers(written: &Engine<'_>) -> bool {
    cluster_of(written).is_some() || written.provider.is_none() && written.noun == "mongodb"
}

/// Two zones take two instances.
fn standby(name: &str, instances: Option<(u32, TextRange)>, findings: &mut Findings) {
    if let Some((1, range)) = instances {
        findings
            .error(range, format!("`{name}` has `multi_az` and one instance: nothing waits in another zone"))
            .hint("set `instances: 2`, or remove `multi_az`");
    }
}

fn redis(name: &str, written: &written::Redis, findings: &mut Findings) -> Redis {
    const PROVIDERS: &[(&str, Provider)] = &[
        ("elasticache", Provider::Elasticache),
        ("in-cluster", Provider::InCluster),
        ("external", Provider::External),
    ];
    provider(name, "redis", &written.provider, PROVIDERS, findings);
    if !whole_days(written.backup.0) {
        findings
            .error(written.backup.range, format!("snapshots of `{name}` are kept for whole days"))
            .hint("write `1d`, `7d`, …");
    }
    if written.multi_az.value {
        standby(name, written.instances.as_ref().map(|at| (at.to(), at.range)), findings);
    }
    let natural = if written.multi_az.value { 2 } else { 1 };
    Redis {
        provider: written.provider.as_ref().map(|provider| provider.value),
        version: written.version.0.clone(),
        size: written.size.as_ref().map(|size| size.0.clone()),
        instances: written.instances.as_ref().map_or(natural, |instances| instances.to()),
        multi_az: written.multi_az.value,
        backup: written.backup.0,
        backup_window: written.backup_window.as_ref().map(|window| window.0.clone()),
    }
}

/// A database beside the services needs a cluster to be in.
fn in_cluster(scene: &Scene<'_>, name: &str, resource: &Resource, findings: &mut Findings) {
    let provider = match resource {
        Resource::Postgres(postgres) => &postgres.provider,
        Resource::Mongodb(mongodb) => &mongodb.provider,
        Resource::Redis(redis) => &redis.provider,
        _ => return,
    };
    let beside = provider.as_ref().filter(|provider| provider.value == Provider::InCluster);
    let Some(beside) = beside.filter(|_| !scene.on_kubernetes()) else { return };
    findings
        .error(
            beside.range,
            format!("`{name}` is to run in a Kubernetes cluster, and the services run on ECS Fargate"),
        )
        .hint("remove `provider`, and AWS runs it; or add `kubernetes: {}`, or `aws: { orchestrator: eks }`");
}

/// What AWS runs is one of its versions: Amazon RDS User Guide, "Major versions for RDS for PostgreSQL"; Amazon DocumentDB
/// Developer Guide, "Engine versions"; Amazon ElastiCache User Guide, "Engine versions and upgrading", of Redis OSS.
fn version(name: &str, item: &Item<Resource>, findings: &mut Findings) {
    let run_by = |provider: &Option<At<Provider>>, fitting: &[Provider]| {
        provider.as_ref().is_some_and(|provider| fitting.contains(&provider.value))
    };
    let (written, fits, hint) = match &item.at.value {
        Resource::Postgres(of) if run_by(&of.provider, &[Provider::Rds, Provider::Aurora]) => {
            let is_major = of.version.0.parse::<u8>().is_ok_and(|major| (11..=99).contains(&major));
            (&of.version.0, is_major, "write a major version alone, such as `16`")
        }
        Resource::Mongodb(of) if run_by(&of.provider, &[Provider::Documentdb]) => {
            let is_known = ["4", "5", "8"].contains(&of.version.0.trim_end_matches(".0"));
            (&of.version.0, is_known, "there are `4.0`, `5.0` and `8.0`")
        }
        Resource::Redis(of) if run_by(&of.provider, &[Provider::Elasticache]) => {
            (&of.version.0, ["7", "7.0", "7.1"].contains(&of.version.0.as_str()), "there are `7.0` and `7.1`")
        }
        _ => return,
    };
    if !fits {
        findings.error(item.key, format!("AWS has no version `{written}` for `{name}`")).hint(hint);
    }
}

fn provider(
    name: &str,
    noun: &str,
    written: &Option<At<Provider>>,
    fitting: &[(&str, Provider)],
    findings: &mut Findings,
) {
    let Some(provider) = written else { return };
    if fitting.iter().any(|(_, fits)| *fits == provider.value) {
        return;
    }
    findings
        .error(provider.range, format!("this provider has no {noun} (resource `{name}`)"))
        .hint(format!("for {noun} there are {}", super::quoted(fitting.iter().map(|(word, _)| *word))));
}
