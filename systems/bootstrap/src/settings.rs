//! What the environment says, judged all at once.

use axum::http::Uri;
use kit::postgres::Address;
use kit::{Environment, InvalidSettings, logs, server, telemetry};

use crate::store::Store;

/// Everything the program needs to know.
#[derive(Debug)]
pub(crate) struct Settings {
    /// Where it runs: `development`, `dev`, `test`, `prod`.
    pub(crate) environment: String,
    /// The database, where there is one.
    pub(crate) store: Option<Store>,
    /// What a deployment's hooks know of it.
    pub(crate) deployment: Deployment,
    /// Where to listen.
    pub(crate) server: server::Settings,
    /// Where traces go.
    pub(crate) telemetry: telemetry::Settings,
    /// How much is logged.
    pub(crate) log_level: logs::Level,
}

/// What a deployment's hooks know of it.
#[derive(Debug)]
pub(crate) struct Deployment {
    /// CodeDeploy's identifier.
    pub(crate) id: String,
    /// Where test traffic goes to the new version.
    pub(crate) test_url: Option<Uri>,
    /// Where everybody's traffic goes.
    pub(crate) service_url: Option<Uri>,
}

impl Settings {
    /// Reads the environment.
    ///
    /// # Errors
    /// When a variable is missing or wrong.
    pub(crate) fn read(mut environment: Environment) -> Result<Self, InvalidSettings> {
        let settings = Self {
            environment: environment.text("ENVIRONMENT", "development"),
            store: store(&mut environment),
            deployment: Deployment {
                id: environment.text("CODEDEPLOY_DEPLOYMENT_ID", "by hand"),
                test_url: url(&mut environment, "TEST_URL"),
                service_url: url(&mut environment, "SERVICE_URL"),
            },
            server: server::Settings::read(&mut environment),
            telemetry: telemetry::Settings::read(&mut environment),
            log_level: logs::Level::read(&mut environment),
        };
        environment.finish().map(|()| settings)
    }
}

/// `DATABASE_URL`, or else `DB_PATH`.
fn store(environment: &mut Environment) -> Option<Store> {
    if environment.optional("DATABASE_URL").is_some() {
        return Address::of_environment(environment).map(Store::Server);
    }
    environment.optional("DB_PATH").map(|path| Store::File(path.into()))
}

/// An address that is none is not shown: there may be a password in it.
fn url(environment: &mut Environment, name: &str) -> Option<Uri> {
    let written = environment.optional(name)?;
    let uri = written.parse::<Uri>().ok().filter(is_plain);
    if uri.is_none() {
        environment.problem(format!(
            "{name} must be a URL like https://www.example.com, without a user and without a query"
        ));
    }
    uri
}

fn is_plain(uri: &Uri) -> bool {
    let host = uri.authority().is_some_and(|authority| !authority.as_str().contains('@'));
    matches!(uri.scheme_str(), Some("http" | "https")) && host && uri.query().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(pairs: &[(&str, &str)]) -> Result<Settings, String> {
        Settings::read(Environment::of_pairs(pairs)).map_err(|problems| problems.to_string())
    }

    #[test]
    fn nothing_has_to_be_set() {
        let settings = settings(&[]).unwrap();
        assert_eq!(settings.environment, "development");
        assert!(settings.store.is_none());
        assert_eq!(settings.server.address.port(), 8000);
    }

    #[test]
    fn a_server_comes_before_a_file() {
        let both = [("DATABASE_URL", "postgres://u@db/app"), ("DB_PATH", "app.db")];
        assert!(matches!(settings(&both).unwrap().store, Some(Store::Server(_))));
        assert!(matches!(settings(&both[1..]).unwrap().store, Some(Store::File(_))));
    }

    #[test]
    fn what_is_wrong_is_told_at_once_and_without_passwords() {
        let pairs = [
            ("DATABASE_URL", "mysql://u:geheim@db/app"),
            ("TEST_URL", "http://u:geheim@host"),
            ("SERVICE_URL", "example.com"),
            ("PORT", "http"),
        ];
        let told = settings(&pairs).unwrap_err();
        assert_eq!(told.lines().count(), 4, "{told}");
        assert!(!told.contains("geheim"), "{told}");
        for name in ["DATABASE_URL", "TEST_URL", "SERVICE_URL", "PORT"] {
            assert!(told.lines().any(|line| line.starts_with(name)), "{name} is not in {told}");
        }
    }
}
