//! `ingest api`: the HTTP side. A request is read, its token checked, its message queued, then it is answered.

mod payload;
mod publish;
mod python;
mod routes;
mod sqs;
mod ssm;
mod token;

use std::time::Duration;

use kit::http::Guard;
use kit::metrics::HttpMetrics;
use kit::program::RunError;
use kit::telemetry::Telemetry;
use kit::{Environment, InvalidSettings, docs, http, logs, metrics, server, shutdown, telemetry};
use prometheus_client::registry::Registry;

use crate::aws;

/// Time for one attempt of a call to AWS; none of the API's calls waits on purpose.
const ANSWER_LIMIT: Duration = Duration::from_secs(5);

/// What the API needs to know.
#[derive(Debug)]
pub(crate) struct Settings {
    aws: aws::Settings,
    queue_url: String,
    token_parameter: String,
    server: server::Settings,
    telemetry: telemetry::Settings,
    log_level: logs::Level,
}

impl Settings {
    /// Reads the environment.
    ///
    /// # Errors
    /// When a variable is missing or wrong.
    pub(crate) fn read(mut environment: Environment) -> Result<Self, InvalidSettings> {
        let settings = Self {
            aws: aws::Settings::read(&mut environment),
            token_parameter: environment.required("SSM_TOKEN_PARAM"),
            queue_url: environment.required("SQS_QUEUE_URL"),
            server: server::Settings::read(&mut environment),
            telemetry: telemetry::Settings::read(&mut environment),
            log_level: logs::Level::read(&mut environment),
        };
        environment.finish().map(|()| settings)
    }
}

/// Serves until SIGTERM.
///
/// # Errors
/// When the address can't be listened on.
pub(crate) async fn run(settings: Settings) -> Result<(), RunError> {
    logs::start(settings.log_level);
    let stop = shutdown::requested().map_err(RunError::Signals)?;
    let config = aws::configure(&settings.aws, ANSWER_LIMIT).await;
    let telemetry = Telemetry::start(&settings.telemetry, "ingest");
    let mut registry = Registry::default();
    metrics::register_build(&mut registry, "ingest", env!("CARGO_PKG_VERSION"));
    let guard = Guard {
        metrics: HttpMetrics::register(&mut registry),
        request_limit: settings.server.request_limit,
        quiet_routes: &["/healthz", metrics::PATH],
        telemetry: telemetry.clone(),
        cors: None,
    };
    let state = routes::Api {
        token: token::Keeper::new(ssm::Parameter::new(&config, settings.token_parameter)),
        publisher: publish::Publisher::start(sqs::Queue::new(&config, settings.queue_url), &mut registry),
    };
    let routes = routes::routes(state).merge(metrics::route(registry)).merge(docs::routes(routes::openapi()));
    server::serve(&settings.server, http::finish(routes, guard), stop).await?;
    telemetry.finish().await;
    Ok(())
}
