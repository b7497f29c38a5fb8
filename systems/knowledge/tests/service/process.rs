//! The `knowledge` binary as a child process.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::process::{ExitStatus, Output, Stdio};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, ChildStdout, Command};
use tokio::sync::mpsc;

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
    pub(crate) async fn serve(&self) -> (Knowledge, SocketAddr) {
        Knowledge::serve(&self.environment()).await
    }
}

/// A running service.
pub(crate) struct Knowledge {
    child: Child,
    log: mpsc::UnboundedReceiver<String>,
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

impl Knowledge {
    /// Starts the service; its log is this test's to read.
    pub(crate) fn start(environment: &BTreeMap<String, String>) -> Self {
        let mut child = command(environment).stdout(Stdio::piped()).spawn().expect("the binary starts");
        let log = follow(child.stdout.take().expect("a pipe"));
        Self { child, log }
    }

    /// Starts the service and waits for its address.
    pub(crate) async fn serve(environment: &BTreeMap<String, String>) -> (Self, SocketAddr) {
        let mut service = Self::start(environment);
        let line = service.logged("listening").await;
        (service, line["address"].as_str().expect("an address").parse().expect("an address"))
    }

    /// The next log line with this message.
    pub(crate) async fn logged(&mut self, message: &str) -> serde_json::Value {
        let found = async {
            while let Some(line) = self.log.recv().await {
                let line: serde_json::Value = serde_json::from_str(&line).expect("a JSON line");
                if line["message"] == message {
                    return line;
                }
            }
            panic!("the log ended without {message:?}")
        };
        tokio::time::timeout(crate::PATIENCE, found)
            .await
            .unwrap_or_else(|_| panic!("{message:?} was never logged"))
    }

    /// Sends a signal.
    pub(crate) fn signal(&self, signal: Signal) {
        let pid = self.child.id().and_then(|id| Pid::from_raw(id.cast_signed())).expect("a running child");
        kill_process(pid, signal).expect("a signal");
    }

    /// SIGKILL.
    pub(crate) async fn kill(mut self) {
        self.signal(Signal::KILL);
        self.child.wait().await.expect("an exit status");
    }

    /// Waits for the end.
    pub(crate) async fn ended(&mut self) -> ExitStatus {
        tokio::time::timeout(crate::PATIENCE, self.child.wait())
            .await
            .expect("an end in time")
            .expect("an exit status")
    }
}

/// Reads the log on, also when the test does not look, so that the child never waits for a reader.
fn follow(out: ChildStdout) -> mpsc::UnboundedReceiver<String> {
    let (sender, lines) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        let mut out = BufReader::new(out).lines();
        while let Ok(Some(line)) = out.next_line().await {
            let _ = sender.send(line);
        }
    });
    lines
}
