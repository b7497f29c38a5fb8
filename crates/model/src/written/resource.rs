//! What services use: queues, buckets, parameters, secrets and databases.

use super::form;
use super::text::{InstanceSize, PlainText, TimeWindow, Version};
use crate::language::{At, Int, Kind, Lasting, Read, Reader, VariableName, shape, union, words};
use crate::system::{Mebibytes, Provider};
use crate::yaml::{Node, Value};

union! {
    /// What it is.
    Resource, "resource", tag r#type => "queue";
    "queue" => Queue(Queue);
    "bucket" => Bucket(Bucket);
    "parameter" => Parameter(Parameter);
    "secret" => Secret(Secret);
    "postgres" => Postgres(Postgres);
    "mongodb" => Mongodb(Mongodb);
    "redis" => Redis(Redis);
}

shape! {
    /// An SQS queue.
    Queue, "queue";
    /// First in, first out, with message groups.
    fifo: At<bool> = "false" => "true";
    /// How long a message is kept.
    retention: At<Lasting<60_000, 1_209_600_000>> = "4d" => "14d";
    /// How long a received message stays hidden from other receivers: longer than the work on it.
    visibility: At<Lasting<0, 43_200_000>> = "30s" => "60s";
    /// How long a new message stays hidden.
    delay: At<Lasting<0, 900_000>> = "0s" => "5s";
    /// How long a receive waits for a message.
    wait: At<Lasting<0, 20_000>> = "20s" => "10s";
    /// Where a message goes that nobody manages to handle.
    dead_letter: Option<At<DeadLetter>> => "{ tries: 5 }";
    /// The variable that carries its URL; or one for each facet: `url`, `name`, `arn`.
    env: Option<At<Bindings>> => "ORDERS_QUEUE_URL", else "`SQS_QUEUE_URL`";
}

shape! {
    /// A dead-letter queue beside a queue.
    DeadLetter, "dead-letter queue";
    /// Receives before a message is moved.
    tries: At<Int<1, 1000>> = "5" => "3";
    /// How long it is kept there.
    retention: At<Lasting<60_000, 1_209_600_000>> = "14d" => "7d";
}

shape! {
    /// An S3 bucket.
    Bucket, "bucket";
    /// Objects are removed after this long: whole days.
    expire: Option<At<Lasting<86_400_000, 315_360_000_000>>> => "30d", else "never";
    /// Keeps earlier versions of objects.
    versioned: At<bool> = "true" => "false";
    /// The variable that carries its name; or one for each facet: `name`, `arn`.
    env: Option<At<Bindings>> => "UPLOADS_BUCKET", else "`S3_BUCKET`";
}

shape! {
    /// An SSM parameter.
    Parameter, "parameter";
    /// Encrypted at rest (SecureString).
    secure: At<bool> = "false" => "true";
    /// The value it is created with. Not for secrets.
    value: Option<At<PlainText>> => "blue";
    /// The value on this machine only; never compiled.
    local: Option<At<String>> => "local-dev-token", else "a random value for a secure one";
    /// The variable that carries its name; or one for each facet: `name`, `arn`.
    env: Option<At<Bindings>> => "SSM_TOKEN_PARAM", else "`<RESOURCE>_PARAM`";
}

shape! {
    /// A Secrets Manager secret.
    Secret, "secret";
    /// The value on this machine only; never compiled.
    local: Option<At<String>> => "local-only", else "a random value";
    /// What encrypts it: `managed`, `own` (a key made with the system) or an existing key's ARN.
    key: At<KeyChoice> = "managed" => "own";
    /// The variable that carries its name; or one for each facet: `name`, `arn`.
    env: Option<At<Bindings>> => "API_KEYS_SECRET", else "`<RESOURCE>_SECRET`";
}

form! {
    /// What encrypts a secret.
    KeyChoice, "key", "`managed`, `own` or the ARN of a key", Some("^(managed|own|arn:aws[a-z-]*:kms:.*)$"), number false,
    |text| super::when(matches!(text, "managed" | "own") || text.starts_with("arn:aws") && text.contains(":kms:"))
}

/// Defines a database: the same fields, with other defaults.
macro_rules! database {
    ($(#[doc = $about:literal])+ $name:ident, $noun:literal, $version:literal, $env:literal, $env_default:literal) => {
        shape! {
            $(#[doc = $about])+
            $name, $noun;
            /// Who runs it in the cloud.
            provider: Option<At<Provider>> => "in-cluster", else "what suits the target";
            /// Engine version.
            version: At<Version> = $version => $version;
            /// Instance class.
            size: Option<At<InstanceSize>> => "db.t4g.medium", else "the smallest that suits the target";
            /// How many instances.
            instances: Option<At<Int<1, 15>>> => "2", else "2 with `multi_az` on a cluster, else 1";
            /// Disk that is allocated ahead.
            storage: Option<At<Mebibytes>> => "20Gi", else "what suits the target";
            /// A standby waits in another zone.
            multi_az: At<bool> = "false" => "true";
            /// How long backups are kept; `0s` keeps none.
            backup: Option<At<Lasting<0, 3_024_000_000>>> => "7d", else "`7d` where the environment is protected, else `1d`";
            /// Refuses deletion until switched off.
            deletion_protection: Option<At<bool>> => "true", else "what `protect` says";
            /// The variable that carries its connection string; or one for each facet: `url`, `name`, `host`,
            /// `port`, `user`, `password`.
            env: Option<At<Bindings>> => $env, else $env_default;
        }
    };
}

database! {
    /// A PostgreSQL database.
    Postgres, "postgres", "16", "PRIMARY_DATABASE_URL", "`DATABASE_URL`"
}

database! {
    /// A MongoDB-compatible document database.
    Mongodb, "mongodb", "5.0", "{ url: MONGO_URI, name: MONGO_DB_NAME }", "`MONGO_URL`, and `MONGO_DB` for the name"
}

shape! {
    /// A Redis-compatible cache.
    Redis, "redis";
    /// Who runs it in the cloud.
    provider: Option<At<Provider>> => "in-cluster", else "what suits the target";
    /// Engine version.
    version: At<Version> = "7.1" => "7.1";
    /// Node type.
    size: Option<At<InstanceSize>> => "cache.t4g.small", else "the smallest that suits the target";
    /// How many nodes.
    instances: Option<At<Int<1, 6>>> => "2", else "2 with `multi_az`, else 1";
    /// Replicas in other zones with automatic failover.
    multi_az: At<bool> = "false" => "true";
    /// How long daily snapshots are kept; `0s` keeps none.
    backup: At<Lasting<0, 3_024_000_000>> = "0s" => "7d";
    /// When snapshots are taken, in UTC.
    backup_window: Option<At<TimeWindow>> => "03:00-06:00", else "what the provider picks";
    /// The variable that carries its connection string; or one for each facet: `url`, `host`, `port`,
    /// `password`.
    env: Option<At<Bindings>> => "CACHE_URL", else "`REDIS_URL`";
}

words! { Provider, "provider";
    "rds" => Self::Rds, "Amazon RDS (postgres).";
    "aurora" => Self::Aurora, "Amazon Aurora (postgres).";
    "documentdb" => Self::Documentdb, "Amazon DocumentDB (mongodb).";
    "elasticache" => Self::Elasticache, "Amazon ElastiCache (redis).";
    "in-cluster" => Self::InCluster, "A stateful set beside the services.";
    "external" => Self::External, "Somebody else: you give the URL.";
}

/// Which variables carry what of a resource.
#[derive(Debug, Clone)]
pub(crate) enum Bindings {
    /// The facet that matters most.
    Primary(VariableName),
    /// Each facet by itself.
    Facets(Box<Facets>),
}

shape! {
    /// A variable for each facet of a resource.
    Facets, "facets";
    /// Where to reach it: queue URL, connection string.
    url: Option<At<VariableName>> => "MONGO_URI";
    /// What it is called: bucket, parameter or database name.
    name: Option<At<VariableName>> => "MONGO_DB_NAME";
    /// Its Amazon resource name.
    arn: Option<At<VariableName>> => "QUEUE_ARN";
    /// Host name of a database.
    host: Option<At<VariableName>> => "POSTGRES_HOST";
    /// Port of a database.
    port: Option<At<VariableName>> => "POSTGRES_PORT";
    /// User of a database.
    user: Option<At<VariableName>> => "POSTGRES_USER";
    /// Password of a database, by reference.
    password: Option<At<VariableName>> => "POSTGRES_PASSWORD";
}

impl Read for Bindings {
    const KIND: &'static Kind = &Kind::Either(&[VariableName::KIND, Facets::KIND]);

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        match node.value {
            Value::Map(_) => Facets::read(node, reader).map(Box::new).map(Self::Facets),
            _ => VariableName::read(node, reader).map(Self::Primary),
        }
    }
}
