//! What the environment says, judged all at once.

use std::path::PathBuf;

use kit::postgres::Address;
use kit::{Environment, InvalidSettings, logs, server, telemetry};

use crate::api::keys;
use crate::store::{Postgres, Sqlite, Store, StoreError};

/// Everything the program needs to know.
#[derive(Debug)]
pub(crate) struct Settings {
    /// Where documents are kept.
    pub(crate) database: Database,
    /// Who may see which tenants.
    pub(crate) keys: keys::Source,
    /// What a document may be.
    pub(crate) limits: Limits,
    /// What a tenant may do.
    pub(crate) quotas: Quotas,
    /// Whether the schema is brought up to date at start.
    pub(crate) migrate_at_start: bool,
    /// Memory for what was read of the index, in bytes.
    pub(crate) search_memory: usize,
    /// Where to listen.
    pub(crate) server: server::Settings,
    /// Where traces go.
    pub(crate) telemetry: telemetry::Settings,
    /// How much is logged.
    pub(crate) log_level: logs::Level,
}

/// Where documents are kept.
#[derive(Debug)]
pub(crate) enum Database {
    /// In a file.
    File(PathBuf),
    /// On a Postgres server.
    Server {
        /// The server.
        address: Address,
        /// Connections to it at once.
        connections: usize,
    },
}

/// What a document may be.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// Characters of a title.
    pub(crate) title: usize,
    /// Characters of a content.
    pub(crate) content: usize,
    /// Number of tags.
    pub(crate) tags: usize,
}

/// What a tenant may do. The greatest number means: as it likes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Quotas {
    /// Documents it may have.
    pub(crate) documents: u32,
    /// Requests with a good key it may make in a minute.
    pub(crate) requests_per_minute: u32,
}

impl Settings {
    /// Reads the environment.
    ///
    /// # Errors
    /// When a variable is missing or wrong.
    pub(crate) fn read(mut environment: Environment) -> Result<Self, InvalidSettings> {
        let env = &mut environment;
        let mut problems = Vec::new();
        let database = database(env);
        let keys = keys::Source::read(env, &mut problems);
        let limits = Limits {
            title: env.number("MAX_TITLE_LEN", 200, 1..=1_000_000),
            content: env.number("MAX_CONTENT_LEN", 200_000, 1..=1_000_000),
            tags: env.number("MAX_TAGS", 20, 0..=100_000),
        };
        let quotas = Quotas {
            documents: env.number("MAX_DOCUMENTS_PER_TENANT", u32::MAX, 0..=u32::MAX),
            requests_per_minute: env.number("MAX_REQUESTS_PER_MINUTE", u32::MAX, 1..=u32::MAX),
        };
        let search_memory: usize = env.number("SEARCH_CACHE_MB", 32, 0..=65_536);
        let settings = database.zip(keys).map(|(database, keys)| Self {
            database,
            keys,
            limits,
            quotas,
            migrate_at_start: !is_set(env, "APP_DISABLE_AUTOCREATE"),
            search_memory: search_memory * 1024 * 1024,
            server: server::Settings::read(env),
            telemetry: telemetry::Settings::read(env),
            log_level: logs::Level::read(env),
        });
        if let Err(InvalidSettings(more)) = environment.finish() {
            problems.extend(more);
        }
        settings.filter(|_| problems.is_empty()).ok_or(InvalidSettings(problems))
    }
}

impl Database {
    /// The store there. Nothing is opened or connected yet.
    ///
    /// # Errors
    /// When its folder can't be made, or the certificates to check the server with can't be read.
    pub(crate) fn open(&self) -> Result<Store, StoreError> {
        match self {
            Self::File(path) => Sqlite::open(path).map(Store::Sqlite),
            Self::Server { address, connections } => {
                Postgres::open(address, *connections).map(Store::Postgres)
            }
        }
    }
}

fn database(env: &mut Environment) -> Option<Database> {
    if env.optional("DATABASE_URL").is_none() {
        return Some(Database::File(env.text("DB_PATH", "./data/app.db").into()));
    }
    let connections = env.number("DATABASE_CONNECTIONS", 10, 2..=1000);
    Address::of_environment(env).map(|address| Database::Server { address, connections })
}

fn is_set(env: &Environment, name: &str) -> bool {
    matches!(env.text(name, "").to_ascii_lowercase().as_str(), "1" | "true" | "yes" | "on")
}
