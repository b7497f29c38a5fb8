//! Processes of an earlier run whose `up` was killed: found and ended before anything is started.
//!
//! Found two ways: by the state's process ids and start times (with their whole process groups), and by the marker
//! variable in the environment that every process of the project inherits, so that grandchildren which left their
//! group are found too.

use std::collections::BTreeSet;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tokio::time::{Instant, sleep};

use crate::processes::{self, Identity, Seen};
use crate::project::Project;
use crate::state::State;

/// The variable that tells a project's processes from all others.
pub(crate) const MARKER: &str = "TAXIWAY_PROJECT";

/// Time after SIGTERM where no state says how long, and the most in any case.
const GRACE: Duration = Duration::from_secs(5);
const LONGEST_GRACE: Duration = Duration::from_secs(30);
/// Time after SIGKILL: a process that is still there then hangs in the kernel.
const KILL_TIME: Duration = Duration::from_secs(5);
const POLL: Duration = Duration::from_millis(10);

/// Processes that nothing ends.
#[derive(Debug, thiserror::Error)]
#[error(
    "these processes of an earlier run do not end, not even by SIGKILL: {pids}; look at them with `ps`, then try again"
)]
pub struct Unkillable {
    /// Their ids.
    pids: String,
}

/// Ends every process an earlier run left: its stop signal, its stop timeout, SIGKILL. Returns how many there were.
///
/// `state` is `None` where it is damaged; then the marker alone finds them.
pub(crate) async fn end(project: &Project, state: Option<&State>) -> Result<usize, Unkillable> {
    let found = find(project, state);
    if found.is_empty() {
        return Ok(0);
    }
    for identity in &found {
        signal(*identity, stop_signal(state, *identity));
    }
    wait(&found, grace(state)).await;
    kill_rest(project, state).await?;
    Ok(found.len())
}

/// Ends at once whatever is left of this project.
pub(crate) async fn kill_rest(project: &Project, state: Option<&State>) -> Result<(), Unkillable> {
    let deadline = Instant::now() + KILL_TIME;
    loop {
        // Looked up anew each time: what is being killed may fork.
        let left = find(project, state);
        if left.is_empty() {
            return Ok(());
        }
        if Instant::now() >= deadline {
            let pids: Vec<String> = left.iter().map(|identity| identity.pid.to_string()).collect();
            return Err(Unkillable { pids: pids.join(", ") });
        }
        left.iter().for_each(|identity| signal(*identity, Signal::KILL));
        sleep(POLL).await;
    }
}

fn grace(state: Option<&State>) -> Duration {
    let asked =
        state.into_iter().flat_map(|state| state.processes.values()).map(|started| started.stop_timeout());
    asked.max().unwrap_or(GRACE).min(LONGEST_GRACE)
}

fn find(project: &Project, state: Option<&State>) -> BTreeSet<Identity> {
    let marker = format!("{MARKER}={}", project.marker());
    let seen = processes::all();
    let groups = groups_of(state, &seen);
    let spared = this_and_its_parents();
    let is_ours =
        |seen: &Seen| groups.contains(&seen.group) || processes::was_started_with(seen.identity.pid, &marker);
    let candidates = seen.iter().filter(|seen| !seen.is_zombie && !spared.contains(&seen.identity.pid));
    candidates.filter(|seen| is_ours(seen)).map(|seen| seen.identity).collect()
}

// A group's id is its leader's. It counts only while exactly the leader we started is still there.
fn groups_of(state: Option<&State>, seen: &[Seen]) -> BTreeSet<u32> {
    let started: BTreeSet<Identity> = state
        .into_iter()
        .flat_map(|state| state.processes.values())
        .map(|started| started.identity)
        .collect();
    seen.iter().filter(|seen| started.contains(&seen.identity)).map(|seen| seen.identity.pid).collect()
}

// `taxiway down` may be typed in a shell that a service of the project started.
fn this_and_its_parents() -> BTreeSet<u32> {
    let parent = |pid: &u32| processes::see(*pid).map(|seen| seen.parent).filter(|parent| *parent > 0);
    std::iter::successors(Some(std::process::id()), parent).take(64).collect()
}

// What asks it to end, where it is one that was started; SIGTERM for what those started.
fn stop_signal(state: Option<&State>, identity: Identity) -> Signal {
    let mut started = state.into_iter().flat_map(|state| state.processes.values());
    started
        .find(|started| started.identity == identity)
        .map_or(Signal::TERM, |found| found.stop_signal.into())
}

fn signal(identity: Identity, signal: Signal) {
    let pid = i32::try_from(identity.pid).ok().filter(|_| identity.is_alive()).and_then(Pid::from_raw);
    // Gone meanwhile is what is wanted; what may not be signalled is reported when it does not end.
    let _gone = pid.map(|pid| kill_process(pid, signal));
}

async fn wait(found: &BTreeSet<Identity>, grace: Duration) {
    let deadline = Instant::now() + grace;
    while Instant::now() < deadline && found.iter().any(|identity| identity.is_alive()) {
        sleep(POLL).await;
    }
}
