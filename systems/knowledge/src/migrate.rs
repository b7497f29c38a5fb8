//! `knowledge migrate`: the schema as this program wants it.

use std::time::Duration;

use kit::logs;
use tokio::time::{Instant, sleep};

use crate::ServiceError;
use crate::settings::Settings;
use crate::store::{Store, StoreError};

/// How long a service that starts waits for a database that starts, too.
const PATIENCE: Duration = Duration::from_secs(30);

/// Wait between two attempts.
const PAUSE: Duration = Duration::from_millis(250);

/// Brings the schema up to date.
///
/// # Errors
/// When the database is away, or has been migrated by a newer program.
pub(crate) async fn run(settings: Settings) -> Result<(), ServiceError> {
    logs::start(settings.log_level);
    Ok(settings.database.open()?.migrate().await?)
}

/// The same for a service that may have been started before its database.
///
/// # Errors
/// When the database is still away after half a minute, or has been migrated by a newer program.
pub(crate) async fn patiently(store: &Store) -> Result<(), StoreError> {
    let until = Instant::now() + PATIENCE;
    loop {
        match store.migrate().await {
            Err(StoreError::Unavailable(why)) if Instant::now() < until => {
                tracing::warn!(why, "the database is away and waited for");
                sleep(PAUSE).await;
            }
            done => return done,
        }
    }
}
