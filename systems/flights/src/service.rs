//! The service from its settings to its end.

use std::time::Duration;

use kit::http::Guard;
use kit::metrics::HttpMetrics;
use kit::program::RunError;
use kit::telemetry::Telemetry;
use kit::{Environment, InvalidSettings, docs, http, logs, metrics, server, shutdown, telemetry};
use prometheus_client::registry::Registry;

use crate::routes;
use crate::store::{self, Store};

/// How long to wait before the store is asked again for its index.
const PAUSE: Duration = Duration::from_secs(5);

/// What the service needs to know.
#[derive(Debug)]
pub(crate) struct Settings {
    store: store::Settings,
    server: server::Settings,
    telemetry: telemetry::Settings,
    log_level: logs::Level,
}

/// Why it does not run.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FlightsError {
    #[error(transparent)]
    Run(#[from] RunError),
    #[error(transparent)]
    Store(#[from] store::Unusable),
}

impl Settings {
    /// Reads the environment.
    ///
    /// # Errors
    /// When a variable is missing or wrong.
    pub(crate) fn read(mut environment: Environment) -> Result<Self, InvalidSettings> {
        let settings = Self {
            store: store::Settings::read(&mut environment),
            server: server::Settings::read(&mut environment),
            telemetry: telemetry::Settings::read(&mut environment),
            log_level: logs::Level::read(&mut environment),
        };
        environment.finish().map(|()| settings)
    }
}

/// Serves until SIGTERM. The store need not be there yet, nor all the time.
///
/// # Errors
/// When the address can't be listened on, or that of the store is none.
pub(crate) async fn run(settings: Settings) -> Result<(), FlightsError> {
    logs::start(settings.log_level);
    let stop = shutdown::requested().map_err(RunError::Signals)?;
    let telemetry = Telemetry::start(&settings.telemetry, "flights");
    let store = Store::open(settings.store).await?;
    let mut registry = Registry::default();
    metrics::register_build(&mut registry, "flights", env!("CARGO_PKG_VERSION"));
    let guard = Guard {
        metrics: HttpMetrics::register(&mut registry),
        request_limit: settings.server.request_limit,
        quiet_routes: &["/", metrics::PATH],
        telemetry: telemetry.clone(),
        cors: None,
    };
    let preparing = tokio::spawn(prepare(store.clone()));
    let routes = routes::routes(store).merge(metrics::route(registry)).merge(docs::routes(routes::openapi()));
    let served = server::serve(&settings.server, http::finish(routes, guard), stop).await;
    preparing.abort();
    telemetry.finish().await;
    Ok(served.map_err(RunError::Serve)?)
}

/// Makes the index as soon as the store is there.
async fn prepare(store: Store) {
    while let Err(error) = store.prepare().await {
        tracing::warn!(%error, "the index of pages can't be made yet");
        tokio::time::sleep(PAUSE).await;
    }
}
