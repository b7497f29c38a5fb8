//! What must survive a crash of `up`: the processes it started, and the ports a client may still know.
//!
//! One page of JSON, `.taxiway/state.json`, replaced whole: temporary file, fsync, rename. No secret is in it.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::process::StopSignal;
use crate::processes::{self, Identity};
use crate::project::ProjectError;

/// The form of the file this version writes and reads.
const VERSION: u32 = 1;

/// What one run leaves for the next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct State {
    version: u32,
    /// The start of the machine in which process ids and start times mean something.
    boot: String,
    /// Ports of the last run, taken again where they are free.
    pub(crate) ports: KnownPorts,
    /// Parameter or secret name → fingerprint of the value the manifest had for it.
    #[serde(default)]
    pub(crate) fingerprints: BTreeMap<String, String>,
    /// Replica name → its process.
    pub(crate) processes: BTreeMap<String, Started>,
}

/// Ports that clients may still know.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct KnownPorts {
    pub(crate) cloud: Option<u16>,
    /// Service name → its internal listener's port.
    pub(crate) internal: BTreeMap<String, u16>,
    /// Database → the port its program listens on.
    #[serde(default)]
    pub(crate) databases: BTreeMap<String, u16>,
}

/// A process that was started: the leader of its own process group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Started {
    pub(crate) identity: Identity,
    /// From the stop signal to SIGKILL, in milliseconds.
    pub(crate) stop_timeout_ms: u64,
    /// What asks it to end.
    #[serde(default)]
    pub(crate) stop_signal: StopSignal,
}

/// Why the state of an earlier run cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StateError {
    /// It is not what any version wrote.
    #[error(
        "{path} is damaged ({reason}), so processes of an earlier run may still be there; \
         `taxiway down` ends them and sets the file aside, then `taxiway up` works again"
    )]
    Damaged {
        /// Its path.
        path: String,
        /// What is wrong with it.
        reason: String,
    },
    /// It cannot be read.
    #[error("cannot read {path}: {source}")]
    Read {
        /// Its path.
        path: String,
        /// The system's answer.
        source: io::Error,
    },
}

impl State {
    /// The state of a project nothing ever ran in.
    pub(crate) fn empty() -> Self {
        Self {
            version: VERSION,
            boot: processes::boot(),
            ports: KnownPorts::default(),
            fingerprints: BTreeMap::new(),
            processes: BTreeMap::new(),
        }
    }

    /// The state an earlier run left, or an empty one where none did.
    ///
    /// Processes of before the machine's last start are dropped: they are gone.
    pub(crate) fn load(path: &Path) -> Result<Self, StateError> {
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::empty()),
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                return Err(damaged(path, "not text"));
            }
            Err(source) => return Err(StateError::Read { path: path.display().to_string(), source }),
        };
        let mut state: Self = serde_json::from_str(&text).map_err(|error| damaged(path, error))?;
        if state.version != VERSION {
            return Err(damaged(path, format!("version {}, this Taxiway knows {VERSION}", state.version)));
        }
        if state.boot != processes::boot() {
            state.processes.clear();
            state.boot = processes::boot();
        }
        Ok(state)
    }

    /// Replaces what is on the disk; after a crash at any moment the old or the new state is there.
    pub(crate) fn save(&self, path: &Path) -> Result<(), ProjectError> {
        let temporary = path.with_extension("json.new");
        let write = || -> io::Result<()> {
            let mut file = File::create(&temporary)?;
            file.write_all(&serde_json::to_vec_pretty(self)?)?;
            file.sync_all()?;
            fs::rename(&temporary, path)
        };
        write().map_err(|source| ProjectError::write(path, source))
    }
}

impl Started {
    /// From the stop signal to SIGKILL.
    pub(crate) fn stop_timeout(self) -> Duration {
        Duration::from_millis(self.stop_timeout_ms)
    }
}

/// Moves a damaged state out of the way, for a person who wants to look at it.
pub(crate) fn set_aside(path: &Path) -> Result<PathBuf, ProjectError> {
    let aside = path.with_extension("json.damaged");
    fs::rename(path, &aside).map_err(|source| ProjectError::write(&aside, source))?;
    Ok(aside)
}

fn damaged(path: &Path, reason: impl ToString) -> StateError {
    StateError::Damaged { path: path.display().to_string(), reason: reason.to_string() }
}

#[cfg(test)]
mod tests {
    use super::{Started, State, StateError, set_aside};
    use crate::process::StopSignal;
    use crate::processes::Identity;

    fn with_one_process() -> State {
        let mut state = State::empty();
        let identity = Identity { pid: 7, start_time: 8 };
        state.processes.insert(
            "api-1".to_owned(),
            Started { identity, stop_timeout_ms: 10, stop_signal: StopSignal::Int },
        );
        state
    }

    #[test]
    fn what_is_saved_is_loaded() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state.json");
        assert_eq!(State::load(&path).unwrap(), State::empty());
        with_one_process().save(&path).unwrap();
        assert_eq!(State::load(&path).unwrap(), with_one_process());
    }

    #[test]
    fn processes_of_before_a_reboot_are_dropped() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state.json");
        State { boot: "another".to_owned(), ..with_one_process() }.save(&path).unwrap();
        assert_eq!(State::load(&path).unwrap(), State::empty());
    }

    #[test]
    fn a_damaged_state_is_an_error_until_it_is_set_aside() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state.json");
        for text in [&b"{\"version\":1,"[..], b"", b"\xff\xfe", b"{\"version\":99}", b"[]"] {
            std::fs::write(&path, text).unwrap();
            assert!(matches!(State::load(&path), Err(StateError::Damaged { .. })), "{text:?}");
        }
        set_aside(&path).unwrap();
        assert_eq!(State::load(&path).unwrap(), State::empty());
    }

    #[test]
    fn a_state_that_cannot_be_written_names_its_path() {
        let folder = tempfile::tempdir().unwrap();
        let error = State::empty().save(&folder.path().join("none/state.json")).unwrap_err();
        assert!(error.to_string().contains("none/state.json"), "{error}");
    }
}
