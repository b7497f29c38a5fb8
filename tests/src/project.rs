//! A project in a temporary folder, run by the built `taxiway` and stopped with it.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tempfile::TempDir;

use crate::{binary, eventually, free_port, run, succeed, workspace};

/// How long a start or a stop may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// A folder with a manifest. Dropping it stops what runs there and removes it.
pub struct Project {
    folder: TempDir,
    /// The edge's port.
    pub port: u16,
}

impl Project {
    /// A project of this manifest.
    ///
    /// # Panics
    /// When the disk does not take it.
    #[must_use]
    pub fn new(manifest: &str) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::write(folder.path().join("taxiway.yaml"), manifest).expect("room for a manifest");
        Self { folder, port: free_port() }
    }

    /// The system as it stands in `systems/NAME`, with this build's binary `NAME` and no build step.
    ///
    /// # Panics
    /// When its manifest is not there.
    #[must_use]
    pub fn system(name: &str) -> Self {
        let manifest = workspace().join("systems").join(name).join("taxiway.yaml");
        let text = std::fs::read_to_string(manifest).expect("the manifest");
        let lines = text.lines().filter(|line| !line.trim_start().starts_with("prepare:"));
        let text = lines.collect::<Vec<_>>().join("\n");
        let program = binary(name);
        Self::new(&text.replace(&format!("../../target/release/{name}"), &program.display().to_string()))
    }

    /// The ingest system.
    ///
    /// # Panics
    /// When its manifest is not there.
    #[must_use]
    pub fn ingest() -> Self {
        Self::system("ingest")
    }

    /// The folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// A file in the folder.
    #[must_use]
    pub fn file(&self, name: &str) -> PathBuf {
        self.path().join(name)
    }

    /// Where the edge listens.
    #[must_use]
    pub fn edge(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.port).into()
    }

    /// `taxiway VERB DIR`, to which arguments may be added.
    #[must_use]
    pub fn taxiway(&self, verb: &str) -> Command {
        let mut command = Command::new(binary("taxiway"));
        command.arg(verb).arg(self.path()).stdin(Stdio::null());
        command
    }

    /// `taxiway VERB VERB DIR`, for a command with verbs of its own.
    #[must_use]
    pub fn taxiway_verb(&self, verbs: &[&str]) -> Command {
        let mut command = Command::new(binary("taxiway"));
        command.args(verbs).arg(self.path()).stdin(Stdio::null());
        command
    }

    /// `taxiway up`, not started yet.
    #[must_use]
    pub fn up(&self) -> Command {
        let mut command = self.taxiway("up");
        command.args(["--port", &self.port.to_string()]);
        command
    }

    /// Starts it in the background and returns when it is healthy.
    ///
    /// # Panics
    /// When it does not become healthy.
    pub fn start(&self) -> String {
        succeed(self.up().arg("--detach"))
    }

    /// Starts it in the foreground, as a child of the test, and returns when it is healthy.
    ///
    /// # Panics
    /// When it does not become healthy.
    #[must_use]
    pub fn start_in_foreground(&self) -> Child {
        let mut command = self.up();
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("taxiway starts");
        self.wait_until_ready();
        child
    }

    /// Waits until every service has its replicas ready.
    ///
    /// # Panics
    /// When that takes too long.
    pub fn wait_until_ready(&self) {
        eventually(PATIENCE, "every replica to be ready", || {
            let status = self.status()?;
            let services = status["services"].as_object()?;
            let ready = services.values().all(|service| {
                let replicas = service["replicas"].as_array();
                replicas.is_some_and(|all| !all.is_empty() && all.iter().all(is_ready))
            });
            ready.then_some(())
        });
    }

    /// `taxiway status --json`, or `None` where nothing runs.
    #[must_use]
    pub fn status(&self) -> Option<Value> {
        let output = run(self.taxiway("status").arg("--json"));
        output.status.success().then(|| serde_json::from_slice(&output.stdout).expect("status prints JSON"))
    }

    /// Process ids of a service's replicas.
    #[must_use]
    pub fn pids(&self, service: &str) -> Vec<i32> {
        let status = self.status().unwrap_or_default();
        let replicas = status["services"][service]["replicas"].as_array().cloned().unwrap_or_default();
        replicas.iter().filter_map(|replica| i32::try_from(replica["pid"].as_i64()?).ok()).collect()
    }

    /// Process id of the `up` that owns the project.
    #[must_use]
    pub fn owner(&self) -> Option<i32> {
        i32::try_from(self.status()?["pid"].as_i64()?).ok()
    }

    /// Where the cloud of the running project listens.
    ///
    /// # Panics
    /// When nothing runs.
    #[must_use]
    pub fn cloud(&self) -> String {
        let status = self.status().expect("a running project");
        status["cloud"]["endpoint"].as_str().expect("an endpoint").to_owned()
    }

    /// Stops it.
    ///
    /// # Panics
    /// When `down` fails.
    pub fn stop(&self) {
        succeed(&mut self.taxiway("down"));
    }

    /// Every process on this machine that was started for this project.
    #[must_use]
    pub fn processes(&self) -> Vec<i32> {
        let marker = self.path().display().to_string();
        let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
        let pids = entries.filter_map(|entry| entry.file_name().to_str()?.parse::<i32>().ok());
        pids.filter(|pid| belongs(*pid, &marker)).collect()
    }
}

impl Drop for Project {
    fn drop(&mut self) {
        let _ended = run(&mut self.taxiway("down"));
    }
}

fn is_ready(replica: &Value) -> bool {
    matches!(replica["state"].as_str(), Some("healthy" | "running"))
}

fn belongs(pid: i32, marker: &str) -> bool {
    let folder = std::fs::read_link(format!("/proc/{pid}/cwd")).unwrap_or_default();
    let state = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let zombie = state.rsplit(')').next().is_some_and(|rest| rest.trim_start().starts_with('Z'));
    !zombie && folder.starts_with(marker)
}

/// Ends a process at once, as `kill -9` does.
///
/// # Panics
/// When the id is not one of a process.
pub fn kill(pid: i32) {
    let pid = Pid::from_raw(pid).expect("a process id is not zero");
    // Gone already is as good.
    let _gone = kill_process(pid, Signal::KILL);
}
