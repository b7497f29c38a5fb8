//! The `ingest` binary as a child process.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};

use rustix::process::{Pid, Signal, kill_process};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, ChildStdout, Command};
use tokio::sync::mpsc;

/// A running role.
pub(crate) struct Ingest {
    child: Child,
    log: mpsc::UnboundedReceiver<String>,
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
    /// Starts a role; its log is this test's to read.
    pub(crate) fn start(role: &str, environment: &BTreeMap<String, String>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let heartbeat = folder.path().join("beat");
        let mut command = command(environment);
        command.arg(role).env("HEARTBEAT_FILE", &heartbeat).env("HOST", "127.0.0.1").env("PORT", "0");
        let mut child = command.stdout(Stdio::piped()).spawn().expect("the binary starts");
        let log = follow(child.stdout.take().expect("a pipe"));
        Self { child, log, _folder: folder, heartbeat }
    }

    /// Starts the API and waits for its address.
    pub(crate) async fn api(environment: &BTreeMap<String, String>) -> (Self, SocketAddr) {
        let mut api = Self::start("api", environment);
        let line = api.logged("listening").await;
        (api, line["address"].as_str().expect("an address").parse().expect("an address"))
    }

    /// Starts a worker and waits until it works.
    pub(crate) async fn worker(environment: &BTreeMap<String, String>) -> Self {
        let mut worker = Self::start("worker", environment);
        worker.logged("working").await;
        worker
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

    /// SIGTERM.
    pub(crate) fn terminate(&self) {
        self.signal(Signal::TERM);
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

    fn signal(&self, signal: Signal) {
        let pid = self.child.id().and_then(|id| Pid::from_raw(id.cast_signed())).expect("a running child");
        kill_process(pid, signal).expect("a signal");
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
