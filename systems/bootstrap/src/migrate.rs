//! `bootstrap migrate`: the schema as this program wants it, where there is a database.

use std::time::Duration;

use kit::logs;
use tokio::time::timeout;

use crate::schema;
use crate::settings::Settings;
use crate::store::{Store, StoreError};

/// How long it may take: less than the hour that CodeDeploy waits.
const LIMIT: Duration = Duration::from_secs(50 * 60);

/// What is said where there is no database.
pub(crate) const NO_DATABASE: &str =
    "there is no database to migrate: neither DATABASE_URL nor DB_PATH is set";

/// Why the schema is not as this program wants it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum MigrateError {
    /// The database is of no use.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Somebody else holds the lock, or there is much to do.
    #[error("the migration was not done within {} min and was given up; is another one running?", LIMIT.as_secs() / 60)]
    Late,
}

/// Brings the schema up to date.
///
/// # Errors
/// When the database is away, or its schema is no longer for this program.
pub(crate) async fn run(settings: Settings) -> Result<(), MigrateError> {
    logs::start(settings.log_level);
    let Some(store) = settings.store else {
        tracing::info!("{NO_DATABASE}");
        return Ok(());
    };
    let found = timeout(LIMIT, store.migrate()).await.map_err(|_| MigrateError::Late)??;
    let (database, from, schema) = (Store::kind(&store), found.version, schema::known());
    if found.is_newer() {
        tracing::warn!(
            database,
            found = from,
            schema,
            "the schema is newer, and this program runs on it as it is"
        );
    } else if from == schema {
        tracing::info!(database, schema, "the schema is up to date");
    } else {
        tracing::info!(database, from, schema, "the schema was migrated");
    }
    Ok(())
}
