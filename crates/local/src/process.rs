//! One process we started: the leader of its own process group, ended as a group.

use std::fmt;
use std::io;
use std::os::unix::process::ExitStatusExt as _;
use std::process::ExitStatus;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use serde::{Deserialize, Serialize};
use tokio::process::Child;
use tokio::time::timeout;

/// A process that runs.
#[derive(Debug)]
pub(crate) struct Process {
    child: Child,
    group: Option<Pid>,
    stop_signal: StopSignal,
    /// Its process id, and that of its group.
    pub(crate) pid: u32,
}

/// What asks a process to end in good order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum StopSignal {
    /// SIGTERM, as everywhere.
    #[default]
    Term,
    /// SIGINT: what PostgreSQL takes for an end that waits for no client (postgres(1)).
    Int,
}

/// How a process ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// By itself, with this code.
    Code(i32),
    /// By this signal.
    Signal(i32),
    /// Nobody knows: waiting for it failed.
    Unknown,
}

impl Process {
    /// Takes over a child that leads its own process group.
    pub(crate) fn new(child: Child, stop_signal: StopSignal) -> Self {
        let pid = child.id().unwrap_or_default();
        Self { child, group: i32::try_from(pid).ok().and_then(Pid::from_raw), stop_signal, pid }
    }

    /// Waits for its end, then ends what is left of its group, as a container's end does. May be cancelled.
    pub(crate) async fn wait(&mut self) -> Outcome {
        let outcome = Outcome::from(self.child.wait().await);
        self.signal(Signal::KILL);
        outcome
    }

    /// Its stop signal to the group; SIGKILL when `stop_timeout` passes.
    pub(crate) async fn stop(&mut self, stop_timeout: Duration) -> Outcome {
        self.signal(self.stop_signal.into());
        match timeout(stop_timeout, self.wait()).await {
            Ok(outcome) => outcome,
            Err(_) => self.kill().await,
        }
    }

    /// SIGKILL to the group.
    pub(crate) async fn kill(&mut self) -> Outcome {
        self.signal(Signal::KILL);
        self.wait().await
    }

    // A group that is gone is what is wanted.
    fn signal(&self, signal: Signal) {
        let _gone = self.group.map(|group| kill_process_group(group, signal));
    }
}

impl Drop for Process {
    // Whoever forgets a process must not leave it running.
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            self.signal(Signal::KILL);
        }
    }
}

impl From<StopSignal> for Signal {
    fn from(stop: StopSignal) -> Self {
        match stop {
            StopSignal::Term => Self::TERM,
            StopSignal::Int => Self::INT,
        }
    }
}

impl From<io::Result<ExitStatus>> for Outcome {
    fn from(waited: io::Result<ExitStatus>) -> Self {
        let Ok(status) = waited else { return Self::Unknown };
        let code = status.code().map(Self::Code);
        code.or_else(|| status.signal().map(Self::Signal)).unwrap_or(Self::Unknown)
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(code) => write!(f, "exit code {code}"),
            Self::Signal(number) => match signal_name(*number) {
                Some(name) => write!(f, "signal {name}"),
                None => write!(f, "signal {number}"),
            },
            Self::Unknown => f.write_str("an unknown outcome"),
        }
    }
}

// Numbers of signal(7) that are the same on x86 and ARM.
fn signal_name(number: i32) -> Option<&'static str> {
    Some(match number {
        1 => "SIGHUP",
        2 => "SIGINT",
        3 => "SIGQUIT",
        4 => "SIGILL",
        6 => "SIGABRT",
        8 => "SIGFPE",
        9 => "SIGKILL",
        11 => "SIGSEGV",
        13 => "SIGPIPE",
        15 => "SIGTERM",
        _ => return None,
    })
}
