//! Processes of a test: found, ended, and waited for.

use std::path::Path;

use tokio::time::{Instant, sleep};

use super::{DEADLINE, POLL};

/// Whether a process runs (a zombie does not).
pub(crate) fn is_alive(pid: u32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit_once(')')
        .is_some_and(|(_, rest)| !matches!(rest.trim_start().chars().next(), Some('Z' | 'X')))
}

/// Waits until a process is gone.
pub(crate) async fn gone(pid: u32) {
    eventually(&format!("process {pid} gone"), || !is_alive(pid)).await;
}

/// Waits until `is_it` holds.
pub(crate) async fn eventually(what: &str, is_it: impl Fn() -> bool) {
    let deadline = Instant::now() + DEADLINE;
    while !is_it() {
        assert!(Instant::now() < deadline, "never {what}");
        sleep(POLL).await;
    }
}

/// Waits for a process id that a script wrote into a file.
pub(crate) async fn pid_in(file: &Path) -> u32 {
    let read = || std::fs::read_to_string(file).ok().and_then(|text| text.trim().parse().ok());
    eventually(&format!("pid in {}", file.display()), || read().is_some()).await;
    read().unwrap()
}

pub(crate) fn kill(pid: u32) {
    let pid = rustix::process::Pid::from_raw(i32::try_from(pid).unwrap()).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
}
