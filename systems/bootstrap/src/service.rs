//! The service from its settings to its end.

use axum::Router;
use kit::http::Guard;
use kit::metrics::HttpMetrics;
use kit::program::RunError;
use kit::telemetry::Telemetry;
use kit::{docs, http, logs, metrics, server, shutdown};
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

use crate::routes::{self, About, HEALTH};
use crate::schema;
use crate::settings::Settings;
use crate::store::Store;

/// Serves until SIGTERM.
///
/// # Errors
/// When the address can't be listened on.
pub(crate) async fn run(settings: Settings) -> Result<(), RunError> {
    logs::start(settings.log_level);
    let stop = shutdown::requested().map_err(RunError::Signals)?;
    let telemetry = Telemetry::start(&settings.telemetry, "bootstrap");
    let environment = settings.environment.as_str();
    let database = settings.store.as_ref().map_or("none", Store::kind);
    tracing::info!(environment, database, schema = schema::known(), "starting");
    let served = server::serve(&settings.server, app(&settings, telemetry.clone()), stop).await;
    telemetry.finish().await;
    Ok(served?)
}

/// Everything it answers.
pub(crate) fn app(settings: &Settings, telemetry: Telemetry) -> Router {
    let mut registry = Registry::default();
    metrics::register_build(&mut registry, "bootstrap", env!("CARGO_PKG_VERSION"));
    let version = Gauge::<i64>::default();
    version.set(schema::known());
    registry.register("schema_version", "The database schema this program is written for", version);
    let guard = Guard {
        metrics: HttpMetrics::register(&mut registry),
        request_limit: settings.server.request_limit,
        quiet_routes: &[HEALTH, metrics::PATH],
        telemetry,
        cors: None,
    };
    let routes = routes::routes(About::here(&settings.environment))
        .merge(metrics::route(registry))
        .merge(docs::routes(routes::openapi()));
    http::finish(routes, guard)
}
