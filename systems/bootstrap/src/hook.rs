//! `bootstrap hook EVENT`: what has to hold at each of CodeDeploy's lifecycle events for a deployment to go on.
//!
//! Every check logs one line. The first that fails ends the hook with 1 and a sentence; CodeDeploy then goes back.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use axum::http::Uri;
use clap::Subcommand;
use kit::server::Server;
use kit::telemetry::Telemetry;
use kit::{logs, server};
use tokio::time::{Instant, timeout};
use tokio_util::sync::CancellationToken;

use crate::migrate::NO_DATABASE;
use crate::settings::Settings;
use crate::smoke::{self, Expected};
use crate::store::{Record, StoreError};
use crate::{schema, service};

/// How long all checks of a hook may take. CodeDeploy would wait an hour.
const LIMIT: Duration = Duration::from_secs(120);

/// One of CodeDeploy's lifecycle events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Subcommand)]
pub(crate) enum Hook {
    /// Before the new version starts: the settings are sound, the database answers
    BeforeInstall,
    /// The new version is there: it starts in this process and answers every route
    AfterInstall,
    /// Test traffic goes to the new version: it answers at TEST_URL
    AfterTestTraffic,
    /// Before everybody's traffic goes to it: the schema is migrated and holds what it should
    BeforeTraffic,
    /// Everybody's traffic goes to it: it answers at SERVICE_URL
    AfterTraffic,
}

/// Why a deployment must not go on.
#[derive(Debug, thiserror::Error)]
pub(crate) enum HookError {
    #[error("{hook} failed at its check `{check}`: {why}")]
    Failed { hook: &'static str, check: &'static str, why: String },
    #[error("{hook} was not done within {} s and was given up; its last line says how far it came", LIMIT.as_secs())]
    Late { hook: &'static str },
}

/// How a check ended that did not fail.
enum Outcome {
    Passed(String),
    Skipped(String),
}

/// Why a check failed, in a sentence.
type Checked = Result<Outcome, String>;

/// Makes every check of `hook`.
///
/// # Errors
/// When one fails, or all take too long.
pub(crate) async fn run(settings: Settings, hook: Hook) -> Result<(), HookError> {
    logs::start(settings.log_level);
    let (began, name) = (Instant::now(), hook.name());
    let checked = timeout(LIMIT, hook.check(&settings)).await;
    let (check, why) = match checked {
        Ok(Ok(())) => {
            let milliseconds = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
            tracing::info!(hook = name, milliseconds, "the deployment may go on");
            return Ok(());
        }
        Ok(Err(failed)) => failed,
        Err(_) => return Err(HookError::Late { hook: name }),
    };
    Err(HookError::Failed { hook: name, check, why })
}

impl Hook {
    fn name(self) -> &'static str {
        match self {
            Self::BeforeInstall => "before-install",
            Self::AfterInstall => "after-install",
            Self::AfterTestTraffic => "after-test-traffic",
            Self::BeforeTraffic => "before-traffic",
            Self::AfterTraffic => "after-traffic",
        }
    }

    async fn check(self, settings: &Settings) -> Result<(), (&'static str, String)> {
        let deployment = &settings.deployment;
        let tell = |check, outcome| self.tell(check, outcome);
        match self {
            Self::BeforeInstall => {
                // Settings that are not sound have ended the program before it came here.
                let passed = Outcome::Passed(format!("sound, for the environment {}", settings.environment));
                tell("settings", Ok(passed))?;
                tell("database", database(settings).await)
            }
            Self::AfterInstall => tell("routes", routes(settings).await),
            Self::AfterTestTraffic => {
                tell("test traffic", traffic("TEST_URL", deployment.test_url.as_ref()).await)
            }
            Self::BeforeTraffic => {
                tell("schema", migrated(settings).await)?;
                tell("record", self.record(settings).await)
            }
            Self::AfterTraffic => {
                tell("traffic", traffic("SERVICE_URL", deployment.service_url.as_ref()).await)?;
                tell("record", self.record(settings).await)
            }
        }
    }

    /// One line per check.
    fn tell(self, check: &'static str, outcome: Checked) -> Result<(), (&'static str, String)> {
        let hook = self.name();
        match outcome {
            Ok(Outcome::Passed(why)) => tracing::info!(hook, check, why, "passed"),
            Ok(Outcome::Skipped(why)) => tracing::warn!(hook, check, why, "skipped"),
            Err(why) => {
                tracing::error!(hook, check, why, "failed");
                return Err((check, why));
            }
        }
        Ok(())
    }

    async fn record(self, settings: &Settings) -> Checked {
        let Some(store) = &settings.store else { return Ok(Outcome::Skipped(NO_DATABASE.to_owned())) };
        let record = Record {
            deployment: settings.deployment.id.clone(),
            event: self.name().to_owned(),
            environment: settings.environment.clone(),
            release: option_env!("SOURCE_COMMIT").unwrap_or("unknown").to_owned(),
        };
        match store.record(record).await.map_err(|error| error.to_string())? {
            1 => Ok(Outcome::Passed(format!("the table of deployments holds `{}`", settings.deployment.id))),
            found => Err(format!("the table of deployments holds it {found} times in place of once")),
        }
    }
}

async fn database(settings: &Settings) -> Checked {
    let Some(store) = &settings.store else {
        let why = "there is no database: neither DATABASE_URL nor DB_PATH is set";
        return Ok(Outcome::Skipped(why.to_owned()));
    };
    let schema = store.schema().await.map_err(|error| error.to_string())?;
    schema.missing().map(drop).map_err(|newer| newer.to_string())?;
    Ok(Outcome::Passed(format!("{} answers, with schema version {}", store.kind(), schema.version)))
}

async fn migrated(settings: &Settings) -> Checked {
    let Some(store) = &settings.store else { return Ok(Outcome::Skipped(NO_DATABASE.to_owned())) };
    let told = |error: StoreError| error.to_string();
    store.migrate().await.map_err(told)?;
    match store.schema().await.map_err(told)?.version {
        version if version >= schema::known() => Ok(Outcome::Passed(format!("version {version}"))),
        version => Err(format!("it has version {version} after its migration to {}", schema::known())),
    }
}

async fn routes(settings: &Settings) -> Checked {
    routes_as(settings, &smoke::service(&settings.environment)).await
}

/// The service in this process, on a free port of the loopback.
async fn routes_as(settings: &Settings, expected: &[Expected]) -> Checked {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let listening = server::Settings { address, ..settings.server.clone() };
    let server = Server::listen(&listening).await.map_err(|error| error.to_string())?;
    let base = Uri::try_from(format!("http://{}", server.address())).map_err(|error| error.to_string())?;
    let stop = CancellationToken::new();
    let serving = tokio::spawn(server.serve(service::app(settings, Telemetry::default()), stop.clone()));
    let asked = answers(&base, expected, Duration::ZERO).await;
    stop.cancel();
    serving.await.map_err(|error| error.to_string())?;
    asked
}

/// The service behind its balancer.
async fn traffic(variable: &str, base: Option<&Uri>) -> Checked {
    let Some(base) = base else {
        return Ok(Outcome::Skipped(format!("{variable} is not set, so nobody was asked over the network")));
    };
    let asked = answers(base, &smoke::api(), smoke::PATIENCE).await;
    asked.map_err(|why| format!("{why}; look into the log of the new version, and check {variable}"))
}

async fn answers(base: &Uri, expected: &[Expected], patience: Duration) -> Checked {
    smoke::ask(base, expected, patience).await.map_err(|unexpected| unexpected.to_string())?;
    Ok(Outcome::Passed(format!("{base} answers {} requests as it should", expected.len())))
}

#[cfg(test)]
mod tests {
    use kit::Environment;

    use super::*;

    fn settings(environment: &str) -> Settings {
        Settings::read(Environment::of_pairs(&[("ENVIRONMENT", environment)])).unwrap()
    }

    #[tokio::test]
    async fn a_service_that_starts_and_answers_otherwise_is_told() {
        let told = routes_as(&settings("dev"), &smoke::service("prod")).await.err().unwrap();
        let (url, rest) = told.split_once("/ was answered with 200 ").unwrap();
        assert!(url.starts_with("GET http://127.0.0.1:"), "{told}");
        assert!(rest.contains(r#""environment":"dev"} in place of 200 "#), "{told}");
        assert!(rest.ends_with(r#""environment":"prod"}"#), "{told}");
    }
}
