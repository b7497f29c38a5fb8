//! The `ingest` binary as a child process.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::ops::{Deref, DerefMut};
use std::path::PathBuf;

use harness::service::Service;
use rustix::process::Signal;
use tokio::process::Command;

use crate::PATIENCE;

/// A running role, with a heartbeat file of its own.
pub(crate) struct Ingest {
    service: Service,
    _folder: tempfile::TempDir,
    pub(crate) heartbeat: PathBuf,
}

/// The binary with exactly this environment.
pub(crate) fn command(environment: &BTreeMap<String, String>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ingest"));
    command.env_clear().envs(environment).kill_on_drop(true);
    command
}

impl Ingest {
    fn start(role: &str, environment: &BTreeMap<String, String>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let heartbeat = folder.path().join("beat");
        let mut command = command(environment);
        command.arg(role).env("HEARTBEAT_FILE", &heartbeat).env("HOST", "127.0.0.1").env("PORT", "0");
        Self { service: Service::start(&mut command, PATIENCE), _folder: folder, heartbeat }
    }

    /// Starts the API and waits for its address.
    pub(crate) async fn api(environment: &BTreeMap<String, String>) -> (Self, SocketAddr) {
        let mut api = Self::start("api", environment);
        let address = api.address().await;
        (api, address)
    }

    /// Starts a worker and waits until it works.
    pub(crate) async fn worker(environment: &BTreeMap<String, String>) -> Self {
        let mut worker = Self::start("worker", environment);
        worker.logged("working").await;
        worker
    }

    /// SIGTERM.
    pub(crate) fn terminate(&self) {
        self.signal(Signal::TERM);
    }
}

impl Deref for Ingest {
    type Target = Service;

    fn deref(&self) -> &Service {
        &self.service
    }
}

impl DerefMut for Ingest {
    fn deref_mut(&mut self) -> &mut Service {
        &mut self.service
    }
}
