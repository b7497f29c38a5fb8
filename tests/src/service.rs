//! The binary of a service as a child of an asynchronous test, whose log is the test's to read.

use std::net::SocketAddr;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, ChildStdout, Command};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, timeout};

/// A running service that logs JSON to standard output, gone with the value.
pub struct Service {
    child: Child,
    log: mpsc::UnboundedReceiver<String>,
    patience: Duration,
}

impl Service {
    /// Starts it. Each wait for it fails after `patience`.
    ///
    /// # Panics
    /// When the program cannot be started.
    #[must_use]
    pub fn start(command: &mut Command, patience: Duration) -> Self {
        let command = command.stdout(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn().expect("the binary starts");
        let log = follow(child.stdout.take().expect("a pipe"));
        Self { child, log, patience }
    }

    /// Where it listens, as soon as it says so.
    ///
    /// # Panics
    /// When it does not.
    pub async fn address(&mut self) -> SocketAddr {
        let line = self.logged("listening").await;
        line["address"].as_str().and_then(|address| address.parse().ok()).expect("an address")
    }

    /// The next log line with this message.
    ///
    /// # Panics
    /// When there is none in time, or a line before it is no JSON.
    pub async fn logged(&mut self, message: &str) -> Value {
        let found = async {
            while let Some(line) = self.log.recv().await {
                let line: Value = serde_json::from_str(&line).expect("a JSON line");
                if line["message"] == message {
                    return line;
                }
            }
            panic!("the log ended without {message:?}")
        };
        timeout(self.patience, found).await.unwrap_or_else(|_| panic!("{message:?} was never logged"))
    }

    /// Sends a signal.
    ///
    /// # Panics
    /// When it has ended already.
    pub fn signal(&self, signal: Signal) {
        let pid = self.child.id().and_then(|id| Pid::from_raw(id.cast_signed())).expect("a running child");
        kill_process(pid, signal).expect("a signal");
    }

    /// SIGKILL.
    ///
    /// # Panics
    /// When it has ended already.
    pub async fn kill(&mut self) {
        self.signal(Signal::KILL);
        self.child.wait().await.expect("an exit status");
    }

    /// Waits for its end.
    ///
    /// # Panics
    /// When it does not end in time.
    pub async fn ended(&mut self) -> ExitStatus {
        timeout(self.patience, self.child.wait()).await.expect("an end in time").expect("an exit status")
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

/// Waits until a condition gives a value, and lets the runtime's other tasks go on.
///
/// # Panics
/// When it has not after `limit`; the message says what was waited for.
pub async fn eventually<T>(limit: Duration, what: &str, mut condition: impl AsyncFnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + limit;
    loop {
        if let Some(value) = condition().await {
            return value;
        }
        assert!(Instant::now() < deadline, "after {limit:?} still waiting for {what}");
        sleep(Duration::from_millis(20)).await;
    }
}
