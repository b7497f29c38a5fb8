//! The HTTP side: keys and quotas are checked, a document is kept or a search is made, everything is counted.

mod answers;
mod asked;
mod description;
pub(crate) mod keys;
mod metrics;
pub(crate) mod payload;
mod quota;
mod routes;
mod statistics;

use std::sync::Arc;

use kit::http::Guard;
use kit::metrics::{HttpMetrics, register_build};
use kit::program::RunError;
use kit::telemetry::Telemetry;
use kit::{docs, http, logs, server, shutdown};
use prometheus_client::registry::Registry;

use crate::search::Searcher;
use crate::settings::Settings;
use crate::store::Writer;
use crate::{HEALTH, ServiceError, migrate};

/// Serves until SIGTERM.
///
/// # Errors
/// When the address can't be listened on, or the database is not for this program.
pub(crate) async fn run(settings: Settings) -> Result<(), ServiceError> {
    logs::start(settings.log_level);
    let stop = shutdown::requested().map_err(RunError::Signals)?;
    let telemetry = Telemetry::start(&settings.telemetry, "knowledge");
    let store = settings.database.open()?;
    if settings.migrate_at_start {
        tokio::select! {
            migrated = migrate::patiently(&store) => migrated?,
            () = stop.cancelled() => return Ok(()),
        }
    }
    let keys = keys::Keeper::start(settings.keys).map_err(RunError::Signals)?;
    let mut registry = Registry::default();
    register_build(&mut registry, "knowledge", env!("CARGO_PKG_VERSION"));
    let guard = Guard {
        metrics: HttpMetrics::register(&mut registry),
        request_limit: settings.server.request_limit,
        quiet_routes: &[HEALTH, metrics::PATH],
        telemetry: telemetry.clone(),
        cors: None,
    };
    let statistics = Arc::new(statistics::Statistics::start(keys.clone()));
    let api = routes::Api {
        writer: Writer::start(store.clone(), settings.quotas.documents),
        searcher: Searcher::new(store.clone(), settings.search_memory),
        requests: quota::Requests::new(settings.quotas.requests_per_minute),
        limits: settings.limits,
        keys,
    };
    let routes = routes::routes(api)
        .merge(metrics::routes(store, Arc::clone(&statistics), registry))
        .merge(docs::routes(description::openapi(settings.limits)));
    let app = statistics::counted(http::finish(routes, guard), statistics);
    server::serve(&settings.server, app, stop).await.map_err(RunError::Serve)?;
    telemetry.finish().await;
    Ok(())
}
