//! What services use: queues, buckets, parameters, secrets and databases.

use std::collections::BTreeMap;

use super::{Mebibytes, Span};

/// One resource of the system.
#[derive(Debug, Clone, PartialEq)]
pub struct Resource {
    /// Its name, as written.
    pub name: String,
    /// What it is.
    pub kind: ResourceKind,
    /// Which variable carries which facet of it to the services that use it.
    pub env: BTreeMap<Facet, String>,
}

/// What a resource is.
#[derive(Debug, Clone, PartialEq)]
pub enum ResourceKind {
    /// An SQS queue.
    Queue(Queue),
    /// An S3 bucket.
    Bucket(Bucket),
    /// An SSM parameter.
    Parameter(Parameter),
    /// A Secrets Manager secret.
    Secret(Secret),
    /// A PostgreSQL database.
    Postgres(Database),
    /// A MongoDB-compatible document database.
    Mongodb(Database),
    /// A Redis-compatible cache.
    Redis(Redis),
}

/// What of a resource a variable carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Facet {
    /// Where to reach it: queue URL, connection string.
    Url,
    /// What it is called: bucket name, parameter name, database name.
    Name,
    /// Its Amazon resource name.
    Arn,
    /// Host name (databases).
    Host,
    /// Port (databases).
    Port,
    /// User (databases).
    User,
    /// Password (databases); always by reference.
    Password,
}

/// Variables that carry user and password of a PostgreSQL database where AWS makes them, unless the resource names
/// others: those that its clients read (PostgreSQL documentation, "Environment Variables" of libpq).
pub const POSTGRES_CREDENTIALS: [&str; 2] = ["PGUSER", "PGPASSWORD"];
/// As [`POSTGRES_CREDENTIALS`], of a document database.
pub const MONGODB_CREDENTIALS: [&str; 2] = ["MONGO_USER", "MONGO_PASSWORD"];

/// An SQS queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queue {
    /// First in, first out, with message groups.
    pub fifo: bool,
    /// How long a message is kept: 60 s to 14 d.
    pub retention: Span,
    /// How long a received message stays hidden: 0 to 12 h.
    pub visibility: Span,
    /// How long a new message stays hidden: 0 to 15 min.
    pub delay: Span,
    /// How long a receive waits for a message: 0 to 20 s.
    pub wait: Span,
    /// Where a message goes that nobody manages to handle.
    pub dead_letter: Option<DeadLetter>,
}

/// A dead-letter queue beside a queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeadLetter {
    /// Receives before a message is moved: 1 to 1000.
    pub tries: u32,
    /// How long it is kept there.
    pub retention: Span,
}

/// An S3 bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bucket {
    /// Objects are removed after this long.
    pub expire: Option<Span>,
    /// Keeps earlier versions of objects.
    pub versioned: bool,
}

/// An SSM parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// Encrypted at rest (SecureString).
    pub secure: bool,
    /// The value it is created with where it is not secret.
    pub value: Option<String>,
    /// The value on this machine only; never compiled.
    pub local: Option<String>,
}

/// A Secrets Manager secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Secret {
    /// The value on this machine only; never compiled.
    pub local: Option<String>,
    /// Encryption key, where it is not the service's own.
    pub key: Key,
}

/// Which key encrypts something.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Key {
    /// The AWS service's own.
    #[default]
    Managed,
    /// One created with the system.
    Own,
    /// An existing one, by ARN.
    Existing(String),
}

/// PostgreSQL or MongoDB.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Database {
    /// Who runs it in the cloud; `None` takes what suits the target.
    pub provider: Option<Provider>,
    /// Engine version, as written: `15`, `5.0`.
    pub version: String,
    /// Instance class, where one is named.
    pub size: Option<String>,
    /// How many instances.
    pub instances: u32,
    /// Disk, where it is allocated ahead.
    pub storage: Option<Mebibytes>,
    /// Whether a standby waits in another zone.
    pub multi_az: bool,
    /// How long backups are kept; zero keeps none.
    pub backup: Span,
    /// Refuses deletion until switched off.
    pub deletion_protection: bool,
}

/// A Redis-compatible cache.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redis {
    /// Who runs it in the cloud; `None` takes what suits the target.
    pub provider: Option<Provider>,
    /// Engine version, as written.
    pub version: String,
    /// Node type, where one is named.
    pub size: Option<String>,
    /// How many nodes.
    pub instances: u32,
    /// Whether replicas stand in other zones with automatic failover.
    pub multi_az: bool,
    /// How long daily snapshots are kept; zero keeps none.
    pub backup: Span,
    /// When snapshots are taken, `03:00-06:00` UTC.
    pub backup_window: Option<String>,
}

/// Who runs a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Provider {
    /// Amazon RDS.
    Rds,
    /// Amazon Aurora.
    Aurora,
    /// Amazon DocumentDB.
    Documentdb,
    /// Amazon ElastiCache.
    Elasticache,
    /// A stateful set beside the services.
    InCluster,
    /// Somebody else; a URL is given.
    External,
}
