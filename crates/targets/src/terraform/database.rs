//! Databases and caches. Their users' passwords are made and rotated by AWS, so Terraform never learns one.

use model::system::{Database, Mebibytes, Provider, Redis, ResourceKind};

use super::Place;
use super::hcl::{Body, Expression};
use super::log::{self, whole_days};
use super::names::identifier;

const FILE: &str = "databases.tf";

/// Disk of a database where none is named, and how far it may grow by itself.
pub(crate) const STORAGE_GIB: u64 = 20;
const GROWTH: u64 = 5;

/// Which module makes a database, and on which port it listens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Engine {
    Postgres,
    Aurora,
    Documentdb,
    Redis,
    /// Somebody else's, of which only the URL is known, as a secret.
    External,
    /// A stateful set beside the services, which is the Kubernetes target's.
    InCluster,
}

impl Engine {
    /// Of a resource that is a database.
    pub(crate) fn of(kind: &ResourceKind) -> Option<Self> {
        match kind {
            ResourceKind::Postgres(database) => Some(Self::postgres(database)),
            ResourceKind::Mongodb(database) => Some(Self::mongodb(database)),
            ResourceKind::Redis(redis) => Some(Self::redis(redis)),
            _ => None,
        }
    }

    pub(crate) fn postgres(database: &Database) -> Self {
        match database.provider {
            Some(Provider::Aurora) => Self::Aurora,
            Some(Provider::External) => Self::External,
            Some(Provider::InCluster) => Self::InCluster,
            _ => Self::Postgres,
        }
    }

    pub(crate) fn mongodb(database: &Database) -> Self {
        match database.provider {
            Some(Provider::External) => Self::External,
            Some(Provider::InCluster) => Self::InCluster,
            _ => Self::Documentdb,
        }
    }

    pub(crate) fn redis(redis: &Redis) -> Self {
        match redis.provider {
            Some(Provider::External) => Self::External,
            Some(Provider::InCluster) => Self::InCluster,
            _ => Self::Redis,
        }
    }

    fn module(self) -> &'static str {
        match self {
            Self::Postgres => "postgres",
            Self::Aurora => "aurora",
            Self::Documentdb => "documentdb",
            Self::Redis => "redis",
            Self::External | Self::InCluster => "secret",
        }
    }

    /// The port it listens on.
    pub(super) fn port(self) -> Option<u16> {
        match self {
            Self::Postgres | Self::Aurora => Some(5432),
            Self::Documentdb => Some(27017),
            Self::Redis => Some(6379),
            Self::External | Self::InCluster => None,
        }
    }

    /// The instance class where none is named: the smallest that AWS has for it today.
    pub(crate) fn class(self) -> &'static str {
        match self {
            Self::Postgres => "db.t4g.micro",
            Self::Aurora | Self::Documentdb => "db.t4g.medium",
            Self::Redis => "cache.t4g.micro",
            Self::External | Self::InCluster => "",
        }
    }

    /// A version as AWS writes it: DocumentDB's have three parts, and the newest Redis OSS of 7 is 7.1.
    fn version(self, written: &str) -> String {
        if self == Self::Redis && written == "7" {
            return "7.1".to_owned();
        }
        let missing =
            if self == Self::Documentdb { 2_usize.saturating_sub(written.matches('.').count()) } else { 0 };
        format!("{written}{}", ".0".repeat(missing))
    }

    /// CloudWatch's namespace, dimension and value for what is called `identifier`.
    pub(super) fn dimension(self, identifier: &str) -> Option<(&'static str, &'static str, Expression)> {
        let whole = || Expression::reference(identifier);
        Some(match self {
            Self::Postgres => ("AWS/RDS", "DBInstanceIdentifier", whole()),
            Self::Aurora => ("AWS/RDS", "DBClusterIdentifier", whole()),
            Self::Documentdb => ("AWS/DocDB", "DBClusterIdentifier", whole()),
            // Of a replication group's nodes, the first.
            Self::Redis => {
                ("AWS/ElastiCache", "CacheClusterId", Expression::template(&format!("{{{identifier}}}-001")))
            }
            Self::External | Self::InCluster => return None,
        })
    }

    /// The output that says what CloudWatch calls it.
    fn identifier(self) -> &'static str {
        match self {
            Self::Postgres => "identifier",
            Self::Aurora | Self::Documentdb => "cluster_identifier",
            Self::Redis | Self::External | Self::InCluster => "id",
        }
    }

    fn host(self, name: &str, region: &str) -> String {
        match self {
            Self::Postgres => format!("{name}.abcdefghijkl.{region}.rds.amazonaws.com"),
            Self::Aurora => format!("{name}.cluster-abcdefghijkl.{region}.rds.amazonaws.com"),
            Self::Documentdb => format!("{name}.cluster-abcdefghijkl.{region}.docdb.amazonaws.com"),
            Self::Redis => format!("master.{name}.abcdef.use1.cache.amazonaws.com"),
            Self::External | Self::InCluster => String::new(),
        }
    }
}

pub(super) fn database(place: &mut Place<'_>, name: &str, engine: Engine, database: &Database) {
    match engine {
        Engine::External => return external(place, name),
        Engine::InCluster => return,
        _ => {}
    }
    let mut settings = common(place, name);
    if engine != Engine::Documentdb {
        settings.set("database", database_name(name));
    }
    settings
        .set("engine_version", engine.version(&database.version))
        .set("instance_class", database.size.as_deref().unwrap_or(engine.class()));
    if engine == Engine::Postgres {
        let storage = database.storage.map_or(STORAGE_GIB, gibibytes);
        settings
            .set("storage_gib", number(storage))
            .set("max_storage_gib", number(storage * GROWTH))
            .set("multi_az", database.multi_az);
    } else {
        settings.set("instances", database.instances);
    }
    settings
        .set("backup_days", whole_days(database.backup.as_secs()))
        .set("deletion_protection", database.deletion_protection);
    settings.set("log_retention_days", log::days(place.system));
    network(&mut settings);
    call(place, name, engine, settings);
    let region = place.system.aws.region.clone();
    let secret = format!("arn:aws:secretsmanager:{region}:123456789012:secret:rds!{name}-AbCdEf");
    tell(place, name, "secret_arn", secret);
    if engine != Engine::Documentdb {
        tell(place, name, "database", database_name(name));
    }
}

pub(super) fn redis(place: &mut Place<'_>, name: &str, engine: Engine, redis: &Redis) {
    match engine {
        Engine::External => return external(place, name),
        Engine::InCluster => return,
        _ => {}
    }
    let mut settings = common(place, name);
    settings
        .set("engine_version", engine.version(&redis.version))
        .set("node_type", redis.size.as_deref().unwrap_or(engine.class()))
        .set("instances", redis.instances)
        .set("multi_az", redis.multi_az)
        .set("snapshot_days", whole_days(redis.backup.as_secs()));
    settings.set_some("snapshot_window", redis.backup_window.as_deref());
    network(&mut settings);
    call(place, name, engine, settings);
}

/// What RDS and PostgreSQL keep for themselves (Amazon RDS API Reference, CreateDBInstance, `DBName`: no word that the
/// engine reserves).
const RESERVED: [&str; 8] =
    ["admin", "database", "db", "postgres", "rdsadmin", "template0", "template1", "user"];

/// The name of the database inside of the server: letters, digits and underscores.
pub(super) fn database_name(name: &str) -> String {
    let name = identifier(name);
    if RESERVED.contains(&name.as_str()) { format!("app_{name}") } else { name }
}

fn common(place: &Place<'_>, name: &str) -> Body {
    let mut settings = Body::new();
    settings.set("name", place.names.of(name));
    settings
}

fn network(settings: &mut Body) {
    settings
        .set("vpc_id", Expression::reference("module.network.vpc_id"))
        .set("subnet_ids", Expression::reference("module.network.private_subnet_ids"));
}

fn call(place: &mut Place<'_>, name: &str, engine: Engine, settings: Body) {
    place.data.module(FILE, &module(name), engine.module(), settings);
    let physical = place.names.of(name);
    let host = engine.host(&physical, &place.system.aws.region);
    place.exports.text(
        &["databases", name, "identifier"],
        format!("module.{}.{}", module(name), engine.identifier()),
        physical,
    );
    tell(place, name, "host", host);
    tell(place, name, "security_group_id", "sg-0123456789abcdef0".to_owned());
}

fn tell(place: &mut Place<'_>, name: &str, what: &str, example: String) {
    place.exports.text(&["databases", name, what], format!("module.{}.{what}", module(name)), example);
}

/// A secret that holds the URL, whose value somebody puts in.
fn external(place: &mut Place<'_>, name: &str) {
    let physical = format!("{}/url", place.names.path(name));
    let mut settings = Body::new();
    settings.set("name", physical.as_str());
    settings.set("description", format!("The URL of {name}, which is run elsewhere"));
    place.data.module(FILE, &module(name), "secret", settings);
    let example =
        format!("arn:aws:secretsmanager:{}:123456789012:secret:{physical}-AbCdEf", place.system.aws.region);
    place.exports.text(
        &["databases", name, "url_secret_arn"],
        format!("module.{}.arn", module(name)),
        example,
    );
}

fn module(name: &str) -> String {
    format!("database_{}", identifier(name))
}

pub(crate) fn gibibytes(size: Mebibytes) -> u64 {
    size.0.div_ceil(1024)
}

fn number(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
