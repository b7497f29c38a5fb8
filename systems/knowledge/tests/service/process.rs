//! The `knowledge` binary as a child process.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::process::{Output, Stdio};

use harness::service::Service;
use tempfile::TempDir;
use tokio::process::Command;

use crate::PATIENCE;
use crate::postgres::Postgres;

/// Keys of most tests.
const KEYS: &str = r#"{"key_admin":["t1","t2"],"key_t1":["t1"]}"#;

/// Where a service keeps its documents.
pub(crate) enum Store {
    Sqlite(TempDir),
    Postgres(Postgres),
}

impl Store {
    /// An empty file.
    pub(crate) fn sqlite() -> Self {
        Self::Sqlite(tempfile::tempdir().expect("a folder"))
    }

    /// Each store that can be had here.
    pub(crate) async fn all() -> Vec<Self> {
        let mut all = vec![Self::sqlite()];
        all.extend(Postgres::start().await.map(Self::Postgres));
        all
    }

    /// The settings of a service on it.
    pub(crate) fn environment(&self) -> BTreeMap<String, String> {
        let (name, value) = match self {
            Self::Sqlite(folder) => ("DB_PATH", folder.path().join("data/app.db").display().to_string()),
            Self::Postgres(server) => ("DATABASE_URL", server.url()),
        };
        let pairs = [("API_KEYS_JSON", KEYS), ("HOST", "127.0.0.1"), ("PORT", "0"), (name, value.as_str())];
        pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).into()
    }

    /// The settings of a service on it, and these.
    pub(crate) fn environment_and(&self, more: &[(&str, &str)]) -> BTreeMap<String, String> {
        let mut environment = self.environment();
        environment.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        environment
    }

    /// A running service on it.
    pub(crate) async fn serve(&self) -> (Service, SocketAddr) {
        serve(&self.environment()).await
    }
}

/// The binary with exactly this environment.
pub(crate) fn command(environment: &BTreeMap<String, String>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_knowledge"));
    command.env_clear().envs(environment).current_dir(std::env::temp_dir()).kill_on_drop(true);
    command
}

/// The binary with these arguments, to its end.
pub(crate) async fn run(environment: &BTreeMap<String, String>, arguments: &[&str]) -> Output {
    command(environment).args(arguments).stdin(Stdio::null()).output().await.expect("the binary runs")
}

/// Starts the service and waits for its address.
pub(crate) async fn serve(environment: &BTreeMap<String, String>) -> (Service, SocketAddr) {
    let mut service = Service::start(&mut command(environment), PATIENCE);
    let address = service.address().await;
    (service, address)
}
